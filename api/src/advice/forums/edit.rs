use async_graphql::{InputObject, MaybeUndefined};
use entity::code;
use entity::forum::{self, Entity};
use entity::{forum_host, forum_session};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::sessions::{self, SessionInput, Talk};
use super::{Forum, find, follow_ups, get, parts, taking_part, visible};
use crate::access::{Access, Action};
use crate::date::PartialDate;
use crate::error::{Code, Error, Faults, Result};
use crate::history::{self, Change, Moment, Revision, Written};
use crate::id::{AnyId, ForumId, Id as _, IssueId, RegionId};
use crate::input::{self, needed, optional, said};
use crate::region::{self, RegionBy};
use crate::{message, organization, source};

/// What it takes to enter a forum.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewForum {
    /// Of which region it is; `KR` for the whole nation.
    pub region: RegionBy,
    /// The series it belongs to.
    pub series: Option<String>,
    /// Its number in that series.
    pub number_in_series: Option<i32>,
    /// What it is called: 1 to 300 characters.
    pub title: String,
    /// When it is held: `2024`, `2024-10` or `2024-10-15`.
    pub held_on: Option<String>,
    /// The last day, where it takes more than one.
    pub ended_on: Option<String>,
    /// At what time it begins, as `14:00`, in Seoul.
    pub start_time: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// How many take part.
    pub participants: Option<i32>,
    /// Who takes part: organizations and roles, never names of people.
    pub attendees: Option<String>,
    /// What is on the agenda.
    pub agenda: Option<String>,
    /// Which issues are discussed.
    pub discussed: Option<String>,
    /// What came out of it, in order.
    pub outcomes: Option<Vec<String>>,
    /// The issues that are discussed, in order.
    pub issues: Option<Vec<AnyId>>,
    /// The organizations that hold it, the main one first.
    pub hosts: Option<Vec<AnyId>>,
    /// The talks, in order.
    pub sessions: Option<Vec<SessionInput>>,
    /// What this is taken from: up to two sources, the main one first.
    pub sources: Option<Vec<AnyId>>,
    /// What else should be known about it.
    pub note: Option<String>,
}

/// What may change about a forum. What is left out stays; null takes a value away.
#[derive(Clone, Debug, Default, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ForumChange {
    /// The series it belongs to.
    #[schema(value_type = Option<String>)]
    pub series: MaybeUndefined<String>,
    /// Its number in that series.
    #[schema(value_type = Option<i32>)]
    pub number_in_series: MaybeUndefined<i32>,
    /// What it is called.
    #[schema(value_type = Option<String>)]
    pub title: MaybeUndefined<String>,
    /// When it is held.
    #[schema(value_type = Option<String>)]
    pub held_on: MaybeUndefined<String>,
    /// The last day, where it takes more than one.
    #[schema(value_type = Option<String>)]
    pub ended_on: MaybeUndefined<String>,
    /// At what time it begins, as `14:00`, in Seoul.
    #[schema(value_type = Option<String>)]
    pub start_time: MaybeUndefined<String>,
    /// Where.
    #[schema(value_type = Option<String>)]
    pub place: MaybeUndefined<String>,
    /// How many take part.
    #[schema(value_type = Option<i32>)]
    pub participants: MaybeUndefined<i32>,
    /// Who takes part.
    #[schema(value_type = Option<String>)]
    pub attendees: MaybeUndefined<String>,
    /// What is on the agenda.
    #[schema(value_type = Option<String>)]
    pub agenda: MaybeUndefined<String>,
    /// Which issues are discussed.
    #[schema(value_type = Option<String>)]
    pub discussed: MaybeUndefined<String>,
    /// What came out of it: all of it, in order.
    #[schema(value_type = Option<Vec<String>>)]
    pub outcomes: MaybeUndefined<Vec<String>>,
    /// The issues that are discussed: all that the caller sees, in order. Others stay.
    #[schema(value_type = Option<Vec<AnyId>>)]
    pub issues: MaybeUndefined<Vec<AnyId>>,
    /// The organizations that hold it: all of them, the main one first.
    #[schema(value_type = Option<Vec<AnyId>>)]
    pub hosts: MaybeUndefined<Vec<AnyId>>,
    /// The talks: all of them, in order.
    #[schema(value_type = Option<Vec<SessionInput>>)]
    pub sessions: MaybeUndefined<Vec<SessionInput>>,
    /// What this is taken from: up to two sources, the main one first.
    #[schema(value_type = Option<Vec<AnyId>>)]
    pub sources: MaybeUndefined<Vec<AnyId>>,
    /// What else should be known about it.
    #[schema(value_type = Option<String>)]
    pub note: MaybeUndefined<String>,
}

