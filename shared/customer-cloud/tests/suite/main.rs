//! A customer's account, looked at against a double that refuses what AWS refuses.

#![expect(clippy::unwrap_used, reason = "a test may end here")]

mod failing;
mod hostile;
mod lookup;
mod parity;
mod role;
mod scan;
mod settings;
mod trail_and_rules;

use customer_aws::{CustomerAws, Running};
use customer_cloud::{CustomerCloud, Limits, OwnCredentials};
use domain::ids::{AccountId, Region};
use pipeline::cloud::Access;
use std::time::Duration;

const ACCOUNT: &str = "111122223333";
const EXTERNAL_ID: &str = "6f1b2d1e-5a3c-4d2e-8f10-0123456789ab";
const OURS: &str = "999988887777";
const BUS: &str = "arn:aws:events:us-east-1:999988887777:event-bus/dd0c-cost-bus";
const OUR_SECRET: &str = "our-own-planted-secret";

/// No pause between tries, and no rest to wait for: what is not a test's own matter.
const LIMITS: Limits = Limits {
    answer_within: Duration::from_secs(5),
    tries: 3,
    pause: Duration::ZERO,
    rest: Duration::from_hours(1),
};

/// An account with the template deployed in two regions.
async fn deployed() -> Running {
    let aws = CustomerAws::start().await.unwrap();
    aws.deploy(ACCOUNT, EXTERNAL_ID, OURS, BUS, &["us-east-1", "eu-west-1"]);
    aws
}

fn own() -> OwnCredentials {
    OwnCredentials {
        key_id: "AKIAOURSEXAMPLE".to_owned(),
        secret: OUR_SECRET.into(),
        session_token: None,
    }
}

fn cloud(aws: &Running) -> CustomerCloud {
    cloud_with(aws, LIMITS)
}

fn cloud_with(aws: &Running, limits: Limits) -> CustomerCloud {
    CustomerCloud::new(&own(), Some(aws.url()), limits).unwrap()
}

fn access() -> Access {
    Access {
        account: AccountId::parse(ACCOUNT).unwrap(),
        role_arn: CustomerAws::role_arn(ACCOUNT),
        external_id: EXTERNAL_ID.to_owned(),
    }
}

fn region(code: &str) -> Region {
    Region::parse(code).unwrap()
}

fn requested(aws: &CustomerAws, action: &str) -> u64 {
    aws.requests().get(action).copied().unwrap_or_default()
}
