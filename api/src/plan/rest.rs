//! The same in REST.

use actix_web::web::Path;
use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    Kin, NewPlan, Plan, PlanChange, PlanFilter, PlanKind, PlanKindFilter, PlanSector, PlanStatus,
    PlanStatusFilter, Visibility, VisibilityFilter,
};
use crate::access::Access;
use crate::error::{Error, Problem, Result};
use crate::filter::StringFilter;
use crate::history::{AnyRevision, Revision};
use crate::id::{AnyId, Id as _, PlanId};
use crate::page::rest::{Items, PageParams, Row, ShortParams};
use crate::region::{self, RegionBy};
use crate::source::cited;
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of plans.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_plans)
        .service(create_plan)
        .service(get_plan)
        .service(update_plan)
        .service(delete_plan)
        .service(get_plan_parent)
        .service(list_plan_children)
        .service(list_plan_sectors)
        .service(list_region_plans);
}

/// Which plans a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct PlanParams {
    /// The plans of the region of this code, today's or a former one.
    region: Option<String>,
    /// The plans of the regions somewhere below the region of this code.
    within: Option<String>,
    /// What kind of plan.
    kind: Option<PlanKind>,
    /// How far it has come.
    status: Option<PlanStatus>,
    /// Who may read it.
    visibility: Option<Visibility>,
    /// Only those whose title has this text in it.
    title: Option<String>,
    /// Only those whose row was written after this revision.
    changed_after: Option<String>,
}

impl From<PlanParams> for PlanFilter {
    fn from(params: PlanParams) -> Self {
        let PlanParams { region, within, kind, status, visibility, title, changed_after } = params;
        Self {
            region: region.map(RegionBy::Code),
            within: within.map(RegionBy::Code),
            kind: kind.map(|kind| PlanKindFilter { eq: Some(kind), ..Default::default() }),
            status: status
                .map(|status| PlanStatusFilter { eq: Some(status), ..Default::default() }),
            visibility: visibility
                .map(|visibility| VisibilityFilter { eq: Some(visibility), ..Default::default() }),
            title: title.map(|title| StringFilter { contains: Some(title), ..Default::default() }),
            changed_after: changed_after.map(AnyRevision),
            ..Self::default()
        }
    }
}

fn tagged(plan: Plan) -> Answer<Plan> {
    let content = plan.content_revision;
    Answer::tagged(plan.revision, plan).with_content(content)
}

/// The plans that fit and that the caller sees, as they were entered.
#[utoipa::path(tag = "plans", operation_id = "listPlans", params(PlanParams, PageParams),
    responses((status = 200, body = Items<Plan>), (status = "4XX", body = Problem)))]
#[get("/plans")]
async fn list_plans(
    access: Access,
    Params(filter, page): Params<PlanParams, PageParams>,
) -> Result<Answer<Items<Plan>>> {
    let plans = super::page(&access, &filter.into(), &[], &page.asked()?).await?;
    cited(&access, plans).await.map(Answer::list)
}

/// The plans of a region that the caller sees, the latest cycle first.
#[utoipa::path(tag = "plans", operation_id = "listRegionPlans",
    params(("code" = String, Path, description = "The region's code, today's or a former one."), ShortParams),
    responses((status = 200, body = Items<Plan>), (status = "4XX", body = Problem)))]
#[get("/regions/{code}/plans")]
async fn list_region_plans(
    access: Access,
    code: Path<String>,
    Params(page, _): Params<ShortParams>,
) -> Result<Answer<Items<Plan>>> {
    let region = region::get(&access, &RegionBy::Code(code.into_inner())).await?;
    let plans = cited(&access, super::of_regions(&access, &[region.id]).await?).await?;
    page.cut(&format!("plans of {}", region.id), plans).map(Answer::list)
}

/// Start a plan. For who edits plans of its region.
#[utoipa::path(tag = "plans", operation_id = "createPlan", request_body = NewPlan,
    responses((status = 201, body = Plan), (status = "4XX", body = Problem)))]
