//! Figures and names in plain words, the same wherever people read them.

use crate::anomaly::{Anomaly, Member};
use crate::cost_event::{Action, CostEvent};
use crate::event::Actor;
use crate::money::Usd;
use crate::price::BoundKind;
use crate::resource::Service;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use std::fmt::Write;

/// One sentence for a person.
pub fn sentence(event: &CostEvent) -> String {
    clean(&format!(
        "{} {} {} in {}: {}{}/h",
        who(&event.actor),
        did(event.action),
        what(event),
        event.region,
        if event.estimate.price_known() { "" } else { "up to " },
        event.hourly_change.display(),
    ))
}

/// How an anomaly began, in one sentence; empty for one of which no event is kept.
pub fn began(anomaly: &Anomaly) -> String {
    let Some(first) = anomaly.members.first() else { return String::new() };
    let known = first.bound.as_ref().is_none_or(|bound| bound.kind == BoundKind::Varies);
    clean(&format!(
        "{} {} {} in {}: {}{}/h",
        who(&anomaly.actor),
        did(first.action),
        what_of(first),
        first.region,
        if known { "" } else { "up to " },
        first.hourly.display(),
    ))
}

/// `4 × p4d.24xlarge`, or the name of a single thing that is no machine.
pub fn what(event: &CostEvent) -> String {
    named(event.service, &event.resource_type, (event.count(), event.resources.first()))
}

/// [`what`], of an event that an anomaly has kept.
pub fn what_of(member: &Member) -> String {
    named(member.service, &member.resource_type, (member.count, member.examples.first()))
}

fn named(service: Service, of_type: &str, (count, first): (u64, Option<&String>)) -> String {
    let kind = kind(service, of_type);
    match (count, first) {
        (1, Some(name)) if service != Service::Ec2 => format!("{kind} {name}"),
        (1, _) => format!("a {kind}"),
        _ => format!("{count} × {kind}"),
    }
}

/// The type with the service, where the type alone does not say it.
fn kind(service: Service, resource_type: &str) -> String {
    match service {
        Service::Ec2 => resource_type.to_owned(),
        Service::Ebs => format!("{resource_type} volume"),
        Service::NatGateway => "NAT gateway".to_owned(),
        Service::PublicIpv4 => "public IPv4 address".to_owned(),
        Service::Rds => format!("{resource_type} database"),
        Service::Lambda => resource_type.replace('-', " "),
        Service::AutoScaling => "scaling group".to_owned(),
        Service::Ec2Fleet => "fleet".to_owned(),
    }
}

fn did(action: Action) -> &'static str {
    match action {
        Action::Start => "started",
        Action::Resize => "resized",
        Action::Resume => "started again",
        Action::Stop => "stopped",
        Action::Delete => "ended",
    }
}

/// The person where one is known, else the principal.
pub fn who(actor: &Actor) -> String {
    match &actor.person {
        Some(person) if !actor.id.ends_with(person.as_str()) => format!("{person} ({})", actor.id),
        Some(person) => person.clone(),
        None => actor.id.clone(),
    }
}

/// `by bo@example.com`, or `as EC2 reported the last of it stopped (no call was seen)`.
pub fn ended(by: &Actor, how: Option<Action>) -> String {
    if !by.is_reporting() {
        return format!("by {}", who(by));
    }
    let service = by.principal.split('.').next().unwrap_or_default().to_uppercase();
    let state = match how {
        Some(Action::Stop) => "stopped",
        Some(Action::Delete) => "terminated",
        _ => "ended",
    };
    format!("as {service} reported the last of it {state} (no call was seen)")
}

/// `38 min`, `2 h 05 min`, `3 d 4 h`.
pub fn duration(from: Timestamp, to: Timestamp) -> String {
    let minutes =
        SignedDuration::from_millis(to.as_millisecond() - from.as_millisecond()).as_mins();
    match minutes {
        ..1 => "less than a minute".to_owned(),
        1..60 => format!("{minutes} min"),
        60..1440 => format!("{} h {:02} min", minutes / 60, minutes % 60),
        _ => format!("{} d {} h", minutes / 1440, minutes % 1440 / 60),
    }
}

/// `2026-06-01 03:03:00 UTC`
pub fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// `12,345`
pub fn count(n: u64) -> String {
    let shown = Usd::new(Decimal::from(n)).display();
    shown.trim_start_matches('$').trim_end_matches(".00").to_owned()
}

/// `1 file`, `2 files`, `2 days`, `2 anomalies`.
pub fn counted(n: u64, what: &str) -> String {
    let number = count(n);
    let changes = |stem: &&str| !stem.ends_with(['a', 'e', 'i', 'o', 'u']);
    match what.strip_suffix('y').filter(changes) {
        _ if n == 1 => format!("{number} {what}"),
        Some(stem) => format!("{number} {stem}ies"),
        None => format!("{number} {what}s"),
    }
}

/// With a capital letter at its beginning.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Text from outside without what a terminal or a chat would obey: escape sequences, line breaks,
/// marks that turn the direction of writing or are not seen.
pub fn clean(text: &str) -> String {
    let hostile = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.chars().map(|c| if hostile(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_command_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\nc\u{202e}d"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d");
    }

    #[test]
    fn counts_and_durations_are_easy_to_read() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(0), "0");
        assert_eq!(hex(&[0, 10, 255]), "000aff");
        assert_eq!([counted(1, "anomaly"), counted(2, "anomaly")], ["1 anomaly", "2 anomalies"]);
        assert_eq!([counted(0, "day"), counted(1_000, "file")], ["0 days", "1,000 files"]);
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let begin = at("2026-06-01T00:00:00Z");
        assert_eq!(duration(begin, at("2026-06-01T00:00:20Z")), "less than a minute");
        assert_eq!(duration(begin, at("2026-06-01T02:05:00Z")), "2 h 05 min");
        assert_eq!(duration(begin, at("2026-06-04T04:00:00Z")), "3 d 4 h");
    }
}
