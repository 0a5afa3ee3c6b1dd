//! Setting up an account: a link for the customer's stack or the ARN of a role, and how far it is.

use crate::caller::{Known, Person};
use crate::once::{Attempt, IdempotencyKey};
use crate::problem::{Code, Problem, Problems};
use crate::reply::{FindingView, Json, Path, Query, Reply, is_id};
use domain::ids::{AccountId, READ_ONLY_ROLE, Region, RoleArn};
use domain::setup::{Setup, Stage};
use domain::words;
use jiff::Timestamp;
use pipeline::billing;
use pipeline::error::Failure;
use pipeline::onboarding::{self, Job};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// Where stacks are created, unless somebody asks for another region.
const REGION: &str = "us-east-1";
/// Regions that may be named.
const MAX_REGIONS: usize = 40;

/// How an account is set up.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Setup)]
struct SetupView {
    setup_id: String,
    /// `waiting` for the stack or a role, `checking` the role, `refused` (see `findings`; the role may
    /// be named again), `connected`.
    stage: StageWord,
    /// What your role must ask of us.
    external_id: String,
    /// Opens the AWS console with our template, filled in.
    #[schema(format = "uri")]
    quick_create_url: String,
    /// Until when the link holds.
    expires_at: String,
    /// The account, once it is known.
    account_id: Option<String>,
    /// What is wrong with the role.
    findings: Vec<FindingView>,
    /// Our account, which your role must trust.
    our_account_id: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StageWord {
    Waiting,
    Checking,
    Refused,
    Connected,
}

/// For which account.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Again {
    /// One of yours whose stack is to be made anew; none for a further account.
    account_id: Option<String>,
}

/// A role that was made by hand, or whose stack could not call back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewAccount {
    /// 12 digits.
    #[schema(min_length = 12, max_length = 12, pattern = "^[0-9]{12}$")]
    aws_account_id: String,
    /// `arn:aws:iam::<account>:role/dd0c-cost-readonly`
    #[schema(max_length = 200)]
    role_arn: String,
    /// The setup whose external id the role asks for.
    #[schema(max_length = 64)]
    setup_id: String,
    /// Regions to be watched; none for all that are switched on.
    #[serde(default)]
    #[schema(max_items = 40)]
    regions: Vec<String>,
}

fn view(known: &Known, setup: &Setup) -> SetupView {
    let places = &known.api.places;
    let findings = match &setup.stage {
        Stage::Refused { findings, .. } => findings.iter().map(FindingView::from).collect(),
        _ => Vec::new(),
    };
    SetupView {
        setup_id: setup.id.clone(),
        stage: match setup.stage {
            Stage::Waiting => StageWord::Waiting,
            Stage::Checking { .. } => StageWord::Checking,
            Stage::Refused { .. } => StageWord::Refused,
            Stage::Connected { .. } => StageWord::Connected,
        },
        external_id: setup.external_id.clone(),
        quick_create_url: onboarding::quick_create_url(
            setup,
            places.console_url.as_deref(),
            &places.template_url,
            REGION,
            places.our_account.as_str(),
            &places.bus_arn,
            &places.callback_topic_arn,
        ),
        expires_at: setup.expires_at().to_string(),
        account_id: setup.stage.account().map(ToString::to_string),
        findings,
        our_account_id: places.our_account.to_string(),
    }
}

/// Begin to set up an account
///
/// Open `quickCreateUrl`, create the stack, and look at the setup until its stage is `connected`.
#[utoipa::path(post, operation_id = "beginSetup", path = "/accounts/setup", tag = "Accounts",
    params(Again, ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = SetupView), Problems), security(("person" = [])))]
pub(crate) async fn begin(
    Person(known): Person,
    Query(again): Query<Again>,
    key: IdempotencyKey,
) -> Result<Reply, Problem> {
    let said = format!("{again:?}");
    let begun = |attempt| begin_one(&known, again.account_id.as_deref(), attempt);
    let reply = key.once(&known, ("setup", &said), begun).await?;
    anew(&known, reply).await
}

