//! Lists come in pages: each entry once, in one order, and a cursor is good for its own list alone.

use api::cursor::CursorKey;
use domain::ids::AccountId;
use jiff::{SignedDuration, Timestamp};
use journeys::front::Front;
use pipeline::error::Failure;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Whether an entry is one that a filter names.
type Fits<'a> = Box<dyn Fn(&Value) -> bool + 'a>;

/// All entries of a list, page by page, and how many pages there were.
async fn walk(front: &Front, by: &str, question: &str, limit: usize) -> (Vec<Value>, usize) {
    let joint = if question.contains('?') { '&' } else { '?' };
    let first = format!("{question}{joint}limit={limit}");
    let (mut entries, mut pages, mut path) = (Vec::new(), 0, first.clone());
    loop {
        let page = front.read(by, &path).await;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit, "{path}: {} entries", items.len());
        entries.extend(items.iter().cloned());
        pages += 1;
        assert!(pages < 2_000, "{question} does not end");
        match page["next"].as_str() {
            Some(next) => path = format!("{first}&cursor={next}"),
            None => return (entries, pages),
        }
    }
}

fn ids(entries: &[Value]) -> Vec<String> {
    entries.iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
}

fn account(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

/// Two more accounts, and so many anomalies in each of the three, one every minute, in turns.
async fn three_accounts(front: &Front, each: u64) -> Vec<String> {
    let others = [account("222233334444"), account("333344445555")];
    for (place, other) in others.iter().enumerate() {
        front.acme.connect_also(&front.table, other, &format!("acme-{place}")).await;
    }
    let model =
        front.table.anomaly(&front.acme.account, &front.acme.anomaly).await.unwrap().unwrap();
    let begin = u64::try_from(model.first_at.as_millisecond()).unwrap();
    let id =
        |nth: u64| ulid::Ulid::from_parts(begin - 60_000 * (nth + 1), u128::from(nth)).to_string();
    for (place, of) in [&front.acme.account, &others[0], &others[1]].into_iter().enumerate() {
        let copies: Vec<String> = (0..each).map(|nth| id(nth * 3 + place as u64)).collect();
        front.copy_anomaly((&front.acme.account, &front.acme.anomaly), of, &copies).await;
    }
    (0..each * 3).map(id).collect()
}

#[tokio::test]
async fn a_page_that_holds_the_last_entry_is_the_last_page() {
    let front = Front::open().await;
    three_accounts(&front, 4).await;
    let ana = front.token("ana");
    for question in ["/v1/anomalies?all=true", "/v1/accounts", "/v1/audit"] {
        let (all, _) = walk(&front, &ana, question, 100).await;
        assert!(all.len() > 1, "{question}");
        let (same, pages) = walk(&front, &ana, question, all.len()).await;
        assert_eq!((same.len(), pages), (all.len(), 1), "{question}");
    }
}

#[tokio::test]
async fn anomalies_of_three_accounts_come_in_one_order_whatever_the_size_of_a_page() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let copies = three_accounts(&front, 12).await;
    let (all, _) = walk(&front, &ana, "/v1/anomalies?all=true", 100).await;
    let all = ids(&all);
    let mut sorted = all.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    sorted.dedup();
    assert_eq!(all, sorted, "the newest comes first, and each once");
    assert!(copies.iter().all(|copy| all.contains(copy)) && all.len() >= copies.len() + 2);
    for limit in 1..=100 {
        let (entries, pages) = walk(&front, &ana, "/v1/anomalies?all=true", limit).await;
        assert_eq!(ids(&entries), all, "pages of {limit}");
        assert!(pages <= all.len() / limit + 1, "{pages} pages of {limit}");
    }
}

