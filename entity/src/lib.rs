//! The tables as they are now, column by column in their order.
//!
//! Nothing here decides anything: operations in `api` do, and no model leaves them.

pub mod account;
pub mod assessment;
pub mod change;
pub mod change_item;
pub mod client;
pub mod client_secret;
pub mod code;
pub mod credential;
pub mod document;
pub mod emission;
pub mod forum;
pub mod forum_host;
pub mod forum_session;
pub mod idempotency;
pub mod indicator;
pub mod indicator_definition;
pub mod indicator_goal;
pub mod invitation;
pub mod issue;
pub mod measure;
pub mod measure_budget;
pub mod measure_reduction;
pub mod milestone;
pub mod milestone_host;
pub mod observation;
pub mod organization;
pub mod organization_name;
pub mod plan;
pub mod plan_content;
pub mod plan_contractor;
pub mod plan_sector;
pub mod progress_check;
pub mod progress_reviewer;
pub mod progress_sector;
pub mod region;
pub mod region_code;
pub mod region_statistic;
pub mod role_grant;
pub mod sector;
pub mod session;
pub mod source;
pub mod target;
pub mod target_figure;
