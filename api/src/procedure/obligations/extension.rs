pub mod graphql;
pub mod rest;
mod withdrawal;

use std::collections::HashMap;

use async_graphql::InputObject;
use entity::extension::{self, Column, Entity};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::Deserialize;
use utoipa::ToSchema;

pub use withdrawal::{Withdrawn, withdraw};

use super::{DueKind, Extension, Obligation, ObligationKey, ObligationStatus, get};
use crate::access::{Access, Action, Site};
use crate::date::Day;
use crate::error::{Code, Error, Result};
use crate::history::Revision;
use crate::id::{AnyId, ExtensionId, Id as _, OrganizationId, RegionId};
use crate::region::{self, Region, RegionBy};
use crate::{input, message, organization};

/// What it takes to extend a deadline.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewExtension {
    /// The last day it gives, as `2025-06-30`.
    pub until: String,
    /// Why: up to 20,000 characters.
    pub reason: String,
    /// The organization that gives it; that of the caller's grant if not said.
    pub by: Option<AnyId>,
}

/// The extensions this caller may see: where a plan's adoption set the period going, for who sees
/// that plan.
fn visible(access: &Access) -> Select<Entity> {
    let seen = Condition::any().add(Column::PlanId.is_null()).add(access.sees(Column::PlanId));
    Entity::find().filter(seen)
}

/// One extension. `NOT_FOUND` where the caller sees none.
pub async fn extension(access: &Access, id: ExtensionId) -> Result<Extension> {
    let extension = extensions(access, [id]).await?.pop();
    extension.ok_or_else(|| Error::not_found("extension"))
}

/// These extensions, as far as the caller sees them, in no order.
pub async fn extensions(
    access: &Access,
    ids: impl IntoIterator<Item = ExtensionId>,
) -> Result<Vec<Extension>> {
    let ids = access.any_of(Column::Id, ids.into_iter().map(|id| id.0));
    let rows = visible(access).filter(ids).all(&access.db().await?).await?;
    complete(access, rows).await
}

/// The extensions of each duty of these regions, the last one first, by the duty's id.
pub(super) async fn of_regions(
    access: &Access,
    regions: &[RegionId],
) -> Result<HashMap<String, Vec<Extension>>> {
    let regions = access.any_of(Column::RegionId, regions.iter().map(|region| region.0));
    let rows = visible(access).filter(regions).order_by_desc(Column::Id);
    let rows = rows.all(&access.db().await?).await?;
    let mut of_duty: HashMap<_, Vec<Extension>> = HashMap::new();
    for extension in complete(access, rows).await? {
        of_duty.entry(extension.obligation_id.0.clone()).or_default().push(extension);
    }
    Ok(of_duty)
}

async fn complete(access: &Access, rows: Vec<extension::Model>) -> Result<Vec<Extension>> {
    let bodies = organization::refs(access, rows.iter().map(|row| row.organization_id)).await?;
    let shown = rows.into_iter().map(|row| {
        Ok(Extension {
            id: ExtensionId(row.id),
            obligation_id: AnyId(key_of(&row).text()),
            until: Day::parse(&row.extended_to)?,
            reason: row.reason,
            by: row.organization_id.and_then(|id| bodies.get(&id).cloned()),
            withdrawal_reason: row.withdrawal_reason,
            revision: Revision(row.revision),
        })
    });
    shown.collect()
}

/// The duty that a row gives more time for.
fn key_of(row: &extension::Model) -> ObligationKey {
    let extension::Model { region_id, rule, occurrence, pass, .. } = *row;
    ObligationKey { region: RegionId(region_id), rule: rule.into(), occurrence, pass }
}

/// Gives more time for a duty. For who oversees its body.
pub async fn extend(access: &Access, key: ObligationKey, new: NewExtension) -> Result<Obligation> {
    let by = RegionBy::Id(AnyId(key.region.text()));
    let region = region::look_up(access, &by).await?;
    let region = region.ok_or_else(|| Error::not_found("obligation").at("id"))?;
    access.require(Action::OverseeProgress, region.id)?;
    let (until, reason) = checked(&new)?;
    let organization = giver(access, new.by.as_ref(), &region).await?;
    let wanted = key.clone();
    access
        .change("extendObligation", async move |change| {
            // Another extension may have come, or the duty been done, while this waited.
            let duty = get(change, &wanted, None).await.map_err(|error| error.at("id"))?;
            may_extend(change, &duty, &region, until).await?;
            let row = extension::Model {
                id: ExtensionId::new().0,
                region_id: wanted.region.0,
                plan_id: duty.set_going_by.map(|plan| plan.0),
                rule: wanted.rule.into(),
                occurrence: wanted.occurrence,
                pass: wanted.pass,
                extended_to: until.to_string(),
                reason,
                organization_id: organization.map(|organization| organization.0),
                withdrawal_reason: None,
                revision: change.revision(),
            };
            change.insert::<Entity>(row).await
        })
        .await?;
    get(access, &key, None).await
}

fn checked(new: &NewExtension) -> Result<(Day, String)> {
    let mut faults = crate::error::Faults::default();
    let until = faults.at("until", Day::parse(new.until.trim()));
    let reason = faults.at("reason", input::text(&new.reason, input::TEXT));
    match until.zip(reason) {
        Some(parsed) => Ok(parsed),
        None => faults.refuse(),
    }
}

/// In whose name: as the caller says, or as their grant does.
async fn giver(
    access: &Access,
    by: Option<&AnyId>,
    region: &Region,
) -> Result<Option<OrganizationId>> {
    match by {
        Some(id) => {
            let id = OrganizationId::parse_at("by", id)?;
            organization::get(access, id).await.map_err(|error| error.at("by"))?;
            Ok(Some(id))
        }
        None => {
            let oversees = |grant: &&crate::access::Grant| {
                grant.allows(Action::OverseeProgress, Site::from(region.id))
            };
            let mut grants = access.actor().grants().iter().filter(oversees);
            Ok(grants.find_map(|grant| grant.organization).map(OrganizationId))
        }
    }
}

/// Whether there is something to extend, and the new day lies after the old one.
async fn may_extend(access: &Access, duty: &Obligation, region: &Region, until: Day) -> Result<()> {
    let refused = |text| Err(Error::new(Code::GuardFailed, text).at("id"));
    let ko = format!("‘{}’({})", duty.name.ko, duty.article.ko);
    let en = format!("“{}” ({})", duty.name.in_lang(message::Lang::En).0, duty.article.en);
    let today = super::today(access, None).await?;
    if let Some(end) = region.valid_to.as_ref().filter(|end| end.to < today) {
        let named = |lang| region.name.in_lang(lang).0.to_owned();
        let body = (named(message::Lang::Ko), named(message::Lang::En));
        return refused(message::body_is_gone(&ko, &en, &body.0, &body.1, &end.text));
    }
    match (duty.status, duty.last_day) {
        (
            ObligationStatus::Done | ObligationStatus::DoneLate | ObligationStatus::DoneUnclear,
            _,
        ) => refused(message::done_already(&ko, &en)),
        (_, None) if duty.due_source.kind == DueKind::WithoutDelay => {
            refused(message::without_delay(&ko, &en))
        }
        (_, None) => refused(message::not_yet_due(&ko, &en)),
        (_, Some(last)) if until <= last => {
            Err(Error::invalid("until", message::not_later(&ko, &en, &last.to_string())))
        }
        (_, Some(_)) => Ok(()),
    }
}
