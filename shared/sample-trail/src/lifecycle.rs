//! What happens to instances and volumes after their launch, and launches of other sorts.

use crate::call::{Call, Record};
use serde_json::{Value, json};

impl Call {
    /// `RunInstances` of Spot instances.
    pub fn run_spot_instances(&self, instance_type: &str, count: u64) -> Record {
        let mut record = self.run_instances(instance_type, count, None);
        record["requestParameters"]["instanceMarketOptions"] = json!({"marketType": "spot"});
        for instance in items(&mut record["responseElements"]["instancesSet"]["items"]) {
            instance["instanceLifecycle"] = json!("spot");
            instance["spotInstanceRequestId"] = json!("sir-0abc1234");
        }
        record
    }

    /// `CreateFleet` of type `instant`: the answer names the instances, see [`Self::instance_id`].
    pub fn create_instant_fleet(&self, instance_type: &str, count: u64) -> Record {
        let ids: Vec<String> = (0..count).map(|nth| self.instance_id(nth)).collect();
        let request = json!({"CreateFleetRequest": {
            "Type": "instant",
            "TargetCapacitySpecification": {"TotalTargetCapacity": count, "DefaultTargetCapacityType": "on-demand"},
            "LaunchTemplateConfigs": {
                "tag": 1,
                "LaunchTemplateSpecification": {"LaunchTemplateName": "batch", "Version": "$Latest"},
                "Overrides": {"tag": 1, "InstanceType": instance_type}
            }
        }});
        let response = json!({"CreateFleetResponse": {
            "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/",
            "requestId": self.hex(8),
            "fleetId": format!("fleet-{}", self.hex(6)),
            "fleetInstanceSet": {"item": [{
                "instanceIds": {"item": ids},
                "instanceType": instance_type,
                "lifecycle": "on-demand"
            }]},
            "errorSet": {}
        }});
        self.record("ec2.amazonaws.com", "CreateFleet", request, response)
    }

    /// `StopInstances`.
    pub fn stop_instances(&self, ids: &[String]) -> Record {
        self.move_instances("StopInstances", ids, (64, "stopping"), (16, "running"))
    }

    /// `StartInstances`.
    pub fn start_instances(&self, ids: &[String]) -> Record {
        self.move_instances("StartInstances", ids, (0, "pending"), (80, "stopped"))
    }

    fn move_instances(
        &self,
        name: &str,
        ids: &[String],
        now: (u8, &str),
        before: (u8, &str),
    ) -> Record {
        let state = |(code, name): (u8, &str)| json!({"code": code, "name": name});
        let named: Vec<Value> = ids.iter().map(|id| json!({"instanceId": id})).collect();
        let moved: Vec<Value> = ids
            .iter()
            .map(|id| json!({"instanceId": id, "currentState": state(now), "previousState": state(before)}))
            .collect();
        self.record(
            "ec2.amazonaws.com",
            name,
            json!({"instancesSet": {"items": named}, "force": false}),
            json!({"requestId": self.hex(8), "instancesSet": {"items": moved}}),
        )
    }

    /// `ModifyInstanceAttribute` with a new type.
    pub fn change_instance_type(&self, id: &str, instance_type: &str) -> Record {
        self.record(
            "ec2.amazonaws.com",
            "ModifyInstanceAttribute",
            json!({"instanceId": id, "instanceType": {"value": instance_type}}),
            json!({"requestId": self.hex(8), "_return": true}),
        )
    }

    /// `ModifyVolume` of a gp3 volume to another size.
    pub fn enlarge_volume(&self, id: &str, from_gib: u32, to_gib: u32) -> Record {
        self.record(
            "ec2.amazonaws.com",
            "ModifyVolume",
            json!({"ModifyVolumeRequest": {"VolumeId": id, "Size": to_gib}}),
            json!({"ModifyVolumeResponse": {
                "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/",
                "requestId": self.hex(8),
                "volumeModification": {
                    "volumeId": id,
                    "modificationState": "modifying",
                    "progress": 0,
                    "originalSize": from_gib,
                    "targetSize": to_gib,
                    "originalVolumeType": "gp3",
                    "targetVolumeType": "gp3",
                    "originalIops": 3000,
                    "targetIops": 3000,
                    "originalThroughput": 125,
                    "targetThroughput": 125
                }
            }}),
        )
    }
}

fn items(list: &mut Value) -> impl Iterator<Item = &mut Value> {
    list.as_array_mut().into_iter().flatten()
}
