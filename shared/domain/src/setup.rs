//! Setting up: from a link that was handed out to an account that is watched, and how far that is.

use crate::health::Problem;
use crate::ids::{AccountId, Region};
use crate::money::Usd;
use crate::zombie::Part;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// How long the link of a setup holds: a stack in many regions takes minutes, a security review hours.
pub const SETUP_HOLDS: SignedDuration = SignedDuration::from_hours(24);
/// How far back an account's past is rehearsed: CloudTrail keeps it for so long.
pub const REHEARSED: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Who looks at a role is done within so long: a new one takes two minutes to be known everywhere.
pub const CHECKING_TAKES: SignedDuration = SignedDuration::from_mins(10);

/// An account that somebody wants to connect.
#[derive(Clone, PartialEq, Eq)]
pub struct Setup {
    /// ULID.
    pub id: String,
    /// A random UUID, made for this connection alone.
    pub external_id: String,
    /// Works once: tells us which setup a stack belongs to.
    pub handshake: String,
    /// Since when.
    pub created_at: Timestamp,
    /// How far it is.
    pub stage: Stage,
    /// Since when its role is looked for in vain: AWS takes a while to know a new one everywhere.
    pub looked_for_since: Option<Timestamp>,
    /// Since when its role is being looked at; `None` where it is not, or nobody noted it.
    pub checking_since: Option<Timestamp>,
    /// Counts its changes.
    pub version: u64,
}

/// How far a setup is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// For the customer's stack, or for the ARN of a role.
    Waiting,
    /// The role is being looked at.
    Checking {
        /// Of which account.
        account: AccountId,
    },
    /// Something is wrong with the role; it may be named again.
    Refused {
        /// Of which account.
        account: AccountId,
        /// What.
        findings: Vec<Finding>,
    },
    /// The account is connected.
    Connected {
        /// Which.
        account: AccountId,
    },
}

/// Something that is not as it should be, as people are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable word; begins with what it is about: `role_`, `trail_`, `rules_`, `events_`, `account_`.
    pub code: String,
    /// Where; `None` for the whole account.
    pub region: Option<Region>,
    /// What is wrong and what to do.
    pub text: String,
}

impl Setup {
    /// Until when its link holds.
    pub fn expires_at(&self) -> Timestamp {
        self.created_at.checked_add(SETUP_HOLDS).unwrap_or(Timestamp::MAX)
    }

    /// How far it is at a moment. A role that nobody has come to look at (who wanted to send for him
    /// has died, or AWS failed all the time) counts as refused, so that it may be named again.
    pub fn stage_at(&self, now: Timestamp) -> Stage {
        let since = self.checking_since.unwrap_or(self.created_at);
        match &self.stage {
            Stage::Checking { account } if now.duration_since(since) > CHECKING_TAKES => {
                Stage::Refused { account: account.clone(), findings: vec![Finding::unseen()] }
            }
            stage => stage.clone(),
        }
    }

    /// As it is while the role of an account is looked at, from a moment on.
    #[must_use]
    pub fn checking(self, account: AccountId, now: Timestamp) -> Self {
        let (stage, checking_since) = (Stage::Checking { account }, Some(now));
        Self { stage, checking_since, looked_for_since: None, ..self }
    }
}

impl Finding {
    /// Nobody came to look at a role.
    fn unseen() -> Self {
        let text = "Nobody came to look at the role: the fault is ours. Name the role again, or create \
                    the stack dd0c-cost-readonly anew from the link in the wizard.";
        Self { code: "role_unreachable".to_owned(), region: None, text: text.to_owned() }
    }
}

/// The external id and the handshake are for who sets up, and for nobody else.
impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { id, created_at, version, .. } = self;
        write!(f, "Setup {{ id: {id:?}, created_at: {created_at}, version: {version}, .. }}")
    }
}

impl Stage {
    /// Stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Checking { .. } => "checking",
            Self::Refused { .. } => "refused",
            Self::Connected { .. } => "connected",
        }
    }

    /// The account that it is about, once that is known.
    pub const fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Waiting => None,
            Self::Checking { account }
            | Self::Refused { account, .. }
            | Self::Connected { account } => Some(account),
        }
    }
}

impl From<Problem> for Finding {
    fn from(problem: Problem) -> Self {
        Self { code: problem.code.to_owned(), region: problem.region, text: problem.text }
    }
}

