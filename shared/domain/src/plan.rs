//! Plans: how many accounts a tenant may have watched, what that costs, and what becomes of it when
//! a payment fails.

use crate::money::Usd;
use jiff::{SignedDuration, Timestamp};
use std::fmt;

/// Days after a failed payment on which people are reminded.
pub const REMINDERS: [u8; 3] = [1, 3, 7];
/// The day on which the free tier begins, if it was not paid until then …
const DOWNGRADE: u8 = 8;
/// … and never sooner after the last reminder.
const LAST_NOTICE: SignedDuration = SignedDuration::from_hours(24);
/// Accounts that are watched for nothing.
pub const FREE_ACCOUNTS: u64 = 1;

/// What the Pro tier costs for each active account and month.
pub fn price_per_account() -> Usd {
    Usd::from_cents(1_900)
}

/// What a tenant has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tier {
    /// One account.
    #[default]
    Free,
    /// Any number of accounts, each paid by the month.
    Pro,
}

impl Tier {
    /// Word in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Pro => "pro",
        }
    }

    /// From the word in the table.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Free, Self::Pro].into_iter().find(|tier| tier.code() == code)
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// How a subscription stands, in Stripe's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubscriptionStatus {
    /// The first payment has not been made yet.
    Incomplete,
    /// It was not made in time.
    IncompleteExpired,
    /// Nothing is to be paid yet.
    Trialing,
    /// Paid.
    Active,
    /// A payment has failed and is tried again.
    PastDue,
    /// Over.
    Canceled,
    /// A payment has failed and is not tried again.
    Unpaid,
    /// A trial ended without a way to pay.
    Paused,
}

impl SubscriptionStatus {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Incomplete,
        Self::IncompleteExpired,
        Self::Trialing,
        Self::Active,
        Self::PastDue,
        Self::Canceled,
        Self::Unpaid,
        Self::Paused,
    ];

    /// Stripe's word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::IncompleteExpired => "incomplete_expired",
            Self::Trialing => "trialing",
            Self::Active => "active",
            Self::PastDue => "past_due",
            Self::Canceled => "canceled",
            Self::Unpaid => "unpaid",
            Self::Paused => "paused",
        }
    }

    /// From Stripe's word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether it is paid for.
    pub const fn is_paid(self) -> bool {
        matches!(self, Self::Active | Self::Trialing)
    }

    /// Whether a payment has failed.
    pub const fn is_unpaid(self) -> bool {
        matches!(self, Self::PastDue | Self::Unpaid)
    }

    /// Whether it is there: another one beside it would be paid twice.
    pub const fn is_running(self) -> bool {
        self.is_paid() || self.is_unpaid() || matches!(self, Self::Paused)
    }

    /// Of several subscriptions the one that counts most.
    const fn rank(self) -> u8 {
        match self {
            Self::Active | Self::Trialing => 4,
            Self::PastDue | Self::Unpaid => 3,
            Self::Paused => 2,
            Self::Incomplete => 1,
            Self::IncompleteExpired | Self::Canceled => 0,
        }
    }
}

/// A subscription as Stripe has it at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// `sub_…`
    pub id: String,
    /// The item that holds our price, `si_…`.
    pub item: String,
    /// How it stands.
    pub status: SubscriptionStatus,
    /// Accounts that are paid for.
    pub quantity: u64,
    /// When it began.
    pub created: Timestamp,
    /// Until when it is paid, or was to be.
    pub period_end: Option<Timestamp>,
    /// Whether it ends then.
    pub cancel_at_period_end: bool,
    /// Since when its last invoice was to be paid.
    pub invoiced_at: Option<Timestamp>,
}

/// How a tenant stands with us.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Billing {
    /// What he has.
    pub tier: Tier,
    /// Who he is to Stripe, `cus_…`.
    pub customer: Option<String>,
    /// The subscription that counts, `sub_…`.
    pub subscription: Option<String>,
    /// How it stands.
    pub status: Option<SubscriptionStatus>,
    /// Accounts that are paid for.
    pub quantity: Option<u64>,
    /// Since when a payment is missing.
    pub payment_failed_at: Option<Timestamp>,
    /// How many of the reminders are behind us.
    pub reminded: u8,
    /// When the last one was sent.
    pub reminded_at: Option<Timestamp>,
    /// Until when it is paid, or was to be.
    pub period_end: Option<Timestamp>,
    /// Whether it ends then.
    pub cancel_at_period_end: bool,
    /// When Stripe was last asked.
    pub fetched_at: Option<Timestamp>,
    /// The page on which he may subscribe, `cs_…`: the last one that he was given.
    pub checkout: Option<String>,
    /// How many such pages were asked for.
    pub checkouts: u64,
}

