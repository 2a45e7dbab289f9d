use std::collections::HashMap;

use entity::plan_contractor::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::access::Access;
use crate::error::Result;
use crate::history::{Change, Written};
use crate::id::{OrganizationId, PlanId};

/// Who was contracted to draft each of these plans, which the caller has seen; in their order.
pub(super) async fn of_plans(
    access: &Access,
    plans: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<OrganizationId>>> {
    let rows = Entity::find()
        .filter(access.any_of(Column::PlanId, plans))
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id);
    let mut contractors: HashMap<Uuid, Vec<OrganizationId>> = HashMap::new();
    for row in rows.all(&access.db().await?).await? {
        contractors.entry(row.plan_id).or_default().push(OrganizationId(row.organization_id));
    }
    Ok(contractors)
}

/// Writes who was contracted to draft a plan, which are all there then are.
pub(super) async fn write(change: &Change, plan: PlanId, wanted: &[Uuid]) -> Result<Written> {
    let known = Entity::find().filter(Column::PlanId.eq(plan.0)).all(&change.db().await?).await?;
    let mut written = Written::Unchanged;
    for row in known.iter().filter(|row| !wanted.contains(&row.organization_id)) {
        change.delete::<Entity>(row).await?;
        written = Written::Updated;
    }
    let mut batch = change.batch::<Entity>();
    for (organization, position) in wanted.iter().zip(0..) {
        let before = known.iter().find(|row| row.organization_id == *organization);
        let row = plan_contractor::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            plan_id: plan.0,
            organization_id: *organization,
            position,
            revision: change.revision(),
        };
        if batch.put(before, row) != Written::Unchanged {
            written = Written::Updated;
        }
    }
    batch.write().await?;
    Ok(written)
}
