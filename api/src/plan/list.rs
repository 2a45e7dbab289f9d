use std::pin::Pin;

use async_graphql::{Enum, InputObject};
use entity::code;
use entity::plan::{Column, Entity};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use serde::Serialize;

use super::{Plan, PlanKind, PlanStatus, REPORTED, Visibility, complete, visible};
use crate::access::Access;
use crate::error::{Code, Error, Result};
use crate::filter::{IntFilter, StringFilter, changed_after, code_filter, codes};
use crate::history::AnyRevision;
use crate::message;
use crate::page::{By, Listed, Page, PageRequest};
use crate::region::{self, RegionBy};

code_filter! {
    /// Compares the kind of a plan.
    PlanKindFilter of PlanKind
}
code_filter! {
    /// Compares how far a plan has come.
    PlanStatusFilter of PlanStatus
}
code_filter! {
    /// Compares who may read a plan.
    VisibilityFilter of Visibility
}

/// Which plans a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct PlanFilter {
    /// All of these hold.
    pub and: Option<Vec<PlanFilter>>,
    /// One of these holds.
    pub or: Option<Vec<PlanFilter>>,
    /// This does not hold.
    pub not: Option<Box<PlanFilter>>,
    /// The plans of this region.
    pub region: Option<RegionBy>,
    /// The plans of the regions somewhere below this one.
    pub within: Option<RegionBy>,
    /// What it is called.
    pub title: Option<StringFilter>,
    /// What kind it is.
    pub kind: Option<PlanKindFilter>,
    /// How far it has come.
    pub status: Option<PlanStatusFilter>,
    /// Who may read it.
    pub visibility: Option<VisibilityFilter>,
    /// Which cycle it is of.
    pub round: Option<IntFilter>,
    /// Its first year.
    pub period_start: Option<IntFilter>,
    /// Its last year.
    pub period_end: Option<IntFilter>,
    /// Only those whose row was written after this revision.
    pub changed_after: Option<AnyRevision>,
}

/// What plans can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize)]
pub enum PlanOrderField {
    /// When it was entered.
    Created,
    /// Its title, by code point.
    Title,
    /// Its cycle.
    Round,
    /// Its first year; plans without one come last.
    PeriodStart,
}

/// Up or down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum, Serialize)]
pub enum Direction {
    /// From the smallest up.
    #[default]
    Asc,
    /// From the largest down.
    Desc,
}

/// One term of an order.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct PlanOrder {
    /// By what.
    pub field: PlanOrderField,
    /// Which way.
    #[graphql(default)]
    pub direction: Direction,
}

impl PlanOrder {
    fn by(&self) -> By<Entity> {
        let column = match self.field {
            PlanOrderField::Created => Column::Id,
            PlanOrderField::Title => Column::Title,
            PlanOrderField::Round => Column::Round,
            PlanOrderField::PeriodStart => Column::PeriodStart,
        };
        By { column, descending: self.direction == Direction::Desc }
    }
}

/// One page of the plans that fit.
pub async fn page(
    access: &Access,
    filter: &PlanFilter,
    order: &[PlanOrder],
    request: &PageRequest,
) -> Result<Page<Plan>> {
    let limit = |most, asked| Error::new(Code::LimitExceeded, message::at_most(most, asked));
    if filter.size() > CONDITIONS {
        return Err(limit(CONDITIONS, filter.size()).at("filter"));
    }
    if order.len() > TERMS {
        return Err(limit(TERMS, order.len()).at("orderBy"));
    }
    let select = visible(access).filter(filter.condition(access).await?);
    let order = order.iter().map(PlanOrder::by).collect();
    let page = Listed::new(select, order, filter).page(access, request).await?;
    let rows = page.items.iter().map(|(row, _)| row.clone()).collect();
    Ok(page.zip(complete(access, rows).await?))
}

/// More filters within filters than this are no question that anybody asks.
const CONDITIONS: usize = 50;
/// More terms than there are fields order nothing any more.
const TERMS: usize = 8;

impl PlanFilter {
    /// How many filters there are within it, itself among them.
    fn size(&self) -> usize {
        let within = self.and.iter().flatten().chain(self.or.iter().flatten());
        1 + within.chain(self.not.as_deref()).map(Self::size).sum::<usize>()
    }

    /// As a condition. A region that a caller names must exist.
    fn condition<'a>(
        &'a self,
        access: &'a Access,
    ) -> Pin<Box<dyn Future<Output = Result<Condition>> + Send + 'a>> {
        Box::pin(async move {
            let mut all = self.own_columns(access)?;
            if let Some(by) = &self.region {
                let region = region::get(access, by).await.map_err(|error| error.at("region"))?;
                all = all.add(Column::RegionId.eq(region.id.0));
            }
            if let Some(by) = &self.within {
                let within =
                    region::RegionFilter { within: Some(by.clone()), ..Default::default() };
                let below = region::list(access, &within).await?;
                let below = below.into_iter().map(|region| region.id.0);
                all = all.add(access.any_of(Column::RegionId, below));
            }
            for filter in self.and.iter().flatten() {
                all = all.add(filter.condition(access).await?);
            }
            if let Some(filters) = &self.or {
                let mut any = Condition::any();
                for filter in filters {
                    any = any.add(filter.condition(access).await?);
                }
                all = all.add(any);
            }
            if let Some(filter) = &self.not {
                all = all.add(filter.condition(access).await?.not());
            }
            Ok(all)
        })
    }

    fn own_columns(&self, access: &Access) -> Result<Condition> {
        let mut all = Condition::all();
        if let Some(title) = &self.title {
            all = all.add(title.on(access, Column::Title));
        }
        if let Some(kind) = &self.kind {
            all = all.add(codes(Column::Kind, |code: code::PlanKind| kind.fits(code.into())));
        }
        if let Some(visibility) = &self.visibility {
            let fits = |code: code::Visibility| visibility.fits(code.into());
            all = all.add(codes(Column::Visibility, fits));
        }
        if let Some(status) = &self.status {
            all = all.add(with_status(status));
        }
        let numbers = [
            (&self.round, Column::Round),
            (&self.period_start, Column::PeriodStart),
            (&self.period_end, Column::PeriodEnd),
        ];
        for (filter, column) in numbers {
            all = all.add_option(filter.as_ref().map(|filter| filter.on(column)));
        }
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}

/// The plans whose status, as it is worked out, fits.
fn with_status(filter: &PlanStatusFilter) -> Condition {
    let words = REPORTED.iter().filter(|(_, status)| filter.fits(*status)).map(|(word, _)| *word);
    let mut any = Condition::any().add(Column::ReportedStatus.is_in(words));
    if filter.fits(PlanStatus::InProgress) {
        let known = REPORTED.iter().map(|(word, _)| *word);
        any =
            any.add(Column::ReportedStatus.is_null()).add(Column::ReportedStatus.is_not_in(known));
    }
    any
}
