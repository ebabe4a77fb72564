//! The keywords of one schema object, read and validated.

use super::{Reader, locate::Place};
use crate::{
    equal::same_value,
    kind::Kinds,
    numeral,
    text::{Format, LONGEST_PATTERN, Pattern, StringForm},
    ty::{Limit, NumberForm},
};
use jsonschema::Draft;
use serde_json::{Map, Number, Value};
use std::{cmp::Ordering, collections::BTreeMap};

/// What one schema object asks of a value, keyword by keyword.
pub(crate) struct Keywords {
    pub(crate) kinds: Kinds,
    pub(crate) number: NumberForm,
    /// Bounds that the format of an integer gives.
    pub(crate) integers: Option<(i128, i128)>,
    pub(crate) string: StringForm,
    pub(crate) array: ArrayKeywords,
    pub(crate) object: ObjectKeywords,
    /// `enum` and `const`.
    pub(crate) values: Option<Vec<Value>>,
    pub(crate) reference: Option<Place>,
    pub(crate) all_of: Vec<Place>,
    pub(crate) any_of: Option<Vec<Place>>,
    pub(crate) one_of: Option<Vec<Place>>,
    /// `unevaluatedProperties`, where it says more than `true`.
    pub(crate) unevaluated: Option<Place>,
    /// A keyword that has no structural form here.
    pub(crate) opaque: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
}

#[derive(Default)]
pub(crate) struct ArrayKeywords {
    pub(crate) prefix: Vec<Place>,
    pub(crate) rest: Option<Place>,
    pub(crate) min: u64,
    pub(crate) max: Option<u64>,
    pub(crate) unique: bool,
}

#[derive(Default)]
pub(crate) struct ObjectKeywords {
    pub(crate) properties: BTreeMap<String, Place>,
    pub(crate) required: Vec<String>,
    pub(crate) patterns: Vec<(Pattern, Place)>,
    pub(crate) additional: Option<Additional>,
    pub(crate) min: u64,
    pub(crate) max: Option<u64>,
}

/// What the schema says of members it does not name.
#[derive(Clone, Copy)]
pub(crate) enum Additional {
    /// `unevaluatedProperties: true`: anything.
    Open,
    /// `additionalProperties`
    Schema(Place),
}

impl Keywords {
    fn of_kinds(kinds: Kinds) -> Self {
        Keywords {
            kinds,
            number: NumberForm::default(),
            integers: None,
            string: StringForm::default(),
            array: ArrayKeywords::default(),
            object: ObjectKeywords::default(),
            values: None,
            reference: None,
            all_of: Vec::new(),
            any_of: None,
            one_of: None,
            unevaluated: None,
            opaque: None,
            title: None,
            description: None,
        }
    }

    /// Whether nothing but `enum`, `const`, references, branches, opaque and unevaluated ones is there.
    pub(crate) fn is_plain(&self) -> bool {
        self.kinds == Kinds::ALL
            && self.integers.is_none()
            && self.number.min.is_none()
            && self.number.max.is_none()
            && self.number.multiples.is_empty()
            && self.string.is_plain()
            && !self.constrains_arrays()
            && !self.constrains_objects()
    }

    /// Whether a value of these keywords alone is any value, references and branches aside.
    pub(crate) fn is_vacuous(&self) -> bool {
        self.is_plain() && self.values.is_none() && self.opaque.is_none() && self.unevaluated.is_none()
    }

    pub(crate) fn constrains_arrays(&self) -> bool {
        let array = &self.array;
        !array.prefix.is_empty()
            || array.rest.is_some()
            || array.min > 0
            || array.max.is_some()
            || array.unique
    }

    pub(crate) fn constrains_objects(&self) -> bool {
        let object = &self.object;
        !object.properties.is_empty()
            || !object.required.is_empty()
            || !object.patterns.is_empty()
            || object.additional.is_some()
            || object.min > 0
            || object.max.is_some()
    }
}

