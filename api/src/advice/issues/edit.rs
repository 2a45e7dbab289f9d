use async_graphql::{InputObject, MaybeUndefined};
use entity::code;
use entity::issue::{self, Entity};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Issue, IssueLevel, find, get, visible};
use crate::access::{Access, Action};
use crate::advice::open_code;
use crate::error::{Faults, Result};
use crate::history::Revision;
use crate::id::{AnyId, Id as _, IssueId, OrganizationId, PlanId, RegionId};
use crate::input::{self, needed, optional, said};
use crate::region::{self, RegionBy};
use crate::{organization, plan, source};

/// What it takes to tell of a difficulty.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewIssue {
    /// Where the difficulty is.
    pub region: RegionBy,
    /// The plan it is about: who sees that will see this. Everybody, if it is about none.
    pub plan: Option<AnyId>,
    /// On which level it lies.
    pub level: Option<IssueLevel>,
    /// What kind of difficulty it is: a code, as `expertise`.
    pub category: String,
    /// What it is called: 1 to 300 characters.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// When it was told: `2024`, `2024-02` or `2024-02-01`.
    pub raised_on: Option<String>,
    /// The organization that told of it.
    pub raised_by: Option<AnyId>,
    /// What was advised.
    pub advice: Option<String>,
    /// The organization that advised it.
    pub advised_by: Option<AnyId>,
    /// What this is taken from: up to two sources, the main one first.
    pub sources: Option<Vec<AnyId>>,
    /// What else should be known about it.
    pub note: Option<String>,
}

/// What may change about an issue. What is left out stays; null takes a value away.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct IssueChange {
    /// The plan it is about: who sees that will see this. Null makes it everybody's.
    #[schema(value_type = Option<AnyId>)]
    pub plan: MaybeUndefined<AnyId>,
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
    /// When it was told.
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
            level: said(new.level),
            category: MaybeUndefined::Value(new.category),
            title: MaybeUndefined::Value(new.title),
            description: said(new.description),
            raised_on: said(new.raised_on),
            raised_by: said(new.raised_by),
            advice: said(new.advice),
            advised_by: said(new.advised_by),
            sources: said(new.sources),
            note: said(new.note),
        }
    }
}

/// What a change refers to, looked up.
struct Named {
    plan: Option<Option<PlanId>>,
    raised_by: Option<Option<OrganizationId>>,
    advised_by: Option<Option<OrganizationId>>,
    sources: Option<[Option<Uuid>; 2]>,
}

impl Named {
    async fn of(access: &Access, wanted: &IssueChange) -> Result<Self> {
        let plan = optional(&wanted.plan, PlanId::parse).map_err(|error| error.at("plan"))?;
        if let Some(Some(plan)) = plan {
            plan::site_of(access, plan).await.map_err(|error| error.at("plan"))?;
        }
        Ok(Self {
            plan,
            raised_by: organization::chosen(access, "raisedBy", &wanted.raised_by).await?,
            advised_by: organization::chosen(access, "advisedBy", &wanted.advised_by).await?,
            sources: source::chosen(access, &wanted.sources).await?,
        })
    }

    /// The plan may have gone, or left the caller's sight, while this waited.
    async fn still_seen(&self, access: &Access) -> Result<()> {
        if let Some(Some(plan)) = self.plan {
            plan::site_of(access, plan).await.map_err(|error| error.at("plan"))?;
        }
        Ok(())
    }
}

/// Tells of a difficulty. For who shares issues of its region.
pub async fn create(access: &Access, new: NewIssue) -> Result<Issue> {
    let region = region::get(access, &new.region).await.map_err(|error| error.at("region"))?;
    access.require(Action::ShareIssues, region.id)?;
    let wanted = IssueChange::from(new);
    let named = Named::of(access, &wanted).await?;
    let id = IssueId::new();
    let row = described(&wanted, &named, blank(id, region.id))?;
    access
        .change("createIssue", async move |change| {
            named.still_seen(change).await?;
            change.insert::<Entity>(row).await
        })
        .await?;
    get(access, id).await
}

/// Changes an issue that is at this revision. For who shares issues of its region.
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
            named.still_seen(change).await?;
            let after = described(&wanted, &named, before.clone())?;
            change.update::<Entity>(&before, after).await
        })
        .await?;
    get(access, id).await
}

/// Removes an issue that is at this revision. For who shares issues of its region.
pub async fn delete(access: &Access, id: IssueId, revision: Revision) -> Result<IssueId> {
    let row = find(access, id).await?;
    access.require(Action::ShareIssues, RegionId(row.region_id))?;
    access
        .change("deleteIssue", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

/// The row as it is to be, checked.
fn described(wanted: &IssueChange, named: &Named, mut row: issue::Model) -> Result<issue::Model> {
    let mut faults = Faults::default();
    let title = |text: &String| input::text(text, input::TITLE);
    let text = |text: &String| input::text(text, input::TEXT);
    let level = optional(&wanted.level, |level| Ok((*level).into()));
    faults.put("level", &mut row.level, level);
    let category = needed(&wanted.category, |code| open_code(code));
    faults.put("category", &mut row.category, category);
    faults.put("title", &mut row.title, needed(&wanted.title, title));
    faults.put("description", &mut row.description, optional(&wanted.description, text));
    let raised_on = optional(&wanted.raised_on, |date| input::date(date));
    faults.put("raisedOn", &mut row.raised_on, raised_on);
    faults.put("advice", &mut row.advice, optional(&wanted.advice, text));
    faults.put("note", &mut row.note, optional(&wanted.note, text));
    if let Some(plan) = named.plan {
        row.plan_id = plan.map(|plan| plan.0);
    }
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
        level: None,
        category: String::new(),
        title: String::new(),
        description: None,
        raised_on: None,
        raised_by_id: None,
        advice: None,
        advised_by_id: None,
        source_id: None,
        source2_id: None,
        confidence: None,
        note: None,
        revision: 0,
    }
}
