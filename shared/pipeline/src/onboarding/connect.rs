//! Connect: a role that was named for a setup is looked at; if it is as it should be, the account is
//! connected. The role is kept nowhere before.

use super::stack::is_role_of;
use super::worker::Worked;
use super::{Job, Jobs};
use crate::cloud::{Access, Cloud};
use crate::error::Failure;
use crate::leaving;
use crate::lifecycle::{self, Change};
use crate::ports::Queue;
use domain::governance::Asker;
use domain::health::RoleProblem;
use domain::ids::{AccountId, Region};
use domain::setup::{Finding, Setup, Stage};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use store::{
    AccountOwner, AccountStatus, Connected, Connection, RoleAccess, Table, Task, TenantScope,
};

/// AWS knows a new role everywhere within so long.
const IAM_TAKES: SignedDuration = SignedDuration::from_mins(2);
/// Until then it is looked for again after so long: nine looks, where the queue gives up after twelve.
const LOOK_AGAIN: Duration = Duration::from_secs(15);
/// IAM's name of what lists regions.
const LIST_REGIONS: &str = "ec2:DescribeRegions";
/// What to do where AWS refuses to answer, whatever its words are.
const AWS_REFUSES: &str = "AWS refused to let us look at the account by this role, so that it is not \
                           connected. See whether the account is active and the role is there, then \
                           name the role again, or create the stack dd0c-cost-readonly anew from the \
                           link in the wizard.";
/// Between two looks at an account.
pub(crate) const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What is to be connected for which setup.
pub(crate) struct Wanted<'a> {
    pub(crate) scope: TenantScope,
    pub(crate) setup: Setup,
    pub(crate) account: &'a AccountId,
    pub(crate) role_arn: &'a str,
    /// None for all that are switched on.
    pub(crate) regions: &'a [Region],
    /// Somebody waits: he is told at once.
    pub(crate) by_hand: bool,
}

/// Why an account is not connected.
enum Not {
    /// It may be, a moment later.
    Yet(Finding),
    /// Somebody has to do something.
    Refused(Finding),
}

