//! The way of a new user over HTTP: signs in, connects an account in the played console and a
//! workspace in the played Slack, starts something dear, reads of it, ends it.

use crate::program::{Answer, Serve};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::{Duration, Instant};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CONSOLE: &str = "/aws-double/console";

/// Somebody who has signed in.
pub(crate) struct Person<'a> {
    serve: &'a Serve,
    bearer: String,
}

impl<'a> Person<'a> {
    pub(crate) fn signs_in(serve: &'a Serve, name: &str) -> Self {
        let back = format!("http://{}/callback", serve.address);
        let asked = format!(
            "POST /login/oauth2/authorize?client_id=dashboard&response_type=code&scope=openid&\
             redirect_uri={back}&state=s&code_challenge={CHALLENGE}&code_challenge_method=S256"
        );
        let led = post_form(serve, &asked, &[], &format!("name={name}"));
        let code = fields(led.header("location"))["code"].clone();
        let form = format!(
            "grant_type=authorization_code&client_id=dashboard&redirect_uri={back}&\
             code_verifier={VERIFIER}&code={code}"
        );
        let tokens = post_form(serve, "POST /login/oauth2/token", &[], &form).json();
        Self { serve, bearer: format!("Bearer {}", tokens["access_token"].as_str().unwrap()) }
    }

    pub(crate) fn ask(&self, request: &str, body: &str) -> Answer {
        self.serve.send(request, &[("Authorization", &self.bearer)], body).unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let answer = self.ask(&format!("GET {path}"), "");
        assert_eq!(answer.status, 200, "{path} {answer:?}");
        answer.json()
    }

    pub(crate) fn until(&self, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        until(&format!("{path} is so"), || Some(self.get(path)).filter(&is_so))
    }
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "never: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn post_form(serve: &Serve, request: &str, headers: &[(&str, &str)], form: &str) -> Answer {
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let headers: Vec<(&str, &str)> = headers.iter().copied().chain([kind]).collect();
    serve.send(request, &headers, form).unwrap()
}

#[test]
fn a_browser_that_has_signed_in_is_not_asked_again_until_it_signs_out() {
    let folder = tempfile::tempdir().unwrap();
    let serve = Serve::start(folder.path(), &[]);
    let back = format!("http://{}/callback", serve.address);
    let question = format!(
        "/login/oauth2/authorize?client_id=dashboard&response_type=code&scope=openid&\
         redirect_uri={back}&state=s&code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    let led = post_form(&serve, &format!("POST {question}"), &[], "name=ana");
    let set = led.header("set-cookie").to_owned();
    assert!(set.contains("; Path=/login;") && set.contains("HttpOnly; SameSite=Lax"), "{set}");
    let kept = [("Cookie", set.split(';').next().unwrap())];
    let known = serve.send(&format!("GET {question}"), &kept, "").unwrap();
    assert!(known.header("location").starts_with(&format!("{back}?code=")), "{known:?}");
    let other = serve.send(&format!("GET {question}&prompt=login"), &kept, "").unwrap();
    assert_eq!(other.status, 200, "whoever wants to be somebody else is asked");
    let out = format!("GET /login/logout?client_id=dashboard&logout_uri=http://{}/", serve.address);
    assert_eq!(serve.send(&out, &kept, "").unwrap().status, 303);
    assert_eq!(serve.send(&format!("GET {question}"), &kept, "").unwrap().status, 200);
}

/// What follows the question mark of an address.
fn fields(url: &str) -> HashMap<String, String> {
    let (_, query) = url.rsplit_once('?').unwrap_or_default();
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name.to_owned(), percent_decode_str(value).decode_utf8_lossy().into_owned())
    };
    query.split('&').map(pair).collect()
}

fn path_of<'a>(serve: &Serve, url: &'a str) -> &'a str {
    let here = format!("http://{}", serve.address);
    url.strip_prefix(&here).unwrap()
}

