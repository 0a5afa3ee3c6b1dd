//! What is asked, in the form that a service takes.

use crate::operation::{Operation, Protocol};
use serde_json::Value;

/// Parameters of a call.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    /// Names and values.
    Form(Vec<(String, String)>),
    /// A document.
    Json(Value),
    /// A path with its query, all encoded; nothing is sent along.
    Path(String),
}

/// A call that is ready to be signed: method, path with query, content type, target, body.
pub(crate) struct Written {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Input {
    /// A form out of pairs.
    pub(crate) fn form<const N: usize>(pairs: [(&str, &str); N]) -> Self {
        Self::Form(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
    }

    /// With another pair, or another member at the top of a document.
    #[must_use]
    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        match self {
            Self::Form(mut pairs) => {
                pairs.push((name.to_owned(), value.to_owned()));
                Self::Form(pairs)
            }
            Self::Json(mut document) => {
                document[name] = value.into();
                Self::Json(document)
            }
            Self::Path(path) => {
                let mark = if path.contains('?') { '&' } else { '?' };
                Self::Path(format!("{path}{mark}{name}={}", encoded(value)))
            }
        }
    }

    /// As it goes over the wire.
    pub(crate) fn written(&self, operation: Operation) -> Written {
        match (self, operation.service.protocol()) {
            (Self::Path(path), _) => {
                let (path, headers, body) = (path.clone(), Vec::new(), String::new());
                Written { method: "GET", path, headers, body }
            }
            (Self::Json(document), Protocol::Json(version, prefix)) => posted(
                vec![
                    ("content-type", format!("application/x-amz-json-{version}")),
                    ("x-amz-target", format!("{prefix}.{}", operation.name)),
                ],
                document.to_string(),
            ),
            (Self::Json(document), _) => {
                posted(vec![("content-type", "application/json".to_owned())], document.to_string())
            }
            (Self::Form(pairs), protocol) => {
                let version = if let Protocol::Query(version) = protocol { version } else { "" };
                let mut form = form_urlencoded::Serializer::new(String::new());
                form.append_pair("Action", operation.name).append_pair("Version", version);
                form.extend_pairs(pairs);
                let kind = "application/x-www-form-urlencoded; charset=utf-8".to_owned();
                posted(vec![("content-type", kind)], form.finish())
            }
        }
    }
}

fn posted(headers: Vec<(&'static str, String)>, body: String) -> Written {
    Written { method: "POST", path: "/".to_owned(), headers, body }
}

/// A text as one part of a path or a query.
pub(crate) fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a text cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{DESCRIBE_VOLUMES, LIST_FUNCTIONS, LIST_TABLES};
    use serde_json::json;

    #[test]
    fn each_protocol_has_its_form() {
        let form = Input::form([("MaxResults", "500")]).with("NextToken", "a b&c");
        let written = form.written(DESCRIBE_VOLUMES);
        assert_eq!(
            written.body,
            "Action=DescribeVolumes&Version=2016-11-15&MaxResults=500&NextToken=a+b%26c"
        );
        let written = Input::Json(json!({"Limit": 7})).written(LIST_TABLES);
        assert_eq!(written.body, r#"{"Limit":7}"#);
        assert_eq!(written.headers[1].1, "DynamoDB_20120810.ListTables");
        let path = Input::Path("/2015-03-31/functions/".to_owned());
        let path = path.with("Marker", "a/b").with("MaxItems", "5");
        let written = path.written(LIST_FUNCTIONS);
        assert_eq!((written.method, written.body.as_str()), ("GET", ""));
        assert_eq!(written.path, "/2015-03-31/functions/?Marker=a%2Fb&MaxItems=5");
    }
}
