//! The tables as they are now, column by column in their order.
//!
//! Nothing here decides anything: operations in `api` do, and no model leaves them.

pub mod account;
pub mod change;
pub mod change_item;
pub mod code;
pub mod credential;
pub mod plan;
pub mod plan_content;
pub mod plan_sector;
pub mod region;
pub mod region_code;
pub mod role_grant;
pub mod sector;
pub mod source;
pub mod target;
pub mod target_figure;
