//! Runs on a Restate server, from their submission to their end.

mod cluster;
mod compose;
mod cut;
mod identity;
mod life;
mod outcome;
mod page;
mod policies;
mod secrets;
