//! Which tables have a past, and how it is read: the history twins and the views that shadow the
//! live tables at a past moment.

use entity::code::Visibility;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, IntoCondition, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, IdenStatic, Iterable,
    QueryFilter,
};
use uuid::Uuid;

use super::{Reading, Revision};
use crate::error::{Error, Result};

/// Whose a thing is, which decides who is told of its changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Everybody's; of a region, if of any.
    Open(Option<Uuid>),
    /// The plan itself, or something in its contents: seen by who sees the plan.
    Plan(Uuid),
    /// What hangs on the plan and is not among its contents, as observations and checks: seen by
    /// who sees the plan, and moving nobody's `contentRevision`.
    Beside(Uuid),
    /// What has a visibility of its own within its region: where it hangs on a plan, no more than
    /// that one's. It moves nobody's `contentRevision`.
    Shared {
        /// Of which region it is.
        region: Uuid,
        /// The plan it hangs on.
        plan: Option<Uuid>,
        /// Its own visibility.
        visibility: Visibility,
    },
    /// What hangs on a plan of a region and stays between those who see its drafts and the one other
    /// it names, whoever else may read the plan.
    Between {
        /// The plan.
        plan: Uuid,
        /// Its region.
        region: Uuid,
    },
    /// The administration's; of a region, if of any.
    Staff(Option<Uuid>),
    /// A part of something that is always written with it, and told of there.
    Part,
}

impl Place {
    /// The place of contents of a plan, where there is one; otherwise everybody's.
    fn within(plan: Option<Uuid>, region: Uuid) -> Self {
        plan.map_or(Self::Open(Some(region)), Self::Plan)
    }

    /// The place of what hangs on a plan, where there is one; otherwise everybody's.
    fn beside(plan: Option<Uuid>, region: Uuid) -> Self {
        plan.map_or(Self::Open(Some(region)), Self::Beside)
    }
}

/// A table with a past: a `revision` column, an `id`, and a twin.
pub trait Versioned: EntityTrait {
    /// What the change log calls a thing of this table.
    const KIND: &'static str;

    /// Whose this row is.
    fn place(row: &Self::Model) -> Place;

    /// The column of its key.
    fn id() -> Self::Column;

    /// The column of its version.
    fn revision() -> Self::Column;

    /// The column that holds the plan it belongs to, for the contents of plans.
    fn plan() -> Option<Self::Column> {
        None
    }

    /// The column that holds a visibility of its own, where there is one.
    fn visibility() -> Option<Self::Column> {
        None
    }
}

/// What the views need to know of a table.
#[derive(Debug)]
pub struct Twin {
    /// The live table.
    pub table: &'static str,
    /// Its columns, in order.
    pub columns: Vec<&'static str>,
}

macro_rules! versioned {
    ($($table:ident, $kind:literal, |$row:ident| $place:expr $(, plan $plan:ident)? $(, shared $shared:ident)?;)+) => {
        $(impl Versioned for entity::$table::Entity {
            const KIND: &'static str = $kind;

            fn place($row: &Self::Model) -> Place {
                $place
            }

            fn id() -> Self::Column {
                entity::$table::Column::Id
            }

            fn revision() -> Self::Column {
                entity::$table::Column::Revision
            }

            $(fn plan() -> Option<Self::Column> {
                Some(entity::$table::Column::$plan)
            })?

            $(fn visibility() -> Option<Self::Column> {
                Some(entity::$table::Column::$shared)
            })?
        })+

        /// Every table with a past.
        pub fn twins() -> Vec<Twin> {
            vec![$(Twin {
                table: stringify!($table),
                columns: entity::$table::Column::iter().map(|column| column.as_str()).collect(),
            }),+]
        }

        /// Whose the rows of a table are whose field holds this id, and what the log calls them.
        pub(super) async fn places_of(
            db: &Reading,
            table: &str,
            by: (&str, Uuid),
        ) -> Result<Option<(&'static str, Vec<Place>)>> {
            match table {
                $(stringify!($table) => {
                    let places = places::<entity::$table::Entity>(db, by).await?;
                    Ok(Some(($kind, places)))
                })+
                _ => Ok(None),
            }
        }

        /// Notes everything in a plan's contents as moved in visibility.
        pub(super) async fn reveal(
            db: &Reading,
            seq: i64,
            plan: Moved,
        ) -> Result<()> {
            $(reveal_table::<entity::$table::Entity>(db, seq, plan).await?;)+
            Ok(())
        }
    };
}

