//! The whole comparison: thresholds from development seeds, figures from test seeds.

use crate::generate;
use crate::metrics::{Part, Summary};
use crate::observed::Account;
use crate::rivals::Candidate;
use crate::runner::{Setting, on_all_cores, run_fleet};
use crate::search::Search;
use crate::trail::{Kind, Plan};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Fleets on which thresholds, and weights of the product, may be found. One seed of 42 accounts gives
/// 228 benign alerts at the main rate, which holds a threshold well enough.
pub const DEV_SEEDS: [u64; 1] = [11];
/// Fleets on which nothing is ever tuned.
pub const TEST_SEEDS: [u64; 2] = [9_321, 9_322];
/// The same for accounts in their first 14 days.
pub const COLD_DEV_SEEDS: [u64; 4] = [21, 22, 23, 24];
/// The same for accounts in their first 14 days.
pub const COLD_TEST_SEEDS: [u64; 4] = [9_421, 9_422, 9_423, 9_424];

/// Fleets on which the learned channel is trained, and of accounts in their first 14 days: apart from
/// those on which its table is measured and thresholds are found.
pub const TRAINING_SEEDS: [u64; 2] = [13, 14];
/// The same for accounts in their first 14 days.
pub const COLD_TRAINING_SEEDS: [u64; 4] = [31, 32, 33, 34];

/// Benign alerts an account and week at which candidates are compared.
pub const RATES: [f64; 3] = [0.25, 0.5, 1.0];
/// The one at which kinds, archetypes, time and dollars are compared.
pub const MAIN_RATE: f64 = 0.5;
/// The same for accounts in their first 14 days.
pub const COLD_RATE: f64 = 0.4;
/// Alerts of an account's first days do not count.
pub const GRACE_DAYS: u32 = 14;
/// Incidents an account, on average, and in an account's first days.
const INCIDENTS: f64 = 5.0;
const COLD_INCIDENTS: f64 = 1.5;

/// How large the fleets are.
#[derive(Debug, Clone)]
pub struct Scale {
    /// Accounts a seed.
    pub accounts: usize,
    /// Days of each.
    pub days: u32,
    /// Only the first seed of each list.
    pub quick: bool,
    /// Further test seeds.
    pub seeds: Vec<u64>,
}

impl Scale {
    pub(crate) fn some<'a>(&self, seeds: &'a [u64]) -> &'a [u64] {
        seeds.get(..1).filter(|_| self.quick).unwrap_or(seeds)
    }

    /// Seeds of the development fleets.
    pub fn dev_seeds(&self) -> Vec<u64> {
        self.some(&DEV_SEEDS).to_vec()
    }

    /// Seeds of the test fleets.
    pub fn test_seeds(&self) -> Vec<u64> {
        [self.some(&TEST_SEEDS), &self.seeds].concat()
    }

    fn plan(&self, seed: u64) -> Plan {
        let incidents = INCIDENTS * f64::from(self.days) / 90.0;
        Plan { seed, incidents_from: GRACE_DAYS, incidents, ..self.base() }
    }

    fn cold_plan(&self, seed: u64) -> Plan {
        Plan { seed, incidents_from: 0, incidents: COLD_INCIDENTS, days: 14, ..self.base() }
    }

    fn base(&self) -> Plan {
        Plan {
            seed: 0,
            accounts: self.accounts,
            start: START,
            days: self.days,
            incidents_from: 0,
            incidents: 0.0,
            kinds: Kind::ALL.to_vec(),
        }
    }
}

/// A Monday.
const START: Timestamp = Timestamp::constant(1_767_571_200, 0);

/// All fleets, read and priced.
#[derive(Debug)]
pub struct Fleets {
    /// For thresholds.
    pub dev: Vec<Account>,
    /// For figures.
    pub test: Vec<Account>,
    /// For thresholds of young accounts.
    pub cold_dev: Vec<Account>,
    /// For figures of young accounts.
    pub cold_test: Vec<Account>,
}

impl Fleets {
    /// Generates and observes every account once.
    pub fn new(scale: &Scale) -> Self {
        let main = |seeds: &[u64]| fleet(seeds.iter().map(|seed| scale.plan(*seed)));
        let cold = |seeds: &[u64]| fleet(seeds.iter().map(|seed| scale.cold_plan(*seed)));
        Self {
            dev: main(&scale.dev_seeds()),
            test: main(&scale.test_seeds()),
            cold_dev: cold(scale.some(&COLD_DEV_SEEDS)),
            cold_test: cold(scale.some(&COLD_TEST_SEEDS)),
        }
    }
}

