//! Objects within objects.

use super::{
    proof::{Prover, any},
    witness::Search,
};
use crate::ty::{Form, ObjectForm, View};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// An object type with its form.
type Object<'t> = (View<'t>, &'t ObjectForm);

/// What a type says of a member of one name: it is of all these types.
struct Member<'t> {
    types: Vec<View<'t>>,
    required: bool,
}

fn member<'t>((view, form): Object<'t>, name: &str) -> Member<'t> {
    if let Some(property) = form.property(name) {
        return Member { types: vec![view.child(property.ty)], required: property.required };
    }
    let mut types: Vec<View<'t>> = form
        .patterns
        .iter()
        .filter(|(pattern, _)| pattern.is_match(name))
        .map(|(_, ty)| view.child(*ty))
        .collect();
    if types.is_empty() {
        types.push(form.additional.map_or(any(), |id| view.child(id)));
    }
    Member { types, required: false }
}

fn objects<'t>(forms: &[View<'t>]) -> Vec<Object<'t>> {
    let object = |view: &View<'t>| match view.form() {
        Form::Object(form) => Some((*view, form)),
        _ => None,
    };
    forms.iter().filter_map(object).collect()
}

/// Something one type says of objects, that not all of another satisfy.
#[derive(Clone, Copy)]
enum Demand<'t> {
    /// A member of this name is of this type; it may be absent, or not.
    Member {
        name: &'t str,
        ty: View<'t>,
        required: bool,
    },
    /// Members that nobody names.
    Rest,
    AtLeast(u64),
    AtMost(u64),
}

/// Whether the objects of `own` are all of `forms`.
pub(crate) fn within<'t>(
    prover: &mut Prover<'t>,
    a: View<'t>,
    own: &'t ObjectForm,
    forms: &[View<'t>],
) -> bool {
    let others = objects(forms);
    if let [other] = others[..] {
        return unmet(prover, (a, own), other, true).is_empty();
    }
    if others.iter().any(|other| unmet(prover, (a, own), *other, true).is_empty()) {
        return true;
    }
    let mut open: Vec<Vec<Demand<'t>>> = Vec::new();
    for other in &others {
        if !prover.spend(1) {
            return false;
        }
        if prover.apart(a, other.0) {
            continue;
        }
        let demands = unmet(prover, (a, own), *other, false);
        if demands.is_empty() {
            return true;
        }
        // What not all satisfy of members nobody names, nothing else makes up for.
        open.push(demands);
    }
    open.sort_by_key(Vec::len);
    covered(prover, (a, own), &open, &mut Vec::new())
}

/// Whether each choice of one demand of each type to break leaves no object.
fn covered<'t>(
    prover: &mut Prover<'t>,
    a: Object<'t>,
    open: &[Vec<Demand<'t>>],
    broken: &mut Vec<Demand<'t>>,
) -> bool {
    let Some((demands, rest)) = open.split_first() else { return false };
    for demand in demands {
        if !prover.spend(1 + broken.len()) {
            return false;
        }
        broken.push(*demand);
        let closed = is_closed(prover, a, broken) || covered(prover, a, rest, broken);
        broken.pop();
        if !closed {
            return false;
        }
    }
    true
}

/// Whether no object of `a` can break all these demands, the last of which is new.
fn is_closed<'t>(prover: &mut Prover<'t>, a: Object<'t>, broken: &[Demand<'t>]) -> bool {
    let Some(last) = broken.last() else { return false };
    match last {
        Demand::Member { name, .. } => {
            let own = member(a, name);
            let mut types = Vec::new();
            let mut absent_broken = own.required;
            for demand in broken {
                if let Demand::Member { name: other, ty, required } = demand
                    && other == name
                {
                    types.push(*ty);
                    absent_broken |= !required;
                }
            }
            // An absent member breaks only demands for one that must be there.
            absent_broken && own.types.iter().any(|own| prover.within(*own, &types))
        }
        Demand::AtLeast(min) => {
            broken.iter().any(|demand| matches!(demand, Demand::AtMost(max) if max + 1 >= *min))
        }
        Demand::AtMost(max) => {
            broken.iter().any(|demand| matches!(demand, Demand::AtLeast(min) if max + 1 >= *min))
        }
        Demand::Rest => false,
    }
}

