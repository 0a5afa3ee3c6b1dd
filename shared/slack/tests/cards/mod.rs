//! Records, as they are told.

use cloudtrail::{Item, Options, Reader};
use domain::anomaly::Fold;
use domain::assessment::{AccountState, Assessment, assess};
use domain::card::{Card, Folded, Resolved};
use domain::cost_event::CostEvent;
use domain::open_resource::OpenResources;
use domain::policy::Policy;
use pricing::Book;
use sample_trail::Record;
use serde_json::json;
use std::collections::HashMap;

/// Something that is told.
pub(crate) enum Told {
    Alert(Box<Card>),
    Folded(Box<Card>, Folded),
    Resolved(Resolved),
}

/// What the demo tells, in its order.
pub(crate) fn story() -> Vec<Told> {
    tell(&sample_trail::story::records(), &Policy::default())
}

/// What is told of records under a policy, in their order.
pub(crate) fn tell(records: &[Record], policy: &Policy) -> Vec<Told> {
    let json = json!({"Records": records}).to_string();
    let (mut resources, mut account) = (OpenResources::default(), AccountState::default());
    let mut openings: HashMap<String, CostEvent> = HashMap::new();
    let mut told = Vec::new();
    for item in Reader::new(json.as_bytes(), "story", Options::default()) {
        let Item::Event(event) = item else { continue };
        let assessed = assess(&event, Book::builtin(), &mut resources, &mut account, policy);
        for assessment in assessed {
            told.extend(alert(&assessment, &account, &mut openings));
            let ends = assessment.outcome.resolved.iter();
            told.extend(
                ends.filter_map(|id| Resolved::new(&account.anomalies[id])).map(Told::Resolved),
            );
        }
    }
    told
}

/// The card is about the event that began the anomaly, whatever joined it.
fn alert(
    assessment: &Assessment,
    account: &AccountState,
    openings: &mut HashMap<String, CostEvent>,
) -> Option<Told> {
    let (id, fold) = assessment.outcome.alert.as_ref()?;
    let (anomaly, event) = (&account.anomalies[id], &assessment.event);
    let opening = openings.entry(id.clone()).or_insert_with(|| event.clone());
    let card = Box::new(Card::new(anomaly, opening, event.time));
    Some(match fold {
        Fold::New => Told::Alert(card),
        Fold::Folded { escalated } => {
            Told::Folded(card, Folded::new(anomaly, event, (1, *escalated)))
        }
    })
}
