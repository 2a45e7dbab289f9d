use std::collections::{HashMap, HashSet};

use async_graphql::{Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::code;
use entity::{measure_budget, measure_reduction};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Access;
use crate::error::{Error, Faults, Result};
use crate::history::{Change, Written};
use crate::quantity::{Amount, Mass, MassInput, MassUnit, Won, WonInput};
use crate::source::{Citation, Provenance};
use crate::{input, message};

/// Whose money it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::Fund")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Fund {
    /// The nation's (국비).
    National,
    /// The province's (도비).
    Province,
    /// The city's or county's (시군비).
    Municipal,
    /// Private and other money (민자 등).
    PrivateOther,
    /// The source does not say.
    Unstated,
}

/// How much less a measure is to make of a year.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct ExpectedReduction {
    /// The year.
    pub year: i32,
    /// How much less.
    #[graphql(skip)]
    pub reduction: Amount,
    /// Where this comes from.
    pub provenance: Provenance,
    #[graphql(skip)]
    #[serde(skip)]
    mass: Mass,
}

impl ExpectedReduction {
    /// The same in another unit.
    pub fn in_unit(&self, unit: MassUnit) -> Self {
        Self { reduction: self.mass.in_unit(unit), ..self.clone() }
    }
}

/// The money of a measure in a year, from one fund. Null is not zero: nobody has stated it.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeasureBudget {
    /// The year; null where the source states none.
    pub year: Option<i32>,
    /// Whose money it is.
    pub fund: Fund,
    /// What is to be spent.
    pub planned: Option<Amount>,
    /// What was spent.
    pub executed: Option<Amount>,
    /// Where this comes from.
    pub provenance: Provenance,
}

/// How much less a measure is to make of a year, as a caller gives it.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReductionInput {
    /// The year.
    pub year: i32,
    /// How much less; null takes away what is said of the year.
    #[serde(default)]
    #[schema(value_type = Option<MassInput>)]
    pub reduction: MaybeUndefined<MassInput>,
}

/// The money of a measure in a year, from one fund, as a caller gives it: planned, executed, or
/// both. What is left out stays; null takes it away.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BudgetInput {
    /// The year; null where none is stated.
    pub year: Option<i32>,
    /// Whose money it is.
    pub fund: Fund,
    /// What is to be spent.
    #[serde(default)]
    #[schema(value_type = Option<WonInput>)]
    pub planned: MaybeUndefined<WonInput>,
    /// What was spent.
    #[serde(default)]
    #[schema(value_type = Option<WonInput>)]
    pub executed: MaybeUndefined<WonInput>,
}

/// What a caller wants said of years and funds; the rest stays as it is.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    reductions: Vec<(i32, Option<i64>)>,
    budgets: Vec<BudgetWish>,
    source: Option<Uuid>,
}

/// Of one year and fund: what is planned, what executed; each to stay, to go, or to be this.
#[derive(Debug)]
struct BudgetWish {
    key: (Option<i32>, code::Fund),
    planned: Option<Option<i64>>,
    executed: Option<Option<i64>>,
}

impl Wishes {
    /// What is wished for, checked. The figures are taken from `source`.
    pub(super) fn of(
        reductions: &[ReductionInput],
        budgets: &[BudgetInput],
        source: Option<Uuid>,
    ) -> Result<Self> {
        let mut faults = Faults::default();
        let reductions = faults.at("reductions", each(reductions, reduction, |(year, _)| *year));
        let budgets = faults.at("budgets", each(budgets, budget, |wish| wish.key));
        match (reductions, budgets) {
            (Some(reductions), Some(budgets)) => Ok(Self { reductions, budgets, source }),
            _ => faults.refuse(),
        }
    }
}

/// A list, read item by item; what is wrong with one stands at its place. Nothing is said twice.
fn each<T, W, K: std::hash::Hash + Eq>(
    list: &[T],
    read: impl Fn(&T) -> Result<W>,
    key: impl Fn(&W) -> K,
) -> Result<Vec<W>> {
    let mut faults = Faults::default();
    let mut keys = HashSet::new();
    let mut wishes = Vec::with_capacity(list.len());
    for (n, item) in list.iter().enumerate() {
        let Some(wish) = faults.at(&n.to_string(), read(item)) else { continue };
        faults.rule(keys.insert(key(&wish)), &n.to_string(), message::said_twice());
        wishes.push(wish);
    }
    faults.into_error().map_or(Ok(wishes), Err)
}

