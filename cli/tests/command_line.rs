//! The binary `flowright`, as users call it.

mod folder;

use flowright::{ActionDefinition, Registry};
use folder::{Ended, Folder};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

const RIGHT: &str = r#"{ "actions": [{ "id": "1", "kind": "greet", "inputs": { "name": "Ada" } }],
  "edges": [{ "from": "$source", "to": "1" }] }"#;
const WRONG: &str = r#"{ "actions": [{ "id": "1", "kind": "greet", "inputs": { "name": 7 } }],
  "edges": [{ "from": "$source", "to": "1" }] }"#;

fn registry() -> Registry {
    let greet = ActionDefinition::builder("greet")
        .input::<String>("name")
        .output::<String>()
        .handler(|call| call.input::<String>("name").map(Value::from))
        .build();
    Registry::builder().action(greet).event_schema("go", json!({ "type": "object" })).build().unwrap()
}

impl Folder {
    fn new() -> Self {
        let folder = Folder::empty();
        folder.write("registry.json", &registry().exported().to_string());
        folder
    }

    fn check(&self, arguments: &[&str]) -> Ended {
        self.run(&[&["check", "--registry", "registry.json"], arguments].concat())
    }
}

#[test]
fn what_is_right_is_said_to_be_and_exits_with_0() {
    let folder = Folder::new();
    folder.write("right.json", RIGHT);
    let ended = folder.check(&["right.json"]);
    assert_eq!((ended.code, &*ended.out, &*ended.err), (Some(0), "", "1 file checked: no problems\n"));
}

