//! What a pointer leads to.

use super::{InputInScope, KindInScope, ScopeAt, ends, refs, values};
use crate::check::Known;
use crate::diagnostic::Pointer;
use crate::export::inlined_input;
use crate::scope::Scope;
use crate::workflow::Document;
use flowright_schema::Type;

/// A place where something may be written, in an action or an edge that is there.
pub(super) enum Place {
    Kind,
    Inputs(usize),
    /// Inside an input: its name, and the way from its value on.
    Value(usize, String, Vec<String>),
    From(usize),
    To(usize),
    ConditionRef(usize),
    ConditionValue(usize),
}

impl Place {
    pub(super) fn of(pointer: &Pointer, document: &Document) -> Option<Self> {
        let mut steps = pointer.steps();
        let (list, at) = (steps.next()?, steps.next()?.parse::<usize>().ok()?);
        let rest: Vec<String> = steps.collect();
        let names: Vec<&str> = rest.iter().map(String::as_str).collect();
        match (&*list, &*names) {
            ("actions", _) if at >= document.actions.len() => None,
            ("edges", _) if at >= document.edges.len() => None,
            ("actions", ["kind"]) => Some(Place::Kind),
            ("actions", ["inputs"]) => Some(Place::Inputs(at)),
            ("actions", ["inputs", name, ..]) => {
                Some(Place::Value(at, (*name).to_owned(), rest.get(2..)?.to_vec()))
            }
            ("edges", ["from"]) => Some(Place::From(at)),
            ("edges", ["to"]) => Some(Place::To(at)),
            ("edges", ["conditional", "ref"]) => Some(Place::ConditionRef(at)),
            ("edges", ["conditional", "value"]) => Some(Place::ConditionValue(at)),
            _ => None,
        }
    }
}

/// What may be written there; `None` where nothing is known.
pub(super) fn written_at(place: &Place, scope: &Scope<'_>, known: &Known) -> Option<ScopeAt> {
    match place {
        Place::Kind => Some(ScopeAt::Kind { kinds: kinds(scope) }),
        Place::Inputs(action) => inputs(scope, *action),
        Place::Value(action, name, way) => values::in_input(scope, known, *action, name, way),
        Place::From(edge) => Some(ends::from(scope, known, *edge)),
        Place::To(edge) => Some(ends::to(scope, known, *edge)),
        Place::ConditionRef(edge) => {
            let from = ends::begin(scope, *edge)?;
            let (refs, cut) = refs::in_condition(scope, known, from);
            let ty = Type::any().to_string();
            let literals = Vec::new();
            Some(ScopeAt::Value { ty, schema: None, required: true, default: None, literals, refs, cut })
        }
        Place::ConditionValue(edge) => values::in_condition(scope, *edge),
    }
}

fn kinds(scope: &Scope<'_>) -> Vec<KindInScope> {
    let kind = |definition: &crate::ActionDefinition| KindInScope {
        kind: definition.kind().to_owned(),
        name: definition.name().to_owned(),
        description: definition.description().map(str::to_owned),
        icon: definition.icon().map(str::to_owned),
        deprecated: definition.deprecated().map(str::to_owned),
    };
    scope.registry.definitions().map(kind).collect()
}

fn inputs(scope: &Scope<'_>, action: usize) -> Option<ScopeAt> {
    let registered = scope.registered(action)?;
    let given = &scope.document.actions[action].inputs;
    let given: Vec<usize> = given.iter().filter_map(|(name, _)| registered.input(name)).collect();
    let definitions = registered.definition.inputs().iter().zip(&registered.inputs).enumerate();
    let inputs = definitions.map(|(at, (definition, input))| InputInScope {
        name: definition.name().to_owned(),
        title: definition.title().to_owned(),
        description: definition.description().map(str::to_owned),
        ty: input.ty.to_string(),
        schema: inlined_input(&registered.definition, definition.name()),
        required: input.required,
        given: given.contains(&at),
        default: input.default.as_deref().cloned(),
        deprecated: input.deprecated,
    });
    Some(ScopeAt::Inputs { inputs: inputs.collect() })
}
