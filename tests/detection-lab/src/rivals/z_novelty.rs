//! The literal requirement: z-score of cost + 1.5 × type novelty + 1.0 × actor novelty.
//!
//! A frozen copy of what the product's first three channels computed: z of log $/h against service
//! and type, or the service for a type without a past, between 0 and 10; novelty 1 / (1 + times
//! seen).

use super::MIN_HOURLY;
use super::plain_z::{MIN_EVENTS, Moments, log_rate};
use crate::observed::dollars;
use crate::runner::Scorer;
use domain::cost_event::CostEvent;
use domain::resource::Service;
use std::collections::HashMap;

const TYPE_WEIGHT: f64 = 1.5;
const ACTOR_WEIGHT: f64 = 1.0;
const MAX_Z: f64 = 10.0;

/// Sums for each service, type and actor.
#[derive(Debug, Default)]
pub struct ZNovelty {
    service: HashMap<Service, Moments>,
    of_type: HashMap<(Service, String), Moments>,
    actor: HashMap<String, f64>,
}

impl Scorer for ZNovelty {
    fn score(&mut self, event: &CostEvent) -> f64 {
        if dollars(event) < MIN_HOURLY {
            return f64::NEG_INFINITY;
        }
        let key = (event.service, event.resource_type.clone());
        let of_type = self.of_type.get(&key).copied().unwrap_or_default();
        let service = self.service.get(&event.service).copied().unwrap_or_default();
        let past = if of_type.n >= MIN_EVENTS { of_type } else { service };
        let z = past.z(log_rate(event)).unwrap_or(0.0).clamp(0.0, MAX_Z);
        let actor = self.actor.get(&event.actor.id).copied().unwrap_or(0.0);
        z + TYPE_WEIGHT / (1.0 + of_type.n) + ACTOR_WEIGHT / (1.0 + actor)
    }

    fn learn(&mut self, event: &CostEvent) {
        let x = log_rate(event);
        self.service.entry(event.service).or_default().add(x);
        self.of_type.entry((event.service, event.resource_type.clone())).or_default().add(x);
        *self.actor.entry(event.actor.id.clone()).or_default() += 1.0;
    }
}