#[test]
fn warnings_alone_are_drawn_and_exit_with_0_unless_they_are_denied() {
    let folder = Folder::new();
    folder.write("odd.json", &RIGHT.replacen('{', r#"{ "colour": "red","#, 1));
    let ended = folder.check(&["odd.json"]);
    assert_eq!((ended.code, &*ended.err), (Some(0), "1 file checked: 1 warning\n"));
    assert!(ended.out.starts_with("warning[unknown-member]: "), "{}", ended.out);
    let denied = folder.check(&["odd.json", "--deny-warnings"]);
    assert_eq!((denied.code, denied.out, denied.err), (Some(1), ended.out, ended.err));
    folder.write("right.json", RIGHT);
    assert_eq!(folder.check(&["right.json", "--deny-warnings"]).code, Some(0));
}

#[test]
fn what_is_wrong_is_drawn_and_exits_with_1() {
    let folder = Folder::new();
    folder.write("right.json", RIGHT);
    folder.write("wrong.json", WRONG);
    let ended = folder.check(&["wrong.json", "right.json"]);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.out.starts_with("error[wrong-type]: expected `string`, found `7`\n --> wrong.json:1:65\n"),
        "{}",
        ended.out
    );
    assert_eq!(ended.err, "2 files checked: 1 error\n");
}

#[test]
fn the_report_of_an_exported_registry_is_that_of_the_registry() {
    let folder = Folder::new();
    folder.write("wrong.json", WRONG);
    let report = registry().check(flowright::Source::named("wrong.json", WRONG)).unwrap_err();
    assert_eq!(folder.check(&["wrong.json"]).out, format!("{}\n\n", report.render(false)));
    let json: Value = serde_json::from_str(&folder.check(&["wrong.json", "--format", "json"]).out).unwrap();
    assert_eq!(json, json!({ "files": [report.to_json()], "unreadable": [] }));
    let sarif: Value = serde_json::from_str(&folder.check(&["wrong.json", "--format=sarif"]).out).unwrap();
    assert_eq!(sarif, report.to_sarif());
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_checked() {
    let folder = Folder::new();
    folder.write("wrong.json", WRONG);
    folder.write("folder/x", "");
    fs::write(folder.0.path().join("latin.json"), b"{ \"name\": \"\xe9\" }").unwrap();
    fs::File::create(folder.0.path().join("large.json")).unwrap().set_len(100_000_001).unwrap();
    let ended =
        folder.check(&["gone.json", "folder", "latin.json", "large.json", "nothing/*.json", "wrong.json"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.out.starts_with("error[wrong-type]"), "{}", ended.out);
    for said in [
        "`gone.json`",
        "such as `'folder/**/*.json'`",
        "`latin.json`",
        "`large.json`",
        "no file matches `nothing/*.json`",
    ] {
        assert!(ended.err.contains(said), "{said} in {}", ended.err);
    }
    assert!(ended.err.ends_with("1 file checked: 1 error; 5 files unreadable\n"), "{}", ended.err);
    let json: Value = serde_json::from_str(&folder.check(&["gone.json", "--format", "json"]).out).unwrap();
    assert_eq!((&json["files"], &json["unreadable"][0]["path"]), (&json!([]), &json!("gone.json")));
}

#[test]
fn a_registry_that_cannot_be_used_says_why() {
    let folder = Folder::new();
    folder.write("right.json", RIGHT);
    let with = |text: &str| {
        folder.write("other.json", text);
        let ended = folder.run(&["check", "right.json", "--registry", "other.json"]);
        assert_eq!((ended.code, &*ended.out), (Some(2), ""));
        ended.err
    };
    assert!(with("{").starts_with("error: `other.json`: this is no exported registry, as it is not JSON: "));
    assert!(
        with(r#"{ "flowright": 9 }"#)
            .starts_with("error: `other.json`: a newer flowright exported the registry")
    );
    assert!(with("[]").starts_with("error: `other.json`: this is no exported registry: it is no object"));
    let none = folder.run(&["check", "right.json"]);
    assert_eq!(none.code, Some(2));
    assert!(none.err.contains("say `--registry registry.json`"), "{}", none.err);
}

#[test]
fn patterns_and_standard_input_are_files_too() {
    let folder = Folder::new();
    folder.write("flows/a.json", RIGHT);
    folder.write("flows/deep/b.json", WRONG);
    let ended = folder.check(&["flows/**/*.json", "flows/a.json"]);
    assert_eq!((ended.code, &*ended.err), (Some(1), "2 files checked: 1 error\n"));

    let mut child = folder.command(&["check", "--registry", "registry.json", "-"]);
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(WRONG.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("--> <stdin>:1:65"));
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let folder = Folder::new();
    folder.write("wrong.json", WRONG);
    assert!(!folder.check(&["wrong.json"]).out.contains('\u{1b}'));
    assert!(folder.check(&["wrong.json", "--color", "always"]).out.contains('\u{1b}'));
}

#[test]
fn wrong_usage_exits_with_2() {
    let folder = Folder::new();
    folder.write("right.json", RIGHT);
    assert_eq!(folder.run(&["chek"]).code, Some(2));
    assert_eq!(folder.check(&[]).code, Some(2));
    let event = folder.check(&["right.json", "--event", "gone"]);
    assert_eq!((event.code, &*event.err), (Some(2), "error: the registry has no event `gone`\n"));
    assert_eq!(folder.check(&["right.json", "--event", "go"]).code, Some(0));
    let run = folder.run(&["run", "right.json", "--event", "e.json", "--registry", "registry.json"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("checks and does not run"), "{}", run.err);
}

#[test]
fn exports_are_written_where_they_are_asked_for() {
    let folder = Folder::new();
    let exported = folder.run(&["export", "registry", "--registry", "registry.json"]);
    assert_eq!(serde_json::from_str::<Value>(&exported.out).unwrap(), registry().exported());
    let actions =
        folder.run(&["export", "actions", "--registry", "registry.json", "--output", "actions.json"]);
    assert_eq!((actions.code, &*actions.out), (Some(0), ""));
    let written = fs::read_to_string(folder.0.path().join("actions.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), registry().public_actions());
    let tools = folder.run(&["export", "tools", "--registry", "registry.json"]);
    assert_eq!(serde_json::from_str::<Value>(&tools.out).unwrap(), registry().tools());
    let typescript = folder.run(&["export", "typescript", "--registry", "registry.json"]);
    assert_eq!((typescript.code, typescript.out), (Some(0), registry().typescript()));
    let schema = folder.run(&["export", "schema", "--registry", "registry.json"]);
    assert_eq!(serde_json::from_str::<Value>(&schema.out).unwrap(), registry().workflow_schema());
    let nowhere =
        folder.run(&["export", "actions", "--registry", "registry.json", "-o", "no/such/folder.json"]);
    assert_eq!(nowhere.code, Some(2));
    assert!(nowhere.err.starts_with("error: `no/such/folder.json` cannot be written: "), "{}", nowhere.err);
}

#[test]
fn a_workflow_is_drawn_as_asked() {
    let folder = Folder::new();
    folder.write("right.json", RIGHT);
    folder.write("wrong.json", WRONG);
    let graph =
        |arguments: &[&str]| folder.run(&[&["graph", "--registry", "registry.json"], arguments].concat());
    let drawn = registry().check(RIGHT).unwrap().graph();
    let mermaid = graph(&["right.json"]);
    assert_eq!((mermaid.code, mermaid.out, &*mermaid.err), (Some(0), drawn.mermaid(), ""));
    assert_eq!(graph(&["right.json", "--format", "dot", "--event", "go"]).out, drawn.dot());
    assert_eq!(graph(&["right.json", "--svg"]).out, drawn.svg());
    let written = graph(&["right.json", "--format=svg", "-o", "picture.svg"]);
    assert_eq!((written.code, &*written.out), (Some(0), ""));
    assert_eq!(fs::read_to_string(folder.0.path().join("picture.svg")).unwrap(), drawn.svg());

    let wrong = graph(&["wrong.json"]);
    assert_eq!((wrong.code, &*wrong.out), (Some(1), ""));
    assert!(wrong.err.starts_with("error[wrong-type]: expected `string`, found `7`\n"), "{}", wrong.err);
    assert_eq!(graph(&["gone.json"]).code, Some(2));
    assert_eq!(graph(&["right.json", "--event", "gone"]).code, Some(2));
    assert_eq!(graph(&["right.json", "--svg", "--format", "dot"]).code, Some(2));
}

#[test]
fn what_can_be_repaired_is_repaired_on_request() {
    let folder = Folder::new();
    let broken = "{\n  \"actions\": [{ \"id\": \"1\", \"kind\": \"gret\", \"inputs\": { \"nmae\": \"Ada\" } }],\n  \
                  // From the start.\n  \"edges\": [{ \"from\": \"$source\", \"to\": \"1\" }, { \"from\": \"1\", \"to\": \"2\" }]\n}\n";
    let file = folder.write("flow.jsonc", broken);
    let dry = folder.check(&["flow.jsonc", "--fix", "--dry-run"]);
    assert_eq!(dry.code, Some(0), "{}", dry.out);
    assert!(dry.out.starts_with("would repair flow.jsonc: /actions/0/kind: write `greet`\n"), "{}", dry.out);
    assert_eq!(fs::read_to_string(&file).unwrap(), broken);

    let fixed = folder.check(&["flow.jsonc", "--fix"]);
    assert_eq!((fixed.code, fixed.out.lines().count()), (Some(0), 3), "{}", fixed.out);
    let repaired = broken.replace("gret", "greet").replace("nmae", "name");
    let repaired = repaired.replace(", { \"from\": \"1\", \"to\": \"2\" }", "");
    assert_eq!(fs::read_to_string(&file).unwrap(), repaired);
    let again = folder.check(&["flow.jsonc", "--fix", "--format", "json"]);
    assert_eq!(serde_json::from_str::<Value>(&again.out).unwrap()["repairs"], json!([]));
    assert_eq!(folder.check(&["-", "--fix"]).code, Some(2));
}

#[test]
fn codes_are_explained() {
    let folder = Folder::new();
    let one = folder.run(&["explain", "may-be-null"]);
    assert_eq!(one.code, Some(0));
    assert_eq!(one.out, flowright::Code::MayBeNull.explanation());
    assert!(folder.run(&["explain"]).out.lines().count() > 30);
    let typo = folder.run(&["explain", "may-be-nul"]);
    let said = "error: no diagnostic has the code `may-be-nul`; did you mean `may-be-null`?\n";
    assert_eq!((typo.code, &*typo.err), (Some(2), said));
    let completions = folder.run(&["completions", "bash"]).out;
    assert!(completions.ends_with(" flowright\nfi\n"), "{completions}");
    let version = folder.run(&["--version"]).out;
    assert_eq!(version, format!("flowright {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_watched_file_is_checked_again_when_it_changes() {
    let folder = Folder::new();
    let file = folder.write("flow.json", RIGHT);
    let mut child = folder.command(&["check", "--registry", "registry.json", "--watch", "flow.json"]);
    let mut child = child.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut next = |wanted: &str| assert_eq!(said.next().as_deref(), Some(wanted));
    next("1 file checked: no problems");
    next("watching for changes; stop with Ctrl-C");
    // In one step, as editors do.
    fs::rename(folder.write("changed.json", &(WRONG.to_owned() + "\n")), &file).unwrap();
    next("1 file checked: 1 error");
    next("watching for changes; stop with Ctrl-C");
    fs::remove_file(&file).unwrap();
    let gone = said.next().unwrap();
    assert!(gone.starts_with("error: cannot read `flow.json`"), "{gone}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_reader_who_stops_listening_is_no_fault() {
    let folder = Folder::new();
    let mut names = vec!["check", "--registry", "registry.json"];
    let files: Vec<String> = (0..200).map(|at| format!("wrong{at}.json")).collect();
    for file in &files {
        folder.write(file, WRONG);
        names.push(file);
    }
    let mut child = folder.command(&names);
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "200 files checked: 200 errors\n");
}
