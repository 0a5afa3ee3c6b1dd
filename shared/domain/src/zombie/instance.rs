//! EC2 instances that are stopped, idle or of an old generation.

use super::{DAYS, Judged, Measured, Named, Place, Zombie, ZombieCheck, measured_since, settled};
use crate::how_to_stop::instance_store::{LocalDisks, local_disks};
use crate::how_to_stop::shell::{Command, can_be_typed, is_id};
use crate::price::Monthly;
use crate::resource::Service;
use crate::words;
use jiff::Timestamp;
use std::fmt;

/// Percent of its processor that an idle instance never uses.
const IDLE_PERCENT: f64 = 5.0;
/// Bytes that an idle instance moves in [`DAYS`] days at most: 5 MB a day.
const IDLE_BYTES: f64 = 5e6 * DAYS as f64;

/// An instance as AWS describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// `i-…`
    pub named: Named,
    /// `m5.large`
    pub instance_type: String,
    /// When it was started last.
    pub launched: Timestamp,
    /// Whether it runs.
    pub state: State,
    /// The scaling group or fleet that launched it, and replaces it when it stops.
    pub launcher: Option<Launcher>,
    /// Highest use of its processor in percent, where measured.
    pub cpu_percent: Option<Measured>,
    /// Bytes in and out, where measured.
    pub network_bytes: Option<Measured>,
}

/// Whether an instance runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It runs.
    Running,
    /// It is stopped; since when, where AWS tells.
    Stopped(Option<Timestamp>),
    /// On the way from one to another, or gone.
    Other,
}

/// What launches instances, by its name or id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launcher {
    /// A scaling group or a fleet.
    pub service: Service,
    /// Name of the group, id of the fleet.
    pub name: String,
}

/// An instance that is stopped for long; `volumes` is what its volumes cost, `None` if it has none.
pub fn stopped_instance(instance: &Instance, place: Place<'_>, volumes: Option<Monthly>) -> Judged {
    let (State::Stopped(since), Some(volumes)) = (instance.state, volumes) else { return Ok(None) };
    // A group that has a stopped instance keeps it warm on purpose.
    if instance.launcher.is_some() {
        return Ok(None);
    }
    let Some(since) = since else {
        return Err("AWS does not tell since when it is stopped".to_owned());
    };
    if place.days_since(since) <= i64::from(DAYS) {
        return Ok(None);
    }
    let why = format!(
        "The {} instance is stopped for {} days; its volumes are paid all the same.",
        instance.instance_type,
        place.days_since(since)
    );
    let found = place.zombie(ZombieCheck::StoppedInstance, &instance.named, why, volumes);
    let id = &instance.named.id;
    let image = place.command("ec2 create-image").with("--instance-id", id);
    let image = image.with("--name", &format!("{id}-before-termination"));
    let terminate = place.command("ec2 terminate-instances").with("--instance-ids", id);
    let stop = place.steps_by_id(&instance.named.id, "EC2, Instances", [image, terminate]);
    Ok(Some(found.since(Some(since)).stopped_by(stop)))
}

/// An instance that runs and does nothing.
pub fn idle_instance(instance: &Instance, place: Place<'_>, price: Monthly) -> Judged {
    if instance.state != State::Running || !place.is_older(instance.launched, DAYS) {
        return Ok(None);
    }
    let cpu = settled(instance.cpu_percent, "use of the processor")?;
    let bytes = settled(instance.network_bytes, "network traffic")?;
    if cpu >= IDLE_PERCENT || bytes >= IDLE_BYTES {
        return Ok(None);
    }
    let why = format!(
        "In {DAYS} days the {} instance used at most {cpu:.1} % of its processor and moved {:.1} MB.{}",
        instance.instance_type,
        bytes / 1e6,
        instance.beware()
    );
    let found = place.zombie(ZombieCheck::IdleInstance, &instance.named, why, price);
    let stop = instance.ended(place);
    Ok(Some(found.since(measured_since(place.now)).stopped_by(stop)))
}

impl Instance {
    /// What whoever stops it has to know before.
    fn beware(&self) -> String {
        match (&self.launcher, local_disks(&self.instance_type)) {
            (Some(launcher), _) => {
                format!(" It was launched by {launcher}, which replaces what is stopped.")
            }
            (None, LocalDisks::Some) => " Stopping it loses what is on its local disks.".to_owned(),
            (None, LocalDisks::MaybeRoot) => {
                " Stopping it loses what is on its local disks, and is refused where its root is one \
                 of them."
                    .to_owned()
            }
            (None, LocalDisks::None | LocalDisks::Unknown) => String::new(),
        }
    }

    /// A group gives one up when it is asked to; of a fleet a person has to lower the capacity.
    fn ended(&self, place: Place<'_>) -> String {
        let id = &self.named.id;
        let Some(launcher) = &self.launcher else {
            let stop = place.command("ec2 stop-instances").with("--instance-ids", id);
            return place.steps_by_id(id, "EC2, Instances", [stop]);
        };
        if launcher.service != Service::AutoScaling {
            return launcher.steps(place, []);
        }
        let give_up = place.command("autoscaling terminate-instance-in-auto-scaling-group");
        let give_up = give_up.with("--instance-id", id).and("--should-decrement-desired-capacity");
        launcher.steps(place, [give_up])
    }
}

