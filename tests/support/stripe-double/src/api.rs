//! The calls of the app, as strict as Stripe: the key, the version, every field by its name, and
//! idempotency keys.

use crate::fault::Fault;
use crate::fields::Fields;
use crate::people::Card;
use crate::refusal::Refusal;
use crate::state::StripeState;
use crate::world::{Asked, Customer, Portal, Session, World};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, http};
use serde_json::{Value, json};

/// Fields of each call.
const CUSTOMER: [&str; 3] = ["metadata[*]", "email", "name"];
const CHECKOUT: [&str; 10] = [
    "mode",
    "customer",
    "client_reference_id",
    "metadata[*]",
    "subscription_data[metadata][*]",
    "line_items[0][price]",
    "line_items[0][quantity]",
    "allow_promotion_codes",
    "success_url",
    "cancel_url",
];
const PORTAL: [&str; 2] = ["customer", "return_url"];
const LIST: [&str; 5] = ["customer", "status", "limit", "price", "expand[]"];
const ITEM: [&str; 2] = ["quantity", "proration_behavior"];
const CHANGE: [&str; 1] = ["cancel_at_period_end"];
const END: [&str; 2] = ["prorate", "invoice_now"];

/// A call as it came.
struct Call<'a> {
    method: &'a Method,
    path: &'a str,
    fields: &'a [u8],
    key: Option<&'a str>,
}

impl Call<'_> {
    /// What makes it the same call.
    fn print(&self) -> String {
        format!("{} {} {}", self.method, self.path, String::from_utf8_lossy(self.fields))
    }
}

pub(crate) async fn call(
    State(stripe): State<StripeState>,
    method: Method,
    Path(path): Path<String>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let mut world = stripe.world();
    let query = query.unwrap_or_default();
    let fields = if method == Method::GET { query.as_bytes() } else { &body };
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let call = Call { method: &method, path: &path, fields, key };
    let fault = world.faults.pop_front();
    if let Some(Fault::Status(status)) = fault {
        world.note(&call, status);
        return answered(status, &json!({"error": {"type": "api_error"}}));
    }
    if let (Some(Fault::Kept(status)), Some(key)) = (fault, key) {
        let body = json!({"error": {"type": "api_error"}});
        world.answered.insert(key.to_owned(), (call.print(), status, body));
    }
    let (status, answer) = match admitted(&world, &headers, &method) {
        Err(refusal) => (refusal.status, refusal.body()),
        Ok(()) => world.answer(&call),
    };
    world.note(&call, status);
    if fault == Some(Fault::LoseAnswer) {
        return answered(500, &json!({"error": {"type": "api_error"}}));
    }
    answered(status, &answer)
}

fn answered(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [("request-id", "req_double")], Json(body)).into_response()
}

/// The right key, a version, and a form.
fn admitted(world: &World, headers: &HeaderMap, method: &Method) -> Result<(), Refusal> {
    let text = |name: http::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if text(AUTHORIZATION) != Some(&format!("Bearer {}", world.settings.api_key)) {
        return Err(Refusal::unknown_key());
    }
    if !headers.contains_key("stripe-version") {
        return Err(Refusal::of("version_missing", "Stripe-Version"));
    }
    let form = text(CONTENT_TYPE) == Some("application/x-www-form-urlencoded");
    if method == Method::POST && !form {
        return Err(Refusal::of("content_type_invalid", "Content-Type"));
    }
    Ok(())
}

impl World {
    fn note(&mut self, call: &Call<'_>, status: u16) {
        self.asked.push(Asked {
            method: call.method.to_string(),
            path: call.path.to_owned(),
            fields: form_urlencoded::parse(call.fields).into_owned().collect(),
            key: call.key.map(str::to_owned),
            status,
        });
    }

