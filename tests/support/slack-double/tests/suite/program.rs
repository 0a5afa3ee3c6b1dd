//! The program: says where it is, is steered by HTTP, and ends with who started it.

use crate::app::{App, card, send};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

struct Program {
    child: Child,
    said: Value,
}

impl Program {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_slack-double"))
            .arg("--until-eof")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("started");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        Self { child, said: serde_json::from_str(&line).expect("JSON") }
    }

    fn url(&self, name: &str) -> String {
        self.said[name].as_str().expect("an address").to_owned()
    }

    async fn steer(&self, what: &str, sent: &Value) -> Value {
        let (status, text) = send(&format!("{}{what}", self.url("control")), sent).await;
        assert_eq!(status, 200, "{what}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    async fn look(&self, what: &str) -> Value {
        let answer = reqwest::get(format!("{}{what}", self.url("control"))).await;
        let text = answer.expect("an answer").text().await.expect("a text");
        serde_json::from_str(&text).expect("JSON")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let ended = self.child.wait().expect("it ends with its input");
        assert!(ended.success());
    }
}

#[tokio::test]
async fn it_is_steered_by_http() {
    let (program, app) = (Program::start(), App::start().await);
    let installed = program
        .steer("install", &json!({"team": "T0ACME", "channel": "C0ACME", "token": "xoxb-mine"}))
        .await;
    assert_eq!((&installed["token"], &installed["team"]), (&json!("xoxb-mine"), &json!("T0ACME")));
    program.steer("faults", &json!([{"rate_limited": "1"}, {"status": [500, ""]}, "lost"])).await;
    program.steer("forget", &json!({})).await;
    program.steer("settings", &json!({"app_url": app.url, "advance": 60})).await;
    let post = reqwest::Client::new().post(format!("{}chat.postMessage", program.url("api")));
    let post = post.bearer_auth("xoxb-mine").header("content-type", "application/json");
    post.body(card("C0ACME").to_string()).send().await.expect("an answer");
    let record = program.look("record").await;
    assert_eq!((&record["asked"], &record["refused"]), (&json!(1), &json!([])));
    let ts = &record["posted"][0]["ts"];
    let click = json!({"user": "ana", "channel": "C0ACME", "ts": ts, "action_id": "expected"});
    assert_eq!(program.steer("click", &click).await["outcome"], "ok");
    program.steer("misbehave", &json!(["forged", {"late": 301}])).await;
    let words = json!({"user": "bo", "channel": "C0ACME", "text": "status"});
    program.steer("command", &words).await;
    program.steer("event", &json!({"team": "T0ACME", "event": {"type": "x"}})).await;
    program.steer("uninstall", &json!({"team": "T0ACME"})).await;
    program.steer("replay", &json!({})).await;
    assert_eq!(program.look("exchanges").await.as_array().map(Vec::len), Some(6));
    assert_eq!(app.got().len(), 6);
    assert_eq!(program.look("messages").await[0]["text"], "a card");
    let impossible = json!({"user": "eve", "channel": "C0ACME", "text": "status"});
    let (status, text) = send(&format!("{}command", program.url("control")), &impossible).await;
    assert_eq!((status, text.contains("nobody is eve")), (400, true), "{text}");
}

#[test]
fn it_is_reached_from_this_machine_only() {
    for words in [["--listen", "0.0.0.0:0"], ["--listen", "nonsense"], ["--what", "ever"]] {
        let run = Command::new(env!("CARGO_BIN_EXE_slack-double")).args(words).output();
        let run = run.expect("run");
        assert!(!run.status.success() && !run.stderr.is_empty());
    }
}
