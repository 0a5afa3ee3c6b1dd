//! Versions: who has one already gets no other, and who changes an old one changes nothing.

use journeys::front::Front;
use serde_json::json;
use std::collections::BTreeSet;

fn readable(front: &Front) -> [String; 3] {
    let account = &front.acme.account;
    [
        format!("/v1/accounts/{account}"),
        format!("/v1/accounts/{account}/governance"),
        "/v1/settings".to_owned(),
    ]
}

/// The list of baselines, and one of them.
fn baseline(front: &Front) -> [String; 2] {
    let list = format!("/v1/accounts/{}/baselines", front.acme.account);
    [list.clone(), format!("{list}/ec2/p4d.24xlarge")]
}

/// The version of what is read; of a list that of the baseline in question.
async fn version(front: &Front, by: &str, path: &str) -> String {
    let answer = front.ask("GET", path).by(by).send().await;
    let body = answer.json();
    let Some(items) = body["items"].as_array() else { return answer.header("etag").to_owned() };
    let found = items.iter().find(|each| each["resourceType"] == "p4d.24xlarge").unwrap();
    found["etag"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_change_of_a_baseline_tells_the_version_that_the_next_one_names() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let [list, path] = baseline(&front);
    let mut seen = BTreeSet::from([version(&front, &ana, &list).await]);
    let mut etag = version(&front, &ana, &list).await;
    // The last is as the first was, and yet another version.
    for word in [json!("low"), json!("high"), json!(null), json!("low")] {
        let ask = front.ask("PATCH", &path).by(&ana).json(&json!({"sensitivityOverride": word}));
        let done = ask.header("if-match", &etag).send().await;
        assert_eq!((done.status, &done.json()["sensitivityOverride"]), (200, &word), "{done:?}");
        etag = version(&front, &ana, &list).await;
        assert_eq!(done.json()["etag"].as_str(), Some(etag.as_str()));
        assert!(done.header("etag").starts_with(etag.trim_end_matches('"')), "{done:?}");
        assert!(seen.insert(etag.clone()), "{etag} was there before");
    }
}

#[tokio::test]
async fn what_a_change_leaves_out_stays_and_null_takes_it_away() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let [_, baseline] = baseline(&front);
    let account = format!("/v1/accounts/{}", front.acme.account);
    for (path, field, word) in
        [(&account, "alias", "shop"), (&baseline, "sensitivityOverride", "high")]
    {
        let patch = |body| front.ask("PATCH", path).by(&ana).json(&body).send();
        assert_eq!(patch(json!({ field: word })).await.json()[field], word);
        let before = front.items().await;
        let empty = patch(json!({})).await;
        assert_eq!((empty.status, &empty.json()[field]), (200, &json!(word)), "{empty:?}");
        assert!(!empty.header("etag").is_empty(), "{empty:?}");
        assert!(front.items().await == before, "{path}: an empty patch has changed something");
        let old = front.ask("PATCH", path).by(&ana).header("if-match", "\"99999\"");
        assert_eq!(old.json(&json!({})).send().await.status, 412, "{path}");
        assert_eq!(patch(json!({ field: null })).await.json()[field], json!(null), "{path}");
    }
}

#[test]
fn every_change_that_obeys_if_match_says_so() {
    let document = serde_json::to_value(api::document()).unwrap();
    for (method, path) in [
        ("patch", "/v1/accounts/{accountId}"),
        ("patch", "/v1/accounts/{accountId}/baselines/{service}/{resourceType}"),
        ("put", "/v1/accounts/{accountId}/governance"),
        ("put", "/v1/settings"),
        ("put", "/v1/settings/webhook"),
        ("delete", "/v1/settings/webhook"),
    ] {
        let parameters = document["paths"][path][method]["parameters"].as_array();
        let named = parameters.is_some_and(|all| all.iter().any(|one| one["name"] == "If-Match"));
        assert!(named, "{method} {path}");
    }
}

#[tokio::test]
async fn who_has_a_version_already_is_told_so_without_a_body() {
    let front = Front::open().await;
    let ana = front.token("ana");
    for path in readable(&front) {
        let first = front.ask("GET", &path).by(&ana).send().await;
        let etag = first.header("etag").to_owned();
        assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() > 2, "{path}: {etag}");
        for known in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}")] {
            let again =
                front.ask("GET", &path).by(&ana).header("if-none-match", &known).send().await;
            assert_eq!((again.status, again.text.as_str()), (304, ""), "{path} {known}");
            assert_eq!(again.header("etag"), etag, "{path}");
        }
        let other = front.ask("GET", &path).by(&ana).header("if-none-match", "\"x\"").send().await;
        assert_eq!((other.status, other.text), (200, first.text), "{path}");
    }
}

