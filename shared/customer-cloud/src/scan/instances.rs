//! EC2 instances: what they are, what they do, what their volumes cost.

use super::findings::{Findings, Looked, of};
use super::metrics::{Asked, Metric, Metrics, OfDays, Silence};
use super::prices::PriceTags;
use super::storage;
use crate::client::Visit;
use crate::input::Input;
use crate::node::Node;
use crate::operation::DESCRIBE_INSTANCES;
use crate::pages::Mark;
use crate::when;
use domain::price::Monthly;
use domain::resource::{InstanceSpec, OperatingSystem, Purchase, Service, Spec, Tenancy};
use domain::zombie::instance::{
    Instance, Launcher, State, idle_instance, old_generation, stopped_instance, successor,
};
use domain::zombie::{DAYS, Named, Place, ZombieCheck};
use rust_decimal::Decimal;

/// An instance with licences in its price costs at most so many times its Windows price.
const LICENCES: u64 = 20;

/// An instance before it is judged.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) instance: Instance,
    spec: InstanceSpec,
    /// Other software in the price, which no table has.
    licences: Option<String>,
    metrics: Option<[Asked; 3]>,
}

pub(crate) async fn look(
    visit: &Visit<'_>,
    place: Place<'_>,
    metrics: &mut Metrics,
) -> Looked<Vec<Seen>> {
    let input = Input::form([("MaxResults", "1000")]);
    let pages = visit.xml_pages(DESCRIBE_INSTANCES, input, Mark("NextToken", "nextToken")).await;
    let pages = pages.map_err(of(DESCRIBE_INSTANCES))?;
    let reservations = pages.iter().flat_map(|page| page.list("reservationSet"));
    let instances = reservations.flat_map(|reservation| reservation.list("instancesSet"));
    Ok(instances.filter_map(|node| seen(node, place, metrics)).collect())
}

fn seen(node: &Node, place: Place<'_>, metrics: &mut Metrics) -> Option<Seen> {
    let instance = Instance {
        named: named(node, "instanceId")?,
        instance_type: node.text("instanceType").to_owned(),
        launched: when::iso(node.text("launchTime"))?,
        state: state(node),
        launcher: launcher(node),
        cpu_percent: None,
        network_bytes: None,
    };
    let is_judged = instance.state == State::Running && is_old(instance.launched, place);
    let metrics = is_judged.then(|| wanted(metrics, &instance.named.id));
    let (spec, licences) = spec(node);
    Some(Seen { instance, spec, licences, metrics })
}

/// An id and the tag `Name`.
pub(crate) fn named(node: &Node, id: &str) -> Option<Named> {
    let tags = node.list("tagSet").iter();
    let name = tags.filter(|tag| tag.text("key") == "Name").find_map(|tag| tag.some("value"));
    Some(Named { id: node.some(id)?.to_owned(), name: name.map(str::to_owned) })
}

/// By the tags that AWS puts itself. A group's own instances of a fleet carry both: the group comes
/// first, since it is what people change.
fn launcher(node: &Node) -> Option<Launcher> {
    let tags = node.list("tagSet").iter();
    let launchers = tags.filter_map(|tag| {
        let service = Service::launching(tag.text("key"))?;
        Some(Launcher { service, name: tag.some("value")?.to_owned() })
    });
    launchers.min_by_key(|launcher| launcher.service != Service::AutoScaling)
}

/// Whether it was there all the time over which use is measured. Of what was not, no metric is asked.
pub(crate) fn is_old(since: jiff::Timestamp, place: Place<'_>) -> bool {
    place.now.duration_since(since).as_hours() >= i64::from(DAYS) * 24
}

fn state(node: &Node) -> State {
    match node.text("instanceState.name") {
        "running" => State::Running,
        "stopped" => State::Stopped(when::in_reason(node.text("reason"))),
        _ => State::Other,
    }
}

