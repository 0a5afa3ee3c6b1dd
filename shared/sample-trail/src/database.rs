//! Databases after their creation, and Aurora clusters.

use crate::call::{Call, Record};
use serde_json::json;

const RDS: &str = "rds.amazonaws.com";

impl Call {
    /// `StopDBInstance`.
    pub fn stop_database(&self, name: &str) -> Record {
        let request = json!({"dBInstanceIdentifier": name});
        let response = json!({"dBInstanceIdentifier": name, "dBInstanceStatus": "stopping"});
        self.record(RDS, "StopDBInstance", request, response)
    }

    /// `StartDBInstance`.
    pub fn start_database(&self, name: &str) -> Record {
        let request = json!({"dBInstanceIdentifier": name});
        let response = json!({"dBInstanceIdentifier": name, "dBInstanceStatus": "starting"});
        self.record(RDS, "StartDBInstance", request, response)
    }

    /// `ModifyDBInstance` to another class, at once.
    pub fn change_database_class(&self, name: &str, from: &str, to: &str) -> Record {
        let request = json!({
            "dBInstanceIdentifier": name,
            "dBInstanceClass": to,
            "applyImmediately": true,
            "allowMajorVersionUpgrade": false
        });
        let response = json!({
            "dBInstanceIdentifier": name,
            "dBInstanceClass": from,
            "engine": "postgres",
            "dBInstanceStatus": "available",
            "allocatedStorage": 100,
            "storageType": "gp3",
            "multiAZ": false,
            "pendingModifiedValues": {"dBInstanceClass": to}
        });
        self.record(RDS, "ModifyDBInstance", request, response)
    }

    /// `CreateDBCluster` of Aurora PostgreSQL; costs come with its members.
    pub fn create_cluster(&self, name: &str) -> Record {
        let request = json!({
            "dBClusterIdentifier": name,
            "engine": "aurora-postgresql",
            "masterUsername": "app",
            "masterUserPassword": "****"
        });
        let response = json!({
            "dBClusterIdentifier": name,
            "engine": "aurora-postgresql",
            "engineVersion": "16.4",
            "engineMode": "provisioned",
            "status": "creating",
            "allocatedStorage": 1,
            "backupRetentionPeriod": 1,
            "dBClusterMembers": [],
            "multiAZ": false,
            "storageEncrypted": true,
            "dBClusterArn": format!("arn:aws:rds:{}:{}:cluster:{name}", self.region, self.account)
        });
        self.record(RDS, "CreateDBCluster", request, response)
    }

    /// `CreateDBInstance` of a member of an Aurora cluster.
    pub fn create_cluster_member(&self, cluster: &str, name: &str, class: &str) -> Record {
        let request = json!({
            "dBInstanceIdentifier": name,
            "dBClusterIdentifier": cluster,
            "dBInstanceClass": class,
            "engine": "aurora-postgresql"
        });
        let response = json!({
            "dBInstanceIdentifier": name,
            "dBClusterIdentifier": cluster,
            "dBInstanceClass": class,
            "engine": "aurora-postgresql",
            "engineVersion": "16.4",
            "dBInstanceStatus": "creating",
            "allocatedStorage": 1,
            "storageType": "aurora",
            "licenseModel": "postgresql-license",
            "multiAZ": false,
            "pendingModifiedValues": {},
            "dBInstanceArn": format!("arn:aws:rds:{}:{}:db:{name}", self.region, self.account)
        });
        self.record(RDS, "CreateDBInstance", request, response)
    }

    /// `DeleteDBCluster`, after its members.
    pub fn delete_cluster(&self, name: &str) -> Record {
        let request = json!({"dBClusterIdentifier": name, "skipFinalSnapshot": true});
        let response = json!({"dBClusterIdentifier": name, "status": "deleting"});
        self.record(RDS, "DeleteDBCluster", request, response)
    }
}
