use async_graphql::{Enum, SimpleObject};
use entity::assessment;
use entity::code::Grade;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Code, Error, Result};
use crate::message;
use crate::quantity::{Mass, MassUnit, Rate};
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
    /// Why numbers are missing, the most telling reason first; empty where none is.
    pub not_computed: Vec<NotComputed>,
}

impl ComputedProgress {
    pub(super) fn in_unit(mut self, unit: MassUnit) -> Self {
        self.actual_reduction = self.actual_reduction.in_unit(unit);
        self
    }
}

/// What these assessments make, beside the reported goal.
pub(super) fn of(
    assessments: &[assessment::Model],
    goal: Option<Mass>,
) -> Result<ComputedProgress> {
    let counts = counted(assessments);
    let stated = assessments.iter().filter_map(|row| row.achieved_reduction);
    let stating = stated.clone().count();
    let sum = stated.clone().try_fold(0_i64, i64::checked_add);
    let sum = sum.ok_or_else(|| Error::new(Code::Overflow, message::overflow()))?;
    let sum = (stating > 0).then_some(sum);
    let due = counts.total - counts.not_due;
    let good = Rate::of(i64::from(counts.achieved + counts.on_track), i64::from(due), 1);
    let rate = sum.zip(goal).and_then(|(sum, goal)| Rate::of(sum, goal.0, 1));
    let reasons = [
        (counts.total == 0, NotComputed::NoAssessments),
        (counts.total > 0 && due == 0, NotComputed::NothingDue),
        (counts.total > 0 && sum.is_none(), NotComputed::NoReductions),
        (goal.is_none_or(|goal| goal.0 == 0), NotComputed::NoGoal),
    ];
    let reasons = reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason);
    let how = format!("sum over {stating} of {} assessments", counts.total);
    Ok(ComputedProgress {
        measures: (counts.total > 0).then_some(counts),
        good_share: rate_of(good, "(achieved + onTrack) / (total - notDue)"),
        actual_reduction: Figure::mass(sum.map(Mass), status(sum.is_some()), derived(&how)),
        stating_reduction: i32::try_from(stating).unwrap_or(i32::MAX),
        achievement_rate: rate_of(rate, "actualReduction / reported goalReduction"),
        not_computed: reasons.collect(),
    })
}

fn counted(assessments: &[assessment::Model]) -> GradeCounts {
    let mut counts = GradeCounts::default();
    for row in assessments {
        counts.total += 1;
        *match row.grade {
            Grade::Achieved => &mut counts.achieved,
            Grade::OnTrack => &mut counts.on_track,
            Grade::Delayed => &mut counts.delayed,
            Grade::NotAchieved => &mut counts.not_achieved,
            Grade::NotDue => &mut counts.not_due,
        } += 1;
    }
    counts
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
