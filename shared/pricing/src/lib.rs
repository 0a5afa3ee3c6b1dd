//! On-demand list prices of AWS, compiled in: [`Book::builtin`] answers what a resource costs in a
//! region, with source and date, and says so where it does not know.
//!
//! The figures stand in `pricing-tables/`. The build script turns them into one block of bytes,
//! which is read in place. [`Book::load`] makes a book of refreshed tables at run time by the same
//! code. [`refresh`] makes tables of AWS Price List files, [`check`] tells age, coverage and
//! differences.

mod amount;
mod book;
pub mod check;
mod draft;
mod ebs;
mod ec2;
mod encode;
mod grid;
mod ipv4;
mod lambda;
mod names;
mod nat;
mod rds;
mod rds_storage;
pub mod refresh;
mod show;
mod standing;
mod tables;
mod unpack;

pub use book::{Book, LoadError};
pub use ec2::{Ec2Price, SpotAverage};
pub use show::{Listed, Shown};
pub use standing::Standing;

pub use tables::{TableError, Tables};
