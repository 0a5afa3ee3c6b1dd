//! Random Cut Forest: by how much a point would change random trees over a sample of the stream.
//!
//! Definition: Guha, Mishra, Roy and Schrijvers, "Robust Random Cut Forest Based Anomaly Detection
//! on Streams", ICML 2016, <https://proceedings.mlr.press/v48/guha16.html>; `rcf3` is a Rust version
//! of AWS's own implementation, <https://github.com/aws/random-cut-forest-by-aws>.

use super::MIN_HOURLY;
use super::features::{DIMENSIONS, Features, Point};
use crate::runner::Scorer;
use domain::cost_event::{CostEvent, CostEventId};
use rcf3::Forest;
use std::collections::HashMap;

const TREES: usize = 30;
const SAMPLE: usize = 256;
/// Points before the first score.
const MIN_EVENTS: usize = 20;
const SEED: u64 = 2_016;

/// A forest over the stream of usual events.
#[derive(Debug)]
pub struct RandomCutForest {
    features: Features,
    /// Points of alerts that wait for an answer.
    waiting: HashMap<CostEventId, Point>,
    forest: Option<Forest>,
}

impl Default for RandomCutForest {
    fn default() -> Self {
        let forest = Forest::builder(DIMENSIONS)
            .num_trees(TREES)
            .capacity(SAMPLE)
            .output_after(MIN_EVENTS)
            .seed(SEED)
            .build();
        Self { features: Features::default(), waiting: HashMap::new(), forest: forest.ok() }
    }
}

impl Scorer for RandomCutForest {
    fn score(&mut self, event: &CostEvent) -> f64 {
        let described = self.features.describe(event);
        self.waiting.insert(event.id.clone(), described.point);
        if described.started < MIN_HOURLY {
            return f64::NEG_INFINITY;
        }
        let score = self.forest.as_ref().and_then(|f| f.score(&single(&described.point)).ok());
        score.unwrap_or(0.0)
    }

    fn learn(&mut self, event: &CostEvent) {
        self.features.learn(event);
        let point = self.waiting.remove(&event.id);
        if let (Some(point), Some(forest)) = (point, self.forest.as_mut()) {
            // It fails only for points of another dimension.
            let _ = forest.update(&single(&point));
        }
    }

    fn not_expected(&mut self, event: &CostEvent) {
        self.waiting.remove(&event.id);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the library takes single precision")]
fn single(point: &Point) -> [f32; DIMENSIONS] {
    point.map(|coordinate| coordinate as f32)
}
