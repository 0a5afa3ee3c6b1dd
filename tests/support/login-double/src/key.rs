//! A key that tokens are signed with.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// An RSA key with its name.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: String,
    pair: KeyPair,
}

#[expect(clippy::expect_used, reason = "a double without keys cannot go on")]
impl Key {
    pub(crate) fn new(name: &str) -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key can be made");
        Self { name: name.to_owned(), pair }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let signed =
            self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
        signed.expect("a message can be signed");
        signature
    }

    /// What somebody does who takes the key that everybody may know for a shared secret.
    pub(crate) fn sign_with_its_public_key(&self, message: &[u8]) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.pem().as_bytes());
        hmac::sign(&key, message).as_ref().to_vec()
    }

    fn pem(&self) -> String {
        let der: PublicKeyX509Der<'_> = self.pair.public_key().as_der().expect("a public key");
        let lines = BASE64_STANDARD.encode(der.as_ref());
        let lines: Vec<&str> =
            lines.as_bytes().chunks(64).filter_map(|line| str::from_utf8(line).ok()).collect();
        let lines = lines.join("\n");
        format!("-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n")
    }

    pub(crate) fn jwk(&self) -> Value {
        let key = self.pair.public_key();
        let encoded = |number: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(number);
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.name,
            "n": encoded(key.modulus().big_endian_without_leading_zero()),
            "e": encoded(key.exponent().big_endian_without_leading_zero()),
        })
    }
}
