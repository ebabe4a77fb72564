//! Structs as programs have them.

use crate::sample::samples;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

#[derive(Serialize, JsonSchema)]
pub(crate) struct Point {
    pub(crate) x: i32,
    pub(crate) y: i32,
}

/// The same under another name, its fields in another order.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Position {
    pub(crate) y: i32,
    pub(crate) x: i32,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct WidePoint {
    x: i64,
    y: i64,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct FloatPoint {
    x: f64,
    y: f64,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct TextPoint {
    x: String,
    y: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct OnlyX {
    x: i32,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Nothing {}

#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClosedNothing {}

#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClosedPoint {
    x: i32,
    y: i32,
}

#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClosedX {
    x: i32,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct DefaultZ {
    x: i32,
    y: i32,
    #[serde(default)]
    z: i32,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct OptionZ {
    x: i32,
    y: i32,
    z: Option<i32>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct AnythingZ {
    x: i32,
    y: i32,
    #[serde(default)]
    z: Value,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct SkippedZ {
    x: i32,
    y: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    z: Option<i32>,
}

/// Without `z` where it is none, and never null.
#[derive(Serialize, JsonSchema)]
pub(crate) struct NeverNullZ {
    x: i32,
    y: i32,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schemars(required)]
    z: Option<i32>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct RequiredZ {
    x: i32,
    y: i32,
    z: i32,
}

#[derive(Serialize, JsonSchema, Default)]
#[serde(default)]
pub(crate) struct AllDefault {
    x: i32,
    y: i32,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Tags {
    tags: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct DefaultTags {
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct SkippedTags {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CamelName {
    first_name: String,
    last_name: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct SnakeName {
    first_name: String,
    last_name: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct RenamedName {
    #[serde(rename = "firstName")]
    given: String,
    #[serde(rename = "lastName")]
    family: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct TwoNames {
    #[serde(rename(serialize = "out", deserialize = "in"))]
    value: u8,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Out {
    out: u8,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct In {
    #[serde(rename = "in")]
    value: u8,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct HalfHidden {
    shown: u8,
    #[serde(skip_serializing)]
    #[allow(dead_code, reason = "it is in one of the schemas")]
    read: u8,
    #[serde(skip_deserializing)]
    written: u8,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Shown {
    shown: u8,
    written: u8,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Metres(pub(crate) f64);

#[derive(Serialize, JsonSchema)]
pub(crate) struct Feet(f64);

#[derive(Serialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Clear {
    inner: Point,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Entry(u8, String);

#[derive(Serialize, JsonSchema)]
pub(crate) struct Unit;

#[derive(Serialize, JsonSchema)]
pub(crate) struct Line {
    from: Point,
    to: Option<Point>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct WideLine {
    from: WidePoint,
    to: Option<WidePoint>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct CertainLine {
    from: Point,
    to: Point,
}

#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClosedLine {
    from: ClosedPoint,
    to: Option<ClosedPoint>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Wrapper<T> {
    pub(crate) value: T,
}

impl<T: crate::sample::Sample> crate::sample::Sample for Page<T> {
    fn samples() -> Vec<Self> {
        let lists = Vec::<T>::samples().into_iter();
        lists
            .zip([None, Some("2".to_owned())].into_iter().cycle())
            .map(|(items, next)| Page { items, next })
            .collect()
    }
}

impl<T: crate::sample::Sample> crate::sample::Sample for Wrapper<T> {
    fn samples() -> Vec<Self> {
        T::samples().into_iter().map(|value| Wrapper { value }).collect()
    }
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Side {
    pub(crate) side: u16,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Flat {
    id: u32,
    #[serde(flatten)]
    side: Side,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct FlatByHand {
    id: u32,
    side: u16,
}

#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClosedFlat {
    id: u32,
    #[serde(flatten)]
    side: Side,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct FlatOption {
    id: u32,
    #[serde(flatten)]
    side: Option<Side>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Id {
    id: u32,
}

#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClosedId {
    id: u32,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct IdAndFlags {
    id: u32,
    #[serde(flatten)]
    flags: BTreeMap<String, bool>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct IdAndRest {
    id: u32,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct IdAndOneFlag {
    id: u32,
    flag: Option<bool>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct IdAndName {
    id: u32,
    name: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Scores {
    a: u8,
    b: u8,
}

#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClosedScores {
    a: u8,
    b: u8,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct MaybeScores {
    a: Option<u8>,
    b: Option<u8>,
}

fn yes() -> BTreeMap<String, bool> {
    BTreeMap::from([("yes".to_owned(), true), ("__proto__".to_owned(), false)])
}

samples! {
    Point => [Point { x: 0, y: -1 }, Point { x: i32::MAX, y: i32::MIN }];
    Position => [Position { x: 0, y: -1 }, Position { x: i32::MAX, y: i32::MIN }];
    WidePoint => [WidePoint { x: 1, y: 2 }, WidePoint { x: i64::MAX, y: i64::MIN }];
    FloatPoint => [FloatPoint { x: 1.0, y: -0.0 }, FloatPoint { x: 0.5, y: 1e21 }];
    TextPoint => [TextPoint { x: String::new(), y: "1".to_owned() }];
    OnlyX => [OnlyX { x: 3 }];
    Nothing => [Nothing {}];
    ClosedNothing => [ClosedNothing {}];
    ClosedPoint => [ClosedPoint { x: 0, y: -1 }];
    ClosedX => [ClosedX { x: 3 }];
    DefaultZ => [DefaultZ { x: 0, y: 0, z: 9 }];
    OptionZ => [OptionZ { x: 0, y: 0, z: None }, OptionZ { x: 0, y: 0, z: Some(1) }];
    AnythingZ => [AnythingZ { x: 0, y: 0, z: Value::Null }, AnythingZ { x: 0, y: 0, z: "z".into() }];
    SkippedZ => [SkippedZ { x: 0, y: 0, z: None }, SkippedZ { x: 0, y: 0, z: Some(1) }];
    NeverNullZ => [NeverNullZ { x: 0, y: 0, z: None }, NeverNullZ { x: 0, y: 0, z: Some(1) }];
    RequiredZ => [RequiredZ { x: 0, y: 0, z: 1 }];
    AllDefault => [AllDefault { x: 1, y: 2 }];
    Tags => [Tags { tags: vec![] }, Tags { tags: vec!["a".to_owned()] }];
    DefaultTags => [DefaultTags { tags: vec![] }, DefaultTags { tags: vec!["a".to_owned()] }];
    SkippedTags => [SkippedTags { tags: vec![] }, SkippedTags { tags: vec!["a".to_owned()] }];
    CamelName => [
        CamelName { first_name: "Ada".to_owned(), last_name: None },
        CamelName { first_name: String::new(), last_name: Some("L".to_owned()) },
    ];
    SnakeName => [
        SnakeName { first_name: "Ada".to_owned(), last_name: None },
        SnakeName { first_name: String::new(), last_name: Some("L".to_owned()) },
    ];
    RenamedName => [
        RenamedName { given: "Ada".to_owned(), family: None },
        RenamedName { given: String::new(), family: Some("L".to_owned()) },
    ];
    TwoNames => [TwoNames { value: 1 }];
    Out => [Out { out: 1 }];
    In => [In { value: 1 }];
    HalfHidden => [HalfHidden { shown: 1, read: 2, written: 3 }];
    Shown => [Shown { shown: 1, written: 2 }];
    Metres => [Metres(0.0), Metres(1.5)];
    Feet => [Feet(0.0), Feet(1e21)];
    Clear => [Clear { inner: Point { x: 1, y: 2 } }];
    Entry => [Entry(0, String::new()), Entry(255, "$&".to_owned())];
    Unit => [Unit];
    Line => [
        Line { from: Point { x: 0, y: 0 }, to: None },
        Line { from: Point { x: 0, y: 0 }, to: Some(Point { x: 1, y: 1 }) },
    ];
    WideLine => [
        WideLine { from: WidePoint { x: 0, y: 0 }, to: None },
        WideLine { from: WidePoint { x: 0, y: i64::MAX }, to: Some(WidePoint { x: 1, y: 1 }) },
    ];
    CertainLine => [CertainLine { from: Point { x: 0, y: 0 }, to: Point { x: 1, y: 1 } }];
    ClosedLine => [
        ClosedLine { from: ClosedPoint { x: 0, y: 0 }, to: None },
        ClosedLine { from: ClosedPoint { x: 0, y: 0 }, to: Some(ClosedPoint { x: 0, y: 0 }) },
    ];
    Side => [Side { side: 0 }, Side { side: 65_535 }];
    Flat => [Flat { id: 1, side: Side { side: 2 } }];
    FlatByHand => [FlatByHand { id: 1, side: 2 }];
    ClosedFlat => [ClosedFlat { id: 1, side: Side { side: 2 } }];
    FlatOption => [FlatOption { id: 1, side: None }, FlatOption { id: 1, side: Some(Side { side: 2 }) }];
    Id => [Id { id: 0 }, Id { id: u32::MAX }];
    ClosedId => [ClosedId { id: 0 }, ClosedId { id: u32::MAX }];
    IdAndFlags => [IdAndFlags { id: 1, flags: yes() }, IdAndFlags { id: 1, flags: BTreeMap::new() }];
    IdAndRest => [
        IdAndRest { id: 1, rest: Map::new() },
        IdAndRest { id: 1, rest: Map::from_iter([("flag".to_owned(), "text".into())]) },
    ];
    IdAndOneFlag => [IdAndOneFlag { id: 1, flag: None }, IdAndOneFlag { id: 1, flag: Some(true) }];
    IdAndName => [IdAndName { id: 1, name: None }, IdAndName { id: 1, name: Some("n".to_owned()) }];
    Scores => [Scores { a: 0, b: 255 }];
    ClosedScores => [ClosedScores { a: 0, b: 255 }];
    MaybeScores => [MaybeScores { a: None, b: Some(1) }];
}
