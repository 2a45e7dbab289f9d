//! Forums: meetings at which offices share what they do and what is hard, and what follows from
//! them. They are everybody's; of the issues they discuss, one sees those that one sees anyway.

mod edit;
pub mod follow_ups;
pub mod graphql;
mod list;
mod pack;
mod parts;
pub mod rest;
mod sessions;
mod taking_part;

use std::collections::HashMap;

use async_graphql::SimpleObject;
use entity::forum::{self, Column, Entity};
use entity::forum_host;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use edit::{ForumChange, NewForum, create, delete, revert, update};
pub use list::{ForumFilter, ForumOrder, page};
pub use pack::{LoadedForum, external_ids, load};
pub use sessions::{ForumSession, LoadedSession, SessionInput, load as load_sessions};
pub use taking_part::{ForumParticipant, join, leave};

use crate::access::Access;
use crate::date::PartialDate;
use crate::error::{Error, Result};
use crate::history::Revision;
use crate::id::{ForumId, IssueId, RegionId};
use crate::organization::{self, OrganizationRef, roster};
use crate::region::{self, RegionRef};
use crate::source::{Citation, Cites, Provenance};

/// A meeting at which bodies share what they do and what is hard.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Forum {
    /// Its id.
    pub id: ForumId,
    /// Its stable name in the data pack it came from, as `jeonbuk:F-DS-2`.
    pub external_id: Option<String>,
    /// Of which region it is; `KR` for the whole nation.
    #[graphql(skip)]
    pub region: Option<RegionRef>,
    /// The series it belongs to.
    pub series: Option<String>,
    /// Its number in that series.
    pub number_in_series: Option<i32>,
    /// What it is called, as it was announced.
    pub title: String,
    /// When it is held; the first day, where it takes more than one.
    pub held_on: Option<PartialDate>,
    /// The last day, where it takes more than one.
    pub ended_on: Option<PartialDate>,
    /// At what time it began, as `14:00`, in Seoul.
    pub start_time: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// How many took part.
    pub participants: Option<i32>,
    /// Who took part.
    pub attendees: Option<String>,
    /// What was on the agenda.
    pub agenda: Option<String>,
    /// Which issues were discussed, in the source's words.
    pub discussed: Option<String>,
    /// What came out of it, in order.
    pub outcomes: Vec<String>,
    /// Who held it, the main one first.
    #[graphql(skip)]
    pub hosts: Vec<OrganizationRef>,
    /// The organizations that take part, by name.
    pub taking_part: Vec<ForumParticipant>,
    /// The issues that are discussed and that the caller sees, in order.
    #[graphql(skip)]
    pub issues: Vec<IssueRef>,
    /// The talks, in order.
    pub sessions: Vec<ForumSession>,
    /// Where this comes from.
    pub provenance: Provenance,
    /// The revision that last wrote it; what updates take.
    pub revision: Revision,
}

impl Cites for Forum {
    fn provenances(&mut self) -> Vec<&mut Provenance> {
        let sessions = self.sessions.iter_mut().map(|session| &mut session.provenance);
        sessions.chain([&mut self.provenance]).collect()
    }
}

/// An issue, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct IssueRef {
    /// Its id.
    pub id: IssueId,
    /// What it is called.
    pub title: String,
}

/// One forum. `NOT_FOUND` where there is none.
pub async fn get(access: &Access, id: ForumId) -> Result<Forum> {
    by_ids(access, [id]).await?.pop().ok_or_else(|| Error::not_found("forum"))
}

/// These forums, in no order.
pub async fn by_ids(access: &Access, ids: impl IntoIterator<Item = ForumId>) -> Result<Vec<Forum>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    complete(access, visible().filter(ids).all(&access.db().await?).await?).await
}

/// The forums at which these issues are discussed, each with its issue, as they were entered. Who
/// calls has seen the issues.
pub async fn of_issues(access: &Access, issues: &[IssueId]) -> Result<Vec<(IssueId, Forum)>> {
    let links = parts::of_issues(access, issues).await?;
    let forums = by_ids(access, links.iter().map(|(_, forum)| *forum)).await?;
    let forums: HashMap<ForumId, Forum> = forums.into_iter().map(|it| (it.id, it)).collect();
    let found = links.into_iter();
    Ok(found.filter_map(|(issue, forum)| Some((issue, forums.get(&forum)?.clone()))).collect())
}

/// Forums are everybody's.
fn visible() -> Select<Entity> {
    Entity::find()
}

async fn find(access: &Access, id: ForumId) -> Result<forum::Model> {
    let row = visible().filter(Column::Id.eq(id.0)).one(&access.db().await?).await?;
    row.ok_or_else(|| Error::not_found("forum"))
}

roster!(forum_host, forum_id, ForumId);

/// The forums of these rows, in their order, with who held them and the talks.
async fn complete(access: &Access, rows: Vec<forum::Model>) -> Result<Vec<Forum>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let regions = rows.iter().filter_map(|row| row.region_id).map(RegionId);
    let codes = region::codes_of(access, regions).await?;
    let ids = || rows.iter().map(|row| row.id);
    let mut hosts = organization::rosters::<forum_host::Entity>(access, ids()).await?;
    let mut sessions = sessions::of(access, ids()).await?;
    let mut taking_part = taking_part::of(access, ids()).await?;
    let mut outcomes = parts::outcomes_of(access, ids()).await?;
    let mut issues = parts::issues_of(access, ids()).await?;
    let rows = rows.into_iter().map(|row| {
        let beside = Beside {
            hosts: hosts.remove(&row.id).unwrap_or_default(),
            sessions: sessions.remove(&row.id).unwrap_or_default(),
            taking_part: taking_part.remove(&row.id).unwrap_or_default(),
            outcomes: outcomes.remove(&row.id).unwrap_or_default(),
            issues: issues.remove(&row.id).unwrap_or_default(),
        };
        described(row, &codes, beside)
    });
    rows.collect()
}

/// What stands beside the row of a forum.
struct Beside {
    hosts: Vec<OrganizationRef>,
    sessions: Vec<ForumSession>,
    taking_part: Vec<ForumParticipant>,
    outcomes: Vec<String>,
    issues: Vec<IssueRef>,
}

fn described(
    row: forum::Model,
    codes: &HashMap<RegionId, String>,
    beside: Beside,
) -> Result<Forum> {
    let region = row.region_id.map(|id: Uuid| {
        let id = RegionId(id);
        RegionRef { id, code: codes.get(&id).cloned().unwrap_or_default() }
    });
    Ok(Forum {
        id: ForumId(row.id),
        external_id: row.external_id,
        region,
        series: row.series,
        number_in_series: row.number_in_series,
        title: row.name,
        held_on: row.held_on.as_deref().map(PartialDate::parse).transpose()?,
        ended_on: row.ended_on.as_deref().map(PartialDate::parse).transpose()?,
        start_time: row.start_time,
        place: row.place,
        participants: row.participants,
        attendees: row.attendees,
        agenda: row.agenda,
        discussed: row.issues,
        outcomes: beside.outcomes,
        hosts: beside.hosts,
        taking_part: beside.taking_part,
        issues: beside.issues,
        sessions: beside.sessions,
        provenance: Provenance::from(Citation {
            cited: [row.source_id, row.source2_id],
            confidence: row.confidence,
            note: row.note,
            ..Citation::default()
        }),
        revision: Revision(row.revision),
    })
}
