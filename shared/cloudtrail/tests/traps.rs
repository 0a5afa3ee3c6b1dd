//! One test for each way in which CloudTrail differs from what one would expect. The fixtures are
//! made up after the shapes of recorded ones; those whose shape was never seen recorded are named
//! `handmade_…`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use cloudtrail::{
    Item, Options, Reader, Skip, SkipReason, Strictness, parse_envelope, parse_record,
};
use domain::event::{Actor, ActorKind, Change, ResourceEvent};
use domain::resource::{
    AcuRange, Architecture, Deployment, FunctionSpec, InstanceSpec, OperatingSystem, Purchase,
    Service, Spec, SpecChange, Tenancy,
};
use serde_json::{Value, json};

fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn parse(record: &Value) -> Result<ResourceEvent, Box<Skip>> {
    parse_record(record.to_string().as_bytes(), Strictness::Strict)
}

fn event(name: &str) -> ResourceEvent {
    parse(&fixture(name)).unwrap()
}

fn skip(name: &str) -> Box<Skip> {
    parse(&fixture(name)).unwrap_err()
}

fn names(change: &Change) -> Vec<&str> {
    change.resources().iter().map(|resource| resource.name.as_str()).collect()
}

fn started(event: &ResourceEvent) -> (Vec<&str>, &Spec) {
    match event.changes.as_slice() {
        [change @ Change::Started { spec, .. }] => (names(change), spec),
        other => panic!("one start, not {other:?}"),
    }
}

fn instances(event: &ResourceEvent) -> Vec<&InstanceSpec> {
    let spec = |change| match change {
        &Change::Started { spec: Spec::Instance(ref spec), .. } => spec,
        other => panic!("a started instance, not {other:?}"),
    };
    event.changes.iter().map(spec).collect()
}

fn modified(event: &ResourceEvent) -> &SpecChange {
    match event.changes.as_slice() {
        [Change::Modified { to, .. }] => to,
        other => panic!("one change, not {other:?}"),
    }
}

fn actor_of(identity: &Value) -> Actor {
    let mut record = fixture("stop_instances");
    record["userIdentity"] = identity.clone();
    parse(&record).unwrap().actor
}

#[test]
fn trap_01_a_failed_or_dry_run_call_starts_nothing_but_tells_who_tried() {
    let dry = skip("run_instances_dry_run");
    assert_eq!(dry.reason, SkipReason::DryRun);
    let failed = skip("run_instances_failed");
    assert_eq!(failed.reason, SkipReason::FailedCall);
    assert_eq!(failed.error_code.as_deref(), Some("Client.VcpuLimitExceeded"));
    let caller = failed.caller.unwrap();
    assert_eq!(caller.actor.id, "user/alice");
    assert_eq!(caller.account.as_str(), "111122223333");
    assert_eq!(failed.coverage.unwrap().rank, Some(1));
}

#[test]
fn trap_02_the_instances_of_the_answer_count_not_the_numbers_of_the_request() {
    let event = event("run_instances_two_of_ten");
    assert_eq!(started(&event).0.len(), 2);

    let mut many = fixture("run_instances");
    let one = many["responseElements"]["instancesSet"]["items"][0].clone();
    let hundreds = (0..400).map(|number| {
        let mut instance = one.clone();
        instance["instanceId"] = json!(format!("i-{number:017x}"));
        instance
    });
    many["responseElements"]["instancesSet"]["items"] = hundreds.collect();
    assert_eq!(started(&parse(&many).unwrap()).0.len(), 400);
}

#[test]
fn trap_03_the_type_may_stand_only_in_the_answer_or_inside_value() {
    let by_template = event("run_instances_launch_template");
    assert_eq!(instances(&by_template)[0].instance_type, "c7g.2xlarge");
    let wrapped = event("run_instances_wrapped_type");
    assert_eq!(instances(&wrapped)[0].instance_type, "p2.xlarge");
    let resized = event("modify_instance_type");
    assert_eq!(*modified(&resized), SpecChange::InstanceType("m5.4xlarge".to_owned()));
    assert_eq!(skip("modify_instance_termination_protection").reason, SkipReason::NoPriceEffect);
}

