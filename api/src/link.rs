//! What targets and measures of a plan take from those of the plan above, and where they depart
//! from them: each link is made to the plan above as it was at one version.
//!
//! A link belongs to the plan below. What it leads to may change and go; the link says so, and is
//! made anew when its plan has caught up.

mod edit;
pub mod graphql;
pub mod rest;
mod state;

use async_graphql::{Enum, SimpleObject};
use entity::code;
use entity::link::{self, Column, Entity};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

pub use edit::{LinkChange, NewLink, create, delete, update};

use crate::access::Access;
use crate::error::{Error, Result};
use crate::history::Revision;
use crate::id::{AnyId, Id, LinkId, MeasureId, PlanId, TargetId};
use crate::message;
use crate::plan;

/// How something in a plan stands to something in the plan above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::LinkKind")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LinkKind {
    /// It adds to it.
    ContributesTo,
    /// It does it here.
    Implements,
    /// It says the same, more closely.
    Refines,
    /// It says otherwise, with a reason.
    Deviates,
}

/// What has become of what a link leads to, since the version it was made to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LinkState {
    /// It is the same.
    Same,
    /// It was changed.
    Changed,
    /// It is no more.
    Gone,
    /// The caller does not see the plan above.
    Unseen,
}

/// One end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum LinkEnd {
    /// A target.
    Target(TargetId),
    /// A measure.
    Measure(MeasureId),
}

impl LinkEnd {
    /// Reads the id of a target or a measure, its fault at a field.
    fn parse_at(field: &str, id: &AnyId) -> Result<Self> {
        let target = TargetId::parse(id).map(Self::Target);
        let either = target.or_else(|_| MeasureId::parse(id).map(Self::Measure));
        either.map_err(|_| Error::invalid(field, message::target_or_measure()))
    }

    fn target(self) -> Option<TargetId> {
        match self {
            Self::Target(id) => Some(id),
            Self::Measure(_) => None,
        }
    }

    fn measure(self) -> Option<MeasureId> {
        match self {
            Self::Measure(id) => Some(id),
            Self::Target(_) => None,
        }
    }
}

/// What something in a plan takes from something in the plan above.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// In which plan it stands: the one below.
    #[graphql(skip)]
    pub plan_id: PlanId,
    /// How the one stands to the other.
    pub kind: LinkKind,
    /// What it leads from.
    #[graphql(skip)]
    pub from: LinkEnd,
    /// What it leads to; null where the caller does not see the plan above.
    #[graphql(skip)]
    pub to: Option<LinkEnd>,
    /// The plan above; null where the caller does not see it.
    #[graphql(skip)]
    pub to_plan_id: Option<PlanId>,
    /// Why; always there where it deviates.
    pub reason: Option<String>,
    /// The version of the plan above to which it was made; null where there was none yet.
    pub version: Option<i32>,
    /// The revision at which the plan above is read as it was then.
    pub pinned: Revision,
    /// Whether the plan above has had another version since; null where the caller does not see
    /// that plan.
    pub superseded: Option<bool>,
    /// The latest version of the plan above; null where there is none that the caller sees.
    pub current_version: Option<i32>,
    /// What has become of what it leads to since.
    pub state: LinkState,
    /// When what is shown of the other end last moved.
    #[graphql(skip)]
    #[serde(skip)]
    moved: Revision,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
}

/// One link. `NOT_FOUND` where the caller sees none.
pub async fn get(access: &Access, id: LinkId) -> Result<Link> {
    let row = find(access, id).await?;
    let link = state::complete(access, vec![row]).await?.pop();
    link.ok_or_else(|| Error::impossible("a link got lost"))
}

/// These links, as far as the caller sees them, in no order.
pub async fn by_ids(access: &Access, ids: impl IntoIterator<Item = LinkId>) -> Result<Vec<Link>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    all(access, visible(access).filter(ids)).await
}

/// The links of one plan, as they were entered. `NOT_FOUND` where the caller sees no such plan.
pub async fn of_plan(access: &Access, plan: PlanId) -> Result<Vec<Link>> {
    plan::site_of(access, plan).await?;
    of_plans(access, &[plan]).await
}

/// The links of these plans, as they were entered.
pub async fn of_plans(access: &Access, plans: &[PlanId]) -> Result<Vec<Link>> {
    let plans = access.any_of(Column::PlanId, plans.iter().map(|plan| plan.0));
    all(access, visible(access).filter(plans)).await
}

/// A link as part of what its plan says: the same for whoever reads it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkSaid {
    /// Its id.
    #[serde(skip)]
    pub id: LinkId,
    /// Of which plan.
    #[serde(skip)]
    pub plan_id: PlanId,
    /// The target or measure it leads from.
    #[serde(skip)]
    pub from: uuid::Uuid,
    /// How the one stands to the other.
    pub kind: LinkKind,
    /// Why.
    pub reason: Option<String>,
    /// The version of the plan above.
    pub version: Option<i32>,
    /// The revision at which the plan above is read as it was then.
    pub pinned: Revision,
    /// What it leads to, which not everybody who reads the plan may see: the SHA-256 of its key.
    pub to: String,
}

/// What the links of these plans say. Who calls has seen the plans.
pub async fn said_in(access: &Access, plans: &[PlanId]) -> Result<Vec<LinkSaid>> {
    let plans = access.any_of(Column::PlanId, plans.iter().map(|plan| plan.0));
    let rows = visible(access).filter(plans);
    let said = rows.all(&access.db().await?).await?.into_iter().filter_map(|row| {
        let to = Sha256::digest(row.to_id.as_bytes());
        Some(LinkSaid {
            id: LinkId(row.id),
            plan_id: PlanId(row.plan_id),
            from: row.target_id.or(row.measure_id)?,
            kind: row.kind.into(),
            reason: row.reason,
            version: row.version,
            pinned: Revision(row.pinned),
            to: to.iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    });
    Ok(said.collect())
}

/// The links that lead from these targets and measures, as they were entered.
pub async fn from(access: &Access, ends: &[LinkEnd]) -> Result<Vec<Link>> {
    let targets = ends.iter().filter_map(|end| end.target()).map(|id| id.0);
    let measures = ends.iter().filter_map(|end| end.measure()).map(|id| id.0);
    let any = Condition::any()
        .add(access.any_of(Column::TargetId, targets))
        .add(access.any_of(Column::MeasureId, measures));
    all(access, visible(access).filter(any)).await
}

/// The links that lead to these targets and measures, as they were entered.
pub async fn to(access: &Access, ends: &[LinkEnd]) -> Result<Vec<Link>> {
    let ids = access.any_of(Column::ToId, ends.iter().map(|end| key(*end)));
    all(access, visible(access).filter(ids)).await
}

fn key(end: LinkEnd) -> uuid::Uuid {
    match end {
        LinkEnd::Target(id) => id.0,
        LinkEnd::Measure(id) => id.0,
    }
}

/// The links this caller may see: those of plans that they see. Every read in this slice starts here.
fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(access.sees(Column::PlanId))
}

async fn find(access: &Access, id: LinkId) -> Result<link::Model> {
    let row = visible(access).filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("link"))
}

async fn all(access: &Access, select: Select<Entity>) -> Result<Vec<Link>> {
    let rows = select.order_by_asc(Column::Id).all(&access.db().await?).await?;
    state::complete(access, rows).await
}
