//! `customer-aws [--listen 127.0.0.1:0] [--until-eof]`: a customer's AWS on this machine. One line of
//! JSON on standard output says where, then it serves until it is ended; `--until-eof` also ends it
//! with its standard input, so that it does not outlive who started it.

use customer_aws::{CustomerAws, control_routes};
use loopback::{Program, Server};
use serde_json::json;
use std::error::Error;

const USAGE: &str = "customer-aws [--listen 127.0.0.1:0] [--until-eof]";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let program = Program::read(USAGE, &[])?;
    let (url, listener) = loopback::bind(program.listen).await?;
    let _server = Server::start(listener, control_routes(&CustomerAws::new()));
    Ok(program.go_on(json!({"url": url, "control": format!("{url}/control/")})).await?)
}
