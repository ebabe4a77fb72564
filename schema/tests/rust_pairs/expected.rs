//! Pairs of types with the answer that follows from their schemas.

use crate::enums::*;
use crate::recursive::*;
use crate::refined::*;
use crate::sample::{Sample, Sampled};
use crate::structs::*;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use flowright_schema::FitVerdict;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::{NonZeroI8, NonZeroI32, NonZeroI64, NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64};
use std::time::Duration;
use url::Url;
use uuid::Uuid;

/// The answer that is right, or the answers that are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected {
    Fits,
    Refined,
    MayNotFit,
    NeverFits,
    /// No value fits, as one sees who knows the formats' texts.
    NeverOrRefined,
    /// Every value fits, as one sees who compares the patterns.
    FitsOrRefined,
}

impl Expected {
    pub(crate) fn allows(self, verdict: FitVerdict) -> bool {
        match self {
            Expected::Fits => verdict == FitVerdict::Fits,
            Expected::Refined => verdict == FitVerdict::Refined,
            Expected::MayNotFit => verdict == FitVerdict::MayNotFit,
            Expected::NeverFits => verdict == FitVerdict::NeverFits,
            Expected::NeverOrRefined => matches!(verdict, FitVerdict::NeverFits | FitVerdict::Refined),
            Expected::FitsOrRefined => matches!(verdict, FitVerdict::Fits | FitVerdict::Refined),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Expected::Fits | Expected::FitsOrRefined => "fits",
            Expected::Refined => "refined",
            Expected::MayNotFit => "may-not-fit",
            Expected::NeverFits | Expected::NeverOrRefined => "never-fits",
        }
    }
}

pub(crate) struct Pair {
    pub(crate) first: Sampled,
    pub(crate) second: Sampled,
    pub(crate) expected: Expected,
    /// A value of the first type that its Rust type does not write.
    pub(crate) witness: Option<Value>,
    /// What a user expects who thinks of the Rust types alone.
    pub(crate) surprise: Option<&'static str>,
}

impl Pair {
    /// What shows the answer where no value of the Rust type does.
    fn witness(mut self, value: Value) -> Pair {
        self.witness = Some(value);
        self
    }

    fn surprise(mut self, expected: &'static str) -> Pair {
        self.surprise = Some(expected);
        self
    }
}

fn pair<A: Sample, B: Sample>(expected: Expected) -> Pair {
    Pair { first: Sampled::of::<A>(), second: Sampled::of::<B>(), expected, witness: None, surprise: None }
}

fn fits<A: Sample, B: Sample>() -> Pair {
    pair::<A, B>(Expected::Fits)
}

fn refined<A: Sample, B: Sample>() -> Pair {
    pair::<A, B>(Expected::Refined)
}

fn may<A: Sample, B: Sample>() -> Pair {
    pair::<A, B>(Expected::MayNotFit)
}

fn never<A: Sample, B: Sample>() -> Pair {
    pair::<A, B>(Expected::NeverFits)
}

pub(crate) fn pairs() -> Vec<Pair> {
    let groups = [
        integers(),
        numbers(),
        scalars(),
        options(),
        strings(),
        formats(),
        arrays(),
        maps(),
        structs(),
        members(),
        names_and_nesting(),
        flattened(),
        unit_enums(),
        external(),
        internal(),
        adjacent(),
        untagged(),
        results(),
        recursive(),
    ];
    groups.into_iter().flatten().collect()
}

/// Whether bounds are within others.
fn within<A: TryInto<i128>, B: TryInto<i128>>(inner: (A, A), outer: (B, B)) -> bool {
    let inner = (inner.0.try_into().ok(), inner.1.try_into().ok());
    let outer = (outer.0.try_into().ok(), outer.1.try_into().ok());
    outer.0 <= inner.0 && inner.1 <= outer.1
}

