//! Signing in: a page, a code for whoever chose, tokens for the code.

use crate::form::{Form, fits, redirect, with};
use crate::mint::{HOLDS, Signed};
use crate::page;
use crate::random::random;
use crate::session;
use crate::state::{Flaw, Granted, LoginState};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION, CACHE_CONTROL, LOCATION};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Seconds that a code holds.
const CODE_HOLDS: i64 = 300;
/// Characters of a name.
const MAX_NAME: usize = 64;
/// Who may be chosen without typing.
const NAMES: [&str; 2] = ["ana", "ben"];

/// What the application asks for.
struct Request {
    redirect_uri: String,
    state: String,
    challenge: String,
    nonce: String,
    prompt: String,
}

impl Request {
    fn read(login: &LoginState, uri: &Uri) -> Result<Self, &'static str> {
        let form = Form::read(uri.query().unwrap_or_default().as_bytes());
        let settings = login.settings();
        if form.get("client_id") != settings.client_id {
            return Err("No application of this client_id is known here.");
        }
        if !settings.redirect_uris.iter().any(|it| it == form.get("redirect_uri")) {
            return Err("The redirect_uri is none of the application's.");
        }
        if form.get("response_type") != "code" {
            return Err("The response_type has to be code.");
        }
        let challenge = form.get("code_challenge");
        if challenge.len() != 43 || form.get("code_challenge_method") != "S256" {
            return Err("A code_challenge with the code_challenge_method S256 is needed (PKCE).");
        }
        Ok(Self {
            redirect_uri: form.get("redirect_uri").to_owned(),
            state: form.get("state").to_owned(),
            challenge: challenge.to_owned(),
            nonce: form.get("nonce").to_owned(),
            prompt: form.get("prompt").to_owned(),
        })
    }

    /// Back to the application, with a code for whoever it is.
    fn granted(self, login: &LoginState, name: &str) -> Response {
        let to = self.redirect_uri.clone();
        let granted = Granted {
            name: name.to_owned(),
            redirect_uri: self.redirect_uri,
            challenge: self.challenge,
            nonce: self.nonce,
            until: login.clock().timestamp().as_second() + CODE_HOLDS,
        };
        let code = random();
        login.world().codes.insert(code.clone(), granted);
        redirect(&with(&to, &[("code", &code), ("state", &self.state)]))
    }

    /// Back without one: he would have to be asked.
    fn unknown(&self) -> Response {
        let fields = [("error", "login_required"), ("state", self.state.as_str())];
        redirect(&with(&self.redirect_uri, &fields))
    }
}

/// Shows the names, unless this browser has chosen before (`prompt=login` asks all the same,
/// `prompt=none` never).
pub(crate) async fn ask(State(login): State<LoginState>, uri: Uri, headers: HeaderMap) -> Response {
    let request = match Request::read(&login, &uri) {
        Ok(request) => request,
        Err(why) => return page::wrong(why),
    };
    match session::known(&login, &headers).filter(|_| request.prompt != "login") {
        Some(name) => request.granted(&login, &name),
        None if request.prompt == "none" => request.unknown(),
        None => page::choice("Sign in to dd0c/cost", &NAMES, true),
    }
}

/// Somebody chose; the question's query stands in the address again.
pub(crate) async fn chosen(
    State(login): State<LoginState>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = match Request::read(&login, &uri) {
        Ok(request) => request,
        Err(why) => return page::wrong(why),
    };
    let form = Form::read(&body);
    let name = form.get("name").trim();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return page::wrong("A name has 1 to 64 characters.");
    }
    let mut answer = request.granted(&login, name);
    session::begin(&login, &headers, name, &mut answer);
    answer
}

/// Gives tokens for a code, or new ones for a refresh token.
pub(crate) async fn token(State(login): State<LoginState>, body: Bytes) -> Response {
    let form = Form::read(&body);
    if form.get("client_id") != login.settings().client_id {
        return refused("invalid_client");
    }
    let tokens = match form.get("grant_type") {
        "authorization_code" => by_code(&login, &form),
        "refresh_token" => by_refresh(&login, &form),
        _ => Err("unsupported_grant_type"),
    };
    match tokens {
        Ok(tokens) => answered(StatusCode::OK, tokens),
        Err(error) => refused(error),
    }
}

fn by_code(login: &LoginState, form: &Form) -> Result<Value, &'static str> {
    // Whatever is wrong with the rest, a code is brought back once.
    let granted = login.world().codes.remove(form.get("code")).ok_or("invalid_grant")?;
    let late = login.clock().timestamp().as_second() >= granted.until;
    let elsewhere = granted.redirect_uri != form.get("redirect_uri");
    if late || elsewhere || !fits(form.get("code_verifier"), &granted.challenge) {
        return Err("invalid_grant");
    }
    let refresh = random();
    login.world().refreshes.insert(refresh.clone(), granted.name.clone());
    let mut tokens = tokens(login, &granted.name, &granted.nonce);
    tokens["refresh_token"] = refresh.into();
    Ok(tokens)
}