fn spec(node: &Node) -> (InstanceSpec, Option<String>) {
    let details = node.text("platformDetails");
    let (os, licences) = match details {
        "Linux/UNIX" | "" => (OperatingSystem::Linux, None),
        "Windows" => (OperatingSystem::Windows, None),
        "Red Hat Enterprise Linux" => (OperatingSystem::Rhel, None),
        "SUSE Linux" => (OperatingSystem::Suse, None),
        "Ubuntu Pro" => (OperatingSystem::UbuntuPro, None),
        other => (OperatingSystem::Windows, Some(other.chars().take(60).collect())),
    };
    let tenancy = match node.text("placement.tenancy") {
        "dedicated" => Tenancy::Dedicated,
        "host" => Tenancy::Host,
        _ => Tenancy::Shared,
    };
    let purchase = match node.text("instanceLifecycle") {
        "spot" => Purchase::Spot,
        "capacity-block" => Purchase::CapacityBlock,
        _ => Purchase::OnDemand,
    };
    let instance_type = node.text("instanceType").to_owned();
    let availability_zone = node.some("placement.availabilityZone").map(str::to_owned);
    let volumes = Vec::new();
    (InstanceSpec { instance_type, os, tenancy, purchase, volumes, availability_zone }, licences)
}

fn wanted(metrics: &mut Metrics, id: &str) -> [Asked; 3] {
    [("CPUUtilization", OfDays::Maximum), ("NetworkIn", OfDays::Sum), ("NetworkOut", OfDays::Sum)]
        .map(|(name, of_days)| {
            let dimensions = vec![("InstanceId", id.to_owned())];
            let (namespace, silence) = ("AWS/EC2", Silence::Unknown);
            metrics.want(Metric { namespace, name, dimensions, of_days, silence })
        })
}

pub(crate) fn judge(
    instances: &[Seen],
    volumes: &storage::Seen,
    place: Place<'_>,
    prices: &PriceTags<'_>,
    metrics: &Metrics,
    findings: &mut Findings,
) {
    for seen in instances {
        let mut instance = seen.instance.clone();
        let volumes = volumes.of_instance(&instance.named.id, prices);
        let stopped = stopped_instance(&instance, place, volumes);
        findings.judged(ZombieCheck::StoppedInstance, stopped);
        let mut is_idle = false;
        if let Some([cpu, bytes_in, bytes_out]) = seen.metrics {
            instance.cpu_percent = metrics.measured(cpu);
            instance.network_bytes = metrics.sum(&[bytes_in, bytes_out]);
            let price = seen.price(prices);
            is_idle = findings.priced(ZombieCheck::IdleInstance, price, |price| {
                idle_instance(&instance, place, price)
            });
        }
        // What costs nothing any more once it is stopped saves nothing beside that.
        if !is_idle {
            let newer = old_generation(&instance, place, seen.saving(prices));
            findings.judged(ZombieCheck::OldGeneration, Ok(newer));
        }
    }
}

impl Seen {
    /// What it costs; with software that no table has, at most a multiple.
    fn price(&self, prices: &PriceTags<'_>) -> Option<Monthly> {
        let price = prices.of(&Spec::Instance(self.spec.clone()))?;
        let Some(licences) = &self.licences else { return Some(price) };
        let upper_bound = price.usd() * Decimal::from(LICENCES);
        let reason = format!("no table has the price of {licences}");
        Some(Monthly::Unknown { upper_bound, reason })
    }

    /// What the newer generation saves. Spot prices follow the market, and a host is paid as a whole.
    fn saving(&self, prices: &PriceTags<'_>) -> Option<Monthly> {
        let is_plain = self.licences.is_none()
            && self.spec.purchase == Purchase::OnDemand
            && self.spec.tenancy == Tenancy::Shared;
        if !is_plain {
            return None;
        }
        let instance_type = successor(&self.spec.instance_type)?;
        // A size that the newer family does not have in this region is no successor.
        let newer = InstanceSpec { instance_type, ..self.spec.clone() };
        let newer = prices.of(&Spec::Instance(newer)).filter(Monthly::is_known)?;
        prices.of(&Spec::Instance(self.spec.clone()))?.saving(&newer)
    }
}