/// Every width into every other, by their bounds, and into floats.
fn integers() -> Vec<Pair> {
    let mut pairs = Vec::new();
    macro_rules! widths {
        ($($a:ty)*) => { $( widths!(@ $a; u8 u16 u32 u64 usize i8 i16 i32 i64 isize); )* };
        (@ $a:ty; $($b:ty)*) => {
            $(pairs.push(
                if within((<$a>::MIN, <$a>::MAX), (<$b>::MIN, <$b>::MAX)) { fits::<$a, $b>() } else { refined::<$a, $b>() },
            );)*
            pairs.push(fits::<$a, f32>());
            pairs.push(fits::<$a, f64>());
            pairs.push(may::<f64, $a>());
        };
    }
    widths!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize);
    pairs
}

fn numbers() -> Vec<Pair> {
    vec![
        fits::<u64, u128>(),
        fits::<i64, i128>(),
        fits::<u128, i128>(),
        fits::<u128, u64>(),
        refined::<i64, u128>(),
        refined::<i128, i64>(),
        fits::<f32, f64>(),
        fits::<f64, f32>(),
        fits::<NonZeroU8, u8>(),
        refined::<u8, NonZeroU8>(),
        fits::<NonZeroU8, NonZeroU16>(),
        fits::<NonZeroU32, NonZeroU64>(),
        refined::<NonZeroU64, NonZeroU32>(),
        fits::<NonZeroI32, i32>(),
        fits::<NonZeroI32, NonZeroI64>(),
        fits::<NonZeroU8, NonZeroI32>(),
        refined::<NonZeroI8, NonZeroU8>(),
        refined::<i32, NonZeroI32>(),
        fits::<Percent, i64>(),
        fits::<Percent, u8>(),
        refined::<u8, Percent>(),
        fits::<OneToFive, Percent>(),
        fits::<OneToFive, NonZeroU8>(),
        refined::<Percent, TenToTwenty>(),
        never::<OneToFive, TenToTwenty>(),
        fits::<Fraction, f64>(),
        refined::<f64, Fraction>(),
        fits::<InnerFraction, Fraction>(),
        refined::<Fraction, InnerFraction>(),
        may::<Fraction, i32>(),
        refined::<u8, Fraction>(),
        fits::<Even, i64>(),
        refined::<i64, Even>(),
        fits::<Fourth, Even>(),
        refined::<Even, Fourth>(),
        fits::<Fourth, f64>(),
    ]
}

fn scalars() -> Vec<Pair> {
    vec![
        fits::<bool, bool>(),
        never::<bool, String>(),
        never::<bool, u8>(),
        never::<String, bool>(),
        never::<String, f64>(),
        never::<u32, String>(),
        fits::<(), ()>(),
        never::<(), bool>(),
        never::<Vec<u8>, String>(),
        never::<Point, String>(),
        never::<Point, Vec<i32>>(),
        fits::<String, Value>(),
        fits::<Point, Value>(),
        fits::<Value, Value>(),
        fits::<Value, Option<Value>>(),
        may::<Value, String>().surprise("left to run time"),
        may::<Value, Vec<Value>>().surprise("left to run time"),
        fits::<Option<Event>, Value>(),
        fits::<Vec<u8>, Vec<Value>>(),
    ]
}

// An `Option` in an `Option` is one in the schema.
#[allow(clippy::option_option)]
fn options() -> Vec<Pair> {
    vec![
        fits::<u8, Option<u8>>(),
        may::<Option<u8>, u8>(),
        fits::<Option<u8>, Option<u16>>(),
        refined::<Option<u16>, Option<u8>>(),
        fits::<Option<Option<u8>>, Option<u8>>(),
        fits::<Option<u8>, Option<Option<u8>>>(),
        fits::<(), Option<u8>>(),
        may::<Option<u8>, ()>(),
        may::<Option<String>, Option<u8>>(),
        fits::<String, Option<String>>(),
        never::<String, Option<bool>>(),
        may::<Option<Point>, Point>(),
        fits::<Option<Point>, Option<WidePoint>>(),
        fits::<Point, Option<Point>>(),
        fits::<Two, Option<Three>>(),
        may::<Option<Two>, Three>(),
        fits::<Option<Two>, Option<Three>>(),
        fits::<Option<Vec<u8>>, Option<Vec<Option<u8>>>>(),
        fits::<Box<u8>, u16>(),
        fits::<Option<Event>, Option<MoreEvent>>(),
    ]
}

