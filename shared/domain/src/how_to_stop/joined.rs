//! Machines that later alerts brought into an anomaly: its card is about the first alert, and who
//! stops only those machines lets the rest run.

use super::Suggestion;
use super::shell::{Command, is_id};
use super::targets::MAX_NAMES;
use crate::anomaly::{Anomaly, Member};
use crate::cost_event::{Action, CostEventId};
use crate::ids::Region;
use crate::resource::Service;
use crate::words;
use std::collections::BTreeMap;

/// Regions that get a step; those where most costs.
const MAX_REGIONS: usize = 3;

/// A step for each region. Of each alert the first few machines are known by name; machines of a
/// group or fleet are its own to stop.
pub fn joined(anomaly: &Anomaly, opening: &CostEventId) -> Vec<Suggestion> {
    let mut regions: BTreeMap<&Region, Vec<&Member>> = BTreeMap::new();
    for member in anomaly.members.iter().filter(|member| member.id != *opening) {
        let starts = matches!(member.action, Action::Start | Action::Resume);
        if member.service == Service::Ec2 && starts && member.launcher.is_none() {
            regions.entry(&member.region).or_default().push(member);
        }
    }
    let mut regions: Vec<_> = regions.into_iter().collect();
    let hourly = |members: &[&Member]| members.iter().map(|member| member.hourly).sum();
    regions.sort_by_key(|(_, members)| std::cmp::Reverse::<crate::money::Usd>(hourly(members)));
    let steps = regions.into_iter().take(MAX_REGIONS);
    steps.filter_map(|(region, members)| step(region, &members)).collect()
}

fn step(region: &Region, members: &[&Member]) -> Option<Suggestion> {
    let count: u64 = members.iter().map(|member| member.count).sum();
    let names = members.iter().flat_map(|member| &member.examples).map(String::as_str);
    let names: Vec<&str> = names.filter(|name| is_id(name)).take(MAX_NAMES).collect();
    if names.is_empty() {
        return None;
    }
    let command = Command::new("ec2 stop-instances", region).with_all("--instance-ids", &names);
    let rest = match count.saturating_sub(names.len() as u64) {
        0 => String::new(),
        more => format!(", {} more are not named here", words::count(more)),
    };
    let remark = format!(
        "machines of later alerts in {region}{rest}; leave out those that have ended, can be \
         started again"
    );
    Some(Suggestion::new(command, remark))
}
