//! A channel that is given up in time: who tells still has to give his claim back.

use domain::anomaly::MessageAt;
use domain::card::Digest;
use domain::cost_event::CostEvent;
use domain::watch::WatchEvent;
use pipeline::error::Failure;
use pipeline::notify::Notice;
use pipeline::ports::Announce;
use runtime::deadline::Deadline;
use slack::Slack;
use std::time::Duration;

/// Time kept for giving a claim back.
const RESERVE: Duration = Duration::from_secs(1);

pub(crate) struct InTime<'a> {
    slack: &'a Slack,
    deadline: Deadline,
}

impl<'a> InTime<'a> {
    pub(crate) fn new(slack: &'a Slack, deadline: Deadline) -> Self {
        Self { slack, deadline: deadline.earlier(RESERVE) }
    }
}

impl Announce for InTime<'_> {
    async fn announce(
        &mut self,
        notice: &Notice,
        opening: Option<&CostEvent>,
    ) -> Result<Option<MessageAt>, Failure> {
        let mut slack = self.slack;
        self.deadline.guard(slack.announce(notice, opening)).await.flatten()
    }

    async fn warn(&mut self, event: &WatchEvent) -> Result<(), Failure> {
        let mut slack = self.slack;
        self.deadline.guard(slack.warn(event)).await.flatten()
    }

    async fn digest(&mut self, digest: &Digest) -> Result<(), Failure> {
        let mut slack = self.slack;
        self.deadline.guard(slack.digest(digest)).await.flatten()
    }
}
