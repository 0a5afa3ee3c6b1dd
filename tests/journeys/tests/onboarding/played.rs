//! A customer's AWS account that is played, and a CloudFormation that keeps what it is answered.

use domain::health::{RoleProblem, RuleProblem, TrailProblem};
use domain::ids::Region;
use domain::zombie::{Part, Zombie, ZombieCheck};
use jiff::Timestamp;
use pipeline::cloud::{Access, Calls, Cloud, LookedUp, Scanned};
use pipeline::error::Failure;
use pipeline::ports::StackReply;
use sample_trail::Record;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// What the account is like; a test changes it.
#[derive(Default)]
pub(crate) struct Account {
    /// Which external id its role asks for; with another it does not answer.
    pub(crate) external_id: Option<String>,
    /// What is wrong with the role.
    pub(crate) role: Option<RoleProblem>,
    /// Looks at the role until AWS knows it everywhere.
    pub(crate) unknown_for: u32,
    pub(crate) regions: Vec<Region>,
    pub(crate) trail: Option<TrailProblem>,
    pub(crate) rules: BTreeMap<Region, RuleProblem>,
    pub(crate) zombies: BTreeMap<Region, Vec<Zombie>>,
    /// Regions in which a scan fails, and how.
    pub(crate) failing: BTreeMap<Region, Failure>,
    /// What was called in it: when, where, and the record; the newest first.
    past: Vec<(Timestamp, Region, String)>,
    /// Regions in which nobody can knock, and how that fails.
    pub(crate) knocks_fail: BTreeMap<Region, Failure>,
    /// Where we have knocked.
    pub(crate) knocks: Vec<Region>,
    /// Parts of regions that were searched, in their order.
    pub(crate) scans: Vec<(Region, Part)>,
    /// Checks of whose resources AWS gives no list.
    pub(crate) unlisted: Vec<ZombieCheck>,
    /// How many steps a part takes, where it takes any.
    pub(crate) takes: BTreeMap<(Region, Part), u32>,
    /// Parts that are never done: whoever is at them dies there.
    pub(crate) hangs: BTreeSet<(Region, Part)>,
    /// Pages that were looked up, by the day.
    pub(crate) lookups: u64,
    /// Regions whose past may not be looked up, and how AWS says so.
    pub(crate) hidden: BTreeMap<Region, Failure>,
    /// What becomes of every look at the role.
    pub(crate) role_fails: Option<Failure>,
    /// What becomes of listing the regions.
    pub(crate) regions_fail: Option<Failure>,
    /// What becomes of a look at the trails.
    pub(crate) trail_fails: Option<Failure>,
    /// Regions whose rules cannot be seen, and how.
    pub(crate) rules_fail: BTreeMap<Region, Failure>,
    /// The bus that was asked for.
    pub(crate) bus: BTreeSet<String>,
}

/// The account, to be looked at.
#[derive(Default)]
pub(crate) struct Played {
    account: Mutex<Account>,
    /// Told when somebody begins what is never done.
    pub(crate) hanging: Notify,
}

impl Played {
    pub(crate) fn of(external_id: &str) -> Self {
        let regions = ["eu-west-1", "us-east-1"].map(region).to_vec();
        let external_id = Some(external_id.to_owned());
        let account = Mutex::new(Account { external_id, regions, ..Account::default() });
        Self { account, hanging: Notify::new() }
    }

    pub(crate) fn set(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was called in it before.
    pub(crate) fn remember(&self, past: &[Record]) {
        let text = |record: &Record, name: &str| record[name].as_str().unwrap().to_owned();
        let one = |record: &Record| {
            let at = text(record, "eventTime").parse().unwrap();
            (at, region(&text(record, "awsRegion")), record.to_string())
        };
        let mut past: Vec<_> = past.iter().map(one).collect();
        past.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
        self.set().past = past;
    }

    /// As AWS checks every call.
    fn inside(&self, access: &Access) -> Result<MutexGuard<'_, Account>, Failure> {
        let account = self.set();
        let known = account.external_id.as_ref() == Some(&access.external_id);
        if !known || account.role == Some(RoleProblem::NoSuchRoleOrNotOurs) {
            return Err(Failure::Gone("the role does not let us in".to_owned()));
        }
        Ok(account)
    }
}

impl Cloud for Played {
    async fn check_role(&self, access: &Access) -> Result<Result<(), RoleProblem>, Failure> {
        let mut account = self.set();
        failing(account.role_fails.as_ref())?;
        if account.unknown_for > 0 {
            account.unknown_for -= 1;
            return Ok(Err(RoleProblem::NoSuchRoleOrNotOurs));
        }
        if account.external_id.as_ref() != Some(&access.external_id) {
            return Ok(Err(RoleProblem::NoSuchRoleOrNotOurs));
        }
        Ok(account.role.clone().map_or(Ok(()), Err))
    }

