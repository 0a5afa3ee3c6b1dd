//! `answer`: what somebody says of an anomaly, and what follows from it.

use crate::args::{AnswerOptions, Said};
use crate::data;
use crate::error::CliError;
use crate::output::{say, words};
use domain::answer::{Answer, Answered};
use domain::expectation::Expectation;
use jiff::{SignedDuration, Timestamp};
use pipeline::answer::{Given, answer};
use std::path::Path;

/// How long "expected" holds where nothing else is said, in days.
const EXPECTED_DAYS: i64 = domain::answer::EXPECTED_FOR.as_hours() / 24;

/// Runs the command.
pub(crate) fn run(options: &AnswerOptions) -> Result<(), CliError> {
    let answered = answered(options);
    let until = until(options, answered.at)?;
    data::block_on(async {
        let table = data::open_kept(&options.data).await?;
        let found = table.find_anomaly(&options.id).await?;
        let anomaly = found.ok_or_else(|| unknown(&options.id, &options.data))?;
        match answer(&table, &anomaly.account, &anomaly.id, &answered, until).await? {
            Given::Now(expectations) => say(&taken(answered.answer, &expectations)),
            Given::Before => say("The same was said before: nothing has changed.\n"),
            Given::NoSuchAnomaly => Err(unknown(&options.id, &options.data)),
        }
    })
}

fn answered(options: &AnswerOptions) -> Answered {
    let answer = match options.answer {
        Said::Expected => Answer::Expected,
        Said::NotExpected => Answer::NotExpected,
    };
    let by = options.by.clone().unwrap_or_else(somebody);
    Answered { answer, by, at: Timestamp::now() }
}

/// Who works on this machine.
pub(crate) fn somebody() -> String {
    let user = std::env::var("USER").ok().filter(|user| !user.is_empty());
    user.unwrap_or_else(|| "somebody".to_owned())
}

fn until(options: &AnswerOptions, now: Timestamp) -> Result<Timestamp, CliError> {
    if options.answer == Said::NotExpected && options.days.is_some() {
        return Err(CliError::Usage("--days goes with expected".to_owned()));
    }
    let days = options.days.map_or(EXPECTED_DAYS, i64::from);
    Ok(now.checked_add(SignedDuration::from_hours(days * 24)).unwrap_or(Timestamp::MAX))
}

fn unknown(id: &str, folder: &Path) -> CliError {
    CliError::Failed(format!(
        "no anomaly {:?} is kept there; dd0c-cost explain --data {} lists them",
        words::clean(id),
        folder.display()
    ))
}

fn taken(answer: Answer, expectations: &[Expectation]) -> String {
    match (answer, expectations) {
        (Answer::Expected, [first, ..]) => format!(
            "It counts as usual. Until {} more of it needs no alert: {}.\n",
            words::time(first.expires_at),
            words::clean(&limits(first, expectations)),
        ),
        (Answer::Expected, []) => "It counts as usual.\n".to_owned(),
        (Answer::NotExpected, []) => "It was taken out of what is usual.\n".to_owned(),
        (Answer::NotExpected, _) => {
            "It was taken out of what is usual, and is expected no more.\n".to_owned()
        }
    }
}

/// `up to 6 within an hour, at most $171.27/h, by user/ops of p4d.24xlarge in eu-west-1`
fn limits(first: &Expectation, all: &[Expectation]) -> String {
    let most = first.max_count.map(|most| format!("up to {} within an hour, ", words::count(most)));
    let kinds: Vec<String> = all.iter().map(kind).collect();
    format!(
        "{}at most {}/h, by {} of {}",
        most.unwrap_or_default(),
        first.max_hourly.display(),
        first.actor.as_deref().unwrap_or("anybody"),
        kinds.join(", "),
    )
}

fn kind(expectation: &Expectation) -> String {
    let region = expectation.region.as_ref().map(|region| format!(" in {region}"));
    let of_type = expectation.resource_type.as_deref().unwrap_or("anything");
    format!("{of_type}{}", region.unwrap_or_default())
}
