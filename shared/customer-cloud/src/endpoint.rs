//! Where a service of a region listens: AWS itself, or one address that plays all of it.

use crate::operation::Service;
use crate::own::SettingsError;
use domain::ids::Region;
use outbound::is_safe;
use reqwest::Url;

/// Name of the variable with the one address.
pub(crate) const URL: &str = "CUSTOMER_AWS_URL";

/// Where to call.
#[derive(Debug, Clone)]
pub(crate) enum Endpoint {
    /// AWS, the partition that everybody has.
    Aws,
    /// One base for everything; service and region stand in the signature.
    One(String),
}

impl Endpoint {
    /// `None` or an empty text is AWS.
    pub(crate) fn parse(text: Option<&str>) -> Result<Self, SettingsError> {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(Self::Aws) };
        let url = Url::parse(text).map_err(|_| SettingsError::Address(URL))?;
        let safe = is_safe(&url);
        let plain = url.username().is_empty() && url.password().is_none() && url.path() == "/";
        if !safe || !plain {
            return Err(SettingsError::Address(URL));
        }
        Ok(Self::One(text.trim_end_matches('/').to_owned()))
    }

    /// Without a slash at its end.
    pub(crate) fn base(&self, service: Service, region: &Region) -> String {
        match self {
            Self::One(base) => base.clone(),
            Self::Aws if service == Service::Iam => "https://iam.amazonaws.com".to_owned(),
            Self::Aws => format!("https://{}.{region}.amazonaws.com", service.host()),
        }
    }

    /// Whether it is on this machine, without TLS.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self, Self::One(base) if base.starts_with("http://"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aws_is_reached_by_service_and_region() {
        let region = Region::parse("eu-west-1").unwrap();
        let base = |service| Endpoint::Aws.base(service, &region);
        assert_eq!(base(Service::Ec2), "https://ec2.eu-west-1.amazonaws.com");
        assert_eq!(base(Service::CloudWatch), "https://monitoring.eu-west-1.amazonaws.com");
        assert_eq!(base(Service::SageMaker), "https://api.sagemaker.eu-west-1.amazonaws.com");
        assert_eq!(base(Service::Iam), "https://iam.amazonaws.com");
    }

    #[test]
    fn secrets_go_nowhere_without_tls_but_to_this_machine() {
        assert!(matches!(Endpoint::parse(None), Ok(Endpoint::Aws)));
        assert!(matches!(Endpoint::parse(Some("")), Ok(Endpoint::Aws)));
        for good in ["http://127.0.0.1:4566", "http://localhost:1/", "https://aws.example"] {
            assert!(Endpoint::parse(Some(good)).is_ok(), "{good}");
        }
        for bad in [
            "http://aws.example",
            "http://10.0.0.1",
            "ftp://localhost",
            "https://u:p@h",
            "x",
            "https://h/path",
        ] {
            assert!(Endpoint::parse(Some(bad)).is_err(), "{bad}");
        }
    }
}
