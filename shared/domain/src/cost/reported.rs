//! What a service reports of its resources, beside the calls that made it so: mostly the call is
//! known already, and the report changes nothing.

use super::{Pricing, each_once};
use crate::money::Usd;
use crate::open_resource::{OpenResource, RunState};
use crate::resource::ResourceId;

impl Pricing<'_> {
    /// The resources of which a report is news: known ones that were taken to run on, or to exist
    /// still. Of one that was never seen only its state is kept, so that a start that comes late
    /// does not open it: no cost that was known of changes by it.
    pub(super) fn reported(
        &mut self,
        target: RunState,
        resources: &[ResourceId],
    ) -> Vec<ResourceId> {
        let mut news = Vec::new();
        for id in each_once(resources) {
            match self.resources.get(id).cloned() {
                None => self.keep_state(self.new_entry(&self.id(), id), target),
                Some(entry) if !self.is_news(&entry, target) => {}
                Some(entry) if self.is_unseen(&entry) => self.keep_state(entry, target),
                Some(_) => news.push(id.clone()),
            }
        }
        news
    }

    fn is_news(&self, entry: &OpenResource, target: RunState) -> bool {
        let before = entry.before(&self.event.id).state;
        let done = before.is_none() || before == Some(target) || before == Some(RunState::Gone);
        !done && entry.last_change.at <= self.event.time
    }

    /// Neither its start nor a cost of it is known.
    fn is_unseen(&self, entry: &OpenResource) -> bool {
        entry.spec.is_none() && entry.before(&self.event.id).hourly == Usd::ZERO
    }

    fn keep_state(&mut self, mut entry: OpenResource, state: RunState) {
        if entry.last_change.event != self.event.id {
            entry.last_change = self.last_change(entry.before(&self.event.id));
        }
        entry.state = state;
        self.resources.put(entry);
    }
}
