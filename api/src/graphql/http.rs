//! GraphQL over HTTP, by its specification: what is read, with which status it is answered.
//!
//! The library's own glue answers 200 to everything, so this is ours (`docs/decisions/0004`).

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::web::{self, Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, ServerError, Variables};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Endpoint;
use super::console;
use super::limits::{self, Measure};
use crate::access::Access;
use crate::error::{Code, Error, Result};
use crate::message;
use crate::wire::graphql::Loaders;
use crate::wire::{CHALLENGE, Call, without_nul};

/// Where the dialect is.
pub const PATH: &str = "/graphql";

/// The routes of the dialect.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource(PATH)
            .route(web::post().to(post))
            .route(web::get().to(get))
            .default_service(web::to(other)),
    );
    config.route("/console/{file}", web::get().to(console::file));
}

/// What a request asks, however it is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<Json>,
    /// Nothing of ours is asked for there; accepted because clients send it.
    #[serde(rename = "extensions")]
    _extensions: Option<serde_json::Map<String, Json>>,
}

/// The forms an answer can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Statuses say what happened.
    GraphqlResponse,
    /// For clients from before the specification: 200 to whatever is well-formed.
    Json,
}

impl Form {
    const fn media_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// The form that an `Accept` header likes best, if any.
    fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for range in header.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let form = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "application/graphql-response+json" | "application/*" | "*/*" | "" => {
                    Self::GraphqlResponse
                }
                "application/json" => Self::Json,
                _ => continue,
            };
            let weight =
                parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            if weight > 0.0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
                best = Some((weight, form));
            }
        }
        best.map(|(_, form)| form)
    }
}

async fn post(
    request: HttpRequest,
    call: Call,
    endpoint: Data<Endpoint>,
    body: std::result::Result<Bytes, actix_web::Error>,
) -> HttpResponse {
    let asked = body.map_err(|error| call.told(&error)).and_then(|body| read(&request, &body));
    answer(&request, &call, &endpoint, asked).await
}

async fn get(request: HttpRequest, call: Call, endpoint: Data<Endpoint>) -> HttpResponse {
    if is_browser(&request) {
        return console::page();
    }
    answer(&request, &call, &endpoint, from_query(&request)).await
}

async fn other(request: HttpRequest, call: Call) -> HttpResponse {
    let error = Error::wrong_method("GET, HEAD, POST".to_owned());
    refusal(&request, &call, &error)
}

fn read(request: &HttpRequest, body: &[u8]) -> Result<Asked> {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !media_type.is_some_and(is_json) {
        let text = message::unsupported_media_type();
        return Err(Error::new(Code::UnsupportedMediaType, text));
    }
    let unreadable = || Error::new(Code::GraphqlInvalid, message::graphql_body()).with_status(400);
    without_nul(body)?;
    match serde_json::from_slice::<Json>(body).map_err(|_| unreadable())? {
        Json::Array(_) => Err(Error::new(Code::GraphqlInvalid, message::batch_refused())),
        object => serde_json::from_value(object).map_err(|_| unreadable()),
    }
}

/// JSON in UTF-8, which it is if not said.
fn is_json(media_type: &str) -> bool {
    let mut parts = media_type.split(';').map(str::trim);
    let json = parts.next().is_some_and(|form| form.eq_ignore_ascii_case("application/json"));
    let other = |part: &str| {
        let charset = part.split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case("charset"));
        charset.is_some_and(|(_, name)| !name.trim_matches('"').eq_ignore_ascii_case("utf-8"))
    };
    json && !parts.any(other)
}

