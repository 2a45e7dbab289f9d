//! The operations of plans and facts, and what they are tried on.

use api::access::{Action, Role};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, TestServer};

/// Where an operation is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Site {
    /// In the plan of 52110.
    Plan,
    /// In an advice case about the plan of 52110, which is addressed to the ACT centre.
    Case,
    /// In 52110, to no plan of it.
    Region,
    /// Everywhere that measures by a definition: in the province.
    Province,
    /// Anywhere at all.
    Anywhere,
}

/// One operation, in both dialects: whatever is left out of a dialect is not there.
pub(super) struct Operation {
    pub(super) mutation: &'static str,
    pub(super) rest: Option<(&'static str, Method, String)>,
    /// What a body and an input both have.
    pub(super) fields: Value,
    /// What only the input has: what an address says in REST. Null is what only the body has.
    pub(super) named: Value,
    pub(super) needs: (Action, Site),
}

/// What the operations are about.
pub(super) struct World {
    pub(super) plan: String,
    pub(super) target: String,
    pub(super) measure: String,
    pub(super) indicator: String,
    pub(super) definition: String,
    pub(super) milestone: String,
    pub(super) check: String,
    pub(super) issue: String,
    pub(super) forum: String,
    pub(super) organization: String,
    pub(super) statistic: String,
    pub(super) emission: String,
}

pub(super) async fn made(maker: &Client, path: &str, new: Value) -> String {
    let (status, thing) = maker.post(path, new).await;
    assert_eq!(status, 201, "{path} {thing}");
    thing["id"].as_str().expect("an id").to_owned()
}

pub(super) async fn world(server: &TestServer) -> World {
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let centre = server.signed_in(Role::SupportCentre, "52").await;
    let id = |thing: &Value| thing["id"].as_str().expect("an id").to_owned();
    let first = async |path: &str| id(&officer.get(path).await.1["items"][0]);
    let plan = first("/api/v1/regions/52110/plans").await;
    let region = json!({ "code": "52110" });
    let definition = first("/api/v1/indicator-definitions").await;
    let measure = json!({ "plan": plan, "family": "RESPONSE_BASE", "title": "교육" });
    let measure = made(&officer, "/api/v1/measures", measure).await;
    let indicator = json!({ "definition": definition, "plan": plan });
    let indicator = made(&officer, "/api/v1/indicators", indicator).await;
    let check = json!({ "plan": plan, "year": 2026, "kind": "BASIC_PLAN" });
    let check = made(&officer, "/api/v1/progress-checks", check).await;
    let milestone = json!({ "kind": "OTHER", "summary": "회의" });
    let milestone = made(&officer, &format!("/api/v1/plans/{plan}/milestones"), milestone).await;
    let target =
        json!({ "label": "교육", "year": 2045, "removals": { "amount": "1", "unit": "KT" } });
    let category = officer.get("/api/v1/issues?limit=1").await.1["items"][0]["category"].clone();
    let issue = json!({ "region": region, "category": category, "title": "자료 부족",
        "visibility": "PUBLIC" });
    let forum = json!({ "region": region, "title": "포럼" });
    let organization =
        json!({ "name": { "ko": "전주시 기후과" }, "kind": "DEPARTMENT", "region": region });
    let statistic = first("/api/v1/regions/52110/statistics").await;
    let emission = first("/api/v1/regions/52110/emissions").await;
    World {
        target: made(&officer, &format!("/api/v1/plans/{plan}/targets"), target).await,
        issue: made(&officer, "/api/v1/issues", issue).await,
        forum: made(&officer, "/api/v1/forums", forum).await,
        organization: made(&centre, "/api/v1/organizations", organization).await,
        plan,
        measure,
        indicator,
        definition,
        milestone,
        check,
        statistic,
        emission,
    }
}

/// Every operation that changes what the service is about.
pub(super) fn operations(it: &World) -> Vec<Operation> {
    use Action::{
        CheckProgress, EditFacts, EditPlan, EditReference, PublishPlan, RunProcedure, ShareIssues,
        StartPlan,
    };
    use Site::{Anywhere, Plan, Province, Region};
    let World { plan, target, measure, indicator, definition, milestone, check, .. } = it;
    let region = json!({ "code": "52110" });
    let nothing = || json!({});
    let mut all = Vec::new();
    let mut add = |mutation, rest, fields: Value, named: Value, needs| {
        all.push(Operation { mutation, rest, fields, named, needs });
    };
    let long = "긴 제목".repeat(200);
    let post = |name, path: &str| Some((name, Method::POST, path.to_owned()));
    let put = |name, path: String| Some((name, Method::PUT, path));

    add(
        "createPlan",
        post("createPlan", "/api/v1/plans"),
        json!({ "region": region, "title": long }),
        nothing(),
        (StartPlan, Region),
    );
    add(
        "createTarget",
        post("createTarget", &format!("/api/v1/plans/{plan}/targets")),
        json!({ "sector": "SINK", "year": 2030 }),
        json!({ "plan": plan }),
        (EditPlan, Plan),
    );
    add(
        "createMeasure",
        post("createMeasure", "/api/v1/measures"),
        json!({ "plan": plan, "family": "MITIGATION", "title": long }),
        nothing(),
        (EditPlan, Plan),
    );
    add(
        "createIndicator",
        post("createIndicator", "/api/v1/indicators"),
        json!({ "plan": plan, "definition": definition, "note": " " }),
        nothing(),
        (EditPlan, Plan),
    );
    add(
        "createMilestone",
        post("createMilestone", &format!("/api/v1/plans/{plan}/milestones")),
        json!({ "kind": "OTHER", "heldOn": "someday" }),
        json!({ "plan": plan }),
        (EditPlan, Plan),
    );
    // A step that the law names.
    add(
        "createMilestone",
        post("createMilestone", &format!("/api/v1/plans/{plan}/milestones")),
        json!({ "kind": "HEARING", "heldOn": "someday" }),
        json!({ "plan": plan }),
        (RunProcedure, Plan),
    );
    add(
        "createProgressCheck",
        post("createProgressCheck", "/api/v1/progress-checks"),
        json!({ "plan": plan, "year": 1800, "kind": "BASIC_PLAN" }),
        nothing(),
        (CheckProgress, Plan),
    );
    add(
        "createIssue",
        post("createIssue", "/api/v1/issues"),
        json!({ "region": region, "category": "data_gap", "title": long }),
        nothing(),
        (ShareIssues, Region),
    );
    add(
        "createForum",
        post("createForum", "/api/v1/forums"),
        json!({ "region": region, "title": long }),
        nothing(),
        (ShareIssues, Region),
    );
    add(
        "createOrganization",
        post("createOrganization", "/api/v1/organizations"),
        json!({ "region": region, "kind": "NGO", "name": { "ko": long } }),
        nothing(),
        (EditReference, Region),
    );
    add(
        "recordEmissions",
        put("recordRegionEmissions", "/api/v1/regions/52110/emissions".to_owned()),
        json!({ "rows": [{ "year": 1800 }] }),
        json!({ "region": region }),
        (EditFacts, Region),
    );
    add(
        "recordStatistic",
        put(
            "recordRegionStatistic",
            "/api/v1/regions/52110/statistics/POPULATION/someday".to_owned(),
        ),
        json!({ "value": "1", "unit": "명" }),
        json!({ "region": region, "stat": "POPULATION", "period": "someday" }),
        (EditFacts, Region),
    );
    let quantity = json!({ "value": { "amount": "1.0000001", "unit": "?" } });
    add(
        "setGoal",
        put("setGoal", format!("/api/v1/indicators/{indicator}/goals/2030")),
        quantity.clone(),
        json!({ "indicator": indicator, "period": "2030" }),
        (EditPlan, Plan),
    );
    add(
        "recordObservation",
        put("recordObservation", format!("/api/v1/indicators/{indicator}/observations/2024")),
        quantity,
        json!({ "indicator": indicator, "period": "2024" }),
        (EditFacts, Region),
    );
    add(
        "assessMeasure",
        put("assessMeasure", format!("/api/v1/progress-checks/{check}/assessments/{measure}")),
        json!({ "grade": "DELAYED" }),
        json!({ "check": check, "measure": measure }),
        (CheckProgress, Plan),
    );
    add(
        "createIndicatorDefinition",
        None,
        json!({ "code": "x", "nameKo": long, "unit": "대", "direction": "UP" }),
        nothing(),
        (EditReference, Anywhere),
    );

    let patch = Some(("updatePlan", Method::PATCH, format!("/api/v1/plans/{plan}")));
    add(
        "updatePlan",
        patch,
        json!({ "visibility": "PROVINCE" }),
        json!({ "id": plan, "revision": "0" }),
        (PublishPlan, Plan),
    );

    let delete = |name, path: String| Some((name, Method::DELETE, path));
    let stale = json!({ "revision": "0" });
    let with = |more: Value| {
        let mut named = stale.clone();
        named
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().cloned().unwrap_or_default());
        named
    };
    add(
        "removeGoal",
        delete("removeGoal", format!("/api/v1/indicators/{indicator}/goals/2030")),
        nothing(),
        with(json!({ "indicator": indicator, "period": "2030" })),
        (EditPlan, Plan),
    );
    add(
        "removeObservation",
        delete("removeObservation", format!("/api/v1/indicators/{indicator}/observations/2024")),
        nothing(),
        with(json!({ "indicator": indicator, "period": "2024" })),
        (EditFacts, Region),
    );
    add(
        "removeAssessment",
        delete(
            "removeAssessment",
            format!("/api/v1/progress-checks/{check}/assessments/{measure}"),
        ),
        nothing(),
        with(json!({ "check": check, "measure": measure })),
        (CheckProgress, Plan),
    );
    add(
        "deleteStatistic",
        delete("deleteStatistic", format!("/api/v1/statistics/{}", it.statistic)),
        nothing(),
        with(json!({ "id": it.statistic })),
        (EditFacts, Region),
    );
    add(
        "deleteEmission",
        delete("deleteEmission", format!("/api/v1/emissions/{}", it.emission)),
        nothing(),
        with(json!({ "id": it.emission })),
        (EditFacts, Region),
    );
    add(
        "updateIndicatorDefinition",
        None,
        nothing(),
        with(json!({ "id": definition })),
        (EditReference, Province),
    );

