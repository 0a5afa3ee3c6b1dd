//! Signatures after Standard Webhooks: HMAC-SHA256 over id, time and body, in base64.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use pipeline::error::Failure;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Prefix of a signing key as people copy it.
pub const SECRET_PREFIX: &str = "whsec_";

/// A new key, as receivers are given it: `whsec_` and 256 bits in base64.
pub fn fresh_key() -> Result<SecretString, Failure> {
    Ok(format!("{SECRET_PREFIX}{}", BASE64_STANDARD.encode(random::bytes::<32>()?)).into())
}

/// `v1,` and the signature; `None` where the key is no key. `at` is the time in seconds since 1970.
pub fn signature(key: &SecretString, (id, at): (&str, &str), body: &str) -> Option<String> {
    let key = key.expose_secret().strip_prefix(SECRET_PREFIX)?;
    let key = BASE64_STANDARD.decode(key).ok().filter(|key| key.len() >= 24)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    for part in [id, ".", at, ".", body] {
        mac.update(part.as_bytes());
    }
    Some(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the libraries that receivers use.
    #[test]
    fn the_signature_is_the_one_that_receivers_compute() {
        let key: SecretString = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into();
        let signed = signature(
            &key,
            ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"),
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        for wrong in ["", "whsec_", "whsec_!!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            assert_eq!(signature(&wrong.into(), ("a", "1"), ""), None, "{wrong}");
        }
    }
}
