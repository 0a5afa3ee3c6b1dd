//! The scan: every zombie is found, its good twin is not, and all of it is counted and priced.

use super::{ACCOUNT, access, cloud, deployed, region, requested};
use customer_aws::{CustomerAws, Failing, Fault};
use domain::money::Usd;
use domain::zombie::{Part, Zombie, ZombieCheck};
use jiff::Timestamp;
use pipeline::cloud::{Calls, Cloud, Scanned};
use pipeline::error::Failure;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

const NOW: &str = "2026-06-15T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// All parts of the region.
async fn scanned(aws: &customer_aws::Running) -> Scanned {
    counted(aws).await.1
}

async fn counted(aws: &customer_aws::Running) -> (Calls, Scanned) {
    let (cloud, region) = (cloud(aws), region("us-east-1"));
    let (mut calls, mut all) = (Calls::default(), Scanned::default());
    for part in Part::ALL {
        let (taken, scanned) = cloud.scan(&access(), (&region, part), now(), &|| true).await;
        let scanned = scanned.unwrap().unwrap();
        assert!(scanned.zombies.is_sorted_by_key(|it| std::cmp::Reverse(it.monthly.usd())));
        let checks = scanned.zombies.iter().map(|it| it.check);
        assert!(
            checks.chain(scanned.unjudged.iter().map(|it| it.0)).all(|it| Part::of(it) == part)
        );
        calls += taken;
        all.zombies.extend(scanned.zombies);
        all.unjudged.extend(scanned.unjudged);
        all.unlisted.extend(scanned.unlisted);
    }
    (calls, all)
}

async fn full() -> customer_aws::Running {
    let aws = deployed().await;
    aws.with_zombies_in(ACCOUNT, "us-east-1", now());
    aws
}

/// (check, resource, US dollars a month, whether every price is known), by hand from the tables:
/// a month has 730 hours. A bound is rounded up to a millionth of a dollar an hour. What is paid for
/// nothing saves nothing beside: volumes of gp2 and an m4 are among them.
const FOUND: [(ZombieCheck, &str, &str, bool); 19] = [
    (ZombieCheck::UnattachedVolume, "vol-0unattached", "10", true), // 100 × 0.10
    (ZombieCheck::IdleVolume, "vol-0idle", "5", true),              // 50 × 0.10
    (ZombieCheck::OldVolumeKind, "vol-0oldkind", "2", true),        // 100 × (0.10 − 0.08)
    (ZombieCheck::OldSnapshot, "snap-0old", "5.0005", false),       // 100 × 0.05 at most
    (ZombieCheck::UnassociatedAddress, "eipalloc-0idle", "3.65", true), // 0.005 × 730
    (ZombieCheck::StoppedInstance, "i-0stopped", "8", true),        // 80 × 0.10
    (ZombieCheck::IdleInstance, "i-0idle", "73", true),             // 0.10 × 730
    (ZombieCheck::OldGeneration, "i-0oldgen", "2.92", true),        // (0.10 − 0.096) × 730
    (ZombieCheck::IdleLoadBalancer, "idle-alb", "16.425", true),    // 0.0225 × 730
    (ZombieCheck::IdleLoadBalancer, "silent-nlb", "16.425", true),
    (ZombieCheck::IdleLoadBalancer, "idle-classic", "18.25", true), // 0.025 × 730
    (ZombieCheck::IdleNatGateway, "nat-0idle", "32.85", true),      // 0.045 × 730
    (ZombieCheck::IdleEndpoint, "vpce-0idle", "14.6", true),        // 2 × 0.01 × 730
    (ZombieCheck::IdleDatabase, "idle-db", "136.33", true),         // 0.171 × 730 + 100 × 0.115
    (ZombieCheck::OldDatabaseSnapshot, "old-copy", "19.00044", false), // 200 × 0.095 at most
    (ZombieCheck::UnusedConcurrency, "warm:live", "109.500876", true), // 10 × 3,600 × 730 × 0.0000041667
    (ZombieCheck::OversizedTable, "oversized", "33.215", true), // (100 × 0.00013 + 50 × 0.00065) × 730
    (ZombieCheck::EndlessLogs, "/app/endless", "3", true),      // 100 × 0.03
    (ZombieCheck::IdleModelEndpoint, "idle-model", "251.85", false), // 2 × 0.115 × 1.5 × 730 at most
];

