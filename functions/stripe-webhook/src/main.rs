//! `stripe-webhook`: the door for Stripe. What is genuine goes to the queue of what is to be done
//! about money.

use pipeline::error::Failure;
use runtime::aws::Aws;
use runtime::secrets::LazySecret;
use runtime::settings::StripeWebhook;
use runtime::{http, lambda};
use std::sync::Arc;
use stripe::StripeSecrets;
use stripe::door::{Door, routes};
use tokio::sync::OnceCell;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = StripeWebhook::from_env()?;
    let aws = Aws::from_env();
    let queue = aws.queue(&settings.billing_queue);
    let secret = LazySecret::new(&aws, &settings.stripe_secret);
    // Made when the first request comes: only then can be logged what is wrong with the secret.
    let router = OnceCell::new();
    let handle = async |request: http::Request, _| {
        let made = router.get_or_try_init(async || -> Result<_, Failure> {
            let secrets = StripeSecrets::from_secret(&secret.fetch().await?)?.webhook_secrets;
            Ok(routes(Arc::new(Door { queue: queue.clone(), secrets })))
        });
        http::answer(made.await?, request).await
    };
    lambda::serve(StripeWebhook::FUNCTION, &aws, &settings.hash_key, handle).await
}
