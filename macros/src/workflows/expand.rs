//! The tests as Rust.

use super::{Call, names};
use crate::paths;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Ident;

pub(super) fn expand(call: &Call, files: &[String]) -> TokenStream {
    let Call { registry, pattern, event, module, root } = call;
    let private = paths::private(root.as_ref());
    let here = Span::call_site().located_at(pattern.span());
    let module = module.clone().unwrap_or_else(|| Ident::new(&names::module(&pattern.value()), here));
    // Stands beside the module, so that `registry` is read where it was written. A second module of one name makes
    // the compiler show this one too.
    let tested = format!("__{module}_is_taken_write_module_and_another_name").replace("r#", "");
    let tested = Ident::new(&tested, module.span());
    let event = event.as_ref().map_or_else(
        || quote!(::core::option::Option::None),
        |event| quote!(::core::option::Option::Some(#event)),
    );
    let tests = names::tests(&pattern.value(), files);
    let tests = tests.iter().map(|name| Ident::new(name, here));
    let comparison = Ident::new(names::COMPARISON, here);
    quote! {
        #[cfg(test)]
        #[doc(hidden)]
        fn #tested() -> #private::TestedWorkflows {
            static REGISTRY: #private::OnceLock<#private::Registry> = #private::OnceLock::new();
            #private::TestedWorkflows {
                folder: ::core::env!("CARGO_MANIFEST_DIR"),
                pattern: #pattern,
                event: #event,
                written_in: ::core::file!(),
                registry: REGISTRY.get_or_init(|| #registry),
            }
        }

        #[cfg(test)]
        #[allow(non_snake_case)]
        mod #module {
            #(
                #[test]
                fn #tests() {
                    super::#tested().check(#files);
                }
            )*

            #[test]
            fn #comparison() {
                super::#tested().compare(&[#(#files),*]);
            }

            // Cargo builds the tests again when one of the files changes or is gone.
            #(const _: &[u8] = ::core::include_bytes!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #files));)*
        }
    }
}
