//! Baselines: what is usual in an account, and how readily it alerts.

use crate::caller::{Known, Person};
use crate::problem::{Problem, Problems};
use crate::reply::{Change, Json, Money, Paging, Path, Query, Reply, Version, changed, page};
use domain::baseline::{Baseline, BaselineKey, Sensitivity};
use domain::governance::AuditEntry;
use domain::ids::AccountId;
use domain::money::{MicroUsd, Usd};
use domain::resource::Service;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// In a path: all types of a service.
const ALL_TYPES: &str = "_all";

/// What is usual of a service or of one of its types.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Baseline)]
struct BaselineView {
    #[schema(example = "ec2")]
    service: String,
    /// `m5.large`; `_all` for all of the service.
    #[schema(example = "m5.large")]
    resource_type: String,
    /// Events that it was learned from.
    events: u64,
    /// What one of them added an hour, on average.
    mean_hourly: Money,
    /// The most that one of them added an hour.
    max_hourly: Money,
    first_at: Option<String>,
    last_at: Option<String>,
    /// How readily it alerts; none as the account does.
    sensitivity_override: Option<SensitivityWord>,
    /// The version of that, as `If-Match` names it: what is learned meanwhile makes no other.
    #[schema(example = "\"3\"")]
    etag: String,
}

/// How readily something alerts.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SensitivityWord {
    /// Only what is far out.
    Low,
    /// The default.
    Medium,
    /// Already what is somewhat unusual.
    High,
}

impl From<Sensitivity> for SensitivityWord {
    fn from(sensitivity: Sensitivity) -> Self {
        match sensitivity {
            Sensitivity::Low => Self::Low,
            Sensitivity::Medium => Self::Medium,
            Sensitivity::High => Self::High,
        }
    }
}

impl From<SensitivityWord> for Sensitivity {
    fn from(word: SensitivityWord) -> Self {
        match word {
            SensitivityWord::Low => Self::Low,
            SensitivityWord::Medium => Self::Medium,
            SensitivityWord::High => Self::High,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct BaselineList {
    items: Vec<BaselineView>,
    /// Where the next page begins; none after the last.
    next: Option<String>,
}

/// A change of a baseline.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct BaselineChange {
    /// How readily it alerts; `null` as the account does, left out as it does now.
    #[serde(default)]
    #[schema(value_type = Option<SensitivityWord>)]
    sensitivity_override: Change<SensitivityWord>,
}

fn view(key: &BaselineKey, baseline: &Baseline) -> Option<BaselineView> {
    let (service, resource_type) = match key {
        BaselineKey::Service(service) => (service, ALL_TYPES.to_owned()),
        BaselineKey::Type(service, name) => (service, name.clone()),
        BaselineKey::Account | BaselineKey::Actor(_) => return None,
    };
    let events = baseline.sums.count();
    let mean = baseline.sums.micros.checked_div(events.into()).unwrap_or_default();
    Some(BaselineView {
        service: service.code().to_owned(),
        resource_type,
        events,
        mean_hourly: micros(i64::try_from(mean).unwrap_or(i64::MAX)),
        max_hourly: micros(baseline.max.0),
        first_at: baseline.first_at.map(|at| at.to_string()),
        last_at: baseline.last_at.map(|at| at.to_string()),
        sensitivity_override: baseline.sensitivity.map(SensitivityWord::from),
        etag: format!("\"{}\"", baseline.version),
    })
}

fn micros(micros: i64) -> Money {
    Money::from(MicroUsd(micros).usd() + Usd::ZERO)
}

/// What is usual in an account
#[utoipa::path(get, operation_id = "listBaselines", path = "/accounts/{accountId}/baselines", tag = "Baselines",
    params(("accountId" = String, Path, description = "12 digits"), Paging),
    responses((status = 200, body = BaselineList), Problems), security(("person" = [])))]
pub(crate) async fn list(
    Person(known): Person,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Reply, Problem> {
    let connection = known.account(&id).await?;
    let baselines = known.table().baselines(&connection.account).await?;
    let views = baselines.iter().filter_map(|(key, baseline)| view(key, baseline)).collect();
    let key = |view: &BaselineView| format!("{}#{}", view.service, view.resource_type);
    let question = format!("baselines {}", connection.account);
    let (items, next) = page(&known, &question, &paging, views, key).await?;
    Ok(Reply::ok(&BaselineList { items, next }))
}

/// Change how readily a service or one of its types alerts
#[utoipa::path(patch, operation_id = "changeBaseline", path = "/accounts/{accountId}/baselines/{service}/{resourceType}",
    tag = "Baselines",
    params(("accountId" = String, Path, description = "12 digits"),
        ("service" = String, Path, description = "`ec2`, `rds`, …"),
        ("resourceType" = String, Path, description = "`m5.large`; `_all` for all of the service"),
        ("If-Match" = Option<String>, Header, description = "change this version or none")),
    request_body = BaselineChange,
    responses((status = 200, body = BaselineView), Problems), security(("person" = [])))]
pub(crate) async fn change(
    Person(known): Person,
    Path((id, service, resource_type)): Path<(String, String, String)>,
    version: Version,
    Json(asked): Json<BaselineChange>,
) -> Result<Reply, Problem> {
    let connection = known.account(&id).await?;
    let account = &connection.account;
    let unknown = || Problem::not_found("baseline");
    let key = key(&service, resource_type).ok_or_else(unknown)?;
    let baselines = known.table().baselines(account).await?;
    let before = baselines.iter().find(|(each, _)| *each == key).ok_or_else(unknown)?.1;
    version.allows(before.version)?;
    let after = match asked.sensitivity_override {
        Change::To(word) => {
            set(&known, (account, &key), &before, word.map(Sensitivity::from)).await?
        }
        Change::Stays => before,
    };
    let view = view(&key, &after).ok_or_else(unknown)?;
    Ok(Reply::ok(&view).of_version(after.version))
}

fn key(service: &str, resource_type: String) -> Option<BaselineKey> {
    let service = Service::from_code(service)?;
    Some(match resource_type.as_str() {
        ALL_TYPES => BaselineKey::Service(service),
        _ => BaselineKey::Type(service, resource_type),
    })
}

/// Sets how readily a baseline alerts, where that is another one; the baseline as it is then.
async fn set(
    known: &Known,
    (account, key): (&AccountId, &BaselineKey),
    before: &Baseline,
    sensitivity: Option<Sensitivity>,
) -> Result<Baseline, Problem> {
    if sensitivity == before.sensitivity {
        return Ok(*before);
    }
    let word = |of: Option<Sensitivity>| {
        format!("{} {}", key.code(), of.map_or("as the account", Sensitivity::code))
    };
    let entry = AuditEntry {
        at: known.now,
        who: known.asker().to_string(),
        what: "sensitivity".to_owned(),
        account: Some(account.clone()),
        old: word(before.sensitivity),
        new: word(sensitivity),
        why: String::new(),
    };
    let (table, change) = (known.table(), (before, sensitivity));
    if !table.change_sensitivity(known.scope(), (account, key), change, &entry).await? {
        return Err(changed());
    }
    Ok(Baseline { sensitivity, version: before.version + 1, ..*before })
}
