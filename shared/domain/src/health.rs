//! Health of a connection: whether our role in a customer's account is as it should be, whether a
//! trail makes events, and whether the rules of every region hand them to us.

use crate::ids::{AccountId, Region};
use jiff::Timestamp;

/// How a connection is, in all its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountHealth {
    /// Whether the role answers us, nobody else, and can see what it should.
    pub role: Result<(), RoleProblem>,
    /// Whether a trail makes events of calls.
    pub trail: Result<(), TrailProblem>,
    /// Each watched region.
    pub regions: Vec<RegionHealth>,
    /// When all of it was looked at.
    pub checked_at: Timestamp,
}

/// How one region of a connection is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionHealth {
    /// Which.
    pub region: Region,
    /// Whether its rules hand events to us.
    pub rules: Result<(), RuleProblem>,
    /// When the last event of it came, if any did.
    pub last_event_at: Option<Timestamp>,
}

/// A problem as people and programs read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable word.
    pub code: &'static str,
    /// Which region, where it is the region's.
    pub region: Option<Region>,
    /// What is wrong and what to do, without names of ours.
    pub text: String,
}

impl AccountHealth {
    /// Whether nothing is wrong.
    pub fn is_healthy(&self) -> bool {
        self.problems().is_empty()
    }

    /// All that is wrong: the role first, then the trail, then region by region.
    pub fn problems(&self) -> Vec<Problem> {
        let role = self.role.as_ref().err().map(|it| (it.code(), None, it.text()));
        let trail = self.trail.as_ref().err().map(|it| (it.code(), None, it.text()));
        let regions = self.regions.iter().filter_map(|region| {
            let problem = region.rules.as_ref().err()?;
            Some((problem.code(), Some(region.region.clone()), problem.text(&region.region)))
        });
        let all = role.into_iter().chain(trail).chain(regions);
        all.map(|(code, region, text)| Problem { code, region, text }).collect()
    }
}

/// What is wrong with the role that a customer made for us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleProblem {
    /// It does not let us in. AWS says the same for three causes: there is no such role, it does not
    /// trust us, or it asks for another `ExternalId`.
    NoSuchRoleOrNotOurs,
    /// It lets us in without any `ExternalId`.
    OpenWithoutExternalId,
    /// It lets us in with any `ExternalId`.
    OpenToAnyExternalId,
    /// It is a role of another account.
    WrongAccount {
        /// Of which, where AWS told.
        found: Option<AccountId>,
    },
    /// It may not do what it should; IAM's names of it, sorted.
    MissingActions(Vec<String>),
    /// Its policies or its trust are not as the template makes them; in words.
    ChangedRole(String),
    /// AWS did not answer; in words.
    Unreachable(String),
}

impl RoleProblem {
    /// Stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoSuchRoleOrNotOurs => "role_not_found_or_not_ours",
            Self::OpenWithoutExternalId => "role_open_without_external_id",
            Self::OpenToAnyExternalId => "role_open_to_any_external_id",
            Self::WrongAccount { .. } => "role_of_another_account",
            Self::MissingActions(_) => "role_lacks_actions",
            Self::ChangedRole(_) => "role_changed",
            Self::Unreachable(_) => "role_unreachable",
        }
    }

    /// What is wrong and what to do.
    pub fn text(&self) -> String {
        match self {
            Self::NoSuchRoleOrNotOurs => {
                "AWS does not let us use the role. It says the same for three causes: there is no role \
                 of this name in the account, its trust policy does not name our account, or it asks \
                 for another external id. Create the stack dd0c-cost-readonly anew from the link in \
                 the wizard and leave its parameters as they are."
                    .to_owned()
            }
            Self::OpenWithoutExternalId => {
                "The role can be used without an external id, so that others could look into your \
                 account through us. Put the condition StringEquals on sts:ExternalId into its trust \
                 policy, or create the stack dd0c-cost-readonly anew from the link in the wizard."
                    .to_owned()
            }
            Self::OpenToAnyExternalId => {
                "The role can be used with any external id, so that others could look into your \
                 account through us. Its trust policy must ask for exactly the one shown in the wizard: \
                 StringEquals, no wildcard."
                    .to_owned()
            }
            Self::WrongAccount { .. } => {
                "The role belongs to another AWS account than the one you named. Give the role of this \
                 account, or connect the other account by itself."
                    .to_owned()
            }
            Self::MissingActions(actions) => format!(
                "The role may not call {}. Update the stack dd0c-cost-readonly to its latest template; \
                 if it is up to date, a policy of your organisation (service control policy, permissions \
                 boundary) denies it.",
                actions.join(", ")
            ),
            Self::ChangedRole(how) => format!(
                "The role is not as its template makes it: {how}. Undo the change, or create the stack \
                 dd0c-cost-readonly anew; the template lists what the role may do and why."
            ),
            Self::Unreachable(why) => format!(
                "AWS did not answer when we looked at the role: {why}. Nothing is wrong on your side as \
                 far as we know; we look again by ourselves."
            ),
        }
    }
}