fn strings() -> Vec<Pair> {
    vec![
        fits::<char, String>(),
        refined::<String, char>(),
        never::<char, u8>(),
        fits::<char, UpTo5>(),
        fits::<UpTo5, UpTo10>(),
        refined::<UpTo10, UpTo5>(),
        never::<From10, UpTo5>(),
        fits::<UpTo5, String>(),
        refined::<String, UpTo5>(),
        fits::<Slug, String>(),
        fits::<Slug, Name>(),
        refined::<String, Slug>(),
        refined::<Slug, char>(),
        pair::<Slug, Identifier>(Expected::FitsOrRefined),
        refined::<Identifier, Slug>(),
        pair::<Slug, Digits>(Expected::NeverOrRefined),
        may::<String, Two>(),
        never::<char, Two>(),
        may::<char, Letter>(),
        fits::<Letter, char>(),
        fits::<Two, UpTo5>(),
        fits::<Contact, Contact>(),
        fits::<Contact, FreeContact>(),
        refined::<FreeContact, Contact>(),
    ]
}

fn formats() -> Vec<Pair> {
    vec![
        fits::<Email, String>(),
        refined::<String, Email>(),
        fits::<Uuid, String>(),
        fits::<Uuid, Uuid>(),
        refined::<String, Uuid>(),
        refined::<Option<String>, Option<Uuid>>(),
        may::<Option<Uuid>, Uuid>(),
        fits::<DateTime<Utc>, String>(),
        fits::<DateTime<Utc>, DateTime<Utc>>(),
        refined::<String, DateTime<Utc>>(),
        refined::<String, NaiveDate>(),
        pair::<DateTime<Utc>, NaiveDate>(Expected::NeverOrRefined),
        pair::<Uuid, NaiveDate>(Expected::NeverOrRefined),
        fits::<DateTime<Utc>, NaiveDateTime>()
            .surprise("refined: `partial-date-time` is a format nobody knows"),
        fits::<String, NaiveTime>().surprise("refined: `partial-time` is a format nobody knows"),
        fits::<Weekday, String>(),
        may::<String, Weekday>(),
        fits::<Url, String>(),
        refined::<String, Url>(),
        pair::<Ipv4Addr, IpAddr>(Expected::Fits),
        refined::<IpAddr, Ipv4Addr>(),
        pair::<Ipv4Addr, Ipv6Addr>(Expected::NeverOrRefined),
        refined::<String, IpAddr>(),
        never::<i64, DateTime<Utc>>(),
        fits::<TimeDelta, (i64, u32)>(),
        refined::<(i64, u32), TimeDelta>(),
        fits::<Vec<Uuid>, Vec<String>>(),
        refined::<BTreeMap<String, String>, HashMap<String, Url>>(),
        fits::<Duration, Duration>(),
        fits::<Wrapper<Uuid>, Wrapper<Option<String>>>(),
    ]
}

