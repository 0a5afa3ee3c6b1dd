//! One account's company: who works there, where, and with what. Everything is drawn anew for each
//! account, so that no two are alike.

use super::calendar::Calendar;
use super::dice::Dice;
use super::prices::is_offered;
use super::scribe::Hand;
use crate::trail::{Archetype, Plan};
use sample_trail::Caller;

/// A company and its habits.
#[derive(Debug)]
pub(super) struct Company {
    pub(super) archetype: Archetype,
    pub(super) calendar: Calendar,
    /// Regions in use; the first is home.
    pub(super) regions: Vec<&'static str>,
    pub(super) people: Vec<Person>,
    /// Makes and changes infrastructure (Terraform).
    pub(super) infra: Caller,
    /// Brings services out.
    pub(super) deploy: Caller,
    /// Runs batches and training.
    pub(super) worker: Caller,
    pub(super) ci: Option<Ci>,
    pub(super) groups: Vec<Group>,
    pub(super) functions: Vec<Function>,
    /// Family of the general-purpose instances: `m6i`.
    pub(super) family: &'static str,
}

/// Somebody who works there.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) caller: Caller,
    /// First day at work.
    pub(super) from: u32,
    /// Favourite types; the first is the usual one.
    pub(super) types: Vec<String>,
    /// Things done a week that cost something.
    pub(super) weekly: f64,
    /// Has a machine that runs by day and is stopped by night.
    pub(super) has_devbox: bool,
}

/// The build system.
#[derive(Debug, Clone)]
pub(super) struct Ci {
    pub(super) caller: Caller,
    pub(super) runner: String,
    /// Launches on a usual workday.
    pub(super) daily: f64,
    /// Most instances that one launch has.
    pub(super) most: u64,
}

/// A scaling group.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) region: &'static str,
    pub(super) kind: String,
    pub(super) base: u64,
    pub(super) peak: u64,
    /// Whether it was made after the watch began, so that the one behind it is known.
    pub(super) is_seen_made: bool,
}

/// A function with an alias `live`.
#[derive(Debug, Clone)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) memory_mb: u32,
    /// Kept warm by day; 0 for none.
    pub(super) warm: u64,
}

/// What an account must have so that its incidents make sense there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Needs {
    pub(super) ci: bool,
    pub(super) group: bool,
    pub(super) function: bool,
}

/// Regions with the hours that they are ahead of UTC.
const REGIONS: [(&str, i64); 16] = [
    ("us-east-1", -5),
    ("us-east-2", -5),
    ("us-west-1", -8),
    ("us-west-2", -8),
    ("ca-central-1", -5),
    ("sa-east-1", -3),
    ("eu-west-1", 0),
    ("eu-west-2", 0),
    ("eu-west-3", 1),
    ("eu-central-1", 1),
    ("eu-north-1", 1),
    ("ap-south-1", 5),
    ("ap-southeast-1", 8),
    ("ap-southeast-2", 10),
    ("ap-northeast-1", 9),
    ("ap-northeast-2", 9),
];

const NAMES: [&str; 24] = [
    "ana", "bo", "chen", "dana", "emil", "fatou", "goran", "hana", "ivo", "jun", "kofi", "lena",
    "mina", "nils", "olga", "pau", "rosa", "sami", "tara", "uma", "vito", "wen", "yara", "zoe",
];

const SSO_ROLES: [&str; 3] = [
    "AWSReservedSSO_Developer_0a1b2c3d4e5f6a7b",
    "AWSReservedSSO_PowerUser_1b2c3d4e5f6a7b8c",
    "AWSReservedSSO_Admin_2c3d4e5f6a7b8c9d",
];

/// General-purpose families.
pub(super) const FAMILIES: [&str; 7] = ["m5", "m5a", "m6i", "m6a", "m6g", "m7i", "m7g"];
const OTHER_FAMILIES: [&str; 8] = ["t3", "t3a", "t4g", "c5", "c6i", "c6g", "r5", "r6g"];

