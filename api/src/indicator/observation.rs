use async_graphql::{InputObject, SimpleObject};
use entity::code;
use entity::observation::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::goal::overwrites;
use super::{Measured, find, get, seen, site};
use crate::access::{Access, Action};
use crate::date::TimePeriod;
use crate::error::{Error, Faults, Result};
use crate::history::{Change, Revision};
use crate::id::{AnyId, IndicatorId, ObservationId};
use crate::quantity::{DecimalText, QuantityInput};
use crate::source::{Approval, Citation, Cites, FigureStatus, Provenance};
use crate::{input, message, source};

/// What an indicator was in a period. Null is not zero: where there is no number, the status says
/// why.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    /// Its id.
    pub id: ObservationId,
    /// Of which indicator it is.
    #[graphql(skip)]
    pub indicator_id: IndicatorId,
    /// Of which period it is.
    pub period: TimePeriod,
    /// The number, as near as a double comes; null where there is none.
    pub value: Option<f64>,
    /// The number, exactly; null where there is none.
    pub exact: Option<DecimalText>,
    /// What it counts.
    pub unit: String,
    /// What stands behind it, or why there is none.
    pub status: FigureStatus,
    /// Why there is no number, in words.
    pub reason: Option<String>,
    /// How far up it was approved.
    pub approval: Approval,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it; what overwriting it takes.
    pub revision: Revision,
}

impl Cites for Observation {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        vec![&mut self.provenance]
    }
}

/// What an indicator was, as a caller gives it, whole: a number, or a status that says why there is
/// none, with a reason.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObservationInput {
    /// The number, in the unit of the definition.
    pub value: Option<QuantityInput>,
    /// What stands behind it, `REPORTED` if not said; or why there is no number.
    pub status: Option<FigureStatus>,
    /// Why there is no number, in words.
    pub reason: Option<String>,
    /// Whether it is rounded or "about"; not if not said.
    pub approximate: Option<bool>,
    /// How it was worked out, if it was.
    pub derivation: Option<String>,
    /// What it is taken from: up to two sources, the main one first.
    pub sources: Option<Vec<AnyId>>,
    /// What else should be known about it.
    pub note: Option<String>,
}

