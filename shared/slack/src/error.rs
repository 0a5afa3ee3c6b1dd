//! Ways for Slack to say no: later, perhaps later, once somebody has put something right, never.

use domain::words;
use std::time::Duration;

/// How long to wait where Slack does not say, or says nonsense.
const WAIT: Duration = Duration::from_secs(30);
/// The longest wait that is believed.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_mins(15);
/// Characters of a foreign text that are shown.
const SHOWN: usize = 200;

/// Why a message was not posted. No text holds a token or the address of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlackError {
    /// Too many messages: the same again after this time.
    #[error("Slack asks to wait for {} seconds", after.as_secs())]
    RateLimited {
        /// How long to wait: from 1 second to 15 minutes.
        after: Duration,
    },
    /// Slack has no time or a fault: the same again may succeed.
    #[error("{0}; trying again may help")]
    Busy(String),
    /// Slack cannot be reached: the same again may succeed.
    #[error("{0}; trying again may help")]
    Unreachable(String),
    /// Somebody has to put something right, and then the same may succeed; the text says what.
    #[error("{0}")]
    Refused(String),
    /// The right to post is gone, from every channel; the text says what to do.
    #[error("{0}")]
    Gone(String),
    /// The message itself is wrong: the same will never succeed.
    #[error("{0}")]
    Faulty(String),
}

impl SlackError {
    /// From the value of the header `Retry-After`: whole seconds.
    pub(crate) fn rate_limited(retry_after: Option<&str>) -> Self {
        let seconds = retry_after.and_then(|text| text.trim().parse::<u64>().ok());
        let after = seconds.filter(|seconds| *seconds > 0).map_or(WAIT, Duration::from_secs);
        Self::RateLimited { after: after.min(LONGEST_WAIT) }
    }

    /// From Slack's own word for what is wrong.
    pub(crate) fn from_code(code: &str, retry_after: Option<&str>) -> Self {
        let said = format!("Slack says {}", shown(code));
        match code {
            "ratelimited" | "rate_limited" | "message_limit_exceeded" => {
                Self::rate_limited(retry_after)
            }
            "internal_error"
            | "fatal_error"
            | "service_unavailable"
            | "request_timeout"
            | "update_failed"
            | "rollup_error" => Self::Busy(said),
            _ if FAULTY.contains(&code) => {
                let why = "the message is wrong, which is a fault of dd0c/cost; please report it";
                Self::Faulty(format!("{said}: {why}"))
            }
            _ if GONE.contains(&code) => Self::Gone(format!("{said}: {}", what_to_do(code))),
            _ => Self::Refused(format!("{said}: {}", what_to_do(code))),
        }
    }
}

/// Words for a message that Slack will never take.
const FAULTY: [&str; 9] = [
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_payload",
    "invalid_arguments",
    "invalid_json",
    "json_not_object",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
];

/// Words for a right to post that is no more.
const GONE: [&str; 8] = [
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "missing_scope",
    "not_allowed_token_type",
    "team_access_not_granted",
];

fn what_to_do(code: &str) -> &'static str {
    match code {
        "invalid_auth" | "not_authed" | "token_revoked" | "token_expired" | "account_inactive"
        | "org_login_required" => "the token is not valid any more; install the app again",
        "missing_scope" | "no_permission" | "not_allowed_token_type" => {
            "the app may not post; install it again with the scope chat:write"
        }
        "channel_not_found" => {
            "no such channel, or a private one that the app is not in; choose the channel again"
        }
        "not_in_channel" => "invite the app into the channel",
        "is_archived" | "channel_is_archived" => "the channel is archived; choose another one",
        "no_service" | "no_service_id" | "no_team" | "team_disabled" | "user_not_found"
        | "invalid_token" | "no_active_hooks" => "the webhook is gone; make a new one",
        "action_prohibited"
        | "access_denied"
        | "ekm_access_denied"
        | "team_access_not_granted"
        | "posting_to_general_channel_denied" => {
            "a rule of the workspace forbids it; ask one of its admins"
        }
        code if code.starts_with("restricted_action") => {
            "a rule of the workspace forbids it; ask one of its admins"
        }
        code => what_to_do_about_installing(code),
    }
}

fn what_to_do_about_installing(code: &str) -> &'static str {
    match code {
        "bad_client_secret" | "invalid_client_id" | "bad_redirect_uri" => {
            "the app's own settings are wrong, which is ours to put right"
        }
        _ => "look the word up under chat.postMessage in Slack's documentation",
    }
}

/// A foreign text on one line, not endless.
pub(crate) fn shown(text: &str) -> String {
    let clean = words::clean(text.trim());
    let mut shown: String = clean.chars().take(SHOWN).collect();
    if shown.len() < clean.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(header: Option<&str>) -> u64 {
        let SlackError::RateLimited { after } = SlackError::rate_limited(header) else {
            return 0;
        };
        after.as_secs()
    }

    #[test]
    fn a_wait_is_believed_within_reason() {
        assert_eq!(wait(Some("7")), 7);
        assert_eq!(wait(Some(" 120 ")), 120);
        assert_eq!(wait(Some("900")), 900);
        assert_eq!(wait(Some("86400")), 900);
        for nonsense in [None, Some(""), Some("0"), Some("-3"), Some("soon"), Some("1e99")] {
            assert_eq!(wait(nonsense), 30, "{nonsense:?}");
        }
    }

    #[test]
    fn slack_s_words_are_sorted_by_what_helps() {
        use SlackError::{Busy, Gone, RateLimited, Refused};
        let sort = |code| SlackError::from_code(code, Some("5"));
        assert_eq!(sort("ratelimited"), RateLimited { after: Duration::from_secs(5) });
        for code in ["internal_error", "fatal_error", "service_unavailable", "request_timeout"] {
            assert!(matches!(sort(code), Busy(text) if text.contains(code)), "{code}");
        }
        assert!(
            matches!(sort("invalid_blocks"), SlackError::Faulty(text) if text.contains("report"))
        );
        for (code, advice) in [
            ("invalid_auth", "install the app again"),
            ("channel_not_found", "choose the channel again"),
            ("not_in_channel", "invite the app"),
            ("is_archived", "choose another"),
            ("restricted_action_read_only_channel", "admins"),
            ("no_service", "make a new one"),
            ("never heard of", "documentation"),
        ] {
            let (Refused(text) | Gone(text)) = sort(code) else { panic!("{code}") };
            assert!(text.contains(advice), "{code}");
        }
    }
}
