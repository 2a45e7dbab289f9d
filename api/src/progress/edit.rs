use async_graphql::{InputObject, MaybeUndefined};
use entity::code;
use entity::progress_check::{self, Column, Entity};
use entity::{progress_reviewer, progress_sector};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::sectors::{self, SectorResultInput};
use super::{CheckKind, ProgressCheck, find, get, site, visible};
use super::{assessments, frozen, steps};
use crate::access::{Access, Action, Site};
use crate::date::Day;
use crate::error::{Code, Error, Faults, Result};
use crate::history::{Change, Revision, Written};
use crate::id::{AnyId, CheckId, Id as _, PlanId};
use crate::input::{self, needed, optional, said};
use crate::quantity::{MassInput, RateInput};
use crate::region::{self, RegionBy};
use crate::{message, organization, plan, source};

/// What it takes to enter a progress check: a plan or a region, a year and a kind.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[graphql(name = "NewProgressCheck")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewProgressCheck)]
pub struct NewCheck {
    /// Whose year it is; the plan's region, if not said.
    pub region: Option<RegionBy>,
    /// The plan it is about: who sees that will see this. Everybody, if it is about none.
    pub plan: Option<AnyId>,
    /// The year it looks at; of a plan's period, if it is about one.
    pub year: i32,
    /// What it looks at.
    pub kind: CheckKind,
    /// When it was done: `2025`, `2025-05` or `2025-05-22`; not in the future.
    pub reviewed_on: Option<String>,
    /// The organizations that did it, the main one first.
    pub reviewers: Option<Vec<AnyId>>,
    /// How many measures there are.
    pub measures_total: Option<i32>,
    /// How many of them were assessed.
    pub measures_assessed: Option<i32>,
    /// How many of those reached what was planned.
    pub measures_achieved: Option<i32>,
    /// How many go as planned.
    pub measures_on_track: Option<i32>,
    /// How many are late, or did not reach it.
    pub measures_other: Option<i32>,
    /// Those that were achieved or on track, as reported, in percent of those assessed.
    pub good_share: Option<RateInput>,
    /// How much was to be reduced in the year.
    pub goal_reduction: Option<MassInput>,
    /// How much was reduced.
    pub actual_reduction: Option<MassInput>,
    /// What was reduced, as reported, in percent of what was to be.
    pub achievement_rate: Option<RateInput>,
    /// What is reported of single sectors: all of them.
    pub sectors: Option<Vec<SectorResultInput>>,
    /// The grade that was given: up to 100 characters.
    pub grade: Option<String>,
    /// What was found.
    pub summary: Option<String>,
    /// What this is taken from: up to two sources, the main one first.
    pub sources: Option<Vec<AnyId>>,
    /// What else should be known about it.
    pub note: Option<String>,
}

