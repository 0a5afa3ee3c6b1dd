//! Going on past what fails: each failure is logged and counted, and the first one is the answer at the
//! end, so that nobody takes what was left out for done.

use crate::error::Failure;

/// What failed of several things that have nothing to do with each other.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    count: u64,
    first: Option<Failure>,
}

impl Failures {
    /// What one of them gave; `None` if it failed. The text says what was to be done.
    pub(crate) fn past<T, E: Into<Failure>>(
        &mut self,
        what: &'static str,
        done: Result<T, E>,
    ) -> Option<T> {
        match done.map_err(Into::into) {
            Ok(done) => Some(done),
            Err(failure) => {
                tracing::error!(what, why = %failure, "one failed; the others go on");
                self.count += 1;
                self.first.get_or_insert(failure);
                None
            }
        }
    }

    /// The first failure, if there was one.
    pub(crate) fn end(self) -> Result<(), Failure> {
        let Some(first) = self.first else { return Ok(()) };
        tracing::error!(failed = self.count, "not all could be done");
        Err(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_is_told_at_the_end_and_what_succeeds_is_given() {
        let mut failures = Failures::default();
        let reject = |why: &str| Err::<u8, _>(Failure::Reject(why.to_owned()));
        assert_eq!(failures.past("one", reject("first")), None);
        assert_eq!(failures.past("two", Ok::<_, Failure>(2)), Some(2));
        assert_eq!(failures.past("three", reject("second")), None);
        assert_eq!(failures.end(), Err(Failure::Reject("first".to_owned())));
        assert_eq!(Failures::default().end(), Ok(()));
    }
}
