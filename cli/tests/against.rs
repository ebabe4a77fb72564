//! `flowright check --against`, as users call it.

mod folder;

use flowright::{ActionDefinition, InputDefinition, Registry};
use folder::{Ended, Folder};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

/// A registry before and after a change: `greet` takes fewer times and a secret of another form, `say` has another name,
/// what `read` gives back may be null and is less surely a positive number, and an event is gone.
fn registry(is_old: bool) -> Registry {
    let (most, key, title, least) = if is_old {
        (9, "^k", json!({ "type": "string" }), 1)
    } else {
        (5, "^k[0-9]", json!({ "type": ["string", "null"] }), 0)
    };
    let number = |min, max| json!({ "type": "integer", "minimum": min, "maximum": max });
    let key = InputDefinition::from_schema("key", json!({ "type": "string", "pattern": key }), false);
    let greet = ActionDefinition::builder("greet")
        .input_definition(InputDefinition::from_schema("times", number(1, most), true))
        .input_definition(key.as_secret());
    let say = if is_old {
        ActionDefinition::builder("say")
    } else {
        ActionDefinition::builder("speak").alias("say").deprecated("use `greet`")
    };
    let say = say.input_schema("text", json!({ "type": "string" }), false);
    let read = ActionDefinition::builder("read").output_schema(json!({
        "type": "object",
        "properties": { "title": title, "pages": number(least, 5) },
        "required": ["title", "pages"],
        "additionalProperties": false,
    }));
    let event = |name: &str| json!({ "type": "object", "properties": { "name": { "const": name } } });
    let mut builder = Registry::builder()
        .actions([greet, say, read].map(|action| action.handler(|_| Ok(Value::Null)).build()))
        .event_schema("go", event("go"));
    if is_old {
        builder = builder.event_schema("gone", event("gone"));
    }
    builder.build().unwrap()
}

