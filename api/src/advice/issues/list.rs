use async_graphql::InputObject;
use entity::code;
use entity::issue::{Column, Entity};
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};
use serde::Serialize;

use super::related::complete;
use super::{Issue, IssueLevel, IssueState, IssueTheme, category, find, visible};
use crate::access::Access;
use crate::error::Result;
use crate::filter::{Filter, Parts, StringFilter, Words, changed_after, code_filter, codes};
use crate::history::AnyRevision;
use crate::id::{AnyId, Id as _, IssueId, MeasureId, PlanId};
use crate::page::{self, Page, PageRequest, order};
use crate::region::{self, RegionBy};
use crate::sector;

code_filter! {
    /// Compares on which level a difficulty lies.
    IssueLevelFilter of IssueLevel
}

code_filter! {
    /// Compares how far a difficulty is from being solved.
    IssueStateFilter of IssueState
}

/// Which issues a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct IssueFilter {
    /// All of these hold.
    pub and: Option<Vec<IssueFilter>>,
    /// One of these holds.
    pub or: Option<Vec<IssueFilter>>,
    /// This does not hold.
    pub not: Option<Box<IssueFilter>>,
    /// Those of this region.
    pub region: Option<RegionBy>,
    /// Those of the regions somewhere below this one.
    pub within: Option<RegionBy>,
    /// Those about this plan.
    pub plan: Option<AnyId>,
    /// Those about this measure.
    pub measure: Option<AnyId>,
    /// Those about the sector of this code.
    pub sector: Option<String>,
    /// On which level it lies.
    pub level: Option<IssueLevelFilter>,
    /// How far it is from being solved. Only one that names `MERGED`, at its top, finds those.
    pub state: Option<IssueStateFilter>,
    /// What kind of difficulty it is.
    pub category: Option<StringFilter>,
    /// Whether the codes that `category` names stand for those that correspond to them, too.
    pub include_mapped: Option<bool>,
    /// What it is about, in a few words.
    pub theme: Option<IssueTheme>,
    /// Those that were merged into this one.
    pub merged_into: Option<AnyId>,
    /// How it was solved.
    pub solution: Option<StringFilter>,
    /// All of these words are in its title, description, advice or solution.
    pub text: Option<String>,
    /// What it is called.
    pub title: Option<StringFilter>,
    /// What it is.
    pub description: Option<StringFilter>,
    /// What was advised.
    pub advice: Option<StringFilter>,
    /// When it was told, as stated: `2024`, `2024-02` or `2024-02-01`.
    pub raised_on: Option<StringFilter>,
    /// Only those written after this revision.
    pub changed_after: Option<AnyRevision>,
}

order! {
    /// What issues can be ordered by.
    IssueOrder by IssueOrderField of Entity {
        /// When it was entered.
        Created = Column::Id,
        /// Its title, by code point.
        Title = Column::Title,
        /// What kind of difficulty it is.
        Category = Column::Category,
        /// When it was told, as stated; those of which that is not known come last.
        RaisedOn = Column::RaisedOn,
    }
}

/// One page of the issues that fit.
pub async fn page(
    access: &Access,
    filter: &IssueFilter,
    order: &[IssueOrder],
    request: &PageRequest,
) -> Result<Page<Issue>> {
    let page = page::filtered(access, filter.of(access), (filter, order), request).await?;
    let rows = page.items.iter().map(|(row, _)| row.clone()).collect();
    Ok(page.zip(complete(access, rows).await?))
}

impl IssueFilter {
    /// The issues a list is made of: without those that are the same as others, unless asked.
    fn of(&self, access: &Access) -> Select<Entity> {
        let by_state = self.state.as_ref().is_some_and(|state| {
            state.eq == Some(IssueState::Merged)
                || state.one_of.as_ref().is_some_and(|these| these.contains(&IssueState::Merged))
        });
        match by_state || self.merged_into.is_some() {
            true => visible(access),
            false => visible(access).filter(Column::State.ne(code::IssueState::Merged)),
        }
    }

    fn categories(&self, access: &Access) -> Condition {
        let Some(filter) = &self.category else { return Condition::all() };
        if !self.include_mapped.unwrap_or_default() {
            return filter.on(access, Column::Category);
        }
        let named = filter.eq.iter().chain(filter.one_of.iter().flatten());
        let more = named.flat_map(|code| category::mapped(code)).map(str::to_owned);
        let more = access.any_code((Entity, Column::Category), more);
        Condition::any().add(filter.on(access, Column::Category)).add(more)
    }
}

impl Filter for IssueFilter {
    fn parts(&self) -> Parts<'_, Self> {
        Parts { and: self.and.as_ref(), or: self.or.as_ref(), not: self.not.as_deref() }
    }

    async fn own(&self, access: &Access) -> Result<Condition> {
        let (region, within) = (self.region.as_ref(), self.within.as_ref());
        let mut all = region::placed(access, Column::RegionId, region, within).await?;
        if let Some(plan) = &self.plan {
            all = all.add(Column::PlanId.eq(PlanId::parse_at("plan", plan)?.0));
        }
        if let Some(measure) = &self.measure {
            all = all.add(Column::MeasureId.eq(MeasureId::parse_at("measure", measure)?.0));
        }
        if let Some(code) = &self.sector {
            let sector = sector::get(access, code).await.map_err(|error| error.at("sector"))?;
            all = all.add(Column::SectorId.eq(sector.id.0));
        }
        if let Some(into) = &self.merged_into {
            let into = find(access, IssueId::parse_at("mergedInto", into)?).await;
            let into = into.map_err(|error| error.at("mergedInto"))?;
            all = all.add(Column::MergedIntoId.eq(into.id));
        }
        if let Some(theme) = self.theme {
            all = all.add(Column::Category.is_in(category::of_theme(theme)));
        }
        if let Some(text) = &self.text {
            let words = Words::parse(text).map_err(|error| error.at("text"))?;
            let texts = [Column::Title, Column::Description, Column::Advice, Column::Solution];
            all = all.add(words.on(&texts));
        }
        if let Some(state) = &self.state {
            all = all.add(codes(Column::State, |code: code::IssueState| state.fits(code.into())));
        }
        all = all.add(self.categories(access));
        if let Some(level) = &self.level {
            all = all.add(codes(Column::Level, |code: code::IssueLevel| level.fits(code.into())));
        }
        let texts = [
            (&self.solution, Column::Solution),
            (&self.title, Column::Title),
            (&self.description, Column::Description),
            (&self.advice, Column::Advice),
            (&self.raised_on, Column::RaisedOn),
        ];
        for (filter, column) in texts {
            all = all.add_option(filter.as_ref().map(|filter| filter.on(access, column)));
        }
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}
