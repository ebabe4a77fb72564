//! A JSON Schema, read into structural form.
//!
//! A node of the form stands for a *state*: a set of schema parts that a value must satisfy together. `$ref` and
//! `allOf` add to a state, `anyOf` and `oneOf` split it into branches, and a property, an element or a branch is a
//! state of its own. There are finitely many states, so recursive schemas end; a budget ends the rest.

mod assemble;
mod excluded;
mod in_place;
mod keywords;
mod locate;
mod patterns;

use crate::{
    fault::SchemaFault,
    fuel,
    judges::{Judge, Judges, Question},
    opaque::OpaqueForm,
    settle,
    text::Pattern,
    ty::{ConstantsForm, Document, Form, Node, NodeId, Origin, Source, Type, UnionForm, next_id},
};
use jsonschema::Draft;
use keywords::Keywords;
pub(crate) use keywords::integers;
use locate::{Place, Places};
use serde_json::Value;
use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    rc::Rc,
    sync::Arc,
};

/// How many nodes a type may have.
const MOST_NODES: usize = 50_000;

/// How much work reading a schema may be: parts looked at.
const BUDGET: usize = 4_000_000;

/// How many branches the `anyOf`s and `oneOf`s of one state may multiply to. Those beyond stay opaque.
const MOST_BRANCHES: usize = 512;

/// How many faults of one schema are reported.
const MOST_FAULTS: usize = 100;

/// What of a schema object is part of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Part {
    /// Its keywords, without references and branches; with `enum` and `const`, and with opaque ones, or not.
    Own { values: bool, opaque: bool },
    /// Its `anyOf`.
    AnyOf,
    /// Its `oneOf`.
    OneOf,
}

const WHOLE: Part = Part::Own { values: true, opaque: true };

/// Schema parts that a value must satisfy together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct State {
    parts: BTreeSet<(Place, Part)>,
    /// The schema whose `unevaluatedProperties` sees exactly the properties that this state knows.
    sealed: Option<Place>,
    /// Where its title and description are.
    notes: Option<Place>,
}

/// A schema being read.
struct Reader<'s> {
    places: Places<'s>,
    draft: Draft,
    keywords: HashMap<Place, Rc<Keywords>>,
    patterns: HashMap<String, Option<Pattern>>,
    nodes: Vec<Option<Node>>,
    states: HashMap<State, NodeId>,
    pending: VecDeque<(NodeId, State, Option<String>)>,
    faults: Vec<SchemaFault>,
    spent: usize,
    /// What opaque forms ask a validator.
    questions: HashMap<Vec<Judge>, Question>,
}

impl Type {
    /// The type that a JSON Schema means: draft 2020-12 unless its `$schema` names another.
    ///
    /// What has no structural form is kept and judged by a validator. Faults are reported all at once, with JSON
    /// pointers: a schema that is no object or boolean, keywords of a wrong type, a `$ref` that leads nowhere or out of
    /// the document, a choice or an exclusion that leads back to the schema around it, an invalid pattern or one of
    /// more than 1 KiB, and what is too large to work on.
    pub fn parse(schema: &Value, origin: Origin) -> Result<Type, Vec<SchemaFault>> {
        let places = Places::new(schema).map_err(|fault| vec![fault])?;
        if let Some(fault) = patterns::fault(schema) {
            return Err(vec![fault]);
        }
        let ranges = excluded::as_ranges(schema);
        let places = match &ranges {
            Some(ranges) => Places::new(ranges).map_err(|fault| vec![fault])?,
            None => places,
        };
        let draft = draft_of(schema);
        let mut reader = Reader {
            places,
            draft,
            keywords: HashMap::new(),
            patterns: HashMap::new(),
            nodes: Vec::new(),
            states: HashMap::new(),
            pending: VecDeque::new(),
            faults: Vec::new(),
            spent: 0,
            questions: HashMap::new(),
        };
        reader.read_all();
        let reach = in_place::reach(&mut reader.places, draft, !reader.questions.is_empty());
        let reach = reach.unwrap_or_else(|fault| {
            reader.faults.push(fault);
            None
        });
        if !reader.faults.is_empty() {
            return Err(reader.faults);
        }
        // INVARIANT: every reserved node was pending, and none is pending any more.
        let nodes = reader.nodes.into_iter().map(|node| node.unwrap_or_else(|| Form::Any.into())).collect();
        let judges = reach.map(|reach| Judges::new(schema, draft, reader.questions, reach)).transpose();
        let judges = judges.map_err(|fault| vec![fault])?;
        let document = Document {
            nodes,
            origin,
            source: Some(Arc::new(Source { schema: schema.clone(), draft, judges })),
        };
        settle::settled(document).map_err(|fault| vec![fault])
    }
}

