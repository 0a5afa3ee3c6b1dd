//! What a card suggests: steps in the order in which a careful person would act.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "how_to_stop/made.rs"]
mod made;

use domain::cost_event::{Action, CostEvent};
use domain::how_to_stop::{Suggestion, how_to_stop};
use domain::price::Unit;
use domain::resource::Service;
use made::{But, HOSTILE, NOT_TO_BE_TYPED, event};

fn machine(of_type: &str) -> CostEvent {
    event(Service::Ec2, of_type, Action::Start, &["i-1", "i-2"])
}

fn spot() -> CostEvent {
    machine("m5.large").priced("m5.large Linux Spot, average", Unit::Hour, "1")
}

fn database(item: &str) -> CostEvent {
    event(Service::Rds, "db.r6g.large", Action::Start, &["shop-1"]).priced(item, Unit::Hour, "1")
}

fn with(event: CostEvent, action: Action) -> CostEvent {
    CostEvent { action, ..event }
}

/// `ec2 stop-instances`
fn calls(event: &CostEvent) -> Vec<String> {
    let call = |step: &Suggestion| {
        let words = step.command.split(' ').skip(1).take(2);
        words.collect::<Vec<_>>().join(" ")
    };
    how_to_stop(event).iter().map(call).collect()
}

fn remarks(event: &CostEvent) -> String {
    let remarks = how_to_stop(event).into_iter().map(|step| step.remark);
    remarks.collect::<Vec<_>>().join("\n")
}

fn commands(event: &CostEvent) -> String {
    let commands = how_to_stop(event).into_iter().map(|step| step.command);
    commands.collect::<Vec<_>>().join("\n")
}

#[test]
fn an_instance_is_stopped_before_it_is_ended_and_protection_goes_only_in_between() {
    let event = machine("m5.large");
    assert_eq!(
        calls(&event),
        ["ec2 stop-instances", "ec2 modify-instance-attribute", "ec2 terminate-instances"]
    );
    let steps = how_to_stop(&event);
    assert!(steps[1].remark.starts_with("only if"), "{}", steps[1].remark);
    assert!(steps[1].command.contains("--instance-id i-1 --no-disable-api-stop\n"));
    assert!(steps[1].command.ends_with("--instance-id i-2 --no-disable-api-termination"));
    assert!(steps[2].remark.starts_with("final"));
}

#[test]
fn only_types_with_local_disks_lose_them() {
    for (of_type, said) in [
        ("c6gd.large", "instance-store data is lost"),
        ("i3.metal", "instance-store data is lost"),
        ("p5.48xlarge", "instance-store data is lost"),
        ("m3.large", "refused where the root disk is an instance store"),
        ("m5.large", "volumes are still paid"),
        ("g5g.xlarge", "volumes are still paid"),
        ("unknown", "data on an instance store is lost"),
    ] {
        let remark = &how_to_stop(&machine(of_type))[0].remark;
        assert!(remark.ends_with(said), "{of_type}: {remark}");
    }
    assert!(!remarks(&machine("m5.large")).contains("store"));
}

#[test]
fn what_was_there_before_is_stopped_and_never_ended() {
    for action in [Action::Resume, Action::Resize] {
        assert_eq!(calls(&with(machine("m5.large"), action)), ["ec2 stop-instances"]);
        assert!(!commands(&with(database("db.r6g.large postgres"), action)).contains("delete"));
    }
    assert!(remarks(&with(machine("m5.large"), Action::Resize)).contains("its former type"));
}

#[test]
fn a_scaling_group_replaces_none_before_its_instances_stop() {
    let event = machine("m5.large").launched_by(Service::AutoScaling, "web");
    assert_eq!(
        calls(&event),
        [
            "autoscaling suspend-processes",
            "ec2 stop-instances",
            "autoscaling update-auto-scaling-group"
        ]
    );
    let text = commands(&event);
    assert!(text.contains("--scaling-processes Launch HealthCheck ReplaceUnhealthy"), "{text}");
    assert!(text.contains("--min-size 0 --desired-capacity 0"), "{text}");
    assert!(remarks(&event).contains("older ones too"));
}

#[test]
fn a_fleet_starts_none_before_its_instances_end() {
    let event = spot().launched_by(Service::Ec2Fleet, "fleet-1");
    assert_eq!(calls(&event), ["ec2 modify-fleet", "ec2 terminate-instances", "ec2 delete-fleets"]);
    assert!(commands(&event).contains("TotalTargetCapacity=0"));
    let event = spot().launched_by(Service::Ec2Fleet, "sfr-1");
    assert_eq!(
        calls(&event),
        [
            "ec2 modify-spot-fleet-request",
            "ec2 terminate-instances",
            "ec2 cancel-spot-fleet-requests"
        ]
    );
    assert!(commands(&event).contains("--target-capacity 0"));
}

