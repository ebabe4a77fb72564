//! Which schemas ask which others about the value that they are asked about themselves: not without end, and not so that
//! they hang on their own answer.
//!
//! A schema that adds itself, by `$ref` and `allOf` alone, says nothing by that. One that chooses or excludes itself has
//! no settled meaning.

use super::locate::{Place, Places};
use crate::{fault::SchemaFault, reach::Reach};
use jsonschema::Draft;
use serde_json::Value;
use std::collections::HashMap;

/// How many schemas one may lead through, each of them asked by the one before.
const LONGEST: usize = 64;

/// How deep values are for which it is known how often their parts are looked at.
const DEEPEST: usize = 64;

/// A schema that another asks about the value that it is asked about itself.
struct Asked {
    position: usize,
    /// Whether more is made of the answer than that a value must be of that one too.
    decides: bool,
}

/// The schemas that one asks about parts of a value.
#[derive(Default)]
struct Parts {
    /// About parts of different names or positions.
    apart: Vec<usize>,
    /// About parts that are asked about otherwise, too.
    besides: Vec<usize>,
}

/// All schemas that the root leads to, and which each of them asks.
struct Schemas<'p, 's> {
    places: &'p mut Places<'s>,
    draft: Draft,
    known: Vec<Place>,
    positions: HashMap<Place, usize>,
    asked: Vec<Vec<Asked>>,
    parts: Vec<Parts>,
}

/// How far the schemas ask, where something is left to a validator; or the fault that they hang on themselves, or ask on
/// and on.
pub(super) fn reach(
    places: &mut Places<'_>,
    draft: Draft,
    is_judged: bool,
) -> Result<Option<Reach>, SchemaFault> {
    let mut schemas = Schemas {
        places,
        draft,
        known: Vec::new(),
        positions: HashMap::new(),
        asked: Vec::new(),
        parts: Vec::new(),
    };
    schemas.read_all();
    let order = finished(&schemas.asked);
    if let Some(position) = circle(&schemas.asked, &order) {
        let message = "leads back, for the same value, to the schema around it, so that neither means anything; lead \
                       back to it from a property or an element instead";
        return Err(schemas.fault(position, message.to_owned()));
    }
    let lengths = lengths(&schemas.asked, &order);
    if let Some(position) = lengths.iter().position(|length| *length > LONGEST) {
        return Err(
            schemas.fault(position, format!("combines more than {LONGEST} schemas within one another"))
        );
    }
    Ok(is_judged.then(|| Reach {
        longest: lengths.into_iter().max().unwrap_or(0),
        visits: visits(&schemas.asked, &schemas.parts, &order),
    }))
}

/// The first schema that one decides by which it leads back to.
fn circle(asked: &[Vec<Asked>], order: &[usize]) -> Option<usize> {
    let circles = circles(asked, order);
    let all = asked.iter().enumerate().flat_map(|(from, asked)| asked.iter().map(move |asked| (from, asked)));
    let hanging = all.filter(|(from, asked)| asked.decides && circles[*from] == circles[asked.position]);
    let (_, asked) = hanging.min_by_key(|(from, asked)| (*from, asked.position))?;
    Some(asked.position)
}

/// Through how many others each schema leads.
fn lengths(asked: &[Vec<Asked>], order: &[usize]) -> Vec<usize> {
    let mut lengths = vec![0_usize; asked.len()];
    for position in order {
        lengths[*position] =
            asked[*position].iter().map(|asked| lengths[asked.position] + 1).max().unwrap_or(0);
    }
    lengths
}

/// How many schemas are asked about one part of a value and all that it is within, at most, where every choice is tried:
/// by the depth of the value, up to where that is the same for all that are deeper.
fn visits(asked: &[Vec<Asked>], parts: &[Parts], order: &[usize]) -> Vec<u64> {
    let mut visits = Vec::new();
    let mut below = vec![0_u64; asked.len()];
    for _ in 0..=DEEPEST {
        let mut here = vec![0_u64; asked.len()];
        for position in order {
            let in_place = asked[*position].iter().map(|asked| here[asked.position]);
            let Parts { apart, besides } = &parts[*position];
            let apart = apart.iter().map(|part| below[*part]).max();
            let all = in_place.chain(apart).chain(besides.iter().map(|part| below[*part]));
            here[*position] = all.fold(1, u64::saturating_add);
        }
        visits.push(here.iter().copied().max().unwrap_or(0));
        if here == below {
            break;
        }
        below = here;
    }
    visits
}

