//! What public law asks of each province, city and county, and by when: whether or not anything was
//! filed.
//!
//! A duty has no row: it follows from a rule, a body, and what is known of plans and checks. What is
//! kept is when a period was set going, so that a later correction does not move a deadline
//! silently, and extensions. Evidence is only what the caller sees, and so no draft shows in what
//! others are told.

mod calendar;
mod compute;
mod deadline;
mod evidence;
pub(crate) mod extension;
mod facts;
pub mod graphql;
mod ics;
mod key;
mod list;
pub mod rest;
mod rules;

use std::collections::HashSet;

use async_graphql::{Enum, SimpleObject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use calendar::{CalendarOf, calendar};
pub(super) use deadline::settle;
pub use extension::{NewExtension, extend};
pub use key::ObligationKey;
pub use list::{DutyFilter, ObligationFilter, of_plans, of_regions, page};
pub use rules::{ObligationCode, ObligationRule, ObligationTrigger, list as rules};

use super::MilestoneKind;
use super::law::Article;
use crate::access::Access;
use crate::date::{Day, PartialDate};
use crate::error::{Error, Result};
use crate::history::Revision;
use crate::id::{AnyId, CheckId, ExtensionId, MilestoneId, PlanId, RegionId};
use crate::name::Name;
use crate::organization::OrganizationRef;
use crate::plan::PlanStatus;
use crate::region::{self, RegionRef};

/// How a duty stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ObligationStatus {
    /// What sets its period going has not happened, or nobody knows when it did.
    NotYetKnown,
    /// It is to be done, and there is time.
    Due,
    /// Its last day is over, and nothing here shows that it was done.
    Overdue,
    /// It was done in time.
    Done,
    /// It was done too late.
    DoneLate,
    /// It was done; whether in time cannot be told from what is known.
    DoneUnclear,
    /// Its last day is over, and whether it was done is not kept here.
    Untold,
}

/// What fixes when a duty is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DueKind {
    /// The day of the year that the law names.
    Calendar,
    /// Worked out from an event, and fixed when that became known.
    Frozen,
    /// Worked out from an event just now.
    Computed,
    /// No day: it is to be done without delay.
    WithoutDelay,
    /// Nothing yet.
    Nothing,
}

/// What makes a duty due when it is.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct DueSource {
    /// What fixes it.
    pub kind: DueKind,
    /// The milestone that set the period going.
    #[graphql(skip)]
    pub milestone: Option<MilestoneId>,
    /// When that was, as it is known now.
    pub event_on: Option<PartialDate>,
    /// When that was, as it was known when the deadline was fixed.
    pub fixed_on: Option<PartialDate>,
    /// When it would be due by the event as it is known now, where that is another day.
    pub due_if_corrected: Option<PartialDate>,
    /// When it is due by the rule, weekends and holidays aside.
    pub by_rule: Option<PartialDate>,
    /// Whether the holidays of that year are known here; where not, only Saturdays and Sundays move
    /// a deadline.
    pub holidays_known: bool,
}

/// More time for a duty.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Extension {
    /// Its id.
    pub id: ExtensionId,
    /// The duty that it gives more time for.
    #[graphql(skip)]
    pub obligation_id: AnyId,
    /// The last day it gives.
    pub until: Day,
    /// Why.
    pub reason: String,
    /// Who gave it.
    #[graphql(skip)]
    pub by: Option<OrganizationRef>,
    /// Why it was withdrawn; null where it holds. One that was withdrawn gives no time.
    pub withdrawal_reason: Option<String>,
    /// The revision that last wrote it; when and by whose account, the log of changes has.
    pub revision: Revision,
}

impl Extension {
    /// The duty that it gives more time for.
    fn duty(&self) -> Result<ObligationKey> {
        ObligationKey::parse(&self.obligation_id)
    }
}

/// What shows that a duty was done.
#[derive(Clone, Debug, Default, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// A milestone of the plan.
    #[graphql(skip)]
    pub milestone: Option<MilestoneId>,
    /// A progress check.
    #[graphql(skip)]
    pub check: Option<CheckId>,
    /// How far the plan has come, in the word of its source, where that alone shows it.
    pub reported_status: Option<String>,
}

/// A date by which something was said to be done.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncedDate {
    /// The milestone that says so.
    #[graphql(skip)]
    pub milestone: MilestoneId,
    /// The date.
    pub planned_on: PartialDate,
    /// What its source calls it.
    pub reported_kind: Option<String>,
}

