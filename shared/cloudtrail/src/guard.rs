//! Guards: calls after which we may hear nothing more, and those of them that have changed nothing of
//! what we hear.

use crate::loose::{Loose, wire};
use crate::record::Call;
use crate::rules::{self, Hears};
use crate::selectors::Selectors;
use crate::skip::{Refusal, SkipReason};

/// Why such a call has blinded nobody; `None` if it may have. What cannot be read may have.
pub(crate) fn harmless(call: &Call<'_>, note: &str) -> Option<Refusal> {
    match (call.service, call.name) {
        ("events", "PutRule") => {
            let detail = harmless_rule(&call.request().ok()?)?.to_owned();
            Some(Refusal { reason: SkipReason::NotCostRelevant, detail })
        }
        ("events", "DisableRule" | "DeleteRule" | "RemoveTargets") => {
            let (reason, detail) = (SkipReason::NotCostRelevant, OF_OTHERS.to_owned());
            is_of_others(&call.request().ok()?).then_some(Refusal { reason, detail })
        }
        ("cloudtrail", "PutEventSelectors") => {
            let selectors: Selectors<'_> = call.request().ok()?;
            let reason = SkipReason::NotPricedYet;
            selectors.record_changes().then(|| Refusal { reason, detail: note.to_owned() })
        }
        _ => None,
    }
}

fn is_of_others(ended: &Ended<'_>) -> bool {
    let rule = ended.name.text().or_else(|| ended.rule.text());
    rule.is_some_and(|rule| !rule.starts_with(rules::PREFIX))
}

/// It is the pattern that counts, not who puts it: CloudFormation puts for whoever may ask it to, and
/// the template's own pattern does no harm in anybody's hands.
fn harmless_rule(rule: &PutRule<'_>) -> Option<&'static str> {
    let name = rule.name.text()?;
    if !name.starts_with(rules::PREFIX) {
        return Some(OF_OTHERS);
    }
    // Left out, it is as it was, or on; `ENABLED_WITH_ALL_…` hears more.
    let is_on = rule.state.text().is_none_or(|state| state.starts_with("ENABLED"));
    let hears = rules::hears(name, rule.pattern.text()?);
    (is_on && hears != Hears::SomethingElse).then_some("a rule of ours as our template puts it")
}

/// Customers have rules of their own, which come and go at each of their deployments.
const OF_OTHERS: &str = "a rule that is not ours";

wire! {
    struct Ended<'a> {
        "name" | "Name" => name: Loose<'a>,
        "rule" | "Rule" => rule: Loose<'a>,
    }

    struct PutRule<'a> {
        "name" | "Name" => name: Loose<'a>,
        "eventPattern" | "EventPattern" => pattern: Loose<'a>,
        "state" | "State" => state: Loose<'a>,
    }
}
