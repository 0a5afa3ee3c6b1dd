//! The calls that cost money, with requests and answers of their real shapes.

use crate::call::{Call, Record};
use serde_json::{Value, json};

impl Call {
    /// `RunInstances`; `group` is the scaling group that launches them.
    pub fn run_instances(&self, instance_type: &str, count: u64, group: Option<&str>) -> Record {
        let tags = match group {
            Some(group) => json!([{"key": "aws:autoscaling:groupName", "value": group}]),
            None => json!([{"key": "Name", "value": "worker"}]),
        };
        let request = json!({
            "instancesSet": {"items": [{"imageId": "ami-0abcdef1234567890", "minCount": count, "maxCount": count, "keyName": "ops"}]},
            "groupSet": {"items": [{"groupId": "sg-0123456789abcdef0"}]},
            "instanceType": instance_type,
            "blockDeviceMapping": {},
            "monitoring": {"enabled": false},
            "subnetId": "subnet-0123456789abcdef0",
            "disableApiTermination": false,
            "clientToken": self.hex(7),
            "tagSpecificationSet": {"items": [{"resourceType": "instance", "tags": tags}]}
        });
        let items: Vec<Value> =
            (0..count).map(|nth| self.instance(instance_type, nth, &tags)).collect();
        let response = json!({
            "requestId": self.hex(8),
            "reservationId": format!("r-{}", self.hex(9)),
            "ownerId": self.account,
            "groupSet": {},
            "instancesSet": {"items": items}
        });
        self.record("ec2.amazonaws.com", "RunInstances", request, response)
    }

    /// Id of the nth instance of [`Self::run_instances`].
    pub fn instance_id(&self, nth: u64) -> String {
        format!("i-{}", self.hex(100 + nth))
    }

    fn instance(&self, instance_type: &str, nth: u64, tags: &Value) -> Value {
        json!({
            "instanceId": self.instance_id(nth),
            "imageId": "ami-0abcdef1234567890",
            "currentState": {"code": 0, "name": "pending"},
            "instanceState": {"code": 0, "name": "pending"},
            "privateDnsName": "ip-10-0-1-17.internal",
            "keyName": "ops",
            "amiLaunchIndex": nth,
            "productCodes": {},
            "instanceType": instance_type,
            "launchTime": self.at.as_millisecond(),
            "placement": {"availabilityZone": format!("{}a", self.region), "tenancy": "default"},
            "monitoring": {"state": "disabled"},
            "subnetId": "subnet-0123456789abcdef0",
            "vpcId": "vpc-0123456789abcdef0",
            "privateIpAddress": "10.0.1.17",
            "stateReason": {"code": "pending", "message": "pending"},
            "architecture": "x86_64",
            "rootDeviceType": "ebs",
            "rootDeviceName": "/dev/xvda",
            "blockDeviceMapping": {},
            "virtualizationType": "hvm",
            "hypervisor": "xen",
            "tagSet": {"items": tags},
            "clientToken": self.hex(7),
            "groupSet": {"items": [{"groupId": "sg-0123456789abcdef0", "groupName": "workers"}]},
            "sourceDestCheck": true,
            "networkInterfaceSet": {"items": [{
                "networkInterfaceId": format!("eni-{}", self.hex(500 + nth)),
                "subnetId": "subnet-0123456789abcdef0",
                "vpcId": "vpc-0123456789abcdef0",
                "ownerId": self.account,
                "status": "in-use",
                "macAddress": "02:00:5e:10:00:01",
                "privateIpAddress": "10.0.1.17",
                "privateDnsName": "ip-10-0-1-17.internal",
                "sourceDestCheck": true,
                "interfaceType": "interface",
                "groupSet": {"items": [{"groupId": "sg-0123456789abcdef0", "groupName": "workers"}]},
                "attachment": {"attachmentId": format!("eni-attach-{}", self.hex(900 + nth)), "deviceIndex": 0, "networkCardIndex": 0, "status": "attaching", "attachTime": self.at.as_millisecond(), "deleteOnTermination": true},
                "privateIpAddressesSet": {"item": [{"privateIpAddress": "10.0.1.17", "privateDnsName": "ip-10-0-1-17.internal", "primary": true}]},
                "ipv6AddressesSet": {},
                "tagSet": {}
            }]},
            "ebsOptimized": false,
            "enaSupport": true,
            "cpuOptions": {"coreCount": 2, "threadsPerCore": 2},
            "capacityReservationSpecification": {"capacityReservationPreference": "open"},
            "enclaveOptions": {"enabled": false},
            "metadataOptions": {"state": "pending", "httpTokens": "required", "httpPutResponseHopLimit": 2, "httpEndpoint": "enabled", "httpProtocolIpv4": "enabled", "httpProtocolIpv6": "disabled", "instanceMetadataTags": "disabled"},
            "maintenanceOptions": {"autoRecovery": "default"},
            "privateDnsNameOptions": {"hostnameType": "ip-name", "enableResourceNameDnsARecord": false, "enableResourceNameDnsAAAARecord": false}
        })
    }

