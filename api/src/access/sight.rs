//! Which rows a caller sees.

use entity::code::Visibility;
use entity::plan;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use super::policy::{Action, Reach, Site};
use super::{Access, Actor};
use crate::error::Result;
use crate::history::Moment;
use crate::id::{AnyId, Id as _, PlanId};

impl Access {
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
}
