//! OAuth: where a person is sent to let us in, and what Slack then grants.

use crate::client::Workspaces;
use crate::error::SlackError;
use crate::transport::{Answered, Transport, address, refused};
use outbound::is_local;
use pipeline::ports::Grant;
use reqwest::Url;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// What we ask for: to post, to be asked, and a channel to post into.
const SCOPES: &str = "chat:write,commands,incoming-webhook";

/// Our app, as Slack knows it.
#[derive(Debug, Clone, Deserialize)]
pub struct AppSecrets {
    /// Not a secret by itself.
    pub client_id: String,
    /// Proves that it is us who ask for a token.
    pub client_secret: SecretString,
    /// Slack signs with it what it sends us.
    pub signing_secret: SecretString,
}

impl AppSecrets {
    /// From a secret's text:
    /// `{"client_id": "…", "client_secret": "…", "signing_secret": "…"}`.
    pub fn from_secret(secret: &SecretString) -> Result<Self, SlackError> {
        // The error of the parser might quote the secret.
        let wrong =
            "the Slack secret is not {\"client_id\", \"client_secret\", \"signing_secret\"}";
        serde_json::from_str(secret.expose_secret()).map_err(|_| SlackError::Busy(wrong.to_owned()))
    }
}

/// Why a code was not changed for a grant, by what helps. No text holds a code or a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotGranted {
    /// The code was used, or is too old: a new link.
    #[error("the permission was used already or is too old")]
    UsedUp,
    /// Less was allowed than we need, or a rule of the workspace forbids it: who may allow it.
    #[error("{0}")]
    TooLittle(String),
    /// Slack has no time or a fault: a new link, later.
    #[error("{0}")]
    Busy(String),
    /// Slack cannot be reached: a new link, later.
    #[error("{0}")]
    Unreachable(String),
    /// It is ours to put right.
    #[error("{0}")]
    Ours(String),
}

/// Slack's words for a code that is worth nothing any more.
const USED_UP: [&str; 3] = ["invalid_code", "code_already_used", "code_expired"];
/// Slack's words for what somebody may not allow, or has not.
const TOO_LITTLE: [&str; 10] = [
    "access_denied",
    "action_prohibited",
    "ekm_access_denied",
    "invalid_scope",
    "missing_scope",
    "no_permission",
    "no_scopes",
    "org_login_required",
    "restricted_action",
    "team_access_not_granted",
];

impl NotGranted {
    /// From Slack's own word for what is wrong.
    fn from_code(code: &str, retry_after: Option<&str>) -> Self {
        match SlackError::from_code(code, retry_after) {
            _ if USED_UP.contains(&code) => Self::UsedUp,
            error if TOO_LITTLE.contains(&code) => Self::TooLittle(error.to_string()),
            error => error.into(),
        }
    }
}

impl From<SlackError> for NotGranted {
    fn from(error: SlackError) -> Self {
        let why = error.to_string();
        match error {
            SlackError::RateLimited { .. } | SlackError::Busy(_) => Self::Busy(why),
            SlackError::Unreachable(_) => Self::Unreachable(why),
            SlackError::Refused(_) | SlackError::Gone(_) | SlackError::Faulty(_) => Self::Ours(why),
        }
    }
}

/// The exchange of a code for a token.
#[derive(Debug)]
pub struct OAuth {
    authorize: Url,
    access: Url,
    redirect: String,
    transport: Transport,
    workspaces: Workspaces,
}

impl OAuth {
    /// With the base of Slack's Web API, `https://slack.com/api/`, and our own address.
    pub fn new(api_url: &str, public_url: &str) -> Result<Self, SlackError> {
        let api = format!("{}/", api_url.trim_end_matches('/'));
        let api = address(&api, "the address of Slack's API")?;
        let public = address(public_url, "our own address")?;
        let join = |path: &str| api.join(path).map_err(|error| refused(&error));
        Ok(Self {
            authorize: join("../oauth/v2/authorize")?,
            access: join("oauth.v2.access")?,
            redirect: format!("{}/slack/oauth_redirect", public.as_str().trim_end_matches('/')),
            transport: Transport::new(is_local(&api)),
            workspaces: Workspaces::new(api_url)?,
        })
    }

    /// Whether all of it is on this machine.
    pub const fn is_local(&self) -> bool {
        self.transport.local
    }

    /// Where a person is sent.
    pub fn authorize_url(&self, app: &AppSecrets, state: &str) -> String {
        let mut url = self.authorize.clone();
        url.query_pairs_mut()
            .append_pair("client_id", &app.client_id)
            .append_pair("scope", SCOPES)
            .append_pair("state", state)
            .append_pair("redirect_uri", &self.redirect);
        url.into()
    }

