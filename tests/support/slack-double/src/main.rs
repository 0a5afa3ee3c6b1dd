//! `slack-double [--listen 127.0.0.1:0] [--app URL] [--until-eof]`: a Slack on this machine. One
//! line of JSON on standard output says where, then it serves until it is ended. `--until-eof` also
//! ends it with its standard input, so that it does not outlive who started it.

use serde_json::json;
use slack_double::{CHANNEL, Double, TOKEN, WORKSPACE, control};
use std::error::Error;
use std::io::{Read as _, Write as _};

const USAGE: &str = "slack-double [--listen 127.0.0.1:0] [--app URL] [--until-eof]";

struct Wishes {
    listen: String,
    app: Option<String>,
    until_eof: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let wishes = read(std::env::args().skip(1))?;
    let mut builder = Double::builder().listen(wishes.listen.parse()?);
    if let Some(app) = &wishes.app {
        builder = builder.app_url(app);
    }
    let double = builder.start_beside(|slack| control::routes(slack.clone())).await?;
    let base = double.base_url();
    let said = json!({
        "url": base, "api": double.api_url(), "webhook": double.webhook_url(),
        "preview": format!("{base}/preview"), "control": format!("{base}/control/"),
        "team": WORKSPACE, "channel": CHANNEL, "token": TOKEN,
    });
    let mut out = std::io::stdout();
    writeln!(out, "{said}")?;
    out.flush()?;
    if wishes.until_eof {
        std::thread::spawn(end_with_input);
    }
    std::future::pending().await
}

fn read(mut words: impl Iterator<Item = String>) -> Result<Wishes, Box<dyn Error>> {
    let (mut listen, mut app, mut until_eof) = ("127.0.0.1:0".to_owned(), None, false);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--until-eof" => until_eof = true,
            "--listen" => listen = words.next().ok_or(USAGE)?,
            "--app" => app = Some(words.next().ok_or(USAGE)?),
            _ => return Err(USAGE.into()),
        }
    }
    Ok(Wishes { listen, app, until_eof })
}

fn end_with_input() {
    let mut byte = [0];
    while std::io::stdin().read(&mut byte).is_ok_and(|read| read > 0) {}
    std::process::exit(0);
}
