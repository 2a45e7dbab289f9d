use std::fmt;
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde_json::Value;

use crate::access::Timestamp;
use crate::config::Oidc;
use crate::error::{Error, Result};

/// An agency's own issuer of tokens (OpenID Connect): its people are known by their address.
pub struct Issuer {
    trust: Oidc,
    keys: RwLock<(JwkSet, i64)>,
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.trust.fmt(f)
    }
}

/// The signatures that are taken: none that a public key could be mistaken for a secret in.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::EdDSA,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
];

/// How often the file is read again for a key that is not in it, in seconds.
const LOOK_FOR: i64 = 10;
/// Clocks of two agencies may differ by so much, in seconds.
const LEEWAY: i64 = 60;

impl Issuer {
    /// An issuer, with the keys it has now.
    pub fn open(trust: Oidc) -> Result<Self> {
        let keys = read(&trust.keys)?;
        Ok(Self { trust, keys: RwLock::new((keys, i64::MIN)) })
    }

    /// The address of the person that a token is for, if it is good.
    pub(super) fn verify(&self, token: &str, header: &Header, now: Timestamp) -> Option<String> {
        let kid = header.kid.as_deref()?;
        if !ALGORITHMS.contains(&header.alg) {
            return None;
        }
        let key = self.key(kid).or_else(|| {
            self.look_again(now);
            self.key(kid)
        })?;
        let mut validation = Validation::new(header.alg);
        validation.set_issuer(&[&self.trust.issuer]);
        validation.set_audience(&[&self.trust.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        // The service's own clock decides.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Value>(token, &key, &validation).ok()?.claims;
        let in_time = claims["exp"].as_i64()? > now.seconds()
            && claims["nbf"].as_i64().is_none_or(|from| from <= now.seconds() + LEEWAY);
        let verified = claims["email_verified"] != Value::Bool(false);
        let email = claims[&self.trust.claim].as_str()?;
        (in_time && verified).then(|| super::account::normal(email))
    }

    fn key(&self, kid: &str) -> Option<DecodingKey> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        DecodingKey::from_jwk(keys.0.find(kid)?).ok()
    }

    fn look_again(&self, now: Timestamp) {
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        if now.seconds() < keys.1.saturating_add(LOOK_FOR) {
            return;
        }
        keys.1 = now.seconds();
        match read(&self.trust.keys) {
            Ok(read) => keys.0 = read,
            Err(failure) => tracing::warn!(%failure, "the issuer's keys cannot be read again"),
        }
    }
}

fn read(path: &Path) -> Result<JwkSet> {
    let text = std::fs::read(path).map_err(Error::internal)?;
    serde_json::from_slice(&text).map_err(Error::internal)
}
