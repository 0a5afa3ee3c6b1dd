//! Plays an account's events through a candidate: the same folding and the same answers for all.

use crate::feedback::{ANSWER_HOURS, ExpectedDays, Feedback};
use crate::observed::{Account, Observed, hours, may_alert};
use crate::trail::Kind;
use domain::cost_event::CostEvent;
use domain::resource::Service;
use jiff::{Timestamp, ToSpan};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Alerts of one actor within so many hours of the first are one alert.
pub const FOLD_HOURS: i64 = 12;
/// From the end of a day to its alerts, in hours, for candidates that judge days. AWS states a delay
/// of up to 24 hours in the data that Cost Anomaly Detection reads:
/// <https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html>.
pub const PUBLISH_HOURS: i64 = 24;

/// Something that says how unusual an event, or a day of a service, is.
pub trait Scorer {
    /// Takes note of an event, whether or not it may alert; called first for each.
    fn see(&mut self, _event: &CostEvent) {}

    /// How unusual an event is that may alert: the more, the higher.
    fn score(&mut self, _event: &CostEvent) -> f64 {
        f64::NEG_INFINITY
    }

    /// The event is usual: it did not alert.
    fn learn(&mut self, _event: &CostEvent) {}

    /// The event has alerted, and waits for an answer.
    fn alerted(&mut self, _event: &CostEvent) {}

    /// Somebody said that an event that alerted was expected.
    fn expected(&mut self, event: &CostEvent) {
        self.learn(event);
    }

    /// Somebody said that the event was not expected. It was never given to [`Self::learn`].
    fn not_expected(&mut self, _event: &CostEvent) {}

    /// The days of services that ended at `end`, for candidates that judge days.
    fn end_of_day(&mut self, _end: Timestamp) -> Vec<Day> {
        Vec::new()
    }

    /// Somebody said that a day was not expected.
    fn day_not_expected(&mut self, _day: &Day) {}
}

/// One day of one service.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Day {
    /// Which service.
    pub service: Service,
    /// When the day ended.
    pub end: Timestamp,
    /// Dollars that what runs has cost on that day.
    pub spent: f64,
    /// How unusual that is.
    pub score: f64,
}

/// A candidate, once for each account.
pub type Make = fn() -> Box<dyn Scorer>;

/// What came out of one account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// For each incident, the first alert about it.
    pub found: Vec<Option<Timestamp>>,
    /// Every alert, after folding.
    pub alerts: Vec<Alert>,
}

/// One alert: what a person gets to see, with all that was folded into it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alert {
    /// The first.
    pub at: Timestamp,
    /// Whether any of it is about an incident.
    pub real: bool,
}

impl Outcome {
    /// Alerts about nothing, from a moment on.
    pub fn benign(&self, from: Timestamp) -> usize {
        self.alerts.iter().filter(|alert| !alert.real && alert.at >= from).count()
    }
}

/// How a candidate is run.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Scores from here on alert.
    pub threshold: f64,
    /// Incidents of this kind never happened.
    pub left_out: Option<Kind>,
}

/// Plays one account.
pub fn run(account: &Account, scorer: &mut dyn Scorer, setting: Setting) -> Outcome {
    play(account, scorer, setting, &mut |_, _| {})
}

/// Scores of all that is part of no incident, where nothing alerts.
pub fn benign_scores(account: &Account, scorer: &mut dyn Scorer) -> Vec<f64> {
    let mut found = Vec::new();
    let setting = Setting { threshold: f64::INFINITY, left_out: None };
    play(account, scorer, setting, &mut |benign, score| {
        if benign && score.is_finite() {
            found.push(score);
        }
    });
    found
}

fn play(
    account: &Account,
    scorer: &mut dyn Scorer,
    setting: Setting,
    listen: &mut dyn FnMut(bool, f64),
) -> Outcome {
    let found = vec![None; account.incidents.len()];
    let mut play = Play {
        account,
        scorer,
        setting,
        listen,
        feedback: Feedback::default(),
        days: Days { next_end: account.start + 24.hours(), ..Days::default() },
        threads: BTreeMap::new(),
        outcome: Outcome { found, alerts: Vec::new() },
    };
    for observed in &account.events {
        let left_out = setting.left_out.is_some_and(|k| observed.is_about(k, &account.incidents));
        if !left_out {
            play.event(observed);
        }
    }
    play.advance(account.end() + (2 * PUBLISH_HOURS).hours());
    play.outcome
}

struct Play<'a, 'b> {
    account: &'a Account,
    scorer: &'b mut dyn Scorer,
    setting: Setting,
    listen: &'b mut dyn FnMut(bool, f64),
    feedback: Feedback<'a>,
    days: Days,
    /// The last alert of each actor, by its place in the outcome.
    threads: BTreeMap<&'a str, usize>,
    outcome: Outcome,
}

/// Days that wait to be published or answered.
#[derive(Default)]
struct Days {
    next_end: Timestamp,
    unpublished: VecDeque<Day>,
    unanswered: VecDeque<(Day, Timestamp, bool)>,
    expected: ExpectedDays,
}

