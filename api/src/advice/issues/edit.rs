use async_graphql::{InputObject, MaybeUndefined};
use entity::code;
use entity::issue::{self, Entity};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Issue, IssueLevel, category, comments, find, get, visible};
use crate::access::{Access, Action, policy};
use crate::date::Day;
use crate::error::{Code, Error, Faults, Result};
use crate::history::{self, Moment, Revision};
use crate::id::{AnyId, Id as _, IssueId, MeasureId, OrganizationId, PlanId, RegionId};
use crate::input::{self, needed, optional, said};
use crate::plan::{self, Visibility};
use crate::region::{self, RegionBy};
use crate::{measure, message, organization, sector, source};

/// What it takes to tell of a difficulty.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewIssue {
    /// Where the difficulty is.
    pub region: RegionBy,
    /// The plan it is about, of the same region: nobody will see this who does not see that.
    pub plan: Option<AnyId>,
    /// The measure it is about; its plan need not be named.
    pub measure: Option<AnyId>,
    /// The code of the sector it is about; its measure's if not said.
    pub sector: Option<String>,
    /// On which level it lies.
    pub level: Option<IssueLevel>,
    /// What kind of difficulty it is: a code of `issueCategories`, as `expertise`.
    pub category: String,
    /// What it is called: 1 to 300 characters.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// When it was told: `2024`, `2024-02` or `2024-02-01`; not in the future.
    pub raised_on: Option<String>,
    /// The organization that told of it.
    pub raised_by: Option<AnyId>,
    /// What was advised.
    pub advice: Option<String>,
    /// The organization that advised it.
    pub advised_by: Option<AnyId>,
    /// Who may read it: `PROVINCE`, every office of its province, if not said; or `PUBLIC`.
    pub visibility: Option<Visibility>,
    /// What this is taken from: up to two sources, the main one first.
    pub sources: Option<Vec<AnyId>>,
    /// What else should be known about it.
    pub note: Option<String>,
}

/// What may change about an issue. What is left out stays; null takes a value away.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct IssueChange {
    /// The plan it is about, of the same region.
    #[schema(value_type = Option<AnyId>)]
    pub plan: MaybeUndefined<AnyId>,
    /// The measure it is about.
    #[schema(value_type = Option<AnyId>)]
    pub measure: MaybeUndefined<AnyId>,
    /// The code of the sector it is about.
    #[schema(value_type = Option<String>)]
    pub sector: MaybeUndefined<String>,
    /// On which level it lies.
    #[schema(value_type = Option<IssueLevel>)]
    pub level: MaybeUndefined<IssueLevel>,
    /// What kind of difficulty it is.
    #[schema(value_type = Option<String>)]
    pub category: MaybeUndefined<String>,
    /// What it is called.
    #[schema(value_type = Option<String>)]
    pub title: MaybeUndefined<String>,
    /// What it is.
    #[schema(value_type = Option<String>)]
    pub description: MaybeUndefined<String>,
    /// When it was told; not in the future.
    #[schema(value_type = Option<String>)]
    pub raised_on: MaybeUndefined<String>,
    /// The organization that told of it.
    #[schema(value_type = Option<AnyId>)]
    pub raised_by: MaybeUndefined<AnyId>,
    /// What was advised.
    #[schema(value_type = Option<String>)]
    pub advice: MaybeUndefined<String>,
    /// The organization that advised it.
    #[schema(value_type = Option<AnyId>)]
    pub advised_by: MaybeUndefined<AnyId>,
    /// Who may read it: `PROVINCE` or `PUBLIC`.
    #[schema(value_type = Option<Visibility>)]
    pub visibility: MaybeUndefined<Visibility>,
    /// What this is taken from: up to two sources, the main one first.
    #[schema(value_type = Option<Vec<AnyId>>)]
    pub sources: MaybeUndefined<Vec<AnyId>>,
    /// What else should be known about it.
    #[schema(value_type = Option<String>)]
    pub note: MaybeUndefined<String>,
}

impl From<NewIssue> for IssueChange {
    fn from(new: NewIssue) -> Self {
        Self {
            plan: said(new.plan),
            measure: said(new.measure),
            sector: said(new.sector),
            level: said(new.level),
            category: MaybeUndefined::Value(new.category),
            title: MaybeUndefined::Value(new.title),
            description: said(new.description),
            raised_on: said(new.raised_on),
            raised_by: said(new.raised_by),
            advice: said(new.advice),
            advised_by: said(new.advised_by),
            visibility: said(new.visibility),
            sources: said(new.sources),
            note: said(new.note),
        }
    }
}

/// What a change refers to, looked up.
struct Named {
    raised_by: Option<Option<OrganizationId>>,
    advised_by: Option<Option<OrganizationId>>,
    sources: Option<[Option<Uuid>; 2]>,
    today: Day,
}

