//! Names longer than AWS gives them: refused here, before they meet the limits of keys and items.

use domain::event::{Actor, Change, ResourceEvent};
use domain::resource::{ResourceId, Spec};

/// Longest name of a resource: a scaling group has 255 characters, a function with its alias 193.
const MAX_NAME: usize = 256;
/// Longest name of a type, class or engine; real ones have at most 32.
const MAX_TYPE: usize = 64;
/// Longest principal: ARNs have at most 2,048 characters.
const MAX_PRINCIPAL: usize = 2_048;
/// Resources of one call: EC2 takes 1,000 ids.
const MAX_RESOURCES: usize = 3_000;
/// Length of all names of one call together, so that they fit into one item of the table.
const MAX_NAMES: usize = 150_000;
/// Volumes of one instance: EC2 attaches at most 128.
const MAX_VOLUMES: usize = 128;

/// What is longer than it can be, if anything.
pub(crate) fn excess(event: &ResourceEvent) -> Option<&'static str> {
    let resources = event.changes.iter().map(|change| change.resources().len()).sum::<usize>();
    let ids = event.changes.iter().flat_map(Change::resources).chain(&event.launcher);
    let specs = event.changes.iter().filter_map(|change| match change {
        Change::Started { spec, .. } => Some(spec),
        _ => None,
    });
    let names =
        event.changes.iter().flat_map(Change::resources).map(|id| id.name.len()).sum::<usize>();
    if resources > MAX_RESOURCES || names > MAX_NAMES {
        Some("more resources in one call than AWS takes")
    } else if ids.into_iter().any(long_id) || specs.into_iter().any(long_spec) {
        Some("a name or type is longer than AWS gives them, or has control characters")
    } else if long_actor(&event.actor) {
        Some("the principal is longer than AWS gives them")
    } else {
        None
    }
}

fn long_id(id: &ResourceId) -> bool {
    id.name.len() > MAX_NAME || id.name.chars().any(char::is_control)
}

fn long_spec(spec: &Spec) -> bool {
    if let Spec::Instance(instance) = spec
        && instance.volumes.len() > MAX_VOLUMES
    {
        return true;
    }
    let inner = match spec {
        Spec::Database(database) => [Some(&database.engine), database.cluster.as_ref()],
        Spec::Cluster(cluster) => [Some(&cluster.engine), None],
        Spec::ProvisionedConcurrency(concurrency) => [Some(&concurrency.function), None],
        _ => [None, None],
    };
    spec.resource_type().len() > MAX_TYPE
        || inner.into_iter().flatten().any(|name| name.len() > MAX_NAME)
}

fn long_actor(actor: &Actor) -> bool {
    let texts =
        [Some(&actor.id), Some(&actor.principal), actor.person.as_ref(), actor.invoked_by.as_ref()];
    texts.into_iter().flatten().any(|text| text.len() > MAX_PRINCIPAL)
}
