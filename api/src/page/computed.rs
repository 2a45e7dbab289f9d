use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::{Page, PageRequest, fingerprint};
use crate::error::{Code, Error, Result};
use crate::message;

/// One page of a list that was worked out as a whole. Its cursors hold what tells a row from the
/// others, and its place, should the row be gone; `bound_to` is the list and its filter.
pub fn computed<T>(
    list: Vec<T>,
    key: impl Fn(&T) -> &str,
    bound_to: &impl Serialize,
    request: &PageRequest,
) -> Result<Page<T>> {
    let mark = fingerprint(&serde_json::to_string(bound_to).unwrap_or_default());
    let total = list.len();
    let size = request.size as usize;
    let cursor = |row: &T, place: usize| {
        let text = serde_json::to_string(&(&mark, key(row), place)).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(text)
    };
    let from = match &request.from {
        None => None,
        Some(cursor) => Some(place(cursor, &mark, &list, &key)?),
    };
    let (begin, end) = if request.backward {
        let end = from.map_or(total, |(place, _)| place);
        (end.saturating_sub(size), end)
    } else {
        let begin = from.map_or(0, |(place, there)| place + usize::from(there)).min(total);
        (begin, begin.saturating_add(size).min(total))
    };
    let rows = list.into_iter().enumerate().skip(begin).take(end - begin);
    let items = rows.map(|(place, row)| {
        let cursor = cursor(&row, place);
        (row, cursor)
    });
    Ok(Page {
        items: items.collect(),
        has_next: end < total,
        has_previous: begin > 0,
        total: request.count.then_some(total as u64),
    })
}

/// Where the row of a cursor stands, or stood, and whether it is there.
fn place<T>(
    cursor: &str,
    mark: &str,
    list: &[T],
    key: &impl Fn(&T) -> &str,
) -> Result<(usize, bool)> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (known, row, stood): (String, String, usize) = serde_json::from_slice(&bytes).ok()?;
        let found = list.iter().position(|it| key(it) == row);
        (known == mark).then_some(match found {
            Some(place) => (place, true),
            None => (stood.min(list.len()), false),
        })
    };
    read().ok_or_else(|| Error::new(Code::BadCursor, message::bad_cursor()).at("after"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(list: &[&str], first: PageRequest) -> Result<Vec<Vec<String>>> {
        let mut found = Vec::new();
        let mut request = first;
        loop {
            let page = computed(list.to_vec(), |it| it, &"list", &request)?;
            found.push(page.items.iter().map(|(it, _)| (*it).to_owned()).collect());
            let (more, edge) = if request.backward {
                (page.has_previous, page.items.first())
            } else {
                (page.has_next, page.items.last())
            };
            let Some((_, cursor)) = edge.filter(|_| more) else { return Ok(found) };
            request = request.elsewhere(request.size, Some(cursor.clone()));
        }
    }

    #[test]
    fn pages_of_either_direction_hold_every_row_once() {
        let list = ["a", "b", "c", "d", "e"];
        let forward = pages(&list, PageRequest::forward(2, None)).unwrap_or_default();
        assert_eq!(forward, [vec!["a", "b"], vec!["c", "d"], vec!["e"]]);
        let backward = pages(&list, PageRequest::backward(2, None)).unwrap_or_default();
        assert_eq!(backward, [vec!["d", "e"], vec!["b", "c"], vec!["a"]]);
    }

    #[test]
    fn a_cursor_goes_on_where_its_row_was_and_fits_no_other_list() {
        let page = |list: &[&'static str], bound: &str, from: Option<String>| {
            computed(list.to_vec(), |it| it, &bound, &PageRequest::forward(2, from))
        };
        let cursor = page(&["a", "b", "c", "d"], "x", None).ok();
        let cursor = cursor.and_then(|page| Some(page.items.last()?.1.clone()));
        let rows = |list: &[&'static str], bound: &str| {
            let page = page(list, bound, cursor.clone());
            page.ok().map(|page| page.items.into_iter().map(|(it, _)| it).collect::<Vec<_>>())
        };
        assert_eq!(rows(&["a", "c", "d"], "x"), Some(vec!["c", "d"]), "b is gone");
        assert_eq!(rows(&["0", "a", "b", "c", "d"], "x"), Some(vec!["c", "d"]));
        assert_eq!(rows(&["a", "b", "c", "d"], "y"), None);
    }
}
