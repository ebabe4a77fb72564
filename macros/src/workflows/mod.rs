//! `test_workflows!`: a test for each file that a pattern matches.

mod expand;
mod found;
mod names;

use crate::attribute::{Entry, Value, as_text, entries};
use crate::errors::Errors;
use crate::header;
use proc_macro2::{Span, TokenStream};
use std::path::PathBuf;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, LitStr, Path, Token};

const KEYS: [&str; 3] = ["event", "module", "crate"];
const EXAMPLE: &str = "write `test_workflows!(registry(), \"workflows/**/*.json\")`";

/// What stands between the parentheses.
struct Call {
    registry: Expr,
    pattern: LitStr,
    event: Option<LitStr>,
    module: Option<Ident>,
    root: Option<Path>,
}

/// The tests, or every mistake in the call.
pub(crate) fn tests(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let Some(call) = Call::parse(tokens, &mut errors) else { return errors.to_compile_errors() };
    let files = folder().and_then(|folder| found::files(&folder, &call.pattern.value()));
    match files {
        Ok(files) if errors.is_empty() => return expand::expand(&call, &files),
        Ok(_) => {}
        Err(message) => errors.at(&call.pattern, message),
    }
    errors.to_compile_errors()
}

/// That of the `Cargo.toml` of the crate that is compiled.
fn folder() -> Result<PathBuf, String> {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    folder.ok_or_else(|| "`CARGO_MANIFEST_DIR` is not set: build with Cargo".to_owned())
}

impl Call {
    fn parse(tokens: TokenStream, errors: &mut Errors) -> Option<Self> {
        let (registry, pattern, rest) = match positional.parse2(tokens) {
            Ok(parsed) => parsed,
            Err(error) => {
                errors.push(error);
                return None;
            }
        };
        let text = as_text(&pattern).cloned();
        if text.is_none() {
            errors.at(&pattern, format_args!("the pattern is no text in quotes: {EXAMPLE}"));
        }
        let (mut event, mut module, mut root) = (None, None, None);
        for entry in entries(rest, "`test_workflows!`", &KEYS, errors) {
            match entry.key.to_string().as_str() {
                "event" => event = entry.text(errors),
                "module" => module = name(&entry, errors),
                _ => root = header::root(&entry, errors),
            }
        }
        Some(Call { registry, pattern: text?, event, module, root })
    }
}

fn positional(input: ParseStream) -> syn::Result<(Expr, Expr, TokenStream)> {
    let missing = |what: &str| syn::Error::new(Span::call_site(), format_args!("{what}: {EXAMPLE}"));
    if input.is_empty() {
        return Err(missing("a registry and a pattern are missing"));
    }
    let registry = input.parse()?;
    if input.is_empty() {
        return Err(missing("a pattern is missing"));
    }
    input.parse::<Token![,]>()?;
    if input.is_empty() {
        return Err(missing("a pattern is missing"));
    }
    let pattern = input.parse()?;
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok((registry, pattern, input.parse()?))
}

fn name(entry: &Entry, errors: &mut Errors) -> Option<Ident> {
    if let Value::Is(expr) = &entry.value
        && let Expr::Path(path) = &**expr
        && let Some(name) = path.path.get_ident()
    {
        return Some(name.clone());
    }
    errors.at(entry, "`module` takes a name, without quotes: write `module = orders`");
    None
}