fn documents() -> [(&'static str, String); 7] {
    let one = |kind: &str, inputs: Value| {
        let document = json!({
            "actions": [{ "id": "1", "kind": kind, "inputs": inputs }],
            "edges": [{ "from": "$source", "to": "1" }],
        });
        document.to_string()
    };
    let reading = |input: Value| {
        let kind = if input.get("text").is_some() { "say" } else { "greet" };
        let document = json!({
            "actions": [{ "id": "1", "kind": "read" }, { "id": "2", "kind": kind, "inputs": input }],
            "edges": [{ "from": "$source", "to": "1" }, { "from": "1", "to": "2" }],
        });
        document.to_string()
    };
    [
        ("fine.json", one("greet", json!({ "times": 5 }))),
        ("often.json", one("greet", json!({ "times": 7 }))),
        ("secret.json", one("greet", json!({ "times": 1, "key": "kwhisper" }))),
        ("title.json", reading(json!({ "text": "<!ref($.state.1.title)>" }))),
        ("pages.json", reading(json!({ "times": "!ref($.state.1.pages)" }))),
        ("said.json", one("say", json!({ "text": "hello" }))),
        ("wrong.json", one("greet", json!({ "times": "seven" }))),
    ]
}

impl Folder {
    fn new() -> Self {
        let folder = Folder::empty();
        folder.write("old.json", &registry(true).exported().to_string());
        folder.write("new.json", &registry(false).exported().to_string());
        for (name, text) in documents() {
            folder.write(&format!("flows/{name}"), &text);
        }
        folder
    }

    fn check(&self, arguments: &[&str]) -> Ended {
        self.run(&[&["check", "--registry", "new.json", "--against", "old.json"], arguments].concat())
    }
}

#[test]
fn what_breaks_is_told_from_what_was_wrong_and_from_what_is_left_to_run_time() {
    let ended = Folder::new().check(&["flows/*.json"]);
    assert_eq!(ended.code, Some(1));
    let summary = "7 files checked: 4 errors, 2 warnings, 1 hint; against old.json: 3 broken, 1 wrong before as well, \
                   1 newly left to run time\n";
    assert_eq!(ended.err, summary);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/against.txt");
    if std::env::var_os("FLOWRIGHT_BLESS").is_some() {
        std::fs::write(file, &ended.out).unwrap();
    }
    let said = std::fs::read_to_string(file).unwrap();
    assert_eq!(ended.out, said, "run with FLOWRIGHT_BLESS=1, and read what changes");
}

#[test]
fn what_breaks_nothing_exits_with_0() {
    let folder = Folder::new();
    let ended = folder.check(&["flows/fine.json"]);
    let said = "1 file checked: no problems; against old.json: nothing broken\n";
    assert_eq!((ended.code, &*ended.out, &*ended.err), (Some(0), "", said));
    let ended = folder.check(&["flows/pages.json"]);
    assert_eq!(ended.code, Some(0), "{}", ended.out);
    assert!(ended.err.ends_with("nothing broken, 1 newly left to run time\n"), "{}", ended.err);
    let same = folder.run(&["check", "--registry=new.json", "--against=new.json", "flows/pages.json"]);
    assert!(!same.out.contains("only now") && same.err.ends_with("against new.json: nothing broken\n"));
    let before = folder.run(&["check", "--registry=old.json", "--against=new.json", "flows/often.json"]);
    assert_eq!((before.code, &*before.out), (Some(0), ""), "what is mended is right");
}

#[test]
fn programs_learn_the_fate_of_each_workflow_and_all_changes() {
    let folder = Folder::new();
    let ended = folder.check(&["flows/*.json", "--format", "json"]);
    assert_eq!((ended.code, &*ended.err), (Some(1), ""));
    let json: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(json["against"], registry(false).compare(&registry(true)).to_json());
    let fates: Vec<(&str, &str)> = json["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["source"].as_str().unwrap(), file["against"]["fate"].as_str().unwrap()))
        .collect();
    assert_eq!(
        fates,
        [
            ("flows/fine.json", "kept"),
            ("flows/often.json", "broken"),
            ("flows/pages.json", "left-to-run-time"),
            ("flows/said.json", "kept"),
            ("flows/secret.json", "broken"),
            ("flows/title.json", "broken"),
            ("flows/wrong.json", "wrong-before"),
        ]
    );
    assert_eq!(json["files"][1]["against"]["changes"][0]["input"], "times");
    assert_eq!(json["files"][2]["against"]["left_to_run_time"], json!(["/actions/1/inputs/times"]));
    assert!(!ended.out.contains("kwhisper"), "{}", ended.out);
}

#[test]
fn scanners_learn_which_results_are_new() {
    let ended = Folder::new().check(&["flows/*.json", "--format", "sarif"]);
    let json: Value = serde_json::from_str(&ended.out).unwrap();
    let results = json["runs"][0]["results"].as_array().unwrap().iter();
    let states: Vec<(&str, &str)> = results
        .map(|result| (result["ruleId"].as_str().unwrap(), result["baselineState"].as_str().unwrap()))
        .collect();
    assert_eq!(
        states,
        [
            ("out-of-range", "new"),
            ("checked-at-run-time", "new"),
            ("deprecated", "new"),
            ("bad-format", "new"),
            ("not-text", "new"),
            ("deprecated", "new"),
            ("wrong-type", "updated"),
        ]
    );
    let folder = Folder::new();
    let same = folder.run(&[
        "check",
        "--registry=new.json",
        "--against=new.json",
        "flows/wrong.json",
        "--format=sarif",
    ]);
    let json: Value = serde_json::from_str(&same.out).unwrap();
    assert_eq!(json["runs"][0]["results"][0]["baselineState"], "unchanged");
}

#[test]
fn an_event_that_is_gone_breaks_what_it_starts() {
    let folder = Folder::new();
    let ended = folder.check(&["flows/fine.json", "--event", "gone"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.out.contains("  breaking: the event `gone` is removed\n"), "{}", ended.out);
    let never = folder.check(&["flows/fine.json", "--event", "never"]);
    assert_eq!((never.code, &*never.out), (Some(2), ""));
    assert_eq!(
        never.err,
        "error: the registry in `old.json` has no event `never`, so no workflow that it starts can be compared\n"
    );
}

#[test]
fn wrong_usage_and_unreadable_files_exit_with_2() {
    let folder = Folder::new();
    let fix = folder.check(&["flows/fine.json", "--fix"]);
    assert_eq!(fix.code, Some(2));
    assert!(fix.err.contains("cannot be used with '--fix'"), "{}", fix.err);
    let no_registry = folder.run(&["check", "--registry", "new.json", "--against", "flows/fine.json", "-"]);
    assert_eq!(no_registry.code, Some(2));
    assert!(no_registry.err.starts_with("error: `flows/fine.json`: this is no exported registry"));
    let gone = folder.check(&["flows/fine.json", "flows/gone.json"]);
    assert_eq!(gone.code, Some(2));
    assert!(
        gone.err
            .ends_with("1 file checked: no problems; 1 file unreadable; against old.json: nothing broken\n"),
        "{}",
        gone.err
    );
}

#[test]
fn standard_input_is_held_against_both_registries() {
    let folder = Folder::new();
    let mut child = folder.command(&["check", "--registry=new.json", "--against=old.json", "-"]);
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(documents()[1].1.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("\n<stdin> is broken by the change:\n"));
}

#[test]
fn a_watched_workflow_is_compared_again_when_it_changes() {
    let folder = Folder::new();
    let [(_, right), (_, broken), ..] = documents();
    let file = folder.write("flow.json", &right);
    let mut child =
        folder.command(&["check", "--registry=new.json", "--against=old.json", "--watch", "flow.json"]);
    let mut child = child.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut next = |wanted: &str| assert_eq!(said.next().as_deref(), Some(wanted));
    next("1 file checked: no problems; against old.json: nothing broken");
    next("watching for changes; stop with Ctrl-C");
    // In one step, as editors do.
    std::fs::rename(folder.write("changed.json", &(broken + "\n")), &file).unwrap();
    next("1 file checked: 1 error; against old.json: 1 broken");
    child.kill().unwrap();
    child.wait().unwrap();
}