    for (noun, update, remove, path, id, needs) in [
        ("Plan", "updatePlan", "deletePlan", "plans", plan, (EditPlan, Plan)),
        ("Target", "updateTarget", "deleteTarget", "targets", target, (EditPlan, Plan)),
        ("Measure", "updateMeasure", "deleteMeasure", "measures", measure, (EditPlan, Plan)),
        (
            "Indicator",
            "updateIndicator",
            "deleteIndicator",
            "indicators",
            indicator,
            (EditPlan, Plan),
        ),
        (
            "Milestone",
            "updateMilestone",
            "deleteMilestone",
            "milestones",
            milestone,
            (EditPlan, Plan),
        ),
        (
            "Check",
            "updateProgressCheck",
            "deleteProgressCheck",
            "progress-checks",
            check,
            (CheckProgress, Plan),
        ),
        ("Issue", "updateIssue", "deleteIssue", "issues", &it.issue, (ShareIssues, Region)),
        ("Forum", "updateForum", "deleteForum", "forums", &it.forum, (ShareIssues, Region)),
        (
            "Organization",
            "updateOrganization",
            "deleteOrganization",
            "organizations",
            &it.organization,
            (EditReference, Region),
        ),
    ] {
        let path = format!("/api/v1/{path}/{id}");
        let named = with(json!({ "id": id }));
        add(update, Some((update, Method::PATCH, path.clone())), nothing(), named.clone(), needs);
        let needs = match noun {
            "Plan" => (StartPlan, Plan),
            "Milestone" => (RunProcedure, Plan),
            _ => needs,
        };
        add(remove, delete(remove, path), nothing(), named, needs);
    }
    all
}
