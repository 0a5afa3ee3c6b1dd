//! A key that signs what others check, RSASSA-PKCS1-v1_5 with SHA-256: in KMS it never leaves KMS.

#[cfg(feature = "aws")]
mod aws;
#[cfg(feature = "local")]
mod local;

#[cfg(feature = "aws")]
pub use aws::KmsSigner;
#[cfg(feature = "local")]
pub use local::LocalSigner;

use aws_lc_rs::rsa;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use pipeline::error::Failure;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Signs: KMS, or a key of this process.
pub trait Sign: Send + Sync {
    /// The signature over a message of any length.
    fn sign(&self, message: &[u8]) -> impl Future<Output = Result<Vec<u8>, Failure>> + Send;

    /// With what it is checked.
    fn public_key(&self) -> impl Future<Output = Result<PublicKey, Failure>> + Send;
}

/// The part of a key that everybody may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    modulus: String,
    exponent: String,
    name: String,
}

impl PublicKey {
    fn of(key: &rsa::PublicKey) -> Self {
        let encoded = |number: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(number);
        let modulus = encoded(key.modulus().big_endian_without_leading_zero());
        let exponent = encoded(key.exponent().big_endian_without_leading_zero());
        // RFC 7638: the same key has the same name wherever it is shown.
        let form = format!(r#"{{"e":"{exponent}","kty":"RSA","n":"{modulus}"}}"#);
        Self { name: encoded(&Sha256::digest(form.as_bytes())), modulus, exponent }
    }

    /// By which a token says that it is this one (`kid`).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// As a document with keys shows it.
    pub fn jwk(&self) -> Value {
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256",
            "kid": self.name, "n": self.modulus, "e": self.exponent,
        })
    }
}
