//! Queues of messages: SQS on AWS, one in this process for laptops and tests. Sending is all that a
//! stage does itself; Lambda receives for it, or the local program.

pub mod local;
#[cfg(feature = "sqs")]
pub mod sqs;

pub use local::LocalQueue;
#[cfg(feature = "sqs")]
pub use sqs::SqsQueue;
