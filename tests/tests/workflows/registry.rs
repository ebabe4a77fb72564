//! Registries: their faults, their names, what is deprecated.

use crate::draft::{Draft, accepted, codes, engine, refused, run, state};
use flowright::prelude::*;
use flowright::{ActionDefinition, Code, EdgeDefinition, InputDefinition, Level, Registry, RegistryError};
use serde_json::{Value, json};

fn faults(error: &RegistryError) -> Vec<String> {
    error.faults().iter().map(ToString::to_string).collect()
}

#[track_caller]
fn one_names(error: &RegistryError, words: &[&str]) {
    let named = faults(error).iter().filter(|fault| words.iter().all(|word| fault.contains(word))).count();
    assert_eq!(named, 1, "one fault names {words:?}:\n{error}");
}

fn simple(kind: &str) -> flowright::ActionBuilder {
    ActionDefinition::builder(kind).handler(|_| Ok(Value::Null))
}

#[test]
fn every_fault_of_a_registry_is_named_at_once() {
    let error = Registry::builder()
        .action(simple("twice").build())
        .action(simple("twice").build())
        .action(simple("send email").build())
        .action(simple("old").alias("twice").build())
        .action(ActionDefinition::builder("idle").build())
        .action(simple("inputs").input::<u8>("n").input::<String>("n").build())
        .action(simple("schema").input_schema("x", json!({ "type": "strin" }), true).build())
        .action(
            simple("default")
                .input_definition(InputDefinition::with_default("n", 300_u16).with_max(5))
                .build(),
        )
        .action(
            simple("edges")
                .output_schema(
                    json!({ "type": "object", "properties": { "ok": {} }, "additionalProperties": false }),
                )
                .edge(EdgeDefinition::when("Yes", "$.output.okk"))
                .build(),
        )
        .action(simple("builtin:if").build())
        .event_schema("bad", json!({ "type": 7 }))
        .event_schema("same", json!({}))
        .event_schema("same", json!({}))
        .lint(Code::Cycle, Level::Warning)
        .build()
        .expect_err("there is hardly anything right about it");
    one_names(&error, &["action `twice`:"]);
    one_names(&error, &["send email"]);
    one_names(&error, &["action `old`:", "`twice`"]);
    one_names(&error, &["`idle`", "handler"]);
    one_names(&error, &["`inputs`", "`n`"]);
    one_names(&error, &["action `schema`:", "inputs", "/x/type"]);
    one_names(&error, &["`default`", "`n`"]);
    one_names(&error, &["`edges`", "`Yes`", "`ok`"]);
    one_names(&error, &["action `builtin:if`:"]);
    one_names(&error, &["event `bad`"]);
    one_names(&error, &["event `same`"]);
    one_names(&error, &["`cycle`"]);
    assert_eq!(error.faults().len(), 12, "{error}");
}

#[test]
fn faults_are_in_the_order_of_registration_every_time() {
    let build = || {
        Registry::builder()
            .action(ActionDefinition::builder("a").build())
            .action(ActionDefinition::builder("b").build())
            .event_schema("c", json!(7))
            .event_schema("d", json!(7))
            .lint(Code::Cycle, Level::Hint)
            .build()
            .expect_err("none is right")
    };
    let first = faults(&build());
    let subjects = ["action `a`", "action `b`", "event `c`", "event `d`", "lint `cycle`"];
    assert_eq!(first.len(), subjects.len());
    for (fault, subject) in first.iter().zip(subjects) {
        assert!(fault.starts_with(subject), "{fault}");
    }
    for _ in 0..20 {
        assert_eq!(faults(&build()), first);
    }
}

#[test]
fn a_registry_may_be_empty_and_without_builtins() {
    let registry = Registry::builder().without_builtins().build().expect("it is right");
    assert_eq!(registry.definitions().count(), 0);
    let report = refused(registry.check(Draft::new().rule("1", json!(true)).start("1").text()));
    assert_eq!(codes(&report), [(Code::UnknownKind, "/actions/0/kind".to_owned())]);
    assert_eq!(Registry::builder().build().expect("it is right").definitions().count(), 1);
}

#[test]
fn without_builtins_their_kinds_are_free() {
    let own = simple("builtin:if").build();
    let registry = Registry::builder().without_builtins().action(own).build().expect("it is right");
    let outcome =
        Draft::new().action("1", "builtin:if", json!({})).start("1").run_with(registry, Value::Null);
    assert_eq!(state(&outcome), json!({ "1": null }));
}

/// Greet.
#[engine_action(kind = "greet", aliases("say_hello", "hello"))]
fn greet_by_name(
    #[input(aliases("who", "to"))] name: String,
    #[input(default = "!".to_owned())] end: String,
    #[input(deprecated)] mood: Option<String>,
) -> String {
    format!("Hello, {name}{end}{}", mood.unwrap_or_default())
}

/// Wave.
#[engine_action(deprecated = "use `greet`")]
fn wave() -> String {
    "*waves*".to_owned()
}

fn greeting() -> Registry {
    Registry::builder().actions(actions![greet_by_name, wave]).build().expect("it is right")
}

