//! The same in REST.

use actix_web::get;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Source, SourceFilter};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::filter::StringFilter;
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, SourceId};
use crate::page::rest::{Items, PageParams};
use crate::wire::rest::{Answer, Params};

/// The routes of sources.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_sources).service(get_source);
}

/// Which sources a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct SourceParams {
    /// Only those of this kind: news, press_release, official, research, code, blog, encyclopedia.
    kind: Option<String>,
    /// Only those whose title has this text in it.
    title: Option<String>,
    /// Only those written after this revision.
    changed_after: Option<String>,
}

impl From<SourceParams> for SourceFilter {
    fn from(params: SourceParams) -> Self {
        let SourceParams { kind, title, changed_after } = params;
        Self {
            kind: kind.map(|kind| StringFilter { eq: Some(kind), ..Default::default() }),
            title: title.map(|title| StringFilter { contains: Some(title), ..Default::default() }),
            changed_after: changed_after.map(AnyRevision),
            ..Self::default()
        }
    }
}

/// Where the figures come from, by title.
#[utoipa::path(tag = "sources", operation_id = "listSources", params(SourceParams, PageParams),
    responses((status = 200, body = Items<Source>), (status = "4XX", body = Problem)))]
#[get("/sources")]
async fn list_sources(
    access: Access,
    Params(filter, page): Params<SourceParams, PageParams>,
) -> Result<Answer<Items<Source>>> {
    super::page(&access, &filter.into(), &page.asked()?).await.map(Answer::list)
}

/// One source.
#[utoipa::path(tag = "sources", operation_id = "getSource", params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Source), (status = "4XX", body = Problem)))]
#[get("/sources/{id}")]
async fn get_source(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<Source>> {
    let source = super::get(&access, SourceId::parse(&id)?).await?;
    Ok(Answer::tagged(source.revision, source))
}
