//! Names of new tenants: random, so that none tells of another and none can be guessed.

use domain::ids::TenantId;
use domain::words;
use pipeline::error::Failure;

/// `t-` and 128 random bits in hexadecimal digits.
pub(crate) fn fresh() -> Result<TenantId, Failure> {
    let name = format!("t-{}", words::hex(&random::bytes::<16>()?));
    TenantId::parse(&name).map_err(|error| Failure::Reject(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_tenants_have_two_names_of_one_form() {
        let (one, other) = (fresh().unwrap(), fresh().unwrap());
        assert_ne!(one, other);
        assert!(one.as_str().len() == 34 && one.as_str().starts_with("t-"), "{one}");
    }
}
