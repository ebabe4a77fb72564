//! Memory that is kept once it was given.

use std::process::{Command, exit};

/// Where glibc learns how much free memory it may keep.
const TRIM: &str = "MALLOC_TRIM_THRESHOLD_";

/// Begins this program anew with memory that is kept once it was given: giving it back to the system after each run of a large
/// document, to have it given again, is most of what is measured else.
pub(crate) fn steadily() {
    if std::env::var_os(TRIM).is_some() {
        return;
    }
    let this = std::env::current_exe().expect("this program is a file");
    let ended = Command::new(this).args(std::env::args_os().skip(1)).env(TRIM, "4294967296").status();
    exit(ended.ok().and_then(|ended| ended.code()).unwrap_or(1));
}
