//! Stacks: created step by step, as CloudFormation does it, until whoever is called back says that
//! all is well.

use super::{Console, Outside, wrong};
use crate::double::CustomerAws;
use crate::world::World;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use sample_trail::past;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Where stacks are created.
const HOME: &str = "us-east-1";
/// The template's resource that calls back.
const CALLS_BACK: (&str, &str) = ("Connection", "Custom::Dd0cCostConnection");
/// What is created before, in two steps each: that it begins, and that it is there.
const BEFORE: [&[(&str, &str)]; 2] = [
    &[
        ("ReadOnlyRole", "AWS::IAM::Role"),
        ("ForwardRole", "AWS::IAM::Role"),
        ("StackSetAdmin", "AWS::IAM::Role"),
        ("StackSetExecution", "AWS::IAM::Role"),
    ],
    &[("RegionalRules", "AWS::CloudFormation::StackSet")],
];

/// What somebody fills in on the page.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StackCall {
    account: String,
    stack_name: String,
    external_id: String,
    handshake: String,
    dd_account_id: String,
    bus_arn: String,
    callback_topic_arn: String,
    regions: Vec<String>,
}

/// A stack as the page shows it.
#[derive(Debug)]
pub(crate) struct Stack {
    id: String,
    name: String,
    request: String,
    status: &'static str,
    reason: String,
    pub(super) regions: Vec<String>,
    events: Vec<Value>,
}

impl Stack {
    fn new(call: &StackCall, number: u64) -> Self {
        let (account, name) = (&call.account, &call.stack_name);
        let unique = format!("{number:08x}-0000-4000-8000-{account}");
        let mut stack = Self {
            id: format!("arn:aws:cloudformation:{HOME}:{account}:stack/{name}/{unique}"),
            name: name.clone(),
            request: unique,
            status: "CREATE_IN_PROGRESS",
            reason: String::new(),
            regions: call.regions.clone(),
            events: Vec::new(),
        };
        stack.itself("User Initiated");
        stack
    }

    pub(super) fn view(&self) -> Value {
        json!({
            "name": self.name, "id": self.id, "status": self.status, "reason": self.reason,
            "regions": self.regions, "events": self.events,
        })
    }

    pub(super) fn is_complete(&self) -> bool {
        self.status == "CREATE_COMPLETE"
    }

    fn note(&mut self, (name, kind): (&str, &str), status: &str, reason: &str) {
        let at = Timestamp::now().as_second();
        let at = Timestamp::from_second(at).unwrap_or_default().to_string();
        self.events.push(json!({
            "at": at, "resource": name, "type": kind, "status": status, "reason": reason,
        }));
    }

    fn itself(&mut self, reason: &str) {
        let (name, status) = (self.name.clone(), self.status);
        self.note((&name, "AWS::CloudFormation::Stack"), status, reason);
    }

    /// Whoever was called back has answered.
    fn end(&mut self, why_not: Option<&str>) {
        match why_not {
            None => {
                self.note(CALLS_BACK, "CREATE_COMPLETE", "");
                self.status = "CREATE_COMPLETE";
                self.itself("");
            }
            Some(why) => {
                self.note(CALLS_BACK, "CREATE_FAILED", why);
                self.reason = format!("{} failed to create: {why}", CALLS_BACK.0);
                self.status = "ROLLBACK_COMPLETE";
                let reason = self.reason.clone();
                self.itself(&reason);
            }
        }
    }
}

/// Somebody presses "Create stack".
pub(super) async fn create<O: Outside>(
    State(console): State<Arc<Console<O>>>,
    Json(call): Json<StackCall>,
) -> Response {
    if let Err(why) = call.check() {
        return wrong(StatusCode::BAD_REQUEST, why);
    }
    let stack = Stack::new(&call, console.aws.with(World::next));
    let view = stack.view();
    {
        let mut shown = console.shown();
        let account = shown.entry(call.account.clone()).or_default();
        if account.stack.as_ref().is_some_and(|it| it.status != "ROLLBACK_COMPLETE") {
            let why = "The account has a stack of this name already. Choose another account.";
            return wrong(StatusCode::CONFLICT, why);
        }
        account.stack = Some(stack);
    }
    tokio::spawn(run(console.clone(), call));
    (StatusCode::CREATED, Json(view)).into_response()
}

