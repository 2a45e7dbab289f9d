use std::collections::HashSet;

use serde::Serialize;

use super::{Obligation, ObligationCode, ObligationStatus, facts, today};
use crate::access::Access;
use crate::date::Day;
use crate::error::Result;
use crate::id::{AnyId, Id as _, PlanId, RegionId};
use crate::page::{self, Page, PageRequest};
use crate::plan;
use crate::region::{self, Region, RegionBy, RegionFilter};

/// Which duties a list holds, of whichever bodies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct DutyFilter {
    /// By one of these rules; by any, if none is named.
    pub rule: Vec<ObligationCode>,
    /// That stand like one of these; like any, if none is named.
    pub status: Vec<ObligationStatus>,
    /// Due in this year.
    pub year: Option<i32>,
    /// As they stand on this day; today in Seoul, if not said.
    #[serde(skip)]
    pub on: Option<Day>,
}

impl DutyFilter {
    fn fits(&self, duty: &Obligation) -> bool {
        (self.rule.is_empty() || self.rule.contains(&duty.rule))
            && (self.status.is_empty() || self.status.contains(&duty.status))
            && self.year.is_none_or(|year| duty.year == Some(year))
    }
}

/// Which duties a list holds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ObligationFilter {
    /// Those of this region itself.
    pub region: Option<RegionBy>,
    /// Those of the regions somewhere below this one.
    pub within: Option<RegionBy>,
    /// Those about this plan.
    pub plan: Option<AnyId>,
    /// And which.
    pub duty: DutyFilter,
}

/// One page of the duties that fit, by the day they are due, those of which that is not known last.
pub async fn page(
    access: &Access,
    filter: &ObligationFilter,
    request: &PageRequest,
) -> Result<Page<Obligation>> {
    let plan = match &filter.plan {
        None => None,
        Some(id) => Some(PlanId::parse_at("plan", id)?),
    };
    let mut regions = bodies(access, filter).await?;
    if let Some(plan) = plan {
        let site = plan::site_of(access, plan).await.map_err(|error| error.at("plan"))?;
        regions.retain(|region| region.id.0 == site.region);
    }
    let mut found = fitting(access, regions, &filter.duty).await?;
    found.retain(|duty| plan.is_none() || duty.plan_id == plan);
    page::computed(found, |duty| &duty.id.0, &("OBLIGATION", filter), request)
}

/// The duties of these regions themselves that fit, by the day they are due.
pub async fn of_regions(
    access: &Access,
    regions: &[RegionId],
    filter: &DutyFilter,
) -> Result<Vec<Obligation>> {
    let regions = region::by_ids(access, regions.iter().copied()).await?;
    fitting(access, regions, filter).await
}

/// The duties about these plans that fit, by the day they are due.
pub async fn of_plans(
    access: &Access,
    plans: &[PlanId],
    filter: &DutyFilter,
) -> Result<Vec<Obligation>> {
    let seen = plan::by_ids(access, plans.iter().copied()).await?;
    let regions: HashSet<RegionId> = seen.iter().map(|plan| plan.region.id).collect();
    let regions: Vec<RegionId> = regions.into_iter().collect();
    let mut found = of_regions(access, &regions, filter).await?;
    found.retain(|duty| duty.plan_id.is_some_and(|plan| plans.contains(&plan)));
    Ok(found)
}

async fn bodies(access: &Access, filter: &ObligationFilter) -> Result<Vec<Region>> {
    let own = match &filter.region {
        None => None,
        Some(by) => Some(region::get(access, by).await.map_err(|error| error.at("region"))?),
    };
    if let (Some(own), None) = (&own, &filter.within) {
        return Ok(vec![own.clone()]);
    }
    let below = RegionFilter { within: filter.within.clone(), ..RegionFilter::default() };
    let mut regions = region::list(access, &below).await?;
    regions.retain(|region| own.as_ref().is_none_or(|own| own.id == region.id));
    Ok(regions)
}

async fn fitting(
    access: &Access,
    regions: Vec<Region>,
    filter: &DutyFilter,
) -> Result<Vec<Obligation>> {
    let on = today(access, filter.on).await?;
    let mut found = facts::obligations(access, regions, on).await?;
    found.retain(|duty| filter.fits(duty));
    found.sort_by(|one, other| order(one).cmp(&order(other)));
    Ok(found)
}

type Order<'a> = (bool, Option<Day>, &'a str, ObligationCode, Option<i32>, Option<i32>);

fn order(duty: &Obligation) -> Order<'_> {
    let Obligation { last_day, region, rule, cycle, pass, .. } = duty;
    (last_day.is_none(), *last_day, &region.code, *rule, *cycle, *pass)
}
