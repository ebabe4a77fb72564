//! Journals: whatever their rows hold, whoever looks gets an answer, and the worker goes on.

use crate::choices::Choices;
use flowright::prelude::*;
use flowright::{CheckedWorkflow, Event};
use flowright_sqlite::{Client, Journal, JournalError, Key, RunStatus, Worker};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The run that is written about.
const RUN: &str = "fuzz";

/// A sound run beside it.
const SOUND: &str = "sound";

/// How long a run is waited for that may be one to wait for ever.
const LONGEST: Duration = Duration::from_millis(100);

/// How long a run is waited for that needs nothing but a worker that works: whoever is that late never comes.
const LATE: Duration = Duration::from_secs(20);

/// Do something step by step.
#[engine_action]
async fn steps(step: &Step, name: String) -> Result<String, ActionError> {
    let greeting: String = step.run("greet", || async { Ok(format!("Hello, {name}")) }).await?;
    step.sleep("pause", Duration::ZERO).await?;
    let answer: Option<u32> = step.wait_for_event("answer", Duration::ZERO).await?;
    Ok(format!("{greeting} {answer:?}"))
}

/// Keep a secret.
#[engine_action]
fn keep(
    #[input(secret)] token: String,
    /// How often.
    times: u8,
) -> String {
    token.repeat(usize::from(times % 3))
}

const DOCUMENT: &str = r#"{
    "name": "fuzz",
    "actions": [
        { "id": "a", "kind": "steps", "inputs": { "name": "!ref($.event.data.name)" } },
        { "id": "b", "kind": "keep", "inputs": { "token": "!ref($.event.data.token)", "times": 2 } },
        { "id": "c", "kind": "builtin:if", "inputs": { "condition": { "==": ["!ref($.state.a)", "x"] } } },
        { "id": "d", "kind": "steps", "inputs": { "name": "x!ref($.event.data.name)" } }
    ],
    "edges": [
        { "from": "$source", "to": "a" },
        { "from": "$source", "to": "b", "conditional": { "type": "if", "ref": "!ref($.event.data.name)" } },
        { "from": "a", "to": "c" },
        { "from": "c", "to": "d", "conditional": { "type": "match", "ref": "!ref($.output.result)", "value": false } },
        { "from": "b", "to": "d" }
    ]
}"#;

/// A journal of one run, for a thread.
struct Bench {
    runtime: Runtime,
    journal: Journal,
    client: Client,
    engine: Engine,
    workflow: CheckedWorkflow,
    _folder: TempDir,
}

thread_local! {
    static BENCH: Bench = Bench::new();
}

