//! A real Restate server, which tests start and stop.

use crate::node::Package;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to begin.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server of one node, on this machine alone.
pub struct Server {
    child: Option<Child>,
    binary: PathBuf,
    folder: PathBuf,
    ports: [u16; 3],
}

/// Ports that nobody listens on now.
fn free_ports<const N: usize>() -> [u16; N] {
    let listeners = [(); N].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free"));
    listeners.map(|listener| listener.local_addr().expect("it listens").port())
}

/// A port that nobody listens on now.
///
/// # Panics
///
/// Where none is free.
pub fn free_port() -> u16 {
    let [port] = free_ports();
    port
}

impl Server {
    /// Starts a server that keeps its data in this folder, and waits until it is ready.
    ///
    /// # Panics
    ///
    /// Where it cannot be installed, or does not begin.
    pub fn start(folder: &Path) -> Self {
        let package = Package::at("tests/restate");
        let binary =
            package.folder().join("node_modules/@restatedev/restate-server-linux-x64/bin/restate-server");
        let mut server = Server { child: None, binary, folder: folder.to_owned(), ports: free_ports() };
        fs::write(folder.join("restate.toml"), server.configuration()).expect("it is configured");
        server.begin();
        server
    }

    fn configuration(&self) -> String {
        let [node, ingress, admin] = self.ports;
        let data = self.folder.join("data");
        let mut text = String::new();
        let _ = write!(
            text,
            r#"bind-port = {node}
roles = ["http-ingress", "admin", "worker", "log-server", "metadata-server"]
node-name = "n1"
cluster-name = "tests"
base-dir = "{data}"
bind-ip = "127.0.0.1"
advertised-host = "127.0.0.1"
listen-mode = "tcp"
default-num-partitions = 4
disable-telemetry = true
rocksdb-total-memory-size = "512 MiB"

[ingress]
bind-address = "127.0.0.1:{ingress}"

[admin]
bind-address = "127.0.0.1:{admin}"
disable-web-ui = true
"#,
            data = data.display()
        );
        text
    }

    /// Starts it, where it was killed, with the data that it had.
    ///
    /// # Panics
    ///
    /// Where it does not begin.
    pub fn begin(&mut self) {
        let log = File::options().create(true).append(true).open(self.folder.join("restate.log"));
        let log = log.expect("it has a log");
        let child = Command::new(&self.binary)
            .arg("--config-file")
            .arg(self.folder.join("restate.toml"))
            .arg("--no-logo")
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("its log has two ends"))
            .stderr(log)
            .spawn()
            .expect("it is started");
        self.child = Some(child);
        let begun = Instant::now();
        while !(self.answers(1, "/restate/health") && self.answers(2, "/health")) {
            let log = || fs::read_to_string(self.folder.join("restate.log")).unwrap_or_default();
            assert!(begun.elapsed() < PATIENCE, "the server does not begin:\n{}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn answers(&self, port: usize, path: &str) -> bool {
        self.ask(port, "GET", path, "").is_some_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    /// Asks over HTTP, and gives the whole answer.
    fn ask(&self, port: usize, method: &str, path: &str, body: &str) -> Option<String> {
        use std::io::{Read, Write};
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.ports[port]));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }

    /// Where runs are submitted.
    pub fn ingress(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports[1])
    }

    /// Makes the services at this port of this machine known; new invocations go to them.
    ///
    /// # Panics
    ///
    /// Where the server refuses them.
    pub fn register(&self, port: u16) {
        let body = format!(r#"{{ "uri": "http://127.0.0.1:{port}", "force": true }}"#);
        let answer = self.ask(2, "POST", "/deployments", &body).expect("the server answers");
        assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
    }

    /// Kills it, as a crash would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
