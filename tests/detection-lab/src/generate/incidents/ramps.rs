//! A little more each day.

use super::{Scene, gathered};
use crate::generate::calendar::working_second;
use crate::generate::company::offered;
use crate::generate::dice::{real, whole};
use crate::generate::scribe::Hand;

impl Scene<'_> {
    /// Over 7 to 14 days, none terminated; some rest at weekends, some grow faster from day to day.
    pub(super) fn slow_ramp(&mut self) {
        let calendar = &self.company.calendar;
        let caller = match self.dice.weighted(&[0.6, 0.25, 0.15]) {
            0 => self.company.somebody(self.day, &mut self.dice).caller.clone(),
            1 => self.company.deploy.clone(),
            _ => self.company.worker.clone(),
        };
        let hand = Hand::new(&caller, self.company.home());
        let kinds = [
            "m5.2xlarge",
            "m5.4xlarge",
            "c5.4xlarge",
            "r5.2xlarge",
            "c5.2xlarge",
            "g4dn.xlarge",
            "r5.4xlarge",
        ];
        let kind = offered(&kinds, hand.region, &mut self.dice);
        let (days, rests) = (self.dice.between(7..=14), self.dice.chance(0.4));
        let (step, pace) = (self.dice.real(1.0, 3.5), self.dice.real(1.0, 1.15));
        let mut launches = Vec::new();
        let (mut day, mut done) = (self.day, 0);
        while done < days && day < self.day + 20 {
            if !rests || calendar.is_workday(day) {
                let count = whole(step * libm::pow(pace, real(done))).max(1);
                let at = calendar.at(day, working_second(&mut self.dice));
                launches.push(self.scribe.launch(&hand, at, &kind, count));
                self.started(at);
                done += 1;
            }
            day += 1;
        }
        self.clean_up(&gathered(launches));
    }
}
