//! A request as AWS reads it: who signed it, for which service and region, what it asks.

use crate::answer::Manner;
use axum::http::{HeaderMap, Method, Uri};
use serde_json::Value;

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) key: String,
    pub(crate) token: Option<String>,
    pub(crate) region: String,
    /// Service by IAM's name.
    pub(crate) service: String,
    pub(crate) action: String,
    pub(crate) version: String,
    pub(crate) form: Vec<(String, String)>,
    pub(crate) json: Value,
    pub(crate) path: String,
    pub(crate) manner: Manner,
}

impl Asked {
    /// IAM's name of the right that it needs.
    pub(crate) fn right(&self) -> String {
        format!("{}:{}", self.service, self.action)
    }

    /// A value of the form.
    pub(crate) fn of(&self, name: &str) -> Option<&str> {
        self.form.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// The refusal's code if it is not signed as AWS wants it.
    pub(crate) fn read(
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Self, &'static str> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let signature = header("authorization").ok_or("MissingAuthenticationToken")?;
        let (key, region, signed_for) = scope(signature).ok_or("IncompleteSignature")?;
        if header("x-amz-date").is_none() {
            return Err("IncompleteSignature");
        }
        let token = header("x-amz-security-token").map(str::to_owned);
        let service = if signed_for == "monitoring" { "cloudwatch" } else { signed_for };
        let mut asked = Self {
            key: key.to_owned(),
            token,
            region: region.to_owned(),
            service: service.to_owned(),
            action: String::new(),
            version: String::new(),
            form: Vec::new(),
            json: Value::Null,
            path: uri.path().to_owned(),
            manner: if service == "ec2" { Manner::Ec2 } else { Manner::Query },
        };
        asked.read_question(method, uri, header("x-amz-target"), body)?;
        Ok(asked)
    }

    fn read_question(
        &mut self,
        method: &Method,
        uri: &Uri,
        target: Option<&str>,
        body: &[u8],
    ) -> Result<(), &'static str> {
        if let Some(target) = target {
            self.manner = Manner::Json;
            target.rsplit('.').next().unwrap_or_default().clone_into(&mut self.action);
            self.json = serde_json::from_slice(body).map_err(|_| "SerializationException")?;
            return Ok(());
        }
        if method == Method::GET {
            self.manner = Manner::Rest;
            let query = uri.query().unwrap_or_default();
            self.form = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            self.action = if uri.path().ends_with("/provisioned-concurrency") {
                "ListProvisionedConcurrencyConfigs".to_owned()
            } else {
                "ListFunctions".to_owned()
            };
            return Ok(());
        }
        self.form = form_urlencoded::parse(body).into_owned().collect();
        self.action = self.of("Action").ok_or("MissingAction")?.to_owned();
        self.version = self.of("Version").ok_or("MissingParameter")?.to_owned();
        Ok(())
    }
}

/// Key, region and service of `AWS4-HMAC-SHA256 Credential=key/day/region/service/aws4_request, …`.
fn scope(signature: &str) -> Option<(&str, &str, &str)> {
    let rest = signature.strip_prefix("AWS4-HMAC-SHA256 ")?;
    let part = |name: &str| rest.split(',').map(str::trim).find_map(|it| it.strip_prefix(name));
    let signed = part("SignedHeaders=")?;
    let is_hex = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if !part("Signature=").is_some_and(is_hex) || !signed.split(';').any(|it| it == "host") {
        return None;
    }
    let parts: Vec<&str> = part("Credential=")?.split('/').collect();
    let [key, day, region, service, "aws4_request"] = parts[..] else { return None };
    (day.len() == 8).then_some((key, region, service))
}
