//! A double with a port of its own.

use crate::routes::routes;
use crate::settings::Settings;
use crate::state::StripeState;
use axum::Router;
use loopback::{Clock, FREE_PORT, Server};
use std::io;
use std::net::SocketAddr;
use std::ops::Deref;

/// A running double; it ends when it is dropped. It does all that [`StripeState`] does.
#[derive(Debug)]
pub struct Double {
    stripe: StripeState,
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
        Self::builder().start_beside(|_| Router::new()).await
    }

    /// With other settings than the usual ones.
    pub fn builder() -> Builder {
        Builder { listen: FREE_PORT, settings: Settings::default() }
    }
}

impl Deref for Double {
    type Target = StripeState;

    fn deref(&self) -> &StripeState {
        &self.stripe
    }
}

impl Builder {
    /// Another address than a free port of 127.0.0.1; it has to be one that only this machine
    /// reaches.
    #[must_use]
    pub fn listen(self, address: SocketAddr) -> Self {
        Self { listen: address, ..self }
    }

    /// Its time.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        self.with(|settings| settings.clock = clock)
    }

    /// Anything else that can be set.
    #[must_use]
    pub fn with(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        set(&mut self.settings);
        self
    }

    /// Starts it with further routes under the same port: the app's.
    pub async fn start_beside(
        self,
        more: impl FnOnce(&StripeState) -> Router,
    ) -> io::Result<Double> {
        let (base_url, listener) = loopback::bind(self.listen).await?;
        let stripe = StripeState::new(Settings { base_url, ..self.settings });
        let all = routes(stripe.clone()).merge(more(&stripe));
        Ok(Double { stripe, _server: Server::start(listener, all) })
    }
}
