//! `edges(allow_add = false, edge("True", if = "$.output.result"), …)`

use crate::attribute::{Entry, Value, as_number, as_text, entries, literal, parenthesised, parse_list};
use crate::errors::Errors;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, Lit, LitStr, Token};

const CONDITIONS: [&str; 3] = ["if", "else", "match"];

#[derive(Default)]
pub(crate) struct Edges {
    pub(crate) allow_add: Option<bool>,
    pub(crate) predefined: Vec<Edge>,
}

pub(crate) struct Edge {
    pub(crate) name: LitStr,
    pub(crate) condition: Option<Condition>,
}

pub(crate) enum Condition {
    If(LitStr),
    Else(LitStr),
    Match(LitStr, Constant),
}

/// What a `match` compares with.
pub(crate) enum Constant {
    Null,
    Literal(TokenStream),
}

/// What stands in `edges(…)`.
enum Item {
    Setting(Entry),
    Edge { name: LitStr, rest: TokenStream },
}

impl Edges {
    pub(crate) fn parse(entry: &Entry, errors: &mut Errors) -> Self {
        let mut edges = Edges::default();
        let Value::Holds(content) = &entry.value else {
            errors.at(entry, "`edges` takes a list: write `edges(edge(\"True\", if = \"$.output.result\"))`");
            return edges;
        };
        if content.is_empty() {
            errors.at(&entry.key, "`edges` is empty: write `edges(…)`, or leave it out");
        }
        for item in parse_list(content.clone(), item, errors) {
            match item {
                Item::Setting(entry) if edges.allow_add.is_some() => {
                    errors.at(&entry.key, "`allow_add` is there already: write it once");
                }
                Item::Setting(entry) => edges.allow_add = entry.boolean(errors),
                Item::Edge { name, rest } => edges.add(name, rest, errors),
            }
        }
        edges
    }

    fn add(&mut self, name: LitStr, rest: TokenStream, errors: &mut Errors) {
        if name.value().trim().is_empty() {
            errors.at(&name, "an edge needs a name: editors tell edges apart by it");
        } else if self.predefined.iter().any(|edge| edge.name.value() == name.value()) {
            errors.at(&name, format_args!("another edge is named `{}`: name each differently", name.value()));
        }
        let mut conditions = entries(rest, "an edge", &CONDITIONS, errors).into_iter();
        let condition = conditions.next().and_then(|entry| condition(&entry, errors));
        for entry in conditions {
            errors.at(&entry.key, "an edge has one condition: write another edge for the other");
        }
        self.predefined.push(Edge { name, condition });
    }
}

fn item(input: ParseStream) -> syn::Result<Item> {
    let fork = input.fork();
    let key = fork.call(Ident::parse_any).ok();
    match key {
        Some(key) if key == "edge" => {
            input.call(Ident::parse_any)?;
            let Some(content) = parenthesised(input) else {
                let message = "an edge takes its name and a condition: write `edge(\"True\", if = \"$.output.result\")`";
                return Err(syn::Error::new(key.span(), message));
            };
            let empty = content.is_empty();
            named
                .parse2(content)
                .map_err(|error| if empty { syn::Error::new(key.span(), error) } else { error })
        }
        Some(key) if key == "allow_add" => {
            input.call(Ident::parse_any)?;
            let value = if input.peek(Token![=]) {
                input.parse::<Token![=]>()?;
                Value::Is(Box::new(input.parse()?))
            } else {
                Value::None
            };
            Ok(Item::Setting(Entry { key, value }))
        }
        _ => Err(input.error("`edges` takes `allow_add = true` or `false`, and `edge(\"name\", …)`")),
    }
}

/// `"True", if = "$.output.result"`
fn named(input: ParseStream) -> syn::Result<Item> {
    let name = input.parse().map_err(|error: syn::Error| {
        let message = "the name of an edge comes first: write `edge(\"True\", if = \"$.output.result\")`";
        syn::Error::new(error.span(), message)
    });
    let rest = if name.is_ok() && !input.is_empty() { input.parse::<Token![,]>().map(drop) } else { Ok(()) };
    let conditions = input.parse()?;
    rest.and(name).map(|name| Item::Edge { name, rest: conditions })
}

fn condition(entry: &Entry, errors: &mut Errors) -> Option<Condition> {
    if entry.key != "match" {
        let path = output_path(entry.text(errors)?, errors)?;
        return Some(if entry.key == "if" { Condition::If(path) } else { Condition::Else(path) });
    }
    let pair = match &entry.value {
        Value::Is(expr) => match &**expr {
            Expr::Tuple(pair) => pair.elems.iter().collect::<Vec<_>>(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    let [path, value] = pair[..] else {
        errors.at(entry, "`match` takes a path and a value: write `match = (\"$.output.status\", \"sent\")`");
        return None;
    };
    let constant = constant(value);
    if constant.is_none() {
        errors.at(value, "`match` compares with a literal: text, a number, `true`, `false` or `null`");
    }
    let Some(path) = as_text(path) else {
        errors.at(path, "the path comes first, as text: write `match = (\"$.output.status\", \"sent\")`");
        return None;
    };
    Some(Condition::Match(output_path(path.clone(), errors)?, constant?))
}

fn constant(expr: &Expr) -> Option<Constant> {
    if let Expr::Path(path) = expr
        && path.path.is_ident("null")
    {
        return Some(Constant::Null);
    }
    if let Some(number) = as_number(expr) {
        return Some(Constant::Literal(number.to_token_stream()));
    }
    match literal(expr)? {
        Lit::Str(text) => Some(Constant::Literal(quote!(#text))),
        Lit::Bool(boolean) => Some(Constant::Literal(quote!(#boolean))),
        _ => None,
    }
}

/// `$.output`, or a path that begins there. What stands at it the registry knows.
fn output_path(path: LitStr, errors: &mut Errors) -> Option<LitStr> {
    let text = path.value();
    if let Some(inner) = text.strip_prefix("!ref(").and_then(|rest| rest.strip_suffix(')')) {
        errors.at(&path, format_args!("write the path alone: `{inner}`"));
        return None;
    }
    match text.strip_prefix("$.output") {
        Some(rest) if rest.is_empty() || rest.starts_with(['.', '[']) => Some(path),
        _ => {
            errors.at(&path, "an edge asks of the action's output: write a path that begins with `$.output`");
            None
        }
    }
}
