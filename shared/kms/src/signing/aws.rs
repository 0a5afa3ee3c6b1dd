//! An asymmetric key of KMS.

use super::{PublicKey, Sign};
use aws_lc_rs::rsa;
use aws_sdk_kms::Client;
use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{MessageType, SigningAlgorithmSpec};
use pipeline::error::Failure;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// A key of KMS with the use `SIGN_VERIFY` and the form `RSA_2048` or larger.
#[derive(Debug, Clone)]
pub struct KmsSigner {
    client: Client,
    key: String,
    public: Arc<OnceCell<PublicKey>>,
}

impl KmsSigner {
    /// The key with this ARN.
    pub fn new(client: Client, key: impl Into<String>) -> Self {
        Self { client, key: key.into(), public: Arc::default() }
    }

    async fn fetch(&self) -> Result<PublicKey, Failure> {
        let request = self.client.get_public_key().key_id(&self.key);
        let answer = request.send().await.map_err(|error| failed(&error))?;
        let der = answer.public_key.map(Blob::into_inner).unwrap_or_default();
        let key = rsa::PublicKey::from_der(&der).map_err(|_| {
            Failure::Retry("the signing key is no RSA key: make it RSA_2048".to_owned())
        })?;
        Ok(PublicKey::of(&key))
    }
}

impl Sign for KmsSigner {
    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failure> {
        // KMS takes messages of up to 4,096 bytes, and digests of any.
        let request = self
            .client
            .sign()
            .key_id(&self.key)
            .message_type(MessageType::Digest)
            .message(Blob::new(Sha256::digest(message).to_vec()))
            .signing_algorithm(SigningAlgorithmSpec::RsassaPkcs1V15Sha256);
        let answer = request.send().await.map_err(|error| failed(&error))?;
        let signature = answer.signature.map(Blob::into_inner);
        signature.ok_or_else(|| Failure::Retry("KMS gave no signature".to_owned()))
    }

    async fn public_key(&self) -> Result<PublicKey, Failure> {
        self.public.get_or_try_init(|| self.fetch()).await.cloned()
    }
}

/// Whatever it is, it passes, or people put it right.
fn failed<E, R>(error: &SdkError<E, R>) -> Failure
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug,
{
    Failure::Retry(match error.code() {
        Some(code) => format!("KMS: {code}"),
        None => "KMS cannot be reached".to_owned(),
    })
}
