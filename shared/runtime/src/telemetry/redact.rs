//! What must not stand in a log: account ids, ARNs, e-mail addresses, tokens. Each is replaced by a
//! keyed hash, so that lines about the same account can be found, and nobody without the key can
//! tell whose they are.

use domain::words;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::OnceLock;
use tracing_subscriber::fmt::MakeWriter;

/// The key of this process; before it is known everything is replaced by stars.
static KEY: OnceLock<SecretString> = OnceLock::new();

/// Sets the key, once.
pub fn set_key(key: &SecretString) {
    let _ = KEY.set(key.clone());
}

/// Whether there is a key.
pub fn has_key() -> bool {
    KEY.get().is_some()
}

/// A text with every id in it replaced.
pub fn redact(text: &str) -> Cow<'_, str> {
    redact_with(KEY.get().map(|key| key.expose_secret().as_bytes()), text)
}

fn redact_with<'a>(key: Option<&[u8]>, text: &'a str) -> Cow<'a, str> {
    let mut shown = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let before = text.get(..at).unwrap_or_default();
        let length = secret_at(before, rest);
        if length == 0 {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        shown.push_str(text.get(copied..at).unwrap_or_default());
        hash(key, &rest[..length], &mut shown);
        at += length;
        copied = at;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(shown)
}

/// Length of what must not be shown at the beginning of `rest`; 0 if there is nothing.
fn secret_at(before: &str, rest: &str) -> usize {
    let inside = before.ends_with(|c: char| c.is_ascii_alphanumeric());
    if inside {
        return 0;
    }
    let run = |allowed: fn(char) -> bool| rest.find(|c| !allowed(c)).unwrap_or(rest.len());
    let word = run(|c| c.is_ascii_alphanumeric());
    if word == 12 && rest.bytes().take(12).all(|b| b.is_ascii_digit()) {
        return 12;
    }
    let not_quoted = |c: char| !c.is_whitespace() && !matches!(c, '"' | '\'' | '\\' | ',' | ')');
    if rest.starts_with("arn:") || rest.starts_with("https://hooks.") {
        return rest.find(|c| !not_quoted(c)).unwrap_or(rest.len());
    }
    let key_id = ["AKIA", "ASIA"].iter().any(|prefix| rest.starts_with(prefix)) && word >= 16;
    if key_id || (rest.starts_with("xox") && rest.get(4..5) == Some("-")) {
        return run(|c| c.is_ascii_alphanumeric() || c == '-');
    }
    address(rest)
}

/// Length of an e-mail address at the beginning.
fn address(rest: &str) -> usize {
    let local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
    let at = rest.find(|c| !local(c)).unwrap_or(rest.len());
    let Some(host) = rest.get(at..).and_then(|rest| rest.strip_prefix('@')) else { return 0 };
    let domain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let end = host.find(|c| !domain(c)).unwrap_or(host.len());
    if at > 0 && end > 0 { at + 1 + end } else { 0 }
}

fn hash(key: Option<&[u8]>, text: &str, out: &mut String) {
    let digest = key.and_then(|key| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
        mac.update(text.as_bytes());
        Some(mac.finalize().into_bytes())
    });
    match digest {
        None => out.push_str("***"),
        Some(digest) => {
            out.push('#');
            out.push_str(&words::hex(&digest[..6]));
        }
    }
}

/// Writes lines to standard output with every id replaced: whatever is logged, wherever.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Redacting;

impl<'a> MakeWriter<'a> for Redacting {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line(Vec::new())
    }
}

/// One line, written when it is complete.
pub(crate) struct Line(Vec<u8>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let text = String::from_utf8_lossy(&self.0);
        // Nobody can be told that a log cannot be written.
        let _ = io::stdout().lock().write_all(redact(&text).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Option<&[u8]> = Some(b"key");

    #[test]
    fn ids_arns_addresses_and_tokens_are_replaced_wherever_they_stand() {
        let secrets = [
            "111122223333",
            "arn:aws:iam::111122223333:role/Engineer",
            "ana.b+c@example.com",
            "xoxb-12-abc",
            "AKIAIOSFODNN7EXAMPLE",
            "https://hooks.slack.com/services/T0/B0/x",
        ];
        for secret in secrets {
            for text in [
                secret.to_owned(),
                format!("{{\"why\":\"User: {secret} is not\"}}"),
                format!("account {secret}, again {secret}"),
                format!("key=ACCOUNT#{secret}#x"),
            ] {
                let shown = redact_with(KEY, &text);
                assert!(!shown.contains(secret), "{shown}");
                assert!(!shown.contains("111122223333"), "{shown}");
            }
        }
    }

    #[test]
    fn the_same_id_has_the_same_hash_under_one_key_only() {
        let one = redact_with(KEY, "111122223333");
        assert_eq!(one, redact_with(KEY, "111122223333"));
        assert_ne!(one, redact_with(Some(b"another"), "111122223333"));
        assert_ne!(one, redact_with(KEY, "111122223334"));
        assert_eq!(redact_with(None, "in 111122223333."), "in ***.");
    }

    #[test]
    fn times_figures_and_names_stay() {
        for text in [
            "2026-06-01T03:03:00.123456Z",
            "1780272000000 ms",
            "i-03790cf52d15256f2",
            "1111222233334",
            "role/Engineer started 4 × p4d.24xlarge",
        ] {
            assert_eq!(redact_with(KEY, text), text);
        }
    }
}
