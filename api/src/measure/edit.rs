use async_graphql::{InputObject, MaybeUndefined};
use entity::code;
use entity::measure::{self, Entity};
use entity::{measure_budget, measure_reduction};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::figures::{self, Wishes};
use super::{
    BudgetInput, Measure, MeasureFamily, MeasureQuantityInput, MeasureStatus, ReductionInput, find,
    get, site_of, visible,
};
use crate::access::{Access, Action};
use crate::error::{Error, Faults, Result};
use crate::history::{self, Moment, Revision, Written};
use crate::id::{AnyId, Id, MeasureId, PlanId};
use crate::input::{self, needed, optional, said};
use crate::sector::{self, TOTAL};
use crate::{message, organization, plan, source};

/// What it takes to put a measure into a plan.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMeasure {
    /// In which plan.
    pub plan: AnyId,
    /// The code of its sector.
    pub sector: Option<String>,
    /// Which of the two families it is of.
    pub family: MeasureFamily,
    /// How far it has come; `PLANNED` if not said.
    pub status: Option<MeasureStatus>,
    /// What it is called: 1 to 300 characters.
    pub title: String,
    /// What will be done.
    pub description: Option<String>,
    /// How much of what will be done.
    pub quantity: Option<MeasureQuantityInput>,
    /// The organization that leads it.
    pub lead: Option<AnyId>,
    /// Which department sees to it.
    pub department: Option<String>,
    /// How much less it is to make of each year; none in the response base.
    pub reductions: Option<Vec<ReductionInput>>,
    /// Its money, by year and by whose it is.
    pub budgets: Option<Vec<BudgetInput>>,
    /// What it and the figures given with it are taken from: up to two sources, the main one first.
    pub sources: Option<Vec<AnyId>>,
    /// What else should be known about it.
    pub note: Option<String>,
}

/// What may change about a measure. What is left out stays; null takes a value away. Reductions and
/// budgets are said year by year: those of other years and funds stay as they are.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct MeasureChange {
    /// The code of its sector.
    #[schema(value_type = Option<String>)]
    pub sector: MaybeUndefined<String>,
    /// Which of the two families it is of.
    #[schema(value_type = Option<MeasureFamily>)]
    pub family: MaybeUndefined<MeasureFamily>,
    /// How far it has come.
    #[schema(value_type = Option<MeasureStatus>)]
    pub status: MaybeUndefined<MeasureStatus>,
    /// What it is called.
    #[schema(value_type = Option<String>)]
    pub title: MaybeUndefined<String>,
    /// What will be done.
    #[schema(value_type = Option<String>)]
    pub description: MaybeUndefined<String>,
    /// How much of what will be done, as a whole.
    #[schema(value_type = Option<MeasureQuantityInput>)]
    pub quantity: MaybeUndefined<MeasureQuantityInput>,
    /// The organization that leads it.
    #[schema(value_type = Option<String>)]
    pub lead: MaybeUndefined<AnyId>,
    /// Which department sees to it.
    #[schema(value_type = Option<String>)]
    pub department: MaybeUndefined<String>,
    /// How much less it is to make of these years.
    #[schema(value_type = Option<Vec<ReductionInput>>)]
    pub reductions: MaybeUndefined<Vec<ReductionInput>>,
    /// Its money of these years and funds.
    #[schema(value_type = Option<Vec<BudgetInput>>)]
    pub budgets: MaybeUndefined<Vec<BudgetInput>>,
    /// What it and the figures given with it are taken from: up to two sources.
    #[schema(value_type = Option<Vec<String>>)]
    pub sources: MaybeUndefined<Vec<AnyId>>,
    /// What else should be known about it.
    #[schema(value_type = Option<String>)]
    pub note: MaybeUndefined<String>,
}

impl From<NewMeasure> for MeasureChange {
    fn from(new: NewMeasure) -> Self {
        Self {
            sector: said(new.sector),
            family: said(Some(new.family)),
            status: said(new.status),
            title: said(Some(new.title)),
            description: said(new.description),
            quantity: said(new.quantity),
            lead: said(new.lead),
            department: said(new.department),
            reductions: said(new.reductions),
            budgets: said(new.budgets),
            sources: said(new.sources),
            note: said(new.note),
        }
    }
}

