//! Runs on a Restate server, from their submission to their end.

mod cluster;
mod life;
mod policies;
mod secrets;
