//! What a document may ask for, worked out before anything of it runs.
//!
//! The text is scanned first, so that what would exhaust the parser never reaches it; the parsed
//! document is then measured: how deep, how much, how often. Cost counts fields, and multiplies
//! those below a page by its size. No extension in the executor: an empty one would cost more than
//! half as much again on every field.

use std::collections::{HashMap, HashSet};

use async_graphql::Variables;
use async_graphql_parser::types::{
    BaseType, DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType,
    Selection, SelectionSet, Type, TypeKind, TypeSystemDefinition,
};
use async_graphql_value::{Name, Value};

use crate::error::{Code, Error, Result};
use crate::message;
use crate::page;
use crate::wire::{Limits, Operation};

/// Brackets deeper than this are no document that anybody wrote.
const NESTING: usize = 64;
/// Variables deeper or longer than this are no input that anybody has.
const VARIABLE_NESTING: usize = 16;
const VARIABLE_VALUES: usize = 1_000;

/// What a list without pages is taken to hold: they are closed and short, but a province has some
/// 15 municipalities, and going up and down between them multiplies.
fn closed(field: &str) -> u64 {
    match field {
        "children"
        | "regions"
        | "emissions"
        | "availableTransitions"
        | "obligations"
        | "linkedBy" => 15,
        "issueCategories" => 31,
        "guards" | "things" => 25,
        "differences" => 50,
        "statistics" | "observations" => 10,
        "plans" | "sources" => 2,
        _ => 5,
    }
}

/// Whether the text can be parsed at all within limits. `LIMIT_EXCEEDED` with the numbers.
pub fn scan(document: &str, limits: &Limits) -> Result<()> {
    within("bytes", document.len(), limits.document_bytes)?;
    let (mut tokens, mut nesting, mut deepest) = (0_usize, 0_usize, 0_usize);
    let mut rest = document.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '#' => while rest.next_if(|it| *it != '\n').is_some() {},
            '"' => {
                tokens += 1;
                skip_string(&mut rest);
            }
            '{' | '[' | '(' => {
                tokens += 1;
                nesting += 1;
                deepest = deepest.max(nesting);
            }
            '}' | ']' | ')' => {
                tokens += 1;
                nesting = nesting.saturating_sub(1);
            }
            letter if letter.is_ascii_alphanumeric() || letter == '_' || letter == '-' => {
                tokens += 1;
                let in_word = |it: &char| it.is_ascii_alphanumeric() || "_+-.".contains(*it);
                while rest.next_if(in_word).is_some() {}
            }
            letter if letter.is_whitespace() || letter == ',' || letter == '\u{feff}' => {}
            _ => tokens += 1,
        }
    }
    within("tokens", tokens, limits.tokens)?;
    within("depth", deepest, NESTING)
}

/// Whether variables can be read within limits. `LIMIT_EXCEEDED` with the numbers.
pub fn scan_variables(variables: &serde_json::Value) -> Result<()> {
    let mut open = vec![(variables, 1)];
    let (mut values, mut deepest) = (0, 0);
    while let Some((value, depth)) = open.pop() {
        values += 1;
        deepest = deepest.max(depth);
        match value {
            serde_json::Value::Array(items) => open.extend(items.iter().map(|it| (it, depth + 1))),
            serde_json::Value::Object(items) => {
                open.extend(items.values().map(|it| (it, depth + 1)));
            }
            _ => {}
        }
        within("variable values", values, VARIABLE_VALUES)?;
    }
    within("variable depth", deepest, VARIABLE_NESTING)
}

fn skip_string(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let mut quotes = 1;
    while quotes < 3 && rest.next_if_eq(&'"').is_some() {
        quotes += 1;
    }
    match quotes {
        2 => return,
        3 => quotes = 0,
        _ => {}
    }
    let block = quotes == 0;
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => drop(rest.next()),
            '"' if !block => return,
            '"' => {
                quotes += 1;
                if quotes == 3 {
                    return;
                }
                continue;
            }
            _ => {}
        }
        quotes = 0;
    }
}

fn within(what: &str, is: usize, may: usize) -> Result<()> {
    let too_much = || Error::new(Code::LimitExceeded, message::document_limit(what, may, is));
    if is <= may { Ok(()) } else { Err(too_much()) }
}

