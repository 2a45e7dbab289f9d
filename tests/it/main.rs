//! The service as its callers meet it: one file a feature, the same on both databases.

mod cli;
mod contracts;
mod doctor;
mod drafts;
mod executor;
mod figures;
mod history;
mod http;
mod identity;
mod inventory;
mod layers;
mod load;
mod measures;
mod operations;
mod organizations;
mod pages;
mod plans;
mod policy;
mod readme;
mod statements;
mod statistics;
mod tables;
mod targets;
mod writer;
