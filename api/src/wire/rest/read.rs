//! How requests are read: query parameters, bodies, preconditions. What cannot be read is refused
//! with the field and the remedy.

use actix_web::http::header::{CONTENT_TYPE, HeaderMap, IF_MATCH};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev};
use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, Ready, ready};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_path_to_error::Segment;
use utoipa::IntoParams;

use crate::access::{Access, Wanted};
use crate::error::{Code, Error, Result};
use crate::history::Revision;
use crate::message;
use crate::wire::{Call, told, without_nul};

/// No parameters.
#[derive(Debug, Default, Deserialize, Serialize, IntoParams)]
pub struct Nothing {}

/// The query parameters of a route, in up to two groups, and `asOf`. Others are refused: a
/// parameter that is not read is an answer to another question.
#[derive(Debug)]
pub struct Params<A = Nothing, B = Nothing>(pub A, pub B);

impl<A, B> FromRequest for Params<A, B>
where
    A: DeserializeOwned + IntoParams,
    B: DeserializeOwned + IntoParams,
{
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(params(request.query_string()))
    }
}

fn params<A, B>(query: &str) -> Result<Params<A, B>>
where
    A: DeserializeOwned + IntoParams,
    B: DeserializeOwned + IntoParams,
{
    let refused = |text| Error::new(Code::Invalid, text).with_status(400);
    let pairs = serde_urlencoded::from_str::<Vec<(String, String)>>(query)
        .map_err(|failure| refused(message::bad_parameter(&failure.to_string())))?;
    let (own, page) = (names::<A>(), names::<B>());
    let known: Vec<&str> = own.iter().chain(&page).map(String::as_str).chain(["asOf"]).collect();
    if let Some((name, _)) = pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        let hint = message::did_you_mean(&nearest(name, &known));
        let text = message::unknown_parameter(name, hint.in_lang(message::Lang::En));
        return Err(refused(text).at(name));
    }
    Ok(Params(group(&pairs, &own)?, group(&pairs, &page)?))
}

fn names<T: IntoParams>() -> Vec<String> {
    T::into_params(|| None).into_iter().map(|parameter| parameter.name).collect()
}

fn nearest(name: &str, known: &[&str]) -> String {
    let alike = |known: &&&str| known.to_lowercase() == name.to_lowercase().replace(['_', '-'], "");
    known.iter().find(alike).map_or_else(|| known.join(", "), ToString::to_string)
}

/// One group of parameters. A value that does not fit is told with its name.
fn group<T: DeserializeOwned>(pairs: &[(String, String)], names: &[String]) -> Result<T> {
    let ours: Vec<&(String, String)> =
        pairs.iter().filter(|(name, _)| names.contains(name)).collect();
    let read = |pairs: &[&(String, String)]| {
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        serde_urlencoded::from_str::<T>(&query)
    };
    read(&ours).map_err(|failure| {
        // Whichever value fails alone is the one at fault.
        let culprit = ours.iter().find(|pair| read(&[pair]).is_err());
        let text = message::bad_parameter(&failure.to_string());
        let error = Error::new(Code::Invalid, text).with_status(400);
        culprit.map_or(error.clone(), |(name, _)| error.at(name))
    })
}

/// A JSON body.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.and_then(|text| text.split(';').next()).map(str::trim);
        if media_type.is_none_or(|text| !text.eq_ignore_ascii_case("application/json")) {
            let text = message::unsupported_media_type();
            return ready(Err(Error::new(Code::UnsupportedMediaType, text))).boxed_local();
        }
        let most = request.extensions().get::<Call>().map_or(0, |call| call.limits.body_bytes);
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            let bytes = bytes.await.map_err(|error| told(&error, most))?;
            without_nul(&bytes)?;
            read(&bytes).map(Self)
        })
    }
}

/// Reads JSON; what is wrong is told at its field.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    // A list would be read as the fields in their order, which nobody means.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(Error::new(Code::Invalid, message::not_an_object()));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize::<_, T>(&mut json);
    let value = read.map_err(|failure| refusal(&failure))?;
    match json.end() {
        Ok(()) => Ok(value),
        Err(failure) => Err(unparsable(&failure.to_string())),
    }
}