#[test]
fn trap_04_numbers_come_as_text() {
    let event = event("create_volume_sizes_as_text");
    let Spec::Volume(volume) = started(&event).1 else { panic!("a volume") };
    assert_eq!((volume.size_gib, volume.iops), (Some(80), Some(64_000)));
    let wrapped = self::event("run_instances_wrapped_type");
    assert_eq!(instances(&wrapped)[0].volumes[0].size_gib, Some(80));
}

#[test]
fn trap_05_defaults_stand_only_in_the_answer() {
    let event = event("create_volume_from_snapshot");
    let Spec::Volume(volume) = started(&event).1 else { panic!("a volume") };
    assert_eq!((volume.kind.as_str(), volume.size_gib), ("gp2", Some(500)));
    assert_eq!(volume.iops, None, "the IOPS of gp2 come with its size");

    let event = self::event("create_function");
    let Spec::Function(function) = started(&event).1 else { panic!("a function") };
    let expected =
        FunctionSpec { memory_mb: 128, architecture: Architecture::X86, ephemeral_storage_mb: 512 };
    assert_eq!(*function, expected);
}

#[test]
fn trap_06_parts_may_be_wrapped_and_begin_with_capitals() {
    assert_eq!(started(&event("create_nat_gateway")).0, ["nat-0aaaabbbbccccdddd"]);
    assert_eq!(names(&event("delete_nat_gateway").changes[0]), ["nat-0aaaabbbbccccdddd"]);
    let expected = SpecChange::Volume {
        kind: Some("gp3".to_owned()),
        size_gib: Some(1000),
        iops: Some(16_000),
        throughput_mibps: None,
    };
    assert_eq!(*modified(&event("modify_volume")), expected);

    // The same call unwrapped and in small letters reads the same.
    let mut plain = fixture("create_nat_gateway");
    plain["responseElements"] = json!({"natGateway": {"natGatewayId": "nat-1"}});
    assert_eq!(started(&parse(&plain).unwrap()).0, ["nat-1"]);
}

#[test]
fn trap_07_parts_may_be_null_or_left_out() {
    assert_eq!(skip("run_instances_unauthorised").reason, SkipReason::FailedCall);
    let group = event("create_auto_scaling_group");
    let Spec::Launcher(launcher) = started(&group).1 else { panic!("a launcher") };
    assert_eq!((launcher.desired, launcher.max), (Some(300), Some(900)));
    let omitted = skip("run_instances_omitted");
    assert_eq!(omitted.reason, SkipReason::Omitted);
    assert!(omitted.caller.is_some());
    for name in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures")).unwrap() {
        let name = name.unwrap().file_name().into_string().unwrap();
        let mut record = fixture(name.strip_suffix(".json").unwrap());
        record["requestParameters"] = Value::Null;
        record["responseElements"] = Value::Null;
        let _one_outcome_without_a_panic = parse(&record);
    }
}

#[test]
fn trap_08_a_call_is_known_by_its_source_and_the_stem_of_its_name() {
    for (source, name, rank) in [
        ("eks", "CreateCluster", Some(52)),
        ("redshift", "CreateCluster", Some(35)),
        ("memorydb", "CreateCluster", Some(54)),
        ("dax", "CreateCluster", None),
        ("gamelift", "CreateFleet", Some(85)),
        ("es", "CreateDomain", Some(40)),
        ("cloudsearch", "CreateDomain", None),
    ] {
        let mut record = fixture("create_fleet_instant");
        record["eventSource"] = json!(format!("{source}.amazonaws.com"));
        record["eventName"] = json!(name);
        let skip = parse(&record).unwrap_err();
        assert_eq!(skip.reason, SkipReason::NotPricedYet, "{source} {name}");
        assert_eq!(skip.coverage.unwrap().rank, rank, "{source} {name}");
    }
    let documents = event("create_db_instance_docdb");
    let Spec::Database(database) = started(&documents).1 else { panic!("a database") };
    assert_eq!(database.engine, "docdb");
    assert_eq!(database.storage, None, "the cluster has the storage");
    assert_eq!(event("create_function").name, "CreateFunction");
    let SpecChange::Function(function) = modified(&event("update_function_configuration")).clone()
    else {
        panic!("a function")
    };
    assert_eq!((function.memory_mb, function.architecture), (10_240, Architecture::Arm));
}