impl From<NewForum> for ForumChange {
    fn from(new: NewForum) -> Self {
        Self {
            series: said(new.series),
            number_in_series: said(new.number_in_series),
            title: MaybeUndefined::Value(new.title),
            held_on: said(new.held_on),
            ended_on: said(new.ended_on),
            start_time: said(new.start_time),
            place: said(new.place),
            participants: said(new.participants),
            attendees: said(new.attendees),
            agenda: said(new.agenda),
            discussed: said(new.discussed),
            outcomes: said(new.outcomes),
            issues: said(new.issues),
            hosts: said(new.hosts),
            sessions: said(new.sessions),
            sources: said(new.sources),
            note: said(new.note),
        }
    }
}

/// What a change refers to, looked up.
struct Named {
    hosts: Option<Vec<Uuid>>,
    talks: Option<Vec<Talk>>,
    outcomes: Option<Vec<String>>,
    issues: Option<Vec<IssueId>>,
    sources: Option<[Option<Uuid>; 2]>,
}

impl Named {
    async fn of(access: &Access, wanted: &ForumChange) -> Result<Self> {
        let talks = match &wanted.sessions {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(Vec::new()),
            MaybeUndefined::Value(sessions) => Some(sessions::checked(access, sessions).await?),
        };
        let hosts = organization::all_chosen(access, "hosts", &wanted.hosts).await?;
        Ok(Self {
            hosts,
            talks,
            outcomes: parts::outcomes(&wanted.outcomes)?,
            issues: parts::chosen(access, &wanted.issues).await?,
            sources: source::chosen(access, &wanted.sources).await?,
        })
    }

    /// Writes hosts and talks, where anything was said of them.
    async fn write(self, change: &Change, forum: Uuid) -> Result<Written> {
        let mut written = Vec::new();
        if let Some(hosts) = self.hosts {
            written.push(organization::write::<forum_host::Entity>(change, forum, hosts).await?);
        }
        if let Some(talks) = self.talks {
            written.push(sessions::write(change, forum, talks).await?);
        }
        if let Some(outcomes) = self.outcomes {
            written.push(parts::write_outcomes(change, forum, outcomes).await?);
        }
        if let Some(issues) = self.issues {
            written.push(parts::write_issues(change, forum, issues).await?);
        }
        let moved = written.contains(&Written::Updated);
        Ok(if moved { Written::Updated } else { Written::Unchanged })
    }
}

/// Enters a forum. For who shares issues of its region.
pub async fn create(access: &Access, new: NewForum) -> Result<Forum> {
    let region = region::get(access, &new.region).await.map_err(|error| error.at("region"))?;
    access.require(Action::ShareIssues, region.id)?;
    let wanted = ForumChange::from(new);
    let named = Named::of(access, &wanted).await?;
    let id = ForumId::new();
    let row = described(&wanted, &named, blank(id, region.id))?;
    access
        .change("createForum", async move |change| {
            change.insert::<Entity>(row).await?;
            named.write(change, id.0).await.map(|_| ())
        })
        .await?;
    get(access, id).await
}

/// Changes a forum that is at this revision. For who shares issues of its region.
pub async fn update(
    access: &Access,
    id: ForumId,
    revision: Revision,
    wanted: ForumChange,
) -> Result<Forum> {
    require(access, &find(access, id).await?)?;
    let named = Named::of(access, &wanted).await?;
    access
        .change("updateForum", async move |change| {
            let before = change.current(visible(), id.0, revision).await?;
            let after = described(&wanted, &named, before.clone())?;
            follow_ups::fit(change, &after).await?;
            let parts = named.write(change, id.0).await?;
            let whole = change.update::<Entity>(&before, after).await?;
            if (whole, parts) == (Written::Unchanged, Written::Updated) {
                change.touch::<Entity>(&before).await?;
            }
            Ok(())
        })
        .await?;
    get(access, id).await
}

/// Puts a forum that is at this revision as it was at an earlier one, with its hosts, talks and
/// outcomes. Who takes part, which issues are discussed and what is to follow stay: others have their
/// say in these. For who shares issues of its region.
pub async fn revert(
    access: &Access,
    id: ForumId,
    revision: Revision,
    to: Revision,
) -> Result<Forum> {
    require(access, &find(access, id).await?)?;
    let past = access.at(Moment::Revision(to));
    let then = async {
        let shown = get(&past, id).await?;
        Ok::<_, Error>((find(&past, id).await?, sessions::rows_of(&past, id.0).await?, shown))
    };
    let then = then.await;
    past.finish().await;
    let (then, talks, shown) = then.map_err(history::not_then)?;
    let done = access.change("revertForum", async move |change| {
        let before = change.current(visible(), id.0, revision).await?;
        let after = forum::Model { region_id: before.region_id, ..then };
        follow_ups::fit(change, &after).await?;
        let now = sessions::rows_of(change, id.0).await?;
        let hosts = shown.hosts.into_iter().map(|host| host.id.0).collect();
        let parts = [
            organization::write::<forum_host::Entity>(change, id.0, hosts).await?,
            change.restore::<forum_session::Entity>(now, talks).await?,
            parts::write_outcomes(change, id.0, shown.outcomes).await?,
        ];
        change.whole::<Entity>(&before, after, &parts).await
    });
    done.await.map_err(history::not_now)?;
    get(access, id).await
}

