//! Begin: a setup, and the link that creates the customer's stack.

use crate::error::Failure;
use domain::setup::{Setup, Stage};
use form_urlencoded::byte_serialize;
use jiff::Timestamp;
use std::fmt;
use store::{Table, TenantScope};

/// Setups of a tenant that may wait at once.
pub const MAX_WAITING: usize = 10;
/// What the customer's stack is called.
const STACK: &str = "dd0c-cost-readonly";

/// What nobody may guess; drawn by who calls.
#[derive(Clone, PartialEq, Eq)]
pub struct SetupSecrets {
    /// A random UUID of version 4, in small letters.
    pub external_id: String,
    /// 32 or more random characters that need no escaping in a URL.
    pub handshake: String,
}

/// Nothing of it is for a log.
impl fmt::Debug for SetupSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetupSecrets").finish_non_exhaustive()
    }
}

/// Begins the setup of an account, under a ULID that no other has. Whether the tenant may have one more
/// is for who calls.
pub async fn begin(
    table: &Table,
    scope: &TenantScope,
    (id, secrets): (String, SetupSecrets),
    now: Timestamp,
) -> Result<Setup, Failure> {
    let setups = table.setups(scope).await?;
    let waiting = |setup: &&Setup| {
        !matches!(setup.stage, Stage::Connected { .. }) && setup.expires_at() > now
    };
    if setups.iter().filter(waiting).count() >= MAX_WAITING {
        return Err(Failure::Reject(format!(
            "{MAX_WAITING} setups are waiting already: finish one of them, or wait until its link \
             ends 24 hours after it was made"
        )));
    }
    let SetupSecrets { external_id, handshake } = secrets;
    let setup = Setup {
        id,
        external_id,
        handshake,
        created_at: now,
        stage: Stage::Waiting,
        looked_for_since: None,
        checking_since: None,
        version: 0,
    };
    table.begin_setup(scope, &setup).await?;
    Ok(setup)
}

/// The link to CloudFormation's console that creates the stack of a setup in a region: AWS's own,
/// unless another one is given. All of the template's parameters that differ between our stages are
/// named: its defaults are those of `prod`.
pub fn quick_create_url(
    setup: &Setup,
    console: Option<&str>,
    template_url: &str,
    region: &str,
    our_account: &str,
    bus_arn: &str,
    topic_arn: &str,
) -> String {
    let parameters = [
        ("templateURL", template_url),
        ("stackName", STACK),
        ("param_ExternalId", &setup.external_id),
        ("param_Handshake", &setup.handshake),
        ("param_DdAccountId", our_account),
        ("param_BusArn", bus_arn),
        ("param_CallbackTopicArn", topic_arn),
    ];
    let escaped = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let query = parameters.map(|(name, value)| format!("{name}={}", escaped(value))).join("&");
    let region = escaped(region);
    let console = console.map_or_else(
        || format!("https://{region}.console.aws.amazon.com/cloudformation/home"),
        str::to_owned,
    );
    format!("{console}?region={region}#/stacks/create/review?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = include_str!("../../../../infra-cdk/customer/dd0c-cost-readonly.yaml");

    fn setup() -> Setup {
        Setup {
            id: "01J".to_owned(),
            external_id: "6f1b2d1e-0000-4000-8000-000000000000".to_owned(),
            handshake: "abc_DEF-0123456789abc_DEF-0123456789".to_owned(),
            created_at: Timestamp::UNIX_EPOCH,
            stage: Stage::Waiting,
            looked_for_since: None,
            checking_since: None,
            version: 0,
        }
    }

    #[test]
    fn the_link_names_parameters_that_the_template_has_and_escapes_what_they_are() {
        let url = quick_create_url(
            &setup(),
            None,
            "https://dd0c-cf-templates.s3.amazonaws.com/a b.yaml?x=1&y=2#z",
            "us-east-1",
            "123456789012",
            "arn:aws:events:us-east-1:123456789012:event-bus/dd0c-cost-bus",
            "arn:aws:sns:us-east-1:123456789012:dd0c-cost-callback",
        );
        let begins = "https://us-east-1.console.aws.amazon.com/cloudformation/home?\
                      region=us-east-1#/stacks/create/review?templateURL=https%3A%2F%2F";
        let query = url.strip_prefix(begins).unwrap();
        assert!(query.contains("x%3D1%26y%3D2%23z&stackName=dd0c-cost-readonly&"), "{query}");
        assert!(query.contains("&param_Handshake=abc_DEF-0123456789abc_DEF-0123456789&"));
        let names = query.split('&').filter_map(|pair| pair.strip_prefix("param_"));
        let names: Vec<&str> = names.filter_map(|pair| pair.split('=').next()).collect();
        assert_eq!(names.len(), 5);
        for name in names {
            assert!(TEMPLATE.contains(&format!("\n  {name}:\n    Type: String")), "{name}");
        }
    }

    #[test]
    fn another_console_gets_the_same_of_a_link() {
        let link = |console| quick_create_url(&setup(), console, "t", "us-east-1", "1", "b", "c");
        let (real, played) = (link(None), link(Some("http://127.0.0.1:1/console")));
        assert_eq!(played.split_once('?').unwrap().0, "http://127.0.0.1:1/console");
        assert_eq!(real.split_once('?').unwrap().1, played.split_once('?').unwrap().1);
    }

    #[test]
    fn what_nobody_may_guess_does_not_print() {
        let secrets = SetupSecrets { external_id: "e".into(), handshake: "h".into() };
        assert_eq!(format!("{secrets:?}"), "SetupSecrets { .. }");
    }
}
