//! What the transports of the slices share: a request and its answer, in either dialect.

mod call;
pub mod graphql;
mod limits;
pub mod rest;

pub use call::{CHALLENGE, Call, Operation, REQUEST_ID, told, without_nul};
pub use limits::Limits;