/// What of `b` not all objects of `a` certainly satisfy; of one type only the first, where that is all one asks.
fn unmet<'t>(prover: &mut Prover<'t>, a: Object<'t>, b: Object<'t>, first_only: bool) -> Vec<Demand<'t>> {
    let mut unmet = Vec::new();
    let own_required = a.1.properties.iter().filter(|property| property.required).count() as u64;
    if !prover.erased {
        if b.1.min > a.1.min.max(own_required) {
            unmet.push(Demand::AtLeast(b.1.min));
        }
        if let Some(max) = b.1.max.filter(|max| most(a).is_none_or(|most| most > *max)) {
            unmet.push(Demand::AtMost(max));
        }
    }
    for property in &b.1.properties {
        if first_only && !unmet.is_empty() || !prover.spend(1) {
            unmet.push(Demand::Rest);
            return unmet;
        }
        let ty = b.0.child(property.ty);
        let demand = Demand::Member { name: &property.name, ty, required: property.required };
        if let Some(own) = a.1.property(&property.name) {
            let there = own.required || !property.required;
            if !there || !prover.within(a.0.child(own.ty), &[ty]) {
                unmet.push(demand);
            }
        } else if property.required
            || !member(a, &property.name).types.into_iter().any(|own| prover.within(own, &[ty]))
        {
            unmet.push(demand);
        }
    }
    let limits_others = b.1.additional.is_some_and(|id| !b.0.child(id).is_any()) || !b.1.patterns.is_empty();
    if !limits_others {
        return unmet;
    }
    for property in &a.1.properties {
        if first_only && !unmet.is_empty() || !prover.spend(1) {
            unmet.push(Demand::Rest);
            return unmet;
        }
        if b.1.property(&property.name).is_none() {
            for ty in member(b, &property.name).types {
                if !prover.within(a.0.child(property.ty), &[ty]) {
                    unmet.push(Demand::Member { name: &property.name, ty, required: false });
                }
            }
        }
    }
    if !rest_within(prover, a, b) {
        unmet.push(Demand::Rest);
    }
    unmet
}

/// How many members an object can have.
fn most((view, form): Object<'_>) -> Option<u64> {
    let closed = form.additional.is_some_and(|id| view.child(id).is_never())
        && form.patterns.iter().all(|(_, ty)| view.child(*ty).is_never());
    let named = form.properties.iter().filter(|property| !view.child(property.ty).is_never()).count() as u64;
    form.max.into_iter().chain(closed.then_some(named)).min()
}

/// Whether the members of `a` that neither names satisfy what `b` says of them.
fn rest_within<'t>(prover: &mut Prover<'t>, a: Object<'t>, b: Object<'t>) -> bool {
    let own_required = a.1.properties.iter().filter(|property| property.required).count() as u64;
    if a.1.max.is_some_and(|max| max <= own_required) {
        return true;
    }
    let additional = |(view, form): Object<'t>| form.additional.map_or(any(), |id| view.child(id));
    let (own_rest, other_rest) = (additional(a), additional(b));
    // The types that a name which matches this pattern has for that alone.
    let same = |(view, form): Object<'t>, pattern: &crate::text::Pattern| -> Vec<View<'t>> {
        let alike = form.patterns.iter().filter(|(other, _)| other == pattern);
        alike.map(|(_, ty)| view.child(*ty)).collect()
    };
    for (pattern, ty) in &b.1.patterns {
        let expected = b.0.child(*ty);
        let alike = same(a, pattern);
        let held = if alike.is_empty() {
            prover.within(own_rest, &[expected])
                && a.1.patterns.iter().all(|(_, own)| prover.within(a.0.child(*own), &[expected]))
        } else {
            alike.into_iter().any(|own| prover.within(own, &[expected]))
        };
        if !held {
            return false;
        }
    }
    // What matches a pattern of `b` is no concern of its rest.
    let is_named = |prover: &mut Prover<'t>, own: &crate::text::Pattern| {
        let mut others = b.1.patterns.iter();
        others.any(|(other, _)| other == own || super::string::matches_all(prover, other, own))
    };
    a.1.patterns
        .iter()
        .all(|(pattern, own)| prover.within(a.0.child(*own), &[other_rest]) || is_named(prover, pattern))
        && (prover.within(own_rest, &[other_rest])
            || a.1
                .patterns
                .iter()
                .chain(&b.1.patterns)
                .any(|(pattern, _)| super::string::takes_all(prover, pattern)))
}

/// Names that an object may have besides those it knows.
const OTHER_NAMES: [&str; 6] = ["extra", "other", "x", "a", "0", ""];

/// How many members without a name of their own are added to an object that must have many.
const MOST_ADDED: usize = 1000;

