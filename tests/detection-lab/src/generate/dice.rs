//! Chance, the same on every machine: a small generator with its own stream for each purpose, and
//! the distributions that the lab draws from, by `libm`.

use rand::distr::uniform::SampleUniform;
use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64;
use std::ops::RangeInclusive;

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(super) struct Dice {
    root: u64,
    stream: Pcg64,
}

impl Dice {
    /// The dice of one account of a plan.
    pub(super) fn new(seed: u64, index: u64) -> Self {
        let mut of_plan = Pcg64::seed_from_u64(seed);
        Self::of_root(of_plan.next_u64() ^ Pcg64::seed_from_u64(index).next_u64())
    }

    /// Dice for one purpose: what is drawn from them moves nothing elsewhere.
    pub(super) fn fork(&self, purpose: &str) -> Self {
        // FNV-1a.
        let digest = purpose.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |digest, byte| {
            (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self::of_root(self.root ^ digest)
    }

    /// Dice for the nth of several.
    pub(super) fn nth(&self, nth: usize) -> Self {
        self.fork(&nth.to_string())
    }

    fn of_root(root: u64) -> Self {
        let mut stream = Pcg64::seed_from_u64(root);
        Self { root: stream.next_u64(), stream }
    }

    /// Uniform, both ends included.
    pub(super) fn between<T: SampleUniform + PartialOrd>(&mut self, range: RangeInclusive<T>) -> T {
        self.stream.random_range(range)
    }

    /// From 0 to below 1.
    pub(super) fn unit(&mut self) -> f64 {
        self.stream.random()
    }

    /// Uniform from `low` to below `high`.
    pub(super) fn real(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Each order of magnitude between `low` and `high` as likely as the other.
    pub(super) fn log_real(&mut self, low: f64, high: f64) -> f64 {
        libm::exp(self.real(libm::log(low), libm::log(high)))
    }

    /// [`Self::log_real`] as a whole number.
    pub(super) fn log_between(&mut self, low: u64, high: u64) -> u64 {
        whole(self.log_real(real(low), real(high) + 0.999)).clamp(low, high)
    }

    /// True with this probability.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Of the standard normal distribution (Box and Muller).
    pub(super) fn normal(&mut self) -> f64 {
        let (u, v) = (1.0 - self.unit(), self.unit());
        libm::sqrt(-2.0 * libm::log(u)) * libm::cos(std::f64::consts::TAU * v)
    }

    /// Log-normal with this median.
    pub(super) fn around(&mut self, median: f64, sigma: f64) -> f64 {
        median * libm::exp(sigma * self.normal())
    }

    /// Of the Poisson distribution (Knuth's method, in pieces so that large means do not vanish).
    pub(super) fn poisson(&mut self, mean: f64) -> u64 {
        let (mut left, mut count) = (mean.max(0.0), 0);
        while left > 0.0 {
            let piece = left.min(30.0);
            let (limit, mut product) = (libm::exp(-piece), self.unit());
            while product > limit {
                count += 1;
                product *= self.unit();
            }
            left -= piece;
        }
        count
    }

    /// One of them.
    ///
    /// # Panics
    /// If there are none.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.between(0..=from.len() - 1)]
    }

    /// One of these words.
    pub(super) fn word(&mut self, from: &[&'static str]) -> &'static str {
        from[self.between(0..=from.len() - 1)]
    }

    /// Index of one of them, each as likely as its weight is large.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut point = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            point -= weight;
            if point < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }

    /// In another order (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.between(0..=index));
        }
    }
}

/// The nearest whole number from 0 on.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "never below 0, and amounts here are small"
)]
pub(super) fn whole(number: f64) -> u64 {
    libm::floor(number.max(0.0) + 0.5) as u64
}

/// A count as a real number.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}

/// Seconds of so many hours.
#[expect(clippy::cast_possible_truncation, reason = "months in seconds are far below the limit")]
pub(super) fn hours(hours: f64) -> i64 {
    libm::floor(hours * 3600.0) as i64
}
