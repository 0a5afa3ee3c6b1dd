//! What this GitHub knows: an OAuth app, people, and what was granted.

use super::people::User;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An OAuth app.
#[derive(Debug, Clone)]
pub struct GithubSettings {
    /// Its id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Where people go back to, exactly.
    pub callback: String,
}

/// How calls go wrong from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The server fails.
    Down,
    /// It never answers.
    Silent,
    /// Its answer does not end.
    Endless,
}

/// A GitHub; clones are the same one.
#[derive(Debug, Clone)]
pub struct GithubState(Arc<Mutex<World>>);

#[derive(Debug, Clone)]
pub(crate) struct Granted {
    pub(crate) login: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) settings: GithubSettings,
    pub(crate) users: Vec<User>,
    pub(crate) codes: HashMap<String, Granted>,
    /// Logins by token.
    pub(crate) tokens: HashMap<String, String>,
    trouble: Option<Trouble>,
}

impl GithubState {
    /// With three people; see [`GithubState::set_user`] for others.
    pub fn new(settings: GithubSettings) -> Self {
        Self(Arc::new(Mutex::new(World {
            settings,
            users: User::usual(),
            codes: HashMap::new(),
            tokens: HashMap::new(),
            trouble: None,
        })))
    }

    /// Adds somebody, or changes the one with that number.
    pub fn set_user(&self, user: User) {
        let mut world = self.world();
        world.users.retain(|known| known.id != user.id);
        world.users.push(user);
    }

    /// Where people go back to, once that is known.
    pub fn set_callback(&self, callback: &str) {
        callback.clone_into(&mut self.world().settings.callback);
    }

    /// Calls go wrong from now on; `None`: no longer.
    pub fn set_trouble(&self, trouble: Option<Trouble>) {
        self.world().trouble = trouble;
    }

    pub(crate) fn trouble(&self) -> Option<Trouble> {
        self.world().trouble
    }

    pub(crate) fn user_of(&self, token: &str) -> Option<User> {
        let world = self.world();
        let login = world.tokens.get(token)?;
        world.users.iter().find(|user| user.login == *login).cloned()
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
