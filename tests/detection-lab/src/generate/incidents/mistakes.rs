//! A count with a digit too many, and a type that nobody wanted.

use super::Scene;
use crate::generate::company::offered;
use crate::generate::dice::hours;
use crate::generate::scribe::{Hand, later};

/// Counts above this are refused by the limits of most accounts.
const MOST: u64 = 200;

impl Scene<'_> {
    /// 10 to 100 times the usual count of the usual type.
    pub(super) fn fat_finger(&mut self) {
        let at = self.at_work();
        let person = self.company.somebody(self.day, &mut self.dice).clone();
        let (caller, kind, usual) = match (self.dice.weighted(&[0.65, 0.25, 0.1]), &self.company.ci)
        {
            (1, _) => {
                let kind = offered(
                    &[&format!("{}.large", self.company.family)],
                    self.company.home(),
                    &mut self.dice,
                );
                (self.company.deploy.clone(), kind, self.dice.between(1..=4))
            }
            (2, Some(ci)) => (ci.caller.clone(), ci.runner.clone(), 1),
            _ => {
                let kind = self.dice.pick(&person.types).clone();
                (person.caller, kind, self.dice.between(1..=3))
            }
        };
        let count = (usual * self.dice.log_between(10, 100)).min(MOST);
        let hand = Hand::new(&caller, self.company.home());
        let running = self.scribe.launch(&hand, at, &kind, count);
        // More than a hundred take several calls, a few seconds apart.
        let calls = i64::try_from(count.div_ceil(100)).unwrap_or(1);
        self.started(later(at, 4 * (calls - 1)));
        self.clean_up(&[running]);
    }

    /// Terraform or a deployment with a variable that means something else.
    pub(super) fn wrong_type(&mut self) {
        let at = if self.dice.chance(0.2) { self.any_hour() } else { self.at_work() };
        let caller = if self.dice.chance(0.7) { &self.company.infra } else { &self.company.deploy };
        let hand = Hand::new(caller, self.company.home());
        let kinds = [
            "m5.24xlarge",
            "m5.metal",
            "c5.metal",
            "c5.24xlarge",
            "r5.24xlarge",
            "p3.2xlarge",
            "p3.16xlarge",
            "m5.12xlarge",
            "m6i.16xlarge",
            "r5.8xlarge",
            "c5.18xlarge",
            "i3.16xlarge",
        ];
        let kind = offered(&kinds, hand.region, &mut self.dice);
        if self.dice.chance(0.2) {
            return self.grown_too_large(&hand, at, &kind);
        }
        let count = *self.dice.pick(&[1, 1, 1, 2, 2, 3, 4]);
        let running = self.scribe.launch(&hand, at, &kind, count);
        self.started(at);
        self.clean_up(&[running]);
    }

    /// An instance from days before gets the wrong type.
    fn grown_too_large(&mut self, hand: &Hand, at: jiff::Timestamp, kind: &str) {
        let incident = self.scribe.incident.take();
        let before = later(at, -hours(self.dice.real(2.0, 30.0)));
        let small = offered(
            &[&format!("{}.large", self.company.family), "m5.large"],
            hand.region,
            &mut self.dice,
        );
        let running = self.scribe.launch(hand, before, &small, 1);
        self.scribe.incident = incident;
        self.scribe.write(hand, at, |call| call.change_instance_type(&running.ids[0], kind));
        self.started(at);
        self.clean_up(&[running]);
    }
}
