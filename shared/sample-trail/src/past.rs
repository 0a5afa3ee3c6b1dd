//! An account's last months: the quiet habits of a few people and roles, and a few incidents between
//! them. What it is depends on the account's number alone, when it is on the moment of its end.

use crate::call::{Call, Caller, Record, scramble};
use jiff::{SignedDuration, Timestamp};

/// Days that CloudTrail remembers.
pub const DAYS: i64 = 90;
/// Where the account's people work.
const HOME: &str = "eu-west-1";
/// Where they have only what they forget.
const AWAY: &str = "us-east-1";
/// Where nobody works.
const FAR: &str = "ap-southeast-2";
const HOUR: i64 = 60;

/// What was called in an account in the last `days` days before a moment, in the order of time.
pub fn records(account: &str, days: i64, until: Timestamp) -> Vec<Record> {
    let today = until.as_second().div_euclid(86_400);
    let first = today - days.clamp(1, 400);
    let mut past = Past {
        account: account.to_owned(),
        seed: account.bytes().fold(7, |seed, byte| scramble(seed ^ u64::from(byte))),
        until,
        day: first,
        records: Vec::new(),
        serial: 0,
    };
    past.begin();
    for day in first..=today {
        past.day = day;
        past.habits();
    }
    for (before, incident) in INCIDENTS {
        past.day = today - before;
        if past.day > first {
            incident(&mut past);
        }
    }
    past.records.sort_by_key(|(at, serial, _)| (*at, *serial));
    past.records.into_iter().map(|(_, _, record)| record).collect()
}

/// Makes the calls of an incident.
type Incident = fn(&mut Past);

/// What went wrong, so many days before the end.
const INCIDENTS: [(i64, Incident); 3] =
    [(61, Past::forgotten_machine), (33, Past::fleet_far_away), (12, Past::copy_of_a_database)];

struct Past {
    account: String,
    seed: u64,
    until: Timestamp,
    /// Counted from 1970-01-01, a Thursday.
    day: i64,
    records: Vec<(Timestamp, u64, Record)>,
    serial: u64,
}

impl Past {
    /// What stands all the time.
    fn begin(&mut self) {
        self.add(HOME, 8 * HOUR, deploy(), |call| call.run_instances("m5.large", 3, None));
        self.add(HOME, 8 * HOUR + 4, deploy(), Call::create_nat_gateway);
        self.add(HOME, 8 * HOUR + 9, deploy(), |call| {
            call.create_database("orders", "db.m5.large", true)
        });
        self.add(HOME, 8 * HOUR + 12, deploy(), |call| call.create_group("web", 6));
    }

    fn habits(&mut self) {
        self.nightly_restore();
        self.web_by_day();
        if self.is_working_day() {
            self.builds();
            self.workbench();
            if self.day % 7 == 1 {
                self.training();
            }
        }
    }

    /// The web group grows in the morning and shrinks in the evening.
    fn web_by_day(&mut self) {
        let grown = self.add(HOME, 9 * HOUR, Caller::AutoScaling, |call| {
            call.run_instances("m5.large", 2, Some("web"))
        });
        self.end(HOME, 19 * HOUR, Caller::AutoScaling, &grown, 2);
    }

    /// Each night the backup is restored into a small database, tested and deleted.
    fn nightly_restore(&mut self) {
        self.add(HOME, 2 * HOUR, backup(), |call| {
            call.create_database("restore-test", "db.t3.medium", false)
        });
        self.add(HOME, 2 * HOUR + 50, backup(), |call| call.delete_database("restore-test"));
    }

    /// Builds on machines of their own.
    fn builds(&mut self) {
        for hour in [10_i64, 13, 16] {
            let minute = hour * HOUR + self.some(hour.unsigned_abs(), 40);
            let build =
                self.add(HOME, minute, deploy(), |call| call.run_instances("c6i.xlarge", 1, None));
            self.end(HOME, minute + 35, deploy(), &build, 1);
        }
    }

    /// Ana works on a machine of hers until the evening.
    fn workbench(&mut self) {
        let minute = 9 * HOUR + self.some(1, 30);
        let bench =
            self.add(HOME, minute, person("ana"), |call| call.run_instances("m5.xlarge", 1, None));
        self.end(HOME, 17 * HOUR + self.some(2, 40), person("ana"), &bench, 1);
    }

    /// Once a week ben trains a model.
    fn training(&mut self) {
        let training = self
            .add(HOME, 11 * HOUR, person("ben"), |call| call.run_instances("g4dn.xlarge", 1, None));
        self.end(HOME, 14 * HOUR, person("ben"), &training, 1);
    }

