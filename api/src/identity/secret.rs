use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::{Error, Result};

/// 256 random bits that their owner shows, after what they are for. So much chance needs no slow
/// hash: only its SHA-256 is kept.
#[derive(Clone)]
pub(super) struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    pub(super) fn random() -> Result<Self> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(Error::internal)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The secret of something that a caller names beside it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }

    /// The secret together with what it is for.
    pub(super) fn reveal_for(&self, of: Uuid) -> String {
        format!("{}.{}", of.simple(), self.0)
    }

    /// What is kept of it.
    pub(super) fn hash(&self) -> String {
        hash(&self.0)
    }
}

/// What is kept of a secret that somebody shows.
pub(super) fn hash(shown: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(shown))
}

/// What a shown secret is for, and what would be kept of it.
pub(super) fn read(shown: &str) -> Option<(Uuid, String)> {
    let (of, secret) = shown.split_once('.')?;
    Some((Uuid::try_parse(of).ok()?, hash(secret)))
}
