//! Dure (두레): regional climate plans, from the database to both dialects.
//!
//! The kernel knows no slice; a slice uses only slices above it; the two dialects and the server
//! name them all. `docs/architecture.md` is the long form of this list.

// The kernel.
pub mod access; // the database as one caller sees it, at one moment
pub mod basis; // what a figure of emissions counts
pub mod config; // everything the environment may set
pub mod date; // dates of which a part may be unknown
pub mod error; // one error for both dialects
pub mod files; // files that are too large for the database
pub mod filter; // what lists can be narrowed by
pub mod history; // the change log
pub mod id; // typed, opaque ids
pub mod input; // what callers write, parsed at the edge
pub mod message; // every sentence, in Korean and English
pub mod name; // names in the languages there are
pub mod page; // keyset pages
mod private; // files for their owner alone
pub mod quantity; // fixed-point numbers with units
pub mod url; // addresses
pub mod wire; // a request and its answer, in either dialect

// The slices.
pub mod advice; // issues, forums and advice cases
pub mod annex; // a plan as tables to print
pub mod document; // files that hang on something
pub mod exchange; // data packs
pub mod identity; // who is asking
pub mod indicator; // what is measured, aimed at and observed
pub mod inventory; // what regions emit and remove
pub mod link; // what a plan takes from the plan above
pub mod measure; // what it will have done
pub mod organization; // who takes part
pub mod plan; // a region's road to carbon neutrality
pub mod procedure; // the making of a plan
pub mod progress; // yearly checks
pub mod region; // territories and their codes
pub mod revert; // things as they were before
pub mod search; // looking for things by words
pub mod sector; // how the balance is divided
pub mod since; // what changed since one last looked
pub mod source; // where figures come from
pub mod target; // what it promises

// Where they meet.
pub mod demo; // the service with real data in it, at once
pub mod doctor; // what is in the way of the service
pub mod graphql; // the GraphQL dialect
pub mod rest; // the REST dialect
pub mod server; // the service over HTTP
