use async_graphql::{InputObject, MaybeUndefined};
use entity::code;
use entity::indicator::{self, Entity};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Indicator, definition, find, get, goal, require_edit, site, visible};
use crate::access::{Access, Site};
use crate::error::{Error, Faults, Result};
use crate::history::{self, Moment, Revision};
use crate::id::{AnyId, DefinitionId, Id, IndicatorId, MeasureId, PlanId};
use crate::input::{self, optional, said};
use crate::region::{self, RegionBy};
use crate::{measure, message, plan, sector, source};

/// What it takes to measure something in a region.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewIndicator {
    /// What is measured: the id of a definition.
    pub definition: AnyId,
    /// Where; the plan's region if not said.
    pub region: Option<RegionBy>,
    /// For which plan, if for one.
    pub plan: Option<AnyId>,
    /// For which measure, if for one; its plan need not be named.
    pub measure: Option<AnyId>,
    /// The code of its sector.
    pub sector: Option<String>,
    /// What it is taken from.
    pub source: Option<AnyId>,
    /// What else should be known about it.
    pub note: Option<String>,
}

/// What may change about an indicator. What is left out stays; null takes a value away. What is
/// measured, where, and for which plan stays as it is.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct IndicatorChange {
    /// For which measure of its plan.
    #[schema(value_type = Option<String>)]
    pub measure: MaybeUndefined<AnyId>,
    /// The code of its sector.
    #[schema(value_type = Option<String>)]
    pub sector: MaybeUndefined<String>,
    /// What it is taken from.
    #[schema(value_type = Option<String>)]
    pub source: MaybeUndefined<AnyId>,
    /// What else should be known about it.
    #[schema(value_type = Option<String>)]
    pub note: MaybeUndefined<String>,
}

/// Begins to measure something. For who edits the plan, or, without one, who keeps the facts of the
/// region.
pub async fn create(access: &Access, new: NewIndicator) -> Result<Indicator> {
    let wanted = IndicatorChange {
        measure: said(new.measure.clone()),
        sector: said(new.sector.clone()),
        source: said(new.source.clone()),
        note: said(new.note.clone()),
    };
    let site = place(access, &new).await?;
    require_edit(access, site)?;
    let definition = DefinitionId::parse_at("definition", &new.definition)?;
    definition::get(access, definition).await.map_err(|error| error.at("definition"))?;
    let id = IndicatorId::new();
    let blank = indicator::Model {
        id: id.0,
        external_id: None,
        definition_id: definition.0,
        region_id: site.region,
        plan_id: site.plan,
        measure_id: None,
        sector_id: None,
        source_id: None,
        confidence: None,
        note: None,
        revision: 0,
    };
    let named = Named::of(access, &wanted, site).await?;
    let row = described(&wanted, &named, &blank)?;
    access
        .change("createIndicator", async move |change| {
            // The plan may have gone, or left the caller's sight, while this waited.
            if let Some(plan) = site.plan {
                plan::site_of(change, PlanId(plan)).await.map_err(|error| error.at("plan"))?;
            }
            change.insert::<Entity>(indicator::Model { revision: change.revision(), ..row }).await
        })
        .await?;
    get(access, id).await
}

/// Changes an indicator that is at this revision. For who edits its plan, or, without one, who keeps
/// the facts of its region.
pub async fn update(
    access: &Access,
    id: IndicatorId,
    revision: Revision,
    wanted: IndicatorChange,
) -> Result<Indicator> {
    let row = find(access, id).await?;
    require_edit(access, site(&row))?;
    let named = Named::of(access, &wanted, site(&row)).await?;
    access
        .change("updateIndicator", async move |change| {
            let before = change.current(visible(change), id.0, revision).await?;
            let after = described(&wanted, &named, &before)?;
            change.update::<Entity>(&before, after).await
        })
        .await?;
    get(access, id).await
}

