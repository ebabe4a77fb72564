//! Declarations for TypeScript, and documents held against them by its compiler.

use flowright::prelude::*;
use flowright::{ActionDefinition, Mode};
use flowright_tests::node::Package;
use flowright_tests::{actions, awkward, errors, typed};
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Programs that use a registry's declarations.
struct Program {
    folder: PathBuf,
    text: String,
    /// The lines of each value, from 1 on.
    lines: Vec<Range<usize>>,
}

impl Program {
    /// In `target/typescript/<name>`.
    fn new(name: &str, registry: &Registry) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../typescript").join(name);
        fs::create_dir_all(&folder).expect("the target folder is writable");
        fs::write(folder.join("registry.d.ts"), registry.typescript()).expect("it is writable");
        let imported =
            "import type { ActionInputs, ActionOutputs, Events, Workflow, Written } from \"./registry\";\n";
        Program { folder, text: imported.to_owned(), lines: Vec::new() }
    }

    /// Adds a value, in JSON, of a type.
    fn add(&mut self, ty: &str, value: &str) {
        let first = self.text.matches('\n').count() + 1;
        let _ = writeln!(self.text, "export const value{}: {ty} = {value};", self.lines.len());
        self.lines.push(first..self.text.matches('\n').count() + 1);
    }

    /// What the compiler has against each of the values; it has nothing against the declarations.
    #[track_caller]
    fn refused(&self, options: &[&str]) -> Vec<Option<String>> {
        fs::write(self.folder.join("program.ts"), &self.text).expect("it is writable");
        let input = json!({ "folder": self.folder, "options": options });
        let printed = Package::at("tests/typescript").run("compile.js", &[], &input.to_string());
        let found: Vec<Value> = serde_json::from_str(&printed).expect("it prints JSON");
        let mut refused = vec![None; self.lines.len()];
        for fault in found {
            let line = usize::try_from(fault["line"].as_u64().expect("a line")).expect("it is small");
            let value = self.lines.iter().position(|lines| lines.contains(&line));
            let value = value.filter(|_| fault["file"] == "program.ts");
            let value = value.unwrap_or_else(|| panic!("{fault:#}"));
            refused[value].get_or_insert_with(|| fault["message"].as_str().expect("a message").to_owned());
        }
        refused
    }

    #[track_caller]
    fn accepted(&self, options: &[&str]) {
        let lines: Vec<&str> = self.text.lines().collect();
        for (refused, range) in self.refused(options).into_iter().zip(&self.lines) {
            let shown = || lines[range.start - 1..range.end - 1].join("\n");
            assert!(refused.is_none(), "{}\n{}", shown(), refused.unwrap_or_default());
        }
    }
}

