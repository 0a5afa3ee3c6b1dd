//! Isolation Forest: what random cuts separate quickly from the rest is unusual. Trained anew each
//! day on a window of what is usual.
//!
//! Definition: Liu, Ting and Zhou, "Isolation Forest", ICDM 2008,
//! <https://doi.org/10.1109/ICDM.2008.17>; 100 trees of 256 points, as recommended there.

use super::MIN_HOURLY;
use super::features::{DIMENSIONS, Features, Point};
use crate::runner::{Day, Scorer};
use domain::cost_event::{CostEvent, CostEventId};
use jiff::Timestamp;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64;
use std::collections::{HashMap, VecDeque};

const TREES: usize = 100;
const SAMPLE: usize = 256;
/// What is usual: the last so many events.
const WINDOW: usize = 4_000;
/// Fewer events make no forest.
const MIN_EVENTS: usize = 20;
const SEED: u64 = 0x150_1A7E;

/// A window of points and a forest grown on it.
#[derive(Debug)]
pub struct IsolationForest {
    features: Features,
    window: VecDeque<Point>,
    /// Points of alerts that wait for an answer.
    waiting: HashMap<CostEventId, Point>,
    forest: Vec<Tree>,
    /// A day has ended since the forest was grown.
    is_stale: bool,
    random: Pcg64,
}

impl Default for IsolationForest {
    fn default() -> Self {
        Self {
            features: Features::default(),
            window: VecDeque::new(),
            waiting: HashMap::new(),
            forest: Vec::new(),
            is_stale: false,
            random: Pcg64::seed_from_u64(SEED),
        }
    }
}

impl Scorer for IsolationForest {
    fn score(&mut self, event: &CostEvent) -> f64 {
        let described = self.features.describe(event);
        self.waiting.insert(event.id.clone(), described.point);
        if described.started < MIN_HOURLY {
            return f64::NEG_INFINITY;
        }
        if std::mem::take(&mut self.is_stale) {
            self.grow();
        }
        anomaly_score(&self.forest, &described.point)
    }

    fn learn(&mut self, event: &CostEvent) {
        self.features.learn(event);
        if let Some(point) = self.waiting.remove(&event.id) {
            self.window.push_back(point);
        }
        if self.window.len() > WINDOW {
            self.window.pop_front();
        }
    }

    fn not_expected(&mut self, event: &CostEvent) {
        self.waiting.remove(&event.id);
    }

    fn end_of_day(&mut self, _end: Timestamp) -> Vec<Day> {
        self.is_stale = true;
        Vec::new()
    }
}

impl IsolationForest {
    /// On the first event of a day that needs it, which is the same as at midnight unless an answer
    /// came in between.
    fn grow(&mut self) {
        if self.window.len() >= MIN_EVENTS {
            let points = self.window.make_contiguous();
            self.forest = (0..TREES).map(|_| Tree::grow(points, &mut self.random)).collect();
        }
    }
}

/// Between 0 and 1; 0 without a forest.
fn anomaly_score(forest: &[Tree], point: &Point) -> f64 {
    let Some(first) = forest.first() else { return 0.0 };
    let depth: f64 = forest.iter().map(|tree| tree.depth(point)).sum();
    libm::exp2(-depth / average(forest.len()) / mean_depth(first.sample))
}

#[expect(clippy::cast_precision_loss, reason = "numbers of trees and points are small")]
fn average(n: usize) -> f64 {
    n as f64
}

/// Mean depth of an unsuccessful search in a binary tree of `n` points: c(n) of the paper.
fn mean_depth(n: usize) -> f64 {
    const EULER: f64 = 0.577_215_664_901_532_9;
    match n {
        0 | 1 => 0.0,
        2 => 1.0,
        n => {
            let m = average(n - 1);
            2.0 * (libm::log(m) + EULER) - 2.0 * m / average(n)
        }
    }
}

#[derive(Debug)]
struct Tree {
    nodes: Vec<Node>,
    sample: usize,
}

#[derive(Debug)]
enum Node {
    /// Below the cut the node that follows, else the node at `above`.
    Cut { dimension: usize, at: f64, above: usize },
    /// So many points that were not separated.
    Leaf { depth: f64 },
}

impl Tree {
    fn grow(points: &[Point], random: &mut Pcg64) -> Self {
        let sample = SAMPLE.min(points.len());
        let mut chosen: Vec<Point> = (0..sample)
            .filter_map(|_| points.get(random.random_range(0..points.len())).copied())
            .collect();
        let mut tree = Self { nodes: Vec::new(), sample };
        tree.split(&mut chosen, 0, random);
        tree
    }

    fn split(&mut self, points: &mut [Point], depth: u32, random: &mut Pcg64) {
        let limit = SAMPLE.ilog2();
        let cut = if depth < limit { cut(points, random) } else { None };
        let Some((dimension, at)) = cut else {
            let depth = f64::from(depth) + mean_depth(points.len());
            return self.nodes.push(Node::Leaf { depth });
        };
        let here = self.nodes.len();
        self.nodes.push(Node::Cut { dimension, at, above: 0 });
        let middle = part(points, dimension, at);
        let (below, above) = points.split_at_mut(middle);
        self.split(below, depth + 1, random);
        let next = self.nodes.len();
        if let Some(Node::Cut { above, .. }) = self.nodes.get_mut(here) {
            *above = next;
        }
        self.split(above, depth + 1, random);
    }

    fn depth(&self, point: &Point) -> f64 {
        let mut at = 0;
        loop {
            match self.nodes.get(at) {
                Some(Node::Cut { dimension, at: cut, above }) => {
                    at = if coordinate(point, *dimension) < *cut { at + 1 } else { *above };
                }
                Some(Node::Leaf { depth }) => return *depth,
                None => return 0.0,
            }
        }
    }
}

/// Brings the points below a cut to the front and tells how many they are.
fn part(points: &mut [Point], dimension: usize, at: f64) -> usize {
    let mut below = 0;
    for index in 0..points.len() {
        if points.get(index).is_some_and(|point| coordinate(point, dimension) < at) {
            points.swap(below, index);
            below += 1;
        }
    }
    below
}

fn coordinate(point: &Point, dimension: usize) -> f64 {
    point.get(dimension).copied().unwrap_or_default()
}

/// A random dimension in which the points differ, and a place between its ends; `None` for points
/// that are all the same.
fn cut(points: &[Point], random: &mut Pcg64) -> Option<(usize, f64)> {
    let ends = |dimension| {
        let values = points.iter().map(|point| coordinate(point, dimension));
        let fold = |(low, high): (f64, f64), x: f64| (low.min(x), high.max(x));
        values.fold((f64::INFINITY, f64::NEG_INFINITY), fold)
    };
    let first = random.random_range(0..DIMENSIONS);
    let dimensions = (0..DIMENSIONS).map(|step| (first + step) % DIMENSIONS);
    let (dimension, (low, high)) = dimensions
        .map(|dimension| (dimension, ends(dimension)))
        .find(|(_, (low, high))| low < high)?;
    // Never at the lowest point itself, so that both sides have points.
    let at = low + (high - low) * (1.0 - random.random::<f64>());
    Some((dimension, at))
}
