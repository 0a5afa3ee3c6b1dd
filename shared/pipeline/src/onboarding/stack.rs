//! Stack: what CloudFormation says of a customer's stack, and what it is answered. Anybody may have
//! sent it: the handshake tells whose setup it is, and nothing else of it is believed.

use super::check::look_soon;
use super::worker::Worked;
use super::{Job, Jobs};
use crate::error::Failure;
use crate::ports::{Queue, StackReply};
use domain::ids::{AccountId, READ_ONLY_ROLE, Region, RoleArn, TenantId};
use domain::setup::{Setup, Stage};
use domain::words;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{Table, TenantScope};

/// Longest text of a message that we keep or give back, in bytes: an answer may have 4,096 in all.
const MAX_TEXT: usize = 1_024;
/// Longest address of an answer: it is signed.
const MAX_URL: usize = 8_192;
/// More regions than AWS has.
const MAX_REGIONS: usize = 64;

/// What to do where the handshake does not begin a setup.
const NEW_LINK: &str = "This link was used before, has ended after 24 hours, or is not ours. Get a new \
                        one: dd0c/cost, Connect an account.";

/// A message of CloudFormation.
struct Called<'a> {
    kind: Kind,
    url: &'a str,
    stack: &'a str,
    request: &'a str,
    resource: &'a str,
    physical: Option<&'a str>,
    properties: &'a Value,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Create,
    Update,
    Delete,
}

/// What a stack wants to be connected.
struct Named<'a> {
    handshake: &'a str,
    account: AccountId,
    role_arn: &'a str,
    regions: Vec<Region>,
}

/// Strangers who are answered in a minute, all together: each answer is a call of ours to somewhere.
/// Beyond them nothing of a message is done.
const STRANGERS_A_MINUTE: u64 = 60;

