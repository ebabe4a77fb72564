//! Runs from their submission to their end, by workers that come and go.

mod decisions;
mod documented;
mod leaving;
mod life;
mod retention;
mod secrets;
mod trial;