impl fmt::Display for Launcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.service == Service::AutoScaling { "the group" } else { "the fleet" };
        write!(f, "{kind} {}", words::clean(&self.name))
    }
}

impl Launcher {
    /// A look at it, and what comes after that.
    fn steps<const N: usize>(&self, place: Place<'_>, then: [Command; N]) -> String {
        let (console, can_be) = match self.service {
            Service::AutoScaling => ("EC2, Auto Scaling Groups", can_be_typed(&self.name)),
            _ => ("EC2, Spot Requests", is_id(&self.name)),
        };
        place.typed(can_be, console, [self.shown(place)].into_iter().chain(then))
    }

    /// Changes nothing: shows what is launched, and how many.
    fn shown(&self, place: Place<'_>) -> Command {
        let (words, option) = match self.service {
            Service::AutoScaling => {
                ("autoscaling describe-auto-scaling-groups", "--auto-scaling-group-names")
            }
            _ if self.name.starts_with("sfr-") => {
                ("ec2 describe-spot-fleet-requests", "--spot-fleet-request-ids")
            }
            _ => ("ec2 describe-fleets", "--fleet-ids"),
        };
        place.command(words).with(option, &self.name)
    }
}

/// Families with a successor of the same processor maker that has the same sizes. None has local
/// disks: their data would be lost, and most successors have none.
const SUCCESSORS: [(&str, &str); 5] =
    [("t1", "t3"), ("t2", "t3"), ("m4", "m6i"), ("c4", "c6i"), ("r4", "r6i")];

/// The same size of a newer family, if there is one. Whether it is sold, a price list tells.
pub fn successor(instance_type: &str) -> Option<String> {
    let (family, size) = instance_type.split_once('.')?;
    let (_, newer) = SUCCESSORS.into_iter().find(|(old, _)| *old == family)?;
    Some(format!("{newer}.{size}"))
}

/// An instance of an old generation; `saving` is what the newer one costs less, if it does.
pub fn old_generation(
    instance: &Instance,
    place: Place<'_>,
    saving: Option<Monthly>,
) -> Option<Zombie> {
    if instance.state != State::Running {
        return None;
    }
    let newer = successor(&instance.instance_type)?;
    let how = match &instance.launcher {
        None => {
            "The change is an outage of minutes; its image needs drivers for ENA and NVMe.".into()
        }
        Some(launcher) => {
            format!("It was launched by {launcher}: change the type in what that launches from.")
        }
    };
    let why = format!(
        "The {} instance is of an old generation; {newer} has the same size for less. {how}",
        instance.instance_type
    );
    let found = place.zombie(ZombieCheck::OldGeneration, &instance.named, why, saving?);
    let stop = match &instance.launcher {
        Some(launcher) => launcher.steps(place, []),
        None => retyped(instance, &newer, place),
    };
    Some(found.stopped_by(stop))
}

fn retyped(instance: &Instance, newer: &str, place: Place<'_>) -> String {
    let id = &instance.named.id;
    let stop = place.command("ec2 stop-instances").with("--instance-ids", id);
    let wait = place.command("ec2 wait instance-stopped").with("--instance-ids", id);
    let change = place.command("ec2 modify-instance-attribute").with("--instance-id", id);
    let change = change.with("--instance-type", newer);
    let start = place.command("ec2 start-instances").with("--instance-ids", id);
    place.steps_by_id(&instance.named.id, "EC2, Instances", [stop, wait, change, start])
}

#[cfg(test)]
mod tests {
    use super::super::tests::{days_ago, here, measured, price, region};
    use super::*;

    fn instance(state: State) -> Instance {
        Instance {
            named: Named { id: "i-0abc".to_owned(), name: Some("web".to_owned()) },
            instance_type: "m4.large".to_owned(),
            launched: days_ago(14),
            state,
            launcher: None,
            cpu_percent: measured(14, 4.9),
            network_bytes: measured(14, 69_999_999.0),
        }
    }

    #[test]
    fn an_instance_is_a_zombie_after_fourteen_days_stopped_if_its_volumes_cost() {
        let region = region();
        let judge = |since, volumes| {
            stopped_instance(&instance(State::Stopped(since)), here(&region), volumes)
        };
        let found = judge(Some(days_ago(15)), Some(price("8"))).unwrap().unwrap();
        assert_eq!((found.since, found.name.as_deref()), (Some(days_ago(15)), Some("web")));
        assert!(found.stop.starts_with("aws ec2 create-image"), "reversible first");
        assert_eq!(judge(Some(days_ago(14)), Some(price("8"))), Ok(None));
        assert_eq!(judge(Some(days_ago(15)), None), Ok(None), "nothing is paid");
        assert!(judge(None, Some(price("8"))).unwrap_err().contains("since when"));
        let running = stopped_instance(&instance(State::Running), here(&region), Some(price("8")));
        assert_eq!(running, Ok(None));
    }

