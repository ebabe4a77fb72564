//! Ids that several actions have.

use super::mend::Mended;
use super::node::{Node, Says};
use super::report::Unrepaired;
use crate::check::ids::refuse;
use crate::diagnostic::{Edit, Pointer, quoted};
use crate::reference::{self, Parsed, PieceOf, RefRoot, Reference};
use crate::workflow::Document;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// New ids for actions whose id an earlier one has, where nothing says that they are meant by it; and why others keep
/// theirs.
pub(super) fn distinct(root: &Node, document: &Document) -> (Vec<Mended>, Vec<Unrepaired>) {
    let (mut mended, mut unrepaired) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    let ids = document.actions.iter().map(|action| action.id.as_deref());
    let again: Vec<(usize, &str)> =
        ids.enumerate().filter_map(|(at, id)| id.filter(|id| !seen.insert(*id)).map(|id| (at, id))).collect();
    if again.is_empty() {
        return (mended, unrepaired);
    }
    let named = Named::of(root, document);
    let mut free = Free {
        taken: seen.iter().copied().chain(named.by.keys().map(String::as_str)).map(str::to_owned).collect(),
        next: HashMap::new(),
    };
    let actions = root.member("actions").map(Node::elements).unwrap_or_default();
    for (at, id) in again.into_iter().filter(|(_, id)| refuse(id).is_none()) {
        let pointer = Pointer::root().member("actions").element(at).member("id");
        if let Some(by) = named.by.get(id) {
            let by = quoted(by.as_str());
            let reason = format!(
                "this action keeps the id {}: {by} names it, and the first action of that id may be meant or this one",
                quoted(id)
            );
            unrepaired.push(Unrepaired::new(pointer, reason));
            continue;
        }
        let Some(node) = actions.get(at).and_then(|action| action.member("id")) else { continue };
        let new = free.next(id);
        if refuse(&new).is_some() {
            continue;
        }
        let description = format!("call it {}: an earlier action is {}", quoted(&new), quoted(id));
        let edit = Edit::new(node.span.clone(), Value::from(new).to_string());
        mended.push(Mended { pointer, description, edits: vec![edit] });
    }
    (mended, unrepaired)
}

/// The ids that edges and refs name, each with where it is named first.
#[derive(Default)]
struct Named {
    by: HashMap<String, Pointer>,
}

impl Named {
    fn of(root: &Node, document: &Document) -> Self {
        let mut named = Named::default();
        for (at, edge) in document.edges.iter().enumerate() {
            let pointer = crate::check::edges::pointer(at);
            for (end, id) in [("from", &edge.from), ("to", &edge.to)] {
                if let Some(id) = id {
                    named.by.entry(id.clone()).or_insert_with(|| pointer.member(end));
                }
            }
        }
        named.refs(root, &Pointer::root());
        let leave = ["metadata", "flowright", "leave"];
        if let Some(leave) = leave.iter().try_fold(root, |node, name| node.member(name)) {
            for member in leave.members() {
                let pointer = Pointer::root().member("metadata").member("flowright").member("leave");
                named.by.entry(member.name.clone()).or_insert_with(|| pointer.member(&member.name));
            }
        }
        named
    }

    // INVARIANT: a tree is as deep as the limit on nesting lets it be, at most 127.
    fn refs(&mut self, node: &Node, at: &Pointer) {
        match &node.says {
            Says::String(text) => match reference::parse(text, usize::MAX) {
                Ok(Parsed::Ref(reference)) => self.reference(reference, at),
                Ok(Parsed::Text(pieces)) => {
                    for piece in pieces {
                        if let PieceOf::Ref(reference) = piece {
                            self.reference(reference, at);
                        }
                    }
                }
                _ => {}
            },
            Says::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.refs(element, &at.element(index));
                }
            }
            Says::Object(members) => {
                for member in members {
                    self.refs(&member.value, &at.member(&member.name));
                }
            }
            Says::Null | Says::Boolean(_) | Says::Number(_) => {}
        }
    }

    fn reference(&mut self, reference: Reference, at: &Pointer) {
        if let RefRoot::State(id) = reference.root {
            self.by.entry(id).or_insert_with(|| at.clone());
        }
    }
}

/// Ids that nothing has or names.
struct Free {
    taken: HashSet<String>,
    /// The number to try next, by what stands in front of it.
    next: HashMap<String, u64>,
}

impl Free {
    /// After `3` the number behind all others, as editors number; after `mail` `mail_2`.
    fn next(&mut self, id: &str) -> String {
        let numbers = || self.taken.iter().filter_map(|id| id.parse::<u64>().ok());
        let is_number = id.parse::<u64>().is_ok();
        let front = if is_number { String::new() } else { format!("{id}_") };
        let start = match self.next.get(&front) {
            Some(next) => *next,
            None if is_number => numbers().max().unwrap_or(0).saturating_add(1),
            None => 2,
        };
        let mut number = start;
        while self.taken.contains(&format!("{front}{number}")) && number < u64::MAX {
            number += 1;
        }
        let new = format!("{front}{number}");
        self.next.insert(front, number.saturating_add(1));
        self.taken.insert(new.clone());
        new
    }
}
