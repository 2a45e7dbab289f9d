//! What a plan takes from the plan above, at which version, and what has become of that since.

use api::access::Role;
use api::id::{AnyId, Id as _, MilestoneId, PlanId};
use api::plan::versions::{self, Frozen, VersionCause};
use serde_json::{Value, json};
use tests::{Client, TestServer};

fn id(thing: &Value) -> &str {
    thing["id"].as_str().expect("an id")
}

fn tag(thing: &Value) -> String {
    format!("\"{}\"", thing["revision"].as_str().expect("a revision"))
}

async fn plan_of(asker: &Client, region: &str) -> Value {
    asker.get(&format!("/api/v1/regions/{region}/plans")).await.1["items"][0].clone()
}

async fn targets(asker: &Client, plan: &Value) -> Vec<Value> {
    let (_, body) = asker.get(&format!("/api/v1/plans/{}/targets", id(plan))).await;
    body["items"].as_array().expect("targets").clone()
}

async fn made(maker: &Client, path: &str, new: Value) -> Value {
    let (status, body) = maker.post(path, new).await;
    assert_eq!(status, 201, "{path} {body}");
    body
}

/// Freezes what a plan says, as its adoption does.
async fn freeze(server: &TestServer, plan: &Value) {
    let (_, steps) =
        server.anonymous().get(&format!("/api/v1/plans/{}/milestones", id(plan))).await;
    let frozen = Frozen {
        plan: PlanId::parse(&AnyId(id(plan).to_owned())).expect("an id"),
        cause: VersionCause::Adoption,
        hash: "0".repeat(64),
        milestone: MilestoneId::parse(&AnyId(id(&steps["items"][0]).to_owned())).expect("an id"),
    };
    let freeze = async move |change: &api::history::Change| {
        versions::freeze(change, frozen.clone()).await.map(|_| ())
    };
    server.operator().change("adoptPlan", freeze).await.expect("a version");
}

#[tokio::test]
async fn a_plan_names_the_plan_above_at_a_version() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let above = plan_of(&officer, "52").await;
    let new = json!({ "region": { "code": "52110" }, "title": "제2차", "round": 2, "visibility": "PUBLIC" });
    let plan = made(&officer, "/api/v1/plans", new).await;
    let path = format!("/api/v1/plans/{}", id(&plan));
    let family = format!(
        r#"{{ plan(id: "{}") {{ parent {{ id }} parentVersion {{ number revision superseded version {{ number }} current {{ number }} }} }}
            above: plan(id: "{}") {{ contentRevision children {{ id }} }} }}"#,
        id(&plan),
        id(&above)
    );
    let data = officer.data(&family).await;
    assert_eq!(data["plan"], json!({ "parent": null, "parentVersion": null }), "of no such cycle");
    assert_eq!(data["above"]["children"].as_array().map(Vec::len), Some(14));

    let (status, pinned) =
        officer.patch(&path, &tag(&plan), json!({ "parent": { "plan": id(&above) } })).await;
    assert_eq!(status, 200, "{pinned}");
    let data = server.anonymous().data(&family).await;
    assert_eq!(data["plan"]["parent"]["id"], above["id"]);
    let parent = &data["plan"]["parentVersion"];
    assert_eq!((&parent["number"], &parent["superseded"]), (&Value::Null, &json!(false)));
    assert_eq!(parent["revision"], data["above"]["contentRevision"], "as it is");
    assert_eq!(data["above"]["children"].as_array().map(Vec::len), Some(15));
    assert_eq!(officer.get(&format!("{path}/parent")).await.1["id"], above["id"]);
    let then = format!("{path}/parent?asOf={}", plan["revision"].as_str().expect("a revision"));
    assert_eq!(officer.get(&then).await.0, 404, "not yet then");

    freeze(&server, &above).await;
    assert_eq!(officer.data(&family).await["plan"]["parentVersion"]["superseded"], true);
    let wanted = json!({ "parent": { "plan": id(&above), "version": 1 } });
    let (_, pinned) = officer.patch(&path, &tag(&pinned), wanted).await;
    assert_eq!(pinned["parentVersion"]["number"], 1, "{pinned}");
    let parent = officer.data(&family).await["plan"]["parentVersion"].clone();
    assert_eq!((&parent["superseded"], &parent["version"]["number"]), (&json!(false), &json!(1)));
    freeze(&server, &above).await;
    let parent = officer.data(&family).await["plan"]["parentVersion"].clone();
    assert_eq!((&parent["superseded"], &parent["current"]["number"]), (&json!(true), &json!(2)));
    // A pack that is loaded again says nothing of versions.
    api::exchange::load(&server.operator(), api::exchange::Pack::jeonbuk()).await.expect("a load");

    let nation = plan_of(&officer, "KR").await;
    let draft = made(
        &province,
        "/api/v1/plans",
        json!({ "region": { "code": "52" }, "title": "안", "round": 3 }),
    )
    .await;
    for (parent, status, pointer) in [
        (json!({ "plan": id(&nation) }), 422, "/parent/plan"),
        (json!({ "plan": id(&plan) }), 422, "/parent/plan"),
        (json!({ "plan": id(&draft) }), 404, "/parent/plan"),
        (json!({ "plan": "plan_x" }), 422, "/parent/plan"),
        (json!({ "plan": id(&above), "version": 9 }), 404, "/parent/version"),
    ] {
        let (told, body) = officer.patch(&path, &tag(&pinned), json!({ "parent": parent })).await;
        assert_eq!((told, &body["errors"][0]["pointer"]), (status, &json!(pointer)), "{body}");
    }
    let (_, free) = officer.patch(&path, &tag(&pinned), json!({ "parent": null })).await;
    assert_eq!(free["parentVersion"], Value::Null);
    assert_eq!(officer.get(&format!("{path}/parent")).await.0, 404);
    server.stop().await;
}

