//! A target is what a plan promises: so much less in a sector by a year.
//!
//! What one plan stated on one day for one sector or label, year and kind is one target; each
//! number in it keeps its own source. Numbers that contradict each other are kept as they were
//! stated, and flagged.

mod edit;
mod figures;
pub mod graphql;
mod pack;
pub mod rest;
mod wishes;

use std::collections::HashMap;

use async_graphql::{Enum, InputObject, SimpleObject};
use entity::code;
use entity::target::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use edit::{NewTarget, TargetChange, create, delete, revert, update};
pub use figures::Contradiction;
pub use pack::{LoadedFigure, LoadedTarget, load};

use crate::access::Access;
use crate::basis::Basis;
use crate::date::PartialDate;
use crate::error::{Error, Result};
use crate::history::Revision;
use crate::id::{PlanId, SectorId, TargetId};
use crate::plan;
use crate::quantity::MassUnit;
use crate::sector::{self, Sector, TOTAL};
use crate::source::{Cites, Figure, Provenance};
use figures::Stated;

/// In which sense a target is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::TargetKind")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TargetKind {
    /// What the plan settled on. Queries show these unless asked otherwise.
    Final,
    /// For one year on the way, as used in progress checks.
    Annual,
    /// For a year between.
    Interim,
    /// Put forward before the plan was settled.
    Draft,
    /// One of several put to the committee.
    Candidate,
    /// Replaced by a later one.
    Superseded,
    /// Given differently by a later report.
    Restated,
    /// A figure as the report has it although it must be wrong.
    AsPrinted,
}

impl TargetKind {
    /// Every sense.
    pub const ALL: [Self; 8] = [
        Self::Final,
        Self::Annual,
        Self::Interim,
        Self::Draft,
        Self::Candidate,
        Self::Superseded,
        Self::Restated,
        Self::AsPrinted,
    ];
}

/// What a plan promises for a year.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// Its id.
    pub id: TargetId,
    /// Its stable name in the data pack it came from: its first row's, as `jeonbuk:T001`.
    pub external_id: Option<String>,
    /// Whose promise it is.
    #[graphql(skip)]
    pub plan_id: PlanId,
    /// The code of its sector; null for the total, and where only a label is known.
    #[graphql(skip)]
    pub sector: Option<String>,
    #[graphql(skip)]
    #[serde(skip)]
    sector_id: Option<SectorId>,
    /// Whether it is the total of all sectors.
    pub is_total: bool,
    /// What the source calls this part, where that is not a whole sector.
    pub label: Option<String>,
    /// The year it is for.
    pub year: i32,
    /// The year it is counted from.
    pub base_year: Option<i32>,
    /// In which sense it is a target.
    pub kind: TargetKind,
    /// When it was stated.
    pub stated_on: Option<PartialDate>,
    /// What exactly the figures count.
    pub basis: Basis,
    /// Emissions of the base year. Where the target states none, a total shows what its plan
    /// reports for the same year.
    #[graphql(skip)]
    pub base: Figure,
    /// Emissions of the target year.
    #[graphql(skip)]
    pub target: Figure,
    /// The same before removals.
    #[graphql(skip)]
    pub gross_target: Figure,
    /// How much less than in the base year.
    #[graphql(skip)]
    pub reduction: Figure,
    /// How much is removed in the target year.
    #[graphql(skip)]
    pub removals: Figure,
    /// How much less, in percent of the base.
    pub reduction_rate: Figure,
    /// Which part of the plan's whole reduction this is, in percent.
    pub share_of_reduction: Figure,
    /// Where its figures contradict each other. They are kept as stated.
    pub contradictions: Vec<Contradiction>,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
    /// The revision of the plan that `base` is taken from, where the target states none.
    #[graphql(skip)]
    #[serde(skip)]
    pub base_revision: Option<Revision>,
}

impl Target {
    /// The same with its masses in another unit.
    pub fn in_unit(mut self, unit: MassUnit) -> Self {
        let Self { base, target, gross_target, reduction, removals, .. } = &mut self;
        for figure in [base, target, gross_target, reduction, removals] {
            *figure = figure.in_unit(unit);
        }
        self
    }
}

impl Cites for Target {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        let Self { base, target, gross_target, reduction, removals, .. } = self;
        let masses = [base, target, gross_target, reduction, removals];
        let rates = [&mut self.reduction_rate, &mut self.share_of_reduction];
        masses.into_iter().chain(rates).map(|figure| &mut figure.provenance).collect()
    }
}

/// Which targets of a plan are meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, InputObject)]
pub struct TargetFilter {
    /// Of the sector of this code; `TOTAL` for the totals.
    pub sector: Option<String>,
    /// For this year.
    pub year: Option<i32>,
    /// In one of these senses.
    pub kind: Vec<TargetKind>,
}

impl Default for TargetFilter {
    fn default() -> Self {
        Self { sector: None, year: None, kind: vec![TargetKind::Final] }
    }
}

/// One target. `NOT_FOUND` where the caller sees none.
pub async fn get(access: &Access, id: TargetId) -> Result<Target> {
    let row = find(access, id).await?;
    let target = complete(access, vec![row]).await?.pop();
    target.ok_or_else(|| Error::impossible("a target got lost"))
}

