use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;

use crate::access::Access;
use crate::error::{Error, Result};
use crate::id::{DefinitionId, IndicatorId};
use crate::indicator::{
    self, Indicator, IndicatorDefinition, IndicatorFilter, IndicatorGoal, IndicatorOrder, Measured,
    Observation, Owner,
};
use crate::page::{Asked, Page};
use crate::wire::graphql::grouped;

/// An indicator, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IndicatorKey(pub IndicatorId);

impl Loader<IndicatorKey> for Access {
    type Value = Indicator;
    type Error = Error;

    async fn load(&self, keys: &[IndicatorKey]) -> Result<HashMap<IndicatorKey, Indicator>> {
        let found = indicator::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(found.into_iter().map(|it| (IndicatorKey(it.id), it)).collect())
    }
}

/// A definition, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DefinitionKey(pub DefinitionId);

impl Loader<DefinitionKey> for Access {
    type Value = IndicatorDefinition;
    type Error = Error;

    async fn load(
        &self,
        keys: &[DefinitionKey],
    ) -> Result<HashMap<DefinitionKey, IndicatorDefinition>> {
        let found = indicator::definitions_by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(found.into_iter().map(|it| (DefinitionKey(it.id), it)).collect())
    }
}

/// One page of the indicators of a plan, measure, region or definition, fetched with the same pages
/// of all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IndicatorsKey(pub Owner, pub Arc<Asked<IndicatorFilter, IndicatorOrder>>);

impl Loader<IndicatorsKey> for Access {
    type Value = Page<Indicator>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[IndicatorsKey],
    ) -> Result<HashMap<IndicatorsKey, Page<Indicator>>> {
        let alike = |IndicatorsKey(owner, asked): &IndicatorsKey| {
            ((std::mem::discriminant(owner), asked.clone()), *owner)
        };
        let mut found = HashMap::new();
        for ((_, asked), owners) in grouped(keys.iter().map(alike)) {
            let pages = indicator::pages_of(self, &owners, &asked).await?;
            let key = |owner| IndicatorsKey(owner, asked.clone());
            found.extend(pages.into_iter().map(|(owner, page)| (key(owner), page)));
        }
        Ok(found)
    }
}

/// What an indicator is to reach, fetched with that of all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GoalsKey(pub Measured);

impl Loader<GoalsKey> for Access {
    type Value = Vec<IndicatorGoal>;
    type Error = Error;

    async fn load(&self, keys: &[GoalsKey]) -> Result<HashMap<GoalsKey, Vec<IndicatorGoal>>> {
        let measured: Vec<Measured> = keys.iter().map(|key| key.0.clone()).collect();
        let goals = indicator::goals_of(self, &measured).await?;
        let mut goals = grouped(goals.into_iter().map(|goal| (goal.indicator_id, goal)));
        let of = |key: &GoalsKey| Some((key.clone(), goals.remove(&key.0.id)?));
        Ok(keys.iter().filter_map(of).collect())
    }
}

/// What an indicator was, fetched with that of all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObservationsKey(pub Measured);

impl Loader<ObservationsKey> for Access {
    type Value = Vec<Observation>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[ObservationsKey],
    ) -> Result<HashMap<ObservationsKey, Vec<Observation>>> {
        let measured: Vec<Measured> = keys.iter().map(|key| key.0.clone()).collect();
        let all = indicator::observations_of(self, &measured).await?;
        let mut all = grouped(all.into_iter().map(|it| (it.indicator_id, it)));
        let of = |key: &ObservationsKey| Some((key.clone(), all.remove(&key.0.id)?));
        Ok(keys.iter().filter_map(of).collect())
    }
}
