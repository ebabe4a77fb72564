//! The documents as they are, run by Workflow Kit in a process of Node.js, `workflow-kit.mjs`.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

pub(crate) struct Node {
    process: Child,
    asked: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// What it is asked first.
    subject: Value,
}

impl Node {
    pub(crate) fn new(document: &str, event: &Value) -> Self {
        let mut process = Command::new("node")
            .arg("workflow-kit.mjs")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node.js is installed");
        let workflow: Value = serde_json::from_str(document).expect("the document is JSON");
        Node {
            asked: process.stdin.take().expect("it is piped"),
            answers: BufReader::new(process.stdout.take().expect("it is piped")),
            process,
            subject: json!({ "workflow": workflow, "event": event }),
        }
    }

    fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.asked, "{question}").expect("Node.js listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("Node.js answers");
        serde_json::from_str(&answer).expect("the answer is JSON")
    }

    /// The output of each action, in order; and it has warmed up.
    pub(crate) fn outputs(&mut self) -> Vec<Value> {
        let subject = self.subject.take();
        match self.ask(&subject)["outputs"].take() {
            Value::Array(outputs) => outputs,
            other => panic!("outputs are a list: {other}"),
        }
    }

    pub(crate) fn time(&mut self, repeats: u32) -> Duration {
        let answer = self.ask(&json!({ "repeats": repeats }));
        Duration::from_micros(answer["microseconds"].as_u64().expect("a time"))
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It has been asked all there is; where it has ended by itself, there is nothing to stop.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
