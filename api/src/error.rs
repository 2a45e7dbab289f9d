//! One error for both dialects: a code that programs read, a sentence that people read, and the
//! fields it is about.

pub mod graphql;
pub mod problem;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use async_graphql::Enum;
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};
use serde::Serialize;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::history::Revision;
use crate::message::{self, Lang, Text};

pub use problem::Problem;

/// What the kernel and every operation answer.
pub type Result<T> = std::result::Result<T, Error>;

/// Declares the codes once: code, HTTP status, title in Korean and English, what it means.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $code:ident = $name:literal, $status:literal, $ko:literal, $en:literal;)+) => {
        /// Why a request was refused. The same codes in GraphQL (`extensions.code`) and REST (`code`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize)]
        #[graphql(name = "ErrorCode")]
        pub enum Code {
            $($(#[doc = $doc])+ #[graphql(name = $name)] #[serde(rename = $name)] $code,)+
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Code] = &[$(Code::$code),+];

            /// The code as it stands on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$code => $name),+ }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Code::$code => $status),+ }
            }

            /// What kind of problem it is, in a few words.
            pub const fn title(self, lang: Lang) -> &'static str {
                match (self, lang) { $((Code::$code, Lang::Ko) => $ko, (Code::$code, Lang::En) => $en),+ }
            }

            /// What it means and what to do, for the page about it.
            pub const fn meaning(self) -> &'static str {
                match self { $(Code::$code => concat!($($doc),+)),+ }
            }
        }
    };
}

codes! {
    /// We do not know who is asking: sign in, or renew the token.
    Unauthenticated = "UNAUTHENTICATED", 401, "로그인 필요", "Not signed in";
    /// We know you, and may admit that the thing exists, but you may not do this.
    Forbidden = "FORBIDDEN", 403, "권한 없음", "Not allowed";
    /// There is no such thing, or you may not know whether there is.
    NotFound = "NOT_FOUND", 404, "찾을 수 없음", "Not found";
    /// A value cannot be accepted; `errors` or `path` names the field.
    Invalid = "INVALID", 422, "잘못된 입력", "Invalid input";
    /// A list was asked to go on from a cursor that is not its own.
    BadCursor = "BAD_CURSOR", 400, "잘못된 커서", "Bad cursor";
    /// The body is larger than the service reads.
    TooLarge = "TOO_LARGE", 413, "너무 큼", "Too large";
    /// The thing was changed by somebody else, or clashes with another: read it again.
    Conflict = "CONFLICT", 409, "충돌", "Conflict";
    /// A write to an existing thing must say which revision it read.
    PreconditionRequired = "PRECONDITION_REQUIRED", 428, "조건 필요", "Precondition required";
    /// The state of the thing, or the law, does not allow this step yet; the reasons say what is missing.
    GuardFailed = "GUARD_FAILED", 409, "조건 미충족", "Guard failed";
    /// Figures of unlike bases do not add up: ask for one basis.
    MixedBasis = "MIXED_BASIS", 422, "서로 다른 산정 기준", "Mixed bases";
    /// A number is larger than the service can hold exactly.
    Overflow = "OVERFLOW", 422, "범위 초과", "Overflow";
    /// The past can be read but not written.
    ReadOnlyMoment = "READ_ONLY_MOMENT", 409, "지난 시점", "The past is read-only";
    /// The caller's rights have changed since the cursor was made: start again from a snapshot.
    FeedReset = "FEED_RESET", 410, "처음부터 다시", "Feed reset";
    /// More was asked for than one request may have; the message carries the numbers.
    LimitExceeded = "LIMIT_EXCEEDED", 400, "한도 초과", "Limit exceeded";
    /// Too many requests from this address or account: wait as long as `Retry-After` says.
    RateLimited = "RATE_LIMITED", 429, "요청이 너무 많음", "Too many requests";
    /// The GraphQL document or its variables do not fit the schema.
    GraphqlInvalid = "GRAPHQL_INVALID", 400, "잘못된 GraphQL", "Invalid GraphQL";
    /// Nothing here answers to this method; `Allow` says which ones do.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", 405, "허용되지 않는 메서드", "Method not allowed";
    /// The answer cannot be given in a form the request accepts.
    NotAcceptable = "NOT_ACCEPTABLE", 406, "받을 수 없는 형식", "Not acceptable";
    /// The body is of a type the service does not read.
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", 415, "지원하지 않는 형식", "Unsupported media type";
    /// The service or its database cannot answer just now: try again shortly.
    Unavailable = "UNAVAILABLE", 503, "이용 불가", "Unavailable";
    /// A fault of ours; the request id finds it in the logs.
    Internal = "INTERNAL", 500, "내부 오류", "Internal error";
}

