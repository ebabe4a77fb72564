//! `conform` as a program that others drive: one JSON line a case.

use serde_json::{Map, Value, json};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conform").join(name);
    fs::create_dir_all(&folder).expect("the target folder is writable");
    folder
}

fn conform<A: AsRef<OsStr>>(folder: &Path, files: impl IntoIterator<Item = A>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conform"));
    command.current_dir(folder).args(files).output().expect("it starts")
}

#[track_caller]
fn lines(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{output:?}");
    let text = std::str::from_utf8(&output.stdout).expect("it prints UTF-8");
    assert!(text.is_empty() || text.ends_with('\n'), "{text}");
    text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

/// The line for one case.
#[track_caller]
fn judged(name: &str, case: &Value) -> Map<String, Value> {
    let folder = folder(name);
    fs::write(folder.join("case.json"), case.to_string()).expect("the target folder is writable");
    let mut lines = lines(&conform(&folder, ["case.json"]));
    assert_eq!(lines.len(), 1);
    match lines.remove(0) {
        Value::Object(line) => line,
        other => panic!("{other}"),
    }
}

fn names(of: &Value) -> Vec<&str> {
    let mut names: Vec<_> = of.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names
}

fn workflow(actions: Value, edges: &[(&str, &str)]) -> Value {
    let edges: Vec<_> = edges.iter().map(|(from, to)| json!({ "from": from, "to": to })).collect();
    json!({ "actions": actions, "edges": edges })
}

fn echo(value: Value) -> Value {
    workflow(json!([{ "id": "1", "kind": "echo", "inputs": { "value": value } }]), &[("$source", "1")])
}

#[test]
fn a_case_that_completes_has_exactly_these_members() {
    let line = judged(
        "completes",
        &json!({ "workflow": echo(json!("!ref($.event.data)")), "event": { "data": [1] } }),
    );
    assert_eq!(
        Value::Object(line),
        json!({
            "file": "case.json",
            "check": "ok",
            "diagnostics": [],
            "left_to_run_time": ["/actions/0/inputs/value"],
            "run": { "status": "completed", "state": { "1": [1] }, "calls": ["1"] },
        })
    );
}

#[test]
fn a_check_that_fails_has_diagnostics_and_no_run() {
    let case = json!({ "workflow": workflow(json!([{ "id": "1", "kind": "ecko", "inputs": { "value": 1 } }]), &[("$source", "1")]), "event": {} });
    let line = judged("refused", &case);
    assert_eq!(
        names(&Value::Object(line.clone())),
        ["check", "diagnostics", "file", "left_to_run_time", "run"]
    );
    assert_eq!((&line["check"], &line["run"]), (&json!("error"), &Value::Null));
    let diagnostics = line["diagnostics"].as_array().expect("an array");
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(names(&diagnostics[0]), ["code", "message", "pointer", "severity"]);
    assert_eq!(diagnostics[0]["code"], "unknown-kind");
    assert_eq!(diagnostics[0]["severity"], "error");
    assert_eq!(diagnostics[0]["pointer"], "/actions/0/kind");
    assert!(diagnostics[0]["message"].as_str().is_some_and(|message| message.contains("`ecko`")));
}

#[test]
fn without_an_event_nothing_is_run() {
    let line = judged("checked", &json!({ "workflow": echo(json!(1)) }));
    assert_eq!((&line["check"], &line["run"]), (&json!("ok"), &Value::Null));
}

#[test]
fn an_event_is_any_json_and_null_is_one() {
    for event in
        [json!(null), json!(false), json!(0), json!("x"), json!([null]), json!({}), json!({ "name": 3 })]
    {
        let line = judged("any-event", &json!({ "workflow": echo(json!("!ref($.event)")), "event": event }));
        assert_eq!(line["run"]["status"], "completed", "{event}: {line:?}");
        assert_eq!(line["run"]["state"], json!({ "1": event }));
    }
}

#[test]
fn a_warning_is_listed_beside_ok() {
    let mut document = echo(json!(1));
    document["actions"][0]["positon"] = json!({ "x": 1 });
    let line = judged("warning", &json!({ "workflow": document, "event": null }));
    assert_eq!(line["check"], "ok");
    assert_eq!(line["diagnostics"][0]["severity"], "warning");
    assert_eq!(line["diagnostics"][0]["code"], "unknown-member");
    assert_eq!(line["run"]["status"], "completed");
}

#[test]
fn a_failed_run_names_the_action_and_what_was_called() {
    let actions = json!([
        { "id": "a", "kind": "echo", "inputs": { "value": 1 } },
        { "id": "b", "kind": "fail", "inputs": { "message": "no way" } },
        { "id": "c", "kind": "echo", "inputs": { "value": 2 } },
    ]);
    let document = workflow(actions, &[("$source", "a"), ("a", "b"), ("b", "c")]);
    let line = judged("failed", &json!({ "workflow": document, "event": null }));
    assert_eq!(
        line["run"],
        json!({
            "status": "failed",
            "state": { "a": 1 },
            "calls": ["a", "b"],
            "failed": { "action": "b", "code": "action-failed", "message": "no way" },
        })
    );
}

#[test]
fn an_action_that_a_check_stops_is_not_among_the_calls() {
    let actions = json!([
        { "id": "a", "kind": "echo", "inputs": { "value": 1 } },
        { "id": "b", "kind": "upper", "inputs": { "text": "!ref($.event.text)" } },
    ]);
    let document = workflow(actions, &[("$source", "a"), ("a", "b")]);
    let line = judged("stopped", &json!({ "workflow": document, "event": { "text": 7 } }));
    assert_eq!(line["left_to_run_time"], json!(["/actions/1/inputs/text"]));
    let run = &line["run"];
    assert_eq!(
        (&run["status"], &run["calls"], &run["state"]),
        (&json!("failed"), &json!(["a"]), &json!({ "a": 1 }))
    );
    assert_eq!((&run["failed"]["action"], &run["failed"]["code"]), (&json!("b"), &json!("wrong-type")));
    let message = run["failed"]["message"].as_str().unwrap_or_default();
    for part in ["!ref($.event.text)", "string", "/actions/1/inputs/text"] {
        assert!(message.contains(part), "`{part}` in: {message}");
    }
}

#[test]
fn a_rule_that_a_check_stops_is_not_among_the_calls_either() {
    let document = workflow(
        json!([{ "id": "1", "kind": "builtin:if", "inputs": { "condition": "!ref($.event.go)" } }]),
        &[("$source", "1")],
    );
    let line = judged("stopped-rule", &json!({ "workflow": document, "event": { "go": "yes" } }));
    assert_eq!(line["run"]["calls"], json!([]));
    assert_eq!(line["run"]["failed"]["action"], "1");
    let line = judged("stopped-rule", &json!({ "workflow": document, "event": { "go": false } }));
    assert_eq!(
        line["run"],
        json!({ "status": "completed", "state": { "1": { "result": false } }, "calls": ["1"] })
    );
}

#[test]
fn a_skipped_action_has_no_key_in_the_state_and_one_that_gives_null_has() {
    let mut document = workflow(
        json!([
            { "id": "a", "kind": "echo", "inputs": { "value": null } },
            { "id": "b", "kind": "echo", "inputs": { "value": 1 } },
        ]),
        &[("$source", "a"), ("a", "b")],
    );
    document["edges"][1]["conditional"] = json!({ "type": "if", "ref": "!ref($.output)" });
    let line = judged("skipped", &json!({ "workflow": document, "event": {} }));
    assert_eq!(line["run"], json!({ "status": "completed", "state": { "a": null }, "calls": ["a"] }));
}

#[test]
fn calls_are_in_the_order_of_the_start_not_of_the_document() {
    let actions = json!([
        { "id": "z", "kind": "echo", "inputs": { "value": 1 } },
        { "id": "y", "kind": "echo", "inputs": { "value": 1 } },
        { "id": "x", "kind": "echo", "inputs": { "value": 1 } },
    ]);
    let document = workflow(actions, &[("$source", "x"), ("x", "z"), ("x", "y")]);
    let line = judged("order", &json!({ "workflow": document, "event": {} }));
    assert_eq!(line["run"]["calls"], json!(["x", "z", "y"]));
}

/// The schema is of the whole event, not of its data.
fn schema() -> Value {
    json!({
        "type": "object",
        "properties": { "name": { "type": "string" }, "data": {
            "type": "object", "properties": { "text": { "type": "string" } },
            "required": ["text"], "additionalProperties": false,
        } },
        "required": ["data"],
    })
}

#[test]
fn an_event_schema_types_the_whole_event() {
    let document = |path: &str| {
        workflow(
            json!([{ "id": "1", "kind": "upper", "inputs": { "text": format!("!ref({path})") } }]),
            &[("$source", "1")],
        )
    };
    let case = |path: &str, event: Value| json!({ "workflow": document(path), "event_schema": schema(), "event": event });
    let right = json!({ "name": "e", "data": { "text": "a" } });
    let line = judged("typed", &case("$.event.data.text", right.clone()));
    assert_eq!((&line["check"], &line["left_to_run_time"]), (&json!("ok"), &json!([])), "{line:?}");
    assert_eq!(line["run"]["state"], json!({ "1": "A" }));
    let line = judged("typed", &case("$.event.data.txt", right));
    assert_eq!((&line["check"], &line["diagnostics"][0]["code"]), (&json!("error"), &json!("unknown-field")));
    assert_eq!(line["run"], Value::Null);
}

#[test]
fn a_refused_event_is_a_failed_run_of_no_action() {
    for event in
        [json!({ "data": {} }), json!(null), json!({ "name": "e", "data": { "text": 1 } }), json!([])]
    {
        let document = echo(json!(1));
        let line = judged(
            "refused-event",
            &json!({ "workflow": document, "event_schema": schema(), "event": event }),
        );
        assert_eq!(line["check"], "ok", "{event}: {line:?}");
        let run = &line["run"];
        assert_eq!(
            (&run["status"], &run["state"], &run["calls"]),
            (&json!("failed"), &json!({}), &json!([]))
        );
        assert_eq!(names(&run["failed"]), ["action", "code", "message"]);
        assert_eq!(run["failed"]["action"], Value::Null);
        assert!(run["failed"]["message"].as_str().is_some_and(|message| !message.is_empty()));
        assert!(
            run["failed"]["code"]
                .as_str()
                .is_some_and(|code| ["wrong-type", "missing-member"].contains(&code)),
            "{run}"
        );
    }
}

#[test]
fn an_event_needs_no_name_where_its_schema_asks_for_none() {
    for event in [json!({ "data": { "text": "a" } }), json!({ "name": "any", "data": { "text": "a" } })] {
        let line = judged(
            "nameless",
            &json!({ "workflow": echo(json!("!ref($.event.data.text)")), "event_schema": schema(), "event": event }),
        );
        assert_eq!(line["run"]["state"], json!({ "1": "a" }), "{event}: {line:?}");
    }
}

#[test]
fn a_mode_is_strict_default_or_lenient() {
    let case = |mode: Value| json!({ "workflow": echo(json!(["!ref($.event.x)"])), "event": { "x": 1 }, "mode": mode });
    let line = judged("mode", &case(json!("strict")));
    assert_eq!((&line["check"], &line["run"]), (&json!("error"), &Value::Null));
    assert_eq!(line["diagnostics"][0]["code"], "checked-at-run-time");
    assert_eq!(line["diagnostics"][0]["severity"], "error");
    for mode in ["default", "lenient"] {
        let line = judged("mode", &case(json!(mode)));
        assert_eq!((&line["check"], &line["run"]["status"]), (&json!("ok"), &json!("completed")), "{mode}");
    }
    let line = judged("mode", &case(json!("loose")));
    assert!(line["error"].as_str().is_some_and(|error| error.contains("loose")), "{line:?}");
}

#[test]
fn other_members_of_a_case_are_ignored() {
    let case =
        json!({ "workflow": echo(json!(1)), "event": null, "expect": [1], "comment": "x", "Mode": "strict" });
    assert_eq!(judged("others", &case)["run"]["status"], "completed");
}

#[test]
fn one_line_comes_for_each_file_in_order_whatever_is_wrong_with_some() {
    let folder = folder("several");
    let case = json!({ "workflow": echo(json!("ü")), "event": null }).to_string();
    let write = |name: &str, bytes: &[u8]| {
        fs::write(folder.join(name), bytes).expect("the target folder is writable");
    };
    write("right.json", case.as_bytes());
    write("no-json.json", b"{ nope");
    write("empty.json", b"");
    write("no-utf8.json", b"{ \"workflow\": \"\xff\" }");
    write("no-workflow.json", b"{ \"event\": {} }");
    write("no-object.json", b"[]");
    write("bad-schema.json", json!({ "workflow": {}, "event_schema": { "type": 7 } }).to_string().as_bytes());
    fs::create_dir_all(folder.join("a folder")).expect("the target folder is writable");
    let files = [
        "./right.json",
        "missing.json",
        "a folder",
        "no-json.json",
        "empty.json",
        "no-utf8.json",
        "no-workflow.json",
        "no-object.json",
        "bad-schema.json",
        "right.json",
        "./right.json",
    ];
    let lines = lines(&conform(&folder, files));
    let named: Vec<_> = lines.iter().map(|line| line["file"].as_str().unwrap_or_default()).collect();
    assert_eq!(named, files, "each as it was given");
    for (file, line) in files.iter().zip(&lines) {
        if file.ends_with("right.json") {
            assert_eq!(line["run"]["state"], json!({ "1": "ü" }), "{line}");
        } else {
            assert_eq!(names(line), ["error", "file"], "{line}");
            assert!(line["error"].as_str().is_some_and(|error| !error.is_empty()), "{line}");
        }
    }
}

#[test]
fn a_document_is_judged_as_it_is_written() {
    let folder = folder("as-written");
    let case = r#"{ "event": null, "workflow": { "actions": [
        { "id": "1", "kind": "echo", "inputs": { "value": 1, "value": 2 } }
    ], "edges": [ { "from": "$source", "to": "1" } ], "edges": [] } }"#;
    fs::write(folder.join("case.json"), case).expect("the target folder is writable");
    let line = &lines(&conform(&folder, ["case.json"]))[0];
    let codes: Vec<_> =
        line["diagnostics"].as_array().into_iter().flatten().map(|found| &found["code"]).collect();
    assert_eq!(codes, ["syntax", "syntax"], "a member that stands there twice is found: {line}");
}

#[test]
fn a_workflow_that_is_no_object_is_checked_and_not_an_error_of_the_case() {
    for workflow in [json!(null), json!([]), json!("x"), json!(1)] {
        let line = judged("no-object", &json!({ "workflow": workflow, "event": {} }));
        assert_eq!((&line["check"], &line["run"]), (&json!("error"), &Value::Null), "{line:?}");
        assert_eq!(line["diagnostics"].as_array().map(Vec::len), Some(1), "{line:?}");
    }
}

#[test]
fn without_files_it_says_how_it_is_used() {
    let output = conform(&folder("usage"), [""; 0]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("usage"));
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_not_utf8_does_not_stop_the_others() {
    use std::os::unix::ffi::OsStrExt;
    let output = Command::new(env!("CARGO_BIN_EXE_conform"))
        .arg(std::ffi::OsStr::from_bytes(b"\xff.json"))
        .arg("missing.json")
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 2);
}
