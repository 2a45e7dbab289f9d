//! Yearly progress checks: how far a plan, or a scheme beside it, has come (Framework Act, Art. 13).
//!
//! A check keeps what was reported of a year, as it was reported, beside what its assessments of
//! single measures make. One of a plan is seen by who sees the plan; any other is everybody's.
//! The check of a basic plan goes the road of Art. 13 step by step; submitted, it does not change.

pub mod assessments;
mod computed;
mod edit;
mod frozen;
pub mod graphql;
mod guards;
mod judged;
mod list;
mod money;
mod pack;
mod reported;
pub mod rest;
mod road;
mod sectors;
mod steps;
mod tally;
mod transition;
mod values;

use std::collections::HashMap;

use async_graphql::{Enum, SimpleObject};
use entity::code;
use entity::progress_check::{self, Column, Entity};
use entity::progress_reviewer;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use assessments::{
    Assessment, AssessmentInput, Grade, assess, of_check, of_checks, of_measure, of_measures,
    remove,
};
pub use computed::{ComputedProgress, FundProgress, GradeCounts, NotComputed, SectorProgress};
pub use edit::{CheckChange, NewCheck, create, delete, update};
pub use frozen::require_open;
pub use list::{CheckFilter, CheckKindFilter, CheckOrder, ProgressStateFilter, page};
pub use money::{AssessedBudget, ExecutedInput};
pub use pack::{LoadedCheck, LoadedCounts, external_ids, load};
pub use reported::{MeasureCounts, ReportedProgress};
pub use road::{CheckState, CheckTransition};
pub use sectors::{
    LoadedSectorResult, SectorMetric, SectorResult, SectorResultInput, load_sectors,
};
pub use steps::CheckStep;
pub use transition::{
    AvailableTransition, CheckTransitionInput, Offer, transition, transitions, transitions_of,
};
pub use values::AssessedValue;

use crate::access::{Access, Site};
use crate::date::PartialDate;
use crate::error::{Error, Result};
use crate::history::Revision;
use crate::id::{CheckId, PlanId, RegionId};
use crate::organization::{self, OrganizationRef, roster};
use crate::quantity::MassUnit;
use crate::region::{self, RegionRef};
use crate::sector::{self, Sector};
use crate::source::{Citation, Cites, Provenance};
use judged::Judged;

/// What a check looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::CheckKind")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CheckKind {
    /// The mitigation part of a basic plan (Framework Act, Art. 13).
    BasicPlan,
    /// The part of a basic plan that prepares the ground.
    ResponseBase,
    /// The adaptation plan (Art. 40).
    Adaptation,
    /// The target management of public bodies (Art. 26).
    PublicSector,
    /// What a year brought, told without a check.
    AnnualResult,
    /// What somebody from outside made of it.
    ExternalRating,
}

/// A yearly look at how far a plan, or a scheme, has come.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct ProgressCheck {
    /// Its id.
    pub id: CheckId,
    /// Its stable name in the data pack it came from, as `jeonbuk:PR-52-2024`.
    pub external_id: Option<String>,
    /// Whose year it is.
    #[graphql(skip)]
    pub region: RegionRef,
    /// The plan it is about, if it is about one.
    #[graphql(skip)]
    pub plan_id: Option<PlanId>,
    /// The year it looks at.
    pub year: i32,
    /// What it looks at.
    pub kind: CheckKind,
    /// How far it has come: what its steps say or, before the first, what is reported of it; null
    /// for what is no yearly check of a basic plan (Framework Act, Art. 13).
    pub state: Option<CheckState>,
    /// The steps that were recorded here, in their order.
    pub steps: Vec<CheckStep>,
    /// When it was done.
    pub reviewed_on: Option<PartialDate>,
    /// Who did it.
    #[graphql(skip)]
    pub reviewers: Vec<OrganizationRef>,
    /// What was reported of the year as a whole.
    #[graphql(skip)]
    pub reported: ReportedProgress,
    /// What its assessments make.
    #[graphql(skip)]
    pub computed: Box<ComputedProgress>,
    /// What was reported of single sectors, in the order of sectors.
    #[graphql(skip)]
    pub sectors: Vec<SectorResult>,
    /// The grade that was given, in the source's word.
    pub grade: Option<String>,
    /// What was found.
    pub summary: Option<String>,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
}

impl ProgressCheck {
    /// The same with its masses in another unit.
    pub fn in_unit(mut self, unit: MassUnit) -> Self {
        self.reported = self.reported.in_unit(unit);
        self.computed = Box::new(self.computed.in_unit(unit));
        self.sectors = self.sectors.into_iter().map(|sector| sector.in_unit(unit)).collect();
        self
    }
}

impl Cites for ProgressCheck {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        let mut all = self.reported.provenances();
        all.extend(self.sectors.iter_mut().flat_map(Cites::provenances));
        all.push(&mut self.provenance);
        all
    }
}

