//! The form of a state without branches: one form for each kind of value.

use super::{
    Part, Reader, State,
    keywords::{Additional, Keywords, tighten},
    locate::Place,
};
use crate::{
    fuel,
    kind::Kinds,
    numeral,
    text::StringForm,
    ty::{ArrayForm, Form, Limit, NumberForm, ObjectForm, Property, UnionForm},
};
use std::{cmp::Ordering, collections::BTreeSet, rc::Rc};

/// The keywords of one schema object of a state.
type Member = (Place, Rc<Keywords>);

impl Reader<'_> {
    pub(super) fn structure(&mut self, state: &State) -> Form {
        let mut members: Vec<Member> = Vec::new();
        for (place, part) in &state.parts {
            if matches!(part, Part::Own { .. }) {
                members.push((*place, self.keywords(*place)));
            }
        }
        let kinds = members.iter().fold(Kinds::ALL, |kinds, (_, keywords)| kinds.and(keywords.kinds));
        if kinds == Kinds::ALL
            && state.sealed.is_none()
            && members.iter().all(|(_, keywords)| keywords.is_plain())
        {
            return Form::Any;
        }
        let mut forms = Vec::new();
        if kinds.has(Kinds::NULL) {
            forms.push(Form::Null);
        }
        if kinds.has(Kinds::BOOLEAN) {
            forms.push(Form::Boolean);
        }
        if kinds.has(Kinds::NUMBER) {
            forms.extend(numbers(&members, !kinds.has(Kinds::FRACTION)).map(Form::Number));
        }
        if kinds.has(Kinds::STRING) {
            forms.extend(strings(&members).map(Form::String));
        }
        if kinds.has(Kinds::ARRAY) {
            forms.extend(self.array(&members).map(Form::Array));
        }
        if kinds.has(Kinds::OBJECT) {
            forms.extend(self.object(state, &members).map(Form::Object));
        }
        match (forms.pop(), forms.is_empty()) {
            (None, _) => Form::Never,
            (Some(form), true) => form,
            (Some(last), false) => {
                forms.push(last);
                let branches = forms.into_iter().map(|form| self.leaf(form)).collect();
                Form::Union(UnionForm { branches, exactly_one: false, tag: None })
            }
        }
    }

    fn array(&mut self, members: &[Member]) -> Option<ArrayForm> {
        let arrays = || members.iter().map(|(_, keywords)| &keywords.array);
        let min = arrays().map(|array| array.min).max().unwrap_or(0);
        let max = arrays().filter_map(|array| array.max).min();
        if max.is_some_and(|max| max < min) {
            return None;
        }
        let length = arrays().map(|array| array.prefix.len()).max().unwrap_or(0);
        self.spend(length * members.len())?;
        let prefix = (0..length)
            .map(|position| {
                let at = |array: &super::keywords::ArrayKeywords| {
                    array.prefix.get(position).copied().or(array.rest)
                };
                self.node_of(arrays().filter_map(at))
            })
            .collect();
        let rest = self.node_of(arrays().filter_map(|array| array.rest));
        Some(ArrayForm { prefix, rest, min, max, unique: arrays().any(|array| array.unique) })
    }

    fn object(&mut self, state: &State, members: &[Member]) -> Option<ObjectForm> {
        let objects = || members.iter().map(|(_, keywords)| &keywords.object);
        let min = objects().map(|object| object.min).max().unwrap_or(0);
        let max = objects().filter_map(|object| object.max).min();
        if max.is_some_and(|max| max < min) {
            return None;
        }
        let required: BTreeSet<&String> = objects().flat_map(|object| &object.required).collect();
        let listed = objects().flat_map(|object| object.properties.keys());
        let names: BTreeSet<&String> = listed.chain(required.iter().copied()).collect();
        let patterns: usize = objects().map(|object| object.patterns.len()).sum();
        let longer: usize = names.iter().map(|name| name.len() / fuel::BYTES).sum();
        self.spend((names.len() + longer) * (members.len() + patterns))?;
        let mut properties = Vec::with_capacity(names.len());
        for name in names {
            let (schemas, _) = self.member_schemas(state, members, name);
            properties.push(Property {
                name: name.as_str().into(),
                ty: self.node_of(schemas),
                required: required.contains(name),
            });
        }
        let seal = self.seal(state);
        let mut patterns = Vec::new();
        for (position, (_, keywords)) in members.iter().enumerate() {
            for (pattern, place) in &keywords.object.patterns {
                // What another schema object says of the names it does not know holds for these too. Where several
                // have patterns of their own, `overlapping` has left that to the validator.
                let others = members.iter().enumerate().filter(|(other, _)| *other != position);
                let additional = others.filter_map(|(_, (_, other))| match other.object.additional {
                    Some(Additional::Schema(place)) if other.object.patterns.is_empty() => Some(place),
                    _ => None,
                });
                let places: Vec<Place> = std::iter::once(*place).chain(additional).collect();
                patterns.push((pattern.clone(), self.node_of(places)));
            }
        }
        let says = objects().any(|object| object.additional.is_some());
        let additional: Vec<Place> = objects()
            .filter_map(|object| match object.additional {
                Some(Additional::Schema(place)) => Some(place),
                _ => None,
            })
            .collect();
        let additional = match (says, seal) {
            (false, None) => None,
            (false, Some(seal)) => Some(self.node_of([seal])),
            (true, _) => Some(self.node_of(additional)),
        };
        Some(ObjectForm { properties, patterns, additional, min, max })
    }

    /// What a member of this name must satisfy, and whether any schema object names it.
    fn member_schemas(&mut self, state: &State, members: &[Member], name: &str) -> (Vec<Place>, bool) {
        let mut schemas = Vec::new();
        let mut evaluated = false;
        for (_, keywords) in members {
            let object = &keywords.object;
            let own = object.properties.get(name).copied();
            let matching = object.patterns.iter().filter(|(pattern, _)| pattern.is_match(name));
            let before = schemas.len();
            schemas.extend(own.into_iter().chain(matching.map(|(_, place)| *place)));
            if schemas.len() > before {
                evaluated = true;
            } else if let Some(additional) = object.additional {
                evaluated = true;
                if let Additional::Schema(place) = additional {
                    schemas.push(place);
                }
            }
        }
        if !evaluated {
            schemas.extend(self.seal(state));
        }
        (schemas, evaluated)
    }

    /// The schema of the properties that the state does not know, where `unevaluatedProperties` gives one.
    fn seal(&mut self, state: &State) -> Option<Place> {
        state.sealed.and_then(|place| self.keywords(place).unevaluated)
    }
}

