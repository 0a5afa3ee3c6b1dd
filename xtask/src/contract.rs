//! `contract`: stored names may be added, never changed or removed before their time.
//!
//! `infra-cdk/contract.json` is compared with the last released one. What is in the table outlives
//! the code that wrote it: a name that goes makes old items unreadable, and a variable or metric
//! that goes breaks a stack or an alarm that is still there.

use crate::command::root;
use crate::git;
use jiff::civil::Date;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs;

const PRESENT: &str = "infra-cdk/contract.json";
const RELEASED: &str = "infra-cdk/released/contract.json";
const SUNSETS: &str = "infra-cdk/released/sunsets.json";
/// Generated from the coverage table: which calls are forwarded, nothing that is stored.
const FREE: &str = "patterns";
/// An old name and its successor live together for at most so many days.
const MAX_SUNSET_DAYS: i32 = 30;

/// An old name that has a successor.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sunset {
    /// Where the old name stands: `attributes.cost_event.hourlyChangeUsd`.
    old: String,
    /// Where its successor stands: the same with `_v2` at the end. `None` for a variable that is
    /// withdrawn: a function and its variables are deployed in one step, so nobody misses it.
    new: Option<String>,
    /// When both were first written.
    recorded: Date,
    /// The last day on which both are written.
    last_day: Date,
}

/// Compares the present contract with the released one, as of a day.
pub(crate) fn check(day: Date) -> Result<(), String> {
    let sunsets = sunsets(&text(SUNSETS)?)?;
    let (released, present) = (places(&text(RELEASED)?)?, places(&text(PRESENT)?)?);
    let mut faults = violations(&released, &present, &sunsets, day);
    faults.extend(released_before(&released, &sunsets, day)?);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// Makes the present contract the released one.
pub(crate) fn release(day: Date) -> Result<(), String> {
    check(day)?;
    fs::copy(root().join(PRESENT), root().join(RELEASED)).map_err(|error| error.to_string())?;
    println!("{RELEASED} is now what {PRESENT} says");
    Ok(())
}

/// What the released contract itself has lost since the commit before: nobody edits it by hand.
fn released_before(
    released: &Places,
    sunsets: &[Sunset],
    day: Date,
) -> Result<Vec<String>, String> {
    let Some(base) = git::is_there().then(git::base).flatten() else { return Ok(Vec::new()) };
    // The first release has none before it.
    let Ok(before) = git::git(&["show", &format!("{base}:{RELEASED}")]) else {
        return Ok(Vec::new());
    };
    Ok(lost(&places(&before)?, released, sunsets, day))
}

fn text(file: &str) -> Result<String, String> {
    fs::read_to_string(root().join(file)).map_err(|error| format!("{file}: {error}"))
}

/// Every name of a contract with what it means: `table.indexes.GSI1.sortKey` is `"GSI1SK"`, a name
/// in a list is there.
type Places = BTreeMap<String, String>;

fn places(json: &str) -> Result<Places, String> {
    let mut value: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    value.as_object_mut().ok_or("a contract is an object")?.remove(FREE);
    let mut places = Places::new();
    gather("", &value, &mut places);
    Ok(places)
}

fn gather(place: &str, value: &Value, places: &mut Places) {
    match value {
        Value::Object(fields) => each(place, fields.iter(), places),
        // A list has no order that matters: its parts go by their names, or by what they are.
        Value::Array(items) => {
            let named: Vec<(String, &Value)> =
                items.iter().map(|item| (name(item), item)).collect();
            each(place, named.iter().map(|(name, item)| (name, *item)), places);
        }
        plain => {
            places.insert(place.to_owned(), plain.to_string());
        }
    }
}

fn each<'a>(
    place: &str,
    parts: impl Iterator<Item = (&'a String, &'a Value)>,
    places: &mut Places,
) {
    places.insert(place.to_owned(), String::new());
    for (name, part) in parts {
        let inside = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
        gather(&inside, part, places);
    }
}

