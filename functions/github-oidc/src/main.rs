//! `github-oidc`: GitHub as an issuer that Cognito understands.

use github::{Github, Issuer, Secret, routes};
use pipeline::error::Failure;
use runtime::aws::Aws;
use runtime::secrets::LazySecret;
use runtime::settings::GithubOidc;
use runtime::{http, lambda};
use std::sync::Arc;
use tokio::sync::OnceCell;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = GithubOidc::from_env()?;
    let aws = Aws::from_env();
    let (table, signer) = (aws.table(&settings.table), aws.signer(&settings.signing_key));
    let secret = LazySecret::new(&aws, &settings.github_secret);
    // Made when the first request comes: only then can be logged what is wrong with the secret.
    let router = OnceCell::new();
    let handle = async |request: http::Request, _| {
        let made = router.get_or_try_init(async || -> Result<_, Failure> {
            let secret = Secret::from_secret(&secret.fetch().await?)?;
            let github = Github::new(&settings.github, &settings.github_api)?;
            let (table, signer) = (table.clone(), signer.clone());
            let issuer = Issuer::new(table, signer, github, secret, &settings.issuer)?;
            Ok(routes(Arc::new(issuer)))
        });
        http::answer(made.await?, request).await
    };
    lambda::serve(GithubOidc::FUNCTION, &aws, &settings.hash_key, handle).await
}
