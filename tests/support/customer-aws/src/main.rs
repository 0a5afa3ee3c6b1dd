//! `customer-aws [--listen 127.0.0.1:0] [--until-eof]`: a customer's AWS on this machine. One line of
//! JSON on standard output says where, then it serves until it is ended; `--until-eof` also ends it
//! with its standard input, so that it does not outlive who started it.

use customer_aws::{CustomerAws, control_routes};
use serde_json::json;
use std::error::Error;
use std::io::{Read as _, Write as _};
use tokio::net::TcpListener;

const USAGE: &str = "customer-aws [--listen 127.0.0.1:0] [--until-eof]";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (listen, until_eof) = read(std::env::args().skip(1))?;
    let listener = TcpListener::bind(listen).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let mut out = std::io::stdout();
    writeln!(out, "{}", json!({"url": url, "control": format!("{url}/control/")}))?;
    out.flush()?;
    if until_eof {
        std::thread::spawn(end_with_input);
    }
    axum::serve(listener, control_routes(&CustomerAws::new())).await?;
    Ok(())
}

fn read(mut words: impl Iterator<Item = String>) -> Result<(String, bool), Box<dyn Error>> {
    let (mut listen, mut until_eof) = ("127.0.0.1:0".to_owned(), false);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--until-eof" => until_eof = true,
            "--listen" => listen = words.next().ok_or(USAGE)?,
            _ => return Err(USAGE.into()),
        }
    }
    Ok((listen, until_eof))
}

fn end_with_input() {
    let mut byte = [0];
    while std::io::stdin().read(&mut byte).is_ok_and(|read| read > 0) {}
    std::process::exit(0);
}
