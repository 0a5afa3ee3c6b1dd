//! A small fleet that nothing was tuned on, at the threshold that is delivered: what CI asks of the
//! detector on every change. The whole comparison is `cargo xtask detection`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detection_lab::evaluate::fleet;
use detection_lab::metrics::Summary;
use detection_lab::observed::Account;
use detection_lab::ours::OURS;
use detection_lab::runner::{Setting, run_fleet};
use detection_lab::trail::{Kind, Plan};
use domain::policy::Policy;

fn plan() -> Plan {
    Plan {
        seed: 9_701,
        accounts: 14,
        start: "2026-01-05T00:00:00Z".parse().unwrap(),
        days: 45,
        incidents_from: 14,
        incidents: 3.0,
        kinds: Kind::ALL.to_vec(),
    }
}

fn summary(fleet: &[Account], grace_days: u32) -> Summary {
    let threshold = Policy::default().thresholds.medium.to_f64();
    let setting = Setting { threshold, left_out: None };
    let outcomes = run_fleet(fleet, OURS.make, setting, grace_days, None).unwrap();
    Summary::of(fleet, &outcomes, grace_days)
}

#[test]
fn grown_accounts_are_told_of_what_matters_and_seldom_of_anything_else() {
    let summary = summary(&fleet([plan()].into_iter()), 14);
    let said = format!("{:?} of incidents, {} benign a week", summary.found, summary.benign_rate());
    println!("{said}");
    assert!(summary.found.all >= 25, "{said}");
    assert!(summary.found.share() >= 0.85, "{said}: {:?}", summary.by_kind);
    assert!(summary.benign_rate() <= 0.9, "{said}");
    assert!(summary.within_an_hour() >= 0.8, "{said}");
    assert!(summary.saved >= 0.85, "{said}");
}

#[test]
fn young_accounts_are_told_of_most() {
    let plan =
        Plan { seed: 9_702, accounts: 28, days: 14, incidents_from: 0, incidents: 1.5, ..plan() };
    let summary = summary(&fleet([plan].into_iter()), 0);
    let said = format!("{:?} of incidents, {} benign a week", summary.found, summary.benign_rate());
    println!("{said}");
    assert!(summary.found.all >= 15, "{said}");
    assert!(summary.found.share() >= 0.55, "{said}: {:?}", summary.by_kind);
    assert!(summary.benign_rate() <= 1.0, "{said}");
}