fn refusal(failure: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let inner = failure.inner();
    if !inner.is_data() {
        return unparsable(&inner.to_string());
    }
    let told = inner.to_string();
    let quoted: Vec<&str> = told.split('`').collect();
    let (error, field) = match quoted[..] {
        ["missing field ", field, ..] => {
            (Error::new(Code::Invalid, message::required()), Some(field))
        }
        ["unknown field ", field, ..] => {
            let known: Vec<&str> = quoted.iter().skip(3).step_by(2).copied().collect();
            let text = message::unknown_field(field, &known.join(", "));
            (Error::new(Code::Invalid, text), Some(field))
        }
        _ => (Error::new(Code::Invalid, message::unparsable(&told)), None),
    };
    let part = |segment: &Segment| match segment {
        Segment::Seq { index } => index.to_string(),
        other => other.to_string(),
    };
    let path: Vec<String> = failure.path().iter().map(part).collect();
    let named = field.filter(|field| path.last().is_none_or(|last| last != field));
    let outer = path.iter().rev().filter(|part| *part != "?");
    let error = named.map_or(error.clone(), |field| error.at(field));
    outer.fold(error, |error, part| error.at(part))
}

fn unparsable(detail: &str) -> Error {
    Error::new(Code::Invalid, message::unparsable(detail)).with_status(400)
}

/// The revision a caller read: the first part of the tag sent as `If-Match`. Several tags, or `*`
/// for any, are taken as well: the change looks at all of them (`Access::is_at`).
#[derive(Clone, Copy, Debug)]
pub struct IfMatch {
    /// The revision; the first, where there are several.
    pub revision: Revision,
}

impl IfMatch {
    /// A revision that is not current is a precondition that failed: 412.
    pub fn told(error: Error) -> Error {
        if error.current().is_some() { error.with_status(412) } else { error }
    }

    /// At which revisions a request takes a thing, where it names other than exactly one.
    pub(crate) fn several(headers: &HeaderMap) -> Option<Wanted> {
        let told = told_tags(headers);
        if told.iter().any(|tag| tag == "*") {
            return Some(Wanted::Any);
        }
        let revisions: Vec<_> = told.iter().filter_map(|tag| revision(tag).ok()).collect();
        (told.len() > 1).then_some(Wanted::OneOf(revisions))
    }
}

/// The same for a write that may come without: of what may be new, or with a revision in its body. A
/// header that is sent is read all the same, and refused where it says nothing.
#[derive(Clone, Copy, Debug)]
pub struct IfSent(pub Option<IfMatch>);

impl IfSent {
    /// The revision, if the header was sent.
    pub fn revision(self) -> Option<Revision> {
        self.0.map(|read| read.revision)
    }

    /// What a write of what may be new is told: where it is not, the header is needed.
    pub fn told(self, error: Error) -> Error {
        if self.0.is_none() && error.current().is_some() {
            let text = message::revision_needed();
            return Error::new(Code::PreconditionRequired, text).at("If-Match");
        }
        IfMatch::told(error)
    }

    /// For a write whose body says the revision: where the header is sent, it is to hold as well.
    pub fn beside_body(self, access: Access) -> Access {
        match self.0 {
            Some(read) => access.also_at(read.revision),
            None => access,
        }
    }

    /// What such a write is told: 412 where the header does not hold, 409 where only the body does
    /// not.
    pub fn told_beside_body(access: &Access, error: Error) -> Error {
        match error.current() {
            Some(current) if !access.is_at(current, current) => error.with_status(412),
            _ => error,
        }
    }
}

fn told_tags(headers: &HeaderMap) -> Vec<String> {
    let told = headers.get_all(IF_MATCH).filter_map(|value| value.to_str().ok());
    let tags = told.flat_map(|text| text.split(',')).map(str::trim).filter(|tag| !tag.is_empty());
    tags.map(str::to_owned).collect()
}

/// The revision in a tag; a weak one is never the same as what is there (RFC 9110, 13.1.1).
fn revision(tag: &str) -> Result<Revision> {
    if tag.starts_with("W/") {
        return Err(Error::new(Code::Conflict, message::weak_tag()).with_status(412));
    }
    let first = tag.trim_matches('"').split('.').next().unwrap_or_default();
    Revision::parse(first).map_err(|error| error.with_status(400))
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let missing = || Error::new(Code::PreconditionRequired, message::revision_needed());
        let told = told_tags(request.headers());
        let known = told.iter().find_map(|tag| revision(tag).ok());
        let read = match (Self::several(request.headers()), known, told.first()) {
            (Some(Wanted::Any), ..) => Ok(Revision::default()),
            (_, Some(revision), _) => Ok(revision),
            (_, None, Some(tag)) => revision(tag),
            (_, None, None) => Err(missing()),
        };
        ready(read.map(|revision| Self { revision }).map_err(|error| error.at("If-Match")))
    }
}

impl FromRequest for IfSent {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        if told_tags(request.headers()).is_empty() {
            return ready(Ok(Self(None)));
        }
        let read = IfMatch::from_request(request, payload).into_inner();
        ready(read.map(|read| Self(Some(read))))
    }
}
