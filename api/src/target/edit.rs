use async_graphql::{InputObject, MaybeUndefined};
use entity::code;
use entity::target::{self, Column, Entity};
use entity::target_figure;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::wishes::{Cited, Given, stated, write};
use super::{Target, TargetKind, find, get, visible};
use crate::access::{Access, Action};
use crate::basis::{Basis, BasisChange, BasisInput};
use crate::date::PartialDate;
use crate::error::{Code, Error, Faults, Result};
use crate::history::{self, Change, Moment, Revision, Written};
use crate::id::{AnyId, Id, PlanId, TargetId};
use crate::quantity::{MassInput, RateInput};
use crate::{input, message, plan, sector, source};

/// What it takes to set a target: a sector or a label, a year, and at least one figure.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewTarget {
    /// The code of its sector; `TOTAL` for the total.
    pub sector: Option<String>,
    /// What to call this part, where that is not a whole sector.
    pub label: Option<String>,
    /// The year it is for.
    pub year: i32,
    /// The year it is counted from.
    pub base_year: Option<i32>,
    /// In which sense it is a target; `FINAL` if not said.
    pub kind: Option<TargetKind>,
    /// When it was stated: `2024`, `2024-02` or `2024-02-01`.
    pub stated_on: Option<String>,
    /// What exactly the figures count.
    pub basis: Option<BasisInput>,
    /// Emissions of the base year.
    pub base: Option<MassInput>,
    /// Emissions of the target year.
    pub target: Option<MassInput>,
    /// The same before removals.
    pub gross_target: Option<MassInput>,
    /// How much less than in the base year.
    pub reduction: Option<MassInput>,
    /// How much is removed in the target year.
    pub removals: Option<MassInput>,
    /// How much less, in percent of the base.
    pub reduction_rate: Option<RateInput>,
    /// Which part of the plan's whole reduction this is, in percent.
    pub share_of_reduction: Option<RateInput>,
    /// What the figures are taken from: up to two sources, the main one first.
    pub sources: Option<Vec<AnyId>>,
    /// What else should be known about the figures.
    pub note: Option<String>,
}

/// What may change about a target. What is left out stays; null takes a value away. Sources and
/// note are those of the figures given with them.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TargetChange {
    /// What to call this part.
    #[schema(value_type = Option<String>)]
    pub label: MaybeUndefined<String>,
    /// The year it is for.
    #[schema(value_type = i32)]
    pub year: MaybeUndefined<i32>,
    /// The year it is counted from.
    #[schema(value_type = Option<i32>)]
    pub base_year: MaybeUndefined<i32>,
    /// In which sense it is a target.
    #[schema(value_type = TargetKind)]
    pub kind: MaybeUndefined<TargetKind>,
    /// When it was stated.
    #[schema(value_type = Option<String>)]
    pub stated_on: MaybeUndefined<String>,
    /// What exactly the figures count.
    #[schema(value_type = Option<BasisChange>)]
    pub basis: MaybeUndefined<BasisChange>,
    /// Emissions of the base year.
    #[schema(value_type = Option<MassInput>)]
    pub base: MaybeUndefined<MassInput>,
    /// Emissions of the target year.
    #[schema(value_type = Option<MassInput>)]
    pub target: MaybeUndefined<MassInput>,
    /// The same before removals.
    #[schema(value_type = Option<MassInput>)]
    pub gross_target: MaybeUndefined<MassInput>,
    /// How much less than in the base year.
    #[schema(value_type = Option<MassInput>)]
    pub reduction: MaybeUndefined<MassInput>,
    /// How much is removed in the target year.
    #[schema(value_type = Option<MassInput>)]
    pub removals: MaybeUndefined<MassInput>,
    /// How much less, in percent of the base.
    #[schema(value_type = Option<RateInput>)]
    pub reduction_rate: MaybeUndefined<RateInput>,
    /// Which part of the plan's whole reduction this is.
    #[schema(value_type = Option<RateInput>)]
    pub share_of_reduction: MaybeUndefined<RateInput>,
    /// What the given figures are taken from: up to two sources.
    pub sources: Option<Vec<AnyId>>,
    /// What else should be known about the given figures.
    pub note: Option<String>,
}

/// Sets a target in a plan. For who edits it; `CONFLICT` where it has one of the same sector,
/// label, year, kind and day.
pub async fn create(access: &Access, plan: PlanId, new: NewTarget) -> Result<Target> {
    let site = plan::site_of(access, plan).await.map_err(|error| error.at("plan"))?;
    access.require(Action::EditPlan, site)?;
    let sector = match &new.sector {
        None => None,
        Some(code) => {
            Some(sector::get(access, code).await.map_err(|error| error.at("sector"))?.id.0)
        }
    };
    let cited = cited(access, new.sources.as_deref(), new.note.as_deref()).await?;
    let figures = new.figures().wishes(&cited)?;
    let id = TargetId::new();
    let blank = blank(id, plan, sector);
    let row = described(&new.described(), &blank)?;
    access
        .change("createTarget", async move |change| {
            // The plan may have gone, or left the caller's sight, while this waited.
            plan::site_of(change, plan).await.map_err(|error| error.at("plan"))?;
            alone(change, &row).await?;
            change.insert::<Entity>(target::Model { revision: change.revision(), ..row }).await?;
            write(change, id.0, Vec::new(), figures).await.map(|_| ())
        })
        .await?;
    get(access, id).await
}