/// What the page sends when somebody presses "Create stack".
fn stack_of(link: &str, account: &str, regions: &Value) -> Value {
    let asked = fields(link);
    let parameter = |name: &str| asked[&format!("param_{name}")].clone();
    json!({
        "account": account, "stackName": asked["stackName"], "regions": regions,
        "externalId": parameter("ExternalId"), "handshake": parameter("Handshake"),
        "ddAccountId": parameter("DdAccountId"), "busArn": parameter("BusArn"),
        "callbackTopicArn": parameter("CallbackTopicArn"),
    })
}

fn press(serve: &Serve, button: &str, sent: &Value) -> Answer {
    serve.send(&format!("POST {CONSOLE}/{button}"), &[], &sent.to_string()).unwrap()
}

fn console(serve: &Serve) -> Value {
    serve.send(&format!("GET {CONSOLE}/state.json"), &[], "").unwrap().json()
}

/// The setup's link, followed: the stack is created and calls back.
fn connect(person: &Person<'_>, account: &str) {
    let begun = person.ask("POST /v1/accounts/setup", "");
    assert_eq!(begun.status, 201, "{begun:?}");
    let setup = begun.json();
    let link = setup["quickCreateUrl"].as_str().unwrap();
    assert!(path_of(person.serve, link).starts_with(CONSOLE), "{link}");
    let regions = json!(["us-east-1", "eu-west-1", "ap-southeast-2"]);
    let made = press(person.serve, "stacks", &stack_of(link, account, &regions));
    assert_eq!(made.status, 201, "{made:?}");
    let path = format!("/v1/accounts/setup/{}", setup["setupId"].as_str().unwrap());
    person.until(&path, |setup| setup["stage"] == "connected");
    // CloudTrail counts in seconds: what is called in the second of the connection is its past.
    let past = format!("/v1/accounts/{account}/rehearsal");
    person.until(&past, |told| told["progress"]["finishedAt"].is_string());
}

#[test]
fn from_the_link_to_a_resolved_anomaly() {
    let folder = tempfile::tempdir().unwrap();
    let serve = Serve::start(folder.path(), &[]);
    let page = serve.send(&format!("GET {CONSOLE}"), &[], "").unwrap();
    assert!(page.body.contains("Nothing here reaches AWS or costs money"), "{page:?}");
    assert!(page.header("content-security-policy").contains("script-src 'self'"), "{page:?}");
    let ana = Person::signs_in(&serve, "ana");

    // Connect AWS.
    let free = console(&serve)["freeAccount"].as_str().unwrap().to_owned();
    let too_soon = json!({"account": free, "who": "ana", "what": "gpu-fleet"});
    assert_eq!(press(&serve, "start", &too_soon).status, 409, "there is no stack");
    connect(&ana, &free);
    let stack = console(&serve)["accounts"][0]["stack"].clone();
    let events = stack["events"].as_array().unwrap();
    assert_eq!((stack["status"].as_str(), events.len()), (Some("CREATE_COMPLETE"), 14), "{stack}");
    assert_ne!(console(&serve)["freeAccount"], free.as_str());
    let health = ana.until(&format!("/v1/accounts/{free}/health"), |health| {
        health["regions"].as_array().is_some_and(|regions| {
            regions.len() == 3 && regions.iter().all(|region| region["eventsFlow"] == "ok")
        })
    });
    assert_eq!(health["findings"], json!([]), "{health}");
    let rehearsal = format!("/v1/accounts/{free}/rehearsal");
    let told = ana.get(&rehearsal);
    let dearest = told["dearest"].to_string();
    assert!(dearest.contains("p3.8xlarge") && dearest.contains("db.r6g.4xlarge"), "{told}");
    ana.until("/v1/zombies", |zombies| {
        zombies["items"].as_array().is_some_and(|all| all.len() > 9)
    });

    // Quiet, until something starts.
    assert_eq!(ana.get("/v1/anomalies?status=open&since=2020-01-01T00:00:00Z")["items"], json!([]));
    let started = press(&serve, "start", &too_soon);
    assert_eq!((started.status, started.json()["heard"].as_bool()), (201, Some(true)));
    let open = ana.until("/v1/anomalies?status=open", |found| found["items"] != json!([]));
    let anomaly = &open["items"][0];
    assert!(anomaly["text"].as_str().unwrap().contains("p4d.24xlarge"), "{anomaly}");
    assert_eq!(anomaly["severity"], "critical");

    // It is ended.
    let id = started.json()["id"].clone();
    let ended = press(&serve, "terminate", &json!({"account": free, "who": "ben", "id": id}));
    assert_eq!(ended.status, 200, "{ended:?}");
    assert_eq!(console(&serve)["accounts"][0]["running"], json!([]));
    let path = format!("/v1/anomalies/{}", anomaly["id"].as_str().unwrap());
    ana.until(&path, |anomaly| anomaly["status"] == "resolved");
}

