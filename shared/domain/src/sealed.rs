//! A secret as it is kept: encrypted, with the name of the key.

use crate::ids::TenantId;

/// An encrypted secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Which key: what was encrypted before a rotation is still opened by its own.
    pub key: String,
    /// The ciphertext, in base64.
    pub ciphertext: String,
}

/// What a secret is for, bound into its encryption: put under another tenant or another purpose, it
/// does not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// Whose it is.
    pub tenant: TenantId,
    /// What it opens.
    pub what: SecretKind,
}

/// What a secret opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// A workspace of Slack.
    SlackToken,
    /// Signs what is sent to a tenant's own webhook.
    WebhookKey,
}

impl SecretKind {
    /// Word in the encryption context.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SlackToken => "slack-token",
            Self::WebhookKey => "webhook-key",
        }
    }
}