impl Company {
    pub(super) fn draw(plan: &Plan, archetype: Archetype, needs: Needs, dice: &Dice) -> Self {
        let mut draw = dice.fork("company");
        let (home, offset) = *draw.pick(&REGIONS);
        let calendar = Calendar::draw(plan.start, plan.days, offset, &mut dice.fork("calendar"));
        let regions = regions(home, archetype, &mut draw);
        let family = families(home, &mut draw);
        let people = people(archetype, &calendar, home, family, &mut draw);
        let role = |role: &'static str, session: &str| Caller::Session {
            role,
            session: session.to_owned(),
        };
        let infra = role(draw.word(&["terraform", "TerraformApply", "infra-deployer"]), "run-17");
        let shares = archetype == Archetype::Sleepy || draw.chance(0.2);
        let deploy = if shares {
            infra.clone()
        } else {
            role(draw.word(&["deploy", "CodeDeployRole", "release-bot"]), "release-4711")
        };
        let worker = role(draw.word(&["batch-worker", "pipeline", "airflow"]), "scheduled-9");
        Self {
            ci: ci(archetype, needs, home, &mut draw),
            groups: groups(archetype, needs, &regions, family, &mut draw),
            functions: functions(archetype, needs, &mut draw),
            archetype,
            calendar,
            regions,
            people,
            infra,
            deploy,
            worker,
            family,
        }
    }

    pub(super) fn home(&self) -> &'static str {
        self.regions[0]
    }

    /// Somebody at home.
    pub(super) fn at_home(&self, caller: &Caller) -> Hand {
        Hand::new(caller, self.home())
    }

    /// Somebody who works there already on a day.
    pub(super) fn somebody(&self, day: u32, dice: &mut Dice) -> &Person {
        let there: Vec<&Person> = self.people.iter().filter(|person| person.from <= day).collect();
        there[dice.between(0..=there.len() - 1)]
    }

    /// Regions that the company never uses.
    pub(super) fn unused_regions(&self) -> Vec<&'static str> {
        REGIONS
            .map(|(name, _)| name)
            .into_iter()
            .filter(|name| !self.regions.contains(name))
            .collect()
    }
}

