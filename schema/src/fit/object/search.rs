//! Objects of one type that are of none of others.

use super::{Demand, Object, is_closed, member, objects, unmet};
use crate::fit::{language, witness::Search};
use crate::{
    fuel::Fuel,
    ty::{ObjectForm, View},
};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

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
                let own = member(a, name, search.prover.fuel())?;
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
    let likes = |name: &str, fuel: &mut Fuel| -> Vec<View<'t>> {
        others.iter().filter_map(|other| member(*other, name, fuel)).flat_map(|member| member.types).collect()
    };
    for property in a.1.properties.iter().filter(|property| property.required) {
        if !value.contains_key(&*property.name) {
            let likes = likes(&property.name, search.prover.fuel());
            let sample = search.sample(a.0.child(property.ty), &likes)?;
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
            let own = member(a, name, search.prover.fuel())?;
            let likes = likes(name, search.prover.fuel());
            if let Some(sample) = own.types.first().and_then(|own| search.sample(*own, &likes)) {
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
        let own = member(a, &name, search.prover.fuel())?;
        let likes = likes(&name, search.prover.fuel());
        if let Some(sample) = own.types.first().and_then(|own| search.sample(*own, &likes)) {
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
        names.extend(language::samples(&pattern.0, &[], search.prover.fuel()));
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
            let fuel = search.prover.fuel();
            let (Some(own), Some(theirs)) = (member(a, name, fuel), member(*other, name, fuel)) else {
                return;
            };
            for ty in theirs.types {
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
    use super::*;
    use crate::{Type, fit::FUEL, fit::proof::Prover, fit::trial::ty, ty::Form};
    use serde_json::json;

    #[test]
    fn the_more_demands_are_broken_the_more_work_it_is() {
        let object = ty(&json!({ "type": "object" }));
        let Form::Object(form) = object.view().form() else { panic!("{object}") };
        let counts = [vec![Demand::AtLeast(2)], vec![Demand::AtLeast(1)], vec![Demand::AtMost(1)]];
        let mut prover = Prover::new(FUEL, false);
        let mut search = Search::new(&mut prover, 0);
        assert_eq!(broken(&mut search, (object.view(), form), &[], &[], &counts, &mut Vec::new()), None);
        assert_eq!(FUEL - prover.fuel().left(), 1 + 2 + 3);
    }

    #[test]
    fn a_member_that_many_expect_differently_is_chosen_once() {
        let object = ty(&json!({
            "type": "object", "properties": { "k": { "enum": (0..100).collect::<Vec<_>>() } }, "required": ["k"]
        }));
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
            FUEL - prover.fuel().left()
        };
        let (few, many) = (work(10), work(80));
        assert!(many < 2 * few, "{few} for 10, {many} for 80");
    }
}
