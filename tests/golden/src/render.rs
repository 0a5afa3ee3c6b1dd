//! The outcome of a case in words.

use crate::state::State;
use cloudtrail::{Item, Options, Reader, Skip};
use domain::anomaly::{Anomaly, Fold, Status};
use domain::assessment::{AccountState, Assessment, assess};
use domain::channels::Score;
use domain::cost_event::CostEvent;
use domain::decision::{Decision, Delivery, Verdict};
use domain::event::ResourceEvent;
use domain::how_to_stop::how_to_stop;
use domain::ids::EventId;
use domain::money::Usd;
use domain::open_resource::OpenResources;
use domain::price::{BoundKind, Estimate, Line};
use domain::recompute;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// More names of resources than this are counted only.
const MAX_NAMES: usize = 3;

/// What comes out of the records of a file, as text.
pub fn outcome(events: &[u8], state: &State) -> String {
    let mut case = Case {
        state,
        resources: OpenResources::default(),
        account: state.account(),
        seen: BTreeSet::new(),
        text: String::new(),
    };
    for item in Reader::new(events, "events.json", Options::default()) {
        case.item(&item);
    }
    case.end();
    case.text
}

struct Case<'a> {
    state: &'a State,
    resources: OpenResources,
    account: AccountState,
    seen: BTreeSet<EventId>,
    text: String,
}

impl Case<'_> {
    fn line(&mut self, indent: usize, text: impl AsRef<str>) {
        for line in text.as_ref().lines() {
            let _ = writeln!(self.text, "{:indent$}{line}", "");
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Event(event) => self.event(event),
            Item::Skipped(skip) => self.skipped(skip),
        }
    }

    fn skipped(&mut self, skip: &Skip) {
        let name = skip.event_name.as_deref().unwrap_or("?");
        let error = skip.error_code.as_deref().map(|code| format!(", {code}")).unwrap_or_default();
        let detail = if skip.detail.is_empty() { "" } else { ": " };
        self.line(0, format!("{name}: skipped, {}{error}{detail}{}", skip.reason, skip.detail));
        self.line(0, "\n");
    }

    fn event(&mut self, event: &ResourceEvent) {
        let ResourceEvent { time, name, actor, region, .. } = event;
        let person = actor.person.as_deref().map(|person| format!(" ({person})"));
        let person = person.unwrap_or_default();
        self.line(0, format!("{time} {name} by {}{person} in {region}", actor.id));
        // As the table does it.
        if !self.seen.insert(event.id.clone()) {
            return self.line(0, "  left out: came before\n\n");
        }
        let policy = self.state.policy();
        let book = pricing::Book::builtin();
        for each in assess(event, book, &mut self.resources, &mut self.account, &policy) {
            self.assessment(&each);
        }
        self.line(0, "\n");
    }

    fn assessment(&mut self, assessment: &Assessment) {
        let Assessment { event, score, decision, outcome } = assessment;
        self.cost(event);
        if event.costs_more() {
            self.score(score, decision);
        }
        self.line(4, verdict(decision.verdict));
        for reason in &decision.reasons {
            self.line(6, reason);
        }
        if let Some((id, fold)) = &outcome.alert {
            self.alert(id, *fold, event);
        }
        for id in &outcome.resolved {
            let anomaly = self.account.anomalies[id].clone();
            let number = self.number(id);
            self.line(4, format!("resolves anomaly {number}, {}", standing(&anomaly)));
        }
    }

    fn cost(&mut self, event: &CostEvent) {
        let CostEvent { action, resource_type, service, .. } = event;
        let (count, names) = (event.count(), names(&event.resources));
        self.line(2, format!("{} {count} × {resource_type} ({service}): {names}", action.code()));
        if let Some(launcher) = &event.launcher {
            let (service, name) = (launcher.service, &launcher.name);
            self.line(
                4,
                format!("launched by {service} {name}, answered for by {}", event.actor.id),
            );
        }
        self.estimate(&event.estimate);
        if event.ended_already > 0 {
            self.line(4, format!("ended already: {}", event.ended_already));
        }
        let one = Usd::new(event.estimate.hourly());
        let (before, change) = (event.hourly_before, event.hourly_change);
        self.line(
            4,
            format!("{count} × ${one} − ${before} before = ${change}/h ({}/h)", change.display()),
        );
    }

    fn estimate(&mut self, estimate: &Estimate) {
        for line in &estimate.lines {
            self.line(4, line_text(line));
        }
        for rate in &estimate.as_used {
            let (item, unit) = (&rate.item, rate.unit.code());
            self.line(4, format!("by use: {item}, ${} a {unit}", rate.unit_price));
        }
        if let Some(bound) = &estimate.bound {
            let what = match bound.kind {
                BoundKind::PriceUnknown | BoundKind::OlderThanWatch => {
                    "price unknown, reckoned with"
                }
                BoundKind::Varies => "price varies, at most",
            };
            self.line(4, format!("{what} ${}/h: {}", Usd::new(bound.hourly), bound.reason));
        }
    }

    fn score(&mut self, score: &Score, decision: &Decision) {
        let (total, threshold) = (decision.score, decision.threshold);
        let whole =
            if decision.partly_expected { format!(" (of {})", score.total) } else { String::new() };
        self.line(4, format!("score {total}{whole}, alerts from {threshold}"));
        for term in &score.terms {
            let (name, value, weight) = (&term.name, term.value, term.weight);
            // What alerts nobody is not put into words.
            let words =
                if term.text.is_empty() { String::new() } else { format!(": {}", term.text) };
            self.line(6, format!("{name} {value} × {weight} = {}{words}", term.points()));
        }
    }

    fn alert(&mut self, id: &str, fold: Fold, event: &CostEvent) {
        let anomaly = self.account.anomalies[id].clone();
        let number = self.number(id);
        let what = match fold {
            Fold::New => "begins",
            Fold::Folded { escalated: true } => "makes louder",
            Fold::Folded { escalated: false } => "joins",
        };
        self.line(4, format!("{what} anomaly {number}, {}", standing(&anomaly)));
        for suggestion in how_to_stop(event) {
            self.line(6, format!("{} # {}", suggestion.command, suggestion.remark));
        }
    }

    /// Anomalies are numbered by their beginning: ids are digests.
    fn number(&self, id: &str) -> usize {
        self.account.anomalies.keys().position(|key| key == id).map_or(0, |index| index + 1)
    }

    fn end(&mut self) {
        let anomalies: Vec<Anomaly> = self.account.anomalies.values().cloned().collect();
        for (index, anomaly) in anomalies.iter().enumerate() {
            self.line(
                0,
                format!("anomaly {} by {}: {}", index + 1, anomaly.actor.id, standing(anomaly)),
            );
            let checks = recompute::anomaly(anomaly);
            let wrong = checks.iter().filter(|check| !check.holds());
            for check in wrong {
                let (what, stored, again) = (&check.what, &check.stored, &check.recomputed);
                self.line(2, format!("WRONG {what}: stored {stored}, computed again {again}"));
            }
            self.line(2, format!("{} figures computed again", checks.len()));
        }
        let known = self.resources.take_changed();
        let paid: Vec<_> = known.iter().filter(|entry| entry.hourly > Usd::ZERO).collect();
        for entry in paid.iter().take(MAX_NAMES) {
            let (state, id, rate) = (entry.state.code(), &entry.id, entry.hourly);
            self.line(0, format!("{state}: {id} ${rate}/h"));
        }
        let total: Usd = paid.iter().map(|entry| entry.hourly).sum();
        self.line(0, format!("in the end {} resources cost ${total}/h", paid.len()));
    }
}

