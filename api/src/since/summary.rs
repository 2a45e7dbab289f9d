use std::collections::{BTreeMap, HashMap};

use async_graphql::{Enum, SimpleObject};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::marks;
use crate::access::{Access, Action, Role, Site, Timestamp};
use crate::error::{Error, Result};
use crate::history::{self, AnyRevision, Entry, Logged, Revision, Span};
use crate::id::{self, AnyId, Id as _, PlanId};
use crate::identity::{self, Author};
use crate::organization::{self, OrganizationRef};
use crate::region::{self, RegionBy};
use crate::{message, plan};

/// More things than this are read with the lists of changes, not at a glance.
const MOST: u64 = 2_000;

/// What became of a thing, for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeKind {
    /// It is new, or can be seen now.
    Added,
    /// It is otherwise.
    Changed,
    /// It is gone, or cannot be seen any more.
    Removed,
}

/// By whose office something was done.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct ChangeAuthor {
    /// What they are there; null for the service itself.
    pub role: Option<Role>,
    /// In whose name.
    #[graphql(skip)]
    pub organization: Option<OrganizationRef>,
    /// What they are called; null for who does not see the drafts there.
    pub name: Option<String>,
}

/// The last that happened to a thing.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LastChange {
    /// The revision it made.
    pub revision: Revision,
    /// When.
    pub at: Timestamp,
    /// What was done, as `updateTarget`.
    pub action: String,
    /// By whose office.
    pub by: ChangeAuthor,
}

/// A thing that changed.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct ChangedThing {
    /// Its id.
    pub id: AnyId,
    /// What became of it.
    pub change: ChangeKind,
    /// How many changes the caller could see.
    pub times: u32,
    /// The last of them.
    pub last: LastChange,
}

/// What changed of one kind of thing.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KindChanges {
    /// What kind, as `TARGET`.
    pub kind: String,
    /// How many are new.
    pub added: u32,
    /// How many are otherwise.
    pub changed: u32,
    /// How many are gone.
    pub removed: u32,
    /// Each of them, the latest change first.
    pub things: Vec<ChangedThing>,
}

/// What changed in a plan and what hangs on it.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct PlanChanges {
    /// Which plan.
    pub plan_id: PlanId,
    /// What it is called, if the caller sees it.
    pub title: Option<String>,
    /// By kind.
    pub kinds: Vec<KindChanges>,
}

/// What changed, as far as the caller sees it.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeSummary {
    /// After this revision: the one asked for, or a later one where too much happened since then.
    pub since: Revision,
    /// Up to this one: what to mark as seen.
    pub revision: Revision,
    /// Whether it reaches back as far as was asked.
    pub complete: bool,
    /// Plan by plan, the one with the latest change first.
    pub plans: Vec<PlanChanges>,
    /// What hangs on no plan, by kind.
    pub elsewhere: Vec<KindChanges>,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Since {
    /// After which revision; the caller's mark if not said.
    pub revision: Option<AnyRevision>,
    /// In this plan.
    pub plan: Option<AnyId>,
    /// In this region and everything below it.
    pub region: Option<RegionBy>,
}

/// What changed since a revision, or since the caller last looked. `INVALID` where neither is known,
/// or the revision is still to come.
pub async fn since(access: &Access, asked: &Since) -> Result<ChangeSummary> {
    let plan = asked.plan.as_ref().map(|plan| PlanId::parse_at("plan", plan)).transpose()?;
    if let Some(plan) = plan {
        plan::site_of(access, plan).await.map_err(|error| error.at("plan"))?;
    }
    let regions = match &asked.region {
        None => None,
        Some(by) => {
            let region = region::get(access, by).await.map_err(|error| error.at("region"))?;
            Some(region::tree(access).await?.below(region.id.0).into_iter().collect())
        }
    };
    let revision = access.db().await?.revision();
    let since = match &asked.revision {
        Some(text) => Revision::parse(&text.0).map_err(|error| error.at("since"))?,
        None => marks::last(access, plan)
            .await?
            .ok_or_else(|| Error::invalid("since", message::no_mark()))?,
    };
    if since > revision {
        return Err(Error::invalid("since", message::not_yet()));
    }
    let span = Span { since, plan: plan.map(|plan| plan.0), regions };
    let mut items = history::logged(access, &span, MOST + 1).await?;
    let cut = cut(&mut items);
    let (since, complete) = (cut.unwrap_or(since), cut.is_none());
    let (plans, elsewhere) = grouped(access, items).await?;
    Ok(ChangeSummary { since, revision, complete, plans, elsewhere })
}

/// Where there is more than fits: the oldest change that may be told in part is left out, and the
/// rest is told whole.
fn cut(items: &mut Vec<Logged>) -> Option<Revision> {
    if (items.len() as u64) <= MOST {
        return None;
    }
    let oldest = items.last().map(|item| item.revision)?;
    items.retain(|item| item.revision > oldest);
    Some(oldest)
}

/// What happened to one thing, put together.
struct Story {
    last: Logged,
    seen_before: bool,
    seen_after: bool,
    times: u32,
}

type Groups = (Vec<PlanChanges>, Vec<KindChanges>);

