//! `login-double [--listen 127.0.0.1:0] [--client ID] [--redirect URI]… [--github SECRET] [--until-eof]`:
//! a login on this machine. One line of JSON on standard output says where, then it serves until it is
//! ended. With `--github` there is a GitHub beside it, on a port of its own, which knows the same
//! client by that secret, and sends people back to the first address. `--until-eof` also ends it with
//! its standard input, so that it does not outlive who started it.

use login_double::LoginDouble;
use login_double::github::{GithubDouble, GithubSettings};
use loopback::Program;
use serde_json::json;
use std::error::Error;

const USAGE: &str = "login-double [--listen 127.0.0.1:0] [--client ID] [--redirect URI]… \
                     [--github SECRET] [--until-eof]";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let program = Program::read(USAGE, &["--client", "--redirect", "--github"])?;
    let client = program.value("--client").unwrap_or("dd0c-cost");
    let redirects: Vec<&str> = program.values("--redirect").collect();
    let login =
        LoginDouble::builder().listen(program.listen).client(client, &redirects).start().await?;
    let github = match program.value("--github") {
        Some(secret) => Some(github(client, secret, &redirects).await?),
        None => None,
    };
    let settings = login.settings();
    let said = json!({
        "issuer": settings.issuer, "client": settings.client_id,
        "redirects": settings.redirect_uris, "github": github.as_ref().map(GithubDouble::url),
    });
    Ok(program.go_on(said).await?)
}

async fn github(
    client: &str,
    secret: &str,
    redirects: &[&str],
) -> Result<GithubDouble, Box<dyn Error>> {
    let callback = redirects.first().ok_or("--github needs a --redirect")?;
    let settings = GithubSettings {
        client_id: client.to_owned(),
        client_secret: secret.to_owned(),
        callback: (*callback).to_owned(),
    };
    Ok(GithubDouble::start(settings).await?)
}
