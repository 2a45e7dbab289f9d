use std::collections::HashMap;

use async_graphql::SimpleObject;
use entity::forum::{self, Column as ForumColumn};
use entity::forum_participant::{self, Column, Entity};
use entity::{forum_host, forum_session};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Forum, find, get};
use crate::access::{Access, Action, Site};
use crate::error::{Error, Result};
use crate::history::Change;
use crate::id::{ForumId, OrganizationId, RegionId};
use crate::organization::{self, OrganizationRef};
use crate::{input, message};

/// An organization that takes part in a forum.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct ForumParticipant {
    /// Which organization.
    #[graphql(skip)]
    pub organization: OrganizationRef,
    /// With how many people, where that is said.
    pub people: Option<i32>,
}

/// Says that an organization takes part in a forum, and with how many people. For who shares issues
/// of the organization's region, and for who holds the forum: who shares issues of its region or of
/// a host's.
pub async fn join(
    access: &Access,
    forum: ForumId,
    organization: OrganizationId,
    people: Option<i32>,
) -> Result<Forum> {
    require(access, forum, organization).await?;
    let people = people.map(input::count).transpose().map_err(|error| error.at("people"))?;
    access
        .change("joinForum", async move |change| {
            let row = find(change, forum).await?;
            let before = known(change, forum, organization).await?;
            let after = forum_participant::Model {
                id: before.as_ref().map_or_else(Uuid::now_v7, |row| row.id),
                forum_id: forum.0,
                organization_id: organization.0,
                people,
                revision: change.revision(),
            };
            let mut batch = change.batch::<Entity>();
            batch.put(before.as_ref(), after);
            if batch.write().await? != [crate::history::Written::Unchanged] {
                change.touch::<forum::Entity>(&row).await?;
            }
            Ok(())
        })
        .await?;
    get(access, forum).await
}

/// Says that an organization does not take part after all. For those who may say that it does.
pub async fn leave(access: &Access, forum: ForumId, organization: OrganizationId) -> Result<Forum> {
    require(access, forum, organization).await?;
    access
        .change("leaveForum", async move |change| {
            let row = find(change, forum).await?;
            let missing = || Error::new(crate::error::Code::NotFound, message::not_a_participant());
            let part = known(change, forum, organization).await?;
            let part = part.ok_or_else(|| missing().at("organization"))?;
            change.delete::<Entity>(&part).await?;
            change.touch::<forum::Entity>(&row).await
        })
        .await?;
    get(access, forum).await
}

async fn require(access: &Access, forum: ForumId, organization: OrganizationId) -> Result<()> {
    let row = find(access, forum).await?;
    let body = organization::get(access, organization).await;
    let body = body.map_err(|error| error.at("organization"))?;
    let hosts = super::by_ids(access, [forum]).await?.into_iter().flat_map(|forum| forum.hosts);
    let hosts = organization::by_ids(access, hosts.map(|host| host.id)).await?;
    let theirs = hosts.into_iter().chain([body]).filter_map(|body| body.region);
    let places = theirs.map(|region| region.id).chain(row.region_id.map(RegionId));
    let places: Vec<Site> = places.map(Site::from).collect();
    if places.iter().any(|site| access.actor().may(Action::ShareIssues, *site)) {
        return Ok(());
    }
    access.require(Action::ShareIssues, RegionId(row.region_id.unwrap_or_default()))
}

async fn known(
    change: &Change,
    forum: ForumId,
    organization: OrganizationId,
) -> Result<Option<forum_participant::Model>> {
    let row = Entity::find()
        .filter(Column::ForumId.eq(forum.0))
        .filter(Column::OrganizationId.eq(organization.0));
    Ok(row.one(&change.db().await?).await?)
}

/// Who takes part in these forums, by name. Forums are everybody's.
pub(super) async fn of(
    access: &Access,
    forums: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<ForumParticipant>>> {
    let rows = Entity::find().filter(access.any_of(Column::ForumId, forums));
    let rows = rows.all(&access.db().await?).await?;
    let bodies = organization::refs(access, rows.iter().map(|row| Some(row.organization_id)));
    let bodies = bodies.await?;
    let mut found: HashMap<Uuid, Vec<ForumParticipant>> = HashMap::new();
    for row in rows {
        let body = bodies.get(&row.organization_id).cloned();
        let people = row.people;
        let part = body.map(|organization| ForumParticipant { organization, people });
        found.entry(row.forum_id).or_default().extend(part);
    }
    for list in found.values_mut() {
        list.sort_by(|one, other| {
            let key =
                |part: &ForumParticipant| (part.organization.name.ko.clone(), part.organization.id);
            key(one).cmp(&key(other))
        });
    }
    Ok(found)
}

/// Removes who takes part in a forum.
pub(super) async fn delete_of(change: &Change, forum: Uuid) -> Result<()> {
    let rows = Entity::find().filter(Column::ForumId.eq(forum)).all(&change.db().await?).await?;
    for row in rows {
        change.delete::<Entity>(&row).await?;
    }
    Ok(())
}

/// The forums that an organization holds, speaks at or takes part in.
pub(super) fn with(body: OrganizationId) -> Condition {
    let of = |select: &mut SelectStatement| ForumColumn::Id.in_subquery(select.to_owned());
    let hosted = Query::select()
        .column(forum_host::Column::ForumId)
        .from(forum_host::Entity)
        .and_where(forum_host::Column::OrganizationId.eq(body.0))
        .to_owned();
    let spoken = Query::select()
        .column(forum_session::Column::ForumId)
        .from(forum_session::Entity)
        .and_where(forum_session::Column::SpeakerId.eq(body.0))
        .to_owned();
    let joined = Query::select()
        .column(Column::ForumId)
        .from(Entity)
        .and_where(Column::OrganizationId.eq(body.0))
        .to_owned();
    [hosted, spoken, joined]
        .into_iter()
        .map(|mut select| of(&mut select))
        .fold(Condition::any(), Condition::add)
}
