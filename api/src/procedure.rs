//! The making of a plan as a process: its milestones, from kick-off to what replaces it.
//!
//! A milestone is a fact that was reported or entered, not a state: their order varies in practice,
//! a date may be half known or missing, and what a source calls a step is kept beside the step it
//! is taken for.

mod contents;
pub mod diff;
mod edit;
mod facts;
pub mod graphql;
pub mod guards;
mod kept;
mod law;
pub mod obligations;
mod pack;
pub mod rest;
pub mod steps;
mod taken;

use std::collections::HashMap;

use async_graphql::{Enum, SimpleObject};
use entity::code;
use entity::milestone::{self, Column, Entity};
use entity::milestone_host;
use sea_orm::sea_query::Query;
use sea_orm::{ActiveEnum as _, ColumnTrait, EntityTrait, QueryFilter, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use edit::{MilestoneChange, NewMilestone, create, delete, revert, update};
pub use kept::froze;
pub use pack::{LoadedMilestone, load};
pub use steps::{DeliberationOutcome, PlanStep, PlanTransition, transition};

use crate::access::Access;
use crate::date::PartialDate;
use crate::error::{Error, Result};
use crate::history::Revision;
use crate::id::{MilestoneId, OrganizationId, PlanId};
use crate::organization::{self, OrganizationRef, roster};
use crate::plan;
use crate::source::{Citation, Cites, Provenance};

/// A step in the making of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::MilestoneKind")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MilestoneKind {
    /// Work on it began (착수).
    Kickoff,
    /// The region's situation was analysed.
    SituationAnalysis,
    /// Emissions and their outlook were worked out.
    Inventory,
    /// Its targets were worked out.
    Targets,
    /// Its mitigation measures were worked out.
    Measures,
    /// Its response base was worked out: what prepares the ground.
    ResponseBase,
    /// The interim report was given (중간보고).
    InterimReport,
    /// Advice on it was given.
    Advice,
    /// The governor was consulted.
    Consultation,
    /// Residents were heard: hearing, briefing or public comment (Enforcement Decree, Art. 7(2)).
    Hearing,
    /// The final report was given (최종보고).
    FinalReport,
    /// The local committee deliberated on it (Framework Act, Art. 11(4)).
    Deliberation,
    /// It was adopted (수립).
    Adoption,
    /// It was submitted (Art. 11(5), 12(3)).
    Submission,
    /// It was reported to the council (Art. 78).
    CouncilReport,
    /// It was made public.
    Publication,
    /// It came into force.
    InForce,
    /// It was amended in small points.
    AmendmentMinor,
    /// It was amended in substance.
    AmendmentMajor,
    /// Another took its place.
    Superseded,
    /// Anything else; `reportedKind` says what.
    Other,
}

impl MilestoneKind {
    /// The code as it stands on the wire.
    fn text(self) -> String {
        code::MilestoneKind::from(self).to_value()
    }
}

/// A step in the making of a plan, as it was reported or entered.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Milestone {
    /// Its id.
    pub id: MilestoneId,
    /// Its stable name in the data pack it came from, as `jeonbuk:E008`.
    pub external_id: Option<String>,
    /// Of which plan.
    #[graphql(skip)]
    pub plan_id: PlanId,
    /// Which step it is taken for.
    pub kind: MilestoneKind,
    /// What the source calls it.
    pub reported_kind: Option<String>,
    /// When it was, or is, to be: for a duty, by when.
    pub planned_on: Option<PartialDate>,
    /// When it was; the first day, where it took more than one.
    pub held_on: Option<PartialDate>,
    /// The last day, where it took more than one.
    pub ended_on: Option<PartialDate>,
    /// Where.
    pub place: Option<String>,
    /// How many took part.
    pub participants: Option<i32>,
    /// What it was about.
    pub summary: Option<String>,
    /// In which making of the plan it was: 1, and one more with each amendment in substance.
    pub pass: i32,
    /// What the committee made of the plan, where it deliberated.
    pub outcome: Option<DeliberationOutcome>,
    /// Why no committee deliberated, where there is none.
    pub exemption: Option<String>,
    /// The plan that took its place, where one did.
    #[graphql(skip)]
    pub successor_id: Option<PlanId>,
    /// Who held it, or whose duty it is.
    #[graphql(skip)]
    pub hosts: Vec<OrganizationRef>,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
}