const STRICT: &[&str] = &["--strict"];
const STRICTEST: &[&str] = &["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];

/// A chain of actions of these kinds with these inputs.
fn chain(actions: &[(&str, Value)]) -> Value {
    let ids: Vec<String> = (1..=actions.len()).map(|id| id.to_string()).collect();
    let from = std::iter::once("$source").chain(ids.iter().map(String::as_str));
    let edges: Value = from.zip(&ids).map(|(from, to)| json!({ "from": from, "to": to })).collect();
    let actions: Value = ids
        .iter()
        .zip(actions)
        .map(|(id, (kind, inputs))| json!({ "id": id, "kind": kind, "inputs": inputs }))
        .collect();
    json!({ "actions": actions, "edges": edges })
}

/// A document with one action.
fn one(kind: &str, inputs: &Value) -> Value {
    chain(&[(kind, inputs.clone())])
}

/// A workflow of every awkward action.
fn every_awkward_action() -> Value {
    let actions = [
        ("choose_plan", json!({ "plan": "team", "seats": null })),
        (
            "route",
            json!({ "channel": { "kind": "text_message", "number": "!ref($.event.data.name)" }, "key": 7, "text": "Hello !ref($.event.data.name)" }),
        ),
        ("route", json!({ "channel": { "kind": "mail", "street": "x" }, "key": "a", "text": "x" })),
        ("route", json!({ "channel": "!ref($.state.3)", "key": "a", "text": "x" })),
        (
            "integers",
            json!({ "a": 1, "b": -1, "c": 1, "d": 1, "e": "!ref($.state.1.seats)", "f": 1, "g": 18_446_744_073_709_551_615_u64, "h": 1, "i": 1 }),
        ),
        (
            "tree",
            json!({ "root": { "label": "a", "children": [{ "label": "!ref($.event.data.name)" }], "next": { "label": "b", "next": null } } }),
        ),
        ("tree", json!({ "root": "!ref($.state.6.root)", "other": null })),
        (
            "labels",
            json!({ "labels": { "a": "b !ref($.event.data.name)", "__proto__": "c" }, "scores": { "x": [1, 2.5] }, "extra": [{ "any": "thing" }] }),
        ),
        (
            "contact",
            json!({ "name": "x", "email": "a@example.org", "address": { "street": "x", "city": "!ref($.event.data.name)" }, "code": "AB1" }),
        ),
        (
            "schedule",
            json!({ "at": "2026-01-01T00:00:00Z", "window": [8, 17], "days": ["Monday", "Sunday"] }),
        ),
        ("weigh", json!({ "weight": 1.5, "round": true, "others": [1, null] })),
        ("weird/kind:with.all-signs", json!({ "weird-name": "x", "two words": "y" })),
        ("weird/kind:with.all-signs", json!({ "weird-name": "x", "constructor": false })),
        ("grüße", json!({ "名前": "x", "wie_oft": 2 })),
        ("secret_call", json!({ "token": "x", "url": "https://example.org" })),
        ("old_ways", json!({ "what": "x", "how": "y" })),
        ("older_ways", json!({ "thing": "x" })),
        ("nothing", json!({})),
        ("builtin:if", json!({ "condition": { "==": ["!ref($.event.data.plan)", "team"] } })),
    ];
    let mut document = chain(&actions);
    document["name"] = "Everything".into();
    document["metadata"] = json!({ "flowright": { "leave": { "1": ["/plan"] } }, "anything": 1 });
    let edges = document["edges"].as_array_mut().expect("edges");
    let last = actions.len().to_string();
    edges.push(json!({ "from": last, "to": "end", "name": "Yes", "conditional": { "type": "if", "ref": "!ref($.output.result)" } }));
    edges.push(json!({ "from": "1", "to": "free", "conditional": { "type": "match", "ref": "!ref($.output.plan)", "value": "free" } }));
    let ends = document["actions"].as_array_mut().expect("actions");
    ends.push(json!({ "id": "end", "kind": "nothing", "name": "End", "description": "Without inputs." }));
    ends.push(json!({ "id": "free", "kind": "nothing" }));
    document
}

#[test]
fn the_declarations_of_a_registry_stand_in_a_file() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("typescript/awkward.d.ts");
    let now = awkward::registry().typescript();
    if std::env::var_os("FLOWRIGHT_BLESS").is_some() {
        fs::write(&golden, &now).expect("it is writable");
    }
    let known = fs::read_to_string(&golden).unwrap_or_default();
    assert!(
        known == now,
        "run with FLOWRIGHT_BLESS=1, and read what changes in {}:\n{now}",
        golden.display()
    );
}

#[test]
fn an_exported_registry_gives_the_same_declarations() {
    for registry in [awkward::registry(), errors::registry(), golden_registry(&Value::Null)] {
        let elsewhere = Registry::from_exported(&registry.exported()).expect("it is read back");
        assert_eq!(elsewhere.typescript(), registry.typescript());
    }
}

#[test]
fn a_workflow_of_every_action_compiles() {
    let registry = awkward::registry();
    let document = every_awkward_action();
    registry.check_for("user.signed_up", &*document.to_string()).unwrap_or_else(|report| panic!("{report}"));
    let mut program = Program::new("awkward", &registry);
    program.add("Workflow", &document.to_string());
    let event = json!({ "name": "user.signed_up", "data": { "name": "Ada", "email": "a@example.org", "plan": "free", "age": null } });
    program.add("Events[\"user.signed_up\"]", &event.to_string());
    let order = json!({ "name": "order.placed", "data": { "total": 1, "lines": ["x"] }, "id": "7" });
    program.add("Events[\"order.placed\"]", &order.to_string());
    program.accepted(STRICT);
    program.accepted(STRICTEST);
}

/// The registry of `tests/check`.
fn golden_registry(with: &Value) -> Registry {
    let shout = ActionDefinition::builder("shout")
        .input::<String>("text")
        .deprecated("use `upper`")
        .handler(|call| call.input::<String>("text").map(Value::from))
        .build();
    let mut builder = Registry::builder().actions(actions::ACTIONS).actions(typed::ACTIONS).action(shout);
    if with["mode"] == "lenient" {
        builder = builder.mode(Mode::Lenient);
    }
    if let Some(schema) = with.get("event_schema") {
        builder = builder.event_schema("event", schema.clone());
    }
    builder.build().expect("it is right")
}

