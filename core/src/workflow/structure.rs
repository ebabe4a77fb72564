//! A tree of JSON into a document. Everything is reported, and what is wrong leaves a gap.

use super::document::{Conditional, Document, Test, WorkflowAction, WorkflowEdge};
use super::syntax::{self, SyntaxFault, Tree};
use crate::diagnostic::{Findings, Pointer, Problem};
use crate::limits::Limits;
use crate::source::Source;
use flowright_schema::nearest;
use jsonc_parser::ast;
use serde_json::{Map, Number, Value};
use std::collections::HashMap;
use std::ops::Range;

const WORKFLOW: &[&str] = &["name", "description", "metadata", "actions", "edges"];
const ACTION: &[&str] = &["id", "kind", "name", "description", "inputs"];
const EDGE: &[&str] = &["from", "to", "name", "conditional"];
const CONDITIONAL: &[&str] = &["type", "ref", "value"];

/// The most that `serde_json` reads, so that what is written can be read again.
pub(crate) const DEEPEST: usize = 127;

/// Reads a document. `None` where the text is no JSON object, or too deep.
pub(super) fn read(source: &Source, limits: &Limits, findings: &mut Findings) -> Option<Document> {
    let tree = tree(source, limits.nesting.min(DEEPEST), findings, |problem| problem)?;
    Reader { tree: &tree, limits, findings }.document(&tree.root)
}

/// Reads any JSON. `None` where the text is none, or too deep.
pub(super) fn read_value(source: &Source, limits: &Limits, findings: &mut Findings) -> Option<Value> {
    let tree = tree(source, DEEPEST, findings, of_any_json)?;
    Some(Reader { tree: &tree, limits, findings }.value(&tree.root, Trail::Root))
}

/// What is wrong with text that need not be a workflow.
fn of_any_json(problem: Problem) -> Problem {
    let expected = |found| Problem::Syntax(SyntaxFault::Expected { what: "a JSON value", found });
    match problem {
        Problem::Syntax(SyntaxFault::Empty) => expected(None),
        Problem::Syntax(SyntaxFault::Expected { what: "a JSON object", found }) => expected(found),
        problem => problem,
    }
}

fn tree<'t>(
    source: &'t Source,
    nesting: usize,
    findings: &mut Findings,
    problem: impl Fn(Problem) -> Problem,
) -> Option<Tree<'t>> {
    syntax::tree(source, nesting, &mut |fault| {
        let related = fault.related.into_iter();
        let related = related.map(|(span, message)| (Pointer::root(), span, message.to_owned())).collect();
        findings.report_span_related(Pointer::root(), fault.span, problem(fault.problem), related);
    })
}

/// Where in the tree the reader is.
#[derive(Clone, Copy)]
enum Trail<'a> {
    Root,
    Member(&'a Trail<'a>, &'a str),
    Element(&'a Trail<'a>, usize),
}

impl Trail<'_> {
    fn pointer(&self) -> Pointer {
        match self {
            Trail::Root => Pointer::root(),
            Trail::Member(owner, name) => owner.pointer().member(name),
            Trail::Element(owner, position) => owner.pointer().element(*position),
        }
    }
}

struct Reader<'r, 't> {
    tree: &'r Tree<'t>,
    limits: &'r Limits,
    findings: &'r mut Findings,
}

