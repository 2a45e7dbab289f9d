use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::TOKEN_SECONDS;
use crate::access::Timestamp;
use crate::error::{Code, Error, Result};
use crate::id::{AccountId, AnyId, Id};
use crate::message;
use crate::private;

const ISSUER: &str = "dure";

/// The keys that tokens are signed with. The newest signs; each of them is good to read with.
pub struct Keys {
    newest: (String, EncodingKey),
    known: BTreeMap<String, DecodingKey>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("known", &self.known.keys()).finish_non_exhaustive()
    }
}

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    iat: i64,
    exp: i64,
}

impl Keys {
    /// The keys of a folder, each in a file named after its id; makes a first one where there is
    /// none, readable by its owner alone.
    pub fn open(folder: &Path) -> Result<Self> {
        private::folder(folder).map_err(Error::internal)?;
        let mut keys = BTreeMap::new();
        for entry in std::fs::read_dir(folder).map_err(Error::internal)? {
            let path = entry.map_err(Error::internal)?.path();
            if path.extension().is_some_and(|extension| extension == "pem") {
                let pem = std::fs::read_to_string(&path).map_err(Error::internal)?;
                let key = SigningKey::from_pkcs8_pem(&pem).map_err(Error::internal)?;
                let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                keys.insert(id, key);
            }
        }
        if keys.is_empty() {
            let (id, key) = generate(folder)?;
            keys.insert(id, key);
        }
        Self::of(&keys)
    }

    fn of(keys: &BTreeMap<String, SigningKey>) -> Result<Self> {
        // Ids begin with the time a key was made.
        let (id, newest) = keys.last_key_value().ok_or_else(|| Error::impossible("no keys"))?;
        let der = newest.to_pkcs8_der().map_err(Error::internal)?;
        let newest = (id.clone(), EncodingKey::from_ed_der(der.as_bytes()));
        let known = keys.iter().map(|(id, key)| {
            (id.clone(), DecodingKey::from_ed_der(key.verifying_key().as_bytes()))
        });
        Ok(Self { newest, known: known.collect() })
    }

    /// A token for an account, good from now on for a while.
    pub fn sign(&self, account: AccountId, now: Timestamp) -> Result<String> {
        let (id, key) = &self.newest;
        let header = Header { kid: Some(id.clone()), ..Header::new(Algorithm::EdDSA) };
        let exp = now.plus_seconds(TOKEN_SECONDS).seconds();
        let (iss, sub) = (ISSUER.to_owned(), account.text());
        let claims = Claims { iss, sub, iat: now.seconds(), exp };
        jsonwebtoken::encode(&header, &claims, key).map_err(Error::internal)
    }

    /// The account a token is for. `UNAUTHENTICATED` for one that is not ours or is over.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<AccountId> {
        let refused = || Error::new(Code::Unauthenticated, message::bad_token());
        let header = jsonwebtoken::decode_header(token).map_err(|_| refused())?;
        let key = header.kid.and_then(|id| self.known.get(&id)).ok_or_else(refused)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        // The service's own clock decides, below.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &validation);
        let claims = claims.map_err(|_| refused())?.claims;
        if claims.exp <= now.seconds() {
            return Err(refused());
        }
        AccountId::parse(&AnyId(claims.sub)).map_err(|_| refused())
    }
}

fn generate(folder: &Path) -> Result<(String, SigningKey)> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(Error::internal)?;
    let key = SigningKey::from_bytes(&seed);
    let id = uuid::Uuid::now_v7().simple().to_string();
    let pem = key.to_pkcs8_pem(Default::default()).map_err(Error::internal)?;
    let path = folder.join(format!("{id}.pem"));
    private::write(&path, pem.as_bytes()).map_err(Error::internal)?;
    Ok((id, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        let key = SigningKey::from_bytes(&[7; 32]);
        Keys::of(&BTreeMap::from([("one".to_owned(), key)])).expect("keys")
    }

    #[test]
    fn a_token_is_good_for_its_account_until_its_time_is_over() {
        let (keys, account, now) = (keys(), AccountId::new(), Timestamp(1_800_000_000_000_000));
        let token = keys.sign(account, now).expect("a token");
        assert_eq!(keys.verify(&token, now).ok(), Some(account));
        assert_eq!(keys.verify(&token, now.plus_seconds(TOKEN_SECONDS - 1)).ok(), Some(account));
        assert!(keys.verify(&token, now.plus_seconds(TOKEN_SECONDS)).is_err());
    }

    #[test]
    fn a_token_that_was_tampered_with_is_refused() {
        let (keys, now) = (keys(), Timestamp(1_800_000_000_000_000));
        let token = keys.sign(AccountId::new(), now).expect("a token");
        let [head, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else {
            panic!("three parts")
        };
        let none = "eyJhbGciOiJub25lIiwia2lkIjoib25lIn0";
        for forged in [
            format!("{head}.{claims}."),
            format!("{none}.{claims}."),
            format!("{head}.{}.{signature}", claims.replacen('e', "f", 1)),
            "x.y.z".to_owned(),
            String::new(),
        ] {
            assert!(keys.verify(&forged, now).is_err(), "{forged}");
        }
    }
}