versioned! {
    source, "SOURCE", |_row| Place::Open(None);
    region, "REGION", |row| Place::Open(Some(row.id));
    region_code, "REGION_CODE", |_row| Place::Part;
    sector, "SECTOR", |_row| Place::Open(None);
    account, "ACCOUNT", |_row| Place::Staff(None);
    client, "CLIENT", |_row| Place::Staff(None);
    role_grant, "GRANT", |row| Place::Staff(Some(row.region_id));
    plan, "PLAN", |row| Place::Plan(row.id);
    plan_content, "PLAN_CONTENT", |_row| Place::Part;
    plan_sector, "PLAN_SECTOR", |row| Place::Plan(row.plan_id), plan PlanId;
    target, "TARGET", |row| Place::Plan(row.plan_id), plan PlanId;
    target_figure, "TARGET_FIGURE", |_row| Place::Part;
    organization, "ORGANIZATION", |row| Place::Open(row.region_id);
    organization_name, "ORGANIZATION_NAME", |_row| Place::Part;
    plan_contractor, "PLAN_CONTRACTOR", |_row| Place::Part;
    region_statistic, "REGION_STATISTIC", |row| Place::Open(Some(row.region_id));
    emission, "EMISSION", |row| Place::Open(Some(row.region_id));
    measure, "MEASURE", |row| Place::Plan(row.plan_id), plan PlanId;
    measure_reduction, "MEASURE_REDUCTION", |_row| Place::Part;
    measure_budget, "MEASURE_BUDGET", |_row| Place::Part;
    indicator_definition, "INDICATOR_DEFINITION", |_row| Place::Open(None);
    indicator, "INDICATOR", |row| Place::within(row.plan_id, row.region_id), plan PlanId;
    indicator_goal, "INDICATOR_GOAL", |row| Place::within(row.plan_id, row.region_id), plan PlanId;
    observation, "OBSERVATION", |row| Place::beside(row.plan_id, row.region_id), plan PlanId;
    progress_check, "PROGRESS_CHECK", |row| Place::beside(row.plan_id, row.region_id), plan PlanId;
    progress_reviewer, "PROGRESS_REVIEWER", |_row| Place::Part;
    progress_step, "PROGRESS_STEP", |_row| Place::Part;
    progress_sector, "PROGRESS_SECTOR", |_row| Place::Part;
    assessment, "ASSESSMENT", |row| Place::beside(row.plan_id, row.region_id), plan PlanId;
    assessment_budget, "ASSESSMENT_BUDGET", |_row| Place::Part;
    assessment_value, "ASSESSMENT_VALUE", |_row| Place::Part;
    milestone, "MILESTONE", |row| Place::Plan(row.plan_id), plan PlanId;
    milestone_host, "MILESTONE_HOST", |_row| Place::Part;
    plan_version, "PLAN_VERSION", |row| Place::Beside(row.plan_id), plan PlanId;
    link, "LINK", |row| Place::Plan(row.plan_id), plan PlanId;
    deadline, "DEADLINE", |row| Place::Beside(row.plan_id), plan PlanId;
    extension, "EXTENSION", |row| Place::beside(row.plan_id, row.region_id), plan PlanId;
    forum, "FORUM", |row| Place::Open(row.region_id);
    forum_host, "FORUM_HOST", |_row| Place::Part;
    forum_session, "FORUM_SESSION", |_row| Place::Part;
    document, "DOCUMENT", |row| document_place(row), plan PlanId;
    forum_participant, "FORUM_PARTICIPANT", |_row| Place::Part;
    forum_issue, "FORUM_ISSUE", |_row| Place::Part;
    forum_outcome, "FORUM_OUTCOME", |_row| Place::Part;
    follow_up, "FOLLOW_UP", |row| Place::Open(row.region_id);
    issue, "ISSUE", |row| Place::Shared { region: row.region_id, plan: row.plan_id, visibility: row.visibility }, plan PlanId, shared Visibility;
    issue_comment, "COMMENT", |row| Place::Shared { region: row.region_id, plan: row.plan_id, visibility: row.visibility }, plan PlanId, shared Visibility;
    advice_case, "ADVICE_CASE", |row| Place::Between { plan: row.plan_id, region: row.region_id };
    advice_question, "ADVICE_QUESTION", |_row| Place::Part;
    advice_item, "ADVICE_ITEM", |_row| Place::Part;
}

