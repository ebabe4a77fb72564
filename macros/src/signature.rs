//! The annotated function: attributes, visibility and signature are understood, the body stays what it is.

use crate::errors::Errors;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, GenericParam, ReturnType, Signature, Type, Visibility};

pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) body: TokenStream,
}

impl Function {
    pub(crate) fn parse(item: TokenStream) -> syn::Result<Self> {
        syn::parse2(item)
    }

    /// What an action's function cannot be.
    pub(crate) fn refuse(&self, errors: &mut Errors) {
        let signature = &self.signature;
        if let Some(constness) = &signature.constness {
            errors.at(constness, "`const fn` is not supported: write `fn`");
        }
        if !matches!(signature.safety, syn::Safety::Default) {
            errors.at(&signature.safety, "`unsafe fn` is not supported: write a safe function that calls it");
        }
        if let Some(abi) = &signature.abi {
            errors.at(abi, "`extern fn` is not supported: write `fn`");
        }
        if let Some(variadic) = &signature.variadic {
            errors.at(variadic, "a variable number of arguments is not supported: take a `Vec`");
        }
        for parameter in &signature.generics.params {
            match parameter {
                GenericParam::Lifetime(lifetime) => errors.at(
                    lifetime,
                    "lifetime parameters are not supported: write `&T` for what the engine lends, own the rest",
                ),
                GenericParam::Type(_) | GenericParam::Const(_) => errors.at(
                    parameter,
                    "generic functions are not supported: an action has one type for each input, so write a function per type",
                ),
            }
        }
        if let Some(clause) = &signature.generics.where_clause {
            errors.at(clause, "a `where` clause is not supported: an action is not generic");
        }
        if let ReturnType::Type(_, returned) = &signature.output {
            refuse_returned(returned, errors);
        }
        for twice in self.attributes.iter().filter(|attribute| is_engine_action(attribute)) {
            errors.at(twice, "`#[engine_action]` is there already: write it once");
        }
    }
}

pub(crate) fn is_engine_action(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|segment| segment.ident == "engine_action")
}

fn refuse_returned(returned: &Type, errors: &mut Errors) {
    if let Type::Never(never) = returned {
        errors.at(never, "an action that never returns is not supported: write what it returns");
    }
    if let Some(span) = impl_trait(returned) {
        errors.at_span(span, "`impl Trait` is not supported: write the type that is returned");
    }
    if let Some(span) = reference(returned) {
        errors.at_span(
            span,
            "a reference in the return type is not supported: return an owned value, as `String` for `&str`",
        );
    }
}

/// Where `impl` stands in a type.
pub(crate) fn impl_trait(ty: &Type) -> Option<Span> {
    find(ty.to_token_stream(), &|token| matches!(token, TokenTree::Ident(ident) if ident == "impl"))
}

/// Where `&` stands in a type.
pub(crate) fn reference(ty: &Type) -> Option<Span> {
    find(ty.to_token_stream(), &|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '&'))
}

fn find(tokens: TokenStream, sought: &dyn Fn(&TokenTree) -> bool) -> Option<Span> {
    tokens.into_iter().find_map(|token| match &token {
        found if sought(found) => Some(found.span()),
        TokenTree::Group(group) => find(group.stream(), sought),
        _ => None,
    })
}

impl Parse for Function {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let ahead = input.fork();
        while !ahead.is_empty() && !ahead.peek(syn::Token![fn]) {
            ahead.parse::<TokenTree>()?;
        }
        if ahead.is_empty() {
            return Err(
                input.error("`#[engine_action]` stands on a function: write `fn name(…) { … }` below it")
            );
        }
        let signature: Signature = input.parse()?;
        if input.peek(syn::Token![;]) {
            return Err(input.error("an action needs a body: write `{ … }`"));
        }
        Ok(Function { attributes, visibility, signature, body: input.parse()? })
    }
}
