//! What is counted in a region: people, households, cattle, cars, square kilometres. Plans are
//! judged against these, and nothing of them is worked out here.

mod edit;
pub mod graphql;
mod pack;
pub mod rest;

use async_graphql::SimpleObject;
use entity::region_statistic::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use serde::Serialize;
use utoipa::ToSchema;

pub use edit::{StatisticAt, StatisticInput, delete, record};
pub use pack::{LoadedStatistic, load};

use super::{RegionRef, codes_of};
use crate::access::Access;
use crate::error::{Error, Result};
use crate::filter::changed_after;
use crate::history::{AnyRevision, Revision};
use crate::id::{RegionId, StatisticId};
use crate::name::Name;
use crate::quantity::{DecimalText, Quantity};
use crate::source::{Citation, Cites, Provenance};

/// One figure of what is counted in a region.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Statistic {
    /// Its id.
    pub id: StatisticId,
    /// Where.
    #[graphql(skip)]
    pub region: RegionRef,
    /// The code of what is counted, as `POPULATION`. Codes are never renamed.
    pub stat: String,
    /// What that is called.
    #[graphql(flatten)]
    pub name: Name,
    /// When: `2022`, `2022-H1`, `2022-12`; null where the source does not say.
    pub period: Option<String>,
    /// The number, as near as a double comes.
    pub value: f64,
    /// The number, exactly.
    pub exact: DecimalText,
    /// What it counts, in the source's word, as `명` or `km2`.
    pub unit: String,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
}

impl Cites for Statistic {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        vec![&mut self.provenance]
    }
}

/// Which figures are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StatisticFilter {
    /// Of this code.
    pub stat: Option<String>,
    /// Of this period, as it was stated.
    pub period: Option<String>,
}

/// One figure. `NOT_FOUND` where there is none.
pub async fn get(access: &Access, id: StatisticId) -> Result<Statistic> {
    let found = by_ids(access, [id]).await?.pop();
    found.ok_or_else(|| Error::not_found("statistic"))
}

/// These figures, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = StatisticId>,
) -> Result<Vec<Statistic>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    complete(access, visible().filter(ids).all(&access.db().await?).await?).await
}

/// The figures of these regions that fit, written after a revision if one is given: by code, then
/// by period, those without a period last.
pub async fn of_regions(
    access: &Access,
    regions: &[RegionId],
    (filter, after): (&StatisticFilter, Option<&AnyRevision>),
) -> Result<Vec<Statistic>> {
    let regions = access.any_of(Column::RegionId, regions.iter().map(|region| region.0));
    let mut rows = visible().filter(regions).filter(changed_after(Column::Revision, after)?);
    if let Some(stat) = &filter.stat {
        rows = rows.filter(Column::Stat.eq(stat));
    }
    if let Some(period) = &filter.period {
        rows = rows.filter(Column::Period.eq(period));
    }
    let mut rows = rows.all(&access.db().await?).await?;
    rows.sort_by(|a, b| {
        let key = |row: &region_statistic::Model| {
            (row.stat.clone(), row.period.is_none(), row.period.clone(), row.id)
        };
        key(a).cmp(&key(b))
    });
    complete(access, rows).await
}

/// What is known of regions is everybody's.
fn visible() -> Select<Entity> {
    Entity::find()
}

async fn complete(access: &Access, rows: Vec<region_statistic::Model>) -> Result<Vec<Statistic>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let codes = codes_of(access, rows.iter().map(|row| RegionId(row.region_id))).await?;
    let rows = rows.into_iter().map(|row| {
        let id = RegionId(row.region_id);
        described(row, RegionRef { id, code: codes.get(&id).cloned().unwrap_or_default() })
    });
    Ok(rows.collect())
}

fn described(row: region_statistic::Model, region: RegionRef) -> Statistic {
    let decimals = u32::try_from(row.decimals).unwrap_or_default();
    let Quantity { value, exact, unit } = Quantity::of(row.value, decimals, &row.unit);
    Statistic {
        id: StatisticId(row.id),
        region,
        stat: row.stat,
        name: Name { ko: row.name_ko, en: None },
        period: row.period,
        value,
        exact,
        unit,
        provenance: Provenance::from(Citation {
            cited: [row.source_id, row.source2_id],
            confidence: row.confidence,
            note: row.note,
            approximate: row.approximate,
            ..Citation::default()
        }),
        revision: Revision(row.revision),
    }
}
