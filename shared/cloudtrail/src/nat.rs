//! NAT gateways, public and private: both cost by the hour.

use crate::loose::{Loose, wire};
use crate::record::{Call, Reading};
use crate::skip::Refusal;
use domain::event::Change;
use domain::resource::{Service, Spec};

/// The gateway of the answer.
pub(crate) fn create_nat_gateway(call: &Call<'_>) -> Result<Reading, Refusal> {
    let response: CreateResponse<'_> = call.response()?;
    let gateway = response.gateway.unwrap_or_default();
    let id = gateway.id.text().ok_or_else(|| Refusal::missing("natGateway.natGatewayId"))?;
    let resources = vec![call.resource(Service::NatGateway, id)];
    Ok(Change::Started { resources, spec: Spec::NatGateway }.into())
}

/// The gateway of the request.
pub(crate) fn delete_nat_gateway(call: &Call<'_>) -> Result<Reading, Refusal> {
    let request: Gateway<'_> = call.request()?;
    let id = request.id.text().ok_or_else(|| Refusal::missing("NatGatewayId"))?;
    Ok(Change::Deleted { resources: vec![call.resource(Service::NatGateway, id)] }.into())
}

wire! {
    struct CreateResponse<'a> {
        "natGateway" | "NatGateway" => gateway: Option<Gateway<'a>>,
    }
    struct Gateway<'a> {
        "natGatewayId" | "NatGatewayId" => id: Loose<'a>,
    }
}
