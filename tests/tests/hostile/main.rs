//! Documents, events and schemas that mean harm. Each is read in a process of its own, with little memory and little time:
//! what comes out is a report, an outcome or a typed error, never a panic, an abort or a hang.
#![cfg(target_os = "linux")]

mod limits;
mod schemas;

use flowright::{Code, Limits, Registry, Report};
use flowright_tests::actions::ACTIONS;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

/// Kilobytes of address space that a process may have.
const MEMORY: u64 = 3 * 1024 * 1024;
/// Seconds of work that a process may take. What is right takes about one, on a slow machine a few.
const TIME: u64 = 30;
/// Seconds until a process that does not even work is given up.
const PATIENCE: u64 = 600;
/// Tells this program that it is the process that reads, and what.
const TASK: &str = "FLOWRIGHT_HOSTILE_TASK";

fn file(name: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    fs::create_dir_all(&folder).expect("the target folder is writable");
    let file = folder.join(name);
    fs::write(&file, text).expect("the target folder is writable");
    file
}

/// Starts a program with little memory and little time.
fn capped(name: &str, program: &Path, arguments: &[&str], task: Option<&str>) -> Output {
    capped_to(MEMORY, name, program, arguments, task)
}

fn capped_to(memory: u64, name: &str, program: &Path, arguments: &[&str], task: Option<&str>) -> Output {
    let mut command = Command::new("timeout");
    command.args(["-s", "KILL", &PATIENCE.to_string(), "sh", "-c"]);
    command
        .arg(format!("ulimit -v {memory}; ulimit -t {TIME}; ulimit -c 0; exec \"$@\""))
        .arg("sh")
        .arg(program)
        .args(arguments);
    command.env("RUST_BACKTRACE", "0").env_remove(TASK);
    if let Some(task) = task {
        command.env(TASK, task);
    }
    let begin = Instant::now();
    let output = command.output().expect("coreutils are there");
    eprintln!("{name}: {:?}", begin.elapsed());
    output
}

/// What `conform` says of a case.
#[track_caller]
fn judged(name: &str, case: &str) -> Value {
    let file = file(&format!("{name}.case.json"), case);
    let file = file.to_str().expect("the path is UTF-8");
    let output = capped(name, Path::new(env!("CARGO_BIN_EXE_conform")), &[file], None);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{name}: {}: {}",
        output.status,
        stderr.chars().take(500).collect::<String>()
    );
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{name} is not one line of JSON: {error}"))
}

/// What the checker says of a text, in short.
#[track_caller]
fn checked(name: &str, text: &str) -> Said {
    checked_within(name, text, false)
}

#[track_caller]
fn checked_within(name: &str, text: &str, wide: bool) -> Said {
    let task = json!({ "file": file(&format!("{name}.json"), text), "wide": wide }).to_string();
    let said = ask(name, &task);
    said.into_iter().next().unwrap_or_else(|| panic!("{name} came to nothing"))
}

#[track_caller]
fn ask(name: &str, task: &str) -> Vec<Said> {
    let this = std::env::current_exe().expect("this program has a file");
    let output = capped(name, &this, &["--exact", "the_process_that_reads", "--nocapture"], Some(task));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{name}: {}: {}",
        output.status,
        stderr.chars().take(500).collect::<String>()
    );
    let stdout = String::from_utf8_lossy(&output.stdout);
    let lines = stdout.lines().filter_map(|line| line.split_once("SAID ").map(|(_, said)| said));
    lines.map(|line| serde_json::from_str(line).expect("it prints JSON")).collect()
}

/// A report in short.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Said {
    accepted: bool,
    codes: BTreeMap<String, usize>,
    /// The longest message or help.
    longest: usize,
    drawn: usize,
}

impl Said {
    fn of(report: &Report, accepted: bool) -> Self {
        let mut codes = BTreeMap::new();
        let mut longest = 0;
        for found in report {
            *codes.entry(found.code().to_string()).or_insert(0) += 1;
            longest = longest.max(found.message().len()).max(found.help().map_or(0, str::len));
        }
        Said { accepted, codes, longest, drawn: report.to_string().len() }
    }

    fn has(&self, code: Code) -> bool {
        self.codes.contains_key(code.slug())
    }
}

#[test]
fn the_process_that_reads() {
    let Ok(task) = std::env::var(TASK) else {
        let registry = Registry::builder().actions(ACTIONS).build().expect("it is right");
        assert!(registry.check("").is_err(), "on its own it has nothing else to read");
        return;
    };
    let task: Value = serde_json::from_str(&task).expect("it is JSON");
    let text = fs::read_to_string(task["file"].as_str().expect("a file")).expect("it is readable");
    let mut builder = Registry::builder().actions(ACTIONS);
    if task["wide"] == true {
        let wide = Limits::default().document_bytes(1 << 30).actions(1 << 30).edges(1 << 30).nesting(1 << 30);
        builder = builder.limits(wide.path_segments(1 << 30).rule_depth(1 << 30));
    }
    let registry = builder.build().expect("it is right");
    let say = |text: &str| {
        let said = match registry.check(text) {
            Ok(workflow) => Said::of(workflow.report(), true),
            Err(report) => Said::of(&report, false),
        };
        println!("SAID {}", serde_json::to_string(&said).expect("it is JSON"));
    };
    if task["truncated"] == true {
        (0..text.len()).filter(|&at| text.is_char_boundary(at)).for_each(|at| say(&text[..at]));
    } else if task["lines"] == true {
        text.split('\u{1e}').for_each(say);
    } else {
        say(&text);
    }
}

