//! Prints every command that a card or a zombie can suggest, for `tests/infra/test_suggested_commands.py`: its
//! region, a tab, the command.

#![expect(clippy::expect_used, reason = "made-up events are valid")]

#[path = "../../tests/how_to_stop/made.rs"]
mod made;
mod zombies;

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
    for zombie in zombies::all() {
        let commands = zombie.stop.lines().filter(|line| line.starts_with("aws "));
        lines.extend(commands.map(|line| format!("{}\t{line}", zombie.region)));
    }
    println!("{}", lines.into_iter().collect::<Vec<_>>().join("\n"));
}
