//! Proof: whether events flow. A call of ours in each region has to come back over the bus.

use super::connect::DAY;
use crate::cloud::{Access, Cloud};
use crate::error::Failure;
use domain::ids::Region;
use domain::setup::{Checkup, Finding};
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// A call comes back within so long, or not at all.
pub(crate) const COMES_BACK: SignedDuration = SignedDuration::from_mins(15);
/// We do not knock again before.
const KNOCK_AGAIN: SignedDuration = SignedDuration::from_mins(30);
/// Regions that are looked at at the same time.
pub(crate) const AT_ONCE: usize = 4;
/// Where we could not knock, that is tried again so soon: nobody can tell whether events come.
const TRY_AGAIN: SignedDuration = SignedDuration::from_hours(1);
/// Codes of the findings.
const SILENT: &str = "events_silent";
const UNPROVEN: &str = "events_unproven";
/// Of the first knock that could not be made: AWS may have been away for a moment.
pub(crate) const UNASKED: &str = "events_not_asked";

/// When an event last came from each region.
pub(crate) type Heartbeats = BTreeMap<Region, Timestamp>;

/// Regions whose last proof has not come back in time.
pub(crate) fn silent(before: &Checkup, beats: &Heartbeats, now: Timestamp) -> Vec<Region> {
    let Some(knocked_at) = before.knocked_at else { return Vec::new() };
    let is_missing = |region: &&Region| beats.get(region).is_none_or(|beat| *beat < knocked_at);
    let missing = before.regions.iter().filter(is_missing);
    let in_time = now.duration_since(knocked_at) < COMES_BACK;
    // While one is under way, what was known stays known.
    missing.filter(|region| !in_time || was_silent(before, region)).cloned().collect()
}

fn was_silent(before: &Checkup, region: &Region) -> bool {
    found(before, SILENT).any(|silent| silent == region)
}

/// What was found of regions in which we could not knock when we last tried.
pub(crate) fn unproven(before: Option<&Checkup>) -> impl Iterator<Item = &Finding> {
    let findings = before.into_iter().flat_map(|before| &before.findings);
    findings.filter(|finding| [UNPROVEN, UNASKED].contains(&finding.code.as_str()))
}

fn found<'a>(checkup: &'a Checkup, code: &'a str) -> impl Iterator<Item = &'a Region> {
    let of_code = checkup.findings.iter().filter(move |finding| finding.code == code);
    of_code.filter_map(|finding| finding.region.as_ref())
}

/// What people are told of such a region.
pub(crate) fn finding(region: &Region) -> Finding {
    let text = format!(
        "In {region} a harmless call of ours did not come back to us within {} minutes, so that we may \
         not hear what starts there. See that the trail logs management events of this region and that \
         its rules dd0c-cost-* are enabled; an update of the stack dd0c-cost-readonly makes the rules \
         and their role anew.",
        COMES_BACK.as_mins()
    );
    Finding { code: SILENT.to_owned(), region: Some(region.clone()), text }
}

/// What is found of a region in which we could not knock. To say nothing would pass for a proof; to warn
/// at the first time would be a false alarm where AWS was away for a moment.
pub(crate) fn not_knocked(region: &Region, before: Option<&Checkup>) -> Finding {
    let again = unproven(before).any(|finding| finding.region.as_ref() == Some(region));
    let code = if again { UNPROVEN } else { UNASKED };
    let text = format!(
        "In {region} we could not make the harmless call that has to come back to us, so that nobody \
         can tell whether we hear what starts there. We try again within the hour. If it stays so, see \
         that the region is switched on in the account, and that no policy of your organisation keeps \
         the role dd0c-cost-readonly from being used there."
    );
    Finding { code: code.to_owned(), region: Some(region.clone()), text }
}

/// Whether it is time to knock again.
pub(crate) fn is_due(before: Option<&Checkup>, now: Timestamp) -> bool {
    let last = before.and_then(|before| before.knocked_at);
    last.is_none_or(|last| now.duration_since(last) >= KNOCK_AGAIN)
}

/// Regions in which we have knocked, and those in which it could not be done.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Knocks {
    pub(crate) made: Vec<Region>,
    pub(crate) failed: Vec<Region>,
}

