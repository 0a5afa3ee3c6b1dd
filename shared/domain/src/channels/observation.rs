//! An event beside what is usual for it.

use crate::baseline::{Baseline, BaselineKey, History};
use crate::cost_event::CostEvent;
use crate::habits::{Habits, Measure, Measures, Seen, Usual};
use crate::money::MicroUsd;

/// An event beside what is usual for it, before the event is learned.
pub struct Observation<'a> {
    /// The event.
    pub event: &'a CostEvent,
    /// Past of everything in the account.
    pub account: Baseline,
    /// Past of its service in the account.
    pub service: Baseline,
    /// Past of its type in the account.
    pub of_type: Baseline,
    /// Past of its actor in the account.
    pub actor: Baseline,
    /// How many events its region had in the account.
    pub region_seen: u64,
    /// How many of them were its actor's.
    pub actor_region_seen: u64,
    /// What its actor did with its type.
    pub actor_type: Seen,
    /// What its actor did with its service.
    pub actor_service: Seen,
    /// What is measured of its actor, the event included.
    pub now: Measures,
    /// What is usual for its actor.
    pub usual: Usual,
    /// Since the first event of the account, in hours.
    pub age_hours: i64,
    /// Since the first event of its actor, in hours.
    pub actor_age_hours: i64,
}

impl<'a> Observation<'a> {
    /// An event beside the baselines under its keys and its actor's habits.
    pub fn new(
        event: &'a CostEvent,
        keys: &[BaselineKey; 4],
        history: &History,
        habits: &Habits,
    ) -> Self {
        let [account, service, of_type, actor] = keys.each_ref().map(|key| history.get(key));
        let region = event.region.as_str();
        Self {
            event,
            account,
            service,
            of_type,
            actor,
            region_seen: history.regions().get(region).copied().unwrap_or_default(),
            actor_region_seen: habits.regions.get(region).copied().unwrap_or_default(),
            actor_type: habits.kinds.get(&kind_of(event)).copied().unwrap_or_default(),
            actor_service: of_service(habits, event),
            now: habits.after(event),
            usual: habits.usual(event.time),
            age_hours: hours_since(&account, event),
            actor_age_hours: hours_since(&actor, event),
        }
    }

    /// One of the measures, the event included.
    pub(super) fn now(&self, measure: Measure) -> i128 {
        self.now[measure as usize].into()
    }

    /// Σ of its peaks on the days before.
    pub(super) fn sum(&self, measure: Measure) -> i128 {
        self.usual.sums[measure as usize].into()
    }

    /// Its highest peak on the days before.
    pub(super) fn most(&self, measure: Measure) -> i128 {
        self.usual.most[measure as usize].into()
    }

    /// What kind of thing it is about: `ec2 m5.large`, `nat-gateway`.
    pub(super) fn kind(&self) -> String {
        let (service, name) = (self.event.service.code(), self.event.resource_type.as_str());
        if service == name { name.to_owned() } else { format!("{service} {name}") }
    }

    /// `over 12 days`, of the days that its actor did something.
    pub(super) fn over_days(&self) -> String {
        let days = self.usual.days;
        format!(
            "over {days} {} on which it started something",
            if days == 1 { "day" } else { "days" }
        )
    }
}

/// Under which name an actor's habits keep a kind of thing.
pub(crate) fn kind_of(event: &CostEvent) -> String {
    format!("{}#{}", event.service.code(), event.resource_type)
}

fn of_service(habits: &Habits, event: &CostEvent) -> Seen {
    let service = event.service.code();
    let of_it = habits
        .kinds
        .iter()
        .filter(|(kind, _)| kind.strip_prefix(service).is_some_and(|rest| rest.starts_with('#')));
    of_it.fold(Seen::default(), |sum, (_, seen)| Seen {
        n: sum.n + seen.n,
        logs: sum.logs + seen.logs,
        log_squares: sum.log_squares + seen.log_squares,
    })
}

fn hours_since(past: &Baseline, event: &CostEvent) -> i64 {
    let first = past.first_at.unwrap_or(event.time);
    event.time.duration_since(first).as_hours().max(0)
}

/// Micro-dollars an hour for people.
pub(super) fn per_hour(micros: i128) -> String {
    let micros = i64::try_from(micros).unwrap_or(i64::MAX);
    format!("{}/h", MicroUsd(micros).usd().display())
}

/// `9 times` from twice on, `1.7 times` below, `about` where it hardly differs.
pub(super) fn times(now: i128, usual: i128) -> String {
    let tenths = now.saturating_mul(10) / usual.max(1);
    match tenths {
        ..12 => "about".to_owned(),
        12..100 => format!("{}.{} times", tenths / 10, tenths % 10),
        _ => format!("{} times", tenths / 10),
    }
}