    /// `RunInstances` that was only tried out.
    pub fn dry_run(&self, instance_type: &str) -> Record {
        let request = json!({"instanceType": instance_type, "instancesSet": {"items": [{"imageId": "ami-0abcdef1234567890", "minCount": 1, "maxCount": 1}]}});
        self.failed("ec2.amazonaws.com", "RunInstances", request, "Client.DryRunOperation")
    }

    /// `RunInstances` that met a limit.
    pub fn over_limit(&self, instance_type: &str) -> Record {
        let request = json!({"instanceType": instance_type, "instancesSet": {"items": [{"imageId": "ami-0abcdef1234567890", "minCount": 1, "maxCount": 1}]}});
        self.failed("ec2.amazonaws.com", "RunInstances", request, "Client.VcpuLimitExceeded")
    }

    /// `TerminateInstances`.
    pub fn terminate_instances(&self, ids: &[String]) -> Record {
        let named: Vec<Value> = ids.iter().map(|id| json!({"instanceId": id})).collect();
        let states: Vec<Value> = ids
            .iter()
            .map(|id| {
                json!({
                    "instanceId": id,
                    "currentState": {"code": 32, "name": "shutting-down"},
                    "previousState": {"code": 16, "name": "running"}
                })
            })
            .collect();
        self.record(
            "ec2.amazonaws.com",
            "TerminateInstances",
            json!({"instancesSet": {"items": named}}),
            json!({"requestId": self.hex(8), "instancesSet": {"items": states}}),
        )
    }

    /// `CreateVolume` of a gp3 volume.
    pub fn create_volume(&self, size_gib: u32) -> Record {
        self.record(
            "ec2.amazonaws.com",
            "CreateVolume",
            json!({"size": size_gib.to_string(), "zone": format!("{}a", self.region), "volumeType": "gp3"}),
            json!({
                "requestId": self.hex(8),
                "volumeId": self.volume_id(),
                "size": size_gib.to_string(),
                "zone": format!("{}a", self.region),
                "status": "creating",
                "createTime": self.at.as_millisecond(),
                "volumeType": "gp3",
                "iops": 3000,
                "throughput": 125,
                "encrypted": true,
                "tagSet": {},
                "multiAttachEnabled": false
            }),
        )
    }

    /// Id of the volume of [`Self::create_volume`].
    pub fn volume_id(&self) -> String {
        format!("vol-{}", self.hex(3))
    }

    /// `DeleteVolume`.
    pub fn delete_volume(&self, id: &str) -> Record {
        let response = json!({"requestId": self.hex(8), "_return": true});
        self.record("ec2.amazonaws.com", "DeleteVolume", json!({"volumeId": id}), response)
    }

