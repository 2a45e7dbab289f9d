use async_graphql::{Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::code;
use entity::indicator_definition::{self, Column, Entity};
use entity::{indicator, indicator_goal, observation};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::{Access, Action};
use crate::error::{Code, Error, Faults, Result};
use crate::filter::{Filter, Parts, StringFilter, Words, changed_after};
use crate::history::{AnyRevision, Change, Revision};
use crate::id::{DefinitionId, Id as _, RegionId};
use crate::input::{self, needed, optional};
use crate::message;
use crate::name::Name;
use crate::page::{By, Listed, Page, PageRequest};
use crate::region::{self, RegionBy};

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::Direction")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IndicatorDirection {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither.
    Neutral,
}

/// What a value of a period counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::Accumulation")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Accumulation {
    /// The period alone.
    Yearly,
    /// All up to its end.
    Cumulative,
    /// The source does not say.
    #[default]
    Unstated,
}

/// What can be measured, wherever it is measured.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorDefinition {
    /// Its id.
    pub id: DefinitionId,
    /// Its code, as `FCEV`. Codes are never renamed.
    pub code: String,
    /// Its name.
    #[graphql(flatten)]
    pub name: Name,
    /// What exactly is measured.
    pub description: Option<String>,
    /// What is counted, as `대`.
    pub unit: String,
    /// How many digits behind the point its values have: 0 to 6.
    pub decimals: i32,
    /// Which way is better.
    pub direction: IndicatorDirection,
    /// What a value of a period counts.
    pub accumulation: Accumulation,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
}

/// What it takes to define what can be measured.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewIndicatorDefinition {
    /// Its code: capitals, digits, `-` and `_`, up to 40 of them. It cannot be changed.
    pub code: String,
    /// Its name in Korean.
    pub name_ko: String,
    /// Its name in English.
    pub name_en: Option<String>,
    /// What exactly is measured.
    pub description: Option<String>,
    /// What is counted, as `대`.
    pub unit: String,
    /// How many digits behind the point its values have: 0 to 6; none if not said.
    pub decimals: Option<i32>,
    /// Which way is better.
    pub direction: IndicatorDirection,
    /// What a value of a period counts.
    pub accumulation: Option<Accumulation>,
}

/// What may change about a definition. What is left out stays; null takes a value away. Unit and
/// digits only while nothing is measured by it: they would change what its values say.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct IndicatorDefinitionChange {
    /// Its name in Korean.
    #[schema(value_type = Option<String>)]
    pub name_ko: MaybeUndefined<String>,
    /// Its name in English.
    #[schema(value_type = Option<String>)]
    pub name_en: MaybeUndefined<String>,
    /// What exactly is measured.
    #[schema(value_type = Option<String>)]
    pub description: MaybeUndefined<String>,
    /// What is counted.
    #[schema(value_type = Option<String>)]
    pub unit: MaybeUndefined<String>,
    /// How many digits behind the point its values have.
    #[schema(value_type = Option<i32>)]
    pub decimals: MaybeUndefined<i32>,
    /// Which way is better.
    #[schema(value_type = Option<IndicatorDirection>)]
    pub direction: MaybeUndefined<IndicatorDirection>,
    /// What a value of a period counts.
    #[schema(value_type = Option<Accumulation>)]
    pub accumulation: MaybeUndefined<Accumulation>,
}

/// Which definitions a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct IndicatorDefinitionFilter {
    /// All of these hold.
    pub and: Option<Vec<IndicatorDefinitionFilter>>,
    /// One of these holds.
    pub or: Option<Vec<IndicatorDefinitionFilter>>,
    /// This does not hold.
    pub not: Option<Box<IndicatorDefinitionFilter>>,
    /// Its code.
    pub code: Option<StringFilter>,
    /// Its name in Korean.
    pub name_ko: Option<StringFilter>,
    /// Its name in English.
    pub name_en: Option<StringFilter>,
    /// What is counted.
    pub unit: Option<StringFilter>,
    /// Only those written after this revision.
    pub changed_after: Option<AnyRevision>,
}

