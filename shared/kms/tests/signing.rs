//! Signing with a key of KMS, against one that is played: what it is asked for, and that what it
//! gives is a signature that others can check.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use aws_credential_types::Credentials;
use aws_lc_rs::digest::{Digest, SHA256};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaPublicKeyComponents,
};
use aws_sdk_kms::Client;
use aws_sdk_kms::config::retry::RetryConfig;
use aws_sdk_kms::config::{BehaviorVersion, Region};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use kms::signing::{KmsSigner, Sign};
use pipeline::error::Failure;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/signing";

/// A KMS with one key, and what it was asked for.
struct Kms {
    pair: KeyPair,
    asked: Mutex<Vec<String>>,
}

async fn answer(
    State(kms): State<Arc<Kms>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let target = headers["x-amz-target"].to_str().unwrap().to_owned();
    kms.asked.lock().unwrap().push(target.clone());
    let sent: Value = serde_json::from_slice(&body).unwrap();
    if sent["KeyId"] != KEY {
        let denied = json!({ "__type": "AccessDeniedException", "message": "not you: s3cret" });
        return (StatusCode::BAD_REQUEST, denied.to_string());
    }
    let answer = match target.as_str() {
        "TrentService.GetPublicKey" => {
            let der: PublicKeyX509Der<'_> = kms.pair.public_key().as_der().unwrap();
            json!({ "KeyId": KEY, "PublicKey": BASE64_STANDARD.encode(der.as_ref()) })
        }
        "TrentService.Sign" => {
            assert_eq!(sent["MessageType"], "DIGEST");
            assert_eq!(sent["SigningAlgorithm"], "RSASSA_PKCS1_V1_5_SHA_256");
            let digest = BASE64_STANDARD.decode(sent["Message"].as_str().unwrap()).unwrap();
            let digest = Digest::import_less_safe(&digest, &SHA256).unwrap();
            let mut signature = vec![0; kms.pair.public_modulus_len()];
            kms.pair.sign_digest(&RSA_PKCS1_SHA256, &digest, &mut signature).unwrap();
            json!({ "KeyId": KEY, "Signature": BASE64_STANDARD.encode(signature) })
        }
        other => json!({ "unexpected": other }),
    };
    (StatusCode::OK, answer.to_string())
}

async fn start() -> (Arc<Kms>, Client) {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let kms = Arc::new(Kms { pair, asked: Mutex::default() });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().route("/", post(answer)).with_state(kms.clone());
    // It ends with the runtime of the test.
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let config = aws_sdk_kms::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::from_keys("test", "test", None))
        .retry_config(RetryConfig::disabled())
        .endpoint_url(url);
    (kms, Client::from_conf(config.build()))
}

#[tokio::test]
async fn what_kms_signs_is_checked_with_the_key_that_is_shown() {
    let (kms, client) = start().await;
    let signer = KmsSigner::new(client, KEY);
    // Longer than what KMS takes whole.
    let message = vec![b'a'; 5_000];
    let signature = signer.sign(&message).await.unwrap();
    let jwk = signer.public_key().await.unwrap().jwk();
    let number = |name: &str| BASE64_URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
    let key = RsaPublicKeyComponents { n: number("n"), e: number("e") };
    assert!(key.verify(&RSA_PKCS1_2048_8192_SHA256, &message, &signature).is_ok());
    assert!(key.verify(&RSA_PKCS1_2048_8192_SHA256, &message[1..], &signature).is_err());
    for _ in 0..3 {
        signer.clone().public_key().await.unwrap();
    }
    let asked = kms.asked.lock().unwrap().clone();
    assert_eq!(asked, ["TrentService.Sign", "TrentService.GetPublicKey"], "once is enough");
}

#[tokio::test]
async fn a_key_that_we_may_not_use_is_a_matter_for_people() {
    let (_, client) = start().await;
    let signer = KmsSigner::new(client, "arn:aws:kms:us-east-1:111122223333:key/another");
    for failure in [signer.sign(b"a").await.unwrap_err(), signer.public_key().await.unwrap_err()] {
        assert!(matches!(failure, Failure::Retry(_)), "{failure:?}");
        assert_eq!(failure.to_string().matches("AccessDeniedException").count(), 1);
        assert!(!failure.to_string().contains("s3cret"), "{failure}");
    }
}