type Members<'r, 't> = Vec<(&'r str, &'r ast::Value<'t>)>;

impl<'r, 't> Reader<'r, 't> {
    fn report(&mut self, at: Trail<'_>, problem: Problem) {
        self.findings.report_at(problem, || at.pointer());
    }

    fn document(&mut self, root: &'r ast::Value<'t>) -> Option<Document> {
        let at = Trail::Root;
        let members = self.object(root, at, "a document")?;
        let mut document = Document::default();
        let (mut actions, mut edges) = (None, None);
        for &(name, value) in &members {
            let here = Trail::Member(&at, name);
            match name {
                "name" => document.name = self.string(value, here, "a workflow's `name`"),
                "description" => {
                    document.description = self.string(value, here, "a workflow's `description`");
                }
                "metadata" => {
                    self.expect(value, here, "`metadata`", "an object");
                    document.metadata = Some(self.value(value, here));
                }
                "actions" => actions = Some(value),
                "edges" => edges = Some(value),
                _ => {}
            }
        }
        self.unknown(&members, at, "a workflow", WORKFLOW);
        document.has_edges = matches!(edges, Some(ast::Value::Array(_)));
        let limits = self.limits;
        let actions = self.array(actions, at, "actions", "an array of actions", limits.actions)?;
        let edges = self.array(edges, at, "edges", "an array of edges", limits.edges)?;
        let owner = Trail::Member(&at, "actions");
        for (position, action) in actions.iter().enumerate() {
            let action = self.action(action, Trail::Element(&owner, position));
            document.actions.push(action);
        }
        let owner = Trail::Member(&at, "edges");
        for (position, edge) in edges.iter().enumerate() {
            let edge = self.edge(edge, Trail::Element(&owner, position));
            document.edges.push(edge);
        }
        Some(document)
    }

    /// The elements of a required array of the document; `None` where there are too many.
    fn array(
        &mut self,
        value: Option<&'r ast::Value<'t>>,
        at: Trail<'_>,
        member: &'static str,
        expected: &'static str,
        limit: usize,
    ) -> Option<&'r [ast::Value<'t>]> {
        let Some(value) = value else {
            self.report(at, Problem::MissingMember { owner: "the workflow", member, expected });
            return Some(&[]);
        };
        let here = Trail::Member(&at, member);
        match value {
            ast::Value::Array(array) if array.elements.len() > limit => {
                let what = member.to_owned();
                self.report(here, Problem::Limit { what, limit, found: array.elements.len() });
                None
            }
            ast::Value::Array(array) => Some(&array.elements),
            other => {
                let what = if member == "actions" { "`actions`" } else { "`edges`" };
                self.wrong(other, here, what, expected);
                Some(&[])
            }
        }
    }

    fn action(&mut self, value: &'r ast::Value<'t>, at: Trail<'_>) -> WorkflowAction {
        let mut action = WorkflowAction::default();
        let Some(members) = self.object(value, at, "an action") else { return action };
        for &(name, value) in &members {
            let here = Trail::Member(&at, name);
            match name {
                "id" => action.id = self.string(value, here, "an action's `id`"),
                "kind" => action.kind = self.string(value, here, "an action's `kind`"),
                "name" => action.name = self.string(value, here, "an action's `name`"),
                "description" => {
                    action.description = self.string(value, here, "an action's `description`");
                }
                "inputs" => {
                    action.has_inputs = true;
                    action.inputs_are_lost = !matches!(value, ast::Value::Object(_));
                    for (input, value) in self.object(value, here, "`inputs`").unwrap_or_default() {
                        let value = self.value(value, Trail::Member(&here, input));
                        action.inputs.push((input.to_owned(), value));
                    }
                }
                _ => {}
            }
        }
        self.unknown(&members, at, "an action", ACTION);
        self.require(&members, at, "the action", "id", "a string, such as `\"1\"`");
        self.require(&members, at, "the action", "kind", "the name of a registered action");
        action
    }

    fn edge(&mut self, value: &'r ast::Value<'t>, at: Trail<'_>) -> WorkflowEdge {
        let mut edge = WorkflowEdge::default();
        let Some(members) = self.object(value, at, "an edge") else { return edge };
        for &(name, value) in &members {
            let here = Trail::Member(&at, name);
            match name {
                "from" => edge.from = self.string(value, here, "an edge's `from`"),
                "to" => edge.to = self.string(value, here, "an edge's `to`"),
                "name" => edge.name = self.string(value, here, "an edge's `name`"),
                // A gap, too, is a condition: the edge is none that is always taken.
                "conditional" => edge.conditional = Some(self.conditional(value, here)),
                _ => {}
            }
        }
        self.unknown(&members, at, "an edge", EDGE);
        self.require(&members, at, "the edge", "from", "`\"$source\"`, or an action's id");
        self.require(&members, at, "the edge", "to", "an action's id");
        edge
    }

    fn conditional(&mut self, value: &'r ast::Value<'t>, at: Trail<'_>) -> Conditional {
        let mut conditional = Conditional::default();
        let Some(members) = self.object(value, at, "`conditional`") else { return conditional };
        let mut matches = None;
        let mut test = None;
        for &(name, value) in &members {
            let here = Trail::Member(&at, name);
            match name {
                "type" => test = self.string(value, here, "a condition's `type`"),
                "ref" => conditional.reference = self.string(value, here, "a condition's `ref`"),
                "value" => matches = Some(self.value(value, here)),
                _ => {}
            }
        }
        self.unknown(&members, at, "a condition", CONDITIONAL);
        self.require(&members, at, "the condition", "type", "`\"if\"`, `\"else\"` or `\"match\"`");
        self.require(&members, at, "the condition", "ref", "`\"!ref($.output.<field>)\"`, the value to test");
        let here = Trail::Member(&at, "type");
        conditional.test = match (test.as_deref(), matches) {
            (Some("match"), Some(value)) => Some(Test::Match(value)),
            (Some("match"), None) => {
                self.report(at, Problem::MatchWithoutValue);
                None
            }
            (Some(test @ ("if" | "else")), value) => {
                let test = if test == "if" { "if" } else { "else" };
                if value.is_some() {
                    self.report(Trail::Member(&at, "value"), Problem::ValueWithoutMatch { test });
                }
                Some(if test == "if" { Test::If } else { Test::Else })
            }
            (Some(other), _) => {
                let nearest = nearest(other, ["if", "else", "match"]).map(str::to_owned);
                self.report(here, Problem::UnknownConditionType { found: other.to_owned(), nearest });
                None
            }
            (None, _) => None,
        };
        conditional
    }

    fn require(
        &mut self,
        members: &Members<'r, 't>,
        at: Trail<'_>,
        owner: &'static str,
        member: &'static str,
        expected: &'static str,
    ) {
        if !members.iter().any(|(name, _)| *name == member) {
            self.report(at, Problem::MissingMember { owner, member, expected });
        }
    }

    /// The members that the format does not know.
    fn unknown(
        &mut self,
        members: &Members<'r, 't>,
        at: Trail<'_>,
        owner: &'static str,
        known: &'static [&'static str],
    ) {
        let has = |known: &&str| members.iter().any(|(name, _)| name == known);
        let mut free = None;
        for &(name, value) in members.iter().filter(|(name, _)| !known.contains(name)) {
            let free = free
                .get_or_insert_with(|| known.iter().copied().filter(|known| !has(known)).collect::<Vec<_>>());
            let problem = Problem::UnknownMember {
                owner,
                member: name.to_owned(),
                nearest: nearest(name, free.iter().copied()).map(str::to_owned),
                known,
            };
            let here = Trail::Member(&at, name);
            self.report(here, problem);
            // It is kept as it is, so it must be JSON that can be read again.
            self.value(value, here);
        }
    }

    fn string(&mut self, value: &ast::Value<'t>, at: Trail<'_>, what: &'static str) -> Option<String> {
        if let ast::Value::StringLit(string) = value {
            return Some(string.value.as_ref().to_owned());
        }
        self.wrong(value, at, what, "a string");
        None
    }

    fn expect(&mut self, value: &ast::Value<'t>, at: Trail<'_>, what: &'static str, expected: &'static str) {
        if !matches!(value, ast::Value::Object(_)) {
            self.wrong(value, at, what, expected);
        }
    }

    fn wrong(&mut self, value: &ast::Value<'t>, at: Trail<'_>, what: &'static str, expected: &'static str) {
        let (found, write) = match value {
            ast::Value::NullKeyword(_) => ("null", None),
            ast::Value::BooleanLit(_) => ("a boolean", None),
            ast::Value::NumberLit(number) => ("a number", Some(format!("\"{}\"", number.value))),
            ast::Value::StringLit(_) => ("a string", None),
            ast::Value::Array(_) => ("an array", None),
            ast::Value::Object(_) => ("an object", None),
        };
        let write = write.filter(|_| expected == "a string");
        self.report(at, Problem::WrongMember { what, expected, found, write });
    }

    /// The members of what must be an object.
    fn object(
        &mut self,
        value: &'r ast::Value<'t>,
        at: Trail<'_>,
        what: &'static str,
    ) -> Option<Members<'r, 't>> {
        if let ast::Value::Object(object) = value {
            return Some(self.members(object, at));
        }
        self.wrong(value, at, what, "an object");
        None
    }

    /// The members of an object, in order; of several with one name the first.
    fn members(&mut self, object: &'r ast::Object<'t>, at: Trail<'_>) -> Members<'r, 't> {
        let mut seen: HashMap<&str, Range<usize>> = HashMap::with_capacity(object.properties.len());
        let mut members = Members::with_capacity(object.properties.len());
        for property in &object.properties {
            let (name, range) = match &property.name {
                ast::ObjectPropName::String(string) => (string.value.as_ref(), string.range),
                ast::ObjectPropName::Word(word) => (word.value, word.range),
            };
            let span = self.tree.span(range);
            match seen.get(name) {
                None => {
                    seen.insert(name, span);
                    members.push((name, &property.value));
                }
                Some(_) if self.findings.is_full() => {
                    let problem = Problem::DuplicateKey { key: String::new() };
                    self.findings.report_at(problem, Pointer::root);
                }
                Some(first) => {
                    let pointer = at.pointer().member(name);
                    let problem = Problem::DuplicateKey { key: name.to_owned() };
                    let related = vec![(pointer.clone(), first.clone(), "first here".to_owned())];
                    self.findings.report_span_related(pointer, span, problem, related);
                }
            }
        }
        members
    }

    /// Any value. As deep as the tree, which is bounded.
    fn value(&mut self, value: &'r ast::Value<'t>, at: Trail<'_>) -> Value {
        match value {
            ast::Value::NullKeyword(_) => Value::Null,
            ast::Value::BooleanLit(boolean) => Value::Bool(boolean.value),
            ast::Value::StringLit(string) => Value::String(string.value.as_ref().to_owned()),
            ast::Value::NumberLit(literal) => match number(literal.value) {
                Ok(number) => Value::Number(number),
                Err(nearest) => {
                    self.report(at, Problem::UnheldNumber { literal: literal.value.to_owned() });
                    Value::Number(nearest)
                }
            },
            ast::Value::Array(array) => Value::Array(
                array
                    .elements
                    .iter()
                    .enumerate()
                    .map(|(position, element)| self.value(element, Trail::Element(&at, position)))
                    .collect(),
            ),
            ast::Value::Object(object) => {
                let mut map = Map::new();
                for (name, member) in self.members(object, at) {
                    map.insert(name.to_owned(), self.value(member, Trail::Member(&at, name)));
                }
                Value::Object(map)
            }
        }
    }
}

/// A number as it is written; where nothing can hold it, the nearest that can be held.
pub(crate) fn number(literal: &str) -> Result<Number, Number> {
    let digits = literal.strip_prefix('-').unwrap_or(literal);
    let integer = digits.bytes().all(|byte| byte.is_ascii_digit());
    if integer {
        if let Ok(number) = literal.parse::<i64>() {
            return Ok(number.into());
        }
        if let Ok(number) = literal.parse::<u64>() {
            return Ok(number.into());
        }
    }
    // What is no number of JSON was reported before.
    let float = literal.parse::<f64>().ok().filter(|float| !float.is_nan()).unwrap_or_default();
    match Number::from_f64(float) {
        Some(number) if !integer => Ok(number),
        _ if literal.starts_with('-') => Err(i64::MIN.into()),
        _ => Err(u64::MAX.into()),
    }
}
