//! Where figures come from, and how sure they are.
//!
//! Every figure cites its sources. Two outlets that agree make it A, one makes it B, and what we
//! worked out ourselves is C and says how. A contradiction between sources is kept, not mended.

mod figure;
pub mod graphql;
mod line;
mod pack;
mod provenance;
pub mod rest;

use async_graphql::{InputObject, MaybeUndefined, SimpleObject};
use entity::source::{self, Column, Entity};
use sea_orm::{Condition, EntityTrait, QueryFilter, Select};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use figure::{Approval, Figure, FigureStatus};
pub use line::{AsOf, CitationLine};
pub use pack::{LoadedSource, external_ids, load};
pub use provenance::{Citation, Cites, Confidence, Provenance, cited};

use crate::access::Access;
use crate::date::PartialDate;
use crate::error::{Error, Result};
use crate::filter::{StringFilter, changed_after};
use crate::history::{AnyRevision, Revision};
use crate::id::{AnyId, Id, SourceId};
use crate::message;
use crate::page::{By, Listed, Page, PageRequest};
use crate::url::Url;

/// A publication that figures are taken from.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// Its stable name in the data pack it came from, as `jeonbuk:S005`.
    pub external_id: Option<String>,
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// When; often not known to the day.
    pub published_on: Option<PartialDate>,
    /// What the date rests on: `stated` on the page, `url`, `text`, or `none`.
    pub date_basis: Option<String>,
    /// Where it can be read.
    pub url: Option<Url>,
    /// What it is: news, press_release, official, research, code, blog, encyclopedia.
    pub kind: Option<String>,
    /// When it was read for this service.
    pub retrieved_on: Option<PartialDate>,
    /// Under which licence it can be used, where one is stated.
    pub licence: Option<String>,
    /// What else should be known about it.
    pub note: Option<String>,
    /// The revision that last wrote it.
    pub revision: Revision,
}

/// Which sources a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct SourceFilter {
    /// What it is: news, press_release, official, research, code, blog, encyclopedia.
    pub kind: Option<StringFilter>,
    /// Its title.
    pub title: Option<StringFilter>,
    /// Who published it.
    pub publisher: Option<StringFilter>,
    /// Only those written after this revision.
    pub changed_after: Option<AnyRevision>,
}

impl SourceFilter {
    fn condition(&self, access: &Access) -> Result<Condition> {
        let texts = [
            (&self.kind, Column::Kind),
            (&self.title, Column::Title),
            (&self.publisher, Column::Publisher),
        ];
        let texts =
            texts.into_iter().filter_map(|(filter, column)| Some((filter.as_ref()?, column)));
        let all = texts
            .fold(Condition::all(), |all, (filter, column)| all.add(filter.on(access, column)));
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}

/// One source.
pub async fn get(access: &Access, id: SourceId) -> Result<Source> {
    let found = by_ids(access, [id]).await?.pop();
    found.ok_or_else(|| Error::not_found("source"))
}

/// These sources, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = SourceId>,
) -> Result<Vec<Source>> {
    let mut ids: Vec<Uuid> = ids.into_iter().map(|id| id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = visible().filter(access.any_of(Column::Id, ids)).all(&access.db().await?).await?;
    rows.into_iter().map(Source::try_from).collect()
}

/// One page of the sources, by title.
pub async fn page(
    access: &Access,
    filter: &SourceFilter,
    request: &PageRequest,
) -> Result<Page<Source>> {
    let select = visible().filter(filter.condition(access)?);
    let order = vec![By { column: Column::Title, descending: false }];
    let page = Listed::new(select, order, filter).page(access, request).await?;
    page.try_map(Source::try_from)
}

/// The sources that a caller names, as keys; a fault stands at its place in the list.
pub async fn named(access: &Access, ids: &[AnyId]) -> Result<Vec<Uuid>> {
    let parsed = ids.iter().enumerate().map(|(n, id)| {
        SourceId::parse(id).map_err(|error| error.at(&n.to_string())).map(|id| id.0)
    });
    let ids = parsed.collect::<Result<Vec<Uuid>>>()?;
    let known = by_ids(access, ids.iter().copied().map(SourceId)).await?;
    match ids.iter().position(|id| known.iter().all(|source| source.id.0 != *id)) {
        Some(n) => Err(Error::not_found("source").at(&n.to_string())),
        None => Ok(ids),
    }
}

/// The sources that a caller gives for a thing, up to two, the main one first: null takes them
/// away, and where nothing is said there is nothing to write. Its faults stand at `sources`.
pub async fn chosen(
    access: &Access,
    wanted: &MaybeUndefined<Vec<AnyId>>,
) -> Result<Option<[Option<Uuid>; 2]>> {
    let ids: &[AnyId] = match wanted {
        MaybeUndefined::Undefined => return Ok(None),
        MaybeUndefined::Null => &[],
        MaybeUndefined::Value(ids) => ids,
    };
    if ids.len() > 2 {
        return Err(Error::invalid("sources", message::too_many_ids(2)));
    }
    let ids = named(access, ids).await.map_err(|error| error.at("sources"))?;
    Ok(Some([ids.first().copied(), ids.get(1).copied()]))
}

/// Sources are everybody's.
fn visible() -> Select<Entity> {
    Entity::find()
}

impl TryFrom<source::Model> for Source {
    type Error = Error;

    fn try_from(row: source::Model) -> Result<Self> {
        let date = |text: Option<String>| text.map(|text| PartialDate::parse(&text)).transpose();
        Ok(Self {
            id: SourceId(row.id),
            external_id: row.external_id,
            title: row.title,
            publisher: row.publisher,
            published_on: date(row.published_on)?,
            date_basis: row.date_basis,
            url: row.url.map(Url),
            kind: row.kind,
            retrieved_on: date(row.retrieved_on)?,
            licence: row.licence,
            note: row.note,
            revision: Revision(row.revision),
        })
    }
}