#[test]
fn trap_09_aurora_costs_come_with_its_instances_and_most_modifications_cost_nothing() {
    let cluster = event("create_db_cluster_serverless");
    let (resources, Spec::Cluster(spec)) = started(&cluster) else { panic!("a cluster") };
    assert_eq!(resources, ["cluster:shop"]);
    assert_eq!(spec.acu, Some(AcuRange { min_milli: 500, max_milli: 64_000 }));
    assert!(spec.io_optimized && spec.instance_class.is_none());

    let member = event("create_db_instance_aurora_member");
    let Spec::Database(database) = started(&member).1 else { panic!("a database") };
    assert_eq!(
        (database.class.as_str(), database.cluster.as_deref()),
        ("db.serverless", Some("cluster:shop"))
    );
    assert_eq!(database.storage, None);

    let now = event("modify_db_instance_now");
    let expected = SpecChange::Database {
        class: Some("db.m6g.4xlarge".to_owned()),
        deployment: None,
        storage: None,
    };
    assert_eq!(*modified(&now), expected);
    assert_eq!(skip("modify_db_instance_in_window").reason, SkipReason::NoPriceEffect);
    assert_eq!(skip("modify_db_instance_password").reason, SkipReason::NoPriceEffect);

    let stopped = event("stop_db_cluster");
    assert_eq!(names(&stopped.changes[0]), ["cluster:shop", "shop-1"]);
}

#[test]
fn trap_10_a_second_delete_fails_and_ends_nothing() {
    assert_eq!(names(&event("delete_db_instance").changes[0]), ["orders"]);
    let again = skip("delete_db_instance_again");
    assert_eq!(again.reason, SkipReason::FailedCall);
    assert_eq!(again.error_code.as_deref(), Some("InvalidDBInstanceStateFault"));
}

#[test]
fn trap_11_only_calls_count_and_the_end_of_spot_instances() {
    assert_eq!(skip("handmade_insight").reason, SkipReason::Insight);
    assert_eq!(skip("console_sign_in").reason, SkipReason::ConsoleSignIn);
    assert_eq!(skip("shared_snapshot_volume_created").reason, SkipReason::ServiceEvent);
    let evicted = event("handmade_bid_evicted");
    assert_eq!(names(&evicted.changes[0]), ["i-0spot1", "i-0spot2"]);
    assert!(matches!(evicted.changes[0], Change::Deleted { .. }));
    assert_eq!(evicted.actor.id, "service/ec2.amazonaws.com");
}

#[test]
fn trap_12_every_kind_of_identity_has_a_stable_id() {
    let role = |role: &str, session: &str| {
        json!({"type": "AssumedRole", "principalId": format!("AROA:{session}"),
            "arn": format!("arn:aws:sts::111122223333:assumed-role/{role}/{session}"),
            "accountId": "111122223333"})
    };
    for (identity, kind, id) in [
        (json!({"type": "IAMUser", "userName": "bert"}), ActorKind::IamUser, "user/bert"),
        (role("Deploy", "botocore-session-1700000000"), ActorKind::AssumedRole, "role/Deploy"),
        (
            role("AWSReservedSSO_Admin_ab12", "alice@example.com"),
            ActorKind::AssumedRole,
            "role/AWSReservedSSO_Admin_ab12/alice@example.com",
        ),
        (json!({"type": "Root", "accountId": "111122223333"}), ActorKind::Root, "root"),
        (
            json!({"type": "FederatedUser", "arn": "arn:aws:sts::111122223333:federated-user/carl"}),
            ActorKind::FederatedUser,
            "federated-user/carl",
        ),
        (
            json!({"type": "AWSAccount", "accountId": "444455556666"}),
            ActorKind::AwsAccount,
            "account/444455556666",
        ),
        (
            json!({"type": "AWSService", "invokedBy": "eks.amazonaws.com"}),
            ActorKind::AwsService,
            "service/eks.amazonaws.com",
        ),
        (
            json!({"type": "IdentityCenterUser", "onBehalfOf": {"userId": "94482488"}}),
            ActorKind::IdentityCenterUser,
            "identity-center/94482488",
        ),
        (
            json!({"type": "WebIdentityUser", "userName": "dora"}),
            ActorKind::WebIdentityUser,
            "web-identity/dora",
        ),
        (
            json!({"type": "Root", "invokedBy": "autoscaling.amazonaws.com"}),
            ActorKind::AwsService,
            "service/autoscaling.amazonaws.com",
        ),
        (
            role("AWSServiceRoleForAutoScaling", "AutoScaling"),
            ActorKind::AwsService,
            "service/autoscaling.amazonaws.com",
        ),
        (json!({"type": "Martian", "principalId": "m#1"}), ActorKind::Other, "unknown/m_1"),
        (json!({}), ActorKind::Other, "unknown/unknown"),
    ] {
        let actor = actor_of(&identity);
        assert_eq!((actor.kind, actor.id.as_str()), (kind, id), "{identity}");
    }
}

