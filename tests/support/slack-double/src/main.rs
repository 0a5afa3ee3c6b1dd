//! `slack-double [--listen 127.0.0.1:0] [--app URL] [--until-eof]`: a Slack on this machine. One
//! line of JSON on standard output says where, then it serves until it is ended. `--until-eof` also
//! ends it with its standard input, so that it does not outlive who started it.

use loopback::Program;
use serde_json::json;
use slack_double::{CHANNEL, Double, TOKEN, WORKSPACE, control};
use std::error::Error;

const USAGE: &str = "slack-double [--listen 127.0.0.1:0] [--app URL] [--until-eof]";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let program = Program::read(USAGE, &["--app"])?;
    let mut builder = Double::builder().listen(program.listen);
    if let Some(app) = program.value("--app") {
        builder = builder.app_url(app);
    }
    let double = builder.start_beside(|slack| control::routes(slack.clone())).await?;
    let base = double.base_url();
    let said = json!({
        "url": base, "api": double.api_url(), "webhook": double.webhook_url(),
        "preview": format!("{base}/preview"), "control": format!("{base}/control/"),
        "team": WORKSPACE, "channel": CHANNEL, "token": TOKEN,
    });
    Ok(program.go_on(said).await?)
}
