use std::collections::HashMap;

use entity::code::{self, FigureStatus};
use entity::indicator::{self, Entity};
use entity::{indicator_definition, indicator_goal, observation};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{GoalKind, IndicatorDirection};
use crate::date::TimePeriod;
use crate::error::Result;
use crate::history::{Change, Written};
use crate::name::Name;
use crate::source::Citation;

/// An indicator as a data pack gives it, with what it measures.
#[derive(Clone, Debug)]
pub struct LoadedIndicator {
    /// Its stable name.
    pub external_id: String,
    /// The code of what it measures, where nothing else has that code; otherwise the second one.
    pub codes: [String; 2],
    /// What is measured.
    pub name: Name,
    /// What is counted.
    pub unit: String,
    /// How many digits behind the point its values have.
    pub decimals: i32,
    /// Which way is better.
    pub direction: IndicatorDirection,
    /// Where it is measured.
    pub region: Uuid,
    /// For which plan.
    pub plan: Option<Uuid>,
    /// For which measure.
    pub measure: Option<Uuid>,
    /// In which sector.
    pub sector: Option<Uuid>,
    /// Where this comes from.
    pub citation: Citation,
}

impl LoadedIndicator {
    fn measures(&self, definition: &indicator_definition::Model) -> bool {
        (&definition.name_ko, &definition.unit) == (&self.name.ko, &self.unit)
    }

    fn definition(&self, code: &str, revision: i64) -> indicator_definition::Model {
        indicator_definition::Model {
            id: Uuid::now_v7(),
            code: code.to_owned(),
            name_ko: self.name.ko.clone(),
            name_en: self.name.en.clone(),
            description: None,
            unit: self.unit.clone(),
            decimals: self.decimals,
            direction: self.direction.into(),
            accumulation: code::Accumulation::Unstated,
            revision,
        }
    }
}

/// Writes the indicators of a data pack; what happened to each, in their order. What measures the
/// same, by code, name and unit, shares a definition; one that is there already stays as it is.
pub async fn load(change: &Change, loaded: Vec<LoadedIndicator>) -> Result<Vec<Written>> {
    let db = change.db().await?;
    let known = Entity::find().all(&db).await?;
    let known: HashMap<&str, &indicator::Model> =
        known.iter().filter_map(|row| Some((row.external_id.as_deref()?, row))).collect();
    let mut definitions = indicator_definition::Entity::find().all(&db).await?;
    let mut new_definitions = change.batch::<indicator_definition::Entity>();
    let mut indicators = change.batch::<Entity>();
    for new in loaded {
        let before = known.get(new.external_id.as_str()).copied();
        let [code, other] = &new.codes;
        let same = definitions.iter().find(|it| it.code == *code || it.code == *other);
        let same = same
            .filter(|it| new.measures(it))
            .or_else(|| definitions.iter().find(|it| it.code == *other && new.measures(it)));
        let definition_id = match (before, same) {
            (Some(before), _) => before.definition_id,
            (None, Some(same)) => same.id,
            (None, None) => {
                let taken = definitions.iter().any(|it| it.code == *code);
                let row = new.definition(if taken { other } else { code }, change.revision());
                definitions.push(row.clone());
                let id = row.id;
                new_definitions.put(None, row);
                id
            }
        };
        let row = indicator::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            external_id: Some(new.external_id),
            definition_id,
            region_id: new.region,
            plan_id: new.plan,
            measure_id: new.measure,
            sector_id: new.sector,
            source_id: new.citation.cited[0],
            confidence: new.citation.confidence,
            note: new.citation.note,
            revision: change.revision(),
        };
        indicators.put(before, row);
    }
    new_definitions.write().await?;
    indicators.write().await
}

/// An indicator that a data pack has brought, as its goals and observations refer to it.
#[derive(Clone, Debug)]
pub struct LoadedRef {
    /// Its stable name.
    pub external_id: String,
    /// Its key.
    pub id: Uuid,
    /// Where it is measured.
    pub region: Uuid,
    /// For which plan.
    pub plan: Option<Uuid>,
    /// How many digits behind the point its values have.
    pub decimals: u32,
}

