//! Resources for every check of a scan: a bad one of each, and good ones beside it.

use crate::double::CustomerAws;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Nothing on each of 14 days.
const NOTHING: [f64; 14] = [0.0; 14];

/// A region of an account at a time.
struct At<'a> {
    aws: &'a CustomerAws,
    account: &'a str,
    region: &'a str,
    now: Timestamp,
}

impl CustomerAws {
    /// Fills us-east-1 of an account, as if everything had been there for a while.
    pub fn with_zombies(&self, account: &str) {
        self.with_zombies_in(account, "us-east-1", Timestamp::now());
    }

    /// Fills a region, with ages counted back from this time. Bad: `vol-0unattached`, `vol-0idle`,
    /// `vol-0oldkind`, `snap-0old`, `eipalloc-0idle`, `i-0stopped`, `i-0idle`, `i-0oldgen`,
    /// `idle-alb`, `silent-nlb`, `idle-classic`, `nat-0idle`, `vpce-0idle`, `idle-db`, `old-copy`,
    /// `warm:live`, `oversized`, `/app/endless`, `idle-model`. Not to be judged: `vol-0unmeasured`,
    /// `i-0odd`.
    pub fn with_zombies_in(&self, account: &str, region: &str, now: Timestamp) {
        let at = At { aws: self, account, region, now };
        at.instances();
        at.volumes();
        at.snapshots();
        at.addresses();
        at.balancers();
        at.passages();
        at.databases();
        at.functions();
        at.tables();
        at.logs();
        at.models();
    }
}

