//! Hears of every execution, and complains of those that must not be.

use flowright_tests::survivor::EDGES;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A server that is told of every execution.
pub(crate) struct Court {
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Heard>>,
}

#[derive(Default)]
struct Heard {
    executions: usize,
    /// The actions that were called, with their runs: `<run>/<action>`.
    begun: HashSet<String>,
    /// The sub-steps that had an end.
    over: HashSet<String>,
    complaints: Vec<String>,
}

impl Court {
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::<Mutex<Heard>>::default();
        let shared = Arc::clone(&heard);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let heard = Arc::clone(&shared);
                thread::spawn(move || hear(&stream.unwrap(), &heard));
            }
        });
        Court { address, heard }
    }

    pub(crate) fn executions(&self) -> usize {
        self.heard.lock().unwrap().executions
    }

    pub(crate) fn complaints(&self) -> Vec<String> {
        self.heard.lock().unwrap().complaints.clone()
    }

    /// Whether an action of a run was called.
    pub(crate) fn has_begun(&self, run: &str, action: &str) -> bool {
        self.heard.lock().unwrap().begun.contains(&format!("{run}/{action}"))
    }
}

fn hear(mut stream: &TcpStream, heard: &Mutex<Heard>) {
    let mut line = String::new();
    if BufReader::new(stream).read_line(&mut line).is_err() {
        return;
    }
    let Some((what, key)) = line.trim().split_once(' ') else { return };
    heard.lock().unwrap().note(what, key);
    // Whoever told it may be dead by now.
    drop(stream.write_all(b"heard\n"));
}

impl Heard {
    fn note(&mut self, what: &str, key: &str) {
        let mut parts = key.split('/');
        let (Some(run), Some(action)) = (parts.next(), parts.next()) else {
            return self.complaints.push(format!("no key: {key}"));
        };
        self.executions += usize::from(what == "begin");
        // What an action came to is durable before anything behind it begins.
        for behind in behind(action) {
            if self.begun.contains(&format!("{run}/{behind}")) {
                self.complaints.push(format!("{what} {key}: `{behind}`, which is behind it, had begun"));
            }
        }
        if what == "begin" {
            self.begun.insert(format!("{run}/{action}"));
        }
        if what == "kept" {
            self.over.insert(key.to_owned());
        }
        if what == "part" && self.over.contains(key) {
            self.complaints.push(format!("{what} {key}: the sub-step had an end"));
        }
    }
}

/// All actions behind one.
fn behind(action: &str) -> HashSet<&'static str> {
    let edges = || EDGES.iter().chain(&[("join", "approval"), ("approval", "last")]);
    let mut behind = HashSet::new();
    let mut open = vec![action];
    while let Some(action) = open.pop() {
        for (_, to) in edges().filter(|(from, _)| *from == action) {
            if behind.insert(*to) {
                open.push(to);
            }
        }
    }
    behind
}