impl Cites for Milestone {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        vec![&mut self.provenance]
    }
}

/// One milestone. `NOT_FOUND` where the caller sees none.
pub async fn get(access: &Access, id: MilestoneId) -> Result<Milestone> {
    let row = find(access, id).await?;
    let milestone = complete(access, vec![row]).await?.pop();
    milestone.ok_or_else(|| Error::impossible("a milestone got lost"))
}

/// These milestones, as far as the caller sees them, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = MilestoneId>,
) -> Result<Vec<Milestone>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    complete(access, rows).await
}

/// The milestones of one plan. `NOT_FOUND` where the caller sees no such plan.
pub async fn of_plan(access: &Access, plan: PlanId) -> Result<Vec<Milestone>> {
    plan::site_of(access, plan).await?;
    of_plans(access, &[plan]).await
}

/// The milestones of these plans, by the day they were or are to be; those without one come last.
pub async fn of_plans(access: &Access, plans: &[PlanId]) -> Result<Vec<Milestone>> {
    let plans = access.any_of(Column::PlanId, plans.iter().map(|plan| plan.0));
    let rows = visible(access).filter(plans).all(&access.db().await?).await?;
    complete(access, rows).await
}

/// The milestones that an organization holds, or whose duty they are.
async fn held_by(access: &Access, organization: OrganizationId) -> Result<Vec<Milestone>> {
    let hosts = Query::select()
        .column(milestone_host::Column::MilestoneId)
        .from(milestone_host::Entity)
        .and_where(milestone_host::Column::OrganizationId.eq(organization.0))
        .to_owned();
    let held = visible(access).filter(Column::Id.in_subquery(hosts));
    complete(access, held.all(&access.db().await?).await?).await
}

/// The milestones this caller may see. Every read in this slice starts here.
fn visible(access: &Access) -> Select<Entity> {
    Entity::find().filter(access.sees(Column::PlanId))
}

async fn find(access: &Access, id: MilestoneId) -> Result<milestone::Model> {
    let row = visible(access).filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("milestone"))
}

roster!(milestone_host, milestone_id, MilestoneId);

/// The milestones of these rows, by day, with who held them.
async fn complete(access: &Access, rows: Vec<milestone::Model>) -> Result<Vec<Milestone>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| row.id);
    let mut hosts = organization::rosters::<milestone_host::Entity>(access, ids).await?;
    let milestones = rows.into_iter().map(|row| described(row, &mut hosts));
    let mut milestones: Vec<Milestone> = milestones.collect::<Result<_>>()?;
    milestones.sort_by_cached_key(|milestone| {
        let day = milestone.held_on.as_ref().or(milestone.planned_on.as_ref());
        let day = day.map(|day| (day.from, day.to));
        (day.is_none(), day, milestone.id)
    });
    Ok(milestones)
}

fn described(
    row: milestone::Model,
    hosts: &mut HashMap<Uuid, Vec<OrganizationRef>>,
) -> Result<Milestone> {
    let date = |text: Option<String>| text.as_deref().map(PartialDate::parse).transpose();
    Ok(Milestone {
        id: MilestoneId(row.id),
        external_id: row.external_id,
        plan_id: PlanId(row.plan_id),
        kind: row.kind.into(),
        reported_kind: row.reported_kind,
        planned_on: date(row.planned_on)?,
        held_on: date(row.held_on)?,
        ended_on: date(row.ended_on)?,
        place: row.place,
        participants: row.participants,
        summary: row.summary,
        pass: row.pass,
        outcome: row.outcome.map(Into::into),
        exemption: row.exemption,
        successor_id: row.successor_id.map(PlanId),
        hosts: hosts.remove(&row.id).unwrap_or_default(),
        provenance: Provenance::from(Citation {
            cited: [row.source_id, row.source2_id],
            confidence: row.confidence,
            note: row.note,
            ..Citation::default()
        }),
        revision: Revision(row.revision),
    })
}
