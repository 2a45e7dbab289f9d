//! Data that come and go in bulk. So far: data packs, folders of CSV files with figures and their
//! sources.
//!
//! A pack is loaded whole or not at all: one row that cannot be, and nothing is. Loading it again
//! changes nothing. What a pack says is kept as it says it, contradictions and half-known dates
//! included.

mod pack;
mod report;
mod row;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use uuid::Uuid;

pub use pack::Pack;
pub use report::{FileReport, Rejection, Report};

use crate::access::Access;
use crate::advice::{forums, issues};
use crate::basis::Boundary;
use crate::error::{Code, Error, Result};
use crate::history::{Change, Written};
use crate::{
    indicator, inventory, measure, message, organization, plan, procedure, progress, region,
    sector, source, target,
};
use row::Table;

/// A load may hold up other writers for as long.
const DEADLINE: Duration = Duration::from_secs(120);

/// What the rows of a pack refer to, by the names the pack uses.
#[derive(Debug, Default)]
struct Known {
    sources: HashMap<String, Uuid>,
    regions: HashMap<String, Uuid>,
    organizations: HashMap<String, Uuid>,
    sectors: HashMap<String, Uuid>,
    plans: HashMap<String, PlanRef>,
    checks: HashMap<String, Uuid>,
    forums: HashMap<String, Uuid>,
    /// Each with its plan.
    measures: HashMap<String, (Uuid, Uuid)>,
    indicators: HashMap<String, indicator::LoadedRef>,
}

/// A plan, as its sectors and targets refer to it.
#[derive(Clone, Copy, Debug)]
struct PlanRef {
    id: Uuid,
    region: Uuid,
    boundary: Boundary,
}

/// Loads a pack. The report says what happened to each row, or would have, were nothing wrong with
/// another; `loaded` says which.
pub async fn load(access: &Access, pack: Pack) -> Result<Report> {
    load_as(access, "load", pack).await
}

/// The same, under another name in the log.
pub async fn load_as(access: &Access, action: &'static str, pack: Pack) -> Result<Report> {
    let report = Arc::new(Mutex::new(Report::new(&pack)));
    let theirs = report.clone();
    let done = access
        .change_within(DEADLINE, action, async move |change| {
            let found = files(change, &pack).await?;
            let rejected = found.iter().any(|file| !file.rejected.is_empty());
            theirs.lock().unwrap_or_else(PoisonError::into_inner).files = found;
            if rejected { Err(Error::new(Code::Invalid, message::invalid_input())) } else { Ok(()) }
        })
        .await;
    let mut report = std::mem::take(&mut *report.lock().unwrap_or_else(PoisonError::into_inner));
    match done {
        Ok(()) => report.loaded = true,
        // Only what the report tells; anything else is no verdict on the pack.
        Err(_) if report.files.iter().any(|file| !file.rejected.is_empty()) => {}
        Err(error) => return Err(error),
    }
    Ok(report)
}

/// The files, in the order in which they refer to each other.
async fn files(change: &Change, pack: &Pack) -> Result<Vec<FileReport>> {
    let mut known = Known::default();
    let mut reports = Vec::new();

    if let Some(table) = pack.table("sources.csv") {
        let (rows, report) = table.read(&row::SOURCE, |row| row.source(pack));
        reports.push(report.with(source::load(change, rows).await?));
    }
    known.sources = source::external_ids(change).await?.into_iter().collect();

    if let Some(table) = pack.table("regions.csv") {
        let codes = region::codes(change).await?.into_iter().map(|(code, _)| code).collect();
        let codes = table.column("region_code", codes);
        let mut parents = region::parents(change).await?;
        let given = table.pairs("region_code", "parent_code").into_iter();
        parents.extend(given.filter(|(_, above)| !above.is_empty()));
        let circular = region::above_themselves(&parents);
        let (rows, report) = table.read(&row::REGION, |row| {
            row.below_itself(&circular);
            row.region(pack, &known, &codes)
        });
        reports.push(report.with(region::load(change, rows).await?));
    }
    known.regions = region::codes(change).await?.into_iter().collect();

    known.organizations = organization::external_ids(change).await?.into_iter().collect();
    if let Some(table) = pack.table("organizations.csv") {
        let parents = table.pairs("org_id", "parent_org_id");
        let of = |row: &mut row::Row<'_>| row.organization(pack, &known, &parents);
        let (rows, report) = table.read(&row::ORGANIZATION, of);
        reports.push(report.with(organization::load(change, rows).await?));
        known.organizations = organization::external_ids(change).await?.into_iter().collect();
    }

    if let Some(table) = pack.table("sectors.csv") {
        let (rows, report) = table.read(&row::SECTOR, |row| row.sector(pack, &known));
        reports.push(report.with(sector::load(change, rows).await?));
    }
    known.sectors = sector::codes(change).await?.into_iter().collect();

    if let Some(table) = pack.table("region_statistics.csv") {
        let (rows, report) = table.read(&row::STATISTIC, |row| row.statistic(pack, &known));
        reports.push(report.with(region::statistics::load(change, rows).await?));
    }
    if let Some(table) = pack.table("emissions.csv") {
        let (rows, report) = table.read(&row::EMISSION, |row| row.emission(pack, &known));
        reports.push(report.with(inventory::load(change, rows).await?));
    }

    if let Some(table) = pack.table("plans.csv") {
        let (rows, report) = table.read(&row::PLAN, |row| row.plan(pack, &known));
        reports.push(report.with(plan::load(change, rows).await?));
    }
    known.plans = plans(change).await?;

    if let Some(table) = pack.table("plan_sectors.csv") {
        let (rows, report) = table.read(&row::PLAN_SECTOR, |row| row.plan_sector(pack, &known));
        reports.push(report.with(plan::load_sectors(change, rows).await?));
    }
    if let Some(table) = pack.table("targets.csv") {
        let mut said = HashSet::new();
        let (rows, report) = table.read(&row::TARGET, |row| {
            let target = row.target(pack, &known)?;
            row.only_once(said.insert(target.number()), "metric");
            Some(target)
        });
        reports.push(report.with(target::load(change, rows).await?));
    }
    if let Some(table) = pack.table("measures.csv") {
        let (rows, report) = table.read(&row::MEASURE, |row| row.measure(pack, &known));
        reports.push(report.with(measure::load(change, rows).await?));
    }
    known.measures = measure::loaded(change)
        .await?
        .into_iter()
        .map(|it| (it.external_id, (it.id.0, it.plan.0)))
        .collect();
    reports.extend(indicators(change, pack, &mut known).await?);
    reports.extend(process(change, pack, &mut known).await?);
    Ok(reports)
}