#[tokio::test]
async fn a_filter_gives_what_it_names_and_nothing_else() {
    let front = Front::open().await;
    let ana = front.token("ana");
    three_accounts(&front, 4).await;
    let (all, _) = walk(&front, &ana, "/v1/anomalies?all=true", 100).await;
    let times: Vec<Timestamp> =
        all.iter().map(|each| each["startedAt"].as_str().unwrap().parse().unwrap()).collect();
    let middle = *times.iter().max().unwrap();
    let actor = all[0]["actor"]["id"].as_str().unwrap();
    let is = |field: &'static str, value: &'static str| -> Fits<'_> {
        Box::new(move |each| each[field] == value)
    };
    let since = |each: &Value| each["startedAt"].as_str().unwrap().parse::<Timestamp>().unwrap();
    let filters: Vec<(String, Fits<'_>)> = vec![
        ("accountId=222233334444".to_owned(), is("accountId", "222233334444")),
        ("service=rds".to_owned(), is("service", "rds")),
        ("service=ec2".to_owned(), is("service", "ec2")),
        ("severity=critical".to_owned(), is("severity", "critical")),
        ("status=open".to_owned(), is("status", "open")),
        ("status=resolved".to_owned(), is("status", "resolved")),
        ("status=snoozed".to_owned(), is("status", "snoozed")),
        (format!("actor={actor}"), Box::new(|each| each["actor"]["id"] == actor)),
        (format!("since={middle}"), Box::new(|each| since(each) >= middle)),
        (format!("until={middle}"), Box::new(|each| since(each) < middle)),
    ];
    for (filter, fits) in filters {
        let expected: Vec<Value> = all.iter().filter(|each| fits(each)).cloned().collect();
        for limit in [1, 3, 100] {
            let question = format!("/v1/anomalies?all=true&{filter}");
            let (found, _) = walk(&front, &ana, &question, limit).await;
            assert_eq!(ids(&found), ids(&expected), "{filter}");
        }
    }
    let (told, _) = walk(&front, &ana, "/v1/anomalies", 100).await;
    let sent: Vec<Value> = all.iter().filter(|each| each["delivery"] == "send").cloned().collect();
    assert_eq!(ids(&told), ids(&sent));
    assert!(sent.len() < all.len(), "nothing was only rehearsed: the filter proves nothing");
}

#[tokio::test]
async fn what_is_rare_among_many_is_found_to_the_end() {
    let front = Front::open().await;
    let ana = front.token("ana");
    three_accounts(&front, 300).await;
    let (all, pages) = walk(&front, &ana, "/v1/anomalies?all=true&service=rds", 25).await;
    assert!(pages > 2, "{pages} pages: nobody looked at more than one page may");
    let rds: BTreeSet<String> = front
        .table
        .anomalies(&front.acme.account)
        .await
        .unwrap()
        .into_iter()
        .filter(|each| each.members.iter().any(|member| member.service.code() == "rds"))
        .map(|each| each.id)
        .collect();
    assert!(!rds.is_empty());
    assert_eq!(ids(&all).into_iter().collect::<BTreeSet<_>>(), rds);
    // The oldest of all is the one that was rehearsed: behind all copies.
    let (info, _) = walk(&front, &ana, "/v1/anomalies?all=true&status=resolved", 5).await;
    assert!(info.iter().all(|each| each["status"] == "resolved") && !info.is_empty());
}

/// Copies of the tenant's anomaly, which all began when it did, under ids of other times.
async fn copies_of(front: &Front, times: &[Timestamp]) -> Vec<String> {
    let id = |(nth, at): (usize, &Timestamp)| {
        let millis = u64::try_from(at.as_millisecond()).unwrap();
        ulid::Ulid::from_parts(millis, nth as u128).to_string()
    };
    let copies: Vec<String> = times.iter().enumerate().map(id).collect();
    let from = (&front.acme.account, front.acme.anomaly.as_str());
    front.copy_anomaly(from, &front.acme.account, &copies).await;
    copies
}

/// The rehearsal of the tenant's past was done at a moment.
async fn rehearsed_by(front: &Front, finished: Timestamp) {
    let account = &front.acme.account;
    let mut progress = front.table.rehearsal_progress(account).await.unwrap().unwrap();
    progress.finished_at = Some(finished);
    front.table.put_rehearsal_progress(account, &progress).await.unwrap();
}

