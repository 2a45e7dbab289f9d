use std::collections::{HashMap, HashSet};

use async_graphql::{InputObject, SimpleObject};
use entity::organization_name::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::edit::period;
use crate::access::Access;
use crate::date::PartialDate;
use crate::error::{Code, Error, Faults, Result};
use crate::history::{Change, Written};
use crate::message;
use crate::name::{Name, NameInput};

/// A name an organization had before.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FormerName {
    /// The name.
    #[graphql(flatten)]
    pub name: Name,
    /// The first day it was called so, where known.
    pub valid_from: Option<PartialDate>,
    /// The last day it was called so, where known.
    pub valid_to: Option<PartialDate>,
}

/// A name an organization had before, as a caller gives it.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormerNameInput {
    /// The name.
    pub name: NameInput,
    /// The first day it was called so: `2024`, `2024-02` or `2024-02-01`.
    pub valid_from: Option<String>,
    /// The last day it was called so.
    pub valid_to: Option<String>,
}

/// A former name, checked.
#[derive(Clone, Debug)]
pub(super) struct Former {
    name: Name,
    valid_from: Option<String>,
    valid_to: Option<String>,
}

/// Nobody has been renamed as often.
const MOST: usize = 50;

/// The former names as they are to be; each only once.
pub(super) fn checked(wanted: &[FormerNameInput]) -> Result<Vec<Former>> {
    if wanted.len() > MOST {
        return Err(Error::new(Code::Invalid, message::at_most(MOST, wanted.len())));
    }
    let (mut faults, mut said, mut former) = (Faults::default(), HashSet::new(), Vec::new());
    for (n, wanted) in wanted.iter().enumerate() {
        let place = n.to_string();
        let Some(name) = faults.at(&place, one(wanted)) else { continue };
        faults.rule(said.insert(name.name.ko.clone()), &place, message::taken());
        former.push(name);
    }
    faults.into_error().map_or(Ok(former), Err)
}

fn one(wanted: &FormerNameInput) -> Result<Former> {
    let mut faults = Faults::default();
    let name = faults.at("name", wanted.name.parse());
    let (from, to) = (wanted.valid_from.as_deref(), wanted.valid_to.as_deref());
    match (name, period(&mut faults, from, to), faults.into_error()) {
        (Some(name), Some((valid_from, valid_to)), None) => {
            Ok(Former { name, valid_from, valid_to })
        }
        (.., faulty) => Err(faulty.unwrap_or_else(|| Error::impossible("a name without a fault"))),
    }
}

/// The former names of these organizations, the latest first.
pub(super) async fn of(
    access: &Access,
    organizations: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<FormerName>>> {
    let of_these = access.any_of(Column::OrganizationId, organizations);
    let rows = Entity::find().filter(of_these).all(&access.db().await?).await?;
    let mut names: HashMap<Uuid, Vec<FormerName>> = HashMap::new();
    for row in rows {
        let date = |text: Option<String>| text.map(|text| PartialDate::parse(&text)).transpose();
        let name = Name { ko: row.name_ko, en: row.name_en };
        let (valid_from, valid_to) = (date(row.valid_from)?, date(row.valid_to)?);
        let theirs = names.entry(row.organization_id).or_default();
        theirs.push(FormerName { name, valid_from, valid_to });
    }
    for theirs in names.values_mut() {
        let last = |name: &FormerName| name.valid_to.as_ref().map(|date| date.to);
        theirs.sort_by(|a, b| last(b).cmp(&last(a)).then_with(|| a.name.ko.cmp(&b.name.ko)));
    }
    Ok(names)
}

/// Writes an organization's former names, which are all there then are.
pub(super) async fn write(change: &Change, of: Uuid, wanted: Vec<Former>) -> Result<Written> {
    let rows = Entity::find().filter(Column::OrganizationId.eq(of));
    let known = rows.all(&change.db().await?).await?;
    let mut written = Written::Unchanged;
    for row in &known {
        if wanted.iter().all(|former| former.name.ko != row.name_ko) {
            change.delete::<Entity>(row).await?;
            written = Written::Updated;
        }
    }
    let mut batch = change.batch::<Entity>();
    for Former { name, valid_from, valid_to } in wanted {
        let before = known.iter().find(|row| row.name_ko == name.ko);
        let row = organization_name::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            organization_id: of,
            name_ko: name.ko,
            name_en: name.en,
            valid_from,
            valid_to,
            revision: change.revision(),
        };
        if batch.put(before, row) != Written::Unchanged {
            written = Written::Updated;
        }
    }
    batch.write().await?;
    Ok(written)
}
