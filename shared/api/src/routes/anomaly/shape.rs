//! Shapes of anomalies.

use crate::reply::Money;
use domain::anomaly::{Anomaly, Member, Status};
use domain::answer::Answer;
use domain::card::Card;
use domain::channels::Term;
use domain::cost_event::CostEvent;
use domain::decision::Basis;
use domain::governance::called;
use domain::money::Usd;
use domain::told::Snooze;
use domain::words;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// An anomaly: one alert, or several that belong together.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Anomaly)]
pub(crate) struct AnomalyView {
    id: String,
    account_id: String,
    /// `open`, `expected`, `snoozed`, `resolved`.
    status: Standing,
    /// `info`, `warning`, `critical`.
    severity: String,
    /// `send`; other words for what was held back or only rehearsed.
    delivery: String,
    /// What happened, in a sentence.
    text: String,
    actor: ActorView,
    service: String,
    #[schema(example = "p4d.24xlarge")]
    resource_type: String,
    #[schema(example = "eu-west-1")]
    region: String,
    started_at: String,
    last_at: String,
    resolved_at: Option<String>,
    /// When its first message went out, to the second; none where none did.
    alerted_at: Option<String>,
    /// Alerts that belong to it.
    alerts: u64,
    /// Resources that they started or made dearer.
    count: u64,
    /// What they added an hour, whether or not it still runs.
    hourly: Money,
    /// What of it runs now costs an hour.
    running_hourly: Money,
    /// What it has cost so far.
    spent: Money,
    /// Whether all prices are known; where not, amounts are upper bounds.
    price_known: bool,
    answer: Option<AnswerView>,
    snoozed_until: Option<String>,
    /// Why people could not be told.
    undelivered: Option<String>,
    /// Where its card stands.
    slack_message_url: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnomalyList {
    pub(crate) items: Vec<AnomalyView>,
    /// Where the next page begins; none after the last. A page may have fewer entries than were asked
    /// for, even none, and a next one.
    pub(crate) next: Option<String>,
}

/// Who answers for it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActorView {
    /// Stable identity.
    #[schema(example = "role/Deploy")]
    id: String,
    /// As people read it: the person behind a role session, where the session tells.
    name: String,
}

/// What somebody said of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AnswerView {
    /// `expected` or `not_expected`.
    answer: String,
    /// Who said so, as people call him.
    by: String,
    at: String,
}

/// How an anomaly stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// Something of it runs, and nobody has said that it is meant to.
    Open,
    /// It runs and was meant to.
    Expected,
    /// Nobody wants to hear of it for a time.
    Snoozed,
    /// All of it has ended.
    Resolved,
}

impl Standing {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Expected => "expected",
            Self::Snoozed => "snoozed",
            Self::Resolved => "resolved",
        }
    }
}

/// How an anomaly stands at a moment.
pub(crate) fn standing(anomaly: &Anomaly, now: Timestamp) -> Standing {
    let expected = |each: &domain::answer::Answered| each.answer == Answer::Expected;
    match &anomaly.status {
        Status::Resolved { .. } => Standing::Resolved,
        Status::Open if anomaly.answered.as_ref().is_some_and(expected) => Standing::Expected,
        Status::Open if anomaly.is_snoozed(now) => Standing::Snoozed,
        Status::Open => Standing::Open,
    }
}

