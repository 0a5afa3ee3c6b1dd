//! `api`: what the dashboard and programs of tenants ask and change.

mod kept;

use kept::Kept;
use runtime::aws::Aws;
use runtime::settings::Api as Settings;
use runtime::{http, lambda};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = Settings::from_env()?;
    let aws = Aws::from_env();
    let hash_key = settings.hash_key.clone();
    let kept = Kept::new(settings, &aws);
    let handle =
        async |request: http::Request, _| http::answer(kept.router().await?, request).await;
    lambda::serve(Settings::FUNCTION, &aws, &hash_key, handle).await
}