fn arrays() -> Vec<Pair> {
    vec![
        fits::<Vec<u8>, Vec<u16>>(),
        refined::<Vec<u16>, Vec<u8>>(),
        may::<Vec<String>, Vec<u8>>(),
        fits::<Vec<u8>, Vec<Option<u8>>>(),
        may::<Vec<Option<u8>>, Vec<u8>>(),
        fits::<Vec<u8>, VecDeque<f64>>(),
        may::<Vec<f64>, Vec<u8>>(),
        fits::<Vec<Vec<u8>>, Vec<Vec<u16>>>(),
        may::<Vec<Vec<String>>, Vec<Vec<u8>>>(),
        fits::<[u8; 3], Vec<u8>>(),
        refined::<Vec<u8>, [u8; 3]>(),
        never::<[u8; 3], [u8; 2]>(),
        fits::<[u8; 3], [u16; 3]>(),
        fits::<[u8; 3], (u8, u8, u8)>(),
        fits::<(u8, u8), [u8; 2]>(),
        fits::<[u8; 0], Vec<String>>(),
        fits::<[u8; 0], HashSet<String>>(),
        refined::<Vec<u8>, [u8; 0]>(),
        never::<(u8, String), Vec<u8>>(),
        may::<(u8, Option<u8>), Vec<u8>>(),
        fits::<(u8, u8), Vec<u16>>(),
        never::<(u8, String), (u8,)>(),
        fits::<(u8, String), (u16, String)>(),
        refined::<(u16, String), (u8, String)>(),
        may::<(u8, Option<String>), (u8, String)>(),
        never::<Vec<u8>, (u8, String)>(),
        fits::<Entry, (u8, String)>(),
        fits::<(u8, String), Entry>(),
        fits::<HashSet<u8>, Vec<u8>>(),
        refined::<Vec<u8>, HashSet<u8>>(),
        fits::<HashSet<u8>, BTreeSet<u16>>(),
        refined::<[u8; 3], HashSet<u8>>().witness(json!([1, 1, 2])),
        refined::<HashSet<u8>, [u8; 3]>(),
        fits::<NonEmpty<u8>, Vec<u8>>(),
        refined::<Vec<u8>, NonEmpty<u8>>(),
        fits::<[u8; 3], NonEmpty<u8>>(),
        never::<NonEmpty<u8>, Vec<String>>(),
        fits::<Vec<Point>, Vec<WidePoint>>(),
        refined::<Vec<WidePoint>, Vec<Point>>(),
    ]
}

fn maps() -> Vec<Pair> {
    vec![
        fits::<BTreeMap<String, u8>, BTreeMap<String, u16>>(),
        refined::<BTreeMap<String, u16>, BTreeMap<String, u8>>(),
        fits::<HashMap<String, String>, BTreeMap<String, String>>(),
        may::<BTreeMap<String, String>, BTreeMap<String, u8>>(),
        may::<BTreeMap<String, Option<u8>>, BTreeMap<String, u8>>(),
        fits::<BTreeMap<u32, String>, BTreeMap<String, String>>(),
        may::<BTreeMap<String, String>, BTreeMap<u32, String>>(),
        fits::<BTreeMap<u32, String>, BTreeMap<u8, String>>(),
        fits::<BTreeMap<u32, String>, BTreeMap<i32, String>>(),
        may::<BTreeMap<i32, String>, BTreeMap<u32, String>>(),
        may::<BTreeMap<u32, String>, BTreeMap<u32, u8>>(),
        fits::<BTreeMap<Two, u8>, BTreeMap<String, u8>>(),
        fits::<BTreeMap<Two, u8>, BTreeMap<Three, u16>>(),
        may::<BTreeMap<Three, u8>, BTreeMap<Two, u8>>(),
        may::<BTreeMap<String, u8>, BTreeMap<Two, u8>>(),
        fits::<BTreeMap<char, u8>, BTreeMap<String, u8>>(),
        may::<BTreeMap<String, u8>, Scores>(),
        fits::<BTreeMap<String, u8>, MaybeScores>(),
        may::<BTreeMap<String, String>, MaybeScores>().witness(json!({ "a": "x" })),
        may::<Scores, BTreeMap<String, u8>>().witness(json!({ "a": 1, "b": 1, "c": null })).surprise("fits"),
        fits::<ClosedScores, BTreeMap<String, u8>>(),
        fits::<BTreeMap<String, Point>, HashMap<String, WidePoint>>(),
        fits::<Point, HashMap<String, Value>>(),
        fits::<BTreeMap<u32, u8>, Nothing>(),
        may::<BTreeMap<String, u8>, ClosedNothing>(),
    ]
}

