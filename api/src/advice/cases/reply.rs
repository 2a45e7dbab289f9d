//! The steps of who asked.

use async_graphql::InputObject;
use entity::code::AdviceState::{
    Accepted, Answered, Closed, Requested, Withdrawn as WithdrawnState,
};
use entity::{advice_case, advice_item, advice_question};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{self, AdviceItem, AdviceReply};
use super::step::{AdviceSide, Step};
use super::{AdviceCase, find, questions, today};
use crate::access::Access;
use crate::date::Day;
use crate::error::{Code, Error, Faults, Result};
use crate::history::{AnyRevision, Moment, Revision, Written};
use crate::id::{AdviceItemId, CaseId, PlanId};
use crate::{input, message, plan};

/// What is replied to a question of the adviser's.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[graphql(name = "NewCaseReply")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewCaseReply)]
pub struct NewReply {
    /// The reply: up to 20,000 characters.
    pub reply: String,
}

/// What became of a point of an answer. Said anew, it takes the place of what was said before.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewItemReply {
    /// Whether it is followed.
    pub reply: AdviceReply,
    /// Why it is followed in part, or not, which need it; or what else is to be said.
    pub reason: Option<String>,
    /// The change that resolved it: a revision of the plan's contents, later than those that were
    /// asked about.
    pub resolved_by: Option<AnyRevision>,
}

/// Why a request is taken back.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[graphql(name = "CaseWithdrawn")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = CaseWithdrawn)]
pub struct Withdrawn {
    /// Why: up to 20,000 characters.
    pub reason: Option<String>,
}

const fn by_asker(action: &'static str, from: &'static [entity::code::AdviceState]) -> Step {
    Step { action, by: AdviceSide::Asker, from }
}

/// Replies to the question that is open: the clock goes on, and the answer is due later by the days
/// it stood. For who asks for advice on the plan.
pub async fn reply(
    access: &Access,
    id: CaseId,
    revision: Revision,
    new: NewReply,
) -> Result<AdviceCase> {
    let text = input::text(&new.reply, input::TEXT).map_err(|error| error.at("reply"));
    let step = by_asker("replyToQuestion", &[Accepted]);
    step.take(access, (id, revision), async move |change, row, today| {
        let open = questions::rows(change, row.id).await?.pop().filter(|it| it.reply.is_none());
        let nothing = || Error::new(Code::GuardFailed, message::no_question_open());
        let before = open.ok_or_else(nothing)?;
        let stood = Day::parse(&before.asked_on)?.days_to(today);
        let due_on = Day::parse(&row.due_on)?.plus_days(stood.into()).to_string();
        let (reply, replied_on) = (Some(text?), Some(today.to_string()));
        let after = advice_question::Model { reply, replied_on, ..before.clone() };
        change.update::<advice_question::Entity>(&before, after).await?;
        Ok(advice_case::Model { due_on, stopped_on: None, ..row })
    })
    .await
}

/// Takes a request back that is not answered yet. For who asks for advice on the plan.
pub async fn withdraw(
    access: &Access,
    id: CaseId,
    revision: Revision,
    withdrawn: Withdrawn,
) -> Result<AdviceCase> {
    let reason = withdrawn.reason.map(|text| input::text(&text, input::TEXT)).transpose();
    let reason = reason.map_err(|error| error.at("reason"));
    let step = by_asker("withdrawCase", &[Requested, Accepted]);
    step.take(access, (id, revision), async move |_, row, today| {
        let stopped_on = row.stopped_on.clone().or_else(|| Some(today.to_string()));
        Ok(advice_case::Model { state: WithdrawnState, stopped_on, reason: reason?, ..row })
    })
    .await
}

