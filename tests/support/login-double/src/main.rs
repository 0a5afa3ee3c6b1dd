//! `login-double [--listen 127.0.0.1:0] [--client ID] [--redirect URI]… [--until-eof]`: a login on
//! this machine. One line of JSON on standard output says where, then it serves until it is ended.
//! `--until-eof` also ends it with its standard input, so that it does not outlive who started it.

use login_double::LoginDouble;
use serde_json::json;
use std::error::Error;
use std::io::{Read as _, Write as _};

const USAGE: &str =
    "login-double [--listen 127.0.0.1:0] [--client ID] [--redirect URI]… [--until-eof]";

struct Wishes {
    listen: String,
    client: String,
    redirects: Vec<String>,
    until_eof: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let wishes = read(std::env::args().skip(1))?;
    let redirects: Vec<&str> = wishes.redirects.iter().map(String::as_str).collect();
    let login = LoginDouble::builder()
        .listen(wishes.listen.parse()?)
        .client(&wishes.client, &redirects)
        .start()
        .await?;
    let settings = login.settings();
    let said = json!({
        "issuer": settings.issuer, "client": settings.client_id,
        "redirects": settings.redirect_uris,
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
    let mut wishes = Wishes {
        listen: "127.0.0.1:0".to_owned(),
        client: "dd0c-cost".to_owned(),
        redirects: Vec::new(),
        until_eof: false,
    };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--until-eof" => wishes.until_eof = true,
            "--listen" => wishes.listen = words.next().ok_or(USAGE)?,
            "--client" => wishes.client = words.next().ok_or(USAGE)?,
            "--redirect" => wishes.redirects.push(words.next().ok_or(USAGE)?),
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