fn structs() -> Vec<Pair> {
    vec![
        fits::<Point, Point>(),
        fits::<Point, Position>(),
        fits::<Position, Point>(),
        fits::<Point, WidePoint>(),
        refined::<WidePoint, Point>(),
        fits::<WidePoint, FloatPoint>(),
        may::<FloatPoint, WidePoint>(),
        never::<Point, TextPoint>(),
        never::<TextPoint, FloatPoint>(),
        fits::<Point, OnlyX>(),
        may::<OnlyX, Point>(),
        fits::<Point, Nothing>(),
        may::<Nothing, Point>(),
        never::<ClosedNothing, Point>(),
        fits::<ClosedPoint, Point>(),
        may::<Point, ClosedPoint>().witness(json!({ "x": 1, "y": 2, "z": 3 })).surprise("fits"),
        never::<Point, ClosedX>(),
        never::<ClosedX, Point>(),
        fits::<ClosedPoint, ClosedPoint>(),
        fits::<ClosedX, OnlyX>(),
        may::<OnlyX, ClosedX>().witness(json!({ "x": 1, "y": 2 })).surprise("fits"),
        fits::<Metres, f64>(),
        fits::<f64, Metres>(),
        fits::<Metres, Feet>(),
        fits::<Clear, Point>(),
        fits::<Point, Clear>(),
        fits::<Unit, ()>(),
        fits::<(), Unit>(),
        never::<Unit, Nothing>(),
    ]
}

fn members() -> Vec<Pair> {
    let other_z = || json!({ "x": 0, "y": 0, "z": "text" });
    vec![
        may::<Point, RequiredZ>(),
        may::<Point, DefaultZ>().witness(other_z()).surprise("fits"),
        may::<Point, OptionZ>().witness(other_z()).surprise("fits"),
        fits::<ClosedPoint, DefaultZ>(),
        fits::<ClosedPoint, OptionZ>(),
        fits::<Point, AnythingZ>(),
        fits::<OptionZ, OptionZ>(),
        fits::<OptionZ, AnythingZ>(),
        may::<OptionZ, RequiredZ>(),
        may::<OptionZ, DefaultZ>(),
        fits::<RequiredZ, OptionZ>(),
        fits::<RequiredZ, DefaultZ>(),
        fits::<DefaultZ, RequiredZ>(),
        fits::<DefaultZ, OptionZ>(),
        fits::<SkippedZ, OptionZ>(),
        may::<SkippedZ, RequiredZ>(),
        may::<SkippedZ, DefaultZ>()
            .witness(json!({ "x": 0, "y": 0, "z": null }))
            .surprise("fits: it is left out, never null"),
        fits::<NeverNullZ, DefaultZ>(),
        may::<NeverNullZ, RequiredZ>(),
        fits::<Point, AllDefault>(),
        fits::<AllDefault, Point>(),
        may::<OnlyX, AllDefault>().witness(json!({ "x": 1, "y": "text" })).surprise("fits"),
        fits::<ClosedX, AllDefault>(),
        fits::<Tags, DefaultTags>(),
        fits::<DefaultTags, Tags>(),
        fits::<SkippedTags, DefaultTags>(),
        may::<SkippedTags, Tags>(),
        fits::<Tags, SkippedTags>(),
    ]
}

fn names_and_nesting() -> Vec<Pair> {
    vec![
        fits::<CamelName, RenamedName>(),
        fits::<RenamedName, CamelName>(),
        may::<CamelName, SnakeName>(),
        fits::<TwoNames, Out>(),
        fits::<In, TwoNames>(),
        may::<TwoNames, TwoNames>(),
        may::<Out, TwoNames>(),
        fits::<HalfHidden, Shown>(),
        may::<HalfHidden, HalfHidden>(),
        fits::<Line, WideLine>(),
        refined::<WideLine, Line>(),
        fits::<CertainLine, Line>(),
        may::<Line, CertainLine>(),
        fits::<ClosedLine, WideLine>(),
        may::<Line, ClosedLine>()
            .witness(json!({ "from": { "x": 1, "y": 1, "z": 1 }, "to": null }))
            .surprise("fits"),
        fits::<Wrapper<u8>, Wrapper<u16>>(),
        refined::<Wrapper<u16>, Wrapper<u8>>(),
        never::<Wrapper<String>, Wrapper<u8>>(),
        may::<Wrapper<Option<u8>>, Wrapper<u8>>(),
        fits::<Page<Point>, Page<WidePoint>>(),
        refined::<Page<u16>, Page<u8>>(),
        may::<Page<String>, Page<u8>>(),
        fits::<Wrapper<Wrapper<u8>>, Wrapper<Wrapper<f64>>>(),
        fits::<Wrapper<Page<Event>>, Wrapper<Page<MoreEvent>>>(),
    ]
}