impl Named {
    async fn of(access: &Access, wanted: &IssueChange) -> Result<Self> {
        Ok(Self {
            raised_by: organization::chosen(access, "raisedBy", &wanted.raised_by).await?,
            advised_by: organization::chosen(access, "advisedBy", &wanted.advised_by).await?,
            sources: source::chosen(access, &wanted.sources).await?,
            today: Day::in_seoul(access.now().await?),
        })
    }
}

/// Tells of a difficulty. For who shares issues of its region; who decides there, or brings issues
/// together, may tell everybody.
pub async fn create(access: &Access, new: NewIssue) -> Result<Issue> {
    let region = region::get(access, &new.region).await.map_err(|error| error.at("region"))?;
    access.require(Action::ShareIssues, region.id)?;
    let wanted = IssueChange::from(new);
    let named = Named::of(access, &wanted).await?;
    let id = IssueId::new();
    let row = described(&wanted, &named, blank(id, region.id))?;
    shown_by(access, (code::Visibility::Province, row.visibility), region.id)?;
    access
        .change("createIssue", async move |change| {
            let row = anchored(change, &wanted, row).await?;
            change.insert::<Entity>(row).await
        })
        .await?;
    get(access, id).await
}

/// Changes an issue that is at this revision. For who shares issues of its region; who reads it is
/// for who decides there, or brings issues together.
pub async fn update(
    access: &Access,
    id: IssueId,
    revision: Revision,
    wanted: IssueChange,
) -> Result<Issue> {
    let row = find(access, id).await?;
    access.require(Action::ShareIssues, RegionId(row.region_id))?;
    let named = Named::of(access, &wanted).await?;
    access
        .change("updateIssue", async move |change| {
            let before = change.current(visible(change), id.0, revision).await?;
            let after = described(&wanted, &named, before.clone())?;
            let region = RegionId(before.region_id);
            shown_by(change, (before.visibility, after.visibility), region)?;
            let after = anchored(change, &wanted, after).await?;
            comments::follow(change, &before, &after).await?;
            change.update::<Entity>(&before, after).await
        })
        .await?;
    get(access, id).await
}

/// Puts what an issue that is at this revision says as it was at an earlier one, and what it is about.
/// Whether it is solved or merged and who reads it stay: there are verbs for that. For who shares
/// issues of its region.
pub async fn revert(
    access: &Access,
    id: IssueId,
    revision: Revision,
    to: Revision,
) -> Result<Issue> {
    let row = find(access, id).await?;
    access.require(Action::ShareIssues, RegionId(row.region_id))?;
    let past = access.at(Moment::Revision(to));
    let then = find(&past, id).await;
    past.finish().await;
    let then = then.map_err(history::not_then)?;
    let done = access.change("revertIssue", async move |change| {
        let before = change.current(visible(change), id.0, revision).await?;
        let kept = before.clone();
        let after = issue::Model {
            region_id: kept.region_id,
            visibility: kept.visibility,
            state: kept.state,
            solution: kept.solution,
            solved_on: kept.solved_on,
            solved_by_id: kept.solved_by_id,
            solution_plan_id: kept.solution_plan_id,
            solution_measure_id: kept.solution_measure_id,
            merged_into_id: kept.merged_into_id,
            ..then
        };
        if let Some(plan) = after.plan_id {
            // It may have gone, or left the caller's sight, since then.
            let seen = plan::site_of(change, PlanId(plan)).await;
            seen.map_err(|error| error.at("toRevision"))?;
        }
        comments::follow(change, &before, &after).await?;
        change.update::<Entity>(&before, after).await
    });
    done.await.map_err(history::not_now)?;
    get(access, id).await
}

