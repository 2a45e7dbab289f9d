use async_graphql::InputObject;
use entity::advice_case::{self, Entity};
use entity::code;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AdviceCase, get, today};
use crate::access::{Access, Action, Site};
use crate::date::Day;
use crate::error::{Code, Error, Faults, Result};
use crate::history::{AnyRevision, Moment, Revision};
use crate::id::{AnyId, CaseId, Id as _, IndicatorId, MeasureId, OrganizationId, PlanId, TargetId};
use crate::organization::{self, OrganizationKind};
use crate::{indicator, input, measure, message, plan, region, target};

/// How long an answer may take where nobody says, in days.
const DAYS: i64 = 30;
/// How long it may take at most, in days.
const MOST: i64 = 366;

/// What it takes to ask for advice on a plan.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAdviceCase {
    /// The plan.
    pub plan: AnyId,
    /// The organization that is asked: an agency or a support centre that works where the plan is. While
    /// the case is open, who acts for it reads the plan's draft.
    pub adviser: AnyId,
    /// A target, measure or indicator of the plan, where it is about one.
    pub about: Option<AnyId>,
    /// A field of what it is about, by its name there, as `baseYear` of a plan.
    pub field: Option<String>,
    /// The `contentRevision` of the plan that is asked about.
    pub content_revision: AnyRevision,
    /// What it is called: 1 to 300 characters.
    pub title: String,
    /// What is asked: up to 20,000 characters.
    pub question: String,
    /// By when an answer is wanted, as `2027-01-31`: today or later, within a year; 30 days from now
    /// if not said.
    pub due_on: Option<String>,
}

/// Asks for advice on a plan, at the revision of its contents that was read. For who asks for advice
/// on it.
pub async fn create(access: &Access, new: NewAdviceCase) -> Result<AdviceCase> {
    let plan = PlanId::parse_at("plan", &new.plan)?;
    let site = plan::site_of(access, plan).await.map_err(|error| error.at("plan"))?;
    access.require(Action::AskAdvice, site)?;
    let today = today(access).await?;
    let asked = Asked::checked(&new, today)?;
    let adviser = adviser(access, (&new.adviser, site), today).await;
    let adviser = adviser.map_err(|error| error.at("adviser"))?;
    let subject = Subject::pinned(access, plan, &new).await?;
    let id = CaseId::new();
    let row = subject.named(asked.of(blank(id, (plan, site.region), today), adviser));
    access
        .change("createAdviceCase", async move |change| {
            // The plan may have gone, or left the caller's sight, while this waited.
            plan::site_of(change, plan).await.map_err(|error| error.at("plan"))?;
            change.insert::<Entity>(row).await
        })
        .await?;
    get(access, id).await
}

/// A request of a day of which nothing else is known yet.
fn blank(id: CaseId, (plan, region): (PlanId, Uuid), today: Day) -> advice_case::Model {
    advice_case::Model {
        id: id.0,
        plan_id: plan.0,
        region_id: region,
        adviser_id: Uuid::nil(),
        state: code::AdviceState::Requested,
        subject: code::AdviceSubject::Plan,
        subject_id: Uuid::nil(),
        field: None,
        content_revision: 0,
        title: String::new(),
        question: String::new(),
        asked_on: today.to_string(),
        wanted_by: String::new(),
        due_on: String::new(),
        stopped_on: None,
        answered_on: None,
        summary: None,
        reason: None,
        revision: 0,
    }
}

/// What is asked, and by when, checked.
struct Asked {
    title: String,
    question: String,
    due_on: Day,
}

impl Asked {
    fn checked(new: &NewAdviceCase, today: Day) -> Result<Self> {
        let mut faults = Faults::default();
        let title = faults.at("title", input::text(&new.title, input::TITLE));
        let question = faults.at("question", input::text(&new.question, input::TEXT));
        let due_on = match &new.due_on {
            None => Some(today.plus_days(DAYS)),
            Some(text) => faults.at("dueOn", due(text, today)),
        };
        let (Some(title), Some(question), Some(due_on)) = (title, question, due_on) else {
            return faults.refuse();
        };
        faults.into_result(Self { title, question, due_on })
    }

    /// The request of somebody.
    fn of(self, row: advice_case::Model, adviser: OrganizationId) -> advice_case::Model {
        let Self { title, question, due_on } = self;
        let due_on = due_on.to_string();
        let (adviser_id, wanted_by) = (adviser.0, due_on.clone());
        advice_case::Model { adviser_id, title, question, wanted_by, due_on, ..row }
    }
}

fn due(text: &str, today: Day) -> Result<Day> {
    let (day, last) = (Day::parse(text.trim())?, today.plus_days(MOST));
    let beyond = || message::out_of_range(&today.to_string(), &last.to_string());
    match (today..=last).contains(&day) {
        true => Ok(day),
        false => Err(Error::new(Code::Invalid, beyond())),
    }
}

