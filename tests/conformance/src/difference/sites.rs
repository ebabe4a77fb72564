//! The strings of a document that are read for refs.

use crate::case::{Case, text};
use crate::reference::refs::{self, Piece, Step};
use serde_json::Value;

/// Where a string stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stands {
    /// It is an input.
    AsInput,
    /// It is a member inside an input.
    InObject,
    /// It is an element inside an input.
    InArray,
    /// It is the argument of an operator of a rule.
    AsArguments,
    /// It is somewhere else in a rule.
    InRule,
    /// An edge has it for a condition.
    OnEdge,
}

/// A string that is read for refs.
#[derive(Clone, Debug)]
pub(crate) struct Site<'c> {
    pub(crate) stands: Stands,
    /// The action whose input it is in, or where its edge begins.
    pub(crate) action: &'c str,
    pub(crate) written: &'c str,
    pub(crate) pieces: Vec<Piece>,
}

impl Site<'_> {
    /// Its refs, with whether each is the whole of it.
    pub(crate) fn refs(&self) -> impl Iterator<Item = &[Step]> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Ref(steps) => Some(steps.as_slice()),
            Piece::Text(..) => None,
        })
    }

    /// The ref that is the whole of it.
    pub(crate) fn whole(&self) -> Option<&[Step]> {
        match self.pieces.as_slice() {
            [Piece::Ref(steps)] => Some(steps),
            _ => None,
        }
    }

    /// Whether it is text with refs.
    pub(crate) fn is_text(&self) -> bool {
        self.whole().is_none() && self.refs().next().is_some()
    }
}

/// All in a document that have something to be read.
pub(crate) fn sites(case: &Case) -> Vec<Site<'_>> {
    let mut sites = Vec::new();
    for action in case.actions() {
        let is_condition = action["kind"] == "builtin:if";
        for (_, value) in action.get("inputs").and_then(Value::as_object).into_iter().flatten() {
            let is_rule = is_condition && value.is_object();
            collect(value, Stands::AsInput, is_rule, text(&action["id"]), &mut sites);
        }
    }
    for edge in case.edges() {
        if let Some(written) = edge.pointer("/conditional/ref") {
            collect(written, Stands::OnEdge, false, text(&edge["from"]), &mut sites);
        }
    }
    sites
}

fn collect<'c>(value: &'c Value, stands: Stands, in_rule: bool, action: &'c str, sites: &mut Vec<Site<'c>>) {
    match value {
        Value::String(written) if written.contains("!ref(") => {
            sites.push(Site { stands, action, written, pieces: refs::pieces(written) });
        }
        Value::Array(elements) => {
            let stands = if in_rule { Stands::InRule } else { Stands::InArray };
            for element in elements {
                collect(element, stands, in_rule, action, sites);
            }
        }
        Value::Object(members) => {
            let stands = if in_rule { Stands::AsArguments } else { Stands::InObject };
            for member in members.values() {
                collect(member, stands, in_rule, action, sites);
            }
        }
        _ => {}
    }
}
