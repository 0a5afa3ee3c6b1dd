//! Health: what people are told when we have become blind in an account, or see again.

use crate::error::Failure;
use domain::card::{Note, NoteLine};
use domain::ids::AccountId;
use domain::setup::Finding;
use domain::words;
use jiff::Timestamp;
use store::{AccountStatus, Table};

/// Findings that are named.
const MAX_NAMED: usize = 10;

/// What to say of the turn that an account took at a moment; `None` if it has turned again since, or
/// is gone.
pub(crate) async fn note(
    table: &Table,
    account: &AccountId,
    at: Timestamp,
) -> Result<Option<Note>, Failure> {
    let checkup = table.checkup(account).await?.filter(|checkup| checkup.turned_at == Some(at));
    let (Some(checkup), Some(owner)) = (checkup, table.owner(account).await?) else {
        return Ok(None);
    };
    let turn = match owner.status {
        AccountStatus::Degraded => "we are partly blind",
        AccountStatus::Active => "all is watched again",
        AccountStatus::Paused | AccountStatus::Disconnecting => return Ok(None),
    };
    let note = Note::new(format!("Account {account}: {turn}."));
    Ok(Some(note.with(named(&checkup.findings))))
}

/// Also where all is watched: rules of an earlier template, for one, are worth knowing of.
fn named(findings: &[Finding]) -> impl Iterator<Item = NoteLine> {
    let named = findings.iter().take(MAX_NAMED).map(|finding| words::clean(&finding.text));
    let more = findings.len().saturating_sub(MAX_NAMED) as u64;
    let more = (more > 0).then(|| format!("and {} more", words::count(more)));
    named.chain(more).map(NoteLine::from)
}
