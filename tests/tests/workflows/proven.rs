//! What is proven of a value that holds refs, what is refused, and what is left to run time.

use crate::draft::{Draft, accepted, calls, codes, engine, refused, run};
use flowright::prelude::*;
use flowright::{
    CheckedWorkflow, Code, Diagnostic, InputDefinition, Level, Mode, Pointer, Registry, Report, Severity,
};
use flowright_tests::{actions, typed};
use serde_json::{Value, json};

/// What there is to refer to: an event of many types.
fn event() -> Value {
    json!({
        "type": "object",
        "properties": {
            "text": { "type": "string" },
            "short": { "type": "string", "minLength": 1, "maxLength": 3 },
            "number": { "type": "number" },
            "count": { "type": "integer", "minimum": 0 },
            "flag": { "type": "boolean" },
            "list": { "type": "array", "items": { "type": "string" } },
            "nullable": { "type": ["string", "null"] },
            "either": { "type": ["string", "integer"] },
            "optional": { "type": "string" },
            "optional_count": { "type": "integer" },
            "kind": { "enum": ["a", "b"] },
            "user": {
                "type": "object",
                "properties": { "name": { "type": ["string", "null"] } },
                "required": ["name"],
            },
            "any": true,
            "anys": { "type": "array" },
            "nothing": { "type": "null" },
        },
        "required": [
            "text", "short", "number", "count", "flag", "list", "nullable", "either", "kind", "user", "any", "anys",
            "nothing",
        ],
        "additionalProperties": false,
    })
}

struct Setting {
    mode: Mode,
    levels: Vec<(Code, Level)>,
    leave: Value,
}

impl Default for Setting {
    fn default() -> Self {
        Setting { mode: Mode::Default, levels: Vec::new(), leave: Value::Null }
    }
}

impl Setting {
    fn mode(mode: Mode) -> Self {
        Setting { mode, ..Setting::default() }
    }

    fn leave(pointers: &[&str]) -> Self {
        Setting { leave: json!({ "1": pointers }), ..Setting::default() }
    }

    /// An action `plug` with one input `p` of this schema.
    fn registry(&self, schema: &Value, required: bool) -> Registry {
        let plug = ActionDefinition::builder("plug")
            .input_schema("p", schema.clone(), required)
            .handler(|call| call.inputs())
            .build();
        let mut builder = Registry::builder()
            .actions(actions::ACTIONS)
            .actions(typed::ACTIONS)
            .action(plug)
            .event_schema("event", event())
            .mode(self.mode);
        for (code, level) in &self.levels {
            builder = builder.lint(*code, *level);
        }
        builder.build().expect("it is right")
    }

    fn text(&self, kind: &str, inputs: &Value) -> String {
        let mut document: Value =
            serde_json::from_str(&Draft::new().action("1", kind, inputs.clone()).start("1").text())
                .expect("it is JSON");
        if !self.leave.is_null() {
            document["metadata"] = json!({ "flowright": { "leave": self.leave } });
        }
        document.to_string()
    }

    fn check(&self, kind: &str, inputs: &Value) -> Result<CheckedWorkflow, Report> {
        self.registry(&json!(true), true).check(self.text(kind, inputs))
    }

    /// One value plugged in where a type is required.
    fn plug(&self, schema: &Value, value: &Value) -> Result<CheckedWorkflow, Report> {
        self.registry(schema, true).check(self.text("plug", &json!({ "p": value })))
    }
}

fn report(checked: &Result<CheckedWorkflow, Report>) -> &Report {
    match checked {
        Ok(workflow) => workflow.report(),
        Err(report) => report,
    }
}

fn left(report: &Report) -> Vec<&str> {
    report.left_to_run_time().iter().map(Pointer::as_str).collect()
}

/// Nothing is said, and nothing is left.
#[track_caller]
fn is_proven(schema: &Value, value: &Value) {
    let workflow = accepted(Setting::default().plug(schema, value));
    assert!(workflow.report().is_empty(), "{}", workflow.report());
    assert!(left(workflow.report()).is_empty(), "{value} into {schema}: {:?}", left(workflow.report()));
}

/// Nothing is said, and these are left.
#[track_caller]
fn is_left(schema: &Value, value: &Value, pointers: &[&str]) {
    let workflow = accepted(Setting::default().plug(schema, value));
    assert!(workflow.report().is_empty(), "{}", workflow.report());
    assert_eq!(left(workflow.report()), pointers, "{value} into {schema}");
}

