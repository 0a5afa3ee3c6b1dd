//! What other programs would read: the last changes of anomalies, kept while the program runs.

use pipeline::error::Failure;
use pipeline::ports::Bus;
use pipeline::publish::Published;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Events that are kept.
const KEPT: usize = 200;

/// The last events.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<VecDeque<String>>);

impl Recent {
    /// JSON of each, the oldest first.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl Bus for Recent {
    async fn publish(&self, events: &[Published]) -> Result<(), Failure> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(events.iter().map(|event| event.body.clone()));
        let over = kept.len().saturating_sub(KEPT);
        kept.drain(..over);
        Ok(())
    }
}
