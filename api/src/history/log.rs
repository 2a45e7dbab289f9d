//! The change log, read: what changes touched, as far as a caller could see it before or can after,
//! and what became of things they see.

use std::collections::HashMap;

use entity::code::{ItemOp, Visibility};
use entity::{change, change_item};
use sea_orm::sea_query::{ExprTrait as _, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Revision, Versioned};
use crate::access::{Access, Action, Actor, Timestamp};
use crate::error::Result;

/// What is the administration's is no news for offices.
const STAFF: [&str; 3] = ["ACCOUNT", "CLIENT", "GRANT"];

/// One thing that one change touched.
#[derive(Clone, Debug)]
pub struct Logged {
    /// By which change.
    pub revision: Revision,
    /// What kind of thing.
    pub kind: String,
    /// Its key.
    pub id: Uuid,
    /// Of which region it is.
    pub region: Option<Uuid>,
    /// On which plan it hangs.
    pub plan: Option<Uuid>,
    /// Whether the caller could see it before.
    pub seen_before: bool,
    /// Whether they could after.
    pub seen_after: bool,
}

/// A change, as the log keeps it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number.
    pub revision: Revision,
    /// When it was made.
    pub at: Timestamp,
    /// By which account.
    pub account: Option<Uuid>,
    /// By which client.
    pub client: Option<Uuid>,
    /// What was done.
    pub action: String,
}

/// Which part of the log is read.
#[derive(Clone, Debug, Default)]
pub struct Span {
    /// After this revision.
    pub since: Revision,
    /// What hangs on this plan.
    pub plan: Option<Uuid>,
    /// What is of these regions.
    pub regions: Option<Vec<Uuid>>,
}

/// Up to so many of the latest things that changes touched and the caller could see before or can
/// after, the latest first.
pub async fn logged(access: &Access, span: &Span, most: u64) -> Result<Vec<Logged>> {
    use change_item::{Column, Entity};
    let mut items = Entity::find()
        .filter(Column::Seq.gt(span.since.0))
        .filter(Column::Kind.is_not_in(STAFF))
        .filter(readable(access));
    if let Some(plan) = span.plan {
        let here = Condition::any().add(Column::PlanId.eq(plan)).add(Column::PlanBeforeId.eq(plan));
        items = items.filter(here);
    }
    if let Some(regions) = &span.regions {
        let of = |column| access.any_of(column, regions.iter().copied());
        let here = Condition::any().add(of(Column::RegionId)).add(of(Column::RegionBeforeId));
        items = items.filter(here);
    }
    let items =
        items.order_by_desc(Column::Seq).order_by_asc(Column::Kind).order_by_asc(Column::Id);
    let items = items.limit(most).all(&access.db().await?).await?;
    let logged = items.into_iter().map(|item| seen(access.actor(), item));
    Ok(logged.filter(|item| item.seen_before || item.seen_after).collect())
}

/// These changes, in no order.
pub async fn entries(
    access: &Access,
    revisions: impl IntoIterator<Item = Revision>,
) -> Result<Vec<Entry>> {
    use change::{Column, Entity};
    let revisions: Vec<i64> = revisions.into_iter().map(|revision| revision.0).collect();
    let rows = Entity::find().filter(Column::Seq.is_in(revisions));
    Ok(rows.all(&access.db().await?).await?.into_iter().map(Entry::from).collect())
}

/// What a change did to one thing that the caller sees.
#[derive(Clone, Debug)]
pub struct Deed {
    /// What kind of thing.
    pub kind: String,
    /// Its key.
    pub id: Uuid,
    /// The change.
    pub entry: Entry,
}

/// What was done to what hangs on a plan, which the caller has seen, after one revision and up to
/// another: in the order in which it was done.
pub async fn deeds_in(
    access: &Access,
    plan: Uuid,
    (after, to): (Revision, Revision),
) -> Result<Vec<Deed>> {
    use change_item::Column::{PlanId, Seq};
    deeds(access, PlanId.eq(plan).and(Seq.gt(after.0)).and(Seq.lte(to.0))).await
}

/// The changes that wrote these things, of each the oldest first. Who calls has seen the things.
pub async fn log_of<E: Versioned>(
    access: &Access,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<Entry>>> {
    use change_item::Column::{Id, Kind};
    let mut log: HashMap<Uuid, Vec<Entry>> = HashMap::new();
    for Deed { id, entry, .. } in
        deeds(access, Kind.eq(E::KIND).and(access.any_of(Id, ids))).await?
    {
        log.entry(id).or_default().push(entry);
    }
    Ok(log)
}

async fn deeds(access: &Access, which: SimpleExpr) -> Result<Vec<Deed>> {
    use change_item::Column::Seq;
    let db = access.db().await?;
    let seqs =
        Query::select().column(Seq).from(change_item::Entity).and_where(which.clone()).to_owned();
    let changes = change::Entity::find().filter(change::Column::Seq.in_subquery(seqs)).all(&db);
    let changes: HashMap<i64, Entry> =
        changes.await?.into_iter().map(|row| (row.seq, Entry::from(row))).collect();
    let items = change_item::Entity::find().filter(which).order_by_asc(Seq).all(&db).await?;
    let deed = |item: change_item::Model| {
        let entry = changes.get(&item.seq)?.clone();
        Some(Deed { kind: item.kind, id: item.id, entry })
    };
    Ok(items.into_iter().filter_map(deed).collect())
}

impl From<change::Model> for Entry {
    fn from(row: change::Model) -> Self {
        Self {
            revision: Revision(row.seq),
            at: Timestamp(row.at),
            account: row.actor,
            client: row.client,
            action: row.action,
        }
    }
}

fn seen(actor: &Actor, item: change_item::Model) -> Logged {
    let region_before = item.region_before_id.or(item.region_id);
    let plan_before = item.plan_before_id.or(item.plan_id);
    let reads = |visible: Option<Visibility>, region, plan| {
        visible.is_some_and(|visible| actor.reads(visible, region, plan))
    };
    Logged {
        revision: Revision(item.seq),
        seen_before: reads(item.visible_before, region_before, plan_before),
        seen_after: item.op == ItemOp::Upsert
            && reads(item.visible_after, item.region_id, item.plan_id),
        kind: item.kind,
        id: item.id,
        region: item.region_id,
        plan: item.plan_id,
    }
}

/// The items of which the caller may have seen one side. Which side it was is looked at one by one.
fn readable(access: &Access) -> Condition {
    use change_item::Column;
    if matches!(access.actor(), Actor::Operator) {
        return Condition::all();
    }
    let [before, after] = [Column::VisibleBefore, Column::VisibleAfter];
    let any = |wanted: Visibility| Condition::any().add(before.eq(wanted)).add(after.eq(wanted));
    let (province, drafts) = (access.actor().province(), access.actor().regions(Action::SeeDrafts));
    let of = |column, these: Vec<Uuid>| access.any_of(column, these);
    let shared = Condition::any()
        .add(of(Column::RegionId, province.to_vec()))
        .add(of(Column::RegionBeforeId, province.to_vec()));
    let drafts: Vec<Uuid> = drafts.into_iter().collect();
    Condition::any()
        .add(any(Visibility::Public))
        .add(Condition::all().add(any(Visibility::Province)).add(shared))
        .add(of(Column::RegionId, drafts.clone()))
        .add(of(Column::RegionBeforeId, drafts))
        .add(of(Column::PlanId, access.actor().plans().into_iter().collect()))
}
