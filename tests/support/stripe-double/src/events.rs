//! Telling the app what has changed: signed, in any order, twice or late.

use crate::signature::signature;
use crate::state::StripeState;
use crate::world::Event;
use reqwest::Client;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Within which the app has to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// In which order what waits is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// As it happened.
    #[default]
    InOrder,
    /// The last first.
    Reversed,
    /// Each twice.
    Twice,
}

/// What became of telling one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// Which event.
    pub event: String,
    /// Its kind.
    pub kind: &'static str,
    /// `None` where there was no answer.
    pub status: Option<u16>,
}

impl Exchange {
    /// The app took it.
    pub fn is_ok(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

pub(crate) fn client() -> Option<Client> {
    let builder = Client::builder().timeout(ANSWER_WITHIN).no_proxy();
    builder.redirect(reqwest::redirect::Policy::none()).build().ok()
}

impl StripeState {
    /// All that was to be told, in its order.
    pub fn events(&self) -> Vec<Event> {
        self.world().events.clone()
    }

    /// Tells what the app has not taken yet.
    pub async fn deliver(&self, delivery: Delivery) -> Vec<Exchange> {
        let mut waiting = self.events();
        waiting.retain(|event| event.taken == 0);
        match delivery {
            Delivery::InOrder => {}
            Delivery::Reversed => waiting.reverse(),
            Delivery::Twice => {
                waiting = waiting.iter().flat_map(|event| [event.clone(), event.clone()]).collect();
            }
        }
        let mut exchanges = Vec::new();
        for event in waiting {
            exchanges.push(self.send(&event).await);
        }
        exchanges
    }

    /// Tells one event, again if need be; `None` where there is none of that name.
    pub async fn tell(&self, id: &str) -> Option<Exchange> {
        let event = self.events().into_iter().find(|event| event.id == id)?;
        Some(self.send(&event).await)
    }

    /// A body as it is signed now: the value of `Stripe-Signature`.
    pub fn sign(&self, body: &str) -> String {
        let world = self.world();
        let real = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        // The app's clock is the machine's, however far the double's was moved.
        let at = real.map_or(0, |since| since.as_secs());
        signature(&world.settings.webhook_secret, at, body.as_bytes())
    }

    async fn send(&self, event: &Event) -> Exchange {
        let url = self.world().settings.webhook_url.clone();
        let status = match (url, self.http()) {
            (Some(url), Some(http)) => {
                let request = http.post(url).header("stripe-signature", self.sign(&event.body));
                let request = request.header("content-type", "application/json; charset=utf-8");
                let answer = request.body(event.body.clone()).send().await;
                answer.ok().map(|answer| answer.status().as_u16())
            }
            _ => None,
        };
        let exchange = Exchange { event: event.id.clone(), kind: event.kind, status };
        if exchange.is_ok() {
            let mut world = self.world();
            let known = world.events.iter_mut().find(|each| each.id == event.id);
            if let Some(known) = known {
                known.taken += 1;
            }
        }
        exchange
    }

    /// Tells what has changed, where that is done at once.
    pub(crate) fn tell_soon(&self) {
        if !self.world().settings.tell_at_once {
            return;
        }
        let stripe = self.clone();
        // What was not taken waits for the next time.
        tokio::spawn(async move { stripe.deliver(Delivery::InOrder).await });
    }
}
