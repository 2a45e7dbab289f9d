//! What is due and what is planned, of a region or an organization, as a calendar.

use std::collections::HashSet;

use super::ics::{self, Event};
use super::{Obligation, facts, today};
use crate::access::Access;
use crate::date::{PartialDate, Precision};
use crate::error::{Error, Result};
use crate::id::{AnyId, Id as _, OrganizationId, PlanId, RegionId};
use crate::message::{self, Lang};
use crate::organization::{self, Organization, OrganizationKind};
use crate::plan::{self, Plan};
use crate::procedure::{self, Milestone};
use crate::region::{self, Region, RegionBy};

/// Whose calendar it is.
#[derive(Clone, Debug)]
pub enum CalendarOf {
    /// Of a region itself.
    Region(RegionBy),
    /// Of an organization: of the region that it governs, and of what it holds.
    Organization(AnyId),
}

/// What is due and planned from the beginning of last year to the end of the next one, as RFC 5545
/// has it. A month that is known alone is an entry of that month.
pub async fn calendar(access: &Access, of: &CalendarOf, lang: Lang) -> Result<String> {
    let today = today(access, None).await?;
    let years = (today.0.year() - 1)..=(today.0.year() + 1);
    let (name, region, organization) = subject(access, of, lang).await?;
    let mut events = Vec::new();
    let mut milestones = Vec::new();
    let mut plans = Vec::new();
    if let Some(region) = region {
        plans = plan::of_regions(access, &[region.id]).await?;
        let ids: Vec<PlanId> = plans.iter().map(|plan| plan.id).collect();
        milestones = procedure::of_plans(access, &ids).await?;
        let duties = facts::obligations(access, vec![region], today).await?;
        events.extend(duties.iter().filter_map(|duty| due(duty, lang)));
    }
    if let Some(organization) = organization {
        let held = procedure::held_by(access, organization).await?;
        let known: HashSet<_> = milestones.iter().map(|it| it.id).collect();
        milestones.extend(held.into_iter().filter(|it| !known.contains(&it.id)));
        let known: HashSet<PlanId> = plans.iter().map(|plan| plan.id).collect();
        let others = milestones.iter().map(|it| it.plan_id).filter(|id| !known.contains(id));
        let others: HashSet<PlanId> = others.collect();
        plans.extend(plan::by_ids(access, others).await?);
    }
    events.extend(milestones.iter().filter_map(|it| planned(it, &plans)));
    events.retain(|event| years.contains(&event.from.0.year()));
    events.sort_by(|one, other| (one.from, &one.uid).cmp(&(other.from, &other.uid)));
    Ok(ics::calendar(&name, access.db().await?.at(), &events))
}

type Subject = (String, Option<Region>, Option<OrganizationId>);

async fn subject(access: &Access, of: &CalendarOf, lang: Lang) -> Result<Subject> {
    match of {
        CalendarOf::Region(by) => {
            let region = region::get(access, by).await.map_err(|error| error.at("region"))?;
            Ok((region.name.in_lang(lang).0.to_owned(), Some(region), None))
        }
        CalendarOf::Organization(id) => {
            let id = OrganizationId::parse_at("organization", id)?;
            let body = organization::get(access, id).await;
            let body = body.map_err(|error| error.at("organization"))?;
            let region = match governed(&body) {
                None => None,
                Some(region) => region::by_ids(access, [region]).await?.pop(),
            };
            Ok((body.name.in_lang(lang).0.to_owned(), region, Some(id)))
        }
    }
}

/// The region whose government an organization is.
fn governed(body: &Organization) -> Option<RegionId> {
    let governs =
        matches!(body.kind, OrganizationKind::ProvinceGovernment | OrganizationKind::Municipality);
    body.region.as_ref().filter(|_| governs).map(|region| region.id)
}

/// Whose calendar is asked for: one of a region or of an organization.
impl CalendarOf {
    /// Reads what a caller names. `INVALID` for both, or neither.
    pub fn parse(region: Option<String>, organization: Option<String>) -> Result<Self> {
        match (region, organization) {
            (Some(code), None) => Ok(Self::Region(RegionBy::Code(code))),
            (None, Some(id)) => Ok(Self::Organization(AnyId(id))),
            _ => Err(Error::invalid("region", message::region_or_organization())),
        }
    }
}

/// The entry of a duty: the last day on which it is in time, or the month that is known alone.
fn due(duty: &Obligation, lang: Lang) -> Option<Event> {
    let last = duty.last_day?;
    let by_rule = duty.due.as_ref()?;
    let whole = by_rule.precision != Precision::Day && duty.extended_to.is_none();
    let (from, to) = if whole { (by_rule.from, by_rule.to) } else { (last, last) };
    let name = duty.name.in_lang(lang).0;
    let article = match lang {
        Lang::Ko => duty.article.ko,
        Lang::En => duty.article.en,
    };
    let mut description = vec![article.to_owned()];
    if let Some(year) = duty.of_year {
        description.push(message::of_year(year).in_lang(lang).to_owned());
    }
    if let Some(reason) = &duty.extension_reason {
        description.push(message::extended(&last.to_string(), reason).in_lang(lang).to_owned());
    }
    if let Some(done) = &duty.done_on {
        description.push(message::done_on(&done.text).in_lang(lang).to_owned());
    }
    Some(Event {
        uid: format!("{}@dure", duty.id.0),
        from,
        to,
        summary: with_date(name, by_rule, whole),
        description: description.join("\n"),
        category: duty.rule.text(),
    })
}

/// The entry of a milestone that is planned.
fn planned(milestone: &Milestone, plans: &[Plan]) -> Option<Event> {
    let on = milestone.planned_on.as_ref()?;
    let plan = plans.iter().find(|plan| plan.id == milestone.plan_id)?;
    let what = milestone.summary.as_ref().or(milestone.reported_kind.as_ref());
    let kind = milestone.kind.text();
    let summary = format!("{}: {}", plan.title, what.unwrap_or(&kind));
    let to = milestone.ended_on.as_ref().map_or(on.to, |ended| ended.to.max(on.to));
    Some(Event {
        uid: format!("{}@dure", milestone.id),
        from: on.from,
        to,
        summary: with_date(&summary, on, on.precision != Precision::Day),
        description: milestone.place.clone().unwrap_or_default(),
        category: kind,
    })
}

/// A summary says what part of its date is known.
fn with_date(summary: &str, on: &PartialDate, whole: bool) -> String {
    if whole { format!("{summary} ({})", on.text) } else { summary.to_owned() }
}
