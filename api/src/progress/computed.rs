use std::collections::BTreeSet;

use async_graphql::{Enum, SimpleObject};
use entity::code::{self, Grade};
use serde::Serialize;
use utoipa::ToSchema;

use super::judged::{Judged, Spent};
use super::tally::tally;
use crate::error::Result;
use crate::id::SectorId;
use crate::measure::Fund;
use crate::quantity::{Amount, Mass, MassUnit, Rate, Sum, Won};
use crate::sector::Sector;
use crate::source::{Citation, Figure, FigureStatus, Provenance};

/// Why a number could not be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NotComputed {
    /// No measure was assessed yet.
    NoAssessments,
    /// No measure that was assessed was due yet.
    NothingDue,
    /// No assessment says how much was reduced.
    NoReductions,
    /// No goal was reported that the sum could be compared with.
    NoGoal,
}

/// How many measures were assessed, by grade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GradeCounts {
    /// All of them.
    pub total: i32,
    /// What was planned is reached (달성).
    pub achieved: i32,
    /// It goes as planned (정상추진).
    pub on_track: i32,
    /// It is late (지연).
    pub delayed: i32,
    /// What was planned is not reached (미달성).
    pub not_achieved: i32,
    /// It was not due yet; no share counts it.
    pub not_due: i32,
}

/// What the assessments of a check make: the same words as reported, worked out here.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComputedProgress {
    /// How many measures, by grade; null while none is assessed.
    pub measures: Option<GradeCounts>,
    /// Those that are achieved or on track, in percent of those that were due.
    pub good_share: Figure,
    /// The sum of what the assessments say was reduced.
    pub actual_reduction: Figure,
    /// How many assessments say how much was reduced: the others add nothing to the sum.
    pub stating_reduction: i32,
    /// That sum, in percent of the reported goal.
    pub achievement_rate: Figure,
    /// The sum of what the assessed measures that were due were to reduce, as the plan has it. It
    /// is not the reported goal.
    pub goal_reduction: Figure,
    /// How many of those measures have a goal of the year: the others add nothing to the sum.
    pub stating_goal: i32,
    /// What was reduced in percent of the measures' own goals, over those that state both.
    pub measured_rate: Figure,
    /// How many measures state both.
    pub compared_measures: i32,
    /// The same sector by sector, in the order of sectors; measures of no sector come last.
    pub sectors: Vec<SectorProgress>,
    /// The money, fund by fund. Funds are not added up: what one leaves unstated may be in another.
    pub budgets: Vec<FundProgress>,
    /// Why numbers are missing, the most telling reason first; empty where none is.
    pub not_computed: Vec<NotComputed>,
}

/// What the assessments of a check make in one sector.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct SectorProgress {
    /// The code of the sector; null for measures of none.
    #[graphql(skip)]
    pub sector: Option<String>,
    #[graphql(skip)]
    #[serde(skip)]
    pub(super) sector_id: Option<SectorId>,
    /// How many measures, by grade.
    pub measures: GradeCounts,
    /// What the measures that were due were to reduce, as the plan has it.
    pub goal_reduction: Figure,
    /// How many of them have a goal of the year.
    pub stating_goal: i32,
    /// What the assessments say was reduced.
    pub actual_reduction: Figure,
    /// How many assessments say it.
    pub stating_reduction: i32,
    /// What was reduced in percent of the goals, over the measures that state both (달성률).
    pub achievement_rate: Figure,
    /// How many measures state both.
    pub compared_measures: i32,
}

/// The money of the assessed measures in the year of a check, from one fund.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FundProgress {
    /// Whose money it is.
    pub fund: Fund,
    /// What the plan has for them; null where it has nothing.
    pub planned: Option<Amount>,
    /// For how many measures it has.
    pub stating_planned: i32,
    /// What was spent; null where nobody said.
    pub executed: Option<Amount>,
    /// Of how many measures that is said.
    pub stating_executed: i32,
    /// What was spent in percent of what was planned, over the measures that state both (집행률).
    pub execution_rate: Option<Amount>,
    /// How many measures state both.
    pub compared_measures: i32,
}

impl ComputedProgress {
    pub(super) fn in_unit(mut self, unit: MassUnit) -> Self {
        let sectors = self.sectors.iter_mut();
        let figures = sectors.flat_map(|it| [&mut it.goal_reduction, &mut it.actual_reduction]);
        for figure in figures.chain([&mut self.goal_reduction, &mut self.actual_reduction]) {
            *figure = figure.in_unit(unit);
        }
        self
    }
}

