use std::collections::HashMap;

use entity::code::DocumentHolder;
use entity::document;
use uuid::Uuid;

use crate::access::{Access, Action, Site};
use crate::advice::{cases, forums, issues};
use crate::error::{Code, Error, Result};
use crate::id::{AnyId, CaseId, CheckId, ForumId, Id, IssueId, MilestoneId, PlanId};
use crate::message::{self, procedure as told};
use crate::{plan, procedure, progress};

/// What a document may hang on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// A plan.
    Plan(PlanId),
    /// A milestone of a plan.
    Milestone(MilestoneId),
    /// A progress check.
    Check(CheckId),
    /// An advice case.
    Case(CaseId),
    /// An issue.
    Issue(IssueId),
    /// A forum.
    Forum(ForumId),
}

/// Where what a document hangs on is, and who may hand documents in there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub region: Option<Uuid>,
    pub plan: Option<Uuid>,
    /// One of these.
    pub needs: &'static [Action],
    /// To take one away, one of these.
    pub removal: &'static [Action],
}

impl Place {
    /// Where it takes the same to take a document away as to hand one in.
    const fn same((region, plan): (Option<Uuid>, Option<Uuid>), needs: &'static [Action]) -> Self {
        Self { region, plan, needs, removal: needs }
    }

    /// Whether the caller may hand in here; otherwise the refusal that says who may.
    pub(super) fn require(&self, access: &Access) -> Result<()> {
        self.require_one(access, self.needs)
    }

    /// Whether the caller may take a document away here; otherwise the refusal that says who may.
    pub(super) fn require_removal(&self, access: &Access) -> Result<()> {
        self.require_one(access, self.removal)
    }

    fn require_one(&self, access: &Access, actions: &[Action]) -> Result<()> {
        let mut refusal = None;
        for action in actions {
            let allowed = match self.region {
                Some(region) => access.require(*action, Site { region, plan: self.plan }),
                None => access.require_somewhere(*action),
            };
            match allowed {
                Ok(()) => return Ok(()),
                Err(error) => refusal = refusal.or(Some(error)),
            }
        }
        refusal.map_or(Ok(()), Err)
    }
}

impl Holder {
    /// Reads the id of what a document is to hang on. `INVALID` for anything else.
    pub fn parse(on: &AnyId) -> Result<Self> {
        let parsed = match on.0.split_once('_').map_or("", |(prefix, _)| prefix) {
            PlanId::PREFIX => PlanId::parse(on).map(Self::Plan),
            MilestoneId::PREFIX => MilestoneId::parse(on).map(Self::Milestone),
            CheckId::PREFIX => CheckId::parse(on).map(Self::Check),
            CaseId::PREFIX => CaseId::parse(on).map(Self::Case),
            IssueId::PREFIX => IssueId::parse(on).map(Self::Issue),
            ForumId::PREFIX => ForumId::parse(on).map(Self::Forum),
            _ => Err(Error::new(Code::Invalid, message::holds_no_documents())),
        };
        parsed.map_err(|error| error.at("on"))
    }

    /// Its id, as callers see it.
    pub fn id(self) -> AnyId {
        AnyId(match self {
            Self::Plan(id) => id.text(),
            Self::Milestone(id) => id.text(),
            Self::Check(id) => id.text(),
            Self::Case(id) => id.text(),
            Self::Issue(id) => id.text(),
            Self::Forum(id) => id.text(),
        })
    }

    /// What it is, and its key.
    pub(super) fn key(self) -> (DocumentHolder, Uuid) {
        match self {
            Self::Plan(id) => (DocumentHolder::Plan, id.0),
            Self::Milestone(id) => (DocumentHolder::Milestone, id.0),
            Self::Check(id) => (DocumentHolder::Check, id.0),
            Self::Case(id) => (DocumentHolder::Case, id.0),
            Self::Issue(id) => (DocumentHolder::Issue, id.0),
            Self::Forum(id) => (DocumentHolder::Forum, id.0),
        }
    }

    /// What a row hangs on.
    pub(super) fn of(row: &document::Model) -> Self {
        match row.holder {
            DocumentHolder::Plan => Self::Plan(PlanId(row.holder_id)),
            DocumentHolder::Milestone => Self::Milestone(MilestoneId(row.holder_id)),
            DocumentHolder::Check => Self::Check(CheckId(row.holder_id)),
            DocumentHolder::Case => Self::Case(CaseId(row.holder_id)),
            DocumentHolder::Issue => Self::Issue(IssueId(row.holder_id)),
            DocumentHolder::Forum => Self::Forum(ForumId(row.holder_id)),
        }
    }
}

