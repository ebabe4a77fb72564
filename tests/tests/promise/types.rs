//! Types with values of theirs, also the awkward ones.

use crate::chance::Chance;
use serde_json::{Map, Value, json};

/// A type, as these tests make one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ty {
    Any,
    Null,
    Boolean,
    Integer(Option<(i64, i64)>),
    Number,
    Text,
    /// At least one character.
    SomeText,
    Email,
    OneOf(&'static [&'static str]),
    Array(Box<Ty>, u64),
    Pair(Box<Ty>, Box<Ty>),
    Map(Box<Ty>),
    Object {
        members: Vec<(&'static str, Ty, bool)>,
        open: bool,
    },
    Union(Vec<Ty>),
}

/// Names of members; some are those of JavaScript's prototypes.
const NAMES: [&str; 6] = ["a", "b", "name", "__proto__", "constructor", "first name"];

const TEXTS: [&str; 8] = ["", "x", "$&", "!ref(", "!ref($.event)", "__proto__", "0", "a@b.co"];

impl Ty {
    pub(crate) fn random(chance: &mut Chance, depth: usize) -> Ty {
        match chance.below(if depth == 0 { 8 } else { 13 }) {
            0 => Ty::Boolean,
            1 => Ty::Integer(None),
            2 => Ty::Integer(Some((0, 255))),
            3 => Ty::Number,
            4 => Ty::Text,
            5 => chance.pick(&[Ty::SomeText, Ty::Email, Ty::Any, Ty::Any]).clone(),
            6 => Ty::OneOf([&["on", "off"] as &[_], &["on", "off", "auto"], &["", "on"]][chance.below(3)]),
            7 => chance.pick(&[Ty::Text, Ty::Null, Ty::Boolean]).clone(),
            8 => Ty::Array(Box::new(Ty::random(chance, depth - 1)), chance.below(3) as u64),
            9 => Ty::Pair(Box::new(Ty::random(chance, depth - 1)), Box::new(Ty::random(chance, depth - 1))),
            10 => match chance.below(3) {
                0 => Ty::Map(Box::new(Ty::random(chance, depth - 1))),
                1 => Ty::tagged(chance, depth),
                _ => Ty::or_null(Ty::random(chance, depth - 1)),
            },
            _ => Ty::object(chance, depth),
        }
    }

    pub(crate) fn object(chance: &mut Chance, depth: usize) -> Ty {
        let mut members = Vec::new();
        for name in NAMES {
            if chance.percent(45) {
                let ty = Ty::random(chance, depth.saturating_sub(1));
                let ty = if chance.percent(25) { ty.or_null() } else { ty };
                members.push((name, ty, chance.percent(65)));
            }
        }
        Ty::Object { members, open: chance.percent(30) }
    }

