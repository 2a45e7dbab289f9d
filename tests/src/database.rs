use std::path::Path;

use api::history::StoreConfig;
use sea_orm::{ConnectionTrait, Database as Connections};
use tempfile::TempDir;

/// A database of one test's own.
pub struct Database {
    /// How to reach it.
    pub config: StoreConfig,
    folder: TempDir,
    cluster: Option<(String, String)>,
}

impl Database {
    /// A new, empty one.
    pub async fn create() -> Self {
        let folder = TempDir::new().expect("a folder");
        let Ok(cluster) = std::env::var("TEST_POSTGRES_URL") else {
            let url = format!("sqlite://{}", folder.path().join("dure.db").display());
            return Self { config: StoreConfig { url, connections: 4 }, folder, cluster: None };
        };
        let name = format!("dure_{}", uuid::Uuid::now_v7().simple());
        let admin = Connections::connect(&cluster).await.expect("the cluster of TEST_POSTGRES_URL");
        // From template0: nothing that somebody left in another database comes along.
        let sql = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        admin.execute_unprepared(&sql).await.expect("a database");
        admin.close().await.expect("a closed connection");
        let url = with_name(&cluster, &name);
        let config = StoreConfig { url, connections: 4 };
        Self { config, folder, cluster: Some((cluster, name)) }
    }

    /// A folder beside it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Removes it.
    pub async fn remove(self) {
        if let Some((cluster, name)) = &self.cluster {
            let admin = Connections::connect(cluster).await.expect("the cluster");
            let sql = format!("DROP DATABASE {name} WITH (FORCE)");
            admin.execute_unprepared(&sql).await.expect("no database");
        }
    }
}

/// The same cluster, another database.
fn with_name(url: &str, name: &str) -> String {
    let (base, query) =
        url.split_once('?').map_or((url, None), |(base, query)| (base, Some(query)));
    let host_ends = base.find("://").map_or(0, |at| at + 3);
    let base = base[host_ends..].find('/').map_or(base, |at| &base[..host_ends + at]);
    query.map_or_else(|| format!("{base}/{name}"), |query| format!("{base}/{name}?{query}"))
}
