//! A tenant with something of everything, each planted value with the tenant's name in it, so that a
//! leak can be found by looking for it.

use crate::events;
use domain::api_key::{ApiKey, Right};
use domain::decision::Severity;
use domain::expectation::Expectation;
use domain::governance::{Asker, AuditEntry};
use domain::ids::{AccountId, Region, TenantId};
use domain::money::Usd;
use domain::policy::{Governance, Mode, Policy};
use domain::price::{Monthly, Source};
use domain::sealed::{Purpose, SecretKind};
use domain::setup::{Checkup, Finding, RehearsalProgress, ScanProgress};
use domain::tenant::{QuietHours, Route, Zone};
use domain::zombie::{Part, Zombie, ZombieCheck};
use jiff::{SignedDuration, Timestamp};
use pipeline::lifecycle;
use pipeline::onboarding::{self, SetupSecrets};
use pipeline::ports::Keys;
use pipeline::rehearse::Rehearsal;
use pipeline::settings;
use sample_trail::{Call, Caller};
use secrecy::ExposeSecret;
use store::{Connection, Installation, RoleAccess, Table, TenantScope};

/// A tenant, and what was planted with him.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// The right to his data.
    pub scope: TenantScope,
    /// His account.
    pub account: AccountId,
    /// A key with all rights.
    pub key: String,
    /// Its id.
    pub key_id: String,
    /// A setup that waits.
    pub setup: String,
    /// The anomaly of four large instances.
    pub anomaly: String,
    /// An expectation.
    pub expectation: String,
    /// What nobody else may ever see.
    pub planted: Vec<String>,
}