#[tokio::test]
async fn an_account_that_looks_otherwise_is_sent_again_though_nobody_has_changed_it() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let path = format!("/v1/accounts/{}", front.acme.account);
    let before = front.ask("GET", &path).by(&ana).send().await;
    let mut checkup = front.table.checkup(&front.acme.account).await.unwrap().unwrap();
    checkup.findings.clear();
    front.table.put_checkup(&front.acme.account, &checkup).await.unwrap();
    let known = before.header("etag");
    let after = front.ask("GET", &path).by(&ana).header("if-none-match", known).send().await;
    assert_eq!((before.json()["findings"].clone(), after.status), (json!(1), 200));
    assert_eq!(after.json()["findings"], 0);
    let rename = front.ask("PATCH", &path).by(&ana).json(&json!({"alias": "shop"}));
    assert_eq!(rename.header("if-match", known).send().await.status, 200, "nobody has changed it");
}

#[tokio::test]
async fn who_changes_an_old_version_changes_nothing() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let [account, governance, settings] = readable(&front);
    let [baselines, baseline] = baseline(&front);
    let changes = [
        (
            "PATCH",
            &baselines,
            &baseline,
            Some(json!({"sensitivityOverride": "low"})),
            Some(json!({"sensitivityOverride": "high"})),
        ),
        (
            "PATCH",
            &account,
            &account,
            Some(json!({"alias": "first"})),
            Some(json!({"alias": "second"})),
        ),
        (
            "PUT",
            &governance,
            &governance,
            Some(json!({"mode": "audit", "customerStrict": true})),
            Some(json!({"mode": "audit", "customerStrict": false})),
        ),
        (
            "PUT",
            &settings,
            &settings,
            Some(json!({"timezone": "UTC"})),
            Some(json!({"timezone": "Asia/Tokyo"})),
        ),
        ("DELETE", &settings, &format!("{settings}/webhook"), None, None),
        (
            "PUT",
            &settings,
            &format!("{settings}/webhook"),
            Some(json!({"url": "https://one.example.com/"})),
            Some(json!({"url": "https://two.example.com/"})),
        ),
    ];
    for (method, read, path, first, second) in changes {
        let etag = version(&front, &ana, read).await;
        let ask = |body: &Option<_>, version: &str| {
            let ask = front.ask(method, path).by(&ana).header("if-match", version);
            match body {
                Some(body) => ask.json(body),
                None => ask,
            }
        };
        let done = ask(&first, &etag).send().await;
        assert_eq!(done.status, 200, "{method} {path}: {done:?}");
        let between = front.items().await;
        for old in [etag.as_str(), "\"0\"", "\"99999\"", "nonsense", "\"\""] {
            let refused = ask(&second, old).send().await;
            assert_eq!(
                (refused.status, refused.code()),
                (412, "changed".to_owned()),
                "{path}: {refused:?}"
            );
        }
        assert!(front.items().await == between, "{method} {path} has changed something");
        let any = ask(&second, "*").send().await;
        assert_eq!(any.status, 200, "{method} {path}: {any:?}");
    }
}

#[tokio::test]
async fn a_change_tells_the_version_that_the_next_one_names() {
    let front = Front::open().await;
    let ana = front.token("ana");
    for (method, path, bodies) in [
        (
            "PUT",
            "/v1/settings".to_owned(),
            [json!({"timezone": "UTC"}), json!({"timezone": "UTC"})],
        ),
        (
            "PATCH",
            format!("/v1/accounts/{}", front.acme.account),
            [json!({"alias": "one"}), json!({"alias": null})],
        ),
    ] {
        let mut etag = front.ask("GET", &path).by(&ana).send().await.header("etag").to_owned();
        for body in bodies {
            let ask = front.ask(method, &path).by(&ana).json(&body).header("if-match", &etag);
            let done = ask.send().await;
            assert_eq!(done.status, 200, "{path}: {done:?}");
            done.header("etag").clone_into(&mut etag);
            let read = front.ask("GET", &path).by(&ana).send().await;
            assert_eq!(read.header("etag"), etag, "{path}: {body}");
        }
    }
}

#[tokio::test]
async fn of_many_changes_of_the_same_version_at_once_one_wins() {
    let front = Front::open().await;
    let ana = front.token("ana");
    for (path, method) in [
        ("/v1/settings".to_owned(), "PUT"),
        (format!("/v1/accounts/{}", front.acme.account), "PATCH"),
    ] {
        let etag = front.ask("GET", &path).by(&ana).send().await.header("etag").to_owned();
        let names = ["Europe/Berlin", "Asia/Tokyo", "UTC", "America/New_York", "Europe/Paris"];
        let field = if method == "PUT" { "timezone" } else { "alias" };
        let sent: Vec<_> = names[1..]
            .iter()
            .map(|name| {
                let ask = front.ask(method, &path).by(&ana).header("if-match", &etag);
                tokio::spawn(ask.json(&json!({ field: name })).send())
            })
            .collect();
        let mut won = BTreeSet::new();
        for sent in sent {
            let answer = sent.await.unwrap();
            match answer.status {
                200 => assert!(won.insert(answer.json()[field].as_str().unwrap().to_owned())),
                _ => assert_eq!((answer.status, answer.code()), (412, "changed".to_owned())),
            }
        }
        assert_eq!(won.len(), 1, "{path}: {won:?}");
        let now = front.read(&ana, &path).await;
        assert_eq!(now[field], won.first().unwrap().as_str(), "{path}");
    }
}