/// Puts a measure into a plan. For who edits the plan.
pub async fn create(access: &Access, new: NewMeasure) -> Result<Measure> {
    let plan = PlanId::parse_at("plan", &new.plan)?;
    let site = plan::site_of(access, plan).await.map_err(|error| error.at("plan"))?;
    access.require(Action::EditPlan, site)?;
    let wanted = MeasureChange::from(new);
    let named = Named::of(access, &wanted).await?;
    let id = MeasureId::new();
    let row = described(&wanted, &named, &blank(id, plan))?;
    let wishes = wanted.wishes(&named)?;
    access
        .change("createMeasure", async move |change| {
            // The plan may have gone, or left the caller's sight, while this waited.
            plan::site_of(change, plan).await.map_err(|error| error.at("plan"))?;
            let family = row.family;
            change.insert::<Entity>(measure::Model { revision: change.revision(), ..row }).await?;
            let (_, tonnes) = figures::write(change, id.0, &wishes).await?;
            has_its_figures(family, tonnes)
        })
        .await?;
    get(access, id).await
}

/// Changes a measure that is at this revision. For who edits its plan.
pub async fn update(
    access: &Access,
    id: MeasureId,
    revision: Revision,
    wanted: MeasureChange,
) -> Result<Measure> {
    let row = find(access, id).await?;
    access.require(Action::EditPlan, site_of(access, &row).await?)?;
    let named = Named::of(access, &wanted).await?;
    let wishes = wanted.wishes(&named)?;
    access
        .change("updateMeasure", async move |change| {
            let before = change.current(visible(change), id.0, revision).await?;
            let after = described(&wanted, &named, &before)?;
            let (moved, tonnes) = figures::write(change, id.0, &wishes).await?;
            has_its_figures(after.family, tonnes)?;
            let whole = change.update::<Entity>(&before, after).await?;
            if moved && whole == Written::Unchanged {
                // Its figures are a part of it.
                change.touch::<Entity>(&before).await?;
            }
            Ok(())
        })
        .await?;
    get(access, id).await
}

/// Puts a measure that is at this revision as it was at an earlier one, with its reductions and
/// budgets; how far up it was approved stays. For who edits its plan.
pub async fn revert(
    access: &Access,
    id: MeasureId,
    revision: Revision,
    to: Revision,
) -> Result<Measure> {
    let row = find(access, id).await?;
    access.require(Action::EditPlan, site_of(access, &row).await?)?;
    let past = access.at(Moment::Revision(to));
    let then =
        async { Ok::<_, Error>((find(&past, id).await?, figures::rows_of(&past, id.0).await?)) }
            .await;
    past.finish().await;
    let (then, (reductions, budgets)) = then.map_err(history::not_then)?;
    let done = access.change("revertMeasure", async move |change| {
        let before = change.current(visible(change), id.0, revision).await?;
        let (plan_id, approval) = (before.plan_id, before.approval);
        let after = measure::Model { plan_id, approval, ..then };
        has_its_figures(after.family, !reductions.is_empty())?;
        let now = figures::rows_of(change, id.0).await?;
        let parts = [
            change.restore::<measure_reduction::Entity>(now.0, reductions).await?,
            change.restore::<measure_budget::Entity>(now.1, budgets).await?,
        ];
        change.whole::<Entity>(&before, after, &parts).await
    });
    done.await.map_err(history::not_now)?;
    get(access, id).await
}

