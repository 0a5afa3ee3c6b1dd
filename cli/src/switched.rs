//! Flags on the command line: the document that is compiled in, under the overrides of the
//! environment.

use crate::error::CliError;
use flags::{Evaluator, VARIABLE};
use jiff::Timestamp;

/// The flags. Overrides that are refused are complained of and change nothing.
pub(crate) async fn flags(now: Timestamp) -> Result<Evaluator, CliError> {
    let overrides = std::env::var(VARIABLE).ok();
    let read = Evaluator::compiled_in(overrides.as_deref(), now).await;
    let (evaluator, refused) = read.map_err(|error| CliError::Failed(error.to_string()))?;
    if let Some(why) = refused {
        anstream::eprintln!("{VARIABLE} changes nothing: {why}");
    }
    Ok(evaluator)
}
