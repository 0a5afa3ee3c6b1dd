//! Scaling groups after their creation, addresses and gateways, and calls that cost nothing.

use crate::call::{Call, Record};
use serde_json::{Value, json};

const EC2: &str = "ec2.amazonaws.com";

impl Call {
    /// `UpdateAutoScalingGroup` with another maximum and desired capacity; answers with nothing.
    pub fn update_group(&self, name: &str, max: u64, desired: u64) -> Record {
        let request =
            json!({"autoScalingGroupName": name, "maxSize": max, "desiredCapacity": desired});
        self.record("autoscaling.amazonaws.com", "UpdateAutoScalingGroup", request, Value::Null)
    }

    /// `SetDesiredCapacity`; answers with nothing.
    pub fn set_desired_capacity(&self, name: &str, desired: u64) -> Record {
        let request = json!({
            "autoScalingGroupName": name,
            "desiredCapacity": desired,
            "honorCooldown": false
        });
        self.record("autoscaling.amazonaws.com", "SetDesiredCapacity", request, Value::Null)
    }

    /// Id of the gateway of [`Self::create_nat_gateway`].
    pub fn nat_gateway_id(&self) -> String {
        format!("nat-{}", self.hex(5))
    }

    /// `DeleteNatGateway`.
    pub fn delete_nat_gateway(&self, id: &str) -> Record {
        self.record(
            EC2,
            "DeleteNatGateway",
            json!({"DeleteNatGatewayRequest": {"NatGatewayId": id}}),
            json!({"DeleteNatGatewayResponse": {
                "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/",
                "requestId": self.hex(8),
                "natGatewayId": id
            }}),
        )
    }

    /// `AllocateAddress` from Amazon's pool.
    pub fn allocate_address(&self) -> Record {
        let response = json!({
            "requestId": self.hex(8),
            "publicIp": "203.0.113.99",
            "domain": "vpc",
            "allocationId": self.allocation_id(),
            "publicIpv4Pool": "amazon",
            "networkBorderGroup": self.region
        });
        self.record(EC2, "AllocateAddress", json!({"domain": "vpc"}), response)
    }

    /// Id of the address of [`Self::allocate_address`].
    pub fn allocation_id(&self) -> String {
        format!("eipalloc-{}", self.hex(4))
    }

    /// `ReleaseAddress`.
    pub fn release_address(&self, id: &str) -> Record {
        let response = json!({"requestId": self.hex(8), "_return": true});
        self.record(EC2, "ReleaseAddress", json!({"allocationId": id}), response)
    }

    /// `DescribeInstances`, which only reads.
    pub fn describe_instances(&self) -> Record {
        self.read_only(EC2, "DescribeInstances", json!({"instancesSet": {}, "filterSet": {}}))
    }

    /// `CreateUser`.
    pub fn create_user(&self, name: &str) -> Record {
        let response = json!({"user": {
            "path": "/",
            "userName": name,
            "userId": "AIDAEXAMPLEEXAMPLE009",
            "arn": format!("arn:aws:iam::{}:user/{name}", self.account),
            "createDate": format!("{:.0}", self.at)
        }});
        self.record("iam.amazonaws.com", "CreateUser", json!({"userName": name}), response)
    }

    /// `CreateAccessKey`.
    pub fn create_access_key(&self, user: &str) -> Record {
        let response = json!({"accessKey": {
            "userName": user,
            "accessKeyId": "AKIAEXAMPLEEXAMPLE09",
            "status": "Active",
            "createDate": format!("{:.0}", self.at)
        }});
        self.record("iam.amazonaws.com", "CreateAccessKey", json!({"userName": user}), response)
    }
}
