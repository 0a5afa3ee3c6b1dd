//! EBS volumes and snapshots that are paid for nothing.

use super::{DAYS, Judged, Measured, Named, Place, Zombie, ZombieCheck, measured_since, settled};
use crate::price::Monthly;
use jiff::Timestamp;

/// Days after which a volume that belongs to nothing is no longer in the middle of a move.
const UNATTACHED_DAYS: u32 = 1;
/// Days after which a snapshot is old.
pub(super) const SNAPSHOT_DAYS: u32 = 90;

/// A volume as AWS describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// `vol-…`
    pub named: Named,
    /// `gp2`, `io1` …
    pub kind: String,
    /// Its size.
    pub size_gib: u32,
    /// When it was made.
    pub created: Timestamp,
    /// What it belongs to.
    pub attached: Attached,
    /// Reads and writes, where measured.
    pub operations: Option<Measured>,
}

/// What a volume belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attached {
    /// Nothing.
    Nothing,
    /// An instance that runs.
    Running,
    /// An instance that is stopped: another check's.
    Stopped,
    /// Something that is no instance of the account (a task on Fargate), or not told: nobody judges it.
    Elsewhere,
}

/// What a gp2 volume needs to be as fast as gp3, above what every gp3 volume has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsGp3 {
    /// IOPS to buy, if 3,000 are not enough.
    pub iops: Option<u32>,
    /// MiB/s to buy, if 125 are not enough.
    pub mibps: Option<u32>,
}

impl AsGp3 {
    /// gp2 has 3 IOPS a GiB up to 16,000, and 250 MiB/s above 170 GiB. gp3 has 3,000 IOPS and 125
    /// MiB/s whatever its size.
    pub fn of_gp2(size_gib: u32) -> Self {
        let iops = size_gib.saturating_mul(3).min(16_000);
        Self { iops: (iops > 3_000).then_some(iops), mibps: (size_gib > 170).then_some(250) }
    }
}

/// A volume that belongs to nothing.
pub fn unattached_volume(volume: &Volume, place: Place<'_>, price: Monthly) -> Option<Zombie> {
    if volume.attached != Attached::Nothing || !place.is_older(volume.created, UNATTACHED_DAYS) {
        return None;
    }
    let why = format!(
        "The {} GiB {} volume is attached to nothing; it was made {} days ago.",
        volume.size_gib,
        volume.kind,
        place.days_since(volume.created)
    );
    let found = place.zombie(ZombieCheck::UnattachedVolume, &volume.named, why, price);
    Some(found.stopped_by(snapshot_and_delete(volume, place)))
}

/// An attached volume that nobody reads or writes.
pub fn idle_volume(volume: &Volume, place: Place<'_>, price: Monthly) -> Judged {
    if volume.attached != Attached::Running || !place.is_older(volume.created, DAYS) {
        return Ok(None);
    }
    if settled(volume.operations, "reads and writes")? > 0.0 {
        return Ok(None);
    }
    let why = format!(
        "The {} GiB {} volume is attached, and was neither read nor written for {DAYS} days.",
        volume.size_gib, volume.kind
    );
    let found = place.zombie(ZombieCheck::IdleVolume, &volume.named, why, price);
    let id = &volume.named.id;
    let snapshot = place.command("ec2 create-snapshot").with("--volume-id", id);
    let detach = place.command("ec2 detach-volume").with("--volume-id", id);
    let stop = place.steps_by_id(&volume.named.id, "EC2, Volumes", [snapshot, detach]);
    Ok(Some(found.since(measured_since(place.now)).stopped_by(stop)))
}

fn snapshot_and_delete(volume: &Volume, place: Place<'_>) -> String {
    let id = &volume.named.id;
    let snapshot = place.command("ec2 create-snapshot").with("--volume-id", id);
    let delete = place.command("ec2 delete-volume").with("--volume-id", id);
    place.steps_by_id(&volume.named.id, "EC2, Volumes", [snapshot, delete])
}

/// A gp2 volume; `saving` is what the same as gp3 costs less, if it does.
pub fn old_volume_kind(
    volume: &Volume,
    place: Place<'_>,
    saving: Option<Monthly>,
) -> Option<Zombie> {
    if volume.kind != "gp2" {
        return None;
    }
    let as_gp3 = AsGp3::of_gp2(volume.size_gib);
    let why = format!(
        "The {} GiB gp2 volume would be as large and as fast as gp3 ({} IOPS, {} MiB/s) for less.",
        volume.size_gib,
        as_gp3.iops.unwrap_or(3_000),
        as_gp3.mibps.unwrap_or(125)
    );
    let found = place.zombie(ZombieCheck::OldVolumeKind, &volume.named, why, saving?);
    let mut modify = place.command("ec2 modify-volume").with("--volume-id", &volume.named.id);
    modify = modify.and("--volume-type gp3");
    if let Some(iops) = as_gp3.iops {
        modify = modify.and(&format!("--iops {iops}"));
    }
    if let Some(mibps) = as_gp3.mibps {
        modify = modify.and(&format!("--throughput {mibps}"));
    }
    Some(found.stopped_by(place.steps_by_id(&volume.named.id, "EC2, Volumes", [modify])))
}

/// A snapshot as AWS describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// `snap-…`
    pub named: Named,
    /// Size of its volume; a snapshot holds at most that.
    pub size_gib: u32,
    /// When it was made.
    pub started: Timestamp,
    /// Whether its volume is still there.
    pub volume_exists: bool,
    /// Whether an image of the account is made of it.
    pub used_by_image: bool,
    /// Whether it is a copy of another, so that AWS does not tell of which volume.
    pub is_copy: bool,
}

