//! Regions: the nation, its provinces, their cities and counties, and the districts of a city.
//!
//! Codes change (Jeonbuk was 45 before 2024-01-18 and is 52 since), and old ones stay in use for
//! years, so a region answers to all of its codes. A current code wins where one clashes.

pub mod graphql;
mod map;
mod pack;
pub mod rest;
pub mod statistics;
mod tree;

use std::collections::HashMap;

use async_graphql::{Enum, InputObject, OneofObject, SimpleObject};
use entity::code;
use entity::region::{self, Column, Entity};
use entity::region_code;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use map::RegionMap;
pub use pack::{LoadedRegion, above_themselves, codes, load, parents};
pub use tree::{Tree, tree};

use crate::access::Access;
use crate::date::{Day, PartialDate};
use crate::error::{Error, Result};
use crate::filter::{Words, changed_after};
use crate::history::{AnyRevision, Revision};
use crate::id::{AnyId, Id, RegionId};
use crate::name::Name;
use crate::page::{self, Found, Page, PageRequest};
use crate::source::{Citation, Cites, Provenance};

/// How high a region stands. Levels never add up with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::RegionLevel")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegionLevel {
    /// The Republic of Korea.
    Nation,
    /// A province or metropolitan city (시·도).
    Province,
    /// A city or county that makes a plan of its own (시·군·구).
    Municipality,
    /// A district of a city, without a government of its own (행정구).
    District,
}

/// What a region is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::RegionKind")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegionKind {
    /// The nation.
    Nation,
    /// A province (시·도).
    Province,
    /// A city (시).
    Si,
    /// A county (군).
    Gun,
    /// A district (구).
    Gu,
}

/// A region, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegionRef {
    /// Its id.
    pub id: RegionId,
    /// Its code today.
    pub code: String,
}

/// A point on the map, WGS 84.
#[derive(Clone, Debug, PartialEq, SimpleObject, Serialize, ToSchema)]
pub struct Point {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// A code a region had before.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FormerCode {
    /// The code.
    pub code: String,
    /// The first day it was in force, where known.
    pub valid_from: Option<PartialDate>,
    /// The last day it was in force, where known.
    pub valid_to: Option<PartialDate>,
}

/// A territory with a government, or a part of one.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// Its id.
    pub id: RegionId,
    /// Its code today: 2 digits for a province, 5 below; `KR` for the nation.
    pub code: String,
    /// Its name.
    #[graphql(flatten)]
    pub name: Name,
    /// How high it stands.
    pub level: RegionLevel,
    /// What it is called.
    pub kind: RegionKind,
    /// The region it belongs to.
    #[graphql(skip)]
    pub parent_id: Option<RegionId>,
    /// The codes it had before.
    pub former_codes: Vec<FormerCode>,
    /// Its code of ten digits (법정동코드).
    pub legal_dong_code: Option<String>,
    /// The group of municipalities it is counted to (권역).
    pub zone: Option<String>,
    /// Where it lies.
    pub point: Option<Point>,
    /// Since when it has been what it is.
    pub valid_from: Option<PartialDate>,
    /// Until when it was, if it is no more.
    pub valid_to: Option<PartialDate>,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it.
    pub revision: Revision,
}

impl Cites for Region {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        vec![&mut self.provenance]
    }
}

/// A region, by id or by any of its codes.
#[derive(Clone, Debug, OneofObject, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum RegionBy {
    /// By its id.
    Id(AnyId),
    /// By its code, today's or a former one.
    Code(String),
}

/// Which regions a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct RegionFilter {
    /// Only those of this level.
    pub level: Option<RegionLevel>,
    /// Only those somewhere below this one, itself not among them.
    pub within: Option<RegionBy>,
    /// Only those that were in being on this day.
    #[serde(skip)]
    pub on: Option<Day>,
    /// Only those written after this revision.
    pub changed_after: Option<AnyRevision>,
}

/// The code of the nation.
pub const NATION: &str = "KR";

/// One region. `NOT_FOUND` where there is none.
pub async fn get(access: &Access, by: &RegionBy) -> Result<Region> {
    look_up(access, by).await?.ok_or_else(|| Error::not_found("region"))
}

/// One region, if there is one.
pub async fn look_up(access: &Access, by: &RegionBy) -> Result<Option<Region>> {
    let row = match by {
        RegionBy::Id(id) => {
            let id = RegionId::parse(id).map_err(|error| error.at("id"))?;
            visible().filter(Column::Id.eq(id.0)).one(&access.db().await?).await?
        }
        RegionBy::Code(code) => {
            let named = visible().filter(has_code(code)).all(&access.db().await?).await?;
            // A current code wins over another region's former one.
            named.into_iter().max_by_key(|region| region.code == *code)
        }
    };
    Ok(with_codes(access, row.into_iter().collect()).await?.pop())
}

/// These regions, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = RegionId>,
) -> Result<Vec<Region>> {
    let ids: Vec<Uuid> = ids.into_iter().map(|id| id.0).collect();
    let rows = visible().filter(access.any_of(Column::Id, ids)).all(&access.db().await?).await?;
    with_codes(access, rows).await
}

/// The regions that have these words in their name, by name.
pub async fn found(access: &Access, words: &Words, request: &PageRequest) -> Result<Page<Found>> {
    let named = visible().filter(words.on(&[Column::NameKo, Column::NameEn]));
    let page = page::found(access, named, (words, Column::NameKo), request).await?;
    page.try_map(|row| {
        let name = Name { ko: row.name_ko, en: row.name_en };
        Ok(Found { id: RegionId(row.id).text(), name })
    })
}

