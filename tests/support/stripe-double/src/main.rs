//! `stripe-double [--listen 127.0.0.1:0] [--webhook URL] [--until-eof]`: a Stripe on this machine.
//! One line of JSON on standard output says where, then it serves until it is ended. With a webhook
//! what changes is told there at once. `--until-eof` also ends it with its standard input, so that it
//! does not outlive who started it.

use loopback::Program;
use serde_json::json;
use std::error::Error;
use stripe_double::{API_KEY, Double, PRICE, WEBHOOK_SECRET, control};

const USAGE: &str = "stripe-double [--listen 127.0.0.1:0] [--webhook URL] [--until-eof]";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let program = Program::read(USAGE, &["--webhook"])?;
    let webhook = program.value("--webhook");
    let double = Double::builder()
        .listen(program.listen)
        .with(|settings| {
            settings.tell_at_once = webhook.is_some();
            settings.webhook_url = webhook.map(str::to_owned);
        })
        .start_beside(|stripe| control::routes(stripe.clone()))
        .await?;
    let base = double.base_url();
    let said = json!({
        "url": base, "api": base, "control": format!("{base}/control/"),
        "secret": {"api_key": API_KEY, "webhook_secrets": [WEBHOOK_SECRET], "price": PRICE},
    });
    Ok(program.go_on(said).await?)
}
