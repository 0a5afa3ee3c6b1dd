//! A GPU that is started on a Friday and found on a Monday.

use super::Scene;
use crate::generate::company::offered;
use crate::generate::dice::hours;
use crate::trail::Archetype;

impl Scene<'_> {
    /// Research does start runs on Fridays, so that there it is a fleet of large ones, and longer
    /// than any run of everyday life.
    pub(super) fn weekend_gpu(&mut self) {
        let calendar = &self.company.calendar;
        let is_research = self.company.archetype == Archetype::Ml;
        let kinds: &[&str] = if is_research {
            &["p3.8xlarge", "p3.16xlarge", "p4d.24xlarge", "g5.48xlarge", "g4dn.12xlarge"]
        } else {
            &[
                "g5.xlarge",
                "g5.2xlarge",
                "g5.4xlarge",
                "g5.12xlarge",
                "p3.2xlarge",
                "p3.8xlarge",
                "g4dn.12xlarge",
                "p4d.24xlarge",
            ]
        };
        let kind = offered(kinds, self.company.home(), &mut self.dice);
        let count = match (is_research, self.dice.chance(0.7)) {
            (true, _) => self.dice.between(4..=8),
            (false, true) => 1,
            (false, false) => self.dice.between(2..=4),
        };
        let person = self.company.somebody(self.day, &mut self.dice).caller.clone();
        let hand = self.company.at_home(&person);
        let at = calendar.at(self.day, hours(self.dice.real(14.0, 21.0)));
        let running = self.scribe.launch(&hand, at, &kind, count);
        self.started(at);
        let monday = calendar.at(self.day + 3, hours(self.dice.real(8.0, 12.0)));
        let cleaner = if self.dice.chance(0.6) { person } else { self.cleaner() };
        if self.dice.chance(0.3) {
            let hand = self.company.at_home(&cleaner);
            self.scribe.write(&hand, monday, |call| call.stop_instances(&running.ids));
        } else {
            self.scribe.terminate(&cleaner, monday, &running);
        }
    }
}
