//! What exactly a figure of emissions counts. Unlike bases do not add up, and two that are
//! unstated are unlike.

use async_graphql::{Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::code;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Faults, Result};
use crate::input;

/// Whose emissions a figure counts. Unlike boundaries do not add up.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema,
)]
#[graphql(remote = "code::Boundary")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Boundary {
    /// All of the region's.
    Total,
    /// Those under local authority (관리권한).
    Managed,
    /// The source does not say.
    #[default]
    Unstated,
}

/// Before or after removals are taken off.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema,
)]
#[graphql(remote = "code::Netting")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Netting {
    /// Before.
    Gross,
    /// After.
    Net,
    /// The source does not say.
    #[default]
    Unstated,
}

/// Emitted here, or where power and heat for here are made.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema,
)]
#[graphql(remote = "code::Flow")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Flow {
    /// Emitted here.
    Direct,
    /// Emitted where purchased power and heat are made.
    Indirect,
    /// Both together.
    Both,
    /// The source does not say.
    #[default]
    Unstated,
}

/// Counted where things are made or where they are used.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema,
)]
#[graphql(remote = "code::Accounting")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Accounting {
    /// Where made.
    Production,
    /// Where used.
    Consumption,
    /// The source does not say.
    #[default]
    Unstated,
}

/// What exactly the figures count. Unlike bases do not add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Basis {
    /// Whose emissions.
    pub boundary: Boundary,
    /// Before or after removals.
    pub netting: Netting,
    /// Direct or indirect.
    pub flow: Flow,
    /// Where they are counted.
    pub accounting: Accounting,
    /// By which guideline, as `IPCC 2006`.
    pub guideline: Option<String>,
    /// With which global warming potentials, as `AR5`.
    pub gwp_set: Option<String>,
}

/// Which bases are meant: those that agree in what is said here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, InputObject, Serialize)]
pub struct BasisFilter {
    /// Whose emissions.
    pub boundary: Option<Boundary>,
    /// Before or after removals.
    pub netting: Option<Netting>,
    /// Direct or indirect.
    pub flow: Option<Flow>,
    /// Where they are counted.
    pub accounting: Option<Accounting>,
}

/// What exactly the figures count, as a caller gives it; unstated where left out.
#[derive(Clone, Debug, Default, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct BasisInput {
    /// Whose emissions.
    pub boundary: Option<Boundary>,
    /// Before or after removals.
    pub netting: Option<Netting>,
    /// Direct or indirect.
    pub flow: Option<Flow>,
    /// Where they are counted.
    pub accounting: Option<Accounting>,
    /// By which guideline.
    pub guideline: Option<String>,
    /// With which global warming potentials.
    pub gwp_set: Option<String>,
}

impl BasisInput {
    /// The basis; its faults stand at `guideline` and `gwpSet`.
    pub fn parse(&self) -> Result<Basis> {
        let mut faults = Faults::default();
        let text =
            |text: &Option<String>| text.as_deref().map(|text| input::text(text, input::LABEL));
        let guideline = faults.maybe("guideline", text(&self.guideline));
        let gwp_set = faults.maybe("gwpSet", text(&self.gwp_set));
        let (Some(guideline), Some(gwp_set)) = (guideline, gwp_set) else {
            return faults.refuse();
        };
        Ok(Basis {
            boundary: self.boundary.unwrap_or_default(),
            netting: self.netting.unwrap_or_default(),
            flow: self.flow.unwrap_or_default(),
            accounting: self.accounting.unwrap_or_default(),
            guideline,
            gwp_set,
        })
    }
}

/// What may change about a basis. What is left out stays; null makes it unstated.
#[derive(Clone, Debug, Default, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct BasisChange {
    /// Whose emissions.
    #[schema(value_type = Option<Boundary>)]
    pub boundary: MaybeUndefined<Boundary>,
    /// Before or after removals.
    #[schema(value_type = Option<Netting>)]
    pub netting: MaybeUndefined<Netting>,
    /// Direct or indirect.
    #[schema(value_type = Option<Flow>)]
    pub flow: MaybeUndefined<Flow>,
    /// Where they are counted.
    #[schema(value_type = Option<Accounting>)]
    pub accounting: MaybeUndefined<Accounting>,
    /// By which guideline.
    #[schema(value_type = Option<String>)]
    pub guideline: MaybeUndefined<String>,
    /// With which global warming potentials.
    #[schema(value_type = Option<String>)]
    pub gwp_set: MaybeUndefined<String>,
}

impl BasisChange {
    /// What it makes of a basis; its faults stand at `guideline` and `gwpSet`.
    pub fn over(&self, before: Basis) -> Result<Basis> {
        let Basis { boundary, netting, flow, accounting, guideline, gwp_set } = before;
        let after = BasisInput {
            boundary: input::kept(self.boundary, Some(boundary)),
            netting: input::kept(self.netting, Some(netting)),
            flow: input::kept(self.flow, Some(flow)),
            accounting: input::kept(self.accounting, Some(accounting)),
            guideline: input::kept(self.guideline.clone(), guideline),
            gwp_set: input::kept(self.gwp_set.clone(), gwp_set),
        };
        after.parse()
    }
}
