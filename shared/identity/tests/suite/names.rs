//! What people are called: as the issuer calls them when it is asked, once, at their first coming.

use super::{second, table, verifier_over_http};
use domain::governance::Asker;
use identity::{Caller, HttpUserinfo, Identity};
use login_double::{Flaw, LoginDouble};
use std::time::Duration;
use store::Table;

async fn asking(login: &LoginDouble) -> (Table, Identity) {
    let table = table().await;
    let names = HttpUserinfo::of(&login.settings().issuer).unwrap();
    let names = names.within(Duration::from_secs(3));
    let identity = Identity::new(table.clone(), verifier_over_http(login)).with_names(names);
    (table, identity)
}

async fn come(identity: &Identity, token: &str, seconds: i64) -> Caller {
    let header = format!("Bearer {token}");
    identity.authenticate(Some(&header), second(seconds)).await.unwrap()
}

#[tokio::test]
async fn whoever_comes_by_another_provider_is_called_by_his_own_name() {
    let login = LoginDouble::start().await.unwrap();
    let (table, identity) = asking(&login).await;
    let token = login.federated_token("Ana B", second(0));
    let ana = come(&identity, &token, 0).await;
    assert_eq!(ana.asker(), Asker::Customer("Ana B".to_owned()));
    let [member] = table.members(&ana.scope).await.unwrap().try_into().unwrap();
    assert_eq!(member.name, "Ana B");
    let audit = table.audit(&ana.scope, second(0)).await.unwrap();
    assert_eq!(audit[0].who, "customer Ana B");
    assert_eq!(come(&identity, &token, 9).await, ana, "he is called so from then on");
    assert_eq!(login.userinfo_requests(), 1, "he is asked about once");
}

#[tokio::test]
async fn whatever_is_wrong_with_the_answer_he_comes_in_as_his_token_calls_him() {
    for flaw in [
        Flaw::Down,
        Flaw::Redirect,
        Flaw::Endless,
        Flaw::Garbage,
        Flaw::Empty,
        Flaw::OfAnother,
        Flaw::Silent,
    ] {
        let login = LoginDouble::start().await.unwrap();
        let (_, identity) = asking(&login).await;
        login.spoil_userinfo(Some(flaw));
        let token = login.federated_token("Ana B", second(0));
        let Asker::Customer(name) = come(&identity, &token, 0).await.asker() else {
            unreachable!("he is a customer")
        };
        assert!(name.starts_with("GitHub_"), "{flaw:?}: {name}");
        assert_eq!(login.userinfo_requests(), 1, "{flaw:?}");
        login.spoil_userinfo(None);
        come(&identity, &token, 1).await;
        assert_eq!(login.userinfo_requests(), 1, "{flaw:?}: he is known by now");
    }
}

#[tokio::test]
async fn nobody_is_asked_about_whose_token_is_worth_nothing() {
    let login = LoginDouble::start().await.unwrap();
    let (_, identity) = asking(&login).await;
    let claims = login.access_claims("ana", second(0));
    let forged = login.mint(&claims, login_double::Signed::ByAStranger);
    let header = format!("Bearer {forged}");
    assert!(identity.authenticate(Some(&header), second(0)).await.is_err());
    assert_eq!(login.userinfo_requests(), 0);
    assert!(HttpUserinfo::of("http://issuer.example").is_err());
}
