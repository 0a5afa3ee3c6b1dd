//! The client: who calls, how often it is tried, and when an account is left alone.

use crate::aws_error::AwsError;
use crate::circuit::Circuits;
use crate::endpoint::{Endpoint, URL};
use crate::input::Input;
use crate::node::Node;
use crate::operation::{ASSUME_ROLE, Operation, Service};
use crate::own::{OwnCredentials, SettingsError};
use crate::random;
use crate::session::{Keys, Sessions};
use crate::sign::{Scope, signed};
use crate::transport::Transport;
use domain::ids::Region;
use jiff::Timestamp;
use pipeline::cloud::Access;
use pipeline::error::Failure;
use pricing::Book;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Seconds that a session lives, the most that the template allows.
const SESSION_SECONDS: &str = "3600";
/// Name of our usual sessions, as the customer's trail shows it.
const SESSION: &str = "dd0c-cost";

/// How patient the client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For one try, connecting and reading included.
    pub answer_within: Duration,
    /// Tries of one call, the first among them.
    pub tries: u32,
    /// The longest wait before the second try; each further one may be twice as long.
    pub pause: Duration,
    /// How long an account rests after repeated failure.
    pub rest: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            answer_within: Duration::from_secs(5),
            tries: 3,
            pause: Duration::from_millis(400),
            rest: Duration::from_mins(1),
        }
    }
}

/// Looks at customers' AWS accounts. Cheap to clone; clones share sessions and circuits.
#[derive(Clone)]
pub struct CustomerCloud {
    shared: Arc<Shared>,
}

struct Shared {
    own: Keys,
    endpoint: Endpoint,
    home: Region,
    limits: Limits,
    transport: Transport,
    sessions: Sessions,
    circuits: Circuits,
    book: &'static Book,
}

/// Neither credentials nor accounts.
impl fmt::Debug for CustomerCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shared { endpoint, limits, .. } = &*self.shared;
        f.debug_struct("CustomerCloud")
            .field("endpoint", endpoint)
            .field("limits", limits)
            .finish_non_exhaustive()
    }
}

impl CustomerCloud {
    /// With our credentials from the environment, as a Lambda function has them, and real AWS or,
    /// where `CUSTOMER_AWS_URL` is set, one address that plays all of it.
    pub fn from_env() -> Result<Self, SettingsError> {
        Self::read(|name| std::env::var(name).ok())
    }

    /// The same, with any source of variables.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let own = OwnCredentials::read(&variable)?;
        Self::new(&own, variable(URL).as_deref(), Limits::default())
    }

    /// With everything given; without an address it is real AWS.
    pub fn new(
        own: &OwnCredentials,
        url: Option<&str>,
        limits: Limits,
    ) -> Result<Self, SettingsError> {
        let endpoint = Endpoint::parse(url)?;
        let transport = Transport::new(limits.answer_within, endpoint.is_plain())?;
        // Sessions of a region's own STS are good in every region, opt-in ones included.
        let home = Region::parse("us-east-1").map_err(|_| SettingsError::Missing("AWS_REGION"))?;
        let shared = Shared {
            own: Keys::from(own),
            endpoint,
            home,
            limits,
            transport,
            sessions: Sessions::default(),
            circuits: Circuits::default(),
            book: Book::builtin(),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    pub(crate) fn home(&self) -> &Region {
        &self.shared.home
    }

    pub(crate) fn book(&self) -> &'static Book {
        self.shared.book
    }

    /// A visit with the kept session of the role, or a new one.
    pub(crate) async fn visit<'a>(
        &'a self,
        access: &'a Access,
        region: &'a Region,
    ) -> Result<Visit<'a>, Failure> {
        let now = Timestamp::now();
        if let Some(keys) = self.shared.sessions.get(access, now) {
            return Ok(Visit::new(self, access, region, keys));
        }
        let assumed = self.assume(access, SESSION, Some(&access.external_id)).await;
        let keys = assumed.map_err(|error| error.failure(ASSUME_ROLE))?;
        let keys = self.shared.sessions.keep(access, keys, now);
        Ok(Visit::new(self, access, region, keys))
    }

    /// A visit with a session that was begun for it alone.
    pub(crate) fn visit_with<'a>(
        &'a self,
        access: &'a Access,
        region: &'a Region,
        keys: Keys,
    ) -> Visit<'a> {
        Visit::new(self, access, region, Arc::new(keys))
    }

    pub(crate) fn keep(&self, access: &Access, keys: Keys) {
        self.shared.sessions.keep(access, keys, Timestamp::now());
    }

    pub(crate) fn forget(&self, access: &Access) {
        self.shared.sessions.forget(access);
    }

    /// Begins a session of the role, with this external id or none.
    pub(crate) async fn assume(
        &self,
        access: &Access,
        session: &str,
        external_id: Option<&str>,
    ) -> Result<Keys, AwsError> {
        let mut input = Input::form([
            ("RoleArn", &access.role_arn),
            ("RoleSessionName", session),
            ("DurationSeconds", SESSION_SECONDS),
        ]);
        if let Some(external_id) = external_id {
            input = input.with("ExternalId", external_id);
        }
        let own = Arc::new(self.shared.own.clone());
        let visit = Visit::new(self, access, self.home(), own);
        let answer = visit.xml(ASSUME_ROLE, input).await?;
        Keys::assumed(&answer).ok_or_else(|| unreadable("it has no credentials"))
    }
}