/// A document of one `echo` whose input `value` is this JSON text.
fn echo(value: &str) -> String {
    format!(
        r#"{{"actions":[{{"id":"1","kind":"echo","inputs":{{"value":{value}}}}}],"edges":[{{"from":"$source","to":"1"}}]}}"#
    )
}

/// A case of a document and an event, both JSON text.
fn case(workflow: &str, event: &str) -> String {
    format!(r#"{{"workflow":{workflow},"event":{event}}}"#)
}

fn document(actions: impl IntoIterator<Item = String>, edges: impl IntoIterator<Item = String>) -> String {
    let actions: Vec<_> = actions.into_iter().collect();
    let edges: Vec<_> = edges.into_iter().collect();
    format!(r#"{{"actions":[{}],"edges":[{}]}}"#, actions.join(","), edges.join(","))
}

fn plain(id: impl std::fmt::Display) -> String {
    format!(r#"{{"id":"{id}","kind":"echo","inputs":{{"value":1}}}}"#)
}

fn edge(from: impl std::fmt::Display, to: impl std::fmt::Display) -> String {
    format!(r#"{{"from":"{from}","to":"{to}"}}"#)
}

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

const SAMPLE: &str = "{ \"name\": \"é\\u00e9\\ud83d\\ude00\", \"metadata\": { \"n\": [-1.5e-7, true, null] }, \"actions\": [\n\
    { \"id\": \"a\", \"kind\": \"make_user\", \"inputs\": { \"name\": \"x !ref($.event['a\\\\'b'][-1].c) !ref(\\\"t\\\")\", \"age\": 3 } },\n\
    { \"id\": \"b\", \"kind\": \"builtin:if\", \"inputs\": { \"condition\": { \"and\": [{ \"==\": [\"!ref($.state.a.name)\", \"x\"] }, true] } } },\n\
    { \"id\": \"c\", \"kind\": \"echo\", \"inputs\": { \"value\": { \"k\": [\"!ref($.state.b.result)\"] } } }\n\
  ], \"edges\": [{ \"from\": \"$source\", \"to\": \"a\" }, { \"from\": \"a\", \"to\": \"b\" },\n\
    { \"from\": \"b\", \"to\": \"c\", \"conditional\": { \"type\": \"match\", \"ref\": \"!ref($.output.result)\", \"value\": true } }] }";

#[test]
fn a_document_cut_off_at_any_byte_is_refused() {
    assert!(checked("whole", SAMPLE).accepted);
    let said =
        ask("truncated", &json!({ "file": file("truncated.json", SAMPLE), "truncated": true }).to_string());
    assert_eq!(said.len(), SAMPLE.chars().count());
    for (at, said) in said.iter().enumerate() {
        assert!(!said.accepted && said.has(Code::Syntax), "{at}: {said:?}");
    }
}

#[test]
fn a_document_with_any_byte_replaced_or_left_out_is_answered() {
    let mut texts = Vec::new();
    for (at, character) in SAMPLE.char_indices() {
        let (before, behind) = (&SAMPLE[..at], &SAMPLE[at + character.len_utf8()..]);
        texts.push(format!("{before}{behind}"));
        for put in ["\"", "{", "]", ",", "\\", "\0", "0", "'", ")", "\u{feff}", "\u{2028}"] {
            texts.push(format!("{before}{put}{behind}"));
        }
    }
    let task = json!({ "file": file("changed.json", &texts.join("\u{1e}")), "lines": true }).to_string();
    let said = ask("changed", &task);
    assert_eq!(said.len(), texts.len());
    for (said, text) in said.iter().zip(&texts) {
        assert!(said.accepted || !said.codes.is_empty(), "nothing is said of {text}");
    }
}

#[test]
fn malformed_json_of_many_kinds_is_refused_as_syntax() {
    let texts = [
        "",
        " ",
        "\0",
        "\u{feff}",
        "\u{feff}{}",
        "{",
        "}",
        "[",
        "]",
        "{]",
        "[}",
        "{}{}",
        "{}x",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\" 1}",
        "{1:1}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":'b'}",
        "{\"a\":\"b}",
        "{\"a\":\"\\",
        "{\"a\":\"\\u\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\\ud800\"}",
        "{\"\\ud800\":1}",
        "{\"a\":\"\\ud83d\\u0041\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":\u{7f}}",
        "{\"a\":tru}",
        "{\"a\":nulll}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":-}",
        "{\"a\":+1}",
        "{\"a\":1.}",
        "{\"a\":.1}",
        "{\"a\":1e}",
        "{\"a\":1e+}",
        "{\"a\":00}",
        "{\"a\":0x1}",
        "{\"a\":1_000}",
        "{\"a\":--1}",
        "{\"a\":1..2}",
        "// x",
        "/* x",
        "/* x */",
        "{}//",
        "#",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1;\"b\":2}",
        "\u{2028}{}",
        "{\u{a0}}",
        "<html>",
        "---\na: 1",
        "undefined",
        "{\"a\":[1 2]}",
        "{\"a\":[,]}",
        "{\"a\":[1,,2]}",
        "\"",
        "'",
        "{\"a\":\"\\x41\"}",
        "{\"a\":\"\\u{41}\"}",
        "{\"a\":`b`}",
        "{...a}",
        "(",
        "{}\0",
        "{\"a\":{\"a\":1,\"a\":2}}",
    ];
    let said = ask(
        "malformed",
        &json!({ "file": file("malformed.json", &texts.join("\u{1e}")), "lines": true }).to_string(),
    );
    assert_eq!(said.len(), texts.len());
    for (said, text) in said.iter().zip(texts) {
        assert!(!said.accepted && said.has(Code::Syntax), "{text:?}: {said:?}");
    }
}

#[test]
fn a_large_document_with_many_faults_is_refused() {
    let key = "k".repeat(1 << 20);
    let numbers = checked("long-key", &echo(&format!(r#"{{"{key}":[{}1]}}"#, "1e999,".repeat(200_000))));
    assert!(!numbers.accepted && numbers.has(Code::Limit), "{numbers:?}");
    let members = (0..40_000).map(|number| format!("\"k{number}\":1,")).collect::<Vec<_>>().concat();
    let unknown = checked("unknown-members", &format!(r#"{{{members}"actions":[]}}"#));
    assert!(!unknown.accepted && unknown.has(Code::Limit) && unknown.has(Code::UnknownMember), "{unknown:?}");
    let texts = checked("texts", &echo(&format!("[{}0.]", "\"é\u{202e}\",".repeat(400_000))));
    assert!(!texts.accepted && texts.drawn < 10_000, "{texts:?}");
}

#[test]
fn four_mebibytes_of_one_thing_are_refused() {
    const LENGTH: usize = 4 * 1024 * 1024 - 64;
    for (name, text) in [
        ("brackets", "[".repeat(LENGTH)),
        ("braces", "{".repeat(LENGTH)),
        ("members", "{\"a\":".repeat(LENGTH / 5)),
        ("quotes", "\"".repeat(LENGTH)),
        ("one-string", format!("\"{}\"", "x".repeat(LENGTH))),
        ("open-string", format!("\"{}", "x".repeat(LENGTH))),
        ("backslashes", format!("\"{}", "\\".repeat(LENGTH))),
        ("commas", format!("[{}", ",".repeat(LENGTH))),
        ("digits", "1".repeat(LENGTH)),
        ("spaces", " ".repeat(LENGTH)),
        ("new-lines", "\n".repeat(LENGTH)),
        ("nul", "\0".repeat(LENGTH)),
        ("slashes", "/".repeat(LENGTH)),
        ("open-comment", format!("/*{}", "*".repeat(LENGTH))),
        ("comments", "/**/".repeat(LENGTH / 4)),
        ("letters", "a".repeat(LENGTH)),
        ("words", "a ".repeat(LENGTH / 2)),
        ("closing", "]".repeat(LENGTH)),
        ("marks", "\u{feff}".repeat(LENGTH / 3)),
    ] {
        let said = checked(name, &text);
        assert!(!said.accepted, "{name}");
        assert!(said.longest < 2_000, "{name}: a message of {} bytes", said.longest);
        assert!(said.drawn < 5_000_000, "{name}: a report of {} bytes", said.drawn);
    }
}

#[test]
fn what_is_larger_than_the_limit_is_not_read() {
    let said = checked("too-large", &echo(&format!("\"{}\"", "x".repeat(5 * 1024 * 1024))));
    assert_eq!(said.codes, BTreeMap::from([("limit".to_owned(), 1)]));
}

#[test]
fn nesting_of_any_depth_is_a_limit() {
    const DEEP: usize = 100_000;
    for (name, text) in [
        ("deep-arrays", nested("[", "", "]", DEEP)),
        ("deep-objects", nested("{\"a\":", "1", "}", DEEP)),
        ("deep-input", echo(&nested("[", "", "]", DEEP))),
        ("deep-object-input", echo(&nested("{\"a\":", "1", "}", DEEP))),
        ("deep-ref", echo(&nested("[", "\"!ref($.event)\"", "]", DEEP))),
        (
            "deep-metadata",
            format!(r#"{{"metadata":{},"actions":[],"edges":[]}}"#, nested("{\"a\":", "1", "}", DEEP)),
        ),
        ("deep-edges", format!(r#"{{"actions":[],"edges":{}}}"#, nested("[", "", "]", DEEP))),
        ("deep-unknown", format!(r#"{{"x":{},"actions":[],"edges":[]}}"#, nested("[", "", "]", DEEP))),
        ("deep-unclosed", format!(r#"{{"actions":{}"#, "[".repeat(DEEP))),
        ("deep-mixed", echo(&nested("[{\"a\":", "1", "}]", DEEP))),
    ] {
        let said = checked(name, &text);
        assert!(said.has(Code::Limit), "{name}: {said:?}");
        assert!(!said.accepted);
        let said = checked_within(name, &text, true);
        assert!(!said.accepted, "no limit goes beyond what can be read: {name}: {said:?}");
    }
}

#[test]
fn a_deep_rule_is_a_limit() {
    for (name, open, close) in [
        ("deep-not", "{\"!\":", "}"),
        ("deep-and", "{\"and\":[true,", "]}"),
        ("deep-if", "{\"if\":[true,", ",1]}"),
        ("deep-map", "{\"map\":[[1],", "]}"),
    ] {
        for depth in [60, 100, 10_000] {
            let text = echo("1")
                .replace("\"echo\"", "\"builtin:if\"")
                .replace("\"value\":1", &format!("\"condition\":{}", nested(open, "true", close, depth)));
            for wide in [false, true] {
                let said = checked_within(&format!("{name}-{depth}-{wide}"), &text, wide);
                assert!(said.accepted || said.has(Code::Limit), "{name} {depth} {wide}: {said:?}");
            }
            let line = judged(&format!("{name}-{depth}-run"), &case(&text, "null"));
            assert!(line["check"] == "error" || line["run"]["status"] == "completed", "{name}: {line}");
        }
    }
}

#[test]
fn names_of_a_megabyte_are_answered_briefly() {
    let long = "x".repeat(1 << 20);
    for (name, text) in [
        ("long-id", echo("1").replace("\"1\"", &format!("\"{long}\""))),
        ("long-kind", echo("1").replace("echo", &long)),
        ("long-input", echo("1").replace("value", &long)),
        ("long-member", echo("1").replace("\"kind\"", &format!("\"{long}\":1,\"kind\""))),
        ("long-top-member", echo("1").replacen('{', &format!("{{\"{long}\":1,"), 1)),
        ("long-to", echo("1").replace("\"to\":\"1\"", &format!("\"to\":\"{long}\""))),
        ("long-ref-id", echo(&format!("\"!ref($.state.{long})\""))),
        ("long-ref-field", echo(&format!("\"!ref($.{long})\""))),
        ("long-ref-word", echo(&format!("\"!ref({long})\""))),
        ("long-ref-dash", echo(&format!("\"!ref($.event.a-{long})\""))),
        ("long-ref-quoted", echo(&format!("\"!ref($.event['{long}\""))),
        ("long-index", echo(&format!("\"!ref($.event[{}])\"", "1".repeat(1 << 20)))),
        (
            "long-operator",
            echo("1")
                .replace("\"echo\"", "\"builtin:if\"")
                .replace("\"value\":1", &format!("\"condition\":{{\"{long}\":1}}")),
        ),
        (
            "long-type",
            echo("1").replace(
                "\"to\":\"1\"",
                &format!("\"to\":\"1\",\"conditional\":{{\"type\":\"{long}\",\"ref\":\"!ref($.event)\"}}"),
            ),
        ),
        ("long-number", echo(&"1".repeat(1 << 20))),
        ("long-fraction", echo(&format!("0.{}e400", "1".repeat(1 << 20)))),
        ("long-word", echo(&long)),
        (
            "long-email",
            echo("1")
                .replace("\"echo\"", "\"send_email\"")
                .replace("\"value\":1", &format!("\"to\":\"{long}\",\"subject\":\"\",\"body\":\"\"")),
        ),
        (
            "long-text",
            echo("1")
                .replace("\"echo\"", "\"add\"")
                .replace("\"value\":1", &format!("\"a\":\"{long}\",\"b\":1")),
        ),
        ("long-key", format!("{{\"{long}\":1,\"{long}\":2}}")),
    ] {
        let said = checked(name, &text);
        assert!(!said.codes.is_empty(), "{name}");
        assert!(said.longest < 2_000, "{name}: a message of {} bytes", said.longest);
        assert!(said.drawn < 20_000, "{name}: a report of {} bytes", said.drawn);
    }
}

#[test]
fn a_long_ref_that_is_right_is_taken_or_a_limit() {
    let run =
        |name: &str, reference: &str| judged(name, &case(&echo(&format!("\"{reference}\"")), "{\"a\":1}"));
    let line = run("ref-64k-name", &format!("!ref($.event['{}'])", "x".repeat(1 << 16)));
    assert_eq!(line["run"]["failed"]["code"], "may-be-absent", "{line}");
    for (name, segment) in [("ref-64k-dots", ".a"), ("ref-64k-indices", "[0]"), ("ref-64k-quotes", "['a']")] {
        let line = run(name, &format!("!ref($.event{})", segment.repeat((1 << 16) / segment.len())));
        assert_eq!(line["diagnostics"][0]["code"], "limit", "{name}");
        assert_eq!(line["diagnostics"].as_array().map(Vec::len), Some(1));
    }
    for (name, text) in [
        ("ref-opens", "!ref(".repeat(20_000)),
        ("ref-brackets", format!("!ref($.event{})", "[".repeat(1 << 16))),
        ("ref-quotes", format!("!ref($.event[{}])", "'".repeat(1 << 16))),
        ("ref-dots", format!("!ref($.event{})", ".".repeat(1 << 16))),
        ("ref-closes", format!("!ref($.event{}", ")".repeat(1 << 16))),
        ("ref-literal", format!("!ref(\\\"{}\\\")", "x".repeat(1 << 16))),
        ("ref-open-literals", "!ref(\\\"".repeat(10_000)),
    ] {
        let line = run(name, &text);
        assert!(
            line["check"] == "ok" || line["diagnostics"].as_array().is_some_and(|found| !found.is_empty()),
            "{name}"
        );
    }
}

#[test]
fn text_with_a_hundred_thousand_refs_is_filled_in() {
    let text = echo(&format!("\"{}\"", "!ref($.event.a)".repeat(100_000)));
    let line = judged("refs-100k", &case(&text, "{\"a\":7}"));
    assert_eq!(line["run"]["state"]["1"].as_str().map(str::len), Some(100_000), "{}", line["diagnostics"]);
    let line = judged("refs-100k-large", &case(&text, &format!("{{\"a\":\"{}\"}}", "x".repeat(10_000))));
    assert_eq!(line["run"]["failed"]["code"], "limit", "a gigabyte of text");
    let unknown = echo(&format!("\"{}\"", "!ref($.nope.a)".repeat(100_000)));
    let said = checked("unknown-refs-100k", &unknown);
    assert!(said.has(Code::UnknownRoot) && said.codes.values().sum::<usize>() <= 1_001, "{said:?}");
}

#[test]
fn a_state_that_doubles_at_each_step_is_a_limit() {
    for (name, value) in [
        ("doubling-array", r#"["!ref($.state.P)","!ref($.state.P)"]"#),
        ("doubling-text", r#""!ref($.state.P)!ref($.state.P)""#),
        ("doubling-object", r#"{"a":"!ref($.state.P)","b":["!ref($.state.P)"]}"#),
    ] {
        let actions = (0..30).map(|step| {
            let value = if step == 0 {
                "\"xxxxxxxxxxxxxxxx\"".to_owned()
            } else {
                value.replace('P', &(step - 1).to_string())
            };
            format!(r#"{{"id":"{step}","kind":"echo","inputs":{{"value":{value}}}}}"#)
        });
        let edges = (0..30).map(|step| if step == 0 { edge("$source", 0) } else { edge(step - 1, step) });
        let text = document(actions, edges);
        let file = file(&format!("{name}.case.json"), &case(&text, "null"));
        let output =
            capped(name, Path::new(env!("CARGO_BIN_EXE_conform")), &[file.to_str().expect("UTF-8")], None);
        assert!(output.status.success(), "{name}: {:?}", String::from_utf8_lossy(&output.stderr));
        let line = String::from_utf8_lossy(&output.stdout);
        assert!(
            line.contains("\"code\":\"limit\""),
            "{name}: {}",
            line.chars().rev().take(300).collect::<String>()
        );
    }
}

#[test]
fn a_large_event_that_every_action_repeats_is_a_limit() {
    let actions =
        (0..1_000).map(|id| format!(r#"{{"id":"{id}","kind":"echo","inputs":{{"value":"!ref($.event)"}}}}"#));
    let text = document(actions, (0..1_000).map(|to| edge("$source", to)));
    let line = judged("repeated-event", &case(&text, &format!("\"{}\"", "x".repeat(4 << 20))));
    assert_eq!(line["run"]["failed"]["code"], "limit");
}

#[test]
fn an_event_of_any_depth_is_a_typed_error() {
    for (name, open, close) in [("deep-event-arrays", "[", "]"), ("deep-event-objects", "{\"a\":", "}")] {
        for depth in [100, 127, 128, 200, 100_000] {
            let line = judged(name, &case(&echo("1"), &nested(open, "1", close, depth)));
            let refused = line["error"].is_string() || line["run"]["failed"]["code"] == "limit";
            assert!(refused || line["run"]["status"] == "completed", "{name} {depth}: {line}");
        }
    }
}

#[test]
fn ten_thousand_actions_fan_out_and_in() {
    const WIDE: usize = 9_998;
    let actions = (0..WIDE + 2).map(plain);
    let fan = (1..=WIDE).flat_map(|at| [edge(0, at), edge(at, WIDE + 1)]);
    let text = document(actions, std::iter::once(edge("$source", 0)).chain(fan));
    let line = judged("fan", &case(&text, "null"));
    assert_eq!(line["run"]["status"], "completed", "{}", line["diagnostics"]);
    assert_eq!(line["run"]["calls"].as_array().map(Vec::len), Some(WIDE + 2));
}

#[test]
fn a_chain_of_ten_thousand_runs_and_is_skipped() {
    const LONG: usize = 10_000;
    for (name, first, calls) in [("chain", "true", LONG), ("chain-of-skips", "false", 1)] {
        let actions =
            (0..LONG).map(|id| format!(r#"{{"id":"{id}","kind":"echo","inputs":{{"value":{first}}}}}"#));
        let edges = (0..LONG).map(|to| match to {
            0 => edge("$source", 0),
            1 => r#"{"from":"0","to":"1","conditional":{"type":"if","ref":"!ref($.output)"}}"#.to_owned(),
            to => edge(to - 1, to),
        });
        let line = judged(name, &case(&document(actions, edges), "null"));
        assert_eq!(line["run"]["status"], "completed", "{name}: {}", line["diagnostics"]);
        assert_eq!(line["run"]["calls"].as_array().map(Vec::len), Some(calls), "{name}");
    }
}

#[test]
fn fifty_thousand_edges_are_followed() {
    const ACTIONS_THERE: usize = 400;
    let mut edges = vec![edge("$source", 0)];
    'all: for from in 0..ACTIONS_THERE {
        for to in from + 1..ACTIONS_THERE {
            if edges.len() == 50_000 {
                break 'all;
            }
            edges.push(edge(from, to));
        }
    }
    let line = judged("edges-50k", &case(&document((0..ACTIONS_THERE).map(plain), edges), "null"));
    assert_eq!(line["run"]["status"], "completed", "{}", line["diagnostics"]);
}

#[test]
fn ten_thousand_conditions_on_a_chain_are_checked_in_time() {
    const LONG: usize = 5_000;
    let actions = (0..LONG)
        .map(|id| format!(r#"{{"id":"{id}","kind":"echo","inputs":{{"value":"!ref($.event.x)"}}}}"#));
    let edges = (0..LONG).flat_map(|to| {
        let from = if to == 0 { "$source".to_owned() } else { (to - 1).to_string() };
        ["if", "else"].map(|test| format!(r#"{{"from":"{from}","to":"{to}","conditional":{{"type":"{test}","ref":"!ref($.event.c{to})"}}}}"#))
    });
    let line = judged("conditions", &case(&document(actions, edges), "{\"x\":1}"));
    assert_eq!(line["run"]["status"], "completed", "{}", line["diagnostics"]);
    assert_eq!(line["run"]["calls"].as_array().map(Vec::len), Some(LONG));
}

#[test]
fn too_many_actions_or_edges_are_a_limit_and_can_be_allowed() {
    const EDGES: usize = 200_000;
    let actions = || (0..100_000).map(plain);
    let many = document(actions(), [edge("$source", 0)]);
    assert!(checked("actions-100k", &many).has(Code::Limit));
    let edges =
        || std::iter::once(edge("$source", 0)).chain((0..EDGES).map(|at| edge(at % 1_000, at % 999 + 1)));
    let many = document((0..1_000).map(plain), edges());
    assert!(checked("edges-200k", &many).has(Code::Limit));
    let said = checked_within("edges-200k-wide", &many, true);
    assert!(!said.accepted && said.codes.values().sum::<usize>() <= 1_001, "{said:?}");
    let compact = document((0..60_000).map(|_| "0".to_owned()), []);
    assert!(checked("actions-60k", &compact).has(Code::Limit));
    let compact = document([], (0..1_000_000).map(|_| "0".to_owned()));
    assert!(checked("edges-1m-compact", &compact).has(Code::Limit));
}

#[test]
fn cycles_of_any_size_are_named() {
    const LONG: usize = 10_000;
    let ring = (0..LONG).map(|at| edge(at, (at + 1) % LONG));
    let said = checked("ring", &document((0..LONG).map(plain), ring.chain([edge("$source", 0)])));
    assert_eq!(said.codes, BTreeMap::from([("cycle".to_owned(), 1)]));
    let pairs = (0..LONG / 2)
        .flat_map(|at| [edge(2 * at, 2 * at + 1), edge(2 * at + 1, 2 * at), edge("$source", 2 * at)]);
    let said = checked("pairs", &document((0..LONG).map(plain), pairs));
    assert!(said.codes["cycle"] >= 999, "{said:?}");
    let knot = (0..200).flat_map(|from| (0..200).map(move |to| edge(from, to)));
    let said = checked("knot", &document((0..200).map(plain), knot.chain([edge("$source", 0)])));
    assert_eq!(said.codes, BTreeMap::from([("cycle".to_owned(), 1)]));
}

#[test]
fn many_mistakes_are_listed_up_to_a_thousand() {
    let concat = |parts: &str| {
        echo("1").replace("\"echo\"", "\"concat\"").replace("\"value\":1", &format!("\"parts\":[{parts}]"))
    };
    let all = |element: &str, times: usize| vec![element; times].join(",");
    for (name, text) in [
        ("wrong-100k", concat(&all("1", 100_000))),
        ("refs-wrong-100k", concat(&all("\"!ref($.x)\"", 100_000))),
        ("refs-malformed-100k", concat(&all("\"!ref(\"", 100_000))),
        ("refs-unknown-id-50k", concat(&all("\"!ref($.state.nope)\"", 50_000))),
        (
            "kinds-10k",
            document(
                (0..10_000).map(|id| plain(id).replace("echo", "ecko")),
                (0..10_000).map(|id| edge("$source", id)),
            ),
        ),
        ("same-id-10k", document((0..10_000).map(|_| plain("same")), [edge("$source", "same")])),
        ("same-edge-50k", document([plain(0)], (0..50_000).map(|_| edge("$source", 0)))),
        (
            "no-objects-10k",
            document((0..10_000).map(|_| "0".to_owned()), (0..50_000).map(|_| "0".to_owned())),
        ),
        (
            "empty-objects-10k",
            document((0..10_000).map(|_| "{}".to_owned()), (0..50_000).map(|_| "{}".to_owned())),
        ),
        (
            "unknown-members-200k",
            format!(
                "{{{},\"actions\":[],\"edges\":[]}}",
                (0..200_000).map(|at| format!("\"m{at}\":1")).collect::<Vec<_>>().join(",")
            ),
        ),
        (
            "unknown-inputs-100k",
            echo("1").replace(
                "\"value\":1",
                &(0..100_000).map(|at| format!("\"m{at}\":1")).collect::<Vec<_>>().join(","),
            ),
        ),
        ("same-key-200k", format!("{{{}}}", all("\"a\":1", 200_000))),
        ("unreachable-10k", document((0..10_000).map(plain), [edge("$source", 0)])),
        ("comments-100k", format!("{{{}}}", "/**/".repeat(100_000))),
        ("escapes-100k", echo(&format!("\"{}\"", "\\x".repeat(100_000)))),
        ("surrogates-100k", echo(&format!("\"{}\"", "\\ud800".repeat(100_000)))),
        ("numbers-100k", echo(&format!("[{}]", all("1e999", 100_000)))),
    ] {
        let said = checked(name, &text);
        let listed: usize = said.codes.values().sum();
        assert!((1..=1_001).contains(&listed), "{name}: {said:?}");
        assert!(said.drawn < 5_000_000, "{name}: a report of {} bytes", said.drawn);
    }
}

#[test]
fn strange_characters_are_answered() {
    let mut values = String::new();
    for character in [
        "\\u0000",
        "\\u202e",
        "\\ufeff",
        "\\uffff",
        "\u{10ffff}",
        "\\u0007",
        "\\u2028",
        "\\u001b[31m",
        "\u{e000}",
        "\\b",
        "\u{301}",
    ] {
        let _ = write!(values, "\"{character}\":\"{character}!ref($.event['{character}'])\",");
    }
    let text = echo(&format!(
        "{{{}\"end\":1}}",
        values
            .replace("\\u0000'", "x'")
            .replace("\\u0007'", "x'")
            .replace("\\u001b[31m'", "x'")
            .replace("\\b'", "x'")
    ));
    let line = judged("strange", &case(&text, "{}"));
    assert_eq!(line["run"]["failed"]["code"], "may-be-absent", "{line}");
    let raw = echo("\"a\u{0}b\u{1b}[31m\u{7}\"");
    assert!(checked("raw-controls", &raw).has(Code::Syntax));
    for name in [
        "__proto__",
        "constructor",
        "prototype",
        "toString",
        "$ref",
        "",
        " ",
        "\\u0000",
        "\\\\",
        "\\\"",
        "~1",
        "/",
    ] {
        let text = echo(&format!("{{\"{name}\":{{\"{name}\":\"!ref($.event)\"}}}}"));
        let line = judged("strange-keys", &case(&text, &format!("{{\"{name}\":1}}")));
        assert_eq!(line["run"]["status"], "completed", "{name}: {line}");
        assert_eq!(
            line["run"]["state"]["1"],
            serde_json::from_str::<Value>(&format!("{{\"{name}\":{{\"{name}\":{{\"{name}\":1}}}}}}"))
                .expect("JSON")
        );
    }
}

#[test]
fn numbers_that_nothing_holds_are_refused() {
    for number in [
        "1e400",
        "-1e400",
        "18446744073709551616",
        "-9223372036854775809",
        "123456789012345678901234567890",
        "1e999999999999",
    ] {
        let said = checked("huge-number", &echo(number));
        assert_eq!(said.codes, BTreeMap::from([("out-of-range".to_owned(), 1)]), "{number}");
        let line = judged("huge-number-event", &case(&echo("\"!ref($.event)\""), number));
        assert!(line["error"].is_string() || line["run"]["status"] == "completed", "{number}: {line}");
    }
    for number in ["1e-400", "-0", "0e999999999999", "1e308", "18446744073709551615", "0.1e1"] {
        assert!(checked("number", &echo(number)).accepted, "{number}");
    }
}

/// A case of one `builtin:if` with this condition.
fn rule(condition: &str, event: &str) -> String {
    case(
        &echo("1")
            .replace("\"echo\"", "\"builtin:if\"")
            .replace("\"value\":1", &format!("\"condition\":{condition}")),
        event,
    )
}

/// The rule came to a result or to a limit.
#[track_caller]
fn ends(name: &str, condition: &str, event: &str) -> Value {
    let line = judged(name, &rule(condition, event));
    assert_eq!(line["check"], "ok", "{name}: {}", line["diagnostics"]);
    let (status, code) = (&line["run"]["status"], &line["run"]["failed"]["code"]);
    assert!(status == "completed" || code == "limit", "{name}: {}", line["run"]);
    line
}

#[test]
fn rules_that_grow_what_they_hold_come_to_an_end() {
    let list = |length: usize| format!("[{}]", vec!["1"; length].join(","));
    let reduce = |step: &str, length: usize| format!("{{\"reduce\":[{},{step},\"x\"]}}", list(length));
    let acc = "{\"var\":\"accumulator\"}";
    for (name, condition) in [
        ("rule-cat-doubles", reduce(&format!("{{\"cat\":[{acc},{acc}]}}"), 60)),
        ("rule-merge-doubles", reduce(&format!("{{\"merge\":[{acc},{acc}]}}"), 60)),
        ("rule-merge-nests", reduce(&format!("{{\"map\":[{acc},{acc}]}}"), 60)),
        ("rule-if-nests", reduce(&format!("{{\"merge\":[[{acc}],[{acc}]]}}"), 5_000)),
        ("rule-sums", reduce(&format!("{{\"+\":[{acc},{acc}]}}"), 5_000)),
    ] {
        ends(name, &condition, "null");
    }
    let mut maps = "1".to_owned();
    for _ in 0..12 {
        maps = format!("{{\"map\":[{},{maps}]}}", list(20));
    }
    assert_eq!(ends("rule-maps", &maps, "null")["run"]["failed"]["code"], "limit", "20¹² steps");
    let cats = nested("{\"cat\":[\"x\",", "\"x\"", "]}", 25);
    ends("rule-cats", &cats, "null");
    let wide = format!("{{\"merge\":[{}]}}", vec!["[1,2,3]"; 200_000].join(","));
    ends("rule-wide-merge", &wide, "null");
    let wide = format!("{{\"cat\":[{}]}}", vec!["\"!ref($.event.s)\""; 50_000].join(","));
    ends("rule-wide-cat", &wide, &format!("{{\"s\":\"{}\"}}", "x".repeat(100_000)));
}

#[test]
fn rules_that_look_at_much_again_and_again_come_to_an_end() {
    let list = format!("[{}]", vec!["1"; 10_000].join(","));
    let large = format!("\"{}\"", "x".repeat(4 << 20));
    let items = format!("[{}]", vec!["7"; 1 << 20].join(","));
    for (name, step, value) in [
        ("rule-in-text", "{\"in\":[\"xy\",\"!ref($.event)\"]}", &large),
        ("rule-in-list", "{\"in\":[{\"var\":\"\"},\"!ref($.event)\"]}", &items),
        ("rule-substr", "{\"substr\":[\"!ref($.event)\",-3]}", &large),
        ("rule-cat", "{\"cat\":[\"!ref($.event)\",\"x\"]}", &large),
        ("rule-equal-text", "{\"==\":[\"!ref($.event)\",\"!ref($.event)\"]}", &large),
        ("rule-equal-number", "{\"==\":[\"!ref($.event)\",3]}", &large),
        ("rule-list-as-text", "{\"==\":[\"!ref($.event)\",\"x\"]}", &items),
        ("rule-less-text", "{\"<\":[\"!ref($.event)\",\"!ref($.event)\"]}", &large),
        ("rule-number", "{\"+\":[\"!ref($.event)\",1]}", &large),
        ("rule-merge", "{\"merge\":[\"!ref($.event)\",1]}", &items),
        ("rule-max", "{\"max\":[\"!ref($.event)\",1]}", &items),
        ("rule-text", "{\"!!\":[\"<!ref($.event)>\"]}", &large),
        ("rule-literal-list", "{\"!!\":[[\"!ref($.event)\",\"!ref($.event)\"]]}", &items),
        ("rule-all", "{\"all\":[\"!ref($.event)\",true]}", &items),
    ] {
        for operator in ["map", "filter", "some"] {
            ends(&format!("{name}-{operator}"), &format!("{{\"{operator}\":[{list},{step}]}}"), value);
        }
    }
}

#[test]
fn a_format_of_a_long_text_is_checked_in_time() {
    let to = |text: &str| {
        echo("1")
            .replace("\"echo\"", "\"send_email\"")
            .replace("\"value\":1", &format!("\"to\":\"{text}\",\"subject\":\"\",\"body\":\"\""))
    };
    for (name, text) in [
        ("email-at", "@".repeat(1 << 20)),
        ("email-dots", format!("{}@x", "a.".repeat(1 << 19))),
        ("email-host", format!("a@{}x", "a.".repeat(1 << 19))),
        ("email-quotes", "\\\"".repeat(1 << 19)),
        ("email-comments", format!("{}@x.y", "(".repeat(1 << 20))),
    ] {
        assert!(!checked(name, &to(&text)).accepted, "{name}");
        let line = judged(&format!("{name}-run"), &case(&to("!ref($.event)"), &format!("\"{text}\"")));
        assert_eq!(line["run"]["failed"]["code"], "bad-format", "{name}");
        assert!(
            line["run"]["failed"]["message"].as_str().is_some_and(|message| message.len() < 2_000),
            "{name}"
        );
    }
}
