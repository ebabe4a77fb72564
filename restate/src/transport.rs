//! How the cluster's ingress is reached.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use restate_sdk::ingress::RequestExecutor;
use std::error::Error;
use std::fmt;

/// Reaches it over HTTP, on connections that are kept.
#[derive(Clone, Debug)]
pub struct Transport(Client<HttpConnector, Full<Bytes>>);

/// Why there is no answer.
#[derive(Debug)]
pub struct Unreached(Box<dyn Error + Send + Sync>);

impl Default for Transport {
    fn default() -> Self {
        let mut connector = HttpConnector::new();
        // What is small is sent at once: its answer is waited for.
        connector.set_nodelay(true);
        Transport(Client::builder(TokioExecutor::new()).build(connector))
    }
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Unreached {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

impl RequestExecutor for Transport {
    type Error = Unreached;

    async fn execute(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Unreached> {
        let answer = self.0.request(request.map(Full::new)).await.map_err(|error| Unreached(error.into()))?;
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.map_err(|error| Unreached(error.into()))?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }
}
