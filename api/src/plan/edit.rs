use async_graphql::{InputObject, MaybeUndefined};
use entity::code;
use entity::plan::{self, Entity};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ParentInput, Plan, PlanKind, Visibility, contractors, family, find, get, sectors, site, visible,
};
use crate::access::{Access, Action};
use crate::error::{Error, Faults, Result};
use crate::history::Revision;
use crate::id::{Id, PlanId, RegionId};
use crate::input;
use crate::message;
use crate::region::{self, RegionBy, RegionLevel};

/// First and last year, as a caller gives them.
#[derive(Clone, Debug, Default, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodInput {
    /// The first year.
    pub start: Option<i32>,
    /// The last year.
    pub end: Option<i32>,
}

/// What may change about the years a plan covers. What is left out stays; null takes it away.
#[derive(Clone, Debug, Default, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PeriodChange {
    /// The first year.
    #[schema(value_type = Option<i32>)]
    pub start: MaybeUndefined<i32>,
    /// The last year.
    #[schema(value_type = Option<i32>)]
    pub end: MaybeUndefined<i32>,
}

/// What it takes to start a plan.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPlan {
    /// Whose plan it is.
    pub region: RegionBy,
    /// What the region calls it: 1 to 300 characters.
    pub title: String,
    /// What kind of plan: the kind its region makes, which it is if not said.
    pub kind: Option<PlanKind>,
    /// Which cycle; the first if not said.
    pub round: Option<i32>,
    /// The years it covers.
    pub period: Option<PeriodInput>,
    /// The year its reductions are counted from.
    pub base_year: Option<i32>,
    /// Its vision.
    pub vision: Option<String>,
    /// Who may read it; those who work on it if not said. More needs the right to decide.
    pub visibility: Option<Visibility>,
}

/// What may change about a plan. What is left out stays; null takes a value away.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PlanChange {
    /// What the region calls it.
    #[schema(value_type = String)]
    pub title: MaybeUndefined<String>,
    /// Which cycle.
    #[schema(value_type = i32)]
    pub round: MaybeUndefined<i32>,
    /// The years it covers; null takes both away.
    #[schema(value_type = Option<PeriodChange>)]
    pub period: MaybeUndefined<PeriodChange>,
    /// The year its reductions are counted from.
    #[schema(value_type = Option<i32>)]
    pub base_year: MaybeUndefined<i32>,
    /// Its vision.
    #[schema(value_type = Option<String>)]
    pub vision: MaybeUndefined<String>,
    /// Who may read it. Needs the right to decide.
    #[schema(value_type = Visibility)]
    pub visibility: MaybeUndefined<Visibility>,
    /// The plan above that it is made from, at a version. Null goes back to the plan of the same
    /// cycle, as it is.
    #[schema(value_type = Option<ParentInput>)]
    pub parent: MaybeUndefined<ParentInput>,
}

/// Starts a plan. For who edits plans of its region.
pub async fn create(access: &Access, new: NewPlan) -> Result<Plan> {
    let region = region::get(access, &new.region).await.map_err(|error| error.at("region"))?;
    access.require(Action::StartPlan, region.id)?;
    let visibility = new.visibility.unwrap_or(Visibility::Internal);
    if visibility != Visibility::Internal {
        access.require(Action::PublishPlan, region.id)?;
    }
    let checked = check_new(&new)?;
    let kind = kind_of(region.level)?;
    if new.kind.is_some_and(|wanted| wanted != kind) {
        let code = sea_orm::ActiveEnum::to_value(&code::PlanKind::from(kind));
        return Err(Error::invalid("kind", message::kind_of_region(&code)));
    }
    let id = PlanId::new();
    access
        .change("createPlan", async move |change| {
            let mut row = blank(id, region.id, change.revision());
            row.kind = kind.into();
            row.visibility = visibility.into();
            checked.apply(&mut row);
            change.insert::<Entity>(row).await
        })
        .await?;
    get(access, id).await
}

/// Changes a plan that is at this revision. For who edits plans of its region; who may read it, for
/// who decides.
pub async fn update(
    access: &Access,
    id: PlanId,
    revision: Revision,
    wanted: PlanChange,
) -> Result<Plan> {
    let row = find(access, id).await?;
    access.require(Action::EditPlan, site(&row))?;
    let moves = |wanted: &Visibility| code::Visibility::from(*wanted) != row.visibility;
    if wanted.visibility.value().is_some_and(moves) {
        access.require(Action::PublishPlan, site(&row))?;
    }
    let parent = family::chosen(access, &row, &wanted.parent).await;
    let parent = parent.map_err(|error| error.at("parent"))?;
    access
        .change("updatePlan", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            let mut after = row.clone();
            check_change(&wanted, &row)?.apply(&mut after);
            if let Some(pin) = parent {
                family::pin(&mut after, pin.as_ref());
            }
            // Who may read it may have been decided anew while this waited.
            if after.visibility != row.visibility {
                change.require(Action::PublishPlan, site(&row))?;
            }
            change.update::<Entity>(&row, after).await
        })
        .await?;
    get(access, id).await
}

