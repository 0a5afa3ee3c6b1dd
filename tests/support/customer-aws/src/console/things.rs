//! What somebody starts in an account, and ends: the calls that he makes, as EventBridge forwards
//! them.

use super::{Console, Outside, wrong};
use crate::world::World;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use sample_trail::{Call, Caller, Record, envelope};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// A caller by what he is called on the page.
type ToCaller = fn() -> Caller;

/// Who may be asked to do something: code, label.
pub(super) const WHO: [(&str, &str, ToCaller); 3] = [
    ("ana", "ana", || engineer("ana")),
    ("ben", "ben", || engineer("ben")),
    ("ci-deploy", "the role ci-deploy", || Caller::Session {
        role: "ci-deploy",
        session: "deploy".to_owned(),
    }),
];

fn engineer(name: &str) -> Caller {
    Caller::Session { role: "Engineer", session: format!("{name}@example.com") }
}

/// Something that can be started.
pub(super) struct What {
    pub(super) code: &'static str,
    pub(super) label: &'static str,
    region: &'static str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Instances(&'static str, u64),
    Database(&'static str),
    NatGateway,
}

/// All that can be started.
pub(super) const WHAT: [What; 5] = [
    What {
        code: "gpu-fleet",
        label: "4 × p4d.24xlarge in eu-west-1",
        region: "eu-west-1",
        kind: Kind::Instances("p4d.24xlarge", 4),
    },
    What {
        code: "small-instance",
        label: "1 × m5.large in us-east-1",
        region: "us-east-1",
        kind: Kind::Instances("m5.large", 1),
    },
    What {
        code: "aurora",
        label: "an Aurora db.r6g.4xlarge in eu-west-1",
        region: "eu-west-1",
        kind: Kind::Database("db.r6g.4xlarge"),
    },
    What {
        code: "nat-gateway",
        label: "a NAT gateway in us-east-1",
        region: "us-east-1",
        kind: Kind::NatGateway,
    },
    What {
        code: "far-away",
        label: "8 × g5.12xlarge in ap-southeast-2",
        region: "ap-southeast-2",
        kind: Kind::Instances("g5.12xlarge", 8),
    },
];

/// Something that runs.
#[derive(Debug, Clone)]
pub(crate) struct Thing {
    id: String,
    label: &'static str,
    region: &'static str,
    who: &'static str,
    since: Timestamp,
    kind: Kind,
    /// Names of what was made.
    names: Vec<String>,
}

impl Thing {
    pub(super) fn view(&self) -> Value {
        let since = Timestamp::from_second(self.since.as_second()).unwrap_or_default();
        json!({
            "id": self.id, "label": self.label, "region": self.region, "who": self.who,
            "since": since.to_string(), "names": self.names,
        })
    }

    fn of(what: &What, who: &'static str, call: &Call) -> Self {
        let names = match what.kind {
            Kind::Instances(_, count) => (0..count).map(|nth| call.instance_id(nth)).collect(),
            Kind::Database(_) => vec![format!("aurora-{}", short(call))],
            Kind::NatGateway => vec![call.nat_gateway_id()],
        };
        Self {
            id: short(call),
            label: what.label,
            region: what.region,
            who,
            since: call.at,
            kind: what.kind,
            names,
        }
    }

    fn starts(&self, call: &Call) -> Record {
        match self.kind {
            Kind::Instances(kind, count) => call.run_instances(kind, count, None),
            Kind::Database(class) => call.create_cluster_member("analytics", self.name(), class),
            Kind::NatGateway => call.create_nat_gateway(),
        }
    }

    fn ends(&self, call: &Call) -> Record {
        match self.kind {
            Kind::Instances(..) => call.terminate_instances(&self.names),
            Kind::Database(_) => call.delete_database(self.name()),
            Kind::NatGateway => call.delete_nat_gateway(self.name()),
        }
    }

    fn name(&self) -> &str {
        self.names.first().map(String::as_str).unwrap_or_default()
    }
}

fn short(call: &Call) -> String {
    call.hex(1).chars().skip(1).take(8).collect()
}

/// What somebody wants to start.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Start {
    account: String,
    who: String,
    what: String,
}

/// What somebody wants to end.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Terminate {
    account: String,
    who: String,
    id: String,
}

/// Somebody presses "Start it".
pub(super) async fn start<O: Outside>(
    State(console): State<Arc<Console<O>>>,
    Json(Start { account, who, what }): Json<Start>,
) -> Response {
    let what = WHAT.iter().find(|known| known.code == what);
    let (Some(what), Some((who, _, caller))) = (what, person(&who)) else {
        return wrong(StatusCode::BAD_REQUEST, "There is no such thing, or nobody of this name.");
    };
    let call = console.call(&account, what.region, caller());
    let thing = Thing::of(what, who, &call);
    match console.forward(&account, &thing, &thing.starts(&call)).await {
        Ok(heard) => {
            let mut view = thing.view();
            view["heard"] = heard.into();
            console.shown().entry(account).or_default().things.push(thing);
            (StatusCode::CREATED, Json(view)).into_response()
        }
        Err(why) => wrong(StatusCode::CONFLICT, &why),
    }
}

/// Somebody presses "Terminate".
pub(super) async fn terminate<O: Outside>(
    State(console): State<Arc<Console<O>>>,
    Json(Terminate { account, who, id }): Json<Terminate>,
) -> Response {
    let Some((_, _, caller)) = person(&who) else {
        return wrong(StatusCode::BAD_REQUEST, "There is nobody of this name.");
    };
    let found = console.shown().get(&account).and_then(|shown| shown.thing(&id).cloned());
    let Some(thing) = found else {
        return wrong(StatusCode::NOT_FOUND, "It does not run any more.");
    };
    let call = console.call(&account, thing.region, caller());
    match console.forward(&account, &thing, &thing.ends(&call)).await {
        Ok(heard) => {
            console.shown().entry(account).or_default().things.retain(|it| it.id != id);
            Json(json!({"id": id, "heard": heard})).into_response()
        }
        Err(why) => wrong(StatusCode::CONFLICT, &why),
    }
}

fn person(code: &str) -> Option<(&'static str, &'static str, ToCaller)> {
    WHO.into_iter().find(|(known, ..)| *known == code)
}

impl super::Shown {
    fn thing(&self, id: &str) -> Option<&Thing> {
        self.things.iter().find(|thing| thing.id == id)
    }
}

impl<O: Outside> Console<O> {
    fn call(&self, account: &str, region: &'static str, caller: Caller) -> Call {
        let at = Timestamp::now();
        let number = self.aws.with(World::next);
        // Not what a program before this one has given.
        let serial = at.as_microsecond().unsigned_abs() ^ (number << 52);
        Call { account: account.to_owned(), region, at, caller, serial }
    }

    /// Hands a call over, where there is a rule that does; says whether there is.
    async fn forward(&self, account: &str, thing: &Thing, record: &Record) -> Result<bool, String> {
        let is_watched = {
            let shown = self.shown();
            let stack = shown.get(account).and_then(|it| it.stack.as_ref());
            let stack = stack.filter(|stack| stack.is_complete());
            let stack = stack.ok_or("Create the stack in this account first.")?;
            stack.regions.iter().any(|region| region == thing.region)
        };
        if is_watched {
            self.outside.event(envelope(record)).await?;
            self.aws.remember(account, thing.region, [record.clone()]);
        }
        Ok(is_watched)
    }
}
