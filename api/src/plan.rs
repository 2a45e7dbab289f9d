//! A plan is one region's road to carbon neutrality: the basic plan that the Framework Act asks of
//! the nation (Art. 10), of each province (Art. 11) and of each city and county (Art. 12).
//!
//! A plan never names its contents: targets and all else hang on it, and are seen by who sees it.

mod contractors;
mod edit;
mod family;
pub mod graphql;
mod list;
mod pack;
mod reported;
pub mod rest;
mod sectors;
mod standing;
pub mod versions;

use std::collections::HashMap;

use async_graphql::{Enum, SimpleObject};
use entity::code;
use entity::plan::{self, Column, Entity};
use entity::plan_content;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use edit::{NewPlan, PeriodChange, PeriodInput, PlanChange, create, delete, update};
pub use family::{Kin, ParentInput, ParentVersion, children, parents, seen};
pub use list::{
    PlanFilter, PlanKindFilter, PlanOrder, PlanStatusFilter, VisibilityFilter, matching, page,
};
pub use pack::{LoadedPlan, LoadedRef, LoadedReport, load, loaded};
pub use reported::{ReportedBase, ReportedTotals, reported_bases};
pub use sectors::{LoadedPlanSector, PlanSector, load_sectors, of_plans as sectors_of};
pub use standing::PlanStatus;

use crate::access::{Access, Site};
use crate::date::PartialDate;
use crate::error::{Error, Result};
use crate::filter::Words;
use crate::history::Revision;
use crate::id::{Id as _, OrganizationId, PlanId, RegionId};
use crate::name::Name;
use crate::page::{self, Found, Page, PageRequest};
use crate::quantity::{Amount, Won};
use crate::region::{self, RegionRef};
use crate::source::{Citation, Cites, Provenance};

/// Whose plan it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::PlanKind")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PlanKind {
    /// The nation's basic plan (Framework Act, Art. 10).
    NationalBasic,
    /// A province's basic plan (Art. 11).
    ProvinceBasic,
    /// A city's or county's basic plan (Art. 12).
    MunicipalBasic,
}

/// Who may read a plan and what hangs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::Visibility")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Visibility {
    /// Those who work on it.
    Internal,
    /// Every office of the province.
    Province,
    /// Everybody.
    Public,
}

/// First and last year.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject, Serialize, ToSchema)]
pub struct Period {
    /// The first year, where known.
    pub start: Option<i32>,
    /// The last year, where known.
    pub end: Option<i32>,
}

impl Period {
    /// Whether a year is among them, as far as they are known.
    pub fn holds(&self, year: i32) -> bool {
        self.start.is_none_or(|start| start <= year) && self.end.is_none_or(|end| year <= end)
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let year = |year: Option<i32>| year.map_or_else(String::new, |year| year.to_string());
        write!(f, "{}–{}", year(self.start), year(self.end))
    }
}

/// One region's plan.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// Its stable name in the data pack it came from, as `jeonbuk:P-52-1`.
    pub external_id: Option<String>,
    /// Whose plan it is.
    #[graphql(skip)]
    pub region: RegionRef,
    /// What the region calls it.
    pub title: String,
    /// What kind of plan it is.
    pub kind: PlanKind,
    /// Which cycle: 1 for the first plans of the Act.
    pub round: i32,
    /// The years it covers.
    pub period: Period,
    /// The year its reductions are counted from.
    pub base_year: Option<i32>,
    /// Its vision.
    pub vision: Option<String>,
    /// The version of the plan above that it is made from, where that is pinned.
    pub parent_version: Option<ParentVersion>,
    /// Who may read it and what hangs on it.
    pub visibility: Visibility,
    /// How far it has come: the furthest step that its milestones, or what the source calls it, are
    /// evidence of.
    pub status: PlanStatus,
    /// What the source calls that.
    pub reported_status: Option<String>,
    /// How many mitigation measures the source reports in all.
    pub reported_measures: Option<i32>,
    /// The budget the source reports, for all years.
    pub reported_budget: Option<Amount>,
    /// What the source reports of it as a whole.
    pub reported: ReportedTotals,
    /// The ids of who was contracted to draft it.
    #[graphql(skip)]
    pub contractors: Vec<OrganizationId>,
    /// When work began.
    pub work_started_on: Option<PartialDate>,
    /// When the committee deliberated.
    pub deliberated_on: Option<PartialDate>,
    /// When it was announced.
    pub announced_on: Option<PartialDate>,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
    /// The revision that last wrote anything in it: sectors, targets, milestones, itself. What
    /// steps of the process take.
    pub content_revision: Revision,
}

impl Cites for Plan {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        let ReportedTotals { base, target, reduction, reduction_rate, .. } = &mut self.reported;
        let figures = [base, target, reduction, reduction_rate];
        let mut all: Vec<_> = figures.into_iter().map(|figure| &mut figure.provenance).collect();
        all.push(&mut self.provenance);
        all
    }
}

/// One plan. `NOT_FOUND` where the caller sees none.
pub async fn get(access: &Access, id: PlanId) -> Result<Plan> {
    let row = find(access, id).await?;
    only(access, row).await
}

/// These plans, as far as the caller sees them, in no order.
pub async fn by_ids(access: &Access, ids: impl IntoIterator<Item = PlanId>) -> Result<Vec<Plan>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    complete(access, rows).await
}

