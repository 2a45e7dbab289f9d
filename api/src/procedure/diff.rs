//! What became of a plan between two moments: what was added, removed and changed in it, field by
//! field, and when.
//!
//! Both sides are read as anybody reads the past. Who did it is told to those who see the plan's
//! drafts, and to nobody else.

pub mod graphql;
pub mod rest;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_graphql::{Enum, SimpleObject};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use super::contents::PlanContent;
use super::contents::{self, Thing};
use crate::access::{Access, Action, Timestamp};
use crate::error::{Code, Error, Result};
use crate::history::{self, Deed, Moment, Revision};
use crate::id::{AccountId, AnyId, ClientId, PlanId};
use crate::identity;
use crate::message::{self, procedure as told};
use crate::plan::{self, versions};

/// A moment of a plan: a version by its number, or a revision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Side {
    /// The number of a version.
    pub version: Option<i32>,
    /// A revision.
    pub revision: Option<String>,
}

/// What became of a plan between two moments.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanDiff {
    /// The earlier moment.
    pub from: Revision,
    /// The later moment.
    pub to: Revision,
    /// The hash over what it said at the earlier moment.
    pub from_hash: String,
    /// The hash over what it said at the later moment: the same where it said the same.
    pub to_hash: String,
    /// What differs, by kind and name.
    pub differences: Vec<Difference>,
}

/// One thing of a plan that differs.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(name = "PlanDifference")]
#[schema(as = PlanDifference)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// What kind of thing it is.
    pub kind: PlanContent,
    /// Its id; for a sector of the plan, the sector's.
    pub id: AnyId,
    /// What it is called.
    pub label: String,
    /// What became of it.
    pub change: DifferenceKind,
    /// What it said and says, field by field.
    pub fields: Vec<FieldDifference>,
    /// The changes that made the difference, the first one first. None where what differs follows
    /// from another thing, as a target's base that is its plan's.
    pub made_by: Vec<MadeBy>,
}

/// What became of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DifferenceKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something else.
    Changed,
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldDifference {
    /// Its path, as `period.start`.
    pub name: String,
    /// What it said; null where it had no value.
    pub from: Option<String>,
    /// What it says; null where it has no value.
    pub to: Option<String>,
}

/// A change that touched a thing.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MadeBy {
    /// The revision that it made.
    pub revision: Revision,
    /// When.
    pub at: Timestamp,
    /// The operation, as `updateTarget`.
    pub action: String,
    /// The account that did it; null for machines, for the command line, and for who does not see
    /// the plan's drafts.
    pub account_id: Option<AccountId>,
    /// The client that did it; null for people, and for who does not see the plan's drafts.
    pub client_id: Option<ClientId>,
    /// What that account or client is called.
    pub name: Option<String>,
}

/// What became of a plan from one side to another; to the present, where that says nothing.
/// `NOT_FOUND` where the caller cannot read the plan at one of them.
pub async fn between(access: &Access, plan: PlanId, sides: [&Side; 2]) -> Result<PlanDiff> {
    let site = plan::site_of(access, plan).await?;
    let latest = access.db().await?.revision();
    let [from, to] = sides;
    let from = moment(access, plan, from).await.map_err(|error| error.at("from"))?;
    let from = from.ok_or_else(|| Error::invalid("from", message::required()))?;
    let to = moment(access, plan, to).await.map_err(|error| error.at("to"))?.unwrap_or(latest);
    if from > to {
        return Err(Error::invalid("to", told::not_before()));
    }
    if to > latest {
        return Err(Error::invalid("to", message::future_moment(latest.0)));
    }
    let (before, from_hash) = read(access, plan, from).await.map_err(|error| error.at("from"))?;
    let (after, to_hash) = read(access, plan, to).await.map_err(|error| error.at("to"))?;
    let logged = history::deeds_in(access, plan.0, (from, to)).await?;
    let names = match access.actor().may(Action::SeeDrafts, site) {
        true => Some(names(access, &logged).await?),
        false => None,
    };
    let differences = differences(before, after, &History::of(logged, names.as_ref()));
    Ok(PlanDiff { from, to, from_hash, to_hash, differences })
}

