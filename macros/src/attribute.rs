//! The closed grammar of both attributes: `key`, `key = value` and `key(…)`, separated by commas.

use crate::errors::{Errors, listed, nearest};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Token, UnOp};

/// One `key`, `key = value` or `key(…)`.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    None,
    Is(Box<Expr>),
    Holds(TokenStream),
}

/// The entries of an attribute. One that is broken, unknown or there already is reported and left out; the rest stand.
pub(crate) fn entries(tokens: TokenStream, of: &str, keys: &[&str], errors: &mut Errors) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for entry in parse_list(tokens, entry, errors) {
        let name = entry.key.to_string();
        if !keys.contains(&&*name) {
            let meant =
                nearest(&name, keys).map_or_else(String::new, |key| format!(": did you mean `{key}`?"));
            let allowed = listed(keys);
            errors.at(&entry.key, format_args!("{of} knows no `{name}`{meant}\n\nit takes {allowed}"));
        } else if entries.iter().any(|earlier| earlier.key == entry.key) {
            errors.at(&entry.key, format_args!("`{name}` is there already: write it once"));
        } else {
            entries.push(entry);
        }
    }
    entries
}

fn entry(input: ParseStream) -> syn::Result<Entry> {
    if !input.peek(Ident::peek_any) {
        return Err(input.error("expected a key: write `key = value`"));
    }
    let key = input.call(Ident::parse_any)?;
    let value = if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        if input.is_empty() || input.peek(Token![,]) {
            return Err(syn::Error::new(key.span(), format_args!("a value is missing: write `{key} = …`")));
        }
        Value::Is(Box::new(input.parse()?))
    } else if let Some(content) = parenthesised(input) {
        Value::Holds(content)
    } else {
        Value::None
    };
    Ok(Entry { key, value })
}

/// What stands in parentheses; nothing is consumed where there are none.
pub(crate) fn parenthesised(input: ParseStream) -> Option<TokenStream> {
    input
        .step(|cursor| match cursor.token_tree() {
            Some((TokenTree::Group(group), rest)) if group.delimiter() == Delimiter::Parenthesis => {
                Ok((group.stream(), rest))
            }
            _ => Err(cursor.error("expected `(`")),
        })
        .ok()
}

