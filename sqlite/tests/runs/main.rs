//! Runs from their submission to their end, by workers that come and go.

mod leaving;
mod life;
mod retention;
mod trial;
