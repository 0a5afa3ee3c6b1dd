//! AWS KMS.

use aws_sdk_kms::Client;
use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::primitives::Blob;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::sealed::{Purpose, Sealed};
use pipeline::error::Failure;
use pipeline::ports::Keys;
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;

/// A key of KMS.
#[derive(Debug, Clone)]
pub struct KmsKeys {
    client: Client,
    key: String,
}

impl KmsKeys {
    /// The key with this ARN or alias encrypts; what another one encrypted is decrypted by that one.
    pub fn new(client: Client, key: impl Into<String>) -> Self {
        Self { client, key: key.into() }
    }
}

fn context(purpose: &Purpose) -> HashMap<String, String> {
    HashMap::from([
        ("tenant".to_owned(), purpose.tenant.to_string()),
        ("purpose".to_owned(), purpose.what.code().to_owned()),
    ])
}

impl Keys for KmsKeys {
    async fn seal(&self, purpose: &Purpose, secret: &SecretString) -> Result<Sealed, Failure> {
        let request = self
            .client
            .encrypt()
            .key_id(&self.key)
            .set_encryption_context(Some(context(purpose)))
            .plaintext(Blob::new(secret.expose_secret().as_bytes()));
        let answer = request.send().await.map_err(|error| failed(&error))?;
        let ciphertext = answer.ciphertext_blob.map(Blob::into_inner).unwrap_or_default();
        Ok(Sealed {
            key: answer.key_id.unwrap_or_else(|| self.key.clone()),
            ciphertext: BASE64_STANDARD.encode(ciphertext),
        })
    }

    async fn open(&self, purpose: &Purpose, sealed: &Sealed) -> Result<SecretString, Failure> {
        let corrupt = || Failure::Reject("an encrypted secret is corrupt".to_owned());
        let ciphertext = BASE64_STANDARD.decode(&sealed.ciphertext).map_err(|_| corrupt())?;
        let request = self
            .client
            .decrypt()
            .key_id(&sealed.key)
            .set_encryption_context(Some(context(purpose)))
            .ciphertext_blob(Blob::new(ciphertext));
        let answer = request.send().await.map_err(|error| failed(&error))?;
        let plain = answer.plaintext.map(Blob::into_inner).unwrap_or_default();
        String::from_utf8(plain).map(SecretString::from).map_err(|_| corrupt())
    }
}

/// Only what can never be decrypted is put aside: a missing right or a disabled key is put right by
/// people.
fn failed<E, R>(error: &SdkError<E, R>) -> Failure
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug,
{
    match error.code() {
        Some(code @ ("InvalidCiphertextException" | "IncorrectKeyException")) => {
            Failure::Reject(format!("a secret does not open: {code}"))
        }
        // Never the raw answer: that of a decryption is the secret.
        Some(code) => Failure::Retry(format!("KMS: {code}")),
        None => Failure::Retry("KMS cannot be reached".to_owned()),
    }
}