/// Changes a target that is at this revision. For who edits its plan.
pub async fn update(
    access: &Access,
    id: TargetId,
    revision: Revision,
    wanted: TargetChange,
) -> Result<Target> {
    let row = find(access, id).await?;
    access.require(Action::EditPlan, plan::site_of(access, PlanId(row.plan_id)).await?)?;
    wanted.check()?;
    let cited = cited(access, wanted.sources.as_deref(), wanted.note.as_deref()).await?;
    let figures = wanted.figures().wishes(&cited)?;
    access
        .change("updateTarget", async move |change| {
            let before = change.current(visible(change), id.0, revision).await?;
            let after = described(&wanted.described(&before), &before)?;
            alone(change, &after).await?;
            let stated = stated(change, id.0).await?;
            let parts = write(change, id.0, stated, figures).await?;
            let whole = change.update::<Entity>(&before, after).await?;
            if (whole, parts) == (Written::Unchanged, Written::Updated) {
                change.touch::<Entity>(&before).await?;
            }
            Ok(())
        })
        .await?;
    get(access, id).await
}

/// Puts a target that is at this revision as it was at an earlier one, with its figures and where
/// they come from; how far up it was approved stays. For who edits its plan.
pub async fn revert(
    access: &Access,
    id: TargetId,
    revision: Revision,
    to: Revision,
) -> Result<Target> {
    let row = find(access, id).await?;
    access.require(Action::EditPlan, plan::site_of(access, PlanId(row.plan_id)).await?)?;
    let past = access.at(Moment::Revision(to));
    let then = async { Ok::<_, Error>((find(&past, id).await?, stated(&past, id.0).await?)) }.await;
    past.finish().await;
    let (then, figures) = then.map_err(history::not_then)?;
    let done = access.change("revertTarget", async move |change| {
        let before = change.current(visible(change), id.0, revision).await?;
        let (plan_id, approval) = (before.plan_id, before.approval);
        let after = target::Model { plan_id, approval, ..then };
        alone(change, &after).await?;
        let stated = stated(change, id.0).await?;
        let parts = change.restore::<target_figure::Entity>(stated, figures).await?;
        change.whole::<Entity>(&before, after, &[parts]).await
    });
    done.await.map_err(history::not_now)?;
    get(access, id).await
}

/// Removes a target that is at this revision. For who edits its plan.
pub async fn delete(access: &Access, id: TargetId, revision: Revision) -> Result<TargetId> {
    let row = find(access, id).await?;
    access.require(Action::EditPlan, plan::site_of(access, PlanId(row.plan_id)).await?)?;
    access
        .change("deleteTarget", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            for figure in stated(change, id.0).await? {
                change.delete::<target_figure::Entity>(&figure).await?;
            }
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

impl NewTarget {
    fn figures(&self) -> Given<'_> {
        let masses =
            [&self.base, &self.target, &self.gross_target, &self.reduction, &self.removals];
        let rates = [&self.reduction_rate, &self.share_of_reduction];
        Given { masses: masses.map(said), rates: rates.map(said) }
    }

    fn described(&self) -> Described<'_> {
        Described {
            label: self.label.as_deref(),
            year: self.year,
            base_year: self.base_year,
            kind: self.kind.unwrap_or(TargetKind::Final).into(),
            stated_on: self.stated_on.as_deref(),
            basis: self.basis.as_ref().map(BasisInput::parse),
        }
    }
}

impl TargetChange {
    /// Null where something must be; sources and a note of no figure.
    fn check(&self) -> Result<()> {
        let mut faults = Faults::default();
        faults.at("year", input::given(&self.year));
        faults.at("kind", input::given(&self.kind));
        let Given { masses, rates } = self.figures();
        let figure = masses.iter().any(MaybeUndefined::is_value)
            || rates.iter().any(MaybeUndefined::is_value);
        faults.rule(figure || self.sources.is_none(), "sources", message::of_no_figure());
        faults.rule(figure || self.note.is_none(), "note", message::of_no_figure());
        faults.into_error().map_or(Ok(()), Err)
    }

