//! Keys in a file on this machine: AES-256-GCM, the purpose as additional data.

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::sealed::{Purpose, Sealed};
use pipeline::error::Failure;
use pipeline::ports::Keys;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

/// Bytes of a key.
const KEY: usize = 32;
/// Bytes of a nonce, which stands before the ciphertext.
const NONCE: usize = 12;

/// Keys by name; the last one encrypts.
#[derive(Clone)]
pub struct LocalKeys {
    keys: BTreeMap<u32, SecretString>,
}

/// The file, `{"keys": {"1": "…"}}`.
#[derive(Serialize, Deserialize)]
struct File {
    keys: BTreeMap<u32, String>,
}

impl LocalKeys {
    /// A new key that is gone with the process.
    pub fn fleeting() -> io::Result<Self> {
        Ok(Self { keys: BTreeMap::from([(1, random_key()?)]) })
    }

    /// The keys of a file that only its owner may read; it is made, with one key, if it is not there.
    pub fn open_file(path: &Path) -> io::Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let wrong = |_| io::Error::new(io::ErrorKind::InvalidData, "it holds no keys");
                let file: File = serde_json::from_str(&text).map_err(wrong)?;
                let keys = file.keys.into_iter().map(|(name, key)| (name, key.into())).collect();
                Ok(Self { keys })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let keys = Self::fleeting()?;
                keys.save(path)?;
                Ok(keys)
            }
            Err(error) => Err(error),
        }
    }

    /// With a new key, which encrypts from now on; what is encrypted still opens.
    pub fn rotated(mut self) -> io::Result<Self> {
        let name = self.keys.keys().last().map_or(1, |last| last + 1);
        self.keys.insert(name, random_key()?);
        Ok(self)
    }

    /// Writes the keys to a file, in one step.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let keys = self.keys.iter().map(|(name, key)| (*name, key.expose_secret().to_owned()));
        let text = serde_json::to_string(&File { keys: keys.collect() })?;
        let new = path.with_extension("new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(new, path)
    }

    fn key(&self, name: &str) -> Option<RandomizedNonceKey> {
        let encoded = self.keys.get(&name.parse().ok()?)?;
        let bytes = BASE64_STANDARD.decode(encoded.expose_secret()).ok()?;
        RandomizedNonceKey::new(&AES_256_GCM, &bytes).ok()
    }
}

/// Names of the keys, never the keys.
impl std::fmt::Debug for LocalKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("LocalKeys").field(&self.keys.keys().collect::<Vec<_>>()).finish()
    }
}

fn random_key() -> io::Result<SecretString> {
    let mut bytes = [0; KEY];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| io::Error::other("no randomness"))?;
    Ok(BASE64_STANDARD.encode(bytes).into())
}

fn aad(purpose: &Purpose) -> Aad<Vec<u8>> {
    Aad::from(format!("{}\0{}", purpose.tenant, purpose.what.code()).into_bytes())
}

impl Keys for LocalKeys {
    async fn seal(&self, purpose: &Purpose, secret: &SecretString) -> Result<Sealed, Failure> {
        let failed = || Failure::Reject("a secret cannot be encrypted".to_owned());
        let name = self.keys.keys().last().ok_or_else(failed)?.to_string();
        let key = self.key(&name).ok_or_else(failed)?;
        let mut bytes = secret.expose_secret().as_bytes().to_vec();
        let nonce = key.seal_in_place_append_tag(aad(purpose), &mut bytes).map_err(|_| failed())?;
        let ciphertext = [nonce.as_ref().as_slice(), bytes.as_slice()].concat();
        Ok(Sealed { key: name, ciphertext: BASE64_STANDARD.encode(ciphertext) })
    }

    async fn open(&self, purpose: &Purpose, sealed: &Sealed) -> Result<SecretString, Failure> {
        let failed = || Failure::Reject("a secret does not open".to_owned());
        let key = self.key(&sealed.key).ok_or_else(failed)?;
        let mut bytes = BASE64_STANDARD.decode(&sealed.ciphertext).map_err(|_| failed())?;
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE).ok_or_else(failed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| failed())?;
        let plain = key.open_in_place(nonce, aad(purpose), sealed).map_err(|_| failed())?;
        String::from_utf8(plain.to_vec()).map(SecretString::from).map_err(|_| failed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::TenantId;
    use domain::sealed::SecretKind;

    fn purpose(tenant: &str, what: SecretKind) -> Purpose {
        Purpose { tenant: TenantId::parse(tenant).unwrap(), what }
    }

    #[tokio::test]
    async fn a_secret_opens_for_its_own_purpose_only() {
        let keys = LocalKeys::fleeting().unwrap();
        let mine = purpose("acme", SecretKind::SlackToken);
        let sealed = keys.seal(&mine, &"xoxb-1".into()).await.unwrap();
        assert!(!format!("{sealed:?} {keys:?}").contains("xoxb-1"));
        assert_eq!(keys.open(&mine, &sealed).await.unwrap().expose_secret(), "xoxb-1");
        let again = keys.seal(&mine, &"xoxb-1".into()).await.unwrap();
        assert_ne!(again, sealed, "the same secret looks otherwise each time");
        for other in
            [purpose("other", SecretKind::SlackToken), purpose("acme", SecretKind::WebhookKey)]
        {
            assert!(keys.open(&other, &sealed).await.is_err());
        }
        for broken in ["", "AAAA", "no base64", &sealed.ciphertext.replace(['A', 'B'], "C")] {
            let broken = Sealed { ciphertext: broken.to_owned(), ..sealed.clone() };
            assert!(broken == sealed || keys.open(&mine, &broken).await.is_err());
        }
        let stranger = LocalKeys::fleeting().unwrap();
        assert!(stranger.open(&mine, &sealed).await.is_err());
    }

    #[tokio::test]
    async fn what_was_encrypted_before_a_rotation_still_opens() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.json");
        let mine = purpose("acme", SecretKind::SlackToken);
        let before = LocalKeys::open_file(&file).unwrap();
        let old = before.seal(&mine, &"old".into()).await.unwrap();
        before.rotated().unwrap().save(&file).unwrap();
        let after = LocalKeys::open_file(&file).unwrap();
        let new = after.seal(&mine, &"new".into()).await.unwrap();
        assert_ne!(old.key, new.key);
        for (sealed, plain) in [(old, "old"), (new, "new")] {
            assert_eq!(after.open(&mine, &sealed).await.unwrap().expose_secret(), plain);
        }
        #[cfg(unix)]
        {
            let mode =
                std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600, "others could read the keys");
        }
    }
}