/// The fleets on which tables of channels are measured: of grown and of young accounts.
pub fn calibration_fleets(scale: &Scale) -> [Vec<Account>; 2] {
    [
        fleet(DEV_SEEDS.iter().map(|seed| scale.plan(*seed))),
        fleet(COLD_DEV_SEEDS.iter().map(|seed| scale.cold_plan(*seed))),
    ]
}

/// The fleet on which the learned channel is trained.
pub fn training_fleet(scale: &Scale, young: bool) -> Vec<Account> {
    if young {
        fleet(COLD_TRAINING_SEEDS.iter().map(|seed| scale.cold_plan(*seed)))
    } else {
        fleet(TRAINING_SEEDS.iter().map(|seed| scale.plan(*seed)))
    }
}

/// All accounts of some plans.
pub fn fleet(plans: impl Iterator<Item = Plan>) -> Vec<Account> {
    let accounts: Vec<(Plan, usize)> =
        plans.flat_map(|plan| (0..plan.accounts).map(move |index| (plan.clone(), index))).collect();
    on_all_cores(&accounts, |(plan, index)| {
        Account::observe(&generate::trail(plan, *index), plan.start, plan.days)
    })
}

/// What one candidate was worth.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// Which.
    pub candidate: Candidate,
    /// On the test fleets, one for each of [`RATES`].
    pub at_rates: Vec<AtRate>,
    /// Kinds of incident, each found with a threshold that never saw it.
    pub left_out: BTreeMap<Kind, Part>,
    /// On young accounts.
    pub cold: AtRate,
}

/// Figures at one threshold.
#[derive(Debug, Clone)]
pub struct AtRate {
    /// Benign alerts an account and week that the threshold was found for.
    pub rate: f64,
    /// The threshold.
    pub threshold: f64,
    /// On test fleets.
    pub test: Summary,
}

impl Evaluation {
    /// The figures at [`MAIN_RATE`].
    pub fn main(&self) -> Option<&AtRate> {
        self.at_rates.iter().find(|at| (at.rate - MAIN_RATE).abs() < 1e-9)
    }

    /// All of [`Self::left_out`] together.
    pub fn left_out_total(&self) -> Part {
        self.left_out.values().fold(Part::default(), |sum, part| sum.plus(*part))
    }
}

/// Evaluates a candidate.
pub fn evaluate(candidate: Candidate, fleets: &Fleets) -> Evaluation {
    let highest = RATES.iter().copied().fold(0.0, f64::max);
    let mut search = Search::new(&fleets.dev, candidate.make, GRACE_DAYS, highest);
    let at_rates: Vec<AtRate> = (RATES.iter())
        .map(|&rate| {
            let threshold = search.threshold(rate);
            let test = summary(candidate, &fleets.test, threshold, GRACE_DAYS);
            AtRate { rate, threshold, test }
        })
        .collect();
    let left_out = Kind::ALL.iter().map(|&kind| {
        let threshold = search.threshold_without(kind, MAIN_RATE);
        let known = at_rates.iter().find(|at| at.threshold.total_cmp(&threshold).is_eq());
        let test = known.map_or_else(
            || summary(candidate, &fleets.test, threshold, GRACE_DAYS),
            |at| at.test.clone(),
        );
        (kind, test.by_kind.get(&kind).copied().unwrap_or_default())
    });
    let left_out = left_out.collect();
    let cold = cold(candidate, fleets);
    Evaluation { candidate, at_rates, left_out, cold }
}

fn cold(candidate: Candidate, fleets: &Fleets) -> AtRate {
    let threshold =
        Search::new(&fleets.cold_dev, candidate.make, 0, COLD_RATE).threshold(COLD_RATE);
    let test = summary(candidate, &fleets.cold_test, threshold, 0);
    AtRate { rate: COLD_RATE, threshold, test }
}

fn summary(candidate: Candidate, fleet: &[Account], threshold: f64, grace_days: u32) -> Summary {
    let setting = Setting { threshold, left_out: None };
    let outcomes = run_fleet(fleet, candidate.make, setting, grace_days, None);
    Summary::of(fleet, &outcomes.unwrap_or_default(), grace_days)
}
