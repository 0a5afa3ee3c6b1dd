//! A double with a port of its own.

use crate::routes::routes;
use crate::settings::Settings;
use crate::state::SlackState;
use axum::Router;
use loopback::{Clock, FREE_PORT, Server};
use std::io;
use std::net::SocketAddr;
use std::ops::Deref;
use std::time::Duration;

/// A running double; it ends when it is dropped. It does all that [`SlackState`] does.
#[derive(Debug)]
pub struct Double {
    slack: SlackState,
    _server: Server,
}

/// A double that is not started yet.
#[derive(Debug, Clone)]
pub struct Builder {
    listen: SocketAddr,
    settings: Settings,
}

impl Double {
    /// Starts on a free port of this machine.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// With other settings than the usual ones.
    pub fn builder() -> Builder {
        Builder { listen: FREE_PORT, settings: Settings::default() }
    }
}

impl Deref for Double {
    type Target = SlackState;

    fn deref(&self) -> &SlackState {
        &self.slack
    }
}

impl Builder {
    /// Another address than a free port of 127.0.0.1; it has to be one that only this machine
    /// reaches.
    #[must_use]
    pub fn listen(self, address: SocketAddr) -> Self {
        Self { listen: address, ..self }
    }

    /// Where the app listens.
    #[must_use]
    pub fn app_url(self, url: &str) -> Self {
        self.with(|settings| settings.app_url = Some(url.to_owned()))
    }

    /// What requests to the app are signed with.
    #[must_use]
    pub fn signing_secret(self, secret: &str) -> Self {
        self.with(|settings| secret.clone_into(&mut settings.signing_secret))
    }

    /// Who the app is when it is installed.
    #[must_use]
    pub fn client(self, id: &str, secret: &str) -> Self {
        self.with(|settings| {
            id.clone_into(&mut settings.client_id);
            secret.clone_into(&mut settings.client_secret);
        })
    }

    /// Its time.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        self.with(|settings| settings.clock = clock)
    }

    /// Within which the app has to answer: 3 seconds unless said otherwise.
    #[must_use]
    pub fn time_limit(self, limit: Duration) -> Self {
        self.with(|settings| settings.time_limit = limit)
    }

    /// Anything else that can be set.
    #[must_use]
    pub fn with(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        set(&mut self.settings);
        self
    }

    /// Starts it.
    pub async fn start(self) -> io::Result<Double> {
        self.start_beside(|_| Router::new()).await
    }

    /// Starts it with further routes under the same port.
    pub async fn start_beside(
        self,
        more: impl FnOnce(&SlackState) -> Router,
    ) -> io::Result<Double> {
        let (base_url, listener) = loopback::bind(self.listen).await?;
        let slack = SlackState::new(Settings { base_url, ..self.settings });
        let all = routes(slack.clone()).merge(more(&slack));
        Ok(Double { slack, _server: Server::start(listener, all) })
    }
}
