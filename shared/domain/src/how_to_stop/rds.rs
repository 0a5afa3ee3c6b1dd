//! Databases: which of them can be stopped, for how long, and what stays when they are deleted.

use super::shell::Command;
use super::targets::Targets;
use super::{Suggestion, told};
use crate::cost_event::{Action, CostEvent};

/// By what kind of database it is.
pub(super) fn steps(event: &CostEvent, targets: &Targets<'_>) -> Vec<Suggestion> {
    if told::rds_custom(event) {
        return vec![shown(
            targets,
            "rds",
            "RDS Custom has rules of its own: stop it in the console",
        )];
    }
    let cli = told::cluster_cli(event);
    if targets.first().starts_with(CLUSTER) {
        return cluster(event, targets, cli);
    }
    match cli {
        Some(cli) => member(event, targets, cli),
        None => instance(event, targets),
    }
}

/// How a cluster's resource is named, whose identifiers are apart from those of instances.
const CLUSTER: &str = "cluster:";
const AGAIN: &str = "storage is still paid, and after 7 days AWS starts it again";
const UNPROTECT: &str = "only if the next is refused because of deletion protection";

fn instance(event: &CostEvent, targets: &Targets<'_>) -> Vec<Suggestion> {
    match event.action {
        Action::Start if event.name == "CreateDBInstanceReadReplica" => replica(targets),
        _ if told::mirrored_sql_server(event) => mirrored_sql_server(event, targets),
        Action::Start => vec![
            stop_instance(event, targets, "can be started again"),
            unprotect_instance(targets, ""),
            delete_instance(targets),
        ],
        Action::Resize => vec![
            shown(targets, "rds", FORMER),
            stop_instance(event, targets, "an outage; can be started again"),
        ],
        _ => vec![stop_instance(event, targets, "can be started again")],
    }
}

fn stop_instance(event: &CostEvent, targets: &Targets<'_>, can: &str) -> Suggestion {
    // A price that is not known does not tell the engine either.
    let aurora = if event.estimate.lines.is_empty() { ", in an Aurora cluster too" } else { "" };
    let remark = format!("{can}; {AGAIN}; refused for a read replica and its source{aurora}");
    targets.each(&remark, |name| of_instance(targets, "stop-db-instance", name))
}

/// It cannot be stopped.
fn mirrored_sql_server(event: &CostEvent, targets: &Targets<'_>) -> Vec<Suggestion> {
    if event.action != Action::Start {
        return vec![shown(targets, "rds", FORMER)];
    }
    vec![
        unprotect_instance(targets, "SQL Server in several zones cannot be stopped; "),
        delete_instance(targets),
    ]
}

const FORMER: &str =
    "modify-db-instance takes the former class or zones again, storage cannot shrink";

/// What a person has to see before he can decide.
fn shown(targets: &Targets<'_>, cli: &str, remark: &str) -> Suggestion {
    targets.each(&format!("changes nothing: shows what it is now; {remark}"), |name| {
        let describe = targets.command(&format!("{cli} describe-db-instances"));
        describe.with("--db-instance-identifier", name)
    })
}

/// A replica cannot be stopped and has no last snapshot.
fn replica(targets: &Targets<'_>) -> Vec<Suggestion> {
    let delete = targets.each("final; the source keeps the data", |name| {
        of_instance(targets, "delete-db-instance", name).and("--skip-final-snapshot")
    });
    vec![unprotect_instance(targets, ""), delete]
}

fn unprotect_instance(targets: &Targets<'_>, why: &str) -> Suggestion {
    targets.each(&format!("{why}{UNPROTECT}"), |name| {
        of_instance(targets, "modify-db-instance", name).and("--no-deletion-protection")
    })
}

fn delete_instance(targets: &Targets<'_>) -> Suggestion {
    targets.each("final; a last snapshot stays, automated backups go", |name| {
        with_last_snapshot(of_instance(targets, "delete-db-instance", name), name)
    })
}

fn of_instance(targets: &Targets<'_>, call: &str, name: &str) -> Command {
    targets.command(&format!("rds {call}")).with("--db-instance-identifier", name)
}

