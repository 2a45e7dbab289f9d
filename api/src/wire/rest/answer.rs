use actix_web::body::BoxBody;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LINK, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, Responder};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::date::Day;
use crate::error::Error;
use crate::history::Revision;
use crate::page::rest::Items;

/// What a handler answers with: a body and what goes with it.
#[derive(Debug)]
pub struct Answer<T> {
    body: Body<T>,
    status: StatusCode,
    tag: Option<String>,
    place: Option<String>,
    next: Option<String>,
    computes: bool,
    keep: bool,
    media_type: &'static str,
}

const JSON: &str = "application/json";

#[derive(Debug)]
enum Body<T> {
    Thing(T),
    Written(String),
    None,
}

impl<T> Answer<T> {
    /// A list or a computed answer: its tag is weak, over what it holds.
    pub fn of(body: T) -> Self {
        Self::with(Body::Thing(body), StatusCode::OK)
    }

    /// One thing: its tag is its revision.
    pub fn tagged(revision: Revision, body: T) -> Self {
        Self { tag: Some(revision.to_string()), ..Self::of(body) }
    }

    /// What is written already.
    pub fn written(text: String) -> Self {
        Self::with(Body::Written(text), StatusCode::OK)
    }

    fn with(body: Body<T>, status: StatusCode) -> Self {
        let (tag, place, next) = (None, None, None);
        Self { body, status, tag, place, next, computes: false, keep: true, media_type: JSON }
    }

    /// The same as another media type.
    pub fn of_type(self, media_type: &'static str) -> Self {
        Self { media_type, ..self }
    }

    /// What nobody on the way may keep.
    pub fn secret(body: T) -> Self {
        Self { status: StatusCode::CREATED, keep: false, ..Self::of(body) }
    }

    /// The tag says when what is shown beside the thing's own columns moved, too: a plan's
    /// contents, a target's base that is its plan's.
    pub fn with_content(self, content: Revision) -> Self {
        Self { tag: self.tag.map(|revision| format!("{revision}.{content}")), ..self }
    }

    /// The tag says when anything in the body moved: numbers worked out from other things, too.
    pub fn with_computed(self) -> Self {
        Self { computes: true, ..self }
    }

    /// The tag says on which day it was looked at, too, where something in it is worked out by days.
    pub fn with_day(self, day: Day) -> Self {
        Self { tag: self.tag.map(|revision| format!("{revision}.{day}")), ..self }
    }

    /// A thing that is new, and where it is.
    pub fn created_at(self, place: String) -> Self {
        Self { status: StatusCode::CREATED, place: Some(place), ..self }
    }
}

impl<T> Answer<Items<T>> {
    /// A list, which says where it goes on.
    pub fn list(items: impl Into<Items<T>>) -> Self {
        let items = items.into();
        Self { next: items.next.clone(), ..Self::of(items) }
    }
}

impl Answer<()> {
    /// A thing that is no more.
    pub fn gone() -> Self {
        Self::with(Body::None, StatusCode::NO_CONTENT)
    }
}

/// Where a list goes on: the same address, after its last row.
fn next_link(request: &HttpRequest, next: String) -> Option<String> {
    let pairs = serde_urlencoded::from_str::<Vec<(String, String)>>(request.query_string()).ok()?;
    let pairs = pairs.into_iter().filter(|(name, _)| name != "after");
    let pairs: Vec<_> = pairs.chain([("after".to_owned(), next)]).collect();
    let query = serde_urlencoded::to_string(pairs).ok()?;
    Some(format!("<{}?{query}>; rel=\"next\"", request.path()))
}

impl<T: Serialize> Responder for Answer<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let Self { body, status, tag, place, next, computes, keep, media_type } = self;
        let body = match body {
            Body::None => return HttpResponse::new(status),
            Body::Written(text) => text,
            Body::Thing(thing) => match serde_json::to_string(&thing) {
                Ok(text) => text,
                Err(failure) => return HttpResponse::from_error(Error::internal(failure)),
            },
        };
        let mut response = HttpResponse::build(status);
        if let Some(place) = place {
            response.insert_header((LOCATION, place));
        }
        if let Some(link) = next.and_then(|next| next_link(request, next)) {
            response.insert_header((LINK, link));
        }
        if !keep {
            response.insert_header((CACHE_CONTROL, "no-store"));
            return response.insert_header((CONTENT_TYPE, media_type)).body(body);
        }
        let digest = || URL_SAFE_NO_PAD.encode(&Sha256::digest(&body)[..12]);
        let tag = match tag {
            None => format!("W/\"{}\"", digest()),
            Some(tag) if computes => format!("\"{tag}.{}\"", digest()),
            Some(tag) => format!("\"{tag}\""),
        };
        response.insert_header((ETAG, tag.clone())).insert_header((CACHE_CONTROL, "no-cache"));
        if request.method() == Method::GET && status == StatusCode::OK && is_known(request, &tag) {
            return response.status(StatusCode::NOT_MODIFIED).finish();
        }
        response.insert_header((CONTENT_TYPE, media_type)).body(body)
    }
}

/// Whether the caller has this already (weak comparison, RFC 9110, 13.1.2).
fn is_known(request: &HttpRequest, tag: &str) -> bool {
    let header = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    header.is_some_and(|known| {
        known.split(',').any(|one| one.trim() == "*" || bare(one) == bare(tag))
    })
}
