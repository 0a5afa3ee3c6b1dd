//! A GitHub with a port of its own.

use super::routes;
use super::state::{GithubSettings, GithubState};
use loopback::{FREE_PORT, Server};
use std::io;
use std::ops::Deref;

/// A running GitHub; it ends when it is dropped. It does all that [`GithubState`] does.
#[derive(Debug)]
pub struct GithubDouble {
    github: GithubState,
    url: String,
    _server: Server,
}

impl GithubDouble {
    /// Starts on a free port of this machine.
    pub async fn start(settings: GithubSettings) -> io::Result<Self> {
        let (url, listener) = loopback::bind(FREE_PORT).await?;
        let github = GithubState::new(settings);
        let server = Server::start(listener, routes(github.clone()));
        Ok(Self { github, url, _server: server })
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