async fn begin_one(known: &Known, again: Option<&str>, attempt: Attempt) -> Result<Reply, Problem> {
    let made = |setup: &Setup| Reply::created(&view(known, setup)).kept_as(json!(setup.id));
    let (table, scope, id) = (known.table(), known.scope(), attempt.id());
    if attempt.is_again()
        && let Some(setup) = table.setup(scope, &id).await?
    {
        return Ok(made(&setup));
    }
    match again {
        Some(account) => drop(known.account(account).await?),
        None => may_connect(known).await?,
    }
    let fresh = random::setup_secrets()?;
    match onboarding::begin(table, scope, (id, fresh), known.now).await {
        Ok(setup) => Ok(made(&setup)),
        Err(Failure::Reject(why)) => Err(Problem::because(Code::Conflict, why)),
        Err(failure) => Err(failure.into()),
    }
}

/// What lets a stack in is not kept with an answer: one that comes again is made anew.
async fn anew(known: &Known, reply: Reply) -> Result<Reply, Problem> {
    let Some(id) = reply.kept_text() else { return Ok(reply) };
    let setup = find(known, id).await?;
    Ok(reply.saying(&view(known, &setup)))
}

/// How far a setup is
#[utoipa::path(get, operation_id = "getSetup", path = "/accounts/setup/{setupId}", tag = "Accounts",
    params(("setupId" = String, Path)),
    responses((status = 200, body = SetupView), Problems), security(("person" = [])))]
pub(crate) async fn get(Person(known): Person, Path(id): Path<String>) -> Result<Reply, Problem> {
    let setup = find(&known, &id).await?;
    Ok(Reply::ok(&view(&known, &setup)))
}

/// Connect an account by a role
///
/// The role is looked at within seconds: see how far the setup is.
#[utoipa::path(post, operation_id = "connectAccount", path = "/accounts", tag = "Accounts",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewAccount,
    responses((status = 202, body = SetupView), Problems), security(("person" = [])))]
pub(crate) async fn connect(
    Person(known): Person,
    key: IdempotencyKey,
    Json(asked): Json<NewAccount>,
) -> Result<Reply, Problem> {
    let role = asked.read()?;
    let said = format!("{asked:?}");
    let begun = |attempt| connect_one(&known, &asked, role, attempt);
    let reply = key.once(&known, ("connect", &said), begun).await?;
    anew(&known, reply).await
}

async fn connect_one(
    known: &Known,
    asked: &NewAccount,
    role: (AccountId, Vec<Region>),
    attempt: Attempt,
) -> Result<Reply, Problem> {
    let setup = find(known, &asked.setup_id).await?;
    let begun = attempt.is_again() && is_under_way(&setup, &role.0, attempt.begun());
    let setup = match setup.stage {
        // Who noted that the role is looked at may have died before he sent for somebody who does.
        Stage::Checking { .. } if begun => {
            known.api.outside.begin(&job(known, &setup, asked, role)).await?;
            setup
        }
        _ if begun => setup,
        _ => have_looked_at(known, asked, setup, role).await?,
    };
    Ok(Reply::accepted(&view(known, &setup)).kept_as(json!(setup.id)))
}

/// The role of this account is looked at, or was, since a moment.
fn is_under_way(setup: &Setup, account: &AccountId, since: Timestamp) -> bool {
    setup.stage.account() == Some(account) && setup.checking_since.is_some_and(|at| at >= since)
}

/// Has a role looked at; the setup as it is meanwhile.
async fn have_looked_at(
    known: &Known,
    asked: &NewAccount,
    setup: Setup,
    (account, regions): (AccountId, Vec<Region>),
) -> Result<Setup, Problem> {
    // An account that is there already is connected anew.
    if known.table().connection(known.scope(), &account).await?.is_none() {
        may_connect(known).await?;
    }
    let checking = waits_for_role(known, setup.clone(), &account)?;
    if !known.table().change_setup(known.scope(), &checking).await? {
        return Err(crate::reply::changed());
    }
    let job = job(known, &checking, asked, (account, regions));
    if let Err(failure) = known.api.outside.begin(&job).await {
        // Nobody looks at the role: it may be named again.
        let waits = Setup { version: checking.version + 1, ..setup };
        known.table().change_setup(known.scope(), &waits).await?;
        return Err(failure.into());
    }
    Ok(checking)
}