/// What is to be done about a payment that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dunning {
    /// None has, or the free tier has begun.
    None,
    /// Nothing before this moment.
    Wait {
        /// When to look again.
        until: Timestamp,
    },
    /// People are to be reminded now.
    Remind {
        /// Of [`REMINDERS`], the last one that is due: those that were missed are not made up for.
        day: u8,
    },
    /// The free tier begins now.
    Downgrade,
}

/// The accounts that a tenant may have watched; `None` for any number.
pub const fn accounts_allowed(billing: &Billing) -> Option<u64> {
    match billing.tier {
        Tier::Free => Some(FREE_ACCOUNTS),
        Tier::Pro => None,
    }
}

/// What is to be done about a failed payment at a moment. The free tier begins after the last
/// reminder was sent, and a day later at the soonest.
pub fn dunning(billing: &Billing, now: Timestamp) -> Dunning {
    let Some(failed_at) = billing.payment_failed_at.filter(|_| billing.tier == Tier::Pro) else {
        return Dunning::None;
    };
    let behind = usize::from(billing.reminded);
    let due = REMINDERS.iter().filter(|day| after_days(failed_at, **day) <= now).count();
    if due > behind {
        let day = REMINDERS.get(due - 1).copied().unwrap_or_default();
        return Dunning::Remind { day };
    }
    if let Some(day) = REMINDERS.get(behind) {
        return Dunning::Wait { until: after_days(failed_at, *day) };
    }
    let noticed = billing.reminded_at.map_or(failed_at, |at| later(at, LAST_NOTICE));
    let until = after_days(failed_at, DOWNGRADE).max(noticed);
    if until <= now { Dunning::Downgrade } else { Dunning::Wait { until } }
}

fn after_days(at: Timestamp, days: u8) -> Timestamp {
    later(at, SignedDuration::from_hours(24 * i64::from(days)))
}

fn later(at: Timestamp, time: SignedDuration) -> Timestamp {
    at.checked_add(time).unwrap_or(Timestamp::MAX)
}

/// Of several subscriptions the one that counts: of those that run the oldest, since another one
/// beside it is a mistake, and of those that are over the last.
fn counting(subscriptions: &[Subscription]) -> Option<&Subscription> {
    let later = |a: &Subscription, b: &Subscription| {
        a.created.cmp(&b.created).then_with(|| a.id.cmp(&b.id))
    };
    subscriptions.iter().max_by(|a, b| {
        let ranks = a.status.rank().cmp(&b.status.rank());
        let ages = if a.status.is_running() { later(b, a) } else { later(a, b) };
        ranks.then(ages)
    })
}

/// Subscriptions that run beside the one that counts: they are paid twice.
pub fn surplus(subscriptions: &[Subscription]) -> impl Iterator<Item = &Subscription> {
    let counts = counting(subscriptions).map(|counts| &counts.id);
    subscriptions.iter().filter(move |each| each.status.is_running() && Some(&each.id) != counts)
}

impl Billing {
    /// What all subscriptions of the customer say at a moment. It depends on nothing that was seen on
    /// the way there, so events may come in any order and any number: but for the free tier that a
    /// missing payment has led to, which stays until it is paid.
    #[must_use]
    pub fn follow(&self, subscriptions: &[Subscription], now: Timestamp) -> Self {
        let unsubscribed = Self {
            customer: self.customer.clone(),
            fetched_at: Some(now),
            checkout: self.checkout.clone(),
            checkouts: self.checkouts,
            ..Self::default()
        };
        let Some(counts) = counting(subscriptions) else { return unsubscribed };
        let failed_at = counts.status.is_unpaid().then(|| {
            let known = self.payment_failed_at.filter(|_| self.is_subscribed_to(counts));
            counts.invoiced_at.or(known).unwrap_or(now)
        });
        let same = failed_at.is_some() && failed_at == self.payment_failed_at;
        Self {
            tier: self.tier_under(counts),
            subscription: Some(counts.id.clone()),
            status: Some(counts.status),
            quantity: Some(counts.quantity),
            payment_failed_at: failed_at,
            reminded: if same { self.reminded } else { 0 },
            reminded_at: self.reminded_at.filter(|_| same),
            period_end: counts.period_end,
            cancel_at_period_end: counts.cancel_at_period_end,
            ..unsubscribed
        }
    }

    fn is_subscribed_to(&self, subscription: &Subscription) -> bool {
        self.subscription.as_ref() == Some(&subscription.id)
    }

    fn tier_under(&self, subscription: &Subscription) -> Tier {
        let downgraded = self.tier == Tier::Free
            && self.payment_failed_at.is_some()
            && self.is_subscribed_to(subscription);
        match subscription.status {
            status if status.is_paid() => Tier::Pro,
            status if status.is_unpaid() && !downgraded => Tier::Pro,
            _ => Tier::Free,
        }
    }

