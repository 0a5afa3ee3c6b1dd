//! Names of things, parsed once into types that cannot be wrong.

use std::fmt;

/// Why a text is not the identifier it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// An AWS account id has exactly 12 digits.
    #[error("an AWS account id has 12 digits, not {0:?}")]
    AccountId(String),
    /// A region code such as `eu-west-1`: lower-case letters, digits and dashes, at most 32.
    #[error("a region code looks like eu-west-1, not {0:?}")]
    Region(String),
    /// An event id has 1 to 128 printable ASCII characters other than `#`.
    #[error("an event id has 1 to 128 printable characters and no '#', not {0:?}")]
    EventId(String),
    /// A tenant id has 1 to 64 letters, digits, `_` or `-`.
    #[error("a tenant id has 1 to 64 letters, digits, '_' or '-', not {0:?}")]
    TenantId(String),
    /// The ARN of a role in AWS's own partition; what it was is nobody's business.
    #[error("a role's ARN looks like arn:aws:iam::ACCOUNT:role/{READ_ONLY_ROLE}")]
    RoleArn,
}

/// An AWS account: the one that pays, `recipientAccountId` in CloudTrail.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(String);

impl AccountId {
    /// Exactly 12 ASCII digits: what AWS sends.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::AccountId(shorten(text)))
        }
    }

    /// As found in published samples, where ids are scrubbed to odd lengths or words: 1 to 32
    /// ASCII letters, digits, `_` or `-`. For replay only; the live path takes [`Self::parse`].
    pub fn parse_lenient(text: &str) -> Result<Self, IdError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        if (1..=32).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::AccountId(shorten(text)))
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the id has AWS's own form of 12 digits.
    pub fn is_canonical(&self) -> bool {
        Self::parse(&self.0).is_ok()
    }
}

/// An AWS region code (`eu-west-1`) or a local-zone group (`us-west-2-lax-1`).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Region(String);

impl Region {
    /// Lower-case letters, digits and dashes; 1 to 32 of them.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=32).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Region(shorten(text)))
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The role that we look into an account with. Our own rights let us use a role of this name alone,
/// without a path; AWS refuses any other and does not say why.
pub const READ_ONLY_ROLE: &str = "dd0c-cost-readonly";

/// The ARN of a role: `arn:aws:iam::<account>:role/<path and name>`.
#[derive(Clone, PartialEq, Eq)]
pub struct RoleArn {
    text: String,
    account: AccountId,
}

impl RoleArn {
    /// The account has its 12 digits; the path and the name, of at most 512 characters together, hold
    /// letters, digits and `+=,.@_-/`, and end with the name.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"+=,.@_-/".contains(&b);
        let is_named = |name: &str| {
            (1..=512).contains(&name.len()) && name.bytes().all(plain) && !name.ends_with('/')
        };
        let parts = text.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split_once(":role/"));
        let (account, name) = parts.ok_or(IdError::RoleArn)?;
        match AccountId::parse(account) {
            Ok(account) if is_named(name) => Ok(Self { text: text.to_owned(), account }),
            _ => Err(IdError::RoleArn),
        }
    }

    /// The account of the role.
    pub const fn account(&self) -> &AccountId {
        &self.account
    }

    /// Its name, without the path.
    pub fn name(&self) -> &str {
        self.text.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it is a role that we may use: [`READ_ONLY_ROLE`], without a path.
    pub fn is_read_only_role(&self) -> bool {
        self.text.split_once(":role/").is_some_and(|(_, name)| name == READ_ONLY_ROLE)
    }
}

/// It names an account, and is for no log.
impl fmt::Debug for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoleArn").finish_non_exhaustive()
    }
}

/// `eventID` of a CloudTrail record: the identity under which duplicates are dropped.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(String);

impl EventId {
    /// 1 to 128 printable ASCII characters other than `#` (which parts keys of the table).
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let plain = |b: u8| b.is_ascii_graphic() && b != b'#';
        if (1..=128).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::EventId(shorten(text)))
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A customer of ours: a team with one or more AWS accounts.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantId(String);

impl TenantId {
    /// 1 to 64 ASCII letters, digits, `_` or `-`.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::TenantId(shorten(text)))
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// At most 40 characters of a text that came from outside, for an error message.
fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

macro_rules! shown_as_text {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.0)
            }
        }
    )*};
}
shown_as_text!(AccountId, Region, EventId, TenantId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_id_has_twelve_digits() {
        assert!(AccountId::parse("123456789012").is_ok());
        for wrong in
            ["", "12345678901", "1234567890123", "12345678901x", "１２３４５６７８９０１２"]
        {
            assert!(AccountId::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_role_s_arn_names_its_account_and_ends_with_its_name() {
        for (good, name) in [
            ("dd0c-cost-readonly", "dd0c-cost-readonly"),
            ("audit/dd0c-cost-readonly", "dd0c-cost-readonly"),
            ("dd0c-cost-readonly-2", "dd0c-cost-readonly-2"),
            ("of/it/role", "role"),
        ] {
            let arn = format!("arn:aws:iam::111122223333:role/{good}");
            let arn = RoleArn::parse(&arn).unwrap();
            assert_eq!((arn.account().as_str(), arn.name()), ("111122223333", name));
            assert!(!format!("{arn:?}").contains("1111"), "{arn:?}");
            assert_eq!(arn.is_read_only_role(), good == READ_ONLY_ROLE, "{good}");
        }
        for bad in [
            "",
            "dd0c-cost-readonly",
            "arn:aws:iam::11112222333:role/a",
            "arn:aws-cn:iam::111122223333:role/a",
            "arn:aws:iam::111122223333:user/ana",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role/a/",
            "arn:aws:iam::111122223333:role/a b",
            "arn:aws:sts::111122223333:assumed-role/a/b",
            " arn:aws:iam::111122223333:role/a",
        ] {
            assert_eq!(RoleArn::parse(bad), Err(IdError::RoleArn), "{bad}");
        }
        let long = format!("arn:aws:iam::111122223333:role/{}", "a".repeat(513));
        assert!(RoleArn::parse(&long).is_err());
        assert!(!IdError::RoleArn.to_string().contains("1111"));
    }

    #[test]
    fn replay_takes_scrubbed_account_ids_and_says_that_they_are_not_canonical() {
        let scrubbed = AccountId::parse_lenient("YOUR_ACCOUNT_ID").unwrap();
        assert!(!scrubbed.is_canonical());
        assert!(AccountId::parse_lenient("1234#5678").is_err());
    }

    #[test]
    fn ids_cannot_smuggle_the_key_separator() {
        assert!(EventId::parse("a#b").is_err());
        assert!(Region::parse("eu-west-1#x").is_err());
        assert!(Region::parse("EU-WEST-1").is_err());
    }

    #[test]
    fn an_error_shows_only_the_beginning_of_a_hostile_text() {
        let error = AccountId::parse(&"9".repeat(10_000)).unwrap_err().to_string();
        assert!(error.len() < 120, "{error}");
    }
}