#[test]
fn trap_12_no_record_of_a_call_makes_itself_a_report() {
    for word in ActorKind::ALL.map(ActorKind::code) {
        let actor = actor_of(&json!({"type": word, "principalId": "p", "invokedBy": "s.test"}));
        assert!(!actor.is_reporting(), "{word}");
    }
    let named = json!({"type": ActorKind::Reporting.code(), "principalId": "AIDA1"});
    let actor = actor_of(&named);
    assert_eq!((actor.kind, actor.id.as_str()), (ActorKind::Other, "unknown/AIDA1"));
}

#[test]
fn trap_12_the_person_stands_in_the_session_name_or_in_source_identity() {
    for (session, person) in [
        ("alice@example.com", Some("alice@example.com")),
        ("i-0123456789abcdef0", None),
        ("1700000000", None),
        ("8d3c8a4e-0000-4000-8000-000000000001", None),
        ("aws-go-sdk-1688990082523310002", None),
    ] {
        let arn = format!("arn:aws:sts::111122223333:assumed-role/Deploy/{session}");
        let actor = actor_of(&json!({"type": "AssumedRole", "arn": arn}));
        assert_eq!(actor.person.as_deref(), person, "{session}");
    }
    let told = json!({"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/Deploy/ci",
        "sessionContext": {"sourceIdentity": "alice"}});
    assert_eq!(actor_of(&told).person.as_deref(), Some("alice"));
    let console = json!({"type": "IAMUser", "userName": "a", "invokedBy": "AWS Internal"});
    assert_eq!(actor_of(&console).invoked_by, None);
}

#[test]
fn trap_12_a_launch_names_the_scaling_group_behind_it() {
    let event = event("run_instances_by_scaling_group");
    let launcher = event.launcher.unwrap();
    assert_eq!((launcher.service, launcher.name.as_str()), (Service::AutoScaling, "workers"));
    assert_eq!(event.actor.id, "service/autoscaling.amazonaws.com");
    let fleet = self::event("create_fleet_instant");
    assert_eq!(fleet.launcher.as_ref().unwrap().name, "fleet-0aaa");
    let purchases: Vec<_> = instances(&fleet).iter().map(|spec| spec.purchase).collect();
    assert_eq!(purchases, [Purchase::Spot, Purchase::OnDemand]);
}

#[test]
fn trap_13_the_bill_goes_to_the_recipient_account() {
    let mut record = fixture("stop_instances");
    record["userIdentity"]["accountId"] = json!("444455556666");
    assert_eq!(parse(&record).unwrap().account.as_str(), "111122223333");

    let old = fixture("version_1_0_stop_instances");
    let event = parse(&old).unwrap();
    assert_eq!(event.account.as_str(), "111122223333", "the caller's, where there is no other");
    assert_eq!(event.id.as_str().len(), 32, "a digest stands for the missing eventID");
    assert_eq!(event.id, parse(&old).unwrap().id);
}

#[test]
fn trap_14_every_version_reads_also_one_that_is_not_known_yet() {
    let known = (0..=11).map(|minor| format!("1.{minor:02}"));
    for version in known.chain(["1.0", "2.0", "", "next"].map(str::to_owned)) {
        let mut record = fixture("run_instances");
        record["eventVersion"] = json!(version);
        record["aFieldOfTheFuture"] = json!({"of": ["any", "shape"]});
        assert!(parse(&record).is_ok(), "{version}");
    }
}

