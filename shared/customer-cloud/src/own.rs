//! Our own credentials, by which the roles of customers are assumed.

use secrecy::SecretString;

/// Credentials of AWS. They do not print.
#[derive(Debug, Clone)]
pub struct OwnCredentials {
    /// Name of the key.
    pub key_id: String,
    /// The key.
    pub secret: SecretString,
    /// With which credentials that pass are valid.
    pub session_token: Option<SecretString>,
}

/// What is missing or wrong in the environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A variable is not set.
    #[error("set {0}: without it nobody's account can be looked at")]
    Missing(&'static str),
    /// An address that secrets must not be sent to.
    #[error(
        "{0} must begin with https://, or be http:// on this machine, without a user and a path"
    )]
    Address(&'static str),
    /// The HTTP client cannot be made.
    #[error("no HTTP client: {0}")]
    Client(String),
}

impl OwnCredentials {
    /// From `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let text = |name| variable(name).filter(|text| !text.is_empty());
        let needed = |name| text(name).ok_or(SettingsError::Missing(name));
        Ok(Self {
            key_id: needed("AWS_ACCESS_KEY_ID")?,
            secret: needed("AWS_SECRET_ACCESS_KEY")?.into(),
            session_token: text("AWS_SESSION_TOKEN").map(SecretString::from),
        })
    }
}