/// Calls into one account and region with one session, counted.
pub(crate) struct Visit<'a> {
    cloud: &'a CustomerCloud,
    pub(crate) access: &'a Access,
    pub(crate) region: &'a Region,
    keys: Arc<Keys>,
    requests: AtomicU64,
    go_on: Option<&'a (dyn Fn() -> bool + Sync)>,
    broken_off: AtomicBool,
}

impl<'a> Visit<'a> {
    fn new(
        cloud: &'a CustomerCloud,
        access: &'a Access,
        region: &'a Region,
        keys: Arc<Keys>,
    ) -> Self {
        let (requests, broken_off) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { cloud, access, region, keys, requests, go_on: None, broken_off }
    }

    /// Calls only while there is time for one.
    pub(crate) fn while_it(self, go_on: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self { go_on: Some(go_on), ..self }
    }

    /// Whether a call was not made any more.
    pub(crate) fn is_broken_off(&self) -> bool {
        self.broken_off.load(Ordering::Relaxed)
    }

    /// The same session in another region.
    pub(crate) fn to(&self, region: &'a Region) -> Self {
        Self::new(self.cloud, self.access, region, Arc::clone(&self.keys))
    }

    /// Requests so far, every try counted.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// A call that is answered in XML.
    pub(crate) async fn xml(&self, operation: Operation, input: Input) -> Result<Node, AwsError> {
        let body = self.call(operation, &input).await?;
        Node::parse(&body).map_err(|_| unreadable("it is no XML that AWS writes"))
    }

    /// A call that is answered in JSON.
    pub(crate) async fn json(&self, operation: Operation, input: Input) -> Result<Value, AwsError> {
        let body = self.call(operation, &input).await?;
        serde_json::from_str(&body).map_err(|_| unreadable("it is no JSON"))
    }

    /// All tries of one call; the circuit of the account learns how they ended.
    async fn call(&self, operation: Operation, input: &Input) -> Result<String, AwsError> {
        if self.is_broken_off() || self.go_on.is_some_and(|go_on| !go_on()) {
            self.broken_off.store(true, Ordering::Relaxed);
            return Err(AwsError::BrokenOff);
        }
        let Shared { circuits, limits, .. } = &*self.cloud.shared;
        let account = &self.access.account;
        circuits.enter(account, limits.rest, Instant::now()).map_err(AwsError::Resting)?;
        let ended = self.tried(operation, input).await;
        match &ended {
            Err(AwsError::Busy(_)) => circuits.failed(account, limits.rest, Instant::now()),
            _ => circuits.answered(account),
        }
        if let Err(AwsError::Stale(_)) = &ended {
            self.cloud.forget(self.access);
        }
        let outcome = if ended.is_ok() { "done" } else { "not done" };
        tracing::debug!(action = %operation.action(), outcome, "called a customer's account");
        ended
    }

    async fn tried(&self, operation: Operation, input: &Input) -> Result<String, AwsError> {
        let limits = self.cloud.shared.limits;
        let mut pause = limits.pause;
        for _ in 1..limits.tries {
            match self.once(operation, input).await {
                Err(error) if error.is_passing() => tokio::time::sleep(random::up_to(pause)).await,
                ended => return ended,
            }
            pause *= 2;
        }
        self.once(operation, input).await
    }

    async fn once(&self, operation: Operation, input: &Input) -> Result<String, AwsError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let Shared { endpoint, transport, home, .. } = &*self.cloud.shared;
        let service = operation.service;
        // IAM and the STS that we ask have one region.
        let region = if service == Service::Iam { home } else { self.region };
        let written = input.written(operation);
        let url = format!("{}{}", endpoint.base(service, region), written.path);
        let scope = Scope { service: service.signing_name(), region: region.as_str() };
        let signature = signed(&self.keys, scope, &url, &written);
        let signature = signature.map_err(|_| unreadable("a call cannot be signed"))?;
        transport.send(url, written, signature).await
    }
}

fn unreadable(why: &str) -> AwsError {
    AwsError::Busy(format!("its answer cannot be read: {why}"))
}