/// The codes of these regions.
pub async fn codes_of(
    access: &Access,
    ids: impl IntoIterator<Item = RegionId>,
) -> Result<HashMap<RegionId, String>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible().filter(ids).all(&access.db().await?).await?;
    Ok(rows.into_iter().map(|row| (RegionId(row.id), row.code)).collect())
}

/// The regions just below these, by code.
pub async fn children(access: &Access, parents: &[RegionId]) -> Result<Vec<Region>> {
    let parents = parents.iter().map(|parent| parent.0);
    let rows =
        visible().filter(access.any_of(Column::ParentId, parents)).order_by_asc(Column::Code);
    with_codes(access, rows.all(&access.db().await?).await?).await
}

/// All regions that fit, by code.
pub async fn list(access: &Access, filter: &RegionFilter) -> Result<Vec<Region>> {
    let mut select = visible().order_by_asc(Column::Code);
    if let Some(level) = filter.level {
        select = select.filter(Column::Level.eq(code::RegionLevel::from(level)));
    }
    if let Some(by) = &filter.within {
        let above = get(access, by).await.map_err(|error| error.at("within"))?;
        select = select.filter(below(above.id));
    }
    if let Some(day) = filter.on {
        let day = day.to_string();
        let begun =
            Condition::any().add(Column::ValidFrom.is_null()).add(Column::ValidFrom.lte(&day));
        let going_on =
            Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gte(&day));
        select = select.filter(begun).filter(going_on);
    }
    select = select.filter(changed_after(Column::Revision, filter.changed_after.as_ref())?);
    with_codes(access, select.all(&access.db().await?).await?).await
}

/// The rows whose region is this one, or lies somewhere below that one; the column holds its id.
pub async fn placed<C: ColumnTrait>(
    access: &Access,
    column: C,
    region: Option<&RegionBy>,
    within: Option<&RegionBy>,
) -> Result<Condition> {
    let mut all = Condition::all();
    if let Some(by) = region {
        let region = get(access, by).await.map_err(|error| error.at("region"))?;
        all = all.add(column.eq(region.id.0));
    }
    if let Some(by) = within {
        let above = get(access, by).await.map_err(|error| error.at("within"))?;
        let regions =
            Query::select().column(Column::Id).from(Entity).cond_where(below(above.id)).to_owned();
        all = all.add(column.in_subquery(regions));
    }
    Ok(all)
}

/// The rows whose region lies somewhere below this one. There are four levels, so three steps
/// down reach everything, without recursion.
fn below(above: RegionId) -> Condition {
    let children_of = |parents: SimpleExpr| {
        Query::select().column(Column::Id).from(Entity).and_where(parents).to_owned()
    };
    let parent = || Expr::col((Entity, Column::ParentId));
    let children = children_of(parent().eq(above.0));
    let grandchildren = children_of(parent().in_subquery(children.clone()));
    Condition::any()
        .add(Column::ParentId.eq(above.0))
        .add(Column::ParentId.in_subquery(children))
        .add(Column::ParentId.in_subquery(grandchildren))
}

fn has_code(code: &str) -> Condition {
    let other = Query::select()
        .column(region_code::Column::RegionId)
        .from(region_code::Entity)
        .and_where(region_code::Column::Code.eq(code))
        .to_owned();
    Condition::any().add(Column::Code.eq(code)).add(Column::Id.in_subquery(other))
}

/// Regions are everybody's.
fn visible() -> Select<Entity> {
    Entity::find()
}

async fn with_codes(access: &Access, rows: Vec<region::Model>) -> Result<Vec<Region>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| row.id);
    let codes = region_code::Entity::find()
        .filter(access.any_of(region_code::Column::RegionId, ids))
        .order_by_asc(region_code::Column::Code)
        .all(&access.db().await?)
        .await?;
    let mut of_region: HashMap<Uuid, Vec<region_code::Model>> = HashMap::new();
    for code in codes {
        of_region.entry(code.region_id).or_default().push(code);
    }
    let rows = rows.into_iter();
    rows.map(|row| described(of_region.remove(&row.id).unwrap_or_default(), row)).collect()
}

fn described(codes: Vec<region_code::Model>, row: region::Model) -> Result<Region> {
    let date = |text: Option<String>| text.map(|text| PartialDate::parse(&text)).transpose();
    let (former, legal): (Vec<_>, Vec<_>) =
        codes.into_iter().partition(|code| code.scheme == code::CodeScheme::Former);
    let former = former.into_iter().map(|code| {
        let (valid_from, valid_to) = (date(code.valid_from)?, date(code.valid_to)?);
        Ok(FormerCode { code: code.code, valid_from, valid_to })
    });
    Ok(Region {
        id: RegionId(row.id),
        code: row.code,
        name: Name { ko: row.name_ko, en: row.name_en },
        level: row.level.into(),
        kind: row.kind.into(),
        parent_id: row.parent_id.map(RegionId),
        former_codes: former.collect::<Result<_>>()?,
        legal_dong_code: legal.into_iter().next().map(|code| code.code),
        zone: row.zone,
        point: row.latitude.zip(row.longitude).map(|(latitude, longitude)| Point {
            latitude: degrees(latitude),
            longitude: degrees(longitude),
        }),
        valid_from: date(row.valid_from)?,
        valid_to: date(row.valid_to)?,
        provenance: Provenance::from(Citation {
            cited: [row.source_id, row.source2_id],
            confidence: row.confidence,
            note: row.note,
            ..Citation::default()
        }),
        revision: Revision(row.revision),
    })
}

/// Degrees, from their millionths.
#[expect(clippy::cast_precision_loss, reason = "180 million is far below 2^53")]
fn degrees(millionths: i64) -> f64 {
    millionths as f64 / 1_000_000.0
}