#[test]
fn a_kind_and_an_input_have_aliases() {
    for kind in ["greet", "say_hello", "hello"] {
        for name in ["name", "who", "to"] {
            let mut inputs = serde_json::Map::new();
            inputs.insert(name.to_owned(), json!("!ref($.event)"));
            let draft = Draft::new().action("1", kind, inputs.into()).start("1");
            let workflow = accepted(greeting().check(draft.text()));
            assert!(workflow.report().is_empty(), "an alias is no mistake: {}", workflow.report());
            let engine = engine(workflow.registry().clone());
            let outcome = run(&engine, &workflow, json!("Ada"));
            assert_eq!(state(&outcome), json!({ "1": "Hello, Ada!" }), "{kind} {name}");
            let wrong = run(&engine, &workflow, json!(7));
            let failure = wrong.failure().expect("7 is no name");
            assert_eq!(failure.kind(), "greet");
            assert!(
                failure.message().contains(&format!("/actions/0/inputs/{name}")),
                "where it stands: {failure}"
            );
        }
    }
}

#[test]
fn an_input_cannot_be_given_by_two_of_its_names() {
    let draft = Draft::new().action("1", "greet", json!({ "name": "a", "who": "b" })).start("1");
    let report = refused(greeting().check(draft.text()));
    assert_eq!(codes(&report), [(Code::UnknownInput, "/actions/0/inputs/who".to_owned())]);
    let text = format!(
        "{} {}",
        report.diagnostics()[0].message(),
        report.diagnostics()[0].help().unwrap_or_default()
    );
    assert!(text.contains("`who`") && text.contains("`name`"), "{text}");
}

#[test]
fn what_is_deprecated_is_a_warning_and_runs() {
    let draft = Draft::new()
        .action("1", "wave", json!({}))
        .action("2", "greet", json!({ "name": "Ada", "mood": " :)" }))
        .start("1")
        .start("2");
    let registry = greeting();
    let workflow = accepted(registry.check(draft.text()));
    assert_eq!(
        codes(workflow.report()),
        [
            (Code::Deprecated, "/actions/0/kind".to_owned()),
            (Code::Deprecated, "/actions/1/inputs/mood".to_owned())
        ]
    );
    let first = &workflow.report().diagnostics()[0];
    assert!(format!("{} {}", first.message(), first.help().unwrap_or_default()).contains("use `greet`"));
    let outcome = run(&engine(registry), &workflow, Value::Null);
    assert_eq!(state(&outcome), json!({ "1": "*waves*", "2": "Hello, Ada! :)" }));
}

#[test]
fn an_alias_that_another_action_has_is_a_fault() {
    let error = Registry::builder()
        .action(simple("a").alias("x").build())
        .action(simple("b").alias("x").build())
        .action(simple("c").alias("a").build())
        .action(simple("x").build())
        .build()
        .expect_err("names mean one action");
    assert_eq!(error.faults().len(), 3, "{error}");
    one_names(&error, &["action `b`:", "`x`"]);
    one_names(&error, &["action `c`:", "`a`"]);
}

#[test]
fn a_default_stands_in_for_an_absent_value() {
    let draft =
        Draft::new().action("1", "greet", json!({ "name": "Ada", "end": "!ref($.event.end)" })).start("1");
    let registry = greeting();
    let workflow = accepted(registry.check(draft.text()));
    let engine = engine(registry);
    assert_eq!(state(&run(&engine, &workflow, json!({}))), json!({ "1": "Hello, Ada!" }));
    assert_eq!(state(&run(&engine, &workflow, json!({ "end": "?" }))), json!({ "1": "Hello, Ada?" }));
}

#[test]
fn definitions_are_found_by_kind_and_alias() {
    let registry = greeting();
    for name in ["greet", "hello"] {
        assert_eq!(registry.definition(name).map(ActionDefinition::kind), Some("greet"));
    }
    assert!(registry.definition("nothing").is_none());
    let kinds: Vec<_> = registry.definitions().map(ActionDefinition::kind).collect();
    assert_eq!(kinds, ["builtin:if", "greet", "wave"]);
}

#[test]
fn a_subset_by_alias_keeps_all_names_of_the_action() {
    let subset = greeting().subset(["hello"]).expect("it is there");
    for kind in ["greet", "say_hello", "hello"] {
        accepted(subset.check(Draft::new().action("1", kind, json!({ "name": "x" })).start("1").text()));
    }
}

#[test]
fn an_empty_kind_is_one_fault() {
    let empty = ActionDefinition::builder("").handler(|_| Ok(Value::Null)).build();
    let error = Registry::builder().action(empty).build().expect_err("it is empty");
    assert_eq!(error.faults().len(), 1, "{error}");
}

#[test]
fn faults_of_levels_are_in_one_order_every_time() {
    let build = || {
        let builder = Registry::builder().lint(Code::Cycle, Level::Hint).lint(Code::Syntax, Level::Hint);
        let builder = builder.lint(Code::Limit, Level::Allow).lint(Code::NoStart, Level::Allow);
        builder.build().expect_err("none may be lowered").to_string()
    };
    let first = build();
    for _ in 0..50 {
        assert_eq!(build(), first);
    }
}

#[test]
fn a_fingerprint_tells_registries_apart_by_what_is_exported() {
    let fingerprint = |registry: &Registry| registry.fingerprint().to_owned();
    let one = crate::draft::conformance();
    assert_eq!(fingerprint(&one), fingerprint(&crate::draft::conformance()));
    assert_eq!(fingerprint(&one), fingerprint(&Registry::from_exported(&one.exported()).unwrap()));
    assert_eq!(fingerprint(&one).len(), 16);
    let fewer = one.subset(["echo"]).unwrap();
    let lenient = Registry::builder()
        .actions(flowright_tests::actions::ACTIONS)
        .mode(flowright::Mode::Lenient)
        .build()
        .unwrap();
    assert_ne!(fingerprint(&one), fingerprint(&fewer));
    assert_ne!(fingerprint(&one), fingerprint(&lenient));
}