#[tokio::test]
async fn of_a_span_long_ago_nothing_is_looked_at_that_came_long_after() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let days = |days: i64| SignedDuration::from_hours(days * 24);
    let began = front.table.anomaly(&front.acme.account, &front.acme.anomaly).await.unwrap();
    let began = began.unwrap().first_at;
    copies_of(&front, &[began; 900]).await;
    let (until, path) = (began - days(40), "/v1/anomalies?all=true");
    let question = format!("{path}&until={until}");
    let (_, pages) = walk(&front, &ana, &question, 100).await;
    assert!(pages > 2, "a past that is being rehearsed may join each of them: {pages} pages");
    rehearsed_by(&front, until + days(1)).await;
    let (_, pages) = walk(&front, &ana, &question, 100).await;
    assert_eq!(pages, 1, "what came weeks later is looked at");
}

#[tokio::test]
async fn what_began_before_its_id_says_is_found_where_it_began() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let days = |days: i64| SignedDuration::from_hours(days * 24);
    let began = front.table.anomaly(&front.acme.account, &front.acme.anomaly).await.unwrap();
    let began = began.unwrap().first_at;
    // Of what came late, and of what the rehearsal joined to what was seen live.
    let copies = copies_of(&front, &[began + days(18), began + days(60)]).await;
    rehearsed_by(&front, began + days(61)).await;
    let until = began + SignedDuration::from_secs(1);
    for limit in [1, 100] {
        let question = format!("/v1/anomalies?all=true&since={began}&until={until}");
        let found = ids(&walk(&front, &ana, &question, limit).await.0);
        assert!(
            copies.iter().all(|copy| found.contains(copy)),
            "{found:?} lacks one of {copies:?}"
        );
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_question_alone() {
    let front = Front::open().await;
    let (ana, ben) = (front.token("ana"), front.token("ben"));
    let first = front.read(&ana, "/v1/anomalies?all=true&limit=1").await;
    let cursor = first["next"].as_str().unwrap().to_owned();
    let audit = front.read(&ana, "/v1/audit?limit=1").await["next"].as_str().unwrap().to_owned();
    let mut tampered = cursor.clone().into_bytes();
    tampered[10] = if tampered[10] == b'A' { b'B' } else { b'A' };
    let tampered = String::from_utf8(tampered).unwrap();
    let refused = async |by: &str, path: String| {
        let answer = front.ask("GET", &path).by(by).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_cursor"), "{path}");
        assert!(!answer.everything().contains(&cursor), "{path}: it is repeated");
    };
    for wrong in [tampered.as_str(), &audit, "", "x", "%00", &cursor[..20], &"A".repeat(3_000)] {
        refused(&ana, format!("/v1/anomalies?all=true&limit=1&cursor={wrong}")).await;
    }
    refused(&ana, format!("/v1/anomalies?limit=1&cursor={cursor}")).await;
    refused(&ana, format!("/v1/anomalies?all=true&severity=info&limit=1&cursor={cursor}")).await;
    refused(&ben, format!("/v1/anomalies?all=true&limit=1&cursor={cursor}")).await;
    for other in ["/v1/audit", "/v1/zombies", "/v1/accounts"] {
        refused(&ana, format!("{other}?cursor={cursor}")).await;
    }
    for list in ["baselines", "expectations"] {
        let path = format!("/v1/accounts/{}/{list}?cursor={cursor}", front.acme.account);
        refused(&ana, path).await;
    }
    // The size of a page may be another.
    let path = format!("/v1/anomalies?all=true&limit=100&cursor={cursor}");
    let second = front.read(&ana, &path).await;
    assert!(!second["items"].as_array().unwrap().contains(&first["items"][0]));
}

#[tokio::test]
async fn every_list_is_walked_to_its_end_with_each_entry_once() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let of = front.acme.account.clone();
    for nth in 0..5_u64 {
        let other = account(&format!("{}", 555_566_667_770 + nth));
        front.acme.connect_also(&front.table, &other, &format!("acme-{nth}")).await;
        let path = format!("/v1/accounts/{other}");
        let renamed = front.ask("PATCH", &path).by(&ana).json(&json!({"alias": format!("n{nth}")}));
        assert_eq!(renamed.send().await.status, 200);
    }
    let mut expectation = front.table.expectations(&of).await.unwrap().remove(0);
    for nth in 0..7 {
        expectation.id = format!("{nth}{}", &expectation.id[1..]);
        front.table.put_expectation(&of, &expectation).await.unwrap();
    }
    let lists = [
        ("/v1/accounts".to_owned(), 6),
        ("/v1/audit".to_owned(), 10),
        ("/v1/zombies".to_owned(), 3),
        (format!("/v1/accounts/{of}/baselines"), 4),
        (format!("/v1/accounts/{of}/expectations"), 7),
    ];
    for (list, least) in lists {
        let (all, _) = walk(&front, &ana, &list, 100).await;
        let texts: BTreeSet<String> = all.iter().map(Value::to_string).collect();
        assert!(all.len() >= least && texts.len() == all.len(), "{list}: {all:?}");
        for limit in 1..=all.len() + 1 {
            let (entries, _) = walk(&front, &ana, &list, limit).await;
            assert_eq!(entries, all, "{list} in pages of {limit}");
        }
    }
}

