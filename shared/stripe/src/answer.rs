//! What Stripe answers, read into what we know.

use crate::error::StripeError;
use crate::is_name;
use domain::plan::{Subscription, SubscriptionStatus};
use jiff::Timestamp;
use serde_json::Value;

/// The subscriptions of a list.
pub(crate) fn subscriptions(
    list: &Value,
    prices: &[String],
) -> Result<Vec<Subscription>, StripeError> {
    let listed = list["data"].as_array().ok_or(StripeError::Unreadable("there is no list"))?;
    let of_price = |each: &&Value| item(each, prices).is_some();
    listed.iter().filter(of_price).map(|each| subscription(each, prices)).collect()
}

/// The item with a price of ours; what is paid for other things is not ours.
fn item<'a>(subscription: &'a Value, prices: &[String]) -> Option<&'a Value> {
    let items = subscription["items"]["data"].as_array()?;
    items.iter().find(|item| prices.iter().any(|price| item["price"]["id"] == price.as_str()))
}

fn subscription(subscription: &Value, prices: &[String]) -> Result<Subscription, StripeError> {
    let item = item(subscription, prices).ok_or(StripeError::Unreadable("there is no item"))?;
    let status = subscription["status"].as_str().and_then(SubscriptionStatus::from_code);
    let created = moment(&subscription["created"]);
    Ok(Subscription {
        id: name(&subscription["id"])?,
        item: name(&item["id"])?,
        status: status.ok_or(StripeError::Unreadable("a status is not known"))?,
        quantity: quantity(item)?,
        created: created.ok_or(StripeError::Unreadable("a subscription has no time"))?,
        // Of the item since 2025, of the subscription before.
        period_end: moment(&item["current_period_end"])
            .or_else(|| moment(&subscription["current_period_end"])),
        cancel_at_period_end: subscription["cancel_at_period_end"].as_bool().unwrap_or_default(),
        invoiced_at: invoiced_at(&subscription["latest_invoice"]),
    })
}

/// Since when an invoice is to be paid.
fn invoiced_at(invoice: &Value) -> Option<Timestamp> {
    moment(&invoice["status_transitions"]["finalized_at"]).or_else(|| moment(&invoice["created"]))
}

/// How many are paid for.
pub(crate) fn quantity(item: &Value) -> Result<u64, StripeError> {
    item["quantity"].as_u64().ok_or(StripeError::Unreadable("an item has no quantity"))
}

/// A name of Stripe's.
pub(crate) fn name(value: &Value) -> Result<String, StripeError> {
    let name = value.as_str().filter(|name| is_name(name)).map(str::to_owned);
    name.ok_or(StripeError::Unreadable("something has no name"))
}

/// The address of a page.
pub(crate) fn page(answer: &Value) -> Result<String, StripeError> {
    let url = answer["url"].as_str().filter(|url| url.starts_with("http")).map(str::to_owned);
    url.ok_or(StripeError::Unreadable("a page has no address"))
}

fn moment(value: &Value) -> Option<Timestamp> {
    Timestamp::from_second(value.as_i64()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ours() -> [String; 1] {
        ["price_1".to_owned()]
    }

    #[test]
    fn a_subscription_is_read_by_our_price_in_both_shapes() {
        let item = json!({"id": "si_1", "quantity": 3, "price": {"id": "price_1"},
            "current_period_end": 1_800_000_000});
        let other = json!({"id": "si_2", "quantity": 9, "price": {"id": "price_2"}});
        let new = json!({"id": "sub_1", "status": "past_due", "created": 1_700_000_000,
            "cancel_at_period_end": true, "items": {"data": [other, item]},
            "latest_invoice": {"created": 1, "status_transitions": {"finalized_at": 1_750_000_000}}});
        let mut old = new.clone();
        old["items"]["data"][1]["current_period_end"] = Value::Null;
        old["current_period_end"] = json!(1_800_000_000);
        let foreign = json!({"id": "sub_2", "items": {"data": [other]}});
        let list = json!({"data": [new, old, foreign]});
        let read = subscriptions(&list, &ours()).unwrap();
        assert_eq!(read[0], read[1]);
        let [first, _] = read.try_into().unwrap();
        // Ours has another price by now.
        let of_before = ["price_3", "price_1"].map(str::to_owned);
        assert_eq!(subscriptions(&list, &of_before).unwrap()[0], first);
        assert_eq!(subscriptions(&list, &of_before[..1]).unwrap(), []);
        assert_eq!((first.item.as_str(), first.quantity), ("si_1", 3));
        assert_eq!(first.status, SubscriptionStatus::PastDue);
        assert_eq!(first.period_end.unwrap().as_second(), 1_800_000_000);
        assert_eq!(first.invoiced_at.unwrap().as_second(), 1_750_000_000);
    }

    #[test]
    fn what_cannot_be_read_is_said_and_nothing_is_made_up() {
        assert!(subscriptions(&json!({}), &ours()).is_err());
        let strange = json!({"data": [{"id": "sub_1", "status": "moon", "created": 1,
            "items": {"data": [{"id": "si_1", "quantity": 1, "price": {"id": "price_1"}}]}}]});
        assert!(subscriptions(&strange, &ours()).is_err());
        assert!(name(&json!("a/../b")).is_err() && name(&json!("")).is_err());
        assert!(page(&json!({"url": "javascript:alert(1)"})).is_err());
    }
}
