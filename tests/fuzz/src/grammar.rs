//! Choices as documents, rules and schemas, most of them nearly right.

use crate::actions::{Asked, EVENT_SCHEMA, KINDS, Kind};
use crate::choices::{Choices, NAMES};
use crate::values::{followed, type_of, value};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// How deep refs lead.
const STEPS: usize = 4;

/// A way into a value, as a ref writes it, and the JSON type of what is there, where it has one.
type Way = (String, Option<String>);

/// The ways into the event and into the outputs of each kind.
static WAYS: LazyLock<(Vec<Way>, Vec<Vec<Way>>)> = LazyLock::new(|| {
    let kinds = KINDS.iter().map(|kind| ways(&kind.output)).collect();
    (ways(&EVENT_SCHEMA), kinds)
});

fn ways(schema: &Value) -> Vec<Way> {
    let mut ways = Vec::new();
    collect(schema, schema, String::new(), STEPS, &mut ways);
    ways.push((".nope".to_owned(), None));
    ways
}

fn collect(schema: &Value, root: &Value, way: String, steps: usize, ways: &mut Vec<Way>) {
    let schema = followed(schema, root);
    if steps == 0 {
        return;
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        collect(member, root, format!("{way}['{name}']"), steps - 1, ways);
    }
    for element in
        schema.get("items").into_iter().chain(schema["prefixItems"].as_array().into_iter().flatten())
    {
        collect(element, root, format!("{way}[0]"), steps - 1, ways);
    }
    for branch in ["anyOf", "oneOf"].iter().filter_map(|of| schema[of].as_array()).flatten() {
        collect(branch, root, way.clone(), steps - 1, ways);
    }
    ways.push((way, type_of(schema)));
}

/// What of a document is written already.
struct Written {
    actions: Vec<(String, usize)>,
}

/// A document of a few actions.
pub fn document(choices: &mut Choices) -> Value {
    const IDS: [&str; 7] = ["1", "2", "a", "first name", "é", "it's", "__proto__"];
    let mut written = Written { actions: Vec::new() };
    let (mut actions, mut edges) = (Vec::new(), Vec::new());
    let count = 1 + choices.below(6);
    for own in IDS.iter().take(count) {
        let id = if choices.percent(3) { *choices.pick(&IDS) } else { own };
        let is_if = choices.percent(15);
        let position = choices.below(KINDS.len());
        let kind = &KINDS[position];
        let (name, inputs) = if is_if {
            ("builtin:if", json!({ "condition": written.rule(choices, 3) }))
        } else {
            (kind.name.as_str(), written.inputs(kind, choices))
        };
        actions.push(json!({ "id": id, "kind": name, "inputs": inputs }));
        let ways = 1 + usize::from(choices.percent(30));
        for _ in 0..ways {
            edges.push(written.edge(id, choices));
        }
        written.actions.push((id.to_owned(), if is_if { usize::MAX } else { position }));
    }
    let mut document = json!({ "actions": actions, "edges": edges });
    if choices.percent(20) {
        let id = written.actions[choices.below(count)].0.clone();
        let kind = choices.pick(&KINDS);
        let pointer = format!("/{}", choices.pick(&kind.inputs).0);
        document["metadata"] = json!({ "flowright": { "leave": { id: [pointer] } } });
    }
    if choices.percent(10) {
        spoil(&mut document, choices);
    }
    document
}

impl Written {
    fn inputs(&self, kind: &Kind, choices: &mut Choices) -> Value {
        let mut inputs = Map::new();
        for (name, schema, asked) in &kind.inputs {
            let is_asked = matches!(asked, Asked::Required | Asked::Secret);
            if choices.percent(if is_asked { 97 } else { 50 }) {
                inputs.insert(name.clone(), self.input(schema, schema, choices, 3));
            }
        }
        inputs.into()
    }

    /// A value for an input: a ref to one of its type, text with refs, or a constant whose parts may be such.
    fn input(&self, schema: &Value, root: &Value, choices: &mut Choices, levels: usize) -> Value {
        match choices.below(5) {
            0 | 1 => self.reference(type_of(followed(schema, root)).as_deref(), choices).into(),
            2 => {
                let (before, after) = (choices.text(), choices.text());
                format!("{before}{}{after}", self.reference(None, choices)).into()
            }
            _ => {
                let mut value = value(schema, root, choices, levels);
                if choices.percent(30) {
                    *part(&mut value, choices) = self.reference(None, choices).into();
                }
                value
            }
        }
    }

