//! Orders survive that their worker is killed, as the README shows.

use crate::program::{command, root};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

/// A journal of its own.
fn journal(name: &str) -> PathBuf {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{suffix}", file.display()));
    }
    file
}

fn orders(journal: &PathBuf, arguments: &[&str]) -> Vec<String> {
    let ran = command("orders").arg("--journal").arg(journal).args(arguments).output().expect("it starts");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}

/// The output that the README shows.
fn shown() -> Vec<String> {
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    let (_, behind) = readme.split_once("where the first one was killed:\n\n```text\n").expect("the output");
    behind.split("```").next().unwrap_or_default().lines().map(str::to_owned).collect()
}

#[test]
fn an_order_goes_on_where_its_worker_was_killed() {
    let journal = journal("survival.db");
    assert_eq!(orders(&journal, &["place", "order-17", "--approved"]), ["order-17 is placed"]);
    let mut worker = command("orders");
    worker.arg("--journal").arg(&journal).arg("work").stdout(Stdio::piped());
    let mut worker = worker.spawn().expect("it starts");
    let mut lines = BufReader::new(worker.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let before = ["reserve: 2 × tent", "charge: authorise, as order-17/charge"];
    assert_eq!(lines.by_ref().take(2).collect::<Vec<_>>(), before);
    worker.kill().expect("it runs");
    worker.wait().expect("it ends");
    let mut all = Vec::from(before.map(str::to_owned));
    all.extend(lines);
    all.extend(orders(&journal, &["work", "--until-done"]));
    // The sub-step that was under way may have been done and not been kept.
    all.dedup();
    assert_eq!(all, [Vec::from(before.map(str::to_owned)), shown()].concat());
}

#[test]
fn an_order_that_was_placed_is_not_placed_again() {
    let journal = journal("placed.db");
    orders(&journal, &["place", "order-17", "--approved"]);
    assert_eq!(orders(&journal, &["place", "order-17", "--approved"]), ["order-17 was placed before"]);
    assert_eq!(orders(&journal, &["approve", "order-17", "--by", "Bob"]), ["order-17 is approved by Bob"]);
}
