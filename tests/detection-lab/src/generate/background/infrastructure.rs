//! What Terraform does: environments that come and go, migrations to a new generation, a new region,
//! steady growth, and restores of backups to test them.

use crate::generate::calendar::working_second;
use crate::generate::company::{Company, FAMILIES};
use crate::generate::dice::{Dice, hours};
use crate::generate::prices::{is_class_offered, is_offered};
use crate::generate::scribe::{Hand, Scribe, later};
use crate::trail::Archetype;
use jiff::Timestamp;
use sample_trail::Call;

/// How much of it an archetype has: environments a week, and the chances of the others.
struct Amount {
    environments: f64,
    migration: f64,
    new_region: f64,
    growth: f64,
    nightly_restore: f64,
}

fn amount(archetype: Archetype) -> Amount {
    let (environments, migration, new_region, growth, nightly_restore) = match archetype {
        Archetype::Startup => (0.5, 0.3, 0.15, 0.15, 0.3),
        Archetype::Scaling => (0.6, 0.4, 0.3, 0.2, 0.4),
        Archetype::Ci => (0.4, 0.3, 0.1, 0.1, 0.2),
        Archetype::Batch => (0.3, 0.3, 0.1, 0.1, 0.3),
        Archetype::Ml => (0.3, 0.2, 0.2, 0.1, 0.1),
        Archetype::Enterprise => (3.0, 0.9, 0.6, 0.6, 0.6),
        Archetype::Sleepy => (0.08, 0.05, 0.0, 0.02, 0.0),
    };
    Amount { environments, migration, new_region, growth, nightly_restore }
}

pub(super) fn write(company: &Company, scribe: &mut Scribe, dice: &Dice) {
    let amount = amount(company.archetype);
    let mut draw = dice.fork("amounts");
    let span = f64::from(company.calendar.days) / 90.0;
    environments(company, amount.environments, scribe, &mut dice.fork("environments"));
    growth(company, amount.growth, scribe, &mut dice.fork("growth"));
    if draw.chance(amount.migration * span) {
        migration(company, scribe, &mut dice.fork("migration"));
    }
    if draw.chance(amount.new_region * span) {
        new_region(company, scribe, &mut dice.fork("new region"));
    }
    if draw.chance(amount.nightly_restore) {
        nightly_restore(company, scribe, &mut dice.fork("restore"));
    }
}

/// Instances, perhaps a database and a gateway, for a few days.
fn environments(company: &Company, weekly: f64, scribe: &mut Scribe, dice: &mut Dice) {
    for day in 0..=company.calendar.days {
        for _ in 0..dice.poisson(weekly / 5.0 * company.calendar.pulse(day)) {
            let region =
                if dice.chance(0.7) { company.home() } else { *dice.pick(&company.regions) };
            let hand = Hand::new(&company.infra, region);
            let at = company.calendar.at(day, working_second(dice));
            environment(company, &hand, at, scribe, dice);
        }
    }
}

fn environment(
    company: &Company,
    hand: &Hand,
    at: Timestamp,
    scribe: &mut Scribe,
    dice: &mut Dice,
) {
    let end = later(at, hours(dice.around(60.0, 0.8).clamp(1.0, 500.0)));
    let size = *dice.pick(&["large", "large", "xlarge"]);
    let kind = general_type(company, size, hand.region);
    let count = dice.between(1..=4);
    let running = scribe.launch(hand, at, &kind, count);
    scribe.terminate(&hand.caller, end, &running);
    if dice.chance(0.5) {
        let classes =
            ["db.t3.medium", "db.m5.large", "db.r5.large", "db.r5.xlarge", "db.m5.xlarge"];
        let name = format!("staging-{}", dice.between(100..=9999));
        database(hand, at, end, &name, dice.word(&classes), scribe, dice);
    }
    if dice.chance(0.4) {
        let id = scribe.write(hand, later(at, 20), Call::create_nat_gateway).nat_gateway_id();
        scribe.write(hand, later(end, 30), |call| call.delete_nat_gateway(&id));
        let id = scribe.write(hand, later(at, 15), Call::allocate_address).allocation_id();
        scribe.write(hand, later(end, 90), |call| call.release_address(&id));
    }
}