/// What these indicators were, by period. Who calls has seen the indicators.
pub async fn observations_of(access: &Access, indicators: &[Measured]) -> Result<Vec<Observation>> {
    let ids = access.any_of(Column::IndicatorId, indicators.iter().map(|it| it.id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    let observations = rows.into_iter().filter_map(|row| {
        let measured = indicators.iter().find(|it| it.id.0 == row.indicator_id)?;
        Some(described(row, measured))
    });
    let mut observations = observations.collect::<Result<Vec<_>>>()?;
    observations.sort_by(|one, other| one.period.cmp(&other.period));
    Ok(observations)
}

/// The observations that lie within these periods, ends included.
pub fn within(
    observations: Vec<Observation>,
    from: Option<&TimePeriod>,
    to: Option<&TimePeriod>,
) -> Vec<Observation> {
    let fits = |it: &Observation| {
        from.is_none_or(|from| it.period.from >= from.from)
            && to.is_none_or(|to| it.period.to <= to.to)
    };
    observations.into_iter().filter(fits).collect()
}

/// Records what an indicator was: anew, or over what was recorded at this revision. Recorded again,
/// nothing changes; overwritten, it is approved by nobody. For who keeps the facts of its region.
pub async fn record(
    access: &Access,
    id: IndicatorId,
    period: TimePeriod,
    (wanted, read): (ObservationInput, Option<Revision>),
) -> Result<Observation> {
    let row = find(access, id).await?;
    access.require(Action::EditFacts, site(&row))?;
    let measured = Measured::from(&get(access, id).await?);
    let sources = source::chosen(access, &input::said(wanted.sources.clone())).await?;
    let row = checked(&wanted, (&measured, &period), sources.unwrap_or_default())?;
    let recorded = access
        .change("recordObservation", async move |change| {
            let indicator = find(change, id).await?;
            let before = stored(change, id, &period).await?;
            let mut row = observation::Model {
                plan_id: indicator.plan_id,
                region_id: indicator.region_id,
                revision: change.revision(),
                ..row
            };
            let Some(before) = before else {
                if read.is_some() {
                    return Err(Error::not_found("observation"));
                }
                change.insert::<Entity>(row.clone()).await?;
                return Ok(row.id);
            };
            (row.id, row.revision, row.approval) = (before.id, before.revision, before.approval);
            if before != row {
                overwrites(read, before.revision)?;
                row.approval = code::Approval::None;
                change.update::<Entity>(&before, row).await?;
            }
            Ok(before.id)
        })
        .await?;
    let mut observations = observations_of(access, &[measured]).await?.into_iter();
    let found = observations.find(|it| it.id.0 == recorded);
    found.ok_or_else(|| Error::not_found("observation"))
}

/// Takes back an observation that is at this revision. For who may record it.
pub async fn remove(
    access: &Access,
    id: IndicatorId,
    period: TimePeriod,
    read: Revision,
) -> Result<ObservationId> {
    let row = find(access, id).await?;
    access.require(Action::EditFacts, site(&row))?;
    let gone = access.change("removeObservation", async move |change| {
        find(change, id).await?;
        let before = stored(change, id, &period).await?;
        let before = before.ok_or_else(|| Error::not_found("observation"))?;
        overwrites(Some(read), before.revision)?;
        change.delete::<Entity>(&before).await?;
        Ok(ObservationId(before.id))
    });
    gone.await
}

fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(seen(access, Column::PlanId))
}

async fn stored(
    change: &Change,
    id: IndicatorId,
    period: &TimePeriod,
) -> Result<Option<observation::Model>> {
    let rows = visible(change).filter(Column::IndicatorId.eq(id.0));
    Ok(rows.filter(Column::Period.eq(&period.text)).one(&change.db().await?).await?)
}

/// Whether a status stands in the place of a number.
const fn is_notation_key(status: FigureStatus) -> bool {
    use FigureStatus::{
        Confidential, IncludedElsewhere, NotApplicable, NotEstimated, NotOccurring, NotReported,
        Pending,
    };
    matches!(
        status,
        NotReported
            | NotEstimated
            | NotOccurring
            | IncludedElsewhere
            | Confidential
            | Pending
            | NotApplicable
    )
}

fn checked(
    wanted: &ObservationInput,
    (measured, period): (&Measured, &TimePeriod),
    [source_id, source2_id]: [Option<Uuid>; 2],
) -> Result<observation::Model> {
    let mut faults = Faults::default();
    let text = |text: &Option<String>| text.as_deref().map(|it| input::text(it, input::TEXT));
    let value = wanted.value.as_ref().map(|value| measured.stored(value));
    let value = faults.maybe("value", value);
    let reason = faults.maybe("reason", text(&wanted.reason));
    let derivation = faults.maybe("derivation", text(&wanted.derivation));
    let note = faults.maybe("note", text(&wanted.note));
    let status = wanted.status.unwrap_or(FigureStatus::Reported);
    if wanted.value.is_some() {
        let present = !is_notation_key(status) && status != FigureStatus::Illustrative;
        faults.rule(present, "status", message::number_and_key());
        faults.rule(wanted.reason.is_none(), "reason", message::number_and_key());
    } else {
        faults.rule(wanted.status.is_some(), "value", message::number_or_key());
        let absent = wanted.status.is_none() || is_notation_key(status);
        faults.rule(absent, "status", message::number_or_key());
        faults.rule(wanted.reason.is_some(), "reason", message::required());
    }
    let faulty = faults.into_error();
    match (value, reason, derivation.zip(note), faulty) {
        (Some(value), Some(reason), Some((derivation, note)), None) => Ok(observation::Model {
            id: Uuid::now_v7(),
            indicator_id: measured.id.0,
            plan_id: None,
            region_id: Uuid::nil(),
            period: period.text.clone(),
            value,
            status: status.into(),
            reason,
            approximate: wanted.approximate.unwrap_or_default(),
            approval: code::Approval::None,
            source_id,
            source2_id,
            confidence: source_id.map(|_| code::Confidence::B),
            derivation,
            note,
            revision: 0,
        }),
        (.., faulty) => Err(faulty.unwrap_or_else(|| Error::impossible("a value without a fault"))),
    }
}

fn described(row: observation::Model, measured: &Measured) -> Result<Observation> {
    let shown = row.value.map(|value| measured.shown(value));
    Ok(Observation {
        id: ObservationId(row.id),
        indicator_id: measured.id,
        period: TimePeriod::parse(&row.period)?,
        value: shown.as_ref().map(|shown| shown.value),
        exact: shown.map(|shown| shown.exact),
        unit: measured.unit.clone(),
        status: row.status.into(),
        reason: row.reason,
        approval: row.approval.into(),
        provenance: Provenance::from(Citation {
            cited: [row.source_id, row.source2_id],
            confidence: row.confidence,
            derivation: row.derivation,
            note: row.note,
            approximate: row.approximate,
        }),
        revision: Revision(row.revision),
    })
}

/// A span of periods as a caller writes it.
pub fn span(
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(Option<TimePeriod>, Option<TimePeriod>)> {
    let mut faults = Faults::default();
    let from = faults.maybe("from", from.map(TimePeriod::parse));
    let to = faults.maybe("to", to.map(TimePeriod::parse));
    match from.zip(to) {
        Some(span) => Ok(span),
        None => faults.refuse(),
    }
}
