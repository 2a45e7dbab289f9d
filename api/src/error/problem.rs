//! An error as REST tells it: RFC 9457.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Code, Error};
use crate::message::Lang;

/// What every answer other than 2xx holds: `application/problem+json` (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A page about this kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem, in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong and what to do, in the language asked for.
    pub detail: String,
    /// The code programs read.
    pub code: Code,
    /// Finds this request in our logs.
    pub request_id: String,
    /// The current revision, where the one sent was stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_revision: Option<String>,
    /// The fields it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
}

/// One field that cannot be accepted.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemField {
    /// Where it stands in the body, as a JSON pointer.
    pub pointer: String,
    /// The code programs read.
    pub code: Code,
    /// What to do about it.
    pub message: String,
}

impl Problem {
    /// An error as one reader gets it.
    pub fn of(error: &Error, lang: Lang, request_id: &str) -> Self {
        let fields = error.faults().iter().map(|fault| ProblemField {
            pointer: fault.path.iter().fold(String::new(), |pointer, part| {
                format!("{pointer}/{}", part.replace('~', "~0").replace('/', "~1"))
            }),
            code: fault.code,
            message: fault.text.in_lang(lang).to_owned(),
        });
        Self {
            kind: format!("/problems/{}", error.code().as_str()),
            title: error.code().title(lang).to_owned(),
            status: error.status(),
            detail: error.text().in_lang(lang).to_owned(),
            code: error.code(),
            request_id: request_id.to_owned(),
            current_revision: error.current().map(|revision| revision.to_string()),
            errors: fields.collect(),
        }
    }
}
