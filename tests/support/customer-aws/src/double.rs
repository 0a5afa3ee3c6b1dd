//! The double itself: what a test sets up, breaks and asks.

use crate::fault::{Failing, Fault};
use crate::routes::routes;
use crate::template::Template;
use crate::world::{Account, Asks, Place, ROLE, Role, Rule, Trail, World, metric_key};
use axum::Router;
use jiff::Timestamp;
use loopback::{FREE_PORT, Server};
use sample_trail::past;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

/// Members on a page, where a test does not say otherwise.
const PAGE: usize = 100;

/// AWS accounts of customers. Clones are the same.
#[derive(Debug, Clone)]
pub struct CustomerAws {
    world: Arc<Mutex<World>>,
}

/// One that listens; it ends when it is dropped.
#[derive(Debug)]
pub struct Running {
    aws: CustomerAws,
    url: String,
    _server: Server,
}

impl Default for CustomerAws {
    fn default() -> Self {
        Self::new()
    }
}

impl CustomerAws {
    /// Without any account, and not listening.
    pub fn new() -> Self {
        Self { world: Arc::new(Mutex::new(World { page: PAGE, ..World::default() })) }
    }

    /// A new one that listens on a free port of this machine.
    pub async fn start() -> io::Result<Running> {
        let (url, listener) = loopback::bind(FREE_PORT).await?;
        let aws = Self::new();
        let server = Server::start(listener, aws.router());
        Ok(Running { aws, url, _server: server })
    }

    /// What answers, for a server of somebody else's.
    pub fn router(&self) -> Router {
        routes(self.clone())
    }

    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        work(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn account<T>(&self, id: &str, work: impl FnOnce(&mut Account) -> T) -> T {
        self.with(|world| work(world.accounts.entry(id.to_owned()).or_default()))
    }

    fn place(&self, account: &str, region: &str, work: impl FnOnce(&mut Place)) {
        self.account(account, |it| work(it.regions.entry(region.to_owned()).or_default()));
    }

    /// Deploys the template: the role, the rules of these regions; and a trail, which the customer
    /// has. The regions are those that are switched on.
    pub fn deploy(
        &self,
        account: &str,
        external_id: &str,
        our_account: &str,
        bus_arn: &str,
        regions: &[&str],
    ) {
        let template = Template::read();
        let rule = |pattern: &Value| Rule {
            is_enabled: true,
            pattern: pattern.to_string(),
            targets: vec![bus_arn.to_owned()],
        };
        let rules: BTreeMap<String, Rule> =
            template.rules.iter().map(|(name, pattern)| (name.clone(), rule(pattern))).collect();
        let as_made = Role {
            asks_for: Asks::This(external_id.to_owned()),
            our_account: our_account.to_owned(),
            allowed: template.allowed,
            denied: template.denied,
            attached: Vec::new(),
            allowed_of: "*".to_owned(),
            denied_of: "*".to_owned(),
            itself: Self::role_arn(account),
        };
        self.account(account, |it| {
            it.role = Some(as_made);
            it.trail = Some(Trail::of_all_regions());
            for region in regions {
                let place = it.regions.entry((*region).to_owned()).or_default();
                place.rules.clone_from(&rules);
            }
        });
    }

    /// A region that is switched on and has no rules.
    pub fn switch_on(&self, account: &str, region: &str) {
        self.place(account, region, |_| {});
    }

    /// ARN of the role that [`CustomerAws::deploy`] makes.
    pub fn role_arn(account: &str) -> String {
        format!("arn:aws:iam::{account}:role/{ROLE}")
    }

    /// Breaks something in an account.
    pub fn inject(&self, account: &str, fault: Fault) {
        self.account(account, |it| it.inject(fault));
    }

    /// Lets AWS itself fail the next times at an action (`ec2:DescribeVolumes`), or at any (`*`).
    pub fn fail(&self, action: &str, failing: Failing, times: u32) {
        self.with(|world| world.failing.insert(action.to_owned(), (failing, times)));
    }

    /// Ends all failing.
    pub fn heal(&self) {
        self.with(|world| world.failing.clear());
    }

    /// How many members stand on a page.
    pub fn page_size(&self, members: usize) {
        self.with(|world| world.page = members.max(1));
    }

    /// Requests so far, by action.
    pub fn requests(&self) -> BTreeMap<String, u64> {
        self.with(|world| world.requests.clone())
    }

    /// Forgets what was asked so far.
    pub fn forget_requests(&self) {
        self.with(|world| {
            world.requests.clear();
            world.assumed.clear();
        });
    }

    /// Each `AssumeRole` so far: the external id that was named, and whether it was let in.
    pub fn assumed(&self) -> Vec<(Option<String>, bool)> {
        self.with(|world| world.assumed.clone())
    }

    /// Knocks so far, as EventBridge would hand them to our bus.
    pub fn knocks(&self, account: &str) -> Vec<Value> {
        self.account(account, |it| it.knocks.clone())
    }

    /// What CloudTrail remembers of a region: records as it writes them.
    pub fn remember(&self, account: &str, region: &str, records: impl IntoIterator<Item = Value>) {
        self.place(account, region, |place| place.records.extend(records));
    }

    /// What its people did in the last days before a moment, as far as it was in regions that are
    /// switched on; see [`sample_trail::past`].
    pub fn give_a_past(&self, account: &str, days: i64, until: Timestamp) {
        let records = past::records(account, days, until);
        self.account(account, |it| {
            for record in records {
                let region = record["awsRegion"].as_str().and_then(|name| it.regions.get_mut(name));
                if let Some(place) = region {
                    place.records.push(record);
                }
            }
        });
    }

    /// A member of a list in XML, by the name of the call: `DescribeVolumes`.
    pub fn put_xml(&self, account: &str, region: &str, list: &str, member: &str) {
        self.place(account, region, |place| {
            place.xml.entry(list.to_owned()).or_default().push(member.to_owned());
        });
    }

    /// A member of a list in JSON: `ListTables`; for `DescribeTable` and the like an object of `name`
    /// and `answer`.
    pub fn put_json(&self, account: &str, region: &str, list: &str, member: Value) {
        self.place(account, region, |place| {
            place.json.entry(list.to_owned()).or_default().push(member);
        });
    }

    /// Figures of the last days of a metric.
    pub fn measure(
        &self,
        (account, region): (&str, &str),
        (namespace, name): (&str, &str),
        dimensions: &[(&str, &str)],
        days: &[f64],
    ) {
        let dimensions: Vec<(String, String)> = dimensions
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let key = metric_key(namespace, name, &dimensions);
        self.place(account, region, |place| {
            place.metrics.insert(key, days.to_vec());
        });
    }
}

impl Account {
    fn inject(&mut self, fault: Fault) {
        match fault {
            Fault::RoleMissing => self.role = None,
            Fault::OtherAccount(id) => self.says_to_be = Some(id),
            Fault::NoTrail => self.trail = None,
            Fault::OpenWithoutExternalId
            | Fault::OpenToAnyExternalId
            | Fault::OtherExternalId
            | Fault::ActionMissing(_)
            | Fault::ActionBesides(_)
            | Fault::DeniedOnlyOf(_)
            | Fault::AllowedOnlyOf(_)
            | Fault::EveryRoleVisible
            | Fault::PolicyAttached(_) => self.role.iter_mut().for_each(|role| role.inject(&fault)),
            Fault::TrailStopped
            | Fault::TrailOfOneRegion(_)
            | Fault::TrailWithoutManagementEvents
            | Fault::TrailOfReadsOnly
            | Fault::TrailOfOrganisation => {
                self.trail.iter_mut().for_each(|trail| trail.inject(&fault));
            }
            Fault::RuleMissing(region, rule) => {
                self.rules(&region).remove(&rule);
            }
            Fault::RuleDisabled(region, rule) => {
                self.rules(&region).entry(rule).and_modify(|it| it.is_enabled = false);
            }
            Fault::RuleWithoutTarget(region, rule) => {
                self.rules(&region).entry(rule).and_modify(|it| it.targets.clear());
            }
            Fault::RuleToOtherBus(region, rule) => {
                let other = vec!["arn:aws:events:us-east-1:444455556666:event-bus/x".to_owned()];
                self.rules(&region).entry(rule).and_modify(|it| it.targets = other);
            }
            Fault::RuleOfPattern(region, rule, pattern) => {
                self.rules(&region).entry(rule).and_modify(|it| it.pattern = pattern);
            }
        }
    }