/// Where a thing that documents hang on is. `NOT_FOUND` where the caller sees none.
pub(super) async fn site_of(access: &Access, holder: Holder) -> Result<Place> {
    let place = seen(access, [holder]).await?.remove(&holder);
    place.ok_or_else(|| Error::not_found("document holder").at("on"))
}

/// Refuses to take a document away from what was frozen. More may be handed in there.
pub(super) async fn let_go(access: &Access, holder: Holder) -> Result<()> {
    match holder {
        Holder::Check(id) => progress::require_open(access, id).await,
        Holder::Milestone(id) if procedure::froze(access, id).await? => {
            Err(Error::new(Code::GuardFailed, told::its_documents_stay()))
        }
        _ => Ok(()),
    }
}

/// Which of these the caller sees, and where they are: as many statements as there are kinds.
pub(super) async fn seen(
    access: &Access,
    holders: impl IntoIterator<Item = Holder>,
) -> Result<HashMap<Holder, Place>> {
    let mut asked = Asked::default();
    for holder in holders {
        match holder {
            Holder::Plan(id) => asked.plans.push(id),
            Holder::Milestone(id) => asked.milestones.push(id),
            Holder::Check(id) => asked.checks.push(id),
            Holder::Case(id) => asked.cases.push(id),
            Holder::Issue(id) => asked.issues.push(id),
            Holder::Forum(id) => asked.forums.push(id),
        }
    }
    asked.seen(access).await
}

/// What is asked for, by kind.
#[derive(Default)]
struct Asked {
    plans: Vec<PlanId>,
    milestones: Vec<MilestoneId>,
    checks: Vec<CheckId>,
    cases: Vec<CaseId>,
    issues: Vec<IssueId>,
    forums: Vec<ForumId>,
}

impl Asked {
    async fn seen(self, access: &Access) -> Result<HashMap<Holder, Place>> {
        let mut found = HashMap::new();
        let milestones = match self.milestones.is_empty() {
            true => Vec::new(),
            false => procedure::by_ids(access, self.milestones).await?,
        };
        let plans = self.plans.into_iter().chain(milestones.iter().map(|it| it.plan_id));
        let plans: Vec<PlanId> = plans.collect();
        if !plans.is_empty() {
            for plan in plan::by_ids(access, plans).await? {
                let place = Place {
                    region: Some(plan.region.id.0),
                    plan: Some(plan.id.0),
                    needs: &[Action::EditPlan],
                    // Who drafts a plan hands in, and takes nothing away.
                    removal: &[Action::RunProcedure],
                };
                found.insert(Holder::Plan(plan.id), place);
                let theirs = milestones.iter().filter(|milestone| milestone.plan_id == plan.id);
                found.extend(theirs.map(|milestone| (Holder::Milestone(milestone.id), place)));
            }
        }
        if !self.checks.is_empty() {
            for check in progress::by_ids(access, self.checks).await? {
                let at = (Some(check.region.id.0), check.plan_id.map(|id| id.0));
                let place = Place::same(at, &[Action::CheckProgress]);
                found.insert(Holder::Check(check.id), place);
            }
        }
        if !self.cases.is_empty() {
            for case in cases::by_ids(access, self.cases).await? {
                let at = (Some(case.region.id.0), Some(case.plan_id.0));
                let place = Place::same(at, &[Action::AskAdvice, Action::GiveAdvice]);
                found.insert(Holder::Case(case.id), place);
            }
        }
        if !self.issues.is_empty() {
            for issue in issues::by_ids(access, self.issues).await? {
                let at = (Some(issue.region.id.0), issue.plan_id.map(|id| id.0));
                let place = Place::same(at, &[Action::ShareIssues]);
                found.insert(Holder::Issue(issue.id), place);
            }
        }
        if !self.forums.is_empty() {
            for forum in forums::by_ids(access, self.forums).await? {
                let at = (forum.region.map(|region| region.id.0), None);
                let place = Place::same(at, &[Action::ShareIssues]);
                found.insert(Holder::Forum(forum.id), place);
            }
        }
        Ok(found)
    }
}
