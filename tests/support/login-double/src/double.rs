//! A login with a port of its own.

use crate::routes::routes;
use crate::state::{LoginState, Settings};
use axum::Router;
use loopback::{Clock, FREE_PORT, Server};
use std::io;
use std::net::SocketAddr;
use std::ops::Deref;

/// A running login; it ends when it is dropped. It does all that [`LoginState`] does.
#[derive(Debug)]
pub struct LoginDouble {
    login: LoginState,
    _server: Server,
}

/// One that is not started yet.
#[derive(Debug, Clone)]
pub struct Builder {
    listen: SocketAddr,
    settings: Settings,
    clock: Clock,
}

impl LoginDouble {
    /// Starts on a free port of this machine, for the client `dd0c-cost` that is nowhere.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// With other settings than the usual ones.
    pub fn builder() -> Builder {
        let settings = Settings {
            issuer: String::new(),
            client_id: "dd0c-cost".to_owned(),
            redirect_uris: vec!["http://127.0.0.1:3000/signed-in".to_owned()],
        };
        Builder { listen: FREE_PORT, settings, clock: Clock::default() }
    }
}

impl Deref for LoginDouble {
    type Target = LoginState;

    fn deref(&self) -> &LoginState {
        &self.login
    }
}

impl Builder {
    /// Another address than a free port of 127.0.0.1; it has to be one that only this machine
    /// reaches.
    #[must_use]
    pub fn listen(self, address: SocketAddr) -> Self {
        Self { listen: address, ..self }
    }

    /// For which application, and where people go back to.
    #[must_use]
    pub fn client(mut self, id: &str, redirect_uris: &[&str]) -> Self {
        id.clone_into(&mut self.settings.client_id);
        self.settings.redirect_uris = redirect_uris.iter().map(|&it| it.to_owned()).collect();
        self
    }

    /// Its time.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Starts it; its issuer is `http://127.0.0.1:<port>/login`.
    pub async fn start(self) -> io::Result<LoginDouble> {
        let (base, listener) = loopback::bind(self.listen).await?;
        let settings = Settings { issuer: format!("{base}/login"), ..self.settings };
        let login = LoginState::with_clock(settings, self.clock);
        let routes = Router::new().nest("/login", routes(login.clone()));
        Ok(LoginDouble { login, _server: Server::start(listener, routes) })
    }
}
