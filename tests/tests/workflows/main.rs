//! Workflows from a document to an outcome, held against what the design says of them.
#![allow(clippy::needless_pass_by_value, reason = "JSON is written where it is passed on")]

mod absent;
mod check;
mod compliance;
mod conform;
mod data;
mod draft;
mod engine;
mod events;
mod failing;
mod levels;
mod limits;
mod mocked;
mod narrowing;
mod observed;
mod policies;
mod presence;
mod proven;
mod recalled;
mod recorder;
mod registry;
mod run_rule;
#[path = "runtime/memory.rs"]
mod runtime;
mod scope_at;
mod secrets;
mod steps;
mod text;
mod traces;
mod unproven;
mod verdicts;
mod ways;
