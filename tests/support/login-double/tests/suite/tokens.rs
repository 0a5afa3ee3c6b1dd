//! Tokens that are wrong are wrong in the way that was wished, and in no other.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use login_double::{LoginState, Settings, Signed};
use serde_json::Value;

fn login() -> LoginState {
    LoginState::new(Settings {
        issuer: "https://issuer.example/".to_owned(),
        client_id: "dd0c-cost".to_owned(),
        redirect_uris: Vec::new(),
    })
}

fn decoded(part: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()
}

/// Its header, and whether a key of the login has signed it.
fn looked_at(login: &LoginState, token: &str) -> (Value, bool) {
    let parts: Vec<&str> = token.split('.').collect();
    let message = format!("{}.{}", parts[0], parts[1]);
    let keys = login.jwks();
    let signed = keys["keys"].as_array().unwrap().iter().any(|key| {
        let number = |name: &str| decoded(key[name].as_str().unwrap());
        let key = RsaPublicKeyComponents { n: number("n"), e: number("e") };
        key.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &decoded(parts[2])).is_ok()
    });
    (serde_json::from_slice(&decoded(parts[0])).unwrap(), signed)
}

#[test]
fn each_way_of_signing_is_what_it_says() {
    let login = login();
    let claims = login.access_claims("ana", Timestamp::UNIX_EPOCH);
    assert_eq!(claims["iss"], "https://issuer.example", "without a slash at its end");
    for (how, alg, kid, good) in [
        (Signed::Rightly, "RS256", Some("key-1"), true),
        (Signed::Not, "none", Some("key-1"), false),
        (Signed::WithThePublicKey, "HS256", Some("key-1"), false),
        (Signed::ByAStranger, "RS256", Some("key-1"), false),
        (Signed::WithAnUnknownKey, "RS256", Some("nobody-knows-it"), false),
        (Signed::WithoutAName, "RS256", None, true),
        (Signed::As("RS512"), "RS512", Some("key-1"), true),
    ] {
        let (header, signed) = looked_at(&login, &login.mint(&claims, how));
        assert_eq!((header["alg"].as_str(), header["kid"].as_str()), (Some(alg), kid), "{how:?}");
        assert_eq!(signed, good, "{how:?}");
    }
}

#[test]
fn a_new_key_signs_and_an_old_one_is_shown_until_it_is_forgotten() {
    let login = login();
    let old = login.access_token("ana", Timestamp::UNIX_EPOCH);
    login.rotate();
    let new = login.access_token("ana", Timestamp::UNIX_EPOCH);
    assert_eq!(looked_at(&login, &new).0["kid"], "key-2");
    assert!(looked_at(&login, &old).1 && looked_at(&login, &new).1);
    login.forget_old_keys();
    assert!(!looked_at(&login, &old).1 && looked_at(&login, &new).1);
}
