//! The same in GraphQL.

use async_graphql::{ComplexObject, Context, ErrorExtensionValues, Response, SimpleObject};

use super::{Code, Error, Fault};
use crate::message::{Lang, Text};

/// A fault of the caller's input, or of the state it met. Everything else is a top-level error.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct UserError {
    /// The code programs read.
    pub code: Code,
    /// Where it stands in the mutation's arguments, outermost first.
    pub path: Vec<String>,
    /// The current revision, where the one sent was stale.
    pub current_revision: Option<String>,
    #[graphql(skip)]
    text: Text,
}

#[ComplexObject]
impl UserError {
    /// What is wrong and what to do, in the language asked for (default: the request's).
    async fn message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language; the request's if not said.")] lang: Option<Lang>,
    ) -> &str {
        self.text.in_lang(lang.unwrap_or_else(|| *ctx.data_unchecked::<Lang>()))
    }
}

/// The parts of a payload: the thing, or the caller's faults. What is not the caller's to mend
/// stays an error.
pub fn payload<T>(done: super::Result<T>) -> super::Result<(Option<T>, Vec<UserError>)> {
    match done {
        Ok(thing) => Ok((Some(thing), Vec::new())),
        Err(error) if is_the_callers(error.code()) => Ok((None, user_errors(&error))),
        Err(error) => Err(error),
    }
}

fn is_the_callers(code: Code) -> bool {
    matches!(
        code,
        Code::NotFound
            | Code::Invalid
            | Code::Conflict
            | Code::GuardFailed
            | Code::MixedBasis
            | Code::Overflow
    )
}

fn user_errors(error: &Error) -> Vec<UserError> {
    let current_revision = error.current().map(|revision| revision.to_string());
    let told = |code, path, text: &Text| UserError {
        code,
        path,
        current_revision: current_revision.clone(),
        text: text.clone(),
    };
    if error.faults().is_empty() {
        // What is not found and named by no field is the thing itself.
        let thing = (error.code() == Code::NotFound).then_some(["input", "id"]);
        let path = thing.into_iter().flatten().map(str::to_owned).collect();
        return vec![told(error.code(), path, error.text())];
    }
    let within_input = |path: &[String]| {
        std::iter::once("input").chain(path.iter().map(String::as_str)).map(str::to_owned).collect()
    };
    let faults = error.faults().iter();
    faults.map(|Fault { path, code, text }| told(*code, within_input(path), text)).collect()
}

/// Gives every error of a response its code, its sentence in the reader's language and the
/// fields it is about, so that resolvers need only `?`. An error that is not ours is about the
/// document itself.
pub fn tell(response: &mut Response, lang: Lang, request_id: &str) {
    for told in &mut response.errors {
        let ours = told.source::<Error>().cloned();
        let extensions = told.extensions.get_or_insert_default();
        let Some(error) = ours else {
            extensions.set("code", Code::GraphqlInvalid.as_str());
            continue;
        };
        told.message = error.text().in_lang(lang).to_owned();
        extend(extensions, &error, request_id);
    }
}

fn extend(extensions: &mut ErrorExtensionValues, error: &Error, request_id: &str) {
    extensions.set("code", error.code().as_str());
    if let [Fault { path, .. }, ..] = error.faults() {
        extensions.set("field", path.join("."));
    }
    if error.code() == Code::Internal {
        extensions.set("requestId", request_id);
        tracing::error!(request_id, cause = ?error.cause(), "internal error");
    }
}
