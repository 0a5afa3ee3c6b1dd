//! `serve`: the whole product in one process. The stages of the pipeline, fed over HTTP by events as
//! EventBridge sends them; the API and its dashboard; and what is around them on AWS, played.

mod chat;
mod console;
mod counts;
mod dashboard;
mod demo;
mod http;
mod published;
mod sample;
mod tenants;
mod work;

use crate::args::{Format, ServeOptions};
use crate::error::CliError;
use crate::output::{Output, say};
use crate::{data, prices, switched};
use chat::{Chat, is_alone};
use dashboard::Dashboard;
use domain::decision::Severity;
use domain::governance::Asker;
use domain::ids::{AccountId, TenantId};
use domain::policy::{Governance, Mode};
use flags::Evaluator;
use jiff::Timestamp;
use kms::LocalKeys;
use pipeline::error::Failure;
use pipeline::lifecycle::{self, Change};
use pipeline::rate::RateGate;
use pipeline::switches::Switches;
use pricing::Book;
use queue::LocalQueue;
use slack::{Credential, Slack, SlackConfig};
use slack_double::Clock;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::{Connection, Table, TenantScope};
use tenants::Tenants;
use tokio::net::TcpListener;
use webhook::Webhooks;

/// Events that one account may send in a minute; more have to wait.
const EVENTS_PER_MINUTE: u64 = 60_000;
/// Failures of one message after which it is put aside.
const MAX_RECEIVES: u32 = 5;
/// The same for what is to be told: Slack may be out of reach for hours.
const MAX_TELLINGS: u32 = 50;

/// Runs the command until it is interrupted.
pub(crate) fn run(options: &ServeOptions) -> Result<(), CliError> {
    let book = prices::book(options.prices.as_deref())?;
    let (output, webhook) = (Output::live(options.format, Severity::Info), webhook(options)?);
    data::block_on(async {
        let table = table(options).await?;
        let (listener, address) = listen(options.listen).await?;
        let flags = switched::flags(Timestamp::now()).await?;
        let app = Arc::new(App::new(table, book, flags, options)?);
        app.prepare().await?;
        let dashboard = dashboard(options, address)?;
        let (chat, tenants) = outside(&app, address, (webhook, dashboard.is_some())).await?;
        let ready = introduction(options.format, address, (&chat, dashboard.is_some()));
        work::run(app, listener, (output, chat), (tenants, dashboard), ready).await
    })
}

/// The table, unless what is kept there does not go with what is asked for.
async fn table(options: &ServeOptions) -> Result<Table, CliError> {
    let folder = options.data.as_deref();
    sample::Mark::of(folder).refuse_half()?;
    let table = data::open(folder).await?;
    if options.sample {
        sample::refuse_others(&table, folder).await?;
    }
    Ok(table)
}

/// What there is around the pipeline: where people read, and what is played for tenants.
async fn outside(
    app: &App,
    address: SocketAddr,
    (webhook, has_dashboard): (Option<Slack>, bool),
) -> Result<(Chat, Option<Tenants>), CliError> {
    let dashboard = has_dashboard.then(|| origin(address));
    // What is told in the sample's past stands there with its time.
    let behind = Duration::try_from(sample::BEGAN).ok().filter(|_| app.sample);
    let clock = Clock::behind(behind.unwrap_or_default());
    let chat = Chat::new(app, address, webhook, (dashboard, clock)).await?;
    Ok((chat, Tenants::new(app, address).await?))
}

/// The dashboard, where only this machine reaches it: nobody else could sign in.
fn dashboard(options: &ServeOptions, address: SocketAddr) -> Result<Option<Dashboard>, CliError> {
    let asked = options.dashboard.as_deref();
    if is_alone(address) {
        return Dashboard::find(asked, address, tenants::CLIENT_ID);
    }
    if asked.is_some() {
        let why = "--dashboard goes with an address of this machine: its sign-in lets everybody in";
        return Err(CliError::Usage(why.to_owned()));
    }
    Ok(None)
}

/// How browsers write an address: without the port that is meant where none is named.
fn origin(address: SocketAddr) -> String {
    let all = format!("http://{address}");
    all.strip_suffix(":80").map(str::to_owned).unwrap_or(all)
}