#[tokio::test]
async fn every_zombie_is_found_with_its_price_and_no_good_twin_is() {
    let aws = full().await;
    let scanned = scanned(&aws).await;
    let found: BTreeMap<(ZombieCheck, &str), (Usd, bool)> = scanned
        .zombies
        .iter()
        .map(|it| ((it.check, it.resource.as_str()), (it.monthly.usd(), it.monthly.is_known())))
        .collect();
    let wanted: BTreeMap<(ZombieCheck, &str), (Usd, bool)> = FOUND
        .iter()
        .map(|(check, resource, usd, known)| {
            ((*check, *resource), (Usd::new(usd.parse().unwrap()), *known))
        })
        .collect();
    assert_eq!(found, wanted);
    assert_eq!(scanned.zombies.len(), FOUND.len(), "nothing twice");
    let checks: std::collections::BTreeSet<ZombieCheck> = FOUND.iter().map(|it| it.0).collect();
    assert_eq!(checks.len(), ZombieCheck::ALL.len(), "every check has one");
}

#[tokio::test]
async fn every_zombie_says_why_and_what_to_do_and_names_nobody() {
    let aws = full().await;
    for zombie in scanned(&aws).await.zombies {
        assert!(zombie.why.ends_with('.') && zombie.why.len() > 30, "{zombie:?}");
        assert!(
            zombie.stop.contains(&zombie.resource)
                || zombie.check == ZombieCheck::UnusedConcurrency,
            "{zombie:?}"
        );
        assert!(zombie.stop.contains("--region us-east-1"), "{zombie:?}");
        let text = format!("{} {}", zombie.why, zombie.stop);
        assert!(!text.contains("arn:") && !text.contains(ACCOUNT), "{text}");
    }
}

#[tokio::test]
async fn what_launched_an_instance_and_what_a_database_copies_are_read() {
    let aws = full().await;
    let put = |list: &str, member: &str| aws.put_xml(ACCOUNT, "us-east-1", list, member);
    let tag =
        |key: &str, value: &str| format!("<item><key>aws:{key}</key><value>{value}</value></item>");
    let tags = [tag("ec2:fleet-id", "fleet-0a"), tag("autoscaling:groupName", "web")].concat();
    put(
        "DescribeInstances",
        &format!(
            "<instancesSet><item><instanceId>i-0busy</instanceId><instanceType>m4.large</instanceType>\
             <instanceState><name>running</name></instanceState><launchTime>2026-01-01T00:00:00Z\
             </launchTime><platformDetails>Linux/UNIX</platformDetails><tagSet>{tags}</tagSet></item>\
             </instancesSet>"
        ),
    );
    put(
        "DescribeDBInstances",
        "<DBInstanceIdentifier>idle-db</DBInstanceIdentifier><DBInstanceClass>db.m4.large\
         </DBInstanceClass><Engine>mysql</Engine><DBInstanceStatus>available</DBInstanceStatus>\
         <StorageType>gp2</StorageType><AllocatedStorage>100</AllocatedStorage>\
         <ReadReplicaSourceDBInstanceIdentifier>orders</ReadReplicaSourceDBInstanceIdentifier>\
         <InstanceCreateTime>2026-01-01T00:00:00Z</InstanceCreateTime>",
    );
    let zombies = scanned(&aws).await.zombies;
    let found = |check, resource: &str| {
        let mut its = zombies.iter().filter(|it| it.check == check && it.resource == resource);
        its.next_back().unwrap()
    };
    let old = found(ZombieCheck::OldGeneration, "i-0busy");
    assert!(old.why.contains("the group web"), "{}", old.why);
    assert!(old.stop.contains("--auto-scaling-group-names web"), "{}", old.stop);
    let replicas = zombies.iter().filter(|it| it.stop.contains("--skip-final-snapshot")).count();
    assert_eq!(replicas, 1, "the other idle-db has a last snapshot");
}

#[tokio::test]
async fn the_dearest_comes_first_and_names_are_kept() {
    let aws = full().await;
    let scanned = scanned(&aws).await;
    assert_eq!(scanned.zombies[0].resource, "i-0idle", "of the first part");
    let idle = scanned.zombies.iter().find(|it| it.resource == "i-0idle").unwrap();
    assert_eq!(idle.name.as_deref(), Some("forgotten"));
    assert_eq!(
        idle.why,
        "In 14 days the m4.large instance used at most 2.5 % of its processor and moved 2.8 MB."
    );
}

