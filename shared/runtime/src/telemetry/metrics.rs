//! Metrics in `CloudWatch`'s embedded metric format: a JSON line on standard output becomes a metric,
//! without a request. Names, units and dimensions stand here and nowhere else.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::io::Write;

/// Namespace of all metrics.
pub const NAMESPACE: &str = "dd0c-cost";

/// What is counted and measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Metric {
    /// Events that the router trusted and sent on.
    Accepted,
    /// Calls of our own that came back over the bus: events flow.
    Proofs,
    /// Events that it refused, by reason.
    Refused,
    /// Messages that will never succeed, by function.
    Rejected,
    /// Cost events stored.
    CostEvents,
    /// Events that had been stored before.
    Duplicates,
    /// Messages that cost nothing, by reason.
    Skipped,
    /// Alerts that a circuit breaker holds back.
    HeldBack,
    /// Notices that people were told.
    Told,
    /// Times that people could not be told: no Slack, or none that takes messages.
    Undelivered,
    /// Subscriptions that were ended since their tenant had another one.
    SecondSubscriptions,
    /// Pieces of work on accounts, by what became of them.
    Worked,
    /// Seconds from storing an event to people reading of it.
    AlertLatency,
}

/// As `CloudWatch` knows them.
const NAMES: [(Metric, &str); 13] = [
    (Metric::Accepted, "Accepted"),
    (Metric::Proofs, "Proofs"),
    (Metric::Refused, "Refused"),
    (Metric::Rejected, "Rejected"),
    (Metric::CostEvents, "CostEvents"),
    (Metric::Duplicates, "Duplicates"),
    (Metric::Skipped, "Skipped"),
    (Metric::HeldBack, "HeldBack"),
    (Metric::Told, "Told"),
    (Metric::Undelivered, "Undelivered"),
    (Metric::SecondSubscriptions, "SecondSubscriptions"),
    (Metric::Worked, "Worked"),
    (Metric::AlertLatency, "AlertLatency"),
];

impl Metric {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(metric, _)| *metric)
    }

    /// As `CloudWatch` knows it.
    pub fn name(self) -> &'static str {
        let named = NAMES.iter().find(|(metric, _)| *metric == self);
        named.map_or("Unnamed", |(_, name)| name)
    }

    const fn unit(self) -> &'static str {
        match self {
            Self::AlertLatency => "Seconds",
            _ => "Count",
        }
    }
}

/// Writes metrics of one function.
#[derive(Debug, Clone)]
pub struct Metrics {
    stage: String,
    function: &'static str,
}

impl Metrics {
    /// For a function in a stage.
    pub fn new(stage: &str, function: &'static str) -> Self {
        Self { stage: stage.to_owned(), function }
    }

    /// Writes one value; 0 of something is not worth a line.
    pub fn count(&self, metric: Metric, value: u64) {
        if value > 0 {
            self.write(metric, json!(value), None);
        }
    }

    /// Writes one value with the reason beside it.
    pub fn count_by(&self, metric: Metric, reason: &str, value: u64) {
        if value > 0 {
            self.write(metric, json!(value), Some(reason));
        }
    }

    /// Writes a duration.
    pub fn seconds(&self, metric: Metric, seconds: f64) {
        self.write(metric, json!(seconds), None);
    }

    fn write(&self, metric: Metric, value: Value, reason: Option<&str>) {
        let line = self.line(metric, value, reason, Timestamp::now());
        // Nobody can be told that a metric cannot be written.
        let _ = writeln!(std::io::stdout().lock(), "{line}");
    }

    /// Each value for the stage as a whole (what alarms look at) and by function or by reason.
    fn line(&self, metric: Metric, value: Value, reason: Option<&str>, now: Timestamp) -> Value {
        let finer = if reason.is_some() { "Reason" } else { "Function" };
        let mut line = Map::new();
        line.insert(
            "_aws".to_owned(),
            json!({
                "Timestamp": now.as_millisecond(),
                "CloudWatchMetrics": [{
                    "Namespace": NAMESPACE,
                    "Dimensions": [["Stage"], ["Stage", finer]],
                    "Metrics": [{"Name": metric.name(), "Unit": metric.unit()}],
                }],
            }),
        );
        line.insert("Stage".to_owned(), json!(self.stage));
        line.insert("Function".to_owned(), json!(self.function));
        if let Some(reason) = reason {
            line.insert("Reason".to_owned(), json!(reason));
        }
        line.insert(metric.name().to_owned(), value);
        Value::Object(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_each_dimension_and_the_metric_that_it_declares() {
        let metrics = Metrics::new("dev", "event-router");
        for reason in [None, Some("unknown_account")] {
            let line = metrics.line(Metric::Refused, json!(3), reason, Timestamp::UNIX_EPOCH);
            let declared = &line["_aws"]["CloudWatchMetrics"][0];
            assert_eq!(declared["Metrics"][0]["Name"], "Refused");
            assert_eq!(line["Refused"], 3);
            for set in declared["Dimensions"].as_array().unwrap() {
                for dimension in set.as_array().unwrap() {
                    assert!(line[dimension.as_str().unwrap()].is_string(), "{dimension}");
                }
            }
        }
    }
}