/// A list of items separated by commas; what is broken is reported and skipped as far as the next comma.
pub(crate) fn parse_list<T>(
    tokens: TokenStream,
    item: fn(ParseStream) -> syn::Result<T>,
    errors: &mut Errors,
) -> Vec<T> {
    let mut items = Vec::new();
    let all = |input: ParseStream| {
        while !input.is_empty() {
            match item(input) {
                Ok(parsed) if input.is_empty() || input.peek(Token![,]) => items.push(parsed),
                Ok(_) => errors.push(input.error("expected `,`")),
                Err(error) => errors.push(error),
            }
            while !input.is_empty() && !input.peek(Token![,]) {
                input.parse::<TokenTree>()?;
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    if let Err(error) = all.parse2(tokens) {
        errors.push(error);
    }
    items
}

impl Entry {
    /// `key = "text"`, not empty.
    pub(crate) fn text(&self, errors: &mut Errors) -> Option<LitStr> {
        let text = self.is(|expr| as_text(expr).cloned(), "text", "\"…\"", errors)?;
        not_empty(text, errors)
    }

    /// `key = 12`
    pub(crate) fn count(&self, errors: &mut Errors) -> Option<u64> {
        let count = |expr: &Expr| match as_number(expr)? {
            Number::Integer(integer) => u64::try_from(integer).ok(),
            Number::Float(_) => None,
        };
        self.is(count, "a whole number that is not negative", "1", errors)
    }

    /// `key = 1.5`
    pub(crate) fn number(&self, errors: &mut Errors) -> Option<Number> {
        self.is(as_number, "a number", "1", errors)
    }

    /// `key = true`
    pub(crate) fn boolean(&self, errors: &mut Errors) -> Option<bool> {
        let boolean = |expr: &Expr| match literal(expr)? {
            Lit::Bool(boolean) => Some(boolean.value),
            _ => None,
        };
        self.is(boolean, "`true` or `false`", "true", errors)
    }

    /// `key`
    pub(crate) fn flag(&self, errors: &mut Errors) -> bool {
        if !matches!(self.value, Value::None) {
            errors.at(self, format_args!("`{}` takes no value: write `{}`", self.key, self.key));
        }
        true
    }

    /// `key("a", "b")`
    pub(crate) fn texts(&self, errors: &mut Errors) -> Vec<LitStr> {
        let key = &self.key;
        let Some(expressions) = self.expressions(errors) else { return Vec::new() };
        let mut texts: Vec<LitStr> = Vec::new();
        for expr in expressions {
            let Some(text) = as_text(&expr) else {
                errors.at(expr, format_args!("`{key}` takes text: write `{key}(\"…\")`"));
                continue;
            };
            if texts.iter().any(|earlier| earlier.value() == text.value()) {
                errors.at(text, format_args!("`{}` is there already: write it once", text.value()));
            } else {
                texts.extend(not_empty(text.clone(), errors));
            }
        }
        texts
    }

    /// `key(a, b)`, not empty
    pub(crate) fn expressions(&self, errors: &mut Errors) -> Option<Vec<Expr>> {
        let key = &self.key;
        let Value::Holds(content) = &self.value else {
            errors.at(self, format_args!("`{key}` takes a list: write `{key}(…)`"));
            return None;
        };
        if content.is_empty() {
            errors.at(key, format_args!("`{key}` is empty: write `{key}(…)`, or leave it out"));
        }
        Some(parse_list(content.clone(), Expr::parse, errors))
    }

    /// The one value, read by `read`; where it is another, the error names `what` and shows `example`.
    fn is<T>(
        &self,
        read: impl Fn(&Expr) -> Option<T>,
        what: &str,
        example: &str,
        errors: &mut Errors,
    ) -> Option<T> {
        let key = &self.key;
        let found = match &self.value {
            Value::Is(expr) => read(expr),
            _ => None,
        };
        if found.is_none() {
            let message = format_args!("`{key}` takes {what}: write `{key} = {example}`").to_string();
            match &self.value {
                Value::Is(expr) => errors.at(expr, message),
                _ => errors.at(self, message),
            }
        }
        found
    }
}

impl ToTokens for Entry {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.key.to_tokens(tokens);
        match &self.value {
            Value::None => {}
            Value::Is(expr) => expr.to_tokens(tokens),
            Value::Holds(content) => content.to_tokens(tokens),
        }
    }
}

fn not_empty(text: LitStr, errors: &mut Errors) -> Option<LitStr> {
    if text.value().trim().is_empty() {
        errors.at(&text, "this is empty: write some text, or leave it out");
        return None;
    }
    Some(text)
}

/// A number as it was written.
#[derive(Clone, Copy)]
pub(crate) enum Number {
    Integer(i128),
    Float(f64),
}

impl Number {
    #[allow(clippy::cast_precision_loss, reason = "two bounds are compared, not computed with")]
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Number::Integer(integer) => integer as f64,
            Number::Float(float) => float,
        }
    }
}

impl ToTokens for Number {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match *self {
            Number::Float(float) => float.to_tokens(tokens),
            Number::Integer(integer) => match (i32::try_from(integer), i64::try_from(integer)) {
                (Ok(_), _) => proc_macro2::Literal::i128_unsuffixed(integer).to_tokens(tokens),
                (_, Ok(integer)) => integer.to_tokens(tokens),
                _ => u64::try_from(integer).unwrap_or(u64::MAX).to_tokens(tokens),
            },
        }
    }
}

/// The literal that an expression is, also where another macro wrote it.
pub(crate) fn literal(expr: &Expr) -> Option<&Lit> {
    match expr {
        Expr::Lit(ExprLit { lit, attrs }) if attrs.is_empty() => Some(lit),
        Expr::Group(group) => literal(&group.expr),
        _ => None,
    }
}

pub(crate) fn as_text(expr: &Expr) -> Option<&LitStr> {
    match literal(expr)? {
        Lit::Str(text) => Some(text),
        _ => None,
    }
}

pub(crate) fn as_number(expr: &Expr) -> Option<Number> {
    match expr {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => match as_number(&unary.expr)? {
            Number::Integer(integer) => in_range(-integer),
            Number::Float(float) => Some(Number::Float(-float)),
        },
        _ => match literal(expr)? {
            Lit::Int(integer) => in_range(integer.base10_parse().ok()?),
            Lit::Float(float) => {
                float.base10_parse().ok().filter(|float: &f64| float.is_finite()).map(Number::Float)
            }
            _ => None,
        },
    }
}

fn in_range(integer: i128) -> Option<Number> {
    (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&integer).then_some(Number::Integer(integer))
}
