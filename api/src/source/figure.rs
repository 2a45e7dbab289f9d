use async_graphql::{Enum, SimpleObject};
use entity::code;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Provenance;
use crate::quantity::{Amount, DecimalText, Mass, MassUnit, Rate, Unit};

/// What stands behind a figure, or why there is none. Null is not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::FigureStatus")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FigureStatus {
    /// Settled.
    Final,
    /// Published, but still to be settled.
    Provisional,
    /// Stated in a report or by an office.
    Reported,
    /// Worked out from other figures.
    Estimated,
    /// Invented to show something; never summed with real figures.
    Illustrative,
    /// Nobody has stated it.
    NotReported,
    /// It exists but was not estimated (NE).
    NotEstimated,
    /// It does not occur here (NO).
    NotOccurring,
    /// It is counted elsewhere (IE).
    IncludedElsewhere,
    /// It may not be published (C).
    Confidential,
    /// It is on its way.
    Pending,
    /// It makes no sense here (NA).
    NotApplicable,
}

/// How far up a fact was approved. Only approving moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "code::Approval")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Approval {
    /// By nobody.
    None,
    /// By its region.
    Region,
    /// By the province, too.
    Province,
}

impl FigureStatus {
    /// Whether it is a notation key: it stands where there is no number, and says why.
    pub const fn is_notation(self) -> bool {
        matches!(
            self,
            Self::NotReported
                | Self::NotEstimated
                | Self::NotOccurring
                | Self::IncludedElsewhere
                | Self::Confidential
                | Self::Pending
                | Self::NotApplicable
        )
    }
}

/// One stated number, with its status and provenance.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
pub struct Figure {
    /// The number, as near as a double comes; null where there is none.
    pub value: Option<f64>,
    /// The number, exactly; null where there is none.
    pub exact: Option<DecimalText>,
    /// What it counts.
    pub unit: Unit,
    /// What stands behind it, or why there is none.
    pub status: FigureStatus,
    /// Where it comes from.
    pub provenance: Provenance,
    #[graphql(skip)]
    #[serde(skip)]
    stored: Stored,
}

/// A figure's number as it is stored.
#[derive(Clone, Copy, Debug)]
enum Stored {
    Mass(Option<Mass>),
    Rate(Option<Rate>),
}

impl Figure {
    /// A mass, in kilotonnes.
    pub fn mass(mass: Option<Mass>, status: FigureStatus, provenance: Provenance) -> Self {
        let amount = mass.map(|mass| mass.in_unit(MassUnit::Kt));
        Self::of(amount, Unit::Kt, status, provenance, Stored::Mass(mass))
    }

    /// A share or rate, in percent.
    pub fn rate(rate: Option<Rate>, status: FigureStatus, provenance: Provenance) -> Self {
        Self::of(rate.map(Rate::percent), Unit::Percent, status, provenance, Stored::Rate(rate))
    }

    /// A mass that nobody has stated.
    pub fn no_mass() -> Self {
        Self::mass(None, FigureStatus::NotReported, Provenance::default())
    }

    /// A rate that nobody has stated.
    pub fn no_rate() -> Self {
        Self::rate(None, FigureStatus::NotReported, Provenance::default())
    }

    fn of(
        amount: Option<Amount>,
        unit: Unit,
        status: FigureStatus,
        provenance: Provenance,
        stored: Stored,
    ) -> Self {
        let (value, exact) = amount.map(|amount| (amount.value, amount.exact)).unzip();
        Self { value, exact, unit, status, provenance, stored }
    }

    /// The same figure in another unit; a rate stays what it is.
    pub fn in_unit(&self, unit: MassUnit) -> Self {
        match self.stored {
            Stored::Rate(_) => self.clone(),
            Stored::Mass(mass) => {
                let shown = Mass(0).in_unit(unit).unit;
                let amount = mass.map(|mass| mass.in_unit(unit));
                Self::of(amount, shown, self.status, self.provenance.clone(), self.stored)
            }
        }
    }

    /// The mass, if it is one and there is one.
    pub fn as_mass(&self) -> Option<Mass> {
        match self.stored {
            Stored::Mass(mass) => mass,
            Stored::Rate(_) => None,
        }
    }

    /// The rate, if it is one and there is one.
    pub fn as_rate(&self) -> Option<Rate> {
        match self.stored {
            Stored::Rate(rate) => rate,
            Stored::Mass(_) => None,
        }
    }
}
