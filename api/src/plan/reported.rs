use async_graphql::SimpleObject;
use entity::plan::{self, Column};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::{cited, visible};
use crate::access::Access;
use crate::basis::Boundary;
use crate::error::Result;
use crate::history::Revision;
use crate::id::PlanId;
use crate::quantity::{Mass, Rate};
use crate::source::{Citation, Figure, FigureStatus};

/// What a source reports of a plan as a whole, kept as it was reported.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportedTotals {
    /// Whose emissions these are, in the source's words.
    pub scope: Option<String>,
    /// The same, as a code.
    pub boundary: Boundary,
    /// Emissions of the base year.
    pub base: Figure,
    /// The year of the target.
    pub target_year: Option<i32>,
    /// Emissions of that year.
    pub target: Figure,
    /// How much less that is.
    pub reduction: Figure,
    /// How much less, in percent of the base.
    pub reduction_rate: Figure,
    /// Into how many sectors the plan is divided.
    pub sectors: Option<i32>,
}

/// What plans report of their base year, for the targets that state no base of their own.
#[derive(Clone, Debug)]
pub struct ReportedBase {
    /// Which plan.
    pub plan: PlanId,
    /// Which year.
    pub year: Option<i32>,
    /// How much, and where that comes from.
    pub figure: Figure,
    /// The revision that last wrote the plan that says so.
    pub revision: Revision,
}

/// What these plans report of their base year.
pub async fn reported_bases(access: &Access, plans: &[PlanId]) -> Result<Vec<ReportedBase>> {
    let ids = access.any_of(Column::Id, plans.iter().map(|plan| plan.0));
    let rows = visible(access).filter(ids).filter(Column::ReportedBase.is_not_null());
    let rows = rows.all(&access.db().await?).await?;
    let base = |row: plan::Model| ReportedBase {
        plan: PlanId(row.id),
        year: row.base_year,
        figure: reported_mass(row.reported_base, &cited(&row)),
        revision: Revision(row.revision),
    };
    Ok(rows.into_iter().map(base).collect())
}

/// The totals a row reports.
pub(super) fn totals(row: &plan::Model, citation: &Citation) -> ReportedTotals {
    let rate = match row.reported_reduction_rate {
        None => Figure::no_rate(),
        rate => Figure::rate(rate.map(Rate), FigureStatus::Reported, citation.clone().into()),
    };
    ReportedTotals {
        scope: row.reported_scope.clone(),
        boundary: row.boundary.into(),
        base: reported_mass(row.reported_base, citation),
        target_year: row.reported_target_year,
        target: reported_mass(row.reported_target, citation),
        reduction: reported_mass(row.reported_reduction, citation),
        reduction_rate: rate,
        sectors: row.reported_sectors,
    }
}

fn reported_mass(mass: Option<i64>, citation: &Citation) -> Figure {
    match mass {
        None => Figure::no_mass(),
        mass => Figure::mass(mass.map(Mass), FigureStatus::Reported, citation.clone().into()),
    }
}