#[test]
fn documents_that_are_right_compile() {
    let mut program = Program::new("golden", &golden_registry(&Value::Null));
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("check/ok")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("it is readable").path();
            let name = path.file_name().expect("it has a name").to_string_lossy();
            if path.is_dir() {
                open.push(path);
            } else if name.ends_with(".jsonc") || (name.ends_with(".json") && !name.ends_with(".with.json")) {
                program.add("Workflow", fs::read_to_string(&path).expect("it is readable").trim());
            }
        }
    }
    assert!(program.lines.len() > 50, "{}", program.lines.len());
    program.accepted(STRICT);
}

/// What is wrong with it, and the document.
fn wrong() -> Vec<(&'static str, Value)> {
    let action = |kind: &str, inputs: Value| one(kind, &inputs);
    let with = |pointer: &str, value: Value| {
        let mut document = one("nothing", &json!({}));
        let (owner, name) = pointer.rsplit_once('/').expect("a member");
        document.pointer_mut(owner).expect("it is there")[name] = value;
        document
    };
    let without = |owner: &str, name: &str| {
        let mut document = one("nothing", &json!({}));
        document.pointer_mut(owner).expect("it is there").as_object_mut().expect("an object").remove(name);
        document
    };
    let route = |channel: Value| action("route", json!({ "channel": channel, "key": 1, "text": "x" }));
    let tree = |root: Value| action("tree", json!({ "root": root }));
    vec![
        ("unknown kind", action("nothign", json!({}))),
        ("missing input", action("secret_call", json!({ "token": "x" }))),
        ("an action without a kind", without("/actions/0", "kind")),
        ("wrong type of an input", action("weigh", json!({ "weight": "heavy", "round": true }))),
        ("a number as text", action("weigh", json!({ "weight": "7", "round": true }))),
        ("text for a boolean", action("weigh", json!({ "weight": 7, "round": "true" }))),
        ("unknown input", action("weigh", json!({ "weight": 7, "round": true, "wieght": 8 }))),
        ("an input of an action that takes none", action("nothing", json!({ "x": 1 }))),
        ("a value that is none of the list", action("choose_plan", json!({ "plan": "gratis" }))),
        ("an unknown tag", route(json!({ "kind": "fax", "number": "1" }))),
        ("a tag without its members", route(json!({ "kind": "text_message" }))),
        ("a tag with the members of another", route(json!({ "kind": "mail", "number": "1" }))),
        (
            "no branch of a union",
            action("route", json!({ "channel": { "kind": "none" }, "key": true, "text": "x" })),
        ),
        ("null where something is required", action("weigh", json!({ "weight": null, "round": true }))),
        (
            "a value deep in a tree",
            tree(json!({ "label": "a", "children": [{ "label": "b", "children": [{ "label": 7 }] }] })),
        ),
        ("a misspelt member", tree(json!({ "lable": "a" }))),
        (
            "an element of a list",
            action("schedule", json!({ "at": "2026-01-01T00:00:00Z", "days": ["Monday", "Caturday"] })),
        ),
        (
            "a tuple that is too short",
            action("schedule", json!({ "at": "2026-01-01T00:00:00Z", "window": [1] })),
        ),
        (
            "a tuple that is too long",
            action("schedule", json!({ "at": "2026-01-01T00:00:00Z", "window": [1, 2, 3] })),
        ),
        ("a value of a map", action("labels", json!({ "labels": { "a": 1 } }))),
        ("a map that is a list", action("labels", json!({ "labels": ["a"] }))),
        (
            "a member that JavaScript has",
            action("weird/kind:with.all-signs", json!({ "weird-name": "x", "constructor": "x" })),
        ),
        ("an input under both of its names", action("old_ways", json!({ "what": "x", "thing": "x" }))),
        ("an input under none of its names", action("old_ways", json!({ "how": "x" }))),
        ("a ref in place of all inputs", with("/actions/0/inputs", json!("!ref($.event.data)"))),
        ("an id that is a number", with("/actions/0/id", json!(1))),
        ("an action without an id", without("/actions/0", "id")),
        ("an edge without an end", without("/edges/0", "to")),
        ("an end that is a number", with("/edges/0/to", json!(1))),
        ("a condition that is a text", with("/edges/0/conditional", json!("!ref($.event.name)"))),
        (
            "a condition of an unknown type",
            with("/edges/0/conditional", json!({ "type": "unless", "ref": "!ref($.event.name)" })),
        ),
        ("a condition without a ref", with("/edges/0/conditional", json!({ "type": "if" }))),
        (
            "a condition on what is no ref",
            with("/edges/0/conditional", json!({ "type": "if", "ref": "$.event.name" })),
        ),
        (
            "a match without a value",
            with("/edges/0/conditional", json!({ "type": "match", "ref": "!ref($.event.name)" })),
        ),
        ("a workflow without edges", without("", "edges")),
        ("a workflow without actions", without("", "actions")),
    ]
}

