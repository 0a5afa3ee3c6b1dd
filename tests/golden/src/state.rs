//! What was before the records of a case. Everything may be left out.

#![expect(clippy::panic, reason = "a case that is wrong cannot be read")]

use domain::assessment::AccountState;
use domain::baseline::{BaselineKey, Sensitivity};
use domain::cost_event::{Action, CostEvent, CostEventId};
use domain::event::{Actor, ActorKind};
use domain::expectation::Expectation;
use domain::ids::{AccountId, EventId, Region};
use domain::money::Usd;
use domain::policy::{Mode, Policy};
use domain::price::Estimate;
use domain::resource::Service;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

/// `state.json`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    policy: PolicyChange,
    usual: Vec<Usual>,
    expectations: Vec<Expected>,
}

/// What differs from the policy of a new account.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PolicyChange {
    strict: bool,
    customer_strict: bool,
    panic: bool,
    sensitivity: Option<String>,
}

/// Events that were learned before: `times` of them, the first at `from`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Usual {
    actor: String,
    service: String,
    resource_type: String,
    hourly: String,
    times: u16,
    from: String,
    every_hours: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    id: String,
    actor: Option<String>,
    resource_type: Option<String>,
    region: Option<String>,
    max_count: Option<u64>,
    max_hourly: String,
    expires_at: String,
    by: String,
}

impl State {
    /// From the text of a `state.json`.
    ///
    /// # Panics
    ///
    /// When the text is wrong: a case is data of ours.
    pub fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("state.json: {error}"))
    }

    pub(crate) fn policy(&self) -> Policy {
        let change = &self.policy;
        let standard = Policy::default();
        let sensitivity = change.sensitivity.as_deref().map(|word| {
            Sensitivity::from_code(word).unwrap_or_else(|| panic!("no sensitivity {word}"))
        });
        Policy {
            mode: if change.strict { Mode::Strict } else { standard.mode },
            customer_strict: change.customer_strict,
            panic: change.panic,
            sensitivity: sensitivity.unwrap_or(standard.sensitivity),
            ..standard
        }
    }

    pub(crate) fn account(&self) -> AccountState {
        let mut account = AccountState {
            expectations: self.expectations.iter().map(Expected::expectation).collect(),
            ..AccountState::default()
        };
        let usual = self.usual.iter();
        let mut events: Vec<CostEvent> =
            usual.flat_map(|usual| (0..usual.times).map(|nth| usual.event(nth))).collect();
        events.sort_by_key(|event| event.time);
        for event in events {
            let keys = BaselineKey::of(&event);
            let measures = account.look_at(&event, &keys, &Policy::default()).measures;
            account.live_through(&event, keys, measures, false);
        }
        account
    }
}

impl Usual {
    fn event(&self, nth: u16) -> CostEvent {
        let hourly = usd(&self.hourly);
        CostEvent {
            id: CostEventId { event: event_id("learned"), part: nth },
            time: must::<Timestamp, _>(self.from.parse())
                + (self.every_hours * i64::from(nth)).hours(),
            account: must(AccountId::parse("111122223333")),
            region: must(Region::parse("eu-west-1")),
            actor: Actor {
                id: self.actor.clone(),
                kind: ActorKind::Other,
                principal: self.actor.clone(),
                person: None,
                invoked_by: None,
            },
            name: "learned".to_owned(),
            launcher: None,
            service: Service::from_code(&self.service)
                .unwrap_or_else(|| panic!("no service {}", self.service)),
            resource_type: self.resource_type.clone(),
            action: Action::Start,
            resources: vec!["learned".to_owned()],
            estimate: Estimate::default(),
            hourly_before: Usd::ZERO,
            hourly_change: hourly,
            ended_already: 0,
            effects: Vec::new(),
            open_changes: Vec::new(),
        }
    }
}

impl Expected {
    fn expectation(&self) -> Expectation {
        Expectation {
            id: self.id.clone(),
            actor: self.actor.clone(),
            resource_type: self.resource_type.clone(),
            region: self.region.as_deref().map(|region| must(Region::parse(region))),
            max_count: self.max_count,
            max_hourly: usd(&self.max_hourly),
            expires_at: must(self.expires_at.parse()),
            by: self.by.clone(),
        }
    }
}

fn event_id(text: &str) -> EventId {
    must(EventId::parse(text))
}

fn usd(text: &str) -> Usd {
    Usd::new(must(text.parse()))
}

fn must<T, E: std::fmt::Display>(parsed: Result<T, E>) -> T {
    parsed.unwrap_or_else(|error| panic!("state.json: {error}"))
}
