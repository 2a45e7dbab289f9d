use async_graphql::{InputObject, SimpleObject};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DecimalText, fixed, split};
use crate::error::{Error, Result};

/// A number of something, whatever is counted. `value` is for charts, `exact` for accounts.
#[derive(Clone, Debug, PartialEq, SimpleObject, Serialize, ToSchema)]
pub struct Quantity {
    /// The number, as near as a double comes.
    pub value: f64,
    /// The number, exactly.
    pub exact: DecimalText,
    /// What it counts, in the source's word, as `대` or `천톤CO2eq`.
    pub unit: String,
}

impl Quantity {
    /// An integer of 10^-decimals, as it is shown.
    pub fn of(fixed: i64, decimals: u32, unit: &str) -> Self {
        let exact = Decimal::from_i128_with_scale(i128::from(fixed), decimals).normalize();
        let value = exact.to_f64().unwrap_or_default();
        Self { value, exact: DecimalText(exact.to_string()), unit: unit.to_owned() }
    }
}

/// How many digits of a decimal number behind its point say something; none where it is no number.
pub fn decimals_of(text: &str) -> Option<u32> {
    split(text.trim()).and_then(|(_, behind)| u32::try_from(behind.len()).ok())
}

/// The most digits behind the point that a number of something has.
const DIGITS: u32 = 6;

/// Reads a number of something with as many decimals as it says, at most six, and says how many
/// those are.
pub fn counted(text: &str) -> Result<(i64, i32)> {
    let decimals = decimals_of(text).unwrap_or_default().min(DIGITS);
    Ok((fixed(text, decimals)?, i32::try_from(decimals).map_err(Error::internal)?))
}

/// A number of something as a caller gives it. There is no number without a unit.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuantityInput {
    /// How much.
    pub amount: DecimalText,
    /// Of what.
    pub unit: String,
}
