//! Every route of the document, with paths and bodies that name what a tenant has. A route without an
//! example fails the test: whoever adds one has it tried for leaks.

use journeys::front::{Ask, Front, Tenant};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A request to a route.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    pub(crate) method: &'static str,
    /// As the document has it.
    pub(crate) route: &'static str,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
}

impl Example {
    pub(crate) fn ask(&self, front: &Front) -> Ask {
        let ask = front.ask(self.method, &self.path);
        match &self.body {
            Some(body) => ask.json(body),
            None => ask,
        }
    }

    /// It names something of the tenant in its path.
    pub(crate) fn names_something(&self) -> bool {
        self.route.contains('{')
    }
}

/// Routes that change nothing, then those that change something; what takes away comes last.
const ROUTES: [(&str, &str); 44] = [
    ("GET", "/v1/status"),
    ("GET", "/v1/accounts"),
    ("GET", "/v1/accounts/setup/{setupId}"),
    ("GET", "/v1/accounts/{accountId}"),
    ("GET", "/v1/accounts/{accountId}/health"),
    ("GET", "/v1/accounts/{accountId}/rehearsal"),
    ("GET", "/v1/accounts/{accountId}/governance"),
    ("GET", "/v1/accounts/{accountId}/baselines"),
    ("GET", "/v1/accounts/{accountId}/expectations"),
    ("GET", "/v1/anomalies"),
    ("GET", "/v1/anomalies/{anomalyId}"),
    ("GET", "/v1/zombies"),
    ("GET", "/v1/spend"),
    ("GET", "/v1/api-keys"),
    ("GET", "/v1/billing"),
    ("GET", "/v1/settings"),
    ("GET", "/v1/slack"),
    ("GET", "/v1/audit"),
    ("GET", "/v1/tenant"),
    ("POST", "/v1/accounts/setup"),
    ("POST", "/v1/accounts"),
    ("POST", "/v1/accounts/{accountId}/check"),
    ("PATCH", "/v1/accounts/{accountId}"),
    ("PUT", "/v1/accounts/{accountId}/governance"),
    ("PATCH", "/v1/accounts/{accountId}/baselines/{service}/{resourceType}"),
    ("POST", "/v1/anomalies/{anomalyId}/expected"),
    ("POST", "/v1/anomalies/{anomalyId}/confirm"),
    ("POST", "/v1/anomalies/{anomalyId}/snooze"),
    ("POST", "/v1/api-keys"),
    ("POST", "/v1/billing/checkout"),
    ("POST", "/v1/billing/portal"),
    ("PUT", "/v1/settings"),
    ("PUT", "/v1/settings/webhook"),
    ("POST", "/v1/slack/install"),
    ("DELETE", "/v1/settings/webhook"),
    ("DELETE", "/v1/accounts/{accountId}/expectations/{expectationId}"),
    ("DELETE", "/v1/accounts/{accountId}"),
    ("POST", "/v1/accounts/{accountId}/undo"),
    ("DELETE", "/v1/api-keys/{keyId}"),
    ("DELETE", "/v1/tenant"),
    ("POST", "/v1/tenant/undo"),
    // The same with what may be asked besides.
    ("GET", "/v1/anomalies?accountId={accountId}&all=true"),
    ("GET", "/v1/spend?accountId={accountId}"),
    ("GET", "/v1/zombies?accountId={accountId}"),
];

fn body(method: &str, route: &str, tenant: &Tenant) -> Option<Value> {
    Some(match (method, route) {
        ("POST", "/v1/accounts") => json!({
            "awsAccountId": tenant.account.as_str(),
            "roleArn": format!("arn:aws:iam::{}:role/dd0c-cost-readonly", tenant.account),
            "setupId": tenant.setup,
        }),
        ("PATCH", "/v1/accounts/{accountId}") => json!({"alias": "ours now"}),
        ("PUT", "/v1/accounts/{accountId}/governance") => {
            json!({"mode": "strict", "customerStrict": true})
        }
        ("PATCH", _) => json!({"sensitivityOverride": "low"}),
        ("POST", "/v1/anomalies/{anomalyId}/expected") => json!({"days": 7}),
        ("POST", "/v1/anomalies/{anomalyId}/snooze") => json!({"minutes": 60}),
        ("POST", "/v1/api-keys") => json!({"name": "a program", "scopes": ["spend:read"]}),
        _ => return body_for_all(method, route, tenant),
    })
}

