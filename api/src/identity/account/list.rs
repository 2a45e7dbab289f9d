use async_graphql::InputObject;
use entity::account::{Column, Entity};
use sea_orm::{ColumnTrait, Condition};
use serde::Serialize;

use super::{Account, visible};
use crate::access::Access;
use crate::error::Result;
use crate::filter::{Filter, Parts, StringFilter, changed_after};
use crate::history::AnyRevision;
use crate::page::{self, Page, PageRequest, order};

/// Which accounts a list holds.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct AccountFilter {
    /// All of these hold.
    pub and: Option<Vec<AccountFilter>>,
    /// One of these holds.
    pub or: Option<Vec<AccountFilter>>,
    /// This does not hold.
    pub not: Option<Box<AccountFilter>>,
    /// Its e-mail address.
    pub email: Option<StringFilter>,
    /// Whose it is.
    pub name: Option<StringFilter>,
    /// Whether it is closed.
    pub disabled: Option<bool>,
    /// Only those written after this revision.
    pub changed_after: Option<AnyRevision>,
}

order! {
    /// What accounts can be ordered by.
    AccountOrder by AccountOrderField of Entity {
        /// When it was opened.
        Created = Column::Id,
        /// Its e-mail address.
        Email = Column::Email,
        /// Whose it is, by code point.
        Name = Column::Name,
    }
}

/// One page of the accounts that fit and that the caller sees.
pub async fn page(
    access: &Access,
    filter: &AccountFilter,
    order: &[AccountOrder],
    request: &PageRequest,
) -> Result<Page<Account>> {
    let page = page::filtered(access, visible(access), (filter, order), request).await?;
    page.try_map(|row| Ok(Account::from(row)))
}

impl Filter for AccountFilter {
    fn parts(&self) -> Parts<'_, Self> {
        Parts { and: self.and.as_ref(), or: self.or.as_ref(), not: self.not.as_deref() }
    }

    async fn own(&self, access: &Access) -> Result<Condition> {
        let texts = [(&self.email, Column::Email), (&self.name, Column::Name)];
        let texts = texts
            .into_iter()
            .filter_map(|(filter, column)| filter.as_ref().map(|filter| filter.on(access, column)));
        let all = texts.fold(Condition::all(), Condition::add);
        let all = all.add_option(self.disabled.map(|disabled| Column::Disabled.eq(disabled)));
        Ok(all.add(changed_after(Column::Revision, self.changed_after.as_ref())?))
    }
}