fn name(item: &Value) -> String {
    let name = item.get("name").unwrap_or(item);
    name.as_str().map_or_else(|| name.to_string(), str::to_owned)
}

fn sunsets(json: &str) -> Result<Vec<Sunset>, String> {
    let entries: Vec<Map<String, Value>> =
        serde_json::from_str(json).map_err(|error| format!("{SUNSETS}: {error}"))?;
    entries.iter().map(sunset).collect()
}

fn sunset(entry: &Map<String, Value>) -> Result<Sunset, String> {
    word(entry, "reason")?;
    let old = word(entry, "old")?.to_owned();
    if entry.contains_key("withdrawn") {
        let recorded = date(entry, "withdrawn")?;
        let last_day = recorded.yesterday().map_err(|error| error.to_string())?;
        return Ok(Sunset { old, new: None, recorded, last_day });
    }
    let new = Some(word(entry, "new")?.to_owned());
    let (recorded, last_day) = (date(entry, "recorded")?, date(entry, "sunset")?);
    Ok(Sunset { old, new, recorded, last_day })
}

fn word<'a>(entry: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    let word = entry.get(name).and_then(Value::as_str).map(str::trim);
    let word = word.filter(|word| !word.is_empty());
    word.ok_or_else(|| format!("{SUNSETS}: an entry has no {name}"))
}

fn date(entry: &Map<String, Value>, name: &str) -> Result<Date, String> {
    word(entry, name)?.parse().map_err(|error| format!("{SUNSETS}: {name}: {error}"))
}

/// All that is wrong with a contract as of a day.
fn violations(released: &Places, present: &Places, sunsets: &[Sunset], day: Date) -> Vec<String> {
    let mut faults = lost(released, present, sunsets, day);
    faults.extend(sunsets.iter().filter_map(|sunset| of_sunset(sunset, present, day)));
    faults.extend(without_partner(present, sunsets));
    faults
}

/// Names that are gone or mean something else, but for those whose sunset is over.
fn lost(before: &Places, after: &Places, sunsets: &[Sunset], day: Date) -> Vec<String> {
    let gone =
        |place: &str| sunsets.iter().any(|sunset| sunset.covers(place) && day > sunset.last_day);
    let kept = before.iter().filter(|(place, _)| !gone(place));
    kept.filter_map(|(place, meaning)| match after.get(place) {
        None => Some(format!("{place} is gone")),
        Some(now) if now != meaning => Some(format!("{place}: {meaning} became {now}")),
        Some(_) => None,
    })
    .collect()
}

