//! Spend: what was started while we watched and still runs, by service, region and actor. An estimate
//! at list prices, never a bill.

use crate::caller::{Anyone, Known};
use crate::each::each;
use crate::problem::{Problem, Problems};
use crate::reply::{Money, Query, Reply};
use domain::api_key::Right;
use domain::assessment::month_end;
use domain::ids::AccountId;
use domain::money::Usd;
use domain::open_resource::OpenResource;
use domain::words;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Entries of each kind that are named; the others are summed up.
const MAX_NAMED: usize = 50;

/// Of what.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Of this account only.
    account_id: Option<String>,
}

/// The estimated run-rate of what was started while we watched.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Spend {
    /// At this moment.
    at: String,
    /// What runs costs an hour, at list prices.
    hourly: Money,
    /// What it will have cost from now to the month's end, if it all runs on.
    until_month_end: Money,
    /// Resources that cost something.
    resources: u64,
    by_service: Vec<Share>,
    by_region: Vec<Share>,
    by_actor: Vec<Share>,
    by_account: Vec<Share>,
}

/// A part of it.
#[derive(Debug, Serialize, ToSchema)]
struct Share {
    name: String,
    hourly: Money,
    resources: u64,
}

#[derive(Default)]
struct Sums(BTreeMap<String, (Usd, u64)>);

impl Sums {
    fn add(&mut self, name: String, hourly: Usd) {
        let (sum, count) = self.0.entry(name).or_default();
        *sum += hourly;
        *count += 1;
    }

    /// The dearest first; what is beyond them in one.
    fn shares(self) -> Vec<Share> {
        let mut sums: Vec<(String, (Usd, u64))> = self.0.into_iter().collect();
        sums.sort_by(|a, b| (Reverse(a.1.0), &a.0).cmp(&(Reverse(b.1.0), &b.0)));
        let others = sums.split_off(sums.len().min(MAX_NAMED));
        let share = |(name, (hourly, resources)): (String, (Usd, u64))| Share {
            name,
            hourly: hourly.into(),
            resources,
        };
        let mut shares: Vec<Share> = sums.into_iter().map(share).collect();
        if !others.is_empty() {
            let hourly: Usd = others.iter().map(|(_, (hourly, _))| *hourly).sum();
            let resources = others.iter().map(|(_, (_, count))| count).sum();
            shares.push(Share { name: "others".to_owned(), hourly: hourly.into(), resources });
        }
        shares
    }
}

/// What runs now, by service, region, actor and account
#[utoipa::path(get, operation_id = "getSpend", path = "/spend", tag = "Spend", params(Filter),
    responses((status = 200, body = Spend), Problems),
    security(("person" = []), ("key" = ["spend:read"])))]
pub(crate) async fn spend(anyone: Anyone, Query(filter): Query<Filter>) -> Result<Reply, Problem> {
    let known = anyone.with(Right::SpendRead)?;
    let accounts = known.accounts(filter.account_id.as_deref()).await?;
    let mut sums: [Sums; 4] = Default::default();
    let (mut hourly, mut resources) = (Usd::ZERO, 0);
    let open = each(accounts.iter().map(|account| open_resources(&known, account)).collect());
    for (account, open) in accounts.iter().zip(open.await?) {
        for resource in open.into_iter().filter(|each| each.hourly != Usd::ZERO) {
            hourly += resource.hourly;
            resources += 1;
            let names = [
                resource.id.service.code().to_owned(),
                resource.id.region.to_string(),
                words::clean(&words::who(&resource.actor)),
                account.to_string(),
            ];
            for (sum, name) in sums.iter_mut().zip(names) {
                sum.add(name, resource.hourly);
            }
        }
    }
    let [by_service, by_region, by_actor, by_account] = sums.map(Sums::shares);
    Ok(Reply::ok(&Spend {
        at: known.now.to_string(),
        hourly: hourly.into(),
        until_month_end: (hourly * hours_left(known.now)).into(),
        resources,
        by_service,
        by_region,
        by_actor,
        by_account,
    }))
}

async fn open_resources(known: &Known, account: &AccountId) -> Result<Vec<OpenResource>, Problem> {
    Ok(known.table().open_resources(account).await?)
}

/// Hours to the end of the month, to the millisecond.
pub(super) fn hours_left(now: Timestamp) -> Decimal {
    let millis = month_end(now).as_millisecond().saturating_sub(now.as_millisecond());
    Decimal::from(millis) / Decimal::from(3_600_000)
}
