//! What the `$ref`s of schemas lead to, under names that are the same wherever the same is meant.

use super::comments;
use super::form::Form;
use super::names::{Names, is_plain, of_type};
use super::printing::declaration;
use super::reading::Reader;
use flowright_schema::SchemaPart;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::hash::Hash;

/// In how many rounds definitions are told apart; what needs more is taken to differ.
const ROUNDS: usize = 64;

/// Keywords that say nothing of a type where a schema begins.
const BESIDE: [&str; 4] = ["$schema", "$id", "$comment", "title"];

/// A schema with its own definitions, and what is made of it.
pub(super) struct Document {
    pub(super) schema: Value,
    /// The name of its type.
    pub(super) name: String,
    /// Whether its objects may have members that they do not name.
    pub(super) open: bool,
    /// Whether it is what an action gives.
    pub(super) output: bool,
}

/// A part of a document that a `$ref` leads to.
struct Definition<'d> {
    document: &'d Document,
    schema: &'d Value,
    /// The schema without what does not count, its refs left blank.
    shape: Value,
    name: String,
    /// What its refs lead to.
    refs: Vec<Target>,
}

/// What a `$ref` leads to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Target {
    /// A definition, by its position.
    Definition(usize),
    /// All of a document, by its position.
    Whole(usize),
    /// Something that is not there.
    Nothing,
}

/// All definitions of some documents.
pub(super) struct Definitions<'d> {
    all: Vec<Definition<'d>>,
    /// Positions by document and pointer.
    places: HashMap<(usize, String), usize>,
    /// For each definition the name of its type.
    names: Vec<String>,
}

impl<'d> Definitions<'d> {
    pub(super) fn of(documents: &'d [Document], names: &mut Names) -> Self {
        let mut definitions = Definitions { all: Vec::new(), places: HashMap::new(), names: Vec::new() };
        for (at, document) in documents.iter().enumerate() {
            definitions.find(at, document);
        }
        let classes = definitions.classes();
        let mut given: HashMap<usize, String> = HashMap::new();
        for (definition, class) in definitions.all.iter().zip(classes) {
            let name = given.entry(class).or_insert_with(|| {
                let mut wanted = vec![definition.name.clone()];
                wanted.extend(definition.document.output.then(|| format!("{}Output", definition.name)));
                names.first_of(&wanted)
            });
            definitions.names.push(name.clone());
        }
        definitions
    }

    /// Adds what one document refers to.
    fn find(&mut self, at: usize, document: &'d Document) {
        let mut pending = Vec::new();
        let mut targets = Vec::new();
        blank(&document.schema, SchemaPart::Schema, &mut targets);
        self.add(at, document, targets, &mut pending);
        while let Some(position) = pending.pop() {
            let mut targets = Vec::new();
            let schema = self.all.get(position).map(|definition| definition.schema);
            let shape = schema.map(|schema| blank(schema, SchemaPart::Schema, &mut targets));
            let refs = self.add(at, document, targets, &mut pending);
            if let (Some(definition), Some(shape)) = (self.all.get_mut(position), shape) {
                definition.shape = shape;
                definition.refs = refs;
            }
        }
    }

    /// What refs lead to; definitions that are new are `pending`.
    fn add(
        &mut self,
        at: usize,
        document: &'d Document,
        references: Vec<String>,
        pending: &mut Vec<usize>,
    ) -> Vec<Target> {
        let target = |reference: String| {
            let Some(pointer) = pointer(&reference) else { return Target::Nothing };
            if pointer.is_empty() {
                return Target::Whole(at);
            }
            if let Some(position) = self.places.get(&(at, pointer.clone())) {
                return Target::Definition(*position);
            }
            let Some(schema) = document.schema.pointer(&pointer) else { return Target::Nothing };
            let title = schema.get("title").and_then(Value::as_str).filter(|title| is_plain(title));
            let last = pointer.rsplit('/').next().unwrap_or_default();
            let name = of_type(title.unwrap_or(last));
            let position = self.all.len();
            self.all.push(Definition { document, schema, shape: Value::Null, name, refs: Vec::new() });
            self.places.insert((at, pointer), position);
            pending.push(position);
            Target::Definition(position)
        };
        references.into_iter().map(target).collect()
    }

    /// For each definition the number of those that are the same: what they say is, and so is what they refer to.
    fn classes(&self) -> Vec<usize> {
        let shapes = self.all.iter().map(|it| (&it.name, it.document.open, it.shape.to_string()));
        let mut classes = numbered(shapes);
        for _ in 0..ROUNDS {
            let class = |target: &Target| match target {
                Target::Definition(at) => {
                    classes.get(*at).map_or(Target::Nothing, |class| Target::Definition(*class))
                }
                other => *other,
            };
            let keys = self.all.iter().zip(&classes);
            let finer = numbered(keys.map(|(it, own)| (*own, it.refs.iter().map(class).collect::<Vec<_>>())));
            if finer == classes {
                return classes;
            }
            classes = finer;
        }
        (0..self.all.len()).collect()
    }