    #[test]
    fn an_instance_is_idle_below_both_limits() {
        let region = region();
        let judge = |it: &Instance| idle_instance(it, here(&region), price("70"));
        let idle = instance(State::Running);
        assert!(judge(&idle).unwrap().is_some());
        for busy in [
            Instance { cpu_percent: measured(14, 5.0), ..idle.clone() },
            Instance { network_bytes: measured(14, 70_000_000.0), ..idle.clone() },
            Instance { launched: days_ago(13), ..idle.clone() },
            instance(State::Other),
        ] {
            assert_eq!(judge(&busy), Ok(None), "{busy:?}");
        }
        assert!(judge(&Instance { cpu_percent: None, ..idle.clone() }).is_err());
        assert!(judge(&Instance { network_bytes: measured(12, 0.0), ..idle }).is_err());
    }

    fn of(service: Service, name: &str) -> Launcher {
        Launcher { service, name: name.to_owned() }
    }

    #[test]
    fn what_a_group_or_a_fleet_launched_is_ended_through_it() {
        let region = region();
        let judge = |launcher| {
            let idle = Instance { launcher: Some(launcher), ..instance(State::Running) };
            idle_instance(&idle, here(&region), price("70")).unwrap().unwrap()
        };
        let found = judge(of(Service::AutoScaling, "web fleet"));
        let lines: Vec<&str> = found.stop.lines().collect();
        assert!(lines[0].contains("describe-auto-scaling-groups"), "{lines:?}");
        assert!(lines[0].ends_with("--auto-scaling-group-names 'web fleet'"), "{lines:?}");
        assert!(lines[1].ends_with("--instance-id i-0abc --should-decrement-desired-capacity"));
        assert!(found.why.contains("web fleet, which replaces what is stopped"), "{}", found.why);
        for (id, call) in [("fleet-0a", "describe-fleets"), ("sfr-0a", "describe-spot-fleet")] {
            let stop = judge(of(Service::Ec2Fleet, id)).stop;
            assert!(stop.contains(call) && !stop.contains("stop-instances"), "{stop}");
        }
        let odd = judge(of(Service::AutoScaling, "file:///etc/passwd")).stop;
        assert!(odd.contains("open EC2, Auto Scaling Groups"), "{odd}");
    }

    #[test]
    fn a_group_keeps_what_it_has_stopped_and_changes_types_by_what_it_launches_from() {
        let region = region();
        let launcher = Some(of(Service::AutoScaling, "web"));
        let warm = State::Stopped(Some(days_ago(99)));
        let warm = Instance { launcher: launcher.clone(), ..instance(warm) };
        assert_eq!(stopped_instance(&warm, here(&region), Some(price("8"))), Ok(None));
        let old = Instance { launcher, ..instance(State::Running) };
        let found = old_generation(&old, here(&region), Some(price("3"))).unwrap();
        assert!(found.why.ends_with("change the type in what that launches from."));
        assert!(found.stop.contains("describe-auto-scaling-groups"), "{}", found.stop);
    }

    #[test]
    fn who_stops_an_instance_with_local_disks_is_told_what_he_loses() {
        let region = region();
        let why = |instance_type: &str| {
            let instance_type = instance_type.to_owned();
            let idle = Instance { instance_type, ..instance(State::Running) };
            idle_instance(&idle, here(&region), price("70")).unwrap().unwrap().why
        };
        assert!(why("i3.large").ends_with("loses what is on its local disks."));
        assert!(why("m3.large").ends_with("refused where its root is one of them."));
        assert!(why("m5.large").ends_with("MB."));
    }

    #[test]
    fn no_family_with_local_disks_has_a_successor() {
        for (old, _) in SUCCESSORS {
            assert_eq!(local_disks(&format!("{old}.large")), LocalDisks::None, "{old}");
        }
    }

    #[test]
    fn a_successor_has_the_same_size() {
        assert_eq!(successor("m4.2xlarge").as_deref(), Some("m6i.2xlarge"));
        assert_eq!(successor("t2.micro").as_deref(), Some("t3.micro"));
        for current in ["m6i.large", "m7g.large", "p3.2xlarge", "m4", "", ".large"] {
            assert_eq!(successor(current), None, "{current}");
        }
    }

    #[test]
    fn an_old_generation_is_found_where_the_newer_saves() {
        let region = region();
        let old = instance(State::Running);
        let found = old_generation(&old, here(&region), Some(price("3"))).unwrap();
        assert!(
            found.stop.contains("--instance-type m6i.large") && found.why.contains("m6i.large")
        );
        assert_eq!(old_generation(&old, here(&region), None), None);
        let stopped = instance(State::Stopped(None));
        assert_eq!(old_generation(&stopped, here(&region), Some(price("3"))), None);
    }
}
