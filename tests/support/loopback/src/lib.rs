//! What every double of a service stands on: an address that only this machine reaches ([`bind`],
//! [`Server`]), a clock that tests let stand and move ([`Clock`]), and a program that ends with who
//! started it ([`Program`]).

mod clock;
mod program;
mod server;

pub use clock::Clock;
pub use program::Program;
pub use server::{FREE_PORT, Server, bind};