fn names(resources: &[String]) -> String {
    let shown = resources.iter().take(MAX_NAMES).cloned().collect::<Vec<_>>().join(", ");
    match resources.len().saturating_sub(MAX_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn line_text(line: &Line) -> String {
    let Line { item, quantity, unit, unit_price, source } = line;
    let (hourly, to_hours) = (Usd::new(line.hourly()), unit.to_hours());
    let (unit, source) = (unit.code(), format!("{}, {}", source.name, source.as_of));
    format!("{item}: {quantity} {unit} × ${unit_price}{to_hours} = ${hourly}/h ({source})")
}

fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Silent(silence) => format!("silent, {}", silence.code()),
        Verdict::Alert { severity, basis, delivery } => {
            let (severity, basis) = (severity.code(), basis.code());
            format!("alert, {severity}, by {basis}, {}", delivery_text(delivery))
        }
    }
}

fn delivery_text(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Send => "sent",
        held => held.code(),
    }
}

fn standing(anomaly: &Anomaly) -> String {
    let Anomaly { count, alerts, hourly, open, .. } = anomaly;
    let status = match &anomaly.status {
        Status::Open => "open".to_owned(),
        Status::Resolved { at, by, .. } => {
            let (spent, avoided) =
                (anomaly.spent(*at), anomaly.avoided(domain::assessment::month_end(*at)));
            let by = &by.id;
            format!(
                "resolved at {at} by {by}, spent ${spent}, avoided ${avoided} by the month's end"
            )
        }
    };
    format!(
        "{}, {}, alerts {alerts}, resources {count} at ${hourly}/h, running {} at ${}/h, {status}",
        anomaly.severity.code(),
        delivery_text(anomaly.delivery),
        open.running,
        open.rate.usd(),
    )
}
