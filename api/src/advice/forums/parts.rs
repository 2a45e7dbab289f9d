use std::collections::{HashMap, HashSet};

use async_graphql::MaybeUndefined;
use entity::{forum_issue, forum_outcome};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::IssueRef;
use crate::access::Access;
use crate::advice::issues;
use crate::error::{Error, Result};
use crate::filter::StringFilter;
use crate::history::{Change, Written};
use crate::id::{AnyId, ForumId, Id as _, IssueId};
use crate::{input, message};

/// More outcomes or issues than this are no meeting.
const MOST: usize = 50;

/// What a caller says came out of a forum, checked; a fault stands at its place in `outcomes`.
pub(super) fn outcomes(wanted: &MaybeUndefined<Vec<String>>) -> Result<Option<Vec<String>>> {
    let texts = match wanted {
        MaybeUndefined::Undefined => return Ok(None),
        MaybeUndefined::Null => return Ok(Some(Vec::new())),
        MaybeUndefined::Value(texts) => texts,
    };
    if texts.len() > MOST {
        return Err(Error::invalid("outcomes", message::at_most(MOST, texts.len())));
    }
    let texts = texts.iter().enumerate().map(|(n, text)| {
        let text = input::text(text, input::TEXT);
        text.map_err(|error| error.at(&n.to_string()).at("outcomes"))
    });
    texts.collect::<Result<_>>().map(Some)
}

/// The issues that a caller says are discussed, as far as they see them; a fault stands at its place
/// in `issues`.
pub(super) async fn chosen(
    access: &Access,
    wanted: &MaybeUndefined<Vec<AnyId>>,
) -> Result<Option<Vec<IssueId>>> {
    let wanted = match wanted {
        MaybeUndefined::Undefined => return Ok(None),
        MaybeUndefined::Null => return Ok(Some(Vec::new())),
        MaybeUndefined::Value(ids) => ids,
    };
    if wanted.len() > MOST {
        return Err(Error::invalid("issues", message::too_many_ids(MOST)));
    }
    let at = |n: usize, error: Error| error.at(&n.to_string()).at("issues");
    let ids = wanted.iter().enumerate();
    let ids = ids.map(|(n, id)| IssueId::parse(id).map_err(|error| at(n, error)));
    let ids = ids.collect::<Result<Vec<IssueId>>>()?;
    let seen = issues::seen(access, ids.iter().map(|id| id.0)).await?;
    let mut said = HashSet::new();
    for (n, id) in ids.iter().enumerate() {
        if !seen.contains_key(&id.0) {
            return Err(at(n, Error::not_found("issue")));
        }
        if !said.insert(*id) {
            return Err(at(n, Error::new(crate::error::Code::Invalid, message::said_twice())));
        }
    }
    Ok(Some(ids))
}

