//! A key in the wrong hands: fleets where nobody works, or many small machines where everybody does.

use super::{Scene, gathered};
use crate::generate::company::offered;
use crate::generate::dice::{hours, real};
use crate::generate::scribe::{Hand, later, soon};
use jiff::Timestamp;
use sample_trail::{Call, Caller};

const GPUS: [&str; 9] = [
    "p3.8xlarge",
    "p3.2xlarge",
    "p4d.24xlarge",
    "g4dn.xlarge",
    "g4dn.12xlarge",
    "g5.xlarge",
    "g5.4xlarge",
    "g5.12xlarge",
    "g5.48xlarge",
];
const CPUS: [&str; 8] = [
    "c5.24xlarge",
    "c6i.32xlarge",
    "c5.18xlarge",
    "c5a.16xlarge",
    "m5.24xlarge",
    "c5.9xlarge",
    "c5.4xlarge",
    "c6a.8xlarge",
];

impl Scene<'_> {
    /// One to six regions one after the other, over minutes or hours.
    pub(super) fn leaked_key(&mut self) {
        let begin = self.any_hour();
        let thief = self.thief(begin);
        let mut regions = self.company.unused_regions();
        self.dice.shuffle(&mut regions);
        regions.truncate(self.dice.between(1..=6));
        let kinds: &[&str] = if self.dice.chance(0.65) { &GPUS } else { &CPUS };
        let span = self.dice.log_real(0.1, 10.0);
        let most = self.dice.log_between(1, 20);
        let mut launches = Vec::new();
        let mut at = soon(begin, 900, &mut self.dice);
        for region in &regions {
            let hand = Hand::new(&thief, region);
            let kind = offered(kinds, region, &mut self.dice);
            self.tries(&hand, &kind, at);
            for _ in 0..self.dice.between(1..=4) {
                let count = self.dice.between(1..=most);
                launches.push(self.scribe.launch(&hand, at, &kind, count));
                self.started(at);
                at = soon(at, hours(span / real(regions.len() as u64)), &mut self.dice);
            }
        }
        self.clean_up(&gathered(launches));
    }

    /// The key of somebody, of the build system, or of a user that the thief makes.
    fn thief(&mut self, begin: Timestamp) -> Caller {
        let somebody = self.company.somebody(self.day, &mut self.dice).caller.clone();
        let ci = self.company.ci.as_ref().map(|ci| ci.caller.clone());
        match (self.dice.weighted(&[0.45, 0.25, 0.3]), ci) {
            (1, Some(ci)) => ci,
            (0 | 1, _) => somebody,
            _ => self.new_user(&somebody, begin),
        }
    }

    fn new_user(&mut self, somebody: &Caller, at: Timestamp) -> Caller {
        let name =
            *self.dice.pick(&["svc-backup", "support", "test-user", "monitoring2", "s3-sync"]);
        let hand = Hand::new(somebody, "us-east-1");
        self.scribe.write(&hand, at, |call| call.create_user(name));
        self.scribe.write(&hand, later(at, 3), |call| call.create_access_key(name));
        Caller::User(name)
    }

    /// What the key can do is tried out first, most times.
    fn tries(&mut self, hand: &Hand, kind: &str, before: Timestamp) {
        if self.dice.chance(0.5) {
            self.scribe.write(hand, later(before, -40), Call::describe_instances);
            self.scribe.write(hand, later(before, -30), |call| call.dry_run(kind));
        }
        for nth in 0..self.dice.poisson(0.8) {
            let at = later(before, -20 + 2 * i64::try_from(nth.min(9)).unwrap_or(0));
            self.scribe.write(hand, at, |call| call.over_limit(kind));
        }
    }

    /// 50 to 150 launches of one each, over 2 to 24 hours.
    pub(super) fn stealth_fleet(&mut self) {
        let begin = self.any_hour();
        let caller = self.thief(begin);
        let unused = self.company.unused_regions();
        let region =
            if self.dice.chance(0.85) { self.company.home() } else { *self.dice.pick(&unused) };
        let hand = Hand::new(&caller, region);
        let usual = self.company.people[0].types[0].clone();
        let small = [
            "t3.medium",
            "t3.large",
            "t3a.large",
            "c5.large",
            "m5.large",
            "c5.xlarge",
            "t3.xlarge",
        ];
        let kind =
            if self.dice.chance(0.4) { usual } else { offered(&small, region, &mut self.dice) };
        let (count, span) = (self.dice.between(50..=150_u64), self.dice.log_real(2.0, 23.5));
        let step = span / real(count);
        let mut launches = Vec::new();
        for nth in 0..count {
            let at = later(begin, 20 + hours((real(nth) + self.dice.unit()) * step));
            launches.push(self.scribe.launch(&hand, at, &kind, 1));
            self.started(at);
        }
        self.clean_up(&gathered(launches));
    }
}
