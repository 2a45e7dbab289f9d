//! Organizations: the governments, departments, centres, contractors, agencies and committees that
//! make plans, decide on them, advise and measure.
//!
//! They are renamed and moved more often than regions: a body keeps its id and its former names,
//! and what refers to it keeps referring to it. People are not in here.

mod edit;
pub mod graphql;
mod list;
mod names;
mod pack;
pub mod rest;
mod roster;

use async_graphql::{Enum, MaybeUndefined, SimpleObject};
use entity::code;
use entity::organization::{self, Column, Entity};
use entity::organization_name;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use edit::{NewOrganization, OrganizationChange, create, delete, update};
pub use list::{OrganizationFilter, OrganizationKindFilter, OrganizationOrder, page};
pub use names::{FormerName, FormerNameInput};
pub use pack::{LoadedOrganization, external_ids, load};
pub(crate) use roster::roster;
pub use roster::{Listed, OrganizationRef, Roster, all_chosen, put, refs, rosters, write};

use crate::access::Access;
use crate::date::PartialDate;
use crate::error::{Error, Result};
use crate::filter::Words;
use crate::history::Revision;
use crate::id::{AnyId, Id, OrganizationId, RegionId};
use crate::name::Name;
use crate::page::{self, Found, Page, PageRequest};
use crate::region::{self, RegionRef};
use crate::source::{Citation, Cites, Provenance};

/// What kind of body an organization is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::OrganizationKind")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrganizationKind {
    /// A ministry of the nation.
    Ministry,
    /// A public agency.
    Agency,
    /// The government of a province.
    ProvinceGovernment,
    /// The government of a city or county.
    Municipality,
    /// A department of a government or ministry.
    Department,
    /// A committee that deliberates, as the carbon neutrality committees of the Framework Act.
    Committee,
    /// A council, or a body of one.
    Council,
    /// A carbon neutrality support centre (Framework Act, Art. 68).
    SupportCentre,
    /// Somebody contracted to draft plans.
    Contractor,
    /// An institute that does research.
    ResearchInstitute,
    /// A civic organization.
    Ngo,
    /// An organization of many countries.
    International,
    /// A body of a political party.
    Political,
}

/// A body that takes part: a government, a centre, a contractor, an agency, a committee.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its stable name in the data pack it came from, as `jeonbuk:ORG-JRI`.
    pub external_id: Option<String>,
    /// Its name today.
    #[graphql(flatten)]
    pub name: Name,
    /// The names it had before, the latest first.
    pub former_names: Vec<FormerName>,
    /// What kind of body it is.
    pub kind: OrganizationKind,
    /// Where it works; `KR` for the whole nation, null where that is not known.
    #[graphql(skip)]
    pub region: Option<RegionRef>,
    /// The organization it belongs to.
    #[graphql(skip)]
    pub parent_id: Option<OrganizationId>,
    /// What it does, in the source's words.
    pub role: Option<String>,
    /// Since when it has been there.
    pub valid_from: Option<PartialDate>,
    /// Until when it was, if it is no more.
    pub valid_to: Option<PartialDate>,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
}

impl Cites for Organization {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        vec![&mut self.provenance]
    }
}

/// One organization. `NOT_FOUND` where there is none.
pub async fn get(access: &Access, id: OrganizationId) -> Result<Organization> {
    let found = by_ids(access, [id]).await?.pop();
    found.ok_or_else(|| Error::not_found("organization"))
}

/// These organizations, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = OrganizationId>,
) -> Result<Vec<Organization>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    complete(access, visible().filter(ids).all(&access.db().await?).await?).await
}

/// The organization of this stable name in a data pack, if there is one.
pub async fn of_external(access: &Access, name: &str) -> Result<Option<OrganizationId>> {
    let row = visible().filter(Column::ExternalId.eq(name)).one(&access.db().await?).await?;
    Ok(row.map(|row| OrganizationId(row.id)))
}

/// The organizations of these regions themselves, by name.
pub async fn of_regions(access: &Access, regions: &[RegionId]) -> Result<Vec<Organization>> {
    let regions = access.any_of(Column::RegionId, regions.iter().map(|region| region.0));
    by_name(access, visible().filter(regions)).await
}

/// The organizations that belong to these, by name.
pub async fn children(access: &Access, parents: &[OrganizationId]) -> Result<Vec<Organization>> {
    let parents = access.any_of(Column::ParentId, parents.iter().map(|parent| parent.0));
    by_name(access, visible().filter(parents)).await
}

