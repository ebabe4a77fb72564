//! What may be written at a place of a document.

use crate::draft::Draft;
use flowright::PresenceInScope::{Always, MayBeAbsent, MayBeSkipped};
use flowright::VerdictInScope::{Fits, Refused};
use flowright::prelude::*;
use flowright::{Code, Pointer, RefInScope, ScopeAt};
use flowright_tests::actions::ACTIONS;
use flowright_tests::typed;
use serde_json::{Value, json};

fn registry() -> Registry {
    let event = json!({ "properties": { "data": {
        "type": "object",
        "properties": { "name": { "type": "string" }, "level": { "enum": ["low", "high", null] } },
        "required": ["name", "level"],
        "additionalProperties": false,
    } }, "required": ["data"], "type": "object", "additionalProperties": false });
    let registry = Registry::builder().actions(ACTIONS).actions(typed::ACTIONS);
    registry.event_schema("signed.up", event).build().expect("it is right")
}

fn at(document: &str, pointer: &str) -> ScopeAt {
    registry().scope_at(document, &pointer.parse::<Pointer>().expect("a pointer"))
}

fn refs(scope: ScopeAt) -> Vec<RefInScope> {
    let ScopeAt::Value { refs, .. } = scope else { panic!("{scope:?}") };
    refs
}

/// A user is made, the name is looked up, perhaps; and somebody is told.
fn draft() -> Draft {
    let draft = Draft::new().action("make", "make_user", json!({ "name": "Ada", "age": 36 }));
    let draft = draft.action("find", "find_user", json!({ "name": "!ref($.state.make.name)" }));
    let draft = draft.action("tell", "upper", json!({})).action("aside", "upper", json!({ "text": "x" }));
    draft
        .start("make")
        .when("make", "find", "!ref($.state.make.email)")
        .edge("make", "tell")
        .edge("find", "tell")
}

#[test]
fn kinds_are_those_of_the_registry() {
    let ScopeAt::Kind { kinds } = at(&draft().text(), "/actions/1/kind") else { panic!("a kind") };
    let of_registry: Vec<String> = registry().definitions().map(|it| it.kind().to_owned()).collect();
    assert_eq!(kinds.iter().map(|it| it.kind.clone()).collect::<Vec<_>>(), of_registry);
    let add = kinds.iter().find(|it| it.kind == "add").expect("it is there");
    assert_eq!(json!(add), json!({ "kind": "add", "name": "Add", "description": "Add two numbers." }));
}

#[test]
fn inputs_are_those_of_the_kind_and_say_whether_they_are_given() {
    let scope = at(&draft().text(), "/actions/0/inputs");
    assert_eq!(
        json!(scope)["inputs"][2],
        json!({
            "name": "email", "title": "Email", "description": "Where the user is written to.",
            "type": "string | null", "schema": json!(scope)["inputs"][2]["schema"],
            "required": false, "given": false, "deprecated": false,
        })
    );
    let ScopeAt::Inputs { inputs } = scope else { panic!("inputs") };
    let given: Vec<_> = inputs.iter().map(|it| (&*it.name, it.required, it.given)).collect();
    assert_eq!(given, [("name", true, true), ("age", true, true), ("email", false, false)]);
}

#[test]
fn refs_lead_to_the_event_and_to_what_runs_before_and_say_how_they_fit() {
    let refs = refs(at(&draft().text(), "/actions/2/inputs/text"));
    let found = |reference: &str| {
        let reference = format!("!ref({reference})");
        refs.iter()
            .find(|it| it.reference == reference)
            .map(|it| (&*it.ty, it.presence, it.nullable, it.verdict))
    };
    assert_eq!(found("$.event.data.name"), Some(("string", Always, false, Fits)));
    assert_eq!(
        found("$.event.data.level"),
        Some(("\"low\" | \"high\" | null", Always, true, Refused(Code::MayBeNull)))
    );
    assert_eq!(found("$.state.make.name"), Some(("string", Always, false, Fits)));
    assert_eq!(found("$.state.make.age").map(|it| it.3), Some(Refused(Code::NeverFits)));
    assert_eq!(found("$.state.find.name").map(|it| it.1), Some(MayBeSkipped));
    assert_eq!(found("$.state.find.name").map(|it| it.3), Some(Refused(Code::MayBeSkipped)));
    assert_eq!(found("$.state.aside"), None, "it does not run before");
    assert_eq!(found("$.state.tell"), None, "it is the action itself");
    assert!(!refs.iter().any(|it| it.presence == MayBeAbsent && it.verdict == Fits), "the text is required");
}

#[test]
fn conditions_narrow_what_refs_yield() {
    let draft = Draft::new().action("make", "make_user", json!({ "name": "Ada", "age": 36 }));
    let draft = draft.action("tell", "upper", json!({})).start("make");
    let of = |draft: Draft| {
        let refs = refs(at(&draft.text(), "/actions/1/inputs/text"));
        refs.into_iter()
            .find(|it| it.reference == "!ref($.state.make.email)")
            .expect("it runs before")
            .verdict
    };
    assert_ne!(of(draft.clone().edge("make", "tell")), Fits);
    assert_eq!(of(draft.when("make", "tell", "!ref($.state.make.email)")), Fits);
}

