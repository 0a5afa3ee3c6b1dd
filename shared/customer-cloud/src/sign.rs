//! Signatures, by AWS's own signer.

use crate::input::Written;
use crate::session::Keys;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use secrecy::ExposeSecret;
use std::time::SystemTime;

/// For whom a signature is good.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
}

/// The headers that sign a request to this address.
pub(crate) fn signed(
    keys: &Keys,
    scope: Scope<'_>,
    url: &str,
    written: &Written,
) -> Result<Vec<(String, String)>, String> {
    let text = |secret: &secrecy::SecretString| secret.expose_secret().to_owned();
    let token = keys.token.as_ref().map(text);
    let identity = Credentials::new(keys.id.clone(), text(&keys.secret), token, None, "dd0c-cost");
    let identity = identity.into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(scope.region)
        .name(scope.service)
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build();
    let parameters = parameters.map_err(|error| error.to_string())?.into();
    let headers = written.headers.iter().map(|(name, value)| (*name, value.as_str()));
    let body = SignableBody::Bytes(written.body.as_bytes());
    let request = SignableRequest::new(written.method, url, headers, body);
    let request = request.map_err(|error| error.to_string())?;
    let (instructions, _) =
        sign(request, &parameters).map_err(|error| error.to_string())?.into_parts();
    let headers = instructions.headers();
    Ok(headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}