/// Why no trail makes events of calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrailProblem {
    /// There is none.
    NoTrail,
    /// There is one, and it is switched off.
    NotLogging,
    /// It is on, and records no management events that change something.
    NoManagementEvents,
    /// It covers only some of the watched regions; these are not.
    NotAllRegions(Vec<Region>),
    /// The role may not look at trails.
    NotReadable(String),
}

impl TrailProblem {
    /// Stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoTrail => "trail_missing",
            Self::NotLogging => "trail_not_logging",
            Self::NoManagementEvents => "trail_without_management_events",
            Self::NotAllRegions(_) => "trail_not_in_all_regions",
            Self::NotReadable(_) => "trail_not_readable",
        }
    }

    /// What is wrong and what to do.
    pub fn text(&self) -> String {
        let why = "EventBridge hears of calls only through a trail";
        match self {
            Self::NoTrail => format!(
                "The account has no CloudTrail trail, and {why}. Create one in CloudTrail, Trails, \
                 Create trail: for all regions, with management events (the first copy is free of \
                 charge)."
            ),
            Self::NotLogging => format!(
                "The account's trail is switched off, and {why}. Open CloudTrail, Trails, and press \
                 Start logging."
            ),
            Self::NoManagementEvents => format!(
                "The account's trail records no management events that change something, and {why}. \
                 Open CloudTrail, Trails, Management events, Edit, and choose Write (or All)."
            ),
            Self::NotAllRegions(regions) => {
                let regions: Vec<&str> = regions.iter().map(Region::as_str).collect();
                format!(
                    "No trail covers {}, and {why}. Make a trail multi-region: aws cloudtrail \
                     update-trail --name NAME --is-multi-region-trail.",
                    regions.join(", ")
                )
            }
            Self::NotReadable(why) => format!(
                "We cannot see whether a trail records management events: {why}. Update the stack \
                 dd0c-cost-readonly to its latest template."
            ),
        }
    }
}

/// Why a region's events do not come to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleProblem {
    /// These rules of ours are not there.
    Missing(Vec<String>),
    /// These are switched off.
    Disabled(Vec<String>),
    /// These hand events to nobody.
    NoTarget(Vec<String>),
    /// These hand events to others only.
    OtherBus(Vec<String>),
    /// These hear something else than the template makes them hear.
    Changed(Vec<String>),
    /// These hear what an earlier template made them hear, and hand it to us, or came after it; all
    /// others are fine.
    Outdated(Vec<String>),
    /// The role may not look at rules there, or AWS did not answer; in words.
    NotReadable(String),
}

/// Code of rules that do what they did when they were made.
pub const RULES_OUTDATED: &str = "rules_outdated";

impl RuleProblem {
    /// Whether events come all the same, as they did when the rules were made.
    pub const fn is_only_old(&self) -> bool {
        matches!(self, Self::Outdated(_))
    }