/// Keywords of every draft that say something about a value and have no structural form here.
const OPAQUE: [&str; 5] = ["not", "if", "contains", "propertyNames", "dependencies"];

/// Reads the schema at a place.
pub(crate) fn read(reader: &mut Reader<'_>, place: Place) -> Keywords {
    match reader.places.value(place) {
        Value::Bool(true) => Keywords::of_kinds(Kinds::ALL),
        Value::Bool(false) => Keywords::of_kinds(Kinds::NONE),
        Value::Object(members) => Object { reader, place, members }.read(),
        _ => {
            reader.fault(place, &[], "must be an object or a boolean");
            Keywords::of_kinds(Kinds::ALL)
        }
    }
}

/// A schema object being read.
struct Object<'r, 's> {
    reader: &'r mut Reader<'s>,
    place: Place,
    members: &'s Map<String, Value>,
}

impl<'s> Object<'_, 's> {
    fn read(mut self) -> Keywords {
        let mut keywords = Keywords::of_kinds(Kinds::ALL);
        let text = |name| self.members.get(name).and_then(Value::as_str).map(str::to_owned);
        keywords.title = text("title");
        keywords.description = text("description");
        let draft = self.reader.draft;
        if draft == Draft::Draft4 || self.is_resource() {
            keywords.opaque = Some("$schema".to_owned());
            return keywords;
        }
        keywords.reference = self.reference();
        if keywords.reference.is_some() && draft < Draft::Draft201909 {
            return keywords;
        }
        keywords.kinds = self.kinds();
        self.numbers(&mut keywords);
        self.strings(&mut keywords);
        self.arrays(&mut keywords);
        self.objects(&mut keywords);
        if keywords.kinds.has(Kinds::FRACTION) {
            // Only of integers does a format say which there are.
            keywords.integers = None;
        }
        keywords.values = self.values();
        keywords.all_of = self.branches("allOf").unwrap_or_default();
        keywords.any_of = self.branches("anyOf");
        keywords.one_of = self.branches("oneOf");
        keywords.opaque = self.opaque_keyword().or(keywords.opaque);
        keywords
    }

    /// Whether it is a schema document of its own, with references of its own.
    fn is_resource(&mut self) -> bool {
        let own_id = self.members.get("$id").and_then(Value::as_str).is_some_and(|id| !id.starts_with('#'));
        own_id && self.place != self.reader.places.root()
    }

    fn opaque_keyword(&self) -> Option<String> {
        let draft = self.reader.draft;
        let is_opaque = |name: &&String| match name.as_str() {
            "dependentRequired" | "dependentSchemas" | "unevaluatedItems" => draft >= Draft::Draft201909,
            "$dynamicRef" => draft >= Draft::Draft202012,
            "$recursiveRef" => draft == Draft::Draft201909,
            "contentEncoding" | "contentMediaType" => draft < Draft::Draft201909,
            name => OPAQUE.contains(&name),
        };
        self.members.keys().find(is_opaque).cloned()
    }

    fn fault(&mut self, keyword: &str, message: &str) {
        self.reader.fault(self.place, &[keyword], message);
    }

    fn below(&mut self, value: &'s Value, tokens: &[&str]) -> Place {
        self.reader.places.below(self.place, value, tokens)
    }

    fn schema(&mut self, keyword: &str) -> Option<Place> {
        let value = self.members.get(keyword)?;
        Some(self.below(value, &[keyword]))
    }

    fn reference(&mut self) -> Option<Place> {
        let value = self.members.get("$ref")?;
        let Some(reference) = value.as_str() else {
            self.fault("$ref", "must be a string");
            return None;
        };
        match self.reader.places.resolve(reference) {
            Ok(place) => Some(place),
            Err(message) => {
                self.fault("$ref", &message);
                None
            }
        }
    }

    fn kinds(&mut self) -> Kinds {
        const MESSAGE: &str =
            "must be one or several of `array`, `boolean`, `integer`, `null`, `number`, `object`, `string`";
        let kinds = match self.members.get("type") {
            None => Some(Kinds::ALL),
            Some(Value::String(name)) => Kinds::named(name),
            Some(Value::Array(names)) => names
                .iter()
                .try_fold(Kinds::NONE, |kinds, name| Some(kinds.or(Kinds::named(name.as_str()?)?))),
            Some(_) => None,
        };
        kinds.unwrap_or_else(|| {
            self.fault("type", MESSAGE);
            Kinds::ALL
        })
    }

    fn numbers(&mut self, keywords: &mut Keywords) {
        for (keyword, lower, exclusive) in [
            ("minimum", true, false),
            ("exclusiveMinimum", true, true),
            ("maximum", false, false),
            ("exclusiveMaximum", false, true),
        ] {
            match self.members.get(keyword) {
                None => {}
                Some(Value::Number(value)) => {
                    let limit = Limit { value: value.clone(), exclusive };
                    let bound = if lower { &mut keywords.number.min } else { &mut keywords.number.max };
                    tighten(bound, limit, lower);
                }
                Some(_) => self.fault(keyword, "must be a number"),
            }
        }
        match self.members.get("multipleOf") {
            None => {}
            Some(Value::Number(factor))
                if numeral::compare(factor, &Number::from(0)) == Ordering::Greater =>
            {
                keywords.number.multiples.push(factor.clone());
            }
            Some(_) => self.fault("multipleOf", "must be a number greater than 0"),
        }
    }

    fn strings(&mut self, keywords: &mut Keywords) {
        keywords.string.min = self.count("minLength").unwrap_or(0);
        keywords.string.max = self.count("maxLength");
        match self.members.get("format") {
            None => {}
            Some(Value::String(name)) => {
                keywords.string.formats.extend(Format::named(name));
                keywords.integers = integers(name);
            }
            Some(_) => self.fault("format", "must be a string"),
        }
        match self.members.get("pattern") {
            None => {}
            Some(Value::String(source)) => match self.pattern(source, &["pattern"]) {
                Some(pattern) => keywords.string.patterns.push(pattern),
                None => keywords.opaque = Some("pattern".to_owned()),
            },
            Some(_) => self.fault("pattern", "must be a string"),
        }
    }

    /// `None` where the pattern must be left to the validator.
    fn pattern(&mut self, source: &str, tokens: &[&str]) -> Option<Pattern> {
        if source.len() > LONGEST_PATTERN {
            let message = format!("has a pattern of more than {LONGEST_PATTERN} bytes");
            self.reader.fault(self.place, tokens, &message);
            return None;
        }
        self.reader.pattern(source)
    }

    fn arrays(&mut self, keywords: &mut Keywords) {
        let array = &mut keywords.array;
        array.min = self.count("minItems").unwrap_or(0);
        array.max = self.count("maxItems");
        match self.members.get("uniqueItems") {
            None => {}
            Some(Value::Bool(unique)) => array.unique = *unique,
            Some(_) => self.fault("uniqueItems", "must be a boolean"),
        }
        if self.reader.draft >= Draft::Draft202012 {
            array.prefix = self.branches("prefixItems").unwrap_or_default();
            array.rest = self.schema("items");
        } else if matches!(self.members.get("items"), Some(Value::Array(_))) {
            array.prefix = self.schemas("items").unwrap_or_default();
            array.rest = self.schema("additionalItems");
        } else {
            array.rest = self.schema("items");
        }
    }

    fn objects(&mut self, keywords: &mut Keywords) {
        let object = &mut keywords.object;
        object.min = self.count("minProperties").unwrap_or(0);
        object.max = self.count("maxProperties");
        object.required = self.names("required");
        object.additional = self.schema("additionalProperties").map(Additional::Schema);
        match self.members.get("properties") {
            None => {}
            Some(Value::Object(properties)) => {
                for (name, value) in properties {
                    let place = self.below(value, &["properties", name]);
                    object.properties.insert(name.clone(), place);
                }
            }
            Some(_) => self.fault("properties", "must be an object"),
        }
        match self.members.get("patternProperties") {
            None => {}
            Some(Value::Object(properties)) => {
                for (source, value) in properties {
                    let tokens = ["patternProperties", source];
                    let place = self.below(value, &tokens);
                    match self.pattern(source, &tokens) {
                        Some(pattern) => object.patterns.push((pattern, place)),
                        None => keywords.opaque = Some("patternProperties".to_owned()),
                    }
                }
                if keywords.opaque.is_some() {
                    // A name may match a pattern that is not known here, and so be anything.
                    object.additional = Some(Additional::Open);
                }
            }
            Some(_) => self.fault("patternProperties", "must be an object"),
        }
        if self.reader.draft >= Draft::Draft201909 {
            match self.members.get("unevaluatedProperties") {
                None => {}
                Some(Value::Bool(true)) => object.additional = object.additional.or(Some(Additional::Open)),
                Some(value) => keywords.unevaluated = Some(self.below(value, &["unevaluatedProperties"])),
            }
        }
    }

    fn values(&mut self) -> Option<Vec<Value>> {
        let constant = self.members.get("const").map(|value| vec![value.clone()]);
        let listed = match self.members.get("enum") {
            None => None,
            Some(Value::Array(values)) => Some(values.clone()),
            Some(_) => {
                self.fault("enum", "must be an array");
                None
            }
        };
        match (constant, listed) {
            (Some(constant), Some(listed)) => Some(common(&constant, &listed)),
            (constant, listed) => constant.or(listed),
        }
    }

    fn count(&mut self, keyword: &str) -> Option<u64> {
        let value = self.members.get(keyword)?;
        let count = match value {
            Value::Number(number) => match numeral::integral(number) {
                // No string, array or object is longer than that.
                Some(count) if count >= 0 => Some(u64::try_from(count).unwrap_or(u64::MAX)),
                _ => None,
            },
            _ => None,
        };
        if count.is_none() {
            self.fault(keyword, "must be an integer that is not negative");
        }
        count
    }

    fn names(&mut self, keyword: &str) -> Vec<String> {
        let names = match self.members.get(keyword) {
            None => return Vec::new(),
            Some(Value::Array(names)) => names.iter().map(|name| name.as_str().map(str::to_owned)).collect(),
            Some(_) => None,
        };
        names.unwrap_or_else(|| {
            self.fault(keyword, "must be an array of strings");
            Vec::new()
        })
    }

    fn branches(&mut self, keyword: &str) -> Option<Vec<Place>> {
        let branches = self.schemas(keyword)?;
        if branches.is_empty() {
            self.fault(keyword, "must be a non-empty array of schemas");
            return None;
        }
        Some(branches)
    }

    fn schemas(&mut self, keyword: &str) -> Option<Vec<Place>> {
        let Value::Array(values) = self.members.get(keyword)? else {
            self.fault(keyword, "must be an array of schemas");
            return None;
        };
        let place = |(index, value)| self.below(value, &[keyword, &format!("{index}")]);
        Some(values.iter().enumerate().map(place).collect())
    }
}

/// Narrows a bound to the tighter of two.
pub(crate) fn tighten(bound: &mut Option<Limit>, other: Limit, lower: bool) {
    let tighter = match bound {
        None => true,
        Some(bound) => match numeral::compare(&other.value, &bound.value) {
            Ordering::Equal => other.exclusive && !bound.exclusive,
            Ordering::Greater => lower,
            Ordering::Less => !lower,
        },
    };
    if tighter {
        *bound = Some(other);
    }
}

/// The values of both lists.
pub(crate) fn common(left: &[Value], right: &[Value]) -> Vec<Value> {
    left.iter().filter(|value| right.iter().any(|other| same_value(value, other))).cloned().collect()
}

/// The integers that a format of schemars' means.
pub(crate) fn integers(format: &str) -> Option<(i128, i128)> {
    Some(match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" | "int" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" | "uint" | "uint128" => (0, u64::MAX.into()),
        _ => return None,
    })
}