/// Holds for the rows of a journal, by choices.
///
/// # Panics
///
/// Where one of them makes whoever reads it panic, or fail in a way that no row explains, or keeps the worker from another run.
pub fn hold(bytes: &[u8]) {
    let sql = altered(&mut Choices::new(bytes));
    BENCH.with(|bench| bench.runtime.block_on(bench.read(&sql)));
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let registry = Registry::builder().actions(actions![steps, keep]);
        let data = json!({ "type": "object", "required": ["name", "token"],
            "properties": { "name": { "type": "string" }, "token": { "type": "string" } } });
        let event = json!({ "type": "object", "required": ["name", "data"],
            "properties": { "name": { "const": "begin" }, "data": data } });
        let answer = json!({ "type": "object", "required": ["name", "data"],
            "properties": { "name": { "const": "answer" }, "data": { "type": "integer", "minimum": 0, "maximum": u32::MAX } } });
        let registry = registry.event_schema("begin", event).event_schema("answer", answer);
        let registry = registry.build().expect("it is right");
        let workflow = registry.check_for("begin", DOCUMENT).unwrap_or_else(|report| panic!("{report}"));
        let journal = Journal::open_with_key(folder.path().join("runs.db"), Key::new([7; 32]));
        let journal = journal.expect("it is new");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        Bench {
            runtime: runtime.expect("there are threads"),
            client: journal.client(&registry),
            engine: Engine::builder(registry).build().expect("it needs nothing"),
            journal,
            workflow,
            _folder: folder,
        }
    }

    /// Submits the run anew, alters it, and looks at it in every way. A sound run beside it comes to its end.
    async fn read(&self, sql: &str) {
        const NOTHING: &str =
            "delete from event; delete from entry; delete from submission; delete from run;";
        self.journal.alter(NOTHING).await.expect("rows can be removed");
        self.submit(RUN).await;
        // What no table can hold is refused; what came before it is there.
        let _ = self.journal.alter(sql).await;
        self.look();
        let worker = Worker::new(&self.journal, self.engine.clone()).grace(LONGEST);
        let worker = worker.start().expect("the file is sound");
        if let Ok(ended) = tokio::time::timeout(LONGEST, self.client.wait(RUN)).await {
            answered(ended);
        }
        self.submit(SOUND).await;
        let sound = tokio::time::timeout(LATE, self.client.wait(SOUND)).await;
        let sound = sound.expect("the worker goes on").expect("a sound run is read");
        assert_eq!(sound.status, RunStatus::Completed, "{}", sound.outcome);
        assert_eq!(
            sound.outcome["state"],
            json!({ "a": "Hello, x None", "b": "hushhush", "c": { "result": false }, "d": "Hello, xx None" })
        );
        worker.stop().await;
        self.look();
    }

    async fn submit(&self, run: &str) {
        let event = Event::new("begin", json!({ "name": "x", "token": "hush" }));
        assert!(self.client.submit(run, &self.workflow, event).await.expect("a run can be added"));
    }

    fn look(&self) {
        answered(self.journal.faults());
        answered(self.client.list(None, 9));
        for action in answered(self.client.timeline(RUN)).into_iter().flatten() {
            assert!(action.to_json().is_object());
        }
        if let Some(entries) = answered(self.client.history(RUN)) {
            assert!(entries.len() < 99);
        }
        let record = answered(self.client.get(RUN));
        if let Some(outcome) = record.and_then(|record| record.outcome_of(&self.workflow)) {
            assert!(!outcome.to_string().is_empty());
            outcome.to_json();
        }
    }
}

/// What was answered; nothing where that is damaged, which is an answer.
///
/// # Panics
///
/// Where there is another reason not to answer.
fn answered<T>(answer: Result<T, JournalError>) -> Option<T> {
    match answer {
        Ok(answer) => Some(answer),
        Err(JournalError::Damaged(message)) => {
            assert!(!message.is_empty());
            None
        }
        Err(error) => panic!("{error:?}"),
    }
}

/// Statements that put what is chosen into the rows of the run.
fn altered(choices: &mut Choices) -> String {
    const WHAT: [&str; 9] =
        ["began", "started", "completed", "failed", "again", "step", "sleep", "wait", "waited"];
    const COLUMNS: [&str; 9] =
        ["status", "due_ms", "finished_ms", "worker", "claim", "outcome", "workflow", "sealed", "created_ms"];
    let mut sql = String::new();
    for _ in 0..choices.below(9) {
        let what = if choices.percent(95) { one(choices, &WHAT) } else { any(choices) };
        let action = if choices.percent(90) { one(choices, &["a", "b", "c", "d"]) } else { any(choices) };
        let step = match choices.below(4) {
            0 => "null".to_owned(),
            1 => any(choices),
            _ => one(choices, &["greet", "pause", "answer", "answer#2"]),
        };
        let attempt = if choices.percent(60) { "1".to_owned() } else { number(choices) };
        let (at, due) = (number(choices), number(choices));
        let (value, edges) = (value(choices), edges(choices));
        let sealed = if choices.percent(90) { "null".to_owned() } else { any(choices) };
        let _ = write!(
            sql,
            "insert into entry (run, at_ms, what, action, step, attempt, due_ms, value, edges, sealed, sum)
             select number, {at}, {what}, {action}, {step}, {attempt}, {due}, {value}, {edges}, {sealed}, 0 from run;"
        );
    }
    if choices.percent(25) {
        let column = *choices.pick(&COLUMNS);
        let put = match column {
            "status" if choices.percent(90) => {
                let all: Vec<RunStatus> = RunStatus::all().collect();
                text(choices.pick(&all).as_str())
            }
            "outcome" => value(choices),
            _ if choices.percent(60) => number(choices),
            _ => any(choices),
        };
        let _ = write!(sql, "update run set {column} = {put};");
    }
    if choices.percent(20) {
        let column = *choices.pick(&["document", "event", "registry", "started_by", "sealed"]);
        let put = value(choices);
        let _ = write!(sql, "update submission set {column} = {put};");
    }
    if choices.percent(25) {
        let (data, taken) = (value(choices), any(choices));
        let _ = write!(
            sql,
            "insert into event (run, name, data, sent_ms, taken_by, sealed, sum)
             select number, 'answer', {data}, 0, {taken}, null, 0 from run;"
        );
    }
    sql
}