/// `None` where no number satisfies all.
fn numbers(members: &[Member], integer: bool) -> Option<NumberForm> {
    let mut form = NumberForm { integer, ..NumberForm::default() };
    for (_, keywords) in members {
        let own = &keywords.number;
        if let Some(min) = &own.min {
            tighten(&mut form.min, min.clone(), true);
        }
        if let Some(max) = &own.max {
            tighten(&mut form.max, max.clone(), false);
        }
        for factor in &own.multiples {
            if !form.multiples.iter().any(|known| crate::equal::same_number(known, factor)) {
                form.multiples.push(factor.clone());
            }
        }
        if let Some((least, greatest)) = keywords.integers {
            let limit = |value| Some(Limit { value: numeral::from_integer(value)?, exclusive: false });
            if let (Some(least), Some(greatest)) = (limit(least), limit(greatest)) {
                tighten(&mut form.min, least, true);
                tighten(&mut form.max, greatest, false);
            }
        }
    }
    if integer && !round(&mut form) {
        return None;
    }
    let (Some(min), Some(max)) = (&form.min, &form.max) else { return Some(form) };
    let possible = match numeral::compare(&min.value, &max.value) {
        Ordering::Less => true,
        Ordering::Equal => !min.exclusive && !max.exclusive,
        Ordering::Greater => false,
    };
    possible.then_some(form)
}

/// Turns the bounds of integers into integers. False where no integer is left.
fn round(form: &mut NumberForm) -> bool {
    let (least, greatest) = numeral::INTEGERS;
    if let Some(min) = &form.min {
        let bound = match (numeral::ceiling(&min.value), numeral::integral(&min.value)) {
            (Some(bound), Some(_)) if min.exclusive => bound + 1,
            (Some(bound), _) => bound,
            (None, _) if min.value.as_f64().is_some_and(|value| value < 0.0) => least,
            (None, _) => return false,
        };
        if bound > greatest {
            return false;
        }
        let limit = |value| Limit { value, exclusive: false };
        form.min = if bound <= least { None } else { numeral::from_integer(bound).map(limit) };
    }
    if let Some(max) = &form.max {
        let bound = match (numeral::floor(&max.value), numeral::integral(&max.value)) {
            (Some(bound), Some(_)) if max.exclusive => bound - 1,
            (Some(bound), _) => bound,
            (None, _) if max.value.as_f64().is_some_and(|value| value > 0.0) => greatest,
            (None, _) => return false,
        };
        if bound < least {
            return false;
        }
        let limit = |value| Limit { value, exclusive: false };
        form.max = if bound >= greatest { None } else { numeral::from_integer(bound).map(limit) };
    }
    true
}

/// `None` where no string satisfies all.
fn strings(members: &[Member]) -> Option<StringForm> {
    let mut form = StringForm::default();
    for (_, keywords) in members {
        let own = &keywords.string;
        form.min = form.min.max(own.min);
        form.max = match (form.max, own.max) {
            (Some(known), Some(own)) => Some(known.min(own)),
            (known, own) => known.or(own),
        };
        for pattern in &own.patterns {
            if !form.patterns.contains(pattern) {
                form.patterns.push(pattern.clone());
            }
        }
        for format in &own.formats {
            if !form.formats.contains(format) {
                form.formats.push(*format);
            }
        }
    }
    form.max.is_none_or(|max| form.min <= max).then_some(form)
}

#[cfg(test)]
mod tests {
    use crate::{Origin, Type};
    use serde_json::json;

    fn shown(schema: &serde_json::Value) -> String {
        Type::parse(schema, Origin::Schema).unwrap().to_string()
    }

    #[test]
    fn bounds_of_integers_are_integers() {
        assert_eq!(
            shown(&json!({ "type": "integer", "exclusiveMinimum": 0, "maximum": 9.5 })),
            "integer 1 to 9"
        );
        assert_eq!(shown(&json!({ "type": "integer", "minimum": 0.2, "maximum": 0.8 })), "never");
        assert_eq!(shown(&json!({ "type": "integer", "format": "uint8" })), "integer 0 to 255");
    }
}