/// A member stops with its cluster only, whose name the event does not tell.
fn member(event: &CostEvent, targets: &Targets<'_>, cli: &str) -> Vec<Suggestion> {
    let of_cluster = |call: &str| {
        let lookup = targets.command(&format!("{cli} describe-db-instances"));
        let lookup = lookup.with("--db-instance-identifier", targets.first());
        let lookup = lookup.query("DBInstances[0].DBClusterIdentifier");
        targets.command(&format!("{cli} {call}")).with_answer("--db-cluster-identifier", &lookup)
    };
    let stop = Suggestion::new(
        of_cluster("stop-db-cluster"),
        format!("stops all of its cluster; can be started again; {AGAIN}"),
    );
    match event.action {
        Action::Start => vec![stop, leave(targets, cli)],
        Action::Resize => {
            vec![former_size(event, targets, cli, &of_cluster("modify-db-cluster")), stop]
        }
        _ => vec![stop],
    }
}

fn leave(targets: &Targets<'_>, cli: &str) -> Suggestion {
    let remark = "final for this instance; the data stays in its cluster";
    targets.each(remark, |name| {
        let delete = targets.command(&format!("{cli} delete-db-instance"));
        delete.with("--db-instance-identifier", name)
    })
}

/// The serverless range as it was at its lower end, where the price tells it.
fn former_size(
    event: &CostEvent,
    targets: &Targets<'_>,
    cli: &str,
    modify: &Command,
) -> Suggestion {
    let Some((least, most)) = told::range_before(event) else {
        let former = "modify-db-cluster takes the former range again, modify-db-instance the \
                      former class";
        return shown(targets, cli, former);
    };
    let range = format!("MinCapacity={least},MaxCapacity={most}");
    Suggestion::new(
        modify.clone().and(&format!("--serverless-v2-scaling-configuration {range}")),
        format!("back to at least {least} capacity units, at most {most} as now; no outage"),
    )
}

/// A cluster as a whole. One with a class of its own is a Multi-AZ cluster, which cannot be stopped.
fn cluster(event: &CostEvent, targets: &Targets<'_>, cli: Option<&str>) -> Vec<Suggestion> {
    let cli = cli.unwrap_or("rds");
    let stops = !event.resource_type.starts_with("db.");
    let remark = format!("stops all of its instances; can be started again; {AGAIN}");
    let stop = targets.each(&remark, |name| of_cluster(targets, cli, "stop-db-cluster", name));
    match (event.action, stops) {
        (Action::Start, true) => {
            vec![stop, unprotect_cluster(targets, cli, ""), delete_cluster(targets, cli, true)]
        }
        (Action::Start, false) => vec![
            unprotect_cluster(targets, cli, "a Multi-AZ cluster cannot be stopped; "),
            delete_cluster(targets, cli, false),
        ],
        (_, true) => vec![stop],
        (_, false) => {
            let remark = "changes nothing: shows what it is now; modify-db-cluster takes the former \
                          class again, storage cannot shrink";
            vec![
                targets.each(remark, |name| of_cluster(targets, cli, "describe-db-clusters", name)),
            ]
        }
    }
}

fn unprotect_cluster(targets: &Targets<'_>, cli: &str, why: &str) -> Suggestion {
    targets.each(&format!("{why}{UNPROTECT}"), |name| {
        of_cluster(targets, cli, "modify-db-cluster", name).and("--no-deletion-protection")
    })
}

fn delete_cluster(targets: &Targets<'_>, cli: &str, has_members: bool) -> Suggestion {
    let remark = if has_members {
        "final, once its instances are deleted; a last snapshot stays, automated backups go"
    } else {
        "final; a last snapshot stays, automated backups go"
    };
    targets.each(remark, |name| {
        let delete = of_cluster(targets, cli, "delete-db-cluster", name);
        with_last_snapshot(delete, identifier(name))
    })
}

fn of_cluster(targets: &Targets<'_>, cli: &str, call: &str, name: &str) -> Command {
    targets.command(&format!("{cli} {call}")).with("--db-cluster-identifier", identifier(name))
}

fn with_last_snapshot(delete: Command, name: &str) -> Command {
    delete.with("--final-db-snapshot-identifier", &format!("{name}-before-deletion"))
}

fn identifier(name: &str) -> &str {
    name.strip_prefix(CLUSTER).unwrap_or(name)
}