#[tokio::test]
async fn what_was_not_measured_is_counted_and_not_found() {
    let aws = full().await;
    let scanned = scanned(&aws).await;
    let unjudged: Vec<ZombieCheck> = scanned.unjudged.iter().map(|(check, _)| *check).collect();
    assert_eq!(
        unjudged,
        [ZombieCheck::StoppedInstance, ZombieCheck::IdleVolume],
        "{:?}",
        scanned.unjudged
    );
    assert!(scanned.unjudged[1].1.contains("no figures of its reads and writes"));
}

#[tokio::test]
async fn calls_and_what_they_cost_the_customer_are_counted() {
    let aws = full().await;
    cloud(&aws).regions(&access()).await.unwrap();
    aws.forget_requests();
    let (calls, _) = counted(&aws).await;
    let requests: u64 =
        aws.requests().iter().filter(|it| it.0 != "sts:AssumeRole").map(|it| it.1).sum();
    // 3 instances × 3, 5 volumes × 2, 4 load balancers, 2 classic, 2 gateways, 2 endpoints,
    // 2 databases, 2 × concurrency, 2 tables × 4, 2 endpoints × 2.
    let metrics = 9 + 10 + 4 + 2 + 2 + 2 + 2 + 2 + 8 + 4;
    assert_eq!(calls, Calls { requests, metrics });
    assert_eq!(calls.usd().to_string(), "0.00045");
    assert_eq!(requested(&aws, "cloudwatch:GetMetricData"), 6, "all metrics of a part in one");
    assert_eq!(requested(&aws, "lambda:ListProvisionedConcurrencyConfigs"), 3);
}

#[tokio::test]
async fn pages_are_followed() {
    let aws = full().await;
    let (calls, whole) = counted(&aws).await;
    aws.page_size(1);
    let (calls_in_pages, in_pages) = counted(&aws).await;
    assert_eq!(whole.zombies, in_pages.zombies);
    assert_eq!(whole.unjudged, in_pages.unjudged);
    assert!(calls_in_pages.requests > calls.requests + 20);
}

#[tokio::test]
async fn more_than_a_hundred_pages_are_not_followed_and_it_is_said() {
    let aws = deployed().await;
    aws.page_size(1);
    for number in 0..101 {
        let volume = format!(
            "<volumeId>vol-{number}</volumeId><size>1</size><volumeType>gp3</volumeType>\
            <createTime>2026-01-01T00:00:00Z</createTime><attachmentSet/>"
        );
        aws.put_xml(ACCOUNT, "us-east-1", "DescribeVolumes", &volume);
    }
    let scanned = scanned(&aws).await;
    assert_eq!(requested(&aws, "ec2:DescribeVolumes"), 100);
    assert!(scanned.zombies.is_empty());
    let why = &scanned.unjudged.iter().find(|it| it.0 == ZombieCheck::UnattachedVolume).unwrap().1;
    assert!(why.contains("lists more than we look at"), "{why}");
}

#[tokio::test]
async fn more_than_five_hundred_metrics_go_in_two_requests() {
    let aws = deployed().await;
    for number in 0..600 {
        aws.put_xml(ACCOUNT, "us-east-1", "DescribeNatGateways", &format!(
            "<natGatewayId>nat-{number}</natGatewayId><state>available</state><createTime>2026-01-01T00:00:00Z</createTime>"
        ));
        let dimensions = [("NatGatewayId", format!("nat-{number}"))];
        let dimensions = dimensions.each_ref().map(|(name, value)| (*name, value.as_str()));
        aws.measure(
            (ACCOUNT, "us-east-1"),
            ("AWS/NATGateway", "BytesOutToDestination"),
            &dimensions,
            &[0.0; 14],
        );
    }
    let (calls, scanned) = counted(&aws).await;
    assert_eq!(scanned.zombies.len(), 600);
    assert_eq!(requested(&aws, "cloudwatch:GetMetricData"), 2);
    assert_eq!(calls.metrics, 600);
}

#[tokio::test]
async fn of_more_than_five_hundred_tables_the_others_are_counted_as_not_judged() {
    let aws = deployed().await;
    for number in 0..503 {
        let name = format!("table-{number:03}");
        let table = serde_json::json!({"TableName": name, "CreationDateTime": 1_700_000_000});
        let answer = serde_json::json!({"name": name, "answer": {"Table": table}});
        aws.put_json(ACCOUNT, "us-east-1", "ListTables", name.into());
        aws.put_json(ACCOUNT, "us-east-1", "DescribeTable", answer);
    }
    let scanned = scanned(&aws).await;
    assert_eq!(requested(&aws, "dynamodb:DescribeTable"), 500);
    let why = "of a region's tables only the first 500 are looked at".to_owned();
    assert_eq!(scanned.unjudged, vec![(ZombieCheck::OversizedTable, why); 3]);
}

