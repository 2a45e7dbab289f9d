//! Who is asking, and what of it may be asked by whom.

use std::collections::HashSet;

use entity::code::Visibility;
use uuid::Uuid;

use super::grant::Grant;
use super::policy::{self, Action, Reach, Scope, Site};

/// Who is asking.
#[derive(Clone, Debug, Default)]
pub enum Actor {
    /// Nobody we know: sees what is published.
    #[default]
    Public,
    /// An account, with the grants in force at this request.
    Account {
        /// Whose.
        id: Uuid,
        /// The sign-in it came through; none for a token of another issuer.
        session: Option<Uuid>,
        /// What they may be, and where.
        grants: Vec<Grant>,
        /// Every region of the provinces they work in.
        province: Vec<Uuid>,
        /// The plans about which they are asked for advice now.
        advised: Vec<Uuid>,
    },
    /// A machine, with the grants in force at this request, capped by its scopes.
    Client {
        /// Which.
        id: Uuid,
        /// What its token may be used for.
        scopes: Vec<Scope>,
        /// What it may be, and where.
        grants: Vec<Grant>,
        /// Every region of the provinces it works in.
        province: Vec<Uuid>,
        /// The plans about which it is asked for advice now.
        advised: Vec<Uuid>,
    },
    /// The command line, which owns the database anyway.
    Operator,
}

impl Actor {
    /// The account's id, for the log.
    pub fn account(&self) -> Option<Uuid> {
        match self {
            Self::Account { id, .. } => Some(*id),
            Self::Public | Self::Client { .. } | Self::Operator => None,
        }
    }

    /// The client's id, for the log.
    pub fn client(&self) -> Option<Uuid> {
        match self {
            Self::Client { id, .. } => Some(*id),
            Self::Public | Self::Account { .. } | Self::Operator => None,
        }
    }

    /// The grants in force.
    pub fn grants(&self) -> &[Grant] {
        match self {
            Self::Account { grants, .. } | Self::Client { grants, .. } => grants,
            Self::Public | Self::Operator => &[],
        }
    }

    /// Whether they may do this there.
    pub fn may(&self, action: Action, site: Site) -> bool {
        let granted =
            self.in_scope(action) && self.grants().iter().any(|it| it.allows(action, site));
        // What one is asked about is seen by the asking, not by a grant.
        let asked = action == Action::SeeDrafts
            && site.plan.is_some_and(|plan| self.advised().contains(&plan));
        matches!(self, Self::Operator) || granted || asked
    }

    /// Whether they may do this there in the name of an organization.
    pub fn may_for(&self, organization: Uuid, action: Action, site: Site) -> bool {
        let fits = |grant: &Grant| grant.speaks_for(organization) && grant.allows(action, site);
        let granted = self.in_scope(action) && self.grants().iter().any(fits);
        matches!(self, Self::Operator) || granted
    }

    /// Whether they may do this somewhere.
    pub fn may_somewhere(&self, action: Action) -> bool {
        matches!(self, Self::Operator) || !self.regions(action).is_empty()
    }

    /// Whether this is something the caller's scopes allow: everything, where it is no machine.
    pub fn in_scope(&self, action: Action) -> bool {
        match self {
            Self::Client { scopes, .. } => {
                policy::scope(action).is_some_and(|scope| scopes.contains(&scope))
            }
            Self::Public | Self::Account { .. } | Self::Operator => true,
        }
    }

    /// The regions where they may do this, whatever the plan.
    pub fn regions(&self, action: Action) -> HashSet<Uuid> {
        let grants = self.grants().iter().filter(|_| self.in_scope(action));
        grants.flat_map(|grant| grant.places(action)).collect()
    }

    /// Whether they read something of this visibility that is of this region and hangs on this
    /// plan, if of any.
    pub fn reads(&self, what: Visibility, region: Option<Uuid>, plan: Option<Uuid>) -> bool {
        let drafts = || self.regions(Action::SeeDrafts);
        let theirs = || {
            region.is_some_and(|region| drafts().contains(&region))
                || plan.is_some_and(|plan| self.plans().contains(&plan))
        };
        match what {
            _ if matches!(self, Self::Operator) => true,
            Visibility::Public => true,
            Visibility::Province => {
                region.is_some_and(|region| self.province().contains(&region)) || theirs()
            }
            Visibility::Internal => theirs(),
        }
    }

    /// The single plans whose drafts they see: by a grant for one, or because they are asked for
    /// advice on it.
    pub(crate) fn plans(&self) -> HashSet<Uuid> {
        let mut plans = self.single_plans(Action::SeeDrafts);
        plans.extend(self.advised());
        plans
    }

    /// The single plans to which grants for them alone let them do this.
    pub(super) fn single_plans(&self, action: Action) -> HashSet<Uuid> {
        let single = |grant: &&Grant| self.in_scope(action) && grant.reach(action) == Reach::Plan;
        self.grants().iter().filter(single).filter_map(|grant| grant.plan).collect()
    }

    /// The plans about which they are asked for advice.
    fn advised(&self) -> &[Uuid] {
        match self {
            Self::Account { advised, .. } | Self::Client { advised, .. }
                if self.in_scope(Action::SeeDrafts) =>
            {
                advised
            }
            _ => &[],
        }
    }

    /// Every region of the provinces they work in.
    pub(crate) fn province(&self) -> &[Uuid] {
        match self {
            Self::Account { province, .. } | Self::Client { province, .. }
                if self.in_scope(Action::SeeDrafts) =>
            {
                province
            }
            _ => &[],
        }
    }
}
