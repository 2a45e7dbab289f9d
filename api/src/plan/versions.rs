//! A version is a name for what a plan said when it was adopted, submitted or amended: a number, the
//! revision at which its contents are read, and a hash over them.
//!
//! Who sees the plan may read its versions; what was withdrawn does not stay readable, as everywhere
//! in the past.

pub mod graphql;
pub mod rest;

use async_graphql::{Enum, SimpleObject};
use entity::code;
use entity::plan_version::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::site_of;
use crate::access::{Access, Timestamp};
use crate::error::{Error, Result};
use crate::history::{Change, Revision};
use crate::id::{Id as _, MilestoneId, PlanId, VersionId};

/// Which step froze a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::VersionCause")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VersionCause {
    /// It was adopted.
    Adoption,
    /// It was submitted.
    Submission,
    /// It was amended in small points.
    AmendmentMinor,
    /// An amendment in substance began: this is what it said until then.
    AmendmentMajor,
}

/// What a plan said at a moment.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct PlanVersion {
    /// Its id.
    pub id: VersionId,
    /// Of which plan.
    #[graphql(skip)]
    pub plan_id: PlanId,
    /// Its number: 1 for the first of its plan.
    pub number: i32,
    /// Which step froze it.
    pub why: VersionCause,
    /// The hash over what the plan said, without its milestones and who may read it: SHA-256, in hex. The same
    /// contents have the same hash.
    pub hash: String,
    /// The step that froze it.
    #[graphql(skip)]
    pub milestone_id: MilestoneId,
    /// When it was frozen.
    pub frozen_at: Timestamp,
    /// The revision that froze it. Its contents are everything of the plan, read with `asOf` of
    /// this. While the plan's `contentRevision` is the same, nothing in it has changed since.
    pub revision: Revision,
    /// Where the plan is read as it was then.
    pub contents: String,
}

/// The versions of a plan, the first one first. `NOT_FOUND` where the caller sees no such plan.
pub async fn of_plan(access: &Access, plan: PlanId) -> Result<Vec<PlanVersion>> {
    site_of(access, plan).await?;
    of_plans(access, &[plan]).await
}

/// The versions of these plans, as far as the caller sees them, by number.
pub async fn of_plans(access: &Access, plans: &[PlanId]) -> Result<Vec<PlanVersion>> {
    let plans = access.any_of(Column::PlanId, plans.iter().map(|plan| plan.0));
    all(access, visible(access).filter(plans)).await
}

/// The latest version of each of these plans that has one, as far as the caller sees them.
pub async fn latest_of(access: &Access, plans: &[PlanId]) -> Result<Vec<PlanVersion>> {
    let mut versions = of_plans(access, plans).await?;
    versions.sort_by_key(|version| (version.plan_id, std::cmp::Reverse(version.number)));
    versions.dedup_by_key(|version| version.plan_id);
    Ok(versions)
}

/// One version of a plan, by its number. `NOT_FOUND` where the caller sees none.
pub async fn get(access: &Access, plan: PlanId, number: i32) -> Result<PlanVersion> {
    site_of(access, plan).await?;
    let wanted =
        visible(access).filter(Column::PlanId.eq(plan.0)).filter(Column::Number.eq(number));
    let found = all(access, wanted).await?.pop();
    found.ok_or_else(|| Error::not_found("version"))
}

/// The number of a version, as an address has it. `NOT_FOUND` for what is no number.
pub fn number(text: &str) -> Result<i32> {
    text.parse().map_err(|_| Error::not_found("version"))
}

/// These versions, as far as the caller sees them, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = VersionId>,
) -> Result<Vec<PlanVersion>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    all(access, visible(access).filter(ids)).await
}

/// A version that a step freezes.
#[derive(Clone, Debug)]
pub struct Frozen {
    /// Of which plan.
    pub plan: PlanId,
    /// What froze it.
    pub cause: VersionCause,
    /// The hash over its contents.
    pub hash: String,
    /// The step.
    pub milestone: MilestoneId,
}

/// Freezes what a plan says as its next version, as a part of the change that takes the step.
pub async fn freeze(change: &Change, frozen: Frozen) -> Result<VersionId> {
    let latest = latest_of(change, &[frozen.plan]).await?.pop();
    let id = VersionId::new();
    let row = plan_version::Model {
        id: id.0,
        plan_id: frozen.plan.0,
        number: latest.map_or(1, |version| version.number + 1),
        cause: frozen.cause.into(),
        hash: frozen.hash,
        milestone_id: frozen.milestone.0,
        frozen_at: change.now().await?.0,
        revision: change.revision(),
    };
    change.insert::<Entity>(row).await.map(|()| id)
}

/// The versions this caller may see. Every read here starts with it.
fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(access.sees(Column::PlanId))
}

async fn all(access: &Access, select: Select<Entity>) -> Result<Vec<PlanVersion>> {
    let rows = select.order_by_asc(Column::Number).order_by_asc(Column::Id);
    Ok(rows.all(&access.db().await?).await?.into_iter().map(PlanVersion::from).collect())
}

impl From<plan_version::Model> for PlanVersion {
    fn from(row: plan_version::Model) -> Self {
        let (plan_id, revision) = (PlanId(row.plan_id), Revision(row.revision));
        Self {
            id: VersionId(row.id),
            plan_id,
            number: row.number,
            why: row.cause.into(),
            hash: row.hash,
            milestone_id: MilestoneId(row.milestone_id),
            frozen_at: Timestamp(row.frozen_at),
            revision,
            contents: format!("/api/v1/plans/{plan_id}?asOf={revision}"),
        }
    }
}