fn leaked(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn before(hours: i64) -> Timestamp {
    Timestamp::now().saturating_sub(SignedDuration::from_hours(hours)).unwrap_or_default()
}

#[expect(clippy::expect_used, reason = "a tenant who cannot be furnished is the end of the test")]
fn region(name: &str) -> Region {
    Region::parse(name).expect("a region")
}

#[expect(clippy::expect_used, reason = "a figure of the test")]
fn usd(text: &str) -> Usd {
    Usd::new(text.parse().expect("an amount"))
}

fn noted(what: &str) -> AuditEntry {
    AuditEntry {
        at: Timestamp::now(),
        who: "operator ana".to_owned(),
        what: what.to_owned(),
        account: None,
        old: String::new(),
        new: String::new(),
        why: String::new(),
    }
}

/// Furnishes a tenant: his name, his person's name, his account.
#[expect(clippy::expect_used, reason = "a tenant who cannot be furnished is the end of the test")]
pub async fn furnish(
    table: &Table,
    keys: &impl Keys,
    (name, person, account): (&str, &str, &str),
) -> Tenant {
    let scope = TenantScope::of_operator(TenantId::parse(name).expect("a name"));
    let account = AccountId::parse(account).expect("twelve digits");
    let mut tenant = Tenant {
        scope,
        account,
        key: String::new(),
        key_id: String::new(),
        setup: String::new(),
        anomaly: String::new(),
        expectation: String::new(),
        planted: vec![format!("{name}-"), format!("{person}@{name}.example")],
    };
    tenant.planted.push(tenant.account.to_string());
    tenant.connect(table, name).await;
    tenant.live(table, (name, person)).await;
    tenant.look(table, name).await;
    tenant.settle(table, keys, name).await;
    tenant.begin_setup(table, name).await;
    tenant.make_key(table, person).await;
    tenant
}

#[expect(clippy::expect_used, reason = "a tenant who cannot be furnished is the end of the test")]
impl Tenant {
    /// A person of this tenant.
    pub async fn member(&self, table: &Table, sub: &str, name: &str) {
        let (of, entry) = (self.scope.tenant(), noted("sign up"));
        table.sign_up(sub, name, of, &entry, Timestamp::now()).await.expect("he is a member");
    }

    /// Connects one more account, which has nothing yet.
    pub async fn connect_also(&self, table: &Table, account: &AccountId, alias: &str) {
        let governance = Governance { mode: Mode::Audit, customer_strict: false };
        let connection = Connection {
            alias: Some(alias.to_owned()),
            access: Some(RoleAccess {
                role_arn: format!("arn:aws:iam::{account}:role/{alias}-role"),
                external_id: format!("{alias}-external-id"),
                regions: vec![region("eu-west-1"), region("us-east-1")],
            }),
            ..Connection::new(account.clone(), governance, before(10 * 24))
        };
        let asker = Asker::Operator("ana".to_owned());
        let entry =
            lifecycle::entry("connect", &asker, (None, &connection), String::new(), before(1));
        table.connect(&self.scope, &connection, &entry).await.expect("it is connected");
    }

    async fn connect(&mut self, table: &Table, name: &str) {
        self.connect_also(table, &self.account.clone(), &format!("{name}-alias")).await;
    }

    /// A past that is rehearsed, and two launches of today that alert.
    async fn live(&mut self, table: &Table, (name, person): (&str, &str)) {
        let caller = Caller::Session {
            role: leaked(format!("{name}-deploy")),
            session: format!("{person}@{name}.example"),
        };
        let call = |serial: u64, hours: i64| Call {
            account: self.account.to_string(),
            region: "eu-west-1",
            at: before(hours),
            caller: caller.clone(),
            serial,
        };
        let policy = Policy::default();
        let pipeline = crate::pipeline(table, &policy);
        let until = before(24 * 10);
        let past = [
            call(1, 24 * 60).run_instances("p4d.24xlarge", 2, None),
            call(2, 24 * 59)
                .terminate_instances(&[call(1, 0).instance_id(0), call(1, 0).instance_id(1)]),
        ];
        let mut rehearsal = Rehearsal::before(until);
        rehearsal.run(&pipeline, events(&past)).await.expect("it is rehearsed");
        let today = [
            call(11, 5).run_instances("m5.large", 1, None),
            call(12, 4).run_instances("p4d.24xlarge", 4, None),
            Call {
                region: "us-east-1",
                caller: Caller::User(leaked(format!("{name}-ops"))),
                ..call(13, 3)
            }
            .create_database(&format!("{name}-database"), "db.r6g.16xlarge", true),
        ];
        pipeline.run(events(&today)).await.expect("it is stored");
        let anomalies = table.anomalies(&self.account).await.expect("anomalies");
        self.planted.extend(anomalies.iter().map(|each| each.id.clone()));
        self.planted.push(call(12, 4).instance_id(0));
        let large = anomalies.iter().filter(|each| each.delivery.code() == "send");
        let large = large.max_by_key(|each| each.hourly).expect("an anomaly");
        self.anomaly.clone_from(&large.id);
        // As an answer to that anomaly names it.
        self.expectation = format!("{}-9", self.anomaly);
        self.planted.push(self.expectation.clone());
        let expectation = Expectation {
            id: self.expectation.clone(),
            actor: Some(format!("role/{name}-nightly")),
            resource_type: Some("m5.large".to_owned()),
            region: Some(region("eu-west-1")),
            max_count: Some(3),
            max_hourly: usd("1.5"),
            expires_at: before(-24 * 30),
            by: format!("customer {person}"),
        };
        table.put_expectation(&self.account, &expectation).await.expect("it is expected");
    }

    /// What was found when the account was looked at.
    async fn look(&self, table: &Table, name: &str) {
        let regions = vec![region("eu-west-1"), region("us-east-1")];
        let checkup = Checkup {
            at: before(1),
            regions: regions.clone(),
            findings: vec![Finding {
                code: "rules_missing".to_owned(),
                region: Some(region("us-east-1")),
                text: format!("The rule of {name}-stack is missing: update the stack."),
            }],
            knocked_at: Some(before(1)),
            turned_at: None,
            told_of: None,
        };
        let account = &self.account;
        table.put_checkup(account, &checkup).await.expect("it is kept");
        table.note_heartbeat(account, &regions[0], before(1)).await.expect("it is kept");
        let scan = ScanProgress {
            began_at: before(20),
            finished_at: Some(before(19)),
            done: regions.clone(),
            parts: Vec::new(),
            tries: None,
            of: regions.clone(),
            zombies: 3,
            monthly: usd("130.5"),
            unjudged: [("idle_volume".to_owned(), 2)].into(),
            requests: 40,
            metrics: 1_000,
        };
        table.put_scan_progress(account, &scan).await.expect("it is kept");
        let from = before(24 * 100);
        let rehearsal = RehearsalProgress {
            from,
            until: from + SignedDuration::from_hours(24 * 90),
            through: from + SignedDuration::from_hours(24 * 45),
            records: 1_234,
            cost_events: 2,
            ..RehearsalProgress::default()
        };
        table.put_rehearsal_progress(account, &rehearsal).await.expect("it is kept");
        let source = Source { name: "AWS Price List".into(), as_of: "2026-07".into() };
        let zombie = |place: usize, resource: &str, monthly| Zombie {
            check: ZombieCheck::UnattachedVolume,
            region: regions[place].clone(),
            resource: format!("{name}-{resource}"),
            name: Some(format!("{name}-disk")),
            why: "it is attached to nothing for 40 days".to_owned(),
            since: Some(before(40 * 24)),
            monthly,
            stop: format!("aws ec2 delete-volume --volume-id {name}-{resource}"),
        };
        let priced = |amount| Monthly::Priced { amount: usd(amount), source: source.clone() };
        let unknown = Monthly::Unknown {
            upper_bound: usd("50"),
            reason: "no price of it is known".to_owned(),
        };
        let found = [zombie(0, "small", priced("10.5")), zombie(0, "large", priced("120"))];
        table
            .put_zombies(account, (&regions[0], Part::Compute), (&found, &[]))
            .await
            .expect("they are kept");
        let found = [zombie(1, "unpriced", unknown)];
        table
            .put_zombies(account, (&regions[1], Part::Compute), (&found, &[]))
            .await
            .expect("they are kept");
    }

    /// Slack, a receiver, times.
    async fn settle(&mut self, table: &Table, keys: &impl Keys, name: &str) {
        let tenant = self.scope.tenant().clone();
        let purpose = Purpose { tenant, what: SecretKind::SlackToken };
        let sealed = keys.seal(&purpose, &"xoxb-token".into()).await.expect("it is sealed");
        let team = format!("T0{}", name.to_uppercase());
        let channel = format!("C0{}", name.to_uppercase());
        self.planted.extend([team.clone(), channel.clone()]);
        let installation = Installation {
            team,
            team_name: format!("{name}-workspace"),
            bot_user: "U0BOT".to_owned(),
            channel: channel.clone(),
            channel_name: format!("#{name}-cost"),
            token: sealed,
            installed_by: "U0PERSON".to_owned(),
            installed_at: before(48),
            broken: None,
        };
        table.install(&self.scope, &installation, &noted("slack")).await.expect("installed");
        let operator = Asker::Operator("ana".to_owned());
        let asked = (&operator, before(2));
        let webhook =
            (format!("https://{name}-hooks.example.com/in?secret=1"), "whsec_a2V5".into());
        let set = settings::set_webhook(table, keys, &self.scope, asked, Some(webhook));
        set.await.expect("a receiver");
        let changed = settings::change(table, &self.scope, asked, |settings| {
            settings.zone = Zone::parse("Europe/Berlin").expect("a zone");
            settings.quiet = Some(QuietHours::parse("22:00-07:00").expect("hours"));
            let account = Some(self.account.clone());
            let route = Route { account, at_least: Severity::Critical, channel: channel.clone() };
            settings.routes = vec![route];
        });
        changed.await.expect("settings");
    }

    async fn begin_setup(&mut self, table: &Table, name: &str) {
        let secrets = SetupSecrets {
            external_id: format!("{name}-external-id-of-a-setup"),
            handshake: format!("{name}-handshake-of-thirty-two-letters"),
        };
        let now = Timestamp::now();
        let id = random::ulid(now).expect("randomness");
        let setup = onboarding::begin(table, &self.scope, (id, secrets), now).await;
        self.setup = setup.expect("a setup").id;
        self.planted.push(self.setup.clone());
    }

    async fn make_key(&mut self, table: &Table, person: &str) {
        let key = self.fresh_key(table, person, &Right::ALL).await;
        self.planted.extend([key.1.clone(), key.2]);
        (self.key, self.key_id) = (key.0, key.1);
    }

    /// A key with these rights: its text, its id, how it begins.
    pub async fn fresh_key(
        &self,
        table: &Table,
        person: &str,
        rights: &[Right],
    ) -> (String, String, String) {
        let fresh = identity::fresh_key().expect("a key");
        let key = ApiKey {
            id: random_id(),
            name: format!("{}-program", self.scope.tenant()),
            hint: fresh.hint.clone(),
            rights: rights.iter().copied().collect(),
            created_by: format!("customer {person}"),
            created_at: before(30),
            last_used_at: None,
            revoked_at: None,
        };
        let entry = noted("api key");
        let made = table.create_api_key(&self.scope, &key, &fresh.hash, &entry);
        made.await.expect("it is made");
        (fresh.secret.expose_secret().to_owned(), key.id, fresh.hint)
    }
}

/// A ULID of this moment that no other is.
#[expect(clippy::expect_used, reason = "a machine without randomness is the end of the test")]
fn random_id() -> String {
    random::ulid(Timestamp::now()).expect("randomness")
}
