//! A large database that somebody makes who makes none otherwise, and forgets.

use super::Scene;
use crate::generate::dice::hours;
use crate::generate::prices::is_class_offered;
use crate::generate::scribe::{Hand, later};

const CLASSES: [&str; 12] = [
    "db.r5.2xlarge",
    "db.r5.4xlarge",
    "db.r5.8xlarge",
    "db.r5.12xlarge",
    "db.r5.24xlarge",
    "db.r6g.4xlarge",
    "db.r6g.8xlarge",
    "db.r6g.16xlarge",
    "db.m5.4xlarge",
    "db.m5.12xlarge",
    "db.r6i.8xlarge",
    "db.m6i.8xlarge",
];

impl Scene<'_> {
    pub(super) fn forgotten_database(&mut self) {
        let at = self.at_work();
        let caller = match self.dice.weighted(&[0.8, 0.2]) {
            0 => self.company.somebody(self.day, &mut self.dice).caller.clone(),
            _ => self.company.deploy.clone(),
        };
        let hand = Hand::new(&caller, self.company.home());
        let name = *self.dice.pick(&["reporting", "migration-test", "analytics-copy", "perf-db"]);
        if self.dice.chance(0.3) {
            self.forgotten_cluster(&hand, at, name);
        } else {
            let Some(class) = self.class("postgres") else { return };
            let multi_az = self.dice.chance(0.4);
            self.scribe.write(&hand, at, |call| call.create_database(name, class, multi_az));
            self.started(at);
            let end = self.seen_at();
            let cleaner = Hand::new(&self.cleaner(), hand.region);
            self.scribe.write(&cleaner, end, |call| call.delete_database(name));
        }
    }

    fn forgotten_cluster(&mut self, hand: &Hand, at: jiff::Timestamp, name: &str) {
        let Some(class) = self.class("aurora-postgresql") else { return };
        let members: Vec<String> =
            (1..=self.dice.between(1..=3)).map(|nth| format!("{name}-{nth}")).collect();
        self.scribe.write(hand, at, |call| call.create_cluster(name));
        let mut now = at;
        for member in &members {
            now = later(now, hours(self.dice.real(0.01, 0.2)));
            self.scribe.write(hand, now, |call| call.create_cluster_member(name, member, class));
            self.started(now);
        }
        let mut end = later(self.seen_at(), -120);
        let cleaner = Hand::new(&self.cleaner(), hand.region);
        for member in &members {
            self.scribe.write(&cleaner, end, |call| call.delete_database(member));
            end = later(end, 10);
        }
        self.scribe.write(&cleaner, later(end, 60), |call| call.delete_cluster(name));
    }

    fn class(&mut self, engine: &str) -> Option<&'static str> {
        let home = self.company.home();
        let offered: Vec<&'static str> =
            CLASSES.into_iter().filter(|class| is_class_offered(class, engine, home)).collect();
        (!offered.is_empty()).then(|| *self.dice.pick(&offered))
    }
}
