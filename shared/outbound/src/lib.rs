//! Calls to others over HTTP: where they may go, and what holds for all of them. Each is in bounded
//! time, follows nobody elsewhere, tells nobody where it comes from, and reads an answer that ends.

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response, Url};
use std::net::IpAddr;
use std::time::Duration;

/// Whether an address is on this machine.
pub fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether secrets may be sent to an address: over TLS, or without it on this machine.
pub fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_local(url))
}

/// A client whose calls take so long at most, connecting included. A `local` one may do without TLS and
/// asks no proxy: for addresses of this machine.
pub fn client(local: bool, within: Duration) -> ClientBuilder {
    let builder = Client::builder()
        .user_agent(concat!("dd0c-cost/", env!("CARGO_PKG_VERSION")))
        .timeout(within)
        // A redirect could lead anywhere.
        .redirect(Policy::none())
        .referer(false)
        .https_only(!local);
    if local { builder.no_proxy() } else { builder }
}

/// Why an answer was not read.
#[derive(Debug)]
pub enum Unread {
    /// It is longer than it may be.
    Endless,
    /// It broke off.
    Broken(reqwest::Error),
}

/// The body of an answer, of at most so many bytes.
pub async fn body(mut answer: Response, most: usize) -> Result<Vec<u8>, Unread> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(Unread::Broken)? {
        if body.len() + chunk.len() > most {
            return Err(Unread::Endless);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_over_tls_or_stay_on_this_machine() {
        for (address, local, safe) in [
            ("https://api.example.com", false, true),
            ("http://api.example.com", false, false),
            ("http://localhost:9", true, true),
            ("https://127.0.0.1", true, true),
            ("http://127.9.9.9/x", true, true),
            ("http://[::1]:3000/login", true, true),
            ("http://localhost.example.com", false, false),
            ("http://127.0.0.1.example.com", false, false),
            ("http://10.0.0.1", false, false),
            ("http://0.0.0.0", false, false),
            ("ftp://127.0.0.1", true, false),
        ] {
            let url = address.parse().expect("an address");
            assert_eq!((is_local(&url), is_safe(&url)), (local, safe), "{address}");
        }
    }
}
