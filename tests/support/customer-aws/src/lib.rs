//! A customer's AWS on this machine: STS, IAM, and what a role of ours may read. It refuses what AWS
//! refuses: unsigned requests, calls that it does not know, and whatever the role of the template
//! (`infra-cdk/customer/dd0c-cost-readonly.yaml`) does not allow.
//!
//! ```no_run
//! # async fn f() -> std::io::Result<()> {
//! let aws = customer_aws::CustomerAws::start().await?;
//! aws.deploy("111122223333", "an-external-id", "999988887777", "arn:of:our:bus", &["us-east-1"]);
//! aws.with_zombies("111122223333");
//! # Ok(()) }
//! ```

mod answer;
pub mod console;
mod control;
mod double;
mod fault;
mod json_services;
mod knock;
mod query_services;
mod request;
mod routes;
mod sts;
mod template;
mod trails;
mod world;
mod xml_lists;
mod zombies;

pub use control::routes as control_routes;
pub use double::{CustomerAws, Running};
pub use fault::{Failing, Fault};
pub use template::Template;
pub use world::ROLE;