    /// A ref, mostly to something of a JSON type.
    fn reference(&self, ty: Option<&str>, choices: &mut Choices) -> String {
        let (root, ways) = match choices.below(self.actions.len() * 2 + 2) / 2 {
            0 => ("$.event".to_owned(), Some(&WAYS.0)),
            at => {
                let (id, kind) = &self.actions[at - 1];
                (format!("$.state['{}']", id.replace('\'', "\\'")), WAYS.1.get(*kind))
            }
        };
        let Some(ways) = ways else { return format!("!ref({root}.result)") };
        let fitting: Vec<&Way> = ways.iter().filter(|(_, found)| found.as_deref() == ty).collect();
        let (way, _) = if ty.is_none() || fitting.is_empty() || choices.percent(10) {
            choices.pick(ways)
        } else {
            *choices.pick(&fitting)
        };
        format!("!ref({root}{way})")
    }

    fn edge(&self, to: &str, choices: &mut Choices) -> Value {
        let at = choices.below(self.actions.len() + 1);
        let Some((from, kind)) = at.checked_sub(1).map(|at| &self.actions[at]) else {
            return json!({ "from": "$source", "to": to });
        };
        let mut edge = json!({ "from": from, "to": to });
        if choices.percent(50) {
            let reference = match WAYS.1.get(*kind) {
                _ if choices.percent(30) => self.reference(None, choices),
                Some(ways) => format!("!ref($.output{})", choices.pick(ways).0),
                None => "!ref($.output.result)".to_owned(),
            };
            let test = *choices.pick(&["if", "else", "match", "match"]);
            edge["conditional"] = json!({ "type": test, "ref": reference });
            if test == "match" {
                let values = [
                    json!("yes"),
                    json!("no"),
                    json!(true),
                    json!("circle"),
                    json!(null),
                    json!("paid"),
                    json!(0),
                ];
                edge["conditional"]["value"] =
                    if choices.percent(85) { choices.pick(&values).clone() } else { choices.json(2) };
            }
        }
        edge
    }

    fn rule(&self, choices: &mut Choices, levels: usize) -> Value {
        rule_of(choices, levels, &|choices| match choices.below(3) {
            0 => choices.json(1),
            _ => self.reference(None, choices).into(),
        })
    }
}

/// A rule whose refs lead anywhere.
pub fn rule(choices: &mut Choices) -> Value {
    rule_of(choices, 5, &|choices| match choices.below(6) {
        0 => "!ref($.event)".into(),
        1 => format!("!ref($.event['{}'])", choices.pick(&NAMES).replace('\'', "\\'")).into(),
        2 => format!("{}!ref($.event.a){}", choices.text(), choices.text()).into(),
        3 => {
            json!({ "var": choices.pick(&["", "a", "accumulator", "current", "0", "a.b", "name.1", "item", "index"]) })
        }
        _ => choices.json(2),
    })
}

fn rule_of(choices: &mut Choices, levels: usize, leaf: &dyn Fn(&mut Choices) -> Value) -> Value {
    const OPERATORS: [&str; 34] = [
        "==",
        "===",
        "!=",
        "!==",
        "!",
        "!!",
        "or",
        "and",
        "?:",
        "if",
        "<",
        "<=",
        ">",
        ">=",
        "max",
        "min",
        "+",
        "-",
        "*",
        "/",
        "%",
        "map",
        "filter",
        "reduce",
        "all",
        "some",
        "none",
        "merge",
        "in",
        "cat",
        "substr",
        "missing",
        "missing_some",
        "var",
    ];
    if levels == 0 || choices.percent(30) {
        return leaf(choices);
    }
    let operator = *choices.pick(&OPERATORS);
    let count = if choices.percent(70) { 2 } else { choices.below(5) };
    let arguments: Vec<Value> = (0..count).map(|_| rule_of(choices, levels - 1, leaf)).collect();
    match arguments.as_slice() {
        [alone] if choices.percent(50) => json!({ operator: alone }),
        _ => json!({ operator: arguments }),
    }
}

/// A part of a value, often the whole.
fn part<'v>(value: &'v mut Value, choices: &mut Choices) -> &'v mut Value {
    let count = match &*value {
        Value::Array(elements) => elements.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    };
    let at = choices.below(count + 1);
    if at == count {
        return value;
    }
    match value {
        Value::Array(elements) => part(&mut elements[at], choices),
        Value::Object(members) => part(members.values_mut().nth(at).expect("there are so many"), choices),
        alone => alone,
    }
}

