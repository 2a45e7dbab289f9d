//! The one writer: a change is all or nothing, alone in its failure, and in order.

use api::error::{Code, Error, Result};
use api::identity::{self, NewAccount, Password};
use api::message;
use tests::TestServer;

fn refusal() -> Error {
    Error::new(Code::Conflict, message::taken())
}

async fn revision(server: &TestServer) -> i64 {
    let reply = server.anonymous().fetch("/api/v1/sectors").await;
    reply.header("dure-revision").parse().expect("a revision")
}

fn account(email: &str) -> NewAccount {
    let password = Password::chosen("correct horse battery".to_owned()).expect("a password");
    NewAccount { email: email.to_owned(), name: "담당자".to_owned(), password }
}

#[tokio::test]
async fn a_change_that_fails_or_panics_uses_no_number_and_harms_no_other() {
    let server = TestServer::empty().await;
    let mut racing = tokio::task::JoinSet::new();
    for n in 0..30 {
        let access = server.operator();
        racing.spawn(async move {
            match n % 3 {
                0 => identity::add_account(&access, account(&format!("a{n}@x.example")))
                    .await
                    .is_ok(),
                1 => access.change("refused", async |_| Err::<(), _>(refusal())).await.is_ok(),
                _ => access
                    .change("broken", async |_| -> Result<()> { panic!("on purpose") })
                    .await
                    .is_ok(),
            }
        });
    }
    let done = racing.join_all().await;
    assert_eq!(done.iter().filter(|done| **done).count(), 10);
    assert_eq!(revision(&server).await, 10, "ten changes, ten numbers");
    server.stop().await;
}

#[tokio::test]
async fn a_change_that_writes_nothing_takes_no_number() {
    let server = TestServer::empty().await;
    server.operator().change("nothing", async |_| Ok(())).await.expect("nothing done");
    assert_eq!(revision(&server).await, 0);
    server.stop().await;
}

#[tokio::test]
async fn a_change_inside_a_change_is_refused_at_once() {
    let server = TestServer::empty().await;
    let done = server
        .operator()
        .change("outer", async |change| change.change("inner", async |_| Ok(())).await)
        .await;
    assert_eq!(done.err().map(|error| error.code()), Some(Code::Internal));
    server.stop().await;
}

#[tokio::test]
async fn a_change_that_takes_too_long_is_given_up() {
    let server = TestServer::empty().await;
    let access = server.operator();
    let limit = std::time::Duration::from_millis(50);
    let done = access
        .change_within(limit, "slow", async |_| {
            std::future::pending::<()>().await;
            Ok(())
        })
        .await;
    assert_eq!(done.err().map(|error| error.code()), Some(Code::Unavailable));
    identity::add_account(&access, account("next@x.example")).await.expect("the next one's turn");
    server.stop().await;
}

#[tokio::test]
async fn a_change_whose_caller_left_is_finished_once_it_began() {
    let server = TestServer::empty().await;
    let access = server.operator();
    let (begun, beginning) = tokio::sync::oneshot::channel();
    let leaving = tokio::spawn(async move {
        access
            .change("left", async move |change| {
                begun.send(()).expect("somebody who waits");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                let row = entity::account::Model {
                    id: uuid::Uuid::now_v7(),
                    email: "left@x.example".to_owned(),
                    name: "담당자".to_owned(),
                    disabled: false,
                    revision: change.revision(),
                };
                change.insert::<entity::account::Entity>(row).await
            })
            .await
    });
    let mut committed = server.committed();
    beginning.await.expect("a beginning");
    leaving.abort();
    committed.wait_for(|revision| revision.0 == 1).await.expect("a commit");
    assert!(identity::knows(&server.operator(), "left@x.example").await.expect("an answer"));
    server.stop().await;
}

#[tokio::test]
async fn one_address_has_one_account() {
    let server = TestServer::empty().await;
    let mut racing = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let access = server.operator();
        racing.spawn(async move { identity::add_account(&access, account("one@x.example")).await });
    }
    let done = racing.join_all().await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
    let told: Vec<Code> = done.iter().filter_map(|it| it.as_ref().err()).map(Error::code).collect();
    assert_eq!(told, [Code::Conflict; 7]);
    server.stop().await;
}

#[tokio::test]
async fn a_transaction_that_broke_fails_its_group_and_not_the_writer() {
    let server = TestServer::empty().await;
    let url = server.database().config.url.clone();
    if url.starts_with("postgres") {
        // There, a statement that waits too long in the database ends with its deadline.
        let access = server.operator();
        let limit = std::time::Duration::from_millis(300);
        let slow = access
            .change_within(limit, "slow", async |change| {
                let statement = sea_orm::Statement::from_string(
                    sea_orm::DbBackend::Postgres,
                    "SELECT pg_sleep(30)",
                );
                sea_orm::ConnectionTrait::execute_raw(&change.db().await?, statement).await?;
                Ok(())
            })
            .await;
        assert_eq!(slow.err().map(|error| error.code()), Some(Code::Unavailable));
    }
    // Five changes at once, of which one breaks the transaction that all of them share.
    let mut racing = tokio::task::JoinSet::new();
    for n in 0..5 {
        let access = server.operator();
        racing.spawn(async move {
            access
                .change("broken", async move |change| {
                    if n == 2 {
                        let statement = sea_orm::Statement::from_string(
                            sea_orm::ConnectionTrait::get_database_backend(&change.db().await?),
                            "ROLLBACK",
                        );
                        sea_orm::ConnectionTrait::execute_raw(&change.db().await?, statement)
                            .await?;
                    }
                    Ok(())
                })
                .await
                .is_ok()
        });
    }
    racing.join_all().await;
    identity::add_account(&server.operator(), account("after@x.example"))
        .await
        .expect("a new connection");
    assert_eq!(revision(&server).await, 1, "nothing of the broken group was kept");
    let (status, _) = server.anonymous().get("/readyz").await;
    assert_eq!(status, 200);
    server.stop().await;
}