fn from_query(request: &HttpRequest) -> Result<Asked> {
    let unreadable = || Error::new(Code::GraphqlInvalid, message::graphql_body());
    let pairs = serde_urlencoded::from_str::<Vec<(String, String)>>(request.query_string());
    let mut asked = Asked::default();
    let mut seen = Vec::new();
    for (name, value) in pairs.map_err(|_| unreadable())? {
        if seen.contains(&name) {
            return Err(Error::new(Code::GraphqlInvalid, message::only_once()).at(&name));
        }
        seen.push(name.clone());
        match name.as_str() {
            "query" => asked.query = Some(value),
            "operationName" => asked.operation_name = Some(value),
            "variables" if !value.is_empty() => {
                asked.variables = Some(serde_json::from_str(&value).map_err(|_| unreadable())?);
            }
            "extensions" if !value.is_empty() => {
                asked._extensions = Some(serde_json::from_str(&value).map_err(|_| unreadable())?);
            }
            _ => {}
        }
    }
    Ok(asked)
}

async fn answer(
    request: &HttpRequest,
    call: &Call,
    endpoint: &Endpoint,
    asked: Result<Asked>,
) -> HttpResponse {
    let prepared = match asked {
        Ok(asked) => prepare(request, call, endpoint, asked).await,
        Err(error) => Err(error),
    };
    if accepted(request).is_none() {
        // Before anything runs: who gets no answer must be able to ask again.
        return call.problem(&Error::new(Code::NotAcceptable, message::not_acceptable()));
    }
    let Prepared { request: prepared, access, measure } = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return refusal(request, call, &error),
    };
    if let Some((measure, Err(error))) =
        measure.map(|measure| (measure, measure.check(&call.limits)))
    {
        // Validation writes fragments out: a document that is exponential never reaches it.
        if measure.cyclic || measure.unrolled > call.limits.cost {
            return refusal(request, call, &error);
        }
        // What is wrong with the document comes first: a limit hides no mistake.
        let faults = endpoint.schema.execute(prepared.operation_name(NOBODYS)).await;
        let mistaken = faults.errors.iter().any(|fault| !fault.message.contains(NOBODYS));
        return if mistaken {
            respond(request, call, faults)
        } else {
            refusal(request, call, &error)
        };
    }
    let loaders = Loaders::new(access.clone());
    let prepared = prepared.data(access.clone()).data(loaders).data(call.lang).data(call.limits);
    let mut response = endpoint.schema.execute(prepared).await;
    if let Some(measure) = measure {
        response.extensions.insert("cost".to_owned(), measure.cost.into());
    }
    if let Some(revision) = access.stated().await {
        response.extensions.insert("revision".to_owned(), revision.to_string().into());
    }
    respond(request, call, response)
}

/// An answer to a document that was not executed.
#[derive(Serialize)]
struct Refused<'a> {
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, async_graphql::Value>,
}

/// An operation that no document has: naming it makes the executor say what is wrong with the
/// document, and run nothing.
const NOBODYS: &str = "dure_nobodys_operation";

/// A request as the executor takes it, who is asking, and how much.
struct Prepared {
    request: Request,
    access: Access,
    /// None where the document cannot be parsed; the executor will say so.
    measure: Option<Measure>,
}

async fn prepare(
    request: &HttpRequest,
    call: &Call,
    endpoint: &Endpoint,
    asked: Asked,
) -> Result<Prepared> {
    let no_query = || Error::new(Code::GraphqlInvalid, message::graphql_body());
    let query = asked.query.filter(|query| !query.trim().is_empty()).ok_or_else(no_query)?;
    limits::scan(&query, &call.limits)?;
    let mut prepared = Request::new(query);
    if let Some(name) = asked.operation_name.filter(|name| !name.is_empty()) {
        prepared = prepared.operation_name(name);
    }
    match asked.variables {
        None | Some(Json::Null) => {}
        Some(variables @ Json::Object(_)) => {
            limits::scan_variables(&variables)?;
            prepared = prepared.variables(Variables::from_json(variables));
        }
        Some(_) => {
            return Err(Error::new(Code::GraphqlInvalid, message::variables_object()));
        }
    }
    let (name, variables) = (prepared.operation_name.clone(), prepared.variables.clone());
    let (mut writes, mut measure) = (false, None);
    if let Ok(document) = prepared.parsed_query() {
        let operation = limits::chosen(document, name.as_deref());
        writes = operation.is_some_and(|operation| operation.ty == OperationType::Mutation);
        if let Some(label) = limits::label(document, name.as_deref()) {
            call.runs(label);
        }
        measure = Some(endpoint.shapes.measure(document, name.as_deref(), &variables));
    }
    if writes && request.method() != actix_web::http::Method::POST {
        return Err(Error::new(Code::MethodNotAllowed, message::mutation_over_get()));
    }
    let access = <Access as actix_web::FromRequest>::extract(request).await?;
    // A mutation says in its input what it read, and each its own: no header speaks for all of them.
    let access = access.wanting(None);
    Ok(Prepared { request: prepared, access, measure })
}

