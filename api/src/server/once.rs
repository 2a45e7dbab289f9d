//! `Idempotency-Key`: a POST that is sent again is answered with what became of the first.
//!
//! The second waits until the first is done, and is then a read of the thing as of the revision
//! that the first made. A first that failed leaves nothing, so the second is tried anew.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::FromRequest as _;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::header::{HeaderName, IF_NONE_MATCH};
use actix_web::http::{Method, Uri};
use actix_web::web::Bytes;
use futures_util::stream;
use sha2::{Digest, Sha256};
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use crate::access::Access;
use crate::error::{Error, Result};
use crate::history::{Once, Revision, Stands, left};
use crate::message;
use crate::rest::BASE;
use crate::wire::Call;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const LONGEST: usize = 255;

type Turn = Arc<tokio::sync::Mutex<()>>;

/// Who waits for whom.
#[derive(Default)]
pub struct Turns(Mutex<HashMap<(Uuid, String), Turn>>);

/// What a request with a key is.
pub enum Kept {
    /// Not one, or of nobody: as any other.
    No,
    /// The first of its key, whose turn it is until this is dropped.
    First(OwnedMutexGuard<()>),
    /// Sent before: it reads what became of it, which is at this place if it was made then.
    Again(Option<String>),
}

impl Turns {
    async fn wait(&self, owner: Uuid, key: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Nobody waits for what nobody else holds.
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            turns.entry((owner, key.to_owned())).or_default().clone()
        };
        turn.lock_owned().await
    }

    /// Looks at a request's key before the request goes on.
    pub async fn look(&self, call: &Call, request: &mut ServiceRequest) -> Result<Kept> {
        let Some(key) = key(request)? else { return Ok(Kept::No) };
        let access = Access::from_request(request.request(), &mut Payload::None).await;
        // Whoever is not let in is told so by the route.
        let Ok(access) = access else { return Ok(Kept::No) };
        let actor = access.actor();
        let Some(owner) = actor.account().or_else(|| actor.client()) else { return Ok(Kept::No) };
        let body = request.extract::<Bytes>().await.map_err(|error| call.told(&error))?;
        let asked = Sha256::new().chain_update(request.uri().to_string()).chain_update([0_u8]);
        let hash = asked.chain_update(&body).finalize();
        let once = Once::new(owner, &key, hash.iter().map(|byte| format!("{byte:02x}")).collect());
        request.set_payload(Payload::Stream {
            payload: Box::pin(stream::iter([Ok::<_, PayloadError>(body)])),
        });
        let turn = self.wait(owner, &key).await;
        let kept = match once.stands(&access).await {
            Ok(Stands::Free) => {
                call.once(once);
                Ok(Kept::First(turn))
            }
            Ok(Stands::Done(revision)) => again(&access, request, revision).await.map(Kept::Again),
            Ok(Stands::Other) => Err(Error::invalid("Idempotency-Key", message::key_of_another())),
            Err(error) => Err(error),
        };
        access.finish().await;
        kept
    }
}

/// The key of a request that creates something. Who signs in gets a new session each time: what is
/// secret is not kept. A document that is handed in again is known by what is in it.
fn key(request: &ServiceRequest) -> Result<Option<String>> {
    let in_reach = request.path().strip_prefix(BASE);
    let in_reach = in_reach.is_some_and(|it| !it.starts_with("/sessions") && it != "/documents");
    let Some(key) = request.headers().get(KEY) else { return Ok(None) };
    if request.method() != Method::POST || !in_reach {
        return Ok(None);
    }
    let text = key.to_str().unwrap_or_default().trim().trim_matches('"');
    match (1..=LONGEST).contains(&text.len()) {
        true => Ok(Some(text.to_owned())),
        false => {
            let error = Error::invalid("Idempotency-Key", message::bad_key(LONGEST));
            Err(error.with_status(400))
        }
    }
}

/// Turns a request into the read of what its first became: the thing of the collection it was sent
/// to, or else what the address without its verb stands for.
async fn again(
    access: &Access,
    request: &mut ServiceRequest,
    revision: Revision,
) -> Result<Option<String>> {
    let path = request.path().trim_end_matches('/').to_owned();
    let (above, collection) = path.rsplit_once('/').unwrap_or(("", &path));
    let kind = collection.trim_end_matches('s').replace('-', "_").to_uppercase();
    let made = left(access, revision, &kind).await?;
    let made = made.map(|id| format!("{BASE}/{collection}/{}", crate::id::of_kind(&kind, id).0));
    let place = made.clone().unwrap_or_else(|| above.to_owned());
    let uri: Uri = format!("{place}?asOf={revision}").parse().map_err(Error::internal)?;
    let head = request.head_mut();
    head.method = Method::GET;
    head.headers.remove(IF_NONE_MATCH);
    head.uri = uri.clone();
    request.match_info_mut().get_mut().update(&uri);
    Ok(made)
}
