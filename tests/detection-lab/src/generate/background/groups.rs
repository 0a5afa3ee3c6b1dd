//! Scaling groups that follow day and week, are refreshed by deployments, and have a campaign now
//! and then.

use crate::generate::calendar::Calendar;
use crate::generate::company::{Company, Group};
use crate::generate::dice::{Dice, hours, real, whole};
use crate::generate::scribe::{Hand, Running, Scribe, later};
use crate::trail::Archetype;
use jiff::Timestamp;
use sample_trail::Caller;
use std::collections::VecDeque;

pub(super) fn write(company: &Company, scribe: &mut Scribe, dice: &Dice) {
    for (nth, group) in company.groups.iter().enumerate() {
        let mut dice = dice.nth(nth);
        if group.is_seen_made {
            let infra = Hand::new(&company.infra, group.region);
            let at = company.calendar.at(0, hours(12.0));
            let max = u32::try_from(group.peak * 2).unwrap_or(u32::MAX);
            scribe.write(&infra, at, |call| call.create_group(&group.name, max));
        }
        let habits = Habits::draw(company.archetype == Archetype::Sleepy, &mut dice);
        Life { group, running: VecDeque::new(), scribe }.live(
            &company.calendar,
            &habits,
            &mut dice,
        );
    }
}

/// How a group moves.
struct Habits {
    /// Seconds between two looks at the load.
    step: i64,
    /// Hour of the highest load.
    top: f64,
    /// Share of the workday's load that a weekend has.
    weekend: f64,
    /// Growth of the load in the whole time.
    growth: f64,
    noise: f64,
    /// Deployments that exchange all instances, a workday.
    refreshes: f64,
}

impl Habits {
    fn draw(is_sleepy: bool, dice: &mut Dice) -> Self {
        Self {
            step: *dice.pick(&[1800, 2700, 3600]),
            top: dice.real(11.0, 20.0),
            weekend: dice.real(0.3, 1.2),
            growth: dice.real(-0.1, 0.5),
            noise: if is_sleepy { 0.01 } else { dice.real(0.03, 0.12) },
            refreshes: if is_sleepy { 0.0 } else { dice.real(0.0, 0.35) },
        }
    }

    /// Share of the way from base to peak.
    fn load(&self, calendar: &Calendar, day: u32, hour: f64) -> f64 {
        let wave = 0.5 + 0.5 * libm::cos((hour - self.top) / 24.0 * std::f64::consts::TAU);
        let of_day = if calendar.is_workday(day) { 1.0 } else { self.weekend };
        let grown = 1.0 + self.growth * f64::from(day) / f64::from(calendar.days.max(1));
        libm::pow(wave, 1.4) * of_day * grown
    }
}

struct Life<'a> {
    group: &'a Group,
    running: VecDeque<String>,
    scribe: &'a mut Scribe,
}

impl Life<'_> {
    fn live(&mut self, calendar: &Calendar, habits: &Habits, dice: &mut Dice) {
        let mut campaign = 1.0;
        for day in 0..=calendar.days {
            if dice.chance(1.0 / 45.0) {
                campaign = dice.real(1.3, 2.0);
            }
            self.day(calendar, habits, campaign, day, dice);
            campaign = 1.0;
            if calendar.is_workday(day) && dice.chance(habits.refreshes) {
                self.refresh(calendar.at(day, hours(dice.real(9.5, 16.5))), dice);
            }
        }
    }

    fn day(
        &mut self,
        calendar: &Calendar,
        habits: &Habits,
        campaign: f64,
        day: u32,
        dice: &mut Dice,
    ) {
        let (base, span) = (real(self.group.base), real(self.group.peak - self.group.base));
        let mut second = dice.between(0..=habits.step / 2);
        while second < hours(24.0) {
            let hour = real(second.unsigned_abs()) / 3600.0;
            let load = habits.load(calendar, day, hour) * campaign;
            let wanted = whole((base + span * load) * dice.around(1.0, habits.noise)).max(1);
            self.come_to(wanted, calendar.at(day, second));
            second += habits.step;
        }
    }

    /// Small differences are left alone.
    fn come_to(&mut self, wanted: u64, at: Timestamp) {
        let now = self.running.len() as u64;
        let slack = now / 10;
        if wanted > now + slack {
            let group = self.group;
            let more =
                self.scribe.scale_out(&group.name, group.region, at, &group.kind, wanted - now);
            self.running.extend(more.ids);
        } else if wanted + slack < now {
            self.scale_in(now - wanted, at);
        }
    }

    fn scale_in(&mut self, count: u64, at: Timestamp) {
        let count = usize::try_from(count).unwrap_or(0).min(self.running.len());
        let ids = self.running.drain(..count).collect();
        let running = Running { region: self.group.region, ids };
        self.scribe.terminate(&Caller::AutoScaling, at, &running);
    }

    /// As many again, then the old ones go.
    fn refresh(&mut self, at: Timestamp, dice: &mut Dice) {
        let (group, old) = (self.group, self.running.len() as u64);
        let new = self.scribe.scale_out(&group.name, group.region, at, &group.kind, old);
        self.running.extend(new.ids);
        self.scale_in(old, later(at, dice.between(400..=2400)));
    }
}
