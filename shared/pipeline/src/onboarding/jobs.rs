//! Where work on accounts is waiting.

use super::Job;
use crate::error::Failure;
use crate::ports::{Message, Queue};

/// The two queues of work on accounts. A stack that calls back waits for five minutes, and must not stand
/// behind hundreds of rehearsals, each of which takes minutes and then asks for the next part of itself.
#[derive(Debug)]
pub struct Jobs<'a, Q> {
    /// For what somebody may be waiting for.
    pub prompt: &'a Q,
    /// For what takes long: scans and rehearsals.
    pub long: &'a Q,
}

impl<Q> Clone for Jobs<'_, Q> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q> Copy for Jobs<'_, Q> {}

impl<'a, Q> Jobs<'a, Q> {
    /// One queue for both, where there is room enough.
    pub fn in_one(queue: &'a Q) -> Self {
        Self { prompt: queue, long: queue }
    }
}

impl<Q: Queue> Jobs<'_, Q> {
    /// Hands work over, each piece to its queue.
    pub(crate) async fn give(&self, jobs: impl IntoIterator<Item = Job>) -> Result<(), Failure> {
        let (long, prompt): (Vec<Job>, Vec<Job>) = jobs.into_iter().partition(Job::takes_long);
        for (queue, jobs) in [(self.prompt, prompt), (self.long, long)] {
            if !jobs.is_empty() {
                queue.send(jobs.iter().map(|job| Message::of(job.to_json())).collect()).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::AccountId;
    use futures_util::FutureExt as _;
    use serde_json::json;
    use std::sync::Mutex;

    #[derive(Default)]
    struct Kept(Mutex<Vec<String>>);

    impl Queue for Kept {
        async fn send(&self, messages: Vec<Message>) -> Result<(), Failure> {
            self.0.lock().unwrap().extend(messages.into_iter().map(|message| message.body));
            Ok(())
        }
    }

    #[test]
    fn what_takes_long_keeps_nobody_waiting() {
        let account = || AccountId::parse("111122223333").unwrap();
        let (prompt, long) = (Kept::default(), Kept::default());
        let jobs = Jobs { prompt: &prompt, long: &long };
        let given = jobs.give([
            Job::Rehearse { account: account() },
            Job::Check { account: account() },
            Job::Scan { account: account() },
            Job::StackCalled(json!({"RequestType": "Create"})),
        ]);
        given.now_or_never().unwrap().unwrap();
        let words = |kept: &Kept| kept.0.lock().unwrap().join(" ");
        let (prompt, long) = (words(&prompt), words(&long));
        assert!(prompt.contains("check") && prompt.contains("Create"), "{prompt}");
        assert!(long.contains("rehearse") && long.contains("scan"), "{long}");
        assert!(!prompt.contains("scan") && !prompt.contains("rehearse"), "{prompt}");
    }
}
