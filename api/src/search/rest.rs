//! The same in REST.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{SearchHit, SearchKind};
use crate::access::Access;
use crate::error::{Error, Problem, Result};
use crate::message;
use crate::page::rest::{Items, PageParams};
use crate::wire::rest::{Answer, Params};

/// The routes of search.
pub fn routes(config: &mut ServiceConfig) {
    config.service(search);
}

/// What is looked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct SearchParams {
    /// Up to ten words.
    #[param(required = true)]
    text: Option<String>,
    /// Only this kind.
    kind: Option<SearchKind>,
}

/// What has all of these words and the caller may see, kind by kind, each by name.
#[utoipa::path(tag = "search", operation_id = "search", params(SearchParams, PageParams),
    responses((status = 200, body = Items<SearchHit>), (status = "4XX", body = Problem)))]
#[get("/search")]
async fn search(
    access: Access,
    Params(asked, page): Params<SearchParams, PageParams>,
) -> Result<Answer<Items<SearchHit>>> {
    let missing = || Error::invalid("text", message::required());
    let text = asked.text.ok_or_else(missing)?;
    let kinds: Vec<SearchKind> = asked.kind.into_iter().collect();
    super::page(&access, &text, &kinds, &page.asked()?).await.map(Answer::list)
}
