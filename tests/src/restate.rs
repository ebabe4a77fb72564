//! A real Restate server of one node or of several, which tests start and stop.

use crate::node::Package;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// How long a server may take to begin.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server on this machine alone.
pub struct Server(Vec<Node>);

struct Node {
    child: Option<Child>,
    is_lost: bool,
    binary: PathBuf,
    settings: Settings,
}

/// What a node is started with.
pub struct Settings {
    /// Where its log is.
    pub folder: PathBuf,
    /// Where it listens.
    pub ports: Ports,
    /// All its variables.
    pub environment: Vec<(String, String)>,
}

/// Where a node listens.
#[derive(Clone, Copy)]
pub struct Ports {
    /// To other nodes.
    pub node: u16,
    /// To whoever submits runs.
    pub ingress: u16,
    /// To whoever administers it.
    pub admin: u16,
}

impl Ports {
    /// Ports that nobody listens on now.
    ///
    /// # Panics
    ///
    /// Where none is free.
    pub fn free() -> Self {
        let [node, ingress, admin] = free_ports();
        Ports { node, ingress, admin }
    }
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

/// The variable that makes a server that cannot be had a failure: the CI sets it.
const REQUIRED: &str = "FLOWRIGHT_REQUIRE_RESTATE";

/// The folder of the server, where it can be had. Where not, a test of it says so and passes, unless the server is required.
fn installed() -> Option<&'static Path> {
    static INSTALLED: OnceLock<Option<PathBuf>> = OnceLock::new();
    let installed = INSTALLED.get_or_init(|| match Package::find("tests/restate") {
        Ok(package) => Some(package.folder().to_owned()),
        Err(why) => {
            assert!(std::env::var_os(REQUIRED).is_none(), "the Restate server cannot be had: {why}");
            // Not by what the test prints, which is shown only where it fails.
            drop(writeln!(std::io::stderr(), "\n*** SKIPPED: the Restate server cannot be had: {why} ***\n"));
            None
        }
    });
    installed.as_deref()
}

impl Server {
    /// Starts a server of one node that keeps its data in this folder, and waits until it is ready. `None` where the server
    /// cannot be had, which is said.
    ///
    /// # Panics
    ///
    /// Where it does not begin, or cannot be had though it is required.
    pub fn start(folder: &Path) -> Option<Self> {
        Self::of_nodes(folder, 1)
    }

    /// The same of so many nodes; where there are several, each piece of data is on two.
    ///
    /// # Panics
    ///
    /// Where it does not begin, or cannot be had though it is required.
    pub fn of_nodes(folder: &Path, count: usize) -> Option<Self> {
        Self::with_variables(folder, count, &[])
    }

    /// The same, with variables that each node is given besides.
    ///
    /// # Panics
    ///
    /// Where it does not begin, or cannot be had though it is required.
    pub fn with_variables(folder: &Path, count: usize, variables: &[(&str, &str)]) -> Option<Self> {
        let ports: Vec<Ports> = (0..count).map(|_| Ports::free()).collect();
        let nodes = ports.iter().enumerate().map(|(at, own)| {
            let folder = folder.join(format!("n{}", at + 1));
            fs::create_dir_all(&folder).expect("a folder");
            let file = folder.join("restate.toml");
            fs::write(&file, configuration(&folder, at, &ports)).expect("it is configured");
            let file = ("RESTATE_CONFIG".to_owned(), file.display().to_string());
            let others = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            Settings { folder, ports: *own, environment: others.chain([file]).collect() }
        });
        Self::of(nodes.collect())
    }

    /// The same of nodes that are wholly set up by their variables.
    ///
    /// # Panics
    ///
    /// Where it does not begin, or cannot be had though it is required.
    pub fn of(nodes: Vec<Settings>) -> Option<Self> {
        let binary =
            installed()?.join("node_modules/@restatedev/restate-server-linux-x64/bin/restate-server");
        let node = |settings| Node { child: None, is_lost: false, binary: binary.clone(), settings };
        let mut server = Server(nodes.into_iter().map(node).collect());
        server.begin();
        Some(server)
    }

    /// Starts its nodes, where they were killed, with the data that they had.
    ///
    /// # Panics
    ///
    /// Where it does not begin.
    pub fn begin(&mut self) {
        self.0.iter_mut().for_each(Node::begin);
        self.0.iter().filter(|node| !node.is_lost).for_each(Node::wait);
    }

    /// Where runs are submitted: at the first node that lives.
    ///
    /// # Panics
    ///
    /// Where none does.
    pub fn ingress(&self) -> String {
        format!("http://127.0.0.1:{}", self.living().ports().ingress)
    }

    /// Where runs are submitted: at each node that lives.
    pub fn ingresses(&self) -> Vec<String> {
        let living = self.0.iter().filter(|node| node.child.is_some());
        living.map(|node| format!("http://127.0.0.1:{}", node.ports().ingress)).collect()
    }

    /// Where it is administered: at the first node that lives.
    ///
    /// # Panics
    ///
    /// Where none does.
    pub fn admin(&self) -> String {
        format!("http://127.0.0.1:{}", self.living().ports().admin)
    }

    fn living(&self) -> &Node {
        self.0.iter().find(|node| node.child.is_some()).expect("a node lives")
    }

