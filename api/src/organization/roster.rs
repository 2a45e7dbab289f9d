//! Organizations that something lists in an order of its own: who held a meeting, who looked at a
//! year. A roster is a part of what it belongs to, written and told of with it.

use std::collections::{HashMap, HashSet};

use async_graphql::MaybeUndefined;
use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{OrganizationKind, by_ids, named};
use crate::access::Access;
use crate::error::{Error, Result};
use crate::history::{Change, Versioned, Written};
use crate::id::{AnyId, OrganizationId};
use crate::message;
use crate::name::Name;

/// More bodies than this hold nothing together.
const MOST: usize = 50;

/// An organization, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrganizationRef {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: Name,
    /// What kind of body it is, for who works out what it did.
    #[serde(skip)]
    pub kind: OrganizationKind,
}

/// One place in a roster.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// Whose roster it is.
    pub owner: Uuid,
    /// Who is in it.
    pub organization: Uuid,
    /// In which place.
    pub position: i32,
}

/// A table of rosters.
pub trait Roster: Versioned<Model: IntoActiveModel<Self::ActiveModel> + PartialEq + Sync> {
    /// The column that says whose roster it is.
    fn owner() -> Self::Column;

    /// The column of the place.
    fn position() -> Self::Column;

    /// What a row says.
    fn listed(row: &Self::Model) -> Listed;

    /// The row that says it.
    fn row(id: Uuid, listed: Listed, revision: i64) -> Self::Model;
}

/// Declares a table of rosters by the columns that say whose they are.
macro_rules! roster {
    ($table:ident, $owner:ident, $Owner:ident) => {
        impl $crate::organization::Roster for entity::$table::Entity {
            fn owner() -> Self::Column {
                entity::$table::Column::$Owner
            }

            fn position() -> Self::Column {
                entity::$table::Column::Position
            }

            fn listed(row: &Self::Model) -> $crate::organization::Listed {
                $crate::organization::Listed {
                    owner: row.$owner,
                    organization: row.organization_id,
                    position: row.position,
                }
            }

            fn row(
                id: uuid::Uuid,
                listed: $crate::organization::Listed,
                revision: i64,
            ) -> Self::Model {
                entity::$table::Model {
                    id,
                    $owner: listed.owner,
                    organization_id: listed.organization,
                    position: listed.position,
                    revision,
                }
            }
        }
    };
}
pub(crate) use roster;

/// The rosters of these things, each in its order. Who calls has seen the things.
pub async fn rosters<E: Roster>(
    access: &Access,
    owners: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<OrganizationRef>>> {
    let owner = E::owner();
    let which = access.any_of((owner.entity_name(), owner), owners);
    let rows = E::find().filter(which).order_by_asc(E::position()).order_by_asc(E::id());
    let listed: Vec<Listed> = rows.all(&access.db().await?).await?.iter().map(E::listed).collect();
    let known = refs(access, listed.iter().map(|listed| Some(listed.organization))).await?;
    let mut rosters: HashMap<Uuid, Vec<OrganizationRef>> = HashMap::new();
    for Listed { owner, organization, .. } in listed {
        rosters.entry(owner).or_default().extend(known.get(&organization).cloned());
    }
    Ok(rosters)
}

/// These organizations, in short.
pub async fn refs(
    access: &Access,
    ids: impl IntoIterator<Item = Option<Uuid>>,
) -> Result<HashMap<Uuid, OrganizationRef>> {
    let ids: HashSet<OrganizationId> = ids.into_iter().flatten().map(OrganizationId).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let known = by_ids(access, ids).await?.into_iter();
    Ok(known
        .map(|it| (it.id.0, OrganizationRef { id: it.id, name: it.name, kind: it.kind }))
        .collect())
}

/// The organizations that a caller gives for a thing, in their order: null takes them away, and
/// where nothing is said there is nothing to write. Its faults stand at the field.
pub async fn all_chosen(
    access: &Access,
    field: &str,
    wanted: &MaybeUndefined<Vec<AnyId>>,
) -> Result<Option<Vec<Uuid>>> {
    let ids: &[AnyId] = match wanted {
        MaybeUndefined::Undefined => return Ok(None),
        MaybeUndefined::Null => &[],
        MaybeUndefined::Value(ids) => ids,
    };
    if ids.len() > MOST {
        return Err(Error::invalid(field, message::too_many_ids(MOST)));
    }
    let named = named(access, ids).await.map_err(|error| error.at(field))?;
    let mut seen = HashSet::new();
    match named.iter().position(|id| !seen.insert(*id)) {
        Some(n) => Err(Error::invalid(&n.to_string(), message::taken()).at(field)),
        None => Ok(Some(named)),
    }
}

/// Puts one roster as it is to be.
pub async fn write<E: Roster>(
    change: &Change,
    owner: Uuid,
    organizations: Vec<Uuid>,
) -> Result<Written> {
    let moved = put::<E>(change, &[(owner, organizations)]).await?;
    Ok(if moved.is_empty() { Written::Unchanged } else { Written::Updated })
}

/// Puts rosters as they are to be; whose were otherwise.
pub async fn put<E: Roster>(change: &Change, lists: &[(Uuid, Vec<Uuid>)]) -> Result<HashSet<Uuid>> {
    let owner = E::owner();
    let which = change.any_of((owner.entity_name(), owner), lists.iter().map(|(owner, _)| *owner));
    let known = E::find().filter(which).all(&change.db().await?).await?;
    let known: HashMap<(Uuid, Uuid), E::Model> = known
        .into_iter()
        .map(|row| {
            let Listed { owner, organization, .. } = E::listed(&row);
            ((owner, organization), row)
        })
        .collect();
    let mut moved = HashSet::new();
    let wanted: HashSet<(Uuid, Uuid)> =
        lists.iter().flat_map(|(owner, list)| list.iter().map(|it| (*owner, *it))).collect();
    for ((owner, organization), row) in &known {
        if !wanted.contains(&(*owner, *organization)) {
            change.delete::<E>(row).await?;
            moved.insert(*owner);
        }
    }
    let mut batch = change.batch::<E>();
    for (owner, list) in lists {
        for (position, organization) in (0..).zip(list) {
            let before = known.get(&(*owner, *organization));
            let listed = Listed { owner: *owner, organization: *organization, position };
            let row = E::row(id_of::<E>(before), listed, change.revision());
            if batch.put(before, row) != Written::Unchanged {
                moved.insert(*owner);
            }
        }
    }
    batch.write().await?;
    Ok(moved)
}

fn id_of<E: Roster>(before: Option<&E::Model>) -> Uuid {
    use sea_orm::ModelTrait as _;
    let known = before.and_then(|row| match row.get(E::id()) {
        sea_orm::Value::Uuid(id) => id,
        _ => None,
    });
    known.unwrap_or_else(Uuid::now_v7)
}
