//! What the language services behind VS Code's editors make of the schema: what they offer, show and say.

use crate::snippet::expanded;
use crate::values;
use flowright::{ActionDefinition, InputDefinition, Registry};
use flowright_tests::node::Package;
use flowright_tests::{awkward, errors};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

pub(crate) const LANGUAGES: [&str; 2] = ["json", "yaml"];

/// A question to a language service: `validate`, `complete` or `hover`, the last two where `¦` is.
pub(crate) type Question = (&'static str, &'static str, String);

/// The answers to questions about one registry's documents.
pub(crate) fn answers(registry: &Registry, questions: &[Question]) -> Vec<Value> {
    all_answers(&[(registry.workflow_schema(), questions.to_vec())])
}

/// The answers to questions by several schemas, in their order.
fn all_answers(sessions: &[(Value, Vec<Question>)]) -> Vec<Value> {
    let asked = |(language, ask, text): &Question| json!({ "language": language, "ask": ask, "text": text });
    let session = |(schema, questions): &(Value, Vec<Question>)| json!({ "schema": schema, "questions": questions.iter().map(asked).collect::<Vec<_>>() });
    let input: Value = sessions.iter().map(session).collect();
    let printed = Package::at("tests/language-services").run("ask.js", &[], &input.to_string());
    let answers: Vec<Value> = serde_json::from_str(&printed).expect("it prints JSON");
    assert_eq!(answers.len(), sessions.iter().map(|(_, questions)| questions.len()).sum::<usize>());
    answers
}

/// A document with one action.
pub(crate) fn document(kind: &str, inputs: &Value) -> String {
    let action = json!({ "id": "1", "kind": kind, "inputs": inputs });
    json!({ "actions": [action], "edges": [{ "from": "$source", "to": "1" }] }).to_string()
}

/// A document whose only action is open at the end, as it is while somebody writes.
pub(crate) fn unfinished(language: &str, kind: &str, inside: &str) -> String {
    match language {
        "json" => format!(
            r#"{{ "actions": [{{ "id": "1", "kind": {}, "inputs": {{ {inside} }} }}], "edges": [] }}"#,
            json!(kind)
        ),
        _ => format!("actions:\n  - id: '1'\n    kind: {}\n    inputs:\n      {inside}\n", json!(kind)),
    }
}

fn all_kinds(registry: &Registry) -> BTreeSet<String> {
    registry.definitions().map(|definition| definition.kind().to_owned()).collect()
}

/// The labels of what is offered, as the names or values they are.
fn labels(offered: &Value) -> BTreeSet<String> {
    let labels = offered
        .as_array()
        .expect("it is a list")
        .iter()
        .map(|item| item["label"].as_str().unwrap_or_default());
    labels.map(|label| serde_json::from_str(label).unwrap_or_else(|_| label.to_owned())).collect()
}

/// The service of YAML looks names up in an object of JavaScript's, and stumbles over a member that such an object has.
fn trips(language: &str, inputs: &[InputDefinition]) -> bool {
    language == "yaml" && inputs.iter().any(|input| input.name() == "constructor")
}

/// A ref for each required input, under its name.
fn all_by_refs(inputs: &[InputDefinition]) -> Map<String, Value> {
    let required = inputs.iter().filter(|input| input.required());
    required.map(|input| (input.name().to_owned(), "!ref($.event.data.x)".into())).collect()
}

/// What is asked of each language about kinds, inputs and what they are for.
fn of_kinds(registry: &Registry, language: &'static str) -> Vec<Question> {
    let kinds = match language {
        "json" => r#"{ "actions": [{ "id": "1", "kind": ¦ }], "edges": [] }"#,
        _ => "actions:\n  - id: '1'\n    kind: ¦\n",
    };
    let mut questions = vec![(language, "complete", kinds.to_owned())];
    for definition in registry.definitions() {
        let kind = definition.kind();
        if !trips(language, definition.inputs()) {
            questions.push((language, "complete", unfinished(language, kind, "¦")));
        }
        let at_kind = document(kind, &json!({})).replacen("\"kind\":\"", "\"kind\":\"¦", 1);
        questions.push((language, "hover", at_kind));
        for input in definition.inputs() {
            let value = document(kind, &json!({ input.name(): "!ref($.event.data.x)" }));
            let name = json!(input.name()).to_string();
            let at_name = value.replacen(&format!("{name}:"), &format!("\"¦{}:", &name[1..]), 1);
            questions.push((language, "hover", at_name));
        }
    }
    questions
}

