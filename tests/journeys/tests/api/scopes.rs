//! A key opens what its rights name, and nothing else.

use crate::routes::{documented, examples};
use domain::api_key::Right;
use journeys::front::Front;

#[tokio::test]
async fn a_key_with_one_right_opens_its_routes_and_no_other() {
    let front = Front::open().await;
    let documented = documented();
    for right in Right::ALL {
        let (key, ..) = front.acme.fresh_key(&front.table, "ana", &[right]).await;
        let mut opened = 0;
        for example in examples(&front.acme) {
            let route = example.route.split('?').next().unwrap().to_owned();
            let scopes = &documented[&(example.method.to_owned(), route)];
            let answer = example.ask(&front).by(&key).send().await;
            if scopes.contains(right.code()) {
                assert_eq!(answer.status, 200, "{right:?}, {example:?}: {answer:?}");
                opened += 1;
                continue;
            }
            assert_eq!(answer.status, 403, "{right:?}, {example:?}: {answer:?}");
            assert_eq!(answer.code(), "forbidden", "{right:?}, {example:?}: {answer:?}");
            let named = scopes.iter().all(|scope| answer.detail().contains(scope));
            assert!(named, "the scope that is missing is not named: {}", answer.detail());
        }
        assert!(opened >= 2, "{right:?} opens only {opened}");
    }
}

#[tokio::test]
async fn every_key_route_names_one_scope_that_there_is() {
    for (route, scopes) in documented() {
        assert!(scopes.len() <= 1, "{route:?}: {scopes:?}");
        for scope in scopes {
            assert!(Right::from_code(&scope).is_some(), "{route:?}: {scope}");
        }
    }
}