impl<'a> Play<'a, '_> {
    fn event(&mut self, observed: &'a Observed) {
        let event = &observed.event;
        self.advance(event.time);
        self.scorer.see(event);
        if !may_alert(event) {
            return;
        }
        let score = self.scorer.score(event);
        (self.listen)(observed.incident.is_none(), score);
        let burst = self.feedback.burst(event);
        if score >= self.setting.threshold && !self.feedback.covers(event, burst) {
            self.alert(observed);
            self.feedback.alerted(observed, burst);
            self.scorer.alerted(event);
        } else {
            self.scorer.learn(event);
        }
    }

    fn alert(&mut self, observed: &'a Observed) {
        let event = &observed.event;
        let (at, real) = (event.time, observed.incident.is_some());
        let folded = self.threads.get(event.actor.id.as_str());
        match folded.and_then(|&index| self.outcome.alerts.get_mut(index)) {
            Some(first) if at < first.at + FOLD_HOURS.hours() => first.real |= real,
            _ => {
                self.threads.insert(&event.actor.id, self.outcome.alerts.len());
                self.outcome.alerts.push(Alert { at, real });
            }
        }
        self.find(observed.incident, at);
    }

    fn find(&mut self, incident: Option<usize>, at: Timestamp) {
        if let Some(found) = incident.and_then(|index| self.outcome.found.get_mut(index)) {
            found.get_or_insert(at);
        }
    }

    /// Answers and days until `now`.
    fn advance(&mut self, now: Timestamp) {
        while let Some(answer) = self.feedback.next(now) {
            if answer.is_expected() {
                self.scorer.expected(&answer.about.event);
            } else {
                self.scorer.not_expected(&answer.about.event);
            }
        }
        while self.days.next_end <= now {
            let end = self.days.next_end;
            self.answer_days(end);
            self.publish(end);
            let ended =
                if end <= self.account.end() { self.scorer.end_of_day(end) } else { vec![] };
            self.days.unpublished.extend(ended);
            self.days.next_end = end + 24.hours();
        }
    }

    fn answer_days(&mut self, now: Timestamp) {
        while let Some((day, at, real)) = self.days.unanswered.pop_front_if(|day| day.1 <= now) {
            if real {
                self.scorer.day_not_expected(&day);
            } else {
                self.days.expected.expect(day.service, day.spent, at);
            }
        }
    }

    fn publish(&mut self, now: Timestamp) {
        let due = |day: &mut Day| day.end + PUBLISH_HOURS.hours() <= now;
        while let Some(day) = self.days.unpublished.pop_front_if(due) {
            let causes = self.causes(&day);
            (self.listen)(causes.is_empty(), day.score);
            let unusual = day.score >= self.setting.threshold;
            if unusual && !self.days.expected.covers(day.service, day.spent, now) {
                let real = !causes.is_empty();
                self.outcome.alerts.push(Alert { at: now, real });
                for index in causes {
                    self.find(Some(index), now);
                }
                self.days.unanswered.push_back((day, now + ANSWER_HOURS.hours(), real));
            }
        }
    }

    /// Incidents of the service that cost something on that day.
    fn causes(&self, day: &Day) -> Vec<usize> {
        let ran = self.account.incidents.iter().enumerate().filter(|(_, incident)| {
            self.setting.left_out != Some(incident.kind)
                && incident.services.contains(&day.service)
                && incident.spent(incident.first, day.end)
                    > incident.spent(incident.first, day.end - 24.hours())
        });
        ran.map(|(index, _)| index).collect()
    }
}

/// Plays every account of a fleet on all cores; `None` as soon as more than `most_benign` alerts
/// about nothing came from moments `grace_days` after each account's start.
pub fn run_fleet(
    fleet: &[Account],
    make: Make,
    setting: Setting,
    grace_days: u32,
    most_benign: Option<usize>,
) -> Option<Vec<Outcome>> {
    let benign = AtomicUsize::new(0);
    let too_many = || most_benign.is_some_and(|most| benign.load(Ordering::Relaxed) > most);
    let outcomes = on_all_cores(fleet, |account| {
        if too_many() {
            return Outcome::default();
        }
        let outcome = run(account, make().as_mut(), setting);
        benign.fetch_add(outcome.benign(counted_from(account, grace_days)), Ordering::Relaxed);
        outcome
    });
    (!too_many()).then_some(outcomes)
}

/// When alerts of an account begin to count.
pub fn counted_from(account: &Account, grace_days: u32) -> Timestamp {
    account.start + (i64::from(grace_days) * 24).hours()
}

/// Weeks of all accounts that count.
pub fn account_weeks(fleet: &[Account], grace_days: u32) -> f64 {
    let weeks = |account: &Account| hours(counted_from(account, grace_days), account.end()) / 168.0;
    fleet.iter().map(weeks).sum()
}

/// Does something for each item on all cores; results come in the order of the items.
pub fn on_all_cores<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicU64::new(0);
    let worker = || {
        let mut done = Vec::new();
        while let Ok(index) = usize::try_from(next.fetch_add(1, Ordering::Relaxed))
            && let Some(item) = items.get(index)
        {
            done.push((index, work(item)));
        }
        done
    };
    let mut all = std::thread::scope(|scope| {
        let other = scope.spawn(worker);
        let mut all = worker();
        match other.join() {
            Ok(done) => all.extend(done),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        all
    });
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, result)| result).collect()
}
