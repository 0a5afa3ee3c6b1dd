//! Writes records down, each with a number of its own.

use super::dice::Dice;
use crate::trail::Labelled;
use jiff::{SignedDuration, Timestamp};
use sample_trail::{Call, Caller, Record};

/// Most instances that one record names: CloudTrail cuts larger answers off.
const MOST_AT_ONCE: u64 = 100;

/// What was written of an account so far.
#[derive(Debug)]
pub(super) struct Scribe {
    account: String,
    window: (Timestamp, Timestamp),
    serial: u64,
    entries: Vec<(Timestamp, Labelled)>,
    /// What is written now is part of this incident.
    pub(super) incident: Option<usize>,
}

/// Who does something where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hand {
    pub(super) caller: Caller,
    pub(super) region: &'static str,
}

impl Hand {
    pub(super) fn new(caller: &Caller, region: &'static str) -> Self {
        Self { caller: caller.clone(), region }
    }
}

/// Instances that run somewhere.
#[derive(Debug, Clone)]
pub(super) struct Running {
    pub(super) region: &'static str,
    pub(super) ids: Vec<String>,
}

impl Scribe {
    /// Writes what falls between the two moments of `window`; `serial` makes all ids.
    pub(super) fn new(account: String, window: (Timestamp, Timestamp), serial: u64) -> Self {
        Self { account, window, serial, entries: Vec::new(), incident: None }
    }

    /// How much was written; for [`Self::forget_since`] and [`Self::since`].
    pub(super) fn mark(&self) -> usize {
        self.entries.len()
    }

    /// Takes back what was written after a mark.
    pub(super) fn forget_since(&mut self, mark: usize) {
        self.entries.truncate(mark);
    }

    /// What was written after a mark, in the order of time.
    pub(super) fn since(&self, mark: usize) -> Vec<&(Timestamp, Labelled)> {
        let mut entries: Vec<_> = self.entries[mark..].iter().collect();
        entries.sort_by_key(|(at, _)| *at);
        entries
    }

    /// One record; the call tells the ids in it.
    pub(super) fn write(
        &mut self,
        hand: &Hand,
        at: Timestamp,
        make: impl FnOnce(&Call) -> Record,
    ) -> Call {
        self.serial += 1;
        let call = Call {
            account: self.account.clone(),
            region: hand.region,
            at,
            caller: hand.caller.clone(),
            serial: self.serial,
        };
        if (self.window.0..self.window.1).contains(&at) {
            self.entries.push((at, Labelled { record: make(&call), incident: self.incident }));
        }
        call
    }

    /// Launches, in as many calls as it takes.
    pub(super) fn launch(&mut self, hand: &Hand, at: Timestamp, kind: &str, count: u64) -> Running {
        self.launch_with(hand, at, count, |call, count| call.run_instances(kind, count, None))
    }

    /// Launches by a scaling group.
    pub(super) fn scale_out(
        &mut self,
        group: &str,
        region: &'static str,
        at: Timestamp,
        kind: &str,
        count: u64,
    ) -> Running {
        let service = Hand { caller: Caller::AutoScaling, region };
        self.launch_with(&service, at, count, |call, count| {
            call.run_instances(kind, count, Some(group))
        })
    }

    /// Launches of any sort whose call answers with the ids of [`Call::instance_id`].
    pub(super) fn launch_with(
        &mut self,
        hand: &Hand,
        at: Timestamp,
        count: u64,
        make: impl Fn(&Call, u64) -> Record,
    ) -> Running {
        let (mut ids, mut left, mut at) = (Vec::new(), count, at);
        while left > 0 {
            let now = left.min(MOST_AT_ONCE);
            let call = self.write(hand, at, |call| make(call, now));
            ids.extend((0..now).map(|nth| call.instance_id(nth)));
            left -= now;
            at += SignedDuration::from_secs(4);
        }
        Running { region: hand.region, ids }
    }

    /// Terminates, in as many calls as it takes.
    pub(super) fn terminate(&mut self, caller: &Caller, at: Timestamp, running: &Running) {
        let hand = Hand::new(caller, running.region);
        for (nth, ids) in running.ids.chunks(50).enumerate() {
            let at = at + SignedDuration::from_secs(i64::try_from(nth).unwrap_or(0) * 3);
            self.write(&hand, at, |call| call.terminate_instances(ids));
        }
    }

    /// Launches that end after a while.
    pub(super) fn rent(
        &mut self,
        hand: &Hand,
        at: Timestamp,
        kind: &str,
        count: u64,
        seconds: i64,
    ) {
        let running = self.launch(hand, at, kind, count);
        self.terminate(&hand.caller, later(at, seconds.max(60)), &running);
    }

    /// All records in the order of time.
    pub(super) fn finish(mut self) -> Vec<Labelled> {
        self.entries.sort_by_key(|(at, _)| *at);
        self.entries.into_iter().map(|(_, labelled)| labelled).collect()
    }
}

/// So many seconds later.
pub(super) fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at + SignedDuration::from_secs(seconds)
}

/// Up to so many seconds later.
pub(super) fn soon(at: Timestamp, within: i64, dice: &mut Dice) -> Timestamp {
    later(at, dice.between(1..=within))
}
