//! The message from the scorer to the notifier: something changed that people are to be told. What
//! exactly stands in the table, so that the message may come twice, late or out of order.

use crate::error::Failure;
use crate::ports::{Message, Queue};
use domain::ids::{AccountId, EventId};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Something to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Whose.
    pub account: AccountId,
    /// What.
    pub about: About,
    /// When the event behind it was stored: from then on the seconds count until people read it.
    pub stored_at: Timestamp,
}

/// What is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The anomaly with this id has changed.
    Anomaly(String),
    /// A call may have blinded the watch.
    Watch {
        /// When.
        time: Timestamp,
        /// Which.
        id: EventId,
    },
    /// The account has turned, from healthy to degraded or back.
    Health {
        /// When.
        at: Timestamp,
    },
}

/// Asks for things of an account to be told; how many. What there is none of sends nothing.
pub async fn ask_to_tell<Q: Queue>(
    alerts: &Q,
    account: &AccountId,
    about: impl IntoIterator<Item = About>,
    stored_at: Timestamp,
) -> Result<usize, Failure> {
    let alert = |about| Alert { account: account.clone(), about, stored_at };
    let messages = about.into_iter().map(|about| Message::of(alert(about).to_json()));
    let messages: Vec<Message> = messages.collect();
    let asked = messages.len();
    if asked > 0 {
        alerts.send(messages).await?;
    }
    Ok(asked)
}

impl Alert {
    /// As a message body.
    pub fn to_json(&self) -> String {
        let mut body = json!({
            "account": self.account.as_str(),
            "storedAt": self.stored_at.to_string(),
        });
        match &self.about {
            About::Anomaly(id) => body["anomaly"] = Value::from(id.as_str()),
            About::Watch { time, id } => {
                body["watch"] = json!({"time": time.to_string(), "id": id.as_str()});
            }
            About::Health { at } => body["health"] = json!({"at": at.to_string()}),
        }
        body.to_string()
    }

    /// From a message body.
    pub fn from_json(body: &str) -> Result<Self, Failure> {
        let reject = |what: &str| Failure::Reject(format!("not an alert message: {what}"));
        let body: Value = serde_json::from_str(body).map_err(|_| reject("it is not JSON"))?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        #[expect(clippy::disallowed_methods, reason = "a message of our own")]
        let account = AccountId::parse_lenient(&text(&body["account"]));
        let time = |value: &Value| text(value).parse::<Timestamp>();
        let about = match (&body["anomaly"], &body["watch"]) {
            (Value::String(id), _) if !id.is_empty() => About::Anomaly(id.clone()),
            (_, watch @ Value::Object(_)) => About::Watch {
                time: time(&watch["time"]).map_err(|_| reject("its watch has no time"))?,
                id: EventId::parse(&text(&watch["id"]))
                    .map_err(|_| reject("its watch has no id"))?,
            },
            _ => About::Health {
                at: time(&body["health"]["at"])
                    .map_err(|_| reject("it names nothing that could be told"))?,
            },
        };
        Ok(Self {
            account: account.map_err(|_| reject("it names no account"))?,
            about,
            stored_at: time(&body["storedAt"]).map_err(|_| reject("it has no time"))?,
        })
    }
}