fn database(
    hand: &Hand,
    at: Timestamp,
    end: Timestamp,
    name: &str,
    class: &str,
    scribe: &mut Scribe,
    dice: &mut Dice,
) {
    let (at, end) = (later(at, 40), later(end, 40));
    let is_aurora =
        dice.chance(0.25) && is_class_offered("db.r5.large", "aurora-postgresql", hand.region);
    if is_aurora {
        let member = format!("{name}-1");
        scribe.write(hand, at, |call| call.create_cluster(name));
        scribe.write(hand, later(at, 30), |call| {
            call.create_cluster_member(name, &member, "db.r5.large")
        });
        scribe.write(hand, end, |call| call.delete_database(&member));
        scribe.write(hand, later(end, 300), |call| call.delete_cluster(name));
        return;
    }
    let known = is_class_offered(class, "postgres", hand.region);
    let class = if known { class } else { "db.t3.medium" };
    scribe.write(hand, at, |call| call.create_database(name, class, false));
    // Over a weekend it is stopped, sometimes.
    let night = later(at, hours(30.0));
    if later(night, hours(14.0)) < end && dice.chance(0.4) {
        scribe.write(hand, night, |call| call.stop_database(name));
        scribe.write(hand, later(night, hours(12.0)), |call| call.start_database(name));
    }
    scribe.write(hand, end, |call| call.delete_database(name));
}

/// One more for good, at a slow pace.
fn growth(company: &Company, weekly: f64, scribe: &mut Scribe, dice: &mut Dice) {
    let hand = company.at_home(&company.infra);
    let kind = general_type(company, dice.word(&["large", "xlarge", "2xlarge"]), company.home());
    for day in 0..=company.calendar.days {
        if dice.chance((weekly / 5.0 * company.calendar.pulse(day)).min(1.0)) {
            let at = company.calendar.at(day, working_second(dice));
            scribe.launch(&hand, at, &kind, 1);
        }
    }
}

/// A fleet from before the watch is replaced over days by a newer generation.
fn migration(company: &Company, scribe: &mut Scribe, dice: &mut Dice) {
    let calendar = &company.calendar;
    let size = *dice.pick(&["large", "xlarge", "2xlarge"]);
    let newer: Vec<&str> = FAMILIES
        .into_iter()
        .filter(|family| *family != company.family)
        .filter(|family| is_offered(&format!("{family}.{size}"), company.home()))
        .collect();
    let Some(family) = (!newer.is_empty()).then(|| *dice.pick(&newer)) else { return };
    let (old, new) = (general_type(company, size, company.home()), format!("{family}.{size}"));
    let hand = company.at_home(&company.infra);
    let mut left = dice.log_between(5, 36);
    let begin = calendar.at(0, hours(11.0));
    let mut fleet = scribe.launch(&hand, begin, &old, left);
    let mut day = dice.between(3..=calendar.days.max(4));
    while left > 0 {
        if calendar.is_workday(day) {
            let count = dice.between(1..=6).min(left);
            let at = calendar.at(day, working_second(dice));
            scribe.launch(&hand, at, &new, count);
            let keep = fleet.ids.split_off(usize::try_from(count).unwrap_or(0));
            scribe.terminate(&hand.caller, later(at, dice.between(900..=9000)), &fleet);
            fleet.ids = keep;
            left -= count;
        }
        day += 1;
    }
}

/// First a network and little on it, then day by day more.
fn new_region(company: &Company, scribe: &mut Scribe, dice: &mut Dice) {
    let calendar = &company.calendar;
    let unused = company.unused_regions();
    let region = *dice.pick(&unused);
    let hand = Hand::new(&company.infra, region);
    let kind = general_type(company, dice.word(&["large", "xlarge"]), region);
    let first = dice.between(5..=calendar.days.max(6));
    let at = calendar.at(first, working_second(dice));
    scribe.write(&hand, at, Call::create_nat_gateway);
    scribe.write(&hand, later(at, 12), Call::allocate_address);
    scribe.launch(&hand, later(at, 300), &kind, 1);
    let days = dice.between(4..=15);
    for nth in 1..=days {
        let day = first + nth;
        if calendar.is_workday(day) && dice.chance(0.7) {
            let at = calendar.at(day, working_second(dice));
            let count = dice.between(1..=u64::from(1 + nth / 3));
            scribe.launch(&hand, at, &kind, count);
        }
    }
    let at = calendar.at(first + 3, working_second(dice));
    scribe.write(&hand, at, |call| call.create_database("primary", "db.m5.large", true));
}

/// Each night the backup is restored and tested.
fn nightly_restore(company: &Company, scribe: &mut Scribe, dice: &mut Dice) {
    let hand = company.at_home(&company.worker);
    let classes = ["db.t3.medium", "db.m5.large", "db.r5.large", "db.r5.xlarge"];
    let (class, hour) = (*dice.pick(&classes), dice.real(0.0, 5.0));
    for day in 0..=company.calendar.days {
        let at = company.calendar.at(day, hours(hour + 0.02 * dice.normal()));
        scribe.write(&hand, at, |call| call.create_database("restore-test", class, false));
        let end = later(at, hours(dice.real(0.5, 2.0)));
        scribe.write(&hand, end, |call| call.delete_database("restore-test"));
    }
}

/// The company's family where the region has it.
fn general_type(company: &Company, size: &str, region: &str) -> String {
    let kind = format!("{}.{size}", company.family);
    if is_offered(&kind, region) { kind } else { format!("m5.{size}") }
}