impl Filter for IndicatorDefinitionFilter {
    fn parts(&self) -> Parts<'_, Self> {
        Parts { and: self.and.as_ref(), or: self.or.as_ref(), not: self.not.as_deref() }
    }

    async fn own(&self, access: &Access) -> Result<Condition> {
        let texts = [
            (&self.code, Column::Code),
            (&self.name_ko, Column::NameKo),
            (&self.name_en, Column::NameEn),
            (&self.unit, Column::Unit),
        ];
        let texts = texts.into_iter().filter_map(|(text, column)| Some((text.as_ref()?, column)));
        let all =
            texts.fold(Condition::all(), |all, (text, column)| all.add(text.on(access, column)));
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}

/// One page of the definitions that fit, by code.
pub async fn page(
    access: &Access,
    filter: &IndicatorDefinitionFilter,
    request: &PageRequest,
) -> Result<Page<IndicatorDefinition>> {
    let select = visible().filter(crate::filter::condition(access, filter).await?);
    let order = vec![By { column: Column::Code, descending: false }];
    let page = Listed::new(select, order, filter).page(access, request).await?;
    page.try_map(|row| Ok(row.into()))
}

/// One definition. `NOT_FOUND` where there is none.
pub async fn get(access: &Access, id: DefinitionId) -> Result<IndicatorDefinition> {
    let found = by_ids(access, [id]).await?.pop();
    found.ok_or_else(|| Error::not_found("definition"))
}

/// These definitions, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = DefinitionId>,
) -> Result<Vec<IndicatorDefinition>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible().filter(ids).all(&access.db().await?).await?;
    Ok(rows.into_iter().map(IndicatorDefinition::from).collect())
}

/// Definitions are everybody's.
/// The ids of the definitions that have these words in name or description.
pub(super) fn named(words: &Words) -> SelectStatement {
    let texts = [Column::NameKo, Column::NameEn, Column::Description];
    Query::select().column(Column::Id).from(Entity).cond_where(words.on(&texts)).to_owned()
}

fn visible() -> Select<Entity> {
    Entity::find()
}

/// Defines what can be measured, for every region: for who keeps the reference data of any.
/// `CONFLICT` where the code is taken.
pub async fn create(access: &Access, new: NewIndicatorDefinition) -> Result<IndicatorDefinition> {
    require(access).await?;
    let id = DefinitionId::new();
    let row = checked(&new, id)?;
    access
        .change("createIndicatorDefinition", async move |change| {
            let taken = visible().filter(Column::Code.eq(&row.code));
            if taken.one(&change.db().await?).await?.is_some() {
                return Err(Error::new(Code::Conflict, message::taken()).at("code"));
            }
            change
                .insert::<Entity>(indicator_definition::Model {
                    revision: change.revision(),
                    ..row
                })
                .await
        })
        .await?;
    get(access, id).await
}

/// Changes a definition that is at this revision. For who keeps the reference data of every region
/// that measures by it.
pub async fn update(
    access: &Access,
    id: DefinitionId,
    revision: Revision,
    wanted: IndicatorDefinitionChange,
) -> Result<IndicatorDefinition> {
    require_all(access, id).await?;
    access
        .change("updateIndicatorDefinition", async move |change| {
            let before = change.current(visible(), id.0, revision).await?;
            let after = changed(&wanted, &before)?;
            if (&after.unit, after.decimals) != (&before.unit, before.decimals)
                && is_measured(change, id).await?
            {
                let field = if after.unit == before.unit { "decimals" } else { "unit" };
                return Err(Error::new(Code::Conflict, message::is_measured()).at(field));
            }
            change.update::<Entity>(&before, after).await
        })
        .await?;
    get(access, id).await
}

/// A new definition is for every region: it is for who keeps reference data, wherever they do.
async fn require(access: &Access) -> Result<()> {
    let may = |region| access.require(Action::EditReference, RegionId(region)).is_ok();
    if access.actor().grants().iter().any(|grant| may(grant.region)) {
        return Ok(());
    }
    let nation = region::look_up(access, &RegionBy::Code("KR".to_owned())).await?;
    let nation = nation.map_or(RegionId(Uuid::nil()), |nation| nation.id);
    access.require(Action::EditReference, nation)
}

