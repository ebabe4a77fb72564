//! The runs of `workflows` once more, kept in a journal: they come to the same.
#![allow(clippy::needless_pass_by_value, reason = "JSON is written where it is passed on")]

#[path = "../workflows/absent.rs"]
mod absent;
#[path = "../workflows/compliance.rs"]
mod compliance;
#[path = "../workflows/data.rs"]
mod data;
#[path = "../workflows/draft.rs"]
mod draft;
#[path = "../workflows/engine.rs"]
mod engine;
#[path = "../workflows/events.rs"]
mod events;
#[path = "../workflows/failing.rs"]
mod failing;
#[path = "../workflows/levels.rs"]
mod levels;
#[path = "../workflows/life.rs"]
mod life;
#[path = "../workflows/limits.rs"]
mod limits;
#[path = "../workflows/mocked.rs"]
mod mocked;
#[path = "../workflows/observed.rs"]
mod observed;
#[path = "../workflows/policies.rs"]
mod policies;
#[path = "../workflows/proven.rs"]
mod proven;
#[path = "../workflows/recorder.rs"]
mod recorder;
#[path = "../workflows/registry.rs"]
mod registry;
#[path = "../workflows/run_rule.rs"]
mod run_rule;
#[path = "../workflows/runtime/journal.rs"]
mod runtime;
#[path = "../workflows/secrets.rs"]
mod secrets;
#[path = "../workflows/steps.rs"]
mod steps;
#[path = "../workflows/text.rs"]
mod text;
#[path = "../workflows/traces.rs"]
mod traces;
#[path = "../workflows/unproven.rs"]
mod unproven;
#[path = "../workflows/verdicts.rs"]
mod verdicts;