/// These are hints, and left.
#[track_caller]
fn is_refined(schema: &Value, value: &Value, pointers: &[&str]) {
    let workflow = accepted(Setting::default().plug(schema, value));
    let hints: Vec<(Code, String)> =
        pointers.iter().map(|pointer| (Code::CheckedAtRunTime, (*pointer).to_owned())).collect();
    assert_eq!(codes(workflow.report()), hints, "{value} into {schema}");
    assert!(workflow.report().iter().all(|found| found.severity() == Severity::Hint));
    assert_eq!(left(workflow.report()), pointers, "{value} into {schema}");
}

#[track_caller]
fn is_refused(schema: &Value, value: &Value, code: Code, pointer: &str) {
    let report = refused(Setting::default().plug(schema, value));
    assert_eq!(codes(&report), [(code, pointer.to_owned())], "{value} into {schema}:\n{report}");
}

const P: &str = "/actions/0/inputs/p";

fn at(inside: &str) -> String {
    format!("{P}{inside}")
}

#[test]
fn a_whole_value_is_proven_by_its_type() {
    is_proven(&json!({ "type": "string" }), &json!("!ref($.event.text)"));
    is_proven(&json!({ "type": "string", "maxLength": 5 }), &json!("!ref($.event.short)"));
    is_proven(&json!({ "type": "number" }), &json!("!ref($.event.count)"));
    is_proven(&json!({ "type": ["string", "null"] }), &json!("!ref($.event.nullable)"));
    is_proven(&json!({ "enum": ["a", "b", "c"] }), &json!("!ref($.event.kind)"));
    is_proven(
        &json!({ "type": "array", "items": { "type": ["string", "null"] } }),
        &json!("!ref($.event.list)"),
    );
    is_proven(&json!(true), &json!("!ref($.event.user)"));
}

#[test]
fn a_refinement_that_does_not_follow_is_a_hint() {
    is_refined(&json!({ "type": "string", "format": "email" }), &json!("!ref($.event.text)"), &[P]);
    is_refined(&json!({ "type": "string", "minLength": 1 }), &json!("!ref($.event.text)"), &[P]);
    is_refined(&json!({ "type": "integer", "minimum": 1 }), &json!("!ref($.event.count)"), &[P]);
}

#[test]
fn what_cannot_be_right_is_refused_for_what_is_wrong() {
    let text = json!({ "type": "string" });
    for (reference, code) in [
        ("!ref($.event.nullable)", Code::MayBeNull),
        ("!ref($.event.optional)", Code::MayBeAbsent),
        ("!ref($.event.either)", Code::MayNotFit),
        ("!ref($.event.count)", Code::NeverFits),
        ("!ref($.event.nothing)", Code::NeverFits),
        ("!ref($.event.optional_count)", Code::NeverFits),
        ("a !ref($.event.nullable)", Code::NotText),
        ("a !ref($.event.list)", Code::NotText),
        ("a !ref($.event.optional)", Code::MayBeAbsent),
    ] {
        is_refused(&text, &json!(reference), code, P);
    }
    is_refused(&json!({ "type": "integer" }), &json!("!ref($.event.number)"), Code::MayNotFit, P);
}

#[test]
fn what_has_no_type_is_left_without_a_word() {
    for value in ["!ref($.event.any)", "!ref($.event.any.deep[0])", "a !ref($.event.any)"] {
        is_left(&json!({ "type": "string" }), &json!(value), &[P]);
    }
    is_left(&json!({ "type": "array", "items": { "type": "integer" } }), &json!("!ref($.event.anys)"), &[P]);
    let shape = json!({ "type": "object", "properties": { "a": { "type": "string" } }, "required": ["a"] });
    is_left(&shape, &json!({ "a": "!ref($.event.any)" }), &[&at("/a")]);
    let tagged = json!({ "anyOf": [
        { "type": "object", "properties": { "t": { "const": "x" }, "v": { "type": "string" } }, "required": ["t", "v"] },
        { "type": "object", "properties": { "t": { "const": "y" }, "v": { "type": "null" } }, "required": ["t", "v"] },
    ] });
    is_left(&tagged, &json!({ "t": "!ref($.event.any)", "v": "!ref($.event.any)" }), &[&at("/t"), &at("/v")]);
    is_left(&tagged, &json!("!ref($.event.any)"), &[P]);
}

