//! What the expansion names, and what an action cannot be named.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

/// The module that holds all the expansion names.
pub(crate) fn private(root: Option<&Path>) -> TokenStream {
    root.map_or_else(|| quote!(::flowright::__private), |root| quote!(#root::__private))
}

/// Types and crates that a type of the same name would hide from the rest of the module.
const TAKEN: [&str; 27] = [
    "bool", "char", "str", "f16", "f32", "f64", "f128", "i8", "i16", "i32", "i64", "i128", "isize", "u8",
    "u16", "u32", "u64", "u128", "usize", "std", "core", "alloc", "Box", "Option", "Result", "String", "Vec",
];

pub(crate) fn is_taken(name: &str) -> bool {
    TAKEN.contains(&name)
}