    /// The name of what a ref in a document leads to.
    pub(super) fn named(&self, documents: &[Document], at: usize, reference: &str) -> Option<String> {
        let pointer = pointer(reference)?;
        if pointer.is_empty() {
            return documents.get(at).map(|document| document.name.clone());
        }
        let position = self.places.get(&(at, pointer))?;
        self.names.get(*position).cloned()
    }

    /// The declarations of all types that have a name here, each once.
    pub(super) fn declarations(&self, documents: &[Document]) -> String {
        let mut places: Vec<(&(usize, String), usize)> =
            self.places.iter().map(|(place, at)| (place, *at)).collect();
        places.sort_by_key(|(_, position)| *position);
        let mut declared: Vec<(&str, Form, Vec<String>)> = Vec::new();
        let mut known = std::collections::HashSet::new();
        for ((at, _), position) in places {
            let (Some(definition), Some(name)) = (self.all.get(position), self.names.get(position)) else {
                continue;
            };
            if !known.insert(name) {
                continue;
            }
            let named = |reference: &str| self.named(documents, *at, reference);
            let form = Reader { named: &named, open: definition.document.open }.form(definition.schema);
            declared.push((name, form, comments::of(definition.schema)));
        }
        let circular = circular(&declared);
        let declared = declared.into_iter().zip(circular).map(|((name, form, comment), circular)| {
            declaration(name, &if circular { Form::unknown() } else { form }, &comment)
        });
        declared.map(|declared| declared + "\n").collect()
    }
}

/// Which definitions lead into themselves without an object or a list between, which says nothing.
fn circular(declared: &[(&str, Form, Vec<String>)]) -> Vec<bool> {
    let positions: HashMap<&str, usize> =
        declared.iter().enumerate().map(|(at, (name, ..))| (*name, at)).collect();
    let mut waiting: Vec<usize> = Vec::with_capacity(declared.len());
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); declared.len()];
    for (at, (_, form, _)) in declared.iter().enumerate() {
        let mut names = Vec::new();
        form.bare_names(&mut names);
        let used: Vec<usize> = names.iter().filter_map(|name| positions.get(name).copied()).collect();
        waiting.push(used.len());
        for used in used {
            if let Some(users) = users.get_mut(used) {
                users.push(at);
            }
        }
    }
    let mut circular = vec![true; declared.len()];
    let mut free: Vec<usize> =
        waiting.iter().enumerate().filter(|(_, count)| **count == 0).map(|(at, _)| at).collect();
    while let Some(at) = free.pop() {
        if let Some(circular) = circular.get_mut(at) {
            *circular = false;
        }
        for user in users.get(at).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(*user) {
                *count -= 1;
                if *count == 0 {
                    free.push(*user);
                }
            }
        }
    }
    circular
}

/// A number for each key: the same for equal ones.
fn numbered<K: Eq + Hash>(keys: impl Iterator<Item = K>) -> Vec<usize> {
    let mut numbers = HashMap::new();
    keys.map(|key| {
        let next = numbers.len();
        *numbers.entry(key).or_insert(next)
    })
    .collect()
}

/// A schema without its definitions, with its refs taken out in order. As deep as the schema, which a registry bounds.
fn blank(value: &Value, part: SchemaPart, references: &mut Vec<String>) -> Value {
    fn members(
        members: &Map<String, Value>,
        part: SchemaPart,
        references: &mut Vec<String>,
    ) -> Map<String, Value> {
        let mut blanked = Map::new();
        for (name, value) in members {
            let value = match (part, name.as_str(), value) {
                (SchemaPart::Schema, "$defs" | "definitions", _) => continue,
                (SchemaPart::Schema, "$ref", Value::String(reference)) => {
                    references.push(reference.clone());
                    Value::Null
                }
                _ => blank(value, part.member(name), references),
            };
            blanked.insert(name.clone(), value);
        }
        blanked
    }
    match value {
        _ if part == SchemaPart::Data => value.clone(),
        Value::Array(elements) => elements.iter().map(|element| blank(element, part, references)).collect(),
        Value::Object(own) => {
            let mut blanked = members(own, part, references);
            if part == SchemaPart::Schema {
                blanked.retain(|keyword, _| !BESIDE.contains(&keyword.as_str()));
            }
            Value::Object(blanked)
        }
        other => other.clone(),
    }
}

/// The JSON pointer of a ref that stays in its document.
fn pointer(reference: &str) -> Option<String> {
    let pointer = reference.strip_prefix('#')?;
    (pointer.is_empty() || pointer.starts_with('/')).then(|| pointer.to_owned())
}