/// Knocks in each region.
pub(crate) async fn knock<C: Cloud>(
    cloud: &C,
    access: &Access,
    regions: &[Region],
) -> Result<Knocks, Failure> {
    let knock = async |region: Region| (cloud.knock(access, &region).await, region);
    let outcomes = stream::iter(regions.to_vec()).map(knock).buffered(AT_ONCE);
    let mut knocks = Knocks::default();
    for (outcome, region) in outcomes.collect::<Vec<_>>().await {
        match outcome {
            Ok(()) => knocks.made.push(region),
            Err(Failure::Gone(why)) => return Err(Failure::Gone(why)),
            Err(failure) => {
                tracing::warn!(%region, why = %failure, "could not knock");
                knocks.failed.push(region);
            }
        }
    }
    Ok(knocks)
}

/// When to look again: once to see whether a knock has come back, soon where none could be made, else
/// a day later.
pub(crate) fn next_look(checkup: Option<&Checkup>, now: Timestamp) -> Timestamp {
    let knocked_at = checkup.and_then(|checkup| checkup.knocked_at);
    let back = knocked_at.and_then(|at| at.checked_add(COMES_BACK).ok());
    let pause = if unproven(checkup).next().is_none() { DAY } else { TRY_AGAIN };
    let later = || now.checked_add(pause).unwrap_or(Timestamp::MAX);
    back.filter(|back| *back > now).unwrap_or_else(later)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn region(code: &str) -> Region {
        Region::parse(code).unwrap()
    }

    fn knocked(minute: i64, findings: Vec<Finding>) -> Checkup {
        Checkup {
            at: at(minute),
            regions: vec![region("eu-west-1"), region("us-east-1")],
            findings,
            knocked_at: Some(at(minute)),
            turned_at: None,
            told_of: None,
        }
    }

    #[test]
    fn a_region_is_silent_when_its_proof_is_late_and_not_before() {
        let before = knocked(100, Vec::new());
        let beats =
            Heartbeats::from([(region("us-east-1"), at(101)), (region("eu-west-1"), at(9))]);
        assert!(silent(&before, &beats, at(114)).is_empty());
        assert_eq!(silent(&before, &beats, at(115)), [region("eu-west-1")]);
        assert!(silent(&Checkup { knocked_at: None, ..before }, &beats, at(999)).is_empty());
    }

    #[test]
    fn a_silent_region_stays_so_until_something_has_come_back() {
        let before = knocked(100, vec![finding(&region("eu-west-1"))]);
        let nothing = Heartbeats::new();
        assert_eq!(silent(&before, &nothing, at(101)), [region("eu-west-1")]);
        let back = Heartbeats::from([(region("eu-west-1"), at(102))]);
        assert!(silent(&before, &back, at(103)).is_empty());
    }

    #[test]
    fn where_one_could_not_knock_it_is_tried_again_within_the_hour() {
        let partly = knocked(0, vec![not_knocked(&region("eu-west-1"), None)]);
        assert_eq!(unproven(Some(&partly)).count(), 1);
        let again = |code| not_knocked(&region(code), Some(&partly)).code;
        assert_eq!((again("eu-west-1").as_str(), again("us-east-1").as_str()), (UNPROVEN, UNASKED));
        assert_eq!(next_look(Some(&partly), at(0)), at(15), "the others are waited for");
        assert_eq!(next_look(Some(&partly), at(15)), at(15 + 60));
        let nowhere = Checkup { knocked_at: None, ..partly };
        assert_eq!(next_look(Some(&nowhere), at(0)), at(60));
        assert!(is_due(Some(&nowhere), at(1)));
    }

    #[test]
    fn one_looks_once_more_after_a_knock_and_then_a_day_later() {
        let before = knocked(0, Vec::new());
        assert_eq!(next_look(Some(&before), at(0)), at(15));
        assert_eq!(next_look(Some(&before), at(15)), at(15 + 24 * 60));
        assert_eq!(next_look(None, at(0)), at(24 * 60));
        assert!(
            !is_due(Some(&before), at(16)) && is_due(Some(&before), at(30)) && is_due(None, at(0))
        );
    }
}
