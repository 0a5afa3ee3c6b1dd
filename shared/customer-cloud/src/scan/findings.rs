//! What a scan has found so far, and what it could not tell.

use crate::aws_error::AwsError;
use crate::operation::Operation;
use domain::price::Monthly;
use domain::zombie::{Judged, Zombie, ZombieCheck};
use pipeline::cloud::Scanned;
use pipeline::error::Failure;

/// So many of each kind are looked at in a region, with a call or more for each of them.
pub(crate) const MOST: usize = 500;

/// A list that could not be had, and by which call.
pub(crate) type Looked<T> = Result<T, (AwsError, Operation)>;

/// An error together with the call that gave it.
pub(crate) fn of(operation: Operation) -> impl Fn(AwsError) -> (AwsError, Operation) {
    move |error| (error, operation)
}

#[derive(Debug, Default)]
pub(crate) struct Findings {
    zombies: Vec<Zombie>,
    unjudged: Vec<(ZombieCheck, String)>,
    unlisted: Vec<ZombieCheck>,
}

impl Findings {
    /// What was looked at; if it could not be, each of these checks says why, and the scan goes on.
    /// Only a resting account ends it.
    pub(crate) fn kept<T: Default>(
        &mut self,
        checks: &[ZombieCheck],
        looked: Looked<T>,
    ) -> Result<T, Failure> {
        match looked {
            Ok(found) => Ok(found),
            Err((error @ AwsError::Resting(_), operation)) => Err(error.failure(operation)),
            Err((error, operation)) => {
                for check in checks {
                    self.unjudged.push((*check, error.why(operation)));
                    self.unlisted.push(*check);
                }
                Ok(T::default())
            }
        }
    }

    /// What one of a list says of itself. One that AWS refuses to describe, since it went after it was
    /// listed, is not judged; the others are. Any other error is of the whole list.
    pub(crate) fn each<T>(
        &mut self,
        check: ZombieCheck,
        looked: Looked<T>,
    ) -> Result<Option<T>, (AwsError, Operation)> {
        match looked {
            Ok(found) => Ok(Some(found)),
            Err((error @ AwsError::Refused(_), operation)) => {
                self.unjudged.push((check, error.why(operation)));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The first [`MOST`] of a list; of each of the others is said that nobody has looked at it.
    pub(crate) fn first<T>(&mut self, check: ZombieCheck, kind: &str, all: Vec<T>) -> Vec<T> {
        for _ in MOST..all.len() {
            self.beyond(check, kind);
        }
        all.into_iter().take(MOST).collect()
    }

    /// One more of a kind of which there are more than anybody looks at.
    pub(crate) fn beyond(&mut self, check: ZombieCheck, kind: &str) {
        let why = format!("of a region's {kind} only the first {MOST} are looked at");
        self.unjudged.push((check, why));
    }

    /// A rule's answer; whether it found something.
    pub(crate) fn judged(&mut self, check: ZombieCheck, judged: Judged) -> bool {
        let found = matches!(judged, Ok(Some(_)));
        match judged {
            Ok(zombie) => self.zombies.extend(zombie),
            Err(why) => self.unjudged.push((check, why)),
        }
        found
    }

    /// The answer of a rule that wants a price; without one, nothing can be told.
    pub(crate) fn priced(
        &mut self,
        check: ZombieCheck,
        price: Option<Monthly>,
        rule: impl FnOnce(Monthly) -> Judged,
    ) -> bool {
        let price = price.ok_or_else(|| "no table has a price for it".to_owned());
        self.judged(check, price.and_then(rule))
    }

    /// Whether something was found by a check.
    pub(crate) fn has(&self, check: ZombieCheck, resource: &str) -> bool {
        self.zombies.iter().any(|zombie| zombie.check == check && zombie.resource == resource)
    }

    pub(crate) fn into_scanned(mut self) -> Scanned {
        self.zombies.sort_by(|one, other| {
            let key = |it: &Zombie| (std::cmp::Reverse(it.monthly.usd()), it.check);
            key(one).cmp(&key(other)).then_with(|| one.resource.cmp(&other.resource))
        });
        let Self { zombies, unjudged, unlisted } = self;
        Scanned { zombies, unjudged, unlisted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_that_nobody_looks_at_is_counted_and_says_why() {
        let mut findings = Findings::default();
        let all: Vec<usize> = (0..MOST + 3).collect();
        let first = findings.first(ZombieCheck::OversizedTable, "tables", all);
        assert_eq!((first.len(), first.last()), (MOST, Some(&(MOST - 1))));
        assert_eq!(findings.first(ZombieCheck::OversizedTable, "tables", vec![1]), [1]);
        let unjudged = findings.into_scanned().unjudged;
        assert_eq!(unjudged.len(), 3);
        let why = "of a region's tables only the first 500 are looked at";
        assert_eq!(unjudged[0], (ZombieCheck::OversizedTable, why.to_owned()));
    }
}
