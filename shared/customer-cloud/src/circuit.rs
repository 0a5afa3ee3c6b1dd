//! Circuits: an account whose AWS keeps failing is left alone for a while, then tried once.

use domain::ids::AccountId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Calls that failed one after another before an account rests.
const FAILURES: u32 = 5;

/// The circuits of all accounts that failed lately.
#[derive(Debug, Default)]
pub(crate) struct Circuits(Mutex<HashMap<AccountId, Circuit>>);

#[derive(Debug, Clone, Copy, Default)]
struct Circuit {
    failures: u32,
    resting_until: Option<Instant>,
}

impl Circuits {
    /// Whether a call may go out; if not, how long to wait. After its rest one call goes out to
    /// probe, and the others wait on.
    pub(crate) fn enter(
        &self,
        account: &AccountId,
        rest: Duration,
        now: Instant,
    ) -> Result<(), Duration> {
        let mut circuits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(circuit) = circuits.get_mut(account) else { return Ok(()) };
        match circuit.resting_until {
            Some(until) if now < until => Err(until - now),
            Some(_) => {
                circuit.resting_until = Some(now + rest);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// AWS answered, whatever it said.
    pub(crate) fn answered(&self, account: &AccountId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
    }

    /// A call failed, all its tries together.
    pub(crate) fn failed(&self, account: &AccountId, rest: Duration, now: Instant) {
        let mut circuits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let circuit = circuits.entry(account.clone()).or_default();
        circuit.failures = circuit.failures.saturating_add(1);
        if circuit.failures >= FAILURES {
            circuit.resting_until = Some(now + rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Duration = Duration::from_secs(30);

    fn account(id: &str) -> AccountId {
        AccountId::parse(id).unwrap()
    }

    fn broken(ours: &AccountId, now: Instant) -> Circuits {
        let circuits = Circuits::default();
        for _ in 0..FAILURES {
            assert_eq!(circuits.enter(ours, REST, now), Ok(()));
            circuits.failed(ours, REST, now);
        }
        circuits
    }

    #[test]
    fn after_five_failures_an_account_rests_and_no_other() {
        let (ours, now) = (account("111122223333"), Instant::now());
        let circuits = broken(&ours, now);
        assert_eq!(circuits.enter(&ours, REST, now), Err(REST));
        assert_eq!(circuits.enter(&account("444455556666"), REST, now), Ok(()));
    }

    #[test]
    fn after_its_rest_one_call_probes() {
        let (ours, now) = (account("111122223333"), Instant::now());
        let circuits = broken(&ours, now);
        let later = now + REST;
        assert_eq!(circuits.enter(&ours, REST, later), Ok(()), "the probe");
        assert_eq!(circuits.enter(&ours, REST, later), Err(REST), "everybody else");
        circuits.failed(&ours, REST, later);
        assert_eq!(circuits.enter(&ours, REST, later), Err(REST), "the probe failed");
        let again = later + REST;
        assert_eq!(circuits.enter(&ours, REST, again), Ok(()));
        circuits.answered(&ours);
        assert_eq!(circuits.enter(&ours, REST, again), Ok(()), "it is closed again");
    }

    #[test]
    fn an_answer_in_between_begins_the_count_anew() {
        let (ours, now) = (account("111122223333"), Instant::now());
        let circuits = Circuits::default();
        for _ in 0..FAILURES * 3 {
            circuits.failed(&ours, REST, now);
            circuits.answered(&ours);
        }
        assert_eq!(circuits.enter(&ours, REST, now), Ok(()));
    }
}