#[tokio::test]
async fn a_new_version_of_the_plan_above_shows_on_every_link_made_to_an_older_one() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let (plan, above) = (plan_of(&officer, "52110").await, plan_of(&officer, "52").await);
    let path = format!("/api/v1/plans/{}/links", id(&plan));
    let own = targets(&officer, &plan).await;
    let new =
        json!({ "sector": "SINK", "year": 2033, "removals": { "amount": "1", "unit": "KT" } });
    let theirs = made(&province, &format!("/api/v1/plans/{}/targets", id(&above)), new).await;
    let measure = json!({ "plan": id(&plan), "family": "RESPONSE_BASE", "title": "도시숲" });
    let measure = made(&officer, "/api/v1/measures", measure).await;
    let (_, measures) = officer.get(&format!("/api/v1/measures?plan={}&limit=1", id(&above))).await;
    let their_measure = &measures["items"][0];
    freeze(&server, &above).await;

    let content = format!(r#"{{ plan(id: "{}") {{ revision contentRevision }} }}"#, id(&plan));
    let before = officer.data(&content).await;
    let new = json!({ "kind": "CONTRIBUTES_TO", "from": id(&own[0]), "to": id(&theirs) });
    let link = made(&officer, &path, new).await;
    assert_eq!((&link["version"], &link["state"]), (&json!(1), &json!("SAME")), "{link}");
    assert_eq!(link["to"], json!({ "target": theirs["id"] }));
    let after = officer.data(&content).await;
    assert_eq!(after["plan"]["revision"], before["plan"]["revision"]);
    assert_eq!(after["plan"]["contentRevision"], link["revision"], "it is among its contents");
    let new = json!({ "plan": id(&plan), "kind": "DEVIATES", "from": id(&measure),
        "to": id(their_measure), "reason": "도심에 숲을 만들 땅이 없음" });
    let query = "mutation($input: CreateLinkInput!) { createLink(input: $input) {
        link { id kind reason fromMeasure { title } toMeasure { title } toTarget { id } toPlan { externalId } plan { id } }
        errors { code path } } }";
    let (_, deviates) = officer.gql_with(query, json!({ "input": new })).await;
    let deviates = &deviates["data"]["createLink"];
    assert_eq!(deviates["errors"], json!([]), "{deviates}");
    assert_eq!(deviates["link"]["fromMeasure"]["title"], "도시숲");
    assert_eq!(deviates["link"]["toMeasure"]["title"], their_measure["title"]);
    assert_eq!(deviates["link"]["toPlan"]["externalId"], "jeonbuk:P-52-1");

    // Changed above, but no new version: the links are not superseded, and one says what moved.
    let at = format!("/api/v1/targets/{}", id(&theirs));
    let wanted = json!({ "removals": { "amount": "2", "unit": "KT" } });
    let (status, moved) = province.patch(&at, &tag(&theirs), wanted).await;
    assert_eq!(status, 200, "{moved}");
    let one = format!("/api/v1/links/{}", id(&link));
    let reply = officer.fetch(&one).await;
    assert_eq!(
        (&reply.body["state"], &reply.body["superseded"]),
        (&json!("CHANGED"), &json!(false))
    );
    let shown = reply.header("etag").to_owned();
    assert!(shown.starts_with(&tag(&link)[..tag(&link).len() - 1]), "the link itself is the same");

    freeze(&server, &above).await;
    let query = format!(
        r#"{{ plan(id: "{}") {{ supersededLinks links {{ superseded currentVersion version state }}
              targets {{ id links {{ id toTarget {{ id }} }} }} }}
            above: plan(id: "{}") {{ supersededLinks targets {{ id linkedBy {{ id fromTarget {{ id }} }} }} }} }}"#,
        id(&plan),
        id(&above)
    );
    let data = officer.data(&query).await;
    assert_eq!(
        (&data["plan"]["supersededLinks"], &data["above"]["supersededLinks"]),
        (&json!(2), &json!(0))
    );
    let links = &data["plan"]["links"];
    assert_eq!(
        links[0],
        json!({ "superseded": true, "currentVersion": 2, "version": 1, "state": "CHANGED" })
    );
    assert_eq!(links[1]["state"], "SAME", "its measure is as it was");
    let of = |targets: &Value, wanted: &Value| {
        let found = targets.as_array().expect("targets").iter().find(|it| it["id"] == *wanted);
        found.expect("a target").clone()
    };
    assert_eq!(
        of(&data["plan"]["targets"], &own[0]["id"])["links"][0]["toTarget"]["id"],
        theirs["id"]
    );
    assert_eq!(
        of(&data["above"]["targets"], &theirs["id"])["linkedBy"][0]["fromTarget"]["id"],
        own[0]["id"]
    );
    assert_ne!(officer.fetch(&one).await.header("etag"), shown, "what is shown beside it moved");

    // Made to the new version, it is up to date; what goes above is gone, and the link stays.
    let (status, repinned) = officer.patch(&one, &tag(&link), json!({ "version": 2 })).await;
    assert_eq!(status, 200, "{repinned}");
    assert_eq!((&repinned["state"], &repinned["superseded"]), (&json!("SAME"), &json!(false)));
    let then = format!("{one}?asOf={}", link["revision"].as_str().expect("a revision"));
    assert_eq!(officer.get(&then).await.1["version"], 1);
    assert_eq!(province.delete(&at, &tag(&moved)).await.0, 204, "nobody below is asked");
    let (_, gone) = officer.get(&one).await;
    assert_eq!((&gone["state"], &gone["superseded"]), (&json!("GONE"), &json!(false)));
    // One's own end goes only after its links.
    let mine = format!("/api/v1/targets/{}", id(&own[0]));
    assert_eq!(officer.delete(&mine, &tag(&own[0])).await.0, 409);
    let (status, body) = officer.delete(&one, &tag(&link)).await;
    assert_eq!((status, &body["code"]), (412, &json!("CONFLICT")));
    assert_eq!(officer.delete(&one, &tag(&repinned)).await.0, 204);
    assert_eq!(officer.get(&one).await.0, 404);
    assert_eq!(officer.delete(&mine, &tag(&own[0])).await.0, 204);
    server.stop().await;
}

