//! What a million events cost on AWS at list prices, computed from the requests of a run: the
//! stages on Lambda's batches, over the embedded engine, with a meter on it.
//!
//! `cargo run --release -p journeys --example cost_per_million [EVENTS] [ACCOUNTS]`

#![expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
#![expect(clippy::expect_used, reason = "a measurement that cannot go on has failed")]

use domain::governance::Asker;
use domain::ids::{AccountId, TenantId};
use domain::policy::{Governance, Mode};
use jiff::Timestamp;
use journeys::meter::{Meter, Used};
use pipeline::lifecycle;
use pipeline::observe::{Arrival, observe};
use pipeline::ports::{Message, Queue};
use pipeline::rate::RateGate;
use pipeline::receive::receive;
use pipeline::route::Router;
use pipeline::switches::Switches;
use pricing::Book;
use queue::LocalQueue;
use sample_trail::envelope;
use sample_trail::fleet::Fleet;
use std::collections::BTreeMap;
use store::stream::Put;
use store::{Connection, Table, TenantScope};

/// Messages that Lambda takes from a FIFO queue at once.
const BATCH: usize = 10;
/// Records that it takes from the stream at once.
const STREAM_BATCH: usize = 100;

/// List prices of us-east-1 in US dollars, 2026-07: DynamoDB on demand, SQS, Lambda on arm64.
const WRITE_UNIT: f64 = 0.625e-6;
const READ_UNIT: f64 = 0.125e-6;
const FIFO_REQUEST: f64 = 0.50e-6;
const STANDARD_REQUEST: f64 = 0.40e-6;
const LAMBDA_REQUEST: f64 = 0.20e-6;
const LAMBDA_GB_SECOND: f64 = 0.000_013_333_4;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse().expect("a number"));
    let (events, accounts) = (arguments.next().unwrap_or(10_000), arguments.next().unwrap_or(200));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    for (shape, queued) in [
        ("full batches of one account", true),
        ("as they come: accounts mixed in each batch", false),
    ] {
        let bill = runtime.as_ref().expect("a runtime").block_on(run(events, accounts, queued));
        bill.print(shape);
    }
}

struct Bill {
    events: f64,
    cost_events: u64,
    meter: BTreeMap<String, Used>,
    processor_batches: f64,
    scorer_batches: f64,
    alerts: u64,
}

async fn run(events: usize, accounts: usize, by_account: bool) -> Bill {
    let engine = store::embedded::connector(None).expect("the engine starts");
    let meter = Meter::default();
    let client = store::embedded::client_over(meter.connector(engine.clone()));
    let table = Table::new(client, "dd0c-cost-main");
    let unmetered = Table::new(store::embedded::client_over(engine), "dd0c-cost-main");
    unmetered.create().await.expect("the table is made");
    let scope = TenantScope::of_operator(TenantId::parse("acme").expect("an id"));
    for account in 0..accounts {
        let account = format!("{:012}", 100_000_000_000_u64 + account as u64);
        let governance = Governance { mode: Mode::Audit, customer_strict: false };
        let account = AccountId::parse(&account).expect("an id");
        let connection = Connection::new(account, governance, Timestamp::now());
        let (asker, why, now) = (Asker::Rules, String::new(), Timestamp::now());
        let entry = lifecycle::entry("connect", &asker, (None, &connection), why, now);
        unmetered.connect(&scope, &connection, &entry).await.expect("it is connected");
    }

    // The fleet's records that cost something: others do not pass the rules of the bus.
    let relevant = Fleet::new(11, accounts).filter(|record| record["eventName"] != "ListBuckets");
    let mut bodies: Vec<(String, String)> = relevant
        .take(events)
        .map(|record| {
            let account = record["recipientAccountId"].as_str().unwrap_or_default().to_owned();
            (account, envelope(&record).to_string())
        })
        .collect();
    if by_account {
        bodies.sort_by(|a, b| a.0.cmp(&b.0));
    }
    let (queue, alerts) = (LocalQueue::new(5), LocalQueue::new(5));
    let gate = RateGate::new(6_000);
    let router = Router { table: &table, queue: &queue, gate: &gate, test_source: None };
    let mut bill = Bill {
        events: bodies.len() as f64,
        cost_events: 0,
        meter: BTreeMap::new(),
        processor_batches: 0.0,
        scorer_batches: 0.0,
        alerts: 0,
    };
    let mut arrivals = Vec::new();
    for (_, body) in &bodies {
        router.route(body, Timestamp::now()).await.expect("it is routed");
    }
    for batch in bodies.chunks(BATCH) {
        let batch: Vec<&str> = batch.iter().map(|(_, body)| body.as_str()).collect();
        let received = receive(&table, Book::builtin(), Switches::NONE, &batch, None).await;
        assert!(received.failed.is_empty(), "{:?}", received.failed);
        bill.processor_batches += 1.0;
        bill.cost_events += received.cost_events.len() as u64;
        let put = |each| Put::CostEvent(Box::new(each));
        let arrival = |each| Arrival { at: Timestamp::now(), put: put(each) };
        arrivals.extend(received.cost_events.into_iter().map(arrival));
        while arrivals.len() >= STREAM_BATCH {
            let batch = arrivals.drain(..STREAM_BATCH).collect();
            bill.scorer_batches += 1.0;
            bill.alerts += observe(&table, &alerts, Switches::NONE, batch).await.alerts;
        }
    }
    alerts.send(Vec::<Message>::new()).await.expect("nothing is sent");
    bill.meter = meter.read();
    bill
}

impl Bill {
    fn print(&self, shape: &str) {
        let per_million = 1e6 / self.events;
        println!("\n{shape}: {} events, {} cost events", self.events, self.cost_events);
        let mut total = 0.0;
        let mut line = |what: &str, count: f64, price: f64| {
            let dollars = count * per_million * price;
            total += dollars;
            println!("  {what:<44} {:>8.3} an event   ${dollars:>6.3}", count / self.events);
        };
        for (operation, used) in &self.meter {
            let write =
                ["TransactWriteItems", "UpdateItem", "PutItem"].contains(&operation.as_str());
            let (unit, price) = if write { ("WRU", WRITE_UNIT) } else { ("RRU", READ_UNIT) };
            let requests = used.requests as f64 / self.events;
            line(&format!("DynamoDB {operation} {unit} ({requests:.3} calls)"), used.units, price);
        }
        line("SQS FIFO send", self.events, FIFO_REQUEST);
        line("SQS FIFO receive and delete", 2.0 * self.processor_batches, FIFO_REQUEST);
        line("SQS alert queue, three requests each", 3.0 * self.alerts as f64, STANDARD_REQUEST);
        let invocations = self.events + self.processor_batches + self.scorer_batches;
        line("Lambda requests", invocations, LAMBDA_REQUEST);
        // Durations of AWS's own latencies: 6 ms for a read and a send, 25 ms for a batch's reads
        // and its transaction, 40 ms for a stream batch; 128 MB, 256 MB, 256 MB.
        let gb_seconds = self.events * 0.006 * 0.125
            + self.processor_batches * 0.025 * 0.25
            + self.scorer_batches * 0.040 * 0.25;
        line("Lambda GB-seconds (assumed durations)", gb_seconds, LAMBDA_GB_SECOND);
        println!("  {:<44} {:>8}            ${total:>6.2} a million", "in all", "");
    }
}