/// What a document asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// How deep it selects.
    pub depth: usize,
    /// How many fields the answer may have.
    pub cost: u64,
    /// How many aliases there are.
    pub aliases: usize,
    /// How many directives there are.
    pub directives: usize,
    /// How many fields all operations and fragments have with every fragment written out: what
    /// validation has to look at.
    pub unrolled: u64,
    /// Whether fragments spread each other without end.
    pub cyclic: bool,
}

impl Measure {
    /// `LIMIT_EXCEEDED` with the numbers, where it is too much.
    pub fn check(self, limits: &Limits) -> Result<()> {
        if self.cyclic {
            return Err(Error::new(Code::GraphqlInvalid, message::fragment_cycle()));
        }
        within("depth", self.depth, limits.depth)?;
        within("aliases", self.aliases, limits.aliases)?;
        within("directives", self.directives, limits.directives)?;
        let clip = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        within("cost", clip(self.cost.max(self.unrolled)), clip(limits.cost))
    }
}

/// What the schema says of its fields: how many things each can answer.
#[derive(Debug)]
pub struct Shapes {
    query: String,
    mutation: String,
    fields: HashMap<(String, String), (String, Size)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    One,
    Closed,
    Page,
}

impl Shapes {
    /// Read from the schema's own text.
    pub fn of(sdl: &str) -> Result<Self> {
        let document = async_graphql_parser::parse_schema(sdl).map_err(Error::internal)?;
        let mut fields = HashMap::new();
        for definition in &document.definitions {
            let TypeSystemDefinition::Type(of_type) = definition else { continue };
            let of_type = &of_type.node;
            let theirs = match &of_type.kind {
                TypeKind::Object(object) => &object.fields,
                TypeKind::Interface(interface) => &interface.fields,
                _ => continue,
            };
            for field in theirs {
                let field = &field.node;
                let paged = field.arguments.iter().any(|it| it.node.name.node == "first");
                let (target, list) = named(&field.ty.node);
                let size = match (paged, list) {
                    (true, _) => Size::Page,
                    // A page's size stands at the connection already.
                    (false, true) if !of_type.name.node.ends_with("Connection") => Size::Closed,
                    _ => Size::One,
                };
                let key = (of_type.name.node.to_string(), field.name.node.to_string());
                fields.insert(key, (target, size));
            }
        }
        Ok(Self { query: "Query".to_owned(), mutation: "Mutation".to_owned(), fields })
    }

    /// What a document asks for with the operation of this name, or its only one.
    pub fn measure(
        &self,
        document: &ExecutableDocument,
        name: Option<&str>,
        variables: &Variables,
    ) -> Measure {
        let operation = chosen(document, name);
        let (measured, open) = (HashMap::new(), HashSet::new());
        let (shapes, aliases, directives, cyclic) = (self, 0, 0, false);
        let mut walk = Walk {
            shapes,
            document,
            operation,
            variables,
            measured,
            open,
            aliases,
            directives,
            cyclic,
        };
        let Extent { depth, cost, .. } = operation.map_or_else(Extent::default, |operation| {
            let root = match operation.ty {
                OperationType::Mutation => &self.mutation,
                _ => &self.query,
            };
            walk.directives += operation.directives.len();
            walk.selection(&operation.selection_set.node, root)
        });
        let (aliases, directives) = (walk.aliases, walk.directives);
        let unrolled = walk.everything();
        Measure { depth, cost, aliases, directives, unrolled, cyclic: walk.cyclic }
    }
}

/// What the operation a request runs is counted as: its kind, and its name if it has one.
pub fn label(document: &ExecutableDocument, name: Option<&str>) -> Option<Operation> {
    let operation = chosen(document, name)?;
    let kind = match operation.ty {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    };
    let only = match &document.operations {
        DocumentOperations::Multiple(operations) => operations.keys().next().map(Name::as_str),
        DocumentOperations::Single(_) => None,
    };
    Some((kind, name.or(only).map(str::to_owned)))
}

/// The operation a request runs.
pub fn chosen<'d>(
    document: &'d ExecutableDocument,
    name: Option<&str>,
) -> Option<&'d OperationDefinition> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(&operation.node),
        // The parser keeps a named operation among several, though it may be the only one.
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values().next().map(|operation| &operation.node)
        }
        (DocumentOperations::Single(_), Some(_)) | (DocumentOperations::Multiple(_), None) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => {
            operations.get(name).map(|operation| &operation.node)
        }
    }
}