    fn rules(&mut self, region: &str) -> &mut BTreeMap<String, Rule> {
        &mut self.regions.entry(region.to_owned()).or_default().rules
    }
}

impl Role {
    fn inject(&mut self, fault: &Fault) {
        match fault {
            Fault::OpenWithoutExternalId => self.asks_for = Asks::Nothing,
            Fault::OpenToAnyExternalId => self.asks_for = Asks::Any,
            Fault::OtherExternalId => self.asks_for = Asks::This("another".to_owned()),
            Fault::ActionMissing(action) => self.allowed.retain(|it| it != action),
            Fault::ActionBesides(action) => self.allowed.push(action.clone()),
            Fault::PolicyAttached(name) => self.attached.push(name.clone()),
            Fault::AllowedOnlyOf(this) => self.allowed_of.clone_from(this),
            Fault::DeniedOnlyOf(this) => self.denied_of.clone_from(this),
            Fault::EveryRoleVisible => "*".clone_into(&mut self.itself),
            _ => {}
        }
    }
}

impl Trail {
    fn inject(&mut self, fault: &Fault) {
        match fault {
            Fault::TrailStopped => self.is_logging = false,
            Fault::TrailOfOneRegion(region) => {
                self.is_multi_region = false;
                self.home.clone_from(region);
            }
            Fault::TrailWithoutManagementEvents => {
                self.selectors = serde_json::json!({"EventSelectors": [
                    {"ReadWriteType": "All", "IncludeManagementEvents": false},
                ]});
            }
            Fault::TrailOfReadsOnly => self.selectors = Self::reads_only(),
            Fault::TrailOfOrganisation => self.is_organisation = true,
            _ => {}
        }
    }
}

impl Running {
    /// Its address, for `CUSTOMER_AWS_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Deref for Running {
    type Target = CustomerAws;

    fn deref(&self) -> &CustomerAws {
        &self.aws
    }
}
