//! Issues: difficulties that somebody told of, what was advised, and how they were solved, so that
//! others with the same difficulty find the way.
//!
//! One that is about a plan or a measure is seen by who sees the plan, and by nobody else. It is
//! shared within the province of its region until somebody who decides there makes it public.

pub mod category;
pub mod comments;
mod edit;
pub mod graphql;
mod list;
mod merge;
mod pack;
mod related;
pub mod rest;
mod similar;
mod solve;

use std::collections::HashMap;

use async_graphql::{Enum, SimpleObject};
use entity::code;
use entity::issue::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use category::{IssueCategory, IssueTheme};
pub use edit::{IssueChange, NewIssue, create, delete, revert, update};
pub use list::{IssueFilter, IssueLevelFilter, IssueOrder, IssueStateFilter, page};
pub use merge::{merge, unmerge};
pub use pack::{LoadedIssue, load};
pub use similar::{Alike, like, similar};
pub use solve::{Solving, reopen, solve};

use crate::access::Access;
use crate::date::PartialDate;
use crate::error::{Error, Result};
use crate::filter::Words;
use crate::history::Revision;
use crate::id::{Id as _, IssueId, MeasureId, PlanId, SectorId};
use crate::name::Name;
use crate::organization::OrganizationRef;
use crate::page::{self, Found, Page, PageRequest};
use crate::plan::{self, Visibility};
use crate::region::RegionRef;
use crate::source::{Cites, Provenance};

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

/// How far a difficulty is from being solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::IssueState")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IssueState {
    /// It is there.
    Open,
    /// It was solved: `solution` says how.
    Solved,
    /// It is the same as another one: `mergedInto` says which. Lists show these only when asked.
    Merged,
}

/// How a difficulty was solved.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Solution {
    /// What was done.
    pub text: String,
    /// When.
    pub solved_on: Option<PartialDate>,
    /// Who solved it.
    #[graphql(skip)]
    pub solved_by: Option<OrganizationRef>,
    /// The plan that has it in it, if the caller sees it.
    #[graphql(skip)]
    pub plan_id: Option<PlanId>,
    /// The measure that does it, if the caller sees it.
    #[graphql(skip)]
    pub measure_id: Option<MeasureId>,
}

/// A difficulty that somebody told of, what was advised, and how it was solved.
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
    /// The measure it is about, if it is about one.
    #[graphql(skip)]
    pub measure_id: Option<MeasureId>,
    /// The code of the sector it is about.
    #[graphql(skip)]
    pub sector: Option<String>,
    #[graphql(skip)]
    #[serde(skip)]
    sector_id: Option<SectorId>,
    /// On which level it lies.
    pub level: Option<IssueLevel>,
    /// What kind of difficulty it is: a code of `issueCategories`, as `expertise`.
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
    /// Who may read it, where they may read what it is about: `PROVINCE` is every office of the
    /// province of its region.
    pub visibility: Visibility,
    /// How far it is from being solved.
    pub state: IssueState,
    /// How it was solved; null while it is not.
    pub solution: Option<Solution>,
    /// The issue that it is the same as, if the caller sees that one.
    #[graphql(skip)]
    pub merged_into: Option<IssueId>,
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
    let issue = related::complete(access, vec![row]).await?.pop();
    issue.ok_or_else(|| Error::impossible("an issue got lost"))
}

/// These issues, as far as the caller sees them, in no order.
pub async fn by_ids(access: &Access, ids: impl IntoIterator<Item = IssueId>) -> Result<Vec<Issue>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    related::complete(access, rows).await
}

/// The issues about one plan. `NOT_FOUND` where the caller sees no such plan.
pub async fn of_plan(access: &Access, plan: PlanId) -> Result<Vec<Issue>> {
    plan::site_of(access, plan).await?;
    of_plans(access, &[plan]).await
}

/// The issues about these plans that are not merged into others, as they were entered.
pub async fn of_plans(access: &Access, plans: &[PlanId]) -> Result<Vec<Issue>> {
    let plans = access.any_of(Column::PlanId, plans.iter().map(|plan| plan.0));
    let rows = visible(access)
        .filter(plans)
        .filter(Column::State.ne(code::IssueState::Merged))
        .order_by_asc(Column::Id);
    related::complete(access, rows.all(&access.db().await?).await?).await
}

/// The issues that were merged into these, as far as the caller sees them, each with the one it
/// was merged into, as they were entered.
pub async fn duplicates(access: &Access, of: &[IssueId]) -> Result<Vec<(IssueId, Issue)>> {
    let into = access.any_of(Column::MergedIntoId, of.iter().map(|id| id.0));
    let rows = visible(access).filter(into).order_by_asc(Column::Id);
    let rows = rows.all(&access.db().await?).await?;
    let into: Vec<IssueId> =
        rows.iter().filter_map(|row| row.merged_into_id).map(IssueId).collect();
    Ok(into.into_iter().zip(related::complete(access, rows).await?).collect())
}

/// The issues this caller may see. Every read of issues starts here.
fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(access.shares((Column::PlanId, Column::Id), "issue"))
}

/// Which of these issues the caller sees.
pub(super) async fn seen(
    access: &Access,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let rows = visible(access).filter(access.any_of(Column::Id, ids));
    let rows = rows.all(&access.db().await?).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title)).collect())
}

/// The issues that have these words in title, description, advice or solution, by title.
pub async fn found(access: &Access, words: &Words, request: &PageRequest) -> Result<Page<Found>> {
    let texts = [Column::Title, Column::Description, Column::Advice, Column::Solution];
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