    /// Ben tries something in the evening and forgets it for days.
    fn forgotten_machine(&mut self) {
        let minute = 17 * HOUR + self.some(3, 50);
        let machine =
            self.add(AWAY, minute, person("ben"), |call| call.run_instances("p3.8xlarge", 1, None));
        self.end(AWAY, minute + 60 * HOUR + self.some(4, 300), person("ben"), &machine, 1);
    }

    /// At night, with the key of the role that deploys, where nobody works.
    fn fleet_far_away(&mut self) {
        let count = 10 + self.some(5, 6).unsigned_abs();
        let minute = 3 * HOUR + self.some(6, 40);
        let fleet =
            self.add(FAR, minute, deploy(), |call| call.run_instances("c6i.8xlarge", count, None));
        self.end(FAR, minute + 5 * HOUR + self.some(7, 40), person("ana"), &fleet, count);
    }

    /// A large copy of a database for a report, deleted two days later.
    fn copy_of_a_database(&mut self) {
        let minute = 15 * HOUR + self.some(8, 50);
        self.add(HOME, minute, person("ana"), |call| {
            call.create_database("reporting-copy", "db.r6g.4xlarge", true)
        });
        self.add(HOME, minute + 46 * HOUR, person("ana"), |call| {
            call.delete_database("reporting-copy")
        });
    }

    fn end(&mut self, region: &'static str, minute: i64, who: Caller, launched: &Call, count: u64) {
        let ids: Vec<String> = (0..count).map(|nth| launched.instance_id(nth)).collect();
        self.add(region, minute, who, |call| call.terminate_instances(&ids));
    }

    /// Calls at a minute of the day; what would come after the end is not called.
    fn add(
        &mut self,
        region: &'static str,
        minute: i64,
        caller: Caller,
        make: impl Fn(&Call) -> Record,
    ) -> Call {
        self.serial += 1;
        let day = Timestamp::from_second(self.day * 86_400).unwrap_or_default();
        let at = day + SignedDuration::from_mins(minute);
        // Another end gives other ids: it may be told of one after the other.
        let serial = scramble(self.seed ^ at.as_second().unsigned_abs()) ^ self.serial;
        let call = Call { account: self.account.clone(), region, at, caller, serial };
        if at < self.until {
            self.records.push((at, self.serial, make(&call)));
        }
        call
    }

    /// Some minutes or pieces, other ones each day.
    fn some(&self, nth: u64, below: i64) -> i64 {
        let random = scramble(self.seed ^ self.day.unsigned_abs() ^ (nth << 32));
        i64::try_from(random % below.max(1).unsigned_abs()).unwrap_or_default()
    }

    fn is_working_day(&self) -> bool {
        !matches!(self.day.rem_euclid(7), 2 | 3)
    }
}

fn deploy() -> Caller {
    Caller::Session { role: "ci-deploy", session: "deploy".to_owned() }
}

fn backup() -> Caller {
    Caller::Session { role: "nightly-backup", session: "restore".to_owned() }
}

fn person(name: &str) -> Caller {
    Caller::Session { role: "Engineer", session: format!("{name}@example.com") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn until() -> Timestamp {
        Timestamp::from_second(1_780_272_000 + 15 * 3600).unwrap_or_default()
    }

    #[test]
    fn the_same_account_has_the_same_past_and_another_one_another() {
        let (one, again) =
            (records("111122223333", 90, until()), records("111122223333", 90, until()));
        assert!(one.len() > 900, "{}", one.len());
        assert_eq!(one, again);
        let other = records("444455556666", 90, until());
        let id = |record: &Record| record["eventID"].to_string();
        let ids: BTreeSet<String> = one.iter().chain(&other).map(id).collect();
        assert_eq!(ids.len(), one.len() + other.len(), "no id twice");
    }

    #[test]
    fn nothing_happens_after_the_end_or_before_the_beginning() {
        let end = until().to_string();
        for (days, types) in [(90, true), (5, false)] {
            let past = records("111122223333", days, until());
            let times: Vec<&str> = past.iter().filter_map(|it| it["eventTime"].as_str()).collect();
            assert!(times.is_sorted() && times.iter().all(|at| *at < end.as_str()), "{days}");
            let text = serde_json::to_string(&past).unwrap_or_default();
            assert_eq!(text.contains("p3.8xlarge"), types, "{days}");
        }
    }
}