impl StackCall {
    fn check(&self) -> Result<(), &'static str> {
        let digits = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(&self.account) || !digits(&self.dd_account_id) {
            return Err("An account number has 12 digits.");
        }
        if self.stack_name.is_empty() || self.external_id.is_empty() || self.handshake.is_empty() {
            return Err("Open this page by the link of dd0c/cost: it fills in what is needed.");
        }
        let named = |region: &String| super::REGIONS.contains(&region.as_str());
        if !self.regions.iter().any(|region| region == HOME) || !self.regions.iter().all(named) {
            return Err("Regions are of those that are offered, us-east-1 among them.");
        }
        Ok(())
    }
}

async fn run<O: Outside>(console: Arc<Console<O>>, call: StackCall) {
    for together in BEFORE {
        for status in ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"] {
            console.note(&call.account, |stack| {
                for each in together {
                    stack.note(*each, status, "");
                }
            });
            tokio::time::sleep(console.step).await;
        }
    }
    console.deploy(&call);
    let mut message = Value::Null;
    console.note(&call.account, |stack| {
        stack.note(CALLS_BACK, "CREATE_IN_PROGRESS", "");
        message = call.message(stack, &console.url);
    });
    if let Err(why) = console.outside.stack_called(message).await {
        console.note(&call.account, |stack| stack.end(Some(&why)));
    }
}

impl StackCall {
    /// What CloudFormation sends to the topic.
    fn message(&self, stack: &Stack, url: &str) -> Value {
        let account = &self.account;
        json!({
            "RequestType": "Create",
            "ServiceToken": self.callback_topic_arn,
            "ResponseURL": format!("{url}/stacks/{account}/answer"),
            "StackId": stack.id,
            "RequestId": stack.request,
            "LogicalResourceId": CALLS_BACK.0,
            "ResourceType": CALLS_BACK.1,
            "ResourceProperties": {
                "ServiceToken": self.callback_topic_arn,
                "Handshake": self.handshake,
                "RoleArn": CustomerAws::role_arn(account),
                "AccountId": account,
                "Regions": self.regions,
            },
        })
    }
}

impl<O> Console<O> {
    fn note(&self, account: &str, note: impl FnOnce(&mut Stack)) {
        let mut shown = self.shown();
        if let Some(stack) = shown.get_mut(account).and_then(|it| it.stack.as_mut()) {
            note(stack);
        }
    }

    fn deploy(&self, call: &StackCall) {
        let regions: Vec<&str> = call.regions.iter().map(String::as_str).collect();
        let (external_id, ours) = (&call.external_id, &call.dd_account_id);
        self.aws.deploy(&call.account, external_id, ours, &call.bus_arn, &regions);
        self.aws.give_a_past(&call.account, past::DAYS, Timestamp::now());
        self.aws.with_zombies(&call.account);
    }
}

/// Whoever was called back answers, as into CloudFormation's bucket.
pub(super) async fn answered<O: Outside>(
    State(console): State<Arc<Console<O>>>,
    Path(account): Path<String>,
    body: String,
) -> StatusCode {
    let Ok(answer) = serde_json::from_str::<Value>(&body) else { return StatusCode::BAD_REQUEST };
    let reason = answer["Reason"].as_str().unwrap_or("it said no").to_owned();
    let mut is_known = false;
    console.note(&account, |stack| {
        is_known = stack.status == "CREATE_IN_PROGRESS" && answer["StackId"] == stack.id.as_str();
        if is_known {
            stack.end((answer["Status"] != "SUCCESS").then_some(reason.as_str()));
        }
    });
    if is_known { StatusCode::OK } else { StatusCode::NOT_FOUND }
}
