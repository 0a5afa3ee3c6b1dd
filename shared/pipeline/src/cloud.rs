//! Cloud: what we look at in a customer's AWS account, by the role that he made for us.

use crate::error::Failure;
use domain::health::{RoleProblem, RuleProblem, TrailProblem};
use domain::ids::{AccountId, Region};
use domain::money::Usd;
use domain::zombie::{Part, Zombie, ZombieCheck};
use jiff::Timestamp;
use rust_decimal::Decimal;
use std::fmt;
use std::ops::AddAssign;
use store::RoleAccess;

/// By which role an account is looked at.
#[derive(Clone, PartialEq, Eq)]
pub struct Access {
    /// Whose account.
    pub account: AccountId,
    /// The role.
    pub role_arn: String,
    /// What was agreed upon with the customer, for this connection alone.
    pub external_id: String,
}

impl Access {
    /// By the role with which an account is connected.
    pub fn by(account: &AccountId, role: &RoleAccess) -> Self {
        Self {
            account: account.clone(),
            role_arn: role.role_arn.clone(),
            external_id: role.external_id.clone(),
        }
    }
}

/// Nothing of it is for a log.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").finish_non_exhaustive()
    }
}

/// A customer's AWS account. What is wrong with the account is an answer; a [`Failure`] is when
/// nothing could be told. A role that does not let us in is [`Failure::Gone`] outside of
/// [`Cloud::check_role`].
pub trait Cloud {
    /// Whether the role answers us with what was agreed upon, nobody without it, belongs to the
    /// account, and is as the template makes it.
    fn check_role(
        &self,
        access: &Access,
    ) -> impl Future<Output = Result<Result<(), RoleProblem>, Failure>> + Send;

    /// The regions that are switched on in the account, sorted.
    fn regions(&self, access: &Access)
    -> impl Future<Output = Result<Vec<Region>, Failure>> + Send;

    /// Whether a trail makes events of the calls in all of these regions.
    fn check_trail(
        &self,
        access: &Access,
        regions: &[Region],
    ) -> impl Future<Output = Result<Result<(), TrailProblem>, Failure>> + Send;

    /// Whether the rules of a region hand events to our bus.
    fn check_rules(
        &self,
        access: &Access,
        region: &Region,
        bus_arn: &str,
    ) -> impl Future<Output = Result<Result<(), RuleProblem>, Failure>> + Send;

    /// Makes a harmless call that has to come back over the bus: a dry run of `ec2:CreateSnapshot`
    /// that the role is not even allowed, by a session that is called [`PROOF_SESSION`].
    fn knock(
        &self,
        access: &Access,
        region: &Region,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// A page of what was called in a region in a span of time, changes only.
    fn lookup(
        &self,
        access: &Access,
        region: &Region,
        span: (Timestamp, Timestamp),
        next: Option<String>,
    ) -> impl Future<Output = Result<LookedUp, Failure>> + Send;

    /// Looks for what costs money in a part of a region and does nothing, and says what looking has
    /// taken, whatever became of it. `None` where `go_on` said that there is no more time.
    fn scan(
        &self,
        access: &Access,
        place: (&Region, Part),
        now: Timestamp,
        go_on: &(impl Fn() -> bool + Sync),
    ) -> impl Future<Output = (Calls, Result<Option<Scanned>, Failure>)> + Send;
}

/// Name of the session in which [`Cloud::knock`] calls.
pub const PROOF_SESSION: &str = "dd0c-cost-proof";

/// What it calls there.
pub const PROOF_CALL: &str = "CreateSnapshot";

/// A page of CloudTrail's own history.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LookedUp {
    /// Records, each as the JSON that CloudTrail wrote; newest first.
    pub records: Vec<String>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<String>,
}

/// What a scan of a part of one region found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scanned {
    /// What costs money and does nothing.
    pub zombies: Vec<Zombie>,
    /// What could not be judged, one entry a resource, and why.
    pub unjudged: Vec<(ZombieCheck, String)>,
    /// Checks of whose resources there was no list: nobody knows what is gone.
    pub unlisted: Vec<ZombieCheck>,
}

/// What looking takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calls {
    /// Requests to AWS, every try counted.
    pub requests: u64,
    /// Metrics asked of `CloudWatch`, which AWS charges the customer for.
    pub metrics: u64,
}

impl Calls {
    /// What AWS charges the customer: $0.01 for 1,000 metrics of `GetMetricData`; all other calls are
    /// free.
    pub fn usd(self) -> Usd {
        Usd::new(Decimal::from(self.metrics) * Decimal::new(1, 5))
    }
}

impl AddAssign for Calls {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        self.metrics += other.metrics;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_metrics_cost_a_cent() {
        let mut calls = Calls { requests: 7, metrics: 1_500 };
        calls += Calls { requests: 1, metrics: 500 };
        assert_eq!(calls.usd(), Usd::from_cents(2));
        assert_eq!(calls.requests, 8);
        assert_eq!(Calls { requests: 9, metrics: 1 }.usd().to_string(), "0.00001");
    }

    #[test]
    fn what_was_agreed_upon_does_not_print() {
        let access = Access {
            account: AccountId::parse("111122223333").unwrap(),
            role_arn: "arn:aws:iam::111122223333:role/dd0c-cost-readonly".to_owned(),
            external_id: "6f1b2d1e-secret".to_owned(),
        };
        let shown = format!("{access:?}");
        assert!(!shown.contains("secret") && !shown.contains("1111"), "{shown}");
    }
}
