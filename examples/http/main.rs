//! A server that keeps users' workflows and runs them: `http [PORT]`, 0 for any that is free.
//!
//! `PUT /workflows/{id}` keeps a workflow, or answers 422 with the report. `POST /workflows/{id}/run` runs it with the
//! event in the body and answers what came of it.

mod actions;
mod answer;

use actions::{ACTIONS, OrderPlaced};
use answer::Problem;
use axum::Router;
use axum::extract::rejection::{PathRejection, StringRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{post, put};
use clap::Parser;
use flowright::prelude::*;
use flowright::{CheckedWorkflow, Source};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::RwLock;

/// Keep users' workflows and run them
#[derive(Parser)]
struct Arguments {
    /// Where to listen on 127.0.0.1; 0 takes any port that is free
    #[arg(default_value_t = 8080)]
    port: u16,
}

/// What every request may use. A product would keep the workflows in its database.
struct App {
    engine: Engine,
    workflows: RwLock<HashMap<String, CheckedWorkflow>>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { port } = Arguments::parse();
    let registry = Registry::builder().actions(ACTIONS).event::<OrderPlaced>("order.placed").build()?;
    let app = App { engine: Engine::builder(registry).build()?, workflows: RwLock::default() };
    let routes = Router::new()
        .route("/workflows/{id}", put(save))
        .route("/workflows/{id}/run", post(run))
        .fallback(async || Problem::new(StatusCode::NOT_FOUND, "not-found", "there is nothing here"))
        .method_not_allowed_fallback(async || {
            let message = "write `PUT /workflows/{id}` or `POST /workflows/{id}/run`";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", message)
        })
        .with_state(Arc::new(app));

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, routes).await?;
    Ok(())
}

async fn save(
    State(app): State<Arc<App>>,
    id: Result<Path<String>, PathRejection>,
    body: Result<String, StringRejection>,
) -> Result<Response, Problem> {
    let Path(id) = id?;
    let document = body?;
    match app.engine.registry().check(Source::text(&document)) {
        Ok(workflow) => {
            let answer = json!({ "id": id, "report": workflow.report().to_json() });
            let status = match app.workflows.write().await.insert(id, workflow) {
                None => StatusCode::CREATED,
                Some(_) => StatusCode::OK,
            };
            Ok((status, Json(answer)).into_response())
        }
        Err(report) => Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(report.to_json())).into_response()),
    }
}

async fn run(
    State(app): State<Arc<App>>,
    id: Result<Path<String>, PathRejection>,
    body: Result<String, StringRejection>,
) -> Result<Json<Value>, Problem> {
    let Path(id) = id?;
    let event: Value = serde_json::from_str(&body?)?;
    let Some(workflow) = app.workflows.read().await.get(&id).cloned() else {
        let message = format!("there is no workflow `{id}`");
        return Err(Problem::new(StatusCode::NOT_FOUND, "unknown-workflow", message));
    };
    Ok(Json(app.engine.run(&workflow, event).await?.to_json()))
}
