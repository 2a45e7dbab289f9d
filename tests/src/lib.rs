//! The harness: the real server on a free port, a database of its own, and callers who ask it.
//!
//! `TEST_POSTGRES_URL` decides where: a database on that cluster for each server, or a SQLite file
//! where it is not set. No test knows which.

mod client;
mod database;
mod taken;

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use api::access::{Access, Actor, Clock, Role, Scope, Timestamp};
use api::exchange::{self, Pack};
use api::files::{Files, FilesConfig};
use api::history::{self, Revision, Store};
use api::id::AnyId;
use api::identity::{self, Issuer, Keys, NewAccount, NewClient, NewGrant, Password};
use api::organization;
use api::server::{self, Front, Server, Service};
use api::wire::Limits;

pub use client::{Client, Reply};
pub use database::Database;
pub use taken::Taken;

/// A machine that signed in.
pub struct Machine {
    /// Asking with its token.
    pub client: Client,
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

/// A running service with a database of its own.
pub struct TestServer {
    server: Server,
    store: Arc<Store>,
    database: Database,
    ahead: Arc<AtomicI64>,
}

impl TestServer {
    /// A service with the real data of Jeonbuk.
    pub async fn start() -> Self {
        let server = Self::empty().await;
        let report = exchange::load(&server.operator(), Pack::jeonbuk()).await.expect("a load");
        assert!(report.loaded, "{report:?}");
        server
    }

    /// A service with nothing in it.
    pub async fn empty() -> Self {
        Self::trusting(None).await
    }

    /// A service with nothing in it that takes the tokens of another issuer, too.
    pub async fn trusting(issuer: Option<Issuer>) -> Self {
        // Tests ask more than any caller.
        let limits =
            Limits { anonymous_per_minute: 0, signed_in_per_minute: 0, ..Limits::default() };
        Self::begun(Front { limits, ..Front::default() }, issuer, None).await
    }

    /// The same, letting in whom it is told to.
    pub async fn behind(front: Front) -> Self {
        Self::begun(front, None, None).await
    }

    /// A service with nothing in it that keeps its documents there.
    pub async fn keeping(files: FilesConfig) -> Self {
        Self::begun(Front::default(), None, Some(files)).await
    }

    async fn begun(front: Front, issuer: Option<Issuer>, files: Option<FilesConfig>) -> Self {
        let database = Database::create().await;
        history::migrate(&database.config).await.expect("migrations");
        let ahead = Arc::new(AtomicI64::new(0));
        let clock = {
            let (system, ahead) = (Clock::system(), ahead.clone());
            Clock::of(move || Timestamp(system.now().0 + ahead.load(Ordering::SeqCst)))
        };
        let store = Arc::new(Store::open(&database.config, clock).await.expect("a store"));
        let keys = Keys::open(&database.folder().join("keys")).expect("keys");
        let keys = Arc::new(keys.trusting(issuer));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let metrics = Some(TcpListener::bind("127.0.0.1:0").expect("another port"));
        let kept = files.unwrap_or_else(|| FilesConfig::Folder(database.folder().join("files")));
        let files = Files::open(&kept, front.limits.file_bytes).expect("a place for files");
        let files = Arc::new(files);
        let service = Service { store: store.clone(), keys, files, workers: 2, front, metrics };
        let server = server::start(service, listener).expect("a server");
        Self { server, store, database, ahead }
    }

