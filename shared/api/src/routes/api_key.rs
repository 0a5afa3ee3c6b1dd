//! API keys: for the tenant's own programs. A key is shown once; what is kept is its digest.

use crate::caller::{Known, Person};
use crate::once::{Attempt, IdempotencyKey};
use crate::problem::{Code, Problem, Problems};
use crate::reply::{Json, Path, Reply, is_id};
use axum::http::StatusCode;
use domain::api_key::{ApiKey, Right};
use domain::governance::{AuditEntry, called};
use domain::words;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{KeyMade, MAX_API_KEYS};
use utoipa::ToSchema;

/// Characters of a name.
const MAX_NAME: usize = 64;
/// Why a key is written down as made a second time.
const UNSEEN: &str = "nobody had seen the one that was made before: it was replaced";

/// A key for a program.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiKey)]
struct KeyView {
    id: String,
    name: String,
    /// How it begins.
    #[schema(example = "dd0c_Ab3f…")]
    hint: String,
    /// What it opens.
    scopes: Vec<Scope>,
    /// Who made it, as people call him.
    created_by: String,
    created_at: String,
    /// To about ten minutes.
    last_used_at: Option<String>,
    revoked_at: Option<String>,
}

/// What a key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
enum Scope {
    #[serde(rename = "anomalies:read")]
    AnomaliesRead,
    #[serde(rename = "anomalies:write")]
    AnomaliesWrite,
    #[serde(rename = "zombies:read")]
    ZombiesRead,
    #[serde(rename = "spend:read")]
    SpendRead,
}

impl From<Scope> for Right {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::AnomaliesRead => Self::AnomaliesRead,
            Scope::AnomaliesWrite => Self::AnomaliesWrite,
            Scope::ZombiesRead => Self::ZombiesRead,
            Scope::SpendRead => Self::SpendRead,
        }
    }
}

impl From<Right> for Scope {
    fn from(right: Right) -> Self {
        match right {
            Right::AnomaliesRead => Self::AnomaliesRead,
            Right::AnomaliesWrite => Self::AnomaliesWrite,
            Right::ZombiesRead => Self::ZombiesRead,
            Right::SpendRead => Self::SpendRead,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct KeyList {
    items: Vec<KeyView>,
}

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKey {
    /// For people.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// What it is to open.
    #[schema(min_items = 1)]
    scopes: Vec<Scope>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
struct MadeKey {
    #[serde(flatten)]
    made: KeyView,
    /// The key itself: shown now and never again.
    key: Option<String>,
}

fn view(key: &ApiKey) -> KeyView {
    KeyView {
        id: key.id.clone(),
        name: key.name.clone(),
        hint: key.hint.clone(),
        scopes: key.rights.iter().copied().map(Scope::from).collect(),
        created_by: called(&key.created_by).to_owned(),
        created_at: key.created_at.to_string(),
        last_used_at: key.last_used_at.map(|at| at.to_string()),
        revoked_at: key.revoked_at.map(|at| at.to_string()),
    }
}

fn entry(known: &Known, key: &ApiKey, revoked: bool) -> AuditEntry {
    let scopes: Vec<&str> = key.rights.iter().map(|right| right.code()).collect();
    let stands = format!("key {} for {}", words::clean(&key.name), scopes.join(", "));
    let (old, new) = if revoked { (stands, "revoked".to_owned()) } else { (String::new(), stands) };
    AuditEntry {
        at: known.now,
        who: known.asker().to_string(),
        what: "api key".to_owned(),
        account: None,
        old,
        new,
        why: String::new(),
    }
}

/// All keys, those that were revoked too
#[utoipa::path(get, operation_id = "listApiKeys", path = "/api-keys", tag = "API keys",
    responses((status = 200, body = KeyList), Problems), security(("person" = [])))]
pub(crate) async fn list(Person(known): Person) -> Result<Reply, Problem> {
    let keys = known.table().api_keys(known.scope()).await?;
    Ok(Reply::ok(&KeyList { items: keys.iter().map(view).collect() }))
}

/// Make a key
///
/// It is shown in this answer and never again: the same request again does not show it.
#[utoipa::path(post, operation_id = "createApiKey", path = "/api-keys", tag = "API keys",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewKey,
    responses((status = 201, body = MadeKey), Problems), security(("person" = [])))]
pub(crate) async fn create(
    Person(known): Person,
    key: IdempotencyKey,
    Json(asked): Json<NewKey>,
) -> Result<Reply, Problem> {
    let name = words::clean(asked.name.trim());
    if !(1..=MAX_NAME).contains(&name.chars().count()) {
        return Err(Problem::of_field("name", format!("name has 1 to {MAX_NAME} characters.")));
    }
    if asked.scopes.is_empty() {
        let detail = "A key without scopes opens nothing: name at least one.";
        return Err(Problem::of_field("scopes", detail));
    }
    let rights: BTreeSet<Right> = asked.scopes.iter().copied().map(Right::from).collect();
    let said = format!("{name} {rights:?}");
    let made = |attempt: Attempt| make(&known, name, rights, attempt);
    key.once(&known, ("api key", &said), made).await
}

async fn make(
    known: &Known,
    name: String,
    rights: BTreeSet<Right>,
    attempt: Attempt,
) -> Result<Reply, Problem> {
    let fresh = identity::fresh_key()?;
    let api_key = ApiKey {
        id: attempt.id(),
        name,
        hint: fresh.hint.clone(),
        rights,
        created_by: known.asker().to_string(),
        created_at: attempt.begun(),
        last_used_at: None,
        revoked_at: None,
    };
    match keep(known, &api_key, &fresh.hash, attempt).await? {
        KeyMade::Now => {
            let key = Some(fresh.secret.expose_secret().to_owned());
            let made = MadeKey { made: view(&api_key), key };
            Ok(Reply::created(&made).seen_once("key"))
        }
        KeyMade::TooMany => {
            let detail = format!("There are {MAX_API_KEYS} keys: revoke one that is not used.");
            Err(Problem::because(Code::Conflict, detail))
        }
    }
}

/// Keeps a new key. Whoever made it at an earlier try has died before he could show it: it opens
/// nothing from now on, and this one stands under its id.
async fn keep(
    known: &Known,
    key: &ApiKey,
    hash: &str,
    attempt: Attempt,
) -> Result<KeyMade, Problem> {
    let (table, scope) = (known.table(), known.scope());
    let entry = entry(known, key, false);
    if attempt.is_again() {
        let renewed = AuditEntry { why: UNSEEN.to_owned(), ..entry.clone() };
        if table.renew_api_key(scope, key, hash, &renewed).await? {
            return Ok(KeyMade::Now);
        }
    }
    Ok(table.create_api_key(scope, key, hash, &entry).await?)
}

/// Revoke a key: from now on it opens nothing
#[utoipa::path(delete, operation_id = "revokeApiKey", path = "/api-keys/{keyId}", tag = "API keys",
    params(("keyId" = String, Path)),
    responses((status = 204, description = "It opens nothing any more"), Problems),
    security(("person" = [])))]
pub(crate) async fn revoke(
    Person(known): Person,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let keys = known.table().api_keys(known.scope()).await?;
    let Some(key) = keys.iter().find(|key| key.id == id) else {
        if is_id(&id) && known.table().is_api_key_of_another(known.scope(), &id).await? {
            known.note_foreign();
        }
        return Err(Problem::not_found("API key"));
    };
    if key.revoked_at.is_none() {
        let entry = entry(&known, key, true);
        known.table().revoke_api_key(known.scope(), &id, known.now, &entry).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
