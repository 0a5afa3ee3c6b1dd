//! `--warm-days`: the first days of the records only teach.

use super::Filter;
use super::inputs::Input;
use cloudtrail::{Item, Options, Reader};
use domain::event::ResourceEvent;
use domain::ids::AccountId;
use jiff::{SignedDuration, Timestamp};
use pipeline::rehearse::Rehearsal;
use pipeline::switches::Switches;

/// The days that only teach, from the first event in time.
pub(crate) struct Warm {
    lasts: SignedDuration,
    first: Option<Timestamp>,
    rehearsal: Option<Rehearsal>,
}

impl Warm {
    pub(crate) fn new(days: u16) -> Self {
        let lasts = SignedDuration::from_hours(i64::from(days) * 24);
        Self { lasts, first: None, rehearsal: None }
    }

    /// Looks for the earliest event, so that the order of files does not matter. Standard input cannot
    /// be read twice: of it counts what comes first in the order of time.
    pub(crate) fn look_ahead(&mut self, inputs: &[Input], filter: &Filter, switches: Switches<'_>) {
        let again = inputs.iter().filter(|input| !matches!(input, Input::Stdin));
        self.first = again.filter_map(|input| earliest(input, filter, switches)).min();
    }

    /// The first event decides how far the rehearsal goes; true for that one.
    pub(crate) fn begins_with(&mut self, at: Timestamp) -> bool {
        let begins = self.rehearsal.is_none();
        if begins {
            let first = self.first.map_or(at, |first| first.min(at));
            let end = first.checked_add(self.lasts).unwrap_or(Timestamp::MAX);
            self.rehearsal = Some(Rehearsal::before(end));
        }
        begins
    }

    /// What is rehearsed; `None` before the first event.
    pub(crate) const fn rehearsal(&self) -> Option<&Rehearsal> {
        self.rehearsal.as_ref()
    }

    /// The same, to be gone on with.
    pub(crate) const fn rehearsal_mut(&mut self) -> Option<&mut Rehearsal> {
        self.rehearsal.as_mut()
    }
}

/// The earliest event of an input that counts. What is broken is named when it is read in earnest.
fn earliest(input: &Input, filter: &Filter, switches: Switches<'_>) -> Option<Timestamp> {
    let name = input.name();
    let mut reader =
        Reader::new(input.open().ok()?, name.as_str(), Options { lenient_accounts: true });
    let is_off = |account: &AccountId, parser: &str| switches.is_parser_off(account, parser);
    let items = std::iter::from_fn(|| reader.next_unless(&is_off));
    let counts = |item: Item| match item {
        Item::Event(event) => Some(event).filter(|event: &ResourceEvent| filter.takes(event)),
        Item::Skipped(_) => None,
    };
    items.filter_map(counts).map(|event| event.time).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(at: &str) -> Input {
        let volume = serde_json::json!({
            "eventVersion": "1.08", "eventID": at, "eventTime": at, "awsRegion": "us-east-1",
            "eventSource": "ec2.amazonaws.com", "eventName": "DeleteVolume",
            "eventType": "AwsApiCall", "recipientAccountId": "111122223333",
            "userIdentity": {"type": "Root", "accountId": "111122223333",
                "principalId": "111122223333", "arn": "arn:aws:iam::111122223333:root"},
            "requestParameters": {"volumeId": "vol-0123456789abcdef0"},
        });
        Input::Bytes(at.to_owned(), volume.to_string().into_bytes())
    }

    #[test]
    fn the_earliest_event_decides_wherever_it_stands() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let inputs = ["2026-06-05T00:00:00Z", "2026-06-02T00:00:00Z"].map(input);
        let mut warm = Warm::new(3);
        warm.look_ahead(&inputs, &Filter::default(), Switches::NONE);
        assert!(warm.begins_with(at("2026-06-05T00:00:00Z")));
        assert!(!warm.begins_with(at("2026-06-01T00:00:00Z")));
        let rehearsal = warm.rehearsal().unwrap();
        assert!(rehearsal.covers(at("2026-06-04T23:59:59Z")));
        assert!(!rehearsal.covers(at("2026-06-05T00:00:00Z")));
    }
}