/// Removes a plan that is at this revision, with its division into sectors; `CONFLICT` while anything
/// else is in it. One that others read, for who decides that. Its past stays readable for who saw its drafts.
pub async fn delete(access: &Access, id: PlanId, revision: Revision) -> Result<PlanId> {
    let row = find(access, id).await?;
    access.require(Action::StartPlan, site(&row))?;
    access
        .change("deletePlan", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            // Taking away what others read is deciding who may read it.
            if row.visibility != code::Visibility::Internal {
                change.require(Action::PublishPlan, site(&row))?;
            }
            sectors::delete_of(change, id).await?;
            contractors::write(change, id, &[]).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

/// The plan that the Act asks of a region: Art. 10, 11 and 12. A district has no government.
fn kind_of(level: RegionLevel) -> Result<PlanKind> {
    match level {
        RegionLevel::Nation => Ok(PlanKind::NationalBasic),
        RegionLevel::Province => Ok(PlanKind::ProvinceBasic),
        RegionLevel::Municipality => Ok(PlanKind::MunicipalBasic),
        RegionLevel::District => Err(Error::invalid("region", message::no_own_plan())),
    }
}

/// A plan of which nothing is known yet.
pub(super) fn blank(id: PlanId, region: RegionId, revision: i64) -> plan::Model {
    plan::Model {
        id: id.0,
        external_id: None,
        region_id: region.0,
        title: String::new(),
        kind: code::PlanKind::MunicipalBasic,
        round: 1,
        period_start: None,
        period_end: None,
        base_year: None,
        vision: None,
        visibility: code::Visibility::Internal,
        approval: code::Approval::None,
        reported_status: None,
        reported_measures: None,
        reported_sectors: None,
        reported_budget: None,
        reported_scope: None,
        boundary: code::Boundary::Unstated,
        reported_base: None,
        reported_target_year: None,
        reported_target: None,
        reported_reduction: None,
        reported_reduction_rate: None,
        contractor_refs: "[]".to_owned(),
        work_started_on: None,
        deliberated_on: None,
        announced_on: None,
        source_id: None,
        source2_id: None,
        confidence: None,
        note: None,
        parent_id: None,
        parent_version: None,
        parent_pinned: None,
        revision,
    }
}

/// What a caller wants a plan to be, checked.
struct Checked {
    title: String,
    round: i32,
    period: (Option<i32>, Option<i32>),
    base_year: Option<i32>,
    vision: Option<String>,
    visibility: Option<code::Visibility>,
}

impl Checked {
    fn apply(self, row: &mut plan::Model) {
        row.title = self.title;
        row.round = self.round;
        (row.period_start, row.period_end) = self.period;
        row.base_year = self.base_year;
        row.vision = self.vision;
        if let Some(visibility) = self.visibility {
            row.visibility = visibility;
        }
    }
}

fn check_new(new: &NewPlan) -> Result<Checked> {
    check(
        &new.title,
        new.round.unwrap_or(1),
        &new.period.clone().unwrap_or_default(),
        (new.base_year, new.vision.as_deref(), None),
    )
}

fn check_change(wanted: &PlanChange, row: &plan::Model) -> Result<Checked> {
    let mut faults = Faults::default();
    let title = faults.at("title", input::given(&wanted.title));
    let round = faults.at("round", input::given(&wanted.round));
    let visibility = faults.at("visibility", input::given(&wanted.visibility));
    let (Some(title), Some(round), Some(visibility)) = (title, round, visibility) else {
        return faults.refuse();
    };
    let period = match &wanted.period {
        MaybeUndefined::Undefined => PeriodInput { start: row.period_start, end: row.period_end },
        MaybeUndefined::Null => PeriodInput::default(),
        MaybeUndefined::Value(PeriodChange { start, end }) => PeriodInput {
            start: input::kept(input::seen(start), row.period_start.as_ref()).copied(),
            end: input::kept(input::seen(end), row.period_end.as_ref()).copied(),
        },
    };
    let base_year = input::kept(input::seen(&wanted.base_year), row.base_year.as_ref()).copied();
    let vision = input::kept(input::seen(&wanted.vision), row.vision.as_ref()).map(String::as_str);
    let title = title.unwrap_or(&row.title);
    let visibility = visibility.map(|visibility| (*visibility).into());
    check(title, *round.unwrap_or(&row.round), &period, (base_year, vision, visibility))
}

type Rest<'a> = (Option<i32>, Option<&'a str>, Option<code::Visibility>);

fn check(title: &str, round: i32, period: &PeriodInput, rest: Rest<'_>) -> Result<Checked> {
    let (base_year, vision, visibility) = rest;
    let mut faults = Faults::default();
    let title = faults.at("title", input::text(title, input::TITLE));
    let round = faults.at("round", input::between(round, 1, 50));
    let period = faults.at("period", check_period(period));
    let base_year = faults.maybe("baseYear", base_year.map(input::year));
    let vision = faults.maybe("vision", vision.map(|vision| input::text(vision, input::TEXT)));
    match (title, round, period, base_year, vision) {
        (Some(title), Some(round), Some(period), Some(base_year), Some(vision)) => {
            Ok(Checked { title, round, period, base_year, vision, visibility })
        }
        _ => faults.refuse(),
    }
}

fn check_period(period: &PeriodInput) -> Result<(Option<i32>, Option<i32>)> {
    let mut faults = Faults::default();
    faults.maybe("start", period.start.map(input::year));
    faults.maybe("end", period.end.map(input::year));
    let in_order = period.start.zip(period.end).is_none_or(|(start, end)| start <= end);
    faults.rule(in_order, "end", message::end_before_start());
    faults.into_error().map_or(Ok((period.start, period.end)), Err)
}
