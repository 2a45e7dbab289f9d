//! Putting a thing as it was at an earlier revision: a change like any other, under the rules of
//! today, by who may change it. What was then is read as the caller may read it, so nobody brings
//! back what they may not see.

pub mod graphql;
pub mod rest;

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Access;
use crate::advice::{Forum, Issue, forums, issues};
use crate::error::{Code, Error, Result};
use crate::history::{AnyRevision, Revision};
use crate::id::{self, AnyId, Id as _};
use crate::indicator::{self, Indicator};
use crate::measure::{self, Measure};
use crate::message;
use crate::procedure::{self, Milestone};
use crate::source::{Cites, Provenance};
use crate::target::{self, Target};

/// Declares what can be put as it was: what it is, what REST calls many of them, its kind of id, and
/// how it is put.
macro_rules! reverts {
    ($($(#[$doc:meta])* $name:ident, $things:literal, $id:ident, $slice:ident;)+) => {
        /// A thing as it is after it was put as it was.
        #[derive(Debug, Serialize, ToSchema)]
        #[serde(untagged)]
        pub enum Reverted {
            $($(#[$doc])* $name(Box<$name>)),+
        }

        impl Reverted {
            /// The revision that wrote it.
            pub fn revision(&self) -> Revision {
                match self { $(Self::$name(thing) => thing.revision),+ }
            }
        }

        impl Cites for Reverted {
            fn provenances(&mut self) -> Vec<&mut Provenance> {
                match self { $(Self::$name(thing) => thing.provenances()),+ }
            }
        }

        /// What REST calls the things that can be put as they were.
        const THINGS: &[(&str, &str)] = &[$(($things, id::$id::PREFIX)),+];

        /// Puts a thing that is at this revision as it was at an earlier one. For who may change it;
        /// what belongs to it and comes along is said where it is done.
        ///
        /// `NOT_FOUND` where it was not there then, or not for the caller; `CONFLICT` where what it
        /// referred to is gone; `INVALID` for a kind of thing that is not put back.
        pub async fn revert_to(
            access: &Access,
            id: &AnyId,
            revision: Revision,
            to: &AnyRevision,
        ) -> Result<Reverted> {
            let to = Revision::parse(&to.0).map_err(|error| error.at("toRevision"))?;
            match id.0.split_once('_').map_or("", |(prefix, _)| prefix) {
                $(id::$id::PREFIX => {
                    let id = id::$id::parse_at("id", id)?;
                    let thing = $slice::revert(access, id, revision, to).await?;
                    Ok(Reverted::$name(Box::new(thing)))
                })+
                _ => {
                    let kinds: Vec<&str> = THINGS.iter().map(|(things, _)| *things).collect();
                    let text = message::cannot_revert(&kinds.join(", "));
                    Err(Error::new(Code::Invalid, text).at("id"))
                }
            }
        }
    };
}

reverts! {
    /// A target, with its figures.
    Target, "targets", TargetId, target;
    /// A measure, with its reductions and budgets.
    Measure, "measures", MeasureId, measure;
    /// An indicator, without its goals and observations.
    Indicator, "indicators", IndicatorId, indicator;
    /// A milestone, with who held it.
    Milestone, "milestones", MilestoneId, procedure;
    /// An issue, but for whether it is solved or merged and who reads it.
    Issue, "issues", IssueId, issues;
    /// A forum, with its hosts, talks and outcomes.
    Forum, "forums", ForumId, forums;
}

/// Whether an id is of what REST calls by this name.
fn is_of(things: &str, id: &AnyId) -> bool {
    let prefix = id.0.split_once('_').map_or("", |(prefix, _)| prefix);
    THINGS.contains(&(things, prefix))
}
