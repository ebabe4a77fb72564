//! A service in a process of its own.

use crate::PATIENCE;
use crate::witness::Court;
use flowright_tests::restate::free_port;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A service that is killed and begun again at the same port of this machine, and is killed when this is dropped.
pub(crate) struct Replica {
    pub(crate) port: u16,
    arguments: &'static [&'static str],
    child: Option<Child>,
    is_retired: bool,
}

impl Replica {
    /// Begins, and is ready when this comes back.
    pub(crate) fn new(court: &Court, arguments: &'static [&'static str]) -> Self {
        let mut replica = Replica { port: free_port(), arguments, child: None, is_retired: false };
        replica.begin(court);
        replica
    }

    /// Begins where it was killed, unless for good.
    pub(crate) fn begin(&mut self, court: &Court) {
        if self.child.is_some() || self.is_retired {
            return;
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_replica"))
            .arg(format!("127.0.0.1:{}", self.port))
            .arg(court.address.to_string())
            .args(self.arguments)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if let Some(status) = child.try_wait().unwrap() {
                panic!("the service does not begin: {status}");
            }
            assert!(begun.elapsed() < PATIENCE, "the service does not begin");
            std::thread::sleep(Duration::from_millis(10));
        }
        self.child = Some(child);
    }

    /// Dies as in a crash.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }

    /// The same, for good.
    pub(crate) fn retire(&mut self) {
        self.kill();
        self.is_retired = true;
    }

    pub(crate) fn is_retired(&self) -> bool {
        self.is_retired
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.kill();
    }
}
