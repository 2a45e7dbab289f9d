//! The same in GraphQL. Files come and go over REST.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{Document, Holder};
use crate::access::Access;
use crate::error::graphql::{UserError, payload};
use crate::error::{Error, Result};
use crate::history::AnyRevision;
use crate::id::{AnyId, DocumentId, Id as _};
use crate::wire::graphql::{AccessExt as _, at_revision, grouped};

/// Queries about documents.
#[derive(Default)]
pub struct DocumentQuery;

#[Object]
impl DocumentQuery {
    /// One document; null where there is none on anything that the caller sees.
    async fn document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: AnyId,
    ) -> Option<Result<Document>> {
        ctx.loaders().look_up(DocumentId::parse_at("id", &id).map(DocumentKey)).await
    }
}

/// Changes of documents.
#[derive(Default)]
pub struct DocumentMutation;

#[Object]
impl DocumentMutation {
    /// Remove a document that is at the revision you read. For who may change what it hangs on;
    /// one on a plan or a milestone, for who runs the procedure of the plan. To hand one in, send it to `POST /api/v1/documents`.
    async fn delete_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which document.")] input: DeleteDocumentInput,
    ) -> Result<DeleteDocumentPayload> {
        let done = async {
            let (id, revision) = at_revision(&input.id, &input.revision)?;
            super::remove(ctx.access(), id, revision).await
        };
        payload(done.await).map(|(id, errors)| DeleteDocumentPayload { id, errors })
    }
}

/// Which document is to go.
#[derive(Debug, InputObject)]
struct DeleteDocumentInput {
    /// Which document.
    id: AnyId,
    /// The revision you read.
    revision: AnyRevision,
}

/// The document that is gone, or what is wrong with the input.
#[derive(Debug, SimpleObject)]
struct DeleteDocumentPayload {
    /// Its id; null where something is wrong.
    id: Option<DocumentId>,
    /// What is wrong; empty where all went well.
    errors: Vec<UserError>,
}

/// A document, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DocumentKey(pub DocumentId);

impl Loader<DocumentKey> for Access {
    type Value = Document;
    type Error = Error;

    async fn load(&self, keys: &[DocumentKey]) -> Result<HashMap<DocumentKey, Document>> {
        let documents = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(documents.into_iter().map(|it| (DocumentKey(it.id), it)).collect())
    }
}

/// The documents on something that the caller sees, fetched with those on all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DocumentsKey(pub Holder);

impl Loader<DocumentsKey> for Access {
    type Value = Vec<Document>;
    type Error = Error;

    async fn load(&self, keys: &[DocumentsKey]) -> Result<HashMap<DocumentsKey, Vec<Document>>> {
        let holders: Vec<Holder> = keys.iter().map(|key| key.0).collect();
        let documents = super::on_seen(self, &holders).await?;
        Ok(grouped(documents.into_iter().map(|it| (DocumentsKey(it.holder), it))))
    }
}