/// Of what is the tenant's as a whole.
fn body_for_all(method: &str, route: &str, tenant: &Tenant) -> Option<Value> {
    Some(match (method, route) {
        ("PUT", "/v1/settings") => json!({
            "timezone": "Asia/Tokyo",
            "quietHours": "01:00-02:00",
            "routes": [{
                "accountId": tenant.account.as_str(),
                "atLeast": "warning",
                "channel": "C0123456789",
            }],
        }),
        ("DELETE", "/v1/tenant") => json!({"confirm": "delete"}),
        ("PUT", "/v1/settings/webhook") => json!({"url": "https://hooks.example.com/in"}),
        _ => return None,
    })
}

/// An example of each route, with what this tenant has.
pub(crate) fn examples(tenant: &Tenant) -> Vec<Example> {
    let filled = |route: &str| {
        let names = [
            ("{accountId}", tenant.account.as_str()),
            ("{setupId}", tenant.setup.as_str()),
            ("{anomalyId}", tenant.anomaly.as_str()),
            ("{expectationId}", tenant.expectation.as_str()),
            ("{keyId}", tenant.key_id.as_str()),
            ("{service}", "ec2"),
            ("{resourceType}", "p4d.24xlarge"),
        ];
        names.iter().fold(route.to_owned(), |path, (name, value)| path.replace(name, value))
    };
    let example = |&(method, route): &(&'static str, &'static str)| Example {
        method,
        route,
        path: filled(route),
        body: body(method, route, tenant),
    };
    ROUTES.iter().map(example).collect()
}

/// Methods and paths of the document, each with the scopes of keys that it takes.
pub(crate) fn documented() -> BTreeMap<(String, String), BTreeSet<String>> {
    let document = serde_json::to_value(api::document()).unwrap();
    let mut routes = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let of_keys = operation["security"].as_array().unwrap().iter();
            let of_keys = of_keys.filter_map(|each| each["key"].as_array());
            let scopes = of_keys.flatten().map(|scope| scope.as_str().unwrap().to_owned());
            routes.insert((method.to_uppercase(), path.clone()), scopes.collect());
        }
    }
    routes
}

#[test]
fn every_route_of_the_document_has_an_example_and_every_example_a_route() {
    let plain = |(method, route): (&str, &str)| {
        (method.to_owned(), route.split('?').next().unwrap().to_owned())
    };
    let tried: BTreeSet<_> = ROUTES.into_iter().map(plain).collect();
    let documented: BTreeSet<_> = documented().into_keys().collect();
    assert_eq!(tried, documented, "add an example of a new route to ROUTES");
}

#[tokio::test]
async fn every_example_works_for_the_tenant_who_has_what_it_names() {
    let front = Front::open().await;
    let ana = front.token("ana");
    for example in examples(&front.acme) {
        let answer = example.ask(&front).by(&ana).send().await;
        let expected = match (example.method, example.route) {
            // The free tier has one account.
            ("POST", "/v1/accounts/setup") => 403,
            ("POST", "/v1/api-keys" | "/v1/slack/install") => 201,
            ("POST", route) if route.ends_with("/check") => 202,
            // It is his already: it is connected anew.
            ("POST", "/v1/accounts") | ("DELETE", "/v1/accounts/{accountId}" | "/v1/tenant") => 202,
            ("DELETE", "/v1/settings/webhook") => 200,
            ("DELETE", _) => 204,
            _ => 200,
        };
        assert_eq!(answer.status, expected, "{example:?}: {answer:?}");
    }
}