#[test]
fn an_optional_input_takes_what_may_be_absent_or_null() {
    let check = |value: &str| {
        let setting = Setting::default();
        let inputs = json!({ "p": value });
        setting.registry(&json!({ "type": "string" }), false).check(setting.text("plug", &inputs))
    };
    for value in ["!ref($.event.optional)", "!ref($.event.nullable)", "!ref($.event.nothing)"] {
        let workflow = accepted(check(value));
        assert!(workflow.report().is_empty() && left(workflow.report()).is_empty(), "{value}");
        let outcome =
            run(&engine(workflow.registry().clone()), &workflow, instance(json!({ "nullable": null })));
        assert!(outcome.is_completed(), "{value}: {outcome}");
    }
    let report = refused(check("!ref($.event.optional_count)"));
    assert_eq!(codes(&report), [(Code::MayNotFit, P.to_owned())], "there may be nothing, which is right");
    let report = refused(check("a !ref($.event.optional)"));
    assert_eq!(codes(&report), [(Code::MayBeAbsent, P.to_owned())], "text is there, whatever stands in it");
}

/// An event, with these members in place of its own.
fn instance(with: Value) -> Value {
    let mut event = json!({
        "text": "text", "short": "abc", "number": 0.5, "count": 3, "flag": true, "list": ["a"], "nullable": "x",
        "either": "e", "kind": "a", "user": { "name": "Ada" }, "any": "any", "anys": [], "nothing": null,
    });
    for (name, value) in with.as_object().into_iter().flatten() {
        event[name] = value.clone();
    }
    event
}

#[test]
fn each_part_of_an_object_is_judged_where_it_stands() {
    let schema = json!({
        "type": "object",
        "properties": {
            "a": { "type": "string" }, "b": { "type": "integer" },
            "c": { "type": "array", "items": { "type": "object", "properties": { "d": { "type": "boolean" } }, "required": ["d"] } },
        },
        "required": ["a"],
        "additionalProperties": { "type": "number" },
    });
    is_proven(
        &schema,
        &json!({
            "a": "x !ref($.event.count)", "b": "!ref($.event.optional_count)",
            "c": [{ "d": "!ref($.event.flag)" }, { "d": true }], "other": "!ref($.event.number)",
        }),
    );
    for (value, code, inside) in [
        (json!({ "a": "!ref($.event.optional)" }), Code::MayBeAbsent, "/a"),
        (json!({ "a": "!ref($.event.nullable)" }), Code::MayBeNull, "/a"),
        (json!({ "a": "a", "b": "!ref($.event.number)" }), Code::MayNotFit, "/b"),
        (json!({ "a": "a", "other": "!ref($.event.text)" }), Code::NeverFits, "/other"),
        (json!({ "a": "a", "c": [{ "d": "!ref($.event.text)" }] }), Code::NeverFits, "/c/0/d"),
        (json!({ "a": "a", "c": ["!ref($.event.user)"] }), Code::MayNotFit, "/c/0"),
    ] {
        is_refused(&schema, &value, code, &at(inside));
    }
    is_refined(
        &json!({ "type": "object", "properties": { "a": { "type": "string", "format": "email" } } }),
        &json!({ "a": "!ref($.event.text)" }),
        &[&at("/a")],
    );
}

#[test]
fn several_mistakes_in_one_value_are_several_diagnostics() {
    let schema = json!({ "type": "array", "items": { "type": "string" } });
    let value = json!([
        "!ref($.event.nullable)",
        7,
        "!ref($.event.count)",
        "!ref($.event.text)",
        "!ref($.event.optional)"
    ]);
    let report = refused(Setting::default().plug(&schema, &value));
    let expected = [
        (Code::MayBeNull, at("/0")),
        (Code::WrongType, at("/1")),
        (Code::NeverFits, at("/2")),
        (Code::MayBeAbsent, at("/4")),
    ];
    assert_eq!(codes(&report), expected);
}

#[test]
fn an_element_must_be_there_whatever_its_type() {
    is_refused(&json!(true), &json!(["!ref($.event.optional)"]), Code::MayBeAbsent, &at("/0"));
    is_refused(
        &json!({ "type": "array" }),
        &json!([{ "a": ["!ref($.event.optional)"] }]),
        Code::MayBeAbsent,
        &at("/0/a/0"),
    );
    is_proven(&json!(true), &json!([{ "a": "!ref($.event.optional)" }]));
}

