use async_graphql::{Enum, InputObject};
use entity::advice_case::{Column, Entity};
use entity::code;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func};
use sea_orm::{ColumnTrait, Condition};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AdviceCase, AdviceState, complete, today, visible};
use crate::access::{Access, Action};
use crate::date::Day;
use crate::error::Result;
use crate::filter::{Filter, Parts, StringFilter, changed_after, code_filter, codes};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, OrganizationId, PlanId};
use crate::page::{self, Direction, Page, PageRequest, order};
use crate::region::{self, RegionBy};

code_filter! {
    /// Compares how far a request for advice has come.
    AdviceStateFilter of AdviceState
}

/// Which of the cases that a caller sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AdviceBox {
    /// Those addressed to an organization in whose name they hold a grant that advises there.
    #[serde(alias = "inbox")]
    Inbox,
    /// Those about plans for which they ask for advice.
    #[serde(alias = "sent")]
    Sent,
    /// All of them.
    #[serde(alias = "all")]
    All,
}

/// Which advice cases a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct AdviceCaseFilter {
    /// All of these hold.
    pub and: Option<Vec<AdviceCaseFilter>>,
    /// One of these holds.
    pub or: Option<Vec<AdviceCaseFilter>>,
    /// This does not hold.
    pub not: Option<Box<AdviceCaseFilter>>,
    /// Which of those the caller sees; all of them if not said.
    #[graphql(name = "box")]
    pub among: Option<AdviceBox>,
    /// How far it has come.
    pub state: Option<AdviceStateFilter>,
    /// Those about plans of this region.
    pub region: Option<RegionBy>,
    /// Those about plans of the regions somewhere below this one.
    pub within: Option<RegionBy>,
    /// Those about this plan.
    pub plan: Option<AnyId>,
    /// Those addressed to this organization.
    pub organization: Option<AnyId>,
    /// Those that are not answered and whose due date is over; or, if false, the others.
    pub late: Option<bool>,
    /// The day on which `late` is asked; today if not said.
    pub on: Option<Day>,
    /// What it is called.
    pub title: Option<StringFilter>,
    /// By when an answer is due, as `2027-01-31`.
    pub due_on: Option<StringFilter>,
    /// Only those written after this revision.
    pub changed_after: Option<AnyRevision>,
}

order! {
    /// What advice cases can be ordered by.
    AdviceCaseOrder by AdviceCaseOrderField of Entity {
        /// When it was asked.
        Created = Column::Id,
        /// By when an answer is due.
        DueOn = Column::DueOn,
        /// Its title, by code point.
        Title = Column::Title,
    }
}

/// What is due first comes first.
pub const BY_DUE_DATE: [AdviceCaseOrder; 1] =
    [AdviceCaseOrder { field: AdviceCaseOrderField::DueOn, direction: Direction::Asc }];

/// One page of the advice cases that fit.
pub async fn page(
    access: &Access,
    filter: &AdviceCaseFilter,
    order: &[AdviceCaseOrder],
    request: &PageRequest,
) -> Result<Page<AdviceCase>> {
    let page = page::filtered(access, visible(access), (filter, order), request).await?;
    let rows = page.items.iter().map(|(row, _)| row.clone()).collect();
    Ok(page.zip(complete(access, rows).await?))
}

impl Filter for AdviceCaseFilter {
    fn parts(&self) -> Parts<'_, Self> {
        Parts { and: self.and.as_ref(), or: self.or.as_ref(), not: self.not.as_deref() }
    }

    async fn own(&self, access: &Access) -> Result<Condition> {
        let (region, within) = (self.region.as_ref(), self.within.as_ref());
        let mut all = region::placed(access, Column::RegionId, region, within).await?;
        all = all.add_option(self.among.and_then(|among| within_box(access, among)));
        if let Some(plan) = &self.plan {
            all = all.add(Column::PlanId.eq(PlanId::parse_at("plan", plan)?.0));
        }
        if let Some(body) = &self.organization {
            let body = OrganizationId::parse_at("organization", body)?;
            all = all.add(Column::AdviserId.eq(body.0));
        }
        if let Some(state) = &self.state {
            all = all.add(codes(Column::State, |code: code::AdviceState| state.fits(code.into())));
        }
        if let Some(wanted) = self.late {
            let on = match self.on {
                Some(on) => on,
                None => today(access).await?,
            };
            all = all.add(if wanted { late(on) } else { late(on).not() });
        }
        for (filter, column) in [(&self.title, Column::Title), (&self.due_on, Column::DueOn)] {
            all = all.add_option(filter.as_ref().map(|filter| filter.on(access, column)));
        }
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}

fn within_box(access: &Access, among: AdviceBox) -> Option<Condition> {
    let place = (Column::RegionId, Column::PlanId);
    match among {
        AdviceBox::Inbox => Some(access.addressed(Action::GiveAdvice, Column::AdviserId, place)),
        AdviceBox::Sent => Some(access.where_may(Action::AskAdvice, place)),
        AdviceBox::All => None,
    }
}

/// The cases that owe an answer and are overdue. Days sort as text.
fn late(on: Day) -> Condition {
    use code::AdviceState::{Accepted, Requested};
    let column = |column: Column| Expr::col((Entity, column));
    let end = Func::coalesce([column(Column::StoppedOn), Expr::val(on.to_string())]);
    Condition::all()
        .add(Column::State.is_in([Requested, Accepted]))
        .add(column(Column::DueOn).lt(Expr::expr(end)))
}
