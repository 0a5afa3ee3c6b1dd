//! Worker: does one piece of work on an account. Each may come twice, late, or after a crash in the
//! middle of it.

use super::connect::Wanted;
use super::past::Reading;
use super::{Job, Jobs, check, connect, past, scan, stack};
use crate::cloud::Cloud;
use crate::error::Failure;
use crate::ports::{Queue, StackReply};
use crate::switches::Switches;
use domain::ids::{AccountId, Region, TenantId};
use domain::price::Prices;
use jiff::Timestamp;
use store::{Table, TenantScope};

/// Longest message, in bytes: an address of an answer has 8,192 at most, the rest is short.
const MAX_MESSAGE: usize = 64 * 1024;

/// What works on accounts, and all that it needs.
pub struct Worker<'a, C, Q, R, P, M> {
    /// The one table.
    pub table: &'a Table,
    /// List prices.
    pub prices: &'a dyn Prices,
    /// What is switched off, account by account.
    pub switches: Switches<'a>,
    /// Customers' accounts.
    pub cloud: &'a C,
    /// Answers CloudFormation.
    pub reply: &'a R,
    /// Where work on accounts is waiting, and where it goes on.
    pub jobs: Jobs<'a, Q>,
    /// Takes what is to be told.
    pub alerts: &'a Q,
    /// Bus to which customers' rules have to forward.
    pub bus_arn: &'a str,
    /// Waits until the history of a region may be asked again: twice a second and not more.
    pub pace: &'a P,
    /// Whether a tenant may connect one more account.
    pub may_connect: &'a M,
}

/// What became of a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worked {
    /// A stack was answered.
    Answered {
        /// That all is well.
        success: bool,
    },
    /// There was nothing to be done, and why.
    Ignored(&'static str),
    /// Somebody called back who is nobody of ours: it is acknowledged and counted, and why it was not
    /// answered.
    Stranger(&'static str),
    /// An account was connected.
    Connected,
    /// It was not: its setup says why.
    Refused,
    /// An account was looked at.
    Checked {
        /// Whether something is not as it should be.
        degraded: bool,
    },
    /// Regions were searched.
    Scanned {
        /// All of them.
        finished: bool,
    },
    /// Days were rehearsed.
    Rehearsed {
        /// All of them.
        finished: bool,
    },
}

impl Worked {
    /// Stable word, for counters and logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Answered { success: true } => "answered_success",
            Self::Answered { success: false } => "answered_failed",
            Self::Ignored(_) => "ignored",
            Self::Stranger(_) => "stranger",
            Self::Connected => "connected",
            Self::Refused => "refused",
            Self::Checked { .. } => "checked",
            Self::Scanned { .. } => "scanned",
            Self::Rehearsed { .. } => "rehearsed",
        }
    }
}

impl<C, Q, R, P, M> Worker<'_, C, Q, R, P, M>
where
    C: Cloud,
    Q: Queue,
    R: StackReply,
    P: AsyncFn(&Region),
    M: AsyncFn(&TenantScope) -> Result<bool, Failure>,
{
    /// Does what a message of the queue asks for; what takes long goes on only while `go_on` says so,
    /// and then in another message.
    pub async fn handle(
        &self,
        body: &str,
        now: Timestamp,
        go_on: impl Fn() -> bool + Sync,
    ) -> Result<Worked, Failure> {
        // Ours are short and can be read. What cannot is a stranger's, and not put aside: he could fill
        // the queue of dead letters.
        let readable = Some(body).filter(|body| body.len() <= MAX_MESSAGE);
        let Some(message) = readable.and_then(|body| serde_json::from_str(body).ok()) else {
            return Ok(Worked::Stranger("it cannot be read"));
        };
        self.work(Job::read(message)?, now, go_on).await
    }

    /// Does a piece of work.
    pub async fn work(
        &self,
        job: Job,
        now: Timestamp,
        go_on: impl Fn() -> bool + Sync,
    ) -> Result<Worked, Failure> {
        let (table, cloud, jobs) = (self.table, self.cloud, self.jobs);
        match job {
            Job::StackCalled(message) => {
                stack::called(table, (jobs, self.reply), &message, now).await
            }
            Job::Connect { tenant, setup, account, role_arn, regions, by_hand } => {
                let named = (&account, role_arn.as_str(), regions.as_slice());
                self.connect((&tenant, &setup), named, by_hand, now).await
            }
            Job::Check { account } => {
                let of = (&account, self.bus_arn);
                check::check(table, cloud, (jobs, self.alerts), of, now).await
            }
            Job::Scan { account } => scan::scan(table, (cloud, jobs), &account, now, &go_on).await,
            Job::Rehearse { account } => self.rehearse(&account, now, &go_on).await,
        }
    }

    async fn connect(
        &self,
        (tenant, setup): (&TenantId, &str),
        (account, role_arn, regions): (&AccountId, &str, &[Region]),
        by_hand: bool,
        now: Timestamp,
    ) -> Result<Worked, Failure> {
        let Some((scope, setup)) = self.table.begun_setup(tenant, setup).await? else {
            return Ok(Worked::Ignored("there is no such setup"));
        };
        let wanted = Wanted { scope, setup, account, role_arn, regions, by_hand };
        let outside = (self.cloud, self.jobs);
        connect::connect(self.table, outside, &wanted, self.may_connect, now).await
    }

    async fn rehearse(
        &self,
        account: &AccountId,
        now: Timestamp,
        go_on: &impl Fn() -> bool,
    ) -> Result<Worked, Failure> {
        let reading = Reading {
            table: self.table,
            prices: self.prices,
            switches: self.switches,
            cloud: self.cloud,
            pace: self.pace,
        };
        past::rehearse(&reading, (self.jobs, self.alerts), account, now, go_on).await
    }
}