/// Takes a message in and answers it. May be repeated: the same request gets the same answer. What is
/// refused is answered once and never again, whatever becomes of the answer: whoever likes could keep us
/// busy for an hour with each message.
pub(crate) async fn called<Q: Queue, R: StackReply>(
    table: &Table,
    (jobs, reply): (Jobs<'_, Q>, &R),
    message: &Value,
    now: Timestamp,
) -> Result<Worked, Failure> {
    // Not put aside: whoever likes could fill the queue of dead letters.
    let called = match Called::read(message) {
        Ok(called) => called,
        Err(why) => return Ok(Worked::Ignored(why)),
    };
    let known = called.is_of_ours(table).await?;
    if !known && too_many(table, now).await? {
        return Ok(Worked::Stranger("too many strangers call"));
    }
    let outcome = if known {
        outcome(table, jobs, &called, now).await?
    } else {
        called.answer_to_a_stranger()
    };
    answered(reply, &called, (known, &outcome)).await
}

/// Puts the answer: what is well until it is there, a refusal once.
async fn answered<R: StackReply>(
    reply: &R,
    called: &Called<'_>,
    (known, outcome): (bool, &Result<(), String>),
) -> Result<Worked, Failure> {
    match reply.reply(called.url, &called.answer(outcome)).await {
        Ok(_) => Ok(Worked::Answered { success: outcome.is_ok() }),
        Err(Failure::Reject(_)) => Ok(Worked::Ignored("it asks for an answer to somebody else")),
        Err(_) if !known => Ok(Worked::Stranger("his answer cannot be put")),
        Err(_) if outcome.is_err() => Ok(Worked::Ignored("a refusal cannot be put")),
        Err(failure) => Err(failure),
    }
}

/// Whether more strangers have called in this minute than are answered.
async fn too_many(table: &Table, now: Timestamp) -> Result<bool, Failure> {
    Ok(table.add_to_rate("strangers", "callback", now, 1).await? > STRANGERS_A_MINUTE)
}

/// What the stack is told: that all is well, or what to do.
async fn outcome<Q: Queue>(
    table: &Table,
    jobs: Jobs<'_, Q>,
    called: &Called<'_>,
    now: Timestamp,
) -> Result<Result<(), String>, Failure> {
    match called.kind {
        Kind::Create => connect(table, jobs, called, now).await,
        // A stack that was updated from a new link is set up anew.
        Kind::Update => match connect(table, jobs, called, now).await? {
            Ok(()) => Ok(Ok(())),
            Err(_) => look(table, called, now).await.map(Ok),
        },
        // Whatever is wrong, a stack can be deleted.
        Kind::Delete => look(table, called, now).await.map(Ok),
    }
}

/// The truth about an account is what a look at it finds, soon.
async fn look(table: &Table, called: &Called<'_>, now: Timestamp) -> Result<(), Failure> {
    if let Some(account) = connected(table, called).await? {
        look_soon(table, &account, now).await?;
    }
    Ok(())
}

/// The account that a message is about, if it is connected by the role that stands there too.
async fn connected(table: &Table, called: &Called<'_>) -> Result<Option<AccountId>, Failure> {
    #[expect(clippy::disallowed_methods, reason = "looked up just below")]
    let account = AccountId::parse(called.property("AccountId")).ok();
    let Some(account) = account else { return Ok(None) };
    let Some(owner) = table.owner(&account).await? else { return Ok(None) };
    let Some(connection) = table.connection(&owner.scope, &account).await? else { return Ok(None) };
    let role = connection.access.as_ref().map(|access| access.role_arn.as_str());
    Ok((role == Some(called.property("RoleArn"))).then_some(account))
}

async fn connect<Q: Queue>(
    table: &Table,
    jobs: Jobs<'_, Q>,
    called: &Called<'_>,
    now: Timestamp,
) -> Result<Result<(), String>, Failure> {
    let named = match called.named() {
        Ok(named) => named,
        Err(why) => return Ok(Err(why)),
    };
    let begun = begun(table, &named, &called.request_of_stack(), now).await?;
    let Some((scope, setup)) = begun else { return Ok(Err(NEW_LINK.to_owned())) };
    if matches!(setup.stage, Stage::Connected { .. }) {
        return Ok(Ok(()));
    }
    begin_checking(table, (&scope, &setup), &named.account, now).await?;
    let job = named.job(scope.tenant(), setup.id);
    jobs.give([job]).await?;
    Ok(Ok(()))
}

/// The setup that a request has begun; `None` where its handshake is not for it.
async fn begun(
    table: &Table,
    named: &Named<'_>,
    request: &str,
    now: Timestamp,
) -> Result<Option<(TenantScope, Setup)>, Failure> {
    match table.take_handshake(named.handshake, request, now).await? {
        Some((scope, id)) => Ok(table.setup(&scope, &id).await?.map(|setup| (scope, setup))),
        None => begun_anew(table, named, request, now).await,
    }
}

/// Whose role was refused is told to create the stack anew from the same link: then, and only then,
/// another request may take its handshake.
async fn begun_anew(
    table: &Table,
    named: &Named<'_>,
    request: &str,
    now: Timestamp,
) -> Result<Option<(TenantScope, Setup)>, Failure> {
    let Some((scope, setup)) = table.setup_of_handshake(named.handshake).await? else {
        return Ok(None);
    };
    let is_refused = matches!(setup.stage_at(now), Stage::Refused { .. });
    if !is_refused || setup.expires_at() <= now {
        return Ok(None);
    }
    let checking = setup.checking(named.account.clone(), now);
    if !table.retake_handshake(&scope, &checking, request).await? {
        return Err(busy());
    }
    let version = checking.version + 1;
    Ok(Some((scope, Setup { version, ..checking })))
}

async fn begin_checking(
    table: &Table,
    (scope, setup): (&TenantScope, &Setup),
    account: &AccountId,
    now: Timestamp,
) -> Result<(), Failure> {
    if setup.stage_at(now) == (Stage::Checking { account: account.clone() }) {
        return Ok(());
    }
    let checking = setup.clone().checking(account.clone(), now);
    if table.change_setup(scope, &checking).await? { Ok(()) } else { Err(busy()) }
}

fn busy() -> Failure {
    Failure::Retry("somebody else is changing this setup".to_owned())
}

impl<'a> Called<'a> {
    /// Reads a message; the error says what it is not.
    fn read(message: &'a Value) -> Result<Self, &'static str> {
        let text = |name: &str, most: usize| {
            let text = message.get(name).and_then(Value::as_str);
            text.filter(|text| (1..=most).contains(&text.len()))
        };
        let kind = match text("RequestType", MAX_TEXT) {
            Some("Create") => Kind::Create,
            Some("Update") => Kind::Update,
            Some("Delete") => Kind::Delete,
            _ => return Err("it is no request of CloudFormation"),
        };
        Ok(Self {
            kind,
            url: text("ResponseURL", MAX_URL).ok_or("it has no ResponseURL")?,
            stack: text("StackId", MAX_TEXT).ok_or("it has no StackId")?,
            request: text("RequestId", MAX_TEXT / 4).ok_or("it has no RequestId")?,
            resource: text("LogicalResourceId", MAX_TEXT / 4)
                .ok_or("it has no LogicalResourceId")?,
            physical: text("PhysicalResourceId", MAX_TEXT),
            properties: message.get("ResourceProperties").unwrap_or(&Value::Null),
        })
    }

    fn property(&self, name: &str) -> &'a str {
        self.properties.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether it brings a handshake of ours, or is about a role that we have connected. Asked before
    /// anything is done or changed: it takes a look or two into the table.
    async fn is_of_ours(&self, table: &Table) -> Result<bool, Failure> {
        let handshake = self.property("Handshake");
        if is_handshake(handshake) && table.setup_of_handshake(handshake).await?.is_some() {
            return Ok(true);
        }
        // A stack outlives its handshake.
        Ok(self.kind != Kind::Create && connected(table, self).await?.is_some())
    }

    /// Whatever is wrong, a stack can be deleted, and one that is changed stays as it is.
    fn answer_to_a_stranger(&self) -> Result<(), String> {
        match self.kind {
            Kind::Create => Err(NEW_LINK.to_owned()),
            Kind::Update | Kind::Delete => Ok(()),
        }
    }

    /// One request, whatever another stack calls its own.
    fn request_of_stack(&self) -> String {
        digest(&[self.stack, self.resource, self.request])
    }

    /// What is to be connected, or what is wrong with it.
    fn named(&self) -> Result<Named<'a>, String> {
        let handshake = self.property("Handshake");
        if !is_handshake(handshake) {
            return Err(NEW_LINK.to_owned());
        }
        #[expect(clippy::disallowed_methods, reason = "nobody's until its role has been checked")]
        let account = AccountId::parse(self.property("AccountId"))
            .map_err(|_| "AccountId must be the stack's own account: twelve digits.".to_owned())?;
        let role_arn = self.property("RoleArn");
        if !is_role_of(role_arn, &account) {
            return Err(format!(
                "RoleArn must be the role {READ_ONLY_ROLE} of the stack's own account. Leave the \
                 template as it is."
            ));
        }
        Ok(Named { handshake, account, role_arn, regions: self.regions()? })
    }

    fn regions(&self) -> Result<Vec<Region>, String> {
        let wrong = || {
            format!(
                "Regions must be up to {MAX_REGIONS} codes such as eu-west-1, us-east-1 among them."
            )
        };
        let listed = self.properties.get("Regions").and_then(Value::as_array).ok_or_else(wrong)?;
        if !(1..=MAX_REGIONS).contains(&listed.len()) {
            return Err(wrong());
        }
        let region = |value: &Value| Region::parse(value.as_str().unwrap_or_default());
        let mut regions: Vec<Region> =
            listed.iter().map(region).collect::<Result<_, _>>().map_err(|_| wrong())?;
        regions.sort();
        regions.dedup();
        Ok(regions)
    }

    /// The answer in CloudFormation's form.
    fn answer(&self, outcome: &Result<(), String>) -> Value {
        let physical = self.physical.map_or_else(
            || format!("dd0c-cost-{}", digest(&[self.stack, self.resource])),
            str::to_owned,
        );
        let mut answer = json!({
            "Status": if outcome.is_ok() { "SUCCESS" } else { "FAILED" },
            // The same in every answer about a resource, or CloudFormation takes it for another one.
            "PhysicalResourceId": physical,
            "StackId": self.stack,
            "RequestId": self.request,
            "LogicalResourceId": self.resource,
        });
        if let Err(why) = outcome {
            answer["Reason"] = Value::from(why.as_str());
        }
        answer
    }
}

impl Named<'_> {
    fn job(self, tenant: &TenantId, setup: String) -> Job {
        Job::Connect {
            tenant: tenant.clone(),
            setup,
            account: self.account,
            role_arn: self.role_arn.to_owned(),
            regions: self.regions,
            by_hand: false,
        }
    }
}

/// Whether a text may be a handshake: what is none is not looked for.
fn is_handshake(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    (22..=128).contains(&text.len()) && text.bytes().all(plain)
}

/// Whether it is the ARN of the one role that we may use in an account.
pub(crate) fn is_role_of(arn: &str, account: &AccountId) -> bool {
    RoleArn::parse(arn).is_ok_and(|role| role.account() == account && role.is_read_only_role())
}

/// 128 bits that stand for some texts.
fn digest(of: &[&str]) -> String {
    let digest = Sha256::digest(of.join("\n").as_bytes());
    words::hex(digest.get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_the_one_of_the_account_that_we_may_use() {
        let account = AccountId::parse("111122223333").unwrap();
        assert!(is_role_of("arn:aws:iam::111122223333:role/dd0c-cost-readonly", &account));
        for bad in [
            "444455556666:role/dd0c-cost-readonly",
            "111122223333:role/a/",
            "111122223333:role/audit",
            "111122223333:role/audit/dd0c-cost-readonly",
        ] {
            let bad = format!("arn:aws:iam::{bad}");
            assert!(!is_role_of(&bad, &account), "{bad}");
        }
    }
}