#[test]
fn trap_15_calls_that_do_not_tell_enough_keep_their_ids_or_are_reported() {
    let resumed = event("start_instances");
    assert_eq!(names(&resumed.changes[0]), ["i-0a"], "the other one ran already");
    assert!(matches!(resumed.changes[0], Change::Resumed { .. }));
    assert!(matches!(event("stop_instances").changes[0], Change::Stopped { .. }));
    assert!(matches!(event("terminate_instances").changes[0], Change::Deleted { .. }));
    let endpoint = skip("create_endpoint");
    assert_eq!(endpoint.reason, SkipReason::NotPricedYet);
    assert_eq!(endpoint.coverage.unwrap().rank, Some(8));
}

#[test]
fn trap_16_duplicates_and_corrections_share_one_id() {
    let corrected = event("handmade_addendum");
    assert_eq!(corrected.id.as_str(), "0a1b2c3d-4e5f-4607-8819-000000000777");
    let twice = format!("{0}\n{0}\n", fixture("run_instances"));
    let items: Vec<_> = Reader::new(twice.as_bytes(), "twice", Options::default()).collect();
    let [Item::Event(first), Item::Event(second)] = items.as_slice() else { panic!("two events") };
    assert_eq!(first, second, "the store decides what it has seen");
}

#[test]
fn trap_17_files_times_and_scrubbed_accounts() {
    let mut lake = fixture("stop_instances");
    lake["eventTime"] = json!("2024-12-16 18:41:07.000000000");
    assert_eq!(parse(&lake).unwrap().time.to_string(), "2024-12-16T18:41:07Z");

    let mut scrubbed = fixture("stop_instances");
    scrubbed["recipientAccountId"] = json!("YOUR_ACCOUNT_ID");
    assert_eq!(parse(&scrubbed).unwrap_err().reason, SkipReason::BadAccountId);
    let text = json!({"Records": [scrubbed]}).to_string();
    let mut reader = Reader::new(text.as_bytes(), "scrubbed", Options { lenient_accounts: true });
    assert!(matches!(reader.next(), Some(Item::Event(_))));
    assert_eq!(reader.counts().scrubbed_account_ids, 1);
}

#[test]
fn trap_18_windows_dedicated_hosts_spot_and_local_zones_are_told_apart() {
    let event = event("handmade_run_instances_windows_dedicated_spot");
    let specs = instances(&event);
    let told: Vec<_> = specs.iter().map(|spec| (spec.os, spec.tenancy, spec.purchase)).collect();
    let (linux, shared, on_demand) = (OperatingSystem::Linux, Tenancy::Shared, Purchase::OnDemand);
    let expected = [
        (OperatingSystem::Windows, shared, on_demand),
        (linux, Tenancy::Dedicated, on_demand),
        (linux, shared, Purchase::Spot),
        (linux, Tenancy::Host, on_demand),
    ];
    assert_eq!(told, expected);
    let local = self::event("handmade_run_instances_local_zone");
    assert_eq!(instances(&local)[0].availability_zone.as_deref(), Some("us-west-2-lax-1a"));
    assert_eq!(instances(&self::event("run_instances"))[0].availability_zone, None);
}

#[test]
fn trap_19_what_a_price_depends_on_is_handed_on() {
    let database = event("create_db_instance");
    let (resources, Spec::Database(spec)) = started(&database) else { panic!("a database") };
    assert_eq!(resources, ["orders"], "identifiers are stored in lower case");
    assert_eq!(spec.deployment, Deployment::MultiAz);
    assert_eq!(spec.engine, "postgres");
    assert_eq!(spec.licence.as_deref(), Some("postgresql-license"));
    let storage = spec.storage.as_ref().unwrap();
    assert_eq!((storage.kind.as_str(), storage.size_gib), ("gp3", Some(200)));
    let host = event("handmade_run_instances_windows_dedicated_spot");
    assert_eq!(instances(&host)[3].tenancy, Tenancy::Host);

    for (operation, os) in [
        ("RunInstances:0010", OperatingSystem::Rhel),
        ("RunInstances:000g", OperatingSystem::Suse),
        ("RunInstances:0g00", OperatingSystem::UbuntuPro),
        ("RunInstances:0800", OperatingSystem::Linux),
        ("RunInstances", OperatingSystem::Linux),
    ] {
        let mut record = fixture("run_instances");
        record["responseElements"]["instancesSet"]["items"][0]["usageOperation"] = json!(operation);
        assert_eq!(instances(&parse(&record).unwrap())[0].os, os, "{operation}");
    }
}

