//! What happened to a case: read from the log, not kept beside it.

use async_graphql::{Enum, SimpleObject};
use entity::advice_case::Entity;
use serde::Serialize;
use utoipa::ToSchema;

use super::{AdviceSide, by_ids, today};
use crate::access::{Access, Timestamp};
use crate::date::Day;
use crate::error::{Error, Result};
use crate::history::{self, Entry, Revision};
use crate::id::{AccountId, CaseId, ClientId};

/// What happened to an advice case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AdviceEventKind {
    /// It was asked.
    Requested,
    /// It was taken on.
    Accepted,
    /// It was not taken on.
    Declined,
    /// The adviser asked something, and the clock stopped.
    Questioned,
    /// The asker replied, and the clock went on.
    Replied,
    /// It was answered.
    Answered,
    /// A point of the answer was replied to.
    ItemReplied,
    /// It was closed.
    Closed,
    /// It was taken back.
    Withdrawn,
    /// Its due date passed without an answer. This is worked out, and nobody's doing.
    Late,
}

impl AdviceEventKind {
    /// What a line of the log stands for.
    fn of_action(action: &str) -> Option<Self> {
        Some(match action {
            "createAdviceCase" => Self::Requested,
            "acceptCase" => Self::Accepted,
            "declineCase" => Self::Declined,
            "askBack" => Self::Questioned,
            "replyToQuestion" => Self::Replied,
            "answerCase" => Self::Answered,
            "replyToItem" => Self::ItemReplied,
            "closeCase" => Self::Closed,
            "withdrawCase" => Self::Withdrawn,
            _ => return None,
        })
    }

    /// Whose doing it is.
    fn side(self) -> Option<AdviceSide> {
        match self {
            Self::Requested
            | Self::Replied
            | Self::ItemReplied
            | Self::Closed
            | Self::Withdrawn => Some(AdviceSide::Asker),
            Self::Accepted | Self::Declined | Self::Questioned | Self::Answered => {
                Some(AdviceSide::Adviser)
            }
            Self::Late => None,
        }
    }
}

/// What happened to an advice case, when, and whose doing it was.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdviceEvent {
    /// What happened.
    pub kind: AdviceEventKind,
    /// The day, in Seoul.
    pub on: Day,
    /// When exactly; null for what is worked out.
    pub at: Option<Timestamp>,
    /// The revision it made: read the case as of it to see what it was then.
    pub revision: Option<Revision>,
    /// Whose doing it was.
    pub by: Option<AdviceSide>,
    /// The account that did it; null for machines and for what is worked out.
    pub account_id: Option<AccountId>,
    /// The client that did it.
    pub client_id: Option<ClientId>,
}

/// A case, and the day up to which it is looked at whether it was late; today if none.
type Asked = (CaseId, Option<Day>);

/// What happened to these cases, as far as the caller sees them, of each the oldest first.
pub async fn events_of(access: &Access, asked: &[Asked]) -> Result<Vec<(Asked, Vec<AdviceEvent>)>> {
    let cases = by_ids(access, asked.iter().map(|(id, _)| *id)).await?;
    let log = history::log_of::<Entity>(access, cases.iter().map(|case| case.id.0)).await?;
    let today = today(access).await?;
    let told = asked.iter().filter_map(|(id, on)| {
        let case = cases.iter().find(|case| case.id == *id)?;
        let lines = log.get(&id.0).map_or(&[][..], Vec::as_slice);
        let mut events: Vec<AdviceEvent> = lines.iter().filter_map(AdviceEvent::of).collect();
        let late = case.on_term(|term| term.late_since(on.unwrap_or(today)));
        events.extend(late.map(AdviceEvent::late));
        // It was late as soon as a day began: what is worked out comes before what was done then.
        events.sort_by_key(|event| (event.on, event.revision));
        Some(((*id, *on), events))
    });
    Ok(told.collect())
}

/// What happened to one case, the oldest first. `NOT_FOUND` where the caller sees none.
pub async fn events_of_case(
    access: &Access,
    id: CaseId,
    on: Option<Day>,
) -> Result<Vec<AdviceEvent>> {
    let told = events_of(access, &[(id, on)]).await?.pop();
    told.map(|(_, events)| events).ok_or_else(|| Error::not_found("advice_case"))
}

impl AdviceEvent {
    fn of(line: &Entry) -> Option<Self> {
        let kind = AdviceEventKind::of_action(&line.action)?;
        Some(Self {
            kind,
            on: Day::in_seoul(line.at),
            at: Some(line.at),
            revision: Some(line.revision),
            by: kind.side(),
            account_id: line.account.map(AccountId),
            client_id: line.client.map(ClientId),
        })
    }

    fn late(on: Day) -> Self {
        let kind = AdviceEventKind::Late;
        let (at, revision, account_id, client_id) = (None, None, None, None);
        Self { kind, on, at, revision, by: kind.side(), account_id, client_id }
    }
}
