//! Difficulties that are the same become one: the duplicate stays where it is and says where to,
//! and what was said about it is shown there, to who could read it before. Nothing of it is copied,
//! so nobody sees more than they did; and it can be taken back.

use entity::code::{IssueState, Visibility};
use entity::issue::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{Issue, comments, find, get, visible};
use crate::access::{Access, Action};
use crate::error::{Code, Error, Result};
use crate::history::Revision;
use crate::id::{AnyId, Id as _, IssueId, PlanId, RegionId};
use crate::{message, plan, region};

/// Makes an issue that is at this revision a duplicate of another one. What was merged into it
/// before follows it. For who brings issues together in the regions of both.
///
/// `GUARD_FAILED` where one of them was merged already, and where some who read the duplicate could
/// not read the one that stays.
pub async fn merge(
    access: &Access,
    id: IssueId,
    revision: Revision,
    into: &AnyId,
) -> Result<Issue> {
    let row = find(access, id).await?;
    access.require(Action::CurateIssues, RegionId(row.region_id))?;
    let into = IssueId::parse_at("into", into)?;
    let stays = find(access, into).await.map_err(|error| error.at("into"))?;
    access.require(Action::CurateIssues, RegionId(stays.region_id))?;
    access
        .change("mergeIssues", async move |change| {
            let before = change.current(visible(change), id.0, revision).await?;
            let stays = find(change, into).await.map_err(|error| error.at("into"))?;
            may_merge(change, &before, &stays).await?;
            // Those that led to it lead on, so that no way has more than one step.
            let led_here = Entity::find().filter(Column::MergedIntoId.eq(before.id));
            for duplicate in led_here.all(&change.db().await?).await? {
                point(change, &duplicate, stays.id).await?;
            }
            point(change, &before, stays.id).await
        })
        .await?;
    get(access, id).await
}

/// Takes a merge back: the issue is what it was, with what was said about it. For who brings issues
/// together in its region.
pub async fn unmerge(access: &Access, id: IssueId, revision: Revision) -> Result<Issue> {
    let row = find(access, id).await?;
    access.require(Action::CurateIssues, RegionId(row.region_id))?;
    access
        .change("unmergeIssue", async move |change| {
            let before = change.current(visible(change), id.0, revision).await?;
            if before.state != IssueState::Merged {
                return Err(Error::new(Code::GuardFailed, message::not_merged()));
            }
            let solved = before.solution.is_some();
            let state = if solved { IssueState::Solved } else { IssueState::Open };
            let after = issue::Model { state, merged_into_id: None, ..before.clone() };
            comments::show_with(change, before.id, before.id).await?;
            change.update::<Entity>(&before, after).await
        })
        .await?;
    get(access, id).await
}

async fn point(change: &crate::history::Change, row: &issue::Model, into: Uuid) -> Result<()> {
    let (state, merged_into_id) = (IssueState::Merged, Some(into));
    let after = issue::Model { state, merged_into_id, ..row.clone() };
    comments::show_with(change, row.id, into).await?;
    change.update::<Entity>(row, after).await.map(|_| ())
}

async fn may_merge(access: &Access, row: &issue::Model, stays: &issue::Model) -> Result<()> {
    let guard = |text| Err(Error::new(Code::GuardFailed, text));
    if row.id == stays.id {
        return Err(Error::invalid("into", message::into_itself()));
    }
    if row.state == IssueState::Merged {
        return guard(message::is_merged());
    }
    if stays.state == IssueState::Merged {
        return guard(message::into_merged());
    }
    let (here, there) = (reach(access, row).await?, reach(access, stays).await?);
    let as_wide = match there {
        Visibility::Public => true,
        Visibility::Province => here <= there && same_province(access, row, stays).await?,
        Visibility::Internal => here <= there && row.plan_id == stays.plan_id,
    };
    if as_wide { Ok(()) } else { guard(message::into_hidden()) }
}

/// Who reads an issue, after its plan.
async fn reach(access: &Access, row: &issue::Model) -> Result<Visibility> {
    let Some(plan) = row.plan_id else { return Ok(row.visibility) };
    let plan = plan::get(access, PlanId(plan)).await?;
    Ok(row.visibility.min(plan.visibility.into()))
}

async fn same_province(access: &Access, row: &issue::Model, stays: &issue::Model) -> Result<bool> {
    let tree = region::tree(access).await?;
    Ok(row.region_id == stays.region_id
        || tree.province_of(row.region_id).contains(&stays.region_id))
}
