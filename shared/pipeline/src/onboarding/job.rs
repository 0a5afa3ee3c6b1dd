//! A piece of work on an account, as it stands in the queue of the worker.

use crate::error::Failure;
use domain::ids::{AccountId, Region, TenantId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// A customer's stack calls back; as CloudFormation wrote it. Anybody may have sent it.
    StackCalled(Value),
    /// A role that was named for a setup is to be looked at; if it is as it should be, the account is
    /// connected.
    Connect {
        /// Whose setup.
        tenant: TenantId,
        /// Which, by its id.
        setup: String,
        /// Of which account.
        account: AccountId,
        /// The role; not kept before it has been looked at.
        role_arn: String,
        /// Regions to be watched; none for all that are switched on.
        regions: Vec<Region>,
        /// Somebody has named the role himself and waits: what is wrong with it is said at once. A
        /// role that a stack has just made may not be seen yet.
        by_hand: bool,
    },
    /// A connected account is to be looked at.
    Check {
        /// Which.
        account: AccountId,
    },
    /// Its zombies are to be searched for: the next regions.
    Scan {
        /// Which.
        account: AccountId,
    },
    /// Its past is to be rehearsed: the next days.
    Rehearse {
        /// Which.
        account: AccountId,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case", rename_all_fields = "camelCase")]
enum Written {
    Connect {
        tenant: String,
        setup: String,
        account: String,
        role_arn: String,
        regions: Vec<String>,
        #[serde(default)]
        by_hand: bool,
    },
    Check {
        account: String,
    },
    Scan {
        account: String,
    },
    Rehearse {
        account: String,
    },
}

impl Job {
    /// Whether it is one of many parts, each of which takes minutes.
    pub(crate) const fn takes_long(&self) -> bool {
        match self {
            Self::Scan { .. } | Self::Rehearse { .. } => true,
            Self::StackCalled(_) | Self::Connect { .. } | Self::Check { .. } => false,
        }
    }

    /// As a message body.
    pub fn to_json(&self) -> String {
        let written = match self {
            Self::StackCalled(called) => return called.to_string(),
            Self::Connect { tenant, setup, account, role_arn, regions, by_hand } => {
                Written::Connect {
                    tenant: tenant.to_string(),
                    setup: setup.clone(),
                    account: account.to_string(),
                    role_arn: role_arn.clone(),
                    regions: regions.iter().map(ToString::to_string).collect(),
                    by_hand: *by_hand,
                }
            }
            Self::Check { account } => Written::Check { account: account.to_string() },
            Self::Scan { account } => Written::Scan { account: account.to_string() },
            Self::Rehearse { account } => Written::Rehearse { account: account.to_string() },
        };
        // Texts alone: it cannot fail.
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// From a message body.
    pub fn from_json(body: &str) -> Result<Self, Failure> {
        let value = serde_json::from_str(body);
        Self::read(value.map_err(|_| reject("it is not JSON".to_owned()))?)
    }

    /// From the JSON of a message body.
    pub(crate) fn read(value: Value) -> Result<Self, Failure> {
        if value.get("RequestType").is_some() {
            return Ok(Self::StackCalled(value));
        }
        let written = Written::deserialize(value).map_err(|error| reject(error.to_string()))?;
        written.read().map_err(|error| reject(error.to_string()))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn reject(why: String) -> Failure {
    Failure::Reject(format!("not a job for accounts: {why}"))
}

impl Written {
    fn read(self) -> Result<Job, domain::ids::IdError> {
        #[expect(clippy::disallowed_methods, reason = "a message of our own")]
        let account = |id: &str| AccountId::parse(id);
        Ok(match self {
            Self::Connect { tenant, setup, account: id, role_arn, regions, by_hand } => {
                Job::Connect {
                    by_hand,
                    tenant: TenantId::parse(&tenant)?,
                    setup,
                    account: account(&id)?,
                    role_arn,
                    regions: regions
                        .iter()
                        .map(|region| Region::parse(region))
                        .collect::<Result<_, _>>()?,
                }
            }
            Self::Check { account: id } => Job::Check { account: account(&id)? },
            Self::Scan { account: id } => Job::Scan { account: account(&id)? },
            Self::Rehearse { account: id } => Job::Rehearse { account: account(&id)? },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn jobs_come_back_as_they_were_sent() {
        let account = AccountId::parse("111122223333").unwrap();
        let called = json!({"RequestType": "Create", "StackId": "arn:…"});
        for job in [
            Job::StackCalled(called),
            Job::Connect {
                tenant: TenantId::parse("acme").unwrap(),
                setup: "01J".to_owned(),
                account: account.clone(),
                role_arn: "arn:aws:iam::111122223333:role/dd0c-cost-readonly".to_owned(),
                regions: vec![Region::parse("eu-west-1").unwrap()],
                by_hand: true,
            },
            Job::Check { account: account.clone() },
            Job::Scan { account: account.clone() },
            Job::Rehearse { account },
        ] {
            assert_eq!(Job::from_json(&job.to_json()), Ok(job));
        }
        for wrong in ["", "[]", "{}", r#"{"job":"check"}"#, r#"{"job":"check","account":"12"}"#] {
            assert!(matches!(Job::from_json(wrong), Err(Failure::Reject(_))), "{wrong}");
        }
    }
}
