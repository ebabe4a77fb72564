//! All that a schema leaves to a validator, in one validator, so that what is asked for in many places is made once.

use crate::fault::{SchemaFault, Step};
use jsonschema::{Draft, Registry, Validator};
use serde_json::{Map, Value, json};
use std::{collections::HashMap, fmt::Write as _};

/// The URI under which a schema is known to the validator of its own parts.
const SELF: &str = "flowright:schema";

/// How far one search of a pattern with look-around may go before the string is refused.
const BACKTRACKS: usize = 100_000;

/// The most memory one compiled pattern takes.
pub(crate) const JUDGED_MEMORY: usize = 10 << 20;

/// How many questions one object of the validator's schema tells apart.
const WIDTH: usize = 16;

/// A part of a schema that a value must satisfy.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Judge {
    /// All that the schema at this pointer says.
    Whole(String),
    /// What it says of the members of objects, by name.
    Members(String),
}

/// What a validator has against a value.
pub(crate) struct Objection {
    /// Where in the value.
    pub(crate) path: Vec<Step>,
    /// The keyword that objects.
    pub(crate) keyword: String,
}

/// Which of the questions about a schema, counted from 0: whether a value satisfies some of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Question(pub(crate) usize);

/// Who answers all questions about a schema. A value is shown to the validator below members that say which question it
/// is: the schema of the validator is a tree of objects whose leaves are the questions.
pub(crate) struct Judges {
    validator: Validator,
    /// How many members lead to a question.
    depth: usize,
}

impl Judge {
    pub(crate) fn pointer(&self) -> &str {
        match self {
            Judge::Whole(pointer) | Judge::Members(pointer) => pointer,
        }
    }
}

impl Judges {
    /// Who answers these questions, each a list of parts that a value must satisfy together; or where the schema is at
    /// fault and why.
    pub(crate) fn new(
        schema: &Value,
        draft: Draft,
        questions: HashMap<Vec<Judge>, Question>,
    ) -> Result<Judges, SchemaFault> {
        let mut questions: Vec<(Vec<Judge>, Question)> = questions.into_iter().collect();
        questions.sort_unstable_by_key(|(_, question)| *question);
        let all = |(judges, _): &(Vec<Judge>, Question)| json!({ "allOf": judges.iter().map(|judge| schema_of(schema, judge)).collect::<Vec<_>>() });
        let mut asked: Vec<Value> = questions.iter().map(all).collect();
        let mut depth = 0;
        while asked.len() > 1 {
            let together = |group: &[Value]| {
                let named = group.iter().enumerate().map(|(position, asked)| (name(position), asked.clone()));
                json!({ "properties": named.collect::<Map<_, _>>() })
            };
            asked = asked.chunks(WIDTH).map(together).collect();
            depth += 1;
        }
        let validator = validator(schema, draft, &asked.pop().unwrap_or(Value::Bool(true)))?;
        Ok(Judges { validator, depth })
    }

    /// Whether the answer is yes.
    pub(crate) fn accept(&self, question: Question, value: Value) -> bool {
        self.validator.is_valid(&self.shown(question, value))
    }

    /// Everything there is against `value`, at most `limit` objections.
    pub(crate) fn objections(&self, question: Question, value: Value, limit: usize) -> Vec<Objection> {
        let shown = self.shown(question, value);
        let objection = |error: jsonschema::ValidationError<'_>| {
            let mut path = steps(&shown, error.instance_path().as_str());
            path.drain(..self.depth.min(path.len()));
            Objection { path, keyword: error.kind().keyword().to_owned() }
        };
        self.validator.iter_errors(&shown).take(limit).map(objection).collect()
    }

    fn shown(&self, Question(mut position): Question, mut value: Value) -> Value {
        for _ in 0..self.depth {
            value = Value::Object(Map::from_iter([(name(position % WIDTH), value)]));
            position /= WIDTH;
        }
        value
    }
}

fn name(position: usize) -> String {
    format!("{position:x}")
}

fn validator(schema: &Value, draft: Draft, asked: &Value) -> Result<Validator, SchemaFault> {
    let fault = |pointer: &str, error: &dyn std::fmt::Display| {
        let known = schema.pointer(pointer).map_or("", |_| pointer);
        SchemaFault { pointer: known.to_owned(), message: format!("is refused: {error}") }
    };
    let mut own = schema.clone();
    if let Some(members) = own.as_object_mut() {
        // The draft is settled, and a meta-schema that nobody can fetch must not stop the validator.
        members.remove("$schema");
    }
    let registry = Registry::new().draft(draft).add(SELF, own).map_err(|error| fault("", &error))?;
    let registry = registry.prepare().map_err(|error| fault("", &error))?;
    let patterns = jsonschema::PatternOptions::fancy_regex();
    jsonschema::options()
        .with_draft(draft)
        .with_registry(&registry)
        .offline()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .with_pattern_options(patterns.backtrack_limit(BACKTRACKS).size_limit(JUDGED_MEMORY))
        .build(asked)
        .map_err(|error| fault(error.schema_path().as_str(), &error))
}

/// What a judge says, as a schema that refers to the schema itself.
fn schema_of(schema: &Value, judge: &Judge) -> Value {
    let refer = |pointer: &str| json!({ "$ref": reference(pointer) });
    let pointer = match judge {
        Judge::Whole(pointer) => return refer(pointer),
        Judge::Members(pointer) => pointer,
    };
    let mut said = Map::new();
    for keyword in ["properties", "patternProperties"] {
        let named = schema.pointer(&format!("{pointer}/{keyword}")).and_then(Value::as_object);
        let refer_named = |name: &String| {
            let token = name.replace('~', "~0").replace('/', "~1");
            (name.clone(), refer(&format!("{pointer}/{keyword}/{token}")))
        };
        said.extend(named.map(|named| (keyword.to_owned(), named.keys().map(refer_named).collect())));
    }
    let additional = format!("{pointer}/additionalProperties");
    if schema.pointer(&additional).is_some() {
        said.insert("additionalProperties".to_owned(), refer(&additional));
    }
    Value::Object(said)
}

/// A URI reference to a part of the schema.
fn reference(pointer: &str) -> String {
    let mut uri = format!("{SELF}#");
    for byte in pointer.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'~' | b'-' | b'_' | b'.' | b'$') {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// The steps a JSON pointer takes through `value`.
fn steps(value: &Value, pointer: &str) -> Vec<Step> {
    let mut at = Some(value);
    let mut steps = Vec::new();
    for token in pointer.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        match (at, name.parse::<usize>()) {
            (Some(Value::Array(elements)), Ok(index)) => {
                at = elements.get(index);
                steps.push(Step::Element(index));
            }
            (Some(Value::Object(members)), _) => {
                at = members.get(&name);
                steps.push(Step::Member(name));
            }
            _ => break,
        }
    }
    steps
}
