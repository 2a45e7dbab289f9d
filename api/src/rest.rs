//! The REST dialect: the same nouns, ids, codes and refusals under `/api/v1`.

mod describe;
pub mod docs;

use actix_web::dev::ResourceDef;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use serde_json::Value;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::path::PathItem;
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::error::{Code, Error, Result};
use crate::message;
use crate::wire::Call;
use crate::wire::rest::{Answer, Nothing, Params};
use crate::{
    advice, annex, document, identity, indicator, inventory, link, measure, organization, plan,
    procedure, progress, region, revert, search, sector, since, source, target,
};

/// Where the dialect is.
pub const BASE: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Dure",
        description = "Regional climate plans: targets and progress, with their sources and their past. \
            The same nouns, ids, codes and refusals as in GraphQL at `/graphql`. Every GET takes \
            `asOf`; every answer says in `Dure-Revision` which state of the world it shows.",
    ),
    tags(
        (name = "regions", description = "Regions, by today's codes and former ones."),
        (name = "organizations", description = "Governments, centres, contractors, committees: who takes part."),
        (name = "inventories", description = "What regions emit and remove."),
        (name = "sectors", description = "How emissions, removals and measures are divided."),
        (name = "sources", description = "Where figures come from."),
        (name = "plans", description = "Basic plans for carbon neutrality."),
        (name = "targets", description = "What plans promise."),
        (name = "progress", description = "Yearly checks of how far plans have come."),
        (name = "issues", description = "Difficulties, what was advised, how they were solved."),
        (name = "forums", description = "Meetings at which offices share what they do."),
        (name = "advice", description = "Advice on plans: asked for, given, and replied to."),
        (name = "milestones", description = "Steps in the making of plans."),
        (name = "links", description = "What plans take from the plan above."),
        (name = "obligations", description = "What public law asks of each body, and by when."),
        (name = "measures", description = "What plans will have done."),
        (name = "indicators", description = "What is measured, aimed at and observed."),
        (name = "documents", description = "Files that hang on something: minutes, plans as printed, answers."),
        (name = "search", description = "Looking for things by words."),
        (name = "changes", description = "What changed, and putting things back."),
        (name = "identity", description = "Who is asking."),
        (name = "access", description = "Who may do what: accounts, grants, clients."),
    ),
)]
struct Described;

fn slices(config: &mut ServiceConfig) {
    identity::rest::routes(config);
    region::rest::routes(config);
    region::statistics::rest::routes(config);
    inventory::rest::routes(config);
    organization::rest::routes(config);
    sector::rest::routes(config);
    source::rest::routes(config);
    plan::rest::routes(config);
    plan::versions::rest::routes(config);
    target::rest::routes(config);
    progress::rest::routes(config);
    advice::issues::rest::routes(config);
    advice::forums::rest::routes(config);
    advice::cases::rest::routes(config);
    procedure::rest::routes(config);
    procedure::obligations::rest::routes(config);
    procedure::steps::rest::routes(config);
    procedure::diff::rest::routes(config);
    measure::rest::routes(config);
    link::rest::routes(config);
    indicator::rest::routes(config);
    document::rest::routes(config);
    search::rest::routes(config);
    since::rest::routes(config);
    revert::rest::routes(config);
    annex::rest::routes(config);
    config.service(get_openapi);
}

/// The routes of the dialect.
pub fn routes(config: &mut actix_web::web::ServiceConfig) {
    let mut config = ServiceConfig::new(config);
    config.service(utoipa_actix_web::scope(BASE).configure(slices));
    identity::rest::root(&mut config);
}

fn described() -> Document {
    let app = actix_web::App::new().into_utoipa_app().openapi(Described::openapi());
    let app = app.service(utoipa_actix_web::scope(BASE).configure(slices));
    let app = app.configure(identity::rest::root);
    let (_, mut document) = app.split_for_parts();
    document.info.license = None;
    document
}

/// The description of the dialect: OpenAPI 3.1.
pub fn openapi() -> Result<Value> {
    let mut document = serde_json::to_value(described()).map_err(Error::internal)?;
    describe::complete(&mut document);
    Ok(document)
}

/// The description as it is committed.
pub fn openapi_json() -> Result<String> {
    let text = serde_json::to_string_pretty(&openapi()?).map_err(Error::internal)?;
    Ok(text + "\n")
}

/// This description.
#[utoipa::path(tag = "service", operation_id = "getOpenApi", responses((status = 200, description = "OpenAPI 3.1.", content_type = "application/json")))]
#[get("/openapi.json")]
async fn get_openapi(routes: Data<Routes>, _: Params) -> Answer<Nothing> {
    Answer::written(routes.document.clone())
}

/// What there is, for requests that miss it: made from the description, so it cannot differ.
pub struct Routes {
    known: Vec<(ResourceDef, String)>,
    document: String,
}

impl Routes {
    /// All routes of the service.
    pub fn new() -> Result<Self> {
        let described = described();
        let known = described
            .paths
            .paths
            .iter()
            .map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item)));
        let own = [
            "/livez",
            "/readyz",
            "/problems/{code}",
            "/console/{file}",
            "/docs",
            "/docs/",
            "/docs/{file}",
        ];
        let own = own.map(|path| (ResourceDef::new(path), "GET, HEAD".to_owned()));
        let known = known.chain(own).collect();
        Ok(Self { known, document: openapi_json()? })
    }
}

fn methods(item: &PathItem) -> String {
    let methods = [
        ("GET, HEAD", item.get.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
        ("PATCH", item.patch.is_some()),
        ("DELETE", item.delete.is_some()),
    ];
    let methods = methods.into_iter().filter(|(_, there)| *there).map(|(method, _)| method);
    methods.collect::<Vec<_>>().join(", ")
}

/// Answers what no route does: 405 with the methods there are, or 404.
pub async fn missed(request: HttpRequest, call: Call, routes: Data<Routes>) -> HttpResponse {
    let path = request.path();
    let known = routes.known.iter().find(|(route, _)| route.is_match(path));
    let error = match known {
        Some((_, methods)) => Error::wrong_method(methods.clone()),
        None => Error::new(Code::NotFound, message::no_route(path)),
    };
    call.problem(&error)
}

/// The page about one kind of problem.
pub async fn problem_page(code: actix_web::web::Path<String>, call: Call) -> HttpResponse {
    let Some(code) = Code::ALL.iter().find(|known| known.as_str() == code.as_str()) else {
        return call.problem(&Error::not_found("problem"));
    };
    let (ko, en) = (code.title(message::Lang::Ko), code.title(message::Lang::En));
    let page = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>{name}</title>\
         <h1>{name}</h1>\n<p lang=\"ko\">{ko}</p>\n<p>{en} (HTTP {status})</p>\n<p>{meaning}</p>\n",
        name = code.as_str(),
        status = code.status(),
        meaning = code.meaning().trim(),
    );
    let mut response = HttpResponse::Ok().body(page);
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, html);
    response
}