/// Objects told apart by a tag, and text.
fn tagged() -> Value {
    json!({ "oneOf": [
        {
            "type": "object", "properties": { "kind": { "const": "sms" }, "number": { "type": "string" } },
            "required": ["kind", "number"],
        },
        {
            "type": "object",
            "properties": { "kind": { "const": "push" }, "token": { "type": "string" }, "badge": { "type": ["integer", "null"] } },
            "required": ["kind", "token"],
        },
        { "type": "string" },
    ] })
}

#[test]
fn a_literal_tag_picks_the_branch() {
    is_proven(&tagged(), &json!({ "kind": "sms", "number": "!ref($.event.text)" }));
    is_proven(
        &tagged(),
        &json!({ "kind": "push", "token": "!ref($.event.text)", "badge": "!ref($.event.optional_count)" }),
    );
    is_proven(&tagged(), &json!("!ref($.event.text)"));
    is_refused(
        &tagged(),
        &json!({ "kind": "sms", "number": "!ref($.event.count)" }),
        Code::NeverFits,
        &at("/number"),
    );
    is_refused(
        &tagged(),
        &json!({ "kind": "push", "token": "!ref($.event.nullable)" }),
        Code::MayBeNull,
        &at("/token"),
    );
}

#[test]
fn a_tag_by_ref_is_judged_with_the_whole() {
    let schema = json!({ "anyOf": [
        { "type": "object", "properties": { "k": { "const": "a" }, "v": { "type": "string" } }, "required": ["k", "v"] },
        { "type": "object", "properties": { "k": { "const": "b" }, "v": { "type": "string" } }, "required": ["k", "v"] },
    ] });
    is_proven(&schema, &json!({ "k": "!ref($.event.kind)", "v": "!ref($.event.text)" }));
    let checked =
        Setting::default().plug(&schema, &json!({ "k": "!ref($.event.kind)", "v": "!ref($.event.number)" }));
    let report = report(&checked);
    assert!(report.has_errors(), "{report}");
    assert_eq!(report.diagnostics().len(), 1, "{report}");
    let place = report.diagnostics()[0].pointer().as_str();
    assert!(place.starts_with(P), "{report}");
}

#[test]
fn branches_are_not_mixed() {
    // Each member fits one of the branches, and no branch takes both.
    let schema = json!({ "anyOf": [
        { "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "string" } }, "required": ["a", "b"] },
        { "type": "object", "properties": { "a": { "type": "integer" }, "b": { "type": "integer" } }, "required": ["a", "b"] },
    ] });
    let checked =
        Setting::default().plug(&schema, &json!({ "a": "!ref($.event.text)", "b": "!ref($.event.count)" }));
    assert!(report(&checked).has_errors(), "{}", report(&checked));
    is_proven(&schema, &json!({ "a": "!ref($.event.text)", "b": "!ref($.event.text)" }));
    is_proven(&schema, &json!({ "a": "x", "b": "!ref($.event.text)" }));
}

#[test]
fn what_is_asked_of_the_whole_is_not_proven_by_its_parts() {
    let unique = json!({ "type": "array", "items": { "type": "string" }, "uniqueItems": true });
    let checked = Setting::default().plug(&unique, &json!(["!ref($.event.text)", "!ref($.event.short)"]));
    assert!(!left(report(&checked)).is_empty() || report(&checked).has_errors());
    let workflow = accepted(checked);
    let outcome =
        run(&engine(workflow.registry().clone()), &workflow, instance(json!({ "text": "a", "short": "a" })));
    assert!(outcome.failure().is_some_and(|failure| failure.pointer().is_some()), "{outcome}");
    assert!(calls(&outcome).is_empty());
    let least = json!({ "type": "object", "minProperties": 2 });
    let workflow =
        accepted(Setting::default().plug(&least, &json!({ "a": "!ref($.event.optional)", "b": 1 })));
    assert_eq!(left(workflow.report()), [at("/a")]);
    let exactly_one = json!({ "oneOf": [
        { "type": "object", "required": ["a"] }, { "type": "object", "required": ["b"] },
    ] });
    let value = json!({ "a": "!ref($.event.text)", "b": "!ref($.event.optional)" });
    let checked = Setting::default().plug(&exactly_one, &value);
    assert!(!left(report(&checked)).is_empty() || report(&checked).has_errors());
    let patterns = json!({ "type": "object", "patternProperties": { "^a": { "type": "string" }, "b$": { "maxLength": 2 } } });
    let checked = Setting::default().plug(&patterns, &json!({ "ab": "!ref($.event.short)" }));
    assert!(!left(report(&checked)).is_empty(), "both patterns count");
}

#[test]
fn a_member_that_may_be_dropped_may_pick_another_branch() {
    let closed = |properties: Value, required: Value| json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false });
    let text = json!({ "type": "string" });
    let either = json!({ "anyOf": [
        closed(json!({ "a": text, "b": text }), json!(["a", "b"])), closed(json!({ "a": text }), json!(["a"])),
    ] });
    is_proven(&either, &json!({ "a": "x", "b": "!ref($.event.optional)" }));
    // What is left without the member is of both branches.
    let one = json!({ "oneOf": [
        closed(json!({ "a": text, "b": text }), json!(["a"])), closed(json!({ "a": text }), json!(["a"])),
    ] });
    let checked = Setting::default().plug(&one, &json!({ "a": "x", "b": "!ref($.event.optional)" }));
    let report = report(&checked);
    assert!(report.has_errors() || !left(report).is_empty(), "{report}");
    is_proven(&one, &json!({ "a": "x", "b": "!ref($.event.text)" }));
    // A literal tag picks its branch whatever is dropped.
    is_proven(&tagged(), &json!({ "kind": "push", "token": "t", "badge": "!ref($.event.optional_count)" }));
    is_refused(
        &tagged(),
        &json!({ "kind": "push", "token": "!ref($.event.optional)" }),
        Code::MayBeAbsent,
        &at("/token"),
    );
}