#[test]
fn a_stopped_trail_is_a_call_for_the_watchdog() {
    let stopped = skip("stop_logging");
    assert_eq!(stopped.reason, SkipReason::Watchdog);
    assert_eq!(stopped.caller.unwrap().actor.id, "user/alice");
}

#[test]
fn a_rule_of_ours_that_is_put_to_hear_something_else_is_a_call_for_the_watchdog() {
    let reason = |name: &str, pattern: Value, state: Value| {
        let mut record = fixture("handmade_put_rule");
        record["requestParameters"] =
            json!({"name": name, "eventPattern": pattern, "state": state});
        parse(&record).unwrap_err().reason
    };
    let put = skip("handmade_put_rule");
    assert_eq!(put.reason, SkipReason::Watchdog);
    assert_eq!(put.caller.unwrap().actor.id, "user/alice");
    for rule in cloudtrail::rules::all() {
        let (name, pattern) = (rule.name.as_str(), json!(rule.pattern));
        for state in [Value::Null, json!("ENABLED")] {
            let of_the_stack = reason(name, pattern.clone(), state);
            assert_eq!(of_the_stack, SkipReason::NotCostRelevant, "{name}");
        }
        for (pattern, state) in [
            (pattern, json!("DISABLED")),
            (json!("{\"source\":[\"nobody\"]}"), json!("ENABLED")),
            (json!("no pattern"), json!("ENABLED")),
            (Value::Null, json!("ENABLED")),
        ] {
            assert_eq!(reason(name, pattern, state), SkipReason::Watchdog, "{name}");
        }
    }
    let of_others = reason("nightly", json!("{\"source\":[\"nobody\"]}"), json!("DISABLED"));
    assert_eq!(of_others, SkipReason::NotCostRelevant);
    let mut unread = fixture("handmade_put_rule");
    unread["requestParameters"] = Value::Null;
    assert_eq!(parse(&unread).unwrap_err().reason, SkipReason::Watchdog);
}

#[test]
fn a_rule_that_is_not_ours_may_be_disabled_deleted_and_emptied() {
    let reason = |name: &str, request: Value| {
        let mut record = fixture("handmade_put_rule");
        record["eventName"] = json!(name);
        record["requestParameters"] = request;
        parse(&record).unwrap_err().reason
    };
    for (call, field) in
        [("DisableRule", "name"), ("DeleteRule", "name"), ("RemoveTargets", "rule")]
    {
        let of = |rule: &str| reason(call, json!({field: rule, "force": false}));
        assert_eq!(of("nightly"), SkipReason::NotCostRelevant, "{call}");
        assert_eq!(of("dd0c-cost-calls-1"), SkipReason::Watchdog, "{call}");
        assert_eq!(reason(call, Value::Null), SkipReason::Watchdog, "{call}");
    }
}

#[test]
fn a_trail_that_logs_no_changes_any_more_is_a_call_for_the_watchdog() {
    assert_eq!(skip("put_event_selectors").reason, SkipReason::Watchdog);
    let reason = |selectors: Value| {
        let mut record = fixture("put_event_selectors");
        record["requestParameters"] = selectors;
        parse(&record).unwrap_err().reason
    };
    let plain = |kinds: &str, management: Value| {
        json!({"trailName": "main", "eventSelectors": [
            {"readWriteType": kinds, "includeManagementEvents": management, "dataResources": []},
        ]})
    };
    let advanced = |fields: Value| json!({"trailName": "main", "advancedEventSelectors": [{"name": "x", "fieldSelectors": fields}]});
    let category = |of: &str| json!({"field": "eventCategory", "equals": [of]});
    let only = |value: &str| json!({"field": "readOnly", "equals": [value]});
    let without_kms = json!({"field": "eventSource", "notEquals": ["kms.amazonaws.com"]});
    let some = json!({"field": "eventSource", "equals": ["s3.amazonaws.com"]});
    for still in [
        plain("All", json!(true)),
        plain("WriteOnly", Value::Null),
        advanced(json!([category("Management")])),
        advanced(json!([category("Management"), only("false"), without_kms])),
    ] {
        assert_eq!(reason(still.clone()), SkipReason::NotPricedYet, "{still}");
    }
    for blind in [
        plain("ReadOnly", json!(true)),
        plain("All", json!(false)),
        advanced(json!([category("Data")])),
        advanced(json!([category("Management"), only("true")])),
        advanced(json!([category("Management"), some])),
        json!({"trailName": "main"}),
        Value::Null,
    ] {
        assert_eq!(reason(blind.clone()), SkipReason::Watchdog, "{blind}");
    }
}

