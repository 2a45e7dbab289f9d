use entity::source::{self, Entity};
use uuid::Uuid;

use super::visible;
use crate::date::PartialDate;
use crate::error::Result;
use crate::history::{Change, Written};

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
