//! What runs workflows, as the cluster sees it.

use crate::attempts::Attempts;
use crate::error::ClientError;
use crate::inbox::Inbox;
use crate::runs::Runs;
use crate::time::counted;
use crate::transport::Transport;
use crate::vault::Vault;
use bytes::Bytes;
use flowright::{Engine, Key};
use http::Request;
use restate_sdk::endpoint::{Builder, Endpoint, HandlerOptions, ServiceOptions};
use restate_sdk::http_server::HttpServer;
use restate_sdk::ingress::RequestExecutor;
use restate_sdk::service::IntoServiceDefinition;
use socket2::SockRef;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long until an unreachable service is tried again, the first time; twice as long each time after that.
const AGAIN: Duration = Duration::from_millis(100);

/// And how long at most.
const LATEST: Duration = Duration::from_secs(5);

/// How often it is tried: for as long as it takes. The cluster counts to the end of an invocation, not to its next progress.
const ATTEMPTS: u64 = u32::MAX as u64;

/// Runs checked workflows by an engine's actions, for a cluster to call. Any number of replicas may serve the same engine.
#[derive(Debug)]
pub struct Service {
    engine: Engine,
    longest: Duration,
    vault: Vault,
}

impl Service {
    /// Runs workflows by this engine.
    pub fn new(engine: Engine) -> Self {
        Service { engine, longest: Duration::from_hours(1), vault: Vault::default() }
    }

    /// How long an action may work without a sub-step ending, or anything else that the cluster hears of. After that the
    /// cluster asks for the invocation back, and makes the attempt anew. One hour unless set. What sleeps or waits is held
    /// by the service for as long.
    #[must_use]
    pub fn longest_silence(mut self, longest: Duration) -> Self {
        self.longest = longest;
        self
    }

    /// Seals by this key what goes through the cluster of runs that handle secrets. All services and clients have the same.
    #[must_use]
    pub fn key(mut self, key: Key) -> Self {
        self.vault = Vault::of(key);
        self
    }

    /// Adds its services to an endpoint that may have others: `FlowrightRun`, `FlowrightAttempt` and `FlowrightInbox`.
    pub fn bind(self, endpoint: Builder) -> Builder {
        let retried = ServiceOptions::new()
            .retry_policy_initial_interval(AGAIN)
            .retry_policy_exponentiation_factor(2.0)
            .retry_policy_max_interval(LATEST)
            .retry_policy_max_attempts(ATTEMPTS)
            .retry_policy_pause_on_max_attempts();
        let options = retried.clone().inactivity_timeout(counted(self.longest));
        // Who only waits for a run to end is left alone soon.
        let waits = HandlerOptions::new().inactivity_timeout(LATEST);
        let runs = Runs { engine: self.engine.clone(), vault: self.vault.clone() }
            .into_service_definition()
            .options(options.clone().handler("outlast", waits));
        let attempts =
            Attempts { engine: self.engine, vault: self.vault }.into_service_definition().options(options);
        endpoint.bind(runs).bind(attempts).bind(Inbox.into_service_definition().options(retried))
    }

    /// Makes the services at `address`, such as `http://localhost:9080`, known to the cluster whose administration is at
    /// `admin`, such as `http://localhost:9070`. New runs and attempts go there from then on. Runs that began with another
    /// version go on there, so it has to be served until they have ended. Do this once for each version and address: where
    /// the address is known already, what is served there is looked at again.
    pub async fn register(admin: &str, address: &str) -> Result<(), ClientError> {
        let wrong = |error: &dyn std::fmt::Display| ClientError::Address(error.to_string());
        let body = serde_json::json!({ "uri": address, "force": true }).to_string();
        let request = Request::post(format!("{}/deployments", admin.trim_end_matches('/')))
            .header("content-type", "application/json")
            .body(Bytes::from(body))
            .map_err(|error| wrong(&error))?;
        let answer = Transport::default().execute(request).await.map_err(|error| wrong(&error))?;
        if answer.status().is_success() {
            return Ok(());
        }
        Err(ClientError::Address(String::from_utf8_lossy(answer.body()).into_owned()))
    }

    /// Serves it alone, until this is dropped.
    pub async fn serve(self, listener: TcpListener) {
        // What is small is sent at once: the cluster waits for it. Where that cannot be set, it is only slower.
        drop(SockRef::from(&listener).set_tcp_nodelay(true));
        HttpServer::new(self.bind(Endpoint::builder()).build()).serve(listener).await;
    }
}
