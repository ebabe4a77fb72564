//! Every file of the corpus, without the fuzzer: what was found once is not found again.

use flowright_tests_fuzz::TARGETS;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many panics there were, in whatever thread and whoever caught them.
static PANICS: AtomicUsize = AtomicUsize::new(0);

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    files.sort();
    files
}

#[test]
fn every_target_has_a_corpus_and_every_corpus_a_target() {
    let mut folders: Vec<String> = files_of(&corpus())
        .iter()
        .map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let mut targets = TARGETS.map(|(name, _)| name.to_owned()).to_vec();
    folders.sort();
    targets.sort();
    assert_eq!(folders, targets);
    for target in targets {
        let files = files_of(&corpus().join(&target));
        assert!((1..300).contains(&files.len()), "{target} has {} files", files.len());
        let bytes: u64 = files.iter().map(|file| fs::metadata(file).unwrap().len()).sum();
        assert!(bytes < 1_000_000, "the files of {target} have {bytes} bytes");
    }
}

#[test]
fn what_is_in_the_corpus_keeps_all_promises() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        print(panicked);
    }));
    let mut broken = Vec::new();
    for (target, hold) in TARGETS {
        for file in files_of(&corpus().join(target)) {
            let bytes = fs::read(&file).expect("the corpus is readable");
            let before = PANICS.load(Ordering::Relaxed);
            let _ = panic::catch_unwind(AssertUnwindSafe(|| hold(&bytes)));
            if PANICS.load(Ordering::Relaxed) != before {
                broken.push(file);
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
