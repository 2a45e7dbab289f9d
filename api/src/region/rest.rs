//! The same in REST.

use actix_web::get;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Region, RegionBy, RegionFilter, RegionLevel, RegionMap};
use crate::access::Access;
use crate::date::Day;
use crate::error::{Problem, Result};
use crate::history::Revision;
use crate::page::rest::{Items, Row, ShortParams};
use crate::source::cited;
use crate::wire::rest::{Answer, Params};

/// The routes of regions.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_regions).service(map_regions).service(get_region);
}

/// Which regions a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct RegionParams {
    /// Only those of this level.
    level: Option<RegionLevel>,
    /// Only those somewhere below the region of this code, itself not among them.
    within: Option<String>,
    /// Only those that were in being on this day.
    on: Option<String>,
}

impl RegionParams {
    fn filter(self) -> Result<RegionFilter> {
        let Self { level, within, on } = self;
        let on = on.map(|day| Day::parse(&day).map_err(|error| error.at("on"))).transpose()?;
        let within = within.map(RegionBy::Code);
        Ok(RegionFilter { level, within, on, changed_after: None })
    }
}

/// The regions, by code.
#[utoipa::path(tag = "regions", operation_id = "listRegions", params(RegionParams, ShortParams),
    responses((status = 200, body = Items<Region>), (status = "4XX", body = Problem)))]
#[get("/regions")]
async fn list_regions(
    access: Access,
    Params(params, page): Params<RegionParams, ShortParams>,
) -> Result<Answer<Items<Region>>> {
    let regions = super::list(&access, &params.filter()?).await?;
    let regions = page.cut("regions", cited(&access, regions).await?)?;
    Ok(Answer::list(regions))
}

/// The regions as points on a map: GeoJSON, without those that have no place.
#[utoipa::path(tag = "regions", operation_id = "mapRegions", params(RegionParams),
    responses((status = 200, body = RegionMap, content_type = "application/geo+json"), (status = "4XX", body = Problem)))]
#[get("/regions.geojson")]
async fn map_regions(
    access: Access,
    Params(params, _): Params<RegionParams>,
) -> Result<Answer<RegionMap>> {
    let regions = super::list(&access, &params.filter()?).await?;
    Ok(Answer::of(RegionMap::from(regions)).of_type("application/geo+json"))
}

/// One region, by today's code or a former one.
#[utoipa::path(tag = "regions", operation_id = "getRegion",
    params(("code" = String, Path, description = "Its code, today's or a former one.")),
    responses((status = 200, body = Region), (status = "4XX", body = Problem)))]
#[get("/regions/{code}")]
async fn get_region(access: Access, code: Path<String>, _: Params) -> Result<Answer<Region>> {
    let region = super::get(&access, &RegionBy::Code(code.into_inner())).await?;
    cited(&access, region).await.map(|region| Answer::tagged(region.revision, region))
}

impl Row for Region {
    fn key(&self) -> String {
        self.id.to_string()
    }

    fn revision(&self) -> Revision {
        self.revision
    }
}