/// Removes a forum that is at this revision, with all that belongs to it. For who shares issues of
/// its region.
pub async fn delete(access: &Access, id: ForumId, revision: Revision) -> Result<ForumId> {
    require(access, &find(access, id).await?)?;
    access
        .change("deleteForum", async move |change| {
            let row = change.current(visible(), id.0, revision).await?;
            let nothing = Named {
                hosts: Some(Vec::new()),
                talks: Some(Vec::new()),
                outcomes: Some(Vec::new()),
                issues: None,
                sources: None,
            };
            nothing.write(change, id.0).await?;
            parts::delete_issues_of(change, id.0).await?;
            taking_part::delete_of(change, id.0).await?;
            follow_ups::delete_of(change, id.0).await?;
            change.delete::<Entity>(&row).await
        })
        .await?;
    Ok(id)
}

/// A forum of no region is nobody's to change.
pub(super) fn require(access: &Access, row: &forum::Model) -> Result<()> {
    access.require(Action::ShareIssues, RegionId(row.region_id.unwrap_or_default()))
}

/// The row as it is to be, checked.
fn described(wanted: &ForumChange, named: &Named, mut row: forum::Model) -> Result<forum::Model> {
    let mut faults = Faults::default();
    let line = |text: &String| input::text(text, input::TITLE);
    let text = |text: &String| input::text(text, input::TEXT);
    let date = |text: &String| input::date(text);
    let count = |number: &i32| input::count(*number);
    faults.put("series", &mut row.series, optional(&wanted.series, line));
    let number = optional(&wanted.number_in_series, |number| input::between(*number, 1, 10_000));
    faults.put("numberInSeries", &mut row.number_in_series, number);
    faults.put("title", &mut row.name, needed(&wanted.title, line));
    faults.put("heldOn", &mut row.held_on, optional(&wanted.held_on, date));
    faults.put("endedOn", &mut row.ended_on, optional(&wanted.ended_on, date));
    let in_order = in_order(row.held_on.as_deref(), row.ended_on.as_deref());
    faults.rule(in_order, "endedOn", message::end_before_start());
    let start_time = optional(&wanted.start_time, |text| time_of_day(text));
    faults.put("startTime", &mut row.start_time, start_time);
    faults.put("place", &mut row.place, optional(&wanted.place, line));
    faults.put("participants", &mut row.participants, optional(&wanted.participants, count));
    faults.put("attendees", &mut row.attendees, optional(&wanted.attendees, text));
    faults.put("agenda", &mut row.agenda, optional(&wanted.agenda, text));
    faults.put("discussed", &mut row.issues, optional(&wanted.discussed, text));
    faults.put("note", &mut row.note, optional(&wanted.note, text));
    if let Some(cited) = named.sources
        && cited != [row.source_id, row.source2_id]
    {
        [row.source_id, row.source2_id] = cited;
        row.confidence = row.source_id.map(|_| code::Confidence::B);
    }
    faults.into_result(row)
}

/// Whether the later date can lie on or after the earlier one, as far as they are known.
pub(super) fn in_order(earlier: Option<&str>, later: Option<&str>) -> bool {
    let date = |text: Option<&str>| PartialDate::parse(text?).ok();
    match (date(earlier), date(later)) {
        (Some(earlier), Some(later)) => earlier.from <= later.to,
        _ => true,
    }
}

/// A time of day, as `14:00`.
fn time_of_day(text: &str) -> Result<String> {
    let number = |part: &str, max: u8| {
        let digits = part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_digit());
        digits && part.parse::<u8>().is_ok_and(|number| number <= max)
    };
    let text = text.trim();
    let well_formed =
        text.split_once(':').is_some_and(|(hour, minute)| number(hour, 23) && number(minute, 59));
    well_formed
        .then(|| text.to_owned())
        .ok_or_else(|| Error::new(Code::Invalid, message::not_a_time()))
}

/// A forum of which nothing is known yet.
fn blank(id: ForumId, region: RegionId) -> forum::Model {
    forum::Model {
        id: id.0,
        external_id: None,
        region_id: Some(region.0),
        series: None,
        number_in_series: None,
        name: String::new(),
        held_on: None,
        ended_on: None,
        start_time: None,
        place: None,
        participants: None,
        attendees: None,
        agenda: None,
        issues: None,
        source_id: None,
        source2_id: None,
        confidence: None,
        note: None,
        revision: 0,
    }
}
