//! Prints every command that a card can suggest, for `tests/infra/test_suggested_commands.py`: its
//! region, a tab, the command.

#![expect(clippy::expect_used, reason = "made-up events are valid")]

#[path = "../tests/how_to_stop/made.rs"]
mod made;

use domain::how_to_stop::how_to_stop;
use std::collections::BTreeSet;

fn main() {
    let mut lines = BTreeSet::new();
    for event in made::all() {
        for step in how_to_stop(&event) {
            let region = event.region.as_str();
            lines.extend(step.command.lines().map(|line| format!("{region}\t{line}")));
        }
    }
    println!("{}", lines.into_iter().collect::<Vec<_>>().join("\n"));
}
