//! Answer: what somebody says of an anomaly, taken into what is usual and what is expected.

use crate::error::Failure;
use domain::answer::{Answer, Answered};
use domain::expectation::Expectation;
use domain::ids::AccountId;
use jiff::Timestamp;
use store::{Committed, Counted, Table};

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
/// nothing, another one replaces the first.
pub async fn answer(
    table: &Table,
    account: &AccountId,
    anomaly: &str,
    answered: &Answered,
    until: Timestamp,
) -> Result<Given, Failure> {
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
        let counted = counted(before, answered.answer);
        let commit = (expectations.as_slice(), counted);
        match table.commit_answer(account, &state, loaded.scored_through, commit).await? {
            Committed::Stored => return Ok(Given::Now(expectations)),
            Committed::Outdated => {}
            Committed::TooLarge => {
                return Err(Failure::Reject("its events are of too many kinds".to_owned()));
            }
        }
    }
    Err(Failure::Retry(format!("account {account} is scored by others all the time")))
}

/// An answer that replaces another takes that one's count away.
fn counted(before: Option<Answer>, now: Answer) -> Counted {
    let one = |answer| i64::from(now == answer) - i64::from(before == Some(answer));
    Counted { expected: one(Answer::Expected), not_expected: one(Answer::NotExpected) }
}
