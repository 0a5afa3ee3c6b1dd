//! People: the first time a tenant is made, then they come back to it.

use super::{identity, login, second};
use domain::api_key::Right;
use domain::governance::Asker;
use identity::{Refusal, Who};
use login_double::Signed;
use std::sync::Arc;

#[tokio::test]
async fn who_comes_first_has_a_tenant_of_his_own_and_comes_back_to_it() {
    let login = login();
    let (table, identity) = identity(&login).await;
    let come = async |name: &str, seconds| {
        let header = format!("Bearer {}", login.access_token(name, second(seconds)));
        identity.authenticate(Some(&header), second(seconds)).await.unwrap()
    };
    let (ana, ben, again) = (come("ana", 0).await, come("ben", 1).await, come("ana", 500).await);
    assert_eq!(ana, again);
    assert_ne!(ana.scope, ben.scope);
    assert_ne!(ana.principal(), ben.principal());
    assert!(!ana.principal().contains(ana.scope.tenant().as_str()));
    assert_eq!(ana.asker(), Asker::Customer("ana".to_owned()));
    assert!(Right::ALL.into_iter().all(|right| ana.may(right)));
    let members = table.members(&ana.scope).await.unwrap();
    assert_eq!(members.len(), 1);
    assert!(
        matches!(&ana.who, Who::Member { sub, name } if *sub == members[0].sub && name == "ana")
    );
    assert_eq!((members[0].name.as_str(), members[0].joined_at), ("ana", second(0)));
    let audit = table.audit(&ana.scope, second(0)).await.unwrap();
    assert_eq!(audit.len(), 1, "coming back is no change");
    assert_eq!(
        audit[0].to_string(),
        "sign up by customer ana: nothing → a tenant (the first time that this login came)"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thirty_two_first_requests_at_once_make_one_tenant() {
    let login = login();
    let (table, identity) = identity(&login).await;
    let (identity, header) = (Arc::new(identity), login.access_token("ana", second(0)));
    let header: Arc<str> = format!("Bearer {header}").into();
    let come = |nth| {
        let (identity, header) = (identity.clone(), header.clone());
        tokio::spawn(async move { identity.authenticate(Some(&header), second(nth)).await })
    };
    let coming: Vec<_> = (0..32).map(come).collect();
    let mut callers = Vec::new();
    for each in coming {
        callers.push(each.await.unwrap().unwrap());
    }
    assert!(callers.iter().all(|caller| *caller == callers[0]), "{callers:?}");
    let scope = &callers[0].scope;
    assert_eq!(table.members(scope).await.unwrap().len(), 1);
    assert_eq!(table.audit(scope, second(0)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn without_a_credential_or_with_another_kind_nobody_comes_in() {
    let login = login();
    let (_, identity) = identity(&login).await;
    let token = login.access_token("ana", second(0));
    let come = async |header: Option<&str>| identity.authenticate(header, second(0)).await;
    for nothing in [None, Some(""), Some("  ")] {
        assert_eq!(come(nothing).await, Err(Refusal::NoCredential));
    }
    for wrong in [&token, "Bearer", "Bearer ", "Basic YTpi", &format!("Token {token}")] {
        assert!(matches!(come(Some(wrong)).await, Err(Refusal::Invalid(_))), "{wrong}");
    }
    assert!(come(Some(&format!("bearer {token}"))).await.is_ok());
}

#[tokio::test]
async fn who_is_refused_leaves_nothing_behind() {
    let login = login();
    let (table, identity) = identity(&login).await;
    let claims = login.access_claims("ana", second(0));
    let header = format!("Bearer {}", login.mint(&claims, Signed::ByAStranger));
    assert!(identity.authenticate(Some(&header), second(0)).await.is_err());
    let sub = claims["sub"].as_str().unwrap();
    assert_eq!(table.tenant_of_login(sub).await.unwrap(), None);
}
