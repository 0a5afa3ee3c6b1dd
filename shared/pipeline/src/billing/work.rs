//! One message of the queue of what is to be done about money.

use super::{BillingTask, Followed, Payments, Settled, follow, settle};
use crate::error::Failure;
use crate::ports::Lines;
use crate::tell::Telling;
use jiff::Timestamp;
use store::{Table, Task};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// An event was followed, or not.
    Followed(Followed),
    /// What is paid and what there is were brought together.
    Settled(Settled),
}

/// Does what a message asks for.
pub async fn work<L: Lines>(
    table: &Table,
    payments: &impl Payments,
    lines: &L,
    task: &BillingTask,
    now: Timestamp,
) -> Result<Done, Failure> {
    match task {
        BillingTask::Event(event) => follow(table, payments, event, now).await.map(Done::Followed),
        BillingTask::Settle { tenant } => {
            let scope = Task::Billing { tenant: tenant.clone() }.scope();
            let scope = scope.ok_or_else(|| Failure::Reject("it names no tenant".to_owned()))?;
            settle(table, payments, lines, &scope, now).await.map(Done::Settled)
        }
    }
}

impl Done {
    /// Why an event changed nothing.
    pub const fn skipped(&self) -> Option<&'static str> {
        match self {
            Self::Followed(Followed::Before) => Some("stripe_event_again"),
            Self::Followed(Followed::Ignored) => Some("stripe_event_of_another_kind"),
            Self::Followed(Followed::OfAnother) => Some("stripe_customer_of_another"),
            Self::Followed(Followed::Foreign) => Some("billing.foreign"),
            Self::Followed(Followed::Kept(_) | Followed::Ended(..)) | Self::Settled(_) => None,
        }
    }

    /// How often people were told something.
    pub const fn told(&self) -> u64 {
        match self {
            Self::Settled(Settled { told: Telling::Told(count), .. }) => *count,
            _ => 0,
        }
    }

    /// How many subscriptions were ended that ran beside the one that counts.
    pub const fn ended(&self) -> u64 {
        match self {
            Self::Followed(Followed::Ended(_, ended)) => *ended,
            Self::Settled(settled) => settled.ended,
            Self::Followed(_) => 0,
        }
    }

    /// How often they could not be told.
    pub const fn undelivered(&self) -> u64 {
        matches!(self, Self::Settled(Settled { told: Telling::Undelivered, .. })) as u64
    }
}
