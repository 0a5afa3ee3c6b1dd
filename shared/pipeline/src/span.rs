//! The span of one scored cost event: why it alerted or did not, for whoever collects spans.
//!
//! It says nothing of a customer but his account, and that only as a hash: what is recorded here is
//! what looks like an id, and who exports spans puts the keyed hash in its place, as in log lines.

use domain::assessment::{self, AccountState, Assessment};
use domain::baseline::BaselineKey;
use domain::channels::Term;
use domain::cost_event::CostEvent;
use domain::decision::Verdict;
use domain::fixed::Millionths;
use domain::policy::Policy;
use jiff::Timestamp;
use tracing::Span;
use tracing::field::Empty;

/// Name of the span. It is for collectors alone: lines of logs have no use for it.
pub const NAME: &str = "anomaly_scoring";

/// Judges an event, in a span if it costs more than before and somebody collects spans.
pub(crate) fn judge(event: CostEvent, state: &mut AccountState, policy: &Policy) -> Assessment {
    let span = if event.costs_more() { begin() } else { Span::none() };
    if span.is_disabled() {
        return assessment::judge(event, state, policy);
    }
    let first_at = state.history.get(&BaselineKey::Account).first_at;
    let assessment = span.in_scope(|| assessment::judge(event, state, policy));
    describe(&span, &assessment, first_at);
    assessment
}

/// All names have to stand here: a name that does not is not recorded.
fn begin() -> Span {
    tracing::info_span!(
        NAME,
        cost.account_id_hash = Empty,
        cost.service = Empty,
        cost.anomaly_score = Empty,
        cost.z_score = Empty,
        cost.instance_novelty = Empty,
        cost.actor_novelty = Empty,
        cost.alert_triggered = Empty,
        cost.baseline_days = Empty,
        cost.fast_path_triggered = Empty,
        cost.hourly_rate = Empty,
        cost.term.rate = Empty,
        cost.term.burst_dollars = Empty,
        cost.term.launch_rate = Empty,
        cost.term.novelty = Empty,
        cost.term.burn_ramp = Empty,
        cost.term.open_burn = Empty,
        cost.term.learned = Empty,
    )
}

fn describe(span: &Span, assessment: &Assessment, first_at: Option<Timestamp>) {
    let Assessment { event, score, decision, .. } = assessment;
    span.record("cost.account_id_hash", event.account.as_str());
    span.record("cost.service", event.service.code());
    span.record("cost.anomaly_score", decision.score.to_f64());
    let alert = matches!(decision.verdict, Verdict::Alert { .. });
    span.record("cost.alert_triggered", alert);
    span.record("cost.baseline_days", whole_days(first_at, event.time));
    span.record("cost.fast_path_triggered", decision.by_safety_net);
    let rate = Millionths(event.hourly_change.micros().0);
    span.record("cost.hourly_rate", rate.to_f64());
    for term in &score.terms {
        of_term(span, term);
    }
}

/// A channel that is switched off has no term, and so nothing of what it sees is recorded.
fn of_term(span: &Span, term: &Term) {
    let name = format!("cost.term.{}", term.name);
    span.record(name.as_str(), term.points().to_f64());
    match &*term.name {
        "rate" => {
            span.record("cost.z_score", term.raw().to_f64());
        }
        "novelty" => {
            span.record("cost.instance_novelty", novelty(term, "type_n"));
            span.record("cost.actor_novelty", novelty(term, "actor_n"));
        }
        _ => {}
    }
}

/// 1 for what was never seen in the account, a half for what was seen once, and so on.
#[expect(clippy::cast_precision_loss, reason = "for people, not for decisions")]
fn novelty(term: &Term, seen: &str) -> f64 {
    let input = term.inputs.iter().find(|(name, _)| name == seen);
    let times = input.map_or(0, |(_, times)| *times).max(0);
    1.0 / (1.0 + times as f64)
}

fn whole_days(first_at: Option<Timestamp>, now: Timestamp) -> i64 {
    first_at.map_or(0, |first| now.duration_since(first).as_hours().max(0) / 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_channel_has_its_place_in_the_span() {
        // Only a span that somebody collects knows its fields.
        let span = tracing::subscriber::with_default(tracing_subscriber::registry(), begin);
        for channel in &domain::channels::CHANNELS {
            let name = format!("cost.term.{}", channel.name);
            assert!(span.has_field(name.as_str()), "{name}");
        }
    }

    fn term(name: &'static str, inputs: &[(&'static str, i128)]) -> Term {
        let inputs = inputs.iter().map(|(name, value)| ((*name).into(), *value)).collect();
        let (value, weight) = (Millionths::ZERO, Millionths::ZERO);
        Term { name: name.into(), value, weight, inputs, text: String::new() }
    }

    #[test]
    fn what_was_never_seen_is_new_and_each_time_makes_it_less_so() {
        let term = term("novelty", &[("actor_n", 0), ("type_n", 3)]);
        let seen = |name| Millionths::from_f64(novelty(&term, name));
        assert_eq!(seen("actor_n"), Millionths::hundredths(100));
        assert_eq!(seen("type_n"), Millionths::hundredths(25));
    }

    #[test]
    fn a_day_counts_when_it_is_over() {
        let at = |hours: i64| Timestamp::from_second(hours * 3_600).unwrap();
        let days = [0, 23, 24, 49].map(|hours| whole_days(Some(at(0)), at(hours)));
        assert_eq!(days, [0, 0, 1, 2]);
        assert_eq!(whole_days(Some(at(2)), at(1)), 0, "events may come out of order");
        assert_eq!(whole_days(None, at(100)), 0);
    }
}
