//! Runs on a Restate server, from their submission to their end.

mod cluster;
mod cut;
mod life;
mod outcome;
mod policies;