#[post("/plans")]
async fn create_plan(access: Access, _: Params, new: Body<NewPlan>) -> Result<Answer<Plan>> {
    let plan = super::create(&access, new.0).await?;
    let place = format!("/api/v1/plans/{}", plan.id);
    Ok(tagged(plan).created_at(place))
}

/// One plan.
#[utoipa::path(tag = "plans", operation_id = "getPlan", params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Plan), (status = "4XX", body = Problem)))]
#[get("/plans/{id}")]
async fn get_plan(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<Plan>> {
    let plan = super::get(&access, PlanId::parse_at("id", &id)?).await?;
    cited(&access, plan).await.map(tagged)
}

/// Change a plan that is at the revision sent as `If-Match`.
#[utoipa::path(tag = "plans", operation_id = "updatePlan", request_body = PlanChange,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Plan), (status = "4XX", body = Problem)))]
#[patch("/plans/{id}")]
async fn update_plan(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    change: Body<PlanChange>,
) -> Result<Answer<Plan>> {
    let id = PlanId::parse_at("id", &id)?;
    let plan = super::update(&access, id, read.revision, change.0).await.map_err(IfMatch::told)?;
    cited(&access, plan).await.map(tagged)
}

/// Remove a plan that is at the revision sent as `If-Match` and in which nothing is left but its
/// sectors.
#[utoipa::path(tag = "plans", operation_id = "deletePlan",
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
#[delete("/plans/{id}")]
async fn delete_plan(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
) -> Result<Answer<()>> {
    let id = PlanId::parse_at("id", &id)?;
    super::delete(&access, id, read.revision).await.map_err(IfMatch::told)?;
    Ok(Answer::gone())
}

/// The plan above a plan: the basic plan of the same cycle of the region above.
#[utoipa::path(tag = "plans", operation_id = "getPlanParent", params(("id" = String, Path, description = "The plan's id.")),
    responses((status = 200, body = Plan), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/parent")]
async fn get_plan_parent(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<Plan>> {
    let plan = super::get(&access, PlanId::parse_at("id", &id)?).await?;
    let parent = super::parents(&access, &[Kin::from(&plan)]).await?.pop();
    let (_, parent) = parent.ok_or_else(|| Error::not_found("parent plan"))?;
    cited(&access, parent).await.map(tagged)
}

/// The plans below a plan: those of the same cycle of the regions just below, by region.
#[utoipa::path(tag = "plans", operation_id = "listPlanChildren",
    params(("id" = String, Path, description = "The plan's id."), ShortParams),
    responses((status = 200, body = Items<Plan>), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/children")]
async fn list_plan_children(
    access: Access,
    id: Path<AnyId>,
    Params(page, _): Params<ShortParams>,
) -> Result<Answer<Items<Plan>>> {
    let plan = super::get(&access, PlanId::parse_at("id", &id)?).await?;
    let children = super::children(&access, &[Kin::from(&plan)]).await?;
    let children: Vec<Plan> = children.into_iter().map(|(_, plan)| plan).collect();
    let children = cited(&access, children).await?;
    page.cut(&format!("children of {}", plan.id), children).map(Answer::list)
}

/// How a plan divides into sectors, in its own order.
#[utoipa::path(tag = "plans", operation_id = "listPlanSectors",
    params(("id" = String, Path, description = "The plan's id."), ShortParams),
    responses((status = 200, body = Items<PlanSector>), (status = "4XX", body = Problem)))]
#[get("/plans/{id}/sectors")]
async fn list_plan_sectors(
    access: Access,
    id: Path<AnyId>,
    Params(page, _): Params<ShortParams>,
) -> Result<Answer<Items<PlanSector>>> {
    let id = PlanId::parse_at("id", &id)?;
    super::site_of(&access, id).await?;
    let sectors = cited(&access, super::sectors_of(&access, &[id]).await?).await?;
    page.cut(&format!("sectors of {id}"), sectors).map(Answer::list)
}

impl Row for Plan {
    fn key(&self) -> String {
        self.id.to_string()
    }

    fn revision(&self) -> Revision {
        self.revision
    }
}

impl Row for PlanSector {
    fn key(&self) -> String {
        format!("{} {}", self.sector_id, self.label)
    }

    fn revision(&self) -> Revision {
        self.revision
    }
}
