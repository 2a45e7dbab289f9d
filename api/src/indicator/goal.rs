use async_graphql::{Enum, InputObject, SimpleObject};
use entity::code;
use entity::indicator_goal::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Measured, find, get, require_edit, seen, site};
use crate::access::Access;
use crate::date::TimePeriod;
use crate::error::{Code, Error, Faults, Result};
use crate::history::{Change, Revision};
use crate::id::{AnyId, GoalId, IndicatorId};
use crate::quantity::{DecimalText, QuantityInput};
use crate::source::{Citation, Cites, Provenance};
use crate::{input, message, source};

/// In which sense a goal is one.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Enum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[graphql(remote = "code::GoalKind")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GoalKind {
    /// What is to be reached in the end.
    #[default]
    Final,
    /// Of one year on the way.
    Annual,
    /// Of a year between.
    Interim,
    /// A duty from law.
    Legal,
}

/// What an indicator is to reach.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorGoal {
    /// Its id.
    pub id: GoalId,
    /// Of which indicator it is.
    #[graphql(skip)]
    pub indicator_id: IndicatorId,
    /// By when, or of which period; null where the source does not say.
    pub period: Option<TimePeriod>,
    /// In which sense it is a goal.
    pub kind: GoalKind,
    /// The number, as near as a double comes.
    pub value: f64,
    /// The number, exactly.
    pub exact: DecimalText,
    /// What it counts.
    pub unit: String,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it; what overwriting it takes.
    pub revision: Revision,
}

impl Cites for IndicatorGoal {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        vec![&mut self.provenance]
    }
}

/// What an indicator is to reach, as a caller gives it, whole.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoalInput {
    /// The number, in the unit of the definition.
    pub value: QuantityInput,
    /// Whether it is rounded or "about"; not if not said.
    pub approximate: Option<bool>,
    /// What it is taken from: up to two sources, the main one first.
    pub sources: Option<Vec<AnyId>>,
    /// What else should be known about it.
    pub note: Option<String>,
}

/// Which goal of an indicator is meant: by its period, if it has one, and its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoalKey {
    /// The period.
    pub period: Option<TimePeriod>,
    /// In which sense it is a goal.
    pub kind: GoalKind,
}

