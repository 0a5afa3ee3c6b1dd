//! Zombies: what costs money and does nothing.

use crate::caller::Anyone;
use crate::each::each;
use crate::problem::{Problem, Problems};
use crate::reply::{Money, Paging, Query, Reply, page};
use domain::api_key::Right;
use domain::ids::AccountId;
use domain::money::Usd;
use domain::price::Monthly;
use domain::words;
use domain::zombie::Zombie;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which zombies.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Of this account only.
    account_id: Option<String>,
}

/// Something that costs money and does nothing, or costs more than it has to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Zombie)]
struct ZombieView {
    account_id: String,
    /// Stable word of the check.
    #[schema(example = "unattached_volume")]
    check: String,
    title: String,
    /// When something is found by it.
    rule: String,
    region: String,
    resource: String,
    name: Option<String>,
    /// Why it was found.
    why: String,
    since: Option<String>,
    /// What it costs a month, or what could be saved; an upper bound where `priceKnown` is false.
    monthly: Money,
    price_known: bool,
    /// Source and date of the price, or why it is not known.
    price_note: String,
    /// What to do, reversible steps first. Never run by us.
    stop: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct ZombieList {
    items: Vec<ZombieView>,
    /// What all of them cost a month, as far as it is known.
    total: Money,
    /// Where the next page begins; none after the last.
    next: Option<String>,
}

fn view(account: &AccountId, zombie: &Zombie) -> ZombieView {
    let price_note = match &zombie.monthly {
        Monthly::Priced { source, .. } => format!("{}, {}", source.name, source.as_of),
        Monthly::Unknown { reason, .. } => reason.clone(),
    };
    ZombieView {
        account_id: account.to_string(),
        check: zombie.check.code().to_owned(),
        title: zombie.check.title().to_owned(),
        rule: zombie.check.rule().to_owned(),
        region: zombie.region.to_string(),
        resource: zombie.resource.clone(),
        name: zombie.name.as_deref().map(words::clean),
        why: words::clean(&zombie.why),
        since: zombie.since.map(|at| at.to_string()),
        monthly: zombie.monthly.usd().into(),
        price_known: zombie.monthly.is_known(),
        price_note,
        stop: zombie.stop.clone(),
    }
}

/// What costs money and does nothing, the dearest first
#[utoipa::path(get, operation_id = "listZombies", path = "/zombies", tag = "Spend", params(Filter, Paging),
    responses((status = 200, body = ZombieList), Problems),
    security(("person" = []), ("key" = ["zombies:read"])))]
pub(crate) async fn list(
    anyone: Anyone,
    Query(filter): Query<Filter>,
    Query(paging): Query<Paging>,
) -> Result<Reply, Problem> {
    let known = anyone.with(Right::ZombiesRead)?;
    let accounts = known.accounts(filter.account_id.as_deref()).await?;
    let of_one = async |account: AccountId| {
        let zombies = known.table().zombies(&account).await?;
        let of_account = |zombie| (account.clone(), zombie);
        Ok(zombies.into_iter().map(of_account).collect::<Vec<_>>())
    };
    let found = each(accounts.into_iter().map(of_one).collect()).await?;
    let found: Vec<_> = found.into_iter().flatten().collect();
    let known_prices = found.iter().filter(|(_, zombie)| zombie.monthly.is_known());
    let total: Usd = known_prices.map(|(_, zombie)| zombie.monthly.usd()).sum();
    let key = |(account, zombie): &(AccountId, Zombie)| {
        let dearest_first = i64::MAX - zombie.monthly.usd().micros().0.max(0);
        let check = zombie.check.code();
        format!("{dearest_first:020}#{account}#{}#{check}#{}", zombie.region, zombie.resource)
    };
    let question = format!("zombies {filter:?}");
    let (found, next) = page(&known, &question, &paging, found, key).await?;
    let items = found.iter().map(|(account, zombie)| view(account, zombie)).collect();
    Ok(Reply::ok(&ZombieList { items, total: total.into(), next }))
}
