//! Types with bounds, lengths, patterns and formats, and those of other crates.

use crate::sample::{Sample, samples};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use schemars::JsonSchema;
use serde::Serialize;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::{NonZeroI8, NonZeroI32, NonZeroI64, NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64};
use std::time::Duration;
use url::Url;
use uuid::Uuid;

#[derive(Serialize, JsonSchema)]
pub(crate) struct UpTo5(#[schemars(length(min = 1, max = 5))] String);

#[derive(Serialize, JsonSchema)]
pub(crate) struct UpTo10(#[schemars(length(min = 1, max = 10))] String);

#[derive(Serialize, JsonSchema)]
pub(crate) struct From10(#[schemars(length(min = 10))] String);

#[derive(Serialize, JsonSchema)]
pub(crate) struct Slug(#[schemars(regex(pattern = "^[a-z]+$"))] String);

#[derive(Serialize, JsonSchema)]
pub(crate) struct Name(#[schemars(regex(pattern = "^[a-z]+$"))] String);

#[derive(Serialize, JsonSchema)]
pub(crate) struct Identifier(#[schemars(regex(pattern = "^[a-z0-9]+$"))] String);

#[derive(Serialize, JsonSchema)]
pub(crate) struct Digits(#[schemars(regex(pattern = "^[0-9]+$"))] String);

#[derive(Serialize, JsonSchema)]
pub(crate) struct Email(#[schemars(email)] String);

#[derive(Serialize, JsonSchema)]
pub(crate) struct Contact {
    #[schemars(email)]
    to: String,
    #[schemars(length(max = 80))]
    subject: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct FreeContact {
    to: String,
    subject: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Percent(#[schemars(range(min = 0, max = 100))] i64);

#[derive(Serialize, JsonSchema)]
pub(crate) struct OneToFive(#[schemars(range(min = 1, max = 5))] u8);

#[derive(Serialize, JsonSchema)]
pub(crate) struct TenToTwenty(#[schemars(range(min = 10, max = 20))] u8);

#[derive(Serialize, JsonSchema)]
pub(crate) struct Fraction(#[schemars(range(min = 0.0, max = 1.0))] f64);

#[derive(Serialize, JsonSchema)]
pub(crate) struct InnerFraction(#[schemars(range(min = 0.25, max = 0.75))] f64);

#[derive(Serialize, JsonSchema)]
pub(crate) struct Even(#[schemars(extend("multipleOf" = 2))] i64);

#[derive(Serialize, JsonSchema)]
pub(crate) struct Fourth(#[schemars(extend("multipleOf" = 4))] i64);

#[derive(Serialize, JsonSchema)]
pub(crate) struct NonEmpty<T>(#[schemars(length(min = 1))] Vec<T>);

impl<T: Sample> Sample for NonEmpty<T> {
    fn samples() -> Vec<Self> {
        Vec::<T>::samples().into_iter().filter(|list| !list.is_empty()).map(NonEmpty).collect()
    }
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()
}

fn noon() -> NaiveDateTime {
    day().and_hms_opt(12, 0, 59).unwrap()
}

samples! {
    UpTo5 => [UpTo5(text("a")), UpTo5(text("éééé😀"))];
    UpTo10 => [UpTo10(text("a")), UpTo10(text("0123456789"))];
    From10 => [From10(text("0123456789"))];
    Slug => [Slug(text("abc")), Slug(text("a"))];
    Name => [Name(text("abc"))];
    Identifier => [Identifier(text("abc")), Identifier(text("a1"))];
    Digits => [Digits(text("0"))];
    Email => [Email(text("a@b.co"))];
    Contact => [Contact { to: text("a@b.co"), subject: text("") }];
    FreeContact => [FreeContact { to: text("a@b.co"), subject: text("x") }, FreeContact { to: text(""), subject: text("") }];
    Percent => [Percent(0), Percent(100)];
    OneToFive => [OneToFive(1), OneToFive(5)];
    TenToTwenty => [TenToTwenty(10), TenToTwenty(20)];
    Fraction => [Fraction(0.0), Fraction(0.5), Fraction(1.0)];
    InnerFraction => [InnerFraction(0.25), InnerFraction(0.5)];
    Even => [Even(0), Even(-2), Even(6)];
    Fourth => [Fourth(0), Fourth(-4)];
    Uuid => [Uuid::nil(), Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8)];
    DateTime<Utc> => [noon().and_utc(), DateTime::UNIX_EPOCH];
    NaiveDate => [day(), NaiveDate::from_ymd_opt(1970, 1, 1).unwrap()];
    NaiveDateTime => [noon()];
    NaiveTime => [noon().time()];
    Weekday => [Weekday::Mon, Weekday::Sun];
    TimeDelta => [TimeDelta::zero(), TimeDelta::milliseconds(1_500), TimeDelta::milliseconds(-1)];
    Url => [Url::parse("https://example.org/a?b#c").unwrap()];
    Ipv4Addr => [Ipv4Addr::LOCALHOST];
    Ipv6Addr => [Ipv6Addr::LOCALHOST];
    IpAddr => [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    Duration => [Duration::ZERO, Duration::from_millis(1_500)];
    NonZeroU8 => [NonZeroU8::MIN, NonZeroU8::MAX];
    NonZeroU16 => [NonZeroU16::MIN, NonZeroU16::MAX];
    NonZeroU32 => [NonZeroU32::MIN, NonZeroU32::MAX];
    NonZeroU64 => [NonZeroU64::MIN, NonZeroU64::MAX];
    NonZeroI8 => [NonZeroI8::MIN, NonZeroI8::MAX];
    NonZeroI32 => [NonZeroI32::MIN, NonZeroI32::MAX];
    NonZeroI64 => [NonZeroI64::MIN, NonZeroI64::MAX];
}
