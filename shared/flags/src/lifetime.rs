//! How long a flag may still live. Nothing here changes what the product does: a term that is over
//! fails the checks, so that a person decides.

use crate::document::Flag;
use jiff::ToSpan;
use jiff::civil::Date;

/// Where a flag is in its life on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Within its term; the last day has 0 days left.
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
    /// Made or renewed on a day that has not come: it would live too long. Fails the checks.
    Ahead,
}

impl State {
    /// Whether the checks have to fail.
    pub const fn fails(self) -> bool {
        matches!(self, Self::Expired { .. } | Self::Ahead)
    }
}

impl Flag {
    /// The day on which the present term began.
    pub fn since(&self) -> Date {
        self.renewed.last().map_or(self.created, |renewal| renewal.on)
    }

    /// The last day of the present term.
    pub fn ends(&self) -> Date {
        self.since().saturating_add(i32::from(self.ttl_days).days())
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
        } else if self.rollout_percent < 100 {
            State::Stuck { days_over: -days_left }
        } else {
            State::Expired { days_over: -days_left }
        }
    }
}

fn days(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}