#[tokio::test]
async fn a_balancer_whose_targets_nobody_counted_is_not_called_idle() {
    let aws = deployed().await;
    for number in 0..502 {
        let arn = format!("arn:lb:loadbalancer/app/{number:03}/1");
        let dimensions = [("LoadBalancer", &*format!("app/{number:03}/1"))];
        let metric = ("AWS/ApplicationELB", "ConsumedLCUs");
        aws.measure((ACCOUNT, "us-east-1"), metric, &dimensions, &[0.0; 14]);
        aws.put_xml(ACCOUNT, "us-east-1", "DescribeLoadBalancers", &format!(
            "<LoadBalancerArn>{arn}</LoadBalancerArn><LoadBalancerName>lb-{number:03}</LoadBalancerName>\
             <Type>application</Type><CreatedTime>2026-01-01T00:00:00Z</CreatedTime>"
        ));
        aws.put_xml(
            ACCOUNT,
            "us-east-1",
            "DescribeTargetGroups",
            &format!(
                "<TargetGroupArn>group-{number:03}</TargetGroupArn>\
             <LoadBalancerArns><member>{arn}</member></LoadBalancerArns>"
            ),
        );
    }
    let scanned = scanned(&aws).await;
    // No group has a target, and nothing came: those that were counted are idle.
    assert_eq!(requested(&aws, "elasticloadbalancing:DescribeTargetHealth"), 500);
    assert_eq!(scanned.zombies.len(), 500);
    let why = "of a region's target groups only the first 500 are looked at".to_owned();
    assert_eq!(scanned.unjudged, vec![(ZombieCheck::IdleLoadBalancer, why); 2]);
    assert!(!scanned.zombies.iter().any(|it| ["lb-500", "lb-501"].contains(&it.resource.as_str())));
}

#[tokio::test]
async fn an_empty_region_has_no_zombies_and_costs_nothing() {
    let aws = deployed().await;
    let (calls, scanned) = counted(&aws).await;
    assert_eq!((scanned.zombies.len(), scanned.unjudged.len()), (0, 0));
    assert_eq!(calls.usd(), Usd::ZERO);
    assert_eq!(requested(&aws, "cloudwatch:GetMetricData"), 0);
}

#[tokio::test]
async fn a_service_that_may_not_be_looked_at_is_left_out_and_said_so() {
    let aws = full().await;
    aws.inject(ACCOUNT, Fault::ActionMissing("rds:Describe*".to_owned()));
    let scanned = scanned(&aws).await;
    assert_eq!(scanned.zombies.len(), FOUND.len() - 2);
    let said: Vec<&str> = scanned.unjudged.iter().map(|it| it.1.as_str()).collect();
    assert!(said.contains(&"the role may not call rds:DescribeDBInstances"), "{said:?}");
    assert!(said.contains(&"the role may not call rds:DescribeDBSnapshots"), "{said:?}");
}

#[tokio::test]
async fn what_hangs_on_a_list_that_could_not_be_had_is_said_not_to_be_judged() {
    for (list, silenced) in [
        ("ec2:DescribeVolumes", ZombieCheck::StoppedInstance),
        ("ec2:DescribeInstances", ZombieCheck::IdleVolume),
    ] {
        let aws = full().await;
        aws.fail(list, Failing::Broken, 99);
        let scanned = scanned(&aws).await;
        assert!(!scanned.zombies.iter().any(|it| it.check == silenced), "{list}");
        let said =
            scanned.unjudged.iter().any(|(check, why)| *check == silenced && why.contains(list));
        assert!(said, "{list}: {:?}", scanned.unjudged);
        assert!(scanned.unlisted.contains(&silenced), "{list}: {:?}", scanned.unlisted);
    }
}

