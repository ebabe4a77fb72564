//! Documents of a shape and a size, whose actions count.

use serde_json::{Value, json};

/// How actions stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One behind the other; each takes a field of the one before.
    Chain,
    /// One that all others follow, and take a field of.
    Fan,
    /// Two side by side on each rung; each takes a field of both on the rung before.
    Ladder,
}

pub(crate) const SHAPES: [Shape; 3] = [Shape::Chain, Shape::Fan, Shape::Ladder];

impl Shape {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Shape::Chain => "chain",
            Shape::Fan => "fan",
            Shape::Ladder => "ladder",
        }
    }

    /// The actions that one takes its inputs from, the first being 1; 0 stands for the event.
    pub(crate) fn before(self, action: usize) -> Vec<usize> {
        match self {
            Shape::Chain => vec![action - 1],
            Shape::Fan => vec![usize::from(action > 1)],
            Shape::Ladder if action <= 2 => vec![0, 0],
            Shape::Ladder => {
                let left = (action - 1) / 2 * 2 - 1;
                vec![left, left + 1]
            }
        }
    }

    /// A document of so many actions, of this kind where they take one input, and of the other where they take two. Refs go to
    /// this field of an output.
    pub(crate) fn document(self, actions: usize, kinds: [&str; 2], field: &str) -> String {
        let value = |from: usize| match from {
            0 => "!ref($.event.data.value)".to_owned(),
            _ => format!("!ref($.state.{from}{field})"),
        };
        let (mut written, mut edges) = (Vec::new(), Vec::new());
        for action in 1..=actions {
            let before = self.before(action);
            let (kind, inputs) = match before[..] {
                [from] => (kinds[0], json!({ "value": value(from) })),
                [left, right] => (kinds[1], json!({ "left": value(left), "right": value(right) })),
                _ => continue,
            };
            written.push(json!({ "id": action.to_string(), "kind": kind, "inputs": inputs }));
            edges.extend(distinct(before).into_iter().map(|from| edge(from, action)));
        }
        json!({ "actions": written, "edges": edges }).to_string()
    }
}

fn distinct(mut from: Vec<usize>) -> Vec<usize> {
    from.dedup();
    from
}

fn edge(from: usize, to: usize) -> Value {
    let from = if from == 0 { "$source".to_owned() } else { from.to_string() };
    json!({ "from": from, "to": to.to_string() })
}
