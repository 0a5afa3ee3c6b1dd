//! Slack: whether we are in the tenant's workspace, and a link that lets us in.

use crate::caller::Person;
use crate::once::IdempotencyKey;
use crate::problem::{Problem, Problems};
use crate::reply::{MaybeJson, Reply};
use pipeline::install::{self, ReturnTo};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The workspace that we are in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SlackView {
    connected: bool,
    team: Option<String>,
    channel: Option<String>,
    installed_at: Option<String>,
    /// Why nothing can be posted any more: install us again.
    broken: Option<String>,
}

/// How a workspace is to be connected.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct InstallAsked {
    /// The page of the dashboard to come back to; `connect` if nothing is said.
    return_to: Option<PageWord>,
}

/// Comes back with `slack=connected`, or with `slack=failed` and in `why` the reason.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PageWord {
    /// `/dashboard/connect`
    Connect,
    /// `/dashboard/settings`
    Settings,
}

impl From<PageWord> for ReturnTo {
    fn from(word: PageWord) -> Self {
        match word {
            PageWord::Connect => Self::Connect,
            PageWord::Settings => Self::Settings,
        }
    }
}

/// A link that lets us in.
#[derive(Debug, Serialize, ToSchema)]
struct InstallLink {
    /// Holds once, for ten minutes, in one browser.
    #[schema(format = "uri")]
    url: Option<String>,
}

/// Whether alerts come into Slack
#[utoipa::path(get, operation_id = "getSlack", path = "/slack", tag = "Slack",
    responses((status = 200, body = SlackView), Problems), security(("person" = [])))]
pub(crate) async fn get(Person(known): Person) -> Result<Reply, Problem> {
    let installation = known.table().installation(known.scope()).await?;
    let of = installation.as_ref();
    Ok(Reply::ok(&SlackView {
        connected: of.is_some_and(|it| it.broken.is_none()),
        team: of.map(|it| it.team_name.clone()),
        channel: of.map(|it| it.channel_name.clone()),
        installed_at: of.map(|it| it.installed_at.to_string()),
        broken: of.and_then(|it| it.broken.clone()),
    }))
}

/// Let us into Slack: a link that does
#[utoipa::path(post, operation_id = "inviteToSlack", path = "/slack/install", tag = "Slack",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = Option<InstallAsked>,
    responses((status = 201, body = InstallLink), Problems), security(("person" = [])))]
pub(crate) async fn install(
    Person(known): Person,
    key: IdempotencyKey,
    MaybeJson(asked): MaybeJson<InstallAsked>,
) -> Result<Reply, Problem> {
    let back = asked.and_then(|asked| asked.return_to).map(ReturnTo::from).unwrap_or_default();
    // A state that was made and never shown is known to nobody, and is gone in ten minutes.
    let given = |_| async {
        let state = random::token()?;
        install::invite(known.table(), known.scope(), (&state, back), known.now).await?;
        let url = format!("{}/slack/install?state={state}", known.api.places.public_url);
        Ok(Reply::created(&InstallLink { url: Some(url) }).seen_once("url"))
    };
    key.once(&known, ("slack install", back.code()), given).await
}
