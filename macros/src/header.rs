//! What `#[engine_action(…)]` says of the action as a whole.

use crate::attribute::{Entry, Value, entries};
use crate::edges::Edges;
use crate::errors::Errors;
use crate::policy::Policy;
use proc_macro2::TokenStream;
use syn::{Expr, LitStr, Path};

const KEYS: [&str; 10] = [
    "kind",
    "name",
    "icon",
    "retries",
    "timeout",
    "max_concurrency",
    "aliases",
    "deprecated",
    "edges",
    "crate",
];

#[derive(Default)]
pub(crate) struct Header {
    pub(crate) kind: Option<LitStr>,
    pub(crate) name: Option<LitStr>,
    pub(crate) icon: Option<LitStr>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) deprecated: Option<LitStr>,
    pub(crate) policy: Policy,
    pub(crate) edges: Edges,
    pub(crate) root: Option<Path>,
}

impl Header {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut header = Header::default();
        for entry in entries(tokens, "`#[engine_action]`", &KEYS, errors) {
            match entry.key.to_string().as_str() {
                "kind" => header.kind = entry.text(errors),
                "name" => header.name = entry.text(errors),
                "icon" => header.icon = entry.text(errors),
                "aliases" => header.aliases = entry.texts(errors),
                "deprecated" => header.deprecated = entry.text(errors),
                "retries" | "timeout" | "max_concurrency" => header.policy.read(&entry, errors),
                "edges" => header.edges = Edges::parse(&entry, errors),
                _ => header.root = root(&entry, errors),
            }
        }
        header
    }
}

pub(crate) fn root(entry: &Entry, errors: &mut Errors) -> Option<Path> {
    if let Value::Is(expr) = &entry.value
        && let Expr::Path(path) = &**expr
        && path.qself.is_none()
    {
        return Some(path.path.clone());
    }
    errors.at(entry, "`crate` takes a path, without quotes: write `crate = my_crate::flowright`");
    None
}
