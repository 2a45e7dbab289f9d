use async_graphql::{InputObject, SimpleObject};
use entity::mark::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, EntityTrait, IntoActiveModel as _, QueryFilter, QueryOrder,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::{Access, Actor, Timestamp};
use crate::error::{Code, Error, Result};
use crate::history::{AnyRevision, Moment, Revision};
use crate::id::{AnyId, Id as _, PlanId};
use crate::{message, plan};

/// Up to where somebody has looked.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    /// At which plan; null for everything.
    pub plan_id: Option<PlanId>,
    /// Up to this revision.
    pub revision: Revision,
    /// When they said so.
    pub at: Timestamp,
}

/// What somebody has seen.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct MarkInput {
    /// Which plan; everything if not said.
    pub plan: Option<AnyId>,
    /// Up to which revision; the latest if not said.
    pub revision: Option<AnyRevision>,
}

/// Notes up to where the caller has looked. For people who have signed in.
pub async fn mark_as_seen(access: &Access, seen: MarkInput) -> Result<Mark> {
    let account = person(access)?;
    let plan = seen.plan.as_ref().map(|plan| PlanId::parse_at("plan", plan)).transpose()?;
    if let Some(plan) = plan {
        plan::site_of(access, plan).await.map_err(|error| error.at("plan"))?;
    }
    let revision = seen.revision.as_ref().map(AnyRevision::parse).transpose()?;
    let latest = access.db().await?.revision();
    let revision = revision.unwrap_or(latest);
    if revision > latest {
        return Err(Error::invalid("revision", message::not_yet()));
    }
    access
        .note(async move |change| {
            let at = change.now().await?;
            let plan_id = plan.map_or(Uuid::nil(), |plan| plan.0);
            let row = Model { account_id: account, plan_id, revision: revision.0, at: at.0 };
            change.replace_secret(row.into_active_model().reset_all()).await?;
            Ok(Mark { plan_id: plan, revision, at })
        })
        .await
}

/// Up to where the caller has looked: everything first, then plan by plan. Nothing for who has not
/// signed in. What is looked at is the present, whatever moment the answer is about.
pub async fn marks(access: &Access) -> Result<Vec<Mark>> {
    let Some(account) = access.actor().account() else { return Ok(Vec::new()) };
    if !access.is_past() {
        return read(access, account).await;
    }
    let now = access.at(Moment::Latest);
    let marks = read(&now, account).await;
    now.finish().await;
    marks
}

async fn read(access: &Access, account: Uuid) -> Result<Vec<Mark>> {
    let rows = Entity::find().filter(Column::AccountId.eq(account)).order_by_asc(Column::PlanId);
    let rows = rows.all(&access.db().await?).await?.into_iter();
    let mark = |row: Model| Mark {
        plan_id: Some(row.plan_id).filter(|plan| !plan.is_nil()).map(PlanId),
        revision: Revision(row.revision),
        at: Timestamp(row.at),
    };
    Ok(rows.map(mark).collect())
}

/// The later of the marks that cover a plan, or everything.
pub(super) async fn last(access: &Access, plan: Option<PlanId>) -> Result<Option<Revision>> {
    let covers = |mark: &Mark| mark.plan_id.is_none() || mark.plan_id == plan;
    Ok(marks(access).await?.into_iter().filter(covers).map(|mark| mark.revision).max())
}

fn person(access: &Access) -> Result<Uuid> {
    match access.actor() {
        Actor::Account { id, .. } => Ok(*id),
        Actor::Public => Err(Error::new(Code::Unauthenticated, message::unauthenticated())),
        Actor::Client { .. } | Actor::Operator => {
            Err(Error::new(Code::Forbidden, message::only_people_here()))
        }
    }
}