/// The revision that a side stands for; nothing where it says nothing.
async fn moment(access: &Access, plan: PlanId, side: &Side) -> Result<Option<Revision>> {
    match (side.version, &side.revision) {
        (None, None) => Ok(None),
        (Some(number), None) => {
            versions::get(access, plan, number).await.map(|it| Some(it.revision))
        }
        (None, Some(text)) => Revision::parse(text).map(Some),
        (Some(_), Some(_)) => Err(Error::new(Code::Invalid, told::version_or_revision())),
    }
}

/// What a plan said at a revision, and the hash over it.
async fn read(access: &Access, plan: PlanId, at: Revision) -> Result<(Vec<Thing>, String)> {
    let then = access.at(Moment::Revision(at));
    let contents = contents::of(&then, plan).await;
    then.finish().await;
    let contents = contents?;
    let hash = contents.hash()?;
    Ok((contents.things(), hash))
}

async fn names(access: &Access, logged: &[Deed]) -> Result<HashMap<Uuid, String>> {
    let accounts: BTreeSet<Uuid> = logged.iter().filter_map(|it| it.entry.account).collect();
    let clients: BTreeSet<Uuid> = logged.iter().filter_map(|it| it.entry.client).collect();
    identity::names(access, accounts, clients).await
}

/// The changes of each thing.
struct History(HashMap<(String, Uuid), Vec<MadeBy>>);

impl History {
    /// Who did them is told only where there are names.
    fn of(logged: Vec<Deed>, names: Option<&HashMap<Uuid, String>>) -> Self {
        let mut all: HashMap<(String, Uuid), Vec<MadeBy>> = HashMap::new();
        for Deed { kind, id, entry: it } in logged {
            let who = it.account.or(it.client);
            let made_by = MadeBy {
                revision: it.revision,
                at: it.at,
                action: it.action,
                account_id: names.and(it.account).map(AccountId),
                client_id: names.and(it.client).map(ClientId),
                name: names.zip(who).and_then(|(names, who)| names.get(&who).cloned()),
            };
            all.entry((kind, id)).or_default().push(made_by);
        }
        Self(all)
    }

    fn of_thing(&self, thing: &Thing) -> Vec<MadeBy> {
        let key = (thing.kind.logged_as().to_owned(), thing.row);
        self.0.get(&key).cloned().unwrap_or_default()
    }
}

fn differences(before: Vec<Thing>, after: Vec<Thing>, history: &History) -> Vec<Difference> {
    let key = |thing: &Thing| (thing.kind, thing.row);
    let mut before: BTreeMap<_, Thing> = before.into_iter().map(|it| (key(&it), it)).collect();
    let mut all = Vec::new();
    for thing in after {
        let was = before.remove(&key(&thing));
        let change = was.as_ref().map_or(DifferenceKind::Added, |_| DifferenceKind::Changed);
        all.extend(differs(was.as_ref(), Some(&thing), change, history));
    }
    for thing in before.values() {
        all.extend(differs(Some(thing), None, DifferenceKind::Removed, history));
    }
    all.sort_by_cached_key(|it| (it.kind, it.label.clone(), it.id.0.clone()));
    all
}

fn differs(
    before: Option<&Thing>,
    after: Option<&Thing>,
    change: DifferenceKind,
    history: &History,
) -> Option<Difference> {
    let thing = after.or(before)?;
    let said = |thing: Option<&Thing>| -> BTreeMap<String, String> {
        let fields = thing.into_iter().flat_map(|it| it.fields.iter().chain(&it.beside));
        fields.map(|(name, text)| (name.clone(), text.clone())).collect()
    };
    let (was, is) = (said(before), said(after));
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let fields = names.into_iter().filter(|name| was.get(*name) != is.get(*name));
    let fields: Vec<FieldDifference> = fields
        .map(|name| FieldDifference {
            name: name.clone(),
            from: was.get(name).cloned(),
            to: is.get(name).cloned(),
        })
        .collect();
    (!fields.is_empty()).then(|| Difference {
        kind: thing.kind,
        id: thing.id.clone(),
        label: thing.label.clone(),
        change,
        fields,
        made_by: history.of_thing(thing),
    })
}