#[test]
fn an_instant_fleet_launches_once_so_its_instances_are_plain_ones() {
    let of_fleet =
        |event: CostEvent| event.launched_by(Service::Ec2Fleet, "fleet-1").called("CreateFleet");
    assert_eq!(calls(&of_fleet(machine("m5.large"))), calls(&machine("m5.large")));
    assert_eq!(calls(&of_fleet(spot())), ["ec2 terminate-instances"]);
}

#[test]
fn a_spot_request_is_cancelled_before_its_instance_ends() {
    assert_eq!(
        calls(&spot()),
        ["ec2 stop-instances", "ec2 cancel-spot-instance-requests", "ec2 terminate-instances"]
    );
    assert!(remarks(&spot()).contains("refused for a one-time Spot request"));
}

#[test]
fn a_volume_is_kept_as_a_snapshot_before_it_is_deleted() {
    let volume = |kind, action| event(Service::Ebs, kind, action, &["vol-1"]);
    let delete = ["ec2 create-snapshot", "ec2 detach-volume", "ec2 delete-volume"];
    assert_eq!(calls(&volume("st1", Action::Start)), delete);
    assert_eq!(calls(&volume("io2", Action::Start))[0], "ec2 modify-volume");
    assert_eq!(calls(&volume("io2", Action::Start))[1..], delete);
}

#[test]
fn a_volume_that_has_grown_is_told_not_to_shrink_and_loses_what_is_paid_beside_it() {
    let grown = event(Service::Ebs, "gp3", Action::Resize, &["vol-1"]);
    assert_eq!(calls(&grown), ["ec2 describe-volumes-modifications"]);
    assert!(remarks(&grown).contains("cannot shrink"));
    let faster = grown.priced("gp3 IOPS above 3,000", Unit::IopsMonth, "9000");
    assert!(commands(&faster).contains("--volume-id vol-1 --iops 3000 --throughput 125"));
}

#[test]
fn a_nat_gateway_is_looked_at_before_it_is_deleted() {
    let event = event(Service::NatGateway, "nat-gateway", Action::Start, &["nat-1"]);
    assert_eq!(calls(&event), ["ec2 describe-route-tables", "ec2 delete-nat-gateway"]);
    assert!(remarks(&event).contains("address stays and is still paid"));
}

#[test]
fn an_address_is_disassociated_before_it_is_released() {
    for name in ["eipalloc-1", "203.0.113.7"] {
        let event = event(Service::PublicIpv4, "public-ipv4", Action::Start, &[name]);
        assert_eq!(calls(&event), ["ec2 disassociate-address", "ec2 release-address"]);
        assert!(commands(&event).contains(name));
    }
}

#[test]
fn a_database_stops_for_a_week_and_leaves_a_snapshot_when_it_is_deleted() {
    let event = database("db.r6g.large postgres Multi-AZ");
    assert_eq!(
        calls(&event),
        ["rds stop-db-instance", "rds modify-db-instance", "rds delete-db-instance"]
    );
    assert!(remarks(&event).contains("after 7 days AWS starts it again"));
    let text = commands(&event);
    assert!(text.contains("--no-deletion-protection"), "{text}");
    assert!(text.ends_with("--final-db-snapshot-identifier shop-1-before-deletion"), "{text}");
}

#[test]
fn what_cannot_be_stopped_gets_no_command_to_stop_it() {
    let replica = database("db.r6g.large postgres").called("CreateDBInstanceReadReplica");
    assert!(commands(&replica).contains("--skip-final-snapshot"));
    let mirrored = database("db.r6g.large sqlserver-se license-included Multi-AZ");
    let multi_az = event(Service::Rds, "db.r6gd.large", Action::Start, &["cluster:shop"]);
    for event in [replica, mirrored, multi_az] {
        assert!(!commands(&event).contains("stop-"), "{}", commands(&event));
        assert!(calls(&event).last().is_some_and(|call| call.starts_with("rds delete-db-")));
    }
    let custom = database("db.r6g.large custom-oracle-ee");
    assert_eq!(calls(&custom), ["rds describe-db-instances"]);
    assert!(remarks(&custom).contains("in the console"));
}

