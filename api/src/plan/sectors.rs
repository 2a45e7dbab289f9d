use std::collections::HashMap;

use async_graphql::SimpleObject;
use entity::plan_sector::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Access;
use crate::error::Result;
use crate::history::{Change, Revision, Written};
use crate::id::{PlanId, SectorId};
use crate::source::{Citation, Cites, Provenance};

/// A sector as one plan has it.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct PlanSector {
    /// Its row, as the change log knows it.
    #[graphql(skip)]
    #[serde(skip)]
    pub row: Uuid,
    /// In which plan.
    #[graphql(skip)]
    pub plan_id: PlanId,
    /// Which sector.
    #[graphql(skip)]
    pub sector_id: SectorId,
    /// What the plan calls it.
    pub label: String,
    /// How many mitigation measures the source reports in it.
    pub reported_measures: Option<i32>,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it.
    pub revision: Revision,
}

impl Cites for PlanSector {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        vec![&mut self.provenance]
    }
}

/// How these plans divide into sectors, as far as the caller sees them, in the plans' own order.
pub async fn of_plans(access: &Access, plans: &[PlanId]) -> Result<Vec<PlanSector>> {
    let plans = access.any_of(Column::PlanId, plans.iter().map(|plan| plan.0));
    let rows = visible(access).filter(plans).order_by_asc(Column::Id);
    let rows = rows.all(&access.db().await?).await?;
    Ok(rows.into_iter().map(PlanSector::from).collect())
}

/// Removes a plan's division into sectors.
pub(super) async fn delete_of(change: &Change, plan: PlanId) -> Result<()> {
    let rows = visible(change).filter(Column::PlanId.eq(plan.0));
    for row in rows.all(&change.db().await?).await? {
        change.delete::<Entity>(&row).await?;
    }
    Ok(())
}

fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(access.sees(Column::PlanId))
}

impl From<plan_sector::Model> for PlanSector {
    fn from(row: plan_sector::Model) -> Self {
        Self {
            row: row.id,
            plan_id: PlanId(row.plan_id),
            sector_id: SectorId(row.sector_id),
            label: row.label,
            reported_measures: row.reported_measures,
            provenance: Provenance::from(Citation {
                cited: [row.source_id, row.source2_id],
                confidence: row.confidence,
                note: row.note,
                ..Citation::default()
            }),
            revision: Revision(row.revision),
        }
    }
}

/// A plan's sector as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedPlanSector {
    /// In which plan.
    pub plan: Uuid,
    /// Which sector.
    pub sector: Uuid,
    /// What the plan calls it.
    pub label: String,
    /// How many measures are reported in it.
    pub reported_measures: Option<i32>,
    /// Where this comes from.
    pub citation: Citation,
}

/// Writes the sectors of a data pack's plans; what happened to each, in their order.
pub async fn load_sectors(change: &Change, loaded: Vec<LoadedPlanSector>) -> Result<Vec<Written>> {
    let known = Entity::find().all(&change.db().await?).await?;
    let known: HashMap<(Uuid, Uuid), plan_sector::Model> =
        known.into_iter().map(|row| ((row.plan_id, row.sector_id), row)).collect();
    let mut batch = change.batch::<Entity>();
    for new in loaded {
        let before = known.get(&(new.plan, new.sector));
        let [source_id, source2_id] = new.citation.cited;
        let row = plan_sector::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            plan_id: new.plan,
            sector_id: new.sector,
            label: new.label,
            reported_measures: new.reported_measures,
            source_id,
            source2_id,
            confidence: new.citation.confidence,
            note: new.citation.note,
            revision: change.revision(),
        };
        batch.put(before, row);
    }
    batch.write().await
}
