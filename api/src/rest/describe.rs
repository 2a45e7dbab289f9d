//! What the description of every operation says beyond what its slice says: refusals by status,
//! headers, who may come in, examples. New operations get all of it by their method and names.

use serde_json::{Map, Value, json};

use crate::error::Code;

/// Completes a description.
pub fn complete(document: &mut Value) {
    let schemas = document["components"]["schemas"].take();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                if let Some(operation) = operation.as_object_mut() {
                    operation_of(Place { method, path, schemas: &schemas }, operation);
                }
            }
        }
    }
    document["components"]["schemas"] = schemas;
    document["components"]["securitySchemes"] = security_schemes();
    document["components"]["headers"] = headers();
    // Nobody has to sign in to read what is published.
    document["security"] = json!([{}, { "bearer": [] }, { "client": [] }]);
}

#[derive(Clone, Copy)]
struct Place<'a> {
    method: &'a str,
    path: &'a str,
    schemas: &'a Value,
}

impl Place<'_> {
    fn writes(self) -> bool {
        self.method != "get"
    }

    /// Whether it is about a thing that is there, at a revision.
    fn is_conditional(self) -> bool {
        ["put", "patch", "delete"].contains(&self.method)
    }

    fn signs_in(self) -> bool {
        self.path.contains("/sessions") || self.path.contains("/oauth/")
    }

    /// Whether `Idempotency-Key` is heeded.
    fn is_once(self) -> bool {
        self.method == "post" && !self.signs_in()
    }
}

fn operation_of(place: Place<'_>, operation: &mut Map<String, Value>) {
    parameters(place, operation);
    if place.signs_in() && place.writes() {
        operation.insert("security".to_owned(), json!([{}]));
    }
    if let Some(body) = operation.get_mut("requestBody") {
        let content = body["content"].as_object_mut();
        for form in content.into_iter().flat_map(|content| content.values_mut()) {
            if form.get("example").is_none() && form.get("examples").is_none() {
                let example = example(&form["schema"], place.schemas, ("", 0));
                form["example"] = example;
            }
        }
    }
    let is_list = names_parameter(operation, "limit");
    let needs_revision = place.is_conditional() || names_parameter(operation, "If-Match");
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    let problem = responses.remove("4XX");
    let given: Vec<String> = responses.keys().cloned().collect();
    for status in given.iter().filter(|status| status.starts_with('2')) {
        if let Some(response) = responses.get_mut(status) {
            success(place, is_list, status, response);
        }
    }
    if !place.writes() {
        let about = json!({ "description": "The caller has it already: `If-None-Match`." });
        responses.entry("304").or_insert(about);
    }
    if problem.is_some() {
        for (status, codes) in refusals(place, needs_revision) {
            responses.entry(status.to_string()).or_insert_with(|| refusal(status, &codes));
        }
    }
}

fn names_parameter(operation: &Map<String, Value>, name: &str) -> bool {
    let all = operation.get("parameters").and_then(Value::as_array);
    all.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == name))
}

fn parameters(place: Place<'_>, operation: &mut Map<String, Value>) {
    let all = operation.entry("parameters").or_insert_with(|| json!([]));
    let Some(all) = all.as_array_mut() else { return };
    let mut add = |name: &str, within: &str, description: &str| {
        if all.iter().all(|parameter| parameter["name"] != name) {
            all.push(json!({ "name": name, "in": within, "required": false,
                "description": description, "schema": { "type": "string" } }));
        }
    };
    if place.writes() {
        if place.is_once() {
            add(
                "Idempotency-Key",
                "header",
                "Any text of up to 255 characters. Sent again with the same body within 24 hours, the \
                 request is not done again but answered with what it became; with another body it is \
                 refused.",
            );
        }
    } else {
        add("asOf", "query", "Read as of a revision, or an RFC 3339 time.");
        add("If-None-Match", "header", "ETags you have: 304 if one of them still holds.");
    }
    add("Accept-Language", "header", "`ko` or `en`, for the sentences of refusals.");
    for parameter in all {
        // A page to try things on sends the examples of what it shows: only what must be sent has one.
        if parameter.get("example").is_none() && parameter["required"] == true {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            let resolved = resolve(&parameter["schema"], place.schemas);
            let enumerated = resolved["enum"].get(0).cloned();
            let known = known(&id_named(&name, place.path));
            if let Some(example) = enumerated.or(known) {
                parameter["example"] = example;
            }
        }
    }
}

