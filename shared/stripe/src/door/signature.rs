//! Stripe's signature: HMAC-SHA256 over its time and the raw body, checked before anything is read.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Header with the time of sending and the signatures: `t=1700000000,v1=…,v1=…`.
pub const HEADER: &str = "stripe-signature";
/// Seconds by which the clocks may differ, and for which a request is worth replaying.
const WINDOW: u64 = 300;
/// Signatures that are looked at: one for each secret while they are rotated.
const MAX_SIGNATURES: usize = 8;

/// Whether Stripe has sent these bytes within the last five minutes, signed with one of our secrets.
/// Signatures of other versions count for nothing.
pub fn is_genuine(secrets: &[SecretString], header: &str, body: &[u8], now: Timestamp) -> bool {
    let Some((at, signatures)) = read(header) else { return false };
    // Digits only: "+5" and " 5" are other texts than the one that was signed.
    let digits = (1..=12).contains(&at.len()) && at.bytes().all(|byte| byte.is_ascii_digit());
    let Some(second) = at.parse::<i64>().ok().filter(|_| digits) else { return false };
    if now.as_second().abs_diff(second) > WINDOW {
        return false;
    }
    let matches = |secret: &SecretString| {
        mac(secret, at, body).is_some_and(|mac| {
            signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
        })
    };
    secrets.iter().any(matches)
}

/// The time, and the signatures of version 1.
fn read(header: &str) -> Option<(&str, Vec<[u8; 32]>)> {
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let mut times = parts().filter(|(name, _)| *name == "t");
    let (_, at) = times.next()?;
    if times.next().is_some() {
        return None;
    }
    let signatures = parts().filter(|(name, _)| *name == "v1").filter_map(|(_, hex)| bytes(hex));
    Some((at, signatures.take(MAX_SIGNATURES).collect()))
}

fn mac(secret: &SecretString, at: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let secret = secret.expose_secret();
    // Anybody can sign with an empty secret.
    if secret.is_empty() {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(at.as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac)
}

/// Exactly 32 bytes.
fn bytes(hex: &str) -> Option<[u8; 32]> {
    let digits = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex.len() != 64 || !digits {
        return None;
    }
    let mut bytes = [0; 32];
    for (nth, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * nth..2 * nth + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_test_secret";
    const AT: i64 = 1_492_774_577;
    const BODY: &[u8] = br#"{"id": "evt_1", "object": "event"}"#;
    /// Computed apart from this code, by openssl: `printf '%s.%s' "$t" "$body" | openssl dgst
    /// -sha256 -hmac whsec_test_secret`.
    const SIGNED: &str = "09357d4fb8d9eba6f07fdea6b2428fa819063ec7bb7f9eca18b88cf0ff729476";

    fn genuine(secrets: &[&str], header: &str, seconds: i64) -> bool {
        let secrets: Vec<SecretString> = secrets.iter().map(|each| (*each).into()).collect();
        let now = Timestamp::from_second(AT + seconds).unwrap();
        is_genuine(&secrets, header, BODY, now)
    }

    fn header(signature: &str) -> String {
        format!("t={AT},v1={signature}")
    }

    #[test]
    fn what_is_signed_is_genuine_for_five_minutes_both_ways() {
        for seconds in [0, 300, -300] {
            assert!(genuine(&[SECRET], &header(SIGNED), seconds), "{seconds}");
        }
        for seconds in [301, -301, 86_400, -86_400] {
            assert!(!genuine(&[SECRET], &header(SIGNED), seconds), "{seconds}");
        }
    }

    #[test]
    fn while_secrets_are_rotated_either_of_two_and_either_signature_does() {
        let zeros = "0".repeat(64);
        for secrets in [&[SECRET, "whsec_new"], &["whsec_new", SECRET]] {
            assert!(genuine(secrets, &header(SIGNED), 0));
        }
        assert!(genuine(&[SECRET], &format!("t={AT},v1={zeros},v1={SIGNED},v0={zeros}"), 0));
        assert!(genuine(&[SECRET], &format!("v1={SIGNED}, t={AT}"), 0), "in any order");
        assert!(!genuine(&["whsec_new"], &header(SIGNED), 0));
    }

    #[test]
    fn what_is_not_signed_so_is_not_genuine() {
        let forged = [
            String::new(),
            format!("v1={SIGNED}"),
            format!("t={AT}"),
            format!("t={AT},v0={SIGNED}"),
            format!("t={AT},t={AT},v1={SIGNED}"),
            format!("t=+{AT},v1={SIGNED}"),
            format!("t={},v1={SIGNED}", AT + 1),
            format!("t={AT}.0,v1={SIGNED}"),
            format!("t=,v1={SIGNED}"),
            format!("t={AT},v1={}", &SIGNED[1..]),
            format!("t={AT},v1={SIGNED}00"),
            format!("t={AT},v1={}", "0".repeat(64)),
            format!("t={AT},v1={}", "ä".repeat(32)),
        ];
        for header in forged {
            assert!(!genuine(&[SECRET], &header, 0), "{header}");
        }
        let now = Timestamp::from_second(AT).unwrap();
        let secrets = [SecretString::from(SECRET)];
        assert!(!is_genuine(&secrets, &header(SIGNED), &BODY[1..], now), "tampered");
        assert!(!is_genuine(&secrets, &header(SIGNED), b"", now), "empty");
    }

    #[test]
    fn nothing_is_genuine_without_a_secret() {
        let signed = mac(&"x".into(), &AT.to_string(), BODY).unwrap().finalize().into_bytes();
        let hex = signed.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        assert!(genuine(&["x"], &header(&hex), 0));
        let empty = Hmac::<Sha256>::new_from_slice(b"").unwrap();
        let mut empty: Hmac<Sha256> = empty;
        empty.update(format!("{AT}.").as_bytes());
        empty.update(BODY);
        let by_nobody = empty.finalize().into_bytes();
        let hex = by_nobody.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        assert!(!genuine(&[""], &header(&hex), 0));
        assert!(!genuine(&[], &header(SIGNED), 0));
    }
}