/// Puts an indicator that is at this revision as it was at an earlier one: what it is about and where
/// that comes from. Its goals and observations have pasts of their own. For who edits its plan, or,
/// without one, who keeps the facts of its region.
pub async fn revert(
    access: &Access,
    id: IndicatorId,
    revision: Revision,
    to: Revision,
) -> Result<Indicator> {
    let row = find(access, id).await?;
    require_edit(access, site(&row))?;
    let past = access.at(Moment::Revision(to));
    let then = find(&past, id).await;
    past.finish().await;
    let then = then.map_err(history::not_then)?;
    let done = access.change("revertIndicator", async move |change| {
        let before = change.current(visible(change), id.0, revision).await?;
        let definition_id = before.definition_id;
        let (region_id, plan_id) = (before.region_id, before.plan_id);
        let after = indicator::Model { definition_id, region_id, plan_id, ..then };
        change.update::<Entity>(&before, after).await
    });
    done.await.map_err(history::not_now)?;
    get(access, id).await
}

/// Removes an indicator that is at this revision, with its goals. For who edits its plan, or, without
/// one, who keeps the facts of its region; `CONFLICT` while it has observations.
pub async fn delete(access: &Access, id: IndicatorId, revision: Revision) -> Result<IndicatorId> {
    let row = find(access, id).await?;
    require_edit(access, site(&row))?;
    access
        .change("deleteIndicator", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            goal::delete_of(change, id).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

/// Where a new indicator is: in its plan's region, where it has a plan.
async fn place(access: &Access, new: &NewIndicator) -> Result<Site> {
    let region = match &new.region {
        None => None,
        Some(by) => Some(region::get(access, by).await.map_err(|error| error.at("region"))?.id),
    };
    let plan = match (&new.plan, &new.measure) {
        (Some(plan), _) => Some((PlanId::parse_at("plan", plan)?, "plan")),
        (None, Some(id)) => {
            let id = MeasureId::parse_at("measure", id)?;
            let plan = measure::plan_of(access, id).await.map_err(|error| error.at("measure"))?;
            Some((plan, "measure"))
        }
        (None, None) => None,
    };
    let Some((plan, field)) = plan else {
        let region = region.ok_or_else(|| Error::invalid("region", message::required()))?;
        return Ok(region.into());
    };
    let site = plan::site_of(access, plan).await.map_err(|error| error.at(field))?;
    match region.is_none_or(|region| region.0 == site.region) {
        true => Ok(site),
        false => Err(Error::invalid("region", message::other_region())),
    }
}

/// What an indicator refers to, as a caller names it: nothing said, taken away, or this.
struct Named {
    measure: Option<Option<Uuid>>,
    sector: Option<Option<Uuid>>,
    source: Option<Option<Uuid>>,
}

impl Named {
    async fn of(access: &Access, wanted: &IndicatorChange, site: Site) -> Result<Self> {
        let measure = match optional(&wanted.measure, |id| MeasureId::parse_at("measure", id))? {
            Some(Some(id)) => {
                let plan = measure::plan_of(access, id).await;
                let plan = plan.map_err(|error| error.at("measure"))?;
                if site.plan != Some(plan.0) {
                    return Err(Error::invalid("measure", message::other_plan()));
                }
                Some(Some(id.0))
            }
            other => other.map(|_| None),
        };
        let sector = sector::chosen(access, &wanted.sector).await?;
        let source = match &wanted.source {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(id) => {
                let known = source::get(access, Id::parse_at("source", id)?).await;
                Some(Some(known.map_err(|error| error.at("source"))?.id.0))
            }
        };
        Ok(Self { measure, sector: sector.map(|sector| sector.map(|id| id.0)), source })
    }
}

fn described(
    wanted: &IndicatorChange,
    named: &Named,
    before: &indicator::Model,
) -> Result<indicator::Model> {
    let mut faults = Faults::default();
    let mut row = before.clone();
    let note = optional(&wanted.note, |text| input::text(text, input::TEXT));
    faults.put("note", &mut row.note, note);
    row.measure_id = named.measure.unwrap_or(row.measure_id);
    row.sector_id = named.sector.unwrap_or(row.sector_id);
    if let Some(source) = named.source {
        row.source_id = source;
        row.confidence = source.map(|_| code::Confidence::B);
    }
    faults.into_error().map_or(Ok(row), Err)
}
