//! Where an answer may go: into a bucket that CloudFormation keeps for answers, one in each region.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-vpce-bucketnames.html>

use outbound::is_local;
use reqwest::Url;

/// Begins the name of each of these buckets; what follows is the region without its dashes.
const BUCKET: &str = "cloudformation-custom-resource-response-";
/// Ends the name of each host.
const AWS: &str = ".amazonaws.com";

/// The regions of AWS. Names of buckets are anybody's who comes first, so that one which only looks
/// like a region's is no answer's.
///
/// <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>
const REGIONS: [&str; 34] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Reads an address for answers; the error says what is wrong and repeats nothing of it.
pub fn check(text: &str, local: bool) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "the address of the answer is none")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the address of the answer holds a user or password");
    }
    let host = url.host_str().unwrap_or_default();
    if local && url.scheme() == "http" && is_local(&url) {
        return Ok(url);
    }
    if url.scheme() != "https" || url.port().is_some() {
        return Err("the address of the answer is not plain https");
    }
    if !is_bucket(host) {
        return Err("the address of the answer is none of CloudFormation's");
    }
    Ok(url)
}

/// `<bucket>.s3.amazonaws.com`, `<bucket>.s3.<region>.amazonaws.com`,
/// `<bucket>.s3-<region>.amazonaws.com`; the region is that of the bucket.
fn is_bucket(host: &str) -> bool {
    let inside = host.strip_prefix(BUCKET).and_then(|host| host.strip_suffix(AWS));
    let Some((of, s3)) = inside.and_then(|host| host.split_once('.')) else { return false };
    let Some(region) = REGIONS.iter().find(|region| region.replace('-', "") == of) else {
        return false;
    };
    match s3.strip_prefix("s3") {
        Some("") => true,
        Some(named) => named.strip_prefix(['.', '-']) == Some(region),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_goes_to_cloudformation_and_to_nobody_else() {
        let bucket = "https://cloudformation-custom-resource-response";
        for good in [
            "-useast1.s3.amazonaws.com/arn%3Aaws%3Acloudformation?X-Amz-Signature=1",
            "-useast1.s3.us-east-1.amazonaws.com/a?b=c",
            "-euwest1.s3-eu-west-1.amazonaws.com/a?b=c",
            "-useast1.s3.amazonaws.com:443/a",
        ] {
            assert!(check(&format!("{bucket}{good}"), false).is_ok(), "{good}");
        }
        for bad in [
            "-useast1.s3.amazonaws.com.evil.example/a",
            "-useast1.s3.evil.amazonaws.com/a",
            "-useast1.s3.eu-west-1.amazonaws.com/a",
            "-.s3.amazonaws.com/a",
            "-anything.s3.amazonaws.com/a",
            "-anything.s3.anything.amazonaws.com/a",
            "-useast9.s3.amazonaws.com/a",
            "-useast11.s3.amazonaws.com/a",
            "-us-east-1.s3.amazonaws.com/a",
            "-useast1.s3.useast1.amazonaws.com/a",
            "-useast1.s3.us-east1.amazonaws.com/a",
            "-useast1.s3..amazonaws.com/a",
            "-x.evil.s3.amazonaws.com/a",
            "-useast1.execute-api.us-east-1.amazonaws.com/a",
            "-useast1.s3.amazonaws.com:8443/a",
            "-useast1.s3.amazonaws.com@evil.example/a",
            "-useast1.s3express.amazonaws.com/a",
            "-useast1.s3-website-us-east-1.amazonaws.com/a",
            ".s3.amazonaws.com/a",
        ] {
            assert!(check(&format!("{bucket}{bad}"), false).is_err(), "{bad}");
        }
        for bad in [
            "",
            "not a url",
            "http://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/a",
            "https://ana:secret@cloudformation-custom-resource-response-useast1.s3.amazonaws.com/a",
            "https://evil.example/cloudformation-custom-resource-response-useast1.s3.amazonaws.com",
            "https://evil.example#cloudformation-custom-resource-response-useast1.s3.amazonaws.com",
            "https://evil.example\\.cloudformation-custom-resource-response-useast1.s3.amazonaws.com",
            "https://169.254.169.254/latest/meta-data",
            "https://s3.amazonaws.com/cloudformation-custom-resource-response-useast1/a",
            "https://127.0.0.1/a",
            "file:///etc/passwd",
        ] {
            assert!(check(bad, false).is_err(), "{bad}");
        }
    }

    #[test]
    fn each_region_has_a_bucket_for_answers() {
        for region in REGIONS {
            let of = region.replace('-', "");
            for host in ["s3.amazonaws.com".to_owned(), format!("s3.{region}.amazonaws.com")] {
                let url = format!("https://{BUCKET}{of}.{host}/a?X-Amz-Signature=1");
                assert!(check(&url, false).is_ok(), "{url}");
            }
        }
    }

    #[test]
    fn this_machine_is_one_only_for_stages_without_customers() {
        for local in ["http://127.0.0.1:4566/a", "http://localhost:4566/a", "http://[::1]:1/a"] {
            assert!(check(local, true).is_ok() && check(local, false).is_err(), "{local}");
        }
        assert!(check("http://evil.example/a", true).is_err());
        assert!(check("http://169.254.169.254/a", true).is_err());
    }
}