/// The indicators that data packs have brought.
pub async fn loaded(change: &Change) -> Result<Vec<LoadedRef>> {
    let db = change.db().await?;
    let definitions = indicator_definition::Entity::find().all(&db).await?;
    let decimals: HashMap<Uuid, i32> =
        definitions.into_iter().map(|row| (row.id, row.decimals)).collect();
    let named = Entity::find().all(&db).await?.into_iter().filter_map(|row| {
        let decimals = decimals.get(&row.definition_id).copied().unwrap_or_default();
        Some(LoadedRef {
            external_id: row.external_id?,
            id: row.id,
            region: row.region_id,
            plan: row.plan_id,
            decimals: u32::try_from(decimals).unwrap_or_default(),
        })
    });
    Ok(named.collect())
}

/// A goal as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedGoal {
    /// Of which indicator.
    pub indicator: LoadedRef,
    /// By when.
    pub period: Option<TimePeriod>,
    /// In which sense it is a goal.
    pub kind: GoalKind,
    /// The number, as it is stored.
    pub value: i64,
    /// Where this comes from.
    pub citation: Citation,
}

/// Writes the goals of a data pack; what happened to each, in their order.
pub async fn load_goals(change: &Change, loaded: Vec<LoadedGoal>) -> Result<Vec<Written>> {
    let known = indicator_goal::Entity::find().all(&change.db().await?).await?;
    let known: HashMap<_, _> =
        known.iter().map(|row| ((row.indicator_id, row.period.clone(), row.kind), row)).collect();
    let mut batch = change.batch::<indicator_goal::Entity>();
    for new in loaded {
        let period = new.period.map(|period| period.text);
        let kind = code::GoalKind::from(new.kind);
        let before = known.get(&(new.indicator.id, period.clone(), kind)).copied();
        let [source_id, source2_id] = new.citation.cited;
        let row = indicator_goal::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            indicator_id: new.indicator.id,
            plan_id: new.indicator.plan,
            region_id: new.indicator.region,
            period,
            kind,
            value: new.value,
            approximate: new.citation.approximate,
            source_id,
            source2_id,
            confidence: new.citation.confidence,
            note: new.citation.note,
            revision: change.revision(),
        };
        batch.put(before, row);
    }
    batch.write().await
}

/// An observation as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedObservation {
    /// Of which indicator.
    pub indicator: LoadedRef,
    /// Of which period.
    pub period: TimePeriod,
    /// The number, as it is stored.
    pub value: i64,
    /// Where this comes from.
    pub citation: Citation,
}

/// Writes the observations of a data pack; what happened to each, in their order.
pub async fn load_observations(
    change: &Change,
    loaded: Vec<LoadedObservation>,
) -> Result<Vec<Written>> {
    let known = observation::Entity::find().all(&change.db().await?).await?;
    let known: HashMap<_, _> =
        known.iter().map(|row| ((row.indicator_id, row.period.as_str()), row)).collect();
    let mut batch = change.batch::<observation::Entity>();
    for new in loaded {
        let before = known.get(&(new.indicator.id, new.period.text.as_str())).copied();
        let derived = new.citation.confidence == Some(code::Confidence::C);
        let [source_id, source2_id] = new.citation.cited;
        let row = observation::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            indicator_id: new.indicator.id,
            plan_id: new.indicator.plan,
            region_id: new.indicator.region,
            period: new.period.text,
            value: Some(new.value),
            status: if derived { FigureStatus::Estimated } else { FigureStatus::Reported },
            reason: None,
            approximate: new.citation.approximate,
            approval: before.map_or(code::Approval::None, |row| row.approval),
            source_id,
            source2_id,
            confidence: new.citation.confidence,
            derivation: new.citation.derivation,
            note: new.citation.note,
            revision: change.revision(),
        };
        batch.put(before, row);
    }
    batch.write().await
}