/// Asserts that the inputs of an action are offered, each with its colon and with what it is for.
fn assert_inputs_are_offered(language: &str, definition: &ActionDefinition, offered: &Value) {
    let kind = definition.kind();
    let inputs = || definition.inputs().iter().filter(|input| !input.deprecated());
    let names: BTreeSet<String> = inputs().map(|input| input.name().to_owned()).collect();
    // The service of YAML offers snippets there, too.
    let is_name = |label: &&String| **label != format!("inputs of {kind}") && *label != "Workflow";
    let seen: BTreeSet<String> = labels(offered).iter().filter(is_name).cloned().collect();
    assert_eq!(seen, names, "{language}: {kind}: {offered}");
    for input in inputs() {
        let items = offered.as_array().into_iter().flatten();
        for item in items.filter(|item| item["label"] == input.name()) {
            let (writes, says) = (item["writes"].as_str(), item["says"].as_str().unwrap_or_default());
            assert!(says.contains(input.description().unwrap_or_default()), "{language}: {kind}: {item}");
            let has_colon = writes.is_some_and(|writes| writes.contains(": ") || writes.contains(":\n"));
            assert!(has_colon, "{language}: {kind}: {item}");
        }
    }
}

#[test]
fn every_kind_and_every_input_is_offered_with_what_it_is_for() {
    for registry in [awkward::registry(), errors::registry()] {
        let questions: Vec<Question> =
            LANGUAGES.iter().flat_map(|language| of_kinds(&registry, language)).collect();
        let mut answers = answers(&registry, &questions).into_iter();
        let mut answer = || answers.next().expect("there is an answer to each question");
        for language in LANGUAGES {
            let offered = answer();
            assert!(labels(&offered).is_superset(&all_kinds(&registry)), "{language}: {offered}");
            for definition in registry.definitions() {
                let kind = definition.kind();
                let (name, description) = (definition.name(), definition.description().unwrap_or_default());
                let is_about = |says: &str| says.contains(name) && says.contains(description);
                let mut items = offered.as_array().into_iter().flatten();
                assert!(items.any(|item| item["says"].as_str().is_some_and(is_about)), "{language}: {kind}");
                if !trips(language, definition.inputs()) {
                    assert_inputs_are_offered(language, definition, &answer());
                }
                let shown = answer();
                assert!(shown.as_str().is_some_and(is_about), "{language}: {kind}: {shown}");
                for input in definition.inputs() {
                    let shown = answer();
                    let shown = shown.as_str().unwrap_or_default().replace('\\', "");
                    // The service of YAML writes titles as HTML.
                    assert!(language == "yaml" || shown.contains(input.title()), "{kind}: {shown}");
                    let description = input.description().unwrap_or_default();
                    assert!(shown.contains(description), "{language}: {kind}: {shown}");
                }
            }
        }
        assert!(answers.next().is_none());
    }
}

/// What is wrong with one input, and the text that it is about.
fn mistakes(
    validator: &jsonschema::Validator,
    kind: &str,
    inputs: &[InputDefinition],
) -> Vec<(String, String)> {
    let right = all_by_refs(inputs);
    let mut mistakes = Vec::new();
    for input in inputs {
        let with = |value: &Value| {
            let mut inputs = right.clone();
            inputs.insert(input.name().to_owned(), value.clone());
            document(kind, &inputs.into())
        };
        let others = [json!(true), json!(7), json!("x"), json!([]), json!({ "x": 1 })];
        let is_wrong = |value: &&Value| {
            let document = serde_json::from_str(&with(value)).expect("it is JSON");
            !validator.is_valid(&document)
        };
        mistakes.extend(others.iter().find(is_wrong).map(|value| (with(value), value.to_string())));
        let malformed = json!("!ref($.evnt)");
        mistakes.push((with(&malformed), malformed.to_string()));
        if input.required() {
            let mut without = right.clone();
            without.remove(input.name());
            let about = "\"inputs\"".to_owned();
            mistakes.push((document(kind, &without.into()), about));
        }
    }
    let mut unknown = right;
    unknown.insert("nope".to_owned(), json!(1));
    mistakes.push((document(kind, &unknown.into()), "\"nope\"".to_owned()));
    mistakes
}