#[test]
fn documents_that_are_wrong_do_not_compile() {
    let registry = awkward::registry();
    let mut program = Program::new("wrong", &registry);
    for (what, document) in wrong() {
        assert!(registry.check(&*document.to_string()).is_err(), "{what} is right");
        program.add("Workflow", &document.to_string());
    }
    for ((what, _), refused) in wrong().into_iter().zip(program.refused(STRICT)) {
        assert!(refused.is_some(), "{what} compiles");
    }
}

#[test]
fn the_shop_is_declared_too() {
    let registry = errors::registry();
    let email = |inputs: Value| {
        chain(&[("find_customer", json!({ "email": "!ref($.event.data.email)" })), ("send_email", inputs)])
    };
    let right = email(
        json!({ "to": "!ref($.event.data.email)", "subject": "Hi !ref($.state.1.name)", "text": null }),
    );
    registry.check(&*right.to_string()).unwrap_or_else(|report| panic!("{report}"));
    let mut program = Program::new("shop", &registry);
    program.add("Workflow", &right.to_string());
    for inputs in [
        json!({ "to": "a@example.org" }),
        json!({ "to": "a@example.org", "subject": 7 }),
        json!({ "to": "a@example.org", "subject": "x", "body": "y" }),
    ] {
        assert!(registry.check(&*email(inputs.clone()).to_string()).is_err());
        program.add("Workflow", &email(inputs).to_string());
    }
    program.add("Workflow", &one("give_discount", &json!({ "plan": "free", "percent": 5 })).to_string());
    program.add("ActionOutputs[\"find_customer\"][\"plan\"]", "\"gold\"");
    let refused: Vec<bool> = program.refused(STRICT).iter().map(Option::is_some).collect();
    assert_eq!(refused, [false, true, true, true, true, true]);
}

/// The value with refs in place of some of its parts.
fn with_refs(value: &Value, random: &mut impl Rng) -> Value {
    if random.random_ratio(1, 4) {
        return "!ref($.event.data.x)".into();
    }
    match value {
        Value::Array(elements) => elements.iter().map(|element| with_refs(element, random)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), with_refs(value, random))).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn values_of_the_schemas_are_of_the_types() {
    for (name, registry) in
        [("random-awkward", awkward::registry()), ("random-golden", golden_registry(&Value::Null))]
    {
        let mut random = StdRng::seed_from_u64(7);
        let mut program = Program::new(name, &registry);
        for definition in registry.definitions() {
            let kind = Value::from(definition.kind());
            for _ in 0..30 {
                if let Ok(inputs) = noson::generate(&definition.inputs_schema(), &mut random) {
                    program.add(&format!("ActionInputs[{kind}]"), &inputs.to_string());
                    let members = inputs.as_object().into_iter().flatten();
                    let inputs: Map<String, Value> =
                        members.map(|(name, value)| (name.clone(), with_refs(value, &mut random))).collect();
                    program
                        .add(&format!("Written<ActionInputs[{kind}]>"), &Value::Object(inputs).to_string());
                }
                if let Ok(output) = noson::generate(&definition.output_schema(), &mut random) {
                    program.add(&format!("ActionOutputs[{kind}]"), &output.to_string());
                }
            }
        }
        assert!(program.lines.len() > 500, "{}", program.lines.len());
        program.accepted(STRICT);
    }
}