    /// `CreateDBInstance` of a PostgreSQL instance.
    pub fn create_database(&self, name: &str, class: &str, multi_az: bool) -> Record {
        let request = json!({
            "dBInstanceIdentifier": name,
            "allocatedStorage": 100,
            "dBInstanceClass": class,
            "engine": "postgres",
            "masterUsername": "app",
            "masterUserPassword": "****",
            "multiAZ": multi_az,
            "storageType": "gp3",
            "deletionProtection": false
        });
        let response = json!({
            "dBInstanceIdentifier": name,
            "dBInstanceClass": class,
            "engine": "postgres",
            "dBInstanceStatus": "creating",
            "masterUsername": "app",
            "allocatedStorage": 100,
            "preferredBackupWindow": "03:00-03:30",
            "backupRetentionPeriod": 7,
            "dBSecurityGroups": [],
            "vpcSecurityGroups": [{"vpcSecurityGroupId": "sg-0123456789abcdef0", "status": "active"}],
            "dBParameterGroups": [{"dBParameterGroupName": "default.postgres16", "parameterApplyStatus": "in-sync"}],
            "preferredMaintenanceWindow": "sun:05:00-sun:05:30",
            "pendingModifiedValues": {"masterUserPassword": "****"},
            "multiAZ": multi_az,
            "engineVersion": "16.3",
            "autoMinorVersionUpgrade": true,
            "readReplicaDBInstanceIdentifiers": [],
            "licenseModel": "postgresql-license",
            "storageType": "gp3",
            "iops": 3000,
            "storageThroughput": 125,
            "publiclyAccessible": false,
            "storageEncrypted": true,
            "dbiResourceId": format!("db-{}", self.hex(4)),
            "dBInstanceArn": format!("arn:aws:rds:{}:{}:db:{name}", self.region, self.account)
        });
        self.record("rds.amazonaws.com", "CreateDBInstance", request, response)
    }

    /// `DeleteDBInstance`.
    pub fn delete_database(&self, name: &str) -> Record {
        let request = json!({"dBInstanceIdentifier": name, "skipFinalSnapshot": true});
        let response = json!({"dBInstanceIdentifier": name, "dBInstanceStatus": "deleting"});
        self.record("rds.amazonaws.com", "DeleteDBInstance", request, response)
    }

    /// `CreateAutoScalingGroup`, which answers with nothing.
    pub fn create_group(&self, name: &str, max: u32) -> Record {
        let request = json!({
            "autoScalingGroupName": name,
            "minSize": 1,
            "maxSize": max,
            "desiredCapacity": 1,
            "launchTemplate": {"launchTemplateName": "web", "version": "$Latest"},
            "vPCZoneIdentifier": "subnet-0123456789abcdef0"
        });
        self.record("autoscaling.amazonaws.com", "CreateAutoScalingGroup", request, Value::Null)
    }

    /// `UpdateFunctionConfiguration`.
    pub fn configure_function(&self, name: &str, memory_mb: u32) -> Record {
        let arn = format!("arn:aws:lambda:{}:{}:function:{name}", self.region, self.account);
        self.record(
            "lambda.amazonaws.com",
            "UpdateFunctionConfiguration20150331v2",
            json!({"functionName": name, "memorySize": memory_mb}),
            json!({
                "functionName": name,
                "functionArn": arn,
                "runtime": "provided.al2023",
                "handler": "bootstrap",
                "memorySize": memory_mb,
                "timeout": 30,
                "architectures": ["arm64"],
                "ephemeralStorage": {"size": 512},
                "state": "Active",
                "packageType": "Zip"
            }),
        )
    }

    /// `CreateNatGateway`.
    pub fn create_nat_gateway(&self) -> Record {
        self.record(
            "ec2.amazonaws.com",
            "CreateNatGateway",
            json!({"CreateNatGatewayRequest": {"SubnetId": "subnet-0123456789abcdef0", "AllocationId": "eipalloc-0123456789abcdef0"}}),
            json!({"CreateNatGatewayResponse": {
                "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/",
                "requestId": self.hex(8),
                "natGateway": {
                    "natGatewayId": format!("nat-{}", self.hex(5)),
                    "state": "pending",
                    "subnetId": "subnet-0123456789abcdef0",
                    "vpcId": "vpc-0123456789abcdef0",
                    "connectivityType": "public"
                }
            }}),
        )
    }

    /// `ListBuckets`, one of the many calls that only read.
    pub fn list_buckets(&self) -> Record {
        self.read_only("s3.amazonaws.com", "ListBuckets", json!({"Host": "s3.amazonaws.com"}))
    }

    /// `CreateNotebookInstance`, of a service that matters for cost and is not priced yet.
    pub fn create_notebook(&self, name: &str) -> Record {
        self.record(
            "sagemaker.amazonaws.com",
            "CreateNotebookInstance",
            json!({"notebookInstanceName": name, "instanceType": "ml.t3.medium", "volumeSizeInGB": 5}),
            json!({"notebookInstanceArn": format!("arn:aws:sagemaker:{}:{}:notebook-instance/{name}", self.region, self.account)}),
        )
    }
}
