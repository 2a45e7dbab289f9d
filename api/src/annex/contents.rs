use std::collections::HashMap;

use super::table::{grouped, word};
use crate::access::Access;
use crate::error::{Error, Result};
use crate::history::Revision;
use crate::id::{MeasureId, OrganizationId, PlanId, SectorId};
use crate::indicator::{self, Indicator, IndicatorGoal, Measured};
use crate::measure::{self, Measure};
use crate::message::{Lang, Text, annex};
use crate::organization;
use crate::plan::{self, Plan};
use crate::quantity::{Quantity, Won};
use crate::region;
use crate::sector::{self, Sector};
use crate::source::cited;
use crate::target::{self, Target, TargetFilter, TargetKind};

/// Everything that an annex tells of a plan.
#[derive(Debug)]
pub(super) struct Contents {
    pub(super) lang: Lang,
    pub(super) plan: Plan,
    region: String,
    /// What the plan, or everybody, calls each sector, in the order of sectors.
    pub(super) sectors: Vec<(String, String)>,
    pub(super) targets: Vec<Target>,
    /// What the plan promises, as it was entered.
    pub(super) measures: Vec<Measure>,
    pub(super) leads: HashMap<OrganizationId, String>,
    pub(super) indicators: Vec<(Indicator, Vec<IndicatorGoal>)>,
    pub(super) revision: Revision,
}

impl Contents {
    /// Reads them. `NOT_FOUND` where the caller sees no such plan.
    pub(super) async fn of(access: &Access, id: PlanId, lang: Lang) -> Result<Self> {
        let plan = plan::get(access, id).await?;
        let region = region::by_ids(access, [plan.region.id]).await?.pop();
        let region = region.ok_or_else(|| Error::impossible("a plan of no region"))?;
        let labels = plan::sectors_of(access, &[id]).await?;
        let labels: HashMap<SectorId, String> =
            labels.into_iter().map(|it| (it.sector_id, it.label)).collect();
        let sectors = sector::list(access).await?.into_iter();
        let sectors = sectors.map(|sector| called(sector, &labels, lang)).collect();
        let kind = vec![TargetKind::Final, TargetKind::Annual, TargetKind::Interim];
        let filter = TargetFilter { kind, ..TargetFilter::default() };
        let targets = cited(access, target::of_plan(access, id, &filter).await?).await?;
        let measures = cited(access, measures(access, id).await?).await?;
        Ok(Self {
            lang,
            region: region.name.in_lang(lang).0.to_owned(),
            sectors,
            targets,
            leads: leads(access, &measures, lang).await?,
            measures,
            indicators: indicators(access, id).await?,
            revision: access.db().await?.revision(),
            plan,
        })
    }

    /// What the plan is, word by word.
    pub(super) fn head(&self) -> Vec<(String, String)> {
        let Plan { period, base_year, round, status, vision, reported_budget, .. } = &self.plan;
        let dash = || "–".to_owned();
        let year = |year: Option<i32>| year.map_or_else(dash, |year| year.to_string());
        let budget = reported_budget.as_ref().and_then(|budget| Won::parse(&budget.exact.0).ok());
        let budget = budget.map_or_else(dash, |won| grouped(&Quantity::of(won.0, 6, "").exact.0));
        let row = |name: Text, value: String| (self.say(&name), value);
        vec![
            row(annex::region(), self.region.clone()),
            row(annex::period(), format!("{}–{}", year(period.start), year(period.end))),
            row(annex::base_year(), year(*base_year)),
            row(annex::round(), round.to_string()),
            row(annex::status(), self.say(&word("status", status))),
            row(annex::vision(), vision.clone().unwrap_or_else(dash)),
            row(annex::reported_budget(), budget),
        ]
    }

    /// A text in the language of the annex.
    pub(super) fn say(&self, text: &Text) -> String {
        text.in_lang(self.lang).to_owned()
    }

    /// What a sector is called.
    pub(super) fn sector(&self, code: &str) -> String {
        let known = self.sectors.iter().find(|(known, _)| known == code);
        known.map_or_else(|| code.to_owned(), |(_, label)| label.clone())
    }

    /// What a measure is called.
    pub(super) fn measure(&self, id: MeasureId) -> Option<&str> {
        self.measures.iter().find(|measure| measure.id == id).map(|it| it.title.as_str())
    }
}

/// A sector as its plan calls it; in English as everybody does, where the plan has no English.
fn called(sector: Sector, labels: &HashMap<SectorId, String>, lang: Lang) -> (String, String) {
    let (name, of_name) = sector.name.in_lang(lang);
    let label = match (lang, of_name, labels.get(&sector.id)) {
        (Lang::En, Lang::En, _) | (_, _, None) => name.to_owned(),
        (_, _, Some(label)) => label.clone(),
    };
    (sector.code, label)
}

async fn measures(access: &Access, plan: PlanId) -> Result<Vec<Measure>> {
    let measures = measure::of_plans(access, &[plan]).await?;
    Ok(measures.into_iter().filter(|measure| measure.status.is_promised()).collect())
}

async fn leads(
    access: &Access,
    measures: &[Measure],
    lang: Lang,
) -> Result<HashMap<OrganizationId, String>> {
    let ids = measures.iter().filter_map(|measure| measure.lead_id);
    let leads = organization::by_ids(access, ids).await?.into_iter();
    Ok(leads.map(|lead| (lead.id, lead.name.in_lang(lang).0.to_owned())).collect())
}

async fn indicators(access: &Access, plan: PlanId) -> Result<Vec<(Indicator, Vec<IndicatorGoal>)>> {
    let indicators = indicator::of_plans(access, &[plan]).await?;
    let measured: Vec<Measured> = indicators.iter().map(Measured::from).collect();
    let goals = cited(access, indicator::goals_of(access, &measured).await?).await?;
    let mut of_each: HashMap<_, Vec<IndicatorGoal>> = HashMap::new();
    for goal in goals {
        of_each.entry(goal.indicator_id).or_default().push(goal);
    }
    let indicators = indicators.into_iter().map(|indicator| {
        let goals = of_each.remove(&indicator.id).unwrap_or_default();
        (indicator, goals)
    });
    Ok(indicators.collect())
}