    async fn regions(&self, access: &Access) -> Result<Vec<Region>, Failure> {
        let account = self.inside(access)?;
        failing(account.regions_fail.as_ref())?;
        Ok(account.regions.clone())
    }

    async fn check_trail(
        &self,
        access: &Access,
        _: &[Region],
    ) -> Result<Result<(), TrailProblem>, Failure> {
        let account = self.inside(access)?;
        failing(account.trail_fails.as_ref())?;
        Ok(account.trail.clone().map_or(Ok(()), Err))
    }

    async fn check_rules(
        &self,
        access: &Access,
        region: &Region,
        bus_arn: &str,
    ) -> Result<Result<(), RuleProblem>, Failure> {
        let mut account = self.inside(access)?;
        account.bus.insert(bus_arn.to_owned());
        failing(account.rules_fail.get(region))?;
        Ok(account.rules.get(region).cloned().map_or(Ok(()), Err))
    }

    async fn knock(&self, access: &Access, region: &Region) -> Result<(), Failure> {
        let mut account = self.inside(access)?;
        failing(account.knocks_fail.get(region))?;
        account.knocks.push(region.clone());
        Ok(())
    }

    async fn lookup(
        &self,
        access: &Access,
        region: &Region,
        (from, until): (Timestamp, Timestamp),
        next: Option<String>,
    ) -> Result<LookedUp, Failure> {
        let mut account = self.inside(access)?;
        account.lookups += 1;
        failing(account.hidden.get(region))?;
        // AWS includes both ends.
        let of_span = |(at, of, _): &&(Timestamp, Region, String)| {
            of == region && from <= *at && *at <= until
        };
        let begin: usize = next.map_or(0, |next| next.parse().unwrap());
        let mut found = account.past.iter().filter(of_span).skip(begin);
        let records: Vec<String> = found.by_ref().take(50).map(|it| it.2.clone()).collect();
        let next = found.next().map(|_| (begin + records.len()).to_string());
        Ok(LookedUp { records, next })
    }

    async fn scan(
        &self,
        access: &Access,
        (region, part): (&Region, Part),
        _: Timestamp,
        go_on: &(impl Fn() -> bool + Sync),
    ) -> (Calls, Result<Option<Scanned>, Failure>) {
        if self.set().hangs.contains(&(region.clone(), part)) {
            self.hanging.notify_one();
            std::future::pending::<()>().await;
        }
        let mut account = match self.inside(access) {
            Ok(account) => account,
            Err(failure) => return (Calls::default(), Err(failure)),
        };
        account.scans.push((region.clone(), part));
        let calls = Calls { requests: 1, metrics: if part == Part::Compute { 2 } else { 0 } };
        if let Err(failure) = failing(account.failing.get(region)) {
            return (calls, Err(failure));
        }
        let takes = account.takes.get(&(region.clone(), part)).copied().unwrap_or_default();
        if (0..takes).any(|_| !go_on()) {
            return (calls, Ok(None));
        }
        let of_part = |zombie: &&Zombie| Part::of(zombie.check) == part;
        let zombies = account.zombies.get(region).into_iter().flatten().filter(of_part);
        let unjudged = (part == Part::Compute)
            .then(|| (ZombieCheck::ALL[0], "no figures".to_owned()))
            .into_iter();
        let (zombies, unjudged) = (zombies.cloned().collect(), unjudged.collect());
        let unlisted = account.unlisted.clone();
        (calls, Ok(Some(Scanned { zombies, unjudged, unlisted })))
    }
}

fn failing(failure: Option<&Failure>) -> Result<(), Failure> {
    failure.cloned().map_or(Ok(()), Err)
}

/// What CloudFormation was answered.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) kept: Mutex<Vec<(String, Value)>>,
    /// What becomes of the next ones.
    pub(crate) failures: Mutex<Vec<Failure>>,
}

impl Answers {
    pub(crate) fn all(&self) -> Vec<Value> {
        let kept = self.kept.lock().unwrap();
        kept.iter().map(|(_, answer)| answer.clone()).collect()
    }

    pub(crate) fn last(&self) -> Value {
        self.all().pop().unwrap()
    }
}

impl StackReply for Answers {
    async fn reply(&self, url: &str, answer: &Value) -> Result<bool, Failure> {
        stack_reply::check(url, false).map_err(|why| Failure::Reject(why.to_owned()))?;
        if let Some(failure) = self.failures.lock().unwrap().pop() {
            return Err(failure);
        }
        self.kept.lock().unwrap().push((url.to_owned(), answer.clone()));
        Ok(true)
    }
}

pub(crate) fn region(code: &str) -> Region {
    Region::parse(code).unwrap()
}
