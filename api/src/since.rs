//! What changed since somebody last looked: what was added, changed and removed, by plan and kind,
//! when, and by whose office.
//!
//! It is worked out for the caller from the log, which says of each thing who could see it before
//! and who can after. What one could see neither way is not there; what became visible is new, what
//! was withdrawn is gone. How far somebody has looked is their own, and no history.

pub mod graphql;
mod marks;
pub mod rest;
mod summary;

pub use marks::{Mark, MarkInput, mark_as_seen, marks};
pub use summary::{
    ChangeAuthor, ChangeKind, ChangeSummary, ChangedThing, KindChanges, LastChange, PlanChanges,
    Since, since,
};
