use async_graphql::{InputObject, MaybeUndefined};
use entity::code;
use entity::milestone::{self, Entity};
use entity::milestone_host;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::taken::{self, Steps};
use super::{Milestone, MilestoneKind, find, get, kept, obligations, visible};
use crate::access::{Access, Action};
use crate::date::PartialDate;
use crate::error::{Error, Faults, Result};
use crate::history::{self, Moment, Revision, Written};
use crate::id::{AnyId, Id as _, MilestoneId, PlanId};
use crate::input::{self, optional, said};
use crate::{message, organization, plan, source};

/// What it takes to note a milestone of a plan.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMilestone {
    /// Which step it is.
    pub kind: MilestoneKind,
    /// What else it is called: up to 100 characters.
    pub reported_kind: Option<String>,
    /// When it is to be: `2025`, `2025-04` or `2025-04-17`.
    pub planned_on: Option<String>,
    /// When it was; the first day, where it took more than one.
    pub held_on: Option<String>,
    /// The last day, where it took more than one.
    pub ended_on: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// How many took part.
    pub participants: Option<i32>,
    /// What it was about.
    pub summary: Option<String>,
    /// The organizations that held it, the main one first.
    pub hosts: Option<Vec<AnyId>>,
    /// What this is taken from: up to two sources, the main one first.
    pub sources: Option<Vec<AnyId>>,
    /// What else should be known about it.
    pub note: Option<String>,
}

/// What may change about a milestone. What is left out stays; null takes a value away.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct MilestoneChange {
    /// Which step it is.
    #[schema(value_type = Option<MilestoneKind>)]
    pub kind: MaybeUndefined<MilestoneKind>,
    /// What else it is called.
    #[schema(value_type = Option<String>)]
    pub reported_kind: MaybeUndefined<String>,
    /// When it is to be.
    #[schema(value_type = Option<String>)]
    pub planned_on: MaybeUndefined<String>,
    /// When it was; the first day, where it took more than one.
    #[schema(value_type = Option<String>)]
    pub held_on: MaybeUndefined<String>,
    /// The last day, where it took more than one.
    #[schema(value_type = Option<String>)]
    pub ended_on: MaybeUndefined<String>,
    /// Where.
    #[schema(value_type = Option<String>)]
    pub place: MaybeUndefined<String>,
    /// How many took part.
    #[schema(value_type = Option<i32>)]
    pub participants: MaybeUndefined<i32>,
    /// What it was about.
    #[schema(value_type = Option<String>)]
    pub summary: MaybeUndefined<String>,
    /// The organizations that held it: all of them, the main one first.
    #[schema(value_type = Option<Vec<AnyId>>)]
    pub hosts: MaybeUndefined<Vec<AnyId>>,
    /// What this is taken from: up to two sources, the main one first.
    #[schema(value_type = Option<Vec<AnyId>>)]
    pub sources: MaybeUndefined<Vec<AnyId>>,
    /// What else should be known about it.
    #[schema(value_type = Option<String>)]
    pub note: MaybeUndefined<String>,
}

impl From<NewMilestone> for MilestoneChange {
    fn from(new: NewMilestone) -> Self {
        Self {
            kind: MaybeUndefined::Value(new.kind),
            reported_kind: said(new.reported_kind),
            planned_on: said(new.planned_on),
            held_on: said(new.held_on),
            ended_on: said(new.ended_on),
            place: said(new.place),
            participants: said(new.participants),
            summary: said(new.summary),
            hosts: said(new.hosts),
            sources: said(new.sources),
            note: said(new.note),
        }
    }
}

/// What a change refers to, looked up.
pub(super) struct Named {
    pub hosts: Option<Vec<Uuid>>,
    sources: Option<[Option<Uuid>; 2]>,
}

impl Named {
    pub async fn of(access: &Access, wanted: &MilestoneChange) -> Result<Self> {
        let hosts = organization::all_chosen(access, "hosts", &wanted.hosts).await?;
        Ok(Self { hosts, sources: source::chosen(access, &wanted.sources).await? })
    }
}

/// Notes a milestone of a plan. For who edits it; a step that the law names, for who runs its
/// procedure. One of which the law has rules is only noted as planned: it is taken as a transition.
pub async fn create(access: &Access, plan: PlanId, new: NewMilestone) -> Result<Milestone> {
    access.require(kept::takes(new.kind), plan::site_of(access, plan).await?)?;
    let wanted = MilestoneChange::from(new);
    let named = Named::of(access, &wanted).await?;
    let id = MilestoneId::new();
    let mut row = described(&wanted, &named, blank(id, plan))?;
    kept::held_by_now(&row, access.now().await?)?;
    kept::only_noted(&row)?;
    access
        .change("createMilestone", async move |change| {
            // The plan may have gone, or left the caller's sight, while this waited.
            let of = [plan::get(change, plan).await?];
            let steps = taken::of_plans(change, &of).await?;
            row.pass = steps.get(&plan.0).map_or(1, Steps::pass);
            change.insert::<Entity>(row).await?;
            let hosts = named.hosts.unwrap_or_default();
            organization::write::<milestone_host::Entity>(change, id.0, hosts).await?;
            obligations::settle(change, [plan.0]).await
        })
        .await?;
    get(access, id).await
}

