//! Documents: minutes, a plan as it was printed, an answer: files that hang on something.
//!
//! Who sees what a document hangs on sees the document, and nobody else; who may change that may
//! hand documents in. What is in a file never changes: another file is another document.

mod edit;
mod form;
pub mod graphql;
mod holder;
pub mod rest;

use std::collections::HashSet;

use async_graphql::SimpleObject;
use entity::document::{self, Column, Entity};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;

pub use edit::{Handed, NewDocument, hand_in, remove};
pub use holder::Holder;

use crate::access::{Access, Timestamp};
use crate::error::{Error, Result};
use crate::files::{Files, Pieces};
use crate::history::Revision;
use crate::id::{AnyId, DocumentId};

/// A file that hangs on something.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// The id of what it hangs on: a plan, milestone, progress check, advice case, issue or forum.
    pub on: AnyId,
    #[graphql(skip)]
    #[serde(skip)]
    pub(crate) holder: Holder,
    /// The name of the file.
    pub name: String,
    /// What kind of file it is, as `application/pdf`.
    pub media_type: String,
    /// How long it is, in bytes.
    pub size: i32,
    /// The SHA-256 of what is in it, in hexadecimal digits.
    pub sha256: String,
    /// What it is about.
    pub about: Option<String>,
    /// When it was handed in.
    pub added_at: Timestamp,
    /// Where to fetch what is in it.
    pub content: String,
    /// The revision that last wrote it; what a removal takes.
    pub revision: Revision,
}

/// One document. `NOT_FOUND` where the caller does not see what it hangs on.
pub async fn get(access: &Access, id: DocumentId) -> Result<Document> {
    by_ids(access, [id]).await?.pop().ok_or_else(|| Error::not_found("document"))
}

/// What is in a document. `NOT_FOUND` where the caller does not see what it hangs on.
pub async fn content(access: &Access, files: &Files, id: DocumentId) -> Result<(Document, Pieces)> {
    let document = get(access, id).await?;
    let pieces = files.read(&stored_as(id)).await?;
    Ok((document, pieces))
}

/// These documents, as far as the caller sees what they hang on, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = DocumentId>,
) -> Result<Vec<Document>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = Entity::find().filter(ids).all(&access.db().await?).await?;
    let holders: HashSet<Holder> = rows.iter().map(Holder::of).collect();
    let seen = holder::seen(access, holders).await?;
    Ok(rows.into_iter().filter(|row| seen.contains_key(&Holder::of(row))).map(described).collect())
}

/// The documents on one thing, as they were handed in. `NOT_FOUND` where the caller sees none.
pub async fn on(access: &Access, on: &AnyId) -> Result<Vec<Document>> {
    let holder = Holder::parse(on)?;
    holder::site_of(access, holder).await?;
    on_seen(access, &[holder]).await
}

/// The documents on these things, which the caller sees, as they were handed in.
pub(crate) async fn on_seen(access: &Access, holders: &[Holder]) -> Result<Vec<Document>> {
    let ids = access.any_of(Column::HolderId, holders.iter().map(|holder| holder.key().1));
    let rows = Entity::find().filter(ids).order_by_asc(Column::Id);
    Ok(rows.all(&access.db().await?).await?.into_iter().map(described).collect())
}

/// What a document's file is called where files are kept.
fn stored_as(id: DocumentId) -> String {
    id.to_string()
}

fn described(row: document::Model) -> Document {
    let (id, holder) = (DocumentId(row.id), Holder::of(&row));
    Document {
        id,
        on: holder.id(),
        holder,
        name: row.name,
        media_type: row.media_type,
        size: i32::try_from(row.size).unwrap_or(i32::MAX),
        sha256: row.sha256,
        about: row.about,
        added_at: Timestamp(row.added_at),
        content: format!("/api/v1/documents/{id}/content"),
        revision: Revision(row.revision),
    }
}
