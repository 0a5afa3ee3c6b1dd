//! What Cognito looks up first.

use super::{World, json};
use reqwest::StatusCode;

#[tokio::test]
async fn every_address_that_is_named_is_there() {
    let world = World::start().await;
    let url = format!("{}/.well-known/openid-configuration", world.url);
    let document = json(world.get(&url, "").await).await;
    assert_eq!(document["issuer"], world.url.as_str());
    for name in ["authorization_endpoint", "userinfo_endpoint", "jwks_uri", "token_endpoint"] {
        let url = document[name].as_str().unwrap();
        assert!(url.starts_with(&world.url), "{url}");
        let answer = match name {
            "token_endpoint" => world.http.post(url).send().await.unwrap(),
            _ => world.get(url, "").await,
        };
        assert_ne!(answer.status(), StatusCode::NOT_FOUND, "{name}");
        assert!(answer.status() != StatusCode::METHOD_NOT_ALLOWED, "{name}");
    }
}

#[tokio::test]
async fn the_key_that_is_shown_is_a_public_one() {
    let world = World::start().await;
    let keys = json(world.get(&format!("{}/jwks", world.url), "").await).await;
    let key = keys["keys"][0].as_object().unwrap();
    let mut names: Vec<&str> = key.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"]);
    assert_eq!((&key["alg"], &key["e"]), (&"RS256".into(), &"AQAB".into()));
}
