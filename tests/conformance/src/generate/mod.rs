//! Documents at random, with events that start them. Nearly all are accepted: refs lead to what is there and of the right kind, but
//! for a few that are wild.

mod edges;
mod events;
mod rules;
mod values;

use crate::case::Case;
use crate::chance::Chance;
use crate::reference::actions;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What a document is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    /// Hardly anything in it is special to one of the engines.
    Tame,
    /// Anything may be in it.
    Wild,
}

/// An action that is written already.
pub(crate) struct Earlier {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    /// The actions that have completed when this one starts, and those that came before it.
    pub(crate) surely: BTreeSet<usize>,
    pub(crate) ancestors: BTreeSet<usize>,
    pub(crate) may_be_skipped: bool,
    /// How many edges lead here.
    pub(crate) depth: usize,
}

pub(crate) struct Writer<'c> {
    pub(crate) chance: &'c mut Chance,
    pub(crate) nature: Nature,
    pub(crate) earlier: Vec<Earlier>,
    /// The event, and what each action comes to if it runs.
    pub(crate) root: Value,
    /// What a ref may lead to where the writer is: paths, and what is there.
    pub(crate) within: Vec<(String, Value)>,
    /// Paths at which there may be nothing.
    pub(crate) perhaps: Vec<String>,
}

const IDS: [&str; 16] = [
    "1",
    "2",
    "3",
    "4",
    "5",
    "a",
    "b",
    "step",
    "make-user",
    "Ärger",
    "two words",
    "constructor",
    "__proto__",
    "a)b",
    "it's",
    "07",
];

/// The case of a seed.
pub fn case(seed: u64) -> Case {
    let mut chance = Chance::new(seed);
    let nature = if chance.percent(60) { Nature::Tame } else { Nature::Wild };
    let event = events::event(nature, &mut chance);
    let mut writer = Writer {
        nature,
        earlier: Vec::new(),
        root: json!({ "event": event, "state": {} }),
        within: Vec::new(),
        perhaps: Vec::new(),
        chance: &mut chance,
    };
    let (mut actions, mut edges) = (Vec::new(), Vec::new());
    let mut ids: Vec<&str> = if nature == Nature::Tame { IDS[..9].to_vec() } else { IDS.to_vec() };
    writer.chance.shuffle(&mut ids);
    let count = if writer.runs_wild(1) { 0 } else { 1 + writer.chance.below(8) };
    for id in ids.into_iter().take(count) {
        let new = writer.lead_to(id, &mut edges);
        writer.look_around(&new);
        let kind = writer.kind();
        let action = json!({ "id": id, "kind": kind, "inputs": writer.inputs(kind) });
        if let Some(output) = actions::call(&action, &writer.root) {
            writer.root["state"][id] = output;
        }
        writer.earlier.push(Earlier { kind, ..new });
        actions.push(action);
    }
    if writer.chance.percent(30) {
        writer.chance.shuffle(&mut actions);
        writer.chance.shuffle(&mut edges);
    }
    let event = writer.root["event"].take();
    Case { workflow: json!({ "actions": actions, "edges": edges }), event }
}

impl Writer<'_> {
    pub(crate) fn is_wild(&self) -> bool {
        self.nature == Nature::Wild
    }

    /// Whether something happens that only wild documents have.
    pub(crate) fn runs_wild(&mut self, share: usize) -> bool {
        self.is_wild() && self.chance.percent(share)
    }

    fn kind(&mut self) -> &'static str {
        const KINDS: [&str; 9] =
            ["add", "concat", "echo", "echo", "echo", "make_user", "upper", "builtin:if", "builtin:if"];
        KINDS[self.chance.below(KINDS.len())]
    }

    fn inputs(&mut self, kind: &str) -> Value {
        match kind {
            "add" => json!({ "a": self.number(), "b": self.number() }),
            "concat" => json!({ "parts": self.parts() }),
            "echo" => json!({ "value": self.any(2) }),
            "upper" => json!({ "text": self.text() }),
            "builtin:if" => json!({ "condition": self.condition() }),
            _ => {
                let mut inputs =
                    Map::from_iter([("name".to_owned(), self.text()), ("age".to_owned(), self.age())]);
                match self.chance.below(4) {
                    0 => drop(inputs.insert("email".to_owned(), self.text())),
                    1 => drop(inputs.insert("email".to_owned(), self.gone())),
                    2 if self.is_wild() => drop(inputs.insert("email".to_owned(), Value::Null)),
                    _ => {}
                }
                inputs.into()
            }
        }
    }
}
