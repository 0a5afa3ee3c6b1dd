//! Databases and tables that nobody uses, and old copies of them.

use super::storage::SNAPSHOT_DAYS;
use super::{DAYS, Judged, Measured, Named, Place, Zombie, ZombieCheck, measured_since, settled};
use crate::how_to_stop::shell::Command;
use crate::price::Monthly;
use jiff::Timestamp;

/// Share of its provisioned capacity below which a table is hardly used.
const HARDLY: f64 = 0.10;
/// Seconds over which use is measured.
const SECONDS: f64 = DAYS as f64 * 86_400.0;

/// A database instance as AWS describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Database {
    /// By its identifier.
    pub named: Named,
    /// `db.m5.large`
    pub class: String,
    /// `mysql`, `aurora-postgresql` …
    pub engine: String,
    /// The cluster that it belongs to.
    pub cluster: Option<String>,
    /// Which part it has in a replication.
    pub replication: Replication,
    /// Whether a second one of it waits in another zone.
    pub is_multi_az: bool,
    /// When it was made.
    pub created: Timestamp,
    /// Whether it runs: `available`.
    pub is_available: bool,
    /// Most connections at a time, where measured.
    pub connections: Option<Measured>,
}

/// Which part a database has in a replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replication {
    /// None.
    Alone,
    /// It has read replicas.
    Source,
    /// It is a read replica.
    Replica,
}

/// A database that nobody connects to.
pub fn idle_database(database: &Database, place: Place<'_>, price: Monthly) -> Judged {
    if !database.is_available || !place.is_older(database.created, DAYS) {
        return Ok(None);
    }
    if settled(database.connections, "connections")? > 0.0 {
        return Ok(None);
    }
    let why = format!(
        "Nobody was connected to the {} database {} for {DAYS} days.{}",
        database.engine,
        database.class,
        database.beware()
    );
    let found = place.zombie(ZombieCheck::IdleDatabase, &database.named, why, price);
    let stop = steps(database, place);
    let stop = place.steps(&database.named, "RDS, Databases", stop);
    Ok(Some(found.since(measured_since(place.now)).stopped_by(stop)))
}

impl Database {
    /// Neither side of a replication stops, nor a member without its cluster, nor SQL Server in
    /// several zones; RDS Custom has rules of its own.
    fn can_be_stopped(&self) -> bool {
        let is_mirrored = self.is_multi_az && self.engine.starts_with("sqlserver");
        let is_bound = self.cluster.is_some() || self.replication != Replication::Alone;
        !is_bound && !is_mirrored && !self.engine.starts_with("custom-")
    }

    /// What whoever acts has to know before.
    fn beware(&self) -> &'static str {
        match self.replication {
            Replication::Replica => {
                " It is a read replica, which cannot be stopped; its source keeps the data."
            }
            Replication::Source => " It has read replicas, so that it cannot be stopped.",
            Replication::Alone if self.can_be_stopped() => {
                " One that is stopped still costs its storage, and AWS starts it again after 7 days."
            }
            Replication::Alone => "",
        }
    }
}

/// Of a replica no last snapshot can be made, of a member none of its own.
fn steps(database: &Database, place: Place<'_>) -> [Command; 2] {
    let id = database.named.id.as_str();
    let of_it = |words: &str| place.command(words).with("--db-instance-identifier", id);
    let first = match &database.cluster {
        Some(cluster) => {
            let describe = place.command("rds describe-db-clusters");
            describe.with("--db-cluster-identifier", cluster)
        }
        None if database.can_be_stopped() => of_it("rds stop-db-instance"),
        None => of_it("rds describe-db-instances"),
    };
    let delete = of_it("rds delete-db-instance");
    let delete = match &database.cluster {
        Some(_) => delete,
        None if database.replication == Replication::Replica => delete.and("--skip-final-snapshot"),
        None => delete.with("--final-db-snapshot-identifier", &format!("{id}-final")),
    };
    [first, delete]
}