#[tokio::test]
async fn the_audit_begins_with_what_was_done_last() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let (entries, _) = walk(&front, &ana, "/v1/audit", 2).await;
    let times: Vec<&str> = entries.iter().map(|entry| entry["at"].as_str().unwrap()).collect();
    let times: Vec<Timestamp> = times.into_iter().map(|at| at.parse().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "{times:?}");
    let install = front.ask("PATCH", &format!("/v1/accounts/{}", front.acme.account)).by(&ana);
    assert_eq!(install.json(&json!({"alias": "shop"})).send().await.status, 200);
    let last = &front.read(&ana, "/v1/audit?limit=1").await["items"][0];
    assert_eq!((&last["what"], &last["who"]), (&json!("name"), &json!("ana")));
    assert_eq!(last["new"], "shop");
}

#[tokio::test]
async fn who_needs_no_cursor_does_not_wait_for_its_key_and_who_does_is_told_to_come_again() {
    let asked = Arc::new(AtomicU32::new(0));
    let (counted, away) = (asked.clone(), "the secrets are away");
    let key = CursorKey::from_elsewhere(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        async move { Err(Failure::Retry(away.to_owned())) }
    });
    let front = Front::with_cursor_key(key).await;
    let ana = front.token("ana");
    three_accounts(&front, 1).await;
    for path in ["/v1/status", "/v1/accounts", "/v1/spend", "/v1/anomalies?limit=100"] {
        front.read(&ana, path).await;
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0, "they needed none");
    for path in ["/v1/accounts?limit=1", "/v1/anomalies?limit=1", "/v1/accounts?cursor=AAAA"] {
        let answer = front.ask("GET", path).by(&ana).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (503, "unavailable"), "{answer:?}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.header("retry-after"), "1");
        assert!(!answer.text.contains(away), "{answer:?}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_page_may_end_with_the_longest_name_that_a_resource_can_have() {
    let front = Front::open().await;
    let (ana, account) = (front.token("ana"), &front.acme.account);
    let found = front.table.zombies(account).await.unwrap();
    let named = |nth: usize| domain::zombie::Zombie {
        resource: format!("{nth}{}", "n".repeat(511)),
        ..found[0].clone()
    };
    let region = found[0].region.clone();
    let (region, long) = ((&region, domain::zombie::Part::Compute), [named(0), named(1), named(2)]);
    front.table.put_zombies(account, region, (&long, &[])).await.unwrap();
    let (entries, _) = walk(&front, &ana, "/v1/zombies", 1).await;
    let long = entries.iter().filter(|each| each["resource"].as_str().unwrap().len() == 512);
    assert_eq!(long.count(), 3, "{entries:?}");
}