#[test]
fn what_is_unknown_is_no_mistake_in_a_union_either() {
    let check = |schema: &Value, value: Value| {
        let plug = ActionDefinition::builder("plug").input_schema("p", schema.clone(), true);
        let registry = Registry::builder().action(plug.handler(|call| call.inputs()).build()).build();
        let draft = Draft::new().action("1", "plug", json!({ "p": value })).start("1");
        let workflow = accepted(registry.expect("it is right").check(draft.text()));
        assert!(workflow.report().is_empty(), "{}", workflow.report());
        assert!(!left(workflow.report()).is_empty());
    };
    let schemas = [
        tagged(),
        json!({ "anyOf": [
            { "type": "object", "properties": { "number": { "type": "integer" } }, "required": ["number"] },
            { "type": "object", "properties": { "number": { "type": "string" }, "n": true }, "required": ["number"] },
        ] }),
        json!({ "type": "object", "minProperties": 1 }),
    ];
    for schema in schemas {
        check(&schema, json!({ "kind": "sms", "number": "!ref($.event.x)" }));
        check(&schema, json!({ "kind": "sms", "number": "!ref($.event.x)", "n": "a !ref($.event.y)" }));
    }
    check(&tagged(), json!({ "kind": "!ref($.event.k)", "number": "!ref($.event.x)" }));
}

#[test]
fn text_in_a_union_is_no_mistake_for_what_it_may_come_to() {
    let schema = json!({ "anyOf": [
        { "type": "object", "properties": { "k": { "enum": ["a 1", "a 2"] } }, "required": ["k"] },
        { "type": "object", "properties": { "k": { "const": "a 3" }, "v": { "type": "null" } }, "required": ["k", "v"] },
    ] });
    let workflow = accepted(
        Setting::default()
            .plug(&schema, &json!({ "k": "a !ref($.event.count)", "v": "!ref($.event.nothing)" })),
    );
    assert!(left(workflow.report()).contains(&&*at("/k")));
}

#[test]
fn text_is_as_long_as_what_stands_in_it_at_least() {
    let at_least = |min: u64| json!({ "type": "string", "minLength": min });
    is_proven(&at_least(1), &json!("a !ref($.event.text)"));
    is_proven(&at_least(2), &json!("a !ref($.event.text)"));
    is_refined(&at_least(3), &json!("a !ref($.event.text)"), &[P]);
    is_refined(&at_least(1), &json!("!ref($.event.text)!ref($.event.text)"), &[P]);
    is_refined(&json!({ "enum": ["a 1", "a 2"] }), &json!("a !ref($.event.count)"), &[P]);
    is_refused(&json!({ "type": "integer" }), &json!("1!ref($.event.count)"), Code::NeverFits, P);
}