fn named(of_type: &Type) -> (String, bool) {
    match &of_type.base {
        BaseType::Named(name) => (name.to_string(), false),
        BaseType::List(inner) => (named(inner).0, true),
    }
}

/// How deep a selection goes, what it costs, how many fields it has written out.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    depth: usize,
    cost: u64,
    unrolled: u64,
}

impl Extent {
    fn add(&mut self, other: Self) {
        self.depth = self.depth.max(other.depth);
        self.cost = self.cost.saturating_add(other.cost);
        self.unrolled = self.unrolled.saturating_add(other.unrolled);
    }
}

/// One walk through an operation. A fragment is measured once for each type it is spread on, so
/// that fragments upon fragments cost no more to measure than to write.
struct Walk<'d> {
    shapes: &'d Shapes,
    document: &'d ExecutableDocument,
    operation: Option<&'d OperationDefinition>,
    variables: &'d Variables,
    measured: HashMap<Name, Extent>,
    open: HashSet<Name>,
    aliases: usize,
    directives: usize,
    cyclic: bool,
}

impl<'d> Walk<'d> {
    /// How many fields all of the document has, written out.
    fn everything(&mut self) -> u64 {
        let document = self.document;
        let mut all = 0_u64;
        for (_, operation) in document.operations.iter() {
            let found = self.selection(&operation.node.selection_set.node, "");
            all = all.saturating_add(found.unrolled);
        }
        for name in document.fragments.keys() {
            all = all.saturating_add(self.fragment(name).unrolled);
        }
        all
    }

    /// How deep a selection goes, and what it costs.
    fn selection(&mut self, selection: &'d SelectionSet, on: &str) -> Extent {
        let mut all = Extent::default();
        for item in &selection.items {
            all.add(match &item.node {
                Selection::Field(field) => self.field(&field.node, on),
                Selection::FragmentSpread(spread) => {
                    self.directives += spread.node.directives.len();
                    self.fragment(&spread.node.fragment_name.node)
                }
                Selection::InlineFragment(inline) => {
                    self.directives += inline.node.directives.len();
                    let condition = inline.node.type_condition.as_ref();
                    let on = condition.map_or(on, |condition| condition.node.on.node.as_str());
                    self.selection(&inline.node.selection_set.node, on)
                }
            });
        }
        all
    }

    fn field(&mut self, field: &'d Field, on: &str) -> Extent {
        self.aliases += usize::from(field.alias.is_some());
        self.directives += field.directives.len();
        let key = (on.to_owned(), field.name.node.to_string());
        let (target, size) = match self.shapes.fields.get(&key) {
            Some((target, size)) => (target.clone(), *size),
            None => introspected(&field.name.node),
        };
        let below = self.selection(&field.selection_set.node, &target);
        let times = match size {
            Size::One => 1,
            Size::Closed => closed(&field.name.node),
            Size::Page => self.page(field),
        };
        Extent {
            depth: below.depth + 1,
            cost: 1_u64.saturating_add(below.cost.saturating_mul(times)),
            unrolled: 1_u64.saturating_add(below.unrolled),
        }
    }

    fn fragment(&mut self, name: &Name) -> Extent {
        if let Some(measured) = self.measured.get(name) {
            return *measured;
        }
        let Some(fragment) = self.document.fragments.get(name) else { return Extent::default() };
        if !self.open.insert(name.clone()) {
            self.cyclic = true;
            return Extent::default();
        }
        self.directives += fragment.node.directives.len();
        let on = fragment.node.type_condition.node.on.node.clone();
        let mut measured = self.selection(&fragment.node.selection_set.node, &on);
        // An empty one has to be looked at, too.
        measured.unrolled = measured.unrolled.saturating_add(1);
        self.open.remove(name);
        self.measured.insert(name.clone(), measured);
        measured
    }

    /// The size of a page: as asked, by a number or a variable; what is out of range is refused
    /// later, with its field.
    fn page(&self, field: &Field) -> u64 {
        let size = ["first", "last"].iter().find_map(|name| field.get_argument(name));
        let number = match size.map(|size| &size.node) {
            Some(Value::Number(number)) => number.as_u64(),
            Some(Value::Variable(name)) => self.variable(name),
            _ => None,
        };
        number.unwrap_or(u64::from(page::graphql::DEFAULT)).clamp(1, u64::from(page::graphql::MAX))
    }