fn flattened() -> Vec<Pair> {
    vec![
        fits::<Flat, FlatByHand>(),
        fits::<FlatByHand, Flat>(),
        fits::<ClosedFlat, Flat>(),
        may::<Flat, ClosedFlat>().witness(json!({ "id": 1, "side": 1, "more": 1 })).surprise("fits"),
        fits::<Flat, Side>(),
        fits::<Flat, Id>(),
        fits::<Flat, FlatOption>(),
        may::<FlatOption, Flat>(),
        fits::<IdAndFlags, Id>(),
        fits::<IdAndFlags, IdAndFlags>(),
        fits::<IdAndFlags, IdAndRest>(),
        may::<Id, IdAndFlags>().witness(json!({ "id": 1, "flag": 1 })).surprise("fits"),
        fits::<ClosedId, IdAndFlags>(),
        fits::<Id, IdAndRest>(),
        fits::<IdAndRest, Id>(),
        fits::<IdAndFlags, IdAndOneFlag>(),
        may::<IdAndFlags, IdAndName>().witness(json!({ "id": 1, "name": true })),
        may::<IdAndRest, IdAndOneFlag>(),
        fits::<FlatEvent, FlatEvent>(),
        fits::<FlatEvent, At>(),
        fits::<FlatEvent, Event>(),
        fits::<FlatEvent, FlatMoreEvent>(),
        may::<FlatMoreEvent, FlatEvent>(),
        may::<At, FlatEvent>(),
        fits::<FlatCell, At>(),
    ]
}

fn unit_enums() -> Vec<Pair> {
    vec![
        fits::<Two, Two>(),
        fits::<Two, Three>(),
        may::<Three, Two>(),
        fits::<Two, String>(),
        never::<Two, Lower>(),
        fits::<Loud, ByHandLoud>(),
        may::<ByHandLoud, Loud>(),
        fits::<OnlyOn, Two>(),
        may::<Two, OnlyOn>(),
        never::<Two, u8>(),
        fits::<Vec<Two>, Vec<Three>>(),
        never::<Loud, Letter>(),
    ]
}

fn external() -> Vec<Pair> {
    vec![
        fits::<Cell, Cell>(),
        fits::<Cell, WideCell>(),
        refined::<WideCell, Cell>(),
        fits::<Cell, MoreCell>(),
        may::<MoreCell, Cell>(),
        never::<Cell, OtherCell>(),
        fits::<NumberCell, Cell>(),
        may::<Cell, NumberCell>(),
        never::<Cell, SwappedCell>(),
        fits::<Cell, CellMembers>(),
        never::<CellMembers, Cell>(),
        may::<NumberMember, Cell>().witness(json!({ "Number": 1, "more": 1 })).surprise("fits"),
        fits::<ClosedNumberMember, Cell>(),
        fits::<Cell, Nothing>(),
        fits::<NumberCell, BTreeMap<String, u8>>(),
        fits::<Shape, Figure>(),
        may::<Figure, Shape>(),
        fits::<WholeShape, Shape>(),
        may::<Shape, WholeShape>(),
        may::<HalfTagged, MoreCell>(),
        never::<Two, Cell>(),
        fits::<Vec<Cell>, Vec<MoreCell>>(),
    ]
}

fn internal() -> Vec<Pair> {
    vec![
        fits::<Event, Event>(),
        fits::<Event, MoreEvent>(),
        may::<MoreEvent, Event>(),
        fits::<NarrowEvent, Event>(),
        refined::<Event, NarrowEvent>(),
        never::<Event, OldEvent>(),
        fits::<Event, Typed>(),
        may::<Typed, Event>(),
        fits::<CreatedByHand, Event>(),
        fits::<ClosedEvent, Event>(),
        may::<Event, ClosedEvent>(),
        never::<ClosedEvent, KindEvent>(),
        never::<Event, KindEvent>(),
        may::<Boxed, Side>(),
        fits::<Boxed, Typed>(),
        fits::<AnySided, EachSided>(),
        fits::<EachSided, AnySided>(),
        fits::<EachSided, Side>(),
    ]
}

