//! The `#[engine_action]` attribute of flowright.
#![deny(missing_docs)]
