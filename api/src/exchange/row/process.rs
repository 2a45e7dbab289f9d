use uuid::Uuid;

use super::{Layout, Row, list};
use crate::advice::forums::{LoadedForum, LoadedSession};
use crate::advice::issues::{IssueLevel, LoadedIssue, category};
use crate::date::{PartialDate, Precision};
use crate::error::{Code, Error};
use crate::exchange::{Known, Pack};
use crate::message;
use crate::procedure::{LoadedMilestone, MilestoneKind};

pub(in crate::exchange) const MILESTONE: Layout =
    Layout { columns: &["event_id", "plan_id", "event_type", "event_date"], key: &["event_id"] };
pub(in crate::exchange) const FORUM: Layout =
    Layout { columns: &["forum_id", "name_ko", "held_on"], key: &["forum_id"] };
pub(in crate::exchange) const FORUM_SESSION: Layout =
    Layout { columns: &["forum_id", "session_no"], key: &["forum_id", "session_no"] };
pub(in crate::exchange) const ISSUE: Layout =
    Layout { columns: &["issue_id", "region_code", "category", "title_ko"], key: &["issue_id"] };

impl Row<'_> {
    pub fn milestone(&mut self, pack: &Pack, known: &Known) -> Option<LoadedMilestone> {
        let plan = self.must_refer("plan_id", &known.plans, |text| pack.external_id(text))?;
        self.same_region(plan, known);
        let (word, summary) = (self.required("event_type")?, self.text("summary_ko"));
        let date = self.dated("event_date");
        let (planned_on, held_on) =
            if is_planned(&word, summary.as_deref()) { (date, None) } else { (None, date) };
        Some(LoadedMilestone {
            external_id: pack.external_id(&self.required("event_id")?),
            plan: plan.id,
            kind: kind_of(&word),
            reported_kind: word,
            dates: [planned_on, held_on, self.date("end_date")],
            place: self.text("place"),
            hosts: self.organizations("host_org_ids", pack, known),
            participants: self.int("participants_count"),
            summary,
            citation: self.citation(pack, known),
        })
    }

    pub fn forum(&mut self, pack: &Pack, known: &Known) -> Option<LoadedForum> {
        let texts = ["participants_ko", "agenda_ko", "issues_ko", "outcome_ko"];
        Some(LoadedForum {
            external_id: pack.external_id(&self.required("forum_id")?),
            region: self.reference("region_code", &known.regions, str::to_owned),
            series: (self.text("series_ko"), self.int("number_in_series")),
            title: self.required("name_ko")?,
            held_on: self.dated("held_on"),
            start_time: self.text("start_time"),
            place: self.text("place"),
            hosts: self.organizations("host_org_ids", pack, known),
            participants: self.int("participants_count"),
            texts: texts.map(|column| self.text(column)),
            citation: self.citation(pack, known),
        })
    }

    pub fn forum_session(&mut self, pack: &Pack, known: &Known) -> Option<LoadedSession> {
        let name = |text: &str| pack.external_id(text);
        self.required("session_no")?;
        Some(LoadedSession {
            forum: self.must_refer("forum_id", &known.forums, name)?,
            number: self.int("session_no")?,
            speaker: self.reference("speaker_org_id", &known.organizations, name),
            speaker_label: self.text("speaker_org_ko"),
            topic: self.text("topic_ko"),
            citation: self.citation(pack, known),
        })
    }

    pub fn issue(&mut self, pack: &Pack, known: &Known) -> Option<LoadedIssue> {
        let name = |text: &str| pack.external_id(text);
        let level = match self.text("level") {
            None => None,
            Some(_) => self.code("level", &ISSUE_LEVELS),
        };
        let bodies = ["raised_by_org_id", "advised_by_org_id"];
        Some(LoadedIssue {
            external_id: pack.external_id(&self.required("issue_id")?),
            region: self.must_refer("region_code", &known.regions, str::to_owned)?,
            plan: self.reference("plan_id", &known.plans, name).map(|plan| plan.id),
            level,
            category: {
                self.required("category")?;
                self.parsed("category", category::parse)?
            },
            title: self.required("title_ko")?,
            description: self.text("description_ko"),
            raised_on: self.date("raised_on"),
            advice: self.text("advice_ko"),
            bodies: bodies.map(|column| self.reference(column, &known.organizations, name)),
            citation: self.citation(pack, known),
        })
    }

    /// A date that is as precise as the row says.
    fn dated(&mut self, column: &str) -> Option<PartialDate> {
        let date = self.date(column);
        let precision = match date.as_ref().map(|date| date.precision) {
            Some(Precision::Day) => "day",
            Some(Precision::Month) => "month",
            Some(Precision::Year) => "year",
            None => "unknown",
        };
        if self.text("date_precision").is_some_and(|stated| stated != precision) {
            let text = message::did_you_mean(precision);
            self.fault("date_precision", &Error::new(Code::Invalid, text));
        }
        date
    }

    /// Organizations by their names in the pack, in their order.
    pub(super) fn organizations(&mut self, column: &str, pack: &Pack, known: &Known) -> Vec<Uuid> {
        let mut found = Vec::new();
        for name in list(&self.text(column).unwrap_or_default()) {
            match known.organizations.get(&pack.external_id(&name)) {
                Some(id) if found.contains(id) => {
                    self.fault(column, &Error::new(Code::Conflict, message::taken()));
                }
                Some(id) => found.push(*id),
                None => self.fault(column, &Error::not_found(&name)),
            }
        }
        found
    }
}

/// Whether the date is one that was to be: a deadline, or what was only announced (예정).
fn is_planned(word: &str, summary: Option<&str>) -> bool {
    matches!(word, "submission_due" | "study_end_planned")
        || summary.is_some_and(|summary| summary.ends_with("(예정)"))
}

/// The step that a pack's word stands for. A briefing of a council, an announcement, a meeting of
/// the committee or a check is none of the steps of the plan by its word alone, and what belongs to
/// another plan is none at all.
fn kind_of(word: &str) -> MilestoneKind {
    match word {
        "kickoff_briefing" | "study_start" => MilestoneKind::Kickoff,
        "interim_briefing" => MilestoneKind::InterimReport,
        "hearing" | "public_comment" | "info_session" => MilestoneKind::Hearing,
        "final_briefing" | "study_final" => MilestoneKind::FinalReport,
        "committee_deliberation" => MilestoneKind::Deliberation,
        "plan_established" => MilestoneKind::Adoption,
        "submission_due" => MilestoneKind::Submission,
        _ => MilestoneKind::Other,
    }
}

const ISSUE_LEVELS: [(&str, IssueLevel); 2] =
    [("municipal", IssueLevel::Municipal), ("province", IssueLevel::Province)];