async fn places<E: Versioned>(db: &Reading, (field, id): (&str, Uuid)) -> Result<Vec<Place>> {
    let rows = E::find().filter(Expr::col(Alias::new(field)).eq(id)).all(db).await?;
    Ok(rows.iter().map(E::place).collect())
}

/// Whose a document is: as what it hangs on. Issues and cases have readers of their own, whom the
/// plan does not tell.
fn document_place(row: &entity::document::Model) -> Place {
    use entity::code::DocumentHolder::{Case, Check, Forum, Issue, Milestone, Plan};
    match (row.holder, row.plan_id) {
        (Issue | Case, _) => Place::Staff(row.region_id),
        (Plan | Milestone | Check, Some(plan)) => Place::Beside(plan),
        (Plan | Milestone | Check | Forum, _) => Place::Open(row.region_id),
    }
}

/// A plan that a change moved: its region and who may read it, before and after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moved {
    pub plan: Uuid,
    pub before: (Uuid, Visibility),
    pub after: (Uuid, Visibility),
}

async fn reveal_table<E: Versioned>(db: &Reading, seq: i64, plan: Moved) -> Result<()> {
    let Some(column) = E::plan() else { return Ok(()) };
    // What this change wrote itself has its item already.
    let untouched =
        Condition::all().add(column.eq(plan.plan)).add(Expr::col(E::revision()).lt(seq));
    let rows = Query::select()
        .expr(Expr::val(seq))
        .expr(Expr::val(E::KIND))
        .column(E::id())
        .expr(Expr::val("UPSERT"))
        .expr(Expr::val(plan.after.0))
        .column(column)
        .expr(no_more_than(plan.before.1, E::visibility()))
        .expr(no_more_than(plan.after.1, E::visibility()))
        .expr(Expr::val(Some(plan.before.0).filter(|before| *before != plan.after.0)))
        .expr(Expr::val(None::<Uuid>))
        .from(E::default().table_ref())
        .cond_where(untouched)
        .to_owned();
    let insert = Query::insert()
        .into_table(entity::change_item::Entity)
        .columns(entity::change_item::Column::iter())
        .select_from(rows)
        .map_err(Error::internal)?
        .to_owned();
    db.execute(&insert).await?;
    Ok(())
}

/// The visibility of the plan; where a row has one of its own, the narrower of the two.
fn no_more_than<C: ColumnTrait>(of_plan: Visibility, own: Option<C>) -> SimpleExpr {
    match (of_plan, own) {
        (Visibility::Public, Some(own)) => Expr::col(own),
        (Visibility::Province, Some(own)) => {
            let internal = Expr::col(own).eq(code(Visibility::Internal));
            let narrower = Expr::case(internal, code(Visibility::Internal));
            narrower.finally(code(Visibility::Province)).into()
        }
        (of_plan, _) => Expr::val(code(of_plan)),
    }
}

fn code(visibility: Visibility) -> String {
    sea_orm::ActiveEnum::to_value(&visibility)
}

