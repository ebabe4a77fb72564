//! Hears of every execution, and complains of those that must not be.

use crate::parents;
use flowright_sqlite::{Client, What};
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
    complaints: Vec<String>,
}

impl Court {
    /// Opens one that looks into the journal by this client.
    pub(crate) fn open(client: Client) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::<Mutex<Heard>>::default();
        let shared = Arc::clone(&heard);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (client, heard) = (client.clone(), Arc::clone(&shared));
                thread::spawn(move || hear(&stream.unwrap(), &client, &heard));
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
}

fn hear(mut stream: &TcpStream, client: &Client, heard: &Mutex<Heard>) {
    let mut line = String::new();
    if BufReader::new(stream).read_line(&mut line).is_err() {
        return;
    }
    let Some((what, key)) = line.trim().split_once(' ') else { return };
    let complaints = complaints(what, key, client);
    {
        let mut heard = heard.lock().unwrap();
        heard.executions += usize::from(what == "begin");
        heard.complaints.extend(complaints);
    }
    // Whoever told it may be dead by now.
    drop(stream.write_all(b"heard\n"));
}

/// What is wrong with an execution: what it waits for has not been kept, or what it comes to has.
fn complaints(what: &str, key: &str, client: &Client) -> Vec<String> {
    let mut key_parts = key.split('/');
    let (Some(run), Some(action)) = (key_parts.next(), key_parts.next()) else {
        return vec![format!("no key: {key}")];
    };
    let part = key_parts.next();
    let history = client.history(run).unwrap();
    let has_completed =
        |id: &str| history.iter().any(|entry| entry.what == What::Completed && entry.action == id);
    let mut complaints = Vec::new();
    if has_completed(action) {
        complaints.push(format!("{what} {key}: it had completed"));
    }
    if history
        .iter()
        .any(|entry| entry.what == What::Step && entry.action == action && entry.step.as_deref() == part)
        && what == "part"
    {
        complaints.push(format!("{what} {key}: the sub-step had an end"));
    }
    // Of the two branches one is skipped.
    let kept = parents(action).filter(|parent| has_completed(parent)).count();
    let awaited = parents(action).count() - usize::from(action == "join");
    if kept != awaited {
        complaints.push(format!("{what} {key}: {kept} of {awaited} that it waits for are kept"));
    }
    complaints
}