fn adjacent() -> Vec<Pair> {
    vec![
        fits::<Adjacent, Adjacent>(),
        fits::<Adjacent, WideAdjacent>(),
        may::<WideAdjacent, Adjacent>(),
        fits::<Adjacent, MaybeAdjacent>(),
        may::<MaybeAdjacent, Adjacent>(),
        fits::<ClosedAdjacent, Adjacent>(),
        may::<Adjacent, ClosedAdjacent>().witness(json!({ "t": "Number", "c": 1, "d": 1 })).surprise("fits"),
        fits::<Adjacent, AdjacentMembers>(),
        may::<MaybeAdjacent, AdjacentMembers>(),
        may::<AdjacentMembers, Adjacent>(),
        may::<Adjacent, Event>(),
    ]
}

fn untagged() -> Vec<Pair> {
    vec![
        fits::<Scalar, Scalar>(),
        fits::<i64, Scalar>(),
        fits::<u8, Scalar>(),
        fits::<String, Scalar>(),
        fits::<Two, Scalar>(),
        never::<bool, Scalar>(),
        may::<f64, Scalar>(),
        may::<Scalar, i64>(),
        may::<Scalar, String>(),
        fits::<Scalar, MoreScalar>(),
        may::<MoreScalar, Scalar>(),
        fits::<Option<Scalar>, MoreScalar>(),
        fits::<String, OneOrMany>(),
        fits::<Vec<String>, OneOrMany>(),
        may::<OneOrMany, String>(),
        may::<Vec<Scalar>, OneOrMany>(),
        fits::<Point, Place>(),
        fits::<Side, Place>(),
        fits::<String, Place>(),
        may::<Place, Point>(),
        fits::<Vec<Place>, Vec<Option<Place>>>(),
        fits::<EitherValue, Wrapper<Scalar>>(),
        fits::<Wrapper<Scalar>, EitherValue>(),
        fits::<Json, Value>(),
        fits::<Value, Json>(),
        fits::<Scalar, Json>(),
        fits::<Event, Json>(),
    ]
}

fn results() -> Vec<Pair> {
    let both = || json!({ "Ok": 300, "Err": "x" });
    vec![
        fits::<Result<u8, String>, Result<u8, String>>(),
        refined::<Result<u8, String>, Result<u16, String>>().witness(both()).surprise("fits"),
        refined::<Result<u16, String>, Result<u8, String>>(),
        may::<Result<u8, String>, Result<String, String>>(),
        may::<Result<String, u8>, Result<u8, String>>(),
        fits::<Result<u8, String>, Value>(),
        never::<Result<u8, String>, u8>(),
        fits::<Result<u8, String>, Option<Result<u8, String>>>(),
        fits::<Vec<Result<u8, String>>, Vec<Result<u8, String>>>(),
    ]
}

fn recursive() -> Vec<Pair> {
    vec![
        fits::<Tree, Tree>(),
        fits::<Tree, Shrub>(),
        fits::<Shrub, Tree>(),
        fits::<Tree, WideTree>(),
        refined::<WideTree, Tree>(),
        never::<Tree, TextTree>(),
        fits::<ClosedTree, Tree>(),
        may::<Tree, ClosedTree>().witness(json!({ "value": 1, "children": [], "more": 1 })).surprise("fits"),
        fits::<Tree, RootedTree>(),
        fits::<RootedTree, Tree>(),
        fits::<RootedTree, WideTree>(),
        fits::<List, List>(),
        fits::<List, WideList>(),
        refined::<WideList, List>(),
        fits::<OneList, List>(),
        may::<List, OneList>(),
        fits::<Person, Cat>(),
        fits::<Cat, Person>(),
        fits::<House, House>(),
        fits::<Hermit, Person>(),
        may::<Person, Hermit>(),
        fits::<Sum, Term>(),
        may::<Term, Sum>(),
        fits::<Nested, WideNested>(),
        may::<WideNested, Nested>(),
        fits::<Vec<Nested>, Nested>(),
        fits::<Tree, Json>(),
    ]
}
