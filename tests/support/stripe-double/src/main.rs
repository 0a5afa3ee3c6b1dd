//! `stripe-double [--listen 127.0.0.1:0] [--webhook URL] [--until-eof]`: a Stripe on this machine.
//! One line of JSON on standard output says where, then it serves until it is ended. With a webhook
//! what changes is told there at once. `--until-eof` also ends it with its standard input, so that it
//! does not outlive who started it.

use serde_json::json;
use std::error::Error;
use std::io::{Read as _, Write as _};
use stripe_double::{API_KEY, Double, PRICE, WEBHOOK_SECRET, control};

const USAGE: &str = "stripe-double [--listen 127.0.0.1:0] [--webhook URL] [--until-eof]";

struct Wishes {
    listen: String,
    webhook: Option<String>,
    until_eof: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let wishes = read(std::env::args().skip(1))?;
    let double = Double::builder()
        .listen(wishes.listen.parse()?)
        .with(|settings| {
            settings.tell_at_once = wishes.webhook.is_some();
            settings.webhook_url.clone_from(&wishes.webhook);
        })
        .start_beside(|stripe| control::routes(stripe.clone()))
        .await?;
    let base = double.base_url();
    let said = json!({
        "url": base, "api": base, "control": format!("{base}/control/"),
        "secret": {"api_key": API_KEY, "webhook_secrets": [WEBHOOK_SECRET], "price": PRICE},
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
    let mut wishes = Wishes { listen: "127.0.0.1:0".to_owned(), webhook: None, until_eof: false };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--until-eof" => wishes.until_eof = true,
            "--listen" => wishes.listen = words.next().ok_or(USAGE)?,
            "--webhook" => wishes.webhook = Some(words.next().ok_or(USAGE)?),
            _ => return Err(USAGE.into()),
        }
    }
    Ok(wishes)
}

fn end_with_input() {
    let mut byte = [0];
    while std::io::stdin().read(&mut byte).is_ok_and(|read| read > 0) {}
    std::process::exit(0);
}
