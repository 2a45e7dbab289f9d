use reqwest::header::{ACCEPT_LANGUAGE, AUTHORIZATION, IF_MATCH};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// Somebody who asks the service. It answers `(status, body)` and asserts nothing but one thing:
/// whatever it reads, it reads again as of the revision it was told, and must get the same.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    lang: &'static str,
}

/// An answer with its headers.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body: JSON, or a string of what is not.
    pub body: Value,
}

impl Reply {
    /// A header, empty where it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Client {
    pub(crate) fn new(base: String, token: Option<String>) -> Self {
        Self { http: reqwest::Client::new(), base, token, lang: "en" }
    }

    /// The same with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same, asking in another language.
    pub fn in_lang(&self, lang: &'static str) -> Self {
        Self { lang, ..self.clone() }
    }

    /// The token it shows.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// A request, to be finished by who needs more than the verbs below.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        let request = request.header(ACCEPT_LANGUAGE, self.lang);
        match &self.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    /// Sends a request.
    pub async fn send(&self, request: RequestBuilder) -> Reply {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("a body");
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Reply { status, headers, body }
    }

    /// A GraphQL document. A query is asked again as of the revision its answer states.
    pub async fn gql(&self, query: &str) -> (u16, Value) {
        self.gql_with(query, json!({})).await
    }

    /// A GraphQL document with variables.
    pub async fn gql_with(&self, query: &str, variables: Value) -> (u16, Value) {
        let body = json!({ "query": query, "variables": variables });
        let first = self.send(self.request(Method::POST, "/graphql").json(&body)).await;
        let revision = first.header("dure-revision").to_owned();
        if !revision.is_empty() && !query.trim_start().starts_with("mutation") {
            let path = format!("/graphql?asOf={revision}");
            let again = self.send(self.request(Method::POST, &path).json(&body)).await;
            assert_eq!(again.body, first.body, "as of {revision}: {query}");
        }
        (first.status, first.body)
    }

    /// What a query answers, where all went well.
    pub async fn data(&self, query: &str) -> Value {
        let (status, mut body) = self.gql(query).await;
        assert!(status == 200 && body.get("errors").is_none(), "{status} {body:#}");
        body["data"].take()
    }

    /// A REST read, asked again as of the revision its answer states.
    pub async fn get(&self, path: &str) -> (u16, Value) {
        let reply = self.fetch(path).await;
        (reply.status, reply.body)
    }

    /// The same with its headers.
    pub async fn fetch(&self, path: &str) -> Reply {
        let first = self.send(self.request(Method::GET, path)).await;
        let revision = first.header("dure-revision").to_owned();
        if first.status == 200 && !revision.is_empty() && !path.contains("asOf=") {
            let mark = if path.contains('?') { '&' } else { '?' };
            let path = format!("{path}{mark}asOf={revision}");
            let again = self.send(self.request(Method::GET, &path)).await;
            let same = (&again.body, again.header("etag")) == (&first.body, first.header("etag"));
            assert!(same, "{path}: {:#} is not {:#}", again.body, first.body);
        }
        first
    }

    /// A REST creation.
    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let reply = self.send(self.request(Method::POST, path).json(&body)).await;
        (reply.status, reply.body)
    }

    /// A REST change of what is at this tag.
    pub async fn patch(&self, path: &str, tag: &str, body: Value) -> (u16, Value) {
        let request = self.request(Method::PATCH, path).header(IF_MATCH, tag).json(&body);
        let reply = self.send(request).await;
        (reply.status, reply.body)
    }

    /// A REST write of what is at this tag, or new.
    pub async fn put(&self, path: &str, tag: Option<&str>, body: Value) -> (u16, Value) {
        let request = self.request(Method::PUT, path).json(&body);
        let request = tag.into_iter().fold(request, |it, tag| it.header(IF_MATCH, tag));
        let reply = self.send(request).await;
        (reply.status, reply.body)
    }

    /// A REST removal of what is at this tag.
    pub async fn delete(&self, path: &str, tag: &str) -> (u16, Value) {
        let request = self.request(Method::DELETE, path).header(IF_MATCH, tag);
        let reply = self.send(request).await;
        (reply.status, reply.body)
    }
}
