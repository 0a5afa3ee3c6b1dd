//! A GitHub with a port of its own.

use super::routes;
use super::state::{GithubSettings, GithubState};
use crate::double::{listen, serve};
use std::io;
use std::net::Ipv4Addr;
use std::ops::Deref;
use tokio::task::JoinHandle;

/// A running GitHub; it ends when it is dropped. It does all that [`GithubState`] does.
#[derive(Debug)]
pub struct GithubDouble {
    github: GithubState,
    url: String,
    server: JoinHandle<()>,
}

impl GithubDouble {
    /// Starts on a free port of this machine.
    pub async fn start(settings: GithubSettings) -> io::Result<Self> {
        let (url, listener) = listen((Ipv4Addr::LOCALHOST, 0).into()).await?;
        let github = GithubState::new(settings);
        let server = serve(listener, routes(github.clone()));
        Ok(Self { github, url, server })
    }

    /// In place of `https://github.com`, and of `https://api.github.com` too.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Deref for GithubDouble {
    type Target = GithubState;

    fn deref(&self) -> &GithubState {
        &self.github
    }
}

impl Drop for GithubDouble {
    fn drop(&mut self) {
        self.server.abort();
    }
}
