//! Issues: difficulties that somebody told of, and what was advised.
//!
//! One that is about a plan is seen by who sees the plan; any other is everybody's.

mod edit;
pub mod graphql;
mod list;
mod pack;
pub mod rest;

use async_graphql::{Enum, SimpleObject};
use entity::code;
use entity::issue::{self, Column, Entity};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use edit::{IssueChange, NewIssue, create, delete, update};
pub use list::{IssueFilter, IssueLevelFilter, IssueOrder, page};
pub use pack::{LoadedIssue, load};

use crate::access::Access;
use crate::date::PartialDate;
use crate::error::{Error, Result};
use crate::filter::Words;
use crate::history::Revision;
use crate::id::{Id as _, IssueId, PlanId, RegionId};
use crate::name::Name;
use crate::organization::{self, OrganizationRef};
use crate::page::{self, Found, Page, PageRequest};
use crate::plan;
use crate::region::{self, RegionRef};
use crate::source::{Citation, Cites, Provenance};

/// On which level a difficulty lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::IssueLevel")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IssueLevel {
    /// With cities and counties.
    Municipal,
    /// With provinces.
    Province,
}

/// A difficulty that somebody told of, and what was advised.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    /// Its id.
    pub id: IssueId,
    /// Its stable name in the data pack it came from, as `jeonbuk:IS001`.
    pub external_id: Option<String>,
    /// Where the difficulty is; `KR` for the whole nation.
    #[graphql(skip)]
    pub region: RegionRef,
    /// The plan it is about, if it is about one.
    #[graphql(skip)]
    pub plan_id: Option<PlanId>,
    /// On which level it lies.
    pub level: Option<IssueLevel>,
    /// What kind of difficulty it is: a code, as `expertise` or `target_basis`.
    pub category: String,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// When it was told.
    pub raised_on: Option<PartialDate>,
    /// Who told of it.
    #[graphql(skip)]
    pub raised_by: Option<OrganizationRef>,
    /// What was advised.
    pub advice: Option<String>,
    /// Who advised it.
    #[graphql(skip)]
    pub advised_by: Option<OrganizationRef>,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
}

impl Cites for Issue {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        vec![&mut self.provenance]
    }
}

/// One issue. `NOT_FOUND` where the caller sees none.
pub async fn get(access: &Access, id: IssueId) -> Result<Issue> {
    let row = find(access, id).await?;
    let issue = complete(access, vec![row]).await?.pop();
    issue.ok_or_else(|| Error::impossible("an issue got lost"))
}

/// These issues, as far as the caller sees them, in no order.
pub async fn by_ids(access: &Access, ids: impl IntoIterator<Item = IssueId>) -> Result<Vec<Issue>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    complete(access, rows).await
}

/// The issues about one plan. `NOT_FOUND` where the caller sees no such plan.
pub async fn of_plan(access: &Access, plan: PlanId) -> Result<Vec<Issue>> {
    plan::site_of(access, plan).await?;
    of_plans(access, &[plan]).await
}

/// The issues about these plans, as they were entered.
pub async fn of_plans(access: &Access, plans: &[PlanId]) -> Result<Vec<Issue>> {
    let plans = access.any_of(Column::PlanId, plans.iter().map(|plan| plan.0));
    let rows = visible(access).filter(plans).order_by_asc(Column::Id);
    complete(access, rows.all(&access.db().await?).await?).await
}

/// The issues this caller may see. Every read of issues starts here.
fn visible(access: &Access) -> Select<Entity> {
    let seen = Condition::any().add(Column::PlanId.is_null()).add(access.sees(Column::PlanId));
    Entity::find().filter(seen)
}

/// The issues that have these words in title, description or advice, by title.
pub async fn found(access: &Access, words: &Words, request: &PageRequest) -> Result<Page<Found>> {
    let texts = [Column::Title, Column::Description, Column::Advice];
    let select = visible(access).filter(words.on(&texts));
    let page = page::found(access, select, (words, Column::Title), request).await?;
    page.try_map(|row| {
        Ok(Found { id: IssueId(row.id).text(), name: Name { ko: row.title, en: None } })
    })
}

async fn find(access: &Access, id: IssueId) -> Result<issue::Model> {
    let row = visible(access).filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("issue"))
}

/// The issues of these rows, in their order, with what they refer to.
async fn complete(access: &Access, rows: Vec<issue::Model>) -> Result<Vec<Issue>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let codes = region::codes_of(access, rows.iter().map(|row| RegionId(row.region_id))).await?;
    let bodies = rows.iter().flat_map(|row| [row.raised_by_id, row.advised_by_id]);
    let bodies = organization::refs(access, bodies).await?;
    let rows = rows.into_iter().map(|row| {
        let id = RegionId(row.region_id);
        let region = RegionRef { id, code: codes.get(&id).cloned().unwrap_or_default() };
        let body = |id: Option<uuid::Uuid>| id.and_then(|id| bodies.get(&id).cloned());
        let by = [body(row.raised_by_id), body(row.advised_by_id)];
        described(row, region, by)
    });
    rows.collect()
}

fn described(
    row: issue::Model,
    region: RegionRef,
    [raised_by, advised_by]: [Option<OrganizationRef>; 2],
) -> Result<Issue> {
    Ok(Issue {
        id: IssueId(row.id),
        external_id: row.external_id,
        region,
        plan_id: row.plan_id.map(PlanId),
        level: row.level.map(Into::into),
        category: row.category,
        title: row.title,
        description: row.description,
        raised_on: row.raised_on.as_deref().map(PartialDate::parse).transpose()?,
        raised_by,
        advice: row.advice,
        advised_by,
        provenance: Provenance::from(Citation {
            cited: [row.source_id, row.source2_id],
            confidence: row.confidence,
            note: row.note,
            ..Citation::default()
        }),
        revision: Revision(row.revision),
    })
}
