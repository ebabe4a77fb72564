//! Orders on a cluster, as the README shows.

use crate::program::{command, root};
use flowright_tests::restate::{Server, free_port};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// The program, told of this server.
fn orders(server: &Server, address: &str, arguments: &[&str]) -> Command {
    let mut orders = command("orders-cluster");
    orders.args(arguments).args(["--address", address]);
    orders.args(["--ingress", &server.ingress(), "--admin", &server.admin()]);
    orders
}

/// Runs what a page shows, on a server of its own; on none, it says so.
pub(crate) fn run(arguments: &[&str]) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path())?;
    let ran = orders(&server, "127.0.0.1:0", arguments).output().expect("it starts");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    Some(String::from_utf8(ran.stdout).expect("UTF-8").lines().map(str::to_owned).collect())
}

#[test]
fn an_order_prints_on_a_cluster_what_the_readme_shows() {
    let Some(printed) = run(&["order-17"]) else { return };
    assert_eq!(printed, shown());
}

/// The output that the README shows.
fn shown() -> Vec<String> {
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    let (_, behind) = readme.split_once("the second one prints:\n\n```text\n").expect("the output");
    behind.split("```").next().unwrap_or_default().lines().map(str::to_owned).collect()
}

#[test]
fn an_order_goes_on_where_its_service_was_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(server) = Server::start(folder.path()) else { return };
    let address = format!("127.0.0.1:{}", free_port());
    let order = || {
        let mut order = orders(&server, &address, &["order-17"]);
        order.stdout(Stdio::piped());
        order
    };
    let mut first = order().spawn().expect("it starts");
    let mut lines = BufReader::new(first.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let mut printed: Vec<String> = lines.by_ref().take(2).collect();
    first.kill().expect("it runs");
    first.wait().expect("it ends");
    printed.extend(lines);
    let second = order().output().expect("it starts");
    printed.extend(String::from_utf8(second.stdout).expect("UTF-8").lines().map(str::to_owned));
    // The sub-step that was under way may have been done and not been kept.
    printed.dedup();
    assert_eq!(printed, shown());
}
