//! Events, and how strictly is checked.

use crate::{action, assert_change};
use flowright::{Code, Level, Limits, Mode, Registry, RegistryBuilder};
use serde_json::{Value, json};

fn event(data: &Value) -> Value {
    json!({ "type": "object", "properties": { "data": data }, "required": ["data"], "additionalProperties": false })
}

fn build(builder: RegistryBuilder) -> Registry {
    builder.build().unwrap()
}

#[test]
fn an_event_is_read_as_an_output_is() {
    let of = |data: &Value| build(Registry::builder().event_schema("go", event(data)));
    let (some, maybe) = (json!({ "type": "string" }), json!({ "type": ["string", "null"] }));
    assert_change(
        &of(&maybe),
        &of(&some),
        &["fine: the event `go` is narrower: it was `{ data: string | null }` and is `{ data: string }`"],
    );
    assert_change(
        &of(&some),
        &of(&maybe),
        &[
            r#"breaking: the event `go` is wider: it was `{ data: string }` and is `{ data: string | null }`; `string | null` at `data` does not fit `string`; `{"data":null}` is possible now"#,
        ],
    );
}

#[test]
fn an_event_that_comes_or_goes_is_breaking() {
    let none = build(Registry::builder());
    let one = build(Registry::builder().event_schema("go", event(&json!({}))));
    assert_change(
        &none,
        &one,
        &[
            "breaking: the event `go` is new; documents that are checked for no event in particular must allow for it",
        ],
    );
    assert_change(&one, &none, &["breaking: the event `go` is removed"]);
}

#[test]
fn stricter_rules_are_breaking_and_looser_ones_are_no_change() {
    let act = || action("act").handler(|_| Ok(Value::Null)).build();
    let loose =
        build(Registry::builder().action(act()).mode(Mode::Lenient).lint(Code::UnknownField, Level::Hint));
    let strict = build(
        Registry::builder()
            .action(act())
            .mode(Mode::Strict)
            .lint(Code::Deprecated, Level::Error)
            .limits(Limits::default().actions(7).input_bytes(1)),
    );
    assert_change(
        &loose,
        &strict,
        &[
            "breaking: documents are checked in strict mode now, and were in lenient mode",
            "breaking: `unknown-field` is an error now",
            "breaking: `deprecated` is an error now",
            "breaking: the limit `actions` is 7 now, and was 10,000",
        ],
    );
    assert_change(&strict, &loose, &[]);
}

#[test]
fn what_levels_let_through_is_not_breaking() {
    let of = |level: Level, input: &str, deprecated: bool| {
        let mut act = action("act").input_schema(input, json!({ "type": "string" }), false);
        if deprecated {
            act = act.deprecated("use another");
        }
        let act = act.handler(|_| Ok(Value::Null)).build();
        build(Registry::builder().action(act).lint(Code::UnknownInput, level).lint(Code::Deprecated, level))
    };
    let (hint, error) = (Level::Hint, Level::Error);
    assert_change(
        &of(error, "a", false),
        &of(error, "b", true),
        &[
            "breaking: `act` is deprecated now: use another",
            "breaking: `act` takes the input `a` no more",
            "fine: `act` takes a new input `b`, which is optional",
        ],
    );
    assert_change(
        &of(hint, "a", false),
        &of(hint, "b", true),
        &[
            "fine: `act` is deprecated now: use another",
            "fine: `act` takes the input `a` no more",
            "breaking: `act` takes a new input `b`, which is optional",
        ],
    );
}