    fn tagged(chance: &mut Chance, depth: usize) -> Ty {
        let case = |tag: &'static [&'static str], chance: &mut Chance| {
            let value = Ty::random(chance, depth - 1);
            Ty::Object { members: vec![("kind", Ty::OneOf(tag), true), ("value", value, true)], open: false }
        };
        Ty::Union(vec![case(&["one"], chance), case(&["two"], chance)])
    }

    /// A type of some of the values, as a condition may leave them.
    pub(crate) fn part(&self, chance: &mut Chance) -> Ty {
        match self {
            Ty::Union(branches) => chance.pick(branches).clone(),
            Ty::OneOf(texts) => Ty::OneOf(&texts[..1]),
            Ty::Text => Ty::SomeText,
            other => other.clone(),
        }
    }

    /// A type with more values; if not `careful`, perhaps with others.
    pub(crate) fn greater(&self, careful: bool, chance: &mut Chance) -> Ty {
        if !careful && chance.percent(10) {
            return if chance.percent(50) { self.part(chance) } else { Ty::random(chance, 1) };
        }
        if chance.percent(15) {
            return self.clone().or_null();
        }
        let mut of = |ty: &Ty| ty.greater(careful, chance);
        match self {
            Ty::Integer(Some(_)) => Ty::Integer(None),
            Ty::Integer(None) => Ty::Number,
            Ty::SomeText | Ty::Email | Ty::OneOf(_) => Ty::Text,
            Ty::Array(element, _) => Ty::Array(Box::new(of(element)), 0),
            Ty::Pair(first, second) => Ty::Pair(Box::new(of(first)), Box::new(of(second))),
            Ty::Map(value) => Ty::Map(Box::new(of(value))),
            Ty::Object { members, open } => Ty::Object {
                members: members.iter().map(|(name, ty, _)| (*name, of(ty), false)).collect(),
                open: *open,
            },
            Ty::Union(branches) => {
                Ty::Union(branches.iter().cloned().chain([Ty::Array(Box::new(Ty::Boolean), 0)]).collect())
            }
            other => other.clone(),
        }
    }

    /// A type with fewer values; if not `careful`, perhaps with others.
    pub(crate) fn lesser(&self, careful: bool, chance: &mut Chance) -> Ty {
        if !careful && chance.percent(10) {
            return if chance.percent(50) { self.clone().or_null() } else { Ty::random(chance, 1) };
        }
        if chance.percent(20) {
            return self.part(chance);
        }
        let mut of = |ty: &Ty| ty.lesser(careful, chance);
        match self {
            Ty::Number => Ty::Integer(None),
            Ty::Integer(None) => Ty::Integer(Some((0, 255))),
            Ty::Array(element, min) => Ty::Array(Box::new(of(element)), min + 1),
            Ty::Pair(first, second) => Ty::Pair(Box::new(of(first)), Box::new(of(second))),
            Ty::Map(value) => Ty::Map(Box::new(of(value))),
            Ty::Object { members, open } => {
                let members: Vec<_> = members.iter().map(|(name, ty, _)| (*name, of(ty), true)).collect();
                Ty::Object { members, open: *open }
            }
            Ty::Any => Ty::Text,
            other => other.clone(),
        }
    }

    pub(crate) fn or_null(self) -> Ty {
        match self {
            Ty::Any | Ty::Null | Ty::Union(_) => self,
            other => Ty::Union(vec![other, Ty::Null]),
        }
    }

    pub(crate) fn schema(&self) -> Value {
        match self {
            Ty::Any => json!({}),
            Ty::Null => json!({ "type": "null" }),
            Ty::Boolean => json!({ "type": "boolean" }),
            Ty::Integer(None) => json!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX }),
            Ty::Integer(Some((min, max))) => json!({ "type": "integer", "minimum": min, "maximum": max }),
            Ty::Number => json!({ "type": "number" }),
            Ty::Text => json!({ "type": "string" }),
            Ty::SomeText => json!({ "type": "string", "minLength": 1 }),
            Ty::Email => json!({ "type": "string", "format": "email" }),
            Ty::OneOf(texts) => json!({ "enum": texts }),
            Ty::Array(element, min) => json!({ "type": "array", "items": element.schema(), "minItems": min }),
            Ty::Pair(first, second) => json!({
                "type": "array", "prefixItems": [first.schema(), second.schema()], "minItems": 2, "maxItems": 2,
            }),
            Ty::Map(value) => json!({ "type": "object", "additionalProperties": value.schema() }),
            Ty::Object { members, open } => {
                let properties: Map<_, _> =
                    members.iter().map(|(name, ty, _)| ((*name).to_owned(), ty.schema())).collect();
                let required: Vec<_> =
                    members.iter().filter(|member| member.2).map(|member| member.0).collect();
                json!({
                    "type": "object", "properties": properties, "required": required, "additionalProperties": open,
                })
            }
            Ty::Union(branches) => {
                // Those that are told apart by a tag say so.
                let is_tagged = branches.iter().all(|branch| matches!(branch, Ty::Object { .. }));
                let schemas: Vec<Value> = branches.iter().map(Ty::schema).collect();
                json!({ if is_tagged { "oneOf" } else { "anyOf" }: schemas })
            }
        }
    }

    /// A value of this type, often one at a bound.
    pub(crate) fn value(&self, chance: &mut Chance) -> Value {
        match self {
            Ty::Any => match chance.below(7) {
                0 => Value::Null,
                1 => json!({}),
                2 => json!([]),
                3 => json!({ "a": "x", "value": [1], "__proto__": null }),
                4 => Ty::Number.value(chance),
                5 => Ty::Boolean.value(chance),
                _ => Ty::Text.value(chance),
            },
            Ty::Null => Value::Null,
            Ty::Boolean => chance.percent(50).into(),
            Ty::Integer(bounds) => {
                let (min, max) = bounds.unwrap_or((i64::MIN, i64::MAX));
                chance.pick(&[json!(min), json!(max), json!(0), json!(-0.0), json!(1), json!(30.0)]).clone()
            }
            Ty::Number => chance
                .pick(&[json!(0), json!(-0.0), json!(1), json!(1.5), json!(1e21), json!(-7), json!(u64::MAX)])
                .clone(),
            Ty::Text => (*chance.pick(&TEXTS)).into(),
            Ty::SomeText => (*chance.pick(&TEXTS[1..])).into(),
            Ty::Email => "a@b.co".into(),
            Ty::OneOf(texts) => (*chance.pick(texts)).into(),
            Ty::Array(element, min) => {
                let count = usize::try_from(*min).unwrap_or(0) + chance.below(3);
                (0..count).map(|_| element.value(chance)).collect()
            }
            Ty::Pair(first, second) => json!([first.value(chance), second.value(chance)]),
            Ty::Map(value) => {
                let names = NAMES.iter().filter(|_| chance.percent(30)).collect::<Vec<_>>();
                names.into_iter().map(|name| ((*name).to_owned(), value.value(chance))).collect()
            }
            Ty::Object { members, open } => {
                let mut object = Map::new();
                for (name, ty, required) in members {
                    if *required || chance.percent(50) {
                        object.insert((*name).to_owned(), ty.value(chance));
                    }
                }
                for name in NAMES.iter().chain(&["value"]) {
                    if *open && chance.percent(15) && !members.iter().any(|member| member.0 == *name) {
                        object.insert((*name).to_owned(), Ty::Any.value(chance));
                    }
                }
                object.into()
            }
            Ty::Union(branches) => {
                let branch = chance.pick(branches).clone();
                branch.value(chance)
            }
        }
    }

    /// What a step of a ref leads to, and whether it is there always.
    pub(crate) fn steps(&self) -> Vec<(String, Ty, bool)> {
        match self {
            Ty::Object { members, .. } => members
                .iter()
                .map(|(name, ty, required)| (format!("['{name}']"), ty.clone(), *required))
                .collect(),
            Ty::Pair(first, second) => {
                vec![
                    ("[0]".to_owned(), (**first).clone(), true),
                    ("[-1]".to_owned(), (**second).clone(), true),
                ]
            }
            Ty::Array(element, min) => vec![("[0]".to_owned(), (**element).clone(), *min > 0)],
            Ty::Map(value) => vec![(".a".to_owned(), (**value).clone(), false)],
            Ty::Union(branches) => {
                branches.iter().flat_map(Ty::steps).map(|(step, ty, _)| (step, ty, false)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a condition on it holds for some of the values that are made, and not for others.
    pub(crate) fn varies(&self) -> bool {
        match self {
            Ty::Boolean | Ty::Integer(_) | Ty::Number | Ty::Text | Ty::OneOf(_) | Ty::Any => true,
            Ty::Union(branches) => branches.iter().all(|branch| branch.varies() || *branch == Ty::Null),
            _ => false,
        }
    }

    pub(crate) fn is_textual(&self) -> bool {
        match self {
            Ty::Boolean
            | Ty::Integer(_)
            | Ty::Number
            | Ty::Text
            | Ty::SomeText
            | Ty::Email
            | Ty::OneOf(_) => true,
            Ty::Union(branches) => branches.iter().all(Ty::is_textual),
            _ => false,
        }
    }

    /// Whether a value of this type suits, by a glance.
    #[allow(clippy::match_same_arms, reason = "their order counts")]
    pub(crate) fn suits(&self, wanted: &Ty) -> bool {
        match (self, wanted) {
            (_, Ty::Any) | (Ty::Any, _) => true,
            (Ty::Union(branches), _) => branches.iter().any(|branch| branch.suits(wanted)),
            (_, Ty::Union(branches)) => branches.iter().any(|branch| self.suits(branch)),
            (Ty::Integer(_), Ty::Integer(_) | Ty::Number)
            | (Ty::Text | Ty::SomeText | Ty::Email | Ty::OneOf(_), Ty::Text | Ty::SomeText | Ty::Email)
            | (Ty::OneOf(_), Ty::OneOf(_)) => true,
            (Ty::Array(one, _), Ty::Array(other, _)) | (Ty::Map(one), Ty::Map(other)) => one.suits(other),
            _ => self == wanted,
        }
    }
}
