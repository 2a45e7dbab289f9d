use async_graphql::{InputObject, MaybeUndefined};
use entity::code;
use entity::link::{self, Column, Entity};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Link, LinkEnd, LinkKind, find, get, key, state, visible};
use crate::access::{Access, Action};
use crate::error::{Code, Error, Faults, Result};
use crate::history::{Change, Moment, Revision};
use crate::id::{AnyId, Id as _, LinkId, PlanId};
use crate::input::{self, optional};
use crate::message;
use crate::plan::{self, Kin, Plan, versions};

/// What it takes to link something in a plan to something in the plan above.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewLink {
    /// How the one stands to the other.
    pub kind: LinkKind,
    /// The target or measure of the plan.
    pub from: AnyId,
    /// The target or measure of the plan above.
    pub to: AnyId,
    /// The version of the plan above. If not said: the one the plan is pinned to, or else the
    /// latest, or the plan above as it is where it has none.
    pub version: Option<i32>,
    /// Why: up to 20,000 characters. Must be given where it deviates.
    pub reason: Option<String>,
}

/// What may change about a link. What is left out stays; null takes a value away.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LinkChange {
    /// How the one stands to the other.
    #[schema(value_type = LinkKind)]
    pub kind: MaybeUndefined<LinkKind>,
    /// Why.
    #[schema(value_type = Option<String>)]
    pub reason: MaybeUndefined<String>,
    /// The version of the plan above that it is made to from now on; null is the plan as it is now.
    #[schema(value_type = Option<i32>)]
    pub version: MaybeUndefined<i32>,
}

/// A state of the plan above.
#[derive(Clone, Copy, Debug)]
struct Pin {
    version: Option<i32>,
    revision: Revision,
}

/// Links something in a plan to something in the plan above. For who edits the plan.
pub async fn create(access: &Access, plan: PlanId, new: NewLink) -> Result<Link> {
    access.require(Action::EditPlan, plan::site_of(access, plan).await?)?;
    let ends = (LinkEnd::parse_at("from", &new.from)?, LinkEnd::parse_at("to", &new.to)?);
    let below = plan::get(access, plan).await?;
    let above = checked_ends(access, &below, ends).await?;
    let pin = pin_of(access, (&below, &above), new.version).await?;
    was_there(access, ends.1, pin).await?;
    let row = row_of(&new, (plan, above.id), (ends, pin))?;
    let id = LinkId(row.id);
    access
        .change("createLink", async move |change| {
            // Either end may have gone, or left the caller's sight, while this waited.
            let below = plan::get(change, plan).await?;
            checked_ends(change, &below, ends).await?;
            is_new(change, &row).await?;
            change.insert::<Entity>(row).await
        })
        .await?;
    get(access, id).await
}

/// Changes a link that is at this revision: also to make it to another version. For who edits its
/// plan.
pub async fn update(
    access: &Access,
    id: LinkId,
    revision: Revision,
    wanted: LinkChange,
) -> Result<Link> {
    let row = find(access, id).await?;
    access.require(Action::EditPlan, plan::site_of(access, PlanId(row.plan_id)).await?)?;
    let pin = repinned(access, &get(access, id).await?, &wanted.version).await?;
    access
        .change("updateLink", async move |change| {
            let before = change.current(visible(change), id.0, revision).await?;
            let after = described(&wanted, pin, before.clone())?;
            if after.kind != before.kind {
                is_new(change, &after).await?;
            }
            change.update::<Entity>(&before, after).await
        })
        .await?;
    get(access, id).await
}