#[test]
fn a_message_has_two_places() {
    let text = Setting::default().text("upper", &json!({ "text": "!ref($.event.nullable)" }));
    let report = refused(Setting::default().registry(&json!(true), true).check(&*text));
    let found = &report.diagnostics()[0];
    assert_eq!(&text[found.span().expect("it is in the text")], "!ref($.event.nullable)");
    let [related] = found.related() else { panic!("{report}") };
    assert_eq!(&text[related.span().expect("it is in the text")], "\"text\"");
    assert_eq!(related.message(), "`text` expects `string`");
    assert_eq!(related.pointer().as_str(), "/actions/0/inputs/text");
}

#[test]
fn strict_mode_refuses_what_is_not_proven() {
    let strict = Setting::mode(Mode::Strict);
    for value in ["!ref($.event.any)", "!ref($.event.short)!ref($.event.any)"] {
        let report = refused(strict.plug(&json!({ "type": "string" }), &json!(value)));
        assert_eq!(codes(&report), [(Code::CheckedAtRunTime, P.to_owned())]);
        assert_eq!(report.diagnostics()[0].severity(), Severity::Error);
    }
    let email = json!({ "type": "string", "format": "email" });
    refused(strict.plug(&email, &json!("!ref($.event.text)")));
    let workflow = accepted(strict.plug(&json!({ "type": "string" }), &json!("!ref($.event.text)")));
    assert!(workflow.report().is_empty());
}

/// Values that are errors unless they are left to run time, and events that make them right and wrong.
fn leavable() -> Vec<(&'static str, Code, Value)> {
    vec![
        ("!ref($.event.nullable)", Code::MayBeNull, json!({ "nullable": null })),
        ("!ref($.event.optional)", Code::MayBeAbsent, json!({})),
        ("!ref($.event.either)", Code::MayNotFit, json!({ "either": 7 })),
        ("a !ref($.event.nullable)", Code::NotText, json!({ "nullable": null })),
        ("a !ref($.event.optional)", Code::MayBeAbsent, json!({})),
    ]
}

#[track_caller]
fn is_checked_when_it_runs(workflow: &CheckedWorkflow, wrong: Value) {
    let engine = engine(workflow.registry().clone());
    let right = instance(json!({ "optional": "there" }));
    let outcome = run(&engine, workflow, right);
    assert!(outcome.is_completed(), "{outcome}");
    let outcome = run(&engine, workflow, instance(wrong));
    let failure = outcome.failure().expect("the value is wrong");
    assert!(failure.pointer().is_some(), "{failure:?}");
    assert!(calls(&outcome).is_empty(), "the action is not called");
    let (reference, message) = (failure.reference().expect("it is named"), failure.to_string());
    assert!(message.contains(reference) && message.contains("expected `"), "{message}");
}

#[test]
fn lenient_mode_leaves_to_run_time_what_may_come_right() {
    for (value, code, wrong) in leavable() {
        let (schema, value) = (json!({ "type": "string" }), json!(value));
        is_refused(&schema, &value, code, P);
        let workflow = accepted(Setting::mode(Mode::Lenient).plug(&schema, &value));
        assert!(workflow.report().is_empty(), "{}", workflow.report());
        assert_eq!(left(workflow.report()), [P]);
        is_checked_when_it_runs(&workflow, wrong);
    }
}

#[test]
fn lenient_mode_refuses_what_never_comes_right() {
    let lenient = Setting::mode(Mode::Lenient);
    for value in ["!ref($.event.count)", "!ref($.event.list)", "!ref($.event.optional_count)"] {
        let report = refused(lenient.plug(&json!({ "type": "string" }), &json!(value)));
        assert_eq!(codes(&report), [(Code::NeverFits, P.to_owned())], "{value}");
    }
    let report = refused(lenient.plug(&json!({ "type": "integer" }), &json!("a !ref($.event.text)")));
    assert_eq!(codes(&report), [(Code::NeverFits, P.to_owned())]);
    let report = refused(lenient.plug(&json!({ "type": "string" }), &json!("!ref($.event.txt)")));
    assert_eq!(codes(&report), [(Code::UnknownField, P.to_owned())]);
}

