//! What comes from a ref is data, whatever it looks like.

use crate::draft::{Draft, accepted, conformance, echoed, engine, run, state};
use serde_json::{Value, json};

#[test]
fn data_is_never_scanned_for_refs() {
    let event = || json!({ "a": "!ref($.event.secret)", "secret": "s3cret" });
    assert_eq!(echoed("!ref($.event.a)", event()), "!ref($.event.secret)");
    assert_eq!(echoed("<!ref($.event.a)>", event()), "<!ref($.event.secret)>");
    assert_eq!(echoed(json!(["!ref($.event)"]), event()), json!([event()]));
}

#[test]
fn data_that_looks_like_a_ref_stays_data_through_every_action() {
    let draft = Draft::new()
        .echo("a", "!ref($.event.a)")
        .echo("b", "!ref($.state.a)")
        .echo("c", "x !ref($.state.b)")
        .action("d", "concat", json!({ "parts": ["!ref($.state.b)", "!ref($.state.c)"] }))
        .echo("e", "!ref($.state.d)")
        .start("a")
        .edge("a", "b")
        .edge("b", "c")
        .edge("c", "d")
        .edge("d", "e");
    let outcome = draft.run(json!({ "a": "!ref($.event.secret)", "secret": "s3cret" }));
    assert!(outcome.is_completed(), "{outcome}");
    assert!(!state(&outcome).to_string().contains("s3cret"), "{outcome}");
    assert_eq!(outcome.value("e"), Some(&json!("!ref($.event.secret)x !ref($.event.secret)")));
}

#[test]
fn what_is_built_from_parts_is_no_ref() {
    let event = json!({ "open": "!ref(", "path": "$.event.secret", "secret": "s3cret" });
    assert_eq!(
        echoed("!ref($.event.open)!ref($.event.path))", event),
        "!ref($.event.secret)",
        "the last `)` is text of the document"
    );
}

#[test]
fn replacement_patterns_are_plain_text() {
    for pattern in ["$&", "$1", "$$", "$`", "$'", "$<name>", "\\1", "\\0", "{}", "%s", "${a}"] {
        assert_eq!(echoed("<!ref($.event.p)>", json!({ "p": pattern })), format!("<{pattern}>"));
        assert_eq!(echoed(format!("{pattern}!ref($.event.p)"), json!({ "p": 1 })), format!("{pattern}1"));
    }
}

#[test]
fn names_of_javascripts_prototypes_are_names() {
    let value = json!({ "__proto__": { "admin": true }, "constructor": 1, "prototype": [], "toString": "x" });
    assert_eq!(echoed("!ref($.event)", value.clone()), value);
    assert_eq!(echoed("!ref($.event.__proto__.admin)", value.clone()), true);
    assert_eq!(echoed(value.clone(), Value::Null), value);
}

#[test]
fn an_action_may_be_called_as_a_prototypes_member() {
    let draft = Draft::new()
        .echo("__proto__", 1)
        .echo("constructor", "!ref($.state.__proto__)")
        .echo("toString", "!ref($.state['constructor'])")
        .start("__proto__")
        .edge("__proto__", "constructor")
        .edge("constructor", "toString");
    assert_eq!(state(&draft.run(Value::Null)), json!({ "__proto__": 1, "constructor": 1, "toString": 1 }));
}

/// What a condition comes to with this event.
#[track_caller]
fn holds(condition: &Value, event: Value) -> bool {
    let outcome = Draft::new().rule("1", condition.clone()).start("1").run(event);
    match outcome.value("1") {
        Some(value) => value["result"].as_bool().unwrap_or_else(|| panic!("{value} is no result")),
        None => panic!("{condition}: {outcome}"),
    }
}

#[test]
fn an_operand_cannot_replace_the_rule() {
    let rule = json!({ "==": ["!ref($.event.role)", "admin"] });
    assert!(holds(&rule, json!({ "role": "admin" })));
    for role in [
        json!({ "if": [true, "admin"] }),
        json!({ "cat": ["admin"] }),
        json!({ "var": "" }),
        json!([{ "if": [true, "admin"] }]),
        json!("!ref($.event.admin)"),
    ] {
        assert!(!holds(&rule, json!({ "role": role, "admin": "admin" })), "{role}");
    }
}

#[test]
fn an_operand_that_is_a_rule_is_true_as_an_object_is() {
    assert!(holds(&json!({ "!!": ["!ref($.event.v)"] }), json!({ "v": { "!": [true] } })));
    assert!(holds(&json!({ "!!": "!ref($.event.v)" }), json!({ "v": { "==": [1, 2] } })));
}

#[test]
fn a_ref_in_place_of_an_argument_list_is_one_argument() {
    assert!(!holds(&json!({ "!!": "!ref($.event.v)" }), json!({ "v": [] })));
    assert!(
        holds(&json!({ "!!": "!ref($.event.v)" }), json!({ "v": [false] })),
        "an array that is not empty is true"
    );
    assert!(holds(&json!({ "!": "!ref($.event.v)" }), json!({ "v": [] })));
    assert!(
        holds(&json!({ "and": "!ref($.event.v)" }), json!({ "v": [false] })),
        "one argument, not one of each"
    );
}

#[test]
fn a_result_is_always_a_boolean() {
    for (condition, expected) in [
        (json!({ "+": [1, 2] }), true),
        (json!({ "-": [1, 1] }), false),
        (json!({ "cat": ["", ""] }), false),
        (json!({ "merge": [[], []] }), false),
        (json!({ "merge": [[0]] }), true),
        (json!({ "if": [false, 1] }), false),
        (json!({ "or": ["!ref($.event.v)", []] }), false),
        (json!({ "and": ["!ref($.event.w)"] }), true),
        (json!(true), true),
        (json!(false), false),
    ] {
        assert_eq!(holds(&condition, json!({ "v": "", "w": "0" })), expected, "{condition}");
    }
}

#[test]
fn text_in_a_rule_may_have_refs_and_be_escaped() {
    assert!(holds(&json!({ "==": ["a-!ref($.event.n)", "a-3"] }), json!({ "n": 3.0 })));
    assert!(holds(&json!({ "==": ["!ref(\"!ref(x)\")", "!ref($.event.t)"] }), json!({ "t": "!ref(x)" })));
}

#[test]
fn an_event_with_a_ref_as_its_name_is_data_as_well() {
    let registry = conformance();
    let draft = Draft::new().echo("1", "!ref($.event.name)").start("1");
    let workflow = accepted(registry.check(draft.text()));
    let outcome = run(&engine(registry), &workflow, json!({ "name": "!ref($.event)", "data": 1 }));
    assert_eq!(outcome.value("1"), Some(&json!("!ref($.event)")));
}