impl Sunset {
    fn covers(&self, place: &str) -> bool {
        let inside = place.strip_prefix(self.old.as_str());
        inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// While a sunset runs both names are there; after it the old one is not.
fn of_sunset(sunset: &Sunset, present: &Places, day: Date) -> Option<String> {
    let Sunset { old, new, recorded, last_day: last } = sunset;
    let Some(new) = new else { return of_withdrawal(old, present) };
    let days = (*last - *recorded).get_days();
    let (has_old, has_new) = (present.contains_key(old), present.contains_key(new));
    if *new != format!("{old}_v2") {
        Some(format!("{old}: its successor is called {old}_v2, not {new}"))
    } else if !(0..=MAX_SUNSET_DAYS).contains(&days) || *recorded > day {
        Some(format!("{old}: a sunset is at most {MAX_SUNSET_DAYS} days after it was recorded"))
    } else if !has_new {
        Some(format!("{new} is recorded in {SUNSETS} but not in the contract"))
    } else if day > *last && has_old {
        Some(format!("{old}: its sunset was on {last}, it has to go"))
    } else {
        None
    }
}

/// Only a function's variable may go at once, and then it is gone.
fn of_withdrawal(old: &str, present: &Places) -> Option<String> {
    let parts: Vec<&str> = old.split('.').collect();
    match parts.as_slice() {
        ["functions", _, "environment", _] if present.contains_key(old) => {
            Some(format!("{old} is recorded as withdrawn in {SUNSETS}, and is still there"))
        }
        ["functions", _, "environment", _] => None,
        _ => Some(format!("{old} cannot be withdrawn: it outlives a deployment")),
    }
}

/// A `_v2` without its recorded partner: nobody could read what was written before.
fn without_partner(present: &Places, sunsets: &[Sunset]) -> Vec<String> {
    let successors = present.keys().filter(|place| place.ends_with("_v2"));
    let alone =
        successors.filter(|place| !sunsets.iter().any(|sunset| sunset.new.as_ref() == Some(place)));
    alone.map(|place| format!("{place} has no entry in {SUNSETS} that names its partner")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil;

    fn date_of(month: i8, day: i8) -> Date {
        civil::date(2026, month, day)
    }

    const CONTRACT: &str = r#"{
        "table": {"name": "main", "partitionKey": "PK", "indexes": [{"name": "GSI1", "sortKey": "GSI1SK"}]},
        "attributes": {"cost_event": ["id", "hourlyUsd"]},
        "functions": {"notifier": {"environment": ["STAGE"]}},
        "optionalEnvironment": ["LOG_LEVEL"],
        "metrics": {"names": ["Told"], "namespace": "dd0c-cost"},
        "streamEntities": ["CostEvent"],
        "patterns": {"calls": [{"source": ["aws.ec2"]}]}
    }"#;
    const SUNSET: &str = r#"[{"old": "attributes.cost_event.hourlyUsd",
        "new": "attributes.cost_event.hourlyUsd_v2", "recorded": "2026-03-01",
        "sunset": "2026-03-31", "reason": "micro-dollars"}]"#;

    /// Faults of the made-up contract after a change of its text, on a day of March 2026.
    fn on(day: i8, change: &[(&str, &str)], sunset: &str) -> Vec<String> {
        let mut text = CONTRACT.to_owned();
        for (piece, by) in change {
            assert!(text.contains(piece), "{piece}");
            text = text.replace(piece, by);
        }
        let day = if day > 31 { date_of(4, day - 31) } else { date_of(3, day) };
        let (before, after) = (places(CONTRACT).unwrap(), places(&text).unwrap());
        violations(&before, &after, &sunsets(sunset).unwrap(), day)
    }

    fn after(piece: &str, by: &str) -> Vec<String> {
        on(1, &[(piece, by)], "[]")
    }

