//! Files that hang on things: handed in, fetched, and seen by who sees what they hang on.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Mutex;

use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use api::access::Role;
use api::files::{FilesConfig, S3Config};
use api::server::Front;
use api::wire::Limits;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, IF_NONE_MATCH};
use serde_json::{Value, json};
use tests::{Client, Reply, TestServer};

const PDF: &str = "application/pdf";

/// A PDF of so many bytes, as far as anybody looks.
fn pdf(length: usize) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    file.extend((0..length).map(|at| u8::try_from(at * 7 % 251).expect("a byte")));
    file.truncate(length);
    file
}

async fn hand_in(who: &Client, on: &str, name: &str, media_type: &str, file: Vec<u8>) -> Reply {
    let request = who.request(Method::POST, "/api/v1/documents");
    let request = request.query(&[("on", on), ("name", name), ("about", "회의 자료")]);
    who.send(request.header(CONTENT_TYPE, media_type).body(file)).await
}

/// What is in a file, and the headers it came with.
async fn content(who: &Client, path: &str) -> (u16, HeaderMap, Vec<u8>) {
    let reply = who.request(Method::GET, path).send().await.expect("an answer");
    let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
    (status, headers, reply.bytes().await.expect("a body").to_vec())
}

async fn plan_of(who: &Client, region: &str) -> String {
    let (_, plans) = who.get(&format!("/api/v1/regions/{region}/plans")).await;
    plans["items"][0]["id"].as_str().expect("a plan").to_owned()
}

fn stored(server: &TestServer) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(server.database().folder().join("files")).expect("a folder");
    folder.map(|entry| entry.expect("an entry").path()).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

#[tokio::test]
async fn a_document_is_handed_in_once_and_fetched_as_it_was() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = plan_of(&officer, "52110").await;
    let file = pdf(6_000_000);

    let first = hand_in(&officer, &plan, "공청회 회의록.pdf", PDF, file.clone()).await;
    assert_eq!(first.status, 201, "{:#}", first.body);
    let id = text(&first.body["id"]);
    assert_eq!(first.header("location"), format!("/api/v1/documents/{id}"));
    assert_eq!((&first.body["size"], &first.body["on"]), (&json!(6_000_000), &json!(plan)));
    let again = hand_in(&officer, &plan, "공청회 회의록.pdf", PDF, file.clone()).await;
    assert_eq!((again.status, &again.body["id"]), (200, &first.body["id"]));
    assert_eq!(stored(&server).len(), 1, "the second was not kept beside the first");

    let anyone = server.anonymous();
    let path = text(&first.body["content"]);
    let (status, headers, fetched) = content(&anyone, path).await;
    assert_eq!((status, fetched == file), (200, true));
    assert_eq!(headers["content-length"], "6000000");
    assert_eq!(headers["content-type"], PDF);
    assert_eq!(headers["x-content-type-options"], "nosniff");
    let saved_as = headers["content-disposition"].to_str().expect("a name");
    assert!(saved_as.starts_with("attachment; filename*=UTF-8''%EA%B3%B5"), "{saved_as}");
    let tag = headers["etag"].to_str().expect("a tag");
    assert_eq!(tag, format!("\"{}\"", text(&first.body["sha256"])));
    let known = anyone.request(Method::GET, path).header(IF_NONE_MATCH, tag);
    assert_eq!(anyone.send(known).await.status, 304);

    let query = format!(
        r#"{{ document(id: "{id}") {{ name mediaType sha256 }}
            plan(id: "{plan}") {{ documents {{ id about }} milestones {{ documents {{ id }} }} }}
            node(id: "{id}") {{ ... on Document {{ on }} }} }}"#
    );
    let data = anyone.data(&query).await;
    assert_eq!(data["document"]["name"], "공청회 회의록.pdf");
    assert_eq!(data["plan"]["documents"], json!([{ "id": id, "about": "회의 자료" }]));
    assert_eq!(data["node"]["on"], json!(plan));
    let (_, listed) = anyone.get(&format!("/api/v1/documents?on={plan}")).await;
    assert_eq!(listed["items"][0]["id"], json!(id));
    server.stop().await;
}