#[tokio::test]
async fn a_link_that_cannot_be_is_refused_with_its_field() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let (plan, above) = (plan_of(&officer, "52110").await, plan_of(&officer, "52").await);
    let path = format!("/api/v1/plans/{}/links", id(&plan));
    let (own, theirs) = (targets(&officer, &plan).await, targets(&officer, &above).await);
    let nations = targets(&officer, &plan_of(&officer, "KR").await).await;
    freeze(&server, &above).await;
    let new =
        json!({ "sector": "SINK", "year": 2033, "removals": { "amount": "1", "unit": "KT" } });
    let later = made(&province, &format!("/api/v1/plans/{}/targets", id(&above)), new).await;
    let draft = made(
        &province,
        "/api/v1/plans",
        json!({ "region": { "code": "52" }, "title": "안", "round": 2 }),
    )
    .await;
    let new = json!({ "label": "안", "year": 2040, "removals": { "amount": "1", "unit": "KT" } });
    let hidden = made(&province, &format!("/api/v1/plans/{}/targets", id(&draft)), new).await;
    let (from, to) = (id(&own[0]), id(&theirs[0]));
    let link = |from: &str, to: &str| json!({ "kind": "REFINES", "from": from, "to": to });
    let with = |mut link: Value, field: &str, value: Value| {
        link[field] = value;
        link
    };
    let kept = made(&officer, &path, link(from, to)).await;
    let gone = "target_01jz7p4k9vf3b8m2xq6r0t5w1y";
    for (new, code, pointer) in [
        (link(to, to), "INVALID", "/from"),
        (link(from, from), "INVALID", "/to"),
        (link(from, id(&nations[0])), "INVALID", "/to"),
        (link(from, gone), "NOT_FOUND", "/to"),
        (link(gone, to), "NOT_FOUND", "/from"),
        (link(from, id(&hidden)), "NOT_FOUND", "/to"),
        (link(from, "sector_x"), "INVALID", "/to"),
        (link(from, to), "CONFLICT", "/to"),
        (link(from, id(&later)), "INVALID", "/to"),
        (with(link(from, to), "version", json!(9)), "NOT_FOUND", "/version"),
        (with(link(from, to), "kind", json!("DEVIATES")), "INVALID", "/reason"),
        (with(link(from, to), "kind", json!("HATES")), "INVALID", "/kind"),
        (with(link(from, to), "reason", json!(" ")), "INVALID", "/reason"),
    ] {
        let (_, body) = officer.post(&path, new.clone()).await;
        assert_eq!(
            (&body["code"], &body["errors"][0]["pointer"]),
            (&json!(code), &json!(pointer)),
            "{new} {body}"
        );
    }
    let one = format!("/api/v1/links/{}", id(&kept));
    for (change, pointer) in [
        (json!({ "kind": "DEVIATES" }), "/reason"),
        (json!({ "kind": null }), "/kind"),
        (json!({ "version": 9 }), "/version"),
    ] {
        let (_, body) = officer.patch(&one, &tag(&kept), change).await;
        assert_eq!(body["errors"][0]["pointer"], pointer, "{body}");
    }
    let change = json!({ "kind": "DEVIATES", "reason": "사유" });
    let (status, changed) = officer.patch(&one, &tag(&kept), change).await;
    assert_eq!((status, &changed["kind"]), (200, &json!("DEVIATES")));
    let (_, body) = officer.patch(&one, &tag(&changed), json!({ "reason": null })).await;
    assert_eq!(body["errors"][0]["pointer"], "/reason", "{body}");
    let (_, all) = officer.get(&path).await;
    assert_eq!(all["items"].as_array().map(Vec::len), Some(1), "nothing else was written");
    server.stop().await;
}