impl<'s> Schemas<'_, 's> {
    fn read_all(&mut self) {
        let root = self.places.root();
        self.position(root);
        while let Some(place) = self.known.get(self.asked.len()).copied() {
            let (asked, parts) = self.read(place);
            self.asked.push(asked);
            self.parts.push(parts);
        }
    }

    fn fault(&self, position: usize, message: String) -> SchemaFault {
        let pointer = self.known.get(position).map_or("", |place| self.places.pointer(*place));
        SchemaFault { pointer: pointer.to_owned(), message }
    }

    fn position(&mut self, place: Place) -> usize {
        *self.positions.entry(place).or_insert_with(|| {
            self.known.push(place);
            self.known.len() - 1
        })
    }

    /// Those that the schema at this place asks.
    fn read(&mut self, place: Place) -> (Vec<Asked>, Parts) {
        let (mut asked, mut parts) = (Vec::new(), Parts::default());
        let Value::Object(members) = self.places.value(place) else { return (asked, parts) };
        if self.is_resource(place) {
            // Its refs are resolved otherwise, and by the validator alone.
            return (asked, parts);
        }
        let by_scope = match self.draft {
            Draft::Draft202012 => Some("$dynamicRef"),
            Draft::Draft201909 => Some("$recursiveRef"),
            _ => None,
        };
        for keyword in std::iter::once("$ref").chain(by_scope) {
            let reference = members.get(keyword).and_then(Value::as_str);
            if let Some(Ok(target)) = reference.map(|reference| self.places.resolve(reference)) {
                asked.push(Asked { position: self.position(target), decides: false });
            }
        }
        if self.draft < Draft::Draft201909 && members.contains_key("$ref") {
            return (asked, parts);
        }
        for (keyword, value) in members {
            let keyword = keyword.as_str();
            match keyword {
                "allOf" | "anyOf" | "oneOf" | "not" | "if" | "then" | "else" | "dependentSchemas"
                | "dependencies" => {
                    for place in self.below(place, keyword, value) {
                        asked.push(Asked { position: self.position(place), decides: keyword != "allOf" });
                    }
                }
                "properties" | "items" | "prefixItems" | "additionalItems" | "additionalProperties" => {
                    for place in self.below(place, keyword, value) {
                        parts.apart.push(self.position(place));
                    }
                }
                "patternProperties"
                | "unevaluatedProperties"
                | "propertyNames"
                | "unevaluatedItems"
                | "contains" => {
                    for place in self.below(place, keyword, value) {
                        parts.besides.push(self.position(place));
                    }
                }
                _ => {}
            }
        }
        (asked, parts)
    }

    /// The schemas that a keyword holds: one, a list, or some by name.
    fn below(&mut self, place: Place, keyword: &str, value: &'s Value) -> Vec<Place> {
        match value {
            Value::Array(elements) => {
                let place = |(index, value)| self.places.below(place, value, &[keyword, &format!("{index}")]);
                elements.iter().enumerate().map(place).collect()
            }
            Value::Object(members)
                if matches!(
                    keyword,
                    "properties" | "patternProperties" | "dependentSchemas" | "dependencies"
                ) =>
            {
                members
                    .iter()
                    .map(|(name, value)| self.places.below(place, value, &[keyword, name]))
                    .collect()
            }
            value => vec![self.places.below(place, value, &[keyword])],
        }
    }

    fn is_resource(&mut self, place: Place) -> bool {
        let keyword = if self.draft == Draft::Draft4 { "id" } else { "$id" };
        let id = self.places.value(place).get(keyword).and_then(Value::as_str);
        id.is_some_and(|id| !id.starts_with('#')) && place != self.places.root()
    }
}