/// What is measured, what it is to reach and what it was.
async fn indicators(change: &Change, pack: &Pack, known: &mut Known) -> Result<Vec<FileReport>> {
    let mut reports = Vec::new();
    let (goals, observations) = ("indicator_goals.csv", "indicator_observations.csv");
    if let Some(table) = pack.table("indicators.csv") {
        let decimals = row::decimals(&[pack.table(goals), pack.table(observations)]);
        let read = table.read(&row::INDICATOR, |row| row.indicator(pack, known, &decimals));
        reports.push(read.1.with(indicator::load(change, read.0).await?));
    }
    let loaded = indicator::loaded(change).await?.into_iter();
    known.indicators = loaded.map(|it| (it.external_id.clone(), it)).collect();
    if let Some(table) = pack.table(goals) {
        let (rows, report) = table.read(&row::GOAL, |row| row.goal(pack, known));
        reports.push(report.with(indicator::load_goals(change, rows).await?));
    }
    if let Some(table) = pack.table(observations) {
        let (rows, report) = table.read(&row::OBSERVATION, |row| row.observation(pack, known));
        reports.push(report.with(indicator::load_observations(change, rows).await?));
    }
    Ok(reports)
}

/// The files about how plans are made and carried out.
async fn process(change: &Change, pack: &Pack, known: &mut Known) -> Result<Vec<FileReport>> {
    let mut reports = Vec::new();
    if let Some(table) = pack.table("procedure_events.csv") {
        let (rows, report) = table.read(&row::MILESTONE, |row| row.milestone(pack, known));
        reports.push(report.with(procedure::load(change, rows).await?));
    }
    if let Some(table) = pack.table("progress_reports.csv") {
        let of = |row: &mut row::Row<'_>| row.progress_check(pack, known);
        let (rows, report) = table.read(&row::PROGRESS_CHECK, of);
        reports.push(report.with(progress::load(change, rows).await?));
    }
    known.checks = progress::external_ids(change).await?.into_iter().collect();

    if let Some(table) = pack.table("progress_sector_results.csv") {
        let of = |row: &mut row::Row<'_>| row.progress_sector(pack, known);
        let (rows, report) = table.read(&row::PROGRESS_SECTOR, of);
        reports.push(report.with(progress::load_sectors(change, rows).await?));
    }
    if let Some(table) = pack.table("issues.csv") {
        let (rows, report) = table.read(&row::ISSUE, |row| row.issue(pack, known));
        reports.push(report.with(issues::load(change, rows).await?));
    }
    if let Some(table) = pack.table("forums.csv") {
        let (rows, report) = table.read(&row::FORUM, |row| row.forum(pack, known));
        reports.push(report.with(forums::load(change, rows).await?));
    }
    known.forums = forums::external_ids(change).await?.into_iter().collect();

    if let Some(table) = pack.table("forum_sessions.csv") {
        let of = |row: &mut row::Row<'_>| row.forum_session(pack, known);
        let (rows, report) = table.read(&row::FORUM_SESSION, of);
        reports.push(report.with(forums::load_sessions(change, rows).await?));
    }
    Ok(reports)
}

async fn plans(change: &Change) -> Result<HashMap<String, PlanRef>> {
    let loaded = plan::loaded(change).await?;
    let plans = loaded.into_iter().map(|plan| {
        let plan::LoadedRef { external_id, id, region, boundary } = plan;
        (external_id, PlanRef { id: id.0, region: region.0, boundary })
    });
    Ok(plans.collect())
}

impl FileReport {
    fn with(mut self, written: Vec<Written>) -> Self {
        for written in written {
            match written {
                Written::Created => self.created += 1,
                Written::Updated => self.updated += 1,
                Written::Unchanged => self.unchanged += 1,
            }
        }
        self
    }
}

impl Pack {
    fn table(&self, file: &str) -> Option<Table> {
        self.files.get(file).map(|bytes| Table::parse(file, bytes))
    }
}