/// Removes a link that is at this revision. For who edits its plan.
pub async fn delete(access: &Access, id: LinkId, revision: Revision) -> Result<LinkId> {
    let row = find(access, id).await?;
    access.require(Action::EditPlan, plan::site_of(access, PlanId(row.plan_id)).await?)?;
    access
        .change("deleteLink", async move |change| {
            let row = change.current(visible(change), id.0, revision).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

/// The plan above, if the one end is in the plan and the other in the plan above.
async fn checked_ends(
    access: &Access,
    below: &Plan,
    (from, to): (LinkEnd, LinkEnd),
) -> Result<Plan> {
    let things = state::things(access, [from, to]).await?;
    let missing = |end| match end {
        LinkEnd::Target(_) => Error::not_found("target"),
        LinkEnd::Measure(_) => Error::not_found("measure"),
    };
    let own = things.get(&from).ok_or_else(|| missing(from).at("from"))?;
    if own.0 != below.id {
        return Err(Error::invalid("from", message::not_in_plan()));
    }
    let theirs = things.get(&to).ok_or_else(|| missing(to).at("to"))?;
    let above = plan::parents(access, &[Kin::from(below)]).await?.pop();
    match above {
        Some((_, above)) if above.id == theirs.0 => Ok(above),
        _ => Err(Error::invalid("to", message::not_of_parent())),
    }
}

/// The state of the plan above that is meant.
async fn pin_of(
    access: &Access,
    (below, above): (&Plan, &Plan),
    version: Option<i32>,
) -> Result<Pin> {
    if let Some(number) = version {
        return at_version(access, above.id, number).await;
    }
    if let Some(parent) = &below.parent_version {
        return Ok(Pin { version: parent.number, revision: parent.revision });
    }
    let latest = versions::latest_of(access, &[above.id]).await?.pop();
    Ok(latest.map_or(Pin { version: None, revision: above.content_revision }, |it| Pin {
        version: Some(it.number),
        revision: it.revision,
    }))
}

async fn at_version(access: &Access, plan: PlanId, number: i32) -> Result<Pin> {
    let version = versions::get(access, plan, number).await;
    let version = version.map_err(|error| error.at("version"))?;
    Ok(Pin { version: Some(number), revision: version.revision })
}

/// The state of the plan above that a change means, if it means another.
async fn repinned(
    access: &Access,
    link: &Link,
    version: &MaybeUndefined<i32>,
) -> Result<Option<Pin>> {
    if version.is_undefined() {
        return Ok(None);
    }
    let unseen = || Error::not_found("plan").at("version");
    let (above, to) = link.to_plan_id.zip(link.to).ok_or_else(unseen)?;
    let pin = match version.value() {
        Some(number) => at_version(access, above, *number).await?,
        None => {
            let revision = plan::get(access, above).await?.content_revision;
            Pin { version: None, revision }
        }
    };
    was_there(access, to, pin).await?;
    Ok(Some(pin))
}

/// Whether the version has what a link leads to.
async fn was_there(access: &Access, to: LinkEnd, pin: Pin) -> Result<()> {
    let Some(version) = pin.version else { return Ok(()) };
    let then = access.at(Moment::Revision(pin.revision));
    let found = state::things(&then, [to]).await;
    then.finish().await;
    match found?.contains_key(&to) {
        true => Ok(()),
        false => Err(Error::invalid("to", message::not_in_version(version))),
    }
}

/// Whether there is no other of its kind between the same two.
async fn is_new(change: &Change, row: &link::Model) -> Result<()> {
    let from = match (row.target_id, row.measure_id) {
        (Some(target), _) => Column::TargetId.eq(target),
        (None, measure) => Column::MeasureId.eq(measure),
    };
    let same = visible(change)
        .filter(from)
        .filter(Column::ToId.eq(row.to_id))
        .filter(Column::Kind.eq(row.kind))
        .filter(Column::Id.ne(row.id));
    match same.one(&change.db().await?).await? {
        None => Ok(()),
        Some(_) => Err(Error::new(Code::Conflict, message::link_exists()).at("to")),
    }
}

type Ends = (LinkEnd, LinkEnd);

fn row_of(
    new: &NewLink,
    (plan, above): (PlanId, PlanId),
    ((from, to), pin): (Ends, Pin),
) -> Result<link::Model> {
    let reason = input::said(new.reason.clone());
    let wanted = LinkChange { reason, ..LinkChange::default() };
    let row = link::Model {
        id: LinkId::new().0,
        plan_id: plan.0,
        kind: new.kind.into(),
        target_id: from.target().map(|id| id.0),
        measure_id: from.measure().map(|id| id.0),
        to_plan_id: above.0,
        to_kind: match to {
            LinkEnd::Target(_) => code::LinkEnd::Target,
            LinkEnd::Measure(_) => code::LinkEnd::Measure,
        },
        to_id: key(to),
        version: None,
        pinned: 0,
        reason: None,
        revision: 0,
    };
    described(&wanted, Some(pin), row)
}

/// The row as it is to be, checked.
fn described(wanted: &LinkChange, pin: Option<Pin>, mut row: link::Model) -> Result<link::Model> {
    let mut faults = Faults::default();
    let kind = input::needed(&wanted.kind, |kind| Ok((*kind).into()));
    let text = |text: &String| input::text(text, input::TEXT);
    faults.put("kind", &mut row.kind, kind);
    faults.put("reason", &mut row.reason, optional(&wanted.reason, text));
    let reasoned = row.kind != code::LinkKind::Deviates || row.reason.is_some();
    faults.rule(reasoned, "reason", message::deviation_needs_reason());
    if let Some(pin) = pin {
        (row.version, row.pinned) = (pin.version, pin.revision.0);
    }
    faults.into_result(row)
}
