use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::code::IssueState;
use entity::issue::{self, Column, Entity};
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, Func, Order, OverStatement as _, Query, SelectStatement,
    WindowStatement,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait};
use uuid::Uuid;

use super::related::complete;
use super::{Issue, category, get, visible};
use crate::access::Access;
use crate::error::Result;
use crate::id::IssueId;

/// What others are compared to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Alike {
    id: IssueId,
    category: String,
    sector: Option<Uuid>,
}

impl Alike {
    /// Which issue it is.
    pub fn id(&self) -> IssueId {
        self.id
    }
}

impl From<&Issue> for Alike {
    fn from(issue: &Issue) -> Self {
        let sector = issue.sector_id.map(|sector| sector.0);
        Self { id: issue.id, category: issue.category.clone(), sector }
    }
}

/// For each of these, up to so many issues of others with the same difficulty that the caller sees:
/// those of the same category or one that corresponds to it, solved ones first, then those of the
/// same sector, then those of the very same category, the latest first.
pub async fn similar(
    access: &Access,
    these: &[Alike],
    most: u32,
) -> Result<HashMap<IssueId, Vec<Issue>>> {
    let categories: BTreeSet<String> = these.iter().flat_map(|it| akin(&it.category)).collect();
    let candidates = first_of_each_group(access, categories, most + 1);
    let rows = Entity::find().filter(Column::Id.in_subquery(candidates));
    let rows = rows.all(&access.db().await?).await?;
    let chosen: Vec<(IssueId, Vec<Uuid>)> =
        these.iter().map(|alike| (alike.id, best(alike, &rows, most as usize))).collect();
    let wanted: BTreeSet<Uuid> = chosen.iter().flat_map(|(_, ids)| ids.clone()).collect();
    let rows = rows.into_iter().filter(|row| wanted.contains(&row.id)).collect();
    let issues: BTreeMap<Uuid, Issue> =
        complete(access, rows).await?.into_iter().map(|issue| (issue.id.0, issue)).collect();
    let found = chosen
        .into_iter()
        .map(|(id, ids)| (id, ids.iter().filter_map(|id| issues.get(id).cloned()).collect()));
    Ok(found.collect())
}

/// The same for one issue. `NOT_FOUND` where the caller sees no such issue.
pub async fn like(access: &Access, id: IssueId, most: u32) -> Result<Vec<Issue>> {
    let alike = Alike::from(&get(access, id).await?);
    Ok(similar(access, &[alike], most).await?.remove(&id).unwrap_or_default())
}

/// A category and those that correspond to it.
fn akin(code: &str) -> impl Iterator<Item = String> {
    let more = category::mapped(code).into_iter().map(str::to_owned);
    std::iter::once(code.to_owned()).chain(more)
}

fn best(alike: &Alike, rows: &[issue::Model], most: usize) -> Vec<Uuid> {
    let akin: Vec<String> = akin(&alike.category).collect();
    let mut fitting: Vec<&issue::Model> =
        rows.iter().filter(|row| row.id != alike.id.0 && akin.contains(&row.category)).collect();
    fitting.sort_by_key(|row| {
        let solved = row.state == IssueState::Solved;
        let sector = alike.sector.is_some() && row.sector_id == alike.sector;
        Reverse((solved, sector, row.category == alike.category, row.id))
    });
    fitting.into_iter().take(most).map(|row| row.id).collect()
}

/// The ids of the first issues of each category and sector: whatever is compared to them, no other
/// of their group comes before these.
fn first_of_each_group(
    access: &Access,
    categories: BTreeSet<String>,
    most: u32,
) -> SelectStatement {
    let (place, numbered) = (Alias::new("place"), Alias::new("numbered"));
    let column = |column: Column| Expr::col((Entity, column));
    let mut rows = visible(access)
        .filter(Column::State.ne(IssueState::Merged))
        .filter(access.any_code((Entity, Column::Category), categories))
        .into_query();
    let mut window = WindowStatement::new();
    window
        .add_partition_by(column(Column::Category))
        .add_partition_by(column(Column::SectorId))
        // OPEN comes before SOLVED by its letters.
        .order_by_expr(column(Column::State), Order::Desc)
        .order_by_expr(column(Column::Id), Order::Desc);
    rows.clear_selects().expr_as(column(Column::Id), Alias::new("id"));
    rows.expr_window_as(Func::cust(Alias::new("ROW_NUMBER")), window, place.clone());
    Query::select()
        .column((numbered.clone(), Alias::new("id")))
        .from_subquery(rows, numbered.clone())
        .and_where(Expr::col((numbered, place)).lte(i64::from(most)))
        .to_owned()
}
