use std::collections::{HashMap, HashSet};

use async_graphql::{InputObject, SimpleObject};
use entity::code::Confidence;
use entity::forum;
use entity::forum_session::{self, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Access;
use crate::error::{Error, Faults, Result};
use crate::history::{Change, Written};
use crate::id::AnyId;
use crate::input::{self, said};
use crate::message;
use crate::organization::{self, OrganizationRef};
use crate::source::{self, Citation, Provenance};

/// More talks than this are no meeting.
const MOST: usize = 100;

/// A talk at a forum, and whose it was.
#[derive(Clone, Debug, SimpleObject, Serialize, ToSchema)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct ForumSession {
    /// Its place in the agenda, from 1.
    pub number: i32,
    /// The organization that spoke.
    #[graphql(skip)]
    pub speaker: Option<OrganizationRef>,
    /// Who spoke, as the source has it: an organization, never a person.
    pub speaker_label: Option<String>,
    /// What about.
    pub topic: Option<String>,
    /// Where this comes from.
    pub provenance: Provenance,
}

/// A talk at a forum, as a caller gives it: a speaker or a topic at least.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionInput {
    /// The organization that spoke.
    pub speaker: Option<AnyId>,
    /// What to call who spoke, where that is not an organization known here.
    pub speaker_label: Option<String>,
    /// What about.
    pub topic: Option<String>,
    /// What this is taken from.
    pub source: Option<AnyId>,
    /// What else should be known about it.
    pub note: Option<String>,
}

/// A talk as it is to be, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Talk {
    speaker_id: Option<Uuid>,
    speaker: Option<String>,
    topic: Option<String>,
    source_id: Option<Uuid>,
    note: Option<String>,
}

impl Talk {
    fn of(row: &forum_session::Model) -> Self {
        let forum_session::Model { speaker_id, speaker, topic, source_id, note, .. } = row.clone();
        Self { speaker_id, speaker, topic, source_id, note }
    }

    /// Whether it says no more than what is known already.
    fn adds_nothing_to(&self, known: &Self) -> bool {
        let said = [(&self.speaker, &known.speaker), (&self.topic, &known.topic)];
        let same = said.iter().all(|(new, known)| new == known);
        let optional = |new: Option<Uuid>, known: Option<Uuid>| new.is_none() || new == known;
        same && self.speaker_id == known.speaker_id
            && optional(self.source_id, known.source_id)
            && (self.note.is_none() || self.note == known.note)
    }
}

/// The talks that a caller gives, checked; a fault stands at its place in `sessions`.
pub(super) async fn checked(access: &Access, sessions: &[SessionInput]) -> Result<Vec<Talk>> {
    if sessions.len() > MOST {
        return Err(Error::invalid("sessions", message::at_most(MOST, sessions.len())));
    }
    let mut talks = Vec::with_capacity(sessions.len());
    for (n, session) in sessions.iter().enumerate() {
        let talk = check(access, session).await;
        talks.push(talk.map_err(|error| error.at(&n.to_string()).at("sessions"))?);
    }
    Ok(talks)
}

async fn check(access: &Access, session: &SessionInput) -> Result<Talk> {
    let speaker = said(session.speaker.clone());
    let speaker_id = organization::chosen(access, "speaker", &speaker).await?;
    let source = session.source.clone().map(|id| vec![id]);
    let source = source::chosen(access, &said(source)).await.map_err(|error| {
        // There is one place for a source here.
        Error::new(error.code(), error.text().clone()).at("source")
    })?;
    let mut faults = Faults::default();
    let text = |text: &Option<String>, max| text.as_deref().map(|text| input::text(text, max));
    let speaker = faults.maybe("speakerLabel", text(&session.speaker_label, input::TITLE));
    let topic = faults.maybe("topic", text(&session.topic, input::TEXT));
    let note = faults.maybe("note", text(&session.note, input::TEXT));
    let says =
        session.speaker.is_some() || session.speaker_label.is_some() || session.topic.is_some();
    faults.rule(says, "topic", message::required());
    match (speaker, topic, note, faults.into_error()) {
        (Some(speaker), Some(topic), Some(note), None) => Ok(Talk {
            speaker_id: speaker_id.flatten().map(|body| body.0),
            speaker,
            topic,
            source_id: source.and_then(|[source, _]| source),
            note,
        }),
        (.., faulty) => Err(faulty.unwrap_or_else(|| Error::impossible("no talk, no fault"))),
    }
}