/// A snapshot of a database as AWS describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseSnapshot {
    /// By its identifier.
    pub named: Named,
    /// Size of its database; a snapshot holds at most that.
    pub size_gib: u32,
    /// When it was made.
    pub created: Timestamp,
    /// Whether a person made it; others go by themselves.
    pub is_manual: bool,
}

/// An old snapshot that somebody made and nobody removed.
pub fn old_database_snapshot(
    snapshot: &DatabaseSnapshot,
    place: Place<'_>,
    price: Monthly,
) -> Option<Zombie> {
    let days = place.days_since(snapshot.created);
    if !snapshot.is_manual || days <= i64::from(SNAPSHOT_DAYS) {
        return None;
    }
    let why = format!(
        "The manual snapshot of a {} GiB database is {days} days old; it is kept until somebody deletes it.",
        snapshot.size_gib
    );
    let found = place.zombie(ZombieCheck::OldDatabaseSnapshot, &snapshot.named, why, price);
    let [look, delete] = ["rds describe-db-snapshots", "rds delete-db-snapshot"]
        .map(|what| place.command(what).with("--db-snapshot-identifier", &snapshot.named.id));
    let stop = place.steps(&snapshot.named, "RDS, Snapshots", [look, delete]);
    Some(found.since(Some(snapshot.created)).stopped_by(stop))
}

/// A DynamoDB table with provisioned capacity.
#[derive(Debug, Clone, PartialEq)]
pub struct CapacityTable {
    /// By its name.
    pub named: Named,
    /// When it was made.
    pub created: Timestamp,
    /// Units of reading that are paid.
    pub read_units: u64,
    /// Units of writing that are paid.
    pub write_units: u64,
    /// Units of reading used in all, where measured.
    pub read: Option<Measured>,
    /// Units of writing used in all, where measured.
    pub written: Option<Measured>,
}

/// A table that uses a small part of what is provisioned for it, of reads and of writes.
pub fn oversized_table(table: &CapacityTable, place: Place<'_>, price: Monthly) -> Judged {
    let nothing_provisioned = table.read_units == 0 && table.write_units == 0;
    if nothing_provisioned || !place.is_older(table.created, DAYS) {
        return Ok(None);
    }
    let read = settled(table.read, "reads")? / SECONDS;
    let written = settled(table.written, "writes")? / SECONDS;
    if is_used(read, table.read_units) || is_used(written, table.write_units) {
        return Ok(None);
    }
    let why = format!(
        "In {DAYS} days the table used {read:.2} of its {} units of reading and {written:.2} of its {} \
         units of writing on average.",
        table.read_units, table.write_units
    );
    let found = place.zombie(ZombieCheck::OversizedTable, &table.named, why, price);
    let update = place.command("dynamodb update-table").with("--table-name", &table.named.id);
    let update = update.and("--billing-mode PAY_PER_REQUEST");
    let stop = place.steps(&table.named, "DynamoDB, Tables", [update]);
    Ok(Some(found.since(measured_since(place.now)).stopped_by(stop)))
}

#[expect(clippy::cast_precision_loss, reason = "capacity units are far below 2^52")]
fn is_used(used: f64, provisioned: u64) -> bool {
    used > 0.0 && used >= provisioned as f64 * HARDLY
}

#[cfg(test)]
mod tests {
    use super::super::tests::{days_ago, here, measured, price, region};
    use super::*;

    fn database() -> Database {
        Database {
            named: Named::only("orders"),
            class: "db.m5.large".to_owned(),
            engine: "mysql".to_owned(),
            cluster: None,
            replication: Replication::Alone,
            is_multi_az: false,
            created: days_ago(14),
            is_available: true,
            connections: measured(14, 0.0),
        }
    }