/// An old snapshot of a volume that is gone.
pub fn old_snapshot(snapshot: &Snapshot, place: Place<'_>, price: Monthly) -> Option<Zombie> {
    // The volume that AWS names at a copy is made up: nothing follows from its absence.
    let kept_for_a_reason = snapshot.is_copy || snapshot.volume_exists || snapshot.used_by_image;
    if kept_for_a_reason || place.days_since(snapshot.started) <= i64::from(SNAPSHOT_DAYS) {
        return None;
    }
    let why = format!(
        "The snapshot of a {} GiB volume is {} days old; its volume is gone and no image uses it.",
        snapshot.size_gib,
        place.days_since(snapshot.started)
    );
    let found = place.zombie(ZombieCheck::OldSnapshot, &snapshot.named, why, price);
    let id = &snapshot.named.id;
    let look = place.command("ec2 describe-snapshots").with("--snapshot-ids", id);
    let delete = place.command("ec2 delete-snapshot").with("--snapshot-id", id);
    let stop = place.steps_by_id(&snapshot.named.id, "EC2, Snapshots", [look, delete]);
    Some(found.since(Some(snapshot.started)).stopped_by(stop))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{days_ago, here, measured, price, region};
    use super::*;

    fn volume(attached: Attached, age: i64) -> Volume {
        Volume {
            named: Named::only("vol-0abc"),
            kind: "gp2".to_owned(),
            size_gib: 100,
            created: days_ago(age),
            attached,
            operations: measured(14, 0.0),
        }
    }

    #[test]
    fn a_volume_that_is_attached_to_nothing_for_a_day_is_found() {
        let region = region();
        let find = |it: &Volume| unattached_volume(it, here(&region), price("8"));
        let found = find(&volume(Attached::Nothing, 1)).unwrap();
        assert_eq!(found.monthly, price("8"));
        let mut steps = found.stop.lines();
        assert!(steps.next().unwrap().starts_with("aws ec2 create-snapshot"), "reversible first");
        assert!(steps.next().unwrap().starts_with("aws ec2 delete-volume"));
        assert_eq!(find(&volume(Attached::Nothing, 0)), None);
        assert_eq!(find(&volume(Attached::Running, 9)), None);
        assert_eq!(find(&volume(Attached::Stopped, 9)), None);
        assert_eq!(find(&volume(Attached::Elsewhere, 9)), None);
    }

    #[test]
    fn an_attached_volume_is_idle_only_if_it_was_measured_so() {
        let region = region();
        let judge = |it: &Volume| idle_volume(it, here(&region), price("10"));
        let idle = volume(Attached::Running, 14);
        let found = judge(&idle).unwrap().unwrap();
        assert_eq!(found.since, Some(days_ago(14)));
        let one = Volume { operations: measured(14, 1.0), ..idle.clone() };
        assert_eq!(judge(&one), Ok(None));
        assert_eq!(judge(&volume(Attached::Running, 13)), Ok(None));
        assert_eq!(judge(&volume(Attached::Stopped, 30)), Ok(None), "another check's");
        assert!(judge(&Volume { operations: None, ..idle.clone() }).is_err());
        assert!(judge(&Volume { operations: measured(9, 0.0), ..idle }).is_err());
    }

    #[test]
    fn gp3_is_bought_as_fast_as_gp2_was() {
        let of = |gib| {
            let AsGp3 { iops, mibps } = AsGp3::of_gp2(gib);
            (iops, mibps)
        };
        assert_eq!(of(1), (None, None));
        assert_eq!(of(170), (None, None));
        assert_eq!(of(171), (None, Some(250)));
        assert_eq!(of(1_000), (None, Some(250)));
        assert_eq!(of(1_001), (Some(3_003), Some(250)));
        assert_eq!(of(16_000), (Some(16_000), Some(250)));
        assert_eq!(of(u32::MAX), (Some(16_000), Some(250)));
    }

    #[test]
    fn gp2_is_found_where_gp3_saves() {
        let region = region();
        let large = Volume { size_gib: 2_000, ..volume(Attached::Running, 1) };
        let found = old_volume_kind(&large, here(&region), Some(price("2"))).unwrap();
        assert!(found.stop.ends_with("--volume-type gp3 --iops 6000 --throughput 250"));
        assert_eq!(old_volume_kind(&large, here(&region), None), None);
        let gp3 = Volume { kind: "gp3".to_owned(), ..large };
        assert_eq!(old_volume_kind(&gp3, here(&region), Some(price("2"))), None);
    }

    #[test]
    fn a_snapshot_is_old_after_ninety_days_if_nothing_needs_it() {
        let region = region();
        let snapshot = |age, volume_exists, used_by_image| Snapshot {
            named: Named::only("snap-0abc"),
            size_gib: 8,
            started: days_ago(age),
            volume_exists,
            used_by_image,
            is_copy: false,
        };
        let find = |it: &Snapshot| old_snapshot(it, here(&region), price("1"));
        assert_eq!(find(&snapshot(91, false, false)).unwrap().since, Some(days_ago(91)));
        assert_eq!(find(&snapshot(90, false, false)), None);
        assert_eq!(find(&snapshot(91, true, false)), None);
        assert_eq!(find(&snapshot(91, false, true)), None);
        let copy = Snapshot { is_copy: true, ..snapshot(91, false, false) };
        assert_eq!(find(&copy), None, "nobody knows of which volume");
    }
}