/// The form of the answer; none that the request accepts is none of ours.
fn accepted(request: &HttpRequest) -> Option<Form> {
    let accept = request.headers().get(ACCEPT).map(|value| value.to_str().unwrap_or_default());
    accept.map_or(Some(Form::GraphqlResponse), Form::accepted)
}

/// Whether somebody looks at this address, rather than some program.
fn is_browser(request: &HttpRequest) -> bool {
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| {
        let first = accept.split(',').next().unwrap_or_default();
        first.split(';').next().is_some_and(|form| form.trim().eq_ignore_ascii_case("text/html"))
    })
}

/// A request that never reached the executor.
fn refusal(request: &HttpRequest, call: &Call, error: &Error) -> HttpResponse {
    let refused = ServerError {
        source: Some(Arc::new(error.clone())),
        ..ServerError::new(String::new(), None)
    };
    let mut response = respond(request, call, Response::from_errors(vec![refused]));
    if let Ok(status) = StatusCode::from_u16(error.status()) {
        *response.status_mut() = status;
    }
    if error.code() == Code::MethodNotAllowed {
        let allow = actix_web::http::header::HeaderValue::from_static("GET, HEAD, POST");
        response.headers_mut().insert(ALLOW, allow);
    }
    if error.code() == Code::Unauthenticated {
        let challenge = actix_web::http::header::HeaderValue::from_static(CHALLENGE);
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    if error.code() == Code::Unavailable {
        let soon = actix_web::http::header::HeaderValue::from_static("1");
        response.headers_mut().insert(RETRY_AFTER, soon);
    }
    response
}

fn respond(request: &HttpRequest, call: &Call, mut response: Response) -> HttpResponse {
    let Some(form) = accepted(request) else {
        let error = Error::new(Code::NotAcceptable, message::not_acceptable());
        return call.problem(&error);
    };
    crate::error::graphql::tell(&mut response, call.lang, &call.id);
    // Faults of the document have no path, and leave no data to speak of.
    let refused = response.is_err() && response.errors.iter().all(|error| error.path.is_empty());
    let status = match form {
        Form::GraphqlResponse if refused => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    // A document that was refused has no data, not even null.
    let body = match refused {
        true => serde_json::to_string(&Refused {
            errors: &response.errors,
            extensions: &response.extensions,
        }),
        false => serde_json::to_string(&response),
    };
    match body {
        Ok(body) => HttpResponse::build(status).content_type(form.media_type()).body(body),
        Err(failure) => call.problem(&Error::internal(failure)),
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn the_form_follows_the_accept_header() {
        for (header, form) in [
            ("*/*", Some(Form::GraphqlResponse)),
            ("application/json", Some(Form::Json)),
            ("application/json, application/graphql-response+json", Some(Form::Json)),
            (
                "application/json;q=0.9, application/graphql-response+json",
                Some(Form::GraphqlResponse),
            ),
            ("text/html, application/json;q=0.1", Some(Form::Json)),
            ("text/html", None),
            ("application/json;q=0", None),
        ] {
            assert_eq!(Form::accepted(header), form, "{header}");
        }
    }
}
