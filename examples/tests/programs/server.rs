//! The `http` example, over a socket.

use crate::program::command;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

/// A running server; it ends with the test.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start() -> Self {
        let mut process = command("http").arg("0").stdout(Stdio::piped()).spawn().expect("the server starts");
        let stdout = process.stdout.take().expect("its output is piped");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("it prints its address");
        let address = line.trim().strip_prefix("listening on http://").expect("an address").to_owned();
        Server { process, address }
    }

    /// Sends one request; the status and the body of the answer, which is JSON.
    fn send(&self, method: &str, path: &str, body: impl AsRef<[u8]>) -> (u16, Value) {
        let body = body.as_ref();
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("the server reads");
        // A server that refuses a body may close before it has read all of it.
        let _ = stream.write_all(body);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the server answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.to_ascii_lowercase().contains("\r\ncontent-type: application/json\r\n"), "{answer}");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, serde_json::from_str(body).expect("the body is JSON"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().expect("the server runs until here");
        self.process.wait().expect("it ends");
    }
}

fn document(inputs: &Value) -> String {
    json!({
        "actions": [
            { "id": "pay", "kind": "charge_card", "inputs": { "amount": "!ref($.event.data.total)" } },
            { "id": "tell", "kind": "send_receipt", "inputs": inputs },
        ],
        "edges": [{ "from": "$source", "to": "pay" }, { "from": "pay", "to": "tell" }],
    })
    .to_string()
}

fn right() -> String {
    document(&json!({ "to": "!ref($.event.data.email)", "subject": "Receipt !ref($.state.pay.number)" }))
}

fn order(total: u64) -> String {
    json!({ "name": "order.placed", "data": { "total": total, "email": "ada@example.com" } }).to_string()
}

#[test]
fn a_workflow_is_saved_then_replaced_and_run() {
    let server = Server::start();
    let (status, saved) = server.send("PUT", "/workflows/receipts", right());
    assert_eq!((status, &saved["id"]), (201, &json!("receipts")), "{saved}");
    let said = saved["report"]["diagnostics"].as_array().expect("diagnostics").iter();
    let said: Vec<_> =
        said.map(|d| (d["severity"].as_str(), d["code"].as_str(), d["pointer"].as_str())).collect();
    let hint = |pointer| (Some("hint"), Some("checked-at-run-time"), Some(pointer));
    assert_eq!(said, [hint("/actions/0/inputs/amount"), hint("/actions/1/inputs/subject")], "{saved}");
    assert_eq!(server.send("PUT", "/workflows/receipts", right()).0, 200);

    let ran = server.send("POST", "/workflows/receipts/run", order(4_200));
    let state = json!({
        "pay": { "number": "P-pay-4200", "amount": 4_200 },
        "tell": { "to": "ada@example.com", "subject": "Receipt P-pay-4200" },
    });
    let actions = json!([
        { "id": "pay", "kind": "charge_card", "status": "completed" },
        { "id": "tell", "kind": "send_receipt", "status": "completed" },
    ]);
    let outcome = json!({ "status": "completed", "state": state, "actions": actions });
    assert_eq!(ran, (200, outcome));
}

#[test]
fn a_faulty_workflow_is_answered_with_its_report_and_not_saved() {
    let server = Server::start();
    let faulty =
        document(&json!({ "to": "nobody", "subject": "Receipt !ref($.state.pay.nummer)", "cc": "" }));
    let (status, report) = server.send("PUT", "/workflows/receipts", &faulty);
    assert_eq!(status, 422);
    let diagnostics = report["diagnostics"].as_array().expect("diagnostics");
    let mut found: Vec<_> = diagnostics.iter().map(|d| (d["code"].as_str(), d["pointer"].as_str())).collect();
    found.sort_unstable();
    let expected = [
        (Some("bad-format"), Some("/actions/1/inputs/to")),
        (Some("checked-at-run-time"), Some("/actions/0/inputs/amount")),
        (Some("unknown-field"), Some("/actions/1/inputs/subject")),
        (Some("unknown-input"), Some("/actions/1/inputs/cc")),
    ];
    assert_eq!(found, expected, "{report}");
    for diagnostic in diagnostics {
        let at = |end: &str| {
            diagnostic["span"][end].as_u64().and_then(|at| usize::try_from(at).ok()).expect("a span")
        };
        assert!(!faulty[at("start")..at("end")].is_empty(), "{diagnostic}");
    }
    assert_eq!(server.send("POST", "/workflows/receipts/run", order(1)).0, 404);
}

#[test]
fn a_run_that_fails_is_answered_with_the_failure() {
    let server = Server::start();
    assert_eq!(server.send("PUT", "/workflows/receipts", right()).0, 201);
    let (status, outcome) = server.send("POST", "/workflows/receipts/run", order(2_000_000));
    let failed = json!({
        "action": "pay",
        "kind": "charge_card",
        "attempt": 1,
        "code": "action-failed",
        "message": "the bank declined the payment",
    });
    let actions = json!([
        { "id": "pay", "kind": "charge_card", "status": "failed" },
        { "id": "tell", "kind": "send_receipt", "status": "not-started" },
    ]);
    let expected = json!({ "status": "failed", "state": {}, "actions": actions, "failed": failed });
    assert_eq!((status, outcome), (200, expected));
}

#[test]
fn every_error_is_json() {
    let server = Server::start();
    assert_eq!(server.send("PUT", "/workflows/receipts", right()).0, 201);
    let other = json!({ "name": "order.refunded", "data": {} }).to_string();
    let incomplete = json!({ "name": "order.placed", "data": { "total": 1 } }).to_string();
    let run = "/workflows/receipts/run";
    for (method, path, body, status, code) in [
        ("POST", run, "{".as_bytes(), 400, "bad-json"),
        ("POST", run, b"\xff", 400, "bad-body"),
        ("POST", run, other.as_bytes(), 422, "wrong-type"),
        ("POST", run, incomplete.as_bytes(), 422, "missing-member"),
        ("POST", "/workflows/other/run", b"{}", 404, "unknown-workflow"),
        ("GET", "/", b"", 404, "not-found"),
        ("DELETE", "/workflows/receipts", b"", 405, "method-not-allowed"),
        ("PUT", "/workflows/%ff", b"{}", 400, "bad-path"),
        ("PUT", "/workflows/large", &vec![b' '; 3 * 1024 * 1024], 413, "bad-body"),
    ] {
        let (answered, body) = server.send(method, path, body);
        let error = &body["error"];
        assert_eq!((answered, error["code"].as_str()), (status, Some(code)), "{method} {path}: {body}");
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
    }
}
