use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Issuer, TOKEN_SECONDS};
use crate::access::{Scope, Timestamp};
use crate::error::{Code, Error, Result};
use crate::id::{AccountId, AnyId, ClientId, Id};
use crate::message;
use crate::private;

const ISSUER: &str = "dure";
/// A running service looks for newer keys to sign with this often, in seconds.
const LOOK_AGAIN: i64 = 60;
/// For a key it does not know it looks at once, but not more often than this.
const LOOK_FOR: i64 = 1;

/// The keys that tokens are signed with. The newest signs; each of them is good to read with.
pub struct Keys {
    folder: PathBuf,
    ring: RwLock<Ring>,
    issuer: Option<Issuer>,
}

struct Ring {
    newest: (String, EncodingKey),
    known: BTreeMap<String, (DecodingKey, [u8; 32])>,
    read_at: i64,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// Whom a token is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// A person who signed in.
    Person { account: Uuid, session: Uuid },
    /// A machine, with the scopes its token was made for.
    Machine { client: Uuid, scopes: Vec<Scope> },
    /// A person whom an issuer that we trust knows by this address.
    Foreign { email: String },
}

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    iat: i64,
    exp: i64,
    /// The sign-in, of people.
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
    /// The scopes, of machines.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

/// The public keys that our tokens can be read with (RFC 7517).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JsonWebKeys {
    /// The keys, the oldest first.
    pub keys: Vec<JsonWebKey>,
}

/// A public key (RFC 8037).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JsonWebKey {
    /// Its family: `OKP`.
    pub kty: &'static str,
    /// Its curve: `Ed25519`.
    pub crv: &'static str,
    /// What it is for: `EdDSA`.
    pub alg: &'static str,
    /// What it is for: `sig`.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// Its id, which tokens name.
    pub kid: String,
    /// The key itself.
    pub x: String,
}

impl Keys {
    /// The keys of a folder, each in a file named after its id; makes a first one where there is
    /// none, readable by its owner alone.
    pub fn open(folder: &Path) -> Result<Self> {
        private::folder(folder).map_err(Error::internal)?;
        if read(folder)?.is_empty() {
            generate(folder)?;
        }
        let ring = Ring::of(&read(folder)?, i64::MIN)?;
        Ok(Self { folder: folder.to_owned(), ring: RwLock::new(ring), issuer: None })
    }

    /// The same, taking the tokens of another issuer as well.
    pub fn trusting(self, issuer: Option<Issuer>) -> Self {
        Self { issuer, ..self }
    }

    /// Makes a newer key in a folder, which signs from now on; its id. The older ones stay, so that
    /// what they signed is read until it is over.
    pub fn rotate(folder: &Path) -> Result<String> {
        private::folder(folder).map_err(Error::internal)?;
        generate(folder)
    }

    /// A token for a person, good from now on for a while.
    pub(super) fn sign_person(
        &self,
        account: Uuid,
        session: Uuid,
        now: Timestamp,
    ) -> Result<String> {
        self.sign(AccountId(account).text(), (Some(session), None), now)
    }

    /// A token for a machine.
    pub(super) fn sign_machine(
        &self,
        client: Uuid,
        scopes: &[Scope],
        now: Timestamp,
    ) -> Result<String> {
        self.sign(ClientId(client).text(), (None, Some(Scope::list(scopes))), now)
    }

    fn sign(
        &self,
        sub: String,
        (sid, scope): (Option<Uuid>, Option<String>),
        now: Timestamp,
    ) -> Result<String> {
        self.look_again(now, LOOK_AGAIN);
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let (id, key) = &ring.newest;
        let header = Header { kid: Some(id.clone()), ..Header::new(Algorithm::EdDSA) };
        let (iss, exp) = (ISSUER.to_owned(), now.plus_seconds(TOKEN_SECONDS).seconds());
        let claims = Claims { iss, sub, iat: now.seconds(), exp, sid, scope };
        jsonwebtoken::encode(&header, &claims, key).map_err(Error::internal)
    }

