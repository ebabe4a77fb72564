//! Enums in all of serde's representations.

use crate::sample::samples;
use crate::structs::{Point, Side};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Serialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Two {
    On,
    Off,
}

#[derive(Serialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Three {
    Off,
    On,
    Auto,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum OnlyOn {
    On,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Lower {
    On,
    Off,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub(crate) enum Loud {
    SlowDown,
    Stop,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum ByHandLoud {
    #[serde(rename = "STOP")]
    A,
    #[serde(rename = "SLOW-DOWN")]
    B,
    #[serde(rename = "GO")]
    C,
}

/// Variants with names of one letter.
#[derive(Serialize, JsonSchema)]
pub(crate) enum Letter {
    A,
    B,
}

/// Externally tagged.
#[derive(Serialize, JsonSchema)]
pub(crate) enum Cell {
    Number(u8),
    Text(String),
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum WideCell {
    Text(String),
    Number(u16),
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum MoreCell {
    Empty,
    Number(u8),
    Text(String),
    Pair(u8, String),
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum OtherCell {
    Date(String),
    Image { width: u32 },
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum NumberCell {
    Number(u8),
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum SwappedCell {
    Number(String),
    Text(u8),
}

/// What an externally tagged enum looks like as a struct.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CellMembers {
    #[serde(rename = "Number")]
    number: Option<u8>,
    #[serde(rename = "Text")]
    text: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct NumberMember {
    #[serde(rename = "Number")]
    number: u8,
}

#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClosedNumberMember {
    #[serde(rename = "Number")]
    number: u8,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Shape {
    Circle { radius: f32 },
    Square { side: f32 },
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Figure {
    Circle { radius: f64 },
    Square { side: f64 },
    Polygon(Vec<Point>),
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum WholeShape {
    Circle { radius: u32 },
    Square { side: u32 },
}

/// Internally tagged.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Event {
    Created { id: u64 },
    Deleted { id: u64, reason: Option<String> },
    Ping,
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum MoreEvent {
    Ping,
    Created { id: u64 },
    Deleted { id: u64, reason: Option<String> },
    Moved { id: u64, to: Point },
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum NarrowEvent {
    Created { id: u32 },
    Deleted { id: u32, reason: Option<String> },
    Ping,
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum OldEvent {
    Renamed { id: u64 },
    Closed { id: u64 },
}

/// The same, told apart by another member.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum KindEvent {
    Created { id: u64 },
    Ping,
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum ClosedEvent {
    Created { id: u64 },
    Ping,
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "type")]
pub(crate) enum Boxed {
    Side(Side),
    Point(Point),
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Typed {
    r#type: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OnlyCreated {
    Created,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct CreatedByHand {
    r#type: OnlyCreated,
    id: u64,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum SideOrRound {
    Round,
    Side,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct AnySided {
    r#type: SideOrRound,
    side: u16,
}

/// `AnySided`, as its cases.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type")]
pub(crate) enum EachSided {
    Round { side: u16 },
    Side { side: u16 },
}

/// Adjacently tagged.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
pub(crate) enum Adjacent {
    Number(u8),
    Text(String),
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
pub(crate) enum WideAdjacent {
    Text(String),
    Number(u16),
    Both(u16, String),
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
pub(crate) enum MaybeAdjacent {
    None,
    Number(u8),
    Text(String),
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "t", content = "c", deny_unknown_fields)]
pub(crate) enum ClosedAdjacent {
    Number(u8),
    Text(String),
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct AdjacentMembers {
    t: String,
    c: Value,
}

/// Untagged.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Scalar {
    Number(i64),
    Text(String),
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum MoreScalar {
    Text(String),
    Flag(bool),
    Number(i64),
    Nothing,
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Place {
    Point(Point),
    Name(String),
    Side { side: u16 },
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum EitherValue {
    Number { value: i64 },
    Text { value: String },
}

/// Some by tag, some by form.
#[derive(Serialize, JsonSchema)]
pub(crate) enum HalfTagged {
    Known,
    Number(u8),
    #[serde(untagged)]
    Other(bool),
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct FlatEvent {
    at: u32,
    #[serde(flatten)]
    event: Event,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct FlatMoreEvent {
    at: u64,
    #[serde(flatten)]
    event: MoreEvent,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct FlatCell {
    at: u32,
    #[serde(flatten)]
    cell: Cell,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct At {
    at: u32,
}

/// JSON, written as a Rust type.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Json {
    Null,
    Flag(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Members(BTreeMap<String, Json>),
}

fn text(text: &str) -> String {
    text.to_owned()
}

samples! {
    Two => [Two::On, Two::Off];
    Three => [Three::On, Three::Off, Three::Auto];
    OnlyOn => [OnlyOn::On];
    Lower => [Lower::On, Lower::Off];
    Loud => [Loud::SlowDown, Loud::Stop];
    ByHandLoud => [ByHandLoud::A, ByHandLoud::B, ByHandLoud::C];
    Letter => [Letter::A, Letter::B];
    Cell => [Cell::Number(255), Cell::Text(text("$&"))];
    WideCell => [WideCell::Number(256), WideCell::Text(text(""))];
    MoreCell => [MoreCell::Empty, MoreCell::Number(1), MoreCell::Text(text("x")), MoreCell::Pair(1, text("x"))];
    OtherCell => [OtherCell::Date(text("2026-01-01")), OtherCell::Image { width: 3 }];
    NumberCell => [NumberCell::Number(9)];
    SwappedCell => [SwappedCell::Number(text("1")), SwappedCell::Text(1)];
    CellMembers => [CellMembers { number: Some(1), text: None }, CellMembers { number: None, text: Some(text("x")) }];
    NumberMember => [NumberMember { number: 1 }];
    ClosedNumberMember => [ClosedNumberMember { number: 1 }];
    Shape => [Shape::Circle { radius: 1.5 }, Shape::Square { side: 2.0 }];
    Figure => [Figure::Circle { radius: 1.5 }, Figure::Square { side: 2.0 }, Figure::Polygon(vec![Point { x: 1, y: 2 }])];
    WholeShape => [WholeShape::Circle { radius: 1 }, WholeShape::Square { side: 2 }];
    Event => [
        Event::Created { id: u64::MAX },
        Event::Deleted { id: 1, reason: None },
        Event::Deleted { id: 1, reason: Some(text("old")) },
        Event::Ping,
    ];
    MoreEvent => [
        MoreEvent::Ping,
        MoreEvent::Created { id: 0 },
        MoreEvent::Deleted { id: 1, reason: None },
        MoreEvent::Moved { id: 1, to: Point { x: 0, y: 0 } },
    ];
    NarrowEvent => [
        NarrowEvent::Created { id: 0 },
        NarrowEvent::Deleted { id: 1, reason: None },
        NarrowEvent::Ping,
    ];
    OldEvent => [OldEvent::Renamed { id: 1 }, OldEvent::Closed { id: 1 }];
    KindEvent => [KindEvent::Created { id: 1 }, KindEvent::Ping];
    ClosedEvent => [ClosedEvent::Created { id: 1 }, ClosedEvent::Ping];
    Boxed => [Boxed::Side(Side { side: 1 }), Boxed::Point(Point { x: 1, y: 1 })];
    Typed => [Typed { r#type: text("ping") }, Typed { r#type: text("pong") }];
    OnlyCreated => [OnlyCreated::Created];
    CreatedByHand => [CreatedByHand { r#type: OnlyCreated::Created, id: 3 }];
    SideOrRound => [SideOrRound::Round, SideOrRound::Side];
    AnySided => [AnySided { r#type: SideOrRound::Round, side: 1 }, AnySided { r#type: SideOrRound::Side, side: 2 }];
    EachSided => [EachSided::Round { side: 1 }, EachSided::Side { side: 2 }];
    Adjacent => [Adjacent::Number(1), Adjacent::Text(text("1"))];
    WideAdjacent => [WideAdjacent::Number(256), WideAdjacent::Text(text("1")), WideAdjacent::Both(1, text("x"))];
    MaybeAdjacent => [MaybeAdjacent::None, MaybeAdjacent::Number(1), MaybeAdjacent::Text(text("1"))];
    ClosedAdjacent => [ClosedAdjacent::Number(1), ClosedAdjacent::Text(text("1"))];
    AdjacentMembers => [AdjacentMembers { t: text("Number"), c: Value::Null }];
    Scalar => [Scalar::Number(i64::MIN), Scalar::Text(text("x"))];
    MoreScalar => [MoreScalar::Text(text("x")), MoreScalar::Flag(true), MoreScalar::Number(1), MoreScalar::Nothing];
    OneOrMany => [OneOrMany::One(text("x")), OneOrMany::Many(vec![]), OneOrMany::Many(vec![text("x")])];
    Place => [Place::Point(Point { x: 1, y: 1 }), Place::Name(text("here")), Place::Side { side: 1 }];
    EitherValue => [EitherValue::Number { value: 1 }, EitherValue::Text { value: text("x") }];
    HalfTagged => [HalfTagged::Known, HalfTagged::Number(1), HalfTagged::Other(true)];
    FlatEvent => [
        FlatEvent { at: 1, event: Event::Ping },
        FlatEvent { at: 1, event: Event::Created { id: 1 } },
        FlatEvent { at: 1, event: Event::Deleted { id: 1, reason: None } },
    ];
    FlatMoreEvent => [
        FlatMoreEvent { at: u64::MAX, event: MoreEvent::Ping },
        FlatMoreEvent { at: 1, event: MoreEvent::Moved { id: 1, to: Point { x: 0, y: 0 } } },
    ];
    FlatCell => [FlatCell { at: 1, cell: Cell::Number(1) }, FlatCell { at: 1, cell: Cell::Text(text("x")) }];
    At => [At { at: 1 }];
    Json => [
        Json::Null,
        Json::Flag(true),
        Json::Number(1.5),
        Json::Text(text("x")),
        Json::List(vec![Json::Null, Json::List(vec![])]),
        Json::Members(BTreeMap::from([(text("a"), Json::Number(1.0))])),
    ];
}