#[tokio::test]
async fn what_is_removed_stays_in_the_past_with_what_was_in_it() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = plan_of(&officer, "52110").await;
    let milestone = json!({ "kind": "OTHER", "summary": "착수회의" });
    let path = format!("/api/v1/plans/{plan}/milestones");
    let milestone = officer.post(&path, milestone).await.1["id"].clone();
    let handed = hand_in(&officer, text(&milestone), "회의록.pdf", PDF, pdf(100)).await.body;
    let (id, path) = (text(&handed["id"]), text(&handed["content"]));
    let place = format!("/api/v1/documents/{id}");
    let revision = officer.fetch(&place).await.header("dure-revision").to_owned();

    assert_eq!(officer.delete(&place, "\"0\"").await.0, 412);
    let stale = format!(
        r#"mutation {{ deleteDocument(input: {{ id: "{id}", revision: "1" }}) {{ id errors {{ code }} }} }}"#
    );
    let (_, told) = officer.gql(&stale).await;
    assert_eq!(told["data"]["deleteDocument"]["errors"][0]["code"], "CONFLICT", "{told}");
    let tag = format!("\"{}\"", text(&handed["revision"]));
    assert_eq!(officer.delete(&place, &tag).await.0, 204);
    assert_eq!(content(&officer, path).await.0, 404);
    let (status, _, past) = content(&officer, &format!("{path}?asOf={revision}")).await;
    assert_eq!((status, past), (200, pdf(100)));
    let before = revision.parse::<i64>().expect("a revision") - 1;
    assert_eq!(content(&officer, &format!("{path}?asOf={before}")).await.0, 404);
    server.stop().await;
}

#[tokio::test]
async fn a_document_is_seen_by_who_sees_what_it_hangs_on() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let draft = json!({ "region": { "code": "52110" }, "title": "초안", "round": 4 });
    let draft = officer.post("/api/v1/plans", draft).await.1["id"].clone();
    let draft = text(&draft);
    let handed = hand_in(&officer, draft, "초안.pdf", PDF, pdf(50)).await;
    let (id, path) = (text(&handed.body["id"]), text(&handed.body["content"]));
    let revision = handed.header("dure-revision").to_owned();
    let published = plan_of(&server.anonymous(), "52110").await;

    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let advisor = server.signed_in(Role::Advisor, "KR").await;
    for blind in [&server.anonymous(), &neighbour, &advisor] {
        for path in [
            path.to_owned(),
            format!("{path}?asOf={revision}"),
            format!("/api/v1/documents/{id}"),
            format!("/api/v1/documents?on={draft}"),
        ] {
            assert_eq!(content(blind, &path).await.0, 404, "{path}");
        }
        let (_, found) = blind.gql(&format!(r#"{{ node(id: "{id}") {{ id }} }}"#)).await;
        assert!(found["data"]["node"].is_null(), "{found}");
        let refused = hand_in(blind, draft, "초안.pdf", PDF, pdf(50)).await;
        assert_eq!((refused.status, &refused.body["code"]), (404, &json!("NOT_FOUND")));
        let told = hand_in(blind, &published, "계획.pdf", PDF, pdf(50)).await;
        let code = if blind.token().is_empty() { "UNAUTHENTICATED" } else { "FORBIDDEN" };
        assert_eq!(told.body["code"], code);
    }
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    assert_eq!(content(&centre, path).await.0, 200, "it sees the drafts of its province");
    assert_eq!(hand_in(&centre, draft, "의견.pdf", PDF, pdf(50)).await.body["code"], "FORBIDDEN");
    assert_eq!(stored(&server).len(), 1, "what was refused is not kept");
    server.stop().await;
}

#[tokio::test]
async fn a_contractor_hands_documents_in_and_takes_none_away() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let contractor = server.signed_in(Role::Contractor, "52110").await;
    let plan = plan_of(&officer, "52110").await;
    let milestone = json!({ "kind": "INTERIM_REPORT", "heldOn": "2025-01" });
    let path = format!("/api/v1/plans/{plan}/milestones");
    let (status, milestone) = contractor.post(&path, milestone).await;
    assert_eq!(status, 201, "work is noted by who does it: {milestone}");
    for on in [&plan, text(&milestone["id"])] {
        let handed = hand_in(&contractor, on, "보고서.pdf", PDF, pdf(100)).await;
        assert_eq!(handed.status, 201, "{:#}", handed.body);
        let path = format!("/api/v1/documents/{}", text(&handed.body["id"]));
        let (status, told) = contractor.delete(&path, "*").await;
        assert_eq!((status, &told["code"]), (403, &json!("FORBIDDEN")), "{told}");
        assert_eq!(officer.delete(&path, "*").await.0, 204);
    }
    server.stop().await;
}

