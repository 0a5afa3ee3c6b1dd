//! Knocks: denied calls come back as EventBridge forwards them.

use crate::request::Asked;
use crate::world::{ROLE, Session, World};
use jiff::Timestamp;
use serde_json::json;

impl World {
    /// A call of `ec2:CreateSnapshot` that was denied.
    pub(crate) fn knocked(&mut self, asked: &Asked, session: &Session) {
        let number = self.next();
        let id = format!("{number:08x}-0000-4000-8000-{number:012x}");
        let Session { account, name, .. } = session;
        let time = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
        let (time, region) = (time.to_string(), &asked.region);
        let role = format!("arn:aws:iam::{account}:role/{ROLE}");
        let issuer = json!({
            "type": "Role", "principalId": "AROAEXAMPLEPLAYED0001", "arn": role, "accountId": account,
            "userName": ROLE,
        });
        let envelope = json!({
            "version": "0", "id": id, "detail-type": "AWS API Call via CloudTrail",
            "source": "aws.ec2", "account": account, "time": time, "region": region, "resources": [],
            "detail": {
                "eventVersion": "1.10",
                "userIdentity": {
                    "type": "AssumedRole", "principalId": format!("AROAEXAMPLEPLAYED0001:{name}"),
                    "arn": format!("arn:aws:sts::{account}:assumed-role/{ROLE}/{name}"),
                    "accountId": account, "accessKeyId": asked.key,
                    "sessionContext": {
                        "sessionIssuer": issuer,
                        "attributes": {"creationDate": time, "mfaAuthenticated": "false"},
                    },
                },
                "eventTime": time, "eventSource": "ec2.amazonaws.com", "eventName": "CreateSnapshot",
                "awsRegion": region, "sourceIPAddress": "203.0.113.7", "userAgent": "dd0c-cost",
                "errorCode": "Client.UnauthorizedOperation",
                "errorMessage": "You are not authorized to perform this operation.",
                "requestParameters": {
                    "volumeId": asked.of("VolumeId"), "dryRun": asked.of("DryRun") == Some("true"),
                },
                "responseElements": null, "requestID": id, "eventID": id, "readOnly": false,
                "eventType": "AwsApiCall", "managementEvent": true, "recipientAccountId": account,
                "eventCategory": "Management",
            },
        });
        if let Some(account) = self.accounts.get_mut(account) {
            account.knocks.push(envelope);
        }
    }
}
