//! The function as it was written, and beside it a type of its name that is the action.

use crate::attribute::as_text;
use crate::edges::{Condition, Constant, Edge};
use crate::model::Model;
use crate::parameter::{Default, Facts, Input, Parameter, is_ours};
use crate::paths;
use crate::signature::{Function, is_engine_action};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, FnArg, Ident, Index, LitStr};

pub(crate) fn expand(function: &Function, model: &Model) -> TokenStream {
    let written = function_as_written(function);
    let declaration = declaration(function);
    let conditions = conditions(function);
    let ident = &function.signature.ident;
    let private = paths::private(model.header.root.as_ref());
    let definition = definition(ident, model);
    let this = local("self");
    quote! {
        #written
        #declaration
        #(#conditions)*
        const _: () = {
            use #private as __flowright;
            #[allow(unused_imports)]
            use __flowright::otherwise::*;
            #[allow(deprecated)]
            impl __flowright::Action for #ident {
                fn definition(&#this) -> __flowright::ActionDefinition {
                    #definition
                }
            }
        };
    }
}

/// The function without what only this macro understands. Its inputs are owned whatever it does with them, so
/// that lint is of no use to its author.
pub(crate) fn function_as_written(function: &Function) -> TokenStream {
    let Function { visibility, signature, body, .. } = function;
    let attributes = function.attributes.iter().filter(|attribute| !is_engine_action(attribute));
    let mut signature = signature.clone();
    for argument in &mut signature.inputs {
        let attributes = match argument {
            FnArg::Typed(argument) => &mut argument.attrs,
            FnArg::Receiver(receiver) => &mut receiver.attrs,
        };
        attributes.retain(|attribute| !is_ours(attribute));
    }
    quote!(#(#attributes)* #[allow(clippy::needless_pass_by_value)] #visibility #signature #body)
}

/// The type that is the action.
pub(crate) fn declaration(function: &Function) -> TokenStream {
    let Function { attributes, visibility, signature, .. } = function;
    let conditions = conditions(function);
    let docs = attributes.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let ident = &signature.ident;
    let fallback = (!attributes.iter().any(is_doc_text)).then(|| {
        let doc = format!(" The action of [`{ident}()`].");
        quote!(#[doc = #doc])
    });
    quote! {
        #(#conditions)*
        #(#docs)*
        #fallback
        #[allow(missing_copy_implementations, missing_debug_implementations, non_camel_case_types)]
        #visibility struct #ident {}
    }
}

fn is_doc_text(attribute: &Attribute) -> bool {
    attribute.path().is_ident("doc") && matches!(attribute.meta, syn::Meta::NameValue(_))
}

/// What decides whether the function is there.
pub(crate) fn conditions(function: &Function) -> impl Iterator<Item = &Attribute> {
    function.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"))
}

/// Where the author wrote these tokens, for errors; and yet of the expansion, for lints.
fn placed_at(tokens: &impl Spanned) -> Span {
    Span::call_site().located_at(tokens.span())
}

/// What the parts of a definition are printed with. Locals are not visible to the author's expressions.
fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

fn definition(ident: &Ident, model: &Model) -> TokenStream {
    let header = &model.header;
    let kind = &model.kind;
    let private = quote!(__flowright);
    let name = header.name.iter();
    let description = model.description.expression(&private).into_iter();
    let icon = header.icon.iter();
    let aliases = header.aliases.iter();
    let deprecated = header.deprecated.iter();
    let policy = &header.policy;
    let parameters = model.parameters.iter().map(declared);
    let edges = header.edges.predefined.iter().map(edge);
    let allow_add = header.edges.allow_add.iter();
    let returned = returned(model);
    let output =
        quote_spanned!(placed_at(&returned)=> __flowright::Returns::<#returned>::TYPE.produces().define());
    let handler = handler(ident, model, returned.span());
    quote! {
        __flowright::ActionDefinition::builder(#kind)
            #(.name(#name))*
            #(.description(#description))*
            #(.icon(#icon))*
            #(.alias(#aliases))*
            #(.deprecated(#deprecated))*
            #policy
            #(#parameters)*
            .output_definition(#output)
            #(.edge(#edges))*
            #(.allow_add_edges(#allow_add))*
            .annotated(#handler)
    }
}

fn returned(model: &Model) -> TokenStream {
    model.returned.as_ref().map_or_else(|| quote!(()), ToTokens::to_token_stream)
}

fn declared(parameter: &Parameter) -> TokenStream {
    match parameter {
        Parameter::Borrowed { ty } => quote_spanned!(placed_at(ty)=> .needs::<#ty>()),
        Parameter::Input(input) => {
            let input = input_definition(input);
            quote!(.input_definition(#input))
        }
    }
}

fn input_definition(input: &Input) -> TokenStream {
    let Input { name, ty, description, facts } = input;
    let span = placed_at(ty);
    let of_type = match &facts.default {
        _ if facts.flatten => quote_spanned!(span=> __flowright::flattened::<#ty>(#name)),
        None => quote_spanned!(span=> __flowright::InputDefinition::of::<#ty>(#name)),
        Some(default) => {
            let default = default_value(default, span);
            quote_spanned!(span=> __flowright::InputDefinition::with_default::<#ty>(#name, #default))
        }
    };
    let description = description.expression(&quote!(__flowright)).into_iter();
    let facts = said(facts);
    quote!(#of_type #(.with_description(#description))* #facts)
}

/// Text stands for whatever is made of text.
fn default_value(default: &Default, ty: Span) -> TokenStream {
    match default {
        Default::OfType => quote_spanned!(ty=> __flowright::Default::default()),
        Default::Is(expr) if as_text(expr).is_some() => {
            quote_spanned!(placed_at(expr)=> __flowright::Into::into(#expr))
        }
        Default::Is(expr) => expr.to_token_stream(),
    }
}

fn said(facts: &Facts) -> TokenStream {
    fn each<'f, T: ToTokens + 'f>(method: &str, values: impl IntoIterator<Item = &'f T>) -> TokenStream {
        let method = Ident::new(method, Span::call_site());
        values.into_iter().map(|value| quote!(.#method(#value))).collect()
    }
    let flags = [(facts.secret, "as_secret"), (facts.deprecated, "as_deprecated")];
    let flags = flags.iter().filter(|(is, _)| *is).map(|(_, method)| {
        let method = Ident::new(method, Span::call_site());
        quote!(.#method())
    });
    [
        each("with_title", &facts.title),
        each("with_format", &facts.format),
        each("with_min", &facts.min),
        each("with_max", &facts.max),
        each("with_min_length", &facts.min_length),
        each("with_max_length", &facts.max_length),
        each("with_pattern", &facts.pattern),
        each("with_multiple_of", &facts.multiple_of),
        each::<Expr>("with_example", &facts.examples),
        each("with_field_type", &facts.field_type),
        each::<LitStr>("with_alias", &facts.aliases),
    ]
    .into_iter()
    .chain(flags)
    .collect()
}

fn edge(edge: &Edge) -> TokenStream {
    let name = &edge.name;
    let made = match &edge.condition {
        None => quote!(new(#name)),
        Some(Condition::If(path)) => quote!(when(#name, #path)),
        Some(Condition::Else(path)) => quote!(otherwise(#name, #path)),
        Some(Condition::Match(path, Constant::Null)) => quote!(matching(#name, #path, ())),
        Some(Condition::Match(path, Constant::Literal(value))) => quote!(matching(#name, #path, #value)),
    };
    quote!(__flowright::EdgeDefinition::#made)
}

fn handler(ident: &Ident, model: &Model, returned: Span) -> TokenStream {
    let (call, host, scope, inputs) = (local("call"), local("host"), local("scope"), local("inputs"));
    let mut are_flattened = false;
    let taken: Vec<_> = model
        .parameters
        .iter()
        .filter_map(|parameter| match parameter {
            Parameter::Borrowed { .. } => None,
            Parameter::Input(input) => Some(input),
        })
        .enumerate()
        .map(|(index, input)| {
            let take = match (input.facts.flatten, are_flattened) {
                (true, _) => "take_flattened",
                (false, true) => "take_behind_flattened",
                (false, false) => "take",
            };
            are_flattened |= input.facts.flatten;
            let take = Ident::new(take, placed_at(&input.ty));
            let ty = &input.ty;
            quote_spanned!(placed_at(ty)=> #call.#take::<#ty>(#index)?)
        })
        .collect();
    let mut next = 0..taken.len();
    let arguments = model.parameters.iter().map(|parameter| match (parameter, next.clone().next()) {
        (Parameter::Input(_), Some(index)) if model.is_async => {
            next.next();
            let index = Index::from(index);
            quote!(#inputs.#index)
        }
        (Parameter::Input(_), Some(index)) => {
            next.next();
            taken.get(index).cloned().unwrap_or_default()
        }
        (Parameter::Borrowed { ty }, _) => quote_spanned!(placed_at(ty)=> #scope.borrow()?),
        (Parameter::Input(_), None) => TokenStream::new(),
    });
    let arguments: Vec<_> = arguments.collect();
    let lends = model.parameters.iter().any(|parameter| matches!(parameter, Parameter::Borrowed { .. }));
    let finish = |value: TokenStream| quote_spanned!(returned=> __flowright::finish(__flowright::Returned(#value).into_result()));
    if model.is_async {
        let finish = finish(quote!(#ident(#(#arguments),*).await));
        let inputs = (!taken.is_empty()).then(|| quote!(let #inputs = (#(#taken,)*);));
        let lend = lends.then(|| quote!(let #host = #call.host();));
        let open = lends.then(|| quote!(let #scope = #host.scope();));
        let call = if taken.is_empty() && !lends { local("_call") } else { call };
        quote! {
            __flowright::Handler::Async(|#call| {
                #inputs
                #lend
                __flowright::Result::Ok(__flowright::Box::pin(async move {
                    #open
                    #finish
                }))
            })
        }
    } else {
        let finish = finish(quote!(#ident(#(#arguments),*)));
        let open = lends.then(|| quote!(let #scope = #call.host().scope();));
        let call = if taken.is_empty() && !lends { local("_call") } else { call };
        quote! {
            __flowright::Handler::Sync(|#call| {
                #open
                #finish
            })
        }
    }
}
