//! Provisioned concurrency far too high.

use super::Scene;
use crate::generate::dice::hours;
use crate::generate::scribe::{Hand, later};

impl Scene<'_> {
    /// On a function that was there, made larger just before or not, or on a new one.
    pub(super) fn provisioned_concurrency(&mut self) {
        let at = if self.dice.chance(0.25) { self.any_hour() } else { self.at_work() };
        let caller = if self.dice.chance(0.6) {
            self.company.somebody(self.day, &mut self.dice).caller.clone()
        } else {
            self.company.deploy.clone()
        };
        let hand = self.company.at_home(&caller);
        let count = self.dice.log_between(200, 3000);
        let name = self.function(&hand, at);
        // In one step, or in two or three as it does not help.
        let steps = self.dice.between(1..=3_u64);
        let mut now = at;
        for step in 1..=steps {
            now = later(now, hours(self.dice.real(0.02, 0.5)));
            self.scribe.write(&hand, now, |call| call.put_concurrency(&name, count * step / steps));
            self.started(now);
        }
        let end = self.seen_at();
        let cleaner = Hand::new(&self.cleaner(), hand.region);
        self.scribe.write(&cleaner, end, |call| call.delete_concurrency(&name));
    }

    /// Name of the function, whose memory is known from a record of this incident.
    fn function(&mut self, hand: &Hand, at: jiff::Timestamp) -> String {
        let memory = *self.dice.pick(&[1769, 3008, 3008, 5120, 8192, 10_240]);
        let known = self.company.functions.first().filter(|function| function.warm == 0);
        if let Some(function) = known.filter(|_| self.dice.chance(0.6)) {
            self.scribe.write(hand, at, |call| call.configure_function(&function.name, memory));
            return function.name.clone();
        }
        let name = format!("import-{}", self.dice.between(100..=999));
        self.scribe.write(hand, at, |call| call.create_function(&name, memory));
        name
    }
}
