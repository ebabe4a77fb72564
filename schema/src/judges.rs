//! All that a schema leaves to a validator, in one validator, so that what is asked for in many places is made once.

use crate::{
    fault::{SchemaFault, Step},
    reach::Reach,
};
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
    reach: Reach,
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
        reach: Reach,
    ) -> Result<Judges, SchemaFault> {
        let mut questions: Vec<(Vec<Judge>, Question)> = questions.into_iter().collect();
        questions.sort_unstable_by_key(|(_, question)| *question);
        let all = |(judges, _): &(Vec<Judge>, Question)| {
            let schemas: Value = judges.iter().map(|judge| schema_of(schema, judge)).collect();
            json!({ "allOf": schemas })
        };
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
        Ok(Judges { validator, depth, reach })
    }

    /// Whether `value` is too deep to be judged.
    pub(crate) fn is_beyond(&self, value: &Value) -> bool {
        self.reach.is_beyond(value)
    }

    /// Whether the answer is yes. It is no for what is too deep to be judged.
    pub(crate) fn accept(&self, question: Question, value: Value) -> bool {
        !self.is_beyond(&value) && self.validator.is_valid(&self.shown(question, value))
    }

    /// Everything there is against `value`, at most `limit` objections; `None` where it is too much to find out.
    pub(crate) fn objections(
        &self,
        question: Question,
        value: Value,
        limit: usize,
    ) -> Option<Vec<Objection>> {
        if !self.reach.is_explained(&value) {
            return None;
        }
        let shown = self.shown(question, value);
        let objection = |error: jsonschema::ValidationError<'_>| {
            let mut path = steps(&shown, error.instance_path().as_str());
            path.drain(..self.depth.min(path.len()));
            Objection { path, keyword: error.kind().keyword().to_owned() }
        };
        Some(self.validator.iter_errors(&shown).take(limit).map(objection).collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn reach() -> Reach {
        Reach { longest: 1, visits: vec![2, 4, 6] }
    }

    fn whole(pointer: &str) -> Judge {
        Judge::Whole(pointer.to_owned())
    }

    #[test]
    fn each_question_is_answered_by_itself_however_many_there_are() {
        for count in [1, 2, WIDTH, WIDTH + 1, WIDTH * WIDTH, WIDTH * WIDTH + 1] {
            let schema =
                json!({ "prefixItems": (0..count).map(|n| json!({ "const": n })).collect::<Vec<_>>() });
            let questions = (0..count).map(|n| (vec![whole(&format!("/prefixItems/{n}"))], Question(n)));
            let judges =
                Judges::new(&schema, Draft::Draft202012, questions.collect(), Reach::default()).unwrap();
            for n in [0, count / 2, count - 1] {
                assert!(judges.accept(Question(n), json!(n)), "{n} of {count}");
                assert!(!judges.accept(Question(n), json!(n + 1)), "{n} of {count}");
            }
        }
    }

    #[test]
    fn objections_are_where_they_are_in_the_value() {
        let schema =
            json!({ "$defs": { "a": { "required": ["0"], "items": { "type": "null" } }, "b": true } });
        let questions =
            [("/$defs/a", 0), ("/$defs/b", 1)].map(|(pointer, n)| (vec![whole(pointer)], Question(n)));
        let judges = Judges::new(&schema, Draft::Draft202012, questions.into(), reach()).unwrap();
        let found = |question, value, limit| -> Vec<(Vec<Step>, String)> {
            let objections = judges.objections(Question(question), value, limit).unwrap();
            objections.into_iter().map(|objection| (objection.path, objection.keyword)).collect()
        };
        assert_eq!(found(0, json!({ "1": 1 }), 9), [(vec![], "required".to_owned())]);
        assert_eq!(found(0, json!([null, 0]), 9), [(vec![Step::Element(1)], "type".to_owned())]);
        assert_eq!(found(0, json!([0, 0, 0]), 2).len(), 2);
        assert_eq!(found(1, json!([0]), 9), []);
    }

    #[test]
    fn a_question_may_be_of_several_parts_and_of_members_alone() {
        let schema = json!({
            "properties": { "a/b": { "type": "null" } }, "patternProperties": { "^c": false }, "additionalProperties": true,
            "required": ["d"], "allOf": [{ "minProperties": 2 }]
        });
        let members = Judge::Members(String::new());
        let questions = [(vec![members, whole("/allOf/0")], Question(0)), (vec![whole("")], Question(1))];
        let judges = Judges::new(&schema, Draft::Draft202012, questions.into(), reach()).unwrap();
        for (value, by_members, by_all) in [
            (json!({ "a/b": null, "e": 1 }), true, false),
            (json!({ "a/b": null, "d": 1 }), true, true),
            (json!({ "a/b": null }), false, false),
            (json!({ "a/b": 1, "d": 1 }), false, false),
            (json!({ "c": null, "d": 1 }), false, false),
        ] {
            assert_eq!(judges.accept(Question(0), value.clone()), by_members, "{value}");
            assert_eq!(judges.accept(Question(1), value.clone()), by_all, "{value}");
        }
    }

    #[test]
    fn what_is_beyond_is_neither_accepted_nor_explained() {
        let judges = |reach: Reach| {
            let questions = HashMap::from([(vec![whole("")], Question(0))]);
            Judges::new(&json!(true), Draft::Draft202012, questions, reach).unwrap()
        };
        let within = judges(reach());
        assert!(
            within.accept(Question(0), json!(1)) && within.objections(Question(0), json!(1), 9).is_some()
        );
        let beyond = judges(Reach { longest: usize::MAX - 1, visits: vec![1, 1] });
        assert!(
            !beyond.accept(Question(0), json!(1)) && beyond.objections(Question(0), json!(1), 9).is_none()
        );
    }
}