/// A document on something, and the attempt to take it away.
async fn removed(officer: &Client, document: &Value) -> (u16, Value) {
    officer.delete(&format!("/api/v1/documents/{}", text(&document["id"])), "*").await
}

#[tokio::test]
async fn the_documents_of_a_step_that_froze_a_version_stay() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let (_, plans) = officer.get("/api/v1/regions/52110/plans").await;
    let plan = &plans["items"][0];
    let path = format!("/api/v1/plans/{}", text(&plan["id"]));
    let step = json!({ "transition": "SUBMIT", "heldOn": "2025-05",
        "contentRevision": plan["contentRevision"] });
    let (status, told) = officer.post(&format!("{path}/transitions"), step).await;
    assert_eq!(status, 200, "{told}");
    let (_, milestones) = officer.get(&format!("{path}/milestones")).await;
    let milestones = milestones["items"].as_array().expect("milestones");
    let held = |it: &&Value| it["kind"] == "SUBMISSION" && it["heldOn"]["text"] == "2025-05";
    let submission = milestones.iter().find(held).expect("the step");
    for name in ["공문.pdf", "계획서.pdf"] {
        let handed = hand_in(&officer, text(&submission["id"]), name, PDF, pdf(100)).await;
        assert_eq!(handed.status, 201, "more may be handed in: {:#}", handed.body);
        let (status, told) = removed(&officer, &handed.body).await;
        assert_eq!((status, &told["code"]), (409, &json!("GUARD_FAILED")), "{told}");
        let rule = "A version of the plan was frozen at this step: its documents stay.";
        assert_eq!(told["detail"], rule);
        let place = text(&handed.body["content"]);
        assert_eq!(content(&officer, place).await.0, 200, "nothing was removed");
    }
    server.stop().await;
}

#[tokio::test]
async fn the_documents_of_a_check_that_was_submitted_stay_until_it_is_reopened() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let made = async |path: &str, new: Value| {
        let (status, thing) = officer.post(path, new).await;
        assert_eq!(status, 201, "{thing}");
        text(&thing["id"]).to_owned()
    };
    let plan = json!({ "region": { "code": "52110" }, "title": "제2차 계획", "round": 2 });
    let plan = made("/api/v1/plans", plan).await;
    let measure = json!({ "plan": plan, "family": "MITIGATION", "title": "전기차 보급" });
    let measure = made("/api/v1/measures", measure).await;
    let check = json!({ "plan": plan, "year": 2024, "kind": "BASIC_PLAN" });
    let check = made("/api/v1/progress-checks", check).await;
    let path = format!("/api/v1/progress-checks/{check}");
    let grade = json!({ "grade": "NOT_DUE" });
    let assessed = officer.put(&format!("{path}/assessments/{measure}"), None, grade).await;
    assert_eq!(assessed.0, 200, "{}", assessed.1);
    let step = async |name: &str, more: Value| {
        let (_, check) = officer.get(&path).await;
        let mut step =
            json!({ "transition": name, "on": "2025-05-20", "revision": check["revision"] });
        step.as_object_mut().expect("one").extend(more.as_object().cloned().expect("one"));
        let (status, told) = officer.post(&format!("{path}/transitions"), step).await;
        assert_eq!(status, 200, "{told}");
    };
    let [early, report] = [1, 2].map(|n| pdf(100 * n));
    let early = hand_in(&officer, &check, "초안.pdf", PDF, early).await.body;
    let report = hand_in(&officer, &check, "보고서.pdf", PDF, report).await.body;
    assert_eq!(removed(&officer, &early).await.0, 204, "it is open");
    step("SELF_ASSESS", json!({})).await;
    step("SUBMIT", json!({ "exemption": "위원회가 아직 없음" })).await;
    let (status, told) = removed(&officer, &report).await;
    assert_eq!((status, &told["code"]), (409, &json!("GUARD_FAILED")), "{told}");
    assert!(text(&told["detail"]).contains("Art. 13(2)"), "{told}");
    let more = hand_in(&officer, &check, "공문.pdf", PDF, pdf(300)).await;
    assert_eq!(more.status, 201, "more may be handed in: {:#}", more.body);
    step("REOPEN", json!({ "note": "집계 오류 정정" })).await;
    assert_eq!(removed(&officer, &report).await.0, 204);
    server.stop().await;
}

