//! Made-up zombies of every check, with names as they are and with hostile ones.

use crate::made::{HOSTILE, NOT_TO_BE_TYPED};
use domain::ids::Region;
use domain::money::Usd;
use domain::price::{Monthly, Source};
use domain::resource::Service;
use domain::zombie::database::{
    CapacityTable, Database, DatabaseSnapshot, Replication, idle_database, old_database_snapshot,
    oversized_table,
};
use domain::zombie::instance::{
    Instance, Launcher, State, idle_instance, old_generation, stopped_instance,
};
use domain::zombie::network::{
    BalancerKind, LoadBalancer, Passage, idle_endpoint, idle_load_balancer, idle_nat_gateway,
    unassociated_address,
};
use domain::zombie::serverless::{
    Concurrency, LogGroup, ModelEndpoint, endless_logs, idle_model_endpoint, unused_concurrency,
};
use domain::zombie::storage::{
    Attached, Snapshot, Volume, idle_volume, old_snapshot, old_volume_kind, unattached_volume,
};
use domain::zombie::{Measured, Named, Place, Zombie, ZombieCheck};
use jiff::Timestamp;

/// Made long ago.
const OLD: Timestamp = Timestamp::UNIX_EPOCH;
const NOTHING: Option<Measured> = Some(Measured::NOTHING);

/// All of them; every check has found one.
pub(crate) fn all() -> Vec<Zombie> {
    let region = Region::parse("us-west-2").expect("a region");
    let now = "2026-06-15T12:00:00Z".parse().expect("a time");
    let place = Place { region: &region, now };
    let hostile = HOSTILE.into_iter().chain(NOT_TO_BE_TYPED);
    let found: Vec<Zombie> =
        ["i-0abc"].into_iter().chain(hostile).flat_map(|name| called(name, place)).collect();
    for check in ZombieCheck::ALL {
        assert!(found.iter().any(|zombie| zombie.check == check), "{check:?}");
    }
    found
}

fn price() -> Monthly {
    let source = Source { name: "made up".into(), as_of: "2026-06".into() };
    Monthly::Priced { amount: Usd::from_cents(1_000), source }
}

fn called(name: &str, place: Place<'_>) -> Vec<Zombie> {
    let mut found = storage(name, place);
    found.extend(instances(name, place));
    found.extend(network(name, place));
    found.extend(databases(name, place));
    found.extend(serverless(name, place));
    found
}

fn storage(name: &str, place: Place<'_>) -> Vec<Zombie> {
    let volume = |attached, size_gib| Volume {
        named: Named::only(name),
        kind: "gp2".to_owned(),
        size_gib,
        created: OLD,
        attached,
        operations: NOTHING,
    };
    let snapshot = Snapshot {
        named: Named::only(name),
        size_gib: 8,
        started: OLD,
        volume_exists: false,
        used_by_image: false,
        is_copy: false,
    };
    let mut found = vec![
        unattached_volume(&volume(Attached::Nothing, 8), place, price()),
        idle_volume(&volume(Attached::Running, 8), place, price()).expect("it is judged"),
        old_snapshot(&snapshot, place, price()),
    ];
    for size_gib in [8, 200, 2_000] {
        let volume = volume(Attached::Running, size_gib);
        found.push(old_volume_kind(&volume, place, Some(price())));
    }
    found.into_iter().flatten().collect()
}

fn instances(name: &str, place: Place<'_>) -> Vec<Zombie> {
    let launched_by = |service, name: &str| Some(Launcher { service, name: name.to_owned() });
    let instance = |state, launcher| Instance {
        named: Named::only(name),
        instance_type: "m4.large".to_owned(),
        launched: OLD,
        state,
        launcher,
        cpu_percent: NOTHING,
        network_bytes: NOTHING,
    };
    let stopped = instance(State::Stopped(Some(OLD)), None);
    let mut found = vec![stopped_instance(&stopped, place, Some(price())).expect("it is judged")];
    for launcher in [
        None,
        launched_by(Service::AutoScaling, name),
        launched_by(Service::Ec2Fleet, name),
        launched_by(Service::Ec2Fleet, "sfr-0abc"),
    ] {
        let running = instance(State::Running, launcher);
        found.push(idle_instance(&running, place, price()).expect("it is judged"));
        found.push(old_generation(&running, place, Some(price())));
    }
    found.into_iter().flatten().collect()
}

fn network(name: &str, place: Place<'_>) -> Vec<Zombie> {
    let passage = Passage { named: Named::only(name), created: OLD, bytes: NOTHING };
    let mut found = vec![
        unassociated_address(&Named::only(name), false, place, price()),
        idle_nat_gateway(&passage, place, price()).expect("it is judged"),
        idle_endpoint(&passage, place, price()).expect("it is judged"),
    ];
    for kind in [
        BalancerKind::Application,
        BalancerKind::Network,
        BalancerKind::Gateway,
        BalancerKind::Classic,
    ] {
        let named = Named::only(name);
        let healthy_targets = Some(0);
        let balancer = LoadBalancer { named, kind, created: OLD, healthy_targets, used: NOTHING };
        found.push(idle_load_balancer(&balancer, place, price()).expect("it is judged"));
    }
    found.into_iter().flatten().collect()
}

fn databases(name: &str, place: Place<'_>) -> Vec<Zombie> {
    let database = |cluster: Option<&str>, replication| Database {
        named: Named::only(name),
        class: "db.m5.large".to_owned(),
        engine: "mysql".to_owned(),
        cluster: cluster.map(str::to_owned),
        replication,
        is_multi_az: false,
        created: OLD,
        is_available: true,
        connections: NOTHING,
    };
    let snapshot =
        DatabaseSnapshot { named: Named::only(name), size_gib: 8, created: OLD, is_manual: true };
    let table = CapacityTable {
        named: Named::only(name),
        created: OLD,
        read_units: 100,
        write_units: 100,
        read: NOTHING,
        written: NOTHING,
    };
    let mut found = vec![
        old_database_snapshot(&snapshot, place, price()),
        oversized_table(&table, place, price()).expect("it is judged"),
    ];
    for (cluster, replication) in [
        (None, Replication::Alone),
        (None, Replication::Source),
        (None, Replication::Replica),
        (Some("shop"), Replication::Alone),
    ] {
        let database = database(cluster, replication);
        found.push(idle_database(&database, place, price()).expect("it is judged"));
    }
    found.into_iter().flatten().collect()
}

fn serverless(name: &str, place: Place<'_>) -> Vec<Zombie> {
    let warm = Concurrency {
        named: Named::only(name),
        function: name.to_owned(),
        qualifier: "live".to_owned(),
        instances: 10,
        set: OLD,
        invocations: NOTHING,
    };
    let logs =
        LogGroup { named: Named::only(name), bytes: 1 << 34, created: OLD, retention_days: None };
    let endpoint = ModelEndpoint {
        named: Named::only(name),
        instances: "1 × ml.m5.large".to_owned(),
        created: OLD,
        is_in_service: true,
        invocations: NOTHING,
    };
    let found = [
        unused_concurrency(&warm, place, price()).expect("it is judged"),
        endless_logs(&logs, place, price()),
        idle_model_endpoint(&endpoint, place, price()).expect("it is judged"),
    ];
    found.into_iter().flatten().collect()
}
