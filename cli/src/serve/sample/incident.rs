//! What goes wrong in the picture: who starts what, when it is ended, and what is said of it.

use jiff::{SignedDuration, Timestamp};
use sample_trail::{Call, Caller, Record};

/// What somebody says of an anomaly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Nothing,
    Expected,
    NotExpected,
    Snoozed,
}

/// Something dear.
pub(super) struct Incident {
    pub(super) begins: Record,
    /// `None` for what still runs.
    pub(super) ends: Option<Record>,
    pub(super) said: Said,
}

#[derive(Clone, Copy)]
enum What {
    Instances(&'static str, u64),
    Database(&'static str),
}

/// Who starts what, where, and for how many hours.
type Kind = (fn() -> Caller, What, &'static str, i64);

const KINDS: [Kind; 12] = [
    (|| person("ben"), What::Instances("p3.8xlarge", 1), "us-east-1", 5),
    (|| role("ci-deploy"), What::Instances("c6i.8xlarge", 12), "ap-southeast-2", 4),
    (|| person("ana"), What::Instances("g5.12xlarge", 2), "us-west-2", 9),
    (|| role("data-pipeline"), What::Instances("r5.12xlarge", 4), "eu-west-1", 6),
    (|| person("ana"), What::Database("db.r6g.4xlarge"), "eu-west-1", 28),
    (|| person("ben"), What::Instances("g4dn.12xlarge", 2), "us-east-1", 7),
    (|| role("data-pipeline"), What::Instances("p4d.24xlarge", 1), "us-west-2", 2),
    (|| role("ci-deploy"), What::Instances("m5.24xlarge", 3), "eu-west-1", 3),
    (|| person("ana"), What::Instances("i3en.12xlarge", 1), "us-east-1", 8),
    (|| role("ci-deploy"), What::Instances("c5.18xlarge", 6), "us-west-2", 2),
    (|| Caller::User("ci-legacy"), What::Instances("p3.16xlarge", 1), "ap-southeast-2", 3),
    (|| person("ben"), What::Instances("p4d.24xlarge", 2), "eu-west-1", 6),
];

/// What runs now: of which account, which kind, since how many hours, and what is said of it.
const NOW: [(usize, usize, i64, Said); 7] = [
    (0, 10, 3, Said::Nothing),
    (0, 2, 8, Said::Snoozed),
    (0, 6, 14, Said::Nothing),
    (0, 7, 27, Said::Expected),
    (1, 5, 7, Said::Nothing),
    (1, 9, 30, Said::NotExpected),
    (2, 11, 5, Said::Nothing),
];

impl Incident {
    /// All of an account, the `nth` one, that was connected so many days ago.
    pub(super) fn all(nth: usize, account: &str, (days, now): (i64, Timestamp)) -> Vec<Self> {
        // Between two of them, in hours: what one person starts in a row is one anomaly.
        let every = [26, 34, 30].get(nth).copied().unwrap_or(40);
        let count = usize::try_from((days * 24 - 60) / every).unwrap_or_default();
        let mut all: Vec<Self> = (0..count)
            .map(|place| {
                let ago = 48 + every * i64::try_from(place).unwrap_or_default();
                // Away from round numbers, another minute each.
                let began = now - SignedDuration::from_mins(ago * 60 + odd(place) % 50);
                let kind = (place * 5 + nth * 3) % KINDS.len();
                Self::new((account, nth * 1_000 + place), kind, began, true, said(place))
            })
            .collect();
        let running = NOW.iter().enumerate().filter(|(_, (of, ..))| *of == nth);
        all.extend(running.map(|(place, (_, kind, hours, said))| {
            let began = now - SignedDuration::from_mins(hours * 60 + odd(place) % 50);
            Self::new((account, nth * 1_000 + 900 + place), *kind, began, false, *said)
        }));
        all
    }

    fn new(
        (account, number): (&str, usize),
        kind: usize,
        began: Timestamp,
        ended: bool,
        said: Said,
    ) -> Self {
        let (who, what, region, hours) = KINDS[kind % KINDS.len()];
        let call = |at, caller, nth: u64| Call {
            account: account.to_owned(),
            region,
            at,
            caller,
            serial: (1 << 40) + (number as u64) * 2 + nth,
        };
        let begins = call(began, who(), 0);
        let hours = SignedDuration::from_hours(hours);
        let ends = call(began + hours, person("ana"), 1);
        let name = format!("report-{number}");
        let (begins, ends) = match what {
            What::Instances(kind, count) => {
                let ids: Vec<String> = (0..count).map(|nth| begins.instance_id(nth)).collect();
                (begins.run_instances(kind, count, None), ends.terminate_instances(&ids))
            }
            What::Database(class) => {
                (begins.create_database(&name, class, true), ends.delete_database(&name))
            }
        };
        Self { begins, ends: ended.then_some(ends), said }
    }
}

/// Most of it nobody says anything of.
const fn said(place: usize) -> Said {
    match place % 20 {
        1 | 4 | 8 | 13 | 16 => Said::NotExpected,
        // What is expected makes no anomaly for a while: not too much of it.
        9 => Said::Expected,
        6 | 18 => Said::Snoozed,
        _ => Said::Nothing,
    }
}

fn odd(place: usize) -> i64 {
    i64::try_from(place).unwrap_or_default() * 17 + 13
}

fn person(name: &str) -> Caller {
    Caller::Session { role: "Engineer", session: format!("{name}@example.com") }
}

fn role(name: &'static str) -> Caller {
    Caller::Session { role: name, session: "run".to_owned() }
}
