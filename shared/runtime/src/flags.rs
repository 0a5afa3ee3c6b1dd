//! The flags of a function: the document that is compiled in, under overrides from its environment.

use flags::Evaluator;
use jiff::Timestamp;
use pipeline::error::Failure;
use tokio::sync::OnceCell;

/// Flags that are read when they are first needed: only then can be logged what is wrong with an
/// override.
pub struct LazyFlags {
    overrides: Option<String>,
    evaluator: OnceCell<Evaluator>,
}

impl LazyFlags {
    /// The flags under these overrides.
    pub fn new(overrides: Option<&str>) -> Self {
        Self { overrides: overrides.map(str::to_owned), evaluator: OnceCell::new() }
    }

    /// The flags. Overrides that are refused are logged and change nothing: a function that stands
    /// still because of a typing error would see nothing at all.
    pub async fn get(&self, now: Timestamp) -> Result<&Evaluator, Failure> {
        self.evaluator.get_or_try_init(|| self.read(now)).await
    }

    async fn read(&self, now: Timestamp) -> Result<Evaluator, Failure> {
        let read = Evaluator::compiled_in(self.overrides.as_deref(), now).await;
        let (evaluator, refused) = read.map_err(|error| Failure::Retry(error.to_string()))?;
        if let Some(why) = refused {
            tracing::warn!(%why, "flags are not overridden");
        }
        Ok(evaluator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "111122223333";

    fn is_rds_read(overrides: &str) -> bool {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let flags = LazyFlags::new(Some(overrides));
        runtime.block_on(async { flags.get(now).await.unwrap().is_parser_on(ACCOUNT, "rds", now) })
    }

    #[test]
    fn an_override_holds_and_a_wrong_one_stops_nothing() {
        let off =
            r#"{"parser.rds":{"rollout_percent":0,"until":"2026-11-22T00:00:00Z","reason":"x"}}"#;
        assert!(!is_rds_read(off));
        assert!(is_rds_read(&off.replace("rds", "dsr")));
        assert!(is_rds_read("off"));
    }
}