#[tokio::test]
async fn a_file_that_cannot_be_taken_is_refused_with_the_remedy_and_leaves_nothing() {
    let limits = Limits { file_bytes: 2_000, ..Limits::default() };
    let server = TestServer::behind(Front { limits, ..Front::default() }).await;
    let report = api::exchange::load(&server.operator(), api::exchange::Pack::jeonbuk()).await;
    assert!(report.expect("a load").loaded);
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = plan_of(&officer, "52110").await;
    let region = officer.get("/api/v1/regions/52110").await.1["id"].clone();
    let hwp = "application/x-hwp";
    for (on, name, media_type, file, status, code, field) in [
        (plan.as_str(), "a.pdf", PDF, Vec::new(), 422, "INVALID", ""),
        (&plan, "a.pdf", PDF, b"<html>".to_vec(), 422, "INVALID", "Content-Type"),
        (
            &plan,
            "a.html",
            "text/html",
            b"<html>".to_vec(),
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "Content-Type",
        ),
        (&plan, "a.pdf", "", pdf(10), 415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type"),
        (&plan, "a.pdf", hwp, pdf(10), 422, "INVALID", "name"),
        (&plan, "../a.pdf", PDF, pdf(10), 422, "INVALID", "name"),
        (&plan, " ", PDF, pdf(10), 422, "INVALID", "name"),
        (&plan, "a.pdf", PDF, pdf(2_001), 413, "TOO_LARGE", ""),
        (text(&region), "a.pdf", PDF, pdf(10), 422, "INVALID", "on"),
        ("plan_x", "a.pdf", PDF, pdf(10), 422, "INVALID", "on"),
    ] {
        let refused = hand_in(&officer, on, name, media_type, file).await;
        let told = (refused.status, text(&refused.body["code"]));
        assert_eq!(told, (status, code), "{name} {media_type}: {:#}", refused.body);
        let pointer = refused.body["errors"][0]["pointer"].as_str().unwrap_or_default();
        assert_eq!(pointer.trim_start_matches(['#', '/']), field, "{:#}", refused.body);
    }
    // One that does not say how long it is: found out on the way.
    let address = server.url().trim_start_matches("http://").to_owned();
    let token = officer.token().to_owned();
    let told = tokio::task::spawn_blocking(move || chunked(&address, &token, &plan, 4_000)).await;
    let told = told.expect("an answer");
    assert!(told.starts_with("HTTP/1.1 413"), "{told}");
    assert_eq!(stored(&server), Vec::<PathBuf>::new());
    server.stop().await;
}

/// Sends a file in pieces, without its length.
fn chunked(address: &str, token: &str, plan: &str, length: usize) -> String {
    use std::io::{Read as _, Write as _};
    let mut line = std::net::TcpStream::connect(address).expect("a line");
    let file = pdf(length);
    write!(
        line,
        "POST /api/v1/documents?on={plan}&name=a.pdf HTTP/1.1\r\nHost: {address}\r\n\
         Authorization: Bearer {token}\r\nContent-Type: {PDF}\r\nTransfer-Encoding: chunked\r\n\
         Connection: close\r\n\r\n"
    )
    .expect("sent");
    for piece in file.chunks(1_000) {
        write!(line, "{:x}\r\n", piece.len()).expect("sent");
        line.write_all(piece).expect("sent");
        line.write_all(b"\r\n").expect("sent");
    }
    line.write_all(b"0\r\n\r\n").expect("sent");
    let mut told = Vec::new();
    // The service may hang up once it has said no.
    let _ = line.read_to_end(&mut told);
    String::from_utf8_lossy(&told).into_owned()
}

/// What an object store holds, by address, with parts that are not put together yet.
#[derive(Default)]
struct Bucket {
    whole: BTreeMap<String, Vec<u8>>,
    parts: BTreeMap<(String, u32), Vec<u8>>,
    unsigned: usize,
}

/// As much of S3 as one needs to keep files there.
async fn s3(request: HttpRequest, body: Bytes, bucket: Data<Mutex<Bucket>>) -> HttpResponse {
    let mut bucket = bucket.lock().expect("a bucket");
    let signed = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    if !signed.is_some_and(|value| value.starts_with("AWS4-HMAC-SHA256 Credential=dure/")) {
        bucket.unsigned += 1;
    }
    let (path, query) = (request.path().to_owned(), request.query_string().to_owned());
    let part = query.split('&').find_map(|pair| pair.strip_prefix("partNumber="));
    let mut answer = HttpResponse::Ok();
    answer.insert_header(("ETag", "\"1\""));
    match (request.method().as_str(), part) {
        ("POST", _) if query.contains("uploads") => answer.body(
            "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>",
        ),
        ("PUT", Some(number)) => {
            bucket.parts.insert((path, number.parse().expect("a number")), body.to_vec());
            answer.finish()
        }
        ("POST", _) => {
            let parts = bucket.parts.iter().filter(|((of, _), _)| *of == path);
            let whole = parts.flat_map(|(_, part)| part.clone()).collect();
            bucket.whole.insert(path, whole);
            answer.body(
                "<CompleteMultipartUploadResult><ETag>\"1\"</ETag></CompleteMultipartUploadResult>",
            )
        }
        ("GET", _) => match bucket.whole.get(&path) {
            Some(file) => {
                answer.insert_header(("Last-Modified", "Tue, 24 Nov 2026 00:00:00 GMT"));
                answer.body(file.clone())
            }
            None => HttpResponse::NotFound().finish(),
        },
        _ => HttpResponse::MethodNotAllowed().finish(),
    }
}

#[tokio::test]
async fn documents_are_kept_in_an_object_store_where_one_is_configured() {
    let bucket = Data::new(Mutex::new(Bucket::default()));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let shared = bucket.clone();
    let large = web::PayloadConfig::new(64 * 1024 * 1024);
    let store = HttpServer::new(move || {
        App::new().app_data(shared.clone()).app_data(large.clone()).default_service(web::to(s3))
    });
    let store = store.workers(1).listen(listener).expect("a store").run();
    let handle = store.handle();
    let running = tokio::spawn(store);

    let server = TestServer::keeping(FilesConfig::S3(Box::new(S3Config {
        endpoint,
        region: "kr-standard".to_owned(),
        bucket: "plans".to_owned(),
        prefix: "jeonbuk".to_owned(),
        key_id: "dure".to_owned(),
        secret: "두레".to_owned(),
    })))
    .await;
    let report = api::exchange::load(&server.operator(), api::exchange::Pack::jeonbuk()).await;
    assert!(report.expect("a load").loaded);
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let plan = plan_of(&officer, "52110").await;
    // Two parts and a bit.
    let file = pdf(11 * 1024 * 1024);
    let handed = hand_in(&officer, &plan, "계획.pdf", PDF, file.clone()).await;
    assert_eq!(handed.status, 201, "{:#}", handed.body);
    let (status, _, fetched) = content(&server.anonymous(), text(&handed.body["content"])).await;
    assert_eq!((status, fetched == file), (200, true));
    {
        let bucket = bucket.lock().expect("a bucket");
        let kept: Vec<&String> = bucket.whole.keys().collect();
        assert_eq!(kept, [&format!("/plans/jeonbuk/{}", text(&handed.body["id"]))]);
        assert_eq!((bucket.parts.len(), bucket.unsigned), (3, 0));
    }
    server.stop().await;
    handle.stop(true).await;
    running.await.expect("a store").expect("an end");
}
