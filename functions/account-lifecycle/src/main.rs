//! `account-lifecycle`: accounts come, leave strict mode, and go; alerts held back are released, and
//! alerts are answered. Called by schedules and by operators.

mod alerts;
mod task;
mod tenants;

use jiff::Timestamp;
use runtime::aws::Aws;
use runtime::lambda;
use runtime::settings::AccountLifecycle;
use task::{Task, run};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = AccountLifecycle::from_env()?;
    let aws = Aws::from_env();
    let table = aws.table(&settings.table);
    let alerts = aws.queue(&settings.alert_queue);
    let keys = aws.keys(&settings.secrets_key);
    let handle = async |task: serde_json::Value, deadline| {
        let task = Task::read(task)?;
        let tenants = (&keys, settings.public_url.as_deref());
        run((&table, &alerts), tenants, task, Timestamp::now(), deadline).await
    };
    lambda::serve(AccountLifecycle::FUNCTION, &aws, &settings.hash_key, handle).await
}
