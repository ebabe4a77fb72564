//! Actions whose types are awkward for whatever a registry is exported to.

use flowright::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// All of them.
pub const ACTIONS: [&dyn Action; 13] = actions![
    nothing,
    choose_plan,
    route,
    integers,
    tree,
    labels,
    contact,
    schedule,
    weigh,
    branch,
    grüße,
    secret_call,
    old_ways
];

/// A registry of all of them, with two events.
///
/// # Panics
///
/// Never: its actions and events are right.
pub fn registry() -> Registry {
    let order = json!({
        "type": "object",
        "properties": {
            "name": { "const": "order.placed" },
            "data": {
                "type": "object",
                "properties": {
                    "total": { "type": "number", "minimum": 0 },
                    "lines": { "type": "array", "items": { "type": "string" }, "minItems": 1 },
                    "coupon": { "type": ["string", "null"] },
                },
                "required": ["total", "lines"],
                "additionalProperties": false,
            },
        },
        "required": ["name", "data"],
    });
    let builder = Registry::builder().actions(ACTIONS).event::<SignedUp>("user.signed_up");
    builder.event_schema("order.placed", order).build().expect("its actions and events are right")
}

/// Somebody signed up.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct SignedUp {
    /// Who.
    pub name: String,
    /// Where to write to.
    pub email: String,
    /// What was chosen.
    pub plan: Plan,
    /// In years, where it was said.
    pub age: Option<u8>,
}

/// Do nothing.
///
/// Takes no inputs at all.
#[engine_action]
fn nothing() {}

/// What is paid.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Plan {
    /// Nothing.
    Free,
    /// By month.
    Team,
    /// By contract.
    Enterprise,
}

/// Choose a plan.
#[engine_action(
    name = "Choose a plan",
    icon = "💳",
    edges(
        allow_add = false,
        edge("Free", match = ("$.output.plan", "free")),
        edge("Paid", if = "$.output.paid"),
        edge("Otherwise", else = "$.output.paid")
    )
)]
fn choose_plan(
    /// The plan.
    #[input(title = "Plan", default = Plan::Free)]
    plan: Plan,
    /// How many people.
    #[input(min = 1, max = 500, multiple_of = 1, examples(5))]
    seats: Option<u32>,
) -> Chosen {
    Chosen { paid: !matches!(plan, Plan::Free), seats: seats.unwrap_or(1), plan }
}

/// What was chosen.
#[derive(Serialize, JsonSchema)]
pub struct Chosen {
    plan: Plan,
    paid: bool,
    seats: u32,
}

/// A way to tell somebody something.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Channel {
    /// A text message.
    TextMessage {
        /// The number to write to.
        number: String,
    },
    /// A message by mail.
    Mail(Address),
    /// Nothing is sent.
    None,
}

/// A place.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Address {
    /// Street and number.
    pub street: String,
    /// Where that is.
    pub city: Option<String>,
}

/// A text or a number.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Key {
    /// By number.
    Number(i64),
    /// By name.
    Name(String),
}

/// Route a message.
#[engine_action]
fn route(
    /// Where the message goes.
    channel: Channel,
    /// Which message it is.
    key: Key,
    /// What the message says.
    #[input(field_type = "textarea", max_length = 2000)]
    text: String,
) -> Channel {
    let _ = (key, text);
    channel
}

/// Take integers of all widths.
#[engine_action]
#[allow(clippy::too_many_arguments, clippy::many_single_char_names, reason = "one of each width")]
fn integers(a: u8, b: i8, c: u16, d: i16, e: u32, f: i32, g: u64, h: i64, i: usize, j: Option<isize>) -> i64 {
    let small = i64::from(a) + i64::from(b) + i64::from(c) + i64::from(d) + i64::from(e) + i64::from(f) + h;
    let large = [i64::try_from(g), i64::try_from(i)].into_iter().flatten().sum::<i64>();
    small + large + j.map_or(0, |j| j as i64)
}

/// A node of a tree.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Node {
    /// What the node says.
    pub label: String,
    /// What is below it.
    #[serde(default)]
    pub children: Vec<Node>,
    /// What comes after it.
    pub next: Option<Box<Node>>,
}

/// Count the nodes of a tree.
#[engine_action]
fn tree(
    /// Its uppermost node.
    root: Node,
    /// A second one.
    other: Option<Node>,
) -> Counted {
    fn count(node: &Node) -> usize {
        1 + node.children.iter().map(count).sum::<usize>() + node.next.as_deref().map_or(0, count)
    }
    Counted { nodes: count(&root) + other.as_ref().map_or(0, count), root }
}

/// A tree, counted.
#[derive(Serialize, JsonSchema)]
pub struct Counted {
    nodes: usize,
    root: Node,
}

