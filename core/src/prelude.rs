//! What a module with actions imports.
//!
//! ```
//! use flowright::prelude::*;
//!
//! struct Mailer;
//!
//! /// Send an email.
//! ///
//! /// Delivers one message through the configured relay.
//! #[engine_action(name = "Send email", icon = "✉")]
//! async fn send_email(
//!     mailer: &Mailer,
//!     /// Recipient address.
//!     #[input(format = "email")]
//!     to: String,
//!     #[input(field_type = "textarea", default = "Hello!")] body: String,
//!     cc: Option<String>,
//! ) -> Result<usize, std::fmt::Error> {
//!     # let _ = (mailer, to, body);
//!     // …
//!     Ok(1 + usize::from(cc.is_some()))
//! }
//!
//! let definition = send_email {}.definition();
//! assert_eq!(definition.kind(), "send_email");
//! assert_eq!(definition.summary(), Some("Send an email."));
//! assert_eq!(definition.inputs_schema()["required"], serde_json::json!(["to"]));
//! ```

pub use crate::action::{Action, ActionContext, ActionDefinition, ActionError};
pub use crate::actions;
pub use crate::engine::Engine;
pub use crate::event::Event;
pub use crate::registry::Registry;
pub use crate::step::Step;
pub use flowright_macros::engine_action;
