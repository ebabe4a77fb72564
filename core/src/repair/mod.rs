//! Repairs of documents.
mod draft;
mod node;
mod removal;
