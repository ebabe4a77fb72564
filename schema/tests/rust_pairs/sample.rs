//! Types with values of theirs.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::Hash;

/// A type that is written and read, with values of it.
pub(crate) trait Sample: JsonSchema + Serialize + Sized {
    fn samples() -> Vec<Self>;
}

/// A type's two schemas, and its values as it writes them.
pub(crate) struct Sampled {
    pub(crate) name: String,
    /// What is written.
    pub(crate) written: Value,
    /// What is read.
    pub(crate) read: Value,
    pub(crate) values: Vec<Value>,
}

impl Sampled {
    pub(crate) fn of<T: Sample>() -> Sampled {
        let settings = SchemaSettings::draft2020_12();
        let made = |settings: SchemaSettings| settings.into_generator().into_root_schema_for::<T>().into();
        let values = T::samples().into_iter().map(|value| serde_json::to_value(value).unwrap());
        Sampled {
            name: short(std::any::type_name::<T>()),
            written: made(settings.clone().for_serialize()),
            read: made(settings.for_deserialize()),
            values: values.collect(),
        }
    }
}

/// A type's name without the paths of modules.
fn short(name: &str) -> String {
    let mut short = String::new();
    let mut word = String::new();
    for c in name.chars() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
        } else if c == ':' {
            word.clear();
        } else {
            short.push_str(&word);
            word.clear();
            short.push(c);
        }
    }
    short + &word
}

/// Values of types that have no type parameters.
macro_rules! samples {
    ($($ty:ty => [$($value:expr),* $(,)?];)*) => {$(
        impl crate::sample::Sample for $ty {
            fn samples() -> Vec<Self> {
                vec![$($value),*]
            }
        }
    )*};
}
pub(crate) use samples;

macro_rules! integers {
    ($($ty:ty)*) => { samples! { $($ty => [<$ty>::MIN, 0, 1, 7, <$ty>::MAX];)* } };
}

integers! { u8 u16 u32 u64 usize i8 i16 i32 i64 isize }

samples! {
    // What serde_json writes of them ends where `u64` and `i64` do.
    u128 => [0, 1, u128::from(u64::MAX)];
    i128 => [i128::from(i64::MIN), 0, 1, i128::from(u64::MAX)];
    f32 => [0.0, -0.0, 1.0, -1.5, f32::MAX];
    f64 => [0.0, -0.0, 1.0, -1.5, 1e21, f64::MAX];
    bool => [false, true];
    () => [()];
    char => ['a', 'A', 'é', '😀', '\0'];
    String => [String::new(), "On".to_owned(), "$&".to_owned(), "!ref(".to_owned(), "__proto__".to_owned()];
    Value => [Value::Null, 1.into(), 1.5.into(), true.into(), "x".into(), vec![1].into(), serde_json::json!({ "a": [null] })];
}

impl<T: Sample> Sample for Option<T> {
    fn samples() -> Vec<Self> {
        std::iter::once(None).chain(T::samples().into_iter().map(Some)).collect()
    }
}

impl<T: Sample> Sample for Box<T> {
    fn samples() -> Vec<Self> {
        T::samples().into_iter().map(Box::new).collect()
    }
}

impl<T: Sample, E: Sample> Sample for Result<T, E> {
    fn samples() -> Vec<Self> {
        T::samples().into_iter().map(Ok).chain(E::samples().into_iter().map(Err)).collect()
    }
}

/// Nothing, one of each, and all.
fn lists<T: Sample>() -> Vec<Vec<T>> {
    let mut lists: Vec<Vec<T>> = T::samples().into_iter().map(|value| vec![value]).collect();
    lists.push(Vec::new());
    lists.push(T::samples().into_iter().chain(T::samples()).collect());
    lists
}

impl<T: Sample> Sample for Vec<T> {
    fn samples() -> Vec<Self> {
        lists()
    }
}

impl<T: Sample> Sample for VecDeque<T> {
    fn samples() -> Vec<Self> {
        lists().into_iter().map(VecDeque::from).collect()
    }
}

impl<T: Sample + Ord> Sample for BTreeSet<T> {
    fn samples() -> Vec<Self> {
        lists().into_iter().map(|list| list.into_iter().collect()).collect()
    }
}

impl<T: Sample + Eq + Hash> Sample for HashSet<T> {
    fn samples() -> Vec<Self> {
        lists().into_iter().map(|list| list.into_iter().collect()).collect()
    }
}

impl<T: Sample, const N: usize> Sample for [T; N]
where
    [T; N]: JsonSchema + Serialize,
{
    fn samples() -> Vec<Self> {
        let mut endless = (0..).flat_map(|_| T::samples());
        (0..4).map(|_| std::array::from_fn(|_| endless.next().unwrap())).collect()
    }
}

impl<A: Sample> Sample for (A,) {
    fn samples() -> Vec<Self> {
        A::samples().into_iter().map(|a| (a,)).collect()
    }
}

impl<A: Sample, B: Sample> Sample for (A, B) {
    fn samples() -> Vec<Self> {
        let pairs = A::samples().into_iter().zip(B::samples());
        pairs.chain(A::samples().into_iter().rev().zip(B::samples())).collect()
    }
}

impl<A: Sample, B: Sample, C: Sample> Sample for (A, B, C) {
    fn samples() -> Vec<Self> {
        A::samples().into_iter().zip(B::samples()).zip(C::samples()).map(|((a, b), c)| (a, b, c)).collect()
    }
}

fn entries<K: Sample, V: Sample>() -> impl Iterator<Item = (K, V)> {
    K::samples().into_iter().zip((0..).flat_map(|_| V::samples()))
}

impl<K: Sample + Ord, V: Sample> Sample for BTreeMap<K, V> {
    fn samples() -> Vec<Self> {
        vec![BTreeMap::new(), entries().take(1).collect(), entries().collect()]
    }
}

impl<K: Sample + Eq + Hash, V: Sample> Sample for HashMap<K, V> {
    fn samples() -> Vec<Self> {
        vec![HashMap::new(), entries().take(1).collect(), entries().collect()]
    }
}