    /// Makes the services at this port of this machine known; new invocations go to them.
    ///
    /// # Panics
    ///
    /// Where the server refuses them.
    pub fn register(&self, port: u16) {
        let body = format!(r#"{{ "uri": "http://127.0.0.1:{port}", "force": true }}"#);
        let begun = Instant::now();
        loop {
            let answer = ask(self.living().ports().admin, "POST", "/deployments", &body);
            if answer.as_ref().is_some_and(|answer| (200..300).contains(&answer.status)) {
                return;
            }
            // A server of several nodes may answer before all of it is ready.
            assert!(begun.elapsed() < PATIENCE, "{}", answer.map(|answer| answer.body).unwrap_or_default());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// What its invocations are that have not ended, as JSON: the target, the status, and why it is called again.
    ///
    /// # Panics
    ///
    /// Where it does not say.
    pub fn under_way(&self) -> String {
        self.query("select target, status, last_failure from sys_invocation where status <> 'completed'")
    }

    /// What is kept of the events that were sent to runs, as JSON.
    ///
    /// # Panics
    ///
    /// Where it does not say.
    pub fn inboxes(&self) -> String {
        self.query("select value_utf8 from state where service_name = 'FlowrightInbox'")
    }

    /// Whether an attempt sleeps that has not ended.
    ///
    /// # Panics
    ///
    /// Where it does not say.
    pub fn sleeps(&self) -> bool {
        let query = "select j.index from sys_journal j join sys_invocation i on i.id = j.id \
                     where j.entry_type = 'Command: Sleep' and i.status <> 'completed'";
        !self.query(query).contains(r#""rows":[]"#)
    }

    fn query(&self, query: &str) -> String {
        let body = format!("{{ \"query\": \"{query}\" }}");
        let answer = ask(self.living().ports().admin, "POST", "/query", &body).expect("it answers");
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    /// Kills the one attempt that is under way, as an operator may.
    ///
    /// # Panics
    ///
    /// Where there is not one, or the server refuses.
    pub fn kill_attempt(&self) {
        let found = self.query(
            "select id from sys_invocation where target_service_name = 'FlowrightAttempt' and status <> 'completed'",
        );
        let [_, id] = found.split("\"id\":\"").collect::<Vec<_>>()[..] else {
            panic!("not one attempt: {found}")
        };
        let id = id.split('"').next().unwrap_or_default();
        let path = format!("/invocations/{id}/kill");
        let answer = ask(self.living().ports().admin, "PATCH", &path, "").expect("it answers");
        assert!((200..300).contains(&answer.status), "{}", answer.body);
    }

    /// Kills all its nodes, as a crash would.
    pub fn kill(&mut self) {
        self.0.iter_mut().for_each(Node::kill);
    }

    /// Kills one of its nodes: the first is 0.
    pub fn kill_node(&mut self, node: usize) {
        self.0[node].kill();
    }

    /// Kills one of its nodes for good.
    pub fn lose_node(&mut self, node: usize) {
        self.0[node].kill();
        self.0[node].is_lost = true;
    }
}

impl Node {
    fn ports(&self) -> Ports {
        self.settings.ports
    }

    fn begin(&mut self) {
        if self.child.is_some() || self.is_lost {
            return;
        }
        let Settings { folder, environment, .. } = &self.settings;
        let log = File::options().create(true).append(true).open(folder.join("restate.log"));
        let log = log.expect("it has a log");
        // Whoever holds its standard input keeps the server alive: it ends with the test, however that ends.
        let child = Command::new("sh")
            .args(["-c", r#""$0" "$@" </dev/null & cat; kill -9 $!; wait $!"#])
            .arg(&self.binary)
            .arg("--no-logo")
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(log.try_clone().expect("its log has two ends"))
            .stderr(log)
            .spawn()
            .expect("it is started");
        self.child = Some(child);
    }

    fn wait(&self) {
        let begun = Instant::now();
        let Ports { ingress, admin, .. } = self.ports();
        while !(answers(ingress, "/restate/health") && answers(admin, "/health")) {
            let log = || fs::read_to_string(self.settings.folder.join("restate.log")).unwrap_or_default();
            assert!(begun.elapsed() < PATIENCE, "the server does not begin:\n{}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.stdin.take());
            drop(child.wait());
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

fn configuration(folder: &Path, at: usize, nodes: &[Ports]) -> String {
    let Ports { node, ingress, admin } = nodes[at];
    let (name, data) = (at + 1, folder.join("data"));
    let (data, is_first, replication) = (data.display(), at == 0, nodes.len().min(2));
    let addresses: Vec<String> =
        nodes.iter().map(|ports| format!("\"http://127.0.0.1:{}\"", ports.node)).collect();
    let addresses = addresses.join(", ");
    format!(
        r#"bind-port = {node}
roles = ["http-ingress", "admin", "worker", "log-server", "metadata-server"]
node-name = "n{name}"
cluster-name = "tests"
base-dir = "{data}"
bind-ip = "127.0.0.1"
advertised-host = "127.0.0.1"
listen-mode = "tcp"
auto-provision = {is_first}
default-num-partitions = 4
default-replication = {replication}
disable-telemetry = true
rocksdb-total-memory-size = "512 MiB"
rocksdb-disable-wal-compression = true

[metadata-client]
addresses = [{addresses}]

[ingress]
bind-address = "127.0.0.1:{ingress}"

[admin]
bind-address = "127.0.0.1:{admin}"
disable-web-ui = true
"#
    )
}

fn answers(port: u16, path: &str) -> bool {
    ask(port, "GET", path, "").is_some_and(|answer| answer.status == 200)
}

/// What is answered over HTTP.
#[derive(Debug)]
pub struct Answer {
    /// What HTTP says of how it went: 200 where it went well.
    pub status: u16,
    /// The text.
    pub body: String,
}

/// Asks a port of this machine over HTTP with JSON; `None` where nobody answers.
pub fn ask(port: u16, method: &str, path: &str, body: &str) -> Option<Answer> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let length = body.len();
    // An answer to HTTP/1.0 comes in one piece.
    let request = format!(
        "{method} {path} HTTP/1.0\r\nhost: localhost\r\ncontent-type: application/json\r\naccept: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}
