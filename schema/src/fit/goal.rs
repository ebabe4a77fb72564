//! What a type is held against: the branches that its values can be of.

use super::proof::Prover;
use crate::{
    kind,
    ty::{Form, UnionForm, View},
};

/// The forms whose values together are expected, without those that no value of the type in question is of.
pub(crate) struct Goal<'t> {
    /// Forms without branches.
    pub(crate) plain: Vec<View<'t>>,
    /// Unions of exactly one branch, where a value may be of two.
    pub(crate) exclusive: Vec<View<'t>>,
    /// What only a validator can judge.
    pub(crate) opaque: Vec<View<'t>>,
}

impl<'t> Goal<'t> {
    pub(crate) fn new(prover: &mut Prover<'t>, a: View<'t>, bs: &[View<'t>]) -> Self {
        let mut goal = Goal { plain: Vec::new(), exclusive: Vec::new(), opaque: Vec::new() };
        for b in bs {
            goal.add(prover, a, *b);
        }
        goal
    }

    // Unions lie within one another in place to a bounded depth only.
    fn add(&mut self, prover: &mut Prover<'t>, a: View<'t>, b: View<'t>) {
        if !prover.spend(1) || !kind::of(b).has(kind::of(a)) {
            return;
        }
        match b.form() {
            Form::Opaque(_) => self.opaque.push(b),
            Form::Union(union) if union.exactly_one && !prover.erased => {
                self.add_exclusive(prover, a, b, union);
            }
            Form::Union(union) => {
                let tagged = tagged(a, b, union);
                if tagged.is_empty() {
                    union.branches.iter().for_each(|branch| self.add(prover, a, b.child(*branch)));
                }
                for branch in tagged {
                    self.add(prover, a, branch);
                }
            }
            _ => self.plain.push(b),
        }
    }

    fn add_exclusive(&mut self, prover: &mut Prover<'t>, a: View<'t>, b: View<'t>, union: &'t UnionForm) {
        let branches = union.branches.iter().map(|branch| b.child(*branch));
        let alive: Vec<View<'t>> = branches.filter(|branch| !prover.apart(a, *branch)).collect();
        let exclusive = alive
            .iter()
            .enumerate()
            .all(|(position, left)| alive.iter().skip(position + 1).all(|right| prover.apart(*left, *right)));
        if exclusive {
            for branch in alive {
                self.add(prover, a, branch);
            }
        } else {
            self.exclusive.push(b);
        }
    }
}

/// The branches of a tagged union that objects of `a` can be of by their tag; none where that does not show.
fn tagged<'t>(a: View<'t>, b: View<'t>, union: &'t UnionForm) -> Vec<View<'t>> {
    let (Some(tag), Form::Object(object)) = (&union.tag, a.form()) else { return Vec::new() };
    let property = object.property(&tag.property).filter(|property| property.required);
    let Some(Form::Constants(constants)) = property.map(|property| a.child(property.ty).form()) else {
        return Vec::new();
    };
    let mut positions: Vec<usize> =
        constants.values.iter().filter_map(|value| tag.branch(value.as_str()?)).collect();
    positions.sort_unstable();
    positions.dedup();
    positions.into_iter().filter_map(|position| union.branches.get(position)).map(|id| b.child(*id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Origin, Type};
    use serde_json::{Value, json};

    fn ty(schema: &Value) -> Type {
        Type::parse(schema, Origin::Schema).unwrap()
    }

    /// How many forms, unions of exactly one and types that a validator judges `a` is held against, if `b` is expected.
    fn counts(a: &Type, b: &Type) -> [usize; 3] {
        let mut prover = Prover::new(1000, false);
        let goal = Goal::new(&mut prover, a.view(), &[b.view()]);
        [goal.plain.len(), goal.exclusive.len(), goal.opaque.len()]
    }

    #[test]
    fn a_type_is_held_against_the_branches_of_its_kind() {
        let unlike = ty(&json!({ "anyOf": [
            { "type": "string", "format": "email" },
            { "type": "string", "not": { "const": "" } },
            { "type": "integer" },
            { "type": "null" },
        ] }));
        assert_eq!(counts(&Type::string(), &unlike), [1, 0, 1]);
        assert_eq!(counts(&Type::number(), &unlike), [1, 0, 0]);
        assert_eq!(counts(&Type::array(Type::any()), &unlike), [0, 0, 0]);
    }

    #[test]
    fn of_a_union_of_exactly_one_count_the_branches_that_no_value_can_be_two_of() {
        let with = |name: &str| json!({ "type": "object", "required": [name] });
        let below = json!({ "type": "integer", "maximum": 0 });
        let above = json!({ "type": "integer", "minimum": 1 });
        let union = ty(&json!({ "oneOf": [with("a"), with("b"), below, above, { "type": "string" }] }));
        assert_eq!(counts(&Type::string(), &union), [1, 0, 0]);
        assert_eq!(counts(&Type::integer(), &union), [2, 0, 0]);
        assert_eq!(counts(&ty(&with("a")), &union), [0, 1, 0]);
        let without = json!({ "type": "object", "required": ["a"], "properties": { "b": false } });
        assert_eq!(counts(&ty(&without), &union), [1, 0, 0]);
    }
}
