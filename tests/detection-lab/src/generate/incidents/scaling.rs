//! A scaling group that runs away.

use super::Scene;
use crate::generate::dice::{hours, real, whole};
use crate::generate::scribe::{Hand, Running, later};
use sample_trail::Caller;

impl Scene<'_> {
    /// To 5 to 20 times its usual maximum within one or two hours, in waves.
    pub(super) fn runaway_scaling(&mut self) {
        if self.company.groups.is_empty() {
            return;
        }
        let group = self.dice.pick(&self.company.groups).clone();
        let begin = self.any_hour();
        let target = whole(real(group.peak) * self.dice.real(5.0, 20.0)).min(400);
        let span = self.dice.real(0.5, 2.0);
        let waves = self.dice.between(3..=15_u64).min(target);
        self.new_maximum(&group.name, group.region, begin, target);
        let mut ids = Vec::new();
        for wave in 0..waves {
            let at = later(begin, 30 + hours(span * real(wave) / real(waves)));
            let count = target * (wave + 1) / waves - target * wave / waves;
            ids.extend(
                self.scribe.scale_out(&group.name, group.region, at, &group.kind, count).ids,
            );
            self.started(later(at, 4 * i64::try_from((count.max(1) - 1) / 100).unwrap_or(0)));
        }
        let at = self.seen_at();
        let cleaner = Hand::new(&self.cleaner(), group.region);
        self.scribe.write(&cleaner, later(at, -30), |call| {
            call.update_group(&group.name, group.peak * 2, group.peak)
        });
        let running = Running { region: group.region, ids };
        self.scribe.terminate(&Caller::AutoScaling, at, &running);
    }

    /// Half of them had a maximum that was far too high all the time, the others get it now.
    fn new_maximum(&mut self, group: &str, region: &'static str, at: jiff::Timestamp, target: u64) {
        if self.dice.chance(0.5) {
            let caller = if self.dice.chance(0.5) {
                self.company.infra.clone()
            } else {
                self.company.somebody(self.day, &mut self.dice).caller.clone()
            };
            let hand = Hand::new(&caller, region);
            let max = target + target / 4;
            self.scribe.write(&hand, at, |call| call.update_group(group, max, target));
        }
    }
}