#[tokio::test]
async fn what_went_after_it_was_listed_keeps_nothing_else_from_being_judged() {
    let aws = full().await;
    let listed = |list, item: serde_json::Value| aws.put_json(ACCOUNT, "us-east-1", list, item);
    listed("ListTables", "gone".into());
    listed("ListEndpoints", serde_json::json!({"EndpointName": "gone"}));
    listed("ListEndpoints", serde_json::json!({"EndpointName": "lives-on"}));
    let endpoint = serde_json::json!({"EndpointName": "lives-on", "EndpointConfigName": "gone"});
    let answer = serde_json::json!({"name": "lives-on", "answer": endpoint});
    listed("DescribeEndpoint", answer);
    let scanned = scanned(&aws).await;
    assert_eq!(scanned.zombies.len(), FOUND.len(), "{:?}", scanned.unjudged);
    let said = |check, call: &str| {
        let why = format!("AWS refuses {call}: ResourceNotFoundException");
        scanned.unjudged.iter().filter(|it| **it == (check, why.clone())).count()
    };
    assert_eq!(said(ZombieCheck::OversizedTable, "dynamodb:DescribeTable"), 1);
    assert_eq!(said(ZombieCheck::IdleModelEndpoint, "sagemaker:DescribeEndpoint"), 1);
    assert_eq!(said(ZombieCheck::IdleModelEndpoint, "sagemaker:DescribeEndpointConfig"), 1);
}

#[tokio::test]
async fn without_metrics_nothing_is_called_idle() {
    let aws = full().await;
    aws.fail("cloudwatch:GetMetricData", Failing::Broken, 99);
    let (calls, scanned) = counted(&aws).await;
    for zombie in &scanned.zombies {
        assert!(
            !zombie.why.contains("14 days the") && !zombie.why.contains("for 14 days"),
            "{zombie:?}"
        );
    }
    let saves =
        |it: &&Zombie| matches!(it.check, ZombieCheck::OldGeneration | ZombieCheck::OldVolumeKind);
    let idle = ["i-0idle", "vol-0idle"];
    for resource in [
        "idle-alb",
        "silent-nlb",
        "nat-0idle",
        "vpce-0idle",
        "idle-db",
        "warm:live",
        "oversized",
        "idle-model",
        "i-0idle",
        "vol-0idle",
    ] {
        let its: Vec<&Zombie> =
            scanned.zombies.iter().filter(|it| it.resource == resource).collect();
        let only_saves = its.iter().all(saves) && its.len() == 1;
        assert!(if idle.contains(&resource) { only_saves } else { its.is_empty() }, "{its:?}");
    }
    assert_eq!(scanned.zombies.len(), FOUND.len() - 10 + idle.len());
    assert_eq!(calls.metrics, 45, "asked for, so charged for");
}

#[tokio::test]
async fn a_scan_ends_where_the_account_rests() {
    let aws = full().await;
    let cloud = cloud(&aws);
    cloud.regions(&access()).await.unwrap();
    aws.fail("*", Failing::Broken, 999);
    // The first of five failures after which it rests.
    cloud.regions(&access()).await.unwrap_err();
    let place = (&region("us-east-1"), Part::Network);
    let (calls, ended) = cloud.scan(&access(), place, now(), &|| true).await;
    assert!(matches!(ended, Err(Failure::Later(..))), "{ended:?}");
    assert_eq!(aws.requests().values().sum::<u64>(), 2 + 5 * 3);
    assert_eq!(calls.requests, 4 * 3, "what it took is told all the same");
}

#[tokio::test]
async fn a_scan_that_has_no_more_time_makes_no_more_calls_and_finds_nothing() {
    let aws = full().await;
    let (cloud, here) = (cloud(&aws), region("us-east-1"));
    cloud.regions(&access()).await.unwrap();
    for part in Part::ALL {
        for most in 0.. {
            let left = AtomicU64::new(most);
            let go_on = || left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok();
            let (calls, ended) = cloud.scan(&access(), (&here, part), now(), &go_on).await;
            let ended = ended.unwrap();
            if let Some(scanned) = ended {
                assert!(calls.requests <= most && most > 0, "{part:?}");
                assert!(!scanned.zombies.is_empty(), "{part:?}");
                break;
            }
            assert_eq!(calls.requests, most, "{part:?}");
        }
    }
}

#[tokio::test]
async fn a_hostile_name_cannot_get_into_a_command() {
    let aws = deployed().await;
    let name = "x; rm -rf ~ &amp;&amp; $(y)";
    aws.put_xml(ACCOUNT, "us-east-1", "DescribeDBSnapshots", &format!(
        "<DBSnapshotIdentifier>{name}</DBSnapshotIdentifier><SnapshotType>manual</SnapshotType>\
         <AllocatedStorage>5</AllocatedStorage><SnapshotCreateTime>2025-01-01T00:00:00Z</SnapshotCreateTime>"
    ));
    let scanned = scanned(&aws).await;
    let stop = &scanned.zombies[0].stop;
    assert!(stop.contains("'x; rm -rf ~ && $(y)'"), "{stop}");
    let _: &CustomerAws = &aws;
}
