//! What goes wrong: ten kinds, each in many variants, each with an end.

mod building;
mod databases;
mod functions;
mod gpus;
mod keys;
mod mistakes;
mod ramps;
mod scaling;

use super::calendar::working_second;
use super::company::Company;
use super::dice::{Dice, hours};
use super::prices::spent_in;
use super::schedule::Planned;
use super::scribe::{Running, Scribe, later};
use crate::trail::{Incident, Kind};
use domain::money::MicroUsd;
use jiff::Timestamp;
use sample_trail::Caller;

/// An incident has to cost this much in its first day; what is drawn cheaper is drawn again.
const LEAST_OF_FIRST_DAY: MicroUsd = MicroUsd(20_000_000);
/// Draws until an incident is left out; even the cheapest kinds take two or three.
const DRAWS: usize = 60;

/// What an incident is made with.
struct Scene<'a> {
    company: &'a Company,
    scribe: &'a mut Scribe,
    dice: Dice,
    /// First day.
    day: u32,
    /// Time of the last start so far.
    last: Timestamp,
}

/// Writes the planned incidents; gives them in the order of their beginnings.
pub(super) fn write(
    company: &Company,
    planned: &[Planned],
    scribe: &mut Scribe,
    dice: &Dice,
) -> Vec<Incident> {
    let mut incidents = Vec::new();
    for (nth, planned) in planned.iter().enumerate() {
        let dice = dice.nth(nth);
        let number = incidents.len();
        incidents.extend(
            (0..DRAWS).find_map(|draw| attempt(company, *planned, number, scribe, dice.nth(draw))),
        );
    }
    scribe.incident = None;
    incidents
}

/// One draw; takes back what it wrote if it is too cheap.
fn attempt(
    company: &Company,
    planned: Planned,
    number: usize,
    scribe: &mut Scribe,
    dice: Dice,
) -> Option<Incident> {
    let mark = scribe.mark();
    scribe.incident = Some(number);
    let begin = company.calendar.at(planned.day, 0);
    let mut scene = Scene { company, scribe, dice, day: planned.day, last: begin };
    scene.play(planned.kind);
    let last = scene.last;
    let written = scribe.since(mark);
    let first = written.iter().find(|(_, labelled)| labelled.incident.is_some());
    let first = first.map_or(begin, |(at, _)| *at);
    if spent_in(24, first, written) < LEAST_OF_FIRST_DAY {
        scribe.forget_since(mark);
        return None;
    }
    Some(Incident { kind: planned.kind, first, last })
}

impl Scene<'_> {
    fn play(&mut self, kind: Kind) {
        match kind {
            Kind::LeakedKey => self.leaked_key(),
            Kind::StealthFleet => self.stealth_fleet(),
            Kind::ForgottenDatabase => self.forgotten_database(),
            Kind::FatFinger => self.fat_finger(),
            Kind::SlowRamp => self.slow_ramp(),
            Kind::WrongType => self.wrong_type(),
            Kind::WeekendGpu => self.weekend_gpu(),
            Kind::ProvisionedConcurrency => self.provisioned_concurrency(),
            Kind::CiLoop => self.ci_loop(),
            Kind::RunawayScaling => self.runaway_scaling(),
        }
    }

    /// A second of the first day, at any hour; two in three outside of working hours.
    fn any_hour(&mut self) -> Timestamp {
        let hour = if self.dice.chance(0.66) {
            self.dice.real(19.0, 31.0)
        } else {
            self.dice.real(8.0, 19.0)
        };
        self.company.calendar.at(self.day, hours(hour))
    }

    /// A second of the first day at which people work.
    fn at_work(&mut self) -> Timestamp {
        self.company.calendar.at(self.day, working_second(&mut self.dice))
    }

    /// Notes that something was started.
    fn started(&mut self, at: Timestamp) {
        self.last = self.last.max(at);
    }

    /// When somebody has seen it: within one to four days after the last start, before the end of
    /// everything.
    fn seen_at(&mut self) -> Timestamp {
        let after = later(self.last, hours(self.dice.log_real(24.0, 94.0)));
        after.min(later(self.company.calendar.end(), -600))
    }

    /// Somebody who cleans up.
    fn cleaner(&mut self) -> Caller {
        if self.dice.chance(0.3) {
            return self.company.infra.clone();
        }
        self.company.somebody(self.day, &mut self.dice).caller.clone()
    }

    /// All that runs is terminated by one who cleans up.
    fn clean_up(&mut self, running: &[Running]) {
        let (at, cleaner) = (self.seen_at(), self.cleaner());
        for (nth, running) in running.iter().enumerate() {
            // By the hundreds in large steps, and still before the end of everything.
            let at = later(at, i64::try_from(nth % 120).unwrap_or(0) * 4);
            self.scribe.terminate(&cleaner, at, running);
        }
    }
}

/// Instances of several launches in one region as one, so that few calls end them.
fn gathered(launches: Vec<Running>) -> Vec<Running> {
    let mut gathered: Vec<Running> = Vec::new();
    for launch in launches {
        match gathered.iter_mut().find(|running| running.region == launch.region) {
            Some(running) => running.ids.extend(launch.ids),
            None => gathered.push(launch),
        }
    }
    gathered
}
