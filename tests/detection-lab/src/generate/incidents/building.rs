//! A build that starts its own runners again and again.

use super::{Scene, gathered};
use crate::generate::dice::{hours, whole};
use crate::generate::scribe::later;

impl Scene<'_> {
    /// For 1 to 6 hours, at three times the busiest usual rate or more, none terminated.
    pub(super) fn ci_loop(&mut self) {
        let Some(ci) = &self.company.ci else { return };
        let hand = self.company.at_home(&ci.caller);
        let begin = self.any_hour();
        let span = hours(self.dice.real(1.0, 6.0));
        // A usual workday has its launches in some ten hours.
        let usual_step = 36_000.0 / ci.daily.max(1.0);
        let step = (usual_step / self.dice.real(3.0, 12.0)).clamp(20.0, 150.0);
        let count = self.dice.between(1..=ci.most);
        let mut launches = Vec::new();
        let mut since = 0;
        while since < span && launches.len() < 360 {
            let at = later(begin, since);
            launches.push(self.scribe.launch(&hand, at, &ci.runner, count));
            self.started(at);
            since += whole(self.dice.around(step, 0.3)).max(5).cast_signed();
        }
        self.clean_up(&gathered(launches));
    }
}
