//! The role: three ways to ask for it, of which one must work, then what it says of itself.

use crate::aws_error::AwsError;
use crate::client::{CustomerCloud, Visit};
use crate::input::Input;
use crate::node::Node;
use crate::operation::{
    ASSUME_ROLE, GET_CALLER_IDENTITY, GET_ROLE, GET_ROLE_POLICY, LIST_ATTACHED_ROLE_POLICIES,
    LIST_ROLE_POLICIES, Operation,
};
use crate::policy_document::{compared, decoded, shown, trusts_only_us};
use crate::session::Keys;
use crate::template::POLICY;
use domain::health::RoleProblem;
use domain::ids::{AccountId, RoleArn};
use pipeline::cloud::Access;
use pipeline::error::Failure;

const SESSION: &str = "dd0c-cost-check";

/// Why a check ended early: what is wrong with the role, or why nothing can be told.
pub(crate) enum Ended {
    Problem(RoleProblem),
    Failure(Failure),
}

impl Ended {
    fn of(error: &AwsError, operation: Operation) -> Self {
        match error {
            AwsError::Busy(why) => Self::Problem(RoleProblem::Unreachable(why.clone())),
            AwsError::Denied(_) if operation != ASSUME_ROLE => {
                Self::Problem(RoleProblem::MissingActions(vec![operation.action()]))
            }
            other => Self::Failure(other.failure(operation)),
        }
    }
}

/// The whole check.
pub(crate) async fn checked(cloud: &CustomerCloud, access: &Access) -> Result<(), Ended> {
    let role = named(access)?;
    // What was begun before may rest on a trust policy that has changed since.
    cloud.forget(access);
    refused(cloud, access, None, RoleProblem::OpenWithoutExternalId).await?;
    let wrong = ::random::uuid().map_err(Ended::Failure)?;
    refused(cloud, access, Some(&wrong), RoleProblem::OpenToAnyExternalId).await?;
    let keys = let_in(cloud, access).await?;
    let visit = cloud.visit_with(access, cloud.home(), keys.clone());
    of_account(&visit).await?;
    inspected(&visit, role.name()).await?;
    cloud.keep(access, keys);
    Ok(())
}

/// The role, if its ARN is one of the account.
fn named(access: &Access) -> Result<RoleArn, Ended> {
    let role = RoleArn::parse(&access.role_arn)
        .map_err(|error| Ended::Failure(Failure::Reject(error.to_string())))?;
    if *role.account() != access.account {
        let found = Some(role.account().clone());
        return Err(Ended::Problem(RoleProblem::WrongAccount { found }));
    }
    Ok(role)
}

/// It must not let in whoever asks so.
async fn refused(
    cloud: &CustomerCloud,
    access: &Access,
    external_id: Option<&str>,
    otherwise: RoleProblem,
) -> Result<(), Ended> {
    match cloud.assume(access, SESSION, external_id).await {
        Err(AwsError::Denied(_)) => Ok(()),
        Ok(_) => Err(Ended::Problem(otherwise)),
        Err(error) => Err(Ended::of(&error, ASSUME_ROLE)),
    }
}

/// It must let us in with what was agreed upon.
async fn let_in(cloud: &CustomerCloud, access: &Access) -> Result<Keys, Ended> {
    match cloud.assume(access, SESSION, Some(&access.external_id)).await {
        Ok(keys) => Ok(keys),
        Err(AwsError::Denied(_)) => Err(Ended::Problem(RoleProblem::NoSuchRoleOrNotOurs)),
        Err(error) => Err(Ended::of(&error, ASSUME_ROLE)),
    }
}

/// Who it is, AWS says itself.
async fn of_account(visit: &Visit<'_>) -> Result<(), Ended> {
    let answer = visit.xml(GET_CALLER_IDENTITY, Input::form([])).await;
    let answer = answer.map_err(|error| Ended::of(&error, GET_CALLER_IDENTITY))?;
    let found = answer.text("GetCallerIdentityResult.Account");
    if found == visit.access.account.as_str() {
        return Ok(());
    }
    Err(Ended::Problem(RoleProblem::WrongAccount { found: AccountId::parse(found).ok() }))
}

/// What the role says of itself, against what the template makes.
async fn inspected(visit: &Visit<'_>, role: &str) -> Result<(), Ended> {
    let ask = async |operation: Operation, input: Input| {
        let answer = visit.xml(operation, input.with("RoleName", role)).await;
        answer.map_err(|error| Ended::of(&error, operation))
    };
    let policies = ask(LIST_ROLE_POLICIES, Input::form([])).await?;
    let policies = policies.list("ListRolePoliciesResult.PolicyNames").iter();
    let policies: Vec<&str> = policies.map(Node::own_text).collect();
    if let Some(other) = policies.iter().find(|name| **name != POLICY) {
        return Err(changed(&format!("it has the policy {} too", shown(other))));
    }
    if policies.is_empty() {
        return Err(changed("its policy is gone"));
    }
    let policy = ask(GET_ROLE_POLICY, Input::form([("PolicyName", POLICY)])).await?;
    let document = decoded(policy.text("GetRolePolicyResult.PolicyDocument"));
    let role_arn = &visit.access.role_arn;
    compared(&document.unwrap_or_default(), role_arn).map_err(Ended::Problem)?;
    let attached = ask(LIST_ATTACHED_ROLE_POLICIES, Input::form([])).await?;
    let attached = attached.list("ListAttachedRolePoliciesResult.AttachedPolicies");
    if let Some(other) = attached.first() {
        return Err(changed(&format!("it has the policy {} too", shown(other.text("PolicyName")))));
    }
    let trust = ask(GET_ROLE, Input::form([])).await?;
    let document = decoded(trust.text("GetRoleResult.Role.AssumeRolePolicyDocument"));
    let trusted = trusts_only_us(&document.unwrap_or_default(), &visit.access.external_id);
    trusted.map_err(Ended::Problem)
}

fn changed(how: &str) -> Ended {
    Ended::Problem(RoleProblem::ChangedRole(how.to_owned()))
}
