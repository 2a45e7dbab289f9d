//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, put};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Statistic, StatisticAt, StatisticFilter, StatisticInput};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::history::{AnyRevision, Written};
use crate::id::{AnyId, Id as _, StatisticId};
use crate::page::rest::Items;
use crate::region::{self, RegionBy};
use crate::source::cited;
use crate::wire::rest::{Answer, Body, IfMatch, IfSent, Params};

/// The routes of what is counted in regions.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_region_statistics)
        .service(record_region_statistic)
        .service(get_statistic)
        .service(delete_statistic);
}

/// Which figures a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct StatisticParams {
    /// Only those of this code, as `POPULATION`.
    stat: Option<String>,
    /// Only those of this period, as `2022-12`.
    period: Option<String>,
    /// Only those written after this revision.
    changed_after: Option<String>,
}

fn tagged(statistic: Statistic) -> Answer<Statistic> {
    Answer::tagged(statistic.revision, statistic)
}

/// What is counted in a region, by code and period.
#[utoipa::path(tag = "regions", operation_id = "listRegionStatistics",
    params(("code" = String, Path, description = "The region's code, today's or a former one."), StatisticParams),
    responses((status = 200, body = Items<Statistic>), (status = "4XX", body = Problem)))]
#[get("/regions/{code}/statistics")]
async fn list_region_statistics(
    access: Access,
    code: Path<String>,
    Params(params, _): Params<StatisticParams>,
) -> Result<Answer<Items<Statistic>>> {
    let region = region::get(&access, &RegionBy::Code(code.into_inner())).await?;
    let StatisticParams { stat, period, changed_after } = params;
    let (filter, after) = (StatisticFilter { stat, period }, changed_after.map(AnyRevision));
    let found = super::of_regions(&access, &[region.id], (&filter, after.as_ref())).await?;
    cited(&access, found).await.map(Answer::list)
}

/// Write a figure of a region as a whole. One that is there already must be at the revision sent as
/// `If-Match`.
#[utoipa::path(tag = "regions", operation_id = "recordRegionStatistic", request_body = StatisticInput,
    params(("code" = String, Path, description = "The region's code, today's or a former one."),
        ("stat" = String, Path, description = "The code of what is counted, as `POPULATION`."),
        ("period" = String, Path, description = "When: `2022`, `2022-H1`, `2022-12`."),
        ("If-Match" = Option<String>, Header, description = "The ETag you read, where there is such a figure already.")),
    responses((status = 200, body = Statistic), (status = 201, body = Statistic), (status = "4XX", body = Problem)))]
#[put("/regions/{code}/statistics/{stat}/{period}")]
async fn record_region_statistic(
    access: Access,
    at: Path<(String, String, String)>,
    read: IfSent,
    _: Params,
    figure: Body<StatisticInput>,
) -> Result<Answer<Statistic>> {
    let (code, stat, period) = at.into_inner();
    let at = StatisticAt { region: RegionBy::Code(code), stat, period };
    let done = super::record(&access, &at, read.revision(), figure.0).await;
    let (statistic, written) = done.map_err(|error| read.told(error))?;
    let place = format!("/api/v1/statistics/{}", statistic.id);
    let answer = tagged(cited(&access, statistic).await?);
    Ok(if written == Written::Created { answer.created_at(place) } else { answer })
}

/// One figure.
#[utoipa::path(tag = "regions", operation_id = "getStatistic",
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Statistic), (status = "4XX", body = Problem)))]
#[get("/statistics/{id}")]
async fn get_statistic(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<Statistic>> {
    let statistic = super::get(&access, StatisticId::parse_at("id", &id)?).await?;
    cited(&access, statistic).await.map(tagged)
}

/// Remove a figure that is at the revision sent as `If-Match`.
#[utoipa::path(tag = "regions", operation_id = "deleteStatistic",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/statistics/{id}")]
async fn delete_statistic(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = StatisticId::parse_at("id", &id)?;
    super::delete(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}