#[test]
fn parts_of_values_have_types_of_their_own() {
    let people = json!({ "people": [{ "name": "Ada", "age": null }, {}] });
    let text = Draft::new().action("1", "invite", people).start("1").text();
    let scope = at(&text, "/actions/0/inputs/people/1/name");
    let ScopeAt::Value { ty, required, refs, .. } = &scope else { panic!("{scope:?}") };
    assert_eq!((&**ty, *required), ("string", true));
    let name = refs.iter().find(|it| it.reference == "!ref($.event.data.name)").expect("the event");
    assert_eq!(name.verdict, Fits);
    let scope = at(&text, "/actions/0/inputs/people/2");
    assert!(matches!(&scope, ScopeAt::Value { ty, .. } if ty.starts_with("{ ")), "one more: {scope:?}");
    for nowhere in
        ["people/4", "people/x", "people/0/name/deeper", "people/0/nothing", "nobody", "people/0/a~1b"]
    {
        assert_eq!(at(&text, &format!("/actions/0/inputs/{nowhere}")), ScopeAt::Nothing, "{nowhere}");
    }
}

#[test]
fn literals_are_what_the_type_lists() {
    let text = Draft::new().action("1", "choose", json!({})).start("1").text();
    let registry = registry();
    let choose = registry.definition("choose").expect("it is there");
    let listed: Vec<(String, Value)> = choose
        .inputs()
        .iter()
        .map(|input| {
            let scope = at(&text, &format!("/actions/0/inputs/{}", input.name()));
            (input.name().to_owned(), json!(scope)["literals"].clone())
        })
        .collect();
    assert!(listed.iter().any(|(_, literals)| *literals == json!(["free", "team"])), "{listed:?}");
}

#[test]
fn edges_lead_where_they_make_no_cycle_and_are_not_there_yet() {
    let text = draft().text();
    let ids = |pointer: &str| json!(at(&text, pointer))["ids"].clone();
    assert_eq!(ids("/edges/0/from"), json!(["$source", "aside"]));
    assert_eq!(ids("/edges/3/from"), json!(["$source", "find", "aside"]), "`make` leads there already");
    assert_eq!(ids("/edges/3/to"), json!(["tell", "aside"]), "`make` runs before");
    assert_eq!(ids("/edges/1/to"), json!(["find", "tell", "aside"]), "with a condition it is another edge");
}

#[test]
fn a_condition_tests_the_output_of_its_edge_and_compares_with_its_values() {
    let draft = Draft::new().action("1", "profile", json!({ "id": "ada" })).echo("2", 1).start("1");
    let text = draft.matching("1", "2", "!ref($.output.plan)", "free").text();
    let refs = refs(at(&text, "/edges/1/conditional/ref"));
    for known in ["!ref($.output)", "!ref($.output.plan)", "!ref($.state.1.plan)", "!ref($.event.data.name)"]
    {
        assert!(refs.iter().any(|it| it.reference == known), "{known}: {refs:?}");
    }
    let scope = json!(at(&text, "/edges/1/conditional/value"));
    assert_eq!(scope["literals"], json!(["free", "team"]));
    assert_eq!(scope["refs"], json!([]));
    assert_eq!(at(&text, "/edges/0/conditional/value"), ScopeAt::Nothing, "it has no condition");
}

#[test]
fn an_event_type_can_be_asked_for() {
    let (registry, text) = (registry(), draft().text());
    let pointer = "/actions/2/inputs/text".parse().expect("a pointer");
    assert_eq!(registry.scope_at_for("signed.up", &*text, &pointer), registry.scope_at(&*text, &pointer));
    assert_eq!(registry.scope_at_for("signed.out", &*text, &pointer), ScopeAt::Nothing);
}

#[test]
fn unfinished_documents_have_places_too() {
    let text = r#"{ "actions": [{ "id": "1" }, { "id": "2", "kind": "upper" }, 7], "edges": [{ "from": "1" }, {}] }"#;
    assert!(matches!(at(text, "/actions/0/kind"), ScopeAt::Kind { .. }));
    assert_eq!(at(text, "/actions/0/inputs"), ScopeAt::Nothing, "its kind is not known");
    assert!(matches!(at(text, "/actions/1/inputs/text"), ScopeAt::Value { .. }));
    assert_eq!(json!(at(text, "/edges/0/to")), json!({ "place": "end", "ids": ["2"], "cut": false }));
    assert_eq!(json!(at(text, "/edges/1/from"))["ids"], json!(["$source", "1", "2"]));
    for nowhere in ["", "/", "/actions", "/actions/9/kind", "/actions/x", "/edges/2/to", "/edges/0/name"] {
        assert_eq!(at(text, nowhere), ScopeAt::Nothing, "{nowhere}");
    }
    assert_eq!(json!(at("{", "/actions/0/kind")), json!({ "place": "nothing" }));
}

#[test]
fn lists_end_in_documents_of_ten_thousand_actions() {
    let mut draft = Draft::new().start("a0");
    for at in 0..10_000 {
        draft = draft.action(&format!("a{at}"), "profile", json!({ "id": "x" }));
        if at > 0 {
            draft = draft.edge(&format!("a{}", at - 1), &format!("a{at}"));
        }
    }
    let text = draft.text();
    let registry = Registry::builder().actions(ACTIONS).actions(typed::ACTIONS);
    let registry =
        registry.limits(flowright::Limits::default().actions(10_000)).build().expect("it is right");
    let scope = |pointer: &str| registry.scope_at(&*text, &pointer.parse().expect("a pointer"));
    let ScopeAt::Value { refs, cut, .. } = scope("/actions/9999/inputs/id") else { panic!("a value") };
    assert!(cut && refs.len() == 200, "{} refs", refs.len());
    let first = refs.iter().find(|it| it.reference.contains("$.state")).expect("an action runs before");
    assert_eq!(first.reference, "!ref($.state.a9998)", "the nearest comes first");
    let ScopeAt::End { ids, cut } = scope("/edges/5000/to") else { panic!("an end") };
    assert!(cut && ids.len() == 500 && ids.contains(&"a5001".to_owned()), "{} ids", ids.len());
}
