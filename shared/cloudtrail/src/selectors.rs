//! Event selectors: what a trail records, as the call that puts them and the one that asks for them name
//! it. Only a trail that records what changes something makes events for the rules of `rules`.

use crate::json::Json;
use crate::loose::{Items, Loose, Wire, wire};

/// Whether a trail with these selectors records every management event that changes something. `answer` is
/// the JSON of `GetEventSelectors`; what cannot be read records nothing.
pub fn records_changes(answer: &str) -> bool {
    let Ok(json) = Json::parse(answer) else { return false };
    Selectors::read(json.root()).is_ok_and(|selectors| selectors.record_changes())
}

wire! {
    pub(crate) struct Selectors<'a> {
        "eventSelectors" | "EventSelectors" => plain: Items<Plain<'a>>,
        "advancedEventSelectors" | "AdvancedEventSelectors" => advanced: Items<Advanced<'a>>,
    }

    struct Plain<'a> {
        "readWriteType" | "ReadWriteType" => kinds: Loose<'a>,
        "includeManagementEvents" | "IncludeManagementEvents" => management: Loose<'a>,
    }

    struct Advanced<'a> {
        "fieldSelectors" | "FieldSelectors" => fields: Items<Field<'a>>,
    }

    struct Field<'a> {
        "field" | "Field" => name: Loose<'a>,
        "equals" | "Equals" => equals: Items<Loose<'a>>,
        "startsWith" | "StartsWith" => starts_with: Items<Loose<'a>>,
        "endsWith" | "EndsWith" => ends_with: Items<Loose<'a>>,
    }
}

impl Selectors<'_> {
    pub(crate) fn record_changes(&self) -> bool {
        self.plain.0.iter().any(Plain::records_changes)
            || self.advanced.0.iter().any(Advanced::records_changes)
    }
}

impl Plain<'_> {
    /// What is left out has its default: all of it.
    fn records_changes(&self) -> bool {
        self.management.flag() != Some(false) && self.kinds.text() != Some("ReadOnly")
    }
}

impl Advanced<'_> {
    fn records_changes(&self) -> bool {
        let field = |name: &str| self.fields.0.iter().find(|it| it.name.text() == Some(name));
        let management = field("eventCategory").is_some_and(|it| it.equals("Management"));
        let changes = field("readOnly").is_none_or(|it| it.equals("false"));
        // Only some services, or only some calls.
        let of_all = ["eventSource", "eventName"].into_iter().filter_map(field);
        management && changes && of_all.into_iter().all(Field::only_leaves_out)
    }
}

impl Field<'_> {
    fn equals(&self, value: &str) -> bool {
        self.equals.0.iter().any(|it| it.printed().is_some_and(|it| it == value))
    }

    fn only_leaves_out(&self) -> bool {
        [&self.equals, &self.starts_with, &self.ends_with].iter().all(|list| list.0.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::records_changes;
    use serde_json::{Value, json};

    fn recorded(selectors: &Value) -> bool {
        records_changes(&selectors.to_string())
    }

    #[test]
    fn plain_selectors_record_all_but_what_they_leave_out() {
        let plain = |selector: Value| recorded(&json!({"EventSelectors": [selector]}));
        for (kinds, management, records) in [
            ("All", true, true),
            ("WriteOnly", true, true),
            ("ReadOnly", true, false),
            ("All", false, false),
        ] {
            let selector = json!({"ReadWriteType": kinds, "IncludeManagementEvents": management});
            assert_eq!(plain(selector), records, "{kinds} {management}");
        }
        assert!(plain(json!({})), "what is left out has its default");
    }

    #[test]
    fn advanced_selectors_record_what_they_name() {
        let advanced = |fields: Value| {
            recorded(&json!({"AdvancedEventSelectors": [{"FieldSelectors": fields}]}))
        };
        let category = json!({"Field": "eventCategory", "Equals": ["Management"]});
        let only = |value: &str| json!({"Field": "readOnly", "Equals": [value]});
        let without_kms = json!({"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]});
        assert!(advanced(json!([category.clone()])));
        assert!(advanced(json!([category.clone(), only("false"), without_kms])));
        assert!(!advanced(json!([category.clone(), only("true")])));
        for part in ["Equals", "StartsWith", "EndsWith"] {
            let of_one = json!({"Field": "eventSource", part: ["s3.amazonaws.com"]});
            assert!(!advanced(json!([category.clone(), of_one])), "{part}");
        }
        assert!(!advanced(json!([{"Field": "eventCategory", "Equals": ["Data"]}])));
    }

    #[test]
    fn what_cannot_be_read_records_nothing() {
        for odd in
            ["", "[]", "{}", "null", r#"{"EventSelectors": "odd"}"#, "{\"EventSelectors\": ["]
        {
            assert!(!records_changes(odd), "{odd}");
        }
    }
}