    /// Stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "rules_missing",
            Self::Disabled(_) => "rules_disabled",
            Self::NoTarget(_) => "rules_without_target",
            Self::OtherBus(_) => "rules_with_other_target",
            Self::Changed(_) => "rules_changed",
            Self::Outdated(_) => RULES_OUTDATED,
            Self::NotReadable(_) => "rules_not_readable",
        }
    }

    /// What is wrong in this region and what to do.
    pub fn text(&self, region: &Region) -> String {
        let update = "Update the stack dd0c-cost-readonly, with this region among its Regions";
        match self {
            Self::Missing(rules) => format!(
                "In {region} the EventBridge rules {} are missing, so that nobody watches it. {update}.",
                rules.join(", ")
            ),
            Self::Disabled(rules) => format!(
                "In {region} the EventBridge rules {} are disabled. Enable them: aws events enable-rule \
                 --region {region} --name {}.",
                rules.join(", "),
                rules.first().map_or("dd0c-cost-calls-1", String::as_str)
            ),
            Self::NoTarget(rules) => format!(
                "In {region} the EventBridge rules {} have no target, so that their events go nowhere. \
                 Delete the rules there and update the stack dd0c-cost-readonly, which makes them anew.",
                rules.join(", ")
            ),
            Self::OtherBus(rules) => format!(
                "In {region} the EventBridge rules {} hand their events to another bus than ours. \
                 Create the stack dd0c-cost-readonly anew from the link in the wizard and leave BusArn \
                 as it is.",
                rules.join(", ")
            ),
            Self::Changed(rules) => format!(
                "In {region} somebody has changed what the EventBridge rules {} hear, so that calls go \
                 past us; the account's trail names who called PutRule. Delete the stack \
                 dd0c-cost-readonly and create it anew from the link in the wizard: an update alone \
                 leaves them as they are.",
                rules.join(", ")
            ),
            Self::Outdated(rules) => format!(
                "In {region} the EventBridge rules {} are as an earlier template had them, or came after \
                 it: calls are missed that we know since. Update the stack dd0c-cost-readonly to its \
                 latest template.",
                rules.join(", ")
            ),
            Self::NotReadable(why) => {
                format!("We cannot see the EventBridge rules in {region}: {why}. {update}.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(code: &str) -> Region {
        Region::parse(code).unwrap()
    }

    fn health() -> AccountHealth {
        let at = "2026-06-01T00:00:00Z".parse().unwrap();
        let fine =
            RegionHealth { region: region("us-east-1"), rules: Ok(()), last_event_at: Some(at) };
        AccountHealth { role: Ok(()), trail: Ok(()), regions: vec![fine], checked_at: at }
    }

    #[test]
    fn a_connection_is_healthy_when_no_part_of_it_is_wrong() {
        assert!(health().is_healthy());
        let silent = RegionHealth {
            region: region("eu-west-1"),
            rules: Err(RuleProblem::Missing(vec!["dd0c-cost-calls-1".to_owned()])),
            last_event_at: None,
        };
        let mut sick = AccountHealth { trail: Err(TrailProblem::NoTrail), ..health() };
        sick.regions.push(silent);
        let problems = sick.problems();
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["trail_missing", "rules_missing"]);
        assert_eq!(problems[1].region, Some(region("eu-west-1")));
        assert!(problems[1].text.contains("eu-west-1") && problems[1].text.contains("calls-1"));
    }

    #[test]
    fn every_problem_of_rules_names_them_their_region_and_what_to_do() {
        let rules = vec!["dd0c-cost-calls-2".to_owned(), "dd0c-cost-watchdog-1".to_owned()];
        let problems = [
            RuleProblem::Missing(rules.clone()),
            RuleProblem::Disabled(rules.clone()),
            RuleProblem::NoTarget(rules.clone()),
            RuleProblem::OtherBus(rules.clone()),
            RuleProblem::Changed(rules.clone()),
            RuleProblem::Outdated(rules),
        ];
        let mut codes: Vec<&str> = problems.iter().map(RuleProblem::code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), problems.len());
        for problem in problems {
            let text = problem.text(&region("eu-west-1"));
            for part in ["In eu-west-1", "dd0c-cost-calls-2, dd0c-cost-watchdog-1"] {
                assert!(text.contains(part), "{text}");
            }
            let says_what_to_do =
                ["pdate the stack", "enable-rule", "Create the stack", "create it anew"];
            assert!(says_what_to_do.iter().any(|part| text.contains(part)), "{text}");
            assert!(text.ends_with(['.', '1', '2']) && !text.contains("  "), "{text}");
        }
    }

    #[test]
    fn every_problem_of_a_role_says_what_to_do_and_names_no_arn() {
        let problems = [
            RoleProblem::NoSuchRoleOrNotOurs,
            RoleProblem::OpenWithoutExternalId,
            RoleProblem::OpenToAnyExternalId,
            RoleProblem::WrongAccount { found: AccountId::parse("444455556666").ok() },
            RoleProblem::MissingActions(vec!["ec2:DescribeVolumes".to_owned()]),
            RoleProblem::ChangedRole("it has the policy AdministratorAccess too".to_owned()),
            RoleProblem::Unreachable("it answered 503".to_owned()),
        ];
        let mut codes: Vec<&str> = problems.iter().map(RoleProblem::code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), problems.len());
        for problem in problems {
            let text = problem.text();
            assert!(!text.contains("arn:") && !text.contains("444455556666"), "{text}");
            assert!(text.len() > 100 && text.ends_with('.') && !text.contains("  "), "{text}");
        }
    }

    #[test]
    fn the_three_causes_that_aws_does_not_tell_apart_are_all_named() {
        let text = RoleProblem::NoSuchRoleOrNotOurs.text();
        for cause in ["no role of this name", "does not name our account", "another external id"] {
            assert!(text.contains(cause), "{cause}");
        }
    }

    #[test]
    fn a_trail_s_problem_names_the_regions_that_it_leaves_out() {
        let problem = TrailProblem::NotAllRegions(vec![region("eu-west-1"), region("sa-east-1")]);
        assert!(problem.text().contains("eu-west-1, sa-east-1"));
    }
}
