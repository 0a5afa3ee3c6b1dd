//! A scan of one region: first what there is, then what `CloudWatch` measured of it, then the rules.

mod databases;
mod findings;
mod instances;
mod metrics;
mod network;
mod prices;
mod serverless;
mod storage;
mod tables;

use crate::client::Visit;
use domain::zombie::{Place, ZombieCheck};
use findings::Findings;
use jiff::Timestamp;
use metrics::Metrics;
use pipeline::cloud::{Calls, Scanned};
use pipeline::error::Failure;
use prices::PriceTags;
use pricing::Book;

/// Looks at everything in a region. A kind that cannot be listed is left out, and said so.
pub(crate) async fn scanned(
    visit: &Visit<'_>,
    book: &'static Book,
    now: Timestamp,
) -> Result<Scanned, Failure> {
    let place = Place { region: visit.region, now };
    let mut findings = Findings::default();
    let mut metrics = Metrics::of_days_before(now);
    let seen = Seen::look(visit, place, &mut metrics, &mut findings).await?;
    metrics.fetch(visit).await;
    seen.judge(place, &PriceTags { book, region: visit.region }, &metrics, &mut findings);
    let calls = Calls { requests: visit.requests(), metrics: metrics.asked() };
    let (zombies, unjudged) = findings.into_parts();
    tracing::info!(
        requests = calls.requests,
        metrics = calls.metrics,
        zombies = zombies.len(),
        unjudged = unjudged.len(),
        "scanned a region of a customer's account"
    );
    Ok(Scanned { zombies, unjudged, calls })
}

/// All that there is, before anything is judged.
struct Seen {
    storage: storage::Seen,
    instances: Vec<instances::Seen>,
    network: network::Seen,
    databases: databases::Seen,
    tables: Vec<tables::Seen>,
    serverless: serverless::Seen,
}

impl Seen {
    async fn look(
        visit: &Visit<'_>,
        place: Place<'_>,
        metrics: &mut Metrics,
        findings: &mut Findings,
    ) -> Result<Self, Failure> {
        use ZombieCheck::{
            IdleInstance, IdleVolume, OldGeneration, OversizedTable, StoppedInstance,
            UnusedConcurrency,
        };
        let instances = instances::look(visit, place, metrics).await;
        // Only volumes of running instances are judged by their use.
        let of_instances = [StoppedInstance, IdleInstance, OldGeneration, IdleVolume];
        let instances = findings.kept(&of_instances, instances)?;
        let storage = storage::look(visit, place, metrics, &instances, findings).await?;
        let network = network::look(visit, place, metrics, findings).await?;
        let databases = databases::look(visit, place, metrics, findings).await?;
        let tables = tables::look(visit, place, metrics, findings).await;
        let tables = findings.kept(&[OversizedTable], tables)?;
        let warm = serverless::look_at_functions(visit, place, metrics, findings).await;
        let warm = findings.kept(&[UnusedConcurrency], warm)?;
        let serverless = serverless::look(visit, place, metrics, findings, warm).await?;
        Ok(Self { storage, instances, network, databases, tables, serverless })
    }

    fn judge(
        self,
        place: Place<'_>,
        prices: &PriceTags<'_>,
        metrics: &Metrics,
        findings: &mut Findings,
    ) {
        instances::judge(&self.instances, &self.storage, place, prices, metrics, findings);
        storage::judge(self.storage, place, prices, metrics, findings);
        network::judge(self.network, place, prices, metrics, findings);
        databases::judge(self.databases, place, prices, metrics, findings);
        tables::judge(self.tables, place, prices, metrics, findings);
        serverless::judge(self.serverless, place, prices, metrics, findings);
    }
}
