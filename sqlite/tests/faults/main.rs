//! What becomes of runs when the file, the clock or a worker fails.

mod clock;
mod damage;
mod full_disk;
mod lease;
mod locked;
mod log;
mod moved;
mod panics;
mod races;
mod timeout;
mod trial;
mod waits;