/// These targets, as far as the caller sees them, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = TargetId>,
) -> Result<Vec<Target>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    complete(access, rows).await
}

/// The targets of one plan that fit. `NOT_FOUND` where the caller sees no such plan.
pub async fn of_plan(access: &Access, plan: PlanId, filter: &TargetFilter) -> Result<Vec<Target>> {
    plan::site_of(access, plan).await?;
    of_plans(access, &[plan], filter).await
}

/// The targets of these plans that fit: by year, the total first, then in the order of sectors.
pub async fn of_plans(
    access: &Access,
    plans: &[PlanId],
    filter: &TargetFilter,
) -> Result<Vec<Target>> {
    let plans = access.any_of(Column::PlanId, plans.iter().map(|plan| plan.0));
    let kinds = filter.kind.iter().map(|kind| code::TargetKind::from(*kind));
    let mut select = visible(access).filter(plans).filter(Column::Kind.is_in(kinds));
    if let Some(year) = filter.year {
        select = select.filter(Column::Year.eq(year));
    }
    if let Some(code) = &filter.sector {
        let sector = sector::get(access, code).await.map_err(|error| error.at("sector"))?;
        select = select.filter(Column::SectorId.eq(sector.id.0));
    }
    let rows = select.all(&access.db().await?).await?;
    complete(access, rows).await
}

/// The targets this caller may see. Every read in this slice starts here.
fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(access.sees(Column::PlanId))
}

async fn find(access: &Access, id: TargetId) -> Result<target::Model> {
    let row = visible(access).filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("target"))
}

/// The targets of these rows, in their usual order, with their figures.
async fn complete(access: &Access, rows: Vec<target::Model>) -> Result<Vec<Target>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut stated = figures::of_targets(access, rows.iter().map(|row| row.id)).await?;
    let mut plans: Vec<PlanId> = rows.iter().map(|row| PlanId(row.plan_id)).collect();
    plans.sort_unstable();
    plans.dedup();
    let bases = plan::reported_bases(access, &plans).await?;
    let sectors: HashMap<Uuid, (usize, Sector)> = sector::list(access)
        .await?
        .into_iter()
        .enumerate()
        .map(|(n, sector)| (sector.id.0, (n, sector)))
        .collect();
    let mut targets = Vec::with_capacity(rows.len());
    for row in rows {
        let stated = stated.remove(&row.id).unwrap_or_default();
        let place = row.sector_id.and_then(|id| sectors.get(&id));
        let target = described(row, place.map(|(_, sector)| sector), stated, &bases)?;
        targets.push((place.map_or(usize::MAX, |(n, _)| *n), target));
    }
    targets.sort_by(|(a, one), (b, other)| {
        let key = |n: usize, target: &Target| (target.year, !target.is_total, n, target.id);
        key(*a, one).cmp(&key(*b, other))
    });
    Ok(targets.into_iter().map(|(_, target)| target).collect())
}

fn described(
    row: target::Model,
    sector: Option<&Sector>,
    stated: Stated,
    bases: &[plan::ReportedBase],
) -> Result<Target> {
    let is_total = sector.is_some_and(|sector| sector.code == TOTAL);
    let part = sector.filter(|_| !is_total);
    let mut base_revision = None;
    let Stated { mut base, target, gross_target, reduction, removals, rate, share } = stated;
    if base.as_mass().is_none() && is_total && row.label.is_none() && settled(row.kind) {
        let reported = bases.iter().find(|base| base.plan.0 == row.plan_id);
        let reported = reported.filter(|base| base.year.is_some() && base.year == row.base_year);
        base_revision = reported.map(|reported| reported.revision);
        base = reported.map_or(base, |reported| reported.figure.clone());
    }
    let basis = basis_of(&row);
    Ok(Target {
        id: TargetId(row.id),
        external_id: row.external_id,
        plan_id: PlanId(row.plan_id),
        sector: part.map(|sector| sector.code.clone()),
        sector_id: part.map(|sector| sector.id),
        is_total,
        label: row.label,
        year: row.year,
        base_year: row.base_year,
        kind: row.kind.into(),
        stated_on: row.stated_on.as_deref().map(PartialDate::parse).transpose()?,
        basis,
        contradictions: figures::contradictions([&base, &target, &reduction, &rate]),
        base,
        target,
        gross_target,
        reduction,
        removals,
        reduction_rate: rate,
        share_of_reduction: share,
        revision: Revision(row.revision),
        base_revision,
    })
}

/// What exactly the figures of a row count.
fn basis_of(row: &target::Model) -> Basis {
    Basis {
        boundary: row.boundary.into(),
        netting: row.netting.into(),
        flow: row.flow.into(),
        accounting: row.accounting.into(),
        guideline: row.guideline.clone(),
        gwp_set: row.gwp_set.clone(),
    }
}

/// Whether what the plan reports of its base year belongs to targets of this kind: drafts may have
/// had another.
const fn settled(kind: code::TargetKind) -> bool {
    use code::TargetKind::{Annual, Final, Interim};
    matches!(kind, Final | Annual | Interim)
}
