//! EBS volumes that are made on their own.

use crate::loose::{Loose, wire};
use crate::record::{Call, Reading};
use crate::skip::Refusal;
use domain::event::Change;
use domain::resource::{Service, Spec, SpecChange, VolumeSpec};

/// The answer knows the defaults: the size of the snapshot, the type.
pub(crate) fn create_volume(call: &Call<'_>) -> Result<Reading, Refusal> {
    let asked: Volume<'_> = call.request()?;
    let given: Volume<'_> = call.response()?;
    let id = given.id.text().ok_or_else(|| Refusal::missing("responseElements.volumeId"))?;
    let resource = call.resource(Service::Ebs, id);
    let spec = VolumeSpec {
        kind: given.kind.text().or(asked.kind.text()).unwrap_or("gp2").to_owned(),
        size_gib: given.size.whole().or(asked.size.whole()),
        iops: given.iops.whole().or(asked.iops.whole()),
        throughput_mibps: given.throughput.whole().or(asked.throughput.whole()),
    };
    let spec = Spec::Volume(only_what_is_provisioned(spec));
    Ok(Change::Started { resources: vec![resource], spec }.into())
}

/// What the call asks for; the answer's targets where the request cannot be read.
pub(crate) fn modify_volume(call: &Call<'_>) -> Result<Reading, Refusal> {
    let asked: Volume<'_> = call.request()?;
    let answer: ModifyResponse<'_> = call.response()?;
    let target = answer.modification.unwrap_or_default();
    let id = asked.id.text().or(target.id.text()).ok_or_else(|| Refusal::missing("volumeId"))?;
    let changed = |new: Option<u32>, old: Option<u32>| new.filter(|_| new != old);
    let kind = asked.kind.text().or_else(|| {
        target.target_kind.text().filter(|kind| Some(*kind) != target.original_kind.text())
    });
    let to = SpecChange::Volume {
        kind: kind.map(ToOwned::to_owned),
        size_gib: asked
            .size
            .whole()
            .or_else(|| changed(target.target_size.whole(), target.original_size.whole())),
        iops: asked
            .iops
            .whole()
            .or_else(|| changed(target.target_iops.whole(), target.original_iops.whole())),
        throughput_mibps: asked.throughput.whole().or_else(|| {
            changed(target.target_throughput.whole(), target.original_throughput.whole())
        }),
    };
    if to == NOTHING {
        return Err(Refusal::no_effect("neither type, size, IOPS nor throughput"));
    }
    Ok(Change::Modified { resource: call.resource(Service::Ebs, id), to }.into())
}

/// The volume is gone.
pub(crate) fn delete_volume(call: &Call<'_>) -> Result<Reading, Refusal> {
    let asked: Volume<'_> = call.request()?;
    let id = asked.id.text().ok_or_else(|| Refusal::missing("volumeId"))?;
    Ok(Change::Deleted { resources: vec![call.resource(Service::Ebs, id)] }.into())
}

const NOTHING: SpecChange =
    SpecChange::Volume { kind: None, size_gib: None, iops: None, throughput_mibps: None };

/// The answer names the IOPS of a `gp2` volume too, but they come with its size.
fn only_what_is_provisioned(spec: VolumeSpec) -> VolumeSpec {
    let has_iops = matches!(spec.kind.as_str(), "gp3" | "io1" | "io2");
    let has_throughput = spec.kind == "gp3";
    VolumeSpec {
        iops: spec.iops.filter(|_| has_iops),
        throughput_mibps: spec.throughput_mibps.filter(|_| has_throughput),
        ..spec
    }
}

wire! {
    struct Volume<'a> {
        "volumeId" | "VolumeId" => id: Loose<'a>,
        "volumeType" | "VolumeType" => kind: Loose<'a>,
        "size" | "Size" => size: Loose<'a>,
        "iops" | "Iops" => iops: Loose<'a>,
        "throughput" | "Throughput" => throughput: Loose<'a>,
    }
    struct ModifyResponse<'a> {
        "volumeModification" | "VolumeModification" => modification: Option<Modification<'a>>,
    }
    struct Modification<'a> {
        "volumeId" | "VolumeId" => id: Loose<'a>,
        "targetVolumeType" | "TargetVolumeType" => target_kind: Loose<'a>,
        "originalVolumeType" | "OriginalVolumeType" => original_kind: Loose<'a>,
        "targetSize" | "TargetSize" => target_size: Loose<'a>,
        "originalSize" | "OriginalSize" => original_size: Loose<'a>,
        "targetIops" | "TargetIops" => target_iops: Loose<'a>,
        "originalIops" | "OriginalIops" => original_iops: Loose<'a>,
        "targetThroughput" | "TargetThroughput" => target_throughput: Loose<'a>,
        "originalThroughput" | "OriginalThroughput" => original_throughput: Loose<'a>,
    }
}
