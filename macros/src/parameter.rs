//! What a parameter is: an input that a document gives, or a borrow that the engine grants.

use crate::attribute::{Entry, Number, Value, entries};
use crate::doc::{self, Doc};
use crate::errors::{Errors, listed, nearest};
use crate::signature::{impl_trait, reference};
use syn::ext::IdentExt;
use syn::{Attribute, Expr, FnArg, Ident, LitStr, Meta, Pat, PatType, Type};

const KEYS: [&str; 16] = [
    "title",
    "format",
    "min",
    "max",
    "min_length",
    "max_length",
    "pattern",
    "multiple_of",
    "examples",
    "field_type",
    "rename",
    "default",
    "flatten",
    "secret",
    "aliases",
    "deprecated",
];
const FIELD_TYPES: [&str; 2] = ["text", "textarea"];

pub(crate) enum Parameter {
    Borrowed { ty: Box<Type> },
    Input(Box<Input>),
}

pub(crate) struct Input {
    /// Where the name was written, and the name.
    pub(crate) name: LitStr,
    pub(crate) ty: Type,
    pub(crate) description: Doc,
    pub(crate) facts: Facts,
}

/// What `#[input(…)]` says.
#[derive(Default)]
pub(crate) struct Facts {
    pub(crate) title: Option<LitStr>,
    pub(crate) format: Option<LitStr>,
    pub(crate) min: Option<Number>,
    pub(crate) max: Option<Number>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) pattern: Option<LitStr>,
    pub(crate) multiple_of: Option<Number>,
    pub(crate) examples: Vec<Expr>,
    pub(crate) field_type: Option<LitStr>,
    rename: Option<LitStr>,
    pub(crate) default: Option<Default>,
    pub(crate) flatten: bool,
    pub(crate) secret: bool,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) deprecated: bool,
}

pub(crate) enum Default {
    OfType,
    Is(Expr),
}

/// Whether an attribute on a parameter is for us alone. The function is emitted without those.
pub(crate) fn is_ours(attribute: &Attribute) -> bool {
    attribute.path().is_ident("input") || attribute.path().is_ident("doc")
}

impl Parameter {
    pub(crate) fn of(argument: &FnArg, errors: &mut Errors) -> Option<Self> {
        let argument = match argument {
            FnArg::Typed(argument) => argument,
            FnArg::Receiver(receiver) => {
                errors.at(
                    receiver,
                    "`self` is not supported: write a free function, and borrow what it needs: `&T`",
                );
                return None;
            }
        };
        for attribute in &argument.attrs {
            if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
                errors.at(
                    attribute,
                    "a conditional parameter is not supported: write two functions, each with its `#[cfg]`",
                );
            }
        }
        if let Some(span) = impl_trait(&argument.ty) {
            errors.at_span(span, "`impl Trait` is not supported: write a type, or borrow a `&dyn Trait`");
            return None;
        }
        let inputs: Vec<_> =
            argument.attrs.iter().filter(|attribute| attribute.path().is_ident("input")).collect();
        match plain(&argument.ty) {
            Type::Reference(reference) => {
                for attribute in inputs {
                    errors.at(attribute, "a borrowed parameter is no input, the engine provides it: own the value, or leave `#[input]` out");
                }
                if let Some(mutability) = &reference.mutability {
                    errors.at(
                        mutability,
                        "`&mut T` is not supported, as several actions may borrow at once: write `&T`",
                    );
                    return None;
                }
                if let Some(lifetime) =
                    reference.lifetime.as_ref().filter(|lifetime| lifetime.ident == "static")
                {
                    errors.at(
                        lifetime,
                        "`&'static T` is not supported, as the engine lends for the call only: write `&T`",
                    );
                    return None;
                }
                let lent = plain(&reference.elem);
                if let Type::Reference(inner) = lent {
                    errors.at(inner, "a reference to a reference is not supported: write `&T`");
                    return None;
                }
                Some(Parameter::Borrowed { ty: Box::new(lent.clone()) })
            }
            ty => {
                if let Some(span) = reference(ty) {
                    errors.at_span(
                        span,
                        "an input owns its value: write an owned type here, as `String` for `&str`",
                    );
                }
                let facts = Facts::parse(&inputs, errors);
                let name = input_name(argument, &facts, errors)?;
                let description = doc::of(&argument.attrs);
                Some(Parameter::Input(Box::new(Input { name, ty: ty.clone(), description, facts })))
            }
        }
    }
}

/// The type without parentheses, also those that nobody sees.
fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Paren(inner) => plain(&inner.elem),
        Type::Group(inner) => plain(&inner.elem),
        ty => ty,
    }
}

