use entity::document::{self, Column, Entity};
use futures_util::Stream;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::holder::{self, Place};
use super::{Document, Holder, form, get, stored_as};
use crate::access::Access;
use crate::error::{Error, Result};
use crate::files::{Files, Piece};
use crate::history::{Change, Revision};
use crate::id::{AnyId, DocumentId, Id as _};
use crate::input;
use crate::message;

/// What is said of a document that is handed in; what is in it is the body.
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct NewDocument {
    /// The id of what it is to hang on.
    #[param(value_type = String)]
    pub on: AnyId,
    /// The name of the file, as `회의록.pdf`: 1 to 300 characters.
    pub name: String,
    /// What it is about.
    pub about: Option<String>,
}

/// What became of a document that was handed in.
#[derive(Debug)]
pub enum Handed {
    /// It is new.
    Created(Document),
    /// The same file hangs there already, under the same name.
    Known(Document),
}

/// Hands in a document. For who may change what it is to hang on. The same file once more is the
/// same document.
///
/// `UNSUPPORTED_MEDIA_TYPE` for a kind that is not taken, `INVALID` for a file that is not what it
/// is said to be, `TOO_LARGE` beyond the limit.
pub async fn hand_in(
    access: &Access,
    files: &Files,
    (new, media_type): (NewDocument, &str),
    pieces: impl Stream<Item = Result<Piece>>,
) -> Result<Handed> {
    let on = Holder::parse(&new.on)?;
    holder::site_of(access, on).await?.require(access)?;
    let name = file_name(&new.name)?;
    let about = new.about.as_deref().map(|text| input::text(text, input::TEXT)).transpose();
    let about = about.map_err(|error| error.at("about"))?;
    let known = form::known(media_type, &name)?;
    // Nobody waits for a snapshot while a file comes in.
    access.finish().await;
    let id = DocumentId::new();
    let written = files.write(&stored_as(id), pieces, |head| known.look(head)).await?;
    let (holder, holder_id) = on.key();
    let row = document::Model {
        id: id.0,
        holder,
        holder_id,
        region_id: None,
        plan_id: None,
        name,
        media_type: known.media_type().to_owned(),
        size: i64::try_from(written.size).unwrap_or(i64::MAX),
        sha256: written.sha256,
        about,
        added_at: 0,
        revision: 0,
    };
    let noted =
        access.change("createDocument", async move |change| note(change, on, row).await).await;
    match noted {
        Ok(None) => get(access, id).await.map(Handed::Created),
        Ok(Some(before)) => {
            files.discard(&stored_as(id)).await?;
            get(access, before).await.map(Handed::Known)
        }
        Err(error) => {
            files.discard(&stored_as(id)).await?;
            Err(error)
        }
    }
}

/// Notes a document; or says which one it is already.
async fn note(change: &Change, on: Holder, row: document::Model) -> Result<Option<DocumentId>> {
    // What it hangs on may have gone, or been closed to the caller, while the file came in.
    let place = holder::site_of(change, on).await?;
    place.require(change)?;
    let same = Entity::find()
        .filter(Column::HolderId.eq(row.holder_id))
        .filter(Column::Sha256.eq(&row.sha256))
        .filter(Column::Name.eq(&row.name));
    if let Some(before) = same.one(&change.db().await?).await? {
        return Ok(Some(DocumentId(before.id)));
    }
    let Place { region, plan, .. } = place;
    let added_at = change.now().await?.0;
    // Issues and cases have readers of their own, whom the plan does not tell.
    let plan_id = plan.filter(|_| !matches!(on, Holder::Issue(_) | Holder::Case(_)));
    let row = document::Model { region_id: region, plan_id, added_at, ..row };
    change.insert::<Entity>(row).await?;
    Ok(None)
}

/// Removes a document that is at this revision. For who may change what it hangs on; one on a plan or
/// a milestone, for who runs the procedure of the plan. `GUARD_FAILED` where what it hangs on was
/// frozen: a check that was submitted, a step that froze a version. Its past, with what was in it, stays
/// readable as all pasts do.
pub async fn remove(access: &Access, id: DocumentId, revision: Revision) -> Result<DocumentId> {
    let document = get(access, id).await?;
    holder::site_of(access, document.holder).await?.require_removal(access)?;
    access
        .change("deleteDocument", async move |change| {
            let row = change.current(Entity::find(), id.0, revision).await?;
            let on = Holder::of(&row);
            holder::site_of(change, on).await?.require_removal(change)?;
            holder::let_go(change, on).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

/// The name of a file, without a way to other folders.
fn file_name(name: &str) -> Result<String> {
    let checked = input::text(name, input::TITLE).map_err(|error| error.at("name"))?;
    match checked.contains(['/', '\\', '\n', '\r', '\t']) {
        true => Err(Error::invalid("name", message::not_a_file_name())),
        false => Ok(checked),
    }
}
