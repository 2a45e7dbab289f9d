//! The inventory: what a region emits and removes in a year, by sector and gas.
//!
//! Figures of different bases stand side by side and are never added up here. Where only a share
//! of the whole is known, that is what is kept; where there is no number, a notation key says why.

mod edit;
pub mod graphql;
mod key;
mod pack;
pub mod rest;
mod rows;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use async_graphql::{Enum, SimpleObject};
use entity::code;
use entity::emission::{self, Column, Entity};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use edit::{delete, record};
pub use pack::{LoadedEmission, load};
pub use rows::{EmissionInput, MOST};

use crate::access::Access;
use crate::basis::{Basis, BasisFilter};
use crate::error::{Error, Result};
use crate::filter::changed_after;
use crate::history::{AnyRevision, Revision};
use crate::id::{EmissionId, RegionId, SectorId};
use crate::input;
use crate::page::{By, Listed, Page, PageRequest};
use crate::quantity::{Amount, Mass, MassUnit, Rate};
use crate::region::{self, RegionRef};
use crate::sector::{self, Sector, TOTAL};
use crate::source::{Citation, Cites, FigureStatus, Provenance};

/// Which gas a figure counts, in CO2 equivalent.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enum, Serialize, Deserialize, ToSchema,
)]
#[graphql(remote = "code::Gas")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Gas {
    /// All of them together.
    #[graphql(name = "CO2EQ")]
    Co2eq,
    /// Carbon dioxide.
    #[graphql(name = "CO2")]
    Co2,
    /// Methane.
    #[graphql(name = "CH4")]
    Ch4,
    /// Nitrous oxide.
    #[graphql(name = "N2O")]
    N2o,
    /// Hydrofluorocarbons.
    #[graphql(name = "HFCS")]
    Hfcs,
    /// Perfluorocarbons.
    #[graphql(name = "PFCS")]
    Pfcs,
    /// Sulphur hexafluoride.
    #[graphql(name = "SF6")]
    Sf6,
    /// Nitrogen trifluoride.
    #[graphql(name = "NF3")]
    Nf3,
    /// The fluorinated gases together.
    #[graphql(name = "F_GASES")]
    FGases,
}

/// What a region emits or removes in a year, in a sector, of a gas; or its share of the whole.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Emission {
    /// Its id.
    pub id: EmissionId,
    /// Its stable name in the data pack it came from.
    pub external_id: Option<String>,
    /// Where.
    #[graphql(skip)]
    pub region: RegionRef,
    /// In which year; null where the source does not say.
    pub year: Option<i32>,
    /// The code of its sector; null for the total, and where only a label is known.
    #[graphql(skip)]
    pub sector: Option<String>,
    #[graphql(skip)]
    #[serde(skip)]
    sector_id: Option<SectorId>,
    /// Whether it is of all sectors together.
    pub is_total: bool,
    /// What the source calls this part.
    pub label: Option<String>,
    /// Which gas.
    pub gas: Gas,
    /// What the source calls the gas, where that says more.
    pub reported_gas: Option<String>,
    /// How much; removals are negative. Null where that is not known, which `status` explains.
    pub amount: Option<Amount>,
    /// Which part of the whole it is, in percent, where the source gives that.
    pub share: Option<Amount>,
    /// What stands behind the numbers, or why there are none.
    pub status: FigureStatus,
    /// Why a notation key stands there instead of a number.
    pub reason: Option<String>,
    /// What exactly it counts.
    pub basis: Basis,
    /// What it counts, in the source's words.
    pub reported_scope: Option<String>,
    /// The year in which the series was published.
    pub vintage: Option<i32>,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
    #[graphql(skip)]
    #[serde(skip)]
    mass: Option<Mass>,
}

impl Emission {
    /// The same with its mass in another unit.
    pub fn in_unit(self, unit: MassUnit) -> Self {
        Self { amount: self.mass.map(|mass| mass.in_unit(unit)), ..self }
    }
}

impl Cites for Emission {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        vec![&mut self.provenance]
    }
}

/// Which figures of an inventory are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct EmissionFilter {
    /// Of these years.
    pub years: Option<Vec<i32>>,
    /// Of the sector of this code; `TOTAL` for the totals.
    pub sector: Option<String>,
    /// Of this gas.
    pub gas: Option<Gas>,
    /// On this basis.
    pub basis: Option<BasisFilter>,
    /// Whether to show what was invented to show something, too.
    pub include_illustrative: bool,
}

/// One figure. `NOT_FOUND` where there is none.
pub async fn get(access: &Access, id: EmissionId) -> Result<Emission> {
    let found = by_ids(access, [id]).await?.pop();
    found.ok_or_else(|| Error::not_found("emission"))
}

/// These figures, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = EmissionId>,
) -> Result<Vec<Emission>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible().filter(ids).all(&access.db().await?).await?;
    Ok(complete(access, rows).await?.into_iter().map(|(_, emission)| emission).collect())
}