/// Closes a case of whose answer every point is replied to; otherwise `GUARD_FAILED`, which names
/// those that are not. For who asks for advice on the plan.
pub async fn close(access: &Access, id: CaseId, revision: Revision) -> Result<AdviceCase> {
    let step = by_asker("closeCase", &[Answered]);
    step.take(access, (id, revision), async |change, row, _| {
        let items = answer::rows(change, row.id).await?;
        let open = items.iter().filter(|item| item.reply.is_none());
        let open = open.map(|item| format!("{} ({})", item.number, AdviceItemId(item.id)));
        let open: Vec<String> = open.collect();
        match open.is_empty() {
            true => Ok(advice_case::Model { state: Closed, ..row }),
            false => Err(Error::new(Code::GuardFailed, message::items_open(&open.join(", ")))),
        }
    })
    .await
}

/// Says what became of a point of an answer that is at this revision, until the case is closed. For
/// who asks for advice on the plan.
pub async fn reply_to_item(
    access: &Access,
    (case, item): (CaseId, AdviceItemId),
    revision: Revision,
    new: NewItemReply,
) -> Result<AdviceItem> {
    let row = find(access, case).await?;
    let step = by_asker("replyToItem", &[Answered]);
    step.by.require(access, &row)?;
    answer::row(access, case.0, item).await.map_err(|error| error.at("item"))?;
    let said = Said::checked(access, &row, &new).await?;
    access
        .change(step.action, async move |change| {
            let whole = find(change, case).await?;
            step.fits(&whole)?;
            let before = answer::row(change, case.0, item).await?;
            let current = Revision(before.revision);
            if !change.is_at(revision, current) {
                return Err(Error::stale(current));
            }
            let after = said.of(today(change).await?, before.clone());
            if change.update::<advice_item::Entity>(&before, after).await? == Written::Updated {
                // Its points are told with the case.
                change.touch::<advice_case::Entity>(&whole).await?;
            }
            Ok(())
        })
        .await?;
    answer::item(access, case, item).await
}

/// What became of a point, checked.
struct Said {
    reply: AdviceReply,
    reason: Option<String>,
    resolved_by: Option<i64>,
}

impl Said {
    async fn checked(
        access: &Access,
        case: &advice_case::Model,
        new: &NewItemReply,
    ) -> Result<Self> {
        let mut faults = Faults::default();
        let text = |text: &String| input::text(text, input::TEXT);
        let reason = faults.maybe("reason", new.reason.as_ref().map(text));
        let explained = new.reply == AdviceReply::Accepted || new.reason.is_some();
        faults.rule(explained, "reason", message::reply_reason_needed());
        let resolved_by = match &new.resolved_by {
            None => Some(None),
            Some(revision) => faults.at("resolvedBy", resolving(access, case, revision).await),
        };
        let nothing = new.reply == AdviceReply::Declined && new.resolved_by.is_some();
        faults.rule(!nothing, "resolvedBy", message::nothing_resolved());
        let (Some(reason), Some(resolved_by)) = (reason, resolved_by) else {
            return faults.refuse();
        };
        faults.into_result(Self { reply: new.reply, reason, resolved_by })
    }

    fn of(self, today: Day, row: advice_item::Model) -> advice_item::Model {
        let Self { reply, reason, resolved_by } = self;
        let said =
            advice_item::Model { reply: Some(reply.into()), reason, resolved_by, ..row.clone() };
        // What is said once more was said then.
        let replied_on = if said == row { row.replied_on } else { Some(today.to_string()) };
        advice_item::Model { replied_on, ..said }
    }
}

/// A change of the plan's contents that came after those that were asked about.
async fn resolving(
    access: &Access,
    case: &advice_case::Model,
    revision: &AnyRevision,
) -> Result<Option<i64>> {
    let refused = || Error::new(Code::Invalid, message::not_its_change());
    let revision = Revision::parse(&revision.0)?;
    if revision.0 <= case.content_revision {
        return Err(refused());
    }
    let then = access.at(Moment::Revision(revision));
    let plan = plan::get(&then, PlanId(case.plan_id)).await;
    then.finish().await;
    match plan {
        Ok(plan) if plan.content_revision == revision => Ok(Some(revision.0)),
        Ok(_) => Err(refused()),
        Err(error) if matches!(error.code(), Code::NotFound | Code::Invalid) => Err(refused()),
        Err(error) => Err(error),
    }
}