fn job(
    known: &Known,
    setup: &Setup,
    asked: &NewAccount,
    (account, regions): (AccountId, Vec<Region>),
) -> Job {
    Job::Connect {
        tenant: known.scope().tenant().clone(),
        setup: setup.id.clone(),
        account,
        role_arn: asked.role_arn.clone(),
        regions,
        by_hand: true,
    }
}

impl NewAccount {
    fn read(&self) -> Result<(AccountId, Vec<Region>), Problem> {
        #[expect(clippy::disallowed_methods, reason = "nobody's until its role has been checked")]
        let account = AccountId::parse(&self.aws_account_id)
            .map_err(|_| Problem::of_field("awsAccountId", "awsAccountId has 12 digits."))?;
        role_of(&account, &self.role_arn)?;
        if self.regions.len() > MAX_REGIONS {
            return Err(Problem::of_field("regions", format!("At most {MAX_REGIONS} regions.")));
        }
        let region = |(place, region): (usize, &String)| {
            let field = || format!("regions[{place}]");
            let wrong = |_| Problem::of_field(field(), "A region looks like eu-west-1.");
            Region::parse(region).map_err(wrong)
        };
        let regions = self.regions.iter().enumerate().map(region).collect::<Result<_, _>>()?;
        Ok((account, regions))
    }
}

/// Whether it is the one role that we may use in an account.
fn role_of(account: &AccountId, arn: &str) -> Result<(), Problem> {
    let role = RoleArn::parse(arn).ok().filter(|role| role.account() == account);
    let wanted = format!("arn:aws:iam::<account>:role/{READ_ONLY_ROLE}");
    let detail = match role {
        Some(role) if role.is_read_only_role() => return Ok(()),
        Some(_) => format!(
            "roleArn must be {wanted}. Make the role under the name {READ_ONLY_ROLE}, without a path: \
             our own rights name this role alone, so that AWS lets us use no other."
        ),
        None => format!("roleArn is that of a role of the same account: {wanted}."),
    };
    Err(Problem::of_field("roleArn", detail))
}

/// The setup as it is while the role is looked at.
fn waits_for_role(known: &Known, setup: Setup, account: &AccountId) -> Result<Setup, Problem> {
    let conflict = |detail: &str| Err(Problem::because(Code::Conflict, detail));
    match setup.stage_at(known.now) {
        Stage::Connected { .. } => conflict("This setup is done: begin another one."),
        Stage::Checking { .. } => conflict("A role is being looked at just now."),
        _ if setup.expires_at() <= known.now => {
            conflict("This setup is too old: begin another one.")
        }
        Stage::Waiting | Stage::Refused { .. } => Ok(setup.checking(account.clone(), known.now)),
    }
}

async fn find(known: &Known, id: &str) -> Result<Setup, Problem> {
    let unknown = || Problem::not_found("setup");
    if !is_id(id) {
        return Err(unknown());
    }
    let Some(setup) = known.table().setup(known.scope(), id).await? else {
        if known.table().is_setup_of_another(known.scope(), id).await? {
            known.note_foreign();
        }
        return Err(unknown());
    };
    // One that nobody came to look at counts as refused.
    Ok(Setup { stage: setup.stage_at(known.now), ..setup })
}

async fn may_connect(known: &Known) -> Result<(), Problem> {
    let allowed = billing::may_connect(known.table(), known.scope()).await?;
    allowed.map_err(|limit| {
        let detail = format!("{}. {}", words::capitalised(&limit.to_string()), limit.remedy());
        // The page makes the checkout once somebody wants it: each costs a call to Stripe.
        Problem::upgrade(detail, known.api.places.billing_page())
    })
}