/// What may change about a progress check. What is left out stays; null takes a value away.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[graphql(name = "ProgressCheckChange")]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = ProgressCheckChange)]
pub struct CheckChange {
    /// The year it looks at; of a plan's period, if it is about one.
    #[schema(value_type = Option<i32>)]
    pub year: MaybeUndefined<i32>,
    /// What it looks at.
    #[schema(value_type = Option<CheckKind>)]
    pub kind: MaybeUndefined<CheckKind>,
    /// When it was done: `2025`, `2025-05` or `2025-05-22`; not in the future.
    #[schema(value_type = Option<String>)]
    pub reviewed_on: MaybeUndefined<String>,
    /// The organizations that did it, the main one first.
    #[schema(value_type = Option<Vec<AnyId>>)]
    pub reviewers: MaybeUndefined<Vec<AnyId>>,
    /// How many measures there are.
    #[schema(value_type = Option<i32>)]
    pub measures_total: MaybeUndefined<i32>,
    /// How many of them were assessed.
    #[schema(value_type = Option<i32>)]
    pub measures_assessed: MaybeUndefined<i32>,
    /// How many of those reached what was planned.
    #[schema(value_type = Option<i32>)]
    pub measures_achieved: MaybeUndefined<i32>,
    /// How many go as planned.
    #[schema(value_type = Option<i32>)]
    pub measures_on_track: MaybeUndefined<i32>,
    /// How many are late, or did not reach it.
    #[schema(value_type = Option<i32>)]
    pub measures_other: MaybeUndefined<i32>,
    /// Those that were achieved or on track, as reported, in percent of those assessed.
    #[schema(value_type = Option<RateInput>)]
    pub good_share: MaybeUndefined<RateInput>,
    /// How much was to be reduced in the year.
    #[schema(value_type = Option<MassInput>)]
    pub goal_reduction: MaybeUndefined<MassInput>,
    /// How much was reduced.
    #[schema(value_type = Option<MassInput>)]
    pub actual_reduction: MaybeUndefined<MassInput>,
    /// What was reduced, as reported, in percent of what was to be.
    #[schema(value_type = Option<RateInput>)]
    pub achievement_rate: MaybeUndefined<RateInput>,
    /// What is reported of single sectors: all of them.
    #[schema(value_type = Option<Vec<SectorResultInput>>)]
    pub sectors: MaybeUndefined<Vec<SectorResultInput>>,
    /// The grade that was given: up to 100 characters.
    #[schema(value_type = Option<String>)]
    pub grade: MaybeUndefined<String>,
    /// What was found.
    #[schema(value_type = Option<String>)]
    pub summary: MaybeUndefined<String>,
    /// What this is taken from: up to two sources, the main one first.
    #[schema(value_type = Option<Vec<AnyId>>)]
    pub sources: MaybeUndefined<Vec<AnyId>>,
    /// What else should be known about it.
    #[schema(value_type = Option<String>)]
    pub note: MaybeUndefined<String>,
}

impl From<NewCheck> for CheckChange {
    fn from(new: NewCheck) -> Self {
        Self {
            year: MaybeUndefined::Value(new.year),
            kind: MaybeUndefined::Value(new.kind),
            reviewed_on: said(new.reviewed_on),
            reviewers: said(new.reviewers),
            measures_total: said(new.measures_total),
            measures_assessed: said(new.measures_assessed),
            measures_achieved: said(new.measures_achieved),
            measures_on_track: said(new.measures_on_track),
            measures_other: said(new.measures_other),
            good_share: said(new.good_share),
            goal_reduction: said(new.goal_reduction),
            actual_reduction: said(new.actual_reduction),
            achievement_rate: said(new.achievement_rate),
            sectors: said(new.sectors),
            grade: said(new.grade),
            summary: said(new.summary),
            sources: said(new.sources),
            note: said(new.note),
        }
    }
}

/// What a change refers to, looked up.
struct Named {
    reviewers: Option<Vec<Uuid>>,
    sectors: Option<Vec<progress_sector::Model>>,
    sources: Option<[Option<Uuid>; 2]>,
}

impl Named {
    async fn of(access: &Access, wanted: &CheckChange) -> Result<Self> {
        let sectors = match &wanted.sectors {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(Vec::new()),
            MaybeUndefined::Value(results) => Some(sectors::checked(access, results).await?),
        };
        let reviewers = organization::all_chosen(access, "reviewers", &wanted.reviewers).await?;
        Ok(Self { reviewers, sectors, sources: source::chosen(access, &wanted.sources).await? })
    }

    /// Writes reviewers and sectors, where anything was said of them.
    async fn write(self, change: &Change, check: Uuid) -> Result<Written> {
        type Reviewers = progress_reviewer::Entity;
        let mut parts = Vec::new();
        if let Some(reviewers) = self.reviewers {
            parts.push(organization::write::<Reviewers>(change, check, reviewers).await?);
        }
        if let Some(results) = self.sectors {
            parts.push(sectors::write(change, check, results).await?);
        }
        let moved = parts.contains(&Written::Updated);
        Ok(if moved { Written::Updated } else { Written::Unchanged })
    }
}

