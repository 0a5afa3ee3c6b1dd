//! `slack-app`: the door for Slack. What is genuine goes to the queue of questions; who installs us
//! comes and goes here.

use pipeline::error::Failure;
use pipeline::install::FrontDesk;
use runtime::aws::Aws;
use runtime::secrets::LazySecret;
use runtime::settings::SlackApp;
use runtime::{http, lambda};
use slack::door::{Door, routes};
use slack::oauth::{AppSecrets, OAuth};
use std::sync::Arc;
use tokio::sync::OnceCell;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = SlackApp::from_env()?;
    let aws = Aws::from_env();
    let desk = FrontDesk {
        table: aws.table(&settings.table),
        keys: aws.keys(&settings.secrets_key),
        questions: aws.queue(&settings.question_queue),
        alerts: aws.queue(&settings.alert_queue),
    };
    let secret = LazySecret::new(&aws, &settings.slack_secret);
    // Made when the first request comes: only then can be logged what is wrong with the secret.
    let router = OnceCell::new();
    let handle = async |request: http::Request, _| {
        let made = router.get_or_try_init(async || -> Result<_, Failure> {
            let app = AppSecrets::from_secret(&secret.fetch().await?)?;
            let oauth = OAuth::new(&settings.slack_api, &settings.public_url)?;
            let dashboard = Some(settings.dashboard_url.clone());
            Ok(routes(Arc::new(Door { desk: desk.clone(), app, oauth, dashboard })))
        });
        http::answer(made.await?, request).await
    };
    lambda::serve(SlackApp::FUNCTION, &aws, &settings.hash_key, handle).await
}
