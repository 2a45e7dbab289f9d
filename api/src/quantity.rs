//! Fixed-point numbers with units: no float is ever stored or added.
//!
//! Masses are millionths of a tonne of CO2 equivalent, shares millionths of a percent, money whole
//! won, each in an `i64`. What does not fit exactly is refused, never rounded.

mod counted;
mod share;
mod sum;

use async_graphql::{Enum, InputObject, InputValueError, InputValueResult, Scalar, ScalarType};
use async_graphql::{SimpleObject, Value};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Code, Error, Faults, Result};
use crate::message;

pub use counted::{Quantity, QuantityInput, counted, decimals_of};
pub use sum::{Sum, sum};

/// A decimal number, exact, as text: `"11080"`, `"-0.726"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, example = "11080")]
pub struct DecimalText(pub String);

/// What a number with a point or an exponent has lost by the time it is read cannot be known.
const AS_TEXT: &str = "write a decimal as text, for example \"220.25\": a JSON number loses digits";

/// An exact decimal number, as text; whole numbers may also be JSON numbers.
#[Scalar(name = "Decimal", specified_by_url = "https://www.w3.org/TR/xmlschema11-2/#decimal")]
impl ScalarType for DecimalText {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) if !number.is_f64() => Ok(Self(number.to_string())),
            Value::Number(_) => Err(InputValueError::custom(AS_TEXT)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl<'de> Deserialize<'de> for DecimalText {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> std::result::Result<Self, D::Error> {
        /// What JSON may hold where a decimal is wanted.
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Number(serde_json::Number),
        }
        Ok(match Written::deserialize(input)? {
            Written::Text(text) => Self(text),
            Written::Number(number) if !number.is_f64() => Self(number.to_string()),
            Written::Number(_) => return Err(serde::de::Error::custom(AS_TEXT)),
        })
    }
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Unit {
    /// Tonnes of CO2 equivalent (톤 CO2eq).
    T,
    /// Thousand tonnes of CO2 equivalent (천톤 CO2eq).
    Kt,
    /// Ten thousand tonnes of CO2 equivalent (만톤 CO2eq).
    TenKt,
    /// Million tonnes of CO2 equivalent (백만톤 CO2eq).
    Mt,
    /// Percent.
    Percent,
    /// South Korean won.
    Krw,
}

/// A unit of mass, always of CO2 equivalent.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MassUnit {
    /// Tonnes (톤).
    T,
    /// Thousand tonnes (천톤): what plans are written in.
    #[default]
    Kt,
    /// Ten thousand tonnes (만톤): what the press writes.
    TenKt,
    /// Million tonnes (백만톤).
    Mt,
}

impl MassUnit {
    /// How many digits of it are stored behind the point.
    pub const fn digits(self) -> u32 {
        match self {
            Self::T => 6,
            Self::Kt => 9,
            Self::TenKt => 10,
            Self::Mt => 12,
        }
    }

    const fn unit(self) -> Unit {
        match self {
            Self::T => Unit::T,
            Self::Kt => Unit::Kt,
            Self::TenKt => Unit::TenKt,
            Self::Mt => Unit::Mt,
        }
    }
}

/// A mass of CO2 equivalent, in millionths of a tonne.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mass(pub i64);

impl Mass {
    /// Reads a decimal number of a unit. `INVALID` with a digit too many, `OVERFLOW` beyond
    /// 9.2 billion kilotonnes.
    pub fn parse(amount: &str, unit: MassUnit) -> Result<Self> {
        fixed(amount, unit.digits()).map(Self)
    }

    /// The mass as it is shown in a unit.
    pub fn in_unit(self, unit: MassUnit) -> Amount {
        Amount::of(self.0, unit.digits(), unit.unit())
    }
}

/// A share or rate, in millionths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(pub i64);

impl Rate {
    const DIGITS: u32 = 6;

    /// Reads a decimal number of percent.
    pub fn parse(amount: &str) -> Result<Self> {
        fixed(amount, Self::DIGITS).map(Self)
    }

    /// The rate as it is shown.
    pub fn percent(self) -> Amount {
        Amount::of(self.0, Self::DIGITS, Unit::Percent)
    }
}

/// Money, in whole won.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Won(pub i64);

impl Won {
    /// Reads a decimal number of billions of won (10억 원).
    pub fn parse_billions(amount: &str) -> Result<Self> {
        fixed(amount, 9).map(Self)
    }

    /// Reads a whole number of won.
    pub fn parse(amount: &str) -> Result<Self> {
        fixed(amount, 0).map(Self)
    }

    /// The sum as it is shown.
    pub fn amount(self) -> Amount {
        Amount::of(self.0, 0, Unit::Krw)
    }
}

/// A number with its unit. `value` is for charts, `exact` for accounts.
#[derive(Clone, Debug, PartialEq, SimpleObject, Serialize, ToSchema)]
pub struct Amount {
    /// The number, as near as a double comes.
    pub value: f64,
    /// The number, exactly.
    pub exact: DecimalText,
    /// What it counts.
    pub unit: Unit,
}

