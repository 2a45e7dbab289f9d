//! The database as one caller sees it, at one moment. There is no other way to it.

mod clock;
pub mod policy;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use entity::code::Visibility;
use entity::plan;
use sea_orm::sea_query::extension::postgres::PgFunc;
use sea_orm::sea_query::{
    Alias, ArrayType, Expr, ExprTrait, Func, IntoColumnRef, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{ColumnTrait, Condition, DbBackend, EntityTrait, QueryFilter, Value};
use tokio::sync::{Mutex, oneshot};
use uuid::Uuid;

pub use clock::{Clock, Timestamp};
pub use policy::{Action, Reach, Role, Scope, Site};

use crate::error::{Code, Error, Result};
use crate::history::queue::{DEADLINE, Done, Job, Work};
use crate::history::{Change, Moment, Once, Reading, Revision, Store};
use crate::id::{AnyId, Id as _, PlanId};
use crate::message;

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
    fn speaks_for(&self, organization: Uuid) -> bool {
        self.organization == Some(organization) || self.role == Role::Admin
    }

    /// The regions in which it lets them do this, whatever the plan.
    fn places(&self, action: Action) -> Vec<Uuid> {
        match self.reach(action) {
            Reach::Nowhere | Reach::Plan => Vec::new(),
            Reach::Own => vec![self.region],
            Reach::Below => self.regions.iter().copied().collect(),
        }
    }
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
    fn single_plans(&self, action: Action) -> HashSet<Uuid> {
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

/// The database as one caller sees it, at one moment. Clones share the snapshot.
#[derive(Clone)]
pub struct Access {
    store: Arc<Store>,
    actor: Arc<Actor>,
    request: Option<Arc<str>>,
    once: Option<Arc<Once>>,
    wanted: Option<Arc<Wanted>>,
    moment: Moment,
    db: Db,
}

/// At which revisions a caller takes the thing they want to change, where they name several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// At any, as long as it is there.
    Any,
    /// At one of these.
    OneOf(Vec<Revision>),
}

#[derive(Clone)]
enum Db {
    /// Begun at the first read, and anew after a change of one's own.
    Snapshot(Arc<Mutex<Kept>>),
    /// Inside a change.
    Change(Reading),
}

#[derive(Default)]
struct Kept {
    reading: Option<Reading>,
    /// What the last reading showed, for the answer to say.
    stated: Option<Revision>,
}

impl Access {
    /// The present, as a caller sees it.
    pub fn new(store: Arc<Store>, actor: Actor) -> Self {
        let db = Db::Snapshot(Arc::default());
        Self {
            store,
            actor: Arc::new(actor),
            request: None,
            once: None,
            wanted: None,
            moment: Moment::Latest,
            db,
        }
    }

    /// The same caller at another moment.
    pub fn at(&self, moment: Moment) -> Self {
        Self { moment, db: Db::Snapshot(Arc::default()), ..self.clone() }
    }

    /// Whether this is about a past moment.
    pub fn is_past(&self) -> bool {
        self.moment != Moment::Latest
    }

    /// The same, under the id that finds the request in the logs.
    pub fn for_request(mut self, id: &str) -> Self {
        self.request = Some(id.into());
        self
    }

    /// The same, for a request that is done once however often it is sent.
    pub fn once(mut self, once: Option<Once>) -> Self {
        self.once = once.map(Arc::new);
        self
    }

    /// The key of a request that is done once.
    pub(crate) fn its_once(&self) -> Option<Arc<Once>> {
        self.once.clone()
    }

    /// The same, for a request that takes a thing at any of these revisions.
    pub fn wanting(mut self, wanted: Option<Wanted>) -> Self {
        self.wanted = wanted.map(Arc::new);
        self
    }

    /// Whether a thing at its current revision is what a caller wants to change.
    pub(crate) fn is_at(&self, revision: Revision, current: Revision) -> bool {
        match self.wanted.as_deref() {
            None => current == revision,
            Some(Wanted::Any) => true,
            Some(Wanted::OneOf(these)) => these.contains(&current),
        }
    }

    pub(crate) fn within(self, reading: Reading) -> Self {
        Self { db: Db::Change(reading), ..self }
    }

    pub(crate) fn into_transaction(self) -> Option<sea_orm::DatabaseTransaction> {
        match self.db {
            Db::Change(reading) => reading.into_transaction(),
            Db::Snapshot(_) => None,
        }
    }

    /// Who is asking.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The id of the request, if it is one.
    pub fn request_id(&self) -> Option<&str> {
        self.request.as_deref()
    }

    /// The state of the world this answer is about. Its first call begins it.
    pub async fn db(&self) -> Result<Reading> {
        match &self.db {
            Db::Change(reading) => Ok(reading.clone()),
            Db::Snapshot(kept) => {
                let mut kept = kept.lock().await;
                if let Some(reading) = &kept.reading {
                    return Ok(reading.clone());
                }
                let reading = self.store.begin(self.moment).await?;
                kept.stated = Some(reading.revision());
                kept.reading = Some(reading.clone());
                Ok(reading)
            }
        }
    }

    /// What time it is for this answer: at a past moment, when that revision was made.
    pub async fn now(&self) -> Result<Timestamp> {
        match (&self.db, self.moment) {
            (Db::Change(reading), _) => Ok(reading.at()),
            (Db::Snapshot(_), Moment::Latest) => Ok(self.store.clock().now()),
            (Db::Snapshot(_), _) => Ok(self.db().await?.at()),
        }
    }

    /// The revision that what was read shows; none if nothing was read.
    pub async fn stated(&self) -> Option<Revision> {
        match &self.db {
            Db::Change(reading) => Some(reading.revision()),
            Db::Snapshot(kept) => kept.lock().await.stated,
        }
    }

    /// Ends the snapshot: before the first byte of an answer leaves, and before a change waits.
    pub async fn finish(&self) {
        if let Db::Snapshot(kept) = &self.db {
            let reading = kept.lock().await.reading.take();
            if let Some(reading) = reading {
                reading.end().await;
            }
        }
    }

    /// One change: `work` runs under the lock, all of it or nothing. What this `Access` reads
    /// next is the state after it.
    ///
    /// `READ_ONLY_MOMENT` in the past, `UNAVAILABLE` when too much waits or it takes too long,
    /// and whatever `work` refuses with.
    pub async fn change<T, F>(&self, action: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce(&Change) -> Result<T> + Send + 'static,
    {
        self.change_within(DEADLINE, action, work).await
    }

    /// A change that may take longer than others: a load.
    pub async fn change_within<T, F>(
        &self,
        deadline: Duration,
        action: &'static str,
        work: F,
    ) -> Result<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce(&Change) -> Result<T> + Send + 'static,
    {
        let Db::Snapshot(kept) = &self.db else {
            return Err(Error::impossible("a change inside a change would wait for itself"));
        };
        if self.moment != Moment::Latest {
            return Err(Error::new(Code::ReadOnlyMoment, message::read_only_moment()));
        }
        self.finish().await;
        let work: Work = Box::new(move |change| {
            Box::pin(async move {
                let value = work(change).await?;
                Ok(Box::new(value) as Box<dyn std::any::Any + Send>)
            })
        });
        let (done, answer) = oneshot::channel::<Done>();
        let access = Self { db: Db::Snapshot(Arc::default()), ..self.clone() };
        self.store.queue().push(Job { access, action, deadline, work, done })?;
        let (value, revision) = answer.await.map_err(Error::internal)??;
        kept.lock().await.stated = Some(revision);
        let value = value.downcast::<T>();
        value.map(|value| *value).map_err(|_| Error::impossible("a change answered another type"))
    }

    /// What is nobody's history: sessions and other secrets. It waits its turn as a change does,
    /// but is in no log and takes no number.
    pub async fn note<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce(&Change) -> Result<T> + Send + 'static,
    {
        self.change("note", work).await
    }

    /// Whether the caller may do this there; otherwise `UNAUTHENTICATED` or `FORBIDDEN`,
    /// saying who may, or which scope a client lacks.
    pub fn require(&self, action: Action, site: impl Into<Site>) -> Result<()> {
        if self.actor.may(action, site.into()) { Ok(()) } else { Err(self.refusal(action)) }
    }

    /// The same, in the name of an organization.
    pub fn require_for(&self, organization: Uuid, action: Action, site: Site) -> Result<()> {
        self.require(action, site)?;
        match self.actor.may_for(organization, action, site) {
            true => Ok(()),
            false => Err(Error::new(Code::Forbidden, message::not_in_its_name())),
        }
    }

    /// The same, wherever it is: for what belongs to no region.
    pub fn require_somewhere(&self, action: Action) -> Result<()> {
        if self.actor.may_somewhere(action) { Ok(()) } else { Err(self.refusal(action)) }
    }

    /// Whether the caller's token may be used for this. A person's may, for everything.
    pub fn require_scope(&self, scope: Scope) -> Result<()> {
        match &*self.actor {
            Actor::Client { scopes, .. } if !scopes.contains(&scope) => Err(beyond(scope)),
            _ => Ok(()),
        }
    }

    fn refusal(&self, action: Action) -> Error {
        match (&*self.actor, policy::scope(action)) {
            (Actor::Public, _) => Error::new(Code::Unauthenticated, message::unauthenticated()),
            (Actor::Client { .. }, Some(scope)) if !self.actor.in_scope(action) => beyond(scope),
            _ => {
                let text = message::forbidden(action.as_str(), &policy::who_may(action));
                Error::new(Code::Forbidden, text)
            }
        }
    }

    /// Where a plan is that the caller sees, by its id or its stable name in the data pack; nothing
    /// where they see none.
    pub async fn site_of_plan(&self, by: &AnyId) -> Result<Option<Site>> {
        let named = match PlanId::parse(by) {
            Ok(id) => plan::Column::Id.eq(id.0),
            Err(_) => plan::Column::ExternalId.eq(&by.0),
        };
        let plans = plan::Entity::find().filter(self.sees(plan::Column::Id)).filter(named);
        let found = plans.one(&self.db().await?).await?;
        Ok(found.map(|plan| Site::of_plan(plan.region_id, plan.id)))
    }

    /// The rows whose plan the caller sees; `column` holds the plan's id.
    ///
    /// In the past, what carries the visibility must be seen now as well, or be a draft of the
    /// caller's own: what was withdrawn does not stay readable.
    pub fn sees<C: ColumnTrait>(&self, column: C) -> Condition {
        if matches!(*self.actor, Actor::Operator) {
            return Condition::all();
        }
        let (seen, now) = (Alias::new("seen"), Alias::new("seen_now"));
        let subject = Expr::col((column.entity_name(), column));
        let mut visible = self.visible_in("plan", &seen, subject.clone());
        if self.moment != Moment::Latest {
            let still = self.visible_in("plan_now", &now, subject);
            visible.cond_where(self.draft_of_theirs(&seen, "id").add(Expr::exists(still)));
        }
        Condition::all().add(Expr::exists(visible))
    }

    fn visible_in(&self, table: &str, plan: &Alias, subject: SimpleExpr) -> SelectStatement {
        Query::select()
            .expr(Expr::val(1))
            .from_as(Alias::new(table), plan.clone())
            .and_where(Expr::col((plan.clone(), plan::Column::Id)).eq(subject))
            .cond_where(self.readers(plan, "id"))
            .to_owned()
    }

    /// The rows of a table with a region, a plan and a visibility of its own that are shared with
    /// the caller, and whose plan they see. `id` is the column that holds the id of what carries
    /// the visibility, in the table of that name.
    ///
    /// In the past, that must be shared with them now as well, or be a draft of their own.
    pub fn shares<C: ColumnTrait>(&self, (plan, id): (C, C), carrier: &'static str) -> Condition {
        if matches!(*self.actor, Actor::Operator) {
            return Condition::all();
        }
        let table = Alias::new(plan.entity_name().to_string());
        let of_plan = Condition::any().add(plan.is_null()).add(self.sees(plan));
        let mut all = Condition::all().add(self.readers(&table, "plan_id")).add(of_plan);
        if self.moment != Moment::Latest {
            let now = Alias::new("shared_now");
            let subject = Expr::col((id.entity_name(), id));
            let still = Query::select()
                .expr(Expr::val(1))
                .from_as(Alias::new(format!("{carrier}_now")), now.clone())
                .and_where(Expr::col((now.clone(), Alias::new("id"))).eq(subject))
                .cond_where(self.readers(&now, "plan_id"))
                .to_owned();
            let theirs = self.draft_of_theirs(&table, "plan_id");
            all = all.add(theirs.add(Expr::exists(still)));
        }
        all
    }

    /// The rows that everybody reads, or the caller's province where they work in it, or the caller
    /// because they see the drafts there.
    fn readers(&self, table: &Alias, plan: &'static str) -> Condition {
        let visibility = |wanted: Visibility| {
            let code = sea_orm::ActiveEnum::to_value(&wanted);
            Expr::col((table.clone(), plan::Column::Visibility)).eq(code)
        };
        let mut who = Condition::any().add(visibility(Visibility::Public));
        if !self.actor.grants().is_empty() {
            let region = (table.clone(), plan::Column::RegionId);
            let province = self.actor.province().iter().copied();
            let shared = Condition::all().add(visibility(Visibility::Province));
            let shared = shared.add(self.any_of(region, province));
            who = who.add(self.draft_of_theirs(table, plan)).add(shared);
        }
        who
    }

    /// What is of a region whose drafts the caller sees, or of such a plan.
    fn draft_of_theirs(&self, table: &Alias, plan: &'static str) -> Condition {
        let region = (table.clone(), plan::Column::RegionId);
        let plan = (table.clone(), Alias::new(plan));
        Condition::any()
            .add(self.any_of(region, self.actor.regions(Action::SeeDrafts)))
            .add(self.any_of(plan, self.actor.plans()))
    }

    /// The rows where grants let the caller do this: the columns hold a region, and a plan of it.
    pub fn where_may<C: ColumnTrait>(&self, action: Action, (region, plan): (C, C)) -> Condition {
        if matches!(*self.actor, Actor::Operator) {
            return Condition::all();
        }
        let column = |column: C| (column.entity_name(), column);
        Condition::any()
            .add(self.any_of(column(region), self.actor.regions(action)))
            .add(self.any_of(column(plan), self.actor.single_plans(action)))
    }

    /// The rows that are addressed to an organization in whose name the caller holds a grant that
    /// is for doing this there: the columns hold the organization, a region, and a plan of it. A
    /// grant without an organization is in nobody's name.
    pub fn addressed<C: ColumnTrait>(
        &self,
        action: Action,
        organization: C,
        (region, plan): (C, C),
    ) -> Condition {
        let column = |column: C| (column.entity_name(), column);
        let mut any = Condition::any().add(Expr::cust("1 = 0"));
        if !self.actor.in_scope(Action::SeeDrafts) {
            return any;
        }
        for grant in self.actor.grants() {
            let Some(name) = grant.organization else { continue };
            let there = match grant.reach(action) {
                Reach::Nowhere => continue,
                Reach::Plan => self.any_of(column(plan), grant.plan),
                Reach::Own | Reach::Below => self.any_of(column(region), grant.places(action)),
            };
            any = any.add(Condition::all().add(organization.eq(name)).add(there));
        }
        any
    }

    /// `column` is one of these: one statement, however many there are.
    pub fn any_of(
        &self,
        column: impl IntoColumnRef,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> SimpleExpr {
        let ids = ids.into_iter();
        match self.store.backend() {
            DbBackend::Postgres => {
                let ids: Vec<Value> = ids.map(Value::from).collect();
                let array = Value::Array(ArrayType::Uuid, Some(Box::new(ids)));
                any(Expr::col(column), array)
            }
            _ => {
                let ids: Vec<String> = ids.map(|id| id.simple().to_string()).collect();
                one_of_json(Expr::col(column), &ids, "unhex(\"value\")")
            }
        }
    }

    /// `column` is one of these codes.
    pub fn any_code(
        &self,
        column: impl IntoColumnRef,
        codes: impl IntoIterator<Item = String>,
    ) -> SimpleExpr {
        let codes: Vec<String> = codes.into_iter().collect();
        match self.store.backend() {
            DbBackend::Postgres => {
                let codes = codes.into_iter().map(Value::from).collect();
                let array = Value::Array(ArrayType::String, Some(Box::new(codes)));
                any(Expr::col(column), array)
            }
            _ => one_of_json(Expr::col(column), &codes, "\"value\""),
        }
    }
}

fn beyond(scope: Scope) -> Error {
    Error::new(Code::Forbidden, message::scope_missing(scope.as_str()))
}

fn any(column: SimpleExpr, array: Value) -> SimpleExpr {
    column.eq(PgFunc::any(Expr::val(array)))
}

fn one_of_json(column: SimpleExpr, list: &[String], value: &'static str) -> SimpleExpr {
    let list = serde_json::Value::from(list).to_string();
    let each = Func::cust(Alias::new("json_each")).arg(Expr::val(list));
    let rows =
        Query::select().expr(Expr::cust(value)).from_function(each, Alias::new("each")).to_owned();
    column.in_subquery(rows)
}
