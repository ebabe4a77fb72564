//! What runs workflows, as the cluster sees it.

use crate::attempts::Attempts;
use crate::inbox::Inbox;
use crate::runs::Runs;
use flowright::Engine;
use restate_sdk::endpoint::{Builder, Endpoint};
use restate_sdk::http_server::HttpServer;
use tokio::net::TcpListener;

/// Runs checked workflows by an engine's actions, for a cluster to call. Any number of replicas may serve the same engine.
#[derive(Debug)]
pub struct Service {
    engine: Engine,
}

impl Service {
    /// Runs workflows by this engine.
    pub fn new(engine: Engine) -> Self {
        Service { engine }
    }

    /// Adds its services to an endpoint that may have others: `FlowrightRun`, `FlowrightAttempt` and `FlowrightInbox`.
    pub fn bind(self, endpoint: Builder) -> Builder {
        let runs = Runs { engine: self.engine.clone() };
        let attempts = Attempts { engine: self.engine };
        endpoint.bind(runs).bind(attempts).bind(Inbox)
    }

    /// Serves it alone, until this is dropped.
    pub async fn serve(self, listener: TcpListener) {
        HttpServer::new(self.bind(Endpoint::builder()).build()).serve(listener).await;
    }
}
