//! People at work: machines for a while, volumes, test databases, and much that costs nothing.

use crate::generate::calendar::working_second;
use crate::generate::company::{Company, Person};
use crate::generate::dice::{Dice, hours, whole};
use crate::generate::prices::{is_class_offered, is_offered};
use crate::generate::scribe::{Hand, Scribe, later, soon};
use jiff::Timestamp;
use sample_trail::Call;

pub(super) fn write(company: &Company, scribe: &mut Scribe, dice: &Dice) {
    for (nth, person) in company.people.iter().enumerate() {
        let mut dice = dice.nth(nth);
        let region = if dice.chance(0.8) { company.home() } else { *dice.pick(&company.regions) };
        let hand = Hand::new(&person.caller, region);
        if person.has_devbox {
            devbox(company, person, &hand, scribe, &mut dice.fork("devbox"));
        }
        let free = person.weekly.min(1.5);
        for day in person.from..=company.calendar.days {
            let pulse = company.calendar.pulse(day);
            for _ in 0..dice.poisson(person.weekly / 5.0 * pulse) {
                let at = company.calendar.at(day, working_second(&mut dice));
                one_thing(person, &hand, at, scribe, &mut dice);
            }
            for _ in 0..dice.poisson(free * pulse) {
                let at = company.calendar.at(day, working_second(&mut dice));
                something_free(person, &hand, at, scribe, &mut dice);
            }
        }
    }
}

/// A machine of one's own, started in the morning and stopped in the evening.
fn devbox(company: &Company, person: &Person, hand: &Hand, scribe: &mut Scribe, dice: &mut Dice) {
    let calendar = &company.calendar;
    let first = calendar.at(person.from, working_second(dice));
    let ids = scribe.launch(hand, first, &person.types[0], 1).ids;
    scribe.write(hand, later(first, hours(8.0)), |call| call.stop_instances(&ids));
    let come = dice.real(7.5, 10.5);
    for day in person.from + 1..=calendar.days {
        if !dice.chance(calendar.pulse(day).min(0.93)) {
            continue;
        }
        let morning = calendar.at(day, hours(come + 0.4 * dice.normal()));
        scribe.write(hand, morning, |call| call.start_instances(&ids));
        let evening = later(morning, hours(dice.real(6.5, 10.5)));
        scribe.write(hand, evening, |call| call.stop_instances(&ids));
    }
}

fn one_thing(person: &Person, hand: &Hand, at: Timestamp, scribe: &mut Scribe, dice: &mut Dice) {
    match dice.weighted(&[0.58, 0.12, 0.03, 0.09, 0.03, 0.09, 0.06]) {
        0 => machines(person, hand, at, scribe, dice),
        1 => volume(hand, at, scribe, dice),
        2 => gateway(hand, at, scribe, dice),
        3 => test_database(hand, at, scribe, dice),
        4 => address(hand, at, scribe, dice),
        5 => function(hand, at, scribe, dice),
        _ => another_size(person, hand, at, scribe, dice),
    }
}

/// Mostly one, of the usual type; now and then something new, and now and then kept for long.
fn machines(person: &Person, hand: &Hand, at: Timestamp, scribe: &mut Scribe, dice: &mut Dice) {
    let kind = match dice.weighted(&[0.7, 0.22, 0.08]) {
        0 => person.types[0].clone(),
        1 => dice.pick(&person.types).clone(),
        _ => something_new(person, hand.region, dice),
    };
    let count = match dice.weighted(&[0.8, 0.15, 0.05]) {
        0 => 1,
        1 => dice.between(2..=3),
        _ => dice.between(4..=6),
    };
    let median = if dice.chance(0.15) { 60.0 } else { 4.0 };
    let seconds = hours(dice.around(median, 0.9).clamp(0.05, 600.0));
    scribe.rent(hand, at, &kind, count, seconds);
}

fn something_new(person: &Person, region: &str, dice: &mut Dice) -> String {
    let candidates = [
        "c6i.2xlarge",
        "r5.xlarge",
        "m5.2xlarge",
        "c5.4xlarge",
        "r6g.2xlarge",
        "g4dn.xlarge",
        "t3.2xlarge",
        "i3.large",
    ];
    let kind = *dice.pick(&candidates);
    if is_offered(kind, region) { kind.to_owned() } else { person.types[0].clone() }
}

