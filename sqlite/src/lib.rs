//! Durable runs on one SQLite file: what a run came to is kept, and a crash loses nothing.
//!
//! A [`Journal`] is the file. A [`Client`] submits runs, sends them events, cancels them and looks at them; a [`Worker`]
//! executes what is due. Both may be in the same process or in several, on one machine.
//!
//! ```
//! use flowright::prelude::*;
//! use flowright_sqlite::{Journal, Worker};
//! use serde_json::json;
//!
//! /// Say hello
//! #[engine_action]
//! async fn greet(step: &Step, name: String) -> Result<String, ActionError> {
//!     step.run("greeting", || async { Ok(format!("Hello, {name}!")) }).await
//! }
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let registry = Registry::builder().actions(actions![greet]).build()?;
//! let workflow = registry.check(r#"{
//!     "actions": [{ "id": "1", "kind": "greet", "inputs": { "name": "!ref($.event.data.name)" } }],
//!     "edges": [{ "from": "$source", "to": "1" }]
//! }"#)?;
//!
//! # let folder = tempfile::tempdir()?;
//! # let file = folder.path().join("runs.db");
//! let journal = Journal::open(&file)?;
//! let client = journal.client(&registry);
//! let event = Event::new("user.created", json!({ "name": "Ada" }));
//! client.submit("welcome-1", &workflow, event).await?;
//!
//! let worker = Worker::new(&journal, Engine::builder(registry).build()?).start()?;
//! let run = client.wait("welcome-1").await?;
//! assert_eq!(run.outcome["state"]["1"], json!("Hello, Ada!"));
//! worker.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! # What is kept, and when
//!
//! An action that completed is never executed again. Its output is durable before anything that waited for it starts. An
//! action that was under way at a crash is started again, with the same [idempotency
//! key](flowright::Step::idempotency_key), and its sub-steps that had an end give what was recorded. A sleep ends when it
//! was going to end, an event is kept until it is waited for, and a retry comes when it was going to come.
//!
//! Runs that ended are kept for ever, unless [`Worker::keep_finished`] says how long, or [`Client::forget_finished`] is
//! called. Of a run that is forgotten nothing is left: there is no run of its id any more, and the id may be submitted
//! anew. So keep runs for longer than anybody may submit them again, and look at them. Runs that are parked, and those
//! that have not ended, are never forgotten. The file does not get smaller, but what is written next has the room.
//!
//! Which edges are taken from an action is decided once, when it completes, and kept with it: conditions are not looked at
//! again.
//!
//! # Deploys
//!
//! A run keeps its document and the [fingerprint](flowright::Registry::fingerprint) of the registry that it was checked
//! against. Whenever a worker takes it, the document is checked against the actions of that worker's engine, and the
//! outputs that are recorded are held against today's types. A run that no longer fits is parked with the report, and goes
//! on by [`Client::resume`] when a worker has actions that it fits.
//!
//! # Secrets
//!
//! What inputs marked `#[input(secret)]` are given does not stand in the file as it is: not where the document writes it,
//! and not in the event or the output that a ref takes it from. `"(secret)"` stands there, and the whole beside it in the
//! column `sealed`, encrypted by XChaCha20-Poly1305. [`Journal::open`] keeps the key in a file of its own, `<file>.key`,
//! which is made when it is first needed and which only its owner may read; [`Journal::open_with_key`] takes one from the
//! program. [`Journal::open_without_key`] is for looking, and is what `flowright runs` does. What the sub-steps
//! of an action come to that is given a secret, or gives one, is sealed as well, and so are the events that are sent to a
//! run whose workflow gives something to a secret input. A secret that an action passes on by its output to an input that
//! is not marked is not known as one.
//!
//! # Where the file is damaged
//!
//! What was committed last stands in a write-ahead log beside the file, `-wal`, until it is moved into the file: the two
//! belong together, also in copies. SQLite takes a frame of the log that does not check out for the end of the log.
//! [`Journal::open`] refuses a log in which commits stand behind such a frame, and a log whose file is missing or empty,
//! with [`JournalError::DamagedLog`]. That cannot be told of the last commit, which is what a crash leaves where it was
//! being written; nor where the log was cut off: the journal then holds the commits before.
//!
//! Every row carries a sum of what stands in it, and a run knows how many entries and events it has. A run of which
//! something is not as it was written is [set aside](RunStatus::Damaged), and the others go on. A worker looks through
//! the pages and indices of the whole file once when it starts; where those are damaged, it says so and takes no more
//! runs. [`Journal::faults`], or `flowright runs check`, looks at everything.
//!
//! Where the file is moved, removed or replaced while a journal is open, what is written goes where nobody finds it. On
//! Unix, submits and other changes are refused then, with [`JournalError::Moved`], and a worker takes no more runs: restore
//! the file while nobody has it open.
//!
//! # The tables
//!
//! The file can be read with `sqlite3`. Times are milliseconds since 1970, values are JSON. Each row but that of `seal` has a
//! `sum` of its other columns besides; whoever changes a row has to know it.
//!
//! | table | a row is | columns |
//! |---|---|---|
//! | `run` | how far a run is | its `id`, the name of its `workflow`, its `status`, when it was created, is due and finished, the `worker` that has it and how often one claimed it, how many `entries` and `events` it has, its `outcome` |
//! | `submission` | what was submitted | the `run` by its number, the event that it is `started_by`, the fingerprint of the `registry`, the `document` and the `event` |
//! | `entry` | something that happened in a run | `what` happened to which `action` and `step`, at which `attempt`, when what follows is due, its `value`, and which `edges` with a condition are taken, by their positions in the document |
//! | `event` | an event that was sent to a run | its `name`, its `data`, when it was sent, and which wait it was `taken_by` |
//! | `worker` | a worker at work | its `name`, how many `beats` it has counted, when it did so last, and how long it has its runs without counting on, `lease_ms` |
//! | `seal` | that there are secrets | something `sealed`, by which another key is told apart |
//!
//! ```sh
//! sqlite3 runs.db "select id, status, datetime(created_ms / 1000, 'unixepoch') from run order by number desc limit 10"
//! sqlite3 runs.db "select what, action, step, attempt, value from entry where run = 1 order by number"
//! ```
#![deny(missing_docs)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod client;
mod error;
mod execution;
mod file;
mod history;
mod run;
mod time;
mod work;

pub use client::Client;
pub use error::JournalError;
pub use file::journal::Journal;
pub use flowright::Key;
pub use history::entry::{Entry, What};
pub use history::timeline::{ActionTimeline, Attempt, StepTimeline};
pub use run::{RunRecord, RunStatus};
pub use work::worker::{RunningWorker, Worker};