/// An object of `a` that is likely not to be of `forms`.
pub(crate) fn outside<'t>(
    search: &mut Search<'_, 't>,
    a: View<'t>,
    own: &'t ObjectForm,
    forms: &[View<'t>],
) -> Option<Value> {
    let all = objects(forms);
    let mut others: Vec<Object<'t>> = Vec::new();
    for other in all {
        if !search.prover.apart(a, other.0) {
            others.push(other);
        }
    }
    let mut open: Vec<Vec<Demand<'t>>> =
        others.iter().map(|other| unmet(search.prover, (a, own), *other, false)).collect();
    open.sort_by_key(Vec::len);
    if others.is_empty() {
        // No object of it is of any.
        let value = build(search, (a, own), &[], &[])?;
        return search.is_refused(forms, &value).then_some(value);
    }
    broken(search, (a, own), &others, forms, &open, &mut Vec::new())
}

fn broken<'t>(
    search: &mut Search<'_, 't>,
    a: Object<'t>,
    others: &[Object<'t>],
    forms: &[View<'t>],
    open: &[Vec<Demand<'t>>],
    chosen: &mut Vec<Demand<'t>>,
) -> Option<Value> {
    let Some((demands, rest)) = open.split_first() else {
        let value = build(search, a, others, chosen)?;
        return (search.is_value(a.0, &value) && search.is_refused(forms, &value)).then_some(value);
    };
    for demand in demands {
        if !search.spend(1 + chosen.len()) {
            return None;
        }
        chosen.push(*demand);
        let found = if is_closed(search.prover, a, chosen) {
            None
        } else {
            broken(search, a, others, forms, rest, chosen)
        };
        chosen.pop();
        if found.is_some() {
            return found;
        }
    }
    None
}

/// An object of `a` that breaks all these demands, and otherwise is what `others` like.
fn build<'t>(
    search: &mut Search<'_, 't>,
    a: Object<'t>,
    others: &[Object<'t>],
    broken: &[Demand<'t>],
) -> Option<Value> {
    let mut value = Map::new();
    let mut left_out: BTreeSet<&str> = BTreeSet::new();
    let (mut least, mut greatest) = (a.1.min, a.1.max.unwrap_or(u64::MAX));
    let mut rest = false;
    for demand in broken {
        match demand {
            Demand::AtLeast(min) => greatest = greatest.min(min - 1),
            Demand::AtMost(max) => least = least.max(max + 1),
            Demand::Rest => rest = true,
            Demand::Member { name, .. } => {
                if value.contains_key(*name) || left_out.contains(name) {
                    continue;
                }
                let own = member(a, name);
                let same = broken.iter().filter_map(|demand| match demand {
                    Demand::Member { name: other, ty, required } if other == name => Some((*ty, *required)),
                    _ => None,
                });
                let (types, required): (Vec<View<'t>>, Vec<bool>) = same.unzip();
                if !own.required && required.into_iter().all(|required| required) {
                    left_out.insert(name);
                } else {
                    let odd = search.outside(*own.types.first()?, &types)?;
                    value.insert((*name).to_owned(), odd);
                }
            }
        }
    }
    let likes = |name: &str| -> Vec<View<'t>> {
        others.iter().flat_map(|other| member(*other, name).types).collect()
    };
    for property in a.1.properties.iter().filter(|property| property.required) {
        if !value.contains_key(&*property.name) {
            let sample = search.sample(a.0.child(property.ty), &likes(&property.name))?;
            value.insert(property.name.to_string(), sample);
        }
    }
    if rest {
        add_rest(search, a, others, &mut value);
    }
    // What others require and this one may have does no harm.
    let wanted: BTreeSet<&'t str> = others
        .iter()
        .flat_map(|(_, form)| &form.properties)
        .filter(|property| property.required)
        .map(|property| &*property.name)
        .collect();
    for name in wanted {
        if (value.len() as u64) < greatest && !value.contains_key(name) && !left_out.contains(name) {
            let own = member(a, name);
            if let Some(sample) = own.types.first().and_then(|own| search.sample(*own, &likes(name))) {
                value.insert(name.to_owned(), sample);
            }
        }
    }
    let optional = a.1.properties.iter().filter(|property| !property.required);
    let known = optional.map(|property| &*property.name).chain(OTHER_NAMES).map(str::to_owned);
    for name in known.chain((1..=MOST_ADDED).map(|number| format!("member{number}"))) {
        if value.len() as u64 >= least || !search.spend(1) {
            break;
        }
        if left_out.contains(&*name) || value.contains_key(&name) {
            continue;
        }
        if let Some(sample) =
            member(a, &name).types.first().and_then(|own| search.sample(*own, &likes(&name)))
        {
            value.insert(name, sample);
        }
    }
    Some(Value::Object(value))
}

/// Adds a member that nobody names and that one of `others` does not take.
fn add_rest<'t>(
    search: &mut Search<'_, 't>,
    a: Object<'t>,
    others: &[Object<'t>],
    value: &mut Map<String, Value>,
) {
    let mut names: Vec<String> = OTHER_NAMES.map(str::to_owned).to_vec();
    for pattern in a.1.patterns.iter().chain(others.iter().flat_map(|(_, form)| &form.patterns)) {
        names.extend(super::language::samples(&pattern.0, &[]));
    }
    for property in &a.1.properties {
        names.push(property.name.to_string());
    }
    for other in others {
        let mut added = false;
        for name in &names {
            if value.contains_key(name) || !search.spend(1) {
                continue;
            }
            let own = member(a, name);
            for ty in member(*other, name).types {
                let odd = own.types.first().and_then(|own| search.outside(*own, &[ty]));
                if let Some(odd) = odd {
                    value.insert(name.clone(), odd);
                    added = true;
                    break;
                }
            }
            if added {
                break;
            }
        }
    }
}

/// An object of `a`.
pub(crate) fn sample<'t>(
    search: &mut Search<'_, 't>,
    a: View<'t>,
    own: &'t ObjectForm,
    likes: &[View<'t>],
) -> Option<Value> {
    let others = objects(likes);
    let value = build(search, (a, own), &others, &[])?;
    if search.is_value(a, &value) {
        return Some(value);
    }
    let value = build(search, (a, own), &[], &[])?;
    search.is_value(a, &value).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            FUEL,
            trial::{all, ty, work},
        },
        *,
    };
    use crate::Type;
    use serde_json::json;

    fn kind(name: &str) -> Value {
        json!({ "type": name })
    }

    fn open(properties: &Value, required: &[&str]) -> Value {
        json!({ "type": "object", "properties": properties, "required": required })
    }

    fn with(mut schema: Value, keyword: &str, value: Value) -> Value {
        schema[keyword] = value;
        schema
    }

    fn closed(properties: &Value, required: &[&str]) -> Value {
        with(open(properties, required), "additionalProperties", json!(false))
    }

    #[test]
    fn closed_objects_have_as_many_members_as_they_name() {
        let any = json!(true);
        let at_most = |max: u64| json!({ "type": "object", "maxProperties": max });
        let one = json!({ "a": any });
        let two = json!({ "a": any, "b": any });
        all(&[
            (closed(&one, &[]), at_most(1), true),
            (closed(&one, &[]), at_most(2), true),
            (closed(&two, &["a", "b"]), at_most(1), false),
            (closed(&two, &[]), at_most(2), true),
            (closed(&json!({ "a": any, "b": false }), &[]), at_most(1), true),
            (open(&one, &["a"]), at_most(1), false),
            (with(open(&one, &["a"]), "maxProperties", json!(1)), at_most(1), true),
            (with(closed(&one, &[]), "patternProperties", json!({ "^x": true })), at_most(1), false),
            (with(closed(&one, &[]), "patternProperties", json!({ "^x": false })), at_most(1), true),
            (closed(&two, &["a"]), with(at_most(2), "minProperties", json!(1)), true),
            (closed(&two, &["a"]), with(at_most(2), "minProperties", json!(2)), false),
        ]);
    }

    #[test]
    fn what_is_full_has_no_other_members() {
        let one = json!({ "a": kind("string") });
        let at_most = |max: u64| with(open(&one, &["a"]), "maxProperties", json!(max));
        all(&[
            (at_most(1), closed(&one, &["a"]), true),
            (at_most(2), closed(&one, &["a"]), false),
            (with(open(&one, &[]), "maxProperties", json!(1)), closed(&one, &[]), false),
        ]);
    }

    #[test]
    fn members_of_a_pattern_are_held_against_what_the_same_pattern_says() {
        let by_pattern = |patterns: Value| with(closed(&json!({}), &[]), "patternProperties", patterns);
        let both = by_pattern(json!({ "^x": kind("string"), "^y": kind("integer") }));
        all(&[
            (both.clone(), both.clone(), true),
            (both.clone(), by_pattern(json!({ "^x": kind("string"), "^y": kind("number") })), true),
            (both.clone(), by_pattern(json!({ "^x": kind("string"), "^y": kind("string") })), false),
            (both.clone(), by_pattern(json!({ "": { "type": ["string", "integer"] } })), true),
            (both, by_pattern(json!({ "": kind("string") })), false),
            // Of a pattern that every name matches nothing is left over.
            (
                with(open(&json!({}), &[]), "additionalProperties", kind("string")),
                by_pattern(json!({ "": kind("string") })),
                true,
            ),
            (
                with(open(&json!({}), &[]), "additionalProperties", kind("string")),
                by_pattern(json!({ "^.": kind("string") })),
                false,
            ),
        ]);
    }

    #[test]
    fn objects_are_told_apart_by_what_they_have() {
        let either = |left: Value, right: Value| json!({ "anyOf": [left, right] });
        let flag = json!({ "t": kind("boolean"), "v": kind("string") });
        let is = |value: bool| json!({ "t": { "const": value }, "v": kind("string") });
        let count =
            |min: u64, max: u64| json!({ "type": "object", "minProperties": min, "maxProperties": max });
        all(&[
            (open(&flag, &["t"]), either(open(&is(true), &["t"]), open(&is(false), &["t"])), true),
            (open(&flag, &[]), either(open(&is(true), &["t"]), open(&is(false), &["t"])), false),
            (open(&flag, &[]), either(open(&is(true), &[]), open(&is(false), &["t"])), true),
            (open(&flag, &["t"]), either(open(&is(true), &["t"]), open(&is(false), &["t", "v"])), false),
            (count(0, 9), either(count(0, 4), count(5, 9)), true),
            (count(0, 9), either(count(5, 9), count(0, 4)), true),
            (count(0, 9), either(count(0, 4), count(6, 9)), false),
        ]);
    }

    fn many(count: usize, ty: &str) -> Value {
        let properties: Map<String, Value> = (0..count).map(|n| (format!("p{n:03}"), kind(ty))).collect();
        Value::Object(properties)
    }

    #[test]
    fn the_first_member_that_is_wrong_ends_the_proof() {
        let of = |a: Value, b: Value| work(&ty(&a), &ty(&b));
        let strings = |count: usize| open(&many(count, "string"), &[]);
        assert_eq!(
            of(strings(200), open(&many(200, "integer"), &[])),
            of(strings(2), open(&many(2, "integer"), &[]))
        );
        let integers = json!({ "type": "object", "additionalProperties": kind("integer") });
        assert_eq!(of(strings(200), integers.clone()), of(strings(2), integers));
    }

    #[test]
    fn the_more_demands_are_broken_the_more_work_it_is() {
        let object = ty(&kind("object"));
        let Form::Object(form) = object.view().form() else { panic!("{object}") };
        let a = (object.view(), form);
        let counts = [vec![Demand::AtLeast(2)], vec![Demand::AtLeast(1)], vec![Demand::AtMost(1)]];
        let mut prover = Prover::new(FUEL, false);
        assert!(covered(&mut prover, a, &counts, &mut Vec::new()));
        assert_eq!(FUEL - prover.fuel(), 1 + 2 + 3);
        let mut prover = Prover::new(FUEL, false);
        let mut search = Search::new(&mut prover, 0);
        assert_eq!(broken(&mut search, a, &[], &[], &counts, &mut Vec::new()), None);
        assert_eq!(FUEL - prover.fuel(), 1 + 2 + 3);
    }

    #[test]
    fn a_member_that_many_expect_differently_is_chosen_once() {
        let object = ty(&open(&json!({ "k": { "enum": (0..100).collect::<Vec<_>>() } }), &["k"]));
        let Form::Object(form) = object.view().form() else { panic!("{object}") };
        let work = |count: u64| {
            let expected: Vec<Type> = (0..count).map(|n| Type::constant(n.into())).collect();
            let types = expected.iter().map(Type::view);
            let demands: Vec<Demand<'_>> =
                types.map(|ty| Demand::Member { name: "k", ty, required: true }).collect();
            let mut prover = Prover::new(FUEL, false);
            let mut search = Search::new(&mut prover, 0);
            let value = build(&mut search, (object.view(), form), &[], &demands);
            assert_eq!(value, Some(json!({ "k": count })));
            FUEL - prover.fuel()
        };
        let (few, many) = (work(10), work(80));
        assert!(many < 2 * few, "{few} for 10, {many} for 80");
    }
}
