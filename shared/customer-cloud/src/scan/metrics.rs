//! Use of the last 14 days, by `GetMetricData`: all metrics of a scan together, since AWS charges
//! for each.

use crate::aws_error::AwsError;
use crate::client::Visit;
use crate::input::Input;
use crate::node::Node;
use crate::operation::GET_METRIC_DATA;
use domain::zombie::{DAYS, Measured};
use jiff::{SignedDuration, Timestamp};

/// Metrics of one request, the most that AWS takes.
const AT_ONCE: usize = 500;
/// Pages of one request's answer.
const PAGES: usize = 20;
/// A day.
const PERIOD: &str = "86400";

/// One metric.
#[derive(Debug, Clone)]
pub(crate) struct Metric {
    pub(crate) namespace: &'static str,
    pub(crate) name: &'static str,
    pub(crate) dimensions: Vec<(&'static str, String)>,
    pub(crate) of_days: OfDays,
    pub(crate) silence: Silence,
}

/// What is made of the figures of the days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OfDays {
    Sum,
    Maximum,
}

/// What it means when AWS has no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Silence {
    /// The metric is always reported: nothing is known.
    Unknown,
    /// AWS reports only what is not zero, and says so in its documentation.
    Zero,
}

/// A metric that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked(usize);

/// All metrics of a scan.
#[derive(Debug)]
pub(crate) struct Metrics {
    from: Timestamp,
    until: Timestamp,
    wanted: Vec<Metric>,
    answers: Vec<Answer>,
    asked: u64,
}

/// What came of a metric.
#[derive(Debug, Clone, Copy, Default)]
struct Answer {
    complete: bool,
    days: u32,
    value: f64,
}

impl Metrics {
    /// Of the 14 days before the last full hour.
    pub(crate) fn of_days_before(now: Timestamp) -> Self {
        let hour = now.as_second() - now.as_second().rem_euclid(3_600);
        let until = Timestamp::from_second(hour).unwrap_or(now);
        let days = SignedDuration::from_hours(i64::from(DAYS) * 24);
        let from = until.checked_sub(days).unwrap_or(until);
        Self { from, until, wanted: Vec::new(), answers: Vec::new(), asked: 0 }
    }

    /// Wants a metric.
    pub(crate) fn want(&mut self, metric: Metric) -> Asked {
        self.wanted.push(metric);
        Asked(self.wanted.len() - 1)
    }

    /// How many AWS charges for.
    pub(crate) const fn asked(&self) -> u64 {
        self.asked
    }

    /// Asks for all that is wanted. What cannot be had stays unknown.
    pub(crate) async fn fetch(&mut self, visit: &Visit<'_>) {
        self.answers = vec![Answer::default(); self.wanted.len()];
        for start in (0..self.wanted.len()).step_by(AT_ONCE) {
            let end = (start + AT_ONCE).min(self.wanted.len());
            if let Err(error) = self.fetch_some(visit, start, end).await {
                tracing::warn!(why = %error.why(GET_METRIC_DATA), "metrics could not be had");
            }
        }
    }

    async fn fetch_some(
        &mut self,
        visit: &Visit<'_>,
        start: usize,
        end: usize,
    ) -> Result<(), AwsError> {
        let input = self.input(start, end);
        let mut next: Option<String> = None;
        for _ in 0..PAGES {
            let asked = match &next {
                Some(next) => input.clone().with("NextToken", next),
                None => input.clone(),
            };
            let answer = visit.xml(GET_METRIC_DATA, asked).await;
            // Every request is charged for, whatever it brings.
            if answer != Err(AwsError::BrokenOff) {
                self.asked += (end - start) as u64;
            }
            let answer = answer?;
            for result in answer.list("GetMetricDataResult.MetricDataResults") {
                self.take(result);
            }
            next = answer.some("GetMetricDataResult.NextToken").map(str::to_owned);
            if next.is_none() {
                return Ok(());
            }
        }
        Err(AwsError::TooMany)
    }

    fn input(&self, start: usize, end: usize) -> Input {
        let mut form = vec![
            ("StartTime".to_owned(), self.from.to_string()),
            ("EndTime".to_owned(), self.until.to_string()),
        ];
        for (number, index) in (1..).zip(start..end) {
            if let Some(metric) = self.wanted.get(index) {
                push(&mut form, number, index, metric);
            }
        }
        Input::Form(form)
    }

    fn take(&mut self, result: &Node) {
        let index = result.text("Id").strip_prefix('m').and_then(|index| index.parse().ok());
        let Some(index): Option<usize> = index else { return };
        let (Some(answer), Some(metric)) = (self.answers.get_mut(index), self.wanted.get(index))
        else {
            return;
        };
        answer.complete = result.text("StatusCode") == "Complete";
        for value in result.list("Values") {
            let Ok(value) = value.own_text().parse::<f64>() else { continue };
            answer.days = answer.days.saturating_add(1).min(DAYS);
            answer.value = match metric.of_days {
                OfDays::Sum => answer.value + value,
                OfDays::Maximum => answer.value.max(value),
            };
        }
    }

