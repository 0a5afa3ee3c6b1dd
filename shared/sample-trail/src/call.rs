//! One API call as CloudTrail records it.

use jiff::Timestamp;
use serde_json::{Value, json};

/// A CloudTrail record as JSON.
pub type Record = Value;

/// A record as EventBridge delivers it.
pub fn envelope(record: &Record) -> Value {
    let source = record["eventSource"].as_str().unwrap_or_default();
    let service = source.split('.').next().unwrap_or_default();
    json!({
        "version": "0",
        "id": record["requestID"],
        "detail-type": "AWS API Call via CloudTrail",
        "source": format!("aws.{service}"),
        "account": record["recipientAccountId"],
        "time": record["eventTime"],
        "region": record["awsRegion"],
        "resources": [],
        "detail": record,
    })
}

/// Who makes a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// An IAM user.
    User(&'static str),
    /// A role session; for people the session name is theirs.
    Session {
        /// The role.
        role: &'static str,
        /// The session.
        session: String,
    },
    /// The Auto Scaling service by its service-linked role.
    AutoScaling,
}

/// Where, when and by whom calls are made; each call moves the counter on, so that no two records
/// share an id.
#[derive(Debug, Clone)]
pub struct Call {
    /// 12 digits.
    pub account: String,
    /// `eu-west-1`.
    pub region: &'static str,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub caller: Caller,
    /// Makes ids; the same number gives the same ids.
    pub serial: u64,
}

impl Call {
    /// A record of a call that succeeded.
    #[expect(clippy::needless_pass_by_value, reason = "callers build the values in place")]
    pub fn record(&self, source: &str, name: &str, request: Value, response: Value) -> Record {
        json!({
            "eventVersion": "1.11",
            "userIdentity": self.identity(),
            "eventTime": format!("{:.0}", self.at),
            "eventSource": source,
            "eventName": name,
            "awsRegion": self.region,
            "sourceIPAddress": self.address(),
            "userAgent": self.agent(),
            "requestParameters": request,
            "responseElements": response,
            "requestID": self.uuid(1),
            "eventID": self.uuid(2),
            "readOnly": false,
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": self.account,
            "eventCategory": "Management",
            "tlsDetails": {
                "tlsVersion": "TLSv1.3",
                "cipherSuite": "TLS_AES_128_GCM_SHA256",
                "clientProvidedHostHeader": format!("{}.{}.amazonaws.com", source.split('.').next().unwrap_or("ec2"), self.region)
            }
        })
    }

    /// A record of a call that only reads.
    pub fn read_only(&self, source: &str, name: &str, request: Value) -> Record {
        let mut record = self.record(source, name, request, Value::Null);
        record["readOnly"] = json!(true);
        record
    }

    /// A record of a call that failed.
    pub fn failed(&self, source: &str, name: &str, request: Value, code: &str) -> Record {
        let mut record = self.record(source, name, request, Value::Null);
        record["errorCode"] = json!(code);
        record["errorMessage"] = json!("The request did not succeed.");
        record
    }

    fn identity(&self) -> Value {
        let account = &self.account;
        match &self.caller {
            Caller::User(name) => json!({
                "type": "IAMUser",
                "principalId": "AIDAEXAMPLEEXAMPLE001",
                "arn": format!("arn:aws:iam::{account}:user/{name}"),
                "accountId": account,
                "accessKeyId": "AKIAEXAMPLEEXAMPLE01",
                "userName": name
            }),
            Caller::Session { role, session } => json!({
                "type": "AssumedRole",
                "principalId": format!("AROAEXAMPLEEXAMPLE001:{session}"),
                "arn": format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"),
                "accountId": account,
                "accessKeyId": "ASIAEXAMPLEEXAMPLE01",
                "sessionContext": {
                    "sessionIssuer": {
                        "type": "Role",
                        "principalId": "AROAEXAMPLEEXAMPLE001",
                        "arn": format!("arn:aws:iam::{account}:role/{role}"),
                        "accountId": account,
                        "userName": role
                    },
                    "attributes": {
                        "creationDate": format!("{:.0}", self.at),
                        "mfaAuthenticated": "false"
                    }
                }
            }),
            Caller::AutoScaling => json!({
                "type": "AssumedRole",
                "principalId": "AROAEXAMPLEEXAMPLE002:AutoScaling",
                "arn": format!("arn:aws:sts::{account}:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling"),
                "accountId": account,
                "sessionContext": {
                    "sessionIssuer": {
                        "type": "Role",
                        "principalId": "AROAEXAMPLEEXAMPLE002",
                        "arn": format!("arn:aws:iam::{account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"),
                        "accountId": account,
                        "userName": "AWSServiceRoleForAutoScaling"
                    },
                    "attributes": {
                        "creationDate": format!("{:.0}", self.at),
                        "mfaAuthenticated": "false"
                    }
                },
                "invokedBy": "autoscaling.amazonaws.com"
            }),
        }
    }

    fn address(&self) -> &'static str {
        match self.caller {
            Caller::AutoScaling => "autoscaling.amazonaws.com",
            Caller::User(_) => "203.0.113.24",
            Caller::Session { .. } => "198.51.100.7",
        }
    }

    fn agent(&self) -> &'static str {
        match self.caller {
            Caller::AutoScaling => "autoscaling.amazonaws.com",
            Caller::User(_) => "Boto3/1.34.0 md/Botocore#1.34.0 lang/python#3.11.8",
            Caller::Session { .. } => "aws-cli/2.17.0 md/awscrt#0.20.11 ua/2.0 os/linux#6.1",
        }
    }

    /// 17 hexadecimal digits, as in instance and volume ids.
    pub fn hex(&self, nth: u64) -> String {
        format!("0{:016x}", scramble(scramble(self.serial) ^ nth))
    }

    fn uuid(&self, nth: u64) -> String {
        let (a, b) = (scramble(self.serial ^ (nth << 56)), scramble(!self.serial ^ nth));
        let hex = format!("{a:016x}{b:016x}");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}

/// The finalizer of `SplitMix64`: spreads a counter over all 64 bits.
pub(crate) fn scramble(value: u64) -> u64 {
    let mut x = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