#[test]
fn a_member_of_a_cluster_stops_with_its_cluster_by_the_command_of_its_engine() {
    for (engine, cli) in [("aurora-postgresql", "rds"), ("docdb", "docdb"), ("neptune", "neptune")]
    {
        let event = database(&format!("db.r6g.large {engine}"));
        let expected = [format!("{cli} stop-db-cluster"), format!("{cli} delete-db-instance")];
        assert_eq!(calls(&event), expected);
        let text = commands(&event);
        assert!(text.contains(&format!("\"$(aws {cli} describe-db-instances ")), "{text}");
        assert!(remarks(&event).contains("the data stays in its cluster"));
    }
}

#[test]
fn a_serverless_range_that_was_raised_goes_back_to_where_it_was() {
    let event = event(Service::Rds, "db.serverless", Action::Resize, &["shop-1"])
        .priced("aurora-mysql serverless at its minimum capacity", Unit::AcuHour, "64")
        .up_to("128", "scales up to 128 ACU");
    let text = commands(&event.clone().before(50));
    let range = "--serverless-v2-scaling-configuration MinCapacity=0.5,MaxCapacity=128";
    assert!(text.contains(range), "{text}");
    // Where the price does not tell it, nobody guesses.
    assert!(!commands(&event.clone().before(77)).contains("MinCapacity"));
    assert!(!commands(&event).contains("MinCapacity"));
}

#[test]
fn warm_instances_go_back_to_their_number_or_away() {
    let name = "checkout:live";
    let new = event(Service::Lambda, "provisioned-concurrency", Action::Start, &[name]);
    assert_eq!(calls(&new), ["lambda delete-provisioned-concurrency-config"]);
    let item = "Lambda Arm provisioned concurrency, 500 × 2048 MB";
    let raised = new.priced(item, Unit::Hour, "10").before(100);
    let text = commands(&raised);
    let (back, away) = text.split_once('\n').expect("two steps");
    assert!(back.ends_with("--qualifier live --provisioned-concurrent-executions 50"), "{back}");
    assert!(away.ends_with("--function-name checkout --qualifier live"), "{away}");
}

#[test]
fn scaling_that_asked_for_warm_instances_is_suspended_first() {
    let event = event(Service::Lambda, "provisioned-concurrency", Action::Start, &["a:b"])
        .by("role/AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency");
    assert_eq!(calls(&event)[0], "application-autoscaling register-scalable-target");
}

#[test]
fn what_stopped_or_ended_needs_nothing() {
    for action in [Action::Stop, Action::Delete] {
        assert_eq!(how_to_stop(&with(machine("m5.large"), action)), []);
    }
}

#[test]
fn of_many_the_first_twenty_that_still_run_are_named() {
    let ids: Vec<String> = (0..30).map(|nth| format!("i-{nth}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut event = event(Service::Ec2, "m5.large", Action::Start, &ids);
    event.ended_already = 3;
    let steps = how_to_stop(&event);
    assert!(steps[0].command.ends_with(" i-18 i-19"), "{}", steps[0].command);
    assert!(steps[0].remark.ends_with("the first 20, 7 more are like them"), "{}", steps[0].remark);
    assert!(steps[1].remark.ends_with("the first 2, 25 more are like them"), "{}", steps[1].remark);
    event.ended_already = 30;
    assert_eq!(how_to_stop(&event), []);
}

#[test]
fn a_name_that_cannot_be_typed_is_counted_and_never_stands_in_a_command() {
    for name in NOT_TO_BE_TYPED {
        let group = event(Service::AutoScaling, "launcher", Action::Start, &[name]);
        assert_eq!(calls(&group), ["autoscaling describe-auto-scaling-groups"]);
        assert!(remarks(&group).ends_with("1 with a name that only the console can take"));
        let behind = machine("m5.large").launched_by(Service::AutoScaling, name);
        assert_eq!(calls(&behind), ["autoscaling describe-auto-scaling-groups"]);
        assert!(remarks(&behind).contains("to 0 first, else it launches new ones"));
    }
    let ids = event(Service::Ec2, "m5.large", Action::Start, &["i-1", HOSTILE[0]]);
    assert!(how_to_stop(&ids)[0].command.ends_with("--instance-ids i-1"));
    assert!(remarks(&ids).contains("1 with a name that only the console can take"));
}

#[test]
fn no_card_has_more_than_four_steps_and_each_command_is_one_call_in_the_region() {
    for event in made::all() {
        let steps = how_to_stop(&event);
        assert!(steps.len() <= 4, "{event:?}");
        for step in &steps {
            assert!(!step.remark.is_empty() && !step.command.is_empty(), "{event:?}");
            for line in step.command.lines() {
                assert!(line.starts_with("aws "), "{line}");
                assert!(line.contains(&format!(" --region {}", event.region)), "{line}");
            }
        }
    }
}