impl At<'_> {
    fn ago(&self, days: i64) -> Timestamp {
        let second = self.now.as_second() - days * 86_400;
        Timestamp::from_second(second).unwrap_or(self.now)
    }

    fn xml(&self, list: &str, member: &str) {
        self.aws.put_xml(self.account, self.region, list, member);
    }

    fn json(&self, list: &str, member: Value) {
        self.aws.put_json(self.account, self.region, list, member);
    }

    fn measure(&self, metric: (&str, &str), dimensions: &[(&str, &str)], days: &[f64]) {
        self.aws.measure((self.account, self.region), metric, dimensions, days);
    }

    fn instances(&self) {
        let stopped = |days| {
            let at = self.ago(days).strftime("%Y-%m-%d %H:%M:%S GMT").to_string();
            format!("User initiated ({at})")
        };
        self.instance("i-0busy", "m5.large", "running", "", "front");
        self.instance("i-0idle", "m4.large", "running", "", "forgotten");
        self.instance("i-0oldgen", "m4.large", "running", "", "old");
        self.instance("i-0stopped", "m5.large", "stopped", &stopped(20), "parked");
        self.instance("i-0paused", "m5.large", "stopped", &stopped(3), "paused");
        self.instance("i-0odd", "m5.large", "stopped", "", "odd");
        for (id, cpu, bytes) in
            [("i-0busy", 60.0, 5e9), ("i-0idle", 2.5, 1e5), ("i-0oldgen", 80.0, 5e9)]
        {
            let dimensions = [("InstanceId", id)];
            self.measure(("AWS/EC2", "CPUUtilization"), &dimensions, &[cpu; 14]);
            self.measure(("AWS/EC2", "NetworkIn"), &dimensions, &[bytes; 14]);
            self.measure(("AWS/EC2", "NetworkOut"), &dimensions, &[bytes; 14]);
        }
    }

    fn instance(&self, id: &str, kind: &str, state: &str, reason: &str, name: &str) {
        let launched = self.ago(60);
        let zone = format!("{}a", self.region);
        self.xml("DescribeInstances", &format!(
            "<reservationId>r-1</reservationId><instancesSet><item><instanceId>{id}</instanceId>\
             <instanceType>{kind}</instanceType><instanceState><code>1</code><name>{state}</name></instanceState>\
             <reason>{reason}</reason><launchTime>{launched}</launchTime>\
             <platformDetails>Linux/UNIX</platformDetails><placement><availabilityZone>{zone}</availabilityZone>\
             <tenancy>default</tenancy></placement><tagSet><item><key>Name</key><value>{name}</value></item>\
             </tagSet></item></instancesSet>"
        ));
    }

    fn volumes(&self) {
        self.volume("vol-0unattached", "gp2", 100, 30 * 24, None);
        self.volume("vol-0justmade", "gp3", 100, 2, None);
        self.volume("vol-0idle", "gp2", 50, 60 * 24, Some("i-0busy"));
        self.volume("vol-0used", "gp3", 50, 60 * 24, Some("i-0busy"));
        self.volume("vol-0unmeasured", "gp3", 50, 60 * 24, Some("i-0busy"));
        self.volume("vol-0oldkind", "gp2", 100, 60 * 24, Some("i-0busy"));
        self.volume("vol-0fastgp2", "gp2", 200, 60 * 24, Some("i-0busy"));
        self.volume("vol-0ofstopped", "gp2", 80, 60 * 24, Some("i-0stopped"));
        self.volume("vol-0ofpaused", "gp3", 80, 60 * 24, Some("i-0paused"));
        self.volume("vol-0ofodd", "gp3", 80, 60 * 24, Some("i-0odd"));
        self.xml(
            "DescribeVolumes",
            &format!(
                "<volumeId>vol-0oftask</volumeId><status>in-use</status><size>20</size>\
             <volumeType>gp3</volumeType><createTime>{}</createTime><attachmentSet><item>\
             <volumeId>vol-0oftask</volumeId><status>attached</status><associatedResource>\
             arn:aws:ecs:{}:{}:task/shop/0abc</associatedResource></item></attachmentSet>",
                self.ago(60),
                self.region,
                self.account
            ),
        );
        for (id, each) in
            [("vol-0idle", 0.0), ("vol-0used", 9.0), ("vol-0oldkind", 9.0), ("vol-0fastgp2", 9.0)]
        {
            for name in ["VolumeReadOps", "VolumeWriteOps"] {
                self.measure(("AWS/EBS", name), &[("VolumeId", id)], &[each; 14]);
            }
        }
    }

    fn volume(&self, id: &str, kind: &str, gib: u32, hours: i64, instance: Option<&str>) {
        let hours = SignedDuration::from_hours(hours);
        let made = self.now.checked_sub(hours).unwrap_or(self.now);
        let attached = instance.map_or_else(String::new, |instance| {
            format!("<item><volumeId>{id}</volumeId><instanceId>{instance}</instanceId><status>attached</status></item>")
        });
        let status = if instance.is_some() { "in-use" } else { "available" };
        let performance = match kind {
            "gp3" => "<iops>3000</iops><throughput>125</throughput>".to_owned(),
            _ => format!("<iops>{}</iops>", (gib * 3).max(100)),
        };
        self.xml("DescribeVolumes", &format!(
            "<volumeId>{id}</volumeId><status>{status}</status><size>{gib}</size><volumeType>{kind}</volumeType>{performance}\
             <createTime>{made}</createTime><attachmentSet>{attached}</attachmentSet>"
        ));
    }

    fn snapshots(&self) {
        for (id, volume, days) in [
            ("snap-0old", "vol-0gone", 120),
            ("snap-0image", "vol-0gone", 120),
            ("snap-0kept", "vol-0used", 120),
            ("snap-0young", "vol-0gone", 30),
            ("snap-0copy", "vol-ffffffff", 120),
            ("snap-0disabled", "vol-0gone", 120),
        ] {
            self.xml("DescribeSnapshots", &format!(
                "<snapshotId>{id}</snapshotId><volumeId>{volume}</volumeId><volumeSize>100</volumeSize>\
                 <startTime>{}</startTime>", self.ago(days)
            ));
        }
        self.xml("DescribeImages",
            "<imageId>ami-0ours</imageId><blockDeviceMapping><item><deviceName>/dev/xvda</deviceName>\
             <ebs><snapshotId>snap-0image</snapshotId></ebs></item></blockDeviceMapping>");
        self.xml(
            "DescribeImages",
            "<imageId>ami-0disabled</imageId><imageState>disabled</imageState><blockDeviceMapping>\
             <item><deviceName>/dev/xvda</deviceName><ebs><snapshotId>snap-0disabled</snapshotId>\
             </ebs></item></blockDeviceMapping>",
        );
        self.xml(
            "DescribeSnapshots",
            &format!(
                "<snapshotId>snap-0timed</snapshotId><volumeId>vol-0made-up</volumeId>\
             <transferType>standard</transferType><volumeSize>100</volumeSize>\
             <startTime>{}</startTime>",
                self.ago(120)
            ),
        );
    }

    fn addresses(&self) {
        self.xml(
            "DescribeAddresses",
            "<publicIp>203.0.113.7</publicIp><allocationId>eipalloc-0idle</allocationId>\
             <publicIpv4Pool>amazon</publicIpv4Pool>",
        );
        self.xml(
            "DescribeAddresses",
            "<publicIp>198.51.100.7</publicIp><allocationId>eipalloc-0brought</allocationId>\
             <publicIpv4Pool>ipv4pool-ec2-0abc</publicIpv4Pool>",
        );
        self.xml(
            "DescribeAddresses",
            "<publicIp>203.0.113.8</publicIp><allocationId>eipalloc-0used</allocationId>\
             <associationId>eipassoc-0x</associationId><instanceId>i-0busy</instanceId>",
        );
    }

    fn balancers(&self) {
        self.balancer("idle-alb", "application", "app", "unhealthy", &NOTHING);
        self.balancer("failing-alb", "application", "app", "unhealthy", &[0.1; 14]);
        self.balancer("busy-alb", "application", "app", "healthy", &[5.0; 14]);
        self.balancer("silent-nlb", "network", "net", "healthy", &NOTHING);
        for (name, state) in [("idle-classic", "OutOfService"), ("busy-classic", "InService")] {
            self.xml(
                "classic:DescribeLoadBalancers",
                &format!(
                    "<LoadBalancerName>{name}</LoadBalancerName><CreatedTime>{}</CreatedTime>",
                    self.ago(60)
                ),
            );
            let list = format!("classic:DescribeInstanceHealth:{name}");
            self.xml(&list, &format!("<InstanceId>i-0busy</InstanceId><State>{state}</State>"));
        }
        let dimensions = [("LoadBalancerName", "busy-classic")];
        self.measure(("AWS/ELB", "RequestCount"), &dimensions, &[7.0; 14]);
    }

    fn balancer(&self, name: &str, kind: &str, short: &str, health: &str, units: &[f64]) {
        let of = |what: &str| {
            format!("arn:aws:elasticloadbalancing:{}:{}:{what}", self.region, self.account)
        };
        let (id, group) =
            (format!("{short}/{name}/0123456789abcdef"), of(&format!("targetgroup/{name}/1")));
        let arn = of(&format!("loadbalancer/{id}"));
        self.xml("DescribeLoadBalancers", &format!(
            "<LoadBalancerArn>{arn}</LoadBalancerArn><LoadBalancerName>{name}</LoadBalancerName>\
             <Type>{kind}</Type><CreatedTime>{}</CreatedTime>", self.ago(60)
        ));
        self.xml("DescribeTargetGroups", &format!(
            "<TargetGroupArn>{group}</TargetGroupArn><LoadBalancerArns><member>{arn}</member></LoadBalancerArns>"
        ));
        self.xml(&format!("DescribeTargetHealth:{group}"), &format!(
            "<Target><Id>i-0busy</Id></Target><TargetHealth><State>{health}</State></TargetHealth>"
        ));
        let namespace = if kind == "network" { "AWS/NetworkELB" } else { "AWS/ApplicationELB" };
        self.measure((namespace, "ConsumedLCUs"), &[("LoadBalancer", &id)], units);
    }

    fn passages(&self) {
        for (id, each) in [("nat-0idle", 0.0), ("nat-0busy", 1e6)] {
            self.xml("DescribeNatGateways", &format!(
                "<natGatewayId>{id}</natGatewayId><state>available</state><createTime>{}</createTime>", self.ago(60)
            ));
            self.measure(
                ("AWS/NATGateway", "BytesOutToDestination"),
                &[("NatGatewayId", id)],
                &[each; 14],
            );
        }
        let service = format!("com.amazonaws.{}.kms", self.region);
        for id in ["vpce-0idle", "vpce-0busy"] {
            self.xml("DescribeVpcEndpoints", &format!(
                "<vpcEndpointId>{id}</vpcEndpointId><vpcEndpointType>Interface</vpcEndpointType>\
                 <vpcId>vpc-0x</vpcId><serviceName>{service}</serviceName><state>available</state>\
                 <subnetIdSet><item>subnet-0a</item><item>subnet-0b</item></subnetIdSet>\
                 <creationTimestamp>{}</creationTimestamp>", self.ago(60)
            ));
        }
        let dimensions = [
            ("Endpoint Type", "Interface"),
            ("Service Name", service.as_str()),
            ("VPC Endpoint Id", "vpce-0busy"),
            ("VPC Id", "vpc-0x"),
        ];
        self.measure(("AWS/PrivateLinkEndpoints", "BytesProcessed"), &dimensions, &[5.0, 7.0]);
    }

    fn databases(&self) {
        for (id, each) in [("idle-db", 0.0), ("busy-db", 4.0)] {
            self.xml("DescribeDBInstances", &format!(
                "<DBInstanceIdentifier>{id}</DBInstanceIdentifier><DBInstanceClass>db.m5.large</DBInstanceClass>\
                 <Engine>mysql</Engine><DBInstanceStatus>available</DBInstanceStatus><MultiAZ>false</MultiAZ>\
                 <LicenseModel>general-public-license</LicenseModel><StorageType>gp2</StorageType>\
                 <AllocatedStorage>100</AllocatedStorage><InstanceCreateTime>{}</InstanceCreateTime>", self.ago(60)
            ));
            let dimensions = [("DBInstanceIdentifier", id)];
            self.measure(("AWS/RDS", "DatabaseConnections"), &dimensions, &[each; 14]);
        }
        for (id, days) in [("old-copy", 200), ("young-copy", 20)] {
            self.xml("DescribeDBSnapshots", &format!(
                "<DBSnapshotIdentifier>{id}</DBSnapshotIdentifier><SnapshotType>manual</SnapshotType>\
                 <AllocatedStorage>200</AllocatedStorage><SnapshotCreateTime>{}</SnapshotCreateTime>", self.ago(days)
            ));
        }
    }

    fn functions(&self) {
        let set = self.ago(60).strftime("%Y-%m-%dT%H:%M:%S+0000").to_string();
        for name in ["warm", "hot", "cold"] {
            self.json(
                "ListFunctions",
                json!({
                    "FunctionName": name, "MemorySize": 1024, "Architectures": ["x86_64"],
                    "EphemeralStorage": {"Size": 512},
                }),
            );
        }
        for name in ["warm", "hot"] {
            let arn =
                format!("arn:aws:lambda:{}:{}:function:{name}:live", self.region, self.account);
            let config = json!({
                "FunctionArn": arn, "RequestedProvisionedConcurrentExecutions": 10,
                "AllocatedProvisionedConcurrentExecutions": 10, "Status": "READY", "LastModified": set,
            });
            let answer = json!({"ProvisionedConcurrencyConfigs": [config]});
            self.json("ListProvisionedConcurrencyConfigs", json!({"name": name, "answer": answer}));
        }
        let dimensions = [("FunctionName", "hot"), ("Resource", "hot:live")];
        self.measure(("AWS/Lambda", "ProvisionedConcurrencyInvocations"), &dimensions, &[3.0]);
    }

    fn tables(&self) {
        for (name, read, write) in
            [("oversized", 100, 50), ("right-sized", 100, 50), ("by-request", 0, 0)]
        {
            self.json("ListTables", name.into());
            let table = json!({
                "TableName": name, "CreationDateTime": self.ago(60).as_second(),
                "ProvisionedThroughput": {"ReadCapacityUnits": read, "WriteCapacityUnits": write},
            });
            self.json("DescribeTable", json!({"name": name, "answer": {"Table": table}}));
            let dimensions = [("TableName", name)];
            for (metric, units) in
                [("ProvisionedReadCapacityUnits", read), ("ProvisionedWriteCapacityUnits", write)]
            {
                if units > 0 {
                    self.measure(("AWS/DynamoDB", metric), &dimensions, &[f64::from(units); 14]);
                }
            }
        }
        // 1 unit a second for 14 days, of 100; and 50.
        for (name, each) in [("oversized", 86_400.0), ("right-sized", 50.0 * 86_400.0)] {
            self.measure(
                ("AWS/DynamoDB", "ConsumedReadCapacityUnits"),
                &[("TableName", name)],
                &[each; 14],
            );
        }
    }

    fn logs(&self) {
        let gib = 1_u64 << 30;
        let made = self.ago(400).as_millisecond();
        for (name, bytes, days) in [
            ("/app/endless", 100 * gib, Value::Null),
            ("/app/kept", 100 * gib, json!(90)),
            ("/app/small", gib / 2, Value::Null),
        ] {
            self.json("DescribeLogGroups", json!({
                "logGroupName": name, "storedBytes": bytes, "creationTime": made, "retentionInDays": days,
            }));
        }
    }

    fn models(&self) {
        for name in ["idle-model", "busy-model"] {
            self.json(
                "ListEndpoints",
                json!({"EndpointName": name, "EndpointStatus": "InService"}),
            );
            let endpoint = json!({
                "EndpointName": name, "EndpointConfigName": format!("{name}-config"),
                "EndpointStatus": "InService", "CreationTime": self.ago(60).as_second(),
                "ProductionVariants": [{"VariantName": "all", "CurrentInstanceCount": 2}],
            });
            self.json("DescribeEndpoint", json!({"name": name, "answer": endpoint}));
            let variant = json!({"VariantName": "all", "InstanceType": "ml.m5.large"});
            let config = json!({"ProductionVariants": [variant]});
            self.json(
                "DescribeEndpointConfig",
                json!({"name": format!("{name}-config"), "answer": config}),
            );
            let dimensions = [("EndpointName", name), ("VariantName", "all")];
            self.measure(("/aws/sagemaker/Endpoints", "CPUUtilization"), &dimensions, &[1.0; 14]);
        }
        let dimensions = [("EndpointName", "busy-model"), ("VariantName", "all")];
        self.measure(("AWS/SageMaker", "Invocations"), &dimensions, &[12.0]);
    }
}
