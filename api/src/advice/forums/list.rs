use async_graphql::InputObject;
use entity::forum::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};
use serde::Serialize;

use super::{Forum, complete, parts, taking_part, visible};
use crate::access::Access;
use crate::advice::issues;
use crate::date::Day;
use crate::error::Result;
use crate::filter::{Filter, IntFilter, Parts, StringFilter, changed_after};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, IssueId, OrganizationId};
use crate::page::{self, Page, PageRequest, order};
use crate::region::{self, RegionBy};

/// Which forums a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct ForumFilter {
    /// All of these hold.
    pub and: Option<Vec<ForumFilter>>,
    /// One of these holds.
    pub or: Option<Vec<ForumFilter>>,
    /// This does not hold.
    pub not: Option<Box<ForumFilter>>,
    /// Those of this region.
    pub region: Option<RegionBy>,
    /// Those of the regions somewhere below this one.
    pub within: Option<RegionBy>,
    /// What it is called.
    pub title: Option<StringFilter>,
    /// The series it belongs to.
    pub series: Option<StringFilter>,
    /// When it was held, as stated: `2024`, `2024-10` or `2024-10-15`.
    pub held_on: Option<StringFilter>,
    /// How many took part.
    pub participants: Option<IntFilter>,
    /// Which issues were discussed, in the source's words.
    pub discussed: Option<StringFilter>,
    /// What came out of it.
    pub outcome: Option<StringFilter>,
    /// Those that are still to come, or not; one of which only the month or year is known counts
    /// until its end.
    pub upcoming: Option<bool>,
    /// Those that this organization holds, speaks at or takes part in.
    pub organization: Option<AnyId>,
    /// Those at which this issue is discussed.
    pub issue: Option<AnyId>,
    /// Only those written after this revision.
    pub changed_after: Option<AnyRevision>,
}

order! {
    /// What forums can be ordered by.
    ForumOrder by ForumOrderField of Entity {
        /// When it was entered.
        Created = Column::Id,
        /// Its title, by code point.
        Title = Column::Name,
        /// When it was held, as stated; those of which that is not known come last.
        HeldOn = Column::HeldOn,
    }
}

/// One page of the forums that fit.
pub async fn page(
    access: &Access,
    filter: &ForumFilter,
    order: &[ForumOrder],
    request: &PageRequest,
) -> Result<Page<Forum>> {
    let page = page::filtered(access, visible(), (filter, order), request).await?;
    let rows = page.items.iter().map(|(row, _)| row.clone()).collect();
    Ok(page.zip(complete(access, rows).await?))
}

/// The rows of which a date, as far as it is known, lies wholly before a day; and the others that
/// have one.
pub(super) fn around(date: &SimpleExpr, day: Day) -> (Condition, Condition) {
    // A text of a month or year comes before its days, but is not over while they are not.
    let day = day.to_string();
    let begun: Vec<&str> = [4, 7].iter().filter_map(|length| day.get(..*length)).collect();
    let past = Condition::all()
        .add(date.clone().lt(day.as_str()))
        .add(date.clone().is_not_in(begun.iter().copied()));
    let coming =
        Condition::any().add(date.clone().gte(day.as_str())).add(date.clone().is_in(begun));
    (past, coming)
}

impl Filter for ForumFilter {
    fn parts(&self) -> Parts<'_, Self> {
        Parts { and: self.and.as_ref(), or: self.or.as_ref(), not: self.not.as_deref() }
    }

    async fn own(&self, access: &Access) -> Result<Condition> {
        let (region, within) = (self.region.as_ref(), self.within.as_ref());
        let mut all = region::placed(access, Column::RegionId, region, within).await?;
        let texts = [
            (&self.title, Column::Name),
            (&self.series, Column::Series),
            (&self.held_on, Column::HeldOn),
            (&self.discussed, Column::Issues),
        ];
        for (filter, column) in texts {
            all = all.add_option(filter.as_ref().map(|filter| filter.on(access, column)));
        }
        if let Some(outcome) = &self.outcome {
            all = all.add(Column::Id.in_subquery(parts::with_outcome(access, outcome)));
        }
        if let Some(body) = &self.organization {
            let body = OrganizationId::parse_at("organization", body)?;
            all = all.add(taking_part::with(body));
        }
        if let Some(issue) = &self.issue {
            let issue = issues::get(access, IssueId::parse_at("issue", issue)?).await;
            let issue = issue.map_err(|error| error.at("issue"))?;
            all = all.add(Column::Id.in_subquery(parts::discussing(issue.id)));
        }
        if let Some(wanted) = self.upcoming {
            let today = Day::in_seoul(access.now().await?);
            let last = Func::coalesce([Expr::col(Column::EndedOn), Expr::col(Column::HeldOn)]);
            let (past, coming) = around(&Expr::expr(last), today);
            all = all.add(if wanted { coming } else { past });
        }
        let participants = self.participants.as_ref();
        all = all.add_option(participants.map(|filter| filter.on(Column::Participants)));
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}
