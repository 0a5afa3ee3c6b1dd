//! Fields of a form in Stripe's bracket notation: each is known, or the call is refused.

use crate::refusal::Refusal;
use std::collections::BTreeMap;

/// The fields of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads a body or a query. Of `known` a `*` stands for any name in brackets.
    pub(crate) fn read(text: &[u8], known: &[&str]) -> Result<Self, Refusal> {
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(text).into_owned() {
            if !known.iter().any(|known| fits(&name, known)) {
                return Err(Refusal::of("parameter_unknown", name));
            }
            if fields.insert(name.clone(), value).is_some() {
                return Err(Refusal::of("parameter_invalid", name));
            }
        }
        Ok(Self(fields))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(crate) fn needed(&self, name: &str) -> Result<&str, Refusal> {
        let value = self.get(name).filter(|value| !value.is_empty());
        value.ok_or_else(|| Refusal::of("parameter_missing", name))
    }

    pub(crate) fn number(&self, name: &str) -> Result<u64, Refusal> {
        self.needed(name)?.parse().map_err(|_| Refusal::of("parameter_invalid_integer", name))
    }

    /// An address to which a person can be sent.
    pub(crate) fn address(&self, name: &str) -> Result<String, Refusal> {
        let value = self.needed(name)?;
        let web = value.starts_with("https://") || value.starts_with("http://");
        if web { Ok(value.to_owned()) } else { Err(Refusal::of("url_invalid", name)) }
    }

    /// One of these words, where it is said at all.
    pub(crate) fn one_of(&self, name: &str, words: &[&str]) -> Result<(), Refusal> {
        match self.get(name) {
            Some(word) if !words.contains(&word) => Err(Refusal::of("parameter_invalid", name)),
            _ => Ok(()),
        }
    }

    /// What is noted under a name: `metadata[tenant]`.
    pub(crate) fn notes(&self, under: &str) -> BTreeMap<String, String> {
        let name = |key: &str| {
            key.strip_prefix(under)?.strip_prefix('[')?.strip_suffix(']').map(str::to_owned)
        };
        self.0.iter().filter_map(|(key, value)| Some((name(key)?, value.clone()))).collect()
    }
}

fn fits(name: &str, known: &str) -> bool {
    let Some((before, after)) = known.split_once('*') else { return name == known };
    let inner = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    inner.is_some_and(|inner| (1..=40).contains(&inner.len()) && !inner.contains(['[', ']']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_is_taken_and_only_once() {
        let known = ["mode", "metadata[*]", "expand[]"];
        let fields = Fields::read(b"mode=a&metadata%5Btenant%5D=acme&expand[]=x", &known).unwrap();
        assert_eq!(fields.notes("metadata")["tenant"], "acme");
        for wrong in ["moda=a", "mode=a&mode=b", "metadata=x", "metadata[]=x", "metadata[a][b]=x"] {
            assert!(Fields::read(wrong.as_bytes(), &known).is_err(), "{wrong}");
        }
    }
}