/// One check. `NOT_FOUND` where the caller sees none.
pub async fn get(access: &Access, id: CheckId) -> Result<ProgressCheck> {
    let row = find(access, id).await?;
    let check = complete(access, vec![row]).await?.pop();
    check.ok_or_else(|| Error::impossible("a check got lost"))
}

/// These checks, as far as the caller sees them, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = CheckId>,
) -> Result<Vec<ProgressCheck>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    complete(access, rows).await
}

/// The checks of these plans, the latest year first.
pub async fn of_plans(access: &Access, plans: &[PlanId]) -> Result<Vec<ProgressCheck>> {
    let plans = access.any_of(Column::PlanId, plans.iter().map(|plan| plan.0));
    latest_first(access, visible(access).filter(plans)).await
}

/// The checks of these regions themselves, the latest year first.
pub async fn of_regions(access: &Access, regions: &[RegionId]) -> Result<Vec<ProgressCheck>> {
    let regions = access.any_of(Column::RegionId, regions.iter().map(|region| region.0));
    latest_first(access, visible(access).filter(regions)).await
}

async fn latest_first(access: &Access, rows: Select<Entity>) -> Result<Vec<ProgressCheck>> {
    let rows = rows.order_by_desc(Column::Year).order_by_asc(Column::Id);
    complete(access, rows.all(&access.db().await?).await?).await
}

/// The checks this caller may see. Every read in this slice starts here.
fn visible(access: &Access) -> Select<Entity> {
    let seen = Condition::any().add(Column::PlanId.is_null()).add(access.sees(Column::PlanId));
    Entity::find().filter(seen)
}

async fn find(access: &Access, id: CheckId) -> Result<progress_check::Model> {
    let row = visible(access).filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("progress check"))
}

fn site(row: &progress_check::Model) -> Site {
    Site { region: row.region_id, plan: row.plan_id }
}

roster!(progress_reviewer, check_id, CheckId);

/// The checks of these rows, in their order, with what stands beside the row.
async fn complete(access: &Access, rows: Vec<progress_check::Model>) -> Result<Vec<ProgressCheck>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let codes = region::codes_of(access, rows.iter().map(|row| RegionId(row.region_id))).await?;
    let ids = || rows.iter().map(|row| row.id);
    let mut reviewers = organization::rosters::<progress_reviewer::Entity>(access, ids()).await?;
    let mut sectors = sectors::of_checks(access, ids()).await?;
    let mut steps = steps::of_checks(access, &rows).await?;
    let assessed = assessments::rows_of(access, ids()).await?.into_values().flatten();
    let judged = judged::judged(access, assessed.collect(), &rows).await?;
    let order = if judged.is_empty() { Vec::new() } else { sector::list(access).await? };
    let mut judged = by_check(judged.into_iter().map(|it| (it.row.check_id, it)));
    let rows = rows.into_iter().map(|row| {
        let code = codes.get(&RegionId(row.region_id)).cloned().unwrap_or_default();
        let beside = Beside {
            region: RegionRef { id: RegionId(row.region_id), code },
            reviewers: reviewers.remove(&row.id).unwrap_or_default(),
            sectors: sectors.remove(&row.id).unwrap_or_default(),
            steps: steps.remove(&row.id).unwrap_or_default(),
            judged: judged.remove(&row.id).unwrap_or_default(),
        };
        described(row, beside, &order)
    });
    rows.collect()
}

/// What stands beside the row of a check.
struct Beside {
    region: RegionRef,
    reviewers: Vec<OrganizationRef>,
    sectors: Vec<SectorResult>,
    steps: Vec<CheckStep>,
    judged: Vec<Judged>,
}

fn described(
    row: progress_check::Model,
    beside: Beside,
    order: &[Sector],
) -> Result<ProgressCheck> {
    let Beside { region, reviewers, sectors, steps, judged } = beside;
    let reported = reported::of(&row);
    let computed = computed::of(&judged, reported.goal_reduction.as_mass(), order)?;
    Ok(ProgressCheck {
        id: CheckId(row.id),
        region,
        plan_id: row.plan_id.map(PlanId),
        year: row.year,
        kind: row.kind.into(),
        state: guards::state_of(&row, &reviewers),
        steps,
        reviewed_on: row.reviewed_on.as_deref().map(PartialDate::parse).transpose()?,
        reviewers,
        reported,
        computed: Box::new(computed),
        sectors,
        provenance: cited(&row).into(),
        external_id: row.external_id,
        grade: row.grade,
        summary: row.summary,
        revision: Revision(row.revision),
    })
}

fn cited(row: &progress_check::Model) -> Citation {
    Citation {
        cited: [row.source_id, row.source2_id],
        confidence: row.confidence,
        note: row.note.clone(),
        ..Citation::default()
    }
}

/// The parts of one check, by its id.
fn by_check<T>(parts: impl IntoIterator<Item = (Uuid, T)>) -> HashMap<Uuid, Vec<T>> {
    let mut of_check: HashMap<Uuid, Vec<T>> = HashMap::new();
    for (check, part) in parts {
        of_check.entry(check).or_default().push(part);
    }
    of_check
}