/// Who is asked: a body that advises, is there, and works where the plan is.
async fn adviser(
    access: &Access,
    (id, site): (&AnyId, Site),
    today: Day,
) -> Result<OrganizationId> {
    let refused = |text| Err(Error::new(Code::Invalid, text));
    let body = organization::get(access, OrganizationId::parse(id)?).await?;
    if !matches!(body.kind, OrganizationKind::Agency | OrganizationKind::SupportCentre) {
        let kind = sea_orm::ActiveEnum::to_value(&code::OrganizationKind::from(body.kind));
        return refused(message::no_adviser(&kind));
    }
    if body.valid_to.is_some_and(|end| end.to < today) {
        return refused(message::adviser_is_gone());
    }
    let works_there = match body.region {
        Some(there) => region::tree(access).await?.below(there.id.0).contains(&site.region),
        None => false,
    };
    if works_there { Ok(body.id) } else { refused(message::advises_elsewhere()) }
}

/// What is asked about, as it was at the revision that was read.
struct Subject {
    kind: code::AdviceSubject,
    id: Uuid,
    field: Option<String>,
    revision: Revision,
}

/// What every thing has, and nobody asks about.
const KEYS: [&str; 3] = ["id", "revision", "contentRevision"];

impl Subject {
    async fn pinned(access: &Access, plan: PlanId, new: &NewAdviceCase) -> Result<Self> {
        let revision = Revision::parse(&new.content_revision.0);
        let revision = revision.map_err(|error| error.at("contentRevision"))?;
        let then = access.at(Moment::Revision(revision));
        let subject = Self::at(&then, plan, new).await;
        then.finish().await;
        subject
    }

    async fn at(then: &Access, plan: PlanId, new: &NewAdviceCase) -> Result<Self> {
        let whole = plan::get(then, plan).await.map_err(|error| match error.code() {
            // It was not there yet, or the moment is still to come.
            Code::NotFound | Code::Invalid => {
                Error::invalid("contentRevision", message::not_its_contents())
            }
            _ => error,
        })?;
        let about = new.about.as_ref().filter(|about| about.0 != plan.text());
        let found = match about {
            None => Ok((code::AdviceSubject::Plan, plan.0, body(&whole)?)),
            Some(about) => part(then, plan, about).await,
        };
        let (kind, id, body) = found.map_err(|error| error.at("about"))?;
        let field = new.field.as_deref().map(|name| known(name, &body)).transpose();
        let field = field.map_err(|error| error.at("field"))?;
        Ok(Self { kind, id, field, revision: whole.content_revision })
    }

    /// The request about it.
    fn named(self, row: advice_case::Model) -> advice_case::Model {
        let Self { kind: subject, id: subject_id, field, revision } = self;
        let content_revision = revision.0;
        advice_case::Model { subject, subject_id, field, content_revision, ..row }
    }
}

type Part = (code::AdviceSubject, Uuid, Value);

/// What of the plan is asked about.
async fn part(then: &Access, plan: PlanId, about: &AnyId) -> Result<Part> {
    let prefix = about.0.split_once('_').map_or("", |(prefix, _)| prefix);
    let (of, part) = match prefix {
        TargetId::PREFIX => {
            let it = target::get(then, TargetId::parse(about)?).await?;
            (Some(it.plan_id), (code::AdviceSubject::Target, it.id.0, body(&it)?))
        }
        MeasureId::PREFIX => {
            let it = measure::get(then, MeasureId::parse(about)?).await?;
            (Some(it.plan_id), (code::AdviceSubject::Measure, it.id.0, body(&it)?))
        }
        IndicatorId::PREFIX => {
            let it = indicator::get(then, IndicatorId::parse(about)?).await?;
            (it.plan_id, (code::AdviceSubject::Indicator, it.id.0, body(&it)?))
        }
        _ => return Err(Error::new(Code::Invalid, message::not_in_the_plan())),
    };
    match of == Some(plan) {
        true => Ok(part),
        false => Err(Error::new(Code::Invalid, message::not_in_the_plan())),
    }
}

/// A thing as it stands on the wire.
fn body(thing: &impl Serialize) -> Result<Value> {
    serde_json::to_value(thing).map_err(Error::internal)
}

/// The field of this name, which a thing must have on the wire.
fn known(name: &str, body: &Value) -> Result<String> {
    let fields = body.as_object().into_iter().flat_map(|fields| fields.keys());
    let fields: Vec<&str> = fields.map(String::as_str).filter(|it| !KEYS.contains(it)).collect();
    match fields.contains(&name) {
        true => Ok(name.to_owned()),
        false => Err(Error::new(Code::Invalid, message::unknown_field(name, &fields.join(", ")))),
    }
}