/// The plans of these regions, the latest cycle first.
pub async fn of_regions(access: &Access, regions: &[RegionId]) -> Result<Vec<Plan>> {
    let regions = access.any_of(Column::RegionId, regions.iter().map(|region| region.0));
    let rows = visible(access)
        .filter(regions)
        .order_by_desc(Column::Round)
        .order_by_asc(Column::Id)
        .all(&access.db().await?)
        .await?;
    complete(access, rows).await
}

/// The plans that have these words in title or vision, by title.
pub async fn found(access: &Access, words: &Words, request: &PageRequest) -> Result<Page<Found>> {
    let select = visible(access).filter(words.on(&[Column::Title, Column::Vision]));
    let page = page::found(access, select, (words, Column::Title), request).await?;
    page.try_map(|row| {
        Ok(Found { id: PlanId(row.id).text(), name: Name { ko: row.title, en: None } })
    })
}

/// The plan that counts, of a region's plans with the latest cycle first: the latest that was
/// adopted and not yet superseded, or the latest where there is none.
pub fn current(plans: &[Plan]) -> Option<&Plan> {
    let adopted = plans.iter().find(|plan| plan.status.is_adopted());
    adopted.or_else(|| plans.first())
}

/// Where a plan that the caller sees is: for the guards of what hangs on it. `NOT_FOUND` where
/// they see none.
pub async fn site_of(access: &Access, id: PlanId) -> Result<Site> {
    find(access, id).await.map(|row| site(&row))
}

/// The years that a plan covers which the caller sees. `NOT_FOUND` where they see none.
pub async fn period_of(access: &Access, id: PlanId) -> Result<Period> {
    find(access, id).await.map(|row| Period { start: row.period_start, end: row.period_end })
}

fn site(row: &plan::Model) -> Site {
    Site { region: row.region_id, plan: Some(row.id) }
}

/// The plans this caller may see. Every read in this slice starts here.
fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(access.sees(Column::Id))
}

async fn find(access: &Access, id: PlanId) -> Result<plan::Model> {
    let plan = visible(access).filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    plan.ok_or_else(|| Error::not_found("plan"))
}

async fn only(access: &Access, row: plan::Model) -> Result<Plan> {
    let plan = complete(access, vec![row]).await?.pop();
    plan.ok_or_else(|| Error::impossible("a plan got lost"))
}

/// The plans of these rows, in their order, with what stands beside the row.
async fn complete(access: &Access, rows: Vec<plan::Model>) -> Result<Vec<Plan>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let db = access.db().await?;
    let ids = access.any_of(plan_content::Column::Id, rows.iter().map(|row| row.id));
    let contents = plan_content::Entity::find().filter(ids).all(&db).await?;
    let contents: HashMap<Uuid, i64> =
        contents.into_iter().map(|content| (content.id, content.revision)).collect();
    let codes = region::codes_of(access, rows.iter().map(|row| RegionId(row.region_id))).await?;
    let mut contractors = contractors::of_plans(access, rows.iter().map(|row| row.id)).await?;
    let reached = standing::reached(access, rows.iter().map(|row| row.id)).await?;
    let rows = rows.into_iter();
    rows.map(|row| {
        let content_revision = Revision(contents.get(&row.id).copied().unwrap_or(row.revision));
        let region_code = codes.get(&RegionId(row.region_id)).cloned().unwrap_or_default();
        let contractors = contractors.remove(&row.id).unwrap_or_default();
        let reached = reached.get(&row.id).copied();
        described(row, Beside { region_code, content_revision, contractors, reached })
    })
    .collect()
}

/// What stands beside the row of a plan.
struct Beside {
    region_code: String,
    content_revision: Revision,
    contractors: Vec<OrganizationId>,
    reached: Option<PlanStatus>,
}

fn described(row: plan::Model, beside: Beside) -> Result<Plan> {
    let Beside { region_code, content_revision, contractors, reached } = beside;
    let date = |text: &Option<String>| text.as_deref().map(PartialDate::parse).transpose();
    let citation = cited(&row);
    Ok(Plan {
        id: PlanId(row.id),
        region: RegionRef { id: RegionId(row.region_id), code: region_code },
        kind: row.kind.into(),
        round: row.round,
        period: Period { start: row.period_start, end: row.period_end },
        base_year: row.base_year,
        parent_version: family::pinned(&row),
        visibility: row.visibility.into(),
        status: PlanStatus::of(row.reported_status.as_deref(), reached),
        reported_measures: row.reported_measures,
        reported_budget: row.reported_budget.map(|won| Won(won).amount()),
        reported: reported::totals(&row, &citation),
        contractors,
        work_started_on: date(&row.work_started_on)?,
        deliberated_on: date(&row.deliberated_on)?,
        announced_on: date(&row.announced_on)?,
        provenance: citation.into(),
        revision: Revision(row.revision),
        content_revision,
        external_id: row.external_id,
        title: row.title,
        vision: row.vision,
        reported_status: row.reported_status,
    })
}

fn cited(row: &plan::Model) -> Citation {
    Citation {
        cited: [row.source_id, row.source2_id],
        confidence: row.confidence,
        note: row.note.clone(),
        ..Citation::default()
    }
}
