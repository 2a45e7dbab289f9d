use std::collections::HashMap;

use async_graphql::{Enum, InputObject, SimpleObject};
use entity::advice_item::{self, Column, Entity};
use entity::code;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{by_case, find};
use crate::access::Access;
use crate::date::Day;
use crate::error::{Error, Faults, Result};
use crate::history::Revision;
use crate::id::{AdviceItemId, CaseId};
use crate::{input, message};

/// More points than this are no answer that anybody can reply to.
const MOST: usize = 100;

/// How much weight a point of an answer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::AdviceSeverity")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AdviceSeverity {
    /// It must be done: the law or the guideline asks for it.
    Must,
    /// It should be done.
    Should,
    /// It could be done.
    Could,
    /// It is good to know.
    Note,
}

/// What became of a point of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::AdviceReply")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AdviceReply {
    /// It is followed (반영).
    Accepted,
    /// It is followed in part (일부 반영).
    Partly,
    /// It is not followed (미반영).
    Declined,
}

/// One point of an answer, and what was replied to it.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdviceItem {
    /// Its id.
    pub id: AdviceItemId,
    /// Its number in the answer, from 1.
    pub number: i32,
    /// How much weight it has.
    pub severity: AdviceSeverity,
    /// On what it rests: the law, the guideline or the reason.
    pub basis: Option<String>,
    /// What is advised.
    pub text: String,
    /// What became of it; null until it is replied to.
    pub reply: Option<AdviceReply>,
    /// Why it is followed in part, or not; or what else was replied.
    pub reason: Option<String>,
    /// The change of the plan's contents that resolved it.
    pub resolved_by: Option<Revision>,
    /// When it was replied to.
    pub replied_on: Option<Day>,
    /// The revision that last wrote it; what a reply takes.
    pub revision: Revision,
}

/// One point of an answer.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAdviceItem {
    /// How much weight it has.
    pub severity: AdviceSeverity,
    /// On what it rests: the law, the guideline or the reason. What is `MUST` needs it.
    pub basis: Option<String>,
    /// What is advised: up to 20,000 characters.
    pub text: String,
}

/// An answer, point by point.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAnswer {
    /// The answer as a whole.
    pub summary: Option<String>,
    /// Its points, 1 to 100, in order. Each must be replied to.
    pub items: Vec<NewAdviceItem>,
}

/// One point of a case's answer. `NOT_FOUND` where the caller sees no such case, or it has no such
/// point.
pub async fn item(access: &Access, case: CaseId, item: AdviceItemId) -> Result<AdviceItem> {
    find(access, case).await?;
    row(access, case.0, item).await?.try_into()
}

/// The row of a point. Who calls has seen the case.
pub(super) async fn row(
    access: &Access,
    case: Uuid,
    item: AdviceItemId,
) -> Result<advice_item::Model> {
    let of_case = Entity::find().filter(Column::CaseId.eq(case)).filter(Column::Id.eq(item.0));
    let row = of_case.one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("advice_item"))
}

/// The rows of a case's points, in their order. Who calls has seen the case.
pub(super) async fn rows(access: &Access, case: Uuid) -> Result<Vec<advice_item::Model>> {
    let rows = Entity::find().filter(Column::CaseId.eq(case)).order_by_asc(Column::Number);
    Ok(rows.all(&access.db().await?).await?)
}

/// The points of these cases' answers, in their order. Who calls has seen the cases.
pub(super) async fn of(
    access: &Access,
    cases: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<AdviceItem>>> {
    let cases = access.any_of(Column::CaseId, cases);
    let rows = Entity::find().filter(cases).order_by_asc(Column::Number);
    let rows = rows.all(&access.db().await?).await?.into_iter();
    let rows = rows.map(|row| Ok((row.case_id, AdviceItem::try_from(row)?)));
    Ok(by_case(rows.collect::<Result<Vec<_>>>()?))
}

/// A point as it is to be written.
pub(super) struct Checked {
    number: i32,
    severity: AdviceSeverity,
    basis: Option<String>,
    text: String,
}

impl Checked {
    /// The row of it in a case.
    pub fn of_case(self, case: Uuid) -> advice_item::Model {
        advice_item::Model {
            id: Uuid::now_v7(),
            case_id: case,
            number: self.number,
            severity: self.severity.into(),
            basis: self.basis,
            advice: self.text,
            reply: None,
            reason: None,
            resolved_by: None,
            replied_on: None,
            revision: 0,
        }
    }
}

/// What an answer says, checked.
pub(super) fn checked(answer: &NewAnswer) -> Result<(Option<String>, Vec<Checked>)> {
    let text = |text: &String| input::text(text, input::TEXT);
    let mut faults = Faults::default();
    let summary = faults.maybe("summary", answer.summary.as_ref().map(text));
    let count = answer.items.len();
    faults.rule((1..=MOST).contains(&count), "items", message::how_many(1, MOST));
    let items = answer.items.iter().take(MOST).zip(1..).map(|(item, number)| {
        check(item, number).map_err(|error| error.at(&(number - 1).to_string()))
    });
    // One fault after another: an answer is long, and is mended from the top.
    let items = faults.at("items", items.collect::<Result<Vec<_>>>());
    let (Some(summary), Some(items)) = (summary, items) else { return faults.refuse() };
    faults.into_result((summary, items))
}

fn check(item: &NewAdviceItem, number: i32) -> Result<Checked> {
    let text = |text: &String| input::text(text, input::TEXT);
    let mut faults = Faults::default();
    let basis = faults.maybe("basis", item.basis.as_ref().map(text));
    let founded = item.severity != AdviceSeverity::Must || item.basis.is_some();
    faults.rule(founded, "basis", message::basis_needed());
    let said = faults.at("text", text(&item.text));
    let (Some(basis), Some(text)) = (basis, said) else { return faults.refuse() };
    faults.into_result(Checked { number, severity: item.severity, basis, text })
}

impl TryFrom<advice_item::Model> for AdviceItem {
    type Error = Error;

    fn try_from(row: advice_item::Model) -> Result<Self> {
        Ok(Self {
            id: AdviceItemId(row.id),
            number: row.number,
            severity: row.severity.into(),
            basis: row.basis,
            text: row.advice,
            reply: row.reply.map(Into::into),
            reason: row.reason,
            resolved_by: row.resolved_by.map(Revision),
            replied_on: row.replied_on.as_deref().map(Day::parse).transpose()?,
            revision: Revision(row.revision),
        })
    }
}
