//! Help between offices: difficulties that one tells of and others answer, and the forums at which
//! they meet. They hang on a region, some on a plan; they are never among a plan's contents.

pub mod forums;
pub mod issues;

pub use forums::Forum;
pub use issues::Issue;

use crate::error::{Code, Error, Result};
use crate::{input, message};

/// A code of a list that is open: letters a to z, digits and underscores.
fn open_code(text: &str) -> Result<String> {
    let code = input::text(text, input::LABEL)?;
    let plain = |letter: u8| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'_');
    if code.bytes().all(plain) {
        Ok(code)
    } else {
        Err(Error::new(Code::Invalid, message::not_a_category()))
    }
}
