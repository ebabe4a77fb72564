//! Behind a taken edge the tested value is known better.

use crate::draft::{Draft, accepted, refused};
use flowright::{ActionDefinition, Code, Mode, Registry, Severity};
use flowright_tests::actions::ACTIONS;
use serde_json::{Value, json};

/// Takes `value` of this type.
fn takes(kind: &str, schema: Value) -> ActionDefinition {
    ActionDefinition::builder(kind)
        .input_schema("value", schema, true)
        .output_schema(json!({ "type": "null" }))
        .handler(|_| Ok(Value::Null))
        .build()
}

/// In strict mode, so that what is accepted is proven.
fn registry() -> Registry {
    let shape = |kind: &str, member: &str| {
        json!({
            "type": "object",
            "properties": { "kind": { "const": kind }, member: { "type": "number" } },
            "required": ["kind", member],
            "additionalProperties": false,
        })
    };
    let data = json!({
        "type": "object",
        "properties": {
            "name": { "type": ["string", "null"] },
            "nick": { "type": "string" },
            "user": { "anyOf": [{ "type": "object" }, { "type": "null" }] },
            "flag": { "type": "boolean" },
            "count": { "type": "integer" },
            "visits": { "type": "integer", "minimum": 0 },
            "mode": { "enum": ["on", "off", "auto"] },
            "shape": { "oneOf": [shape("circle", "radius"), shape("square", "side")] },
        },
        "required": ["name", "user", "flag", "count", "visits", "mode", "shape"],
        "additionalProperties": false,
    });
    let event = json!({ "type": "object", "properties": { "data": data }, "required": ["data"] });
    let builder = Registry::builder().actions(ACTIONS).mode(Mode::Strict).event_schema("go", event);
    let own = [
        takes("text", json!({ "type": "string" })),
        takes("some-text", json!({ "type": "string", "minLength": 1 })),
        takes("null", json!({ "type": "null" })),
        takes("on", json!({ "const": "on" })),
        takes("not-on", json!({ "enum": ["off", "auto"] })),
        takes("true", json!({ "const": true })),
        takes("false", json!({ "const": false })),
        takes("zero", json!({ "const": 0 })),
        takes("not-zero", json!({ "type": "integer", "minimum": 1 })),
        takes("number", json!({ "type": "number" })),
    ];
    builder.actions(own).build().expect("it is right")
}

/// An action that takes what a ref leads to.
fn taking(kind: &str, reference: &str) -> Draft {
    Draft::new().action("n", kind, json!({ "value": reference }))
}

#[track_caller]
fn is_proven(draft: &Draft) {
    accepted(registry().check(draft.text()));
}

/// Refused for `n`'s value alone.
#[track_caller]
fn is_refused(draft: &Draft, code: Code) {
    let report = refused(registry().check(draft.text()));
    let errors: Vec<_> = report.iter().filter(|found| found.severity() == Severity::Error).collect();
    assert_eq!(errors.len(), 1, "{report}");
    assert_eq!(
        (errors[0].code(), errors[0].pointer().as_str()),
        (code, "/actions/0/inputs/value"),
        "{report}"
    );
}

const NAME: &str = "!ref($.event.data.name)";
const NICK: &str = "!ref($.event.data.nick)";
const USER: &str = "!ref($.event.data.user)";
const FLAG: &str = "!ref($.event.data.flag)";
const COUNT: &str = "!ref($.event.data.count)";
const VISITS: &str = "!ref($.event.data.visits)";
const MODE: &str = "!ref($.event.data.mode)";
const KIND: &str = "!ref($.event.data.shape.kind)";
const RADIUS: &str = "!ref($.event.data.shape.radius)";

#[test]
fn without_a_condition_nothing_is_known_better() {
    is_refused(&taking("text", NAME).start("n"), Code::MayBeNull);
    is_refused(&taking("text", NICK).start("n"), Code::MayBeAbsent);
    is_refused(&taking("not-zero", VISITS).start("n"), Code::CheckedAtRunTime);
}

#[test]
fn an_if_removes_null_absent_false_zero_and_the_empty_text() {
    is_proven(&taking("text", NAME).when("$source", "n", NAME));
    is_proven(&taking("some-text", NAME).when("$source", "n", NAME));
    is_proven(&taking("text", NICK).when("$source", "n", NICK));
    is_proven(&taking("true", FLAG).when("$source", "n", FLAG));
    is_proven(&taking("not-zero", VISITS).when("$source", "n", VISITS));
}

#[test]
fn an_else_keeps_nothing_else() {
    is_proven(&taking("null", USER).otherwise("$source", "n", USER));
    is_proven(&taking("false", FLAG).otherwise("$source", "n", FLAG));
    is_proven(&taking("zero", COUNT).otherwise("$source", "n", COUNT));
    is_refused(&taking("text", NAME).otherwise("$source", "n", NAME), Code::MayBeNull);
}