/// Looks at the role, and connects the account. May be repeated.
pub(crate) async fn connect<C: Cloud, Q: Queue>(
    table: &Table,
    (cloud, jobs): (&C, Jobs<'_, Q>),
    wanted: &Wanted<'_>,
    may_connect: &impl AsyncFn(&TenantScope) -> Result<bool, Failure>,
    now: Timestamp,
) -> Result<Worked, Failure> {
    if matches!(wanted.setup.stage, Stage::Connected { .. }) {
        return Ok(Worked::Ignored("its setup is done"));
    }
    let access = match role(cloud, wanted).await? {
        Ok(access) => access,
        Err(not) => return refuse(table, wanted, not, now).await,
    };
    if let Err(finding) = may_be_connected(table, cloud, wanted, (may_connect, now)).await? {
        return refuse(table, wanted, Not::Refused(finding), now).await;
    }
    if !join(table, wanted, access, now).await? {
        return refuse(table, wanted, Not::Refused(of_another()), now).await;
    }
    begin_watching(table, jobs, wanted.account, now).await?;
    let stage = Stage::Connected { account: wanted.account.clone() };
    change(table, wanted, stage, None).await?;
    Ok(Worked::Connected)
}

/// The role, once it has been looked at.
async fn role<C: Cloud>(
    cloud: &C,
    wanted: &Wanted<'_>,
) -> Result<Result<RoleAccess, Not>, Failure> {
    let Wanted { setup, account, role_arn, .. } = wanted;
    if !is_role_of(role_arn, account) {
        let problem = RoleProblem::WrongAccount { found: None };
        return Ok(Err(Not::Refused(finding(&problem))));
    }
    let access = Access {
        account: (*account).clone(),
        role_arn: (*role_arn).to_owned(),
        external_id: setup.external_id.clone(),
    };
    match look(cloud, &access, wanted.regions).await {
        Ok(Ok(regions)) => {
            let Access { role_arn, external_id, .. } = access;
            Ok(Ok(RoleAccess { role_arn, external_id, regions }))
        }
        Ok(Err(problem)) => Ok(Err(not(&problem, wanted.by_hand))),
        Err(failure) => unanswered(failure, wanted.by_hand).map(Err),
    }
}

/// What is wrong with the role, or the regions to be watched by it.
async fn look<C: Cloud>(
    cloud: &C,
    access: &Access,
    asked: &[Region],
) -> Result<Result<Vec<Region>, RoleProblem>, Failure> {
    if let Err(problem) = cloud.check_role(access).await? {
        return Ok(Err(problem));
    }
    match regions(cloud, access, asked).await {
        // The role is as the template makes it: a policy of the organisation denies it.
        Err(Failure::Closed(why)) => {
            tracing::warn!(why, "the regions of an account cannot be listed");
            Ok(Err(RoleProblem::MissingActions(vec![LIST_REGIONS.to_owned()])))
        }
        listed => listed.map(Ok),
    }
}

/// What AWS will say the next time too has to be told: who waits for an account looks at its setup
/// and at nothing else.
fn unanswered(failure: Failure, by_hand: bool) -> Result<Not, Failure> {
    match failure {
        Failure::Gone(_) => Ok(not(&RoleProblem::NoSuchRoleOrNotOurs, by_hand)),
        Failure::Reject(why) | Failure::Closed(why) => {
            tracing::warn!(why, "AWS refuses to let us look at a role");
            Ok(Not::Refused(account("role_unreachable", AWS_REFUSES)))
        }
        failure @ (Failure::Retry(_) | Failure::Later(..)) => Err(failure),
    }
}

fn not(problem: &RoleProblem, by_hand: bool) -> Not {
    match problem {
        RoleProblem::NoSuchRoleOrNotOurs if by_hand => Not::Refused(finding(problem)),
        RoleProblem::NoSuchRoleOrNotOurs | RoleProblem::Unreachable(_) => {
            Not::Yet(finding(problem))
        }
        _ => Not::Refused(finding(problem)),
    }
}

/// What is asked for, as far as it is switched on; all that is on where that is nothing.
async fn regions<C: Cloud>(
    cloud: &C,
    access: &Access,
    asked: &[Region],
) -> Result<Vec<Region>, Failure> {
    let on = cloud.regions(access).await?;
    let both: Vec<Region> = on.iter().filter(|region| asked.contains(region)).cloned().collect();
    Ok(if both.is_empty() { on } else { both })
}

/// Whether nothing speaks against it, now that the tenant has proved to control the account.
async fn may_be_connected<C: Cloud>(
    table: &Table,
    cloud: &C,
    wanted: &Wanted<'_>,
    (may_connect, now): (&impl AsyncFn(&TenantScope) -> Result<bool, Failure>, Timestamp),
) -> Result<Result<(), Finding>, Failure> {
    if leaving::of(table, &wanted.scope).await?.is_some() {
        return Ok(Err(being_deleted()));
    }
    let Some(owner) = table.owner(wanted.account).await? else {
        return has_room(wanted, may_connect).await;
    };
    if owner.scope != wanted.scope {
        return outdo(table, cloud, (&owner, wanted.account), now).await.map(Err);
    }
    let own = table.connection(&owner.scope, wanted.account).await?;
    let is_leaving = |own: &Connection| own.status == AccountStatus::Disconnecting;
    match own.filter(is_leaving) {
        Some(own) if own.lapsed_at.is_none() => Ok(Err(disconnecting())),
        _ => Ok(Ok(())),
    }
}

/// The account is another tenant's. Who has just shown that it is his outdoes one who cannot any more: that
/// one hears nothing more of it, as if he had disconnected it, and after the grace period it is free.
async fn outdo<C: Cloud>(
    table: &Table,
    cloud: &C,
    (owner, account): (&AccountOwner, &AccountId),
    now: Timestamp,
) -> Result<Finding, Failure> {
    let Some(before) = table.connection(&owner.scope, account).await? else {
        return Ok(of_another());
    };
    if before.lapsed_at.is_some() {
        return Ok(becomes_free());
    }
    if before.status == AccountStatus::Disconnecting || lets_in(cloud, &before).await? {
        return Ok(of_another());
    }
    let lapse = (&Asker::Rules, Change::Lapse);
    lifecycle::change_from(table, &owner.scope, before, lapse, now).await?;
    tracing::warn!("an account was taken from who cannot show any more that it is his");
    Ok(becomes_free())
}

/// Whether the role of a connection may still be used, as far as AWS says: only its clear no counts. What an
/// operator has connected has none.
async fn lets_in<C: Cloud>(cloud: &C, connection: &Connection) -> Result<bool, Failure> {
    let Some(role) = &connection.access else { return Ok(true) };
    match cloud.check_role(&Access::by(&connection.account, role)).await {
        Ok(Err(RoleProblem::NoSuchRoleOrNotOurs)) | Err(Failure::Gone(_)) => Ok(false),
        Ok(_) | Err(Failure::Reject(_) | Failure::Closed(_)) => Ok(true),
        Err(failure) => Err(failure),
    }
}

async fn has_room(
    wanted: &Wanted<'_>,
    may_connect: &impl AsyncFn(&TenantScope) -> Result<bool, Failure>,
) -> Result<Result<(), Finding>, Failure> {
    if may_connect(&wanted.scope).await? {
        return Ok(Ok(()));
    }
    Ok(Err(account(
        "account_limit_reached",
        "Your plan watches no further account. See Billing, then connect this one again.",
    )))
}

fn being_deleted() -> Finding {
    account(
        "being_deleted",
        "Everything of your team is being deleted. Take that back on any page of the dashboard, then \
         connect this account again.",
    )
}

fn disconnecting() -> Finding {
    account(
        "account_disconnecting",
        "This account is being disconnected, and its data are about to be deleted. Undo that under \
         Accounts, in place of connecting it again.",
    )
}

/// Says nothing of whose it is.
fn of_another() -> Finding {
    account(
        "account_of_another",
        "This account cannot be connected here: it is watched already. Somebody of your organisation \
         may have connected it; it has to be disconnected there first. Until then delete the stack \
         dd0c-cost-readonly: what it sends is read by who watches the account.",
    )
}

/// Says as little.
fn becomes_free() -> Finding {
    account(
        "account_becomes_free",
        "You have shown that this account is yours. It was watched for somebody else, who hears nothing \
         of it any more; his data of it go within three days. Leave the stack dd0c-cost-readonly as it \
         is, and name its role here once more then.",
    )
}

fn account(code: &str, text: &str) -> Finding {
    Finding { code: code.to_owned(), region: None, text: text.to_owned() }
}

fn finding(problem: &RoleProblem) -> Finding {
    Finding { code: problem.code().to_owned(), region: None, text: problem.text() }
}

/// Connects the account, or gives the one that is connected its new role. False if another tenant
/// was quicker.
async fn join(
    table: &Table,
    wanted: &Wanted<'_>,
    access: RoleAccess,
    now: Timestamp,
) -> Result<bool, Failure> {
    let asker = Asker::Customer(format!("by setup {}", wanted.setup.id));
    let with = (wanted.account, Some(access.clone()));
    let (connected, _) = lifecycle::connect(table, &wanted.scope, with, &asker, now).await?;
    match connected {
        Connected::Now => Ok(true),
        Connected::OfAnother => Ok(false),
        Connected::Already => reconnect(table, wanted, access, (&asker, now)).await.map(|()| true),
    }
}

async fn reconnect(
    table: &Table,
    wanted: &Wanted<'_>,
    access: RoleAccess,
    (asker, now): (&Asker, Timestamp),
) -> Result<(), Failure> {
    let busy = || Failure::Retry("somebody else is changing this account".to_owned());
    let before = table.connection(&wanted.scope, wanted.account).await?.ok_or_else(busy)?;
    let mut after = Connection { access: Some(access), ..before.clone() };
    if after.lapsed_at.take().is_some() {
        (after.status, after.purge_at) = (AccountStatus::Active, None);
    }
    if after == before {
        return Ok(());
    }
    let why = "the role was named anew".to_owned();
    let entry = lifecycle::entry("reconnect", asker, (Some(&before), &after), why, now);
    let changed = table.change_connection(&wanted.scope, &before, &after, &entry).await?;
    if changed { Ok(()) } else { Err(busy()) }
}

/// All that begins with an account. Each of it may begin twice.
async fn begin_watching<Q: Queue>(
    table: &Table,
    jobs: Jobs<'_, Q>,
    account: &AccountId,
    now: Timestamp,
) -> Result<(), Failure> {
    let tomorrow = now.checked_add(DAY).unwrap_or(Timestamp::MAX);
    table.set_due(&Task::Check { account: account.clone() }, tomorrow).await?;
    let account = || account.clone();
    let first = [
        Job::Check { account: account() },
        Job::Scan { account: account() },
        Job::Rehearse { account: account() },
    ];
    jobs.give(first).await
}

/// Says in the setup what is wrong, unless it may be right in a moment.
async fn refuse(
    table: &Table,
    wanted: &Wanted<'_>,
    not: Not,
    now: Timestamp,
) -> Result<Worked, Failure> {
    let finding = match not {
        Not::Refused(finding) => finding,
        Not::Yet(finding) => {
            let since = wanted.setup.looked_for_since.unwrap_or(now);
            if now.duration_since(since) < IAM_TAKES {
                let checking = Stage::Checking { account: wanted.account.clone() };
                change(table, wanted, checking, Some(since)).await?;
                return Err(Failure::Later(LOOK_AGAIN, "the role is not there yet".to_owned()));
            }
            finding
        }
    };
    let stage = Stage::Refused { account: wanted.account.clone(), findings: vec![finding] };
    change(table, wanted, stage, None).await?;
    Ok(Worked::Refused)
}

async fn change(
    table: &Table,
    wanted: &Wanted<'_>,
    stage: Stage,
    looked_for_since: Option<Timestamp>,
) -> Result<(), Failure> {
    let is_checking = matches!(stage, Stage::Checking { .. });
    let checking_since = wanted.setup.checking_since.filter(|_| is_checking);
    let after = Setup { stage, looked_for_since, checking_since, ..wanted.setup.clone() };
    if after == wanted.setup || table.change_setup(&wanted.scope, &after).await? {
        return Ok(());
    }
    Err(Failure::Retry("somebody else is changing this setup".to_owned()))
}
