//! Where figures come from, and how sure they are.
//!
//! Every figure cites its sources. Two outlets that agree make it A, one makes it B, and what we
//! worked out ourselves is C and says how. A contradiction between sources is kept, not mended.

pub mod graphql;
pub mod rest;

use async_graphql::{Enum, InputObject, SimpleObject};
use entity::code;
use entity::source::{self, Column, Entity};
use sea_orm::{Condition, EntityTrait, QueryFilter, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Access;
use crate::date::PartialDate;
use crate::error::{Error, Result};
use crate::filter::{StringFilter, changed_after};
use crate::history::{AnyRevision, Change, Revision, Written};
use crate::id::{AnyId, Id, SourceId};
use crate::page::{By, Listed, Page, PageRequest};
use crate::quantity::{Amount, DecimalText, Mass, MassUnit, Rate, Unit};
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

/// How sure a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::Confidence")]
pub enum Confidence {
    /// Two sources agree; they may have printed the same press release.
    A,
    /// One source.
    B,
    /// Derived or inferred; `derivation` or `note` says how.
    C,
}

/// What stands behind a figure, or why there is none. Null is not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::FigureStatus")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FigureStatus {
    /// Settled.
    Final,
    /// Published, but still to be settled.
    Provisional,
    /// Stated in a report or by an office.
    Reported,
    /// Worked out from other figures.
    Estimated,
    /// Invented to show something; never summed with real figures.
    Illustrative,
    /// Nobody has stated it.
    NotReported,
    /// It exists but was not estimated (NE).
    NotEstimated,
    /// It does not occur here (NO).
    NotOccurring,
    /// It is counted elsewhere (IE).
    IncludedElsewhere,
    /// It may not be published (C).
    Confidential,
    /// It is on its way.
    Pending,
    /// It makes no sense here (NA).
    NotApplicable,
}

/// Where a figure comes from and how sure it is.
#[derive(Clone, Debug, Default, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Provenance {
    /// What it was taken from.
    #[graphql(skip)]
    pub sources: Vec<Source>,
    /// How sure it is.
    pub confidence: Option<Confidence>,
    /// How it was worked out, if it was.
    pub derivation: Option<String>,
    /// What else should be known about it.
    pub note: Option<String>,
    /// Whether the source gives it as rounded or "about".
    pub approximate: bool,
    #[graphql(skip)]
    #[serde(skip)]
    cited: [Option<Uuid>; 2],
}

/// What a row says of where it comes from.
#[derive(Clone, Debug, Default)]
pub struct Citation {
    /// The columns `source_id` and `source2_id`.
    pub cited: [Option<Uuid>; 2],
    /// How sure it is.
    pub confidence: Option<code::Confidence>,
    /// How it was worked out.
    pub derivation: Option<String>,
    /// What else should be known.
    pub note: Option<String>,
    /// Whether it is rounded.
    pub approximate: bool,
}

impl From<Citation> for Provenance {
    fn from(citation: Citation) -> Self {
        let Citation { cited, confidence, derivation, note, approximate } = citation;
        let confidence = confidence.map(Into::into);
        Self { sources: Vec::new(), confidence, derivation, note, approximate, cited }
    }
}

/// One stated number, with its status and provenance.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
pub struct Figure {
    /// The number, as near as a double comes; null where there is none.
    pub value: Option<f64>,
    /// The number, exactly; null where there is none.
    pub exact: Option<DecimalText>,
    /// What it counts.
    pub unit: Unit,
    /// What stands behind it, or why there is none.
    pub status: FigureStatus,
    /// Where it comes from.
    pub provenance: Provenance,
    #[graphql(skip)]
    #[serde(skip)]
    stored: Stored,
}

/// A figure's number as it is stored.
#[derive(Clone, Copy, Debug)]
enum Stored {
    Mass(Option<Mass>),
    Rate(Option<Rate>),
}

impl Figure {
    /// A mass, in kilotonnes.
    pub fn mass(mass: Option<Mass>, status: FigureStatus, provenance: Provenance) -> Self {
        let amount = mass.map(|mass| mass.in_unit(MassUnit::Kt));
        Self::of(amount, Unit::Kt, status, provenance, Stored::Mass(mass))
    }

