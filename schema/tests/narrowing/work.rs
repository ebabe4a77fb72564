//! Large types, deep ones, and many constants.

use super::{is, narrowed, object, path, truthy, ty};
use flowright_schema::{Cell, Type};
use serde_json::{Value, json};

#[test]
fn narrowing_again_builds_no_chain() {
    let members: serde_json::Map<String, Value> =
        (0..8).map(|at| (format!("m{at}"), json!({ "type": ["integer", "null"] }))).collect();
    let mut at_last = ty(&object(&Value::Object(members), &[]));
    for step in 0_i64..20_000 {
        let constants = [json!(step)];
        at_last = narrowed(&at_last, &path(&[&format!("m{}", step % 8)]), &constants, |cell| {
            *cell != Cell::Constant(json!(step)) && *cell != Cell::Null
        });
    }
    assert!(at_last.accepts(&json!({ "m1": -3 })));
}

/// Runs on the stack of a worker thread.
fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap()
}

#[test]
fn what_is_too_much_work_is_left_as_it_is() {
    on_a_small_stack(|| {
        let branch = |at: i32| {
            json!({
                "type": "object", "properties": { "t": { "const": at }, "v": { "type": ["string", "null"] } }, "required": ["t"]
            })
        };
        let wide = ty(&json!({ "anyOf": (0..8_000).map(branch).collect::<Vec<_>>() }));
        assert_eq!(narrowed(&wide, &path(&["v"]), &[], truthy), wide);
        assert_eq!(
            narrowed(&wide, &path(&["t"]), &[json!(7)], is(json!(7))).to_string(),
            "{ t: 7, v?: string | null }"
        );
        // As many members, or constants, in many branches.
        let branch = |at: i32, members: i32| {
            let mut properties: serde_json::Map<String, Value> =
                (0..members).map(|member| (format!("m{member}"), json!(true))).collect();
            properties.insert("t".to_owned(), json!({ "const": at.to_string() }));
            properties.insert("v".to_owned(), json!({ "type": ["string", "null"] }));
            json!({ "type": "object", "properties": properties, "required": ["t", "v"] })
        };
        let of = |branches: i32, members: i32| {
            ty(&json!({ "anyOf": (0..branches).map(|at| branch(at, members)).collect::<Vec<_>>() }))
        };
        let (narrow, broad) = (of(100, 100), of(100, 600));
        assert_ne!(narrowed(&narrow, &path(&["v"]), &[], truthy), narrow);
        assert_eq!(narrowed(&broad, &path(&["v"]), &[], truthy), broad);
        let given = |count: i32| (0..count).map(|at| json!(at)).collect::<Vec<_>>();
        let among = |count: i32| {
            let mut cells: Vec<Cell> = given(count).into_iter().map(Cell::Constant).collect();
            let mut kept = vec![false; cells.len()];
            cells.extend([Cell::Null, Cell::EmptyString, Cell::String]);
            kept.extend([false, false, true]);
            narrow.narrowed(&path(&["v"]), &cells, &kept)
        };
        assert_ne!(among(3_200), narrow);
        assert_eq!(among(20_000), narrow);
        let list = |least: i32| json!({ "type": "array", "items": { "type": ["string", "null"] }, "minItems": least });
        let lists = ty(&json!({ "anyOf": (0..800).map(list).collect::<Vec<_>>() }));
        assert_ne!(narrowed(&lists, &path(&["0"]), &[], truthy), lists);
        assert_eq!(narrowed(&lists, &path(&["63"]), &[], truthy), lists);
    });
}

#[test]
fn deep_types_need_no_deep_stack() {
    on_a_small_stack(|| {
        // Each level is a choice of one among two, so that nothing of it is flattened away.
        let level = json!({
            "type": "object", "required": ["a"],
            "properties": { "a": { "oneOf": [{ "$ref": "#/$defs/level" }, { "type": ["integer", "null"] }, { "type": "number" }] } }
        });
        let deep = ty(&json!({ "$ref": "#/$defs/level", "$defs": { "level": level } }));
        let way = vec!["a"; 64];
        let some = narrowed(&deep, &path(&way), &[], truthy);
        let mut value = json!(1.5);
        for _ in 0..64 {
            value = json!({ "a": value });
        }
        assert!(some.accepts(&value));
        drop(some);
        assert_eq!(narrowed(&deep, &path(&vec!["a"; 5_000]), &[], truthy), deep);
        let link = json!({ "type": "object", "properties": { "next": { "$ref": "#" } } });
        let chain = ty(&link);
        assert_ne!(narrowed(&chain, &path(&["next"; 256]), &[], truthy), chain);
        assert_eq!(narrowed(&chain, &path(&["next"; 257]), &[], truthy), chain);
    });
}

#[test]
fn many_constants_are_looked_up_not_searched() {
    let many: Vec<Value> = (0..50_000).map(|at| json!(format!("c{at}"))).collect();
    let kept = narrowed(&Type::string(), &path(&[]), &many, is(json!("c7")));
    assert_eq!(kept, Type::constant(json!("c7")));
    let half = narrowed(
        &Type::string(),
        &path(&[]),
        &many,
        |cell| matches!(cell, Cell::Constant(Value::String(text)) if text.ends_with("77")),
    );
    assert!(half.accepts(&json!("c77")) && half.accepts(&json!("c49977")) && !half.accepts(&json!("c8")));
}