/// For each schema a number that it has in common with those that lead to it and that it leads to, and with no others.
fn circles(asked: &[Vec<Asked>], order: &[usize]) -> Vec<usize> {
    let mut askers = vec![Vec::new(); asked.len()];
    for (from, asked) in asked.iter().enumerate() {
        for asked in asked {
            askers[asked.position].push(from);
        }
    }
    let mut circles = vec![usize::MAX; asked.len()];
    for last in order.iter().rev().copied() {
        let mut pending = vec![last];
        while let Some(position) = pending.pop() {
            if circles[position] == usize::MAX {
                circles[position] = last;
                pending.extend(&askers[position]);
            }
        }
    }
    circles
}

/// All schemas, each after those that it leads to, but for those that lead back to it.
fn finished(asked: &[Vec<Asked>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(asked.len());
    let mut entered = vec![false; asked.len()];
    for start in 0..asked.len() {
        let mut pending = vec![(start, false)];
        while let Some((position, is_done)) = pending.pop() {
            if is_done {
                order.push(position);
            } else if !std::mem::replace(&mut entered[position], true) {
                pending.push((position, true));
                pending.extend(asked[position].iter().map(|asked| (asked.position, false)));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::{Draft, LONGEST, Places, reach};
    use crate::{Origin, Type};
    use serde_json::{Value, json};

    /// Where a schema leads back to itself.
    fn circle(schema: &Value) -> Option<String> {
        let faults = Type::parse(schema, Origin::Schema).err()?;
        assert!(faults[0].message.starts_with("leads back, for the same value"), "{}", faults[0]);
        assert_eq!(faults.len(), 1);
        Some(faults[0].pointer.clone())
    }

    #[test]
    fn what_chooses_or_excludes_itself_is_a_fault() {
        let itself = json!({ "$ref": "#" });
        for (keyword, value, pointer) in [
            ("anyOf", json!([true, itself]), "/anyOf/1"),
            ("oneOf", json!([itself, { "type": "null" }]), "/oneOf/0"),
            ("not", itself.clone(), "/not"),
            ("not", json!({ "allOf": [{ "minimum": 1 }, itself] }), "/not"),
            ("not", json!({ "not": itself }), "/not"),
            ("dependentSchemas", json!({ "a/b": itself }), "/dependentSchemas/a~1b"),
        ] {
            assert_eq!(circle(&json!({ keyword: value })).as_deref(), Some(pointer), "{keyword}: {value}");
        }
        for keyword in ["if", "then", "else"] {
            let mut schema = json!({ "if": {}, "then": {}, "else": {} });
            schema[keyword] = itself.clone();
            assert_eq!(circle(&schema), Some(format!("/{keyword}")));
        }
    }

    #[test]
    fn the_way_back_may_lead_over_definitions_and_begin_below() {
        let schema = json!({
            "properties": { "list": { "items": { "$ref": "#/$defs/a" } } },
            "$defs": {
                "a": { "allOf": [{ "$ref": "#/$defs/b" }] },
                "b": { "$ref": "#/$defs/c" },
                "c": { "type": "array", "not": { "$ref": "#b2" } },
                "b2": { "$anchor": "b2", "$ref": "#/$defs/a" }
            }
        });
        assert_eq!(circle(&schema).as_deref(), Some("/$defs/c/not"));
        let dynamic = json!({ "$dynamicAnchor": "tree", "not": { "$dynamicRef": "#tree" } });
        assert_eq!(circle(&dynamic).as_deref(), Some("/not"));
        let recursive = json!({
            "$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveAnchor": true, "not": { "$recursiveRef": "#" }
        });
        assert_eq!(circle(&recursive).as_deref(), Some("/not"));
        let old = json!({
            "$schema": "http://json-schema.org/draft-07/schema#", "dependencies": { "a": ["b"], "c": { "$ref": "#" } }
        });
        assert_eq!(circle(&old).as_deref(), Some("/dependencies/c"));
    }

    #[test]
    fn what_is_asked_about_a_part_is_no_circle() {
        let itself = json!({ "$ref": "#" });
        for schema in [
            json!({ "not": { "properties": { "a": itself } } }),
            json!({ "anyOf": [{ "type": "null" }, { "items": itself }] }),
            json!({ "not": { "contains": itself } }),
            json!({ "if": { "type": "object" }, "then": { "propertyNames": itself } }),
            json!({ "not": { "const": itself }, "default": { "not": itself } }),
            json!({ "properties": { "not": itself, "anyOf": { "items": itself } } }),
            json!({ "$defs": { "unused": { "not": { "$ref": "#/$defs/unused" } } } }),
            json!({
                "not": { "$id": "https://example.com/a", "allOf": [{ "$ref": "#/$defs/a" }], "$defs": { "a": { "type": "null" } } },
                "$defs": { "a": itself }
            }),
            json!({
                "$schema": "http://json-schema.org/draft-07/schema#",
                "$ref": "#/definitions/a", "not": itself, "definitions": { "a": { "type": "string" } }
            }),
        ] {
            assert_eq!(circle(&schema), None, "{schema}");
        }
    }

    #[test]
    fn what_only_adds_itself_says_nothing_by_that() {
        for schema in [
            json!({ "$ref": "#" }),
            json!({ "allOf": [{ "$ref": "#" }, { "allOf": [{ "$ref": "#/allOf/1" }] }] }),
        ] {
            assert!(Type::parse(&schema, Origin::Schema).unwrap().is_any(), "{schema}");
        }
        let unlike = json!({ "$ref": "#", "not": { "type": "null" } });
        let ty = Type::parse(&unlike, Origin::Schema).unwrap();
        assert!(ty.accepts(&json!(1)) && !ty.accepts(&json!(null)));
    }

    #[test]
    fn a_long_way_is_followed_and_one_too_long_is_a_fault() {
        let chain = |length: usize, last: Value| {
            let next = |step: usize| json!({ "$ref": format!("#/$defs/{}", step + 1) });
            let mut definitions: serde_json::Map<String, Value> =
                (0..length).map(|step| (step.to_string(), next(step))).collect();
            definitions.insert(length.to_string(), last);
            json!({ "$ref": "#/$defs/0", "$defs": definitions })
        };
        let back = json!({ "not": { "$ref": "#/$defs/50" } });
        assert_eq!(circle(&chain(30_000, back.clone())), Some("/$defs/30000/not".to_owned()));
        assert_eq!(circle(&chain(LONGEST - 2, json!({ "not": { "type": "null" } }))), None);
        let faults = Type::parse(&chain(LONGEST, json!({ "type": "null" })), Origin::Schema).err().unwrap();
        assert_eq!(faults[0].to_string(), "the schema combines more than 64 schemas within one another");
    }

    fn reached(schema: &Value) -> (usize, Vec<u64>) {
        let reach =
            reach(&mut Places::new(schema).unwrap(), Draft::Draft202012, true).ok().flatten().unwrap();
        (reach.longest, reach.visits)
    }

    #[test]
    fn it_is_known_how_far_schemas_ask() {
        assert_eq!(reached(&json!({ "type": "null" })), (0, vec![1, 1]));
        // Two branches and a definition of the value itself.
        let flat = json!({ "anyOf": [{ "$ref": "#/$defs/a" }, true], "$defs": { "a": {} } });
        assert_eq!(reached(&flat), (2, vec![4, 4]));
        // One more for what each element is.
        let list = |rest: Value| json!({ "anyOf": [{ "type": "null" }, { "items": { "$ref": "#" } }, rest] });
        let (longest, visits) = reached(&list(json!(false)));
        assert_eq!((longest, &visits[..3]), (2, &[5, 10, 15][..]));
        // Each element may be asked for by two branches, so what is deeper is asked for as often again.
        let (_, visits) = reached(&list(json!({ "prefixItems": [{ "$ref": "#" }] })));
        assert_eq!(visits[..3], [5, 15, 35]);
        // Properties of different names are different parts; patterns stand beside them.
        let itself = json!({ "$ref": "#" });
        let (_, visits) = reached(&json!({ "properties": { "a": itself, "b": itself } }));
        assert_eq!(visits[..3], [2, 4, 6]);
        let (_, visits) =
            reached(&json!({ "properties": { "a": itself }, "patternProperties": { "a": itself } }));
        assert_eq!(visits[..3], [2, 6, 14]);
    }
}
