//! How long a flag may still live. Nothing here changes what the product does: a term that is over
//! fails the checks, so that a person decides.

use crate::document::{Flag, Lifetime};
use jiff::ToSpan;
use jiff::civil::Date;

/// So many days after the day by which it was to be looked at again an operational flag only warns.
const REVIEW_WARNS_DAYS: i32 = 30;

/// Where a flag is in its life on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Within its term, or before its review; the last day has 0 days left.
    Live {
        /// Whole days.
        days_left: i32,
    },
    /// Past its term and not on for all: a rollout that has been forgotten. A warning.
    Stuck {
        /// Whole days past the term.
        days_over: i32,
    },
    /// Past its term and on for all: what was new is the rule now, and the flag has to go or to be
    /// renewed with a reason. Fails the checks.
    Expired {
        /// Whole days past the term.
        days_over: i32,
    },
    /// An operational flag that nobody has looked at again in time. A warning.
    ToReview {
        /// Whole days past the day.
        days_over: i32,
    },
    /// The same for more than 30 days. Fails the checks.
    Forgotten {
        /// Whole days past the day.
        days_over: i32,
    },
    /// Made or renewed on a day that has not come: it would live too long. Fails the checks.
    Ahead,
}

impl State {
    /// Whether the checks have to fail.
    pub const fn fails(self) -> bool {
        matches!(self, Self::Expired { .. } | Self::Forgotten { .. } | Self::Ahead)
    }
}

impl Flag {
    /// The day on which the present term began.
    pub fn since(&self) -> Date {
        self.renewed.last().map_or(self.created, |renewal| renewal.on)
    }

    /// The last day of the present term, or the day by which it is to be looked at again.
    pub fn ends(&self) -> Date {
        let term = || self.since().saturating_add(i32::from(self.ttl_days.unwrap_or(0)).days());
        self.review_by.unwrap_or_else(term)
    }

    /// Whole days since it was made.
    pub fn age_days(&self, today: Date) -> i32 {
        days(self.created, today)
    }

    /// Where the flag is in its life.
    pub fn state(&self, today: Date) -> State {
        let days_left = days(today, self.ends());
        if self.since() > today {
            State::Ahead
        } else if days_left >= 0 {
            State::Live { days_left }
        } else {
            self.over(-days_left)
        }
    }

    fn over(&self, days_over: i32) -> State {
        match self.lifetime {
            Lifetime::Release if self.rollout_percent < 100 => State::Stuck { days_over },
            Lifetime::Release => State::Expired { days_over },
            Lifetime::Operational if days_over <= REVIEW_WARNS_DAYS => {
                State::ToReview { days_over }
            }
            Lifetime::Operational => State::Forgotten { days_over },
        }
    }
}

fn days(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}
