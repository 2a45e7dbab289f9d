use async_graphql::MaybeUndefined;
use entity::code::{Confidence, FigureStatus, Metric};
use entity::target_figure::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::access::Access;
use crate::error::{Error, Faults, Result};
use crate::history::{Change, Written};
use crate::message;
use crate::quantity::{MassInput, RateInput};

/// The sources and the note of the figures given with them.
pub(super) type Cited = ([Option<Uuid>; 2], Option<String>);

const MASSES: [(Metric, &str); 5] = [
    (Metric::Base, "base"),
    (Metric::Target, "target"),
    (Metric::GrossTarget, "grossTarget"),
    (Metric::Reduction, "reduction"),
    (Metric::Removals, "removals"),
];
const RATES: [(Metric, &str); 2] =
    [(Metric::ReductionRate, "reductionRate"), (Metric::ShareOfReduction, "shareOfReduction")];

/// The figures of an input, in the order of [`MASSES`] and [`RATES`]: left out, null, or given.
pub(super) struct Given<'a> {
    pub masses: [MaybeUndefined<&'a MassInput>; 5],
    pub rates: [MaybeUndefined<&'a RateInput>; 2],
}

/// What a caller wants of one figure; no value takes it away.
pub(super) struct Wish {
    metric: Metric,
    value: Option<i64>,
    cited: Cited,
}

impl Given<'_> {
    /// What is wished for, checked.
    pub(super) fn wishes(self, cited: &Cited) -> Result<Vec<Wish>> {
        let mut faults = Faults::default();
        let masses = self.masses.into_iter().map(|mass| parsed(mass, |mass| Ok(mass.parse()?.0)));
        let rates = self.rates.into_iter().map(|rate| parsed(rate, |rate| Ok(rate.parse()?.0)));
        let mut wishes = Vec::new();
        for ((metric, field), given) in MASSES.into_iter().chain(RATES).zip(masses.chain(rates)) {
            let value = match given {
                MaybeUndefined::Undefined => continue,
                MaybeUndefined::Null => None,
                MaybeUndefined::Value(value) => faults.at(field, value),
            };
            let signed = !matches!(metric, Metric::GrossTarget | Metric::Removals);
            faults.rule(signed || value.is_none_or(|it| it >= 0), field, message::negative());
            wishes.push(Wish { metric, value, cited: cited.clone() });
        }
        faults.into_error().map_or(Ok(wishes), Err)
    }
}

fn parsed<T>(
    given: MaybeUndefined<T>,
    parse: impl Fn(T) -> Result<i64>,
) -> MaybeUndefined<Result<i64>> {
    match given {
        MaybeUndefined::Undefined => MaybeUndefined::Undefined,
        MaybeUndefined::Null => MaybeUndefined::Null,
        MaybeUndefined::Value(value) => MaybeUndefined::Value(parse(value)),
    }
}

/// What a target states.
pub(super) async fn stated(access: &Access, target: Uuid) -> Result<Vec<target_figure::Model>> {
    let rows = Entity::find().filter(Column::TargetId.eq(target));
    Ok(rows.all(&access.db().await?).await?)
}

/// Writes the figures wished for beside those that are stated. A target without any is refused.
pub(super) async fn write(
    change: &Change,
    target: Uuid,
    stated: Vec<target_figure::Model>,
    wishes: Vec<Wish>,
) -> Result<Written> {
    let mut left = stated.len();
    let mut written = Written::Unchanged;
    for Wish { metric, value, cited } in wishes {
        let before = stated.iter().find(|row| row.metric == metric);
        let done = match (before, value) {
            (None, None) => Written::Unchanged,
            (Some(before), None) => {
                left -= 1;
                change.delete::<Entity>(before).await?;
                Written::Updated
            }
            // Said again without a source, it keeps the one it has.
            (Some(before), Some(value)) if before.value == Some(value) && says_nothing(&cited) => {
                Written::Unchanged
            }
            (Some(before), Some(value)) => {
                let row = figure((before.id, target, metric), value, cited, change.revision());
                let external_id = before.external_id.clone();
                change.update::<Entity>(before, target_figure::Model { external_id, ..row }).await?
            }
            (None, Some(value)) => {
                left += 1;
                let id = Uuid::now_v7();
                let row = figure((id, target, metric), value, cited, change.revision());
                change.insert::<Entity>(row).await?;
                Written::Updated
            }
        };
        if done == Written::Updated {
            written = done;
        }
    }
    match left {
        0 => Err(Error::invalid("target", message::no_figure())),
        _ => Ok(written),
    }
}

fn says_nothing((sources, note): &Cited) -> bool {
    sources.iter().all(Option::is_none) && note.is_none()
}

fn figure(
    (id, target_id, metric): (Uuid, Uuid, Metric),
    value: i64,
    ([source_id, source2_id], note): Cited,
    revision: i64,
) -> target_figure::Model {
    target_figure::Model {
        id,
        external_id: None,
        target_id,
        metric,
        value: Some(value),
        status: FigureStatus::Reported,
        approximate: false,
        source_id,
        source2_id,
        confidence: source_id.map(|_| Confidence::B),
        derivation: None,
        note,
        revision,
    }
}
