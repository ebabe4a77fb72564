//! For tests of programs with workflows: actions that are mocked, a clock that is set, reports in files.
//!
//! [`test_workflows!`](crate::test_workflows) makes a test of every workflow in a folder.
//!
//! ```
//! use flowright::prelude::*;
//! use flowright::testing::{ManualClock, MockActions};
//! use serde_json::json;
//! use std::time::{Duration, SystemTime, UNIX_EPOCH};
//!
//! struct Mailer;
//!
//! /// Send an email.
//! #[engine_action]
//! fn send_email(mailer: &Mailer, to: String) -> String {
//!     unreachable!("tests send no mail")
//! }
//!
//! /// The seconds since a time.
//! #[engine_action]
//! fn seconds_since(context: &ActionContext, time: u64) -> Option<u64> {
//!     let since = context.now().duration_since(UNIX_EPOCH + Duration::from_secs(time));
//!     since.ok().map(|since| since.as_secs())
//! }
//!
//! # futures_util::future::FutureExt::now_or_never(async {
//! let registry = Registry::builder().actions(actions![send_email, seconds_since]).build()?;
//! let workflow = registry.check(r#"{
//!     "actions": [
//!         { "id": "1", "kind": "send_email", "inputs": { "to": "!ref($.event.data.to)" } },
//!         { "id": "2", "kind": "seconds_since", "inputs": { "time": 1000 } }
//!     ],
//!     "edges": [{ "from": "$source", "to": "1" }, { "from": "1", "to": "2" }]
//! }"#)?;
//!
//! let mocks = MockActions::new().returns("send_email", json!("message 1"));
//! let clock = ManualClock::at(UNIX_EPOCH + Duration::from_secs(1060));
//! let engine = mocks.apply_to(Engine::builder(registry))?.clock(clock.clone()).build()?;
//! let outcome = engine.run(&workflow, Event::new("signed.up", json!({ "to": "ada@example.com" }))).await?;
//!
//! assert_eq!(outcome.value("2"), Some(&json!(60)));
//! assert_eq!(mocks.calls("send_email"), [json!({ "to": "ada@example.com" })]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).ok_or("pending")??;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod clock;
pub(crate) mod golden;
mod mocks;
pub(crate) mod workflows;

pub use crate::assert_report;
pub use clock::ManualClock;
pub use mocks::{MockActions, MockError};