fn input_name(argument: &PatType, facts: &Facts, errors: &mut Errors) -> Option<LitStr> {
    match &*argument.pat {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => Some(
            facts.rename.clone().unwrap_or_else(|| LitStr::new(&named(&pattern.ident), pattern.ident.span())),
        ),
        pattern => {
            errors.at(pattern, "an input needs a name: write `name: T`, and take it apart in the body");
            None
        }
    }
}

/// `r#type` → `type`
pub(crate) fn named(ident: &Ident) -> String {
    ident.unraw().to_string()
}

impl Facts {
    fn parse(attributes: &[&Attribute], errors: &mut Errors) -> Self {
        let mut facts = Facts::default();
        for twice in attributes.iter().skip(1) {
            errors.at(twice, "`#[input]` is there already: write all in one");
        }
        let Some(attribute) = attributes.first() else { return facts };
        let tokens = match &attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => list.tokens.clone(),
            _ => {
                errors.at(
                    attribute,
                    "`#[input]` says nothing: write `#[input(title = \"…\")]`, or leave it out",
                );
                return facts;
            }
        };
        let entries = entries(tokens, "`#[input]`", &KEYS, errors);
        for entry in &entries {
            facts.take(entry, errors);
        }
        if facts.flatten {
            for entry in entries.iter().filter(|entry| entry.key != "flatten" && entry.key != "secret") {
                let key = &entry.key;
                errors.at(
                    key,
                    format_args!("`{key}` cannot stand beside `flatten`: say it of the struct's field"),
                );
            }
        }
        facts.compare(&entries, errors);
        facts
    }

    fn take(&mut self, entry: &Entry, errors: &mut Errors) {
        match entry.key.to_string().as_str() {
            "title" => self.title = entry.text(errors),
            "format" => self.format = entry.text(errors),
            "min" => self.min = entry.number(errors),
            "max" => self.max = entry.number(errors),
            "min_length" => self.min_length = entry.count(errors),
            "max_length" => self.max_length = entry.count(errors),
            "pattern" => self.pattern = entry.text(errors),
            "multiple_of" => self.multiple_of = step(entry, errors),
            "examples" => self.examples = entry.expressions(errors).unwrap_or_default(),
            "field_type" => self.field_type = field_type(entry, errors),
            "rename" => self.rename = entry.text(errors),
            "default" => self.default = default(entry, errors),
            "flatten" => self.flatten = entry.flag(errors),
            "secret" => self.secret = entry.flag(errors),
            "aliases" => self.aliases = entry.texts(errors),
            _ => self.deprecated = entry.flag(errors),
        }
    }

    /// Bounds that leave nothing between them.
    fn compare(&self, entries: &[Entry], errors: &mut Errors) {
        let mut refuse = |min: &str, max: &str| {
            if let Some(entry) = entries.iter().find(|entry| entry.key == max) {
                errors.at(entry, format_args!("`{max}` is less than `{min}`: no value would fit"));
            }
        };
        if let (Some(min), Some(max)) = (self.min, self.max)
            && min.as_f64() > max.as_f64()
        {
            refuse("min", "max");
        }
        if let (Some(min), Some(max)) = (self.min_length, self.max_length)
            && min > max
        {
            refuse("min_length", "max_length");
        }
    }
}

fn step(entry: &Entry, errors: &mut Errors) -> Option<Number> {
    let step = entry.number(errors)?;
    if step.as_f64() <= 0.0 {
        errors.at(entry, "`multiple_of` is more than zero: write `multiple_of = 1`");
        return None;
    }
    Some(step)
}

fn field_type(entry: &Entry, errors: &mut Errors) -> Option<LitStr> {
    let text = entry.text(errors)?;
    let written = text.value();
    if FIELD_TYPES.contains(&written.as_str()) {
        return Some(text);
    }
    let meant =
        nearest(&written, &FIELD_TYPES).map_or_else(String::new, |name| format!(": did you mean `{name}`?"));
    let allowed = listed(&FIELD_TYPES);
    errors.at(&text, format_args!("editors know no field type `{written}`{meant}\n\nthey know {allowed}"));
    None
}

fn default(entry: &Entry, errors: &mut Errors) -> Option<Default> {
    match &entry.value {
        Value::None => Some(Default::OfType),
        Value::Is(expr) => Some(Default::Is((**expr).clone())),
        Value::Holds(_) => {
            errors.at(
                entry,
                "`default` takes an expression: write `default = …`, or `default` for the type's own",
            );
            None
        }
    }
}