#[test]
fn everything_that_can_be_started_is_priced_and_can_be_ended() {
    let folder = tempfile::tempdir().unwrap();
    let serve = Serve::start(folder.path(), &[]);
    let ben = Person::signs_in(&serve, "ben");
    connect(&ben, "111122223333");
    let page = console(&serve);
    let whats: Vec<Value> =
        page["what"].as_array().unwrap().iter().map(|it| it["code"].clone()).collect();
    assert_eq!(whats.len(), 5);
    for what in &whats {
        let start = json!({"account": "111122223333", "who": "ci-deploy", "what": what});
        let started = press(&serve, "start", &start);
        assert_eq!((started.status, &started.json()["heard"]), (201, &json!(true)), "{what}");
        let end = json!({"account": "111122223333", "who": "ana", "id": started.json()["id"]});
        assert_eq!(press(&serve, "terminate", &end).status, 200, "{what}");
        assert_eq!(press(&serve, "terminate", &end).status, 404, "{what}");
    }
    serve.rest();
    let status = serve.status();
    assert_eq!((&status["rejected"], &status["skipped"]), (&json!(0), &json!({})), "{status}");
    // What one actor starts in a row is one anomaly.
    let resolved = ben.get("/v1/anomalies?status=resolved")["items"].clone();
    let found: Vec<_> = resolved.as_array().unwrap().iter().map(|it| &it["resourceType"]).collect();
    assert_eq!(found, ["p4d.24xlarge"], "{resolved}");
    let path = format!("/v1/anomalies/{}", resolved[0]["id"].as_str().unwrap());
    let events = ben.get(&path)["events"].to_string();
    for kind in ["p4d.24xlarge", "db.r6g.4xlarge", "g5.12xlarge"] {
        assert!(events.contains(kind), "{kind} {events}");
    }
}

#[test]
fn a_stack_that_may_not_call_back_says_why_and_is_rolled_back() {
    let folder = tempfile::tempdir().unwrap();
    let serve = Serve::start(folder.path(), &[]);
    let regions = json!(["us-east-1"]);
    let link = "http://x/?stackName=s&param_ExternalId=e&param_Handshake=0123456789012345678901&\
                param_DdAccountId=123456789012&param_BusArn=b&param_CallbackTopicArn=t";
    for (account, regions) in [("12", &regions), ("444455556666", &json!(["eu-west-1"]))] {
        assert_eq!(press(&serve, "stacks", &stack_of(link, account, regions)).status, 400);
    }
    let sent = stack_of(link, "444455556666", &regions);
    assert_eq!(press(&serve, "stacks", &sent).status, 201);
    assert_eq!(press(&serve, "stacks", &sent).status, 409, "it is being created");
    let stack = until("it ends", || {
        let stack = console(&serve)["accounts"][0]["stack"].clone();
        (stack["status"] != "CREATE_IN_PROGRESS").then_some(stack)
    });
    assert_eq!(stack["status"], "ROLLBACK_COMPLETE");
    assert!(stack["reason"].as_str().unwrap().contains("This link was used before"), "{stack}");
    let start = json!({"account": "444455556666", "who": "ana", "what": "gpu-fleet"});
    assert_eq!(press(&serve, "start", &start).status, 409);
    assert_eq!(press(&serve, "stacks", &sent).status, 201, "it may be tried again");
}