/// The figures of these regions that fit: by year, the total first, then in the order of sectors.
pub async fn of_regions(
    access: &Access,
    regions: &[RegionId],
    filter: &EmissionFilter,
) -> Result<Vec<Emission>> {
    let regions = access.any_of(Column::RegionId, regions.iter().map(|region| region.0));
    let rows = visible().filter(regions).filter(condition(access, filter).await?);
    let mut found = complete(access, rows.all(&access.db().await?).await?).await?;
    found.sort_by(|(a, one), (b, other)| {
        let first = |place: usize, it: &Emission| {
            (it.year.is_none(), it.year, Reverse(it.is_total), place, it.gas)
        };
        let then = |it: &Emission| (it.label.clone(), it.id);
        first(*a, one).cmp(&first(*b, other)).then_with(|| then(one).cmp(&then(other)))
    });
    Ok(found.into_iter().map(|(_, emission)| emission).collect())
}

/// One page of the figures of a region that fit, by year.
pub async fn page(
    access: &Access,
    region: RegionId,
    (filter, after): (&EmissionFilter, Option<&AnyRevision>),
    request: &PageRequest,
) -> Result<Page<Emission>> {
    let rows = visible()
        .filter(Column::RegionId.eq(region.0))
        .filter(condition(access, filter).await?)
        .filter(changed_after(Column::Revision, after)?);
    let order = vec![By { column: Column::Year, descending: false }];
    let page = Listed::new(rows, order, &(region, filter, after)).page(access, request).await?;
    let rows = page.items.iter().map(|(row, _)| row.clone()).collect();
    let found = complete(access, rows).await?;
    Ok(page.zip(found.into_iter().map(|(_, emission)| emission).collect()))
}

async fn condition(access: &Access, filter: &EmissionFilter) -> Result<Condition> {
    let mut all = Condition::all();
    if !filter.include_illustrative {
        all = all.add(Column::Status.ne(code::FigureStatus::Illustrative));
    }
    if let Some(years) = &filter.years {
        // Of years that no inventory has there may be more than a statement can hold.
        let years: BTreeSet<i32> =
            years.iter().copied().filter(|year| input::year(*year).is_ok()).collect();
        all = all.add(Column::Year.is_in(years));
    }
    if let Some(code) = &filter.sector {
        let sector = sector::get(access, code).await.map_err(|error| error.at("sector"))?;
        all = all.add(Column::SectorId.eq(sector.id.0));
    }
    if let Some(gas) = filter.gas {
        all = all.add(Column::Gas.eq(code::Gas::from(gas)));
    }
    let BasisFilter { boundary, netting, flow, accounting } = filter.basis.unwrap_or_default();
    let bases = [
        boundary.map(|it| Column::Boundary.eq(code::Boundary::from(it))),
        netting.map(|it| Column::Netting.eq(code::Netting::from(it))),
        flow.map(|it| Column::Flow.eq(code::Flow::from(it))),
        accounting.map(|it| Column::Accounting.eq(code::Accounting::from(it))),
    ];
    Ok(bases.into_iter().flatten().fold(all, Condition::add))
}

/// What is known of regions is everybody's.
fn visible() -> Select<Entity> {
    Entity::find()
}

/// The figures of these rows, in their order, each with its sector's place among the sectors.
async fn complete(access: &Access, rows: Vec<emission::Model>) -> Result<Vec<(usize, Emission)>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let codes = region::codes_of(access, rows.iter().map(|row| RegionId(row.region_id))).await?;
    let sectors = sector::list(access).await?;
    let sectors: HashMap<Uuid, (usize, &Sector)> =
        sectors.iter().enumerate().map(|(n, sector)| (sector.id.0, (n, sector))).collect();
    let rows = rows.into_iter().map(|row| {
        let id = RegionId(row.region_id);
        let region = RegionRef { id, code: codes.get(&id).cloned().unwrap_or_default() };
        let place = row.sector_id.and_then(|id| sectors.get(&id));
        let emission = described(row, region, place.map(|(_, sector)| *sector));
        (place.map_or(usize::MAX, |(n, _)| *n), emission)
    });
    Ok(rows.collect())
}

fn described(row: emission::Model, region: RegionRef, sector: Option<&Sector>) -> Emission {
    let is_total = sector.is_some_and(|sector| sector.code == TOTAL);
    let part = sector.filter(|_| !is_total);
    let mass = row.value.map(Mass);
    Emission {
        id: EmissionId(row.id),
        external_id: row.external_id,
        region,
        year: row.year,
        sector: part.map(|sector| sector.code.clone()),
        sector_id: part.map(|sector| sector.id),
        is_total,
        label: row.label,
        gas: row.gas.into(),
        reported_gas: row.reported_gas,
        amount: mass.map(|mass| mass.in_unit(MassUnit::Kt)),
        share: row.share.map(|share| Rate(share).percent()),
        status: row.status.into(),
        reason: row.reason,
        basis: Basis {
            boundary: row.boundary.into(),
            netting: row.netting.into(),
            flow: row.flow.into(),
            accounting: row.accounting.into(),
            guideline: row.guideline,
            gwp_set: row.gwp_set,
        },
        reported_scope: row.reported_scope,
        vintage: row.vintage,
        provenance: Provenance::from(Citation {
            cited: [row.source_id, row.source2_id],
            confidence: row.confidence,
            derivation: row.derivation,
            note: row.note,
            approximate: row.approximate,
        }),
        revision: Revision(row.revision),
        mass,
    }
}
