use std::collections::HashMap;

use entity::code;
use entity::plan::{self, Entity};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{PlanKind, contractors, edit};
use crate::basis::Boundary;
use crate::date::PartialDate;
use crate::error::{Error, Result};
use crate::history::{Change, Written};
use crate::id::{PlanId, RegionId};
use crate::quantity::{Mass, Rate, Won};
use crate::source::Citation;

/// What a data pack reports of a plan as a whole.
#[derive(Clone, Debug, Default)]
pub struct LoadedReport {
    /// How far it has come, in the source's word.
    pub status: Option<String>,
    /// How many measures there are.
    pub measures: Option<i32>,
    /// How many sectors there are.
    pub sectors: Option<i32>,
    /// The budget of all years.
    pub budget: Option<Won>,
    /// Whose emissions the figures count, in the source's words.
    pub scope: Option<String>,
    /// Emissions of the base year.
    pub base: Option<Mass>,
    /// The year of the target.
    pub target_year: Option<i32>,
    /// Emissions of that year.
    pub target: Option<Mass>,
    /// How much less that is.
    pub reduction: Option<Mass>,
    /// How much less, in percent.
    pub reduction_rate: Option<Rate>,
}

/// A plan as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedPlan {
    /// Its stable name.
    pub external_id: String,
    /// Whose plan it is.
    pub region: Uuid,
    /// What the region calls it.
    pub title: String,
    /// What kind of plan it is.
    pub kind: PlanKind,
    /// Which cycle.
    pub round: i32,
    /// The first and the last year.
    pub period: (Option<i32>, Option<i32>),
    /// The year its reductions are counted from.
    pub base_year: Option<i32>,
    /// Its vision.
    pub vision: Option<String>,
    /// Whose emissions the figures count.
    pub boundary: Boundary,
    /// What is reported of it as a whole.
    pub reported: LoadedReport,
    /// Who was contracted to draft it, in the pack's order.
    pub contractors: Vec<Uuid>,
    /// Those of them that the service does not hold, as the pack names them.
    pub contractor_refs: Vec<String>,
    /// When work began, the committee deliberated, it was announced.
    pub dates: [Option<PartialDate>; 3],
    /// Where this comes from.
    pub citation: Citation,
}

/// Writes the plans of a data pack, which are public; what happened to each, in their order.
pub async fn load(change: &Change, new: Vec<LoadedPlan>) -> Result<Vec<Written>> {
    let known = Entity::find().all(&change.db().await?).await?;
    let known: HashMap<&str, &plan::Model> =
        known.iter().filter_map(|row| Some((row.external_id.as_deref()?, row))).collect();
    let mut batch = change.batch::<Entity>();
    let mut contracted = Vec::with_capacity(new.len());
    for mut plan in new {
        let before = known.get(plan.external_id.as_str()).copied();
        let contractors = std::mem::take(&mut plan.contractors);
        let row = row_of(plan, before, change.revision())?;
        contracted.push((row.id, contractors, before));
        batch.put(before, row);
    }
    let mut written = batch.write().await?;
    for ((id, contractors, before), written) in contracted.into_iter().zip(&mut written) {
        let moved = contractors::write(change, PlanId(id), &contractors).await?;
        if let (Some(before), Written::Unchanged, Written::Updated) = (before, *written, moved) {
            // Its contractors are a part of it.
            change.touch::<Entity>(before).await?;
            *written = Written::Updated;
        }
    }
    Ok(written)
}

/// A plan that a data pack has brought, as what hangs on it refers to it.
#[derive(Clone, Debug)]
pub struct LoadedRef {
    /// Its stable name.
    pub external_id: String,
    /// Its id.
    pub id: PlanId,
    /// Whose plan it is.
    pub region: RegionId,
    /// Whose emissions its figures count; its targets share that.
    pub boundary: Boundary,
}

/// The plans that data packs have brought.
pub async fn loaded(change: &Change) -> Result<Vec<LoadedRef>> {
    let rows = Entity::find().all(&change.db().await?).await?;
    let named = rows.into_iter().filter_map(|row| {
        let (id, region, boundary) = (PlanId(row.id), RegionId(row.region_id), row.boundary.into());
        Some(LoadedRef { external_id: row.external_id?, id, region, boundary })
    });
    Ok(named.collect())
}

fn row_of(new: LoadedPlan, before: Option<&plan::Model>, revision: i64) -> Result<plan::Model> {
    let id = before.map_or_else(Uuid::now_v7, |row| row.id);
    let blank = edit::blank(PlanId(id), RegionId(new.region), revision);
    let [work_started_on, deliberated_on, announced_on] =
        new.dates.map(|date| date.map(|date| date.text));
    let LoadedReport { base, target, reduction, reduction_rate, .. } = new.reported;
    let [source_id, source2_id] = new.citation.cited;
    Ok(plan::Model {
        external_id: Some(new.external_id),
        title: new.title,
        kind: new.kind.into(),
        round: new.round,
        period_start: new.period.0,
        period_end: new.period.1,
        base_year: new.base_year,
        vision: new.vision,
        // Whoever withdrew a plan or opened it further has the last word over its pack.
        visibility: before.map_or(code::Visibility::Public, |row| row.visibility),
        approval: before.map_or(code::Approval::None, |row| row.approval),
        // Packs know of no versions.
        parent_id: before.and_then(|row| row.parent_id),
        parent_version: before.and_then(|row| row.parent_version),
        parent_pinned: before.and_then(|row| row.parent_pinned),
        reported_status: new.reported.status,
        reported_measures: new.reported.measures,
        reported_sectors: new.reported.sectors,
        reported_budget: new.reported.budget.map(|won| won.0),
        reported_scope: new.reported.scope,
        boundary: new.boundary.into(),
        reported_base: base.map(|mass| mass.0),
        reported_target_year: new.reported.target_year,
        reported_target: target.map(|mass| mass.0),
        reported_reduction: reduction.map(|mass| mass.0),
        reported_reduction_rate: reduction_rate.map(|rate| rate.0),
        contractor_refs: serde_json::to_string(&new.contractor_refs).map_err(Error::internal)?,
        work_started_on,
        deliberated_on,
        announced_on,
        source_id,
        source2_id,
        confidence: new.citation.confidence,
        note: new.citation.note,
        ..blank
    })
}
