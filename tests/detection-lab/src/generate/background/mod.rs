//! What goes on in an account every day and has to stay silent.

mod batches;
mod builds;
mod deployments;
mod functions;
mod groups;
mod infrastructure;
mod load_tests;
mod people;
mod training;

use super::company::Company;
use super::dice::Dice;
use super::scribe::Scribe;

/// Writes the account's everyday life.
pub(super) fn write(company: &Company, scribe: &mut Scribe, dice: &Dice) {
    people::write(company, scribe, &dice.fork("people"));
    groups::write(company, scribe, &dice.fork("groups"));
    builds::write(company, scribe, &dice.fork("builds"));
    batches::write(company, scribe, &dice.fork("batches"));
    deployments::write(company, scribe, &dice.fork("deployments"));
    infrastructure::write(company, scribe, &dice.fork("infrastructure"));
    functions::write(company, scribe, &dice.fork("functions"));
    training::write(company, scribe, &dice.fork("training"));
    load_tests::write(company, scribe, &dice.fork("load tests"));
}
