//! Actions with inputs and outputs of many types.

use flowright::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All of them.
pub const ACTIONS: [&dyn Action; 9] =
    actions![book, choose, find_user, greet, invite, measure, notify, profile, tag];

/// Somebody.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// What they are called.
    pub name: String,
    /// In years.
    pub age: Option<u8>,
}

/// Look somebody up.
#[engine_action]
fn find_user(
    /// The name to look for.
    name: String,
) -> Option<Person> {
    (!name.is_empty()).then_some(Person { name, age: None })
}

/// A profile, some of it unknown.
#[derive(Serialize, JsonSchema)]
pub struct Profile {
    id: String,
    /// Not everyone has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    nickname: String,
    email: Option<String>,
    tags: Vec<String>,
    plan: Plan,
    extra: serde_json::Value,
}

/// What is paid.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Plan {
    /// Nothing.
    Free,
    /// By month.
    Team,
}

/// Get a profile.
#[engine_action]
fn profile(
    /// Whose.
    id: String,
) -> Profile {
    let known = id == "ada";
    Profile {
        nickname: if known { "countess".to_owned() } else { String::new() },
        email: known.then(|| "ada@example.org".to_owned()),
        tags: vec![id.clone()],
        plan: Plan::Free,
        extra: serde_json::Value::Null,
        id,
    }
}

/// Numbers of several widths.
#[derive(Serialize, JsonSchema)]
pub struct Measures {
    ratio: f64,
    count: u32,
    share: u8,
    delta: i32,
}

/// Measure something.
#[engine_action]
fn measure(
    /// What to measure.
    what: String,
) -> Measures {
    let count = u32::try_from(what.len()).unwrap_or(u32::MAX);
    Measures { ratio: 0.5, count, share: 7, delta: -1 }
}

/// Greet somebody.
#[engine_action]
fn greet(
    /// Who is greeted.
    person: Person,
    /// How, in words.
    #[input(min_length = 1)]
    words: Option<String>,
) -> String {
    format!("{} {}", words.unwrap_or_else(|| "hello".to_owned()), person.name)
}

/// Invite several people.
#[engine_action]
fn invite(
    /// Everyone who is invited.
    people: Vec<Person>,
    /// Where.
    place: Option<String>,
) -> usize {
    people.len() + usize::from(place.is_some())
}

/// A way to tell somebody something.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Channel {
    /// A text message.
    Sms {
        /// The number to write to.
        number: String,
    },
    /// A notification.
    Push {
        /// The device.
        token: String,
        /// The number on the icon.
        badge: Option<u8>,
    },
}

/// Tell somebody something.
#[engine_action]
fn notify(
    /// How they are told.
    channel: Channel,
) -> bool {
    matches!(channel, Channel::Sms { .. })
}

/// Either a name or all that is known.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Who {
    /// A name.
    Name(String),
    /// Everything.
    Person(Person),
}

/// Book seats.
#[engine_action]
fn book(
    /// For whom.
    who: Who,
    /// How many.
    #[input(min = 1, max = 10)]
    seats: u8,
    /// The plan that pays for it.
    plan: Option<Plan>,
) -> u8 {
    let own = matches!(who, Who::Person(_)) || plan.is_some();
    seats + u8::from(own)
}

/// Choose one.
#[engine_action]
fn choose(
    /// Which plan.
    plan: Plan,
) -> bool {
    matches!(plan, Plan::Free)
}

/// Tag something.
#[engine_action]
fn tag(
    /// What to call it, by language.
    labels: BTreeMap<String, String>,
    /// A key nobody may read.
    #[input(secret, max_length = 40)]
    key: String,
) -> usize {
    labels.len() + key.len()
}