#[tokio::test]
async fn a_link_is_seen_with_its_plan_and_tells_nothing_of_a_plan_above_that_is_not() {
    let server = TestServer::start().await;
    let officer = server.signed_in(Role::MunicipalOfficer, "52110").await;
    let neighbour = server.signed_in(Role::MunicipalOfficer, "52140").await;
    let province = server.signed_in(Role::ProvinceOfficer, "52").await;
    let (plan, above) = (plan_of(&officer, "52110").await, plan_of(&officer, "52").await);
    let path = format!("/api/v1/plans/{}/links", id(&plan));
    let (own, theirs) = (targets(&officer, &plan).await, targets(&officer, &above).await);
    let new = json!({ "kind": "REFINES", "from": id(&own[0]), "to": id(&theirs[0]) });
    assert_eq!(server.anonymous().post(&path, new.clone()).await.0, 401);
    assert_eq!(neighbour.post(&path, new.clone()).await.0, 403);
    assert_eq!(province.post(&path, new.clone()).await.0, 403, "a city's plan is the city's");
    let link = made(&officer, &path, new).await;
    let one = format!("/api/v1/links/{}", id(&link));
    assert_eq!(server.anonymous().get(&one).await.0, 200);

    // The province takes its plan back: what it says is no longer told.
    let at = format!("/api/v1/plans/{}", id(&above));
    let hide = json!({ "visibility": "INTERNAL" });
    let (status, hidden) = province.patch(&at, &tag(&above), hide).await;
    assert_eq!(status, 200, "{hidden}");
    let query = format!(
        r#"{{ node(id: "{}") {{ ... on Link {{ state superseded currentVersion toPlan {{ title }} toTarget {{ id }} fromTarget {{ id }} }} }}
            plan(id: "{}") {{ supersededLinks }} }}"#,
        id(&link),
        id(&plan)
    );
    for stranger in [server.anonymous(), officer.clone()] {
        let (status, body) = stranger.get(&one).await;
        assert_eq!((status, &body["state"], &body["to"]), (200, &json!("UNSEEN"), &Value::Null));
        assert!(
            !body.to_string().contains(id(&theirs[0])) && !body.to_string().contains(id(&above))
        );
        let data = stranger.data(&query).await;
        let node = &data["node"];
        assert_eq!(node["fromTarget"]["id"], own[0]["id"]);
        for field in ["toPlan", "toTarget", "superseded", "currentVersion"] {
            assert_eq!(node[field], Value::Null, "{field}");
        }
    }
    assert_eq!(province.get(&one).await.1["state"], "SAME");
    let (_, body) = officer.patch(&one, &tag(&link), json!({ "version": null })).await;
    assert_eq!(
        (&body["code"], &body["errors"][0]["pointer"]),
        (&json!("NOT_FOUND"), &json!("/version"))
    );

    // The link of a draft is the draft's.
    let mine = format!("/api/v1/plans/{}", id(&plan));
    let (status, draft) =
        officer.patch(&mine, &tag(&plan), json!({ "visibility": "INTERNAL" })).await;
    assert_eq!(status, 200, "{draft}");
    for stranger in [server.anonymous(), neighbour] {
        assert_eq!(stranger.get(&one).await.0, 404);
        assert_eq!(stranger.get(&path).await.0, 404);
        assert_eq!(stranger.delete(&one, &tag(&link)).await.0, 404);
    }
    let (_, shown) = province.patch(&at, &tag(&hidden), json!({ "visibility": "PUBLIC" })).await;
    assert_eq!(shown["visibility"], "PUBLIC");
    let query =
        format!(r#"{{ plan(id: "{}") {{ targets {{ linkedBy {{ id }} }} }} }}"#, id(&above));
    let told = server.anonymous().data(&query).await;
    assert!(!told.to_string().contains(id(&link)), "{told}");
    assert!(province.data(&query).await.to_string().contains(id(&link)));
    server.stop().await;
}