    /// What was granted, for the code that he came back with.
    pub async fn exchange(&self, app: &AppSecrets, code: &str) -> Result<Grant, NotGranted> {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &app.client_id)
            .append_pair("client_secret", app.client_secret.expose_secret())
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.redirect)
            .finish();
        let request = self.transport.post(self.access.clone())?.body(body);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let Answered { retry_after, body, .. } = self.transport.send(request).await?;
        let answer: Access = serde_json::from_slice(&body)
            .map_err(|_| SlackError::Busy("Slack's answer is no answer of its API".to_owned()))?;
        if !answer.ok {
            let code = answer.error.as_deref().unwrap_or("no reason");
            return Err(NotGranted::from_code(code, retry_after.as_deref()));
        }
        if let Some(missing) = answer.missing_scope() {
            return Err(NotGranted::TooLittle(format!("the right {missing} was not given")));
        }
        let nothing = "Slack granted no workspace with a channel; install into one workspace";
        let grant = answer.grant().ok_or_else(|| NotGranted::TooLittle(nothing.to_owned()))?;
        self.check(&grant).await?;
        Ok(grant)
    }

    /// A token that does not hold, or is of another workspace, is no grant: better said now than at
    /// the first alert.
    async fn check(&self, grant: &Grant) -> Result<(), NotGranted> {
        let team = match self.workspaces.slack(&grant.token, &grant.channel)?.auth_test().await {
            // The right to post is gone already.
            Err(SlackError::Gone(why)) => return Err(NotGranted::TooLittle(why)),
            tested => tested?,
        };
        let other = || NotGranted::Ours("the token is of another workspace".to_owned());
        if team == grant.team { Ok(()) } else { Err(other()) }
    }
}

#[derive(Deserialize)]
struct Access {
    ok: bool,
    error: Option<String>,
    scope: Option<String>,
    #[serde(rename = "access_token")]
    token: Option<SecretString>,
    bot_user_id: Option<String>,
    team: Option<Team>,
    authed_user: Option<Person>,
    incoming_webhook: Option<Hook>,
}

#[derive(Deserialize)]
struct Team {
    id: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Person {
    id: String,
}

#[derive(Deserialize)]
struct Hook {
    channel: Option<String>,
    channel_id: String,
}

impl Access {
    /// What we ask for and were not given, where Slack says what was.
    fn missing_scope(&self) -> Option<&'static str> {
        let given: Vec<&str> = self.scope.as_deref()?.split(',').map(str::trim).collect();
        SCOPES.split(',').find(|wanted| !given.contains(wanted))
    }

    fn grant(self) -> Option<Grant> {
        let (team, hook) = (self.team?, self.incoming_webhook?);
        Some(Grant {
            team_name: team.name.unwrap_or_else(|| team.id.clone()),
            team: team.id,
            bot_user: self.bot_user_id.unwrap_or_default(),
            channel_name: hook.channel.unwrap_or_else(|| hook.channel_id.clone()),
            channel: hook.channel_id,
            token: self.token?,
            installed_by: self.authed_user.map(|user| user.id).unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_slack_that_is_not_there_is_unreachable() {
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let oauth = OAuth::new(&format!("http://{nobody}/api"), "http://127.0.0.1").unwrap();
        let app = AppSecrets {
            client_id: "1".to_owned(),
            client_secret: "secret".into(),
            signing_secret: "secret".into(),
        };
        let refused = oauth.exchange(&app, "code").await;
        assert!(matches!(refused, Err(NotGranted::Unreachable(_))), "{refused:?}");
    }

    #[test]
    fn slack_s_words_are_sorted_by_who_can_put_it_right() {
        let sort = |code| NotGranted::from_code(code, Some("5"));
        for code in USED_UP {
            assert_eq!(sort(code), NotGranted::UsedUp, "{code}");
        }
        for code in TOO_LITTLE {
            assert!(
                matches!(sort(code), NotGranted::TooLittle(why) if why.contains(code)),
                "{code}"
            );
        }
        for code in ["ratelimited", "internal_error", "service_unavailable", "request_timeout"] {
            assert!(matches!(sort(code), NotGranted::Busy(_)), "{code}");
        }
        for code in ["bad_client_secret", "invalid_client_id", "bad_redirect_uri", "never heard of"]
        {
            assert!(matches!(sort(code), NotGranted::Ours(why) if why.contains(code)), "{code}");
        }
        let slow = SlackError::Busy("Slack does not answer within 10 s".to_owned());
        assert!(matches!(slow.into(), NotGranted::Busy(_)));
    }
}
