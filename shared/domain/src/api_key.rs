//! Keys with which a tenant's own programs ask: what one may do, and how it is shown to people. The
//! key itself is never kept.

use jiff::Timestamp;
use std::collections::BTreeSet;

/// Something that a key may be good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Right {
    /// Reading anomalies.
    AnomaliesRead,
    /// Answering anomalies: expected, snoozed, confirmed. It does not include reading them.
    AnomaliesWrite,
    /// Reading what runs and is not used.
    ZombiesRead,
    /// Reading the estimated run-rate.
    SpendRead,
}

impl Right {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] =
        [Self::AnomaliesRead, Self::AnomaliesWrite, Self::ZombiesRead, Self::SpendRead];

    /// Its word in the API and in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AnomaliesRead => "anomalies:read",
            Self::AnomaliesWrite => "anomalies:write",
            Self::ZombiesRead => "zombies:read",
            Self::SpendRead => "spend:read",
        }
    }

    /// The right of that word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.code() == code)
    }
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its name for machines, a ULID.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// How the key begins, `dd0c_Ab3…`: enough to tell it from others, too little to guess it.
    pub hint: String,
    /// What it is good for.
    pub rights: BTreeSet<Right>,
    /// Who made it, by name.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was used last, to ten minutes; `None` if it never was.
    pub last_used_at: Option<Timestamp>,
    /// Since when it is good for nothing.
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// Whether it is good for something of this kind.
    pub fn may(&self, right: Right) -> bool {
        self.revoked_at.is_none() && self.rights.contains(&right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(rights: &[Right]) -> ApiKey {
        ApiKey {
            id: "01JXA000000000000000000001".to_owned(),
            name: "CI".to_owned(),
            hint: "dd0c_Ab3…".to_owned(),
            rights: rights.iter().copied().collect(),
            created_by: "ana".to_owned(),
            created_at: Timestamp::UNIX_EPOCH,
            last_used_at: None,
            revoked_at: None,
        }
    }

    #[test]
    fn a_right_comes_back_from_its_word_and_no_other_word_is_one() {
        for right in Right::ALL {
            assert_eq!(Right::from_code(right.code()), Some(right));
        }
        for wrong in ["", "anomalies", "anomalies:*", "Anomalies:read", "anomalies:read "] {
            assert_eq!(Right::from_code(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_key_is_good_for_what_it_was_given_until_it_is_revoked() {
        let writes = key(&[Right::AnomaliesWrite]);
        assert!(writes.may(Right::AnomaliesWrite) && !writes.may(Right::AnomaliesRead));
        let revoked = ApiKey { revoked_at: Some(Timestamp::UNIX_EPOCH), ..key(&Right::ALL) };
        assert!(Right::ALL.into_iter().all(|right| !revoked.may(right)));
    }
}