    /// Lets so many seconds pass, for this server.
    pub fn wait(&self, seconds: i64) {
        self.ahead.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// What it is now, for this server.
    pub fn now(&self) -> Timestamp {
        Timestamp(Clock::system().now().0 + self.ahead.load(Ordering::SeqCst))
    }

    /// Where it listens, as `http://127.0.0.1:8080`.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// What it counts.
    pub async fn metrics(&self) -> String {
        let address = self.server.metrics.expect("a port for metrics");
        let reply = reqwest::get(format!("http://{address}/metrics")).await.expect("an answer");
        reply.text().await.expect("a page")
    }

    /// Its database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// How many statements its operations have sent.
    pub fn statements(&self) -> u64 {
        self.store.statements()
    }

    /// Told at each commit: the revision it made.
    pub fn committed(&self) -> tokio::sync::watch::Receiver<Revision> {
        self.store.committed()
    }

    /// The database as its owner sees it.
    pub fn operator(&self) -> Access {
        Access::new(self.store.clone(), Actor::Operator)
    }

    /// Nobody we know.
    pub fn anonymous(&self) -> Client {
        Client::new(self.url(), None)
    }

    /// Somebody of this role in this region, who may decide for it.
    ///
    /// A contractor drafts the first plan of the region, for a year.
    pub async fn signed_in(&self, role: Role, region: &str) -> Client {
        let email = format!("{}@{region}.example", uuid::Uuid::now_v7().simple());
        self.account(&email, PASSWORD).await;
        if role == Role::Contractor {
            let path = format!("/api/v1/regions/{region}/plans");
            let (_, plans) = self.anonymous().get(&path).await;
            let plan = plans["items"][0]["id"].as_str().expect("a plan to draft").to_owned();
            self.contract(&email, region, &plan).await;
        } else {
            self.grant(&email, role, region, None).await;
        }
        self.sign_in(&email, PASSWORD).await
    }

    /// Somebody of this role in this region, in the name of an organization of the data pack.
    pub async fn acting_for(&self, role: Role, region: &str, organization: &str) -> Client {
        let email = format!("{}@{region}.example", uuid::Uuid::now_v7().simple());
        self.account(&email, PASSWORD).await;
        let access = self.operator();
        let known = organization::of_external(&access, organization).await.expect("a look");
        let mut new = NewGrant::to_account(&email, role, region);
        new.organization = known.map(|id| AnyId(id.to_string()));
        assert!(new.organization.is_some(), "{organization}");
        identity::add_grant(&access, new).await.expect("a grant");
        self.sign_in(&email, PASSWORD).await
    }

    /// Grants the drafting of a plan, for a year.
    pub async fn contract(&self, email: &str, region: &str, plan: &str) {
        let mut new = NewGrant::to_account(email, Role::Contractor, region);
        new.plan = Some(AnyId(plan.to_owned()));
        new.valid_to = Some(self.now().plus_seconds(365 * 24 * 60 * 60));
        identity::add_grant(&self.operator(), new).await.expect("a grant");
    }

    /// A machine with these scopes that may be this in this region: with a token, its id and its
    /// secret.
    pub async fn machine(&self, scopes: &[Scope], role: Role, region: &str) -> Machine {
        let (name, scopes) = ("연계".to_owned(), scopes.to_vec());
        let new = NewClient { name, scopes, valid_to: None };
        let opened = identity::add_client(&self.operator(), new).await.expect("a client");
        let (id, secret) = (opened.client.id.to_string(), opened.client_secret);
        let mut grant = NewGrant::to_account("", role, region);
        (grant.email, grant.client) = (None, Some(AnyId(id.clone())));
        grant.may_approve = Some(true);
        identity::add_grant(&self.operator(), grant).await.expect("a grant");
        let anonymous = self.anonymous();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", id.as_str()),
            ("client_secret", secret.as_str()),
        ];
        let request = anonymous.request(reqwest::Method::POST, "/oauth/token").form(&form);
        let reply = anonymous.send(request).await;
        let token = reply.body["access_token"].as_str().expect("a token");
        Machine { client: anonymous.with_token(token), id, secret }
    }

    /// Opens an account.
    pub async fn account(&self, email: &str, password: &str) {
        let password = Password::chosen(password.to_owned()).expect("a password");
        let new = NewAccount { email: email.to_owned(), name: "담당자".to_owned(), password };
        identity::add_account(&self.operator(), new).await.expect("an account");
    }

    /// Grants a role, until a time if one is given.
    pub async fn grant(&self, email: &str, role: Role, region: &str, to: Option<Timestamp>) {
        let mut new = NewGrant::to_account(email, role, region);
        (new.may_approve, new.valid_to) = (Some(true), to);
        identity::add_grant(&self.operator(), new).await.expect("a grant");
    }

    /// Signs in over the wire.
    pub async fn sign_in(&self, email: &str, password: &str) -> Client {
        let wanted = serde_json::json!({ "email": email, "password": password });
        let (status, body) = self.anonymous().post("/api/v1/sessions", wanted).await;
        assert_eq!(status, 201, "{body}");
        let token = body["accessToken"].as_str().expect("a token").to_owned();
        Client::new(self.url(), Some(token))
    }

    /// Ends it: drained and closed.
    pub async fn stop(self) {
        self.server.stop().await;
        self.database.remove().await;
    }
}

/// The password of everybody who does not choose one.
pub const PASSWORD: &str = "correct horse battery";