fn reduction(given: &ReductionInput) -> Result<(i32, Option<i64>)> {
    let mut faults = Faults::default();
    let year = faults.at("year", input::year(given.year));
    let mass = match &given.reduction {
        MaybeUndefined::Undefined => {
            faults.rule(false, "reduction", message::required());
            None
        }
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(mass) => {
            faults.at("reduction", mass.parse()).map(|mass| Some(mass.0))
        }
    };
    match year.zip(mass) {
        Some(wish) => Ok(wish),
        None => faults.refuse(),
    }
}

fn budget(given: &BudgetInput) -> Result<BudgetWish> {
    let mut faults = Faults::default();
    let year = faults.maybe("year", given.year.map(input::year));
    let won = |sum: &MaybeUndefined<WonInput>| input::optional(sum, |sum| Ok(sum.parse()?.0));
    let planned = faults.at("planned", won(&given.planned));
    let executed = faults.at("executed", won(&given.executed));
    let silent = matches!((&planned, &executed), (Some(None), Some(None)));
    faults.rule(!silent, "planned", message::no_money());
    let faulty = faults.into_error();
    match (year, planned, executed, faulty) {
        (Some(year), Some(planned), Some(executed), None) => {
            Ok(BudgetWish { key: (year, given.fund.into()), planned, executed })
        }
        (.., faulty) => Err(faulty.unwrap_or_else(|| Error::impossible("a value without a fault"))),
    }
}

/// Writes what is wished for beside what is said already. Whether anything moved, and whether any
/// tonnes are left.
pub(super) async fn write(change: &Change, measure: Uuid, wishes: &Wishes) -> Result<(bool, bool)> {
    let (moved, tonnes) = write_reductions(change, measure, wishes).await?;
    let budgets = write_budgets(change, measure, wishes).await?;
    Ok((moved || budgets, tonnes))
}

async fn write_reductions(
    change: &Change,
    measure_id: Uuid,
    wishes: &Wishes,
) -> Result<(bool, bool)> {
    use measure_reduction::{Column, Entity, Model};
    let said = Entity::find().filter(Column::MeasureId.eq(measure_id));
    let said = said.all(&change.db().await?).await?;
    let (mut moved, mut left) = (false, said.len());
    for (year, value) in &wishes.reductions {
        let before = said.iter().find(|row| row.year == *year);
        match (before, value) {
            (None, None) => continue,
            (Some(before), None) => {
                left -= 1;
                change.delete::<Entity>(before).await?;
            }
            // Said again, it keeps its source.
            (Some(before), Some(value)) if before.value == *value && wishes.source.is_none() => {
                continue;
            }
            (before, Some(value)) => {
                let row = Model {
                    id: before.map_or_else(Uuid::now_v7, |row| row.id),
                    measure_id,
                    year: *year,
                    value: *value,
                    source_id: wishes.source,
                    note: None,
                    revision: change.revision(),
                };
                left += usize::from(before.is_none());
                if put::<Entity>(change, before, row).await? == Written::Unchanged {
                    continue;
                }
            }
        }
        moved = true;
    }
    Ok((moved, left > 0))
}

async fn write_budgets(change: &Change, measure_id: Uuid, wishes: &Wishes) -> Result<bool> {
    use measure_budget::{Column, Entity, Model};
    let said = Entity::find().filter(Column::MeasureId.eq(measure_id));
    let said = said.all(&change.db().await?).await?;
    let mut moved = false;
    for BudgetWish { key: (year, fund), planned, executed } in &wishes.budgets {
        let before = said.iter().find(|row| (row.year, row.fund) == (*year, *fund));
        let planned = planned.unwrap_or_else(|| before.and_then(|row| row.planned));
        let executed = executed.unwrap_or_else(|| before.and_then(|row| row.executed));
        let same = before.is_some_and(|row| (row.planned, row.executed) == (planned, executed));
        if same && wishes.source.is_none() {
            continue;
        }
        moved |= match (before, planned.or(executed)) {
            (None, None) => false,
            (Some(before), None) => {
                change.delete::<Entity>(before).await?;
                true
            }
            (before, Some(_)) => {
                let row = Model {
                    id: before.map_or_else(Uuid::now_v7, |row| row.id),
                    measure_id,
                    year: *year,
                    fund: *fund,
                    planned,
                    executed,
                    source_id: wishes.source,
                    note: None,
                    revision: change.revision(),
                };
                put::<Entity>(change, before, row).await? != Written::Unchanged
            }
        };
    }
    Ok(moved)
}