impl AnomalyView {
    pub(crate) fn new(anomaly: &Anomaly, now: Timestamp) -> Self {
        let first = anomaly.members.first();
        let resolved_at = match &anomaly.status {
            Status::Resolved { at, .. } => Some(*at),
            Status::Open => None,
        };
        let message = anomaly.told.message.as_ref();
        Self {
            id: anomaly.id.clone(),
            account_id: anomaly.account.to_string(),
            status: standing(anomaly, now),
            severity: anomaly.severity.code().to_owned(),
            delivery: anomaly.delivery.code().to_owned(),
            text: words::began(anomaly),
            actor: ActorView {
                id: anomaly.actor.id.clone(),
                name: words::clean(&words::who(&anomaly.actor)),
            },
            service: first.map(|member| member.service.code().to_owned()).unwrap_or_default(),
            resource_type: first.map(|member| member.resource_type.clone()).unwrap_or_default(),
            region: first.map(|member| member.region.to_string()).unwrap_or_default(),
            started_at: anomaly.first_at.to_string(),
            last_at: anomaly.last_at.to_string(),
            resolved_at: resolved_at.map(|at| at.to_string()),
            alerted_at: anomaly.alerted_at().map(|at| at.to_string()),
            alerts: anomaly.alerts,
            count: anomaly.count,
            hourly: anomaly.hourly.into(),
            running_hourly: anomaly.open.rate.usd().into(),
            spent: anomaly.spent(resolved_at.unwrap_or(now)).into(),
            price_known: anomaly.price_known,
            answer: anomaly.answered.as_ref().map(|answered| AnswerView {
                answer: answered.answer.code().to_owned(),
                by: called(&answered.by).to_owned(),
                at: answered.at.to_string(),
            }),
            snoozed_until: snooze(anomaly, now).map(|snooze| snooze.until.to_string()),
            undelivered: anomaly.told.undelivered.clone(),
            slack_message_url: message.and_then(|message| message.permalink.clone()),
        }
    }
}

/// All that is known of an anomaly.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AnomalyDetail)]
pub(crate) struct AnomalyDetail {
    #[serde(flatten)]
    anomaly: AnomalyView,
    /// As Slack shows it; none once its first event is no longer kept.
    card: Option<CardView>,
    /// Its events, the first 50 of them, each with every term of its score.
    events: Vec<EventView>,
    /// What its actor started besides, within a week before and after.
    related: Vec<LaunchView>,
    /// What the most that ran at once would have cost by now, had nobody stopped it.
    avoided: Money,
    /// Who ended the last of it, as the card names him; none where no call was seen.
    resolved_by: Option<String>,
    /// Who snoozed it, as long as that holds.
    snoozed_by: Option<String>,
    /// When he did.
    snoozed_at: Option<String>,
}

/// The card: what people read first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CardView {
    /// Rate and what.
    title: String,
    /// All of it in one sentence.
    sentence: String,
    who: String,
    /// The call.
    call: String,
    at: String,
    /// What it costs, a line each, with the arithmetic.
    cost: Vec<String>,
    /// Why this alert, a line each.
    why: Vec<String>,
    /// How to stop it, the reversible step first. Never run by us.
    stop: Vec<StepView>,
}

/// One way of stopping it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepView {
    remark: String,
    commands: Vec<String>,
}

/// One event of an anomaly.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventView {
    id: String,
    at: String,
    /// The call.
    name: String,
    service: String,
    resource_type: String,
    region: String,
    count: u64,
    /// Names of the first few resources.
    resources: Vec<String>,
    /// What it added an hour.
    hourly: Money,
    /// Whether all of its price is known; where not, `hourly` is an upper bound.
    price_known: bool,
    /// Once in so many weeks of such accounts, as weighed: the highest of the terms.
    score: String,
    /// The score from which it alerts.
    threshold: String,
    /// `safety_net` or `score`: what called for the alert.
    basis: String,
    severity: String,
    /// Each step of the decision in words.
    reasons: Vec<String>,
    terms: Vec<TermView>,
}

/// One reason for a score, with the numbers that it comes from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TermView {
    name: String,
    /// How rare: by chance once in so many account-weeks.
    value: String,
    /// What that counts.
    weight: String,
    /// Value times weight.
    points: String,
    /// In words.
    text: String,
    /// The whole numbers that the value was computed from.
    inputs: Vec<InputView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InputView {
    name: String,
    /// A whole number; it may be longer than others can count.
    value: String,
}

/// Something that was started.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LaunchView {
    at: String,
    text: String,
    service: String,
    resource_type: String,
    region: String,
    count: u64,
    hourly: Money,
}