/// What these assessments make, beside the reported goal. `sectors` gives the order of sectors.
pub(super) fn of(
    judged: &[Judged],
    reported: Option<Mass>,
    sectors: &[Sector],
) -> Result<ComputedProgress> {
    let all: Vec<&Judged> = judged.iter().collect();
    let counts = counted(&all);
    let told = tally(&reductions(&all))?;
    let due = counts.total - counts.not_due;
    let good = Rate::of(i64::from(counts.achieved + counts.on_track), i64::from(due), 1);
    let sum = told.actual.total;
    let rate = sum.zip(reported).and_then(|(sum, goal)| Rate::of(sum, goal.0, 1));
    let reasons = [
        (counts.total == 0, NotComputed::NoAssessments),
        (counts.total > 0 && due == 0, NotComputed::NothingDue),
        (counts.total > 0 && sum.is_none(), NotComputed::NoReductions),
        (reported.is_none_or(|goal| goal.0 == 0), NotComputed::NoGoal),
    ];
    let reasons = reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason);
    Ok(ComputedProgress {
        measures: (counts.total > 0).then_some(counts),
        good_share: rate_of(good, "(achieved + onTrack) / (total - notDue)"),
        actual_reduction: summed(told.actual, "assessments", counts.total),
        stating_reduction: count(told.actual.stating),
        achievement_rate: rate_of(rate, "actualReduction / reported goalReduction"),
        goal_reduction: summed(told.goal, "measures due", due),
        stating_goal: count(told.goal.stating),
        measured_rate: rate_of(told.rate, &over(told.compared)),
        compared_measures: count(told.compared),
        sectors: by_sector(&all, sectors)?,
        budgets: by_fund(&all)?,
        not_computed: reasons.collect(),
    })
}

fn by_sector(all: &[&Judged], sectors: &[Sector]) -> Result<Vec<SectorProgress>> {
    let mut found = Vec::new();
    for sector in sectors.iter().map(Some).chain([None]) {
        let id = sector.map(|sector| sector.id);
        let theirs: Vec<&Judged> = all.iter().filter(|it| it.sector == id).copied().collect();
        if theirs.is_empty() {
            continue;
        }
        let (measures, told) = (counted(&theirs), tally(&reductions(&theirs))?);
        found.push(SectorProgress {
            sector: sector.map(|sector| sector.code.clone()),
            sector_id: id,
            measures,
            goal_reduction: summed(told.goal, "measures due", measures.total - measures.not_due),
            stating_goal: count(told.goal.stating),
            actual_reduction: summed(told.actual, "assessments", measures.total),
            stating_reduction: count(told.actual.stating),
            achievement_rate: rate_of(told.rate, &over(told.compared)),
            compared_measures: count(told.compared),
        });
    }
    Ok(found)
}

fn by_fund(all: &[&Judged]) -> Result<Vec<FundProgress>> {
    let funds: BTreeSet<code::Fund> = all.iter().flat_map(|it| it.money.keys().copied()).collect();
    let mut found = Vec::with_capacity(funds.len());
    for fund in funds {
        let spent = all.iter().filter_map(|it| it.money.get(&fund));
        let won = |it: &Spent| (it.planned.map(|won| won.0), it.executed.map(|won| won.0));
        let told = tally(&spent.map(won).collect::<Vec<_>>())?;
        found.push(FundProgress {
            fund: fund.into(),
            planned: told.goal.total.map(|won| Won(won).amount()),
            stating_planned: count(told.goal.stating),
            executed: told.actual.total.map(|won| Won(won).amount()),
            stating_executed: count(told.actual.stating),
            execution_rate: told.rate.map(Rate::percent),
            compared_measures: count(told.compared),
        });
    }
    Ok(found)
}

/// What each measure was to reduce and did. One that was not due yet had nothing to reach.
fn reductions(all: &[&Judged]) -> Vec<(Option<i64>, Option<i64>)> {
    let goal = |it: &Judged| it.goal.filter(|_| it.row.grade != Grade::NotDue).map(|goal| goal.0);
    all.iter().map(|it| (goal(it), it.row.achieved_reduction)).collect()
}

fn counted(all: &[&Judged]) -> GradeCounts {
    let mut counts = GradeCounts::default();
    for it in all {
        counts.total += 1;
        *match it.row.grade {
            Grade::Achieved => &mut counts.achieved,
            Grade::OnTrack => &mut counts.on_track,
            Grade::Delayed => &mut counts.delayed,
            Grade::NotAchieved => &mut counts.not_achieved,
            Grade::NotDue => &mut counts.not_due,
        } += 1;
    }
    counts
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn summed(sum: Sum, of: &str, all: i32) -> Figure {
    let how = format!("sum over {} of {all} {of}", sum.stating);
    Figure::mass(sum.total.map(Mass), status(sum.total.is_some()), derived(&how))
}

fn over(compared: usize) -> String {
    format!("actualReduction / goalReduction over the {compared} measures that state both")
}

fn rate_of(rate: Option<Rate>, how: &str) -> Figure {
    Figure::rate(rate, status(rate.is_some()), derived(how))
}

const fn status(there: bool) -> FigureStatus {
    if there { FigureStatus::Estimated } else { FigureStatus::Pending }
}

fn derived(how: &str) -> Provenance {
    Citation { derivation: Some(how.to_owned()), ..Citation::default() }.into()
}
