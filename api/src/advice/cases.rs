//! Advice cases: a city or county asks the advisory agency or a support centre about its plan, and
//! what is advised must be replied to, point by point.
//!
//! A case is between who sees the drafts of the plan and the organization that is asked; it is never
//! everybody's. While it is open, that organization reads the plan's draft, and not after.

mod advise;
mod answer;
mod ask;
mod events;
pub mod graphql;
mod list;
mod questions;
mod reply;
pub mod rest;
mod step;
mod term;

use std::collections::HashMap;

use async_graphql::{Enum, SimpleObject};
use entity::advice_case::{self, Column, Entity};
use entity::code;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use advise::{Declined, NewQuestion, accept, answer, ask_back, decline};
pub use answer::{AdviceItem, AdviceReply, AdviceSeverity, NewAdviceItem, NewAnswer, item};
pub use ask::{NewAdviceCase, create};
pub use events::{AdviceEvent, AdviceEventKind, events_of, events_of_case};
pub use list::{
    AdviceBox, AdviceCaseFilter, AdviceCaseOrder, AdviceStateFilter, BY_DUE_DATE, page,
};
pub use questions::AdviceQuestion;
pub use reply::{NewItemReply, NewReply, Withdrawn, close, reply, reply_to_item, withdraw};
pub use step::AdviceSide;

use crate::access::{Access, Action, Site};
use crate::date::Day;
use crate::error::{Error, Result};
use crate::history::Revision;
use crate::id::{AnyId, CaseId, Id as _, IndicatorId, MeasureId, PlanId, RegionId, TargetId};
use crate::organization::{self, OrganizationRef};
use crate::plan;
use crate::region::{self, RegionRef};
use term::Term;

/// How far a request for advice has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::AdviceState")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AdviceState {
    /// It is asked.
    Requested,
    /// The adviser took it on, and owes an answer.
    Accepted,
    /// It is answered, and the asker owes replies.
    Answered,
    /// Every point of the answer is replied to.
    Closed,
    /// The adviser did not take it on.
    Declined,
    /// The asker took it back.
    Withdrawn,
}

/// What kind of thing advice is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::AdviceSubject")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AdviceSubjectKind {
    /// All of the plan.
    Plan,
    /// A target of it.
    Target,
    /// A measure of it.
    Measure,
    /// An indicator of it.
    Indicator,
}

/// What advice is asked about.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
pub struct AdviceSubject {
    /// What kind of thing it is.
    pub kind: AdviceSubjectKind,
    /// Its id. Read it as of the case's `contentRevision` to see what was asked about.
    pub id: AnyId,
    /// The field of it, where it is about one.
    pub field: Option<String>,
}

/// A request for advice on a plan, what was advised, and what became of that.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct AdviceCase {
    /// Its id.
    pub id: CaseId,
    /// The plan it is about, whether the caller may read that now or not.
    pub plan_id: PlanId,
    /// Whose plan it is.
    #[graphql(skip)]
    pub region: RegionRef,
    /// Who is asked.
    #[graphql(skip)]
    pub adviser: OrganizationRef,
    /// How far it has come.
    pub state: AdviceState,
    /// What it is about.
    pub about: AdviceSubject,
    /// The revision of the plan's contents that is asked about: read the plan as of it.
    pub content_revision: Revision,
    /// What it is called.
    pub title: String,
    /// What is asked.
    pub question: String,
    /// When it was asked.
    pub asked_on: Day,
    /// By when an answer was wanted when it was asked.
    pub wanted_by: Day,
    /// By when an answer is due: later than it was wanted by the days on which the clock stood.
    pub due_on: Day,
    /// The day the clock stopped: a question is open, there is an answer, or it is at its end.
    pub stopped_on: Option<Day>,
    /// What the adviser asked back, in order.
    pub questions: Vec<AdviceQuestion>,
    /// When it was answered.
    pub answered_on: Option<Day>,
    /// The answer as a whole.
    pub summary: Option<String>,
    /// The points of the answer, in order.
    pub items: Vec<AdviceItem>,
    /// Why it was declined or withdrawn.
    pub reason: Option<String>,
    /// By how many days the answer is overdue, or was when the clock stopped; 0 where it is not.
    #[graphql(skip)]
    pub overdue_by: i64,
    /// The revision that last wrote it; what its next step takes.
    pub revision: Revision,
}

impl AdviceCase {
    /// By how many days the answer is overdue on a day.
    pub fn overdue_on(&self, on: Day) -> i64 {
        self.on_term(|term| term.overdue_by(on))
    }

    /// The same, as it looks on a day.
    pub fn on(self, day: Day) -> Self {
        Self { overdue_by: self.overdue_on(day), ..self }
    }

