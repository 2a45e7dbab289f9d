//! The steps of who is asked.

use async_graphql::InputObject;
use entity::code::AdviceState::{Accepted, Answered, Declined as DeclinedState, Requested};
use entity::{advice_case, advice_item, advice_question};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer::{self, NewAnswer};
use super::step::{AdviceSide, Step, nothing_open};
use super::{AdviceCase, questions};
use crate::access::Access;
use crate::error::Result;
use crate::history::Revision;
use crate::id::CaseId;
use crate::input;

/// Why a request is not taken on.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[graphql(name = "CaseDeclined")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = CaseDeclined)]
pub struct Declined {
    /// Why: up to 20,000 characters.
    pub reason: String,
}

/// What an adviser needs to know.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[graphql(name = "NewCaseQuestion")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewCaseQuestion)]
pub struct NewQuestion {
    /// The question: up to 20,000 characters.
    pub question: String,
}

const fn by_adviser(action: &'static str, from: &'static [entity::code::AdviceState]) -> Step {
    Step { action, by: AdviceSide::Adviser, from }
}

/// Takes a request on. From then an answer is owed. For who advises in the adviser's name.
pub async fn accept(access: &Access, id: CaseId, revision: Revision) -> Result<AdviceCase> {
    let step = by_adviser("acceptCase", &[Requested]);
    step.take(access, (id, revision), async |_, row, _| {
        Ok(advice_case::Model { state: Accepted, ..row })
    })
    .await
}

/// Does not take a request on, and says why. For who advises in the adviser's name.
pub async fn decline(
    access: &Access,
    id: CaseId,
    revision: Revision,
    declined: Declined,
) -> Result<AdviceCase> {
    let reason = input::text(&declined.reason, input::TEXT).map_err(|error| error.at("reason"));
    let step = by_adviser("declineCase", &[Requested]);
    step.take(access, (id, revision), async move |_, row, today| {
        let (stopped_on, reason) = (Some(today.to_string()), Some(reason?));
        Ok(advice_case::Model { state: DeclinedState, stopped_on, reason, ..row })
    })
    .await
}

/// Asks the asker something: the clock stands until they reply. One question at a time. For who
/// advises in the adviser's name.
pub async fn ask_back(
    access: &Access,
    id: CaseId,
    revision: Revision,
    asked: NewQuestion,
) -> Result<AdviceCase> {
    let question = input::text(&asked.question, input::TEXT);
    let question = question.map_err(|error| error.at("question"));
    let step = by_adviser("askBack", &[Accepted]);
    step.take(access, (id, revision), async move |change, row, today| {
        nothing_open(&row)?;
        let asked = questions::rows(change, row.id).await?;
        let new = advice_question::Model {
            id: Uuid::now_v7(),
            case_id: row.id,
            number: asked.last().map_or(0, |last| last.number) + 1,
            question: question?,
            asked_on: today.to_string(),
            reply: None,
            replied_on: None,
            revision: change.revision(),
        };
        change.insert::<advice_question::Entity>(new).await?;
        Ok(advice_case::Model { stopped_on: Some(today.to_string()), ..row })
    })
    .await
}

/// Answers a request that was taken on, once, point by point. For who advises in the adviser's name.
pub async fn answer(
    access: &Access,
    id: CaseId,
    revision: Revision,
    answer: NewAnswer,
) -> Result<AdviceCase> {
    let checked = answer::checked(&answer);
    let step = by_adviser("answerCase", &[Accepted]);
    step.take(access, (id, revision), async move |change, row, today| {
        nothing_open(&row)?;
        let (summary, items) = checked?;
        let items = items.into_iter().map(|item| item.of_case(row.id)).collect();
        change.insert_many::<advice_item::Entity>(items).await?;
        let day = Some(today.to_string());
        let (stopped_on, answered_on) = (day.clone(), day);
        Ok(advice_case::Model { state: Answered, stopped_on, answered_on, summary, ..row })
    })
    .await
}