    fn figures(&self) -> Given<'_> {
        let masses =
            [&self.base, &self.target, &self.gross_target, &self.reduction, &self.removals];
        let rates = [&self.reduction_rate, &self.share_of_reduction];
        Given { masses: masses.map(input::seen), rates: rates.map(input::seen) }
    }

    fn described<'a>(&'a self, row: &'a target::Model) -> Described<'a> {
        Described {
            label: input::kept(input::seen(&self.label), row.label.as_ref()).map(String::as_str),
            year: *self.year.value().unwrap_or(&row.year),
            base_year: input::kept(input::seen(&self.base_year), row.base_year.as_ref()).copied(),
            kind: self.kind.value().map_or(row.kind, |kind| (*kind).into()),
            stated_on: input::kept(input::seen(&self.stated_on), row.stated_on.as_ref())
                .map(String::as_str),
            basis: match &self.basis {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(Ok(Basis::default())),
                MaybeUndefined::Value(change) => Some(change.over(super::basis_of(row))),
            },
        }
    }
}

/// What is left out of a new target is not said.
fn said<T>(given: &Option<T>) -> MaybeUndefined<&T> {
    given.as_ref().map_or(MaybeUndefined::Undefined, MaybeUndefined::Value)
}

/// What a target is to be, but for its figures; not yet checked.
struct Described<'a> {
    label: Option<&'a str>,
    year: i32,
    base_year: Option<i32>,
    kind: code::TargetKind,
    stated_on: Option<&'a str>,
    basis: Option<Result<Basis>>,
}

/// The row as it is to be, checked.
fn described(wanted: &Described<'_>, row: &target::Model) -> Result<target::Model> {
    let mut faults = Faults::default();
    let label = faults.maybe("label", wanted.label.map(|label| input::text(label, input::LABEL)));
    let year = faults.at("year", input::year(wanted.year));
    let base_year = faults.maybe("baseYear", wanted.base_year.map(input::year));
    let stated_on = faults.maybe("statedOn", wanted.stated_on.map(PartialDate::parse));
    let basis = faults.at("basis", with_basis(wanted.basis.clone(), row));
    faults.rule(
        wanted.base_year.is_none_or(|base| base < wanted.year),
        "year",
        message::not_after_base_year(),
    );
    let named = row.sector_id.is_some() || wanted.label.is_some();
    faults.rule(named, "sector", message::one_of_sector_or_label());
    let faulty = faults.into_error();
    match (label, year, base_year, stated_on, basis, faulty) {
        (Some(label), Some(year), Some(base_year), Some(stated_on), Some(row), None) => {
            let stated_on = stated_on.map(|date| date.text);
            Ok(target::Model { label, year, base_year, kind: wanted.kind, stated_on, ..row })
        }
        (.., faulty) => Err(faulty.unwrap_or_else(|| Error::impossible("a value without a fault"))),
    }
}

fn with_basis(basis: Option<Result<Basis>>, row: &target::Model) -> Result<target::Model> {
    let mut row = row.clone();
    let Some(basis) = basis else { return Ok(row) };
    let Basis { boundary, netting, flow, accounting, guideline, gwp_set } = basis?;
    row.boundary = boundary.into();
    row.netting = netting.into();
    row.flow = flow.into();
    row.accounting = accounting.into();
    (row.guideline, row.gwp_set) = (guideline, gwp_set);
    Ok(row)
}

fn blank(id: TargetId, plan: PlanId, sector_id: Option<Uuid>) -> target::Model {
    target::Model {
        id: id.0,
        external_id: None,
        plan_id: plan.0,
        sector_id,
        label: None,
        year: 0,
        base_year: None,
        kind: code::TargetKind::Final,
        stated_on: None,
        boundary: code::Boundary::Unstated,
        netting: code::Netting::Unstated,
        flow: code::Flow::Unstated,
        accounting: code::Accounting::Unstated,
        guideline: None,
        gwp_set: None,
        approval: code::Approval::None,
        revision: 0,
    }
}

async fn cited(access: &Access, ids: Option<&[AnyId]>, note: Option<&str>) -> Result<Cited> {
    let ids = ids.unwrap_or_default();
    if ids.len() > 2 {
        return Err(Error::new(Code::Invalid, message::too_many_ids(2)).at("sources"));
    }
    let ids = source::named(access, ids).await.map_err(|error| error.at("sources"))?;
    let note = note.map(|note| input::text(note, input::TEXT)).transpose();
    Ok(([ids.first().copied(), ids.get(1).copied()], note.map_err(|error| error.at("note"))?))
}

/// No other target of the plan says the same thing.
async fn alone(change: &Change, row: &target::Model) -> Result<()> {
    let theirs = Entity::find()
        .filter(Column::PlanId.eq(row.plan_id))
        .filter(Column::Year.eq(row.year))
        .filter(Column::Kind.eq(row.kind))
        .filter(Column::Id.ne(row.id));
    let theirs = theirs.all(&change.db().await?).await?;
    let alike = |other: &target::Model| {
        (other.sector_id, &other.label, &other.stated_on)
            == (row.sector_id, &row.label, &row.stated_on)
    };
    match theirs.iter().any(alike) {
        true => Err(Error::new(Code::Conflict, message::target_exists()).at("year")),
        false => Ok(()),
    }
}
