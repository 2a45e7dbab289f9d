//! How REST reads requests and writes answers.

mod answer;
mod read;

pub use answer::Answer;
pub use read::{Body, IfMatch, IfSent, Nothing, Params};