impl Amount {
    fn of(fixed: i64, digits: u32, unit: Unit) -> Self {
        let exact = Decimal::from_i128_with_scale(i128::from(fixed), digits).normalize();
        let value = exact.to_f64().unwrap_or_default();
        Self { value, exact: DecimalText(exact.to_string()), unit }
    }
}

/// A mass as a caller gives it. There is no mass without a unit.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MassInput {
    /// How much.
    pub amount: DecimalText,
    /// Of what.
    pub unit: MassUnit,
}

impl MassInput {
    /// The mass; its faults stand at `amount`.
    pub fn parse(&self) -> Result<Mass> {
        Mass::parse(&self.amount.0, self.unit).map_err(|error| error.at("amount"))
    }
}

/// The unit of a sum of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WonUnit {
    /// South Korean won.
    Krw,
}

/// A sum of money as a caller gives it, in whole won.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WonInput {
    /// How much.
    pub amount: DecimalText,
    /// Of what.
    pub unit: WonUnit,
}

impl WonInput {
    /// The sum, which is not negative; its faults stand at `amount`.
    pub fn parse(&self) -> Result<Won> {
        let sum = Won::parse(&self.amount.0).map_err(|error| error.at("amount"))?;
        match sum.0 {
            0.. => Ok(sum),
            _ => Err(Error::invalid("amount", message::negative())),
        }
    }
}

/// The unit of a share or rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RateUnit {
    /// Percent.
    Percent,
}

/// A share or rate as a caller gives it.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RateInput {
    /// How much.
    pub amount: DecimalText,
    /// Of what.
    pub unit: RateUnit,
}

impl RateInput {
    /// The rate, from -1,000 to 1,000 percent; its faults stand at `amount`.
    pub fn parse(&self) -> Result<Rate> {
        let mut faults = Faults::default();
        let rate = faults.at("amount", Rate::parse(&self.amount.0));
        let limit = Rate(1_000_000_000);
        faults.rule(
            rate.is_none_or(|rate| -limit.0 <= rate.0 && rate <= limit),
            "amount",
            message::out_of_range("-1000", "1000"),
        );
        match (faults.into_error(), rate) {
            (None, Some(rate)) => Ok(rate),
            (Some(error), _) => Err(error),
            (None, None) => Err(Error::impossible("a rate is missing without a fault")),
        }
    }
}

/// A decimal number as an integer of 10^-digits. Thousands separators are not accepted: which
/// sign they are depends on the country.
pub(crate) fn fixed(text: &str, digits: u32) -> Result<i64> {
    let invalid = |text| Error::new(Code::Invalid, text);
    let overflow = || Error::new(Code::Overflow, message::overflow());
    let written = text.trim();
    let (whole, behind) = split(written).ok_or_else(|| invalid(message::not_a_number()))?;
    if behind.len() > digits as usize {
        return Err(invalid(message::too_many_digits(digits)));
    }
    let padded = format!("{whole}{behind}{}", "0".repeat(digits as usize - behind.len()));
    padded.parse().map_err(|_| overflow())
}

/// The digits before the point (with the sign) and those behind it that say something.
fn split(text: &str) -> Option<(&str, &str)> {
    let (whole, behind) = text.split_once('.').unwrap_or((text, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let well_formed = !digits.is_empty()
        && digits.bytes().chain(behind.bytes()).all(|digit| digit.is_ascii_digit())
        && !text.ends_with('.');
    well_formed.then_some((whole, behind.trim_end_matches('0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kt(text: &str) -> Result<i64> {
        Mass::parse(text, MassUnit::Kt).map(|mass| mass.0)
    }

    #[test]
    fn a_mass_is_kept_exactly() {
        for (text, shown) in [
            ("25760", "25760"),
            ("0.726", "0.726"),
            ("-3.10", "-3.1"),
            ("0.000000001", "0.000000001"),
        ] {
            let mass = Mass::parse(text, MassUnit::Kt).map(|mass| mass.in_unit(MassUnit::Kt));
            assert_eq!(mass.ok().map(|amount| amount.exact.0).as_deref(), Some(shown));
        }
        assert_eq!(kt("0.726").ok(), Mass::parse("726", MassUnit::T).ok().map(|mass| mass.0));
    }

    #[test]
    fn what_does_not_fit_is_refused_and_never_rounded() {
        for text in ["", "-", ".", "1.", ".5", "1,000", "1e3", "NaN", "٣", "0.0000000001"] {
            assert_eq!(kt(text).err().map(|error| error.code()), Some(Code::Invalid), "{text}");
        }
        for text in ["9223372037", "-99999999999999999999999999"] {
            assert_eq!(kt(text).err().map(|error| error.code()), Some(Code::Overflow), "{text}");
        }
    }
}
