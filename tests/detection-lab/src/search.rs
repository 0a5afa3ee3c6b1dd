//! Finds the threshold of a candidate on development fleets: the lowest that stays within a number of
//! benign alerts an account and week. Answers change what a candidate learns, so each try is a run.

use crate::observed::Account;
use crate::runner::{Make, Setting, account_weeks, benign_scores, on_all_cores, run_fleet};
use crate::trail::Kind;
use std::collections::BTreeMap;

/// Thresholds are this far apart, by the number of benign events above them.
const GRID_RATIO: f64 = 1.08;
/// Thresholds above all benign scores: without what poisons them, scores may rise.
const ABOVE: i32 = 12;
/// How far a threshold is looked for anew when a kind is left out, in steps of the grid.
const NEIGHBOURS: usize = 1;

/// Thresholds to choose from, and what was found out about them.
#[derive(Debug)]
pub struct Search<'a> {
    dev: &'a [Account],
    make: Make,
    grace_days: u32,
    /// From the highest to the lowest.
    grid: Vec<f64>,
    /// Benign alerts at a place of the grid; `None` for more than anybody asked about.
    tried: BTreeMap<usize, Option<usize>>,
    most: usize,
}

impl<'a> Search<'a> {
    /// A search on development fleets for at most `highest_rate` benign alerts an account and week.
    pub fn new(dev: &'a [Account], make: Make, grace_days: u32, highest_rate: f64) -> Self {
        let scores = on_all_cores(dev, |account| benign_scores(account, make().as_mut()));
        let most = allowed(dev, grace_days, highest_rate);
        let grid = grid(scores.into_iter().flatten().collect());
        Self { dev, make, grace_days, grid, tried: BTreeMap::new(), most }
    }

    /// The lowest threshold within a rate.
    pub fn threshold(&mut self, rate: f64) -> f64 {
        let place = self.place(rate);
        self.at(place)
    }

    /// The same as if incidents of a kind had never happened.
    pub fn threshold_without(&mut self, kind: Kind, rate: f64) -> f64 {
        let near = self.place(rate);
        let most = allowed(self.dev, self.grace_days, rate);
        let (low, high) = (near.saturating_sub(NEIGHBOURS), near + NEIGHBOURS + 1);
        let high = high.min(self.grid.len());
        let fits = |place: usize| {
            let threshold = self.at(place);
            let setting = Setting { threshold, left_out: Some(kind) };
            run_fleet(self.dev, self.make, setting, self.grace_days, Some(most)).is_some()
        };
        let place = last_that_fits(low, high, fits);
        self.at(place)
    }

    fn place(&mut self, rate: f64) -> usize {
        let most = allowed(self.dev, self.grace_days, rate);
        let end = self.grid.len();
        last_that_fits(0, end, |place| self.benign(place).is_some_and(|benign| benign <= most))
    }

    fn benign(&mut self, place: usize) -> Option<usize> {
        if let Some(benign) = self.tried.get(&place) {
            return *benign;
        }
        let setting = Setting { threshold: self.at(place), left_out: None };
        let outcomes = run_fleet(self.dev, self.make, setting, self.grace_days, Some(self.most));
        let benign = outcomes.map(|outcomes| count_benign(self.dev, &outcomes, self.grace_days));
        self.tried.insert(place, benign);
        benign
    }

    fn at(&self, place: usize) -> f64 {
        self.grid.get(place).copied().unwrap_or(f64::INFINITY)
    }
}

/// Benign alerts of a fleet that count.
pub fn count_benign(
    fleet: &[Account],
    outcomes: &[crate::runner::Outcome],
    grace_days: u32,
) -> usize {
    let benign = |(account, outcome): (&Account, &crate::runner::Outcome)| {
        outcome.benign(crate::runner::counted_from(account, grace_days))
    };
    fleet.iter().zip(outcomes).map(benign).sum()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of alerts")]
fn allowed(fleet: &[Account], grace_days: u32, rate: f64) -> usize {
    (account_weeks(fleet, grace_days) * rate) as usize
}

/// The last place in `low..high` that fits, if those that fit come first; `low` is taken to fit.
fn last_that_fits(mut low: usize, mut high: usize, mut fits: impl FnMut(usize) -> bool) -> usize {
    while high - low > 1 {
        let middle = low.midpoint(high);
        if fits(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Infinity, some values above all scores, then the scores themselves, ever more of them skipped.
fn grid(mut scores: Vec<f64>) -> Vec<f64> {
    scores.sort_by(|a, b| b.total_cmp(a));
    let top = scores.first().copied().unwrap_or(1.0).max(1e-3);
    let mut grid = vec![f64::INFINITY];
    grid.extend((1..=ABOVE).rev().map(|step| top * libm::pow(1.1, f64::from(step))));
    let mut rank = 0.0_f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
    while let Some(score) = scores.get(rank as usize) {
        if grid.last().is_none_or(|last| score < last) {
            grid.push(*score);
        }
        rank = (rank * GRID_RATIO).max(rank + 1.0);
    }
    grid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_falls_and_begins_with_no_alert_at_all() {
        let grid = grid((0..1_000).map(f64::from).collect());
        assert!(grid.is_sorted_by(|a, b| a > b));
        assert!(grid.len() < 120, "{}", grid.len());
        assert!(grid[0].is_infinite());
        assert!(grid.contains(&999.0));
    }

    #[test]
    fn the_last_that_fits_is_found() {
        for last in 0..20 {
            assert_eq!(last_that_fits(0, 20, |place| place <= last), last);
        }
    }
}
