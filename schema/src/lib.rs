//! JSON Schema as a type system. Knows values, types and paths; knows no workflow.
//!
//! ```
//! use flowright_schema::{Origin, Path, Presence, Segment, Type};
//! use serde_json::json;
//!
//! let schema = json!({
//!     "type": "object",
//!     "properties": { "name": { "type": "string" }, "age": { "type": "integer", "minimum": 0 } },
//!     "required": ["name"],
//!     "additionalProperties": false
//! });
//! let user = Type::parse(&schema, Origin::Schema).unwrap();
//! assert_eq!(user.to_string(), "{ name: string, age?: integer ≥ 0 }");
//!
//! let age = user.at(&Path::from(vec![Segment::shorthand("age")]));
//! assert_eq!((age.ty.to_string().as_str(), age.presence), ("integer ≥ 0", Presence::Maybe));
//!
//! let checked = user.check(&json!({ "name": "Ada", "age": -1 }));
//! assert_eq!(checked.faults[0].to_string(), "expected ≥ 0, found `-1`");
//! ```
#![deny(missing_docs)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod access;
mod automata;
mod disjoint;
mod display;
mod equal;
mod fault;
mod fit;
mod fuel;
mod judges;
mod kind;
mod literal;
mod material;
mod narrowing;
mod numeral;
mod opaque;
mod parse;
mod parts;
mod path;
mod pattern;
mod reach;
mod schema_part;
mod settle;
mod steps;
mod subject;
mod suggest;
mod text;
mod ty;
mod verdict;

pub use access::{Access, Lost, Presence};
pub use fault::{Checked, Expected, Fault, FaultKind, Found, SchemaFault, Step};
pub use fit::{Fit, FitMemo, FitReason, FitVerdict};
pub use narrowing::Cell;
pub use parts::{Part, Parts};
pub use path::{Path, Segment};
pub use schema_part::SchemaPart;
pub use subject::{BoxedShape, ObjectMembers, Shape, Subject};
pub use suggest::nearest;
pub use ty::{Origin, Type};
