//! Documents.

use api::access::Action;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::json;
use tests::TestServer;

use super::operations::{Operation, Site, World};

pub(super) async fn operations(server: &TestServer, it: &World) -> Vec<Operation> {
    let officer = server.signed_in(api::access::Role::MunicipalOfficer, "52110").await;
    let request = officer.request(Method::POST, "/api/v1/documents");
    let request = request.query(&[("on", it.plan.as_str()), ("name", "계획.pdf")]);
    let request = request.header(CONTENT_TYPE, "application/pdf").body("%PDF-1.7");
    let handed = officer.send(request).await;
    assert_eq!(handed.status, 201, "{:#}", handed.body);
    let id = handed.body["id"].as_str().expect("an id");
    let path = format!("/api/v1/documents/{id}");
    vec![Operation {
        mutation: "deleteDocument",
        rest: Some(("deleteDocument", Method::DELETE, path)),
        fields: json!({}),
        named: json!({ "id": id, "revision": "0" }),
        needs: (Action::RunProcedure, Site::Plan),
    }]
}

/// Handing in has no mutation: `documents` tries it.
pub(super) const READS: &[&str] =
    &["createDocument", "document", "getDocument", "getDocumentContent", "listDocuments"];
