//! Slack's signature: HMAC-SHA256 over the raw body and its time, checked before anything is read.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Header with the time of sending, in seconds since 1970.
pub const TIMESTAMP: &str = "x-slack-request-timestamp";
/// Header with the signature, `v0=` and 64 hexadecimal digits.
pub const SIGNATURE: &str = "x-slack-signature";
/// Seconds by which the clocks may differ, and for which a request is worth replaying.
const WINDOW: u64 = 300;

/// Whether Slack has sent these bytes within the last five minutes.
pub fn is_genuine(
    secret: &SecretString,
    (timestamp, signature): (&str, &str),
    body: &[u8],
    now: Timestamp,
) -> bool {
    // Digits only: "+5" and " 5" are other texts than the one that was signed.
    let digits =
        (1..=12).contains(&timestamp.len()) && timestamp.bytes().all(|b| b.is_ascii_digit());
    let Some(at) = timestamp.parse::<i64>().ok().filter(|_| digits) else { return false };
    if now.as_second().abs_diff(at) > WINDOW {
        return false;
    }
    let Some(expected) = signature.strip_prefix("v0=").and_then(bytes) else { return false };
    mac(secret, timestamp, body).is_some_and(|mac| mac.verify_slice(&expected).is_ok())
}

fn mac(secret: &SecretString, timestamp: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let secret = secret.expose_secret();
    // Anybody can sign with an empty secret.
    if secret.is_empty() {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(b"v0:");
    mac.update(timestamp.as_bytes());
    mac.update(b":");
    mac.update(body);
    Some(mac)
}

/// Exactly 32 bytes.
fn bytes(hex: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if hex.len() != 64 || !hex.is_ascii() {
        return None;
    }
    for (nth, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * nth..2 * nth + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Slack's own example.
    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const BODY: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow\
        &channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner\
        &command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands\
        %2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN\
        &trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const AT: &str = "1531420618";
    const SIGNED: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

    fn genuine(secret: &str, at: &str, signature: &str, body: &str, seconds: i64) -> bool {
        let now = Timestamp::from_second(1_531_420_618 + seconds).unwrap();
        is_genuine(&secret.into(), (at, signature), body.as_bytes(), now)
    }

    #[test]
    fn slack_s_own_example_is_genuine_for_five_minutes() {
        for seconds in [0, 300, -300] {
            assert!(genuine(SECRET, AT, SIGNED, BODY, seconds), "{seconds}");
        }
        for seconds in [301, -301, 86_400, i64::from(i32::MAX)] {
            assert!(!genuine(SECRET, AT, SIGNED, BODY, seconds), "{seconds}");
        }
    }

    #[test]
    fn what_is_not_signed_so_is_not_genuine() {
        assert!(!genuine(SECRET, AT, SIGNED, &BODY[..BODY.len() - 1], 0), "truncated");
        assert!(!genuine("another", AT, SIGNED, BODY, 0), "another secret");
        assert!(!genuine(SECRET, "1531420619", SIGNED, BODY, 0), "another time");
        let forged = [
            "",
            "v0=",
            &SIGNED.replace("v0=", "v1="),
            &SIGNED[..66],
            &SIGNED.replace("a2", "A+"),
            &format!("{SIGNED}00"),
            "v0=äöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüä",
        ];
        for forged in forged {
            assert!(!genuine(SECRET, AT, forged, BODY, 0), "{forged}");
        }
        for at in ["", "-1531420618", "+1531420618", "1531420618.0", "9".repeat(99).as_str()] {
            assert!(!genuine(SECRET, at, SIGNED, BODY, 0), "{at}");
        }
    }

    #[test]
    fn nothing_is_genuine_without_a_secret() {
        let signed = mac(&"x".into(), AT, b"").unwrap().finalize().into_bytes();
        let hex = signed.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        assert!(genuine("x", AT, &format!("v0={hex}"), "", 0));
        assert!(!genuine("", AT, &format!("v0={hex}"), "", 0));
    }
}