/// The derive does not see names that a macro brings.
impl PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        let codes = Self::ALL.iter().map(|code| code.as_str());
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes)).into()
    }
}

impl ToSchema for Code {
    fn name() -> Cow<'static, str> {
        "Code".into()
    }
}

/// One field that cannot be accepted, and why.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Where it stands in the input, outermost first.
    pub path: Vec<String>,
    /// What kind of fault it is.
    pub code: Code,
    /// What to do about it.
    pub text: Text,
}

/// A refusal, or a failure of ours.
#[derive(Clone, Debug)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    code: Code,
    status: u16,
    text: Text,
    faults: Vec<Fault>,
    current: Option<Revision>,
    needed: Option<(&'static str, Uuid)>,
    allow: Option<String>,
    retry_after: Option<u32>,
    cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// A refusal with a code and a sentence.
    pub fn new(code: Code, text: Text) -> Self {
        let (faults, current, allow, cause) = (Vec::new(), None, None, None);
        let (status, retry_after, needed) = (code.status(), None, None);
        let inner =
            Inner { code, status, text, faults, current, needed, allow, retry_after, cause };
        Self(Box::new(inner))
    }

    /// One field is wrong.
    pub fn invalid(field: &str, text: Text) -> Self {
        Self::new(Code::Invalid, text).at(field)
    }

    /// There is no such thing, for this caller.
    pub fn not_found(noun: &str) -> Self {
        Self::new(Code::NotFound, message::not_found(noun))
    }

    /// The caller's revision is not the current one.
    pub fn stale(current: Revision) -> Self {
        Self::stale_at("revision", current)
    }

    /// The same, of a revision that stands in another field.
    pub fn stale_at(field: &str, current: Revision) -> Self {
        let mut error = Self::new(Code::Conflict, message::stale(current.0)).at(field);
        error.0.current = Some(current);
        error
    }

    /// Rules that a step does not keep, each at its field or none: told by the first of them, and
    /// all of them its faults. Nothing where all are kept.
    pub fn broken<'f>(rules: impl IntoIterator<Item = (Option<&'f str>, Text)>) -> Option<Self> {
        let faults = rules.into_iter().map(|(field, text)| Fault {
            path: field.map(str::to_owned).into_iter().collect(),
            code: Code::GuardFailed,
            text,
        });
        let faults: Vec<Fault> = faults.collect();
        let mut error = Self::new(Code::GuardFailed, faults.first()?.text.clone());
        error.0.faults = faults;
        Some(error)
    }

    /// A method that nothing at this address answers to.
    pub fn wrong_method(allow: String) -> Self {
        let mut error = Self::new(Code::MethodNotAllowed, message::wrong_method(&allow));
        error.0.allow = Some(allow);
        error
    }

    /// Too many tries: the next one is for so many seconds later.
    pub fn rate_limited(seconds: u32) -> Self {
        let mut error = Self::new(Code::RateLimited, message::too_many_tries(seconds));
        error.0.retry_after = Some(seconds);
        error
    }

    /// A fault of ours: told as `INTERNAL`, logged with its cause.
    pub fn internal(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        let mut error = Self::new(Code::Internal, message::internal());
        error.0.cause = Some(Arc::new(cause));
        error
    }

    /// A state of ours that cannot be.
    pub fn impossible(what: &'static str) -> Self {
        Self::internal(std::io::Error::other(what))
    }

    /// The same error, about this field of the input (an outer field is named last).
    pub fn at(mut self, field: &str) -> Self {
        if self.0.faults.is_empty() {
            let Inner { code, text, .. } = &*self.0;
            self.0.faults.push(Fault { path: Vec::new(), code: *code, text: text.clone() });
        }
        for fault in &mut self.0.faults {
            fault.path.insert(0, field.to_owned());
        }
        self
    }

    /// The code programs read.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The HTTP status: its code's, but where HTTP has a finer word for this case.
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// The same refusal with the finer word of HTTP.
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.status = status;
        self
    }

    /// The same refusal in another sentence, also where a field repeats it.
    pub fn with_text(mut self, text: &Text) -> Self {
        for fault in self.0.faults.iter_mut().filter(|fault| fault.text == self.0.text) {
            fault.text = text.clone();
        }
        self.0.text = text.clone();
        self
    }

    /// A row of this table was to go, and others refer to it: what they are can be told later.
    pub(crate) fn needed(mut self, table: &'static str, id: Uuid) -> Self {
        self.0.needed = Some((table, id));
        self
    }

    /// The row that others refer to, where that is why.
    pub(crate) fn needed_row(&self) -> Option<(&'static str, Uuid)> {
        self.0.needed
    }

    /// The sentence people read.
    pub fn text(&self) -> &Text {
        &self.0.text
    }

    /// The fields it is about; none where it is about the whole request.
    pub fn faults(&self) -> &[Fault] {
        &self.0.faults
    }

    /// The revision that is current, for a stale one.
    pub fn current(&self) -> Option<Revision> {
        self.0.current
    }

    /// The methods allowed, for a wrong one.
    pub fn allow(&self) -> Option<&str> {
        self.0.allow.as_deref()
    }

    /// After how many seconds to try again, where that is known.
    pub fn retry_after(&self) -> Option<u32> {
        self.0.retry_after.or((self.code() == Code::Unavailable).then_some(1))
    }

    /// What lies behind a failure of ours.
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync)> {
        self.0.cause.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.text.in_lang(Lang::En))?;
        match &self.0.cause {
            Some(cause) => write!(f, " ({cause})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

impl From<DbErr> for Error {
    fn from(failure: DbErr) -> Self {
        let text = match (failure.sql_err(), &failure) {
            (Some(SqlErr::UniqueConstraintViolation(_)), _) => {
                return with_cause(Code::Conflict, message::taken(), failure);
            }
            (Some(SqlErr::ForeignKeyConstraintViolation(_)), _) => {
                return with_cause(Code::Conflict, message::in_use(), failure);
            }
            (_, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) => message::unavailable(),
            (
                _,
                DbErr::Exec(RuntimeErr::SqlxError(at_fault))
                | DbErr::Query(RuntimeErr::SqlxError(at_fault)),
            ) if is_the_connection(at_fault) || is_a_missing_table(at_fault) => {
                tracing::warn!(%failure, "the database cannot answer");
                message::unavailable()
            }
            _ => return Self::internal(failure),
        };
        with_cause(Code::Unavailable, text, failure)
    }
}

/// Whether the way to the database failed, not what was asked of it.
fn is_the_connection(failure: &sqlx::Error) -> bool {
    use sqlx::Error::{Io, PoolClosed, PoolTimedOut, Protocol, Tls, WorkerCrashed};
    match failure {
        // Cancelled by its time limit or a restart, a lock that did not come free, no resources.
        sqlx::Error::Database(told) => told.code().is_some_and(|code| {
            ["53", "57", "55P03"].iter().any(|class| code.len() == 5 && code.starts_with(class))
        }),
        other => {
            matches!(
                other,
                Io(_) | PoolClosed | PoolTimedOut | Protocol(_) | Tls(_) | WorkerCrashed
            )
        }
    }
}

/// Whether a table or view is not there: a migration is under way, or was forgotten.
fn is_a_missing_table(failure: &sqlx::Error) -> bool {
    let sqlx::Error::Database(failure) = failure else { return false };
    failure.code().as_deref() == Some("42P01") || failure.message().starts_with("no such table")
}

fn with_cause(code: Code, text: Text, cause: DbErr) -> Error {
    let mut error = Error::new(code, text);
    error.0.cause = Some(Arc::new(cause));
    error
}

/// Collects what is wrong with an input, so that all of it is said at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// The value, or nothing and a fault at this field.
    pub fn at<T>(&mut self, field: &str, parsed: Result<T>) -> Option<T> {
        parsed.map_err(|error| self.0.extend(error.at(field).0.faults)).ok()
    }

    /// The value of an optional field: absent is fine.
    pub fn maybe<T>(&mut self, field: &str, parsed: Option<Result<T>>) -> Option<Option<T>> {
        match parsed {
            None => Some(None),
            Some(parsed) => self.at(field, parsed).map(Some),
        }
    }

    /// Overwrites a value where another one is given.
    pub fn put<T>(&mut self, field: &str, place: &mut T, parsed: Result<Option<T>>) {
        if let Some(value) = self.at(field, parsed).flatten() {
            *place = value;
        }
    }

    /// A rule about the input as a whole, told at the field where it is mended.
    pub fn rule(&mut self, holds: bool, field: &str, text: Text) {
        if !holds {
            self.0.push(Fault { path: vec![field.to_owned()], code: Code::Invalid, text });
        }
    }

    /// All that was wrong, as one error; `None` where nothing was.
    pub fn into_error(self) -> Option<Error> {
        let first = self.0.first()?;
        let code =
            if self.0.iter().all(|f| f.code == first.code) { first.code } else { Code::Invalid };
        let mut error = Error::new(code, message::invalid_input());
        error.0.faults = self.0;
        Some(error)
    }

    /// The value, where nothing was wrong.
    pub fn into_result<T>(self, value: T) -> Result<T> {
        self.into_error().map_or(Ok(value), Err)
    }

    /// What was wrong, for a value that is missing because of it.
    pub fn refuse<T>(self) -> Result<T> {
        Err(self
            .into_error()
            .unwrap_or_else(|| Error::impossible("a value is missing without a fault")))
    }
}
