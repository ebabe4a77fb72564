//! What was understood of an action.

use crate::doc::{self, Doc};
use crate::errors::Errors;
use crate::header::Header;
use crate::parameter::{Parameter, named};
use crate::paths;
use crate::signature::Function;
use std::collections::HashSet;
use syn::{LitStr, ReturnType, Type};

pub(crate) struct Model {
    pub(crate) header: Header,
    pub(crate) kind: LitStr,
    pub(crate) description: Doc,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) returned: Option<Type>,
    pub(crate) is_async: bool,
}

impl Model {
    pub(crate) fn of(header: Header, function: &Function, errors: &mut Errors) -> Self {
        function.refuse(errors);
        let signature = &function.signature;
        let name = named(&signature.ident);
        if paths::is_taken(&name) {
            errors.at(
                &signature.ident,
                format_args!(
                    "an action's type is named after its function, and `{name}` would be hidden by it: write another \
                     function name and `kind = \"{name}\"`"
                ),
            );
        }
        let parameters: Vec<_> =
            signature.inputs.iter().filter_map(|argument| Parameter::of(argument, errors)).collect();
        refuse_twins(&parameters, errors);
        if signature.asyncness.is_none() {
            header.policy.refuse_where_synchronous(errors);
        }
        let kind = header.kind.clone().unwrap_or_else(|| LitStr::new(&name, signature.ident.span()));
        if let Some(alias) = header.aliases.iter().find(|alias| alias.value() == kind.value()) {
            errors.at(alias, format_args!("`{}` is the kind already: write an older one", alias.value()));
        }
        let returned = match &signature.output {
            ReturnType::Default => None,
            ReturnType::Type(_, returned) => Some((**returned).clone()),
        };
        let description = doc::of(&function.attributes);
        Model { header, kind, description, parameters, returned, is_async: signature.asyncness.is_some() }
    }
}

/// Two inputs that documents would call the same.
fn refuse_twins(parameters: &[Parameter], errors: &mut Errors) {
    let mut names = HashSet::new();
    for parameter in parameters {
        let Parameter::Input(input) = parameter else { continue };
        if input.facts.flatten {
            continue;
        }
        for name in std::iter::once(&input.name).chain(&input.facts.aliases) {
            if !names.insert(name.value()) {
                errors.at(
                    name,
                    format_args!("another input is named `{}`: name each differently", name.value()),
                );
            }
        }
    }
}