#[test]
fn a_commitment_is_told_with_what_is_known_of_it() {
    let detail = |source: &str, name: &str, request: Value| {
        let mut record = fixture("stop_logging");
        record["eventSource"] = json!(format!("{source}.amazonaws.com"));
        record["eventName"] = json!(name);
        record["requestParameters"] = request;
        let skip = parse(&record).unwrap_err();
        assert_eq!(skip.reason, SkipReason::Commitment, "{name}");
        assert_eq!(skip.caller.unwrap().actor.id, "user/alice");
        skip.detail
    };
    let plan =
        json!({"savingsPlanOfferingId": "x", "commitment": "5.25", "upfrontPaymentAmount": "0"});
    let said = detail("savingsplans", "CreateSavingsPlan", plan);
    assert_eq!(said, "a Savings Plan of $5.25/h, $0.00 at once");
    let reserved = json!({"instanceCount": 3, "reservedInstancesOfferingId": "y"});
    let said = detail("ec2", "PurchaseReservedInstancesOffering", reserved);
    assert_eq!(said, "3 × Reserved Instances");
    assert_eq!(detail("ec2", "PurchaseCapacityBlock", json!(null)), "a Capacity Block");
    assert!(detail("shield", "CreateSubscription", json!({"commitment": []})).contains("$3,000"));
}

#[test]
fn what_does_not_matter_is_told_apart_as_reading_and_writing() {
    assert_eq!(skip("describe_instances").reason, SkipReason::ReadOnly);
    assert_eq!(skip("put_parameter").reason, SkipReason::NotCostRelevant);
}

#[test]
fn provisioned_concurrency_is_named_by_function_and_qualifier() {
    let event = event("put_provisioned_concurrency");
    let (resources, Spec::ProvisionedConcurrency(spec)) = started(&event) else { panic!() };
    assert_eq!(resources, ["report:live"]);
    assert_eq!((spec.function.as_str(), spec.instances), ("report", 500));
}

#[test]
fn an_envelope_is_trusted_only_from_aws_and_for_its_own_account() {
    let envelope = fixture("envelope");
    let check = |envelope: &Value| {
        let text = envelope.to_string();
        parse_envelope(text.as_bytes()).unwrap().check(None).map_err(cloudtrail::Distrust::code)
    };
    assert_eq!(check(&envelope), Ok(()));
    let text = envelope.to_string();
    let parsed = parse_envelope(text.as_bytes()).unwrap();
    assert_eq!((&*parsed.source, &*parsed.account), ("aws.ec2", "111122223333"));
    assert!(parsed.event(Strictness::Strict).is_ok());

    for (field, value, code) in
        [("source", "my.app", "source_is_not_aws"), ("account", "444455556666", "another_account")]
    {
        let mut forged = envelope.clone();
        forged[field] = json!(value);
        assert_eq!(check(&forged), Err(code));
    }
    let mut silent = envelope.clone();
    silent["detail"]["recipientAccountId"] = Value::Null;
    assert_eq!(check(&silent), Err("no_account"));
}

#[test]
fn a_record_hidden_inside_a_trusted_detail_is_not_believed() {
    let mut envelope = fixture("envelope");
    let mut victim = envelope["detail"].clone();
    victim["recipientAccountId"] = json!("444455556666");
    envelope["detail"] = json!({"recipientAccountId": "111122223333", "event": victim});
    let text = envelope.to_string();
    let parsed = parse_envelope(text.as_bytes()).unwrap();
    assert!(parsed.event(Strictness::Strict).is_err());
}

#[test]
fn ec2_s_own_word_ends_what_no_call_has_ended() {
    let stopped = event("instance_state_stopped");
    assert_eq!((stopped.actor.id.as_str(), stopped.actor.is_reporting()), EC2);
    assert_eq!(stopped.id.as_str(), "7bf73129-1428-4cd3-a780-95db273d1602");
    assert_eq!(stopped.time.to_string(), "2026-06-01T05:10:41Z");
    assert_eq!((stopped.account.as_str(), stopped.region.as_str()), ("111122223333", "us-east-1"));
    let [change @ Change::Stopped { .. }] = &stopped.changes[..] else { panic!("{stopped:?}") };
    assert_eq!(names(change), ["i-0123456789abcdef0"]);

    let mut terminated = fixture("instance_state_stopped");
    terminated["detail"]["state"] = json!("terminated");
    let terminated = parse(&terminated).unwrap();
    assert!(matches!(&terminated.changes[..], [Change::Deleted { .. }]), "{terminated:?}");
}