    #[test]
    fn a_database_without_a_connection_is_idle() {
        let region = region();
        let judge = |it: &Database| idle_database(it, here(&region), price("136"));
        let found = judge(&database()).unwrap().unwrap();
        assert!(found.stop.starts_with("aws rds stop-db-instance"), "reversible first");
        assert!(found.stop.ends_with("--final-db-snapshot-identifier orders-final"));
        for busy in [
            Database { connections: measured(14, 1.0), ..database() },
            Database { created: days_ago(13), ..database() },
            Database { is_available: false, ..database() },
        ] {
            assert_eq!(judge(&busy), Ok(None), "{busy:?}");
        }
        assert!(judge(&Database { connections: None, ..database() }).is_err());
    }

    #[test]
    fn a_member_of_a_cluster_cannot_be_stopped_alone() {
        let region = region();
        let member = Database { cluster: Some("shop".to_owned()), ..database() };
        let found = idle_database(&member, here(&region), price("1")).unwrap().unwrap();
        assert!(found.stop.starts_with("aws rds describe-db-clusters"), "{}", found.stop);
        assert!(!found.stop.contains("stop-db-instance") && !found.stop.contains("final"));
    }

    #[test]
    fn what_cannot_be_stopped_is_not_told_to_be() {
        let region = region();
        let judge = |it: Database| idle_database(&it, here(&region), price("1")).unwrap().unwrap();
        let replica = judge(Database { replication: Replication::Replica, ..database() });
        assert!(replica.stop.ends_with("orders --skip-final-snapshot"), "{}", replica.stop);
        assert!(replica.why.ends_with("its source keeps the data."), "{}", replica.why);
        let sql_server =
            Database { engine: "sqlserver-se".to_owned(), is_multi_az: true, ..database() };
        for bound in [
            Database { replication: Replication::Source, ..database() },
            Database { engine: "custom-oracle-ee".to_owned(), ..database() },
            sql_server.clone(),
        ] {
            let found = judge(bound);
            assert!(found.stop.starts_with("aws rds describe-db-instances"), "{}", found.stop);
            assert!(found.stop.ends_with("--final-db-snapshot-identifier orders-final"));
            assert!(!found.why.contains("7 days"), "{}", found.why);
        }
        let alone = judge(Database { is_multi_az: false, ..sql_server });
        assert!(alone.stop.starts_with("aws rds stop-db-instance"));
        assert!(alone.why.ends_with("starts it again after 7 days."), "{}", alone.why);
    }

    #[test]
    fn a_manual_snapshot_is_old_after_ninety_days() {
        let region = region();
        let find = |age, is_manual| {
            let (named, created) = (Named::only("copy"), days_ago(age));
            let snapshot = DatabaseSnapshot { named, size_gib: 20, created, is_manual };
            old_database_snapshot(&snapshot, here(&region), price("2"))
        };
        assert!(find(91, true).is_some());
        assert_eq!(find(90, true), None);
        assert_eq!(find(91, false), None);
    }

    #[test]
    fn a_table_is_oversized_if_both_are_used_below_a_tenth() {
        let region = region();
        let table = |read: f64, written: f64| CapacityTable {
            named: Named::only("orders"),
            created: days_ago(14),
            read_units: 100,
            write_units: 10,
            read: measured(14, read * SECONDS),
            written: measured(14, written * SECONDS),
        };
        let judge = |it: &CapacityTable| oversized_table(it, here(&region), price("33"));
        assert!(judge(&table(9.99, 0.99)).unwrap().is_some());
        assert!(judge(&table(0.0, 0.0)).unwrap().is_some());
        assert_eq!(judge(&table(10.0, 0.0)), Ok(None));
        assert_eq!(judge(&table(0.0, 1.0)), Ok(None));
        let free = CapacityTable { read_units: 0, write_units: 0, ..table(0.0, 0.0) };
        assert_eq!(judge(&free), Ok(None));
        assert_eq!(judge(&CapacityTable { created: days_ago(13), ..table(0.0, 0.0) }), Ok(None));
        assert!(judge(&CapacityTable { read: None, ..table(0.0, 0.0) }).is_err());
        assert!(judge(&CapacityTable { written: None, ..table(0.0, 0.0) }).is_err());
    }
}
