//! `run --journal`, as users call it.

#![cfg(unix)]

use flowright::{Engine, Registry};
use flowright_sqlite::{Client, Journal, RunStatus, What, Worker};
use serde_json::{Value, json};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_mins(1);

const KEPT: [&str; 4] = ["--journal", "runs.db", "--id", "a"];

fn registry() -> Registry {
    Registry::builder().build().unwrap()
}

/// A folder with a workflow and the event that starts it.
struct Folder(TempDir);

/// What a command came to.
struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Folder {
    /// A workflow of actions one behind the other.
    fn of(actions: &[(&str, Value)]) -> Self {
        let folder = Folder(tempfile::tempdir().unwrap());
        folder.write("go.json", r#"{ "name": "go", "data": "now" }"#);
        folder.workflow(actions);
        folder
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }

    fn workflow(&self, actions: &[(&str, Value)]) {
        let edges = (0..actions.len()).map(|at| {
            let from = if at == 0 { "$source".to_owned() } else { at.to_string() };
            json!({ "from": from, "to": (at + 1).to_string() })
        });
        let edges: Vec<Value> = edges.collect();
        let actions = actions.iter().enumerate().map(
            |(at, (kind, inputs))| json!({ "id": (at + 1).to_string(), "kind": kind, "inputs": inputs }),
        );
        let actions: Vec<Value> = actions.collect();
        self.write("errand.json", &json!({ "actions": actions, "edges": edges }).to_string());
    }

    fn errand(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_errands"));
        command.args(["run", "errand.json", "--event", "go.json"]).args(arguments);
        command.current_dir(self.0.path()).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn begin(&self, arguments: &[&str]) -> Running {
        Running(self.errand(arguments).spawn().unwrap())
    }

    fn end(&self, arguments: &[&str]) -> Ended {
        self.begin(arguments).end()
    }

    /// What the actions wrote.
    fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.0.path().join("trace")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn client(&self) -> Client {
        Journal::open(self.0.path().join("runs.db")).unwrap().client(&registry())
    }
}

/// A command under way.
struct Running(Child);

impl Running {
    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.0.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    fn end(mut self) -> Ended {
        until(|| self.0.try_wait().unwrap().is_some());
        let output = self.0.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

fn until(mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "it never came to that");
        thread::sleep(Duration::from_millis(10));
    }
}

fn note(text: &str) -> (&'static str, Value) {
    ("note", json!({ "text": text, "file": "trace" }))
}

fn work(ms: u64) -> (&'static str, Value) {
    ("work", json!({ "ms": ms, "file": "trace" }))
}

#[test]
fn a_run_that_is_kept_prints_what_one_in_memory_prints() {
    let completes = Folder::of(&[note("a"), note("b")]);
    let fails = Folder::of(&[note("a"), ("fail", json!({ "why": "no \u{e4}" })), note("b")]);
    for (folder, code, end) in [
        (completes, 0, "completed\n"),
        (fails, 1, "3 did not start\nfailed: action `2` (fail) failed: no \u{e4}\n"),
    ] {
        for shown in [&[][..], &["--trace"]] {
            let in_memory = folder.end(shown);
            assert_eq!((in_memory.code, &*in_memory.err), (Some(code), ""));
            let kept = folder.end(&[&["--journal", "runs.db"], shown].concat());
            assert_eq!((kept.code, &kept.out), (Some(code), &in_memory.out));
            assert!(shown.is_empty() || kept.out.ends_with(end), "{}", kept.out);
            let id = kept.err.split('`').nth(1).unwrap();
            let said = format!(
                "the run is `{id}`; where it is interrupted, the same command with `--id {id}` goes on with it\n"
            );
            assert_eq!(kept.err, said);
            let lines = folder.lines().len();
            let again = folder.end(&[&["--journal", "runs.db", "--id", id], shown].concat());
            assert_eq!((again.code, &*again.out, &*again.err), (Some(code), &*kept.out, ""));
            assert_eq!(folder.lines().len(), lines);
        }
    }
}

#[test]
fn what_completed_is_not_executed_again_under_the_same_id() {
    let folder = Folder::of(&[note("once")]);
    let first = folder.end(&KEPT);
    assert_eq!((first.code, &*first.err), (Some(0), ""));
    let second = folder.end(&KEPT);
    assert_eq!((second.code, second.out, &*second.err), (Some(0), first.out, ""));
    assert_eq!(folder.lines(), ["once"]);
    folder.end(&["--journal", "runs.db", "--id", "b"]);
    assert_eq!(folder.lines(), ["once", "once"]);
}

#[test]
fn another_document_or_event_is_refused_under_the_same_id() {
    let folder = Folder::of(&[note("once")]);
    assert_eq!(folder.end(&KEPT).code, Some(0));
    let refused = |ended: Ended| {
        let said =
            "error: there is a run `a` already, of another document or event: give this one another id\n";
        assert_eq!((ended.code, &*ended.out, &*ended.err), (Some(2), "", said));
    };
    folder.workflow(&[note("twice")]);
    refused(folder.end(&KEPT));
    folder.workflow(&[note("once")]);
    folder.write("go.json", r#"{ "name": "go", "data": "later" }"#);
    refused(folder.end(&KEPT));
    assert_eq!(folder.lines(), ["once"]);
}

#[test]
fn an_event_is_refused_as_it_is_in_memory() {
    let folder = Folder::of(&[note("once")]);
    folder.write("go.json", r#"{ "name": "go", "data": 7 }"#);
    let (in_memory, kept) = (folder.end(&[]), folder.end(&KEPT));
    assert!(kept.err.starts_with("error: the event is refused: "), "{}", kept.err);
    assert_eq!((kept.code, kept.err), (Some(1), in_memory.err));
    assert_eq!(in_memory.code, Some(1));
}

#[test]
fn an_id_asks_for_a_journal() {
    let ended = Folder::of(&[note("once")]).end(&["--id", "a"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("--journal <FILE>"), "{}", ended.err);
    let nowhere = Folder::of(&[note("once")]).end(&["--journal", "nowhere/runs.db"]);
    assert_eq!((nowhere.code, &*nowhere.out), (Some(2), ""));
    assert!(nowhere.err.starts_with("error: the journal cannot be used: "), "{}", nowhere.err);
}

#[test]
fn a_command_that_is_killed_in_a_sleep_goes_on_after_it() {
    let folder = Folder::of(&[note("before"), ("nap", json!({ "ms": 3_000 })), note("after")]);
    let killed = folder.begin(&KEPT);
    until(|| !folder.lines().is_empty());
    let client = folder.client();
    let sleeps = || client.history("a").unwrap().iter().any(|entry| entry.what == What::Sleep);
    until(sleeps);
    killed.kill();
    assert_eq!(
        (folder.lines(), client.get("a").unwrap().status),
        (vec!["before".to_owned()], RunStatus::Running)
    );
    let ended = folder.end(&KEPT);
    assert_eq!((ended.code, &*ended.err), (Some(0), ""));
    assert_eq!(folder.lines(), ["before", "after"]);
    let slept = client.history("a").unwrap().iter().filter(|entry| entry.what == What::Sleep).count();
    assert_eq!(slept, 1);
}

#[test]
fn an_interrupted_command_lets_what_is_under_way_end_and_goes_on_with_the_rest() {
    for signal in ["-TERM", "-INT"] {
        let folder = Folder::of(&[work(500), note("after")]);
        let command = folder.begin(&KEPT);
        until(|| folder.lines() == ["begun"]);
        command.signal(signal);
        let ended = command.end();
        let said = "interrupted: waiting for the actions that are under way, unless interrupted again; the run goes on \
                    when the same command is given again with `--id a`\n";
        assert_eq!((ended.code, &*ended.out, &*ended.err), (Some(130), "", said));
        assert_eq!(folder.lines(), ["begun", "ended"]);
        assert_eq!(folder.end(&KEPT).code, Some(0));
        assert_eq!(folder.lines(), ["begun", "ended", "after"]);
    }
}

#[test]
fn a_second_interrupt_does_not_wait() {
    let folder = Folder::of(&[work(120_000)]);
    let mut command = folder.begin(&KEPT);
    until(|| folder.lines() == ["begun"]);
    command.signal("-INT");
    thread::sleep(Duration::from_millis(500));
    assert!(command.0.try_wait().unwrap().is_none());
    let begun = Instant::now();
    command.signal("-INT");
    assert_eq!(command.end().code, Some(130));
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_eq!(folder.lines(), ["begun"]);
}

#[tokio::test]
async fn a_run_that_waits_for_an_event_says_so_once_and_goes_on_when_it_comes() {
    let folder = Folder::of(&[("approval", json!({}))]);
    let command = folder.begin(&[&KEPT[..], &["--trace"]].concat());
    until(|| folder.0.path().join("runs.db").is_file());
    let client = folder.client();
    until(|| client.get("a").is_ok_and(|run| run.status == RunStatus::Waiting));
    thread::sleep(Duration::from_millis(1_500));
    client.send("a", "approved", json!("Ada")).await.unwrap();
    let ended = command.end();
    assert_eq!((ended.code, &*ended.out), (Some(0), "1 completed: \"Ada\"\ncompleted\n"));
    assert_eq!(ended.err, "action `1` waits for the event `approved`\n");
}

#[tokio::test]
async fn a_run_that_is_cancelled_ends_the_command() {
    let folder = Folder::of(&[("approval", json!({}))]);
    let command = folder.begin(&KEPT);
    until(|| folder.0.path().join("runs.db").is_file());
    let client = folder.client();
    until(|| client.get("a").is_ok_and(|run| run.status == RunStatus::Waiting));
    assert!(client.cancel("a").await.unwrap());
    let ended = command.end();
    assert_eq!((ended.code, &*ended.out), (Some(1), ""));
    assert!(ended.err.ends_with("error: the run `a` was cancelled\n"), "{}", ended.err);
}

#[tokio::test]
async fn a_run_that_is_parked_says_why_and_goes_on_when_it_is_resumed() {
    let folder = Folder::of(&[work(300), note("after")]);
    let command = folder.begin(&KEPT);
    until(|| folder.lines() == ["begun"]);
    command.signal("-TERM");
    assert_eq!(command.end().code, Some(130));
    let journal = Journal::open(folder.0.path().join("runs.db")).unwrap();
    let without =
        Engine::builder(Registry::builder().event::<String>("go").build().unwrap()).build().unwrap();
    let worker = Worker::new(&journal, without).start().unwrap();
    let client = journal.client(&registry());
    assert_eq!(client.wait("a").await.unwrap().status, RunStatus::Parked);
    worker.stop().await;
    let ended = folder.end(&KEPT);
    let said = "error: the run `a` is parked: no action of the kind `work` is registered; no action of the kind `note` is \
                registered; mend it, say `runs resume a --journal runs.db`, and run it again\n";
    assert_eq!((ended.code, &*ended.out, &*ended.err), (Some(1), "", said));
    assert!(client.resume("a").await.unwrap());
    assert_eq!(folder.end(&KEPT).code, Some(0));
    assert_eq!(folder.lines(), ["begun", "ended", "after"]);
}
