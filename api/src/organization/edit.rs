use async_graphql::{InputObject, MaybeUndefined};
use entity::code::{self, Confidence};
use entity::organization::{self, Column, Entity};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::names::{self, Former, FormerNameInput};
use super::{Organization, OrganizationKind, find, get, visible};
use crate::access::{Access, Action};
use crate::date::PartialDate;
use crate::error::{Error, Faults, Result};
use crate::history::{Change, Revision, Written};
use crate::id::{AnyId, Id as _, OrganizationId, RegionId};
use crate::name::{Name, NameInput};
use crate::region::{self, NATION, RegionBy};
use crate::{input, message, source};

/// What it takes to enter an organization.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewOrganization {
    /// Its name today.
    pub name: NameInput,
    /// The names it had before.
    pub former_names: Option<Vec<FormerNameInput>>,
    /// What kind of body it is.
    pub kind: OrganizationKind,
    /// Where it works: `KR` for the whole nation.
    pub region: Option<RegionBy>,
    /// The organization it belongs to.
    pub parent: Option<AnyId>,
    /// What it does.
    pub role: Option<String>,
    /// Since when it has been there: `2024`, `2024-02` or `2024-02-01`.
    pub valid_from: Option<String>,
    /// Until when it was, if it is no more.
    pub valid_to: Option<String>,
    /// What this is taken from.
    pub source: Option<AnyId>,
    /// What else should be known about it.
    pub note: Option<String>,
}

/// What may change about an organization. What is left out stays; null takes a value away.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct OrganizationChange {
    /// Its name today. For a body that was renamed, give its former name as well.
    #[schema(value_type = Option<NameInput>)]
    pub name: MaybeUndefined<NameInput>,
    /// The names it had before: all of them.
    #[schema(value_type = Option<Vec<FormerNameInput>>)]
    pub former_names: MaybeUndefined<Vec<FormerNameInput>>,
    /// What kind of body it is.
    #[schema(value_type = Option<OrganizationKind>)]
    pub kind: MaybeUndefined<OrganizationKind>,
    /// Where it works. Needs the right to write there as well.
    #[schema(value_type = Option<RegionBy>)]
    pub region: MaybeUndefined<RegionBy>,
    /// The organization it belongs to.
    #[schema(value_type = Option<String>)]
    pub parent: MaybeUndefined<AnyId>,
    /// What it does.
    #[schema(value_type = Option<String>)]
    pub role: MaybeUndefined<String>,
    /// Since when it has been there.
    #[schema(value_type = Option<String>)]
    pub valid_from: MaybeUndefined<String>,
    /// Until when it was, if it is no more.
    #[schema(value_type = Option<String>)]
    pub valid_to: MaybeUndefined<String>,
    /// What this is taken from.
    #[schema(value_type = Option<String>)]
    pub source: MaybeUndefined<AnyId>,
    /// What else should be known about it.
    #[schema(value_type = Option<String>)]
    pub note: MaybeUndefined<String>,
}

impl From<NewOrganization> for OrganizationChange {
    fn from(new: NewOrganization) -> Self {
        Self {
            name: MaybeUndefined::Value(new.name),
            former_names: said(new.former_names),
            kind: MaybeUndefined::Value(new.kind),
            region: said(new.region),
            parent: said(new.parent),
            role: said(new.role),
            valid_from: said(new.valid_from),
            valid_to: said(new.valid_to),
            source: said(new.source),
            note: said(new.note),
        }
    }
}

fn said<T>(given: Option<T>) -> MaybeUndefined<T> {
    given.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value)
}

/// Enters an organization. For who keeps the reference data of its region; one of the nation, or
/// of no region, for who does so for the nation.
pub async fn create(access: &Access, new: NewOrganization) -> Result<Organization> {
    let wanted = OrganizationChange::from(new);
    let found = Found::of(access, &wanted).await?;
    let region = input::kept(found.region, None);
    access.require(Action::EditReference, site(access, region).await?)?;
    let id = OrganizationId::new();
    let (row, former) = checked(wanted, found, blank(id))?;
    access
        .change("createOrganization", async move |change| {
            not_above_itself(change, &row).await?;
            let revision = change.revision();
            change.insert::<Entity>(organization::Model { revision, ..row }).await?;
            names::write(change, id.0, former.unwrap_or_default()).await.map(|_| ())
        })
        .await?;
    get(access, id).await
}