/// Removes an issue that is at this revision, with what was said about it. For who shares issues of
/// its region; `CONFLICT` while others are merged into it or a forum discusses it.
pub async fn delete(access: &Access, id: IssueId, revision: Revision) -> Result<IssueId> {
    let row = find(access, id).await?;
    access.require(Action::ShareIssues, RegionId(row.region_id))?;
    access
        .change("deleteIssue", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            comments::delete_of(change, id.0).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

/// Who reads an issue is for those who decide in its region, or who bring issues together there.
fn shown_by(
    access: &Access,
    (before, after): (code::Visibility, code::Visibility),
    region: RegionId,
) -> Result<()> {
    let may = |action| access.actor().may(action, region.into());
    if before == after || may(Action::PublishPlan) || may(Action::CurateIssues) {
        return Ok(());
    }
    let who = policy::who_may(Action::CurateIssues);
    Err(Error::new(Code::Forbidden, message::who_makes_public(&who)).at("visibility"))
}

/// The row with the plan, measure and sector it is to be about, which belong together: an issue
/// about a measure is about its plan, and of its sector.
async fn anchored(
    access: &Access,
    wanted: &IssueChange,
    mut row: issue::Model,
) -> Result<issue::Model> {
    let plan = optional(&wanted.plan, PlanId::parse).map_err(|error| error.at("plan"))?;
    let measure =
        optional(&wanted.measure, MeasureId::parse).map_err(|error| error.at("measure"))?;
    let sector = sector::chosen(access, &wanted.sector).await?;
    row.plan_id = plan.map_or(row.plan_id, |plan| plan.map(|plan| plan.0));
    row.measure_id = measure.map_or(row.measure_id, |measure| measure.map(|id| id.0));
    row.sector_id = sector.map_or(row.sector_id, |sector| sector.map(|sector| sector.0));
    if let (Some(id), true) = (row.measure_id, plan.is_some() || measure.is_some()) {
        let about =
            measure::get(access, MeasureId(id)).await.map_err(|error| error.at("measure"))?;
        if plan.is_none() {
            row.plan_id = Some(about.plan_id.0);
        }
        if row.plan_id != Some(about.plan_id.0) {
            return Err(Error::invalid("measure", message::not_its_measure()));
        }
    }
    if let (Some(id), Some(about)) = (row.plan_id, plan.or(measure.map(|_| None))) {
        let field = if about.is_some() { "plan" } else { "measure" };
        let about = plan::get(access, PlanId(id)).await.map_err(|error| error.at(field))?;
        if about.region.id.0 != row.region_id {
            return Err(Error::invalid(field, message::not_its_region(&about.region.code)));
        }
    }
    if measure.is_some() || sector.is_some() {
        row.sector_id = sector_of(access, &row, sector.is_some()).await?;
    }
    Ok(row)
}

/// The sector of an issue: where nothing else is said, that of its measure.
async fn sector_of(access: &Access, row: &issue::Model, said: bool) -> Result<Option<Uuid>> {
    let Some(id) = row.measure_id else { return Ok(row.sector_id) };
    let measure = measure::get(access, MeasureId(id)).await?;
    let Some(code) = measure.sector else { return Ok(row.sector_id) };
    let its = sector::get(access, &code).await?.id.0;
    match row.sector_id {
        Some(sector) if said && sector != its => {
            Err(Error::invalid("sector", message::not_its_sector(&code)))
        }
        _ => Ok(Some(its)),
    }
}

/// The row as it is to be, checked.
fn described(wanted: &IssueChange, named: &Named, mut row: issue::Model) -> Result<issue::Model> {
    let mut faults = Faults::default();
    let title = |text: &String| input::text(text, input::TITLE);
    let text = |text: &String| input::text(text, input::TEXT);
    let level = optional(&wanted.level, |level| Ok((*level).into()));
    faults.put("level", &mut row.level, level);
    let category = needed(&wanted.category, |code| category::parse(code));
    faults.put("category", &mut row.category, category);
    faults.put("title", &mut row.title, needed(&wanted.title, title));
    faults.put("description", &mut row.description, optional(&wanted.description, text));
    let raised_on = optional(&wanted.raised_on, |date| input::past_date(date, named.today));
    faults.put("raisedOn", &mut row.raised_on, raised_on);
    faults.put("advice", &mut row.advice, optional(&wanted.advice, text));
    faults.put("note", &mut row.note, optional(&wanted.note, text));
    let visibility = needed(&wanted.visibility, |wanted| match wanted {
        Visibility::Internal => Err(Error::new(Code::Invalid, message::shared_no_narrower())),
        wanted => Ok((*wanted).into()),
    });
    faults.put("visibility", &mut row.visibility, visibility);
    if let Some(body) = named.raised_by {
        row.raised_by_id = body.map(|body| body.0);
    }
    if let Some(body) = named.advised_by {
        row.advised_by_id = body.map(|body| body.0);
    }
    if let Some(cited) = named.sources
        && cited != [row.source_id, row.source2_id]
    {
        [row.source_id, row.source2_id] = cited;
        row.confidence = row.source_id.map(|_| code::Confidence::B);
    }
    faults.into_result(row)
}

/// An issue of which nothing is known yet.
fn blank(id: IssueId, region: RegionId) -> issue::Model {
    issue::Model {
        id: id.0,
        external_id: None,
        region_id: region.0,
        plan_id: None,
        measure_id: None,
        sector_id: None,
        level: None,
        category: String::new(),
        title: String::new(),
        description: None,
        raised_on: None,
        raised_by_id: None,
        advice: None,
        advised_by_id: None,
        visibility: code::Visibility::Province,
        state: code::IssueState::Open,
        solution: None,
        solved_on: None,
        solved_by_id: None,
        solution_plan_id: None,
        solution_measure_id: None,
        merged_into_id: None,
        source_id: None,
        source2_id: None,
        confidence: None,
        note: None,
        revision: 0,
    }
}
