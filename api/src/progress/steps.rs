use std::collections::HashMap;

use async_graphql::SimpleObject;
use entity::progress_step::{self, Column, Entity};
use entity::{code, progress_check};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::road::{CheckState, CheckTransition};
use crate::access::{Access, Action};
use crate::date::{Day, PartialDate};
use crate::error::{Code, Error, Result};
use crate::history::{Change, Revision};
use crate::id::{AccountId, ClientId};
use crate::message;
use crate::organization::{self, OrganizationRef};

/// One step on the road of a yearly check.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex, name = "ProgressStep")]
#[serde(rename_all = "camelCase")]
#[schema(as = ProgressStep)]
pub struct CheckStep {
    /// What was done.
    pub transition: CheckTransition,
    /// The state it left.
    pub state: CheckState,
    /// On which day.
    pub on: Day,
    /// The last day on which it was in time; null where the law sets none.
    pub due_on: Option<Day>,
    /// Whether it came after that day; null where the law sets none.
    pub is_late: Option<bool>,
    /// The body that did it, where that is said.
    #[graphql(skip)]
    pub organization: Option<OrganizationRef>,
    /// Why no committee deliberated, where none did (Framework Act, Art. 22(4)).
    pub exemption: Option<String>,
    /// What else was said: of an opinion, what should be better; of a reopening, why.
    pub note: Option<String>,
    /// The account that recorded it, if one did; null for who does not see drafts there.
    pub account_id: Option<AccountId>,
    /// The client that recorded it, if one did.
    pub client_id: Option<ClientId>,
    /// The revision that it made: what `asOf` takes to show the check as it was then.
    pub revision: Revision,
}

/// The steps of these checks, in their order. Who calls has seen the checks.
pub(super) async fn rows_of(
    access: &Access,
    checks: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<progress_step::Model>>> {
    let which = access.any_of(Column::CheckId, checks);
    let rows = Entity::find().filter(which).order_by_asc(Column::Position);
    let rows = rows.all(&access.db().await?).await?;
    Ok(super::by_check(rows.into_iter().map(|row| (row.check_id, row))))
}

/// The steps of these checks, as callers see them.
pub(super) async fn of_checks(
    access: &Access,
    checks: &[progress_check::Model],
) -> Result<HashMap<Uuid, Vec<CheckStep>>> {
    let rows = rows_of(access, checks.iter().map(|check| check.id)).await?;
    let bodies = rows.values().flatten().map(|row| row.organization_id);
    let bodies = organization::refs(access, bodies).await?;
    let mut steps = HashMap::new();
    for check in checks {
        let of_check = rows.get(&check.id).into_iter().flatten();
        // Who recorded it is told to those who work on it.
        let works = access.actor().may(Action::SeeDrafts, super::site(check));
        let of_check = of_check.map(|row| {
            let step = described(row, check.year, &bodies)?;
            Ok(if works { step } else { CheckStep { account_id: None, client_id: None, ..step } })
        });
        steps.insert(check.id, of_check.collect::<Result<_>>()?);
    }
    Ok(steps)
}

/// The steps since a check was last reopened, with the reopening.
pub(super) fn round(steps: &[progress_step::Model]) -> &[progress_step::Model] {
    let reopened = |step: &progress_step::Model| step.transition == code::CheckTransition::Reopen;
    let first = steps.iter().rposition(reopened).unwrap_or_default();
    steps.get(first..).unwrap_or_default()
}

/// The day before which a step cannot have been: that of the steps it rests on, or, for the first,
/// when a committee is reported to have looked, or the year began.
pub(super) fn earliest(
    check: &progress_check::Model,
    steps: &[progress_step::Model],
    transition: CheckTransition,
) -> Result<Option<Day>> {
    let rests_on = round(steps).iter().filter(|step| {
        let before = CheckTransition::from(step.transition);
        match (before, transition) {
            (CheckTransition::Reopen, _) | (_, CheckTransition::Reopen) => true,
            // The council does not wait for the ministry.
            (_, CheckTransition::ReportToCouncil) => before.leads_to() <= CheckState::Submitted,
            _ => before.leads_to() < transition.leads_to(),
        }
    });
    let days = rests_on.map(|step| Day::parse(&step.taken_on)).collect::<Result<Vec<_>>>()?;
    if let Some(last) = days.into_iter().max() {
        return Ok(Some(last));
    }
    let reviewed = match transition {
        CheckTransition::Submit => check.reviewed_on.as_deref(),
        _ => None,
    };
    let known = reviewed.map_or_else(|| check.year.to_string(), str::to_owned);
    PartialDate::parse(&known).map(|date| Some(date.from))
}

/// What was submitted stays on record: such a check is not removed.
pub(super) async fn never_submitted(change: &Change, check: Uuid) -> Result<()> {
    let steps = rows_of(change, [check]).await?;
    let submitted = |step: &progress_step::Model| step.transition == code::CheckTransition::Submit;
    match steps.values().flatten().any(submitted) {
        true => Err(Error::new(Code::GuardFailed, message::check_was_submitted())),
        false => Ok(()),
    }
}

/// Removes the steps of a check that goes.
pub(super) async fn remove_all(change: &Change, check: Uuid) -> Result<()> {
    for row in rows_of(change, [check]).await?.remove(&check).unwrap_or_default() {
        change.delete::<Entity>(&row).await?;
    }
    Ok(())
}

fn described(
    row: &progress_step::Model,
    year: i32,
    bodies: &HashMap<Uuid, OrganizationRef>,
) -> Result<CheckStep> {
    let (transition, on) = (CheckTransition::from(row.transition), Day::parse(&row.taken_on)?);
    let due_on = transition.due_on(year);
    Ok(CheckStep {
        transition,
        state: row.state.into(),
        on,
        due_on,
        is_late: due_on.map(|due| on > due),
        organization: row.organization_id.and_then(|id| bodies.get(&id).cloned()),
        exemption: row.exemption.clone(),
        note: row.note.clone(),
        account_id: row.account_id.map(AccountId),
        client_id: row.client_id.map(ClientId),
        revision: Revision(row.revision),
    })
}