/// How an account stood when it was last looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkup {
    /// When.
    pub at: Timestamp,
    /// The regions in which we have knocked, at `knocked_at`.
    pub regions: Vec<Region>,
    /// What is not as it should be.
    pub findings: Vec<Finding>,
    /// When we last knocked: made a call in a region that has to come back over the bus.
    pub knocked_at: Option<Timestamp>,
    /// When it last turned, from healthy to degraded or back.
    pub turned_at: Option<Timestamp>,
    /// Of which turn people are told, at least as far as it was asked for.
    pub told_of: Option<Timestamp>,
}

/// How far the search for zombies in an account is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScanProgress {
    /// When it began.
    pub began_at: Timestamp,
    /// When all regions were searched.
    pub finished_at: Option<Timestamp>,
    /// Regions that were searched.
    pub done: Vec<Region>,
    /// Parts that were searched of the region whose turn it is.
    pub parts: Vec<Part>,
    /// How often the next part was begun, if it was.
    pub tries: Option<u32>,
    /// Regions to be searched.
    pub of: Vec<Region>,
    /// Zombies found.
    pub zombies: u64,
    /// What they cost a month in US dollars, as far as their prices are known.
    pub monthly: Usd,
    /// Resources that could not be judged, by the check.
    pub unjudged: BTreeMap<String, u64>,
    /// Requests to AWS that it took.
    pub requests: u64,
    /// Metrics that AWS charges the customer for.
    pub metrics: u64,
}

/// How far the rehearsal of an account's past is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RehearsalProgress {
    /// Where the past begins.
    pub from: Timestamp,
    /// Where it ends: from then on the account is watched.
    pub until: Timestamp,
    /// Up to when it is rehearsed.
    pub through: Timestamp,
    /// Seconds that are looked up at once: fewer where much was called.
    pub step: u64,
    /// Whether records were left out: there are too many, or a region may not be asked.
    pub cut: bool,
    /// Regions that could not be asked, at least for a part of the time.
    pub skipped_regions: Vec<Region>,
    /// When it was done.
    pub finished_at: Option<Timestamp>,
    /// Records read.
    pub records: u64,
    /// Cost events among them.
    pub cost_events: u64,
    /// Requests to AWS that it took.
    pub requests: u64,
}

impl RehearsalProgress {
    /// Percentage of the time that is done.
    pub fn percent(&self) -> u64 {
        let all = self.until.as_second() - self.from.as_second();
        let done = self.through.as_second() - self.from.as_second();
        if self.finished_at.is_some() || all <= 0 {
            return 100;
        }
        u64::try_from(done.max(0) * 100 / all).unwrap_or_default().min(99)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn setup(checking_since: Option<Timestamp>) -> Setup {
        Setup {
            id: "01J".to_owned(),
            external_id: "6f1b2d1e-0000-4000-8000-000000000000".to_owned(),
            handshake: "abc_DEF-0123456789abc_DEF-0123456789".to_owned(),
            created_at: at(0),
            stage: Stage::Checking { account: AccountId::parse("111122223333").unwrap() },
            looked_for_since: None,
            checking_since,
            version: 0,
        }
    }

    #[test]
    fn a_role_that_nobody_looks_at_for_ten_minutes_may_be_named_again() {
        for (since, began) in [(None, 0), (Some(at(3_600)), 3_600)] {
            let setup = setup(since);
            assert_eq!(setup.stage_at(at(began + 600)), setup.stage);
            let Stage::Refused { findings, .. } = setup.stage_at(at(began + 601)) else { panic!() };
            assert_eq!(findings[0].code, "role_unreachable");
            assert!(!findings[0].text.contains("  ") && findings[0].text.ends_with('.'));
        }
        let account = AccountId::parse("111122223333").unwrap();
        let again = setup(None).checking(account.clone(), at(9_000));
        assert_eq!(again.stage_at(at(9_600)), again.stage);
        let connected = Setup { stage: Stage::Connected { account }, ..again };
        assert_eq!(connected.stage_at(Timestamp::MAX), connected.stage);
    }

    #[test]
    fn a_rehearsal_is_done_when_it_says_so_and_not_before() {
        let mut progress = RehearsalProgress {
            from: at(1_000),
            until: at(2_000),
            through: at(1_000),
            ..RehearsalProgress::default()
        };
        assert_eq!(progress.percent(), 0);
        progress.through = at(1_500);
        assert_eq!(progress.percent(), 50);
        progress.through = at(2_000);
        assert_eq!(progress.percent(), 99);
        progress.finished_at = Some(at(2_001));
        assert_eq!(progress.percent(), 100);
        assert_eq!(RehearsalProgress::default().percent(), 100);
    }
}
