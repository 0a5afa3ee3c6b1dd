//! Other rollouts for a while, given from outside: how something is switched off at night without
//! a release.

use crate::document::{Document, MAX_TTL_DAYS, Refused};
use crate::names;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The environment variable in which programs look for overrides.
pub const VARIABLE: &str = "FLAGS";

/// Overrides by the names of flags, as JSON:
/// `{"channel.rate": {"rollout_percent": 0, "until": "2026-12-01T00:00:00Z", "reason": "…"}}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Overrides(BTreeMap<String, Override>);

/// Another rollout of one flag until a moment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// For how many of a hundred accounts the flag is on; 0 to 100.
    pub rollout_percent: u8,
    /// From this moment on it counts no more; at most 14 days ahead.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
}

impl Overrides {
    /// Reads and checks the text of a variable; an empty one overrides nothing.
    pub(crate) fn read(text: &str, now: Timestamp, document: &Document) -> Result<Self, Refused> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let read: Self =
            serde_json::from_str(text).map_err(|error| Refused::Json(error.to_string()))?;
        let last = now + (i64::from(MAX_TTL_DAYS) * 24).hours();
        let faults: Vec<String> =
            read.0.iter().filter_map(|(name, own)| fault(name, own, last, document)).collect();
        if faults.is_empty() { Ok(read) } else { Err(Refused::Faults(faults)) }
    }

    /// What holds for a flag at a moment.
    pub(crate) fn of(&self, name: &str, at: Timestamp) -> Option<&Override> {
        self.0.get(name).filter(|own| at < own.until)
    }
}

fn fault(name: &str, own: &Override, last: Timestamp, document: &Document) -> Option<String> {
    let what = if names::is_of_the_safety_net(name) {
        "is about the safety net, which has no flag"
    } else if document.flag(name).is_none() {
        "is overridden, but there is no such flag"
    } else if own.rollout_percent > 100 {
        "is for 0 to 100 percent of the accounts"
    } else if own.until > last {
        "is overridden for more than 14 days: change the document instead"
    } else if own.reason.trim().is_empty() {
        "is overridden without a reason"
    } else {
        return None;
    };
    Some(format!("{name} {what}"))
}
