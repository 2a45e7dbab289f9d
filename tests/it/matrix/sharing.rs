//! Issues, what is said about them, forums and what follows from them.

use api::access::{Action, Role};
use reqwest::Method;
use serde_json::{Value, json};
use tests::TestServer;

use super::operations::{Operation, Site, World, made};

/// Reads of what is shared: by who sees the issue, and by everybody.
pub(super) const READS: &[&str] = &[
    "changesSince",
    "followUp",
    "followUps",
    "getChangesSummary",
    "getComment",
    "getFollowUp",
    "issueCategories",
    "listFollowUps",
    "listIssueCategories",
    "listIssueComments",
    "listMarks",
    "listSimilarIssues",
];

pub(super) async fn operations(server: &TestServer, it: &World) -> Vec<Operation> {
    use Action::{CurateIssues, EditPlan, ShareIssues};
    use Site::{Anywhere, Plan, Region};
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let World { issue, forum, organization, .. } = it;
    let comments = format!("/api/v1/issues/{issue}/comments");
    let comment = made(&officer, &comments, json!({ "text": "같은 어려움이 있습니다" })).await;
    let follow_up = json!({ "text": "자료 모으기", "owner": organization });
    let follow_up = made(&officer, &format!("/api/v1/forums/{forum}/follow-ups"), follow_up).await;
    let mut all = Vec::new();
    let mut add =
        |mutation, (method, path): (Method, String), fields: Value, named: Value, needs| {
            let rest = Some((mutation, method, path));
            all.push(Operation { mutation, rest, fields, named, needs });
        };
    let stale = |id: &str| json!({ "id": id, "revision": "0" });
    for (verb, mutation, fields, action) in [
        ("solve", "solveIssue", json!({ "solution": "함께 모음" }), ShareIssues),
        ("reopen", "reopenIssue", json!({}), ShareIssues),
        ("merge", "mergeIssues", json!({ "into": issue }), CurateIssues),
        ("unmerge", "unmergeIssue", json!({}), CurateIssues),
    ] {
        let path = format!("/api/v1/issues/{issue}/{verb}");
        add(mutation, (Method::POST, path), fields, stale(issue), (action, Region));
    }
    add(
        "addComment",
        (Method::POST, format!("/api/v1/issues/{}/comments", public(server).await)),
        json!({ "text": " " }),
        json!({ "issue": public(server).await }),
        (ShareIssues, Anywhere),
    );
    for (things, id, needs) in [
        ("targets", &it.target, (EditPlan, Plan)),
        ("measures", &it.measure, (EditPlan, Plan)),
        ("indicators", &it.indicator, (EditPlan, Plan)),
        ("milestones", &it.milestone, (EditPlan, Plan)),
        ("issues", issue, (ShareIssues, Region)),
        ("forums", forum, (ShareIssues, Region)),
    ] {
        let path = format!("/api/v1/{things}/{id}/revert");
        add("revertTo", (Method::POST, path), json!({ "toRevision": "1" }), stale(id), needs);
    }
    let path = format!("/api/v1/comments/{comment}");
    // That nobody changes what another one said is tried in `issues`.
    add(
        "deleteComment",
        (Method::DELETE, path),
        json!({}),
        stale(&comment),
        (CurateIssues, Region),
    );
    let path = format!("/api/v1/forums/{forum}/participants/{organization}");
    let part = json!({ "forum": forum, "organization": organization });
    let people = json!({ "people": -1 });
    add("joinForum", (Method::PUT, path.clone()), people, part.clone(), (ShareIssues, Region));
    add("leaveForum", (Method::DELETE, path), json!({}), part, (ShareIssues, Region));
    let path = format!("/api/v1/forums/{forum}/follow-ups");
    let new = json!({ "text": " ", "owner": organization });
    let forum = json!({ "forum": forum });
    add("createFollowUp", (Method::POST, path), new, forum, (ShareIssues, Region));
    let path = format!("/api/v1/follow-ups/{follow_up}");
    let named = stale(&follow_up);
    let share = (ShareIssues, Region);
    add("updateFollowUp", (Method::PATCH, path.clone()), json!({}), named.clone(), share);
    add("deleteFollowUp", (Method::DELETE, path.clone()), json!({}), named.clone(), share);
    let done = json!({ "doneOn": "2026-01" });
    add("completeFollowUp", (Method::POST, format!("{path}/complete")), done, named, share);
    all
}

/// An issue that everybody sees.
async fn public(server: &TestServer) -> String {
    let (_, issues) = server.anonymous().get("/api/v1/issues?limit=1").await;
    issues["items"][0]["id"].as_str().expect("an id").to_owned()
}