    /// The same call with the same key has the same answer, another call with it none.
    fn answer(&mut self, call: &Call<'_>) -> (u16, Value) {
        let print = call.print();
        if let Some((known, status, body)) = call.key.and_then(|key| self.answered.get(key)) {
            let refusal = Refusal::other_call();
            let same = *known == print;
            return if same { (*status, body.clone()) } else { (refusal.status, refusal.body()) };
        }
        let (status, body) = match self.done(call) {
            Ok(body) => (200, body),
            Err(refusal) => (refusal.status, refusal.body()),
        };
        if let Some(key) = call.key.filter(|_| call.method == Method::POST) {
            self.answered.insert(key.to_owned(), (print, status, body.clone()));
        }
        (status, body)
    }

    fn done(&mut self, call: &Call<'_>) -> Result<Value, Refusal> {
        let read = |known: &[&str]| Fields::read(call.fields, known);
        let path: Vec<&str> = call.path.split('/').collect();
        match (call.method.as_str(), path.as_slice()) {
            ("GET", ["subscriptions"]) => self.list(&read(&LIST)?),
            ("DELETE", ["subscriptions", id]) => self.end_subscription(id, &read(&END)?),
            ("POST", path) => self.posted(path, call.fields),
            _ => Err(Refusal::missing("path")),
        }
    }

    fn posted(&mut self, path: &[&str], fields: &[u8]) -> Result<Value, Refusal> {
        let read = |known: &[&str]| Fields::read(fields, known);
        match path {
            ["customers"] => read(&CUSTOMER).map(|fields| self.make_customer(&fields)),
            ["checkout", "sessions"] => self.make_session(&read(&CHECKOUT)?),
            ["checkout", "sessions", id, "expire"] => {
                read(&[]).and_then(|_| self.expire_session(id))
            }
            ["billing_portal", "sessions"] => self.make_portal(&read(&PORTAL)?),
            _ => self.subscription_changed(path, fields),
        }
    }

    fn subscription_changed(&mut self, path: &[&str], fields: &[u8]) -> Result<Value, Refusal> {
        match path {
            ["subscriptions", id] => self.let_end(id, &Fields::read(fields, &CHANGE)?),
            ["subscription_items", item] => self.set_item(item, &Fields::read(fields, &ITEM)?),
            _ => Err(Refusal::missing("path")),
        }
    }

    fn make_customer(&mut self, fields: &Fields) -> Value {
        let id = self.name("cus");
        let metadata = fields.notes("metadata");
        let body = json!({"id": id, "object": "customer", "metadata": metadata});
        self.customers.insert(id, Customer { card: Card::Pays, metadata });
        body
    }

    fn customer(&self, fields: &Fields) -> Result<String, Refusal> {
        let id = fields.needed("customer")?;
        let known = self.customers.contains_key(id);
        known.then(|| id.to_owned()).ok_or_else(|| Refusal::missing("customer"))
    }

    fn make_session(&mut self, fields: &Fields) -> Result<Value, Refusal> {
        fields.needed("mode")?;
        fields.one_of("mode", &["subscription"])?;
        fields.one_of("allow_promotion_codes", &["true", "false"])?;
        if fields.needed("line_items[0][price]")? != self.settings.price {
            return Err(Refusal { status: 400, ..Refusal::missing("line_items[0][price]") });
        }
        let quantity = fields.number("line_items[0][quantity]")?;
        if quantity == 0 {
            return Err(Refusal::of("parameter_invalid_integer", "line_items[0][quantity]"));
        }
        let session = Session {
            customer: self.customer(fields)?,
            reference: fields.get("client_reference_id").map(str::to_owned),
            metadata: fields.notes("metadata"),
            subscription_metadata: fields.notes("subscription_data[metadata]"),
            quantity,
            success_url: fields.address("success_url")?,
            cancel_url: fields.get("cancel_url").map(str::to_owned),
            subscription: None,
            expired: false,
        };
        let id = self.name("cs");
        let body = json!({"id": id, "object": "checkout.session", "status": "open",
            "url": self.page(&format!("pay/{id}"))});
        self.sessions.insert(id, session);
        Ok(body)
    }

    /// Only what is open can be closed.
    fn expire_session(&mut self, id: &str) -> Result<Value, Refusal> {
        let session = self.sessions.get_mut(id).ok_or_else(|| Refusal::missing("session"))?;
        if !session.is_open() {
            return Err(Refusal::of("", ""));
        }
        session.expired = true;
        Ok(json!({"id": id, "object": "checkout.session", "status": session.status()}))
    }

