use async_graphql::SimpleObject;
use entity::progress_check;
use serde::Serialize;
use utoipa::ToSchema;

use super::cited;
use crate::quantity::{Mass, MassUnit, Rate};
use crate::source::{Cites, Figure, FigureStatus, Provenance};
use crate::target::Contradiction;

/// How many measures there were, by how they stood; null where that was not reported.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeasureCounts {
    /// All of them.
    pub total: Option<i32>,
    /// Those that were assessed: the others were not due yet.
    pub assessed: Option<i32>,
    /// Those that reached what was planned (달성).
    pub achieved: Option<i32>,
    /// Those that go as planned (정상추진).
    pub on_track: Option<i32>,
    /// All others that were assessed: late, or not reached (지연, 미달성).
    pub other: Option<i32>,
}

/// What was reported of a year as a whole, as it was reported.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportedProgress {
    /// How many measures.
    pub measures: MeasureCounts,
    /// Those that were achieved or on track, in percent of those assessed.
    pub good_share: Figure,
    /// How much was to be reduced in the year.
    pub goal_reduction: Figure,
    /// How much was reduced, or is held to have been.
    pub actual_reduction: Figure,
    /// What was reduced, in percent of what was to be.
    pub achievement_rate: Figure,
    /// Where the numbers contradict each other. They are kept as reported.
    pub contradictions: Vec<Contradiction>,
}

impl ReportedProgress {
    pub(super) fn in_unit(mut self, unit: MassUnit) -> Self {
        for figure in [&mut self.goal_reduction, &mut self.actual_reduction] {
            *figure = figure.in_unit(unit);
        }
        self
    }
}

impl Cites for ReportedProgress {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        let Self { good_share, goal_reduction, actual_reduction, achievement_rate, .. } = self;
        let figures = [good_share, goal_reduction, actual_reduction, achievement_rate];
        figures.into_iter().map(|figure| &mut figure.provenance).collect()
    }
}

/// What a row reports.
pub(super) fn of(row: &progress_check::Model) -> ReportedProgress {
    let provenance = Provenance::from(cited(row));
    let mass = |stored: Option<i64>| mass(stored, &provenance);
    let rate = |stored: Option<i64>| rate(stored, &provenance);
    ReportedProgress {
        measures: MeasureCounts {
            total: row.measures_total,
            assessed: row.measures_assessed,
            achieved: row.measures_achieved,
            on_track: row.measures_on_track,
            other: row.measures_other,
        },
        good_share: rate(row.good_share),
        goal_reduction: mass(row.goal_reduction),
        actual_reduction: mass(row.actual_reduction),
        achievement_rate: rate(row.achievement_rate),
        contradictions: contradictions(row),
    }
}

/// A reported mass, with the provenance of its row; one that is not there cites nothing.
pub(super) fn mass(stored: Option<i64>, provenance: &Provenance) -> Figure {
    stored.map_or_else(Figure::no_mass, |stored| {
        Figure::mass(Some(Mass(stored)), FigureStatus::Reported, provenance.clone())
    })
}

/// A reported rate, with the provenance of its row; one that is not there cites nothing.
pub(super) fn rate(stored: Option<i64>, provenance: &Provenance) -> Figure {
    stored.map_or_else(Figure::no_rate, |stored| {
        Figure::rate(Some(Rate(stored)), FigureStatus::Reported, provenance.clone())
    })
}

/// Where shares do not follow from what they are shares of, to the digits they are printed with.
fn contradictions(row: &progress_check::Model) -> Vec<Contradiction> {
    let good = row.measures_achieved.zip(row.measures_on_track);
    let good = good.map(|(achieved, on_track)| i64::from(achieved) + i64::from(on_track));
    let assessed = row.measures_assessed.map(i64::from);
    let found = [
        differs("(achieved + onTrack) / assessed = goodShare", row.good_share, (good, assessed)),
        differs(
            "actualReduction / goalReduction = achievementRate",
            row.achievement_rate,
            (row.actual_reduction, row.goal_reduction),
        ),
    ];
    found.into_iter().flatten().collect()
}

fn differs(
    rule: &str,
    stated: Option<i64>,
    (part, whole): (Option<i64>, Option<i64>),
) -> Option<Contradiction> {
    let stated = Rate(stated?);
    let computed = Rate::of(part?, whole?, stated.step())?;
    (computed != stated).then(|| Contradiction {
        rule: rule.to_owned(),
        stated: stated.percent(),
        computed: computed.percent(),
    })
}
