//! Each peer has a process of its own, so that none finds memory as another left it: it is asked in lines of JSON, and answers in
//! such.

use crate::peer::{Peer, Prepared};
use crate::shapes::Shape;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// The process of a peer that runs a document.
pub(crate) struct Process {
    child: Child,
    asked: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Process {
    /// Workflow Kit's is one of Node.js, the others' are this program again.
    pub(crate) fn new(peer: Peer) -> Self {
        let mut command;
        if peer == Peer::WorkflowKit {
            command = Command::new("node");
            command.arg("workflow-kit.mjs").current_dir(env!("CARGO_MANIFEST_DIR"));
        } else {
            command = Command::new(std::env::current_exe().expect("this program is a file"));
            command.args(["--peer", peer.name()]);
        }
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("its program is installed");
        Process {
            asked: child.stdin.take().expect("it is piped"),
            answers: BufReader::new(child.stdout.take().expect("it is piped")),
            child,
        }
    }

    fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.asked, "{question}").expect("the peer listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the peer answers");
        serde_json::from_str(&answer).expect("the answer is JSON")
    }

    /// The output of each action, in order, after a run of this document.
    pub(crate) fn outputs(&mut self, shape: Shape, actions: usize) -> Value {
        let document = shape.document(actions, ["count", "count_both"], ".value");
        let workflow: Value = serde_json::from_str(&document).expect("the document is JSON");
        let event = json!({ "name": "count", "data": { "value": 0 } });
        let question =
            json!({ "workflow": workflow, "event": event, "shape": shape.name(), "actions": actions });
        self.ask(&question)["outputs"].take()
    }

    /// How long it takes processors to run it as often.
    pub(crate) fn time(&mut self, repeats: u32) -> Duration {
        let answer = self.ask(&json!({ "repeats": repeats }));
        Duration::from_nanos(answer["nanoseconds"].as_u64().expect("a time"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has been asked all there is; where it has ended by itself, there is nothing to stop.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Answers what this peer is asked, until nothing more is.
pub(crate) fn answer(peer: Peer) {
    let mut prepared: Option<Prepared> = None;
    for line in stdin().lines() {
        let asked: Value = serde_json::from_str(&line.expect("lines are text")).expect("a question is JSON");
        let answer = if let Some(repeats) = asked["repeats"].as_u64() {
            let repeats = u32::try_from(repeats).expect("a count");
            json!({ "nanoseconds": prepared.as_mut().expect("a document comes first").time(repeats).as_nanos() })
        } else {
            let outputs = prepared.insert(Prepared::new(peer, &asked)).outputs();
            json!({ "outputs": outputs })
        };
        println!("{answer}");
        stdout().flush().expect("who asked listens");
    }
}