async fn grouped(access: &Access, items: Vec<Logged>) -> Result<Groups> {
    let mut stories: Vec<Story> = Vec::new();
    let mut places: HashMap<(String, Uuid), usize> = HashMap::new();
    // The latest comes first: what comes later in the list was before.
    for item in items {
        match places.get(&(item.kind.clone(), item.id)) {
            Some(place) => {
                let story = &mut stories[*place];
                (story.seen_before, story.times) = (item.seen_before, story.times + 1);
            }
            None => {
                places.insert((item.kind.clone(), item.id), stories.len());
                let (seen_before, seen_after) = (item.seen_before, item.seen_after);
                stories.push(Story { last: item, seen_before, seen_after, times: 1 });
            }
        }
    }
    stories.retain(|story| story.seen_before || story.seen_after);
    told(access, stories).await
}

async fn told(access: &Access, stories: Vec<Story>) -> Result<Groups> {
    let revisions: Vec<Revision> = stories.iter().map(|it| it.last.revision).collect();
    let entries = history::entries(access, revisions).await?;
    let entries: HashMap<Revision, Entry> =
        entries.into_iter().map(|entry| (entry.revision, entry)).collect();
    let actors = entries.values().flat_map(|entry| [entry.account, entry.client]).flatten();
    let actors: Vec<Uuid> = actors.collect();
    let authors = identity::authors(access, actors).await?;
    let offices: Vec<Option<Uuid>> = stories
        .iter()
        .map(|story| {
            let entry = entries.get(&story.last.revision)?;
            let author = authors.get(&entry.account.or(entry.client)?)?;
            author.office(story.last.region, story.last.plan)?.1
        })
        .collect();
    let bodies = organization::refs(access, offices).await?;
    let mut of_plan: Vec<(Uuid, Vec<(String, ChangedThing)>)> = Vec::new();
    let mut elsewhere = Vec::new();
    for story in stories {
        let Some(entry) = entries.get(&story.last.revision) else { continue };
        let author = entry.account.or(entry.client).and_then(|id| authors.get(&id));
        let by = by(access, author, &story.last, &bodies);
        let (plan, kind) = (story.last.plan, story.last.kind.clone());
        let thing = (kind, thing(&story, entry, by));
        match plan {
            None => elsewhere.push(thing),
            Some(plan) => match of_plan.iter_mut().find(|(id, _)| *id == plan) {
                Some((_, things)) => things.push(thing),
                None => of_plan.push((plan, vec![thing])),
            },
        }
    }
    let plans: Vec<PlanId> = of_plan.iter().map(|(plan, _)| PlanId(*plan)).collect();
    let titles = plan::by_ids(access, plans).await?;
    let titles: HashMap<Uuid, String> =
        titles.into_iter().map(|plan| (plan.id.0, plan.title)).collect();
    let plans = of_plan.into_iter().map(|(plan, things)| PlanChanges {
        plan_id: PlanId(plan),
        title: titles.get(&plan).cloned(),
        kinds: by_kind(things),
    });
    Ok((plans.collect(), by_kind(elsewhere)))
}

fn thing(story: &Story, entry: &Entry, by: ChangeAuthor) -> ChangedThing {
    ChangedThing {
        id: id::of_kind(&story.last.kind, story.last.id),
        change: match (story.seen_before, story.seen_after) {
            (false, _) => ChangeKind::Added,
            (true, true) => ChangeKind::Changed,
            (true, false) => ChangeKind::Removed,
        },
        times: story.times,
        last: LastChange {
            revision: entry.revision,
            at: entry.at,
            action: entry.action.clone(),
            by,
        },
    }
}

/// By whose office: the name of a person is for those alone who see the drafts there.
fn by(
    access: &Access,
    author: Option<&Author>,
    item: &Logged,
    bodies: &HashMap<Uuid, OrganizationRef>,
) -> ChangeAuthor {
    let office = author.and_then(|author| author.office(item.region, item.plan));
    let site = item.region.map(|region| Site { region, plan: item.plan });
    let works_there = site.is_some_and(|site| access.actor().may(Action::SeeDrafts, site));
    ChangeAuthor {
        role: office.map(|(role, _)| role),
        organization: office.and_then(|(_, body)| bodies.get(&body?).cloned()),
        name: author.filter(|_| works_there).map(|author| author.name.clone()),
    }
}

fn by_kind(things: Vec<(String, ChangedThing)>) -> Vec<KindChanges> {
    let mut kinds: BTreeMap<String, Vec<ChangedThing>> = BTreeMap::new();
    for (kind, thing) in things {
        kinds.entry(kind).or_default().push(thing);
    }
    let kinds = kinds.into_iter().map(|(kind, things)| {
        let count = |wanted| {
            let fitting = things.iter().filter(|thing| thing.change == wanted).count();
            u32::try_from(fitting).unwrap_or(u32::MAX)
        };
        KindChanges {
            added: count(ChangeKind::Added),
            changed: count(ChangeKind::Changed),
            removed: count(ChangeKind::Removed),
            kind,
            things,
        }
    });
    kinds.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_there_is_too_much_no_change_is_told_in_part() {
        let item = |revision: i64| Logged {
            revision: Revision(revision),
            kind: "TARGET".to_owned(),
            id: Uuid::now_v7(),
            region: None,
            plan: None,
            seen_before: true,
            seen_after: true,
        };
        let most = i64::try_from(MOST).expect("a few");
        let mut few: Vec<Logged> = (1..=most).rev().map(item).collect();
        assert_eq!((cut(&mut few), few.len() as u64), (None, MOST));
        // The last two of the list are of one change, of which more may follow.
        let mut many: Vec<Logged> = (2..=most).rev().map(item).chain([item(1), item(1)]).collect();
        assert_eq!((cut(&mut many), many.len() as u64), (Some(Revision(1)), MOST - 1));
    }
}
