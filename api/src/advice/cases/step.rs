use async_graphql::Enum;
use entity::advice_case::{Entity, Model};
use entity::code::AdviceState;
use sea_orm::ActiveEnum as _;
use serde::Serialize;
use utoipa::ToSchema;

use super::{AdviceCase, find, get, site, today, visible};
use crate::access::{Access, Action};
use crate::date::Day;
use crate::error::{Code, Error, Result};
use crate::history::{Change, Revision, Written};
use crate::id::CaseId;
use crate::message;

/// One of the two between whom a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AdviceSide {
    /// Who asks: the plan's own office, or who drafts it.
    Asker,
    /// The organization that is asked.
    Adviser,
}

impl AdviceSide {
    /// Whether the caller acts for this side of a case; otherwise why not.
    pub(super) fn require(self, access: &Access, row: &Model) -> Result<()> {
        match self {
            Self::Asker => access.require(Action::AskAdvice, site(row)),
            Self::Adviser => access.require_for(row.adviser_id, Action::GiveAdvice, site(row)),
        }
    }
}

/// A step that takes a case further.
pub(super) struct Step {
    /// What the log calls it.
    pub action: &'static str,
    /// Whose step it is.
    pub by: AdviceSide,
    /// In which states it can be taken.
    pub from: &'static [AdviceState],
}

impl Step {
    /// Takes a case that is at this revision further: `work` makes the row that is to be, and
    /// writes what stands beside it. `GUARD_FAILED` where the case is elsewhere by now.
    pub async fn take<F>(
        self,
        access: &Access,
        (id, revision): (CaseId, Revision),
        work: F,
    ) -> Result<AdviceCase>
    where
        F: AsyncFnOnce(&Change, Model, Day) -> Result<Model> + Send + 'static,
    {
        self.by.require(access, &find(access, id).await?)?;
        access
            .change(self.action, async move |change| {
                let before = change.current(visible(change), id.0, revision).await?;
                self.fits(&before)?;
                let today = today(change).await?;
                let after = work(change, before.clone(), today).await?;
                if change.update::<Entity>(&before, after).await? == Written::Unchanged {
                    // Then what stands beside it is what moved.
                    change.touch::<Entity>(&before).await?;
                }
                Ok(())
            })
            .await?;
        get(access, id).await
    }

    /// Whether a case stands where this step begins.
    pub fn fits(&self, row: &Model) -> Result<()> {
        if self.from.contains(&row.state) {
            return Ok(());
        }
        let wanted: Vec<String> = self.from.iter().map(AdviceState::to_value).collect();
        let text = message::case_state(&row.state.to_value(), &wanted.join(", "));
        Err(Error::new(Code::GuardFailed, text))
    }
}

/// Nothing is open that the asker should reply to first.
pub(super) fn nothing_open(row: &Model) -> Result<()> {
    match row.state == AdviceState::Accepted && row.stopped_on.is_some() {
        true => Err(Error::new(Code::GuardFailed, message::question_open())),
        false => Ok(()),
    }
}
