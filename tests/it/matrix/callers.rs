//! Those who try, and how they call an operation.

use api::access::{Action, Reach, Role, policy};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, PASSWORD, TestServer};

use super::operations::{Operation, Site};

/// Somebody who tries.
pub(super) struct Caller {
    pub(super) name: String,
    pub(super) client: Client,
    /// What they may be, and where; nothing for who is not, or not any more.
    pub(super) role: Option<(Role, &'static str)>,
    /// Whether the contract is for this plan.
    pub(super) drafts: bool,
}

pub(super) async fn callers(server: &TestServer, plan: &str) -> Vec<Caller> {
    let caller =
        |name: &str, client, role| Caller { name: name.to_owned(), client, role, drafts: false };
    let mut all = vec![caller("nobody", server.anonymous(), None)];
    for (role, region) in [
        (Role::MunicipalOfficer, "52110"),
        (Role::MunicipalOfficer, "52140"),
        (Role::ProvinceOfficer, "52"),
        (Role::ProvinceOfficer, "48"),
        (Role::SupportCentre, "52"),
        (Role::SupportCentre, "48"),
        (Role::Advisor, "KR"),
        (Role::Admin, "KR"),
        (Role::Admin, "48"),
    ] {
        let client = match role {
            Role::Advisor => server.acting_for(role, region, "jeonbuk:ORG-ACT").await,
            _ => server.signed_in(role, region).await,
        };
        all.push(caller(&format!("{} {region}", role.as_str()), client, Some((role, region))));
    }
    let (_, others) = server.anonymous().get("/api/v1/regions/52140/plans").await;
    let other = others["items"][0]["id"].as_str().expect("an id");
    for (name, region, plan, drafts) in
        [("contract", "52110", plan, true), ("other contract", "52140", other, false)]
    {
        let email = format!("{}@contract.example", region);
        server.account(&email, PASSWORD).await;
        server.contract(&email, region, plan).await;
        let client = server.sign_in(&email, PASSWORD).await;
        all.push(Caller {
            name: name.to_owned(),
            client,
            role: Some((Role::Contractor, "52110")),
            drafts,
        });
    }
    server.account("over@52110.example", PASSWORD).await;
    let soon = server.now().plus_seconds(1);
    server.grant("over@52110.example", Role::MunicipalOfficer, "52110", Some(soon)).await;
    server.wait(2);
    let over = server.sign_in("over@52110.example", PASSWORD).await;
    all.push(caller("whose grant is over", over, None));
    all
}

impl Caller {
    pub(super) fn may(&self, (action, site): (Action, Site)) -> bool {
        let Some((role, region)) = self.role else { return false };
        let there = if site == Site::Province { "52" } else { "52110" };
        let below = region == "KR" || there.starts_with(region);
        if (action, site) == (Action::GiveAdvice, Site::Case) {
            // Who advises does so in the name of who is asked.
            return [Role::Advisor, Role::Admin].contains(&role) && below;
        }
        match policy::reach(role, true, action) {
            Reach::Nowhere => false,
            Reach::Plan => self.drafts && [Site::Plan, Site::Case].contains(&site),
            Reach::Own => region == there,
            // A definition is everybody's: who keeps reference data anywhere may make one.
            Reach::Below => below || site == Site::Anywhere,
        }
    }
}

impl Caller {
    /// Whether they know that what is done there exists: an advice case is between its parties.
    pub(super) fn sees(&self, site: Site) -> bool {
        let parties = [(Action::SeeDrafts, Site::Plan), (Action::GiveAdvice, Site::Case)];
        site != Site::Case || parties.into_iter().any(|right| self.may(right))
    }
}

pub(super) async fn by_rest(client: &Client, operation: &Operation) -> Option<String> {
    let (_, method, path) = operation.rest.as_ref()?;
    let mut request = client.request(method.clone(), path);
    if [Method::PATCH, Method::DELETE, Method::POST].contains(method) {
        request = request.header("if-match", "\"0\"");
    }
    if *method != Method::DELETE {
        request = request.json(&operation.fields);
    }
    let reply = client.send(request).await;
    Some(reply.body["code"].as_str().unwrap_or("DONE").to_owned())
}

pub(super) async fn by_graphql(client: &Client, operation: &Operation, inputs: &Value) -> String {
    let Operation { mutation, fields, named, .. } = operation;
    let mut input = fields.as_object().cloned().unwrap_or_default();
    input.extend(named.as_object().cloned().unwrap_or_default());
    input.retain(|_, value| !value.is_null());
    let of_type = inputs[mutation].as_str().unwrap_or_else(|| panic!("no mutation {mutation}"));
    let query = format!(
        "mutation($input: {of_type}!) {{ it: {mutation}(input: $input) {{ errors {{ code }} }} }}"
    );
    let (_, body) = client.gql_with(&query, json!({ "input": input })).await;
    let told = [&body["errors"][0]["extensions"]["code"], &body["data"]["it"]["errors"][0]["code"]];
    told.iter().find_map(|code| code.as_str()).unwrap_or("DONE").to_owned()
}

/// The input type of each mutation.
pub(super) async fn inputs(server: &TestServer) -> Value {
    let query =
        "{ __schema { mutationType { fields { name args { type { ofType { name } } } } } } }";
    let data = server.anonymous().data(query).await;
    let fields = data["__schema"]["mutationType"]["fields"].as_array().cloned().unwrap_or_default();
    let input = |field: &Value| field["args"][0]["type"]["ofType"]["name"].clone();
    let pairs = fields
        .iter()
        .map(|field| (field["name"].as_str().unwrap_or_default().to_owned(), input(field)));
    Value::Object(pairs.collect())
}