fn number(choices: &mut Choices) -> String {
    match choices.below(9) {
        0..=2 => "0".to_owned(),
        3 | 4 => "null".to_owned(),
        5 => "4102444800000".to_owned(),
        6 => i64::MAX.to_string(),
        7 => i64::MIN.to_string(),
        _ => any(choices),
    }
}

/// JSON, mostly.
fn value(choices: &mut Choices) -> String {
    let failure = |choices: &mut Choices| {
        let code = *choices.pick(&["action-failed", "deadline", "limit", "wrong-type", "nope"]);
        let pointer = choices.json(1);
        json!({ "action": "a", "kind": "steps", "attempt": choices.json_number(), "code": code,
            "message": "no", "pointer": pointer, "ref": choices.json(1) })
    };
    let json: Value = match choices.below(9) {
        0 => return "null".to_owned(),
        1 => return any(choices),
        2 => failure(choices),
        3 => choices.json(4),
        4 => outcome(choices, &failure),
        5 => json!({ "result": choices.json(1) }),
        6 => json!([choices.json(1)]),
        _ => choices.text().into(),
    };
    text(&json.to_string())
}

/// What a run came to.
fn outcome(choices: &mut Choices, failure: &dyn Fn(&mut Choices) -> Value) -> Value {
    let status = *choices.pick(&["completed", "failed", "nope"]);
    let mut actions = Vec::new();
    for id in ["a", "b", "c", "d"] {
        let status = *choices.pick(&["completed", "skipped", "failed", "not-started", "nope"]);
        if choices.percent(90) {
            actions.push(json!({ "id": id, "status": status }));
        }
    }
    let mut outcome = json!({ "status": status, "actions": actions, "state": { "a": choices.json(2) } });
    if choices.percent(50) {
        outcome["failed"] = failure(choices);
    }
    if choices.percent(30) {
        outcome["failures"] = json!([failure(choices), choices.json(1)]);
    }
    crate::grammar::spoil(&mut outcome, choices);
    outcome
}

/// The positions of edges, mostly.
fn edges(choices: &mut Choices) -> String {
    match choices.below(4) {
        0 | 1 => "null".to_owned(),
        2 => one(
            choices,
            &["[]", "[1]", "[3]", "[1,3]", "[0]", "[4]", "[99]", "[18446744073709551615]", "[-1]"],
        ),
        _ => any(choices),
    }
}

fn one(choices: &mut Choices, of: &[&str]) -> String {
    text(choices.pick::<&str>(of))
}

fn text(text: &str) -> String {
    cast(text.as_bytes(), "text")
}

/// Anything that a column can hold.
fn any(choices: &mut Choices) -> String {
    let text = choices.text();
    match choices.below(5) {
        0 => choices.number().cast_signed().to_string(),
        1 => "1.5e300".to_owned(),
        2 => cast(text.as_bytes(), "blob"),
        3 => cast(&choices.number().to_le_bytes(), "text"),
        _ => cast(text.as_bytes(), "text"),
    }
}

fn cast(bytes: &[u8], ty: &str) -> String {
    let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    format!("cast(x'{hex}' as {ty})")
}
