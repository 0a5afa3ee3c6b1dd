//! Laws of plans: whatever order Stripe's events come in, and however late the clock looks.

use domain::plan::{Billing, Dunning, REMINDERS, Subscription, SubscriptionStatus, Tier, dunning};
use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;

fn at(hours: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
}

fn subscription() -> impl Strategy<Value = Subscription> {
    let status = prop::sample::select(SubscriptionStatus::ALL.to_vec());
    (0..3_u8, status, 0..9_u64, 0..500_i64, any::<bool>()).prop_map(
        |(id, status, quantity, hours, ends)| Subscription {
            id: format!("sub_{id}"),
            item: format!("si_{id}"),
            status,
            quantity,
            created: at(i64::from(id)),
            period_end: Some(at(hours + 720)),
            cancel_at_period_end: ends,
            invoiced_at: Some(at(hours)),
        },
    )
}

/// All subscriptions of a customer at a moment, each once.
fn snapshot() -> impl Strategy<Value = Vec<Subscription>> {
    vec(subscription(), 0..4).prop_map(|mut all| {
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all.dedup_by(|a, b| a.id == b.id);
        all
    })
}

fn unpaid() -> Billing {
    Billing {
        tier: Tier::Pro,
        subscription: Some("sub_0".to_owned()),
        status: Some(SubscriptionStatus::PastDue),
        payment_failed_at: Some(at(0)),
        ..Billing::default()
    }
}

proptest! {
    /// An event makes us look; which events came before, in which order and how often, is not seen
    /// in what is kept.
    #[test]
    fn what_is_kept_is_what_stripe_said_last(
        seen in vec(snapshot(), 0..8),
        last in snapshot(),
        again in 0..3_usize,
    ) {
        let customer = Billing { customer: Some("cus_1".to_owned()), ..Billing::default() };
        let mut billing = customer.clone();
        for snapshot in &seen {
            billing = billing.follow(snapshot, at(1_000));
        }
        for _ in 0..=again {
            billing = billing.follow(&last, at(1_000));
        }
        prop_assert_eq!(billing, customer.follow(&last, at(1_000)));
    }

    /// In which order Stripe lists subscriptions is not seen either.
    #[test]
    fn the_order_of_a_list_does_not_matter(list in snapshot()) {
        let reversed: Vec<_> = list.iter().rev().cloned().collect();
        let follow = |list: &[Subscription]| Billing::default().follow(list, at(0));
        prop_assert_eq!(follow(&list), follow(&reversed));
    }

    /// A paid subscription among them is Pro, and only one that is paid or was to be is.
    #[test]
    fn who_pays_has_pro(list in snapshot()) {
        let tier = Billing::default().follow(&list, at(0)).tier;
        let any = |test: fn(SubscriptionStatus) -> bool| list.iter().any(|each| test(each.status));
        prop_assert!(tier == Tier::Pro || !any(SubscriptionStatus::is_paid));
        let due = any(SubscriptionStatus::is_paid) || any(SubscriptionStatus::is_unpaid);
        prop_assert!(tier == Tier::Free || due);
    }

    /// However the clock strikes: each reminder once at most, in their order, none before its day,
    /// and the free tier a week and a day after the failure, a day after the last reminder, and not
    /// without it.
    #[test]
    fn nobody_is_reminded_twice_or_downgraded_without_notice(steps in vec(0..100_i64, 1..60)) {
        let (mut billing, mut now, mut days) = (unpaid(), 0, Vec::new());
        for step in steps {
            now += step;
            match dunning(&billing, at(now)) {
                Dunning::None => prop_assert_eq!(billing.tier, Tier::Free),
                Dunning::Wait { until } => prop_assert!(until > at(now)),
                Dunning::Remind { day } => {
                    prop_assert!(REMINDERS.contains(&day) && now >= i64::from(day) * 24);
                    prop_assert!(days.last().is_none_or(|last| *last < day));
                    days.push(day);
                    billing = billing.after_reminder(day, at(now));
                }
                Dunning::Downgrade => {
                    let last = billing.reminded_at.map(|last| at(now).duration_since(last));
                    prop_assert!(last >= Some(SignedDuration::from_hours(24)));
                    prop_assert_eq!((days.last(), now >= 8 * 24), (Some(&7), true));
                    billing = billing.after_downgrade();
                }
            }
        }
        prop_assert!(billing.tier == Tier::Pro || days.last() == Some(&7));
    }

    /// What is said to wait is due then.
    #[test]
    fn a_look_when_it_was_said_to_be_due_finds_something(hours in 0..400_i64) {
        let (mut billing, mut now) = (unpaid(), at(hours));
        for _ in 0..10 {
            match dunning(&billing, now) {
                Dunning::Wait { until } => now = until,
                Dunning::Remind { day } => billing = billing.after_reminder(day, now),
                Dunning::Downgrade => billing = billing.after_downgrade(),
                Dunning::None => break,
            }
        }
        prop_assert_eq!(billing.tier, Tier::Free);
    }
}