/// Listens, and says where: the port may be left to the system.
async fn listen(on: SocketAddr) -> Result<(TcpListener, SocketAddr), CliError> {
    let failed =
        |error: std::io::Error| CliError::Failed(format!("cannot listen on {on}: {error}"));
    let listener = TcpListener::bind(on).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// What all parts of the program share.
pub(crate) struct App {
    pub(crate) table: Table,
    pub(crate) prices: &'static Book,
    flags: Evaluator,
    pub(crate) gate: RateGate,
    pub(crate) events: LocalQueue,
    pub(crate) alerts: LocalQueue,
    /// What people ask and press.
    pub(crate) questions: LocalQueue,
    /// Digests to be written.
    pub(crate) digests: LocalQueue,
    /// What is to be done with accounts.
    pub(crate) jobs: LocalQueue,
    /// What is to be done about money.
    pub(crate) billing: LocalQueue,
    /// For the secrets of the table.
    pub(crate) keys: LocalKeys,
    /// What other programs would read.
    pub(crate) published: published::Recent,
    /// The tenant's own receiver.
    pub(crate) hooks: Webhooks<LocalKeys>,
    pub(crate) counts: counts::Counts,
    /// Accounts that may send; empty for all.
    accounts: BTreeSet<AccountId>,
    governance: Governance,
    pub(crate) scope: TenantScope,
    /// Plays the demo's story.
    pub(crate) demo: bool,
    /// Begins with a picture.
    sample: bool,
    /// Whether that is whole.
    sample_mark: sample::Mark,
}

impl App {
    fn new(
        table: Table,
        prices: &'static Book,
        flags: Evaluator,
        options: &ServeOptions,
    ) -> Result<Self, CliError> {
        let tenant =
            TenantId::parse("local").map_err(|error| CliError::Failed(error.to_string()))?;
        let keys = chat::keys(options.data.as_deref())?;
        let mode = if options.strict { Mode::Strict } else { Mode::Audit };
        Ok(Self {
            table,
            prices,
            flags,
            gate: RateGate::new(EVENTS_PER_MINUTE),
            events: LocalQueue::new(MAX_RECEIVES),
            alerts: LocalQueue::new(MAX_TELLINGS),
            questions: LocalQueue::new(MAX_RECEIVES),
            digests: LocalQueue::new(MAX_TELLINGS),
            jobs: LocalQueue::new(MAX_RECEIVES),
            billing: LocalQueue::new(MAX_TELLINGS),
            hooks: Webhooks::new(keys.clone(), true),
            keys,
            published: published::Recent::default(),
            counts: counts::Counts::default(),
            accounts: options.account.iter().cloned().collect(),
            governance: Governance { mode, customer_strict: false },
            scope: TenantScope::of_operator(tenant),
            demo: options.demo,
            sample: options.sample,
            sample_mark: sample::Mark::of(options.data.as_deref()),
        })
    }

    /// The flags as they are now.
    pub(crate) fn switches(&self) -> Switches<'_> {
        Switches::at(&self.flags, Timestamp::now())
    }

    /// Accounts that were named are connected, those of an earlier run are governed as now.
    async fn prepare(&self) -> Result<(), CliError> {
        for account in &self.accounts {
            self.connect(account).await?;
        }
        self.govern_known().await
    }

    /// Without a list every account that sends is connected when it is first seen: whoever reaches
    /// this program on its own machine may use it.
    pub(crate) async fn connect_if_open(&self, account: &AccountId) -> Result<(), Failure> {
        if self.accounts.is_empty() && self.table.owner(account).await?.is_none() {
            self.connect(account).await?;
        }
        Ok(())
    }

    /// Whether events of this account are wanted.
    pub(crate) fn takes(&self, account: &AccountId) -> bool {
        self.accounts.is_empty() || self.accounts.contains(account)
    }

    /// Accounts of an earlier run are judged as this one was asked to.
    async fn govern_known(&self) -> Result<(), CliError> {
        for account in self.table.owned_accounts().await? {
            let Some(before) = self.table.connection(&self.scope, &account).await? else {
                continue;
            };
            if before.governance != self.governance {
                let change = (&asker(), Change::Govern(self.governance));
                lifecycle::change(&self.table, &self.scope, &account, change, Timestamp::now())
                    .await?;
            }
        }
        Ok(())
    }

    async fn connect(&self, account: &AccountId) -> Result<(), Failure> {
        let now = Timestamp::now();
        let connection = Connection::new(account.clone(), self.governance, now);
        let why = "it is watched from this machine".to_owned();
        let entry = lifecycle::entry("connect", &asker(), (None, &connection), why, now);
        self.table.connect(&self.scope, &connection, &entry).await?;
        lifecycle::begin_digests(&self.table, &self.scope, now).await
    }
}

/// Who started the program may do what an operator may.
fn asker() -> Asker {
    Asker::Operator("of serve".to_owned())
}

fn webhook(options: &ServeOptions) -> Result<Option<Slack>, CliError> {
    let Some(variable) = &options.webhook_from else { return Ok(None) };
    let url = std::env::var(variable).ok().filter(|url| !url.is_empty()).ok_or_else(|| {
        CliError::Usage(format!("the environment variable {variable} holds no webhook URL"))
    })?;
    let config =
        SlackConfig { api_url: slack::API_URL.to_owned(), credential: Credential::webhook(url) };
    Slack::new(config).map(Some).map_err(|error| CliError::Usage(error.to_string()))
}

/// Says where everything is, once it is there.
fn introduction(
    format: Format,
    address: SocketAddr,
    (chat, has_dashboard): (&Chat, bool),
) -> impl FnOnce() -> Result<(), CliError> + use<> {
    let here = origin(address);
    let (dashboard, help) = if has_dashboard {
        (format!("; dashboard on {here}/"), "/help")
    } else {
        (String::new(), "/")
    };
    let preview = match chat {
        Chat::Preview(_) => format!("; cards as Slack shows them on {here}/preview"),
        Chat::Webhook(_) | Chat::None => String::new(),
    };
    let line = format!(
        "listening on {here}{dashboard}{preview}; GET {help} tells what it takes; Ctrl-C \
         ends it"
    );
    move || match format {
        Format::Json | Format::Csv => {
            anstream::eprintln!("{line}");
            Ok(())
        }
        Format::Human => say(&format!("{line}\n")),
    }
}
