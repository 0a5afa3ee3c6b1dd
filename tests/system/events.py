"""CloudTrail records as EventBridge hands them on. All made up, in the shapes that AWS documents."""

import json
import random
import uuid
from datetime import datetime, timedelta, timezone

# Nobody but AWS may send `aws.*`, so the stage `test` also listens to this source.
SOURCE = "dd0c.test"
DETAIL_TYPE = "AWS API Call via CloudTrail"
# A whole minute a little while ago: the same for all that one run makes, so that two tables can be compared.
BEGIN = datetime.now(timezone.utc).replace(second=0, microsecond=0) - timedelta(minutes=30)


class Trail:
    """What one caller does in one account and region: each call a second after the one before."""

    def __init__(self, account, region="eu-west-1", user="ci-legacy", seed=0, begin=BEGIN):
        self.account, self.region, self.user, self.at = account, region, user, begin
        self.random = random.Random(f"{account} {region} {user} {seed}")

    def run_instances(self, kind, count=1):
        request = {
            "instancesSet": {"items": [{"imageId": "ami-0abcdef1234567890", "minCount": count, "maxCount": count}]},
            "instanceType": kind,
            "blockDeviceMapping": {},
            "monitoring": {"enabled": False},
            "disableApiTermination": False,
            "clientToken": self._hex(32),
        }
        answer = {
            "requestId": self._uuid(),
            "reservationId": f"r-{self._hex(17)}",
            "ownerId": self.account,
            "groupSet": {},
            "instancesSet": {"items": [self._instance(kind, nth) for nth in range(count)]},
        }
        return self._record("ec2.amazonaws.com", "RunInstances", request, answer)

    def terminate_instances(self, ids):
        items = [
            {"instanceId": each, "currentState": {"code": 32, "name": "shutting-down"}, "previousState": {"code": 16, "name": "running"}}
            for each in ids
        ]
        request = {"instancesSet": {"items": [{"instanceId": each} for each in ids]}}
        return self._record("ec2.amazonaws.com", "TerminateInstances", request, {"requestId": self._uuid(), "instancesSet": {"items": items}})

    def create_volume(self, gibibytes):
        zone, size = f"{self.region}a", str(gibibytes)
        answer = {
            "requestId": self._uuid(),
            "volumeId": f"vol-{self._hex(17)}",
            "size": size,
            "zone": zone,
            "status": "creating",
            "createTime": self._milliseconds(),
            "volumeType": "gp3",
            "iops": 3000,
            "throughput": 125,
            "encrypted": True,
            "tagSet": {},
            "multiAttachEnabled": False,
        }
        return self._record("ec2.amazonaws.com", "CreateVolume", {"size": size, "zone": zone, "volumeType": "gp3"}, answer)

    def delete_volume(self, volume):
        return self._record("ec2.amazonaws.com", "DeleteVolume", {"volumeId": volume}, {"requestId": self._uuid(), "_return": True})

    def create_nat_gateway(self):
        subnet = f"subnet-{self._hex(17)}"
        request = {"CreateNatGatewayRequest": {"SubnetId": subnet, "AllocationId": f"eipalloc-{self._hex(17)}"}}
        gateway = {"natGatewayId": f"nat-{self._hex(17)}", "state": "pending", "subnetId": subnet, "connectivityType": "public"}
        answer = {"CreateNatGatewayResponse": {"requestId": self._uuid(), "natGateway": gateway}}
        return self._record("ec2.amazonaws.com", "CreateNatGateway", request, answer)

    def create_database(self, name, kind):
        request = {
            "dBInstanceIdentifier": name,
            "allocatedStorage": 100,
            "dBInstanceClass": kind,
            "engine": "postgres",
            "masterUserPassword": "****",
            "multiAZ": False,
            "storageType": "gp3",
        }
        answer = {
            **{key: value for key, value in request.items() if key != "masterUserPassword"},
            "dBInstanceStatus": "creating",
            "licenseModel": "postgresql-license",
            "iops": 3000,
            "storageThroughput": 125,
            "readReplicaDBInstanceIdentifiers": [],
            "dBInstanceArn": f"arn:aws:rds:{self.region}:{self.account}:db:{name}",
        }
        return self._record("rds.amazonaws.com", "CreateDBInstance", request, answer)

    def stop_logging(self, trail):
        return self._record("cloudtrail.amazonaws.com", "StopLogging", {"name": trail}, None)

    def _instance(self, kind, nth):
        return {
            "instanceId": f"i-{self._hex(17)}",
            "imageId": "ami-0abcdef1234567890",
            "instanceState": {"code": 0, "name": "pending"},
            "amiLaunchIndex": nth,
            "productCodes": {},
            "instanceType": kind,
            "launchTime": self._milliseconds(),
            "placement": {"availabilityZone": f"{self.region}a", "tenancy": "default"},
            "monitoring": {"state": "disabled"},
            "architecture": "x86_64",
            "rootDeviceType": "ebs",
            "rootDeviceName": "/dev/xvda",
            "blockDeviceMapping": {},
            "virtualizationType": "hvm",
            "hypervisor": "xen",
            "tagSet": {"items": [{"key": "Name", "value": "worker"}]},
            "ebsOptimized": False,
        }

    def _record(self, source, name, request, answer):
        self.at += timedelta(seconds=1)
        return {
            "eventVersion": "1.11",
            "userIdentity": {
                "type": "IAMUser",
                "principalId": "AIDAEXAMPLEEXAMPLE001",
                "arn": f"arn:aws:iam::{self.account}:user/{self.user}",
                "accountId": self.account,
                "accessKeyId": "AKIAEXAMPLEEXAMPLE01",
                "userName": self.user,
            },
            "eventTime": f"{self.at:%Y-%m-%dT%H:%M:%SZ}",
            "eventSource": source,
            "eventName": name,
            "awsRegion": self.region,
            "sourceIPAddress": "203.0.113.24",
            "userAgent": "aws-cli/2.17.0 md/awscrt#0.20.11 ua/2.0 os/linux#6.1",
            "requestParameters": request,
            "responseElements": answer,
            "requestID": self._uuid(),
            "eventID": self._uuid(),
            "readOnly": False,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": self.account,
            "eventCategory": "Management",
            "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256", "clientProvidedHostHeader": f"{source.split('.')[0]}.{self.region}.amazonaws.com"},
        }

    def _milliseconds(self):
        return int(self.at.timestamp() * 1000)

    def _hex(self, digits):
        return f"{self.random.getrandbits(4 * digits):0{digits}x}"

    def _uuid(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))


def instances(record):
    """Ids of what a launch started."""
    return [each["instanceId"] for each in record["responseElements"]["instancesSet"]["items"]]


def envelope(record, account=None):
    """The record as a rule hands it to the router; `account` is who really sent it."""
    return {
        "version": "0",
        # Of the delivery, so other than the record's own.
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, record["eventID"])),
        "detail-type": DETAIL_TYPE,
        "source": SOURCE,
        "account": account or record["recipientAccountId"],
        "time": record["eventTime"],
        "region": record["awsRegion"],
        "resources": [],
        "detail": record,
    }


def state_change(record, instance, state):
    """EC2's own word about an instance, ten minutes after the record, as a rule hands it to the router."""
    at = datetime.strptime(record["eventTime"], "%Y-%m-%dT%H:%M:%SZ") + timedelta(minutes=10)
    return {
        **envelope(record),
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{instance} {state}")),
        "detail-type": "EC2 Instance State-change Notification",
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "detail": {"instance-id": instance, "state": state},
    }


def entry(record, bus):
    """The record for PutEvents."""
    return {"EventBusName": bus, "Source": SOURCE, "DetailType": DETAIL_TYPE, "Detail": json.dumps(record)}