    /// Whom a token is for. `UNAUTHENTICATED` for one that is not ours or is over.
    pub(super) fn verify(&self, token: &str, now: Timestamp) -> Result<Shown> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| refused())?;
        let kid = header.kid.as_deref().ok_or_else(refused)?;
        let key = match (self.key(kid), &self.issuer) {
            (Some(key), _) => key,
            (None, Some(issuer)) => {
                let email = issuer.verify(token, &header, now).ok_or_else(refused)?;
                return Ok(Shown::Foreign { email });
            }
            (None, None) => {
                self.look_again(now, LOOK_FOR);
                self.key(kid).ok_or_else(refused)?
            }
        };
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        // The service's own clock decides, below.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation);
        let claims = claims.map_err(|_| refused())?.claims;
        if claims.exp <= now.seconds() {
            return Err(refused());
        }
        shown(claims).ok_or_else(refused)
    }

    /// The public keys that our tokens can be read with.
    pub fn public(&self, now: Timestamp) -> JsonWebKeys {
        self.look_again(now, LOOK_FOR);
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let keys = ring.known.iter().map(|(id, (_, point))| JsonWebKey {
            kty: "OKP",
            crv: "Ed25519",
            alg: "EdDSA",
            usage: "sig",
            kid: id.clone(),
            x: URL_SAFE_NO_PAD.encode(point),
        });
        JsonWebKeys { keys: keys.collect() }
    }

    fn key(&self, id: &str) -> Option<DecodingKey> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        ring.known.get(id).map(|(key, _)| key.clone())
    }

    /// Reads the folder again, unless that was just done: another process may have made a key.
    fn look_again(&self, now: Timestamp, seconds: i64) {
        let read_at = self.ring.read().unwrap_or_else(PoisonError::into_inner).read_at;
        if now.seconds() < read_at.saturating_add(seconds) {
            return;
        }
        let ring = read(&self.folder).and_then(|keys| Ring::of(&keys, now.seconds()));
        match ring {
            Ok(ring) => *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring,
            // Those it has stay good.
            Err(failure) => tracing::warn!(%failure, "the keys cannot be read again"),
        }
    }
}

fn refused() -> Error {
    Error::new(Code::Unauthenticated, message::bad_token())
}

fn shown(claims: Claims) -> Option<Shown> {
    let sub = AnyId(claims.sub);
    match (claims.sid, claims.scope) {
        (Some(session), None) => {
            let account = AccountId::parse(&sub).ok()?.0;
            Some(Shown::Person { account, session })
        }
        (None, Some(scope)) => {
            let client = ClientId::parse(&sub).ok()?.0;
            Some(Shown::Machine { client, scopes: Scope::parse_list(&scope)? })
        }
        _ => None,
    }
}

impl Ring {
    fn of(keys: &BTreeMap<String, SigningKey>, read_at: i64) -> Result<Self> {
        // Ids begin with the time a key was made.
        let (id, newest) = keys.last_key_value().ok_or_else(|| Error::impossible("no keys"))?;
        let der = newest.to_pkcs8_der().map_err(Error::internal)?;
        let newest = (id.clone(), EncodingKey::from_ed_der(der.as_bytes()));
        let known = keys.iter().map(|(id, key)| {
            let point = key.verifying_key().to_bytes();
            (id.clone(), (DecodingKey::from_ed_der(&point), point))
        });
        Ok(Self { newest, known: known.collect(), read_at })
    }
}

fn read(folder: &Path) -> Result<BTreeMap<String, SigningKey>> {
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
    Ok(keys)
}

fn generate(folder: &Path) -> Result<String> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(Error::internal)?;
    let key = SigningKey::from_bytes(&seed);
    let id = Uuid::now_v7().simple().to_string();
    let pem = key.to_pkcs8_pem(Default::default()).map_err(Error::internal)?;
    let path = folder.join(format!("{id}.pem"));
    private::write(&path, pem.as_bytes()).map_err(Error::internal)?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

    fn keys() -> Keys {
        let key = SigningKey::from_bytes(&[7; 32]);
        let ring = Ring::of(&BTreeMap::from([("one".to_owned(), key)]), i64::MAX).expect("keys");
        Keys { folder: PathBuf::from("nowhere"), ring: RwLock::new(ring), issuer: None }
    }

    #[test]
    fn a_token_is_good_for_its_account_until_its_time_is_over() {
        let (keys, account, session) = (keys(), Uuid::now_v7(), Uuid::now_v7());
        let token = keys.sign_person(account, session, NOW).expect("a token");
        let shown = Some(Shown::Person { account, session });
        assert_eq!(keys.verify(&token, NOW).ok(), shown);
        assert_eq!(keys.verify(&token, NOW.plus_seconds(TOKEN_SECONDS - 1)).ok(), shown);
        assert!(keys.verify(&token, NOW.plus_seconds(TOKEN_SECONDS)).is_err());
    }

    #[test]
    fn a_machine_is_read_back_with_its_scopes() {
        let (keys, client, scopes) = (keys(), Uuid::now_v7(), vec![Scope::Read, Scope::Import]);
        let token = keys.sign_machine(client, &scopes, NOW).expect("a token");
        assert_eq!(keys.verify(&token, NOW).ok(), Some(Shown::Machine { client, scopes }));
    }

    #[test]
    fn a_token_that_was_tampered_with_is_refused() {
        let keys = keys();
        let token = keys.sign_person(Uuid::now_v7(), Uuid::now_v7(), NOW).expect("a token");
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
            assert!(keys.verify(&forged, NOW).is_err(), "{forged}");
        }
    }
}
