//! The same in REST, and the files themselves.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, Charset, ContentDisposition, DispositionParam,
    DispositionType, ETAG, ExtendedValue, IF_NONE_MATCH,
};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Document, Handed, NewDocument};
use crate::access::Access;
use crate::error::{Code, Error, Problem, Result};
use crate::files::Files;
use crate::id::{AnyId, DocumentId, Id as _};
use crate::message;
use crate::page::rest::Items;
use crate::wire::Call;
use crate::wire::rest::{Answer, IfMatch, Params};

/// Where documents are handed in.
pub const PLACE: &str = "/api/v1/documents";

/// The routes of documents.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_documents)
        .service(create_document)
        .service(get_document)
        .service(get_document_content)
        .service(delete_document);
}

/// On what documents are asked for.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OnParams {
    /// The id of what they hang on.
    #[param(value_type = String)]
    on: AnyId,
}

/// The documents on one thing, as they were handed in.
#[utoipa::path(tag = "documents", operation_id = "listDocuments", params(OnParams),
    responses((status = 200, body = Items<Document>), (status = "4XX", body = Problem)))]
#[get("/documents")]
async fn list_documents(access: Access, on: Params<OnParams>) -> Result<Answer<Items<Document>>> {
    super::on(&access, &on.0.on).await.map(Answer::list)
}

/// Hand in a document: the body is the file, `Content-Type` says what it is. For who may change
/// what it is to hang on. The same file under the same name once more answers 200 with the
/// document that is there.
#[utoipa::path(tag = "documents", operation_id = "createDocument", params(NewDocument),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, body = Document), (status = 200, body = Document),
        (status = "4XX", body = Problem)))]
#[post("/documents")]
async fn create_document(
    access: Access,
    files: Data<Files>,
    call: Call,
    request: HttpRequest,
    new: Params<NewDocument>,
    body: Payload,
) -> Result<Answer<Document>> {
    if let Some(error) = too_long(&files, &request) {
        return Err(error);
    }
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let pieces = body.map(|piece| piece.map_err(|error| call.told(&error.into())));
    let said = (new.0, media_type.unwrap_or_default());
    Ok(match super::hand_in(&access, &files, said, pieces).await? {
        Handed::Created(document) => {
            let place = format!("{PLACE}/{}", document.id);
            Answer::tagged(document.revision, document).created_at(place)
        }
        Handed::Known(document) => Answer::tagged(document.revision, document),
    })
}

/// Refuses a file that says itself that it is too large, before any of it is read.
fn too_long(files: &Files, request: &HttpRequest) -> Option<Error> {
    let length = request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse::<u64>().ok()?;
    let most = files.most();
    (length > most).then(|| Error::new(Code::TooLarge, message::file_too_large(most)))
}

/// One document: what is said of it.
#[utoipa::path(tag = "documents", operation_id = "getDocument",
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Document), (status = "4XX", body = Problem)))]
#[get("/documents/{id}")]
async fn get_document(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<Document>> {
    let document = super::get(&access, DocumentId::parse_at("id", &id)?).await?;
    Ok(Answer::tagged(document.revision, document))
}

/// What is in a document, as a file to save. Its `ETag` is the SHA-256 of it.
#[utoipa::path(tag = "documents", operation_id = "getDocumentContent",
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = String, content_type = "application/octet-stream"),
        (status = "4XX", body = Problem)))]
#[get("/documents/{id}/content")]
async fn get_document_content(
    access: Access,
    files: Data<Files>,
    request: HttpRequest,
    id: Path<AnyId>,
    _: Params,
) -> Result<HttpResponse> {
    let (document, pieces) =
        super::content(&access, &files, DocumentId::parse_at("id", &id)?).await?;
    let tag = format!("\"{}\"", document.sha256);
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let mut response = HttpResponse::Ok();
    response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "private, no-cache"));
    if is_known {
        return Ok(response.status(actix_web::http::StatusCode::NOT_MODIFIED).finish());
    }
    response.insert_header((CONTENT_TYPE, document.media_type.as_str()));
    response.insert_header(saved_as(&document.name));
    response.no_chunking(u64::try_from(document.size).unwrap_or_default());
    Ok(response.streaming(pieces))
}

/// A file to save, under its own name: it is never shown within a page of ours.
fn saved_as(name: &str) -> ContentDisposition {
    let name = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::FilenameExt(name)],
    }
}

/// Remove a document that is at the revision sent as `If-Match`. For who may change what it hangs
/// on; one on a plan or a milestone, for who runs the procedure of the plan.
#[utoipa::path(tag = "documents", operation_id = "deleteDocument",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/documents/{id}")]
async fn delete_document(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = DocumentId::parse_at("id", &id)?;
    super::remove(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}