/// Enters a progress check. For who checks the progress of its region; `CONFLICT` where there is
/// one of the same region, plan, year and kind.
pub async fn create(access: &Access, new: NewCheck) -> Result<ProgressCheck> {
    let site = site_of(access, new.region.as_ref(), new.plan.as_ref()).await?;
    access.require(Action::CheckProgress, site)?;
    let wanted = CheckChange::from(new);
    let named = Named::of(access, &wanted).await?;
    let id = CheckId::new();
    let today = Day::in_seoul(access.now().await?);
    let row = described((&wanted, &named), blank(id, site), today)?;
    access
        .change("createProgressCheck", async move |change| {
            in_period(change, &row).await?;
            alone(change, &row).await?;
            change.insert::<Entity>(row).await?;
            named.write(change, id.0).await.map(|_| ())
        })
        .await?;
    get(access, id).await
}

/// Changes a check that is at this revision. For who checks the progress of its region;
/// `GUARD_FAILED` once it is submitted.
pub async fn update(
    access: &Access,
    id: CheckId,
    revision: Revision,
    wanted: CheckChange,
) -> Result<ProgressCheck> {
    let row = find(access, id).await?;
    access.require(Action::CheckProgress, site(&row))?;
    let named = Named::of(access, &wanted).await?;
    let today = Day::in_seoul(access.now().await?);
    access
        .change("updateProgressCheck", async move |change| {
            let before = change.current(visible(change), id.0, revision).await?;
            frozen::is_open(&before)?;
            let after = described((&wanted, &named), before.clone(), today)?;
            if (after.year, after.kind) != (before.year, before.kind) {
                steps::never_submitted(change, before.id)
                    .await
                    .map_err(|error| error.at("year"))?;
            }
            if after.year != before.year {
                in_period(change, &after).await?;
            }
            alone(change, &after).await?;
            let parts = named.write(change, id.0).await?;
            let whole = change.update::<Entity>(&before, after).await?;
            if (whole, parts) == (Written::Unchanged, Written::Updated) {
                change.touch::<Entity>(&before).await?;
            }
            Ok(())
        })
        .await?;
    get(access, id).await
}

