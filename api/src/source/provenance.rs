use async_graphql::{Enum, SimpleObject};
use entity::code;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AsOf, CitationLine, Source, by_ids};
use crate::access::Access;
use crate::error::Result;
use crate::id::SourceId;
use crate::page::Page;

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
    /// A line to cite it by; null where nothing is known of where it comes from.
    #[graphql(skip)]
    pub citation: Option<Box<CitationLine>>,
    #[graphql(skip)]
    #[serde(skip)]
    pub(super) cited: Vec<Uuid>,
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

impl Provenance {
    /// Whether it names a source.
    pub fn is_cited(&self) -> bool {
        !self.cited.is_empty()
    }
}

impl From<Citation> for Provenance {
    fn from(citation: Citation) -> Self {
        let Citation { cited, confidence, derivation, note, approximate } = citation;
        let confidence = confidence.map(Into::into);
        let (sources, citation) = (Vec::new(), None);
        let cited = cited.into_iter().flatten().collect();
        Self { sources, confidence, derivation, note, approximate, citation, cited }
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

/// The same with its sources and lines to cite by written out, in one statement for all of them.
pub async fn cited<T: Cites>(access: &Access, mut things: T) -> Result<T> {
    let mut provenances = things.provenances();
    let ids = provenances.iter().flat_map(|provenance| provenance.cited.clone()).map(SourceId);
    let ids: Vec<SourceId> = ids.collect();
    let sources = by_ids(access, ids).await?;
    let as_of = AsOf::of(access).await?;
    for provenance in &mut provenances {
        let cited = provenance.cited.iter();
        let find = |id: &Uuid| sources.iter().find(|source| source.id.0 == *id).cloned();
        provenance.sources = cited.filter_map(find).collect();
        provenance.citation = provenance.line(&provenance.sources, &as_of).map(Box::new);
    }
    Ok(things)
}
