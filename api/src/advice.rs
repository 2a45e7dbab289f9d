//! Help between offices: difficulties that one tells of and others answer, the forums at which they
//! meet, and advice that one asks for and must reply to. They hang on a region, some on a plan; they
//! are never among a plan's contents.

pub mod cases;
pub mod forums;
pub mod issues;

pub use cases::AdviceCase;
pub use forums::Forum;
pub use forums::follow_ups::FollowUp;
pub use issues::Issue;
pub use issues::comments::IssueComment;
