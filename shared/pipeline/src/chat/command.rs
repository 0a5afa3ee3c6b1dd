//! Slash commands: what stands behind `/dd0c`, read into what is wanted.

use domain::answer::Answer;
use domain::card::Note;
use domain::decision::Severity;
use domain::ids::AccountId;
use domain::tenant::QuietHours;
use domain::words;
use jiff::SignedDuration;

/// The longest silence that can be asked for.
const LONGEST_SNOOZE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// What differs by more letters is another word.
const MAX_TYPOS: usize = 2;

/// What somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    /// To see something.
    Show(Show),
    /// Something about an anomaly, by its id.
    About(String, Wish),
    /// To settle something for his tenant.
    Settle(Settle),
}

/// What there is to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Show {
    /// How things stand.
    Status,
    /// Anomalies of all accounts, or of one; with those that are over.
    Anomalies { account: Option<AccountId>, all: bool },
    /// The digest, now.
    Digest,
    /// Which accounts are watched.
    Accounts,
    /// What can be asked.
    Help,
}

/// What can be wished for about an anomaly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Silence about it.
    Snooze(SignedDuration),
    /// An answer to it.
    Answer(Answer),
    /// All its figures.
    Details,
}

/// What can be settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Settle {
    /// This channel gets alerts of an account or of all, at least so loud; or no more.
    Here { account: Option<AccountId>, at_least: Severity, on: bool },
    /// The time zone.
    TimeZone(String),
    /// Quiet hours, or none.
    Quiet(Option<QuietHours>),
}

/// Commands with what they do.
const HELP: [(&str, &str); 12] = [
    ("status", "what runs, what is open, what is paused"),
    ("anomalies [ACCOUNT] [--all]", "open anomalies; with --all also the last that are over"),
    ("details ID", "every figure of an anomaly"),
    ("expected ID", "it was meant to be: for 90 days, within its size, no alert"),
    ("not-expected ID", "it was not: it is taken out of what is usual"),
    ("snooze ID 4h", "silence about it, from 10m to 7d; louder alerts still come"),
    ("digest now", "the last 24 hours"),
    ("accounts", "which accounts are watched, and how"),
    ("here [ACCOUNT] [warning|critical]", "alerts come into this channel; here off ends it"),
    ("timezone Europe/Berlin", "for the digest at 09:00 and for quiet hours"),
    ("quiet 22:00-07:00", "alerts worth no more than knowing wait; quiet off ends it"),
    ("help", "this"),
];

/// The list of commands.
pub(crate) fn help() -> Note {
    let lines = HELP.iter().map(|(command, what)| format!("/dd0c {command}: {what}"));
    Note::new("What dd0c/cost understands").with(lines)
}

/// Reads a command; the error says what is wrong and what would do.
pub(crate) fn read(text: &str) -> Result<Command, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some((command, rest)) = words.split_first() else { return Ok(Command::Show(Show::Help)) };
    let command = command.to_lowercase();
    show(&command, rest)
        .or_else(|| about(&command, rest))
        .or_else(|| settle(&command, rest))
        .unwrap_or_else(|| Err(unknown(&command)))
}

/// `None` for what is no question of this kind.
fn show(command: &str, rest: &[&str]) -> Option<Result<Command, String>> {
    let show = match (command, rest) {
        ("status", []) => Show::Status,
        ("anomalies", rest) => return Some(anomalies(rest)),
        ("digest", [] | ["now"]) => Show::Digest,
        ("accounts", []) => Show::Accounts,
        ("help", _) => Show::Help,
        _ => return None,
    };
    Some(Ok(Command::Show(show)))
}

fn about(command: &str, rest: &[&str]) -> Option<Result<Command, String>> {
    let (id, wish) = match (command, rest) {
        ("snooze", [id, time]) => (id, duration(time).map(Wish::Snooze)),
        ("expected", [id]) => (id, Ok(Wish::Answer(Answer::Expected))),
        ("not-expected" | "not_expected", [id]) => (id, Ok(Wish::Answer(Answer::NotExpected))),
        ("details", [id]) => (id, Ok(Wish::Details)),
        _ => return None,
    };
    Some(anomaly(id).and_then(|id| Ok(Command::About(id, wish?))))
}

fn settle(command: &str, rest: &[&str]) -> Option<Result<Command, String>> {
    let settle = match (command, rest) {
        ("here", rest) => here(rest),
        ("timezone", [zone]) => Ok(Settle::TimeZone((*zone).to_owned())),
        ("quiet", ["off"]) => Ok(Settle::Quiet(None)),
        ("quiet", rest @ [_, ..]) => {
            let hours = QuietHours::parse(&rest.concat());
            hours.map(|hours| Settle::Quiet(Some(hours))).map_err(|error| error.to_string())
        }
        _ => return None,
    };
    Some(settle.map(Command::Settle))
}