fn by_refresh(login: &LoginState, form: &Form) -> Result<Value, &'static str> {
    let name = login.world().refreshes.get(form.get("refresh_token")).cloned();
    Ok(tokens(login, &name.ok_or("invalid_grant")?, ""))
}

fn tokens(login: &LoginState, name: &str, nonce: &str) -> Value {
    let now = login.clock().timestamp();
    let mut id = login.id_claims(name, now);
    if !nonce.is_empty() {
        id["nonce"] = nonce.into();
    }
    json!({
        "access_token": login.access_token(name, now),
        "id_token": login.mint(&id, Signed::Rightly),
        "expires_in": HOLDS,
        "token_type": "Bearer",
    })
}

/// A refresh token is good for nothing from now on.
pub(crate) async fn revoke(State(login): State<LoginState>, body: Bytes) -> Response {
    let form = Form::read(&body);
    if form.get("client_id") != login.settings().client_id {
        return refused("invalid_client");
    }
    login.world().refreshes.remove(form.get("token"));
    answered(StatusCode::OK, json!({}))
}

/// Ends the browser's session, and leads back to the application.
pub(crate) async fn logout(
    State(login): State<LoginState>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let form = Form::read(uri.query().unwrap_or_default().as_bytes());
    let (settings, to) = (login.settings(), form.get("logout_uri"));
    let is_ours = settings.redirect_uris.iter().any(|ours| origin(ours) == origin(to));
    if form.get("client_id") != settings.client_id || !is_ours {
        return page::wrong("The logout_uri is none of the application's.");
    }
    let mut answer = redirect(to);
    session::end(&login, &headers, &mut answer);
    answer
}

/// `http://127.0.0.1:3000` of an address.
fn origin(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    let host = rest.split(['/', '?', '#', '\\']).next()?;
    address.get(..scheme.len() + 3 + host.len())
}

/// The keys, or what is wrong with them.
pub(crate) async fn jwks(State(login): State<LoginState>) -> Response {
    match login.count_jwks_request() {
        None => answered(StatusCode::OK, login.jwks()),
        Some(Flaw::Down) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Flaw::Redirect) => (StatusCode::FOUND, [(LOCATION, "/elsewhere")]).into_response(),
        Some(Flaw::Endless) => " ".repeat(1024 * 1024).into_response(),
        Some(Flaw::Garbage) => "<html>not keys</html>".into_response(),
        Some(Flaw::Empty | Flaw::OfAnother) => answered(StatusCode::OK, json!({ "keys": [] })),
        Some(Flaw::Silent) => std::future::pending().await,
    }
}

/// What programs look up first.
pub(crate) async fn discovery(State(login): State<LoginState>) -> Response {
    let issuer = &login.settings().issuer;
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth2/authorize"),
        "token_endpoint": format!("{issuer}/oauth2/token"),
        "userinfo_endpoint": format!("{issuer}/oauth2/userInfo"),
        "revocation_endpoint": format!("{issuer}/oauth2/revoke"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "email", "profile"],
        "prompt_values_supported": ["login", "none"],
    });
    answered(StatusCode::OK, document)
}

/// What is known of who holds an access token; as at Cognito it has to ask for `openid`.
pub(crate) async fn userinfo(State(login): State<LoginState>, headers: HeaderMap) -> Response {
    let spoiled = login.count_userinfo_request();
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|header| header.strip_prefix("Bearer "));
    let Some(mut said) = token.and_then(|token| login.userinfo(token)) else {
        return answered(StatusCode::UNAUTHORIZED, json!({ "error": "invalid_token" }));
    };
    match spoiled {
        None => answered(StatusCode::OK, said),
        Some(Flaw::Down) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Flaw::Redirect) => (StatusCode::FOUND, [(LOCATION, "/elsewhere")]).into_response(),
        Some(Flaw::Endless) => " ".repeat(1024 * 1024).into_response(),
        Some(Flaw::Garbage) => "<html>nobody</html>".into_response(),
        Some(Flaw::Empty) => {
            said["name"] = "".into();
            answered(StatusCode::OK, said)
        }
        Some(Flaw::OfAnother) => {
            said["sub"] = "somebody-else".into();
            answered(StatusCode::OK, said)
        }
        Some(Flaw::Silent) => std::future::pending().await,
    }
}

fn refused(error: &str) -> Response {
    answered(StatusCode::BAD_REQUEST, json!({ "error": error }))
}

/// Pages of other addresses may read it, as they may at Cognito.
fn answered(status: StatusCode, body: Value) -> Response {
    let headers = [(CACHE_CONTROL, "no-store"), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (status, headers, Json(body)).into_response()
}
