//! Who may do what: one table, printed by a test.

use async_graphql::Enum;
use entity::code::Role as Stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody may be, in a region and everything below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[graphql(remote = "Stored")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// An official of a city or county: makes its plan.
    MunicipalOfficer,
}

impl Role {
    /// Every role.
    pub const ALL: &[Self] = &[Self::MunicipalOfficer];

    /// The code of the role.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MunicipalOfficer => "MUNICIPAL_OFFICER",
        }
    }
}

/// What one may or may not do in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Read plans that are not published.
    SeeDrafts,
    /// Start, change or remove a plan and what it holds.
    EditPlan,
    /// Decide who may read a plan.
    PublishPlan,
}

impl Action {
    /// Every action.
    pub const ALL: &[Self] = &[Self::SeeDrafts, Self::EditPlan, Self::PublishPlan];

    /// The code of the action.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SeeDrafts => "SEE_DRAFTS",
            Self::EditPlan => "EDIT_PLAN",
            Self::PublishPlan => "PUBLISH_PLAN",
        }
    }
}

/// Whether a role, with or without the right to decide, may do this in its regions.
pub const fn allows(role: Role, may_approve: bool, action: Action) -> bool {
    match (role, action) {
        (Role::MunicipalOfficer, Action::SeeDrafts | Action::EditPlan) => true,
        (Role::MunicipalOfficer, Action::PublishPlan) => may_approve,
    }
}

/// The roles that may do this, for who may not.
pub fn who_may(action: Action) -> String {
    let may = |role: &Role| {
        let suffix = if allows(*role, false, action) { "" } else { " (mayApprove)" };
        allows(*role, true, action).then(|| format!("{}{suffix}", role.as_str()))
    };
    Role::ALL.iter().filter_map(may).collect::<Vec<_>>().join(", ")
}