impl Reader<'_> {
    fn read_all(&mut self) {
        let root = self.places.root();
        let id = self.node_of([root]);
        debug_assert_eq!(id, NodeId(0));
        while let Some((id, state, name)) = self.pending.pop_front() {
            let form = self.form(&state, name.as_deref());
            let notes = state.notes.map(|place| self.keywords(place));
            let mut text = |text: &Option<String>| {
                let text = text.as_deref()?;
                self.spend(text.len() / fuel::BYTES)?;
                Some(Box::from(text))
            };
            let node = Node {
                form,
                title: notes.as_ref().and_then(|notes| text(&notes.title)),
                description: notes.as_ref().and_then(|notes| text(&notes.description)),
                name: name.map(Box::from),
                kinds: None,
            };
            if let Some(reserved) = self.nodes.get_mut(id.0 as usize) {
                *reserved = Some(node);
            }
            if self.spent > BUDGET || self.nodes.len() > MOST_NODES {
                let message = "is too large, or combines too much, to work on".to_owned();
                self.faults.push(SchemaFault { pointer: String::new(), message });
            }
            if self.faults.len() >= MOST_FAULTS || self.spent > BUDGET || self.nodes.len() > MOST_NODES {
                return;
            }
        }
    }

    fn fault(&mut self, place: Place, tokens: &[&str], message: &str) {
        let pointer = tokens.iter().fold(self.places.pointer(place).to_owned(), |pointer, token| {
            format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
        });
        if self.faults.len() < MOST_FAULTS && !self.faults.iter().any(|fault| fault.pointer == pointer) {
            self.faults.push(SchemaFault { pointer, message: message.to_owned() });
        }
    }

    fn pattern(&mut self, source: &str) -> Option<Pattern> {
        self.patterns.entry(source.to_owned()).or_insert_with(|| Pattern::new(source)).clone()
    }

    fn keywords(&mut self, place: Place) -> Rc<Keywords> {
        if let Some(keywords) = self.keywords.get(&place) {
            return Rc::clone(keywords);
        }
        let keywords = Rc::new(keywords::read(self, place));
        self.keywords.insert(place, Rc::clone(&keywords));
        keywords
    }

    /// Accounts for work to be done. `None` where it is too much: the schema is at fault then.
    fn spend(&mut self, work: usize) -> Option<()> {
        self.spent = self.spent.saturating_add(work);
        (self.spent <= BUDGET).then_some(())
    }

    /// The node of values that satisfy all these schemas.
    fn node_of(&mut self, places: impl IntoIterator<Item = Place>) -> NodeId {
        let places: BTreeSet<Place> = places.into_iter().collect();
        let parts = self.expanded(&places);
        let sealed = self.sealed(&parts);
        let notes = places.iter().find_map(|place| self.notes(*place));
        let name = match places.iter().collect::<Vec<_>>()[..] {
            [place] => self.name(*place),
            _ => None,
        };
        self.node(State { parts, sealed, notes }, name)
    }

    fn node(&mut self, state: State, name: Option<String>) -> NodeId {
        self.spent += 1 + state.parts.len();
        if let Some(id) = self.states.get(&state) {
            return *id;
        }
        let id = next_id(self.nodes.len());
        self.nodes.push(None);
        self.states.insert(state.clone(), id);
        self.pending.push_back((id, state, name));
        id
    }

    /// A node that no schema part stands for alone.
    fn leaf(&mut self, form: Form) -> NodeId {
        let id = next_id(self.nodes.len());
        self.nodes.push(Some(form.into()));
        id
    }

    /// The parts of these schemas and of all that they refer to in place.
    fn expanded(&mut self, places: &BTreeSet<Place>) -> BTreeSet<(Place, Part)> {
        let mut parts = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut pending: Vec<Place> = places.iter().copied().collect();
        while let Some(place) = pending.pop() {
            if !seen.insert(place) {
                continue;
            }
            self.spent += 1;
            let keywords = self.keywords(place);
            if !keywords.is_vacuous() {
                parts.insert((place, WHOLE));
            }
            if keywords.any_of.is_some() {
                parts.insert((place, Part::AnyOf));
            }
            if keywords.one_of.is_some() {
                parts.insert((place, Part::OneOf));
            }
            pending.extend(keywords.reference);
            pending.extend(&keywords.all_of);
        }
        parts
    }

    /// The one whose `unevaluatedProperties` sees all these parts and no others.
    fn sealed(&mut self, parts: &BTreeSet<(Place, Part)>) -> Option<Place> {
        let candidates: BTreeSet<Place> = parts.iter().map(|(place, _)| *place).collect();
        candidates.into_iter().find(|place| {
            self.keywords(*place).unevaluated.is_some()
                && self.sees_all(*place, parts)
                && self.expanded(&BTreeSet::from([*place])) == *parts
        })
    }

    /// Whether it is known here which properties the others of these parts evaluate: not those of opaque keywords, and
    /// not those of another `unevaluatedProperties`.
    fn sees_all(&mut self, sealed: Place, parts: &BTreeSet<(Place, Part)>) -> bool {
        parts.iter().all(|(place, _)| {
            let keywords = self.keywords(*place);
            keywords.opaque.is_none() && (*place == sealed || keywords.unevaluated.is_none())
        })
    }

    /// Where the title and description of a schema are: with it, or with what it refers to.
    fn notes(&mut self, mut place: Place) -> Option<Place> {
        let mut seen = BTreeSet::new();
        while seen.insert(place) {
            let keywords = self.keywords(place);
            if keywords.title.is_some() || keywords.description.is_some() {
                return Some(place);
            }
            place = keywords.reference?;
        }
        None
    }

    /// The name of a schema: its own under `$defs`, or that of what it is a mere reference to.
    fn name(&mut self, mut place: Place) -> Option<String> {
        let mut seen = BTreeSet::new();
        while seen.insert(place) {
            if let Some(name) = self.places.definition(place) {
                return Some(name);
            }
            let keywords = self.keywords(place);
            let mere = keywords.is_vacuous();
            let alone = keywords.all_of.is_empty() && keywords.any_of.is_none() && keywords.one_of.is_none();
            place = keywords.reference.filter(|_| mere && alone)?;
        }
        None
    }

    fn form(&mut self, state: &State, name: Option<&str>) -> Form {
        self.constants(state)
            .or_else(|| self.opaque(state, name))
            .or_else(|| self.union(state))
            .unwrap_or_else(|| self.structure(state))
    }

    /// The form of a state with `enum` or `const`: those values that satisfy the rest of it.
    fn constants(&mut self, state: &State) -> Option<Form> {
        let mut values: Option<Vec<Value>> = None;
        let mut rest = State { notes: None, ..state.clone() };
        rest.parts.clear();
        for (place, part) in &state.parts {
            let keywords = self.keywords(*place);
            match (part, &keywords.values) {
                (Part::Own { values: true, opaque }, Some(own)) => {
                    self.spend(own.len() * values.as_ref().map_or(1, Vec::len))?;
                    self.spend(own.iter().map(fuel::size).sum())?;
                    values = Some(match values {
                        Some(known) => keywords::common(&known, own),
                        None => own.clone(),
                    });
                    let unseen = keywords.opaque.is_some() || keywords.unevaluated.is_some();
                    if !keywords.is_plain() || (*opaque && unseen) {
                        rest.parts.insert((*place, Part::Own { values: false, opaque: *opaque }));
                    }
                }
                _ => {
                    rest.parts.insert((*place, *part));
                }
            }
        }
        let values = values?;
        let guard = (!rest.parts.is_empty()).then(|| self.node(rest, None));
        Some(Form::Constants(ConstantsForm { values, guard }))
    }

    /// The form of a state with keywords that have no structural form.
    fn opaque(&mut self, state: &State, name: Option<&str>) -> Option<Form> {
        let mut judges = BTreeSet::new();
        let mut keyword: Option<String> = None;
        let mut outline = State { notes: None, ..state.clone() };
        outline.parts.clear();
        let branching = |wanted| state.parts.iter().any(|(_, part)| *part == wanted);
        if branching(Part::AnyOf) {
            // Properties of several branches may be evaluated at once.
            outline.sealed = None;
        }
        let overlapping = self.overlapping(state);
        let mut branches = 1_usize;
        for (place, part) in &state.parts {
            let keywords = self.keywords(*place);
            let group = match part {
                Part::Own { values, opaque } => {
                    let unseen = keywords.unevaluated.is_some()
                        && (state.sealed != Some(*place) || branching(Part::AnyOf) || branching(Part::OneOf));
                    let whole = *opaque && (keywords.opaque.is_some() || unseen);
                    let refused = whole || (*opaque && overlapping.contains(place));
                    if whole {
                        judges.insert(*place);
                        let left_over = keywords.unevaluated.map(|_| "unevaluatedProperties".to_owned());
                        keyword = keyword.or_else(|| keywords.opaque.clone()).or(left_over);
                    }
                    if !refused || !keywords.is_plain() || keywords.unevaluated.is_some() {
                        outline
                            .parts
                            .insert((*place, Part::Own { values: *values, opaque: *opaque && !refused }));
                    }
                    continue;
                }
                Part::AnyOf => &keywords.any_of,
                Part::OneOf => &keywords.one_of,
            };
            let own = group.as_ref().map_or(1, Vec::len);
            let too_many = branches > 1 && branches.saturating_mul(own) > MOST_BRANCHES;
            if too_many && self.expanded(&BTreeSet::from([*place])).is_subset(&state.parts) {
                judges.insert(*place);
                let chosen = if *part == Part::OneOf { "oneOf" } else { "anyOf" };
                keyword = keyword.or_else(|| Some(chosen.to_owned()));
            } else {
                branches = branches.saturating_mul(own);
                outline.parts.insert((*place, *part));
            }
        }
        let by_members = overlapping.into_iter().filter(|place| {
            let seen = |part: &Part| matches!(part, Part::Own { opaque: true, .. });
            state.parts.iter().any(|(other, part)| other == place && seen(part))
        });
        let mut overlaps: BTreeSet<Place> = by_members.collect();
        if judges.is_empty() && overlaps.is_empty() {
            return None;
        }
        let places: BTreeSet<Place> = state.parts.iter().map(|(place, _)| *place).collect();
        let whole = self.expanded(&places) == state.parts;
        if whole {
            judges = places;
            overlaps.clear();
        }
        let pointer = |place: Place| self.places.pointer(place).to_owned();
        let judges = judges.into_iter().map(|place| Judge::Whole(pointer(place)));
        let judges = judges.chain(overlaps.into_iter().map(|place| Judge::Members(pointer(place)))).collect();
        let question = self.question(judges);
        let outline = self.node(outline, name.map(str::to_owned));
        let keyword = keyword.unwrap_or_else(|| "patternProperties".to_owned());
        Some(Form::Opaque(OpaqueForm::new(outline, question, keyword.into(), whole)))
    }

    fn question(&mut self, judges: Vec<Judge>) -> Question {
        self.spent += judges.iter().map(|judge| 1 + judge.pointer().len() / fuel::BYTES).sum::<usize>();
        let next = Question(self.questions.len());
        *self.questions.entry(judges).or_insert(next)
    }

    /// Schema objects of a state whose `patternProperties` stand in each other's way: several have some, and one of
    /// them limits the names that match none of its own.
    fn overlapping(&mut self, state: &State) -> BTreeSet<Place> {
        let mut patterned = BTreeSet::new();
        let mut limits = false;
        for (place, part) in &state.parts {
            if let Part::Own { .. } = part {
                let object = &self.keywords(*place).object;
                if !object.patterns.is_empty() {
                    patterned.insert(*place);
                    limits |= matches!(object.additional, Some(keywords::Additional::Schema(_)));
                }
            }
        }
        if limits && patterned.len() > 1 { patterned } else { BTreeSet::new() }
    }

    /// The form of a state with `anyOf` or `oneOf`: one branch for each of theirs.
    fn union(&mut self, state: &State) -> Option<Form> {
        let group =
            state.parts.iter().find(|(_, part)| matches!(part, Part::AnyOf | Part::OneOf)).copied()?;
        let keywords = self.keywords(group.0);
        let places = match group.1 {
            Part::OneOf => keywords.one_of.as_ref()?,
            _ => keywords.any_of.as_ref()?,
        };
        let branches: Vec<NodeId> = places
            .iter()
            .map(|place| {
                let mut parts = self.expanded(&BTreeSet::from([*place]));
                parts.extend(state.parts.iter().filter(|part| **part != group));
                let alone = state.parts.len() == 1 && state.sealed.is_none();
                let name = if alone { self.name(*place) } else { None };
                let sealed = match state.sealed {
                    Some(sealed) => self.sees_all(sealed, &parts).then_some(sealed),
                    None if alone => self.sealed(&parts),
                    None => None,
                };
                let notes = self.notes(*place);
                self.node(State { parts, sealed, notes }, name)
            })
            .collect();
        Some(Form::Union(UnionForm { branches, exactly_one: group.1 == Part::OneOf, tag: None }))
    }
}

/// The draft a `$schema` names, where its keywords are read the way this crate reads them.
fn draft_of(schema: &Value) -> Draft {
    let named = schema.get("$schema").and_then(Value::as_str).unwrap_or_default();
    let named = named.trim_end_matches('#').trim_start_matches("https://").trim_start_matches("http://");
    match named {
        "json-schema.org/draft-04/schema" => Draft::Draft4,
        "json-schema.org/draft-06/schema" => Draft::Draft6,
        "json-schema.org/draft-07/schema" => Draft::Draft7,
        "json-schema.org/draft/2019-09/schema" => Draft::Draft201909,
        _ => Draft::Draft202012,
    }
}
