//! An action of a registry: its definition, with its schemas as types.

use super::fault::RegistryFault;
use crate::action::{ActionDefinition, EdgeCondition};
use crate::diagnostic::Problem;
use crate::map::Map;
use crate::reference::{self, Parsed, RefRoot};
use flowright_schema::{Origin, Path, Presence, Segment, Type, nearest};
use serde_json::Value;
use std::sync::Arc;

/// An action as the checker and the run use it.
#[derive(Debug)]
pub(crate) struct Registered {
    pub(crate) definition: ActionDefinition,
    /// In the order of the definition.
    pub(crate) inputs: Box<[RegisteredInput]>,
    /// Positions in `inputs` by name and by alias.
    by_name: Map<Box<str>, usize>,
    pub(crate) output: Type,
    pub(crate) builtin: Option<Builtin>,
}

/// What the engine does itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    If,
}

#[derive(Debug)]
pub(crate) struct RegisteredInput {
    pub(crate) name: Box<str>,
    pub(crate) ty: Type,
    /// The values that a ref may yield: an optional input takes null as it takes nothing.
    pub(crate) takes: Type,
    /// Neither optional nor with a default.
    pub(crate) required: bool,
    pub(crate) default: Option<Arc<Value>>,
    pub(crate) secret: bool,
    pub(crate) deprecated: bool,
    pub(crate) description: Option<String>,
}

impl Registered {
    /// The definition with its types; every fault of it is added to `faults`.
    pub(crate) fn new(
        definition: ActionDefinition,
        builtin: Option<Builtin>,
        faults: &mut Vec<RegistryFault>,
    ) -> Self {
        let kind = definition.kind().to_owned();
        let mut fault = |message: String| faults.push(RegistryFault::of_action(&kind, message));
        definition.faults().iter().for_each(|message| fault(message.clone()));
        let origin = if definition.described_at_run_time() { Origin::Schema } else { Origin::Rust };
        let mut parse = |what: &str, schema: &Value| match Type::parse(schema, origin) {
            Ok(ty) => ty,
            Err(schema_faults) => {
                for found in schema_faults {
                    fault(format!(
                        "the schema of its {what} cannot be used: {} (at {})",
                        found.message, found.pointer
                    ));
                }
                Type::any()
            }
        };
        let all_inputs = parse("inputs", &definition.inputs_schema());
        let output = parse("output", &definition.output_schema());
        let inputs: Box<[RegisteredInput]> = definition
            .inputs()
            .iter()
            .map(|input| (input, all_inputs.at(&Path::from(vec![Segment::Member(input.name().into())])).ty))
            .map(|(input, ty)| (input, !input.required() && !ty.accepts(&Value::Null), ty))
            .map(|(input, null_is_absent, ty)| RegisteredInput {
                name: input.name().into(),
                takes: if null_is_absent { Type::union([ty.clone(), Type::null()]) } else { ty.clone() },
                ty,
                required: input.required(),
                default: input.default().cloned(),
                secret: input.secret(),
                deprecated: input.deprecated(),
                description: input.description().map(str::to_owned),
            })
            .collect();
        let mut by_name = Map::default();
        for (at, input) in definition.inputs().iter().enumerate() {
            by_name.insert(input.name().into(), at);
            by_name.extend(input.aliases().iter().map(|alias| (Box::from(&**alias), at)));
        }
        for input in &inputs {
            if let Some(default) = &input.default {
                for found in input.ty.check(&**default).faults {
                    fault(format!("the default of input `{}` is not one of its values: {found}", input.name));
                }
            }
        }
        for edge in definition.edges().predefined() {
            if let Some(wrong) = edge.condition().and_then(|condition| refuse_edge(condition, &output)) {
                fault(format!("its edge `{}`: {wrong}", edge.name()));
            }
        }
        Registered { definition, inputs, by_name, output, builtin }
    }

    pub(crate) fn kind(&self) -> &str {
        self.definition.kind()
    }

    /// The position of an input, by its name or an alias.
    pub(crate) fn input(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }
}

impl RegisteredInput {
    /// Whether null means that it is left out: an optional input takes both alike, whatever its type says of null.
    pub(crate) fn null_is_absent(&self) -> bool {
        self.takes.identity() != self.ty.identity()
    }
}

/// What is wrong with the ref of a predefined edge: it must lead to what the output has.
fn refuse_edge(condition: &EdgeCondition, output: &Type) -> Option<String> {
    let written = condition.reference();
    let reference = match reference::parse(written, usize::MAX) {
        Ok(Parsed::Ref(reference)) => reference,
        Ok(_) => return Some(format!("`{written}` is not a ref; write `$.output.…`")),
        Err(faults) => return faults.first().map(|fault| Problem::Ref(fault.kind.clone()).words().message),
    };
    if reference.root != RefRoot::Output {
        return Some(format!("`{written}` does not begin with `$.output`"));
    }
    let access = output.at(&reference.path);
    match (access.presence, access.lost) {
        (Presence::Never, Some(lost)) => {
            let known = lost.container.property_names();
            let wrong = reference.path.segments().get(lost.segment).and_then(Segment::as_member);
            let near = wrong.and_then(|wrong| nearest(wrong, known.iter().map(String::as_str)));
            let advice = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            Some(format!("`{written}` leads nowhere: the output has `{}`{advice}", known.join("`, `")))
        }
        (Presence::Never, None) => {
            Some(format!("`{written}` leads nowhere in the output, which is {output}"))
        }
        _ => None,
    }
}
