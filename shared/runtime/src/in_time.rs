//! Lines that are given up in time: who tells still has to give his claim back.

use crate::deadline::Deadline;
use domain::card::Note;
use domain::cost_event::CostEvent;
use domain::told::MessageAt;
use domain::watch::WatchEvent;
use pipeline::error::Failure;
use pipeline::notify::Notice;
use pipeline::ports::{Addressee, Announce, Lines, Way};
use std::time::Duration;
use store::TenantScope;

/// Time kept for giving a claim back.
const RESERVE: Duration = Duration::from_secs(1);

/// Lines, or one of them, until shortly before a deadline.
pub struct InTime<'a, L> {
    inner: &'a L,
    deadline: Deadline,
}

impl<'a, L> InTime<'a, L> {
    /// Over lines, until a second before the deadline.
    pub fn new(inner: &'a L, deadline: Deadline) -> Self {
        Self { inner, deadline: deadline.earlier(RESERVE) }
    }
}

/// One line.
pub struct LineInTime<L> {
    line: L,
    deadline: Deadline,
}

impl<L: Lines> Lines for InTime<'_, L> {
    type Line = LineInTime<L::Line>;

    async fn line(
        &self,
        to: &Addressee,
        channel: Option<&str>,
    ) -> Result<Way<Self::Line>, Failure> {
        let way = self.deadline.guard(self.inner.line(to, channel)).await.flatten()?;
        Ok(match way {
            Way::Open(line) => Way::Open(LineInTime { line, deadline: self.deadline }),
            Way::Closed(why) => Way::Closed(why),
        })
    }

    async fn part(&self, scope: &TenantScope) -> Result<(), Failure> {
        self.deadline.guard(self.inner.part(scope)).await.flatten()
    }
}

impl<L: Announce> Announce for LineInTime<L> {
    async fn announce(
        &mut self,
        notice: &Notice,
        opening: Option<&CostEvent>,
    ) -> Result<Option<MessageAt>, Failure> {
        self.deadline.guard(self.line.announce(notice, opening)).await.flatten()
    }

    async fn warn(&mut self, event: &WatchEvent) -> Result<(), Failure> {
        self.deadline.guard(self.line.warn(event)).await.flatten()
    }

    async fn digest(&mut self, digest: &Note) -> Result<(), Failure> {
        self.deadline.guard(self.line.digest(digest)).await.flatten()
    }
}