/// Removes a check that is at this revision, with its assessments. For who checks the progress of its
/// region; `GUARD_FAILED` where it was ever submitted.
pub async fn delete(access: &Access, id: CheckId, revision: Revision) -> Result<CheckId> {
    let row = find(access, id).await?;
    access.require(Action::CheckProgress, site(&row))?;
    access
        .change("deleteProgressCheck", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            steps::never_submitted(change, row.id).await?;
            let (reviewers, sectors) = (Some(Vec::new()), Some(Vec::new()));
            Named { reviewers, sectors, sources: None }.write(change, id.0).await?;
            assessments::remove_all(change, id.0).await?;
            steps::remove_all(change, id.0).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

/// Where a new check belongs: to a plan, whose region it shares, or to a region alone.
async fn site_of(access: &Access, region: Option<&RegionBy>, plan: Option<&AnyId>) -> Result<Site> {
    let region = match region {
        None => None,
        Some(by) => Some(region::get(access, by).await.map_err(|error| error.at("region"))?.id),
    };
    let plan = match plan {
        None => None,
        Some(plan) => {
            let id = PlanId::parse_at("plan", plan)?;
            Some(plan::site_of(access, id).await.map_err(|error| error.at("plan"))?)
        }
    };
    match (region, plan) {
        (Some(region), Some(plan)) if region.0 != plan.region => {
            Err(Error::invalid("region", message::other_region()))
        }
        (_, Some(plan)) => Ok(plan),
        (Some(region), None) => Ok(region.into()),
        (None, None) => Err(Error::invalid("region", message::required())),
    }
}

/// A plan is checked for the years that it covers. Under the lock: it may have got other years, gone,
/// or left the caller's sight, while this waited.
async fn in_period(change: &Change, row: &progress_check::Model) -> Result<()> {
    let Some(plan) = row.plan_id.map(PlanId) else { return Ok(()) };
    let period = plan::period_of(change, plan).await.map_err(|error| error.at("plan"))?;
    match period.holds(row.year) {
        true => Ok(()),
        false => Err(Error::invalid("year", message::outside_the_period(&period.to_string()))),
    }
}

/// No other check says the same thing: no database holds a key with a missing plan to be one.
async fn alone(change: &Change, row: &progress_check::Model) -> Result<()> {
    let theirs = Entity::find()
        .filter(Column::RegionId.eq(row.region_id))
        .filter(Column::Year.eq(row.year))
        .filter(Column::Kind.eq(row.kind))
        .filter(Column::Id.ne(row.id));
    let theirs = theirs.all(&change.db().await?).await?;
    match theirs.iter().any(|other| other.plan_id == row.plan_id) {
        true => Err(Error::new(Code::Conflict, message::check_exists()).at("year")),
        false => Ok(()),
    }
}

/// The row as it is to be, checked. What contradicts itself is kept: so it was reported.
fn described(
    (wanted, named): (&CheckChange, &Named),
    mut row: progress_check::Model,
    today: Day,
) -> Result<progress_check::Model> {
    let mut faults = Faults::default();
    let text = |text: &String| input::text(text, input::TEXT);
    let label = |text: &String| input::text(text, input::LABEL);
    faults.put("year", &mut row.year, needed(&wanted.year, |year| input::year(*year)));
    faults.put("kind", &mut row.kind, needed(&wanted.kind, |kind| Ok((*kind).into())));
    let reviewed_on = optional(&wanted.reviewed_on, |date| input::past_date(date, today));
    faults.put("reviewedOn", &mut row.reviewed_on, reviewed_on);
    faults.put("grade", &mut row.grade, optional(&wanted.grade, label));
    faults.put("summary", &mut row.summary, optional(&wanted.summary, text));
    faults.put("note", &mut row.note, optional(&wanted.note, text));
    numbers(wanted, &mut row, &mut faults);
    if let Some(cited) = named.sources
        && cited != [row.source_id, row.source2_id]
    {
        [row.source_id, row.source2_id] = cited;
        row.confidence = row.source_id.map(|_| code::Confidence::B);
    }
    faults.into_result(row)
}

fn numbers(wanted: &CheckChange, row: &mut progress_check::Model, faults: &mut Faults) {
    let count = |number: &i32| input::count(*number);
    let mass = |mass: &MassInput| Ok(mass.parse()?.0);
    let rate = |rate: &RateInput| Ok(rate.parse()?.0);
    faults.put("measuresTotal", &mut row.measures_total, optional(&wanted.measures_total, count));
    let assessed = optional(&wanted.measures_assessed, count);
    faults.put("measuresAssessed", &mut row.measures_assessed, assessed);
    let achieved = optional(&wanted.measures_achieved, count);
    faults.put("measuresAchieved", &mut row.measures_achieved, achieved);
    let on_track = optional(&wanted.measures_on_track, count);
    faults.put("measuresOnTrack", &mut row.measures_on_track, on_track);
    faults.put("measuresOther", &mut row.measures_other, optional(&wanted.measures_other, count));
    faults.put("goodShare", &mut row.good_share, optional(&wanted.good_share, rate));
    faults.put("goalReduction", &mut row.goal_reduction, optional(&wanted.goal_reduction, mass));
    let actual = optional(&wanted.actual_reduction, mass);
    faults.put("actualReduction", &mut row.actual_reduction, actual);
    let achievement = optional(&wanted.achievement_rate, rate);
    faults.put("achievementRate", &mut row.achievement_rate, achievement);
}

/// A check of which nothing is known yet.
fn blank(id: CheckId, site: Site) -> progress_check::Model {
    progress_check::Model {
        id: id.0,
        external_id: None,
        region_id: site.region,
        plan_id: site.plan,
        year: 0,
        kind: code::CheckKind::BasicPlan,
        state: None,
        reviewed_on: None,
        measures_total: None,
        measures_assessed: None,
        measures_achieved: None,
        measures_on_track: None,
        measures_other: None,
        good_share: None,
        goal_reduction: None,
        actual_reduction: None,
        achievement_rate: None,
        grade: None,
        summary: None,
        source_id: None,
        source2_id: None,
        confidence: None,
        note: None,
        revision: 0,
    }
}