/// The last that is known of the making of a plan.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct LastMilestone {
    /// The milestone.
    #[graphql(skip)]
    pub milestone: MilestoneId,
    /// Which step it is.
    pub kind: MilestoneKind,
    /// What its source calls it.
    pub reported_kind: Option<String>,
    /// When it was.
    pub held_on: PartialDate,
}

/// What is known of the plan that a duty is about.
#[derive(Clone, Debug, Default, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Known {
    /// How far the plan has come; null where the caller sees none.
    pub plan_status: Option<PlanStatus>,
    /// What the source calls that.
    pub reported_status: Option<String>,
    /// The last step that has a date.
    pub last_milestone: Option<LastMilestone>,
}

/// A duty of one body, once: for one cycle of plans, for one amendment in substance of such a plan,
/// or for one year.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Obligation {
    /// Its id: made of the region, the rule and the cycle or year, of an amended plan which making
    /// as well, and the same for ever.
    pub id: AnyId,
    /// Which rule asks it.
    pub rule: ObligationCode,
    /// What is to be done.
    #[graphql(flatten)]
    pub name: Name,
    /// Where the law says so.
    pub article: Article,
    /// Whose duty it is.
    #[graphql(skip)]
    pub region: RegionRef,
    /// The government of that region, where it is known.
    #[graphql(skip)]
    pub organization: Option<OrganizationRef>,
    /// The plan it is about, where the caller sees one.
    #[graphql(skip)]
    pub plan_id: Option<PlanId>,
    /// The cycle of the plan; null for yearly duties.
    pub cycle: Option<i32>,
    /// Which making of that plan: 1, and one more with each amendment in substance; null for yearly
    /// duties.
    pub pass: Option<i32>,
    /// The year in which it is due, as far as that is known.
    pub year: Option<i32>,
    /// The year that is reported on, where the law says which.
    pub of_year: Option<i32>,
    /// When it is due, moved to a working day; a month where only a month is known.
    pub due: Option<PartialDate>,
    /// What makes it due then.
    pub due_source: DueSource,
    /// Until when it was extended.
    pub extended_to: Option<Day>,
    /// Why it was extended.
    pub extension_reason: Option<String>,
    /// Its extensions, the last one first; also those that were withdrawn.
    pub extensions: Vec<Extension>,
    /// The last day on which it is in time: it ends at midnight in Seoul.
    pub last_day: Option<Day>,
    /// How it stands.
    pub status: ObligationStatus,
    /// How many days late it is, or was at least when it was done.
    pub overdue_by: Option<i32>,
    /// When it was done.
    pub done_on: Option<PartialDate>,
    /// What shows that it was done.
    pub evidence: Option<Evidence>,
    /// When sources said it was to be done, whatever the rule says.
    pub announced: Vec<AnnouncedDate>,
    /// What is known of the plan it is about.
    pub known: Known,
    /// The plan whose adoption sets its period going: an extension is seen by who sees that plan.
    #[graphql(skip)]
    #[serde(skip)]
    set_going_by: Option<PlanId>,
}

/// One duty, as it stands on a day. `NOT_FOUND` where the law asks no such thing of anybody.
pub async fn get(access: &Access, key: &ObligationKey, on: Option<Day>) -> Result<Obligation> {
    look_up(access, key, on).await?.ok_or_else(|| Error::not_found("obligation"))
}

/// One duty, if the law asks such a thing of somebody.
pub async fn look_up(
    access: &Access,
    key: &ObligationKey,
    on: Option<Day>,
) -> Result<Option<Obligation>> {
    Ok(by_keys(access, std::slice::from_ref(key), on).await?.pop())
}

/// Those of these duties that the law asks of somebody, as far as the caller is told, in no order.
pub async fn by_keys(
    access: &Access,
    keys: &[ObligationKey],
    on: Option<Day>,
) -> Result<Vec<Obligation>> {
    let regions: HashSet<RegionId> = keys.iter().map(|key| key.region).collect();
    let regions = region::by_ids(access, regions).await?;
    let on = today(access, on).await?;
    let mut duties = facts::obligations(access, regions, on).await?;
    let wanted: HashSet<String> = keys.iter().map(ObligationKey::text).collect();
    duties.retain(|duty| wanted.contains(&duty.id.0));
    Ok(duties)
}

/// The day for which duties are judged: today in Seoul, if no other is asked for.
async fn today(access: &Access, on: Option<Day>) -> Result<Day> {
    match on {
        Some(day) => Ok(day),
        None => access.now().await.map(Day::in_seoul),
    }
}
