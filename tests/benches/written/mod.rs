//! A document as somebody reads it by hand: what is written, and no more.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;

#[derive(Deserialize)]
pub(crate) struct Document<'d> {
    #[serde(borrow)]
    pub(crate) actions: Vec<Action<'d>>,
    #[serde(borrow)]
    pub(crate) edges: Vec<Edge<'d>>,
}

#[derive(Deserialize)]
pub(crate) struct Action<'d> {
    pub(crate) id: &'d str,
    pub(crate) kind: &'d str,
    #[serde(borrow, default)]
    pub(crate) inputs: HashMap<&'d str, &'d RawValue>,
}

#[derive(Deserialize)]
pub(crate) struct Edge<'d> {
    pub(crate) from: &'d str,
    pub(crate) to: &'d str,
    #[serde(borrow)]
    pub(crate) conditional: Option<Conditional<'d>>,
}

#[derive(Deserialize)]
pub(crate) struct Conditional<'d> {
    #[serde(rename = "type")]
    pub(crate) test: &'d str,
    #[serde(rename = "ref")]
    pub(crate) reference: &'d str,
}
