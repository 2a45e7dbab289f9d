//! A console for browsers: our own page, without a build and without anything from elsewhere.

use actix_web::HttpResponse;
use actix_web::web::Path;

use crate::error::Error;
use crate::wire::Call;

const PAGE: &str = include_str!("../../assets/console.html");
const FILES: [(&str, &str, &str); 2] = [
    ("console.js", "text/javascript; charset=utf-8", include_str!("../../assets/console.js")),
    ("console.css", "text/css; charset=utf-8", include_str!("../../assets/console.css")),
];

/// The page.
pub fn page() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("vary", "Accept"))
        .insert_header(("cache-control", "no-cache"))
        .body(PAGE)
}

/// What the page brings with it.
pub async fn file(name: Path<String>, call: Call) -> HttpResponse {
    match FILES.iter().find(|(known, ..)| *known == name.as_str()) {
        Some((_, form, text)) => HttpResponse::Ok()
            .content_type(*form)
            .insert_header(("cache-control", "no-cache"))
            .body(*text),
        None => call.problem(&Error::not_found("file")),
    }
}
