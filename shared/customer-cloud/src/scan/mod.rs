//! A scan of a part of one region: first what there is, then what `CloudWatch` measured of it, then
//! the rules.

mod databases;
mod findings;
mod functions;
mod instances;
mod logs;
mod metrics;
mod models;
mod network;
mod prices;
mod storage;
mod tables;

use crate::client::Visit;
use domain::zombie::serverless::LogGroup;
use domain::zombie::{Part, Place, ZombieCheck};
use findings::Findings;
use jiff::Timestamp;
use metrics::Metrics;
use pipeline::cloud::{Calls, Scanned};
use pipeline::error::Failure;
use prices::PriceTags;
use pricing::Book;

/// Looks at a part of a region, and says what that took, whatever becomes of it. A kind that cannot
/// be listed is left out, and said so. Broken off, nothing is found.
pub(crate) async fn scanned(
    visit: &Visit<'_>,
    part: Part,
    book: &'static Book,
    now: Timestamp,
) -> (Calls, Result<Option<Scanned>, Failure>) {
    let place = Place { region: visit.region, now };
    let mut findings = Findings::default();
    let mut metrics = Metrics::of_days_before(now);
    let seen = Seen::look(part, (visit, place), &mut metrics, &mut findings).await;
    if seen.is_ok() {
        metrics.fetch(visit).await;
    }
    let calls = Calls { requests: visit.requests(), metrics: metrics.asked() };
    // What was not asked any more is neither found nor gone.
    if visit.is_broken_off() {
        return (calls, Ok(None));
    }
    let seen = match seen {
        Ok(seen) => seen,
        Err(failure) => return (calls, Err(failure)),
    };
    seen.judge(place, &PriceTags { book, region: visit.region }, &metrics, &mut findings);
    let scanned = findings.into_scanned();
    tracing::info!(
        part = part.code(),
        requests = calls.requests,
        metrics = calls.metrics,
        zombies = scanned.zombies.len(),
        unjudged = scanned.unjudged.len(),
        "scanned a part of a region of a customer's account"
    );
    (calls, Ok(Some(scanned)))
}

/// All that there is of a part, before anything is judged.
enum Seen {
    Compute(Vec<instances::Seen>, storage::Seen),
    Network(network::Seen),
    Databases(databases::Seen),
    Tables(Vec<tables::Seen>),
    Functions(Vec<functions::Seen>),
    Logs(Vec<LogGroup>),
    Models(Vec<models::Seen>),
}

impl Seen {
    async fn look(
        part: Part,
        (visit, place): (&Visit<'_>, Place<'_>),
        metrics: &mut Metrics,
        findings: &mut Findings,
    ) -> Result<Self, Failure> {
        use ZombieCheck::{EndlessLogs, IdleModelEndpoint, OversizedTable, UnusedConcurrency};
        match part {
            Part::Compute => Self::look_at_compute((visit, place), metrics, findings).await,
            Part::Network => {
                network::look(visit, place, metrics, findings).await.map(Self::Network)
            }
            Part::Databases => {
                databases::look(visit, place, metrics, findings).await.map(Self::Databases)
            }
            Part::Tables => {
                let tables = tables::look(visit, place, metrics, findings).await;
                findings.kept(&[OversizedTable], tables).map(Self::Tables)
            }
            Part::Functions => {
                let functions = functions::look(visit, place, metrics, findings).await;
                findings.kept(&[UnusedConcurrency], functions).map(Self::Functions)
            }
            Part::Logs => findings.kept(&[EndlessLogs], logs::look(visit).await).map(Self::Logs),
            Part::Models => {
                let models = models::look(visit, place, metrics, findings).await;
                findings.kept(&[IdleModelEndpoint], models).map(Self::Models)
            }
        }
    }

    async fn look_at_compute(
        (visit, place): (&Visit<'_>, Place<'_>),
        metrics: &mut Metrics,
        findings: &mut Findings,
    ) -> Result<Self, Failure> {
        use ZombieCheck::{IdleInstance, IdleVolume, OldGeneration, StoppedInstance};
        let instances = instances::look(visit, place, metrics).await;
        // Only volumes of running instances are judged by their use.
        let of_instances = [StoppedInstance, IdleInstance, OldGeneration, IdleVolume];
        let instances = findings.kept(&of_instances, instances)?;
        let storage = storage::look(visit, place, metrics, &instances, findings).await?;
        Ok(Self::Compute(instances, storage))
    }

    fn judge(
        self,
        place: Place<'_>,
        prices: &PriceTags<'_>,
        metrics: &Metrics,
        findings: &mut Findings,
    ) {
        match self {
            Self::Compute(instances, storage) => {
                instances::judge(&instances, &storage, place, prices, metrics, findings);
                storage::judge(storage, place, prices, metrics, findings);
            }
            Self::Network(seen) => network::judge(seen, place, prices, metrics, findings),
            Self::Databases(seen) => databases::judge(seen, place, prices, metrics, findings),
            Self::Tables(seen) => tables::judge(seen, place, prices, metrics, findings),
            Self::Functions(seen) => functions::judge(seen, place, prices, metrics, findings),
            Self::Logs(seen) => logs::judge(seen, place, prices, findings),
            Self::Models(seen) => models::judge(seen, place, prices, metrics, findings),
        }
    }
}
