//! What a query takes of the database.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Client, TestServer};

/// How often a query is asked before its fewest statements count.
///
/// What is read together waits a millisecond for the rest of it. On a busy machine some of it comes
/// later and is read by itself; that says nothing of the question.
const TIMES: usize = 3;

/// What a query took, and what it answered.
pub struct Taken {
    /// The statements.
    pub statements: u64,
    /// The data.
    pub data: Value,
}

impl TestServer {
    /// What a query takes.
    pub async fn taken(&self, client: &Client, query: &str) -> Taken {
        let mut taken = Taken { statements: u64::MAX, data: Value::Null };
        for _ in 0..TIMES {
            let before = self.statements();
            let request = client.request(Method::POST, "/graphql");
            let reply = client.send(request.json(&json!({ "query": query }))).await;
            taken.statements = taken.statements.min(self.statements() - before);
            assert!(reply.body.get("errors").is_none(), "{}", reply.body);
            taken.data = reply.body["data"].clone();
        }
        taken
    }
}

impl Taken {
    /// How many there are of this field in the answer.
    pub fn count(&self, field: &str) -> usize {
        self.data.to_string().matches(&format!("\"{field}\"")).count()
    }

    /// Fails where `more`, the same question with more of this field in its answer, took a
    /// statement for each of them.
    #[track_caller]
    pub fn grows_not(&self, more: &Self, field: &str) {
        let (rows, many) = (self.count(field), more.count(field));
        println!(
            "{} statements for {rows} {field}, {} for {many}",
            self.statements, more.statements
        );
        let added = u64::try_from(many.saturating_sub(rows)).unwrap_or_default();
        assert!(added > 8, "too few to tell: {rows}, {many}");
        let one_each = self.statements + added;
        assert!(more.statements < one_each, "{} of {one_each} statements", more.statements);
    }
}