#[test]
fn one_mistake_is_one_message_at_its_place_and_refs_are_none() {
    for registry in [awkward::registry(), errors::registry()] {
        let validator = jsonschema::validator_for(&registry.workflow_schema()).expect("it is a schema");
        let (mut questions, mut expected): (Vec<Question>, Vec<Option<String>>) = (Vec::new(), Vec::new());
        for definition in registry.definitions().filter(|definition| definition.deprecated().is_none()) {
            let inputs = definition.inputs();
            for language in LANGUAGES {
                let all =
                    inputs.iter().map(|input| (input.name().to_owned(), "!ref($.state.a['b c'][0])".into()));
                questions.push((
                    language,
                    "validate",
                    document(definition.kind(), &Value::Object(all.collect())),
                ));
                expected.push(None);
                for (document, about) in mistakes(&validator, definition.kind(), inputs) {
                    questions.push((language, "validate", document));
                    expected.push(Some(about));
                }
            }
        }
        assert!(expected.len() > 60);
        for ((question, expected), answer) in
            questions.iter().zip(expected).zip(answers(&registry, &questions))
        {
            let about: Vec<&str> = answer
                .as_array()
                .expect("it is a list")
                .iter()
                .filter_map(|said| said["about"].as_str())
                .collect();
            assert_eq!(about, expected.iter().collect::<Vec<_>>(), "{question:?}: {answer}");
        }
    }
}

#[test]
fn of_what_is_accepted_nothing_is_said() {
    let documents = values::documents();
    let sessions: Vec<(Value, Vec<Question>)> = values::types()
        .iter()
        .map(|ty| {
            let registry = values::registry(ty, false, &[]);
            let texts = documents.iter().map(Value::to_string);
            let accepted = texts.filter(|text| registry.check(&**text).is_ok());
            let questions =
                accepted.flat_map(|text| LANGUAGES.map(|language| (language, "validate", text.clone())));
            // The service of YAML counts some characters twice.
            let questions =
                questions.filter(|(language, _, text)| *language == "json" || !text.contains('😀'));
            (registry.workflow_schema(), questions.collect())
        })
        .collect();
    let questions = sessions.iter().flat_map(|(_, questions)| questions);
    for (question, answer) in questions.zip(all_answers(&sessions)) {
        assert_eq!(answer, json!([]), "{question:?}");
    }
}

#[test]
fn snippets_of_actions_are_actions_of_the_schema() {
    for registry in [awkward::registry(), errors::registry()] {
        let schema = registry.workflow_schema();
        let kinds = jsonschema::validator_for(&schema).expect("it is a schema");
        let offered =
            answers(&registry, &[("json", "complete", r#"{ "actions": [¦], "edges": [] }"#.to_owned())])
                .remove(0);
        let offered = offered.as_array().expect("it is a list");
        let known: BTreeSet<&str> = offered.iter().filter_map(|item| item["label"].as_str()).collect();
        let wanted: BTreeSet<&str> = registry
            .definitions()
            .filter(|definition| definition.deprecated().is_none())
            .map(ActionDefinition::kind)
            .collect();
        assert_eq!(known, wanted);
        for item in offered {
            let written = expanded(item["writes"].as_str().unwrap_or_default(), "\"!ref($.event.data.x)\"");
            let action: Value =
                serde_json::from_str(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
            assert_eq!(action["kind"], item["label"]);
            let document = json!({ "actions": [action], "edges": [{ "from": "$source", "to": "1" }] });
            let faults: Vec<String> = kinds.iter_errors(&document).map(|error| error.to_string()).collect();
            // What is empty at first is of no type in some places.
            let missing: Vec<&String> =
                faults.iter().filter(|fault| fault.contains("is a required property")).collect();
            let is_deep = |fault: &&&String| fault.contains("\"kind\"") || fault.contains("\"label\"");
            assert!(missing.iter().all(|fault| is_deep(&fault)), "{written}: {faults:?}");
        }
    }
}
