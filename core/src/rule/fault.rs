//! What is wrong with a rule, before any value is looked up.

use super::{Dialect, Operator};
use std::fmt;

/// Something wrong at a place inside a rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RuleFault {
    /// The JSON pointer of the offending member, from the rule's root.
    pub(crate) pointer: String,
    /// What is wrong.
    pub(crate) kind: RuleFaultKind,
}

/// What is wrong in a rule. Its display is the message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RuleFaultKind {
    /// The rule nests deeper than this; what is below was not read.
    TooDeep(usize),
    /// There is no such operator. With the nearest name, and whether `var` would have been allowed.
    UnknownOperator { name: String, nearest: Option<Operator>, in_element_rule: bool },
    /// A rule object whose members are these.
    NotOneMember(Vec<String>),
    /// An operator that reads data where a document's rule has none.
    NoData(Operator),
    /// `log` or `method`, which `JsonLogic` has in some versions, and flowright not at all.
    NotEvaluated(String),
    /// `*` without anything to multiply, which has no result.
    NothingToMultiply,
    /// More or fewer arguments than the operator reads; `one_value` where one stands in place of the list.
    Arguments { operator: Operator, found: usize, one_value: bool },
}

impl fmt::Display for RuleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl fmt::Display for RuleFaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RuleFaultKind::TooDeep(depth) => {
                write!(f, "a rule may nest {depth} operators deep, and this one nests deeper")
            }
            RuleFaultKind::UnknownOperator { name, nearest, in_element_rule } => {
                write!(f, "no operator {}", Quoted(name))?;
                if let Some(nearest) = nearest {
                    return write!(f, "; did you mean `{}`?", nearest.name());
                }
                f.write_str("; the operators are ")?;
                let listed = Operator::ALL.iter().filter(|operator| {
                    !operator.reads_data() || (*in_element_rule && **operator == Operator::Var)
                });
                for (position, operator) in listed.enumerate() {
                    write!(f, "{}`{}`", if position == 0 { "" } else { ", " }, operator.name())?;
                }
                Ok(())
            }
            RuleFaultKind::NotOneMember(members) => {
                f.write_str("a rule object has exactly one member, its operator, as in `{ \"==\": [1, 2] }`")?;
                if members.is_empty() {
                    return f.write_str("; this one is empty");
                }
                write!(f, "; this one has {}: ", members.len())?;
                for (position, member) in members.iter().take(5).enumerate() {
                    write!(f, "{}{}", if position == 0 { "" } else { ", " }, Quoted(member))?;
                }
                if members.len() > 5 { f.write_str(", …") } else { Ok(()) }
            }
            RuleFaultKind::NoData(Operator::Var) => f.write_str(
                "`var` reads the element inside the rule of `map`, `filter`, `reduce`, `all`, `some` or `none`, \
                 and nothing elsewhere; write a ref, such as `\"!ref($.event.data.name)\"`",
            ),
            RuleFaultKind::NoData(operator) => write!(
                f,
                "`{}` has no data to look into; write a ref, which counts as null where it yields nothing: \
                 `{{ \"==\": [\"!ref($.event.data.name)\", null] }}`",
                operator.name()
            ),
            RuleFaultKind::NotEvaluated(name) => {
                write!(f, "`{name}` is not evaluated; write a ref, such as `\"!ref($.event.data.name)\"`")
            }
            RuleFaultKind::Arguments { operator, found, one_value } => {
                let name = operator.name();
                write!(f, "`{name}` takes {}, not {found}", operator.arity())?;
                if *one_value {
                    f.write_str("; a ref, or any value, in place of the list is one argument, so ")?;
                } else {
                    f.write_str("; ")?;
                }
                write!(f, "write `{}`", operator.example())
            }
            RuleFaultKind::NothingToMultiply => f.write_str("`*` needs at least one value to multiply"),
        }
    }
}

/// A name as the user wrote it, unless it is longer than a message should be.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(LONGEST_QUOTE) {
            Some((end, _)) => write!(f, "`{}…`", self.0.get(..end).unwrap_or_default()),
            None => write!(f, "`{}`", self.0),
        }
    }
}

const LONGEST_QUOTE: usize = 64;

/// The operator that was probably meant.
pub(super) fn nearest(name: &str, dialect: Dialect, in_element_rule: bool) -> Option<Operator> {
    if name.chars().nth(LONGEST_QUOTE).is_some() {
        return None;
    }
    let meant = match name {
        "&&" => "and",
        "||" => "or",
        "not" => "!",
        "<>" => "!=",
        "any" => "some",
        "concat" => "cat",
        "contains" | "includes" => "in",
        "else" | "then" | "cond" => "if",
        "mod" => "%",
        other => other,
    };
    let letters = meant.chars().count();
    Operator::ALL
        .iter()
        .filter(|operator| {
            dialect == Dialect::Plain
                || !operator.reads_data()
                || (in_element_rule && **operator == Operator::Var)
        })
        .map(|operator| {
            let distance = strsim::damerau_levenshtein(&meant.to_lowercase(), operator.name());
            (distance, operator)
        })
        // Something of the name must be left, or `x` would be near to `!`.
        .filter(|(distance, operator)| {
            *distance <= (letters / 3).max(1) && *distance < letters.max(operator.name().len())
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, operator)| *operator)
}
