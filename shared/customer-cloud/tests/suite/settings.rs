//! What is read from the environment.

use customer_cloud::{CustomerCloud, SettingsError};

#[test]
fn what_is_missing_in_the_environment_is_named() {
    let missing = CustomerCloud::read(|_| None).unwrap_err();
    assert_eq!(missing, SettingsError::Missing("AWS_ACCESS_KEY_ID"));
    assert!(missing.to_string().contains("set AWS_ACCESS_KEY_ID"));
    let read = |url: &'static str| {
        CustomerCloud::read(move |name| {
            Some(if name == "CUSTOMER_AWS_URL" { url } else { "value" }.to_owned())
        })
    };
    assert!(read("http://127.0.0.1:1").is_ok());
    assert!(read("").is_ok(), "real AWS");
    let unsafe_address = read("http://aws.example").unwrap_err();
    assert!(unsafe_address.to_string().contains("CUSTOMER_AWS_URL must begin with https://"));
}
