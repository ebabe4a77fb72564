//! What is left of an action after a mistake: the function, so that callers and editors go on, and a type of its name.

use crate::errors::Errors;
use crate::expand::{conditions, declaration, function_as_written};
use crate::model::Model;
use crate::parameter;
use crate::paths;
use crate::signature::Function;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::Attribute;
use syn::parse::Parser;

pub(crate) fn recover(function: &Function, model: &Model, errors: &Errors) -> TokenStream {
    let written = function_as_written(function);
    let errors = errors.to_compile_errors();
    let ident = &function.signature.ident;
    // Where a type of this name cannot stand, nothing but the function is left.
    if paths::is_taken(&parameter::named(ident)) || function.signature.receiver().is_some() {
        return quote!(#errors #written);
    }
    let declaration = declaration(function);
    let conditions = conditions(function);
    let private = paths::private(model.header.root.as_ref());
    let kind = &model.kind;
    quote! {
        #errors
        #written
        #declaration
        #(#conditions)*
        const _: () = {
            impl #private::Action for #ident {
                fn definition(&self) -> #private::ActionDefinition {
                    #private::ActionDefinition::builder(#kind).build()
                }
            }
        };
    }
}

/// An item that could not be read is left as it is, but for what only this macro understands.
pub(crate) fn unparsed(item: TokenStream, errors: &Errors) -> TokenStream {
    let errors = errors.to_compile_errors();
    let mut after_fn = false;
    let mut stripped = false;
    let item = item.into_iter().map(|token| match token {
        TokenTree::Group(group) if after_fn && !stripped && group.delimiter() == Delimiter::Parenthesis => {
            stripped = true;
            let mut inside = Group::new(Delimiter::Parenthesis, without_ours(group.stream()));
            inside.set_span(group.span());
            TokenTree::Group(inside)
        }
        token => {
            after_fn |= matches!(&token, TokenTree::Ident(ident) if *ident == "fn");
            token
        }
    });
    let item: TokenStream = item.collect();
    quote!(#errors #item)
}

fn without_ours(tokens: TokenStream) -> TokenStream {
    let mut kept = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if let (TokenTree::Punct(hash), Some(TokenTree::Group(group))) = (&token, tokens.peek())
            && hash.as_char() == '#'
            && Attribute::parse_outer
                .parse2(quote!(#hash #group))
                .is_ok_and(|attributes| attributes.iter().all(parameter::is_ours))
        {
            tokens.next();
            continue;
        }
        kept.extend([token]);
    }
    kept
}
