use entity::code::{Accounting, Boundary, FigureStatus, Flow, Gas, Netting};
use entity::emission;
use uuid::Uuid;

/// What makes a row of a region's inventory that row: two with the same key say the same thing.
/// What was invented never stands in the place of what is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    region: Uuid,
    year: Option<i32>,
    sector: Option<Uuid>,
    label: Option<String>,
    gas: (Gas, Option<String>),
    basis: (Boundary, Netting, Flow, Accounting),
    methods: (Option<String>, Option<String>),
    scope: Option<String>,
    vintage: Option<i32>,
    illustrative: bool,
}

impl From<&emission::Model> for Key {
    fn from(row: &emission::Model) -> Self {
        Self {
            region: row.region_id,
            year: row.year,
            sector: row.sector_id,
            label: row.label.clone(),
            gas: (row.gas, row.reported_gas.clone()),
            basis: (row.boundary, row.netting, row.flow, row.accounting),
            methods: (row.guideline.clone(), row.gwp_set.clone()),
            scope: row.reported_scope.clone(),
            vintage: row.vintage,
            illustrative: row.status == FigureStatus::Illustrative,
        }
    }
}