/// Puts something else in a place of a value.
pub fn spoil(value: &mut Value, choices: &mut Choices) {
    let put = choices.json(2);
    *part(value, choices) = put;
}

/// A schema of so many levels.
pub fn schema(choices: &mut Choices, levels: usize) -> Value {
    let mut schema = Map::new();
    for _ in 0..=choices.below(3) {
        keyword(&mut schema, choices, levels);
    }
    if choices.percent(2) { choices.percent(50).into() } else { schema.into() }
}

/// A schema that others of the same shape are made from.
pub fn whole_schema(choices: &mut Choices) -> Value {
    let mut whole = schema(choices, 3);
    if let (Value::Object(members), true) = (&mut whole, choices.percent(30)) {
        members.insert("$defs".to_owned(), json!({ "a": schema(choices, 2), "b": schema(choices, 1) }));
    }
    whole
}

fn keyword(schema: &mut Map<String, Value>, choices: &mut Choices, levels: usize) {
    const TYPES: [&str; 7] = ["string", "integer", "number", "object", "array", "boolean", "null"];
    const PATTERNS: [&str; 9] =
        ["^a", "^[A-Z]{3}$", "a|b", "^(a+)+$", ".", "^x?$", "\\d+", "[^a]", "^(?=a)b"];
    const FORMATS: [&str; 6] = ["email", "date-time", "uri", "uuid", "ipv4", "nope"];
    let mut put = |name: &str, value: Value| drop(schema.insert(name.to_owned(), value));
    let few = |choices: &mut Choices| choices.below(4);
    let inner = levels.saturating_sub(1);
    let choice = choices.below(if levels == 0 { 14 } else { 32 });
    match choice {
        0 | 1 => put("type", (*choices.pick(&TYPES)).into()),
        2 => {
            let types: Vec<Value> = (0..=few(choices)).map(|_| (*choices.pick(&TYPES)).into()).collect();
            put("type", types.into());
        }
        3 => put("const", choices.json(2)),
        4 => put("enum", (0..=few(choices)).map(|_| choices.json(2)).collect()),
        5 => put("minimum", choices.json_number()),
        6 => put("maximum", choices.json_number()),
        7 => put(choices.pick::<&str>(&["exclusiveMinimum", "exclusiveMaximum"]), choices.json_number()),
        8 => put(
            "multipleOf",
            choices.pick(&[json!(1), json!(2), json!(0.5), json!(5), json!(1e-7), json!(3.0)]).clone(),
        ),
        9 => put(
            choices.pick::<&str>(&["minLength", "maxLength", "minItems", "maxItems"]),
            few(choices).into(),
        ),
        10 => put("pattern", (*choices.pick(&PATTERNS)).into()),
        11 => put("format", (*choices.pick(&FORMATS)).into()),
        12 => put("$ref", (*choices.pick(&["#", "#/$defs/a", "#/$defs/b", "#/nope"])).into()),
        13 => put(
            choices.pick::<&str>(&["minProperties", "maxProperties", "minContains", "maxContains"]),
            few(choices).into(),
        ),
        14..=18 => {
            let members: Map<String, Value> = (0..=few(choices))
                .map(|_| ((*choices.pick(&NAMES)).to_owned(), self::schema(choices, inner)))
                .collect();
            if choices.percent(80) {
                let required =
                    members.keys().filter(|_| choices.percent(60)).cloned().map(Value::from).collect();
                put("required", required);
            }
            put("type", "object".into());
            put("properties", members.into());
        }
        19 | 20 => put(
            "additionalProperties",
            if choices.percent(60) { false.into() } else { self::schema(choices, inner) },
        ),
        21 | 22 => {
            put("type", "array".into());
            put("items", if choices.percent(20) { false.into() } else { self::schema(choices, inner) });
        }
        23 => put("prefixItems", (0..=few(choices)).map(|_| self::schema(choices, inner)).collect()),
        24 => put("uniqueItems", choices.percent(70).into()),
        25 => put("contains", self::schema(choices, inner)),
        26 => put("patternProperties", json!({ *choices.pick(&PATTERNS): self::schema(choices, inner) })),
        27 => put("propertyNames", self::schema(choices, inner)),
        28 => put("not", self::schema(choices, inner)),
        29 => {
            put("if", self::schema(choices, inner));
            put("then", self::schema(choices, inner));
            put("else", self::schema(choices, inner));
        }
        _ => {
            let of = *choices.pick(&["anyOf", "oneOf", "allOf"]);
            put(of, (0..=few(choices)).map(|_| self::schema(choices, inner)).collect());
        }
    }
}