const EC2: (&str, bool) = ("service/ec2.amazonaws.com", true);

#[test]
fn an_instance_on_its_way_is_counted_and_ends_nothing() {
    for state in ["pending", "running", "stopping", "shutting-down", "a-state-yet-to-come"] {
        let mut on_its_way = fixture("instance_state_stopped");
        on_its_way["detail"]["state"] = json!(state);
        let skip = parse(&on_its_way).unwrap_err();
        assert_eq!(skip.reason, SkipReason::StateNotFinal, "{state}");
        assert_eq!(skip.event_source.as_deref(), Some("ec2.amazonaws.com"));
    }
}

#[test]
fn ec2_s_word_with_a_part_missing_or_misshapen_is_broken() {
    for (pointer, value, reason) in [
        ("/id", Value::Null, SkipReason::BadEventId),
        ("/account", json!("11112222333"), SkipReason::BadAccountId),
        ("/region", json!("US EAST"), SkipReason::BadRegion),
        ("/time", json!("yesterday"), SkipReason::BadTime),
        ("/detail", Value::Null, SkipReason::MissingField),
        ("/detail/instance-id", Value::Null, SkipReason::MissingField),
        ("/detail/instance-id", json!("i-XYZ"), SkipReason::WrongShape),
        ("/detail/instance-id", json!("arn:aws:ec2:::instance/i-0123"), SkipReason::WrongShape),
        ("/detail/state", Value::Null, SkipReason::MissingField),
        ("/detail/state", json!("Stopped!"), SkipReason::WrongShape),
    ] {
        let mut broken = fixture("instance_state_stopped");
        *broken.pointer_mut(pointer).unwrap() = value;
        assert_eq!(parse(&broken).unwrap_err().reason, reason, "{pointer}");
    }
}

#[test]
fn ec2_s_word_is_taken_from_ec2_alone_and_needs_no_account_in_it() {
    let check = |field: &str, value: &str, test_source| {
        let mut envelope = fixture("instance_state_stopped");
        envelope[field] = json!(value);
        let text = envelope.to_string();
        let parsed = parse_envelope(text.as_bytes()).unwrap();
        parsed.check(test_source).map_err(cloudtrail::Distrust::code)
    };
    assert_eq!(check("version", "0", None), Ok(()));
    assert_eq!(check("source", "dd0c.test", Some("dd0c.test")), Ok(()));
    assert_eq!(check("source", "dd0c.test", None), Err("source_is_not_aws"));
    assert_eq!(check("source", "aws.autoscaling", None), Err("source_is_not_ec2"));
    // Another type is a record, and has to say whose it is.
    assert_eq!(
        check("detail-type", "EC2 Instance State-Change Notification", None),
        Err("no_account")
    );

    let text = fixture("instance_state_stopped").to_string();
    let parsed = parse_envelope(text.as_bytes()).unwrap();
    assert_eq!(parsed.event_id.as_deref(), Some("7bf73129-1428-4cd3-a780-95db273d1602"));
    assert_eq!(parsed.event(Strictness::Strict).unwrap().actor.id, EC2.0);
}

#[test]
fn a_file_of_ec2_s_words_is_read_like_one_of_records() {
    let word = fixture("instance_state_stopped");
    let mut starting = word.clone();
    starting["detail"]["state"] = json!("running");
    let mut stranger = word.clone();
    stranger["source"] = json!("my.app");
    let lines = [word, starting, stranger, fixture("envelope")].map(|line| line.to_string());
    let mut reader = Reader::new(lines.join("\n").leak().as_bytes(), "archive", Options::default());
    let events = reader.by_ref().filter(|item| matches!(item, Item::Event(_))).count();
    assert_eq!(events, 2);
    assert_eq!(reader.counts().skipped(SkipReason::StateNotFinal), 1);
    assert_eq!(reader.counts().skipped(SkipReason::NotCloudTrail), 1);
}
