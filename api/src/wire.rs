//! What the transports of the slices share: a request and its answer, in either dialect.

mod call;
pub mod graphql;
pub mod rest;

pub use call::{BODY_BYTES, Call, REQUEST_ID, told, without_nul};
