//! The official annex of a plan: its targets, measures and budgets as plain tables, to print or to
//! paste into a report. What nobody stated is a dash with a note, never a zero; every table names
//! its unit and its sources, and the whole the revision that it shows.

mod budgets;
mod contents;
mod html;
mod measures;
pub mod rest;
mod table;
mod targets;

use crate::access::Access;
use crate::error::Result;
use crate::id::PlanId;
use crate::message::{Lang, annex};
use contents::Contents;
use html::Page;
use table::Notes;

/// The annex of a plan as a page of HTML that needs nothing else. `NOT_FOUND` where the caller sees
/// no such plan.
pub async fn of(access: &Access, plan: PlanId, lang: Lang) -> Result<String> {
    let contents = Contents::of(access, plan, lang).await?;
    let mut notes = Notes::new(lang);
    let mut tables = vec![targets::table(&contents, &mut notes)];
    tables.extend(measures::tables(&contents, &mut notes)?);
    tables.push(measures::goals(&contents, &mut notes));
    tables.push(budgets::table(&contents, &mut notes)?);
    let title = &contents.plan.title;
    let page = Page {
        lang,
        title: annex::annex_title(title).in_lang(lang).to_owned(),
        head: contents.head(),
        tables,
        notes: notes.into_list(),
        cited: annex::cited(title, contents.revision.0).in_lang(lang).to_owned(),
    };
    Ok(page.written())
}
