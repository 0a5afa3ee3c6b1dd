//! STS: who is let in, and who one is.

use crate::answer::{Answer, Manner, refusal, xml};
use crate::request::Asked;
use crate::world::{Asks, ROLE, Session, World};
use jiff::{SignedDuration, Timestamp};

pub(crate) fn assume_role(world: &mut World, asked: &Asked) -> Answer {
    let external_id = asked.of("ExternalId").map(str::to_owned);
    let account =
        account_of(asked).filter(|account| lets_in(world, account, external_id.as_deref()));
    world.assumed.push((external_id, account.is_some()));
    let Some(account) = account else { return refusal(Manner::Query, 403, "AccessDenied") };
    let (Some(name), Some(seconds)) = (asked.of("RoleSessionName"), seconds(asked)) else {
        return refusal(Manner::Query, 400, "ValidationError");
    };
    let number = world.next();
    let (key, token) =
        (format!("ASIAPLAYED{number:010}"), format!("played-session-token-{number}"));
    let session = Session { account: account.clone(), name: name.to_owned(), token: token.clone() };
    world.sessions.insert(key.clone(), session);
    let until =
        Timestamp::now().checked_add(SignedDuration::from_secs(seconds)).unwrap_or_default();
    xml(format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>\
         <AssumedRoleUser><Arn>arn:aws:sts::{account}:assumed-role/{ROLE}/{name}</Arn></AssumedRoleUser>\
         <Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>played-secret-{number}</SecretAccessKey>\
         <SessionToken>{token}</SessionToken><Expiration>{until}</Expiration></Credentials>\
         </AssumeRoleResult></AssumeRoleResponse>"
    ))
}

/// From 15 minutes to the role's hour.
fn seconds(asked: &Asked) -> Option<i64> {
    let seconds = asked.of("DurationSeconds")?.parse().ok()?;
    (900..=3_600).contains(&seconds).then_some(seconds)
}

fn account_of(asked: &Asked) -> Option<String> {
    let rest = asked.of("RoleArn")?.strip_prefix("arn:aws:iam::")?;
    let (account, resource) = rest.split_once(':')?;
    (resource == format!("role/{ROLE}")).then(|| account.to_owned())
}

fn lets_in(world: &World, account: &str, external_id: Option<&str>) -> bool {
    let role = world.accounts.get(account).and_then(|account| account.role.as_ref());
    role.is_some_and(|role| match (&role.asks_for, external_id) {
        (Asks::Nothing, _) => true,
        (Asks::Any, external_id) => external_id.is_some(),
        (Asks::This(wanted), Some(named)) => wanted == named,
        (Asks::This(_), None) => false,
    })
}

pub(crate) fn caller_identity(world: &World, session: &Session) -> Answer {
    let says = world.accounts.get(&session.account).and_then(|it| it.says_to_be.clone());
    let account = says.unwrap_or_else(|| session.account.clone());
    xml(format!(
        "<GetCallerIdentityResponse><GetCallerIdentityResult>\
         <Arn>arn:aws:sts::{account}:assumed-role/{ROLE}/{}</Arn><Account>{account}</Account>\
         </GetCallerIdentityResult></GetCallerIdentityResponse>",
        session.name
    ))
}