/// What these indicators are to reach, by period; those without one come last. Who calls has seen
/// the indicators.
pub async fn goals_of(access: &Access, indicators: &[Measured]) -> Result<Vec<IndicatorGoal>> {
    let ids = access.any_of(Column::IndicatorId, indicators.iter().map(|it| it.id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    let goals = rows.into_iter().filter_map(|row| {
        let measured = indicators.iter().find(|it| it.id.0 == row.indicator_id)?;
        Some(described(row, measured))
    });
    let mut goals = goals.collect::<Result<Vec<_>>>()?;
    goals.sort_by(|one, other| {
        let key = |goal: &IndicatorGoal| (goal.period.is_none(), goal.period.clone(), goal.kind);
        key(one).cmp(&key(other))
    });
    Ok(goals)
}

/// Says what an indicator is to reach: anew, or over what was said at this revision. Said again,
/// nothing changes. For who edits its plan, or, without one, who keeps the facts of its region.
pub async fn set(
    access: &Access,
    id: IndicatorId,
    key: GoalKey,
    (wanted, read): (GoalInput, Option<Revision>),
) -> Result<IndicatorGoal> {
    let row = find(access, id).await?;
    require_edit(access, site(&row))?;
    let measured = Measured::from(&get(access, id).await?);
    let sources = source::chosen(access, &input::said(wanted.sources.clone())).await?;
    let row = checked(&wanted, (&measured, &key), sources.unwrap_or_default())?;
    let goal = access
        .change("setGoal", async move |change| {
            let indicator = find(change, id).await?;
            let before = stored(change, id, &key).await?;
            let row = indicator_goal::Model {
                id: before.as_ref().map_or(row.id, |before| before.id),
                plan_id: indicator.plan_id,
                region_id: indicator.region_id,
                revision: before.as_ref().map_or(change.revision(), |before| before.revision),
                ..row
            };
            match before {
                None if read.is_some() => return Err(Error::not_found("goal")),
                None => change.insert::<Entity>(row.clone()).await?,
                Some(before) if before == row => {}
                Some(before) => {
                    overwrites(read, before.revision)?;
                    change.update::<Entity>(&before, row.clone()).await?;
                }
            }
            Ok(row.id)
        })
        .await?;
    let mut goals = goals_of(access, &[measured]).await?.into_iter();
    goals.find(|it| it.id.0 == goal).ok_or_else(|| Error::not_found("goal"))
}

/// Takes back a goal that is at this revision. For who may set it.
pub async fn remove(
    access: &Access,
    id: IndicatorId,
    key: GoalKey,
    read: Revision,
) -> Result<GoalId> {
    let row = find(access, id).await?;
    require_edit(access, site(&row))?;
    let gone = access.change("removeGoal", async move |change| {
        find(change, id).await?;
        let before = stored(change, id, &key).await?.ok_or_else(|| Error::not_found("goal"))?;
        overwrites(Some(read), before.revision)?;
        change.delete::<Entity>(&before).await?;
        Ok(GoalId(before.id))
    });
    gone.await
}

/// Removes the goals of an indicator.
pub(super) async fn delete_of(change: &Change, indicator: IndicatorId) -> Result<()> {
    let rows = visible(change).filter(Column::IndicatorId.eq(indicator.0));
    for row in rows.all(&change.db().await?).await? {
        change.delete::<Entity>(&row).await?;
    }
    Ok(())
}

/// Who overwrites something must have read it as it is.
pub(super) fn overwrites(read: Option<Revision>, current: i64) -> Result<()> {
    match read {
        None => {
            let needed = Error::new(Code::PreconditionRequired, message::revision_needed());
            Err(needed.at("revision"))
        }
        Some(read) if read.0 != current => Err(Error::stale(Revision(current))),
        Some(_) => Ok(()),
    }
}

fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(seen(access, Column::PlanId))
}

/// Periods that are missing are not unique to the databases, so this is looked up under the lock.
async fn stored(
    change: &Change,
    id: IndicatorId,
    key: &GoalKey,
) -> Result<Option<indicator_goal::Model>> {
    let kind = code::GoalKind::from(key.kind);
    let mut rows =
        visible(change).filter(Column::IndicatorId.eq(id.0)).filter(Column::Kind.eq(kind));
    rows = match &key.period {
        Some(period) => rows.filter(Column::Period.eq(&period.text)),
        None => rows.filter(Column::Period.is_null()),
    };
    Ok(rows.one(&change.db().await?).await?)
}

fn checked(
    wanted: &GoalInput,
    (measured, key): (&Measured, &GoalKey),
    [source_id, source2_id]: [Option<Uuid>; 2],
) -> Result<indicator_goal::Model> {
    let mut faults = Faults::default();
    let value = faults.at("value", measured.stored(&wanted.value));
    let note = wanted.note.as_deref().map(|note| input::text(note, input::TEXT));
    let note = faults.maybe("note", note);
    let (Some(value), Some(note)) = (value, note) else { return faults.refuse() };
    Ok(indicator_goal::Model {
        id: Uuid::now_v7(),
        indicator_id: measured.id.0,
        plan_id: None,
        region_id: Uuid::nil(),
        period: key.period.as_ref().map(|period| period.text.clone()),
        kind: key.kind.into(),
        value,
        approximate: wanted.approximate.unwrap_or_default(),
        source_id,
        source2_id,
        confidence: source_id.map(|_| code::Confidence::B),
        note,
        revision: 0,
    })
}

fn described(row: indicator_goal::Model, measured: &Measured) -> Result<IndicatorGoal> {
    let shown = measured.shown(row.value);
    Ok(IndicatorGoal {
        id: GoalId(row.id),
        indicator_id: measured.id,
        period: row.period.as_deref().map(TimePeriod::parse).transpose()?,
        kind: row.kind.into(),
        value: shown.value,
        exact: shown.exact,
        unit: shown.unit,
        provenance: Provenance::from(Citation {
            cited: [row.source_id, row.source2_id],
            confidence: row.confidence,
            note: row.note,
            approximate: row.approximate,
            ..Citation::default()
        }),
        revision: Revision(row.revision),
    })
}

impl GoalKey {
    /// By the period as it is written; `undated` for the goal without one.
    pub fn parse(period: &str, kind: Option<GoalKind>) -> Result<Self> {
        let period = match period {
            "undated" => None,
            text => Some(TimePeriod::parse(text).map_err(|error| error.at("period"))?),
        };
        Ok(Self { period, kind: kind.unwrap_or_default() })
    }
}
