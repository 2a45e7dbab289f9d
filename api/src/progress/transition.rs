use std::collections::HashMap;

use async_graphql::{InputObject, SimpleObject};
use entity::progress_check::{self, Column, Entity};
use entity::progress_step;
use sea_orm::QueryFilter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::guards::Situation;
use super::road::{CheckState, CheckTransition};
use super::{ProgressCheck, find, frozen, get, site, steps, visible};
use crate::access::{Access, Actor, policy};
use crate::date::Day;
use crate::error::{Error, Faults, Result};
use crate::history::{AnyRevision, Change, Revision, Written};
use crate::id::{AnyId, CheckId};
use crate::input::{self, said};
use crate::message::{self, Lang, Text};
use crate::organization;

/// A step of a check, as a caller takes it.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[graphql(name = "ProgressTransitionInput")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ProgressTransitionInput)]
pub struct CheckTransitionInput {
    /// Which step.
    pub transition: CheckTransition,
    /// The revision of the check you read.
    pub revision: AnyRevision,
    /// The day it was, as `2026-05-22`; today if not said.
    pub on: Option<String>,
    /// The body that did it: the committee that deliberated, the agency that advised.
    pub organization: Option<AnyId>,
    /// At submission without a committee: why none deliberated (Framework Act, Art. 22(4)).
    pub exemption: Option<String>,
    /// What else should be known. Opinions and reopenings need it.
    pub note: Option<String>,
}

/// A step that a check may take or not.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(name = "AvailableProgressTransition")]
#[serde(rename_all = "camelCase")]
#[schema(as = AvailableProgressTransition)]
pub struct AvailableTransition {
    /// Which step.
    pub name: CheckTransition,
    /// Whether the caller can take it now.
    pub allowed: bool,
    /// Every reason why not, with its article; empty where they can.
    pub reasons: Vec<String>,
    /// The roles that may take it.
    pub who_may: String,
    /// The last day on which it is in time; null where the law sets none.
    pub due_on: Option<Day>,
    /// Whether that day is over; null where the law sets none.
    pub is_late: Option<bool>,
}

/// A step that a check may take or not, with its reasons in every language.
#[derive(Clone, Debug)]
pub struct Offer {
    transition: CheckTransition,
    reasons: Vec<Text>,
    due_on: Option<Day>,
    is_late: Option<bool>,
}

impl Offer {
    /// The same in one language.
    pub fn in_lang(&self, lang: Lang) -> AvailableTransition {
        AvailableTransition {
            name: self.transition,
            allowed: self.reasons.is_empty(),
            reasons: self.reasons.iter().map(|text| text.in_lang(lang).to_owned()).collect(),
            who_may: policy::who_may(self.transition.action()),
            due_on: self.due_on,
            is_late: self.is_late,
        }
    }
}

/// What a check may do next, and why not, in the order of the road. `NOT_FOUND` where the caller
/// sees no such check.
pub async fn transitions(access: &Access, id: CheckId) -> Result<Vec<Offer>> {
    let row = find(access, id).await?;
    let offers = offered(access, vec![row]).await?.remove(&id);
    offers.ok_or_else(|| Error::impossible("a check got lost"))
}

/// The same of these checks, as far as the caller sees them.
pub async fn transitions_of(
    access: &Access,
    checks: &[CheckId],
) -> Result<HashMap<CheckId, Vec<Offer>>> {
    let checks = access.any_of(Column::Id, checks.iter().map(|check| check.0));
    let rows = visible(access).filter(checks).all(&access.db().await?).await?;
    offered(access, rows).await
}

async fn offered(
    access: &Access,
    rows: Vec<progress_check::Model>,
) -> Result<HashMap<CheckId, Vec<Offer>>> {
    let today = Day::in_seoul(access.now().await?);
    let situations = Situation::of(access, &rows).await?;
    let offers = rows.iter().filter_map(|row| {
        let situation = situations.get(&row.id)?;
        let offers = CheckTransition::ALL.iter().map(|transition| {
            let due_on = transition.due_on(row.year);
            Offer {
                transition: *transition,
                reasons: reasons(access, row, situation, *transition),
                due_on,
                is_late: due_on.map(|due| today > due),
            }
        });
        Some((CheckId(row.id), offers.collect()))
    });
    Ok(offers.collect())
}

/// Why this caller cannot take a step: what the law says first, then who they are.
fn reasons(
    access: &Access,
    row: &progress_check::Model,
    situation: &Situation,
    transition: CheckTransition,
) -> Vec<Text> {
    let mut reasons = situation.reasons(transition);
    let action = transition.action();
    if !access.actor().may(action, site(row)) {
        reasons.push(match access.actor() {
            Actor::Public => message::unauthenticated(),
            _ => message::no_grant_here(&policy::who_may(action)),
        });
    }
    reasons
}

