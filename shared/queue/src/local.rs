//! A queue in this process, with the promises of SQS FIFO: order within a group, one batch of a
//! group at a time, at least once, duplicates dropped by id, and a place for what never succeeds.

use pipeline::error::Failure;
use pipeline::ports::{Message, Queue};
use std::collections::{BTreeSet, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Ids that are remembered against duplicates; SQS remembers five minutes of them.
const MAX_REMEMBERED: usize = 10_000;

/// The queue; clones are the same one.
#[derive(Debug, Clone)]
pub struct LocalQueue {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    max_receives: u32,
    state: Mutex<State>,
    arrived: Notify,
    settled: Notify,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Waiting>,
    /// Groups of which somebody has messages.
    busy: BTreeSet<String>,
    remembered: HashSet<String>,
    order: VecDeque<String>,
    /// Ids of what waits or is being worked on.
    unsettled: HashSet<String>,
    dead: Vec<Message>,
    in_flight: usize,
}

#[derive(Debug, Clone)]
struct Waiting {
    message: Message,
    receives: u32,
    not_before: Option<Instant>,
}

/// Messages that were received. What is not [`done`](Self::done) when it is dropped comes again.
#[derive(Debug)]
pub struct Batch {
    queue: LocalQueue,
    messages: Vec<Option<Waiting>>,
    groups: BTreeSet<String>,
}

impl LocalQueue {
    /// An empty queue; what was received so often without success is put aside.
    pub fn new(max_receives: u32) -> Self {
        let inner = Inner {
            max_receives,
            state: Mutex::default(),
            arrived: Notify::new(),
            settled: Notify::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Up to so many messages, as soon as there is one; of each group the first.
    pub async fn receive(&self, most: usize) -> Batch {
        loop {
            let arrived = self.inner.arrived.notified();
            let (batch, next) = self.try_receive(most);
            if let Some(batch) = batch {
                return batch;
            }
            match next {
                Some(next) => {
                    tokio::select! { () = arrived => {}, () = tokio::time::sleep_until(next) => {} }
                }
                None => arrived.await,
            }
        }
    }

    /// Waits until nothing with these ids waits or is being worked on any more.
    pub async fn settled(&self, ids: &[String]) {
        loop {
            let settled = self.inner.settled.notified();
            tokio::pin!(settled);
            settled.as_mut().enable();
            if !ids.iter().any(|id| self.state().unsettled.contains(id)) {
                return;
            }
            settled.await;
        }
    }

    /// Why the message with this id was put aside, if it was.
    pub fn why_dead(&self, id: &str) -> Option<String> {
        let state = self.state();
        let dead = state.dead.iter().find(|dead| dead.deduplication_id.as_deref() == Some(id))?;
        Some(dead.reason.clone().unwrap_or_default())
    }

    /// What was put aside.
    pub fn dead(&self) -> Vec<Message> {
        self.state().dead.clone()
    }

    /// Messages that wait or are being worked on.
    pub fn len(&self) -> usize {
        let state = self.state();
        state.waiting.len() + state.in_flight
    }

    /// Whether nothing waits and nothing is being worked on.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn try_receive(&self, most: usize) -> (Option<Batch>, Option<Instant>) {
        let now = Instant::now();
        let mut state = self.state();
        let mut batch = Vec::new();
        let mut groups = BTreeSet::new();
        let mut left = VecDeque::new();
        let mut held = BTreeSet::new();
        let mut next: Option<Instant> = None;
        while let Some(waiting) = state.waiting.pop_front() {
            let group = waiting.message.group.clone();
            let later = waiting.not_before.filter(|at| *at > now);
            let blocked = group.as_ref().is_some_and(|group| {
                held.contains(group) || (state.busy.contains(group) && !groups.contains(group))
            });
            if batch.len() == most || blocked || later.is_some() {
                if let Some(later) = later {
                    next = Some(next.map_or(later, |next| next.min(later)));
                }
                held.extend(group);
                left.push_back(waiting);
                continue;
            }
            if let Some(group) = group {
                state.busy.insert(group.clone());
                groups.insert(group);
            }
            batch.push(Some(waiting));
        }
        state.waiting = left;
        state.in_flight += batch.len();
        drop(state);
        // Only a batch that holds something may be dropped: its end wakes who waits.
        let some = !batch.is_empty();
        (some.then(|| Batch { queue: self.clone(), messages: batch, groups }), next)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn settle(&mut self, message: &Message) {
        self.in_flight -= 1;
        if let Some(id) = &message.deduplication_id {
            self.unsettled.remove(id);
        }
    }

    /// Puts a message aside; it may be sent again.
    fn bury(&mut self, message: Message, reason: String) {
        self.settle(&message);
        if let Some(id) = &message.deduplication_id {
            self.remembered.remove(id);
        }
        self.dead.push(Message { reason: Some(reason), ..message });
    }

    fn is_new(&mut self, id: &str) -> bool {
        if !self.remembered.insert(id.to_owned()) {
            return false;
        }
        self.order.push_back(id.to_owned());
        if self.order.len() > MAX_REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.remembered.remove(&oldest);
        }
        true
    }
}

impl Queue for LocalQueue {
    async fn send(&self, messages: Vec<Message>) -> Result<(), Failure> {
        let mut state = self.state();
        for message in messages {
            let new = message.deduplication_id.as_deref().is_none_or(|id| state.is_new(id));
            // Sent again, it is no longer what never succeeded.
            if new && message.deduplication_id.is_some() {
                state.dead.retain(|dead| dead.deduplication_id != message.deduplication_id);
            }
            if new {
                state.unsettled.extend(message.deduplication_id.clone());
                state.waiting.push_back(Waiting { message, receives: 0, not_before: None });
            }
        }
        drop(state);
        self.inner.arrived.notify_one();
        Ok(())
    }
}

impl Batch {
    /// The messages, in their order.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().flatten().map(|waiting| &waiting.message)
    }

    /// This one, by its place, needs not come again.
    pub fn done(&mut self, place: usize) {
        if let Some(waiting) = self.messages.get_mut(place).and_then(Option::take) {
            self.queue.state().settle(&waiting.message);
            self.queue.inner.settled.notify_waiters();
        }
    }

    /// This one will never succeed: puts it aside with the reason.
    pub fn reject(&mut self, place: usize, reason: &str) {
        if let Some(waiting) = self.messages.get_mut(place).and_then(Option::take) {
            let mut state = self.queue.state();
            state.bury(waiting.message, reason.to_owned());
            drop(state);
            self.queue.inner.settled.notify_waiters();
        }
    }

    /// This one is to come again, but not before so long.
    pub fn later(&mut self, place: usize, after: Duration) {
        if let Some(waiting) = self.messages.get_mut(place).and_then(Option::as_mut) {
            waiting.not_before = Some(Instant::now() + after);
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        let mut state = self.queue.state();
        for group in &self.groups {
            state.busy.remove(group);
        }
        for mut waiting in self.messages.drain(..).rev().flatten() {
            waiting.receives += 1;
            if waiting.receives < self.queue.inner.max_receives {
                state.in_flight -= 1;
                state.waiting.push_front(waiting);
            } else {
                let reason = format!("received {} times without success", waiting.receives);
                state.bury(waiting.message, reason);
            }
        }
        drop(state);
        self.queue.inner.arrived.notify_one();
        self.queue.inner.settled.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(group: &str, body: &str) -> Message {
        Message {
            body: body.to_owned(),
            group: Some(group.to_owned()),
            deduplication_id: Some(body.to_owned()),
            reason: None,
        }
    }

    fn bodies(batch: &Batch) -> Vec<String> {
        batch.messages().map(|message| message.body.clone()).collect()
    }

    #[tokio::test]
    async fn a_group_is_worked_on_by_one_at_a_time_and_in_order() {
        let queue = LocalQueue::new(5);
        let messages = [("a", "1"), ("b", "2"), ("a", "3")];
        queue.send(messages.map(|(group, body)| message(group, body)).to_vec()).await.unwrap();
        let first = queue.receive(1).await;
        let second = queue.receive(10).await;
        assert_eq!((bodies(&first), bodies(&second)), (vec!["1".into()], vec!["2".into()]));
        drop(first);
        assert_eq!(bodies(&queue.receive(10).await), ["1", "3"]);
    }

    #[tokio::test]
    async fn what_is_not_done_comes_again_and_in_the_end_is_put_aside() {
        let queue = LocalQueue::new(3);
        queue.send(vec![message("a", "poison"), message("a", "good")]).await.unwrap();
        for _ in 0..3 {
            let mut batch = queue.receive(10).await;
            let place = batch.messages().position(|message| message.body == "good");
            if let Some(place) = place {
                batch.done(place);
            }
        }
        assert!(queue.is_empty());
        let dead = queue.dead();
        assert_eq!(dead[0].body, "poison");
        assert!(dead[0].reason.as_ref().unwrap().contains("3 times"));
    }

    #[tokio::test]
    async fn a_duplicate_is_dropped_while_its_id_is_remembered() {
        let queue = LocalQueue::new(5);
        queue.send(vec![message("a", "1"), message("a", "1")]).await.unwrap();
        assert_eq!(queue.len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_to_come_later_holds_its_group_back_and_no_other() {
        let queue = LocalQueue::new(5);
        queue.send(vec![message("a", "1"), message("a", "2"), message("b", "3")]).await.unwrap();
        let mut batch = queue.receive(1).await;
        batch.later(0, Duration::from_secs(30));
        drop(batch);
        let mut others = queue.receive(10).await;
        assert_eq!(bodies(&others), ["3"]);
        others.done(0);
        drop(others);
        let began = Instant::now();
        assert_eq!(bodies(&queue.receive(10).await), ["1", "2"]);
        assert_eq!(began.elapsed().as_secs(), 30);
    }
}