    /// Whether there is a subscription that is paid, or was to be.
    pub fn is_subscribed(&self) -> bool {
        self.status.is_some_and(SubscriptionStatus::is_running)
    }

    /// After people were reminded on the so-manieth day.
    #[must_use]
    pub fn after_reminder(&self, day: u8, now: Timestamp) -> Self {
        let behind = REMINDERS.iter().filter(|each| **each <= day).count();
        let reminded = u8::try_from(behind).unwrap_or(u8::MAX).max(self.reminded);
        Self { reminded, reminded_at: Some(now), ..self.clone() }
    }

    /// After the last notice has passed. Since when the payment is missing stays: it is how a paid
    /// subscription differs from one that was given up.
    #[must_use]
    pub fn after_downgrade(&self) -> Self {
        Self { tier: Tier::Free, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: Timestamp = Timestamp::UNIX_EPOCH;

    fn unpaid() -> Billing {
        Billing {
            tier: Tier::Pro,
            subscription: Some("sub_1".to_owned()),
            status: Some(SubscriptionStatus::PastDue),
            payment_failed_at: Some(FAILED),
            ..Billing::default()
        }
    }

    fn day(days: u8) -> Timestamp {
        after_days(FAILED, days)
    }

    fn subscription(status: SubscriptionStatus) -> Subscription {
        Subscription {
            id: "sub_1".to_owned(),
            item: "si_1".to_owned(),
            status,
            quantity: 2,
            created: FAILED,
            period_end: None,
            cancel_at_period_end: false,
            invoiced_at: Some(FAILED),
        }
    }

    #[test]
    fn people_are_reminded_on_days_1_3_and_7_and_have_a_day_after_the_last() {
        let mut billing = unpaid();
        assert_eq!(dunning(&billing, FAILED), Dunning::Wait { until: day(1) });
        for (on, next) in [(1, 3), (3, 7), (7, 8)] {
            assert_eq!(dunning(&billing, day(on)), Dunning::Remind { day: on });
            billing = billing.after_reminder(on, day(on));
            assert_eq!(dunning(&billing, day(on)), Dunning::Wait { until: day(next) });
        }
        assert_eq!(dunning(&billing, day(8)), Dunning::Downgrade);
        assert_eq!(dunning(&billing.after_downgrade(), day(9)), Dunning::None);
    }

    #[test]
    fn a_clock_that_stood_still_reminds_once_and_leaves_a_day() {
        let billing = unpaid();
        assert_eq!(dunning(&billing, day(20)), Dunning::Remind { day: 7 });
        let billing = billing.after_reminder(7, day(20));
        assert_eq!(dunning(&billing, day(20)), Dunning::Wait { until: day(21) });
        assert_eq!(dunning(&billing, day(21)), Dunning::Downgrade);
    }

    #[test]
    fn who_was_downgraded_stays_so_until_it_is_paid() {
        let free = unpaid().after_downgrade();
        let still = free.follow(&[subscription(SubscriptionStatus::Unpaid)], day(9));
        assert_eq!((still.tier, accounts_allowed(&still)), (Tier::Free, Some(1)));
        let paid = still.follow(&[subscription(SubscriptionStatus::Active)], day(10));
        assert_eq!((paid.tier, accounts_allowed(&paid)), (Tier::Pro, None));
        assert_eq!((paid.payment_failed_at, paid.reminded), (None, 0));
        assert_eq!(paid.quantity, Some(2));
    }

    #[test]
    fn of_several_subscriptions_the_one_that_is_paid_counts() {
        let over = Subscription {
            id: "sub_2".to_owned(),
            created: day(3),
            ..subscription(SubscriptionStatus::Canceled)
        };
        let both = [over.clone(), subscription(SubscriptionStatus::Active)];
        let billing = Billing::default().follow(&both, day(4));
        assert_eq!((billing.tier, billing.subscription.as_deref()), (Tier::Pro, Some("sub_1")));
        let ended = billing.follow(&[over], day(5));
        assert_eq!((ended.tier, ended.is_subscribed()), (Tier::Free, false));
        assert_eq!(billing.follow(&[], day(5)).tier, Tier::Free);
    }

    #[test]
    fn every_word_is_read_as_it_is_written() {
        for status in SubscriptionStatus::ALL {
            assert_eq!(SubscriptionStatus::from_code(status.code()), Some(status));
        }
        for tier in [Tier::Free, Tier::Pro] {
            assert_eq!(Tier::from_code(tier.code()), Some(tier));
        }
        assert_eq!(price_per_account().display(), "$19.00");
    }
}
