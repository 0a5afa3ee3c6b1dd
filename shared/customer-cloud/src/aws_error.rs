//! Why AWS did not do what was asked. Of its texts only the code is kept: the rest holds names of
//! roles and accounts.

use crate::node::Node;
use crate::operation::{ASSUME_ROLE, Operation};
use pipeline::error::Failure;
use serde_json::Value;
use std::time::Duration;

/// When to come again after AWS asked to slow down.
const SLOW_DOWN: Duration = Duration::from_secs(30);
/// Characters of a code that are kept.
const SHOWN: usize = 64;

/// Why a call gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AwsError {
    /// Who called may not; AWS's code.
    Denied(String),
    /// Too many calls.
    Throttled,
    /// AWS cannot be reached, has a fault, or answers what cannot be read.
    Busy(String),
    /// The credentials are no longer good; AWS's code.
    Stale(String),
    /// Anything else that AWS says no to; its code.
    Refused(String),
    /// There is more than can be looked at.
    TooMany,
    /// The account failed too often, and rests for so long.
    Resting(Duration),
    /// Whoever asked has no more time.
    BrokenOff,
}

impl AwsError {
    /// From an answer that is no success.
    pub(crate) fn of(status: u16, kind: Option<&str>, body: &str) -> Self {
        let code = shown(&code_of(kind, body));
        if status == 429 || is_throttling(&code) {
            return Self::Throttled;
        }
        if is_denial(&code) {
            return Self::Denied(code);
        }
        if is_stale(&code) {
            return Self::Stale(code);
        }
        match status {
            500.. | 408 => Self::Busy(format!("it answers {status}")),
            _ if code.is_empty() => Self::Busy(format!("it answers {status} and no reason")),
            _ => Self::Refused(code),
        }
    }

    /// In words, without a name of anybody's.
    pub(crate) fn why(&self, operation: Operation) -> String {
        let action = operation.action();
        match self {
            Self::Denied(_) if operation == ASSUME_ROLE => "the role does not let us in".to_owned(),
            Self::Denied(_) => format!("the role may not call {action}"),
            Self::Throttled => format!("AWS asks to slow down with {action}"),
            Self::Busy(why) => format!("AWS did not do {action}: {why}"),
            Self::Stale(code) | Self::Refused(code) => format!("AWS refuses {action}: {code}"),
            Self::TooMany => format!("{action} lists more than we look at"),
            Self::Resting(_) => "AWS failed too often in this account; it rests".to_owned(),
            Self::BrokenOff => format!("there was no more time for {action}"),
        }
    }

    /// As a stage fails.
    pub(crate) fn failure(&self, operation: Operation) -> Failure {
        let why = self.why(operation);
        match self {
            Self::Denied(_) if operation == ASSUME_ROLE => Failure::Gone(why),
            Self::Denied(_) => Failure::Closed(why),
            Self::Throttled => Failure::Later(SLOW_DOWN, why),
            Self::Resting(after) => Failure::Later(*after, why),
            Self::Busy(_) | Self::Stale(_) | Self::BrokenOff => Failure::Retry(why),
            Self::Refused(_) | Self::TooMany => Failure::Reject(why),
        }
    }

    /// Whether the same again may succeed at once.
    pub(crate) const fn is_passing(&self) -> bool {
        matches!(self, Self::Throttled | Self::Busy(_))
    }
}

/// The code as EC2, the Query services or the JSON services write it.
fn code_of(kind: Option<&str>, body: &str) -> String {
    if let Some(kind) = kind {
        return kind.split(':').next().unwrap_or_default().to_owned();
    }
    if body.trim_start().starts_with('{') {
        let document: Value = serde_json::from_str(body).unwrap_or_default();
        let code = document["__type"].as_str().or_else(|| document["code"].as_str());
        return code.unwrap_or_default().rsplit('#').next().unwrap_or_default().to_owned();
    }
    let Ok(node) = Node::parse(body) else { return String::new() };
    let code = node.some("Error.Code").or_else(|| node.some("Errors.Error.Code"));
    code.unwrap_or_default().to_owned()
}

fn shown(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').take(SHOWN).collect()
}

fn is_throttling(code: &str) -> bool {
    ["Throttl", "RequestLimitExceeded", "TooManyRequests", "SlowDown", "ThroughputExceeded"]
        .iter()
        .any(|word| code.contains(word))
}

fn is_denial(code: &str) -> bool {
    ["AccessDenied", "UnauthorizedOperation", "NotAuthorized", "AuthorizationError"]
        .iter()
        .any(|word| code.contains(word))
}

fn is_stale(code: &str) -> bool {
    ["ExpiredToken", "RequestExpired", "InvalidClientTokenId", "UnrecognizedClient"]
        .iter()
        .any(|word| code.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::DESCRIBE_VOLUMES;

    #[test]
    fn each_protocol_says_no_in_its_own_way() {
        let ec2 = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>arn:aws:iam::1:role/x</Message></Error></Errors></Response>";
        assert_eq!(
            AwsError::of(403, None, ec2),
            AwsError::Denied("UnauthorizedOperation".to_owned())
        );
        let query = "<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>Throttling</Code></Error></ErrorResponse>";
        assert_eq!(AwsError::of(400, None, query), AwsError::Throttled);
        let json =
            r#"{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"arn:aws"}"#;
        assert_eq!(
            AwsError::of(400, None, json),
            AwsError::Denied("AccessDeniedException".to_owned())
        );
        let rest = AwsError::of(404, Some("ResourceNotFoundException:http://x"), "{}");
        assert_eq!(rest, AwsError::Refused("ResourceNotFoundException".to_owned()));
        assert!(matches!(
            AwsError::of(403, None, "<E><Error><Code>ExpiredToken</Code></Error></E>"),
            AwsError::Stale(_)
        ));
        assert!(matches!(AwsError::of(503, None, "<html>"), AwsError::Busy(_)));
        assert!(matches!(AwsError::of(400, None, "?"), AwsError::Busy(_)));
    }

    #[test]
    fn no_text_of_aws_gets_into_a_failure() {
        let body = "<R><Error><Code>Odd arn:aws:iam::111122223333:role/x\n</Code><Message>secret</Message></Error></R>";
        let error = AwsError::of(400, None, body);
        let text = error.failure(DESCRIBE_VOLUMES).to_string();
        assert!(
            !text.contains("arn:") && !text.contains("secret") && !text.contains('\n'),
            "{text}"
        );
    }

    #[test]
    fn a_role_that_shuts_us_out_is_gone_and_what_it_may_not_do_is_named() {
        let denied = AwsError::Denied("AccessDenied".to_owned());
        assert!(matches!(denied.failure(ASSUME_ROLE), Failure::Gone(_)));
        let Failure::Closed(text) = denied.failure(DESCRIBE_VOLUMES) else { panic!() };
        assert!(text.contains("ec2:DescribeVolumes"), "{text}");
        assert!(matches!(AwsError::Throttled.failure(DESCRIBE_VOLUMES), Failure::Later(..)));
    }
}