    /// A share or rate, in percent.
    pub fn rate(rate: Option<Rate>, status: FigureStatus, provenance: Provenance) -> Self {
        Self::of(rate.map(Rate::percent), Unit::Percent, status, provenance, Stored::Rate(rate))
    }

    /// A mass that nobody has stated.
    pub fn no_mass() -> Self {
        Self::mass(None, FigureStatus::NotReported, Provenance::default())
    }

    /// A rate that nobody has stated.
    pub fn no_rate() -> Self {
        Self::rate(None, FigureStatus::NotReported, Provenance::default())
    }

    fn of(
        amount: Option<Amount>,
        unit: Unit,
        status: FigureStatus,
        provenance: Provenance,
        stored: Stored,
    ) -> Self {
        let (value, exact) = amount.map(|amount| (amount.value, amount.exact)).unzip();
        Self { value, exact, unit, status, provenance, stored }
    }

    /// The same figure in another unit; a rate stays what it is.
    pub fn in_unit(&self, unit: MassUnit) -> Self {
        match self.stored {
            Stored::Rate(_) => self.clone(),
            Stored::Mass(mass) => {
                let shown = Mass(0).in_unit(unit).unit;
                let amount = mass.map(|mass| mass.in_unit(unit));
                Self::of(amount, shown, self.status, self.provenance.clone(), self.stored)
            }
        }
    }

    /// The mass, if it is one and there is one.
    pub fn as_mass(&self) -> Option<Mass> {
        match self.stored {
            Stored::Mass(mass) => mass,
            Stored::Rate(_) => None,
        }
    }

    /// The rate, if it is one and there is one.
    pub fn as_rate(&self) -> Option<Rate> {
        match self.stored {
            Stored::Rate(rate) => rate,
            Stored::Mass(_) => None,
        }
    }
}

/// Something with figures or facts that cite sources.
pub trait Cites {
    /// Every provenance in it.
    fn provenances(&mut self) -> Vec<&mut Provenance>;
}

impl<T: Cites> Cites for Vec<T> {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        self.iter_mut().flat_map(Cites::provenances).collect()
    }
}

impl<T: Cites> Cites for Page<T> {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        self.items.iter_mut().flat_map(|(item, _)| item.provenances()).collect()
    }
}

/// The same with its sources written out, in one statement for all of them.
pub async fn cited<T: Cites>(access: &Access, mut things: T) -> Result<T> {
    let mut provenances = things.provenances();
    let ids = provenances.iter().flat_map(|provenance| provenance.cited).flatten();
    let sources = by_ids(access, ids.map(SourceId)).await?;
    for provenance in &mut provenances {
        let cited = provenance.cited.iter().flatten();
        let find = |id: &Uuid| sources.iter().find(|source| source.id.0 == *id).cloned();
        provenance.sources = cited.filter_map(find).collect();
    }
    Ok(things)
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

/// A source as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedSource {
    /// Its stable name.
    pub external_id: String,
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
    /// When it was published.
    pub published_on: Option<PartialDate>,
    /// What the date rests on.
    pub date_basis: Option<String>,
    /// What it is.
    pub kind: Option<String>,
    /// When it was read.
    pub retrieved_on: Option<PartialDate>,
    /// What else should be known.
    pub note: Option<String>,
}

/// Writes the sources of a data pack; what happened to each, in their order.
pub async fn load(change: &Change, loaded: Vec<LoadedSource>) -> Result<Vec<Written>> {
    let known = visible().all(&change.db().await?).await?;
    let mut batch = change.batch::<Entity>();
    for new in loaded {
        let before = known.iter().find(|row| row.external_id.as_ref() == Some(&new.external_id));
        let row = source::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            external_id: Some(new.external_id),
            title: new.title,
            publisher: new.publisher,
            url: new.url,
            published_on: new.published_on.map(|date| date.text),
            date_basis: new.date_basis,
            kind: new.kind,
            retrieved_on: new.retrieved_on.map(|date| date.text),
            licence: before.and_then(|row| row.licence.clone()),
            note: new.note,
            revision: change.revision(),
        };
        batch.put(before, row);
    }
    batch.write().await
}

/// The keys of the sources that a data pack has named so far.
pub async fn external_ids(change: &Change) -> Result<Vec<(String, Uuid)>> {
    let rows = visible().all(&change.db().await?).await?;
    let named = rows.into_iter().filter_map(|row| Some((row.external_id?, row.id)));
    Ok(named.collect())
}