#[test]
fn a_document_leaves_single_values() {
    for (value, _, wrong) in leavable() {
        let workflow = accepted(Setting::leave(&["/p"]).plug(&json!({ "type": "string" }), &json!(value)));
        assert!(workflow.report().is_empty(), "{}", workflow.report());
        assert_eq!(left(workflow.report()), [P]);
        is_checked_when_it_runs(&workflow, wrong);
    }
    let report =
        refused(Setting::leave(&["/p"]).plug(&json!({ "type": "string" }), &json!("!ref($.event.count)")));
    assert_eq!(codes(&report).first(), Some(&(Code::NeverFits, P.to_owned())));
}

#[test]
fn only_what_is_named_is_left() {
    let schema = json!({ "type": "array", "items": { "type": "string" } });
    let value = json!(["!ref($.event.nullable)", "!ref($.event.optional)", ["!ref($.event.x)"]]);
    let pair = json!([value[0], value[1]]);
    let report = refused(Setting::leave(&["/p/1"]).plug(&schema, &pair));
    assert_eq!(codes(&report), [(Code::MayBeNull, at("/0"))]);
    let workflow = accepted(Setting::leave(&["/p/0", "/p/1"]).plug(&schema, &pair));
    assert_eq!(left(workflow.report()), [at("/0"), at("/1")]);
    let workflow = accepted(Setting::leave(&["/p"]).plug(&schema, &pair));
    assert_eq!(left(workflow.report()), [at("/0"), at("/1")]);
    assert!(workflow.report().is_empty());
}

#[test]
fn what_is_left_for_nothing_is_a_warning() {
    let text = json!({ "type": "string" });
    for (pointers, at) in [
        (vec!["/p"], "/metadata/flowright/leave/1/0"),
        (vec!["/q"], "/metadata/flowright/leave/1/0"),
        (vec!["/p/0"], "/metadata/flowright/leave/1/0"),
        (vec!["p"], "/metadata/flowright/leave/1/0"),
        (vec![""], "/metadata/flowright/leave/1/0"),
    ] {
        let workflow = accepted(Setting::leave(&pointers).plug(&text, &json!("!ref($.event.text)")));
        assert_eq!(codes(workflow.report()), [(Code::UnknownMember, at.to_owned())], "{pointers:?}");
        assert_eq!(workflow.report().diagnostics()[0].severity(), Severity::Warning);
    }
    for leave in [json!([]), json!("1"), json!({ "1": "/p" }), json!({ "1": [7] }), json!({ "2": ["/p"] })] {
        let setting = Setting { leave, ..Setting::default() };
        let workflow = accepted(setting.plug(&text, &json!("!ref($.event.text)")));
        assert_eq!(workflow.report().count(Severity::Warning), 1, "{}", workflow.report());
    }
    let needed = Setting::leave(&["/p"]).plug(&text, &json!("!ref($.event.any)"));
    assert!(accepted(needed).report().is_empty(), "it is checked at run time");
}

#[test]
fn a_mistake_elsewhere_is_no_second_message_about_what_is_left() {
    let report =
        refused(Setting::leave(&["/p"]).plug(&json!({ "type": "string" }), &json!("!ref($.event.txt)")));
    assert_eq!(codes(&report), [(Code::UnknownField, P.to_owned())]);
    let report = refused(Setting::leave(&["/p"]).plug(&json!({ "type": "string" }), &json!("!ref($.evnt)")));
    assert_eq!(report.diagnostics().len(), 1, "{report}");
    let report = refused(Setting::leave(&["/x"]).check("nothing", &json!({ "x": "!ref($.event.text)" })));
    assert_eq!(codes(&report), [(Code::UnknownKind, "/actions/0/kind".to_owned())]);
}

#[test]
fn strict_mode_refuses_what_a_document_leaves() {
    let setting = Setting { mode: Mode::Strict, ..Setting::leave(&["/p"]) };
    let report = refused(setting.plug(&json!({ "type": "string" }), &json!("!ref($.event.nullable)")));
    assert_eq!(codes(&report), [(Code::CheckedAtRunTime, P.to_owned())]);
}

#[test]
fn a_lowered_error_leaves_its_value_to_run_time() {
    for (value, code, wrong) in leavable() {
        for (level, severity) in [(Level::Warning, Some(Severity::Warning)), (Level::Allow, None)] {
            let setting = Setting { levels: vec![(code, level)], ..Setting::default() };
            let workflow = accepted(setting.plug(&json!({ "type": "string" }), &json!(value)));
            let listed: Vec<Severity> = workflow.report().iter().map(Diagnostic::severity).collect();
            assert_eq!(listed, severity.into_iter().collect::<Vec<_>>(), "{value}");
            assert_eq!(left(workflow.report()), [P]);
            is_checked_when_it_runs(&workflow, wrong.clone());
        }
    }
    let setting = Setting { levels: vec![(Code::NeverFits, Level::Warning)], ..Setting::default() };
    let workflow = accepted(setting.plug(&json!({ "type": "string" }), &json!("!ref($.event.count)")));
    assert_eq!(left(workflow.report()), [P]);
}

