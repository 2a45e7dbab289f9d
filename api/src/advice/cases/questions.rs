use std::collections::HashMap;

use async_graphql::SimpleObject;
use entity::advice_question::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::by_case;
use crate::access::Access;
use crate::date::Day;
use crate::error::Result;
use crate::history::Change;

/// What an adviser asked back. The clock of the case stands until it is replied to.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdviceQuestion {
    /// Its number in the case, from 1.
    pub number: i32,
    /// What was asked.
    pub question: String,
    /// When it was asked: the clock stood from then,
    pub asked_on: Day,
    /// What was replied; null while it is open.
    pub reply: Option<String>,
    /// When it was replied to: until then.
    pub replied_on: Option<Day>,
}

/// What was asked back in these cases, in its order. Who calls has seen the cases.
pub(super) async fn of(
    access: &Access,
    cases: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<AdviceQuestion>>> {
    let cases = access.any_of(Column::CaseId, cases);
    let rows = Entity::find().filter(cases).order_by_asc(Column::Number);
    let rows = rows.all(&access.db().await?).await?.into_iter();
    let rows = rows.map(|row| Ok((row.case_id, AdviceQuestion::of(row)?)));
    Ok(by_case(rows.collect::<Result<Vec<_>>>()?))
}

/// All that was asked back in a case, in its order.
pub(super) async fn rows(change: &Change, case: Uuid) -> Result<Vec<advice_question::Model>> {
    let rows = Entity::find().filter(Column::CaseId.eq(case)).order_by_asc(Column::Number);
    Ok(rows.all(&change.db().await?).await?)
}

impl AdviceQuestion {
    fn of(row: advice_question::Model) -> Result<Self> {
        Ok(Self {
            number: row.number,
            question: row.question,
            asked_on: Day::parse(&row.asked_on)?,
            reply: row.reply,
            replied_on: row.replied_on.as_deref().map(Day::parse).transpose()?,
        })
    }
}