/// The keys of the organizations of a kind, for what asks the database for things of theirs.
pub fn of_kind(kind: OrganizationKind) -> SelectStatement {
    let kind = code::OrganizationKind::from(kind);
    Query::select().column(Column::Id).from(Entity).and_where(Column::Kind.eq(kind)).to_owned()
}

/// The organizations that have these words in a name, today's or a former one, by name.
pub async fn found(access: &Access, words: &Words, request: &PageRequest) -> Result<Page<Found>> {
    let former = Query::select()
        .column(organization_name::Column::OrganizationId)
        .from(organization_name::Entity)
        .cond_where(
            words.on(&[organization_name::Column::NameKo, organization_name::Column::NameEn]),
        )
        .to_owned();
    let named = Condition::any()
        .add(words.on(&[Column::NameKo, Column::NameEn]))
        .add(Column::Id.in_subquery(former));
    let page =
        page::found(access, visible().filter(named), (words, Column::NameKo), request).await?;
    page.try_map(|row| {
        let name = Name { ko: row.name_ko, en: row.name_en };
        Ok(Found { id: OrganizationId(row.id).text(), name })
    })
}

/// The organizations that a caller names, as keys; a fault stands at its place in the list.
pub async fn named(access: &Access, ids: &[AnyId]) -> Result<Vec<Uuid>> {
    let parsed = ids.iter().enumerate().map(|(n, id)| {
        OrganizationId::parse(id).map_err(|error| error.at(&n.to_string())).map(|id| id.0)
    });
    let ids = parsed.collect::<Result<Vec<Uuid>>>()?;
    let wanted = access.any_of(Column::Id, ids.iter().copied());
    let known = visible().filter(wanted).all(&access.db().await?).await?;
    match ids.iter().position(|id| known.iter().all(|row| row.id != *id)) {
        Some(n) => Err(Error::not_found("organization").at(&n.to_string())),
        None => Ok(ids),
    }
}

/// The organization that a caller gives for a thing: null takes it away, and where nothing is said
/// there is nothing to write. Its faults stand at `field`.
pub async fn chosen(
    access: &Access,
    field: &str,
    wanted: &MaybeUndefined<AnyId>,
) -> Result<Option<Option<OrganizationId>>> {
    match wanted {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => Ok(Some(None)),
        MaybeUndefined::Value(id) => {
            let id = OrganizationId::parse_at(field, id)?;
            find(access, id).await.map_err(|error| error.at(field))?;
            Ok(Some(Some(id)))
        }
    }
}

/// Organizations are everybody's.
fn visible() -> Select<Entity> {
    Entity::find()
}

async fn find(access: &Access, id: OrganizationId) -> Result<organization::Model> {
    let row = visible().filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("organization"))
}

async fn by_name(access: &Access, rows: Select<Entity>) -> Result<Vec<Organization>> {
    let rows = rows.order_by_asc(Column::NameKo).order_by_asc(Column::Id);
    complete(access, rows.all(&access.db().await?).await?).await
}

/// The organizations of these rows, in their order, with their former names.
async fn complete(access: &Access, rows: Vec<organization::Model>) -> Result<Vec<Organization>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut former = names::of(access, rows.iter().map(|row| row.id)).await?;
    let regions = rows.iter().filter_map(|row| row.region_id).map(RegionId);
    let codes = region::codes_of(access, regions).await?;
    let rows = rows.into_iter().map(|row| {
        let id = row.region_id.map(RegionId);
        let code = id.and_then(|id| codes.get(&id).cloned()).unwrap_or_default();
        let region = id.map(|id| RegionRef { id, code });
        described(former.remove(&row.id).unwrap_or_default(), region, row)
    });
    rows.collect()
}

fn described(
    former_names: Vec<FormerName>,
    region: Option<RegionRef>,
    row: organization::Model,
) -> Result<Organization> {
    let date = |text: Option<String>| text.map(|text| PartialDate::parse(&text)).transpose();
    Ok(Organization {
        id: OrganizationId(row.id),
        external_id: row.external_id,
        name: Name { ko: row.name_ko, en: row.name_en },
        former_names,
        kind: row.kind.into(),
        region,
        parent_id: row.parent_id.map(OrganizationId),
        role: row.role,
        valid_from: date(row.valid_from)?,
        valid_to: date(row.valid_to)?,
        provenance: Provenance::from(Citation {
            cited: [row.source_id, None],
            confidence: row.confidence,
            note: row.note,
            ..Citation::default()
        }),
        revision: Revision(row.revision),
    })
}
