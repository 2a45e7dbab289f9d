//! Looking for things by words, whatever they are: what an official types who remembers a part of a
//! name. Nobody finds what they may not see.

pub mod graphql;
pub mod rest;

use async_graphql::{Enum, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Access;
use crate::advice::issues;
use crate::error::{Code, Error, Result};
use crate::filter::Words;
use crate::id::AnyId;
use crate::name::Name;
use crate::page::{Found, Page, PageRequest};
use crate::{indicator, measure, message, organization, plan, region};

/// What can be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SearchKind {
    /// Plans, by title and vision.
    Plan,
    /// Measures, by title and description.
    Measure,
    /// Indicators, by the name of what they measure.
    Indicator,
    /// Issues, by title, description, advice and solution.
    Issue,
    /// Organizations, by today's names and former ones.
    Organization,
    /// Regions, by name.
    Region,
}

impl SearchKind {
    /// Every kind, in the order in which they are found.
    const ALL: [Self; 6] =
        [Self::Plan, Self::Measure, Self::Indicator, Self::Issue, Self::Organization, Self::Region];

    async fn found(
        self,
        access: &Access,
        words: &Words,
        request: &PageRequest,
    ) -> Result<Page<Found>> {
        match self {
            Self::Plan => plan::found(access, words, request).await,
            Self::Measure => measure::found(access, words, request).await,
            Self::Indicator => indicator::found(access, words, request).await,
            Self::Issue => issues::found(access, words, request).await,
            Self::Organization => organization::found(access, words, request).await,
            Self::Region => region::found(access, words, request).await,
        }
    }
}

/// Something that was found.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    /// What kind of thing it is.
    pub kind: SearchKind,
    /// Its id.
    pub id: AnyId,
    /// What it is called.
    #[graphql(flatten)]
    pub name: Name,
}

/// One page of what has all of these words, kind by kind, each by name. No kinds are all kinds.
pub async fn page(
    access: &Access,
    text: &str,
    kinds: &[SearchKind],
    request: &PageRequest,
) -> Result<Page<SearchHit>> {
    let words = Words::parse(text).map_err(|error| error.at("text"))?;
    let kinds = SearchKind::ALL.into_iter().filter(|kind| kinds.is_empty() || kinds.contains(kind));
    let (size, from, counted) = request.asked();
    let (begin, mut cursor) = from.map(read_cursor).transpose()?.unzip();
    let size = size as usize;
    let (mut items, mut total, mut more) = (Vec::new(), 0, false);
    let mut reached = begin.is_none();
    for kind in kinds {
        reached = reached || begin == Some(kind);
        let here = if begin == Some(kind) { cursor.take() } else { None };
        let left = size.saturating_sub(items.len());
        if !reached || (left == 0 && more) {
            if counted {
                total += count(access, kind, &words, request).await?;
            }
            continue;
        }
        // A full page asks one row more, to say whether anything follows.
        let wanted = u32::try_from(left.max(1)).unwrap_or(u32::MAX);
        let found = kind.found(access, &words, &request.elsewhere(wanted, here)).await?;
        more = if left == 0 { !found.items.is_empty() } else { found.has_next };
        total += found.total.unwrap_or(0);
        let hits = found.items.into_iter().take(left);
        items.extend(hits.map(|(Found { id, name }, cursor)| {
            (SearchHit { kind, id: AnyId(id), name }, write_cursor(kind, &cursor))
        }));
        if more && !counted {
            break;
        }
    }
    if !reached {
        return Err(bad_cursor());
    }
    let total = counted.then_some(total);
    Ok(Page { items, has_next: more, has_previous: from.is_some(), total })
}

async fn count(
    access: &Access,
    kind: SearchKind,
    words: &Words,
    request: &PageRequest,
) -> Result<u64> {
    let one = request.elsewhere(1, None);
    Ok(kind.found(access, words, &one).await?.total.unwrap_or(0))
}

/// A cursor says in which kind it stands, and where there.
fn write_cursor(kind: SearchKind, within: &str) -> String {
    let place = SearchKind::ALL.iter().position(|it| *it == kind).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(format!("{place}.{within}"))
}

fn read_cursor(text: &str) -> Result<(SearchKind, String)> {
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (place, within) = text.split_once('.')?;
        let kind = SearchKind::ALL.get(place.parse::<usize>().ok()?)?;
        Some((*kind, within.to_owned()))
    };
    read().ok_or_else(bad_cursor)
}

fn bad_cursor() -> Error {
    Error::new(Code::BadCursor, message::bad_cursor()).at("after")
}