/// Schemas as people write them, and some that nobody should.
fn odd_schemas() -> Vec<Value> {
    vec![
        json!({ "type": "object", "properties": { "kind": { "type": "string" } }, "required": ["kind"], "oneOf": [
            { "properties": { "kind": { "const": "a" }, "x": { "type": "string" } }, "required": ["x"] },
            { "properties": { "kind": { "const": "b" }, "y": { "type": "number" } }, "required": ["y"] },
        ] }),
        json!({ "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "null" } }, "required": ["a", "c"],
            "additionalProperties": { "type": "integer" } }),
        json!({ "type": "object", "properties": { "a": true }, "patternProperties": { "^x": { "type": "string" }, "^y": { "type": "number" } },
            "additionalProperties": false }),
        json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "type": ["null", "boolean"] }], "items": { "type": "number" } }),
        json!({ "allOf": [{ "$ref": "#/$defs/Ref" }, { "type": "object", "properties": { "more": { "$ref": "#/$defs/*~1%20evil" } } }],
            "$defs": {
                "Ref": { "type": "object", "properties": { "a": { "type": "string", "description": "*/ export const x = 1; /* `${x}`" } }, "required": ["a"] },
                "*/ evil": { "enum": ["\"quoted\"", "line\nbreak", "\u{2028}", "${x}", "\\", 1.5, -7, true, null] },
            } }),
        json!({ "anyOf": [{ "$ref": "#/$defs/Workflow" }, { "$ref": "#/$defs/workflow" }, { "type": "null" }],
            "$defs": { "Workflow": { "type": "array", "items": { "$ref": "#/$defs/workflow" } }, "workflow": { "type": "object", "maxProperties": 0 } } }),
        json!({ "type": "object", "additionalProperties": { "$ref": "#" } }),
        json!({ "$ref": "#/$defs/json", "$defs": { "json": { "anyOf": [
            { "type": ["null", "boolean", "number", "string"] },
            { "type": "array", "items": { "$ref": "#/$defs/json" } },
            { "type": "object", "additionalProperties": { "$ref": "#/$defs/json" } },
        ] } } }),
        json!({ "properties": { "toString": { "type": "string" }, "valueOf": { "type": "number" }, "hasOwnProperty": { "type": "boolean" } }, "type": "object" }),
        json!({ "minimum": 3 }),
        json!({ "properties": { "a": { "type": "string" } } }),
        json!({ "type": "object", "properties": { "a-b": { "type": "string" }, "1": { "type": "number" }, "": { "type": "null" }, "class": { "type": "boolean" } },
            "required": ["a-b", "1", "", "class"], "additionalProperties": false }),
        json!({ "type": ["object", "array", "string"], "properties": { "a": { "type": "string" } }, "items": { "type": "number" } }),
        json!({ "not": { "type": "string" } }),
        json!({ "if": { "type": "string" }, "then": { "minLength": 2 }, "else": { "type": "number" } }),
        json!({ "const": { "a": [1, { "b": null }], "c": {} } }),
        json!({ "oneOf": [{ "const": "on", "description": "Works." }, { "const": "off" }], "description": "One line.\n\nAnother */ one." }),
    ]
}

#[test]
fn odd_schemas_have_types_that_take_all_their_values() {
    let mut builder = Registry::builder().without_builtins();
    let odd = |kind: String, schema: Value| {
        ActionDefinition::builder(kind).input_schema("value", schema.clone(), true).output_schema(schema)
    };
    for (at, schema) in odd_schemas().into_iter().enumerate() {
        builder = builder.action(odd(format!("odd.{at}"), schema).handler(|_| Ok(Value::Null)).build());
    }
    // Names that are no names, and some that are the same.
    for kind in ["odd_0", "odd/0", "1", "名前", "workflow", "object", "class"] {
        let of_itself = json!({ "anyOf": [{ "$ref": "#/$defs/b" }, { "type": "string" }], "$defs": { "b": { "$ref": "#/$defs/b" } } });
        builder = builder.action(odd(kind.to_owned(), of_itself).handler(|_| Ok(Value::Null)).build());
    }
    let registry =
        builder.event_schema("workflow", json!({ "type": "object" })).build().expect("it is right");
    let mut random = StdRng::seed_from_u64(7);
    let mut program = Program::new("odd", &registry);
    for (at, schema) in odd_schemas().into_iter().enumerate() {
        let validator = jsonschema::validator_for(&schema).expect("it is a schema");
        let mut values: Vec<Value> =
            (0..20).filter_map(|_| noson::generate(&schema, &mut random).ok()).collect();
        values.extend([
            json!(null),
            json!("x"),
            json!(7),
            json!([1]),
            json!({}),
            json!({ "a": "b" }),
            json!(["x"]),
        ]);
        values.extend([
            json!({ "kind": "a", "x": "y" }),
            json!({ "kind": "b", "y": 1 }),
            json!({ "a": "x", "c": 1, "d": 2 }),
        ]);
        values.extend([
            json!(["x", true, 1, 2]),
            json!({ "a": "x", "more": "\u{2028}" }),
            json!({ "a": { "b": {} } }),
        ]);
        values.retain(|value| validator.is_valid(value));
        assert!(!values.is_empty(), "{schema}");
        for value in values {
            program.add(&format!("ActionOutputs[\"odd.{at}\"]"), &value.to_string());
            program.add(&format!("ActionInputs[\"odd.{at}\"]"), &json!({ "value": value }).to_string());
            let written = json!({ "value": with_refs(&value, &mut random) });
            program.add(&format!("Written<ActionInputs[\"odd.{at}\"]>"), &written.to_string());
        }
    }
    program.accepted(STRICT);
}
