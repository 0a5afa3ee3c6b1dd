//! Forms as Stripe reads them: `line_items[0][price]=price_1`.

use form_urlencoded::Serializer;

/// Fields of a request, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// One more field.
    #[expect(clippy::needless_pass_by_value, reason = "numbers and references are copied anyway")]
    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    /// As a body, or as a query.
    pub(crate) fn encoded(&self) -> String {
        Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_value_holds_is_no_other_field() {
        let form = Form::new().with("line_items[0][price]", "p&q=r").with("quantity", 2_u64);
        assert_eq!(form.encoded(), "line_items%5B0%5D%5Bprice%5D=p%26q%3Dr&quantity=2");
    }
}
