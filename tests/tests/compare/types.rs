//! Types that were written anew.

use crate::{assert_change, giving, taking};
use flowright::{Changed, Changes, How};
use serde_json::{Value, json};

/// How the type of the only input or output changed.
fn how(changes: &Changes) -> Option<(How, bool)> {
    changes.iter().next().map(|change| match change.what() {
        Changed::InputType { ty, .. } | Changed::OutputType(ty) => (ty.how, change.is_breaking()),
        other => panic!("{other:?}"),
    })
}

#[test]
fn directions_are_those_of_inputs_and_outputs() {
    use How::{Narrower, NarrowerInBounds, Other, Typed, Undecided, Wider, WiderInBounds};
    let object = |open: bool| json!({ "type": "object", "properties": { "a": { "type": "string" } }, "required": ["a"], "additionalProperties": open });
    let hard = |pattern: &str| json!({ "type": "string", "not": { "pattern": pattern } });
    // All pairs of branches would have to be looked at.
    let choices = |prefix: &str| {
        let choice = |at: u32| {
            let members = [format!("{prefix}{at}"), format!("x{at}")];
            json!({ "anyOf": members.map(|name| json!({ "type": "object", "required": [name] })) })
        };
        json!({ "allOf": (0..20).map(choice).collect::<Value>() })
    };
    let pairs: [(Value, Value, Option<How>, Option<How>); 14] = [
        (json!({ "type": "integer" }), json!({ "type": "number" }), Some(Wider), Some(Wider)),
        (json!({ "type": "number" }), json!({ "type": "integer" }), Some(Narrower), Some(Narrower)),
        (
            json!({ "type": "string" }),
            json!({ "type": "string", "maxLength": 9 }),
            Some(NarrowerInBounds),
            Some(Narrower),
        ),
        (
            json!({ "type": "string", "format": "email" }),
            json!({ "type": "string" }),
            Some(Wider),
            Some(WiderInBounds),
        ),
        (
            json!({ "minimum": 1, "maximum": 5, "type": "integer" }),
            json!({ "enum": [1, 2, 3, 4, 5] }),
            None,
            None,
        ),
        (
            json!({ "minimum": 1, "maximum": 5, "type": "integer" }),
            json!({ "minimum": 3, "maximum": 7, "type": "integer" }),
            Some(Other),
            Some(Other),
        ),
        (json!({ "type": "string" }), json!({ "type": "boolean" }), Some(Other), Some(Other)),
        (json!({}), json!({ "type": "string" }), Some(Narrower), Some(Typed)),
        (json!({ "type": "string" }), json!({}), Some(Wider), Some(Wider)),
        (object(true), object(false), Some(Narrower), Some(Typed)),
        (
            json!({ "type": ["string", "null"] }),
            json!({ "anyOf": [{ "type": "null" }, { "type": "string" }] }),
            None,
            None,
        ),
        (
            json!({ "type": "array", "items": { "type": "integer" } }),
            json!({ "type": "array", "items": { "type": "integer" }, "uniqueItems": true }),
            Some(NarrowerInBounds),
            Some(Narrower),
        ),
        (hard("^a+$"), hard("^a+$"), None, None),
        (choices("a"), choices("b"), Some(Undecided), Some(Undecided)),
    ];
    for (old, new, input, output) in pairs {
        let is_fine = |how: How, fine: &[How]| fine.contains(&how);
        let found = how(&taking(new.clone()).compare(&taking(old.clone())));
        assert_eq!(found, input.map(|how| (how, !is_fine(how, &[Wider]))), "input: {old} becomes {new}");
        let found = how(&giving(new.clone()).compare(&giving(old.clone())));
        assert_eq!(found, output.map(|how| (how, !is_fine(how, &[Narrower]))), "output: {old} becomes {new}");
    }
}

#[test]
fn where_types_part_is_shown_with_both_types_and_a_value() {
    let list = |max: u64| json!({ "type": "array", "items": { "type": "object", "properties": { "n": { "type": "integer", "maximum": max } }, "required": ["n"] } });
    let changes = assert_change(
        &taking(list(9)),
        &taking(list(5)),
        &[
            r#"breaking: the input `x` of `act` is narrower in bounds: it was `{ n: integer ≤ 9 }[]` and is `{ n: integer ≤ 5 }[]`; `integer ≤ 9` at `[0].n` does not fit `integer ≤ 5`; `[{"n":6}]` is refused now"#,
        ],
    );
    let Some(Changed::InputType { ty, .. }) = changes.iter().next().map(|change| change.what().clone())
    else {
        panic!("{changes}")
    };
    let parting = ty.parting.unwrap();
    assert_eq!(
        (&*parting.place, parting.from.as_deref(), parting.to.as_deref(), parting.example),
        ("[0].n", Some("integer ≤ 9"), Some("integer ≤ 5"), Some(json!([{ "n": 6 }])))
    );
}
