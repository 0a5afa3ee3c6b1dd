//! The program: says where it is, and ends with who started it.

use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

#[tokio::test]
async fn it_says_where_it_is_and_ends_with_its_input() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_login-double"))
        .args(["--until-eof", "--client", "web", "--redirect", "http://127.0.0.1:3000/"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(said["client"], "web");
    let url = format!("{}/.well-known/jwks.json", said["issuer"].as_str().unwrap());
    let keys = super::browser().get(url).send().await.unwrap().text().await.unwrap();
    assert!(keys.contains("\"kid\":\"key-1\""), "{keys}");
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
async fn a_github_stands_beside_it_and_knows_the_same_client() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_login-double"))
        .args(["--until-eof", "--client", "web", "--redirect", "http://127.0.0.1:3000/back"])
        .args(["--github", "secret"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    let url = format!(
        "{}/login/oauth/authorize?client_id=web&redirect_uri=http://127.0.0.1:3000/back",
        said["github"].as_str().unwrap()
    );
    let page = super::browser().get(url).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("Sign in to GitHub"));
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn what_it_does_not_know_it_does_not_do() {
    let output = Command::new(env!("CARGO_BIN_EXE_login-double")).arg("--help").output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("--redirect URI"));
}