async fn put<E>(change: &Change, before: Option<&E::Model>, after: E::Model) -> Result<Written>
where
    E: crate::history::Versioned,
    E::Model: sea_orm::IntoActiveModel<E::ActiveModel> + PartialEq,
{
    match before {
        Some(before) => change.update::<E>(before, after).await,
        None => change.insert::<E>(after).await.map(|()| Written::Created),
    }
}

/// What is said of a measure's years and funds. Who calls has seen it.
pub(super) async fn rows_of(
    access: &Access,
    measure: Uuid,
) -> Result<(Vec<measure_reduction::Model>, Vec<measure_budget::Model>)> {
    let db = access.db().await?;
    let reductions = measure_reduction::Entity::find()
        .filter(measure_reduction::Column::MeasureId.eq(measure))
        .all(&db)
        .await?;
    let budgets = measure_budget::Entity::find()
        .filter(measure_budget::Column::MeasureId.eq(measure))
        .all(&db)
        .await?;
    Ok((reductions, budgets))
}

/// Removes what is said of a measure's years and funds.
pub(super) async fn delete_of(change: &Change, measure: Uuid) -> Result<()> {
    let (reductions, budgets) = rows_of(change, measure).await?;
    for row in reductions {
        change.delete::<measure_reduction::Entity>(&row).await?;
    }
    for row in budgets {
        change.delete::<measure_budget::Entity>(&row).await?;
    }
    Ok(())
}

/// How much less these measures are to make of each year, by year. Who calls has seen them.
pub(super) async fn reductions_of(
    access: &Access,
    measures: &[Uuid],
) -> Result<HashMap<Uuid, Vec<ExpectedReduction>>> {
    use measure_reduction::{Column, Entity};
    let which = access.any_of(Column::MeasureId, measures.iter().copied());
    let rows = Entity::find().filter(which).order_by_asc(Column::Year);
    let mut found: HashMap<Uuid, Vec<ExpectedReduction>> = HashMap::new();
    for row in rows.all(&access.db().await?).await? {
        let mass = Mass(row.value);
        found.entry(row.measure_id).or_default().push(ExpectedReduction {
            year: row.year,
            reduction: mass.in_unit(MassUnit::Kt),
            provenance: cited(row.source_id, row.note),
            mass,
        });
    }
    Ok(found)
}

/// The money of these measures, by year and fund. Who calls has seen them.
pub(super) async fn budgets_of(
    access: &Access,
    measures: &[Uuid],
) -> Result<HashMap<Uuid, Vec<MeasureBudget>>> {
    use measure_budget::{Column, Entity};
    let which = access.any_of(Column::MeasureId, measures.iter().copied());
    let mut rows = Entity::find().filter(which).all(&access.db().await?).await?;
    rows.sort_by_key(|row| (row.year.is_none(), row.year, row.fund));
    let mut found: HashMap<Uuid, Vec<MeasureBudget>> = HashMap::new();
    for row in rows {
        found.entry(row.measure_id).or_default().push(MeasureBudget {
            year: row.year,
            fund: row.fund.into(),
            planned: row.planned.map(|won| Won(won).amount()),
            executed: row.executed.map(|won| Won(won).amount()),
            provenance: cited(row.source_id, row.note),
        });
    }
    Ok(found)
}

fn cited(source: Option<Uuid>, note: Option<String>) -> Provenance {
    let confidence = source.map(|_| code::Confidence::B);
    Citation { cited: [source, None], confidence, note, ..Citation::default() }.into()
}