/// The id in an address is of what the address is about.
fn id_named(name: &str, path: &str) -> String {
    let before = path.split("/{id}").next().and_then(|path| path.rsplit('/').next());
    match (name, before) {
        ("id", Some(collection)) => {
            format!("{} id", collection.trim_end_matches('s').replace('-', "_"))
        }
        _ => name.to_owned(),
    }
}

fn success(place: Place<'_>, is_list: bool, status: &str, response: &mut Value) {
    let mut headers = Map::new();
    let mut add = |name: &str| {
        headers.insert(name.to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }));
    };
    add("Dure-Revision");
    add("RateLimit");
    add("RateLimit-Policy");
    add("X-Request-Id");
    if status != "204" && !place.signs_in() {
        add("ETag");
    }
    if is_list {
        add("Link");
    }
    if status == "201" && !place.signs_in() {
        add("Location");
    }
    response["headers"] = Value::Object(headers);
    if response["description"].as_str().unwrap_or_default().is_empty() {
        response["description"] = json!(match status {
            "201" => "It is made.",
            "204" => "It is done.",
            _ => "The answer.",
        });
    }
}

/// Every status of a refusal, with the codes it may carry.
fn refusals(place: Place<'_>, needs_revision: bool) -> Vec<(u16, Vec<Code>)> {
    use Code::{
        BadCursor, Conflict, Forbidden, GuardFailed, Internal, Invalid, LimitExceeded, NotFound,
        Overflow, PreconditionRequired, RateLimited, ReadOnlyMoment, TooLarge, Unauthenticated,
        Unavailable, UnsupportedMediaType,
    };
    let mut all = vec![
        (400, vec![Invalid, LimitExceeded]),
        (401, vec![Unauthenticated]),
        (404, vec![NotFound]),
        (422, vec![Invalid]),
        (429, vec![RateLimited]),
        (500, vec![Internal]),
        (503, vec![Unavailable]),
    ];
    if !place.writes() {
        all[0].1.push(BadCursor);
    } else {
        all[3].1.push(Overflow);
        all.push((403, vec![Forbidden]));
        all.push((409, vec![Conflict, ReadOnlyMoment]));
    }
    if ["post", "put", "patch"].contains(&place.method) {
        all.push((413, vec![TooLarge]));
        all.push((415, vec![UnsupportedMediaType]));
    }
    if place.method == "post" && needs_revision {
        // A step, which takes a thing from one state to the next.
        all.iter_mut().filter(|it| it.0 == 409).for_each(|it| it.1.push(GuardFailed));
    }
    if needs_revision {
        all.push((412, vec![Conflict]));
        all.push((428, vec![PreconditionRequired]));
    }
    all
}

fn refusal(status: u16, codes: &[Code]) -> Value {
    let told = codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.meaning().trim()));
    let description = told.collect::<Vec<_>>().join("\n\n");
    let mut headers = json!({ "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" } });
    if status == 429 || status == 503 {
        headers["Retry-After"] = json!({ "$ref": "#/components/headers/Retry-After" });
    }
    let example = codes.first().map(|code| {
        let code_name = code.as_str();
        json!({ "type": format!("/problems/{code_name}"), "code": code_name, "status": status,
            "title": code.title(crate::message::Lang::En), "detail": code.meaning().trim(),
            "requestId": "019ab3f2c4d87e11a2b3c4d5e6f70819" })
    });
    json!({ "description": description, "headers": headers, "content": {
        "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" }, "example": example } } })
}

fn headers() -> Value {
    let text = |about: &str, example: &str| json!({ "description": about, "schema": { "type": "string" }, "example": example });
    json!({
        "Dure-Revision": text("The revision of the service that the answer shows.", "42"),
        "ETag": text("What to send as `If-None-Match`; of one thing, also as `If-Match`.", "\"42\""),
        "Link": text("`rel=\"next\"`: where the list goes on.", "</api/v1/plans?after=WyJ…>; rel=\"next\""),
        "Location": text("Where the new thing is.", "/api/v1/plans/plan_01jz7p4k9vf3b8m2xq6r0t5w1y"),
        "RateLimit": text("How many requests are left (r), and in how many seconds all are there again (t).", "\"anonymous\";r=2999;t=1"),
        "RateLimit-Policy": text("How many requests (q) there are in how many seconds (w).", "\"anonymous\";q=3000;w=60"),
        "Retry-After": text("When to come back, in seconds.", "1"),
        "X-Request-Id": text("Finds this request in the logs; taken from the request if it sends one.", "019ab3f2c4d87e11a2b3c4d5e6f70819"),
    })
}

