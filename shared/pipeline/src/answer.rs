//! Answer: what somebody says of an anomaly, taken into what is usual and what is expected.

use crate::error::Failure;
use domain::anomaly::Anomaly;
use domain::answer::{Answer, Answered};
use domain::expectation::Expectation;
use domain::governance::{Asker, AuditEntry};
use domain::ids::AccountId;
use domain::told::Snooze;
use domain::words;
use jiff::Timestamp;
use store::{AccountOwner, Committed, Counted, Said, Table, TenantScope};

/// How often it is tried again because the account was scored meanwhile.
const MAX_ATTEMPTS: usize = 8;

/// What became of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// It was taken; expectations that hold from now on, or no more.
    Now(Vec<Expectation>),
    /// The same was said before.
    Before,
    /// There is no such anomaly.
    NoSuchAnomaly,
}

/// Takes an answer about an anomaly; "Expected" holds until a moment. The same answer again changes
/// nothing, another one replaces the first. Each change is written down where the account has an owner.
pub async fn answer(
    table: &Table,
    account: &AccountId,
    anomaly: &str,
    answered: &Answered,
    until: Timestamp,
) -> Result<Given, Failure> {
    let owner = table.owner(account).await?;
    for _ in 0..MAX_ATTEMPTS {
        let Some((loaded, events)) = table.load_for_answer(account, anomaly).await? else {
            return Ok(Given::NoSuchAnomaly);
        };
        let mut state = loaded.state;
        let before = state.anomalies.get(anomaly).and_then(|each| each.answered.clone());
        let before = before.map(|before| before.answer);
        if before == Some(answered.answer) {
            return Ok(Given::Before);
        }
        let expectations = state.answer(anomaly, &events, answered.clone(), until);
        let entry = entry(account, anomaly, (before, answered), until);
        let said = Said {
            expectations: &expectations,
            counted: counted(before, answered.answer),
            audit: owner.as_ref().map(|AccountOwner { scope, .. }| (scope, &entry)),
        };
        match table.commit_answer(account, &state, loaded.scored_through, said).await? {
            Committed::Stored => return Ok(Given::Now(expectations)),
            Committed::Outdated => {}
            Committed::TooLarge => {
                return Err(Failure::Reject("its events are of too many kinds".to_owned()));
            }
        }
    }
    Err(Failure::Retry(format!("account {account} is scored by others all the time")))
}

/// Lets people hear nothing of an open anomaly for a time; `false` if it has ended.
pub async fn snooze(
    table: &Table,
    scope: &TenantScope,
    anomaly: &Anomaly,
    (asker, snooze): (&Asker, &Snooze),
) -> Result<bool, Failure> {
    let old = anomaly.snooze.as_ref().map(|before| words::time(before.until));
    let entry = AuditEntry {
        at: snooze.at,
        who: asker.to_string(),
        what: "snooze".to_owned(),
        account: Some(anomaly.account.clone()),
        old: format!("anomaly {} {}", anomaly.id, old.as_deref().unwrap_or("not snoozed")),
        new: format!("snoozed until {}", words::time(snooze.until)),
        why: String::new(),
    };
    let about = (&anomaly.account, anomaly.id.as_str());
    Ok(table.snooze(scope, about, snooze, &entry).await?)
}

/// An answer that replaces another takes that one's count away.
fn counted(before: Option<Answer>, now: Answer) -> Counted {
    let one = |answer| i64::from(now == answer) - i64::from(before == Some(answer));
    Counted { expected: one(Answer::Expected), not_expected: one(Answer::NotExpected) }
}

/// `answer account … by operator ana: anomaly 01J… not answered → expected until …`
fn entry(
    account: &AccountId,
    anomaly: &str,
    (before, answered): (Option<Answer>, &Answered),
    until: Timestamp,
) -> AuditEntry {
    let new = match answered.answer {
        Answer::Expected => format!("expected until {}", words::time(until)),
        Answer::NotExpected => "not expected".to_owned(),
    };
    let old = match before {
        None => "not answered",
        Some(Answer::Expected) => "expected",
        Some(Answer::NotExpected) => "not expected",
    };
    AuditEntry {
        at: answered.at,
        who: answered.by.clone(),
        what: "answer".to_owned(),
        account: Some(account.clone()),
        old: format!("anomaly {anomaly} {old}"),
        new,
        why: String::new(),
    }
}