    fn variable(&self, name: &Name) -> Option<u64> {
        let given = self.variables.get(name).and_then(|value| match value {
            async_graphql_value::ConstValue::Number(number) => number.as_u64(),
            _ => None,
        });
        let definitions = self.operation.into_iter().flat_map(|it| &it.variable_definitions);
        let definition = definitions.into_iter().find(|it| it.node.name.node == *name);
        let default = definition.and_then(|it| it.node.default_value.as_ref());
        given.or_else(|| match default.map(|it| &it.node) {
            Some(async_graphql_value::ConstValue::Number(number)) => number.as_u64(),
            _ => None,
        })
    }
}

/// The lists of introspection, which no schema names.
fn introspected(field: &str) -> (String, Size) {
    let lists =
        ["types", "fields", "args", "inputFields", "enumValues", "possibleTypes", "interfaces"];
    let size = if lists.contains(&field) { Size::Closed } else { Size::One };
    ("__Introspection".to_owned(), size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(query: &str, variables: serde_json::Value) -> Measure {
        let shapes = Shapes::of(&super::super::sdl()).expect("shapes");
        let document = async_graphql_parser::parse_query(query).expect("a document");
        shapes.measure(&document, None, &Variables::from_json(variables))
    }

    #[test]
    fn what_lies_below_a_page_counts_as_often_as_the_page_has_rows() {
        let nothing = serde_json::json!({});
        let of = |query: &str| measured(query, nothing.clone()).cost;
        assert_eq!(of("{ plans(first: 7) { nodes { id title } } }"), 1 + 7 * (1 + 2));
        assert_eq!(of("{ plans { nodes { id } } }"), 1 + 20 * 2, "the default counts");
        assert_eq!(of("{ sectors { code } }"), 1 + 5);
        assert_eq!(of("{ a: service { version } b: service { version } }"), 4);
        let by_variable = "query($n: Int = 3) { plans(first: $n) { nodes { id } } }";
        assert_eq!(of(by_variable), 1 + 3 * 2);
        assert_eq!(measured(by_variable, serde_json::json!({ "n": 9 })).cost, 1 + 9 * 2);
        let through =
            "{ plans(first: 7) { ...page } } fragment page on PlanConnection { nodes { id } }";
        assert_eq!(of(through), 1 + 7 * 2);
    }

    #[test]
    fn fragments_upon_fragments_are_counted_without_being_unrolled() {
        let mut query = String::from("{ sectors { ...f0 } }");
        for n in 0..40 {
            query += &format!(" fragment f{n} on Sector {{ ...f{0} ...f{0} }}", n + 1);
        }
        query += " fragment f40 on Sector { code }";
        let exponential = measured(&query, serde_json::json!({}));
        assert!(exponential.cost > 1 << 40 && exponential.unrolled > 1 << 40);
        let cyclic =
            "{ sectors { ...a } } fragment a on Sector { ...b } fragment b on Sector { ...a }";
        assert!(measured(cyclic, serde_json::json!({})).cyclic);
    }

    #[test]
    fn a_text_that_would_exhaust_the_parser_never_reaches_it() {
        let deep = format!("{}{}", "{a".repeat(10_000), "}".repeat(10_000));
        let wide = format!("{{ {} }}", "code ".repeat(6_000));
        let long = format!("{{ code }} #{}", "x".repeat(Limits::default().document_bytes));
        for hostile in [deep.as_str(), &wide, &long] {
            let refused = scan(hostile, &Limits::default()).err().map(|error| error.code());
            assert_eq!(refused, Some(Code::LimitExceeded));
        }
        let quoted = format!(
            r#"{{ a(b: "{}", c: """{} " {{ \""" """) }}"#,
            "{".repeat(900),
            "[".repeat(900)
        );
        assert!(scan(&quoted, &Limits::default()).is_ok(), "brackets in strings are text");
        let commented = format!("{{ code }} #{}", "{".repeat(900));
        assert!(scan(&commented, &Limits::default()).is_ok(), "and in comments");
    }
}
