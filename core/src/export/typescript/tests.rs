use crate::action::{ActionDefinition, InputDefinition};
use crate::registry::Registry;
use serde_json::{Value, json};

fn of(definition: ActionDefinition) -> String {
    Registry::builder().without_builtins().action(definition).build().unwrap().typescript()
}

/// The type of an output of this schema.
#[track_caller]
fn output(schema: Value) -> String {
    let definition =
        ActionDefinition::builder("a").output_schema(schema).handler(|_| Ok(Value::Null)).build();
    let declared = of(definition);
    let from = declared.find("AOutput = ").expect("it is a type") + "AOutput = ".len();
    declared[from..].split(";\n").next().unwrap().to_owned()
}

#[test]
fn types_are_written_as_one_would_by_hand() {
    for (schema, written) in [
        (json!(true), "unknown"),
        (json!({ "not": {} }), "never"),
        (json!({ "type": ["string", "null"] }), "string | null"),
        (json!({ "type": ["null", "integer", "number"] }), "number | null"),
        (json!({ "enum": ["a", 1, null, true] }), "\"a\" | 1 | true | null"),
        (
            json!({ "enum": [{ "a": [1, "x"], "b": {} }, null] }),
            "{ a: [1, \"x\"]; b: { [key: string]: never } } | null",
        ),
        (json!({ "type": "array", "items": { "type": ["string", "null"] } }), "(string | null)[]"),
        (json!({ "type": "array" }), "unknown[]"),
        (
            json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 }),
            "[number, number]",
        ),
        (
            json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "type": ["null", "number"] }], "minItems": 1,
                    "items": { "type": "boolean" } }),
            "[string, (number | null)?, ...boolean[]]",
        ),
        (
            json!({ "type": "array", "prefixItems": [{ "type": "string" }], "items": false, "minItems": 1 }),
            "[string]",
        ),
        (json!({ "type": "object" }), "{ [key: string]: unknown }"),
        (
            json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            "{ [key: string]: string }",
        ),
        (json!({ "type": "object", "additionalProperties": false }), "{ [key: string]: never }"),
        (
            json!({ "type": "object", "patternProperties": { "^x": { "type": "string" } }, "additionalProperties": false }),
            "{ [key: string]: string }",
        ),
        (json!({ "anyOf": [{ "type": "string" }, { "minimum": 1 }] }), "unknown"),
        (json!({ "type": "string", "anyOf": [{ "format": "email" }, { "format": "uri" }] }), "string"),
        (json!({ "not": { "type": "string" } }), "unknown"),
        (json!({ "allOf": [{ "type": ["string", "null"] }, { "maxLength": 1 }] }), "string | null"),
    ] {
        assert_eq!(output(schema.clone()), written, "{schema}");
    }
}

#[test]
fn members_and_what_else_there_may_be_agree() {
    let closed = json!({ "type": "object", "properties": { "a": { "type": "string" } }, "additionalProperties": false });
    let one_of = json!({ "oneOf": [closed, { "type": "null" }] });
    assert_eq!(output(one_of), "{ a?: string } | null");
    let open = json!({ "anyOf": [
        { "type": "object", "properties": { "a": { "type": "string" } }, "required": ["a", "b"],
          "additionalProperties": { "type": "number" } },
        { "type": "null" },
    ] });
    assert_eq!(output(open), "{ a: string; b: number; [key: string]: number | string } | null");
}

#[test]
fn a_definition_that_says_nothing_is_unknown() {
    let circle = json!({
        "anyOf": [{ "$ref": "#/$defs/a" }, { "type": "null" }],
        "$defs": { "a": { "anyOf": [{ "$ref": "#/$defs/b" }, { "type": "string" }] }, "b": { "$ref": "#/$defs/a" } },
    });
    let definition =
        ActionDefinition::builder("x").output_schema(circle).handler(|_| Ok(Value::Null)).build();
    let Ok(registry) = Registry::builder().without_builtins().action(definition).build() else { return };
    let declared = registry.typescript();
    assert!(declared.contains("export type A = unknown;\n"), "{declared}");
    assert!(declared.contains("export type B = unknown;\n"), "{declared}");
}

#[test]
fn what_is_equal_is_declared_once_and_what_differs_apart() {
    let node = |value: &str| {
        json!({
            "$ref": "#/$defs/node",
            "$defs": {
                "node": { "type": "object", "properties": { "next": { "$ref": "#/$defs/node" }, "value": { "$ref": "#/$defs/value" } } },
                "value": { "type": value },
            },
        })
    };
    let action = |kind: &str, value: &str| {
        ActionDefinition::builder(kind)
            .input_schema("node", node(value), true)
            .handler(|_| Ok(Value::Null))
            .build()
    };
    let registry = Registry::builder()
        .without_builtins()
        .action(action("a", "string"))
        .action(action("b", "number"))
        .action(action("c", "string"))
        .build()
        .unwrap();
    let declared = registry.typescript();
    let nodes: Vec<&str> = declared.lines().filter(|line| line.contains("node: ")).collect();
    assert_eq!(nodes, ["  node: Node;", "  node: Node2;", "  node: Node;"]);
    assert!(
        declared.contains("export interface Node2 {\n  next?: Node2;\n  value?: Value2;\n"),
        "{declared}"
    );
    assert_eq!(declared.matches("export interface Node").count(), 2);
}

#[test]
fn inputs_may_go_by_old_names() {
    let definition = ActionDefinition::builder("send")
        .alias("mail")
        .input_definition(
            InputDefinition::of::<String>("to").with_alias("recipient").with_description("Who."),
        )
        .input::<Option<bool>>("now")
        .handler(|_| Ok(Value::Null))
        .build();
    let declared = of(definition);
    let written = declared.split("export type SendWrittenInputs =").nth(1).unwrap();
    let written = written.split("export type").next().unwrap();
    insta::assert_snapshot!(written);
}

#[test]
fn what_refers_to_the_whole_differs_where_the_whole_does() {
    let event = |of: &str| {
        json!({
            "type": "object",
            "properties": { "node": { "$ref": "#/$defs/node" }, "x": { "type": of } },
            "$defs": { "node": { "type": "object", "properties": { "event": { "$ref": "#" } }, "additionalProperties": false } },
        })
    };
    let registry =
        Registry::builder().event_schema("a", event("string")).event_schema("b", event("null")).build();
    let declared = registry.unwrap().typescript();
    assert!(declared.contains("export interface Node {\n  event?: AEvent;\n}"), "{declared}");
    assert!(declared.contains("export interface Node2 {\n  event?: BEvent;\n}"), "{declared}");
}