/// Put labels on something.
#[engine_action]
fn labels(
    /// Texts by name.
    labels: BTreeMap<String, String>,
    /// Numbers by name, in lists.
    scores: Option<BTreeMap<String, Vec<f64>>>,
    /// Whatever there is to say.
    extra: Option<Value>,
) -> BTreeMap<String, String> {
    let mut labels = labels;
    labels.extend(scores.into_iter().flatten().map(|(name, scores)| (name, scores.len().to_string())));
    labels.extend(extra.map(|extra| ("extra".to_owned(), extra.to_string())));
    labels
}

/// Where somebody is reached.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Reach {
    /// By mail.
    pub email: String,
    /// On the net.
    pub homepage: Option<String>,
    /// At home.
    pub address: Option<Address>,
}

/// Contact somebody.
#[engine_action]
fn contact(
    /// Who it is.
    #[input(min_length = 1, max_length = 80)]
    name: String,
    #[input(flatten)] reach: Reach,
    /// Their code.
    #[input(pattern = "^[A-Z]{2}[0-9]+$")]
    code: Option<String>,
) -> String {
    format!("{name} <{}> {}", reach.email, code.unwrap_or_default())
}

/// Schedule something.
#[engine_action]
#[allow(clippy::unused_async, reason = "asynchronous actions are exported too")]
async fn schedule(
    /// When.
    #[input(format = "date-time")]
    at: String,
    /// Who is told, by mail.
    #[input(format = "email")]
    to: Option<String>,
    /// The days and hours: from, to.
    window: Option<(u8, u8)>,
    /// On which days.
    #[input(min_length = 1)]
    days: Option<Vec<Day>>,
) -> Scheduled {
    Scheduled {
        at,
        days: days.map_or(7, |days| days.len()),
        told: to,
        hours: window.map(|(from, to)| [from, to]),
    }
}

/// A day.
#[derive(Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub enum Day {
    Monday,
    Friday,
    Sunday,
}

/// What was scheduled.
#[derive(Serialize, JsonSchema)]
pub struct Scheduled {
    at: String,
    days: usize,
    told: Option<String>,
    hours: Option<[u8; 2]>,
}

/// Weigh something.
#[engine_action]
fn weigh(
    /// In kilograms.
    #[input(min = 0)]
    weight: f64,
    /// Whether it may be rounded.
    round: bool,
    /// Several weights.
    others: Option<Vec<Option<f64>>>,
) -> f64 {
    let all = weight + others.into_iter().flatten().flatten().sum::<f64>();
    if round { all.round() } else { all }
}

/// Go one way or the other.
#[engine_action(kind = "weird/kind:with.all-signs", name = "Weird \"kind\" & <tags>")]
fn branch(
    /// A "title" with <b>tags</b> & more.
    #[input(title = "A \"title\" & <b>more</b>", rename = "weird-name")]
    value: String,
    /// The same name with a space.
    #[input(rename = "two words")]
    words: Option<String>,
    /// A name that JavaScript has.
    #[input(rename = "constructor")]
    made: Option<bool>,
) -> Option<String> {
    made.unwrap_or(true).then(|| words.unwrap_or(value))
}

/// Grüße jemanden 👋.
#[engine_action(kind = "grüße", name = "Grüße 👋", icon = "👋")]
fn grüße(
    /// Wen?
    #[input(title = "Wen? 名前")]
    名前: String,
    /// Wie oft?
    #[input(default = 1, min = 1, max = 3)]
    wie_oft: u8,
) -> Vec<String> {
    vec![format!("Grüß dich, {名前}!"); wie_oft.into()]
}

/// Call something with a secret.
#[engine_action]
fn secret_call(
    /// What opens the door.
    #[input(secret)]
    token: String,
    /// Where the door is.
    #[input(format = "uri")]
    url: String,
) -> bool {
    !token.is_empty() && url.starts_with("https:")
}

/// Do it the old way.
#[engine_action(aliases("older_ways"), deprecated = "use `nothing`")]
#[allow(clippy::unnecessary_wraps, reason = "results are exported too")]
fn old_ways(
    /// What is done.
    #[input(aliases("thing"))]
    what: String,
    /// How it was done.
    #[input(deprecated)]
    how: Option<String>,
) -> Result<String, std::fmt::Error> {
    Ok(what + &how.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use flowright::Registry;

    #[test]
    fn the_registry_is_right() {
        assert_eq!(super::registry().definitions().count(), super::ACTIONS.len() + 1);
    }

    #[test]
    fn it_is_the_same_once_it_was_exported() {
        let registry = super::registry();
        let elsewhere = Registry::from_exported(&registry.exported()).expect("it is read back");
        assert_eq!(elsewhere.exported(), registry.exported());
        assert_eq!(elsewhere.public_actions(), registry.public_actions());
    }
}