/// Copies the rows that a change is about to overwrite to their twin, as they were, leaving out
/// those it has written already.
pub(super) async fn archive<E: Versioned>(db: &Reading, which: Condition, seq: i64) -> Result<()> {
    let live = E::default();
    let twin = Alias::new(format!("{}_history", live.table_name()));
    let columns = || E::Column::iter().map(|column| Alias::new(column.as_str()));
    let rows = Query::select()
        .expr(Expr::val(seq))
        .columns(columns())
        .from(live.table_ref())
        .cond_where(which)
        .and_where(Expr::col(E::revision()).lt(seq))
        .to_owned();
    let insert = Query::insert()
        .into_table(twin)
        .columns(std::iter::once(Alias::new("until")).chain(columns()))
        .select_from(rows)
        .map_err(Error::internal)?
        .to_owned();
    db.execute(&insert).await?;
    Ok(())
}

/// The rows of these keys.
pub(super) fn keyed<E: Versioned>(id: Uuid) -> Condition {
    Expr::col(E::id()).eq(id).into_condition()
}

/// The statements that lay the past over the present on one SQLite connection.
pub fn sqlite_views() -> Vec<String> {
    let moment = "(SELECT n FROM temp.moment)";
    let mut views = vec![
        "CREATE TEMP TABLE moment (n INTEGER)".to_owned(),
        "INSERT INTO temp.moment VALUES (NULL)".to_owned(),
    ];
    views.extend(
        CARRIERS
            .iter()
            .map(|table| format!("CREATE TEMP VIEW {table}_now AS SELECT * FROM main.{table}")),
    );
    views.extend(twins().iter().map(|Twin { table, columns }| {
        let columns = columns.join(", ");
        format!(
            "CREATE TEMP VIEW {table} AS SELECT {columns} FROM main.{table} \
             WHERE revision <= {moment} UNION ALL SELECT {columns} FROM main.{table}_history \
             WHERE revision <= {moment} AND until > {moment}"
        )
    }));
    views.extend(LOG.iter().map(|table| {
        format!("CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE seq <= {moment}")
    }));
    views
}

/// The statements that make the schema `past` on PostgreSQL.
pub fn postgres_views() -> Vec<String> {
    let moment = "current_setting('dure.moment')::bigint";
    let mut views = vec!["CREATE SCHEMA past".to_owned()];
    views.extend(
        CARRIERS
            .iter()
            .map(|table| format!("CREATE VIEW past.{table}_now AS SELECT * FROM public.{table}")),
    );
    views.extend(twins().iter().map(|Twin { table, columns }| {
        let columns = columns.join(", ");
        let end = Revision::MAX.0;
        format!(
            "CREATE VIEW past.{table} AS SELECT {columns} FROM \
             (SELECT {columns}, {end} AS until FROM public.{table} \
             UNION ALL SELECT {columns}, until FROM public.{table}_history) ever \
             WHERE revision <= {moment} AND until > {moment}"
        )
    }));
    views.extend(LOG.iter().map(|table| {
        format!("CREATE VIEW past.{table} AS SELECT * FROM public.{table} WHERE seq <= {moment}")
    }));
    views
}

/// What carries a visibility: the past is read by who may read it now.
const CARRIERS: [&str; 2] = ["plan", "issue"];

/// The log ends at the moment.
const LOG: [&str; 2] = ["change", "change_item"];

/// Takes the views away, so that the tables beneath may change.
pub async fn drop_views<C: ConnectionTrait>(db: &C) -> Result<()> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared("DROP SCHEMA IF EXISTS past CASCADE").await?;
    }
    Ok(())
}

/// Makes the views anew. On SQLite each connection makes its own.
pub async fn create_views<C: ConnectionTrait>(db: &C) -> Result<()> {
    if db.get_database_backend() == DbBackend::Postgres {
        for view in postgres_views() {
            db.execute_unprepared(&view).await?;
        }
    }
    Ok(())
}