    const BOTH: (&str, &str) = (r#""hourlyUsd""#, r#""hourlyUsd", "hourlyUsd_v2""#);
    const NEW_ALONE: (&str, &str) = (r#""hourlyUsd""#, r#""hourlyUsd_v2""#);

    #[test]
    fn what_is_added_and_what_is_free_passes() {
        assert!(after(r#""id""#, r#""id", "more""#).is_empty());
        assert!(after(r#"["Told"]"#, r#"["Held", "Told"]"#).is_empty());
        assert!(
            after(r#""partitionKey": "PK""#, r#""partitionKey": "PK", "expiry": "x""#).is_empty()
        );
        assert!(after(r#"{"source": ["aws.ec2"]}"#, "").is_empty());
    }

    #[test]
    fn each_kind_of_name_that_goes_or_changes_is_found() {
        for (piece, by, fault) in [
            (r#""PK""#, r#""pk""#, r#"table.partitionKey: "PK" became "pk""#),
            (r#""partitionKey": "PK","#, "", "table.partitionKey is gone"),
            (r#""main""#, r#""other""#, r#"table.name: "main" became "other""#),
            (r#"{"name": "GSI1", "sortKey": "GSI1SK"}"#, "", "table.indexes.GSI1 is gone"),
            (r#""GSI1SK""#, r#""SK""#, r#"table.indexes.GSI1.sortKey: "GSI1SK" became "SK""#),
            (r#", "hourlyUsd""#, "", "attributes.cost_event.hourlyUsd is gone"),
            (r#"["STAGE"]"#, "[]", "functions.notifier.environment.STAGE is gone"),
            (r#""notifier": {"environment": ["STAGE"]}"#, "", "functions.notifier is gone"),
            (r#"["LOG_LEVEL"]"#, "[]", "optionalEnvironment.LOG_LEVEL is gone"),
            (r#"["Told"]"#, "[]", "metrics.names.Told is gone"),
            (r#""dd0c-cost""#, r#""dd0c""#, r#"metrics.namespace: "dd0c-cost" became "dd0c""#),
            (r#"["CostEvent"]"#, r#"["Cost"]"#, "streamEntities.CostEvent is gone"),
        ] {
            let found = after(piece, by);
            assert!(found.iter().any(|each| each == fault), "{by}: {found:?}");
        }
    }

    #[test]
    fn a_successor_lives_beside_the_old_name_until_its_sunset() {
        assert!(on(1, &[BOTH], SUNSET).is_empty());
        assert!(on(31, &[BOTH], SUNSET).is_empty());
        let late = on(32, &[BOTH], SUNSET);
        assert!(late[0].contains("its sunset was on 2026-03-31, it has to go"), "{late:?}");
    }

    #[test]
    fn the_old_name_goes_after_its_sunset_and_not_before() {
        let early = on(31, &[NEW_ALONE], SUNSET);
        assert_eq!(early, ["attributes.cost_event.hourlyUsd is gone"]);
        assert!(on(32, &[NEW_ALONE], SUNSET).is_empty());
    }

    #[test]
    fn a_successor_without_an_entry_and_an_entry_without_a_successor_are_found() {
        assert!(on(1, &[BOTH], "[]")[0].contains("has no entry"));
        assert!(on(1, &[], SUNSET)[0].contains("is recorded"));
    }

    #[test]
    fn a_sunset_is_short_has_a_reason_and_names_the_successor_v2() {
        assert!(
            on(1, &[BOTH], &SUNSET.replace("2026-03-31", "2026-04-01"))[0].contains("at most 30")
        );
        assert!(
            on(1, &[BOTH], &SUNSET.replace("2026-03-31", "2026-02-01"))[0].contains("at most 30")
        );
        let other = SUNSET.replace("hourlyUsd_v2", "hourlyMicros");
        assert!(on(1, &[BOTH], &other).iter().any(|fault| fault.contains("is called")));
        for field in ["reason", "old", "new", "recorded", "sunset"] {
            let without = SUNSET.replace(&format!("\"{field}\""), "\"other\"");
            assert!(sunsets(&without).unwrap_err().contains(field));
        }
    }

    #[test]
    fn a_function_s_variable_may_be_withdrawn_at_once_and_nothing_else() {
        let withdrawn = |old: &str| {
            format!(r#"[{{"old": "{old}", "withdrawn": "2026-03-01", "reason": "not read"}}]"#)
        };
        let variable = withdrawn("functions.notifier.environment.STAGE");
        let gone = (r#"["STAGE"]"#, "[]");
        assert!(on(1, &[gone], &variable).is_empty());
        assert!(on(1, &[], &variable)[0].contains("still there"));
        for lasting in ["functions.notifier", "attributes.cost_event.id", "metrics.names.Told"] {
            let found = on(1, &[], &withdrawn(lasting));
            assert!(found[0].contains("cannot be withdrawn"), "{found:?}");
        }
    }

    #[test]
    fn what_only_begins_like_an_old_name_is_not_covered() {
        let sunset =
            SUNSET.replace("attributes.cost_event.hourlyUsd", "attributes.cost_event.hourly");
        let found = on(32, &[(r#", "hourlyUsd""#, "")], &sunset);
        assert!(found.contains(&"attributes.cost_event.hourlyUsd is gone".to_owned()), "{found:?}");
    }
}
