//! flowright against Workflow Kit's own engine, and against a plain reading of the rules by which documents run.

pub mod case;
pub mod chance;
pub mod compare;
pub mod difference;
pub mod generate;
pub mod kit;
pub mod ours;
pub mod reference;
pub mod seeds;
pub mod shrink;
pub mod slow;
