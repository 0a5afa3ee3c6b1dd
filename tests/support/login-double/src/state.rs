//! What the login knows: its settings, its keys, and who is signed in.

use crate::key::Key;
use crate::session::Sessions;
use loopback::Clock;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How the login stands to the application.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its own address, under which its [routes](crate::routes) are: `http://127.0.0.1:3000/login`.
    pub issuer: String,
    /// For whom tokens are.
    pub client_id: String,
    /// Where people may go back to, exactly.
    pub redirect_uris: Vec<String>,
}

/// A login; clones are the same one.
#[derive(Debug, Clone)]
pub struct LoginState {
    settings: Arc<Settings>,
    clock: Clock,
    world: Arc<Mutex<World>>,
}

/// What is wrong with the document that holds the keys, or with what is said of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The server fails.
    Down,
    /// It leads elsewhere.
    Redirect,
    /// It does not end.
    Endless,
    /// It cannot be read.
    Garbage,
    /// It holds nothing.
    Empty,
    /// It is about somebody else.
    OfAnother,
    /// It never comes.
    Silent,
}

/// What a code stands for until it is brought back.
#[derive(Debug, Clone)]
pub(crate) struct Granted {
    pub(crate) name: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) nonce: String,
    /// Seconds since 1970.
    pub(crate) until: i64,
}

#[derive(Debug)]
pub(crate) struct World {
    /// The last one signs.
    keys: Vec<Arc<Key>>,
    /// Keys that were ever made, for their names.
    made: usize,
    pub(crate) codes: HashMap<String, Granted>,
    /// Browsers that need not be asked again.
    pub(crate) sessions: Sessions,
    /// Who a refresh token belongs to.
    pub(crate) refreshes: HashMap<String, String>,
    jwks_requests: u32,
    flaw: Option<Flaw>,
    userinfo_requests: u32,
    userinfo_flaw: Option<Flaw>,
    /// Names of people by the issuer's names for them.
    pub(crate) people: HashMap<String, String>,
}

impl LoginState {
    /// With a new key, and nobody signed in.
    pub fn new(settings: Settings) -> Self {
        Self::with_clock(settings, Clock::default())
    }

    /// With a time of its own.
    pub fn with_clock(settings: Settings, clock: Clock) -> Self {
        let world = World {
            keys: vec![Arc::new(Key::new("key-1"))],
            made: 1,
            codes: HashMap::new(),
            sessions: Sessions::default(),
            refreshes: HashMap::new(),
            jwks_requests: 0,
            flaw: None,
            userinfo_requests: 0,
            userinfo_flaw: None,
            people: HashMap::new(),
        };
        let settings =
            Settings { issuer: settings.issuer.trim_end_matches('/').to_owned(), ..settings };
        Self { settings: Arc::new(settings), clock, world: Arc::new(Mutex::new(world)) }
    }

    /// How it stands to the application.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Its time, to move it.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The document with its keys.
    pub fn jwks(&self) -> Value {
        let keys: Vec<Value> = self.world().keys.iter().map(|key| key.jwk()).collect();
        json!({ "keys": keys })
    }

    /// How often that document was asked for.
    pub fn jwks_requests(&self) -> u32 {
        self.world().jwks_requests
    }

    /// From now on something is wrong with that document; `None`: nothing any more.
    pub fn spoil_jwks(&self, flaw: Option<Flaw>) {
        self.world().flaw = flaw;
    }

    /// How often it was asked about a person.
    pub fn userinfo_requests(&self) -> u32 {
        self.world().userinfo_requests
    }

    /// From now on something is wrong with what it says of people; `None`: nothing any more.
    pub fn spoil_userinfo(&self, flaw: Option<Flaw>) {
        self.world().userinfo_flaw = flaw;
    }

    pub(crate) fn count_userinfo_request(&self) -> Option<Flaw> {
        let mut world = self.world();
        world.userinfo_requests += 1;
        world.userinfo_flaw
    }

    /// A new key signs from now on; the old ones are still shown.
    pub fn rotate(&self) {
        let mut world = self.world();
        world.made += 1;
        let key = Arc::new(Key::new(&format!("key-{}", world.made)));
        world.keys.push(key);
    }

    /// Only the newest key is shown from now on.
    pub fn forget_old_keys(&self) {
        let mut world = self.world();
        let old = world.keys.len().saturating_sub(1);
        world.keys.drain(..old);
    }

    pub(crate) fn count_jwks_request(&self) -> Option<Flaw> {
        let mut world = self.world();
        world.jwks_requests += 1;
        world.flaw
    }

    /// The key of this name, as long as it is shown.
    pub(crate) fn key(&self, name: &str) -> Option<Arc<Key>> {
        self.world().keys.iter().find(|key| key.name == name).cloned()
    }

    #[expect(clippy::expect_used, reason = "it never has none")]
    pub(crate) fn newest_key(&self) -> Arc<Key> {
        self.world().keys.last().expect("a login has a key").clone()
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