    /// What was measured, if anything can be said.
    pub(crate) fn measured(&self, asked: Asked) -> Option<Measured> {
        let (answer, metric) = (self.answers.get(asked.0)?, self.wanted.get(asked.0)?);
        let measured = Measured { days: answer.days, value: answer.value };
        match metric.silence {
            _ if !answer.complete => None,
            Silence::Zero => Some(Measured { days: DAYS, ..measured }),
            Silence::Unknown if answer.days == 0 => None,
            Silence::Unknown => Some(measured),
        }
    }

    /// The same, if another metric, which is always reported, proves that AWS has measured at all.
    pub(crate) fn witnessed(&self, asked: Asked, witness: Asked) -> Option<Measured> {
        let days = self.measured(witness)?.days;
        Some(Measured { days, ..self.measured(asked)? })
    }

    /// The sum of several; unknown as soon as one is.
    pub(crate) fn sum(&self, asked: &[Asked]) -> Option<Measured> {
        let mut sum = Measured::NOTHING;
        for one in asked {
            let measured = self.measured(*one)?;
            sum.days = sum.days.min(measured.days);
            sum.value += measured.value;
        }
        Some(sum)
    }
}

fn push(form: &mut Vec<(String, String)>, number: usize, index: usize, metric: &Metric) {
    let query = format!("MetricDataQueries.member.{number}");
    let mut add =
        |name: String, value: &str| form.push((format!("{query}.{name}"), value.to_owned()));
    add("Id".to_owned(), &format!("m{index}"));
    add("MetricStat.Metric.Namespace".to_owned(), metric.namespace);
    add("MetricStat.Metric.MetricName".to_owned(), metric.name);
    for (place, (name, value)) in (1..).zip(&metric.dimensions) {
        let dimension = format!("MetricStat.Metric.Dimensions.member.{place}");
        add(format!("{dimension}.Name"), name);
        add(format!("{dimension}.Value"), value);
    }
    add("MetricStat.Period".to_owned(), PERIOD);
    let stat = if metric.of_days == OfDays::Sum { "Sum" } else { "Maximum" };
    add("MetricStat.Stat".to_owned(), stat);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metrics(silence: Silence, of_days: OfDays) -> (Metrics, Asked) {
        let mut metrics = Metrics::of_days_before("2026-06-15T12:34:56Z".parse().unwrap());
        let dimensions = vec![("InstanceId", "i-0abc".to_owned())];
        let (namespace, name) = ("AWS/EC2", "CPUUtilization");
        let asked = metrics.want(Metric { namespace, name, dimensions, of_days, silence });
        metrics.answers = vec![Answer::default()];
        (metrics, asked)
    }

    fn answered(status: &str, values: &[f64]) -> Node {
        let values: Vec<String> =
            values.iter().map(|it| format!("<member>{it}</member>")).collect();
        let values = values.concat();
        Node::parse(&format!(
            "<member><Id>m0</Id><StatusCode>{status}</StatusCode><Values>{values}</Values></member>"
        ))
        .unwrap()
    }

    #[test]
    fn fourteen_days_are_asked_for_up_to_the_last_full_hour() {
        let (metrics, _) = metrics(Silence::Unknown, OfDays::Maximum);
        let Input::Form(form) = metrics.input(0, 1) else { panic!() };
        let of = |name: &str| form.iter().find(|(it, _)| it == name).unwrap().1.clone();
        assert_eq!(of("StartTime"), "2026-06-01T12:00:00Z");
        assert_eq!(of("EndTime"), "2026-06-15T12:00:00Z");
        assert_eq!(
            of("MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Value"),
            "i-0abc"
        );
    }

    #[test]
    fn what_is_always_reported_and_is_not_there_is_unknown() {
        let (mut metrics, asked) = metrics(Silence::Unknown, OfDays::Sum);
        assert_eq!(metrics.measured(asked), None);
        metrics.take(&answered("Complete", &[]));
        assert_eq!(metrics.measured(asked), None);
        metrics.take(&answered("Complete", &[1.0, 2.0]));
        assert_eq!(metrics.measured(asked), Some(Measured { days: 2, value: 3.0 }));
    }

    #[test]
    fn what_is_reported_only_when_it_happens_and_is_not_there_did_not_happen() {
        let (mut metrics, asked) = metrics(Silence::Zero, OfDays::Sum);
        assert_eq!(metrics.measured(asked), None, "nothing was answered at all");
        metrics.take(&answered("InternalError", &[]));
        assert_eq!(metrics.measured(asked), None);
        metrics.take(&answered("Complete", &[]));
        assert_eq!(metrics.measured(asked), Some(Measured::NOTHING));
    }

    #[test]
    fn a_maximum_is_that_of_the_busiest_day() {
        let (mut metrics, asked) = metrics(Silence::Unknown, OfDays::Maximum);
        metrics.take(&answered("Complete", &[1.0, 9.5, 3.0]));
        assert_eq!(metrics.measured(asked), Some(Measured { days: 3, value: 9.5 }));
    }

    #[test]
    fn hostile_answers_change_nothing() {
        let (mut metrics, asked) = metrics(Silence::Unknown, OfDays::Sum);
        for id in ["m7", "x", "m-1", "m99999999999999999999", ""] {
            let xml = format!("<member><Id>{id}</Id><StatusCode>Complete</StatusCode></member>");
            metrics.take(&Node::parse(&xml).unwrap());
        }
        assert_eq!(metrics.measured(asked), None);
    }
}
