//! Signing in with GitHub, as an OAuth app sees it.

use super::state::{GithubState, Granted, Trouble};
use crate::form::{Form, fits, redirect, with};
use crate::page;
use crate::random::random;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// GitHub refuses a longer state.
const MAX_STATE: usize = 250;

/// What the app asks for.
struct Request {
    redirect_uri: String,
    state: String,
    challenge: String,
}

impl Request {
    fn read(github: &GithubState, uri: &Uri) -> Result<Self, &'static str> {
        let form = Form::read(uri.query().unwrap_or_default().as_bytes());
        let world = github.world();
        if form.get("client_id") != world.settings.client_id {
            return Err("No app of this client_id is known here.");
        }
        if form.get("redirect_uri") != world.settings.callback {
            return Err("The redirect_uri is not associated with this application.");
        }
        if form.get("state").chars().count() > MAX_STATE {
            return Err("The state is too long.");
        }
        let challenge = form.get("code_challenge");
        if !challenge.is_empty() && form.get("code_challenge_method") != "S256" {
            return Err("The code_challenge_method has to be S256.");
        }
        Ok(Self {
            redirect_uri: form.get("redirect_uri").to_owned(),
            state: form.get("state").to_owned(),
            challenge: challenge.to_owned(),
        })
    }
}

/// Shows the people.
pub(crate) async fn ask(State(github): State<GithubState>, uri: Uri) -> Response {
    if let Err(why) = Request::read(&github, &uri) {
        return page::wrong(why);
    }
    let users = github.world().users.clone();
    let logins: Vec<&str> = users.iter().map(|user| user.login.as_str()).collect();
    page::choice("Sign in to GitHub", &logins, false)
}

/// Somebody chose who he is, or that he does not want to (`name` is empty).
pub(crate) async fn chosen(State(github): State<GithubState>, uri: Uri, body: Bytes) -> Response {
    let request = match Request::read(&github, &uri) {
        Ok(request) => request,
        Err(why) => return page::wrong(why),
    };
    let form = Form::read(&body);
    let login = form.get("name").to_owned();
    let known = github.world().users.iter().any(|user| user.login == login);
    if !known {
        let denied = [("error", "access_denied"), ("state", request.state.as_str())];
        return redirect(&with(&request.redirect_uri, &denied));
    }
    let (code, to) = (random(), request.redirect_uri.clone());
    let granted =
        Granted { login, redirect_uri: request.redirect_uri, challenge: request.challenge };
    github.world().codes.insert(code.clone(), granted);
    redirect(&with(&to, &[("code", &code), ("state", &request.state)]))
}

/// A token for a code. What is wrong is a 200 too, as it is there.
pub(crate) async fn token(State(github): State<GithubState>, body: Bytes) -> Response {
    match github.trouble() {
        Some(Trouble::Silent) => return std::future::pending().await,
        Some(Trouble::Down) => return StatusCode::BAD_GATEWAY.into_response(),
        Some(Trouble::Endless) => return " ".repeat(4 * 1024 * 1024).into_response(),
        None => {}
    }
    let answer = granted(&github, &Form::read(&body));
    Json(answer.unwrap_or_else(|error| json!({ "error": error }))).into_response()
}

fn granted(github: &GithubState, form: &Form) -> Result<Value, &'static str> {
    let mut world = github.world();
    let settings = &world.settings;
    if form.get("client_id") != settings.client_id
        || form.get("client_secret") != settings.client_secret
    {
        return Err("incorrect_client_credentials");
    }
    let granted = world.codes.remove(form.get("code")).ok_or("bad_verification_code")?;
    if form.get("redirect_uri") != granted.redirect_uri {
        return Err("redirect_uri_mismatch");
    }
    if !granted.challenge.is_empty() && !fits(form.get("code_verifier"), &granted.challenge) {
        return Err("bad_verification_code");
    }
    let token = format!("gho_{}", random());
    world.tokens.insert(token.clone(), granted.login);
    let scope = "read:user,user:email";
    Ok(json!({ "access_token": token, "token_type": "bearer", "scope": scope }))
}
