//! A document's text as a tree whose every part knows its bytes, and which the type system can judge.

use crate::reference::{self, Parsed};
use crate::source::Source;
use crate::workflow::{Tree, number, tree};
use flowright_schema::{BoxedShape, Shape, Subject};
use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

/// A value and the bytes it stands in.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) says: Says,
    /// How many values it is made of.
    pub(super) weight: usize,
}

/// What a value says.
#[derive(Clone, Debug)]
pub(super) enum Says {
    Null,
    Boolean(bool),
    /// `None`: one that no type of numbers can hold.
    Number(Option<Number>),
    String(String),
    Array(Vec<Node>),
    Object(Vec<Member>),
}

#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    /// The bytes of the name.
    pub(super) named: Range<usize>,
    pub(super) value: Node,
    /// Whether an earlier member has the same name, so that this one means nothing.
    pub(super) repeated: bool,
}

impl Node {
    /// The document; `None` where its text cannot be read on.
    pub(super) fn of_document(source: &Source, nesting: usize) -> Option<Node> {
        let tree = tree(source, nesting, &mut |_| {})?;
        Some(node(&tree, &tree.root))
    }

    /// What text is as JSON, at most `nesting` deep; `None` where it is none, or nothing can hold it exactly.
    pub(super) fn of_text(text: &str, nesting: usize) -> Option<Node> {
        let mut right = true;
        let source = Source::text(text);
        let tree = tree(&source, nesting, &mut |_| right = false)?;
        let node = node(&tree, &tree.root);
        (right && node.is_exact()).then_some(node)
    }

    fn is_exact(&self) -> bool {
        match &self.says {
            Says::Number(number) => number.is_some(),
            Says::Array(elements) => elements.iter().all(Node::is_exact),
            Says::Object(members) => members.iter().all(|member| !member.repeated && member.value.is_exact()),
            Says::Null | Says::Boolean(_) | Says::String(_) => true,
        }
    }

    pub(super) fn member(&self, name: &str) -> Option<&Node> {
        let Says::Object(members) = &self.says else { return None };
        members.iter().find(|member| member.name == name).map(|member| &member.value)
    }

    pub(super) fn elements(&self) -> &[Node] {
        match &self.says {
            Says::Array(elements) => elements,
            _ => &[],
        }
    }

    pub(super) fn members(&self) -> &[Member] {
        match &self.says {
            Says::Object(members) => members,
            _ => &[],
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match &self.says {
            Says::String(text) => Some(text),
            _ => None,
        }
    }
}

// INVARIANT: a tree is as deep as the limit on nesting lets it be, at most 127.
fn node(tree: &Tree<'_>, value: &ast::Value<'_>) -> Node {
    let says = match value {
        ast::Value::NullKeyword(_) => Says::Null,
        ast::Value::BooleanLit(literal) => Says::Boolean(literal.value),
        ast::Value::NumberLit(literal) => Says::Number(number(literal.value).ok()),
        ast::Value::StringLit(literal) => Says::String(literal.value.as_ref().to_owned()),
        ast::Value::Array(array) => {
            Says::Array(array.elements.iter().map(|element| node(tree, element)).collect())
        }
        ast::Value::Object(object) => {
            let mut seen = HashSet::new();
            let members = object.properties.iter().map(|property| {
                let name = property.name.as_str();
                Member {
                    name: name.to_owned(),
                    named: tree.span(property.name.range()),
                    value: node(tree, &property.value),
                    repeated: !seen.insert(name),
                }
            });
            Says::Object(members.collect())
        }
    };
    let weight = match &says {
        Says::Array(elements) => elements.iter().map(|element| element.weight).sum::<usize>() + 1,
        Says::Object(members) => members.iter().map(|member| member.value.weight).sum::<usize>() + 1,
        _ => 1,
    };
    Node { span: tree.span(value.range()), says, weight }
}

/// A value, its refs as holes.
impl<'n> Subject<'n> for &'n Node {
    type Elements = Box<dyn ExactSizeIterator<Item = Self> + 'n>;
    type Members = Box<dyn Iterator<Item = (&'n str, Self)> + 'n>;

    fn shape(self) -> BoxedShape<'n, Self> {
        match &self.says {
            Says::Null => Shape::Null,
            Says::Boolean(value) => Shape::Boolean(*value),
            Says::Number(Some(number)) => Shape::Number(number),
            // It is reported as what it is.
            Says::Number(None) => Shape::Hole,
            Says::String(text) => match reference::parse(text, usize::MAX) {
                Ok(Parsed::Plain) => Shape::String(Cow::Borrowed(text)),
                Ok(Parsed::Literal(literal)) => Shape::String(Cow::Owned(literal)),
                Ok(Parsed::Ref(_)) => Shape::Hole,
                Ok(Parsed::Text(_)) | Err(_) => Shape::Text,
            },
            Says::Array(elements) => Shape::Array(Box::new(elements.iter())),
            Says::Object(members) => {
                let members = members.iter().filter(|member| !member.repeated);
                Shape::Object(Box::new(members.map(|member| (member.name.as_str(), &member.value))))
            }
        }
    }
}

impl From<&Node> for Value {
    fn from(node: &Node) -> Value {
        match &node.says {
            Says::Null | Says::Number(None) => Value::Null,
            Says::Boolean(value) => Value::Bool(*value),
            Says::Number(Some(number)) => Value::Number(number.clone()),
            Says::String(text) => Value::String(text.clone()),
            Says::Array(elements) => elements.iter().map(Value::from).collect(),
            Says::Object(members) => {
                let members = members.iter().filter(|member| !member.repeated);
                members.map(|member| (member.name.clone(), Value::from(&member.value))).collect()
            }
        }
    }
}