/// What a definition says is said of every region that measures by it.
async fn require_all(access: &Access, id: DefinitionId) -> Result<()> {
    require(access).await?;
    let measured = indicator::Entity::find().filter(indicator::Column::DefinitionId.eq(id.0));
    for row in measured.all(&access.db().await?).await? {
        access.require(Action::EditReference, RegionId(row.region_id))?;
    }
    Ok(())
}

async fn is_measured(change: &Change, id: DefinitionId) -> Result<bool> {
    let db = change.db().await?;
    let indicators =
        indicator::Entity::find().filter(indicator::Column::DefinitionId.eq(id.0)).all(&db).await?;
    let ids = || indicators.iter().map(|row| row.id);
    let goals = change.any_of(indicator_goal::Column::IndicatorId, ids());
    let observations = change.any_of(observation::Column::IndicatorId, ids());
    let goal = indicator_goal::Entity::find().filter(goals).one(&db).await?;
    let observation = observation::Entity::find().filter(observations).one(&db).await?;
    Ok(goal.is_some() || observation.is_some())
}

fn checked(new: &NewIndicatorDefinition, id: DefinitionId) -> Result<indicator_definition::Model> {
    let mut faults = Faults::default();
    let text = |text: &Option<String>, most| text.as_deref().map(|it| input::text(it, most));
    let code = faults.at("code", code_of(&new.code));
    let name_ko = faults.at("nameKo", input::text(&new.name_ko, input::LABEL));
    let name_en = faults.maybe("nameEn", text(&new.name_en, input::LABEL));
    let description = faults.maybe("description", text(&new.description, input::TEXT));
    let unit = faults.at("unit", input::text(&new.unit, input::LABEL));
    let decimals = faults.at("decimals", input::between(new.decimals.unwrap_or(0), 0, 6));
    match (code, name_ko.zip(name_en), description, unit.zip(decimals)) {
        (Some(code), Some((name_ko, name_en)), Some(description), Some((unit, decimals))) => {
            Ok(indicator_definition::Model {
                id: id.0,
                code,
                name_ko,
                name_en,
                description,
                unit,
                decimals,
                direction: new.direction.into(),
                accumulation: new.accumulation.unwrap_or_default().into(),
                revision: 0,
            })
        }
        _ => faults.refuse(),
    }
}

fn changed(
    wanted: &IndicatorDefinitionChange,
    before: &indicator_definition::Model,
) -> Result<indicator_definition::Model> {
    let mut faults = Faults::default();
    let mut row = before.clone();
    let label = |text: &String| input::text(text, input::LABEL);
    let long = |text: &String| input::text(text, input::TEXT);
    faults.put("nameKo", &mut row.name_ko, needed(&wanted.name_ko, label));
    faults.put("nameEn", &mut row.name_en, optional(&wanted.name_en, label));
    faults.put("description", &mut row.description, optional(&wanted.description, long));
    faults.put("unit", &mut row.unit, needed(&wanted.unit, label));
    let decimals = needed(&wanted.decimals, |it| input::between(*it, 0, 6));
    faults.put("decimals", &mut row.decimals, decimals);
    faults.put("direction", &mut row.direction, needed(&wanted.direction, |it| Ok((*it).into())));
    let accumulation = needed(&wanted.accumulation, |it| Ok((*it).into()));
    faults.put("accumulation", &mut row.accumulation, accumulation);
    faults.into_error().map_or(Ok(row), Err)
}

fn code_of(text: &str) -> Result<String> {
    let text = input::text(text, 40)?;
    let plain = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    match text.chars().all(|letter| plain(letter) || "-_".contains(letter)) {
        true => Ok(text),
        false => Err(Error::new(Code::Invalid, message::not_a_code())),
    }
}

impl From<indicator_definition::Model> for IndicatorDefinition {
    fn from(row: indicator_definition::Model) -> Self {
        Self {
            id: DefinitionId(row.id),
            code: row.code,
            name: Name { ko: row.name_ko, en: row.name_en },
            description: row.description,
            unit: row.unit,
            decimals: row.decimals,
            direction: row.direction.into(),
            accumulation: row.accumulation.into(),
            revision: Revision(row.revision),
        }
    }
}
