//! The API from outside: who may see what, how it refuses, pages, versions, repeated requests, and
//! what each route answers of a tenant who has something of everything.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod anomalies;
mod figures;
mod hostile;
mod isolation;
mod keys;
mod leaving;
mod limits;
mod logged;
mod money;
mod once;
mod pages;
mod routes;
mod scopes;
mod settings;
mod versions;
