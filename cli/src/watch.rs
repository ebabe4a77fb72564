//! `check --watch`: again whenever a file changes.

use crate::arguments::Check;
use crate::check;
use crate::files;
use crate::output::{self, Exit};
use flowright::Registry;
use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, SystemTime};

/// How often is looked for changes. Looking works on every file system; to be told does not.
const EVERY: Duration = Duration::from_millis(200);

/// What tells one state of a file from another.
type Stamp = (Option<SystemTime>, u64);

pub(crate) fn check(registry: &Registry, asked: &Check, color: bool) -> Result<Exit, String> {
    if asked.files.iter().any(|file| file == "-") {
        return Err("standard input cannot be watched; name files".to_owned());
    }
    loop {
        let seen = stamps(asked);
        check::check(registry, asked, color)?;
        output::note(&"watching for changes; stop with Ctrl-C");
        while stamps(asked) == seen {
            std::thread::sleep(EVERY);
        }
    }
}

fn stamps(asked: &Check) -> BTreeMap<String, Option<Stamp>> {
    let (files, _) = files::named(&asked.files);
    let stamp = |file: &str| {
        let metadata = fs::metadata(file).ok()?;
        Some((metadata.modified().ok(), metadata.len()))
    };
    files.into_iter().map(|file| (file.clone(), stamp(&file))).collect()
}
