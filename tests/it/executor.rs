//! What the pinned executor must do (`docs/decisions/0002`): versions that answer in the order of
//! completion, or drop a failed field instead of nulling it, fail here.

use std::collections::HashMap;
use std::time::Duration;

use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{Context, EmptyMutation, EmptySubscription, Error, Object, Result, Schema};
use serde_json::{Value, json};

struct Thing(i32);

struct Failing;

impl Loader<i32> for Failing {
    type Value = i32;
    type Error = String;

    async fn load(&self, keys: &[i32]) -> std::result::Result<HashMap<i32, i32>, String> {
        match keys.contains(&2) {
            true => Err("two".to_owned()),
            false => Ok(keys.iter().map(|key| (*key, *key)).collect()),
        }
    }
}

#[Object]
impl Thing {
    async fn slow(&self) -> i32 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        self.0
    }

    async fn quick(&self) -> i32 {
        self.0
    }

    async fn must(&self) -> Result<i32> {
        if self.0 == 2 { Err(Error::new("two")) } else { Ok(self.0) }
    }

    async fn may(&self) -> Option<Result<i32>> {
        Some(if self.0 == 2 { Err(Error::new("two")) } else { Ok(self.0) })
    }

    async fn loaded(&self, ctx: &Context<'_>) -> Option<std::result::Result<i32, String>> {
        ctx.data_unchecked::<DataLoader<Failing>>().load_one(self.0).await.transpose()
    }
}

struct Query;

#[Object]
impl Query {
    async fn things(&self) -> Vec<Thing> {
        vec![Thing(1), Thing(2)]
    }

    async fn perhaps(&self) -> Vec<Option<Thing>> {
        vec![Some(Thing(1)), Some(Thing(2))]
    }

    async fn one(&self) -> Thing {
        Thing(2)
    }

    async fn optional(&self) -> Option<Thing> {
        Some(Thing(2))
    }
}

async fn ask(query: &str) -> (String, Vec<Value>) {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription)
        .data(DataLoader::new(Failing, tokio::spawn))
        .finish();
    let response = schema.execute(query).await;
    let paths = response.errors.iter().map(|error| json!(error.path)).collect();
    (serde_json::to_string(&response.data).expect("json"), paths)
}

#[tokio::test]
async fn keys_come_in_the_order_of_the_query() {
    let (data, errors) = ask("{ one { slow quick again: slow } }").await;
    assert_eq!(data, r#"{"one":{"slow":2,"quick":2,"again":2}}"#);
    assert!(errors.is_empty());
}

#[tokio::test]
async fn a_failing_nullable_field_is_null_where_it_stands() {
    let (data, errors) = ask("{ things { may quick } }").await;
    assert_eq!(data, r#"{"things":[{"may":1,"quick":1},{"may":null,"quick":2}]}"#);
    assert_eq!(errors, [json!(["things", 1, "may"])]);
}

#[tokio::test]
async fn a_failing_field_that_must_be_nulls_its_nearest_nullable_parent() {
    let (data, errors) = ask("{ optional { quick must } }").await;
    assert_eq!(data, r#"{"optional":null}"#);
    assert_eq!(errors.len(), 1);

    let (data, _) = ask("{ perhaps { must } }").await;
    assert_eq!(data, r#"{"perhaps":[{"must":1},null]}"#);

    let (data, errors) = ask("{ things { must } }").await;
    assert_eq!(data, "null");
    assert_eq!(errors.len(), 1);
}

#[tokio::test]
async fn a_failing_batch_fails_each_of_its_fields_in_place() {
    let (data, errors) = ask("{ things { loaded quick } }").await;
    assert_eq!(data, r#"{"things":[{"loaded":null,"quick":1},{"loaded":null,"quick":2}]}"#);
    assert_eq!(errors, [json!(["things", 0, "loaded"]), json!(["things", 1, "loaded"])]);
}