/// How a known command is written, or the known one that an unknown may stand for.
fn unknown(word: &str) -> String {
    let name = |line: &(&'static str, &str)| line.0.split(' ').next().unwrap_or_default();
    if let Some((form, _)) = HELP.iter().find(|line| name(line) == word) {
        return format!("that is written: /dd0c {form}");
    }
    let shown: String = words::clean(word).chars().take(40).collect();
    let near = HELP.iter().map(name).filter(|known| strsim::levenshtein(known, word) <= MAX_TYPOS);
    match near.min_by_key(|known| strsim::levenshtein(known, word)) {
        Some(known) => format!("there is no {shown:?}; did you mean /dd0c {known}?"),
        None => format!("there is no {shown:?}; /dd0c help says what there is"),
    }
}

fn anomalies(rest: &[&str]) -> Result<Command, String> {
    let (mut of, mut all) = (None, false);
    for word in rest {
        match *word {
            "--all" => all = true,
            "--open" => all = false,
            word => of = Some(account(word)?),
        }
    }
    Ok(Command::Show(Show::Anomalies { account: of, all }))
}

fn here(rest: &[&str]) -> Result<Settle, String> {
    let (mut of, mut at_least, mut on) = (None, Severity::Info, true);
    for word in rest {
        match (*word, Severity::from_code(word)) {
            ("off", _) => on = false,
            (_, Some(severity)) => at_least = severity,
            (word, None) => of = Some(account(word)?),
        }
    }
    Ok(Settle::Here { account: of, at_least, on })
}

#[expect(clippy::disallowed_methods, reason = "who carries a command out looks it up")]
fn account(word: &str) -> Result<AccountId, String> {
    AccountId::parse(word).map_err(|error| error.to_string())
}

/// The id as it stands at the foot of a card.
fn anomaly(word: &str) -> Result<String, String> {
    let id = word.to_uppercase();
    let fits = id.len() == 26 && id.bytes().all(|b| b.is_ascii_alphanumeric());
    if fits {
        Ok(id)
    } else {
        Err("an anomaly's id stands at the foot of its card and has 26 characters".to_owned())
    }
}

/// `10m`, `4h`, `2d`.
fn duration(word: &str) -> Result<SignedDuration, String> {
    let wrong = || "a time looks like 30m, 4h or 2d, from 10m to 7d".to_owned();
    let unit = word.chars().last().ok_or_else(wrong)?;
    let number = word.strip_suffix(unit).and_then(|number| number.parse::<u32>().ok());
    let number = i64::from(number.ok_or_else(wrong)?);
    let minutes = match unit {
        'm' => number,
        'h' => number * 60,
        'd' => number * 24 * 60,
        _ => return Err(wrong()),
    };
    let fits = (10..=LONGEST_SNOOZE.as_mins()).contains(&minutes);
    if fits { Ok(SignedDuration::from_mins(minutes)) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01JXAMPLE0000000000000ABCD";

    #[test]
    fn commands_are_read_as_people_write_them() {
        let account = AccountId::parse("111122223333").unwrap();
        for (text, command) in [
            ("", Command::Show(Show::Help)),
            ("  STATUS ", Command::Show(Show::Status)),
            ("anomalies", Command::Show(Show::Anomalies { account: None, all: false })),
            (
                "anomalies 111122223333 --all",
                Command::Show(Show::Anomalies { account: Some(account.clone()), all: true }),
            ),
            ("digest now", Command::Show(Show::Digest)),
            (
                "here 111122223333 critical",
                Command::Settle(Settle::Here {
                    account: Some(account),
                    at_least: Severity::Critical,
                    on: true,
                }),
            ),
            (
                "here off",
                Command::Settle(Settle::Here {
                    account: None,
                    at_least: Severity::Info,
                    on: false,
                }),
            ),
            ("quiet off", Command::Settle(Settle::Quiet(None))),
            (
                "quiet 22:00 - 07:00",
                Command::Settle(Settle::Quiet(QuietHours::parse("22:00-07:00").ok())),
            ),
        ] {
            assert_eq!(read(text), Ok(command), "{text:?}");
        }
        let time = SignedDuration::from_hours(4);
        let snooze = Command::About(ID.to_owned(), Wish::Snooze(time));
        assert_eq!(read(&format!("snooze {} 4h", ID.to_lowercase())), Ok(snooze));
    }

    #[test]
    fn what_is_wrong_is_said_with_what_would_do() {
        for (text, says) in [
            ("statsu", "did you mean /dd0c status?"),
            ("frobnicate", "/dd0c help"),
            ("snooze", "/dd0c snooze ID 4h"),
            ("snooze 12 4h", "26 characters"),
            ("anomalies 12", "12 digits"),
            ("quiet late", "22:00-07:00"),
            ("status now", "/dd0c status"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(says), "{text:?}: {said}");
        }
        for time in ["", "h", "4", "4x", "9m", "8d", "-4h", "99999999999d", "4ü"] {
            assert!(duration(time).is_err(), "{time:?}");
        }
        assert_eq!(duration("7d"), Ok(LONGEST_SNOOZE));
    }

    #[test]
    fn every_command_of_the_help_is_known() {
        for (form, _) in HELP {
            let text = form
                .replace("[ACCOUNT]", "111122223333")
                .replace("[--all]", "--all")
                .replace("[warning|critical]", "warning")
                .replace("ID", ID);
            assert!(read(&text).is_ok(), "{text}");
        }
    }
}