/// The talks of these forums, in order. Who calls has seen the forums.
pub(super) async fn of(
    access: &Access,
    forums: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<ForumSession>>> {
    let forums = access.any_of(Column::ForumId, forums);
    let rows = Entity::find().filter(forums).order_by_asc(Column::Number);
    let rows = rows.all(&access.db().await?).await?;
    let speakers = organization::refs(access, rows.iter().map(|row| row.speaker_id)).await?;
    let mut sessions: HashMap<Uuid, Vec<ForumSession>> = HashMap::new();
    for row in rows {
        let speaker = row.speaker_id.and_then(|id| speakers.get(&id).cloned());
        sessions.entry(row.forum_id).or_default().push(ForumSession {
            number: row.number,
            speaker,
            speaker_label: row.speaker,
            topic: row.topic,
            provenance: Provenance::from(Citation {
                cited: [row.source_id, None],
                confidence: row.confidence,
                note: row.note,
                ..Citation::default()
            }),
        });
    }
    Ok(sessions)
}

/// The talks of a forum, as they are kept.
pub(super) async fn rows_of(access: &Access, forum: Uuid) -> Result<Vec<forum_session::Model>> {
    let rows = Entity::find().filter(Column::ForumId.eq(forum));
    Ok(rows.all(&access.db().await?).await?)
}

/// Puts the talks of a forum as they are to be, numbered in their order.
pub(super) async fn write(change: &Change, forum: Uuid, talks: Vec<Talk>) -> Result<Written> {
    let known = rows_of(change, forum).await?;
    let mut written = Written::Unchanged;
    for row in &known {
        if usize::try_from(row.number).is_ok_and(|number| number > talks.len()) {
            change.delete::<Entity>(row).await?;
            written = Written::Updated;
        }
    }
    let mut batch = change.batch::<Entity>();
    for (number, talk) in (1..).zip(talks) {
        let before = known.iter().find(|row| row.number == number);
        let known = before.map(Talk::of);
        if known.is_some_and(|known| talk.adds_nothing_to(&known)) {
            continue;
        }
        let row = forum_session::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            forum_id: forum,
            number,
            speaker_id: talk.speaker_id,
            speaker: talk.speaker,
            topic: talk.topic,
            confidence: talk.source_id.map(|_| Confidence::B),
            source_id: talk.source_id,
            note: talk.note,
            revision: change.revision(),
        };
        batch.put(before, row);
    }
    let moved = batch.write().await?.iter().any(|done| *done != Written::Unchanged);
    Ok(if moved { Written::Updated } else { written })
}

/// A talk as a data pack gives it.
#[derive(Clone, Debug)]
pub struct LoadedSession {
    /// At which forum.
    pub forum: Uuid,
    /// Its place in the agenda.
    pub number: i32,
    /// The organization that spoke.
    pub speaker: Option<Uuid>,
    /// Who spoke, as the pack has it.
    pub speaker_label: Option<String>,
    /// What about.
    pub topic: Option<String>,
    /// Where this comes from.
    pub citation: Citation,
}

/// Writes the talks of a data pack; what happened to each, in their order.
pub async fn load(change: &Change, loaded: Vec<LoadedSession>) -> Result<Vec<Written>> {
    let db = change.db().await?;
    let known = Entity::find().all(&db).await?;
    let known: HashMap<(Uuid, i32), forum_session::Model> =
        known.into_iter().map(|row| ((row.forum_id, row.number), row)).collect();
    let mut batch = change.batch::<Entity>();
    let mut moved = HashSet::new();
    for new in loaded {
        let before = known.get(&(new.forum, new.number));
        let row = forum_session::Model {
            id: before.map_or_else(Uuid::now_v7, |row| row.id),
            forum_id: new.forum,
            number: new.number,
            speaker_id: new.speaker,
            speaker: new.speaker_label,
            topic: new.topic,
            source_id: new.citation.cited[0],
            confidence: new.citation.confidence,
            note: new.citation.note,
            revision: change.revision(),
        };
        if batch.put(before, row) != Written::Unchanged {
            moved.insert(new.forum);
        }
    }
    let written = batch.write().await?;
    let moved = change.any_of(forum::Column::Id, moved);
    let moved = forum::Entity::find().filter(moved);
    let before_this = moved.filter(forum::Column::Revision.lt(change.revision()));
    for row in before_this.all(&db).await? {
        // Its talks are a part of it.
        change.touch::<forum::Entity>(&row).await?;
    }
    Ok(written)
}
