//! What somebody was granted.

use std::collections::HashSet;

use uuid::Uuid;

use super::Timestamp;
use super::policy::{self, Action, Reach, Role, Site};
use crate::history::Revision;

/// What a caller may be, where.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Its key.
    pub id: Uuid,
    /// What they may be.
    pub role: Role,
    /// In this region,
    pub region: Uuid,
    /// and everything below it.
    pub regions: HashSet<Uuid>,
    /// Only for this plan, if it is for one.
    pub plan: Option<Uuid>,
    /// In the name of this organization, if of any.
    pub organization: Option<Uuid>,
    /// Whether they decide for it.
    pub may_approve: bool,
    /// From then,
    pub valid_from: Option<Timestamp>,
    /// until then.
    pub valid_to: Option<Timestamp>,
    /// The revision that last wrote it.
    pub revision: Revision,
}

impl Grant {
    /// How far this grant lets them do it. One for a single plan never goes further than that.
    pub fn reach(&self, action: Action) -> Reach {
        let reach = policy::reach(self.role, self.may_approve, action);
        if self.plan.is_some() { reach.min(Reach::Plan) } else { reach }
    }

    /// Whether it lets them do this there.
    pub fn allows(&self, action: Action, site: Site) -> bool {
        match self.reach(action) {
            Reach::Nowhere => false,
            Reach::Plan => site.plan.is_some() && site.plan == self.plan,
            Reach::Own => site.region == self.region,
            Reach::Below => self.regions.contains(&site.region),
        }
    }

    /// Whether it is in the name of this organization. Who keeps the service acts for all of them.
    pub(super) fn speaks_for(&self, organization: Uuid) -> bool {
        self.organization == Some(organization) || self.role == Role::Admin
    }

    /// The regions in which it lets them do this, whatever the plan.
    pub(super) fn places(&self, action: Action) -> Vec<Uuid> {
        match self.reach(action) {
            Reach::Nowhere | Reach::Plan => Vec::new(),
            Reach::Own => vec![self.region],
            Reach::Below => self.regions.iter().copied().collect(),
        }
    }
}