/// What came out of these forums, in order. Forums are everybody's.
pub(super) async fn outcomes_of(
    access: &Access,
    forums: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<String>>> {
    use forum_outcome::{Column, Entity};
    let rows = Entity::find().filter(access.any_of(Column::ForumId, forums));
    let rows = rows.order_by_asc(Column::Number).all(&access.db().await?).await?;
    let mut found: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in rows {
        found.entry(row.forum_id).or_default().push(row.text);
    }
    Ok(found)
}

/// The issues that are discussed at these forums and that the caller sees, in order.
pub(super) async fn issues_of(
    access: &Access,
    forums: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<IssueRef>>> {
    use forum_issue::{Column, Entity};
    let rows = Entity::find().filter(access.any_of(Column::ForumId, forums));
    let rows = rows.order_by_asc(Column::Position).order_by_asc(Column::Id);
    let rows = rows.all(&access.db().await?).await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let seen = issues::seen(access, rows.iter().map(|row| row.issue_id)).await?;
    let mut found: HashMap<Uuid, Vec<IssueRef>> = HashMap::new();
    for row in rows {
        let id = IssueId(row.issue_id);
        let issue = seen.get(&row.issue_id).cloned().map(|title| IssueRef { id, title });
        found.entry(row.forum_id).or_default().extend(issue);
    }
    Ok(found)
}

/// At which forums these issues are discussed.
pub(super) async fn of_issues(
    access: &Access,
    issues: &[IssueId],
) -> Result<Vec<(IssueId, ForumId)>> {
    use forum_issue::{Column, Entity};
    let issues = access.any_of(Column::IssueId, issues.iter().map(|issue| issue.0));
    let rows = Entity::find().filter(issues).order_by_asc(Column::ForumId);
    let rows = rows.all(&access.db().await?).await?.into_iter();
    Ok(rows.map(|row| (IssueId(row.issue_id), ForumId(row.forum_id))).collect())
}

/// The forums of which an outcome fits.
pub(super) fn with_outcome(access: &Access, outcome: &StringFilter) -> SelectStatement {
    use forum_outcome::{Column, Entity};
    let fits = outcome.on(access, Column::Text);
    Query::select().column(Column::ForumId).from(Entity).cond_where(fits).to_owned()
}

/// The forums at which an issue is discussed.
pub(super) fn discussing(issue: IssueId) -> SelectStatement {
    use forum_issue::{Column, Entity};
    let this = Column::IssueId.eq(issue.0);
    Query::select().column(Column::ForumId).from(Entity).and_where(this).to_owned()
}

/// Puts what came out of a forum as it is to be, numbered in its order.
pub(super) async fn write_outcomes(
    change: &Change,
    forum: Uuid,
    texts: Vec<String>,
) -> Result<Written> {
    use forum_outcome::{Column, Entity, Model};
    let known = Entity::find().filter(Column::ForumId.eq(forum)).all(&change.db().await?).await?;
    let mut moved = false;
    for row in &known {
        if usize::try_from(row.number).is_ok_and(|number| number > texts.len()) {
            change.delete::<Entity>(row).await?;
            moved = true;
        }
    }
    let mut batch = change.batch::<Entity>();
    for (number, text) in (1..).zip(texts) {
        let before = known.iter().find(|row| row.number == number);
        let id = before.map_or_else(Uuid::now_v7, |row| row.id);
        let row = Model { id, forum_id: forum, number, text, revision: change.revision() };
        moved |= batch.put(before, row) != Written::Unchanged;
    }
    batch.write().await?;
    Ok(if moved { Written::Updated } else { Written::Unchanged })
}

/// Puts the issues of a forum that the caller sees as they are to be; others stay.
pub(super) async fn write_issues(
    change: &Change,
    forum: Uuid,
    issues: Vec<IssueId>,
) -> Result<Written> {
    use forum_issue::{Column, Entity, Model};
    let known = Entity::find().filter(Column::ForumId.eq(forum)).all(&change.db().await?).await?;
    let all = known.iter().map(|row| row.issue_id).chain(issues.iter().map(|issue| issue.0));
    let seen = issues::seen(change, all).await?;
    if let Some(n) = issues.iter().position(|issue| !seen.contains_key(&issue.0)) {
        // It has gone, or left the caller's sight, while this waited.
        return Err(Error::not_found("issue").at(&n.to_string()).at("issues"));
    }
    let mut moved = false;
    for row in &known {
        let wanted = issues.iter().any(|issue| issue.0 == row.issue_id);
        if !wanted && seen.contains_key(&row.issue_id) {
            change.delete::<Entity>(row).await?;
            moved = true;
        }
    }
    let mut batch = change.batch::<Entity>();
    for (position, issue) in (0..).zip(issues) {
        let before = known.iter().find(|row| row.issue_id == issue.0);
        let id = before.map_or_else(Uuid::now_v7, |row| row.id);
        let (forum_id, revision) = (forum, change.revision());
        let row = Model { id, forum_id, issue_id: issue.0, position, revision };
        moved |= batch.put(before, row) != Written::Unchanged;
    }
    batch.write().await?;
    Ok(if moved { Written::Updated } else { Written::Unchanged })
}

/// Removes the links of a forum to issues, seen or not.
pub(super) async fn delete_issues_of(change: &Change, forum: Uuid) -> Result<()> {
    use forum_issue::{Column, Entity};
    let rows = Entity::find().filter(Column::ForumId.eq(forum)).all(&change.db().await?).await?;
    for row in rows {
        change.delete::<Entity>(&row).await?;
    }
    Ok(())
}

/// Writes what data packs say came out of forums, before what others added; which forums have moved.
pub(super) async fn load_outcomes(
    change: &Change,
    loaded: Vec<(Uuid, String)>,
) -> Result<HashSet<Uuid>> {
    use forum_outcome::{Column, Entity, Model};
    let first = Entity::find().filter(Column::Number.eq(1)).all(&change.db().await?).await?;
    let known: HashMap<Uuid, &Model> = first.iter().map(|row| (row.forum_id, row)).collect();
    let mut batch = change.batch::<Entity>();
    let mut moved = HashSet::new();
    for (forum, text) in loaded {
        let before = known.get(&forum).copied();
        let id = before.map_or_else(Uuid::now_v7, |row| row.id);
        let row = Model { id, forum_id: forum, number: 1, text, revision: change.revision() };
        if batch.put(before, row) != Written::Unchanged {
            moved.insert(forum);
        }
    }
    batch.write().await?;
    Ok(moved)
}
