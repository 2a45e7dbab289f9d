use std::collections::HashMap;

use async_graphql::SimpleObject;
use entity::code::Metric;
use entity::target_figure::{self, Column, Entity};
use sea_orm::{EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Access;
use crate::error::Result;
use crate::quantity::{Amount, Mass, MassUnit, Rate};
use crate::source::{Citation, Figure};

/// Two statements of one target that do not agree.
#[derive(Clone, Debug, PartialEq, SimpleObject, Serialize, ToSchema)]
pub struct Contradiction {
    /// What should hold, as `base - target = reduction`.
    pub rule: String,
    /// What is stated.
    pub stated: Amount,
    /// What the other figures make.
    pub computed: Amount,
}

/// What a target states.
pub(super) struct Stated {
    pub base: Figure,
    pub target: Figure,
    pub gross_target: Figure,
    pub reduction: Figure,
    pub removals: Figure,
    pub rate: Figure,
    pub share: Figure,
}

impl Default for Stated {
    fn default() -> Self {
        Self {
            base: Figure::no_mass(),
            target: Figure::no_mass(),
            gross_target: Figure::no_mass(),
            reduction: Figure::no_mass(),
            removals: Figure::no_mass(),
            rate: Figure::no_rate(),
            share: Figure::no_rate(),
        }
    }
}

impl Stated {
    fn add(&mut self, row: target_figure::Model) {
        let citation = Citation {
            cited: [row.source_id, row.source2_id],
            confidence: row.confidence,
            derivation: row.derivation,
            note: row.note,
            approximate: row.approximate,
        };
        let status = row.status.into();
        let mass = |value: Option<i64>| value.map(Mass);
        let (place, figure) = match row.metric {
            Metric::Base => (&mut self.base, None),
            Metric::Target => (&mut self.target, None),
            Metric::GrossTarget => (&mut self.gross_target, None),
            Metric::Reduction => (&mut self.reduction, None),
            Metric::Removals => (&mut self.removals, None),
            Metric::ReductionRate => (&mut self.rate, Some(row.value.map(Rate))),
            Metric::ShareOfReduction => (&mut self.share, Some(row.value.map(Rate))),
        };
        *place = match figure {
            Some(rate) => Figure::rate(rate, status, citation.into()),
            None => Figure::mass(mass(row.value), status, citation.into()),
        };
    }
}

/// What these targets state. Who calls has seen the targets.
pub(super) async fn of_targets(
    access: &Access,
    targets: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Stated>> {
    let which = access.any_of(Column::TargetId, targets);
    let rows = Entity::find().filter(which).all(&access.db().await?).await?;
    let mut stated: HashMap<Uuid, Stated> = HashMap::new();
    for row in rows {
        stated.entry(row.target_id).or_default().add(row);
    }
    Ok(stated)
}

/// Where base, target, reduction and rate do not agree. A rate is compared to as many digits as
/// it is stated with.
pub(super) fn contradictions([base, target, reduction, rate]: [&Figure; 4]) -> Vec<Contradiction> {
    let mut found = Vec::new();
    let (base, target, reduction) = (base.as_mass(), target.as_mass(), reduction.as_mass());
    let difference = base.zip(target).and_then(|(base, target)| base.0.checked_sub(target.0));
    if let (Some(computed), Some(stated)) = (difference.map(Mass), reduction)
        && computed != stated
    {
        found.push(Contradiction {
            rule: "base - target = reduction".to_owned(),
            stated: stated.in_unit(MassUnit::Kt),
            computed: computed.in_unit(MassUnit::Kt),
        });
    }
    let less = reduction.or(difference.map(Mass));
    if let (Some(base), Some(less), Some(stated)) = (base, less, rate.as_rate())
        && let Some(computed) = Rate::of(less.0, base.0, stated.step())
        && computed != stated
    {
        found.push(Contradiction {
            rule: "reduction / base = reductionRate".to_owned(),
            stated: stated.percent(),
            computed: computed.percent(),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FigureStatus, Provenance};

    fn kt(kt: i64) -> Figure {
        let mass = Mass(kt * 1_000_000_000);
        Figure::mass(Some(mass), FigureStatus::Reported, Provenance::default())
    }

    fn percent(text: &str) -> Figure {
        let rate = Rate::parse(text).expect("a rate");
        Figure::rate(Some(rate), FigureStatus::Reported, Provenance::default())
    }

    fn rules(base: &Figure, target: &Figure, reduction: &Figure, rate: &Figure) -> Vec<String> {
        let found = contradictions([base, target, reduction, rate]);
        found
            .into_iter()
            .map(|it| format!("{} ≠ {}", it.stated.exact.0, it.computed.exact.0))
            .collect()
    }

    #[test]
    fn figures_that_agree_as_far_as_they_were_printed_are_not_flagged() {
        // Jeonbuk: 11,080 of 25,760 is 43.01 %, printed as 43.
        let found = rules(&kt(25_760), &kt(14_680), &kt(11_080), &percent("43"));
        assert_eq!(found, Vec::<String>::new());
        assert_eq!(rules(&kt(0), &kt(0), &kt(0), &percent("43")), Vec::<String>::new());
    }

    #[test]
    fn figures_that_contradict_each_other_are_flagged_with_both_numbers() {
        // Iksan: 2,130 to 1,200 kt would be 43.7 %. Suncheon: 1,758 - 1,056 is not 703.
        assert_eq!(rules(&kt(2_130), &kt(1_200), &kt(930), &percent("43.4")), ["43.4 ≠ 43.7"]);
        assert_eq!(rules(&kt(1_758), &kt(1_056), &kt(703), &percent("40")), ["703 ≠ 702"]);
    }
}