/// Changes an organization that is at this revision. For who keeps the reference data of its
/// region, and of the one it moves to.
pub async fn update(
    access: &Access,
    id: OrganizationId,
    revision: Revision,
    wanted: OrganizationChange,
) -> Result<Organization> {
    let row = find(access, id).await?;
    access.require(Action::EditReference, site(access, row.region_id).await?)?;
    let found = Found::of(access, &wanted).await?;
    access
        .change("updateOrganization", async move |change| {
            let before = change.current(visible(), id.0, revision).await?;
            let (after, former) = checked(wanted, found, before.clone())?;
            for region in [before.region_id, after.region_id] {
                change.require(Action::EditReference, site(change, region).await?)?;
            }
            not_above_itself(change, &after).await?;
            let whole = change.update::<Entity>(&before, after).await?;
            let Some(former) = former else { return Ok(()) };
            let names = names::write(change, id.0, former).await?;
            if (whole, names) == (Written::Unchanged, Written::Updated) {
                // Its names are a part of it.
                change.touch::<Entity>(&before).await?;
            }
            Ok(())
        })
        .await?;
    get(access, id).await
}

/// Removes an organization that is at this revision; `CONFLICT` while something refers to it.
pub async fn delete(
    access: &Access,
    id: OrganizationId,
    revision: Revision,
) -> Result<OrganizationId> {
    let row = find(access, id).await?;
    access.require(Action::EditReference, site(access, row.region_id).await?)?;
    access
        .change("deleteOrganization", async move |change| {
            let row = change.current(visible(), id.0, revision).await?;
            change.require(Action::EditReference, site(change, row.region_id).await?)?;
            names::write(change, id.0, Vec::new()).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

/// Where the right to write an organization is asked: in its region, or in the nation.
async fn site(access: &Access, region: Option<Uuid>) -> Result<RegionId> {
    if let Some(region) = region {
        return Ok(RegionId(region));
    }
    let nation = region::look_up(access, &RegionBy::Code(NATION.to_owned())).await?;
    // Where there is no nation, nobody has a right in it.
    Ok(nation.map_or(RegionId(Uuid::nil()), |nation| nation.id))
}

/// What a caller names, as keys.
#[derive(Clone, Copy)]
struct Found {
    region: MaybeUndefined<Uuid>,
    parent: MaybeUndefined<Uuid>,
    source: MaybeUndefined<Uuid>,
}

impl Found {
    async fn of(access: &Access, wanted: &OrganizationChange) -> Result<Self> {
        let region = match &wanted.region {
            MaybeUndefined::Undefined => MaybeUndefined::Undefined,
            MaybeUndefined::Null => MaybeUndefined::Null,
            MaybeUndefined::Value(by) => {
                let region = region::get(access, by).await.map_err(|error| error.at("region"))?;
                MaybeUndefined::Value(region.id.0)
            }
        };
        let parent = match &wanted.parent {
            MaybeUndefined::Undefined => MaybeUndefined::Undefined,
            MaybeUndefined::Null => MaybeUndefined::Null,
            MaybeUndefined::Value(id) => {
                let id = OrganizationId::parse_at("parent", id)?;
                let parent = find(access, id).await.map_err(|error| error.at("parent"))?;
                MaybeUndefined::Value(parent.id)
            }
        };
        let source = match &wanted.source {
            MaybeUndefined::Undefined => MaybeUndefined::Undefined,
            MaybeUndefined::Null => MaybeUndefined::Null,
            MaybeUndefined::Value(id) => {
                let id = crate::id::SourceId::parse_at("source", id)?;
                let source = source::get(access, id).await.map_err(|error| error.at("source"))?;
                MaybeUndefined::Value(source.id.0)
            }
        };
        Ok(Self { region, parent, source })
    }
}

type Row = (organization::Model, Option<Vec<Former>>);

/// The row as it is to be, checked; and its former names, if they are to change.
fn checked(wanted: OrganizationChange, found: Found, before: organization::Model) -> Result<Row> {
    let Found { region, parent, source } = found;
    let mut faults = Faults::default();
    let name = NameInput { ko: before.name_ko.clone(), en: before.name_en.clone() };
    let name = faults.at("name", input::must(wanted.name, name).and_then(|name| name.parse()));
    let kind = faults.at("kind", input::must(wanted.kind, before.kind.into()));
    let text = |text: Option<String>, max| text.map(|text| input::text(&text, max));
    let role = text(input::kept(wanted.role, before.role.clone()), input::TITLE);
    let role = faults.maybe("role", role);
    let note = text(input::kept(wanted.note, before.note.clone()), input::TEXT);
    let note = faults.maybe("note", note);
    let from = input::kept(wanted.valid_from, before.valid_from.clone());
    let to = input::kept(wanted.valid_to, before.valid_to.clone());
    let period = period(&mut faults, from.as_deref(), to.as_deref());
    let former = match wanted.former_names {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(Ok(Vec::new())),
        MaybeUndefined::Value(wanted) => Some(names::checked(&wanted)),
    };
    let former = faults.maybe("formerNames", former);
    let (Some(name), Some(kind), Some(role), Some(note)) = (name, kind, role, note) else {
        return faults.refuse();
    };
    let (Some((valid_from, valid_to)), Some(former)) = (period, former) else {
        return faults.refuse();
    };
    if let Some(error) = faults.into_error() {
        return Err(error);
    }
    let Name { ko: name_ko, en: name_en } = name;
    let (region_id, parent_id) =
        (input::kept(region, before.region_id), input::kept(parent, before.parent_id));
    let (source_id, confidence) = match source {
        MaybeUndefined::Undefined => (before.source_id, before.confidence),
        MaybeUndefined::Null => (None, None),
        MaybeUndefined::Value(source) => (Some(source), Some(Confidence::B)),
    };
    let kind = code::OrganizationKind::from(kind);
    let row = organization::Model {
        name_ko,
        name_en,
        kind,
        region_id,
        parent_id,
        role,
        note,
        valid_from,
        valid_to,
        source_id,
        confidence,
        ..before
    };
    Ok((row, former))
}

/// The first and the last day of something, in order.
pub(super) fn period(
    faults: &mut Faults,
    from: Option<&str>,
    to: Option<&str>,
) -> Option<(Option<String>, Option<String>)> {
    let from = faults.maybe("validFrom", from.map(PartialDate::parse));
    let to = faults.maybe("validTo", to.map(PartialDate::parse));
    let (from, to) = (from?, to?);
    let in_order = from.as_ref().zip(to.as_ref()).is_none_or(|(from, to)| from.from <= to.to);
    faults.rule(in_order, "validTo", message::end_before_start());
    Some((from.map(|date| date.text), to.map(|date| date.text)))
}

/// No administration is deeper.
const LEVELS: usize = 16;

/// Nothing above an organization is the organization itself.
async fn not_above_itself(change: &Change, row: &organization::Model) -> Result<()> {
    let mut above = row.parent_id;
    for _ in 0..LEVELS {
        let Some(id) = above else { return Ok(()) };
        if id == row.id {
            break;
        }
        let parent = visible().filter(Column::Id.eq(id)).one(&change.db().await?).await?;
        let parent = parent.ok_or_else(|| Error::not_found("organization").at("parent"))?;
        above = parent.parent_id;
    }
    Err(Error::invalid("parent", message::above_itself()))
}

fn blank(id: OrganizationId) -> organization::Model {
    organization::Model {
        id: id.0,
        external_id: None,
        kind: code::OrganizationKind::Agency,
        region_id: None,
        parent_id: None,
        name_ko: String::new(),
        name_en: None,
        role: None,
        valid_from: None,
        valid_to: None,
        source_id: None,
        confidence: None,
        note: None,
        revision: 0,
    }
}
