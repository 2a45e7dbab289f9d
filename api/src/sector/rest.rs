//! The same in REST.

use actix_web::get;
use actix_web::web::Path;
use utoipa_actix_web::service_config::ServiceConfig;

use super::Sector;
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::history::Revision;
use crate::page::rest::{Items, Row, ShortParams};
use crate::source::cited;
use crate::wire::rest::{Answer, Params};

/// The routes of sectors.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_sectors).service(get_sector);
}

/// All sectors, in their usual order; `TOTAL` is the last and stands for all.
#[utoipa::path(tag = "sectors", operation_id = "listSectors", params(ShortParams),
    responses((status = 200, body = Items<Sector>), (status = "4XX", body = Problem)))]
#[get("/sectors")]
async fn list_sectors(
    access: Access,
    Params(page, _): Params<ShortParams>,
) -> Result<Answer<Items<Sector>>> {
    let sectors = cited(&access, super::list(&access).await?).await?;
    page.cut("sectors", sectors).map(Answer::list)
}

/// One sector, by code.
#[utoipa::path(tag = "sectors", operation_id = "getSector",
    params(("code" = String, Path, description = "Its code.")),
    responses((status = 200, body = Sector), (status = "4XX", body = Problem)))]
#[get("/sectors/{code}")]
async fn get_sector(access: Access, code: Path<String>, _: Params) -> Result<Answer<Sector>> {
    let sector = super::get(&access, &code).await?;
    cited(&access, sector).await.map(|sector| Answer::tagged(sector.revision, sector))
}

impl Row for Sector {
    fn key(&self) -> String {
        self.id.to_string()
    }

    fn revision(&self) -> Revision {
        self.revision
    }
}