impl AnomalyDetail {
    pub(crate) fn new(
        anomaly: &Anomaly,
        opening: Option<&CostEvent>,
        related: &[CostEvent],
        now: Timestamp,
    ) -> Self {
        let snooze = snooze(anomaly, now);
        Self {
            anomaly: AnomalyView::new(anomaly, now),
            card: opening.map(|event| CardView::new(&Card::new(anomaly, event, now))),
            events: anomaly.members.iter().map(EventView::new).collect(),
            related: related.iter().map(LaunchView::new).collect(),
            avoided: anomaly.avoided(now).max(Usd::ZERO).into(),
            resolved_by: resolved_by(&anomaly.status),
            snoozed_by: snooze.map(|snooze| called(&snooze.by).to_owned()),
            snoozed_at: snooze.map(|snooze| snooze.at.to_string()),
        }
    }
}

/// The silence that holds.
fn snooze(anomaly: &Anomaly, now: Timestamp) -> Option<&Snooze> {
    anomaly.snooze.as_ref().filter(|snooze| snooze.until > now)
}

/// AWS reports ends whose call nobody saw: those are nobody's.
fn resolved_by(status: &Status) -> Option<String> {
    let Status::Resolved { by, .. } = status else { return None };
    (!by.is_reporting()).then(|| words::clean(&words::who(by)))
}

impl CardView {
    fn new(card: &Card) -> Self {
        let step = |step: &domain::card::Step| StepView {
            remark: step.remark.clone(),
            commands: step.commands.clone(),
        };
        Self {
            title: card.title(),
            sentence: card.sentence.clone(),
            who: card.who.clone(),
            call: card.call.clone(),
            at: card.at.to_string(),
            cost: card.cost_lines(),
            why: card.why.clone(),
            stop: card.stop.iter().map(step).collect(),
        }
    }
}

impl EventView {
    fn new(member: &Member) -> Self {
        Self {
            id: member.id.event.to_string(),
            at: member.time.to_string(),
            name: member.name.clone(),
            service: member.service.code().to_owned(),
            resource_type: member.resource_type.clone(),
            region: member.region.to_string(),
            count: member.count,
            resources: member.examples.clone(),
            hourly: member.hourly.into(),
            price_known: member.price_known(),
            score: member.score.to_string(),
            threshold: member.threshold.to_string(),
            basis: match member.basis {
                Basis::SafetyNet => "safety_net",
                Basis::Score => "score",
            }
            .to_owned(),
            severity: member.severity.code().to_owned(),
            reasons: member.reasons.iter().map(|reason| words::clean(reason)).collect(),
            terms: member.terms.iter().map(TermView::new).collect(),
        }
    }
}

impl TermView {
    fn new(term: &Term) -> Self {
        let input = |(name, value): &(std::borrow::Cow<'static, str>, i128)| InputView {
            name: name.clone().into_owned(),
            value: value.to_string(),
        };
        Self {
            name: term.name.clone().into_owned(),
            value: term.value.to_string(),
            weight: term.weight.to_string(),
            points: term.points().to_string(),
            text: words::clean(&term.text),
            inputs: term.inputs.iter().map(input).collect(),
        }
    }
}

impl LaunchView {
    fn new(event: &CostEvent) -> Self {
        Self {
            at: event.time.to_string(),
            text: words::clean(&words::what(event)),
            service: event.service.code().to_owned(),
            resource_type: event.resource_type.clone(),
            region: event.region.to_string(),
            count: event.count(),
            hourly: event.hourly_change.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::event::Actor;

    #[test]
    fn an_end_whose_call_nobody_saw_is_nobody_s() {
        let ended = |by: Actor| {
            resolved_by(&Status::Resolved { at: Timestamp::MIN, by: Box::new(by), how: None })
        };
        let reported = Actor::reporting("ec2.amazonaws.com");
        assert_eq!(ended(reported.clone()), None);
        let ana = Actor {
            id: "user/ana".to_owned(),
            kind: domain::event::ActorKind::IamUser,
            ..reported
        };
        assert_eq!(ended(ana).as_deref(), Some("user/ana"));
        assert_eq!(resolved_by(&Status::Open), None);
    }
}
