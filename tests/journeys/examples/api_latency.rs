//! How long the API takes: 50 clients at once over loopback HTTP ask what the wizard asks, 10,000
//! requests in all, of the real router over the embedded engine with a tenant who has something of
//! everything. Client and server share the machine, so these are upper bounds of our own part; what
//! the network and DynamoDB take comes on top.
//!
//! `cargo run --release -p journeys --example api_latency [REQUESTS [CLIENTS]]`

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]
#![expect(clippy::cast_precision_loss, reason = "for people to read")]

use journeys::front::Front;
use reqwest::{Client, Method};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// The allocator of `serve`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The wizard's calls, as often as it makes them: it looks at a setup and at the health again and
/// again.
const CALLS: [&str; 10] = [
    "POST /v1/accounts/setup",
    "GET /v1/accounts/setup/{id}",
    "GET /v1/accounts/setup/{id}",
    "GET /v1/accounts/{id}/health",
    "GET /v1/accounts/{id}/health",
    "GET /v1/accounts/{id}/rehearsal",
    "GET /v1/accounts",
    "GET /v1/accounts",
    "GET /v1/status",
    "GET /v1/status",
];

/// What all clients ask with.
struct Asked {
    http: Client,
    base: String,
    token: String,
    newcomer: String,
    account: String,
    setup: String,
}

impl Asked {
    /// One call of the wizard: how long it took, and how it ended.
    async fn call(&self, nth: usize) -> (&'static str, Duration, u16) {
        let call = CALLS[nth % CALLS.len()];
        let (method, path) = call.split_once(' ').unwrap();
        let id = if path.contains("setup") { &self.setup } else { &self.account };
        let url = format!("{}{}", self.base, path.replace("{id}", id));
        let method: Method = method.parse().unwrap();
        let posts = method == Method::POST;
        let token = if posts { &self.newcomer } else { &self.token };
        let mut request = self.http.request(method, url).bearer_auth(token);
        if posts {
            // Each of ten keys comes again and again, as from a wizard that is impatient: ten setups
            // of a tenant may wait.
            request =
                request.header("idempotency-key", format!("wizard {}", nth / CALLS.len() % 10));
        }
        let begun = Instant::now();
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        answer.bytes().await.unwrap();
        (call, begun.elapsed(), status)
    }
}

fn ms(times: &[Duration], percent: usize) -> f64 {
    let place = (times.len() * percent / 100).min(times.len() - 1);
    times[place].as_secs_f64() * 1_000.0
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let requests: usize = arguments.next().unwrap_or(10_000);
    let clients: usize = arguments.next().unwrap_or(50);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure(requests, clients));
}

async fn measure(requests: usize, clients: usize) {
    let front = Front::open().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = front.router.clone();
    let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let asked = Arc::new(Asked {
        http: Client::builder().no_proxy().build().unwrap(),
        base,
        token: front.token("ana"),
        newcomer: front.token("newcomer"),
        account: front.acme.account.to_string(),
        setup: front.acme.setup.clone(),
    });
    // Each route once, so that nothing is measured that happens once.
    for nth in 0..CALLS.len() {
        asked.call(nth).await;
    }
    let begun = Instant::now();
    let working: Vec<_> = (0..clients)
        .map(|client| {
            let asked = asked.clone();
            tokio::spawn(async move {
                let mut measured = Vec::new();
                for nth in (client..requests).step_by(clients) {
                    // Clients do not all begin with the same call.
                    measured.push(asked.call(nth / clients + client).await);
                }
                measured
            })
        })
        .collect();
    let (mut times, mut statuses) = (BTreeMap::<_, Vec<Duration>>::new(), BTreeMap::new());
    for client in working {
        for (call, time, status) in client.await.unwrap() {
            times.entry(call).or_default().push(time);
            times.entry("all").or_default().push(time);
            *statuses.entry((call, status)).or_insert(0_u64) += 1;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    server.abort();
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    println!(
        "{requests} requests of {clients} clients in {seconds:.1} s ({:.0}/s), {profile} build\n",
        requests as f64 / seconds
    );
    println!("{:34} {:>7} {:>8} {:>8} {:>8} {:>8}  ms", "route", "n", "p50", "p95", "p99", "max");
    for (call, times) in &mut times {
        times.sort_unstable();
        let [p50, p95, p99, max] = [50, 95, 99, 100].map(|percent| ms(times, percent));
        println!("{call:34} {:>7} {p50:>8.2} {p95:>8.2} {p99:>8.2} {max:>8.2}", times.len());
    }
    println!();
    for ((call, status), count) in statuses {
        println!("{call:34} {status} × {count}");
    }
}
