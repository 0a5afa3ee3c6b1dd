//! `login-double [--listen 127.0.0.1:0] [--client ID] [--redirect URI]… [--github SECRET] [--until-eof]`:
//! a login on this machine. One line of JSON on standard output says where, then it serves until it is
//! ended. With `--github` there is a GitHub beside it, on a port of its own, which knows the same
//! client by that secret, and sends people back to the first address. `--until-eof` also ends it with
//! its standard input, so that it does not outlive who started it.

use login_double::LoginDouble;
use login_double::github::{GithubDouble, GithubSettings};
use serde_json::json;
use std::error::Error;
use std::io::{Read as _, Write as _};

const USAGE: &str = "login-double [--listen 127.0.0.1:0] [--client ID] [--redirect URI]… \
                     [--github SECRET] [--until-eof]";

struct Wishes {
    listen: String,
    client: String,
    redirects: Vec<String>,
    github_secret: Option<String>,
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
    let github = github(&wishes).await?;
    let settings = login.settings();
    let said = json!({
        "issuer": settings.issuer, "client": settings.client_id,
        "redirects": settings.redirect_uris, "github": github.as_ref().map(GithubDouble::url),
    });
    let mut out = std::io::stdout();
    writeln!(out, "{said}")?;
    out.flush()?;
    if wishes.until_eof {
        std::thread::spawn(end_with_input);
    }
    std::future::pending().await
}

async fn github(wishes: &Wishes) -> Result<Option<GithubDouble>, Box<dyn Error>> {
    let Some(client_secret) = wishes.github_secret.clone() else { return Ok(None) };
    let callback = wishes.redirects.first().ok_or("--github needs a --redirect")?.clone();
    let settings = GithubSettings { client_id: wishes.client.clone(), client_secret, callback };
    Ok(Some(GithubDouble::start(settings).await?))
}

fn read(mut words: impl Iterator<Item = String>) -> Result<Wishes, Box<dyn Error>> {
    let mut wishes = Wishes {
        listen: "127.0.0.1:0".to_owned(),
        client: "dd0c-cost".to_owned(),
        redirects: Vec::new(),
        github_secret: None,
        until_eof: false,
    };
    while let Some(word) = words.next() {
        if word == "--until-eof" {
            wishes.until_eof = true;
        } else {
            wishes.set(&word, words.next().ok_or(USAGE)?)?;
        }
    }
    Ok(wishes)
}

impl Wishes {
    fn set(&mut self, name: &str, value: String) -> Result<(), &'static str> {
        match name {
            "--listen" => self.listen = value,
            "--client" => self.client = value,
            "--github" => self.github_secret = Some(value),
            "--redirect" => self.redirects.push(value),
            _ => return Err(USAGE),
        }
        Ok(())
    }
}

fn end_with_input() {
    let mut byte = [0];
    while std::io::stdin().read(&mut byte).is_ok_and(|read| read > 0) {}
    std::process::exit(0);
}
