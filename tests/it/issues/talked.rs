//! What offices say about an issue.

use api::access::Role;
use serde_json::json;
use tests::TestServer;

use super::{id, tag, told};

#[tokio::test]
async fn offices_talk_about_an_issue_without_the_names_of_people() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52190").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let stranger = server.signed_in(Role::ProvinceOfficer, "48").await;
    let contractor = server.signed_in(Role::Contractor, "52110").await;
    let issue = told(&officer, "52190", "capacity", json!({})).await;
    let path = format!("/api/v1/issues/{}/comments", id(&issue));
    let (status, first) = neighbour.post(&path, json!({ "text": "우리도 그렇습니다" })).await;
    assert_eq!(status, 201, "{first}");
    assert_eq!(first["author"]["region"]["code"], "52140");
    assert_eq!(
        (&first["author"]["role"], &first["mine"]),
        (&json!("MUNICIPAL_OFFICER"), &json!(true))
    );
    assert!(!first.to_string().contains("담당자"), "no account's name: {first}");
    let (_, second) = centre.post(&path, json!({ "text": "교육을 열겠습니다" })).await;
    let (_, now) = officer.get(&format!("/api/v1/issues/{}", id(&issue))).await;
    assert_eq!(now["revision"], issue["revision"], "talking about it does not change it");

    let query = format!(
        r#"{{ issue(id: "{}") {{ comments(first: 1) {{ totalCount nodes {{ text mine author {{ role region {{ code }} organization {{ id }} }} }} pageInfo {{ hasNextPage }} }} }} node(id: "{}") {{ id }} }}"#,
        id(&issue),
        id(&first)
    );
    let data = officer.data(&query).await;
    let page = &data["issue"]["comments"];
    assert_eq!((&page["totalCount"], &page["pageInfo"]["hasNextPage"]), (&json!(2), &json!(true)));
    assert_eq!(
        (&page["nodes"][0]["text"], &page["nodes"][0]["mine"]),
        (&json!("우리도 그렇습니다"), &json!(false))
    );
    let (_, listed) = officer.get(&format!("{path}?limit=1&total=true")).await;
    assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(2), &first["id"]));
    for blind in [&stranger, &contractor, &server.anonymous()] {
        assert_eq!(blind.get(&path).await.0, 404);
        assert_eq!(blind.get(&format!("/api/v1/comments/{}", id(&first))).await.0, 404);
        assert_eq!(blind.data(&query).await, json!({ "issue": null, "node": null }));
    }

    let mine = format!("/api/v1/comments/{}", id(&first));
    let other = json!({ "text": "우리도 사람이 없습니다" });
    assert_eq!(officer.patch(&mine, &tag(&first), other.clone()).await.0, 403);
    assert_eq!(centre.patch(&mine, &tag(&first), other.clone()).await.0, 403, "nor who curates");
    let (status, edited) = neighbour.patch(&mine, &tag(&first), other.clone()).await;
    assert_eq!((status, edited["editedAt"].is_string()), (200, true), "{edited}");
    assert_eq!(neighbour.patch(&mine, &tag(&first), other).await.0, 412);
    assert_eq!(officer.delete(&mine, &tag(&edited)).await.0, 403, "not one's own");
    assert_eq!(centre.delete(&mine, &tag(&edited)).await.0, 204, "who curates may");
    let theirs = format!("/api/v1/comments/{}", id(&second));
    let gql = r#"mutation($input: DeleteCommentInput!) { deleteComment(input: $input) { id errors { code } } }"#;
    let input = json!({ "id": second["id"], "revision": second["revision"] });
    let (_, gone) = centre.gql_with(gql, json!({ "input": input })).await;
    assert_eq!(gone["data"]["deleteComment"]["id"], second["id"], "{gone}");
    assert_eq!(centre.get(&theirs).await.0, 404);
    server.stop().await;
}
