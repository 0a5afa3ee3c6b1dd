//! The demo's story, as it is told.

use cloudtrail::{Item, Options, Reader};
use domain::anomaly::Fold;
use domain::assessment::{AccountState, Assessment, assess};
use domain::card::{Card, Folded, Resolved};
use domain::open_resource::OpenResources;
use domain::policy::Policy;
use pricing::Book;
use serde_json::json;

/// Something that is told.
pub(crate) enum Told {
    Alert(Box<Card>),
    Folded(Box<Card>, Folded),
    Resolved(Resolved),
}

/// What the demo tells, in its order.
pub(crate) fn story() -> Vec<Told> {
    let json = json!({"Records": sample_trail::story::records()}).to_string();
    let (mut resources, mut account) = (OpenResources::default(), AccountState::default());
    let mut told = Vec::new();
    for item in Reader::new(json.as_bytes(), "story", Options::default()) {
        let Item::Event(event) = item else { continue };
        let assessed =
            assess(&event, Book::builtin(), &mut resources, &mut account, &Policy::default());
        for assessment in assessed {
            told.extend(alert(&assessment, &account));
            let ends = assessment.outcome.resolved.iter();
            told.extend(
                ends.filter_map(|id| Resolved::new(&account.anomalies[id])).map(Told::Resolved),
            );
        }
    }
    told
}

fn alert(assessment: &Assessment, account: &AccountState) -> Option<Told> {
    let (id, fold) = assessment.outcome.alert.as_ref()?;
    let (anomaly, event) = (&account.anomalies[id], &assessment.event);
    let card = Box::new(Card::new(anomaly, event, event.time));
    Some(match fold {
        Fold::New => Told::Alert(card),
        Fold::Folded { escalated } => {
            Told::Folded(card, Folded::new(anomaly, event, (1, *escalated)))
        }
    })
}