fn volume(hand: &Hand, at: Timestamp, scribe: &mut Scribe, dice: &mut Dice) {
    let size = u32::try_from(dice.log_between(8, 600)).unwrap_or(8);
    let id = scribe.write(hand, at, |call| call.create_volume(size)).volume_id();
    if dice.chance(0.2) {
        let more = size + size / dice.between(1..=4);
        scribe
            .write(hand, soon(at, hours(40.0), dice), |call| call.enlarge_volume(&id, size, more));
    }
    let end = later(at, hours(dice.around(70.0, 1.0).max(42.0)));
    scribe.write(hand, end, |call| call.delete_volume(&id));
}

fn gateway(hand: &Hand, at: Timestamp, scribe: &mut Scribe, dice: &mut Dice) {
    let id = scribe.write(hand, at, Call::create_nat_gateway).nat_gateway_id();
    let end = later(at, hours(dice.around(50.0, 1.2).max(0.2)));
    scribe.write(hand, end, |call| call.delete_nat_gateway(&id));
}

fn address(hand: &Hand, at: Timestamp, scribe: &mut Scribe, dice: &mut Dice) {
    let id = scribe.write(hand, at, Call::allocate_address).allocation_id();
    let end = later(at, hours(dice.around(90.0, 1.2).max(0.2)));
    scribe.write(hand, end, |call| call.release_address(&id));
}

fn test_database(hand: &Hand, at: Timestamp, scribe: &mut Scribe, dice: &mut Dice) {
    let classes = ["db.t3.medium", "db.t3.large", "db.t4g.medium", "db.m5.large", "db.r5.large"];
    let class = *dice.pick(&classes);
    let class = if is_class_offered(class, "postgres", hand.region) { class } else { classes[0] };
    let name = format!("test-{}", dice.between(1000..=9999));
    let multi_az = dice.chance(0.1);
    scribe.write(hand, at, |call| call.create_database(&name, class, multi_az));
    let end = later(at, hours(dice.around(20.0, 1.1).clamp(0.5, 400.0)));
    scribe.write(hand, end, |call| call.delete_database(&name));
}

fn function(hand: &Hand, at: Timestamp, scribe: &mut Scribe, dice: &mut Dice) {
    let name = format!("tool-{}", dice.between(1..=12));
    let memory = *dice.pick(&[128, 256, 512, 1024, 2048]);
    if dice.chance(0.3) {
        scribe.write(hand, at, |call| call.create_function(&name, memory));
    } else {
        scribe.write(hand, at, |call| call.configure_function(&name, memory));
    }
}

/// A machine that turns out too small.
fn another_size(person: &Person, hand: &Hand, at: Timestamp, scribe: &mut Scribe, dice: &mut Dice) {
    let running = scribe.launch(hand, at, &person.types[0], 1);
    let minutes = dice.between(10..=60);
    let stop = later(at, minutes * 60);
    let larger = dice.pick(&person.types).clone();
    scribe.write(hand, stop, |call| call.stop_instances(&running.ids));
    scribe.write(hand, later(stop, 70), |call| call.change_instance_type(&running.ids[0], &larger));
    scribe.write(hand, later(stop, 95), |call| call.start_instances(&running.ids));
    let end = later(stop, hours(dice.around(20.0, 1.0)) + 200);
    scribe.terminate(&person.caller, end, &running);
}

fn something_free(
    person: &Person,
    hand: &Hand,
    at: Timestamp,
    scribe: &mut Scribe,
    dice: &mut Dice,
) {
    match dice.weighted(&[0.45, 0.45, 0.06, 0.04]) {
        0 => scribe.write(hand, at, Call::list_buckets),
        1 => scribe.write(hand, at, Call::describe_instances),
        2 => {
            let tries = whole(dice.around(1.5, 0.5)).max(1);
            for _ in 1..tries {
                scribe.write(hand, soon(at, 90, dice), |call| call.over_limit(&person.types[0]));
            }
            scribe.write(hand, at, |call| call.over_limit(&person.types[0]))
        }
        _ => scribe.write(hand, at, |call| call.dry_run(&person.types[0])),
    };
}
