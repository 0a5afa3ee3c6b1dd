//! Elastic IP addresses: every public IPv4 address of Amazon's costs by the hour, in use or not.

use crate::loose::{Loose, wire};
use crate::record::{Call, Reading};
use crate::skip::Refusal;
use domain::event::Change;
use domain::resource::{Service, Spec};

/// An address of Amazon's pool; one's own addresses cost nothing.
pub(crate) fn allocate_address(call: &Call<'_>) -> Result<Reading, Refusal> {
    let given: Address<'_> = call.response()?;
    if given.pool.text().is_some_and(|pool| pool != "amazon") {
        return Err(Refusal::no_effect("an address of the customer's own pool"));
    }
    let id = name(&given)?;
    let resources = vec![call.resource(Service::PublicIpv4, id)];
    Ok(Change::Started { resources, spec: Spec::PublicIpv4 }.into())
}

/// The address of the request.
pub(crate) fn release_address(call: &Call<'_>) -> Result<Reading, Refusal> {
    let asked: Address<'_> = call.request()?;
    Ok(Change::Deleted { resources: vec![call.resource(Service::PublicIpv4, name(&asked)?)] }
        .into())
}

/// The allocation; the address itself outside of a VPC.
fn name<'n>(address: &'n Address<'_>) -> Result<&'n str, Refusal> {
    let name = address.allocation_id.text().or(address.public_ip.text());
    name.ok_or_else(|| Refusal::missing("allocationId"))
}

wire! {
    struct Address<'a> {
        "allocationId" | "AllocationId" => allocation_id: Loose<'a>,
        "publicIp" | "PublicIp" => public_ip: Loose<'a>,
        "publicIpv4Pool" | "PublicIpv4Pool" => pool: Loose<'a>,
    }
}