fn security_schemes() -> Value {
    json!({
        "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "For people: the `accessToken` that `POST /api/v1/sessions` answers." },
        "client": { "type": "oauth2",
            "description": "For machines: OAuth 2.1 client credentials.",
            "flows": { "clientCredentials": { "tokenUrl": "/oauth/token", "scopes": {
                "read": "Read what its grants let it see.",
                "write:facts": "Write inventories, observations and results.",
                "write:plans": "Write plans and what they promise.",
                "import": "Import in bulk.",
                "changes": "Follow the changes.",
                "webhooks": "Be told of changes." } } } },
    })
}

/// A value that fits a schema: by the name of the field where the name says it, else by the type.
fn example(schema: &Value, schemas: &Value, (name, depth): (&str, u8)) -> Value {
    let schema = resolve(schema, schemas);
    if let Some(given) = schema.get("example") {
        return given.clone();
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    let variants = ["oneOf", "anyOf"].iter().find_map(|key| schema[*key].as_array());
    if let Some(variants) = variants {
        let coded = variants.iter().find(|variant| variant["properties"]["code"].is_object());
        let some = coded.or_else(|| variants.iter().find(|variant| variant["type"] != "null"));
        return some.map_or(Value::Null, |some| example(some, schemas, (name, depth)));
    }
    if let Some(properties) = schema["properties"].as_object().filter(|_| depth < 4) {
        let required = schema["required"].as_array();
        let must = |name: &str| required.is_some_and(|all| all.iter().any(|it| it == name));
        let few = properties.len() <= 4 || required.is_none();
        let shown = properties.iter().filter(|(name, _)| few || must(name) || is_telling(name));
        let shown = shown.map(|(name, of)| (name.clone(), example(of, schemas, (name, depth + 1))));
        return Value::Object(shown.collect());
    }
    if let Some(known) = known(name) {
        return known;
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").unwrap_or(&Value::Null),
        kind => kind,
    };
    match kind.as_str() {
        Some("integer") => json!(1),
        Some("number") => json!(1.5),
        Some("boolean") => json!(true),
        Some("array") => json!([example(&schema["items"], schemas, (name, depth + 1))]),
        _ => json!("…"),
    }
}

/// Whether an example is better with a field of this name.
fn is_telling(name: &str) -> bool {
    ["base", "target", "period"].contains(&name) || known(name).is_some()
}

fn resolve<'a>(schema: &'a Value, schemas: &'a Value) -> &'a Value {
    let name = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    name.and_then(|name| schemas.get(name)).unwrap_or(schema)
}

/// What fields and parameters of these names hold, wherever they are.
fn known(name: &str) -> Option<Value> {
    Some(match name {
        "code" | "region" | "within" => json!("52110"),
        "sector" => json!("BUILDING"),
        "plan id" => json!("plan_01jz7p4k9vf3b8m2xq6r0t5w1y"),
        "title" => json!("제2차 전주시 탄소중립·녹색성장 기본계획(안)"),
        "name" | "label" => json!("그린리모델링"),
        "vision" => json!("시민과 함께하는 2050 탄소중립 도시"),
        "note" => json!("보고서 12쪽"),
        "email" => json!("officer@city.example"),
        "password" => json!("correct horse battery"),
        "amount" => json!("412.5"),
        "year" | "end" => json!(2030),
        "baseYear" => json!(2018),
        "start" => json!(2025),
        "round" => json!(2),
        "statedOn" | "on" => json!("2025-05-01"),
        "limit" => json!(50),
        "total" => json!(true),
        "asOf" | "changedAfter" | "revision" => json!("42"),
        "If-Match" => json!("\"42\""),
        "If-None-Match" => json!("\"42\""),
        "Idempotency-Key" => json!("2026-11-24-plan-52110-1"),
        "Accept-Language" => json!("ko"),
        _ => {
            let kind = name.strip_suffix(" id")?;
            json!(format!("{kind}_01jz7p4k9vf3b8m2xq6r0t5w1y"))
        }
    })
}