    fn end_subscription(&mut self, id: &str, fields: &Fields) -> Result<Value, Refusal> {
        fields.one_of("prorate", &["true", "false"])?;
        fields.one_of("invoice_now", &["true", "false"])?;
        let running = |each: &&crate::world::Subscription| {
            each.id == id && each.status != crate::world::Status::Canceled
        };
        let found = self.subscriptions.iter().find(running).cloned();
        let found = found.ok_or_else(|| Refusal::missing("id"))?;
        self.over(&found.id);
        Ok(json!({"id": found.id, "object": "subscription", "status": "canceled"}))
    }

    fn let_end(&mut self, id: &str, fields: &Fields) -> Result<Value, Refusal> {
        fields.needed("cancel_at_period_end")?;
        fields.one_of("cancel_at_period_end", &["true", "false"])?;
        let ends = fields.get("cancel_at_period_end") == Some("true");
        let running = |each: &&crate::world::Subscription| {
            each.id == id && each.status != crate::world::Status::Canceled
        };
        let found = self.subscriptions.iter().find(running);
        let before = found.ok_or_else(|| Refusal::missing("id"))?.cancel_at_period_end;
        self.change(id, |found| found.cancel_at_period_end = ends);
        if before != ends {
            self.tell_of("customer.subscription.updated", id);
        }
        Ok(json!({"id": id, "object": "subscription", "cancel_at_period_end": ends}))
    }

    fn make_portal(&mut self, fields: &Fields) -> Result<Value, Refusal> {
        let portal =
            Portal { customer: self.customer(fields)?, return_url: fields.address("return_url")? };
        let id = self.name("bps");
        let body = json!({"id": id, "object": "billing_portal.session",
            "url": self.page(&format!("portal/{id}"))});
        self.portals.insert(id, portal);
        Ok(body)
    }

    /// The newest first; those that are over where `status=all` says so.
    fn list(&self, fields: &Fields) -> Result<Value, Refusal> {
        fields.one_of("status", &["all"])?;
        fields.one_of("expand[]", &["data.latest_invoice"])?;
        let limit = fields.get("limit").map_or(Ok(10), |_| fields.number("limit"))?;
        if !(1..=100).contains(&limit) {
            return Err(Refusal::of("parameter_invalid_integer", "limit"));
        }
        let customer = self.customer(fields)?;
        let whole = fields.get("expand[]").is_some();
        let of_customer = self.subscriptions.iter().rev().filter(|each| each.customer == customer);
        let shown = of_customer.filter(|each| {
            fields.get("status").is_some() || each.status != crate::world::Status::Canceled
        });
        let mut data: Vec<Value> = shown.map(|each| self.written(each, whole)).collect();
        let has_more = data.len() as u64 > limit;
        data.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(
            json!({"object": "list", "url": "/v1/subscriptions", "has_more": has_more, "data": data}),
        )
    }

    fn set_item(&mut self, item: &str, fields: &Fields) -> Result<Value, Refusal> {
        let behaviors = ["always_invoice", "create_prorations", "none"];
        fields.one_of("proration_behavior", &behaviors)?;
        let quantity = fields.number("quantity")?;
        let found = self.subscriptions.iter_mut().find(|each| each.item == item);
        let found = found.ok_or_else(|| Refusal::missing("item"))?;
        if found.status == crate::world::Status::Canceled {
            return Err(Refusal::of("resource_missing", "item"));
        }
        let changed = found.quantity != quantity;
        found.quantity = quantity;
        let found = found.clone();
        if changed {
            self.tell_of("customer.subscription.updated", &found.id);
        }
        Ok(self.item(&found))
    }

    /// All fields that a customer was made with.
    pub(crate) fn metadata_of(
        &self,
        customer: &str,
    ) -> Option<&std::collections::BTreeMap<String, String>> {
        self.customers.get(customer).map(|customer| &customer.metadata)
    }
}