/// Removes a measure that is at this revision, with its reductions and budgets. For who edits its
/// plan; `CONFLICT` while an indicator, an assessment or an issue is about it.
pub async fn delete(access: &Access, id: MeasureId, revision: Revision) -> Result<MeasureId> {
    let row = find(access, id).await?;
    access.require(Action::EditPlan, site_of(access, &row).await?)?;
    access
        .change("deleteMeasure", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            figures::delete_of(change, id.0).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

/// What a measure refers to, as a caller names it: nothing said, taken away, or this.
struct Named {
    sector: Option<Option<Uuid>>,
    lead: Option<Option<Uuid>>,
    sources: Option<[Option<Uuid>; 2]>,
}

impl Named {
    async fn of(access: &Access, wanted: &MeasureChange) -> Result<Self> {
        if wanted.sector.as_opt_ref().flatten().is_some_and(|code| code == TOTAL) {
            return Err(Error::invalid("sector", message::total_is_no_sector()));
        }
        let sector = sector::chosen(access, &wanted.sector).await?;
        let sources = source::chosen(access, &wanted.sources).await?;
        let lead = organization::chosen(access, "lead", &wanted.lead).await?;
        let lead = lead.map(|lead| lead.map(|id| id.0));
        Ok(Self { sector: sector.map(|sector| sector.map(|id| id.0)), lead, sources })
    }
}

impl MeasureChange {
    fn wishes(&self, named: &Named) -> Result<Wishes> {
        let mut faults = Faults::default();
        let reductions = faults.at("reductions", needed(&self.reductions, |it| Ok(it.clone())));
        let budgets = faults.at("budgets", needed(&self.budgets, |it| Ok(it.clone())));
        let (Some(reductions), Some(budgets)) = (reductions, budgets) else {
            return faults.refuse();
        };
        let source = named.sources.and_then(|[first, _]| first);
        Wishes::of(&reductions.unwrap_or_default(), &budgets.unwrap_or_default(), source)
    }
}

/// The row as it is to be, checked.
fn described(
    wanted: &MeasureChange,
    named: &Named,
    before: &measure::Model,
) -> Result<measure::Model> {
    let mut faults = Faults::default();
    let mut row = before.clone();
    let text = |most: usize| move |text: &String| input::text(text, most);
    faults.put("family", &mut row.family, needed(&wanted.family, |it| Ok((*it).into())));
    faults.put("title", &mut row.title, needed(&wanted.title, text(input::TITLE)));
    faults.put(
        "description",
        &mut row.description,
        optional(&wanted.description, text(input::TEXT)),
    );
    faults.put("department", &mut row.department, optional(&wanted.department, text(input::LABEL)));
    faults.put("note", &mut row.note, optional(&wanted.note, text(input::TEXT)));
    if let Some(status) =
        faults.at("status", needed(&wanted.status, |it| Ok((*it).into()))).flatten()
        && status != row.status
    {
        // What the source called it is no longer so.
        (row.status, row.reported_status) = (status, None);
    }
    let quantity = optional(&wanted.quantity, MeasureQuantityInput::parse);
    if let Some(quantity) = faults.at("quantity", quantity).flatten() {
        quantity.unwrap_or_default().apply(&mut row);
    }
    row.sector_id = named.sector.unwrap_or(row.sector_id);
    row.lead_id = named.lead.unwrap_or(row.lead_id);
    if let Some(sources) = named.sources {
        [row.source_id, row.source2_id] = sources;
        row.confidence = row.source_id.map(|_| code::Confidence::B);
    }
    faults.into_error().map_or(Ok(row), Err)
}

/// A measure of the response base has no tonnes.
fn has_its_figures(family: code::MeasureFamily, tonnes: bool) -> Result<()> {
    match (family, tonnes) {
        (code::MeasureFamily::ResponseBase, true) => {
            Err(Error::invalid("reductions", message::no_tonnes()))
        }
        _ => Ok(()),
    }
}

/// A measure of which nothing is known yet.
pub(super) fn blank(id: MeasureId, plan: PlanId) -> measure::Model {
    measure::Model {
        id: id.0,
        external_id: None,
        plan_id: plan.0,
        sector_id: None,
        family: code::MeasureFamily::Mitigation,
        status: code::MeasureStatus::Planned,
        reported_status: None,
        title: String::new(),
        description: None,
        quantity_goal: None,
        quantity_decimals: 0,
        quantity_unit: None,
        goal_year: None,
        baseline_quantity: None,
        baseline_year: None,
        lead_id: None,
        department: None,
        approval: code::Approval::None,
        source_id: None,
        source2_id: None,
        confidence: None,
        note: None,
        revision: 0,
    }
}
