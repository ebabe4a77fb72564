//! The `#[engine_action]` attribute of flowright.
#![deny(missing_docs)]

/// x
#[proc_macro_attribute]
pub fn engine_action(
    _attribute: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    item
}
