//! Keys that encrypt the secrets of tenants. The purpose (whose, and what it opens) is bound into the
//! encryption: a ciphertext that is put elsewhere does not open.

#[cfg(feature = "aws")]
mod aws;
#[cfg(feature = "local")]
mod local;
#[cfg(feature = "signing")]
pub mod signing;

#[cfg(feature = "aws")]
pub use aws::KmsKeys;
#[cfg(feature = "local")]
pub use local::LocalKeys;
