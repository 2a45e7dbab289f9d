use async_graphql::InputObject;
use entity::code::IssueState;
use entity::issue::{self, Entity};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Issue, comments, find, get, visible};
use crate::access::{Access, Action, Site};
use crate::date::Day;
use crate::error::{Code, Error, Faults, Result};
use crate::history::Revision;
use crate::id::{AnyId, Id as _, IssueId, MeasureId, OrganizationId, PlanId, RegionId};
use crate::input::{self, said};
use crate::{measure, message, organization, plan};

/// How a difficulty was solved, so that others can do the same.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Solving {
    /// What was done: 1 to 20,000 characters.
    pub solution: String,
    /// When: `2025`, `2025-04` or `2025-04-17`; not in the future.
    pub solved_on: Option<String>,
    /// The organization that solved it; that of the caller's grant there if not said.
    pub solved_by: Option<AnyId>,
    /// The plan that has it in it, of any region.
    pub plan: Option<AnyId>,
    /// The measure that does it; its plan need not be named.
    pub measure: Option<AnyId>,
}

/// A solution, checked.
struct Solved {
    text: String,
    on: Option<String>,
    by: Option<Uuid>,
    plan: Option<Uuid>,
    measure: Option<Uuid>,
}

/// Says how an issue that is at this revision was solved. For who shares issues of its region.
/// `GUARD_FAILED` for one that is solved, or merged into another.
pub async fn solve(
    access: &Access,
    id: IssueId,
    revision: Revision,
    solving: Solving,
) -> Result<Issue> {
    let region = RegionId(find(access, id).await?.region_id);
    access.require(Action::ShareIssues, region)?;
    let solved = checked(access, &solving, region.into()).await?;
    access
        .change("solveIssue", async move |change| {
            let before = change.current(visible(change), id.0, revision).await?;
            let refused = match before.state {
                IssueState::Open => None,
                IssueState::Solved => Some(message::is_solved()),
                IssueState::Merged => Some(message::is_merged()),
            };
            if let Some(text) = refused {
                return Err(Error::new(Code::GuardFailed, text));
            }
            let after = issue::Model {
                state: IssueState::Solved,
                solution: Some(solved.text),
                solved_on: solved.on,
                solved_by_id: solved.by,
                solution_plan_id: solved.plan,
                solution_measure_id: solved.measure,
                ..before.clone()
            };
            change.update::<Entity>(&before, after).await
        })
        .await?;
    get(access, id).await
}

/// Opens a solved issue that is at this revision again. The solution goes to its past; why it did
/// not hold, if that is said, becomes a comment. For who shares issues of its region.
pub async fn reopen(
    access: &Access,
    id: IssueId,
    revision: Revision,
    reason: Option<String>,
) -> Result<Issue> {
    let region = RegionId(find(access, id).await?.region_id);
    access.require(Action::ShareIssues, region)?;
    let reason = reason.map(|reason| input::text(&reason, input::TEXT)).transpose();
    let reason = reason.map_err(|error| error.at("reason"))?;
    access
        .change("reopenIssue", async move |change| {
            let before = change.current(visible(change), id.0, revision).await?;
            if before.state != IssueState::Solved {
                return Err(Error::new(Code::GuardFailed, message::not_solved()));
            }
            let after = issue::Model {
                state: IssueState::Open,
                solution: None,
                solved_on: None,
                solved_by_id: None,
                solution_plan_id: None,
                solution_measure_id: None,
                ..before.clone()
            };
            change.update::<Entity>(&before, after).await?;
            if let Some(reason) = reason {
                comments::write(change, &before, reason).await?;
            }
            Ok(())
        })
        .await?;
    get(access, id).await
}

async fn checked(access: &Access, solving: &Solving, site: Site) -> Result<Solved> {
    let today = Day::in_seoul(access.now().await?);
    let date = |date: &str| input::past_date(date, today);
    let mut faults = Faults::default();
    let text = faults.at("solution", input::text(&solving.solution, input::TEXT));
    let on = faults.maybe("solvedOn", solving.solved_on.as_deref().map(date));
    let (Some(text), Some(on)) = (text, on) else { return faults.refuse() };
    let by = organization::chosen(access, "solvedBy", &said(solving.solved_by.clone())).await?;
    let by = by.flatten().or_else(|| organization_there(access, site).map(OrganizationId));
    let [plan, measure] = linked(access, solving).await?;
    Ok(Solved { text, on, by: by.map(|body| body.0), plan, measure })
}

/// What a solution is linked to: what the caller sees, and a measure with its plan.
async fn linked(access: &Access, solving: &Solving) -> Result<[Option<Uuid>; 2]> {
    let plan = solving.plan.as_ref().map(|plan| PlanId::parse_at("plan", plan)).transpose()?;
    if let Some(plan) = plan {
        plan::site_of(access, plan).await.map_err(|error| error.at("plan"))?;
    }
    let Some(measure) = &solving.measure else { return Ok([plan.map(|plan| plan.0), None]) };
    let measure = MeasureId::parse_at("measure", measure)?;
    let its = measure::plan_of(access, measure).await.map_err(|error| error.at("measure"))?;
    if plan.is_some_and(|plan| plan != its) {
        return Err(Error::invalid("measure", message::not_its_measure()));
    }
    Ok([Some(its.0), Some(measure.0)])
}

/// The organization in whose name the caller shares issues there, if in any.
fn organization_there(access: &Access, site: Site) -> Option<Uuid> {
    let grants = access.actor().grants().iter();
    let there = grants.filter(|grant| grant.allows(Action::ShareIssues, site));
    there.filter_map(|grant| grant.organization).next()
}