#[test]
fn a_match_fixes_the_value() {
    is_proven(&taking("on", MODE).matching("$source", "n", MODE, "on"));
    is_proven(&taking("null", NAME).matching("$source", "n", NAME, Value::Null));
    is_proven(&taking("text", NAME).matching("$source", "n", NAME, "Ada"));
}

#[test]
fn a_match_on_the_tag_picks_the_branch() {
    is_refused(&taking("number", RADIUS).start("n"), Code::MayBeAbsent);
    is_proven(&taking("number", RADIUS).matching("$source", "n", KIND, "circle"));
}

/// `n` behind an edge that tests the result of a rule.
fn behind(draft: Draft, rule: Value) -> Draft {
    draft.rule("r", rule).start("r").when("r", "n", "!ref($.output.result)")
}

#[test]
fn rules_narrow_where_their_result_is_what_the_edge_tests() {
    for rule in [
        json!({ "!!": [NAME] }),
        json!({ "!!": NAME }),
        json!({ "!=": [NAME, null] }),
        json!({ "!==": [NAME, null] }),
        json!({ "and": [FLAG, { "!!": [NAME] }] }),
        json!({ "!": [{ "===": [NAME, null] }] }),
        json!({ "!": [{ "!": [NAME] }] }),
        json!({ "===": [NAME, "Ada"] }),
    ] {
        is_proven(&behind(taking("text", NAME), rule));
    }
    is_proven(&behind(taking("on", MODE), json!({ "==": [MODE, "on"] })));
    is_proven(&behind(taking("not-on", MODE), json!({ "!==": [MODE, "on"] })));
    is_proven(&behind(taking("number", RADIUS), json!({ "===": [KIND, "circle"] })));
}

#[test]
fn an_else_on_a_result_narrows_the_other_way() {
    let draft = taking("text", NAME).rule("r", json!({ "===": [NAME, null] })).start("r");
    is_proven(&draft.otherwise("r", "n", "!ref($.output.result)"));
}

#[test]
fn what_a_rule_does_not_say_is_not_known() {
    is_refused(&behind(taking("text", NAME), json!({ "or": [FLAG, { "!!": [NAME] }] })), Code::MayBeNull);
    is_refused(&behind(taking("text", NAME), json!({ "!": [NAME] })), Code::MayBeNull);
    let draft = taking("text", NAME).rule("r", json!({ "!!": [NAME] })).start("r").edge("r", "n");
    is_refused(&draft, Code::MayBeNull);
}

#[test]
fn narrowing_holds_further_on_and_is_lost_at_a_join_that_is_reached_without_it() {
    let draft = || taking("text", NAME).echo("a", 1).echo("b", 1).start("b");
    is_proven(&draft().when("$source", "a", NAME).edge("a", "n"));
    is_refused(&draft().when("$source", "a", NAME).edge("a", "n").edge("b", "n"), Code::MayBeNull);
    let both = draft().when("$source", "a", NAME).when("b", "n", NAME);
    is_proven(&both.edge("a", "n"));
}

#[test]
fn a_match_that_the_type_excludes_is_an_error() {
    let draft = Draft::new().echo("1", 1).matching("$source", "1", MODE, "onn");
    let report = refused(registry().check(draft.text()));
    let [error] = report.diagnostics() else { panic!("{report}") };
    assert_eq!((error.code(), error.severity()), (Code::ImpossibleMatch, Severity::Error));
    assert_eq!(error.pointer().as_str(), "/edges/0/conditional/value");
    assert!(report.to_string().contains("`\"on\"`"), "the nearest is named: {report}");
}

#[test]
fn a_match_group_that_misses_a_value_is_a_hint() {
    let group = |values: &[&str]| {
        let draft = Draft::new().echo("p", 1).echo("1", 1).start("p");
        let draft = values.iter().fold(draft, |draft, value| draft.matching("p", "1", MODE, *value));
        let workflow = accepted(registry().check(draft.text()));
        workflow.report().iter().map(|found| (found.code(), found.severity())).collect::<Vec<_>>()
    };
    assert_eq!(group(&["on", "off"]), [(Code::IncompleteMatch, Severity::Hint)]);
    assert_eq!(group(&["on", "off", "auto"]), []);
}

#[test]
fn a_condition_that_cannot_vary_is_a_hint() {
    for draft in [
        Draft::new().echo("1", 1).when("$source", "1", "!ref($.event.data.shape)"),
        Draft::new().echo("0", 1).echo("1", 1).when("$source", "0", FLAG).when("0", "1", FLAG),
    ] {
        let workflow = accepted(registry().check(draft.text()));
        let listed: Vec<_> = workflow.report().iter().map(|found| (found.code(), found.severity())).collect();
        assert_eq!(listed, [(Code::ConstantCondition, Severity::Hint)], "{}", workflow.report());
    }
}