/// Over Slack's page and back; where that ends.
fn install(serve: &Serve, link: &str, place: &str, choice: &str) -> Answer {
    let sent = serve.send(&format!("GET {}", path_of(serve, link)), &[], "").unwrap();
    let cookie = sent.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let page = path_of(serve, sent.header("location")).to_owned();
    let shown = serve.send(&format!("GET {page}"), &[], "").unwrap();
    assert!(shown.body.contains("A new workspace"), "{shown:?}");
    let form = format!("place={place}&choice={choice}");
    let back = post_form(serve, &format!("POST {page}"), &[], &form);
    let back = path_of(serve, back.header("location"));
    serve.send(&format!("GET {back}"), &[("Cookie", &cookie)], "").unwrap()
}

#[test]
fn a_tenant_lets_us_into_a_workspace_of_his_own_and_sees_his_cards_there() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("index.html"), "landing").unwrap();
    let dashboard = ["--dashboard", out.to_str().unwrap()];
    let serve = Serve::start(&folder.path().join("data"), &dashboard);
    let ana = Person::signs_in(&serve, "ana");
    let invited = || {
        let answer = ana.ask("POST /v1/slack/install", "");
        answer.json()["url"].as_str().unwrap().to_owned()
    };
    let connect_page = format!("http://{}/dashboard/connect", serve.address);
    for (place, choice, end) in [
        ("new", "cancel", "?slack=failed&why=cancelled"),
        ("T0DOUBLE%2FC0DOUBLE", "allow", "?slack=failed&why=workspace_of_another"),
        ("new", "allow", "?slack=connected"),
    ] {
        let back = install(&serve, &invited(), place, choice);
        let to = (back.status, back.header("location"));
        assert_eq!(to, (303, format!("{connect_page}{end}").as_str()), "{place} {choice}");
    }
    assert_eq!(ana.get("/v1/slack")["team"], "Workspace 2");
    let from_settings = serve.send(
        "POST /v1/slack/install",
        &[("Authorization", &ana.bearer), ("Content-Type", "application/json")],
        &json!({"returnTo": "settings"}).to_string(),
    );
    let link = from_settings.unwrap().json()["url"].as_str().unwrap().to_owned();
    let back = install(&serve, &link, "new", "cancel");
    let settings_page = format!("http://{}/dashboard/settings", serve.address);
    let end = "?slack=failed&why=cancelled";
    assert_eq!(back.header("location"), format!("{settings_page}{end}"));
    let used = serve.send("GET /slack/install?state=never", &[], "").unwrap();
    assert!(used.header("location").ends_with("?slack=failed&why=link_used_up"), "{used:?}");

    connect(&ana, "111122223333");
    let start = json!({"account": "111122223333", "who": "ana", "what": "gpu-fleet"});
    let pressed = press(&serve, "start", &start);
    assert_eq!(pressed.status, 201, "{pressed:?}");
    let state = || serve.send("GET /preview/state.json", &[], "").unwrap().json();
    let card = until("a card", || {
        let messages = state()["messages"].as_array().cloned().unwrap_or_default();
        messages.into_iter().find(|it| it["text"].to_string().contains("p4d.24xlarge"))
    });
    let workspaces = state()["workspaces"].clone();
    let home = &workspaces[1];
    assert_eq!(home["channels"][0]["id"], card["channel"], "in his workspace {workspaces}");
    let click = json!({
        "user": "ana", "channel": card["channel"], "ts": card["ts"], "action_id": "anomaly:expected",
    });
    let pressed = serve.send("POST /preview/click", &[], &click.to_string()).unwrap();
    assert_eq!(pressed.status, 200, "{pressed:?}");
    ana.until("/v1/anomalies", |found| found["items"].to_string().contains("expected"));
}
