use std::fmt;
use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use serde::Deserialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::error::{Code, Error, Result};
use crate::message;

/// A password as its owner types it. It is never shown.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = Password)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A hash takes some 19 MiB while it is worked out: so few at a time.
static HASHING: Semaphore = Semaphore::const_new(4);

/// What an unknown account's password is compared with, so that it takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    Argon2::default().hash_password(b"nobody").map(|hash| hash.to_string()).unwrap_or_default()
});

const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const MIN: usize = 12;
const MAX: usize = 200;

impl Password {
    /// A password somebody chose: 12 to 200 characters.
    pub fn chosen(text: String) -> Result<Self> {
        let length = text.chars().count();
        let fits = (MIN..=MAX).contains(&length);
        let text_of = || message::out_of_range(&MIN.to_string(), &MAX.to_string());
        if fits { Ok(Self(text)) } else { Err(Error::new(Code::Invalid, text_of())) }
    }

    /// A random one: 20 letters and digits, 100 bits.
    pub fn random() -> Result<Self> {
        let mut bytes = [0_u8; 20];
        getrandom::fill(&mut bytes).map_err(Error::internal)?;
        let letters = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)]));
        Ok(Self(letters.collect()))
    }

    /// The password, to hand to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it: Argon2id.
    pub(super) async fn hash(&self) -> Result<String> {
        let password = self.0.clone();
        away(move || {
            let hash = Argon2::default().hash_password(password.as_bytes());
            hash.map(|hash| hash.to_string()).map_err(Error::internal)
        })
        .await?
    }

    /// Whether it is the one that was hashed; it takes its time for nobody's, too.
    pub(super) async fn verify(&self, hash: Option<String>) -> Result<bool> {
        let password = self.0.clone();
        away(move || {
            let (exists, nobodys) = (hash.is_some(), LazyLock::force(&NOBODY));
            let hash = hash.unwrap_or_else(|| nobodys.clone());
            let Ok(hash) = PasswordHash::new(&hash) else { return false };
            let same = Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
            same && exists
        })
        .await
    }
}

/// Off the threads that answer requests.
async fn away<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _permit = HASHING.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}