/// Takes a step with a check that is at the revision given. `FORBIDDEN` for who has not the right
/// that the step takes; `GUARD_FAILED` with every reason where the law does not allow it yet;
/// `INVALID` for a day that has not come or lies before the step it follows.
pub async fn transition(
    access: &Access,
    id: CheckId,
    wanted: CheckTransitionInput,
) -> Result<ProgressCheck> {
    let row = find(access, id).await?;
    access.require(wanted.transition.action(), site(&row))?;
    let revision = wanted.revision.parse()?;
    let body = said(wanted.organization.clone());
    let body = organization::chosen(access, "organization", &body).await?;
    let body = body.flatten().map(|body| body.0);
    let told = Told { organization: body, ..Told::of(&wanted)? };
    access
        .change(wanted.transition.verb(), async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            if Revision(row.revision) != revision {
                // A header that says more revisions does not stand for the one in the body.
                return Err(Error::stale(Revision(row.revision)));
            }
            take(change, row, told).await
        })
        .await?;
    get(access, id).await
}

/// A step as it was told, checked.
struct Told {
    transition: CheckTransition,
    on: Option<Day>,
    organization: Option<Uuid>,
    exemption: Option<String>,
    note: Option<String>,
}

impl Told {
    fn of(wanted: &CheckTransitionInput) -> Result<Self> {
        let transition = wanted.transition;
        let mut faults = Faults::default();
        let text = |text: &Option<String>| text.as_deref().map(|it| input::text(it, input::TEXT));
        let on = faults.maybe("on", wanted.on.as_deref().map(|on| Day::parse(on.trim())));
        let exemption = faults.maybe("exemption", text(&wanted.exemption));
        let note = faults.maybe("note", text(&wanted.note));
        let fits = wanted.exemption.is_none() || transition == CheckTransition::Submit;
        faults.rule(fits, "exemption", message::only_at_submission());
        let told = wanted.note.is_some() || !transition.needs_note();
        faults.rule(told, "note", message::required());
        let faulty = faults.into_error();
        match (on, exemption, note, faulty) {
            (Some(on), Some(exemption), Some(note), None) => {
                Ok(Self { transition, on, organization: None, exemption, note })
            }
            (.., faulty) => {
                Err(faulty.unwrap_or_else(|| Error::impossible("a value without a fault")))
            }
        }
    }
}

/// Takes a step under the lock, where its rules hold.
async fn take(change: &Change, row: progress_check::Model, told: Told) -> Result<()> {
    let situation = Situation::of_one(change, &row).await?;
    let situation = situation.without_committee(told.exemption.is_some());
    let reasons = situation.reasons(told.transition).into_iter();
    if let Some(error) = Error::broken(reasons.map(|reason| (Some("transition"), reason))) {
        return Err(error);
    }
    let taken = steps::rows_of(change, [row.id]).await?.remove(&row.id).unwrap_or_default();
    let on = its_day(change, &row, &taken, &told).await?;
    let state = match told.transition {
        CheckTransition::Reopen => CheckState::SelfAssessed,
        onward => onward.leads_to().max(situation.state()),
    };
    let step = progress_step::Model {
        id: Uuid::now_v7(),
        check_id: row.id,
        position: i32::try_from(taken.len()).map_err(Error::internal)?,
        transition: told.transition.into(),
        state: state.into(),
        taken_on: on.to_string(),
        account_id: change.actor().account(),
        client_id: change.actor().client(),
        organization_id: told.organization,
        exemption: told.exemption,
        note: told.note,
        revision: change.revision(),
    };
    change.insert::<progress_step::Entity>(step).await?;
    match told.transition {
        CheckTransition::Submit => frozen::freeze(change, &row).await?,
        CheckTransition::Reopen => frozen::thaw(change, &row).await?,
        _ => {}
    }
    let after = progress_check::Model { state: Some(state.into()), ..row.clone() };
    if change.update::<Entity>(&row, after).await? == Written::Unchanged {
        // The step is a part of it.
        change.touch::<Entity>(&row).await?;
    }
    Ok(())
}

/// The day of a step: not in the future, and not before the step that it follows.
async fn its_day(
    change: &Change,
    row: &progress_check::Model,
    taken: &[progress_step::Model],
    told: &Told,
) -> Result<Day> {
    let today = Day::in_seoul(change.now().await?);
    let on = told.on.unwrap_or(today);
    if on > today {
        return Err(Error::invalid("on", message::in_the_future(&today.to_string())));
    }
    match steps::earliest(row, taken, told.transition)? {
        Some(earliest) if on < earliest => {
            Err(Error::invalid("on", message::before_earlier_step(&earliest.to_string())))
        }
        _ => Ok(on),
    }
}
