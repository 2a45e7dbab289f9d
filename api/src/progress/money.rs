use std::collections::HashSet;

use async_graphql::{InputObject, MaybeUndefined, SimpleObject};
use entity::assessment_budget::{self, Entity};
use entity::code;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::judged::{Judged, budgets_of};
use crate::error::{Error, Faults, Result};
use crate::history::{Change, Written};
use crate::input::optional;
use crate::measure::Fund;
use crate::message;
use crate::quantity::{Amount, Rate, Won, WonInput};

/// The money of an assessed measure in the year of the check, from one fund. Null is not zero.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssessedBudget {
    /// Whose money it is.
    pub fund: Fund,
    /// What the plan has for it: as it is while the check is open, as it was submitted after.
    pub planned: Option<Amount>,
    /// What was spent, as the check has it.
    pub executed: Option<Amount>,
    /// What was spent in percent of what was planned (집행률).
    pub rate: Option<Amount>,
}

/// What was spent on a measure in the year of the check, from one fund, as a caller gives it.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExecutedInput {
    /// Whose money it is.
    pub fund: Fund,
    /// How much, in whole won; null takes away what is said of the fund.
    #[serde(default)]
    #[schema(value_type = Option<WonInput>)]
    pub executed: MaybeUndefined<WonInput>,
}

/// What a caller wants said of a fund: nothing any more, or so much.
pub(super) type Wish = (code::Fund, Option<i64>);

/// The money of an assessment, by fund.
pub(super) fn of(judged: &Judged) -> Vec<AssessedBudget> {
    let funds = judged.money.iter().filter(|(_, spent)| spent.planned.or(spent.executed).is_some());
    let shown = funds.map(|(fund, spent)| AssessedBudget {
        fund: (*fund).into(),
        planned: spent.planned.map(Won::amount),
        executed: spent.executed.map(Won::amount),
        rate: spent
            .executed
            .zip(spent.planned)
            .and_then(|(executed, planned)| Rate::of(executed.0, planned.0, 1))
            .map(Rate::percent),
    });
    shown.collect()
}

/// What a caller says of funds, checked; a fault stands at its place in `budgets`. Nothing is said
/// twice.
pub(super) fn wishes(given: &MaybeUndefined<Vec<ExecutedInput>>) -> Result<Vec<Wish>> {
    let list = match given {
        MaybeUndefined::Undefined => return Ok(Vec::new()),
        MaybeUndefined::Null => return Err(Error::invalid("budgets", message::not_null())),
        MaybeUndefined::Value(list) => list,
    };
    let mut faults = Faults::default();
    let mut funds = HashSet::new();
    let mut wishes = Vec::with_capacity(list.len());
    for (n, given) in list.iter().enumerate() {
        let place = n.to_string();
        faults.rule(funds.insert(given.fund), &place, message::said_twice());
        if let Some(wish) = faults.at(&place, wish(given)) {
            wishes.push(wish);
        }
    }
    faults.into_result(wishes).map_err(|error| error.at("budgets"))
}

fn wish(given: &ExecutedInput) -> Result<Wish> {
    let executed = optional(&given.executed, |sum| Ok(sum.parse()?.0));
    match executed.map_err(|error| error.at("executed"))? {
        Some(executed) => Ok((given.fund.into(), executed)),
        None => Err(Error::invalid("executed", message::required())),
    }
}

/// Writes what is wished for beside what is said already of an open check. Whether anything moved.
pub(super) async fn write(
    change: &Change,
    assessment_id: Uuid,
    wishes: &[Wish],
) -> Result<Written> {
    if wishes.is_empty() {
        return Ok(Written::Unchanged);
    }
    let mut known = budgets_of(change, [assessment_id]).await?;
    let known = known.remove(&assessment_id).unwrap_or_default();
    let mut batch = change.batch::<Entity>();
    let mut gone = false;
    for (fund, executed) in wishes {
        let before = known.iter().find(|row| row.fund == *fund);
        match (before, executed) {
            (None, None) => {}
            (Some(before), None) => {
                change.delete::<Entity>(before).await?;
                gone = true;
            }
            (before, Some(_)) => {
                let row = assessment_budget::Model {
                    id: before.map_or_else(Uuid::now_v7, |row| row.id),
                    assessment_id,
                    fund: *fund,
                    planned: None,
                    executed: *executed,
                    revision: change.revision(),
                };
                batch.put(before, row);
            }
        }
    }
    let moved = batch.write().await?.iter().any(|done| *done != Written::Unchanged);
    Ok(if moved || gone { Written::Updated } else { Written::Unchanged })
}
