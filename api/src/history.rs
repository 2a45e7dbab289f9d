//! The change log: every write is one change with a number, and every number is a state of the
//! world that can be read again.
//!
//! A change archives what it overwrites, stamps what it writes and notes what it touched. How it
//! keeps order, and what keeps it right, is in `docs/decisions/0003`.

mod batch;
mod change;
pub(crate) mod in_use;
mod inspect;
mod log;
mod meters;
mod moment;
mod once;
pub(crate) mod queue;
mod store;
mod then;
pub mod twins;

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

pub use batch::Batch;
pub use change::{Change, Written};
pub use inspect::{Inspection, inspect};
pub use log::{Deed, Entry, Logged, Span, deeds_in, entries, log_of, logged};
pub use meters::Meters;
pub use moment::{AnyRevision, Moment, Revision};
pub use once::{Once, Stands, left};
pub use store::{
    Holding, Reading, Store, StoreConfig, holding, migrate, migrate_down, migrations, sqlite_file,
};
pub use then::{not_now, not_then};
pub use twins::{Place, Versioned};

use crate::access::Access;
use crate::error::Result;

/// Whether a change of this name was ever made.
pub async fn happened(access: &Access, action: &str) -> Result<bool> {
    let named = entity::change::Entity::find().filter(entity::change::Column::Action.eq(action));
    Ok(named.one(&access.db().await?).await?.is_some())
}