#[test]
fn an_absent_member_that_is_required_fails_with_its_ref() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": "string" } }, "required": ["a"] });
    let workflow =
        accepted(Setting::mode(Mode::Lenient).plug(&schema, &json!({ "a": "!ref($.event.optional)" })));
    let outcome = run(&engine(workflow.registry().clone()), &workflow, instance(json!({})));
    let failure = outcome.failure().expect("it is missing");
    assert_eq!(failure.reference(), Some("!ref($.event.optional)"));
    assert!(failure.to_string().contains("`string`"), "{failure}");
}

#[test]
fn a_condition_is_held_against_boolean() {
    for (value, code) in [
        ("!ref($.event.text)", Code::NeverFits),
        ("!ref($.event.optional)", Code::NeverFits),
        ("!ref($.event.nullable)", Code::NeverFits),
    ] {
        let report = refused(Setting::default().check("builtin:if", &json!({ "condition": value })));
        assert_eq!(codes(&report), [(code, "/actions/0/inputs/condition".to_owned())], "{value}");
    }
    let proven = Setting::default().check("builtin:if", &json!({ "condition": "!ref($.event.flag)" }));
    assert!(left(accepted(proven).report()).is_empty());
    let open = Setting::default().check("builtin:if", &json!({ "condition": "!ref($.event.any)" }));
    assert_eq!(left(accepted(open).report()), ["/actions/0/inputs/condition"]);
}

#[test]
fn a_secret_is_not_told() {
    let action = ActionDefinition::builder("keep")
        .input_definition(InputDefinition::of::<Vec<u8>>("codes").as_secret())
        .handler(|_| Ok(Value::Null))
        .build();
    let registry =
        Registry::builder().action(action).event_schema("event", event()).build().expect("it is right");
    let draft = Draft::new()
        .action("1", "keep", json!({ "codes": ["!ref($.event.either)", 41_973, "hunter2"] }))
        .start("1");
    let report = refused(registry.check(draft.text()));
    for found in &report {
        let said = format!("{} {}", found.message(), found.help().unwrap_or_default());
        assert!(!said.contains("hunter2") && !said.contains("41973"), "{said}");
    }
    let whole = ActionDefinition::builder("keep")
        .input_definition(InputDefinition::of::<Value>("pair").as_secret())
        .handler(|_| Ok(Value::Null))
        .build();
    let registry =
        Registry::builder().action(whole).event_schema("event", event()).build().expect("it is right");
    let draft =
        Draft::new().action("1", "keep", json!({ "pair": ["hunter2", "!ref($.event.optional)"] })).start("1");
    let report = refused(registry.check(draft.text()));
    let found = &report.diagnostics()[0];
    assert!(!format!("{} {:?}", found.message(), found.help()).contains("hunter2"), "{report}");
}

/// Two of a kind.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum Pair {
    Texts { a: String, b: String },
    Numbers { a: String, b: String, c: u8 },
}

#[test]
fn a_secret_that_is_judged_as_a_whole_is_not_told() {
    let action = ActionDefinition::builder("keep")
        .input_definition(InputDefinition::of::<Pair>("pair").as_secret())
        .handler(|_| Ok(Value::Null))
        .build();
    let registry =
        Registry::builder().action(action).event_schema("event", event()).build().expect("it is right");
    for wrong in ["!ref($.event.either)", "!ref($.event.count)", "!ref($.event.optional)"] {
        let pair = json!({ "a": "hunter2", "b": wrong, "c": 1 });
        let draft = Draft::new().action("1", "keep", json!({ "pair": pair })).start("1");
        let report = refused(registry.check(draft.text()));
        let said = report.iter().map(|found| {
            let related: String = found.related().iter().map(flowright::Related::message).collect();
            format!("{} {:?} {related}", found.message(), found.help())
        });
        let said: String = said.collect();
        assert!(!said.contains("hunter2"), "{said}");
    }
}