    fn on_term<T>(&self, look: impl FnOnce(Term<'_>) -> T) -> T {
        let pauses = self.questions.iter().map(|it| (it.asked_on, it.replied_on));
        let pauses: Vec<_> = pauses.collect();
        let (wanted_by, stopped_on) = (self.wanted_by, self.stopped_on);
        look(Term { wanted_by, pauses: &pauses, stopped_on })
    }
}

/// The day it is for this answer, in Seoul.
pub async fn today(access: &Access) -> Result<Day> {
    access.now().await.map(Day::in_seoul)
}

/// One advice case. `NOT_FOUND` where the caller sees none.
pub async fn get(access: &Access, id: CaseId) -> Result<AdviceCase> {
    let row = find(access, id).await?;
    let case = complete(access, vec![row]).await?.pop();
    case.ok_or_else(|| Error::impossible("an advice case got lost"))
}

/// These advice cases, as far as the caller sees them, in no order.
pub async fn by_ids(
    access: &Access,
    ids: impl IntoIterator<Item = CaseId>,
) -> Result<Vec<AdviceCase>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    complete(access, rows).await
}

/// The advice cases about one plan. `NOT_FOUND` where the caller sees no such plan.
pub async fn of_plan(access: &Access, plan: PlanId) -> Result<Vec<AdviceCase>> {
    plan::site_of(access, plan).await?;
    of_plans(access, &[plan]).await
}

/// The advice cases about these plans, as they were asked.
pub async fn of_plans(access: &Access, plans: &[PlanId]) -> Result<Vec<AdviceCase>> {
    let plans = access.any_of(Column::PlanId, plans.iter().map(|plan| plan.0));
    let rows = visible(access).filter(plans).order_by_asc(Column::Id);
    complete(access, rows.all(&access.db().await?).await?).await
}

/// The advice cases this caller may see: of plans whose drafts they see by their office or contract,
/// and those addressed to an organization they act for. Every read of cases starts here.
fn visible(access: &Access) -> Select<Entity> {
    let place = (Column::RegionId, Column::PlanId);
    let parties = Condition::any()
        .add(access.where_may(Action::SeeDrafts, place))
        .add(access.addressed(Action::GiveAdvice, Column::AdviserId, place));
    Entity::find().filter(parties)
}

async fn find(access: &Access, id: CaseId) -> Result<advice_case::Model> {
    let row = visible(access).filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("advice_case"))
}

/// Where a case is, for the guards of its steps.
fn site(row: &advice_case::Model) -> Site {
    Site::of_plan(row.region_id, row.plan_id)
}

/// The cases of these rows, in their order, with what was asked back and what was answered.
async fn complete(access: &Access, rows: Vec<advice_case::Model>) -> Result<Vec<AdviceCase>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = || rows.iter().map(|row| row.id);
    let codes = region::codes_of(access, rows.iter().map(|row| RegionId(row.region_id))).await?;
    let bodies = organization::refs(access, rows.iter().map(|row| Some(row.adviser_id))).await?;
    let mut questions = questions::of(access, ids()).await?;
    let mut items = answer::of(access, ids()).await?;
    let today = today(access).await?;
    let rows = rows.into_iter().map(|row| {
        let id = RegionId(row.region_id);
        let adviser = bodies.get(&row.adviser_id).cloned();
        let beside = Beside {
            region: RegionRef { id, code: codes.get(&id).cloned().unwrap_or_default() },
            adviser: adviser.ok_or_else(|| Error::impossible("an adviser got lost"))?,
            questions: questions.remove(&row.id).unwrap_or_default(),
            items: items.remove(&row.id).unwrap_or_default(),
        };
        described(row, beside).map(|case| case.on(today))
    });
    rows.collect()
}

/// What stands beside the row of a case.
struct Beside {
    region: RegionRef,
    adviser: OrganizationRef,
    questions: Vec<AdviceQuestion>,
    items: Vec<AdviceItem>,
}

fn described(row: advice_case::Model, beside: Beside) -> Result<AdviceCase> {
    let day = |text: &Option<String>| text.as_deref().map(Day::parse).transpose();
    Ok(AdviceCase {
        id: CaseId(row.id),
        plan_id: PlanId(row.plan_id),
        region: beside.region,
        adviser: beside.adviser,
        state: row.state.into(),
        content_revision: Revision(row.content_revision),
        asked_on: Day::parse(&row.asked_on)?,
        wanted_by: Day::parse(&row.wanted_by)?,
        due_on: Day::parse(&row.due_on)?,
        stopped_on: day(&row.stopped_on)?,
        questions: beside.questions,
        answered_on: day(&row.answered_on)?,
        items: beside.items,
        overdue_by: 0,
        revision: Revision(row.revision),
        about: AdviceSubject {
            kind: row.subject.into(),
            id: id_of(row.subject, row.subject_id),
            field: row.field,
        },
        title: row.title,
        question: row.question,
        summary: row.summary,
        reason: row.reason,
    })
}

fn id_of(subject: code::AdviceSubject, id: Uuid) -> AnyId {
    AnyId(match subject {
        code::AdviceSubject::Plan => PlanId(id).text(),
        code::AdviceSubject::Target => TargetId(id).text(),
        code::AdviceSubject::Measure => MeasureId(id).text(),
        code::AdviceSubject::Indicator => IndicatorId(id).text(),
    })
}

/// The rows of each case, in their order.
fn by_case<T>(rows: impl IntoIterator<Item = (Uuid, T)>) -> HashMap<Uuid, Vec<T>> {
    let mut groups: HashMap<Uuid, Vec<T>> = HashMap::new();
    for (case, row) in rows {
        groups.entry(case).or_default().push(row);
    }
    groups
}
