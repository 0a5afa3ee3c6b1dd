//! The demo's story: a quiet week of a small company's account, then a leaked key.

use crate::call::{Call, Caller, Record};
use jiff::{SignedDuration, Timestamp};

/// The account of the story.
pub const ACCOUNT: &str = "111122223333";
/// The story begins on Monday, 2026-06-01, at midnight UTC.
const BEGIN: i64 = 1_780_272_000;

/// When the incident begins.
pub fn incident() -> Option<Timestamp> {
    let begin = Timestamp::from_second(BEGIN).ok()?;
    begin.checked_add(SignedDuration::from_mins(NIGHT * 24 * 60 + 3 * 60)).ok()
}

/// The day of the incident, counted from the first.
const NIGHT: i64 = 7;

/// All records of the story, in the order of time.
pub fn records() -> Vec<Record> {
    let mut story = Story { records: Vec::new(), serial: 0 };
    story.quiet_week();
    story.incident();
    story.records.sort_by_key(|(at, serial, _)| (*at, *serial));
    story.records.into_iter().map(|(_, _, record)| record).collect()
}

struct Story {
    records: Vec<(Timestamp, u64, Record)>,
    serial: u64,
}

impl Story {
    fn quiet_week(&mut self) {
        self.add(0, 8 * 60, ci(), |call| call.create_group("web", 6));
        for day in 0..7 {
            self.web_by_day(day);
            self.nightly_restore(day);
            self.everyday_calls(day);
            if day % 7 < 5 {
                self.builds(day);
            }
        }
    }

    /// The web group grows in the morning and shrinks in the evening.
    fn web_by_day(&mut self, day: i64) {
        let launched = self.add(day, 9 * 60, Caller::AutoScaling, |call| {
            call.run_instances("m5.large", 2, Some("web"))
        });
        let ids = vec![launched.instance_id(0), launched.instance_id(1)];
        self.add(day, 19 * 60, Caller::AutoScaling, |call| call.terminate_instances(&ids));
    }

    /// Each night the backup is restored into a small database, tested and deleted.
    fn nightly_restore(&mut self, day: i64) {
        self.add(day, 2 * 60, ci(), |call| {
            call.create_database("restore-test", "db.t3.medium", false)
        });
        self.add(day, 2 * 60 + 50, ci(), |call| call.delete_database("restore-test"));
    }

    /// Builds on instances of their own, an hour each.
    fn builds(&mut self, day: i64) {
        for hour in [10, 11, 13, 14, 15, 16] {
            let minute = hour * 60 + (day * 7 + hour) % 30;
            let build =
                self.add(day, minute, ci(), |call| call.run_instances("c6i.xlarge", 1, None));
            let ids = vec![build.instance_id(0)];
            self.add(day, minute + 50, ci(), |call| call.terminate_instances(&ids));
        }
    }

    fn everyday_calls(&mut self, day: i64) {
        for nth in 0..40 {
            self.add(day, 20 + nth * 35, person("ana"), Call::list_buckets);
        }
        self.add(day, 11 * 60 + 5, person("ana"), |call| {
            call.configure_function("thumbnails", 1024)
        });
        let volume = self.add(day, 12 * 60, person("ana"), |call| call.create_volume(50));
        let id = volume.volume_id();
        self.add(day, 17 * 60, person("ana"), |call| call.delete_volume(&id));
        if day == 3 {
            self.add(day, 15 * 60, person("ana"), |call| call.create_notebook("churn-model"));
            self.add(day, 15 * 60 + 30, person("bo"), |call| {
                call.create_database("reporting", "db.r6g.4xlarge", true)
            });
        }
    }

    /// Sunday night: somebody has the build user's key, looks what it can do, and takes what it
    /// gets in a region where nobody works.
    fn incident(&mut self) {
        let night = NIGHT;
        let thief = || Caller::User("ci-legacy");
        let region = "ap-southeast-2";
        self.add_in(region, night, 3 * 60, thief(), |call| call.dry_run("p4d.24xlarge"));
        self.add_in(region, night, 3 * 60 + 1, thief(), |call| call.over_limit("p5.48xlarge"));
        self.add_in(region, night, 3 * 60 + 1, thief(), |call| call.over_limit("p5.48xlarge"));
        let first = self.add_in(region, night, 3 * 60 + 3, thief(), |call| {
            call.run_instances("p4d.24xlarge", 4, None)
        });
        let more = self.add_in(region, night, 3 * 60 + 6, thief(), |call| {
            call.run_instances("g5.12xlarge", 8, None)
        });
        let gateway = self.add_in(region, night, 3 * 60 + 9, thief(), Call::create_nat_gateway);
        let mut ids: Vec<String> = (0..4).map(|nth| first.instance_id(nth)).collect();
        ids.extend((0..8).map(|nth| more.instance_id(nth)));
        self.add_in(region, night, 3 * 60 + 41, person("ana"), |call| {
            call.terminate_instances(&ids)
        });
        self.add_in(region, night, 3 * 60 + 43, person("ana"), |call| {
            call.delete_nat_gateway(&gateway.nat_gateway_id())
        });
        self.add(night, 9 * 60 + 30, person("bo"), |call| call.delete_database("reporting"));
    }

    fn add(&mut self, day: i64, minute: i64, who: Caller, make: impl Fn(&Call) -> Record) -> Call {
        self.add_in("eu-west-1", day, minute, who, make)
    }

    fn add_in(
        &mut self,
        region: &'static str,
        day: i64,
        minute: i64,
        who: Caller,
        make: impl Fn(&Call) -> Record,
    ) -> Call {
        self.serial += 1;
        let begin = Timestamp::from_second(BEGIN).unwrap_or_default();
        let at = begin + SignedDuration::from_mins(day * 24 * 60 + minute);
        let call =
            Call { account: ACCOUNT.to_owned(), region, at, caller: who, serial: self.serial };
        self.records.push((at, self.serial, make(&call)));
        call
    }
}

fn ci() -> Caller {
    Caller::User("ci")
}

fn person(name: &str) -> Caller {
    Caller::Session { role: "Engineer", session: format!("{name}@example.com") }
}
