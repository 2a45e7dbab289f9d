use async_graphql::{InputObject, MaybeUndefined};
use entity::code::Confidence;
use entity::region_statistic::{self, Column, Entity};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Statistic, get, visible};
use crate::access::{Access, Action};
use crate::date::TimePeriod;
use crate::error::{Code, Error, Faults, Result};
use crate::history::{Revision, Written};
use crate::id::{AnyId, Id as _, RegionId, StatisticId};
use crate::quantity::{DecimalText, counted};
use crate::region::{self, RegionBy};
use crate::{input, message, source};

/// Which figure is meant.
#[derive(Clone, Debug)]
pub struct StatisticAt {
    /// Where.
    pub region: RegionBy,
    /// The code of what is counted.
    pub stat: String,
    /// When.
    pub period: String,
}

/// What a figure is to be, as a whole: what is left out is not there.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatisticInput {
    /// What is counted; what it is called elsewhere if not said.
    pub name: Option<String>,
    /// The number, with at most six digits behind the point.
    pub value: DecimalText,
    /// What it counts, as `명`.
    pub unit: String,
    /// Whether the number is rounded.
    pub approximate: Option<bool>,
    /// What it is taken from: up to two sources, the main one first.
    pub sources: Option<Vec<AnyId>>,
    /// What else should be known about it.
    pub note: Option<String>,
}

/// Writes a figure of a region; one that is there already must be at the revision the caller read.
/// For who writes what is known of the region.
pub async fn record(
    access: &Access,
    at: &StatisticAt,
    revision: Option<Revision>,
    figure: StatisticInput,
) -> Result<(Statistic, Written)> {
    let region = region::get(access, &at.region).await.map_err(|error| error.at("region"))?.id;
    access.require(Action::EditFacts, region)?;
    let wanted = figure.sources.clone().map_or(MaybeUndefined::Null, MaybeUndefined::Value);
    let cited = source::chosen(access, &wanted).await?.unwrap_or_default();
    let name = called(access, &at.stat).await?;
    let row = checked(at, figure, name)?;
    let [source_id, source2_id] = cited;
    let confidence = source_id.map(|_| Confidence::B);
    let row =
        region_statistic::Model { region_id: region.0, source_id, source2_id, confidence, ..row };
    let (id, written) = access
        .change("recordStatistic", async move |change| {
            let before = visible()
                .filter(Column::RegionId.eq(region.0))
                .filter(Column::Stat.eq(&row.stat))
                .filter(Column::Period.eq(row.period.as_deref()));
            let Some(before) = before.one(&change.db().await?).await? else {
                if revision.is_some() {
                    return Err(Error::not_found("statistic").at("revision"));
                }
                let id = row.id;
                let row = region_statistic::Model { revision: change.revision(), ..row };
                change.insert::<Entity>(row).await?;
                return Ok((id, Written::Created));
            };
            let (id, current) = (before.id, Revision(before.revision));
            let after = region_statistic::Model { id, revision: current.0, ..row };
            if after != before && revision != Some(current) {
                return Err(Error::stale(current));
            }
            Ok((id, change.update::<Entity>(&before, after).await?))
        })
        .await?;
    Ok((get(access, StatisticId(id)).await?, written))
}

/// Removes a figure that is at this revision. For who writes what is known of its region.
pub async fn delete(access: &Access, id: StatisticId, revision: Revision) -> Result<StatisticId> {
    let row = visible().filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    let row = row.ok_or_else(|| Error::not_found("statistic"))?;
    access.require(Action::EditFacts, RegionId(row.region_id))?;
    access
        .change("deleteStatistic", async move |change| {
            let row = change.current(visible(), id.0, revision).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

/// What figures of this code are called so far.
async fn called(access: &Access, stat: &str) -> Result<Option<String>> {
    let known = visible().filter(Column::Stat.eq(stat)).one(&access.db().await?).await?;
    Ok(known.map(|row| row.name_ko))
}

/// The longest code.
const CODE: usize = 50;

fn code(stat: &str) -> Result<String> {
    let plain =
        |letter: u8| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == b'_';
    let fits = (1..=CODE).contains(&stat.len()) && stat.bytes().all(plain);
    fits.then(|| stat.to_owned()).ok_or_else(|| Error::new(Code::Invalid, message::not_a_stat()))
}

fn checked(
    at: &StatisticAt,
    figure: StatisticInput,
    called: Option<String>,
) -> Result<region_statistic::Model> {
    let mut faults = Faults::default();
    let stat = faults.at("stat", code(&at.stat));
    let period = faults.at("period", TimePeriod::parse(&at.period).map(|period| period.text));
    let name = figure.name.or(called);
    let name = name.ok_or_else(|| Error::new(Code::Invalid, message::required()));
    let name = faults.at("name", name.and_then(|name| input::text(&name, input::LABEL)));
    let number = faults.at("value", counted(&figure.value.0));
    let unit = faults.at("unit", input::text(&figure.unit, input::LABEL));
    let note = figure.note.as_deref().map(|note| input::text(note, input::TEXT));
    let note = faults.maybe("note", note);
    match (stat, period, name, number, unit, note) {
        (
            Some(stat),
            Some(period),
            Some(name_ko),
            Some((value, decimals)),
            Some(unit),
            Some(note),
        ) => Ok(region_statistic::Model {
            id: StatisticId::new().0,
            region_id: uuid::Uuid::nil(),
            stat,
            name_ko,
            period: Some(period),
            value,
            decimals,
            unit,
            approximate: figure.approximate.unwrap_or_default(),
            source_id: None,
            source2_id: None,
            confidence: None,
            note,
            revision: 0,
        }),
        _ => faults.refuse(),
    }
}