/// Changes a milestone that is at this revision. For who edits its plan; a step that the law names,
/// for who runs its procedure, and one that binds, for who decides. `GUARD_FAILED` where a later step relied on what it was.
pub async fn update(
    access: &Access,
    id: MilestoneId,
    revision: Revision,
    wanted: MilestoneChange,
) -> Result<Milestone> {
    let row = find(access, id).await?;
    access
        .require(kept::takes(row.kind.into()), plan::site_of(access, PlanId(row.plan_id)).await?)?;
    let named = Named::of(access, &wanted).await?;
    access
        .change("updateMilestone", async move |change| {
            let before = change.current(visible(change), id.0, revision).await?;
            let after = described(&wanted, &named, before.clone())?;
            kept::held_by_now(&after, change.now().await?)?;
            kept::allows(change, &before, Some(&after)).await?;
            let hosts = match named.hosts {
                None => Written::Unchanged,
                Some(hosts) => {
                    organization::write::<milestone_host::Entity>(change, id.0, hosts).await?
                }
            };
            let whole = change.update::<Entity>(&before, after).await?;
            if (whole, hosts) == (Written::Unchanged, Written::Updated) {
                change.touch::<Entity>(&before).await?;
            }
            obligations::settle(change, [before.plan_id]).await
        })
        .await?;
    get(access, id).await
}

/// Puts a milestone that is at this revision as it was at an earlier one, with who held it. For who
/// may change it; `GUARD_FAILED` for a step of which the law has rules that it was not, or is not, by now.
pub async fn revert(
    access: &Access,
    id: MilestoneId,
    revision: Revision,
    to: Revision,
) -> Result<Milestone> {
    let row = find(access, id).await?;
    access
        .require(kept::takes(row.kind.into()), plan::site_of(access, PlanId(row.plan_id)).await?)?;
    let past = access.at(Moment::Revision(to));
    let then =
        async { Ok::<_, Error>((find(&past, id).await?, get(&past, id).await?.hosts)) }.await;
    past.finish().await;
    let (then, hosts) = then.map_err(history::not_then)?;
    let done = access.change("revertMilestone", async move |change| {
        let before = change.current(visible(change), id.0, revision).await?;
        let after = milestone::Model { plan_id: before.plan_id, pass: before.pass, ..then };
        kept::held_by_now(&after, change.now().await?)?;
        kept::allows(change, &before, Some(&after)).await?;
        let hosts = hosts.into_iter().map(|host| host.id.0).collect();
        let hosts = organization::write::<milestone_host::Entity>(change, id.0, hosts).await?;
        change.whole::<Entity>(&before, after, &[hosts]).await?;
        obligations::settle(change, [before.plan_id]).await
    });
    done.await.map_err(history::not_now)?;
    get(access, id).await
}

/// Removes a milestone that is at this revision. For who runs the procedure of its plan; a step that
/// binds, for who decides. `GUARD_FAILED` where a later step relied on it.
pub async fn delete(access: &Access, id: MilestoneId, revision: Revision) -> Result<MilestoneId> {
    let row = find(access, id).await?;
    access.require(Action::RunProcedure, plan::site_of(access, PlanId(row.plan_id)).await?)?;
    access
        .change("deleteMilestone", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            kept::allows(change, &row, None).await?;
            organization::write::<milestone_host::Entity>(change, id.0, Vec::new()).await?;
            change.delete::<Entity>(&row).await?;
            obligations::settle(change, [row.plan_id]).await
        })
        .await?;
    Ok(id)
}

/// The row as it is to be, checked.
pub(super) fn described(
    wanted: &MilestoneChange,
    named: &Named,
    mut row: milestone::Model,
) -> Result<milestone::Model> {
    let mut faults = Faults::default();
    let date = |text: &String| input::date(text);
    let label = |text: &String| input::text(text, input::LABEL);
    let line = |text: &String| input::text(text, input::TITLE);
    let text = |text: &String| input::text(text, input::TEXT);
    let count = |number: &i32| input::count(*number);
    let kind = input::needed(&wanted.kind, |kind| Ok((*kind).into()));
    faults.put("kind", &mut row.kind, kind);
    faults.put("reportedKind", &mut row.reported_kind, optional(&wanted.reported_kind, label));
    faults.put("plannedOn", &mut row.planned_on, optional(&wanted.planned_on, date));
    faults.put("heldOn", &mut row.held_on, optional(&wanted.held_on, date));
    faults.put("endedOn", &mut row.ended_on, optional(&wanted.ended_on, date));
    faults.put("place", &mut row.place, optional(&wanted.place, line));
    faults.put("participants", &mut row.participants, optional(&wanted.participants, count));
    faults.put("summary", &mut row.summary, optional(&wanted.summary, text));
    faults.put("note", &mut row.note, optional(&wanted.note, text));
    faults.rule(in_order(&row), "endedOn", message::end_before_start());
    if let Some(cited) = named.sources
        && cited != [row.source_id, row.source2_id]
    {
        [row.source_id, row.source2_id] = cited;
        row.confidence = row.source_id.map(|_| code::Confidence::B);
    }
    faults.into_result(row)
}

/// Whether it ends no earlier than it begins, as far as the dates are known.
fn in_order(row: &milestone::Model) -> bool {
    let begun = row.held_on.as_deref().or(row.planned_on.as_deref());
    let dates = row.ended_on.as_deref().zip(begun).and_then(|(ended, begun)| {
        PartialDate::parse(ended).ok().zip(PartialDate::parse(begun).ok())
    });
    dates.is_none_or(|(ended, begun)| ended.to >= begun.from)
}

/// A milestone of which nothing is known yet.
pub(super) fn blank(id: MilestoneId, plan: PlanId) -> milestone::Model {
    milestone::Model {
        id: id.0,
        external_id: None,
        plan_id: plan.0,
        kind: code::MilestoneKind::Other,
        reported_kind: None,
        planned_on: None,
        held_on: None,
        ended_on: None,
        place: None,
        participants: None,
        summary: None,
        pass: 1,
        outcome: None,
        exemption: None,
        successor_id: None,
        source_id: None,
        source2_id: None,
        confidence: None,
        note: None,
        revision: 0,
    }
}