/// Some have a second region, the large ones more.
fn regions(home: &'static str, archetype: Archetype, dice: &mut Dice) -> Vec<&'static str> {
    let more = match archetype {
        Archetype::Sleepy => 0,
        Archetype::Enterprise => dice.between(1..=3),
        Archetype::Scaling => dice.between(0..=2),
        _ => usize::from(dice.chance(0.35)),
    };
    let mut regions = vec![home];
    while regions.len() <= more {
        let (region, _) = *dice.pick(&REGIONS);
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    regions
}

fn families(home: &str, dice: &mut Dice) -> &'static str {
    loop {
        let family = *dice.pick(&FAMILIES);
        if is_offered(&format!("{family}.large"), home) {
            return family;
        }
    }
}

/// People have users of their own, sessions of Identity Center, or share a role.
fn people(
    archetype: Archetype,
    calendar: &Calendar,
    home: &str,
    family: &'static str,
    dice: &mut Dice,
) -> Vec<Person> {
    let (few, many, least, most, joining) = staff(archetype);
    let style = dice.weighted(&[0.45, 0.4, 0.15]);
    let sso = *dice.pick(&SSO_ROLES);
    let mut names = NAMES;
    dice.shuffle(&mut names);
    let count = dice.between(few..=many);
    let people = names.iter().take(count).enumerate();
    people
        .map(|(nth, &name)| Person {
            caller: match style {
                0 => Caller::User(name),
                1 => Caller::Session { role: sso, session: format!("{name}@example.com") },
                _ => Caller::Session { role: "Engineer", session: format!("{name}@example.com") },
            },
            from: if nth > 0 && dice.chance(joining) { dice.between(7..=calendar.days) } else { 0 },
            types: favourites(home, family, dice),
            weekly: dice.log_real(least, most),
            has_devbox: archetype != Archetype::Sleepy && dice.chance(0.3),
        })
        .collect()
}

/// Fewest and most people, fewest and most things that one does a week, and the share who join later.
fn staff(archetype: Archetype) -> (usize, usize, f64, f64, f64) {
    match archetype {
        Archetype::Startup => (3, 8, 1.5, 8.0, 0.15),
        Archetype::Scaling => (4, 9, 0.8, 5.0, 0.12),
        Archetype::Ci => (5, 12, 0.8, 5.0, 0.12),
        Archetype::Batch => (3, 7, 0.6, 4.0, 0.1),
        Archetype::Ml => (3, 8, 0.8, 4.0, 0.15),
        Archetype::Enterprise => (8, 16, 0.5, 5.0, 0.2),
        Archetype::Sleepy => (1, 3, 0.2, 1.2, 0.05),
    }
}

/// One to four types, mostly small.
fn favourites(home: &str, family: &str, dice: &mut Dice) -> Vec<String> {
    let mut types: Vec<String> = Vec::new();
    let wanted = dice.between(1..=4);
    while types.len() < wanted {
        let general = dice.chance(0.3);
        let family = if general { family } else { *dice.pick(&OTHER_FAMILIES) };
        let sizes: &[&str] = if family.starts_with('t') {
            &["small", "medium", "medium", "large", "xlarge"]
        } else {
            &["large", "large", "xlarge", "2xlarge"]
        };
        let kind = format!("{family}.{}", dice.pick(sizes));
        if !types.contains(&kind) && is_offered(&kind, home) {
            types.push(kind);
        }
    }
    types
}

fn ci(archetype: Archetype, needs: Needs, home: &str, dice: &mut Dice) -> Option<Ci> {
    let (probability, least, most) = match archetype {
        Archetype::Ci => (1.0, 70.0, 150.0),
        Archetype::Sleepy => (0.0, 0.3, 1.0),
        Archetype::Enterprise => (0.8, 6.0, 40.0),
        _ => (0.6, 2.0, 20.0),
    };
    let daily = dice.log_real(least, most);
    let caller = if dice.chance(0.6) {
        Caller::User(dice.word(&["ci", "jenkins", "gitlab-runner"]))
    } else {
        Caller::Session { role: "github-actions", session: "GitHubActions".to_owned() }
    };
    let kinds = [
        "c5.large",
        "c5.xlarge",
        "c6i.xlarge",
        "c6i.2xlarge",
        "m5.xlarge",
        "c5.2xlarge",
        "t3.large",
    ];
    let runner = offered(&kinds, home, dice);
    let most = if archetype == Archetype::Ci { dice.between(1..=4) } else { dice.between(1..=2) };
    (dice.chance(probability) || needs.ci).then_some(Ci { caller, runner, daily, most })
}

fn groups(
    archetype: Archetype,
    needs: Needs,
    regions: &[&'static str],
    family: &str,
    dice: &mut Dice,
) -> Vec<Group> {
    let usual = match archetype {
        Archetype::Scaling => dice.between(2..=5),
        Archetype::Enterprise => dice.between(1..=3),
        Archetype::Startup | Archetype::Ci => dice.between(0..=1),
        Archetype::Batch | Archetype::Ml => usize::from(dice.chance(0.4)),
        Archetype::Sleepy => 0,
    };
    let count = usual.max(usize::from(needs.group));
    let names = ["web", "api", "workers", "search", "ingest"];
    names
        .iter()
        .take(count)
        .map(|name| {
            let peak = match archetype {
                Archetype::Scaling => dice.log_between(5, 40),
                Archetype::Sleepy => 3,
                _ => dice.log_between(3, 12),
            };
            let size = *dice.pick(&["large", "large", "xlarge", "2xlarge"]);
            let region = if dice.chance(0.75) { regions[0] } else { *dice.pick(regions) };
            let kind = format!("{family}.{size}");
            Group {
                name: format!("{name}-{}", dice.pick(&["prod", "live", "main"])),
                region,
                kind: if is_offered(&kind, region) { kind } else { format!("m5.{size}") },
                // What sleeps does not breathe either.
                base: if archetype == Archetype::Sleepy {
                    peak
                } else {
                    (peak / dice.between(2..=5)).max(1)
                },
                peak,
                is_seen_made: dice.chance(0.7),
            }
        })
        .collect()
}

fn functions(archetype: Archetype, needs: Needs, dice: &mut Dice) -> Vec<Function> {
    let warm = match archetype {
        Archetype::Startup | Archetype::Scaling | Archetype::Enterprise => 0.5,
        Archetype::Sleepy => 0.0,
        _ => 0.2,
    };
    let usual = if dice.chance(warm + 0.2) { dice.between(1..=4) } else { 0 };
    let names = ["checkout", "thumbnails", "webhook", "report"];
    names
        .iter()
        .take(usual.max(usize::from(needs.function)))
        .map(|name| Function {
            name: (*name).to_owned(),
            memory_mb: *dice.pick(&[256, 512, 1024, 1024, 1769, 2048]),
            warm: if dice.chance(warm) { dice.log_between(3, 60) } else { 0 },
        })
        .collect()
}

/// One of these types that the region has, else the first.
pub(super) fn offered(kinds: &[&str], region: &str, dice: &mut Dice) -> String {
    let there: Vec<&str> = kinds.iter().copied().filter(|kind| is_offered(kind, region)).collect();
    if there.is_empty() { kinds[0].to_owned() } else { (*dice.pick(&there)).to_owned() }
}
