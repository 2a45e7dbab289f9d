use super::table::{Cell, Row, Table};
use crate::message::{Lang, annex};

/// The annex before it is written.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) lang: Lang,
    pub(super) title: String,
    /// What the plan is, word by word.
    pub(super) head: Vec<(String, String)>,
    pub(super) tables: Vec<Table>,
    pub(super) notes: Vec<String>,
    pub(super) cited: String,
}

/// Everything the page needs: nothing is fetched from anywhere.
const STYLE: &str = "\
@page { size: A4 landscape; margin: 15mm }
body { font-family: 'Malgun Gothic', 'Apple SD Gothic Neo', 'Noto Sans KR', sans-serif; font-size: 10pt; line-height: 1.5; margin: 2em auto; max-width: 70em; padding: 0 1em }
h1 { font-size: 16pt; text-align: center }
h2 { font-size: 12pt; margin: 2em 0 0 }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #444; padding: .25em .5em; text-align: left; vertical-align: top }
th { background: #eee }
td.number { text-align: right; white-space: nowrap }
tr.sum td { font-weight: bold; border-top: 2px solid #444 }
.unit { text-align: right; margin: 0 }
.sources, .notes, .cited { font-size: 9pt; margin: .4em 0 }
sup { font-size: 75% }
@media print { body { margin: 0; max-width: none; padding: 0 } tr, h2 { break-inside: avoid } h2 { break-after: avoid } thead { display: table-header-group } }
";

impl Page {
    /// The page as HTML.
    pub(super) fn written(&self) -> String {
        let mut page = Writer::default();
        let lang = match self.lang {
            Lang::Ko => "ko",
            Lang::En => "en",
        };
        page.raw("<!doctype html>\n<html lang=\"").raw(lang).raw("\">\n<head>\n");
        page.raw("<meta charset=\"utf-8\">\n<title>").text(&self.title).raw("</title>\n<style>\n");
        page.raw(STYLE).raw("</style>\n</head>\n<body>\n<h1>").text(&self.title).raw("</h1>\n");
        page.raw("<h2>").text(annex::head().in_lang(self.lang)).raw("</h2>\n<table>\n");
        for (name, value) in &self.head {
            page.raw("<tr><th scope=\"row\">").text(name).raw("</th><td>").text(value);
            page.raw("</td></tr>\n");
        }
        page.raw("</table>\n");
        for (n, table) in self.tables.iter().enumerate() {
            self.table(&mut page, n + 1, table);
        }
        if !self.notes.is_empty() {
            page.raw("<ol class=\"notes\">\n");
            for note in &self.notes {
                page.raw("<li>").text(note).raw("</li>\n");
            }
            page.raw("</ol>\n");
        }
        page.raw("<p class=\"cited\">").text(&self.cited).raw("</p>\n</body>\n</html>\n");
        page.0
    }

    fn table(&self, page: &mut Writer, n: usize, table: &Table) {
        let numbered = format!("{n}. {}", table.title);
        page.raw("<h2>").text(&numbered).raw("</h2>\n");
        page.raw("<p class=\"unit\">(").text(&table.unit).raw(")</p>\n<table>\n<thead><tr>");
        for column in &table.columns {
            page.raw("<th scope=\"col\">").text(column).raw("</th>");
        }
        page.raw("</tr></thead>\n<tbody>\n");
        for row in &table.rows {
            written_row(page, row);
        }
        if table.rows.is_empty() {
            let width = table.columns.len().to_string();
            page.raw("<tr><td colspan=\"").raw(&width).raw("\">");
            page.text(annex::nothing().in_lang(self.lang)).raw("</td></tr>\n");
        }
        page.raw("</tbody>\n</table>\n<p class=\"sources\">");
        let sources = match table.sources.is_empty() {
            true => annex::no_sources().in_lang(self.lang).to_owned(),
            false => table.sources.join("; "),
        };
        page.text(annex::sources().in_lang(self.lang)).raw(": ").text(&sources).raw("</p>\n");
    }
}

fn written_row(page: &mut Writer, row: &Row) {
    page.raw(if row.is_sum { "<tr class=\"sum\">" } else { "<tr>" });
    for cell in &row.cells {
        match cell {
            Cell::Text(text) => page.raw("<td>").text(text),
            Cell::Number(number) => page.raw("<td class=\"number\">").text(number),
            Cell::Missing(note) => {
                let note = format!("{note})");
                page.raw("<td class=\"number\">–<sup>").text(&note).raw("</sup>")
            }
        };
        page.raw("</td>");
    }
    page.raw("</tr>\n");
}

/// HTML in the making: what is ours goes in as it is, what somebody wrote only as text.
#[derive(Debug, Default)]
struct Writer(String);

impl Writer {
    fn raw(&mut self, html: &str) -> &mut Self {
        self.0.push_str(html);
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                letter => self.0.push(letter),
            }
        }
        self
    }
}
