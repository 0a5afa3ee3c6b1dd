//! What the learned channel looks at, of every event of its own training fleets that may alert, with
//! its label: input of `learned/train.py`.
//!
//! `cargo run --release -p detection-lab --bin features > target/features.csv`

use detection_lab::evaluate::{Scale, TRAINING_SEEDS, training_fleet};
use detection_lab::observed::{Account, Observed, hours, may_alert};
use domain::assessment::AccountState;
use domain::baseline::BaselineKey;
use domain::channels::{FEATURES, features};
use domain::cost_event::CostEvent;
use domain::policy::Policy;
use jiff::ToSpan as _;
use std::collections::VecDeque;
use std::io::{BufWriter, Write};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::io::Result<()> {
    let scale = Scale { accounts: 42, days: 90, quick: false, seeds: Vec::new() };
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "account,actor,half_day,incident,kind,young,{}", FEATURES.join(","))?;
    for young in [false, true] {
        for (number, account) in training_fleet(&scale, young).iter().enumerate() {
            write_account(&mut out, account, (number, young))?;
        }
    }
    let _ = writeln!(std::io::stderr(), "seeds {TRAINING_SEEDS:?}");
    Ok(())
}

/// Everyday life is learned, incidents alert and are answered after two hours.
fn write_account(
    out: &mut impl Write,
    account: &Account,
    (number, young): (usize, bool),
) -> std::io::Result<()> {
    let policy = Policy::default();
    let mut state = AccountState::default();
    let mut waiting: VecDeque<&CostEvent> = VecDeque::new();
    for observed in &account.events {
        let event = &observed.event;
        while let Some(answered) = waiting.pop_front_if(|each| each.time + 2.hours() <= event.time)
        {
            let actor = BaselineKey::actor(&answered.actor.id);
            state.history.habits_mut(&actor).not_expected(answered.time, answered.time);
            state.history.unlearn(answered);
        }
        let keys = BaselineKey::of(event);
        let looked = state.look_at(event, &keys, &policy);
        if may_alert(event) && looked.burst.hourly >= policy.min_hourly {
            let labels = labels(account, observed, &keys);
            let values = features(&state.observe(event, &keys));
            let values = values.map(|value| value.to_string()).join(",");
            writeln!(out, "{number},{labels},{},{values}", u8::from(young))?;
        }
        let unusual = may_alert(event) && observed.incident.is_some();
        if unusual {
            waiting.push_back(event);
        }
        state.live_through(event, keys, looked.measures, unusual);
    }
    Ok(())
}

/// Actor, half of a day, number and kind of the incident: events that alert together.
fn labels(account: &Account, observed: &Observed, keys: &[BaselineKey; 4]) -> String {
    let [.., actor] = keys;
    let half_day = libm::floor(hours(account.start, observed.event.time) / 12.0);
    let incident = observed.incident.map_or("-1".to_owned(), |index| index.to_string());
    let kind = observed.incident.and_then(|index| account.incidents.get(index));
    let kind = kind.map_or("-", |incident| incident.kind.code());
    format!("{},{half_day},{incident},{kind}", actor.code())
}
