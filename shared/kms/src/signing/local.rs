//! A signing key of this process, for tests and laptops.

use super::{PublicKey, Sign};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use pipeline::error::Failure;
use std::io;
use std::sync::Arc;

/// A key that is gone with the process.
#[derive(Debug, Clone)]
pub struct LocalSigner {
    pair: Arc<KeyPair>,
}

impl LocalSigner {
    /// A new key of 2,048 bits.
    pub fn fleeting() -> io::Result<Self> {
        let pair = KeyPair::generate(KeySize::Rsa2048);
        let pair = pair.map_err(|_| io::Error::other("no key can be made"))?;
        Ok(Self { pair: Arc::new(pair) })
    }
}

impl Sign for LocalSigner {
    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| Failure::Retry("a message cannot be signed".to_owned()))?;
        Ok(signature)
    }

    async fn public_key(&self) -> Result<PublicKey, Failure> {
        Ok(PublicKey::of(self.pair.public_key()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;

    #[tokio::test]
    async fn what_is_signed_is_checked_with_the_key_that_is_shown() {
        let signer = LocalSigner::fleeting().unwrap();
        let signature = signer.sign(b"a message").await.unwrap();
        let shown = signer.public_key().await.unwrap();
        let jwk = shown.jwk();
        let number = |name: &str| BASE64_URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap());
        let key = RsaPublicKeyComponents { n: number("n").unwrap(), e: number("e").unwrap() };
        let check =
            |message: &[u8]| key.verify(&RSA_PKCS1_2048_8192_SHA256, message, &signature).is_ok();
        assert!(check(b"a message") && !check(b"another message"));
        assert_eq!(jwk["kid"], shown.name());
        assert_eq!(shown.name().len(), 43);
        let other = LocalSigner::fleeting().unwrap().public_key().await.unwrap();
        assert_ne!(shown, other);
    }
}
