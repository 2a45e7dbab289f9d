//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, put};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Emission, EmissionFilter, EmissionInput, Gas};
use crate::access::Access;
use crate::basis::{Accounting, BasisFilter, Boundary, Flow, Netting};
use crate::error::{Error, Problem, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, EmissionId, Id as _};
use crate::message;
use crate::page::rest::{Items, PageParams};
use crate::quantity::MassUnit;
use crate::region::{self, RegionBy};
use crate::source::cited;
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of inventories.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_region_emissions)
        .service(record_region_emissions)
        .service(get_emission)
        .service(delete_emission);
}

/// Which figures a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct EmissionParams {
    /// Of these years, as `2018,2019`.
    years: Option<String>,
    /// Of the sector of this code; `TOTAL` for the totals.
    sector: Option<String>,
    /// Of this gas.
    gas: Option<Gas>,
    /// Whose emissions.
    boundary: Option<Boundary>,
    /// Before or after removals.
    netting: Option<Netting>,
    /// Direct or indirect.
    flow: Option<Flow>,
    /// Where they are counted.
    accounting: Option<Accounting>,
    /// Whether to show what was invented to show something, too.
    include_illustrative: Option<bool>,
    /// In this unit; `KT` if not said.
    unit: Option<MassUnit>,
    /// Only those written after this revision.
    changed_after: Option<String>,
}

impl EmissionParams {
    fn filter(&self) -> Result<EmissionFilter> {
        let Self { boundary, netting, flow, accounting, .. } = *self;
        Ok(EmissionFilter {
            years: self.years.as_deref().map(years).transpose()?,
            sector: self.sector.clone(),
            gas: self.gas,
            basis: Some(BasisFilter { boundary, netting, flow, accounting }),
            include_illustrative: self.include_illustrative.unwrap_or_default(),
        })
    }
}

fn years(list: &str) -> Result<Vec<i32>> {
    let years = list.split(',').map(|year| year.trim().parse());
    let wrong = |_| Error::invalid("years", message::not_a_number()).with_status(400);
    years.collect::<std::result::Result<_, _>>().map_err(wrong)
}

/// Rows of an inventory.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EmissionRows {
    /// The rows, at most 1,000.
    rows: Vec<EmissionInput>,
}

/// What a region emits and removes, by year. Figures of different bases do not add up.
#[utoipa::path(tag = "inventories", operation_id = "listRegionEmissions",
    params(("code" = String, Path, description = "The region's code, today's or a former one."), EmissionParams, PageParams),
    responses((status = 200, body = Items<Emission>), (status = "4XX", body = Problem)))]
#[get("/regions/{code}/emissions")]
async fn list_region_emissions(
    access: Access,
    code: Path<String>,
    Params(params, page): Params<EmissionParams, PageParams>,
) -> Result<Answer<Items<Emission>>> {
    let region = region::get(&access, &RegionBy::Code(code.into_inner())).await?;
    let (filter, unit) = (params.filter()?, params.unit.unwrap_or_default());
    let after = params.changed_after.map(AnyRevision);
    let of = (&filter, after.as_ref());
    let page = super::page(&access, region.id, of, &page.asked()?).await?;
    let page = page.try_map(|emission: Emission| Ok(emission.in_unit(unit)))?;
    cited(&access, page).await.map(Answer::list)
}

/// Write up to 1,000 rows of a region's inventory, all or none. A row that says something about the
/// same thing is overwritten.
#[utoipa::path(tag = "inventories", operation_id = "recordRegionEmissions", request_body = EmissionRows,
    params(("code" = String, Path, description = "The region's code, today's or a former one.")),
    responses((status = 200, body = Items<Emission>), (status = "4XX", body = Problem)))]
#[put("/regions/{code}/emissions")]
async fn record_region_emissions(
    access: Access,
    code: Path<String>,
    _: Params,
    rows: Body<EmissionRows>,
) -> Result<Answer<Items<Emission>>> {
    let region = RegionBy::Code(code.into_inner());
    let written = super::record(&access, &region, &rows.0.rows).await?;
    cited(&access, written).await.map(Answer::list)
}

/// One figure of an inventory.
#[utoipa::path(tag = "inventories", operation_id = "getEmission",
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Emission), (status = "4XX", body = Problem)))]
#[get("/emissions/{id}")]
async fn get_emission(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<Emission>> {
    let emission = super::get(&access, EmissionId::parse_at("id", &id)?).await?;
    cited(&access, emission).await.map(|it| Answer::tagged(it.revision, it))
}

/// Remove a row that is at the revision sent as `If-Match`.
#[utoipa::path(tag = "inventories", operation_id = "deleteEmission",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/emissions/{id}")]
async fn delete_emission(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = EmissionId::parse_at("id", &id)?;
    super::delete(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}
