/// One thing that can be set.
#[derive(Debug)]
pub struct Setting {
    /// Its name in `dure.toml`.
    pub key: &'static str,
    /// Its name in the environment.
    pub env: &'static str,
    /// What it is if nobody sets it.
    pub default: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// The configuration manual.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "database_url",
        env: "DATABASE_URL",
        default: "",
        about: "sqlite://PATH or postgres://USER@HOST/NAME. A SQLite file in the data folder if not set.",
    },
    Setting {
        key: "data_dir",
        env: "DURE_DATA_DIR",
        default: "dure-data",
        about: "The folder for the SQLite file, the keys, and the credentials of the demonstration.",
    },
    Setting {
        key: "keys_dir",
        env: "DURE_KEYS_DIR",
        default: "",
        about: "The folder with the keys that tokens are signed with; `keys` in the data folder if not set.",
    },
    Setting {
        key: "oidc_issuer",
        env: "DURE_OIDC_ISSUER",
        default: "",
        about: "An agency's own OpenID Connect issuer whose tokens are taken as well, as they write it; none if not set.",
    },
    Setting {
        key: "oidc_audience",
        env: "DURE_OIDC_AUDIENCE",
        default: "",
        about: "The audience that the issuer's tokens must be for.",
    },
    Setting {
        key: "oidc_keys",
        env: "DURE_OIDC_KEYS",
        default: "",
        about: "The file with the issuer's public keys (JWKS). It is read again for a key that is not in it.",
    },
    Setting {
        key: "oidc_claim",
        env: "DURE_OIDC_CLAIM",
        default: "email",
        about: "The claim that holds the e-mail address of an account here.",
    },
    Setting {
        key: "files",
        env: "DURE_FILES",
        default: "",
        about: "Where the documents that are handed in are kept: a folder, or s3://BUCKET/PREFIX. `files` in the data folder if not set.",
    },
    Setting {
        key: "s3_endpoint",
        env: "DURE_S3_ENDPOINT",
        default: "",
        about: "The address of the object store, as https://objects.example. http:// only within an office's own network.",
    },
    Setting {
        key: "s3_region",
        env: "DURE_S3_REGION",
        default: "us-east-1",
        about: "The region that the object store signs for.",
    },
    Setting {
        key: "s3_key_id",
        env: "DURE_S3_KEY_ID",
        default: "",
        about: "Who we are to the object store.",
    },
    Setting {
        key: "s3_secret",
        env: "DURE_S3_SECRET",
        default: "",
        about: "And our secret there.",
    },
    Setting {
        key: "bind",
        env: "DURE_BIND",
        default: "127.0.0.1:8080",
        about: "Where to listen; port 0 takes any free one.",
    },
    Setting {
        key: "connections",
        env: "DURE_CONNECTIONS",
        default: "16",
        about: "How many may read the database at once. PostgreSQL needs half as many again and two more.",
    },
    Setting {
        key: "workers",
        env: "DURE_WORKERS",
        default: "",
        about: "How many threads answer requests; one for each core if not set.",
    },
    Setting {
        key: "log",
        env: "DURE_LOG",
        default: "info,sea_orm_migration=warn,actix_server=warn",
        about: "What to log: error, warn, info, debug, trace, or by module as in api::history=debug.",
    },
    Setting {
        key: "log_format",
        env: "DURE_LOG_FORMAT",
        default: "text",
        about: "text or json, a line each, on standard error.",
    },
    Setting {
        key: "metrics_bind",
        env: "DURE_METRICS_BIND",
        default: "127.0.0.1:9090",
        about: "Where `GET /metrics` is, for Prometheus; port 0 takes any free one.",
    },
    Setting {
        key: "cors_origins",
        env: "DURE_CORS_ORIGINS",
        default: "",
        about: "The origins whose pages may read the answers, as https://a.example,https://b.example, or *. None if not set.",
    },
    Setting {
        key: "proxies",
        env: "DURE_PROXIES",
        default: "0",
        about: "How many proxies stand before the service and name their callers in X-Forwarded-For.",
    },
    Setting {
        key: "rate_anonymous",
        env: "DURE_RATE_ANONYMOUS",
        default: "3000",
        about: "How many requests an address may send a minute without signing in; 0 is no limit.",
    },
    Setting {
        key: "rate_signed_in",
        env: "DURE_RATE_SIGNED_IN",
        default: "6000",
        about: "How many requests an account may send a minute; 0 is no limit.",
    },
    Setting {
        key: "limit_seconds",
        env: "DURE_LIMIT_SECONDS",
        default: "10",
        about: "How long an answer may take, in seconds.",
    },
    Setting {
        key: "limit_body",
        env: "DURE_LIMIT_BODY",
        default: "1048576",
        about: "The largest body, in bytes.",
    },
    Setting {
        key: "limit_file",
        env: "DURE_LIMIT_FILE",
        default: "52428800",
        about: "The largest document that can be handed in, in bytes.",
    },
    Setting {
        key: "limit_document",
        env: "DURE_LIMIT_DOCUMENT",
        default: "65536",
        about: "The longest GraphQL document, in bytes.",
    },
    Setting {
        key: "limit_tokens",
        env: "DURE_LIMIT_TOKENS",
        default: "5000",
        about: "The most tokens of a GraphQL document.",
    },
    Setting {
        key: "limit_depth",
        env: "DURE_LIMIT_DEPTH",
        default: "20",
        about: "The deepest a GraphQL document may select.",
    },
    Setting {
        key: "limit_cost",
        env: "DURE_LIMIT_COST",
        default: "20000",
        about: "The most fields of a GraphQL answer, as far as they can be foreseen.",
    },
    Setting {
        key: "limit_aliases",
        env: "DURE_LIMIT_ALIASES",
        default: "50",
        about: "The most aliases of a GraphQL document.",
    },
    Setting {
        key: "limit_directives",
        env: "DURE_LIMIT_DIRECTIVES",
        default: "50",
        about: "The most directives of a GraphQL document.",
    },
];

/// The configuration manual, as `docs/configuration.md` has it.
pub fn manual() -> String {
    let mut text = String::from(
        "# Configuration\n\nDefaults < `dure.toml` (or `--config FILE`) < environment < flags. \
         An unknown name is an error.\n\n| environment | `dure.toml` | default | |\n|---|---|---|---|\n",
    );
    for Setting { key, env, default, about } in SETTINGS {
        let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
        text += &format!("| `{env}` | `{key}` | {default} | {about} |\n");
    }
    text
}
