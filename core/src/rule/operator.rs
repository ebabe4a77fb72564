//! The operators of a rule, and how many arguments each reads.

use std::fmt;

/// An operator of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Operator {
    /// `==`: equal after JavaScript's conversions.
    LooseEqual,
    /// `===`: equal and of one type.
    StrictEqual,
    /// `!=`: not `==`.
    LooseUnequal,
    /// `!==`: not `===`.
    StrictUnequal,
    /// `!`: not truthy.
    Not,
    /// `!!`: truthy.
    Truthy,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`; with three arguments, strictly between.
    Less,
    /// `<=`; with three arguments, between.
    LessOrEqual,
    /// `and`: the first falsy argument, else the last.
    And,
    /// `or`: the first truthy argument, else the last.
    Or,
    /// `if`: condition, value, condition, value, …, else.
    If,
    /// `?:`: another spelling of `if`.
    Ternary,
    /// `in`: an element of an array, or a part of a text.
    In,
    /// `cat`: texts joined.
    Cat,
    /// `substr`: part of a text, by UTF-16 code units.
    Substr,
    /// `+`: a sum; one argument is made a number.
    Add,
    /// `-`: a difference; one argument is negated.
    Subtract,
    /// `*`: a product.
    Multiply,
    /// `/`
    Divide,
    /// `%`: the remainder, with the sign of the first.
    Remainder,
    /// `min`
    Min,
    /// `max`
    Max,
    /// `merge`: arrays joined; what is not an array is one element.
    Merge,
    /// `map`: the rule's result for each element.
    Map,
    /// `filter`: the elements for which the rule is truthy.
    Filter,
    /// `reduce`: the rule, read with `current` and `accumulator`, over all elements.
    Reduce,
    /// `all`: truthy for every element, of which there is one.
    All,
    /// `some`: truthy for an element.
    Some,
    /// `none`: truthy for no element.
    None,
    /// `var`: what stands at a path in the data.
    Var,
    /// `missing`: those of the names at which the data has nothing.
    Missing,
    /// `missing_some`: the same, or nothing when enough of them are there.
    MissingSome,
}

/// How many of an operator's arguments are read. Further ones are evaluated and have no effect; one that is
/// not there counts as JavaScript's `undefined`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arity {
    /// With fewer, the result does not depend on what the operator is for.
    pub(crate) least: usize,
    /// `None` where all are read.
    pub(crate) most: Option<usize>,
}

impl Arity {
    pub(crate) fn allows(self, arguments: usize) -> bool {
        arguments >= self.least && self.most.is_none_or(|most| arguments <= most)
    }
}

impl fmt::Display for Arity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many = |count: usize| if count == 1 { "argument" } else { "arguments" };
        match (self.least, self.most) {
            (least, None) => write!(f, "at least {least} {}", many(least)),
            (least, Some(most)) if least == most => write!(f, "{most} {}", many(most)),
            (least, Some(most)) if least + 1 == most => write!(f, "{least} or {most} arguments"),
            (least, Some(most)) => write!(f, "{least} to {most} arguments"),
        }
    }
}

macro_rules! operators {
    ($($name:literal $operator:ident $least:literal $most:expr;)*) => {
        impl Operator {
            /// Every operator, in the order in which messages list them.
            pub(crate) const ALL: &[Operator] = &[$(Operator::$operator),*];

            /// As a rule spells it.
            pub(crate) fn name(self) -> &'static str {
                match self {$(Operator::$operator => $name),*}
            }

            /// The operator of that spelling.
            pub(crate) fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Operator::$operator),)*
                    _ => None,
                }
            }

            /// How many arguments it reads.
            pub(crate) fn arity(self) -> Arity {
                match self {$(Operator::$operator => Arity { least: $least, most: $most }),*}
            }
        }
    };
}

operators! {
    "==" LooseEqual 2 Some(2);
    "===" StrictEqual 2 Some(2);
    "!=" LooseUnequal 2 Some(2);
    "!==" StrictUnequal 2 Some(2);
    "!" Not 1 Some(1);
    "!!" Truthy 1 Some(1);
    ">" Greater 2 Some(2);
    ">=" GreaterOrEqual 2 Some(2);
    "<" Less 2 Some(3);
    "<=" LessOrEqual 2 Some(3);
    "and" And 1 None;
    "or" Or 1 None;
    "if" If 2 None;
    "?:" Ternary 2 None;
    "in" In 2 Some(2);
    "cat" Cat 1 None;
    "substr" Substr 2 Some(3);
    "+" Add 1 None;
    "-" Subtract 1 Some(2);
    "*" Multiply 1 None;
    "/" Divide 2 Some(2);
    "%" Remainder 2 Some(2);
    "min" Min 1 None;
    "max" Max 1 None;
    "merge" Merge 0 None;
    "map" Map 2 Some(2);
    "filter" Filter 2 Some(2);
    "reduce" Reduce 2 Some(3);
    "all" All 2 Some(2);
    "some" Some 2 Some(2);
    "none" None 2 Some(2);
    "var" Var 0 Some(2);
    "missing" Missing 0 None;
    "missing_some" MissingSome 2 Some(2);
}

impl Operator {
    /// A rule that uses it as it is meant.
    pub(crate) fn example(self) -> String {
        let arguments = match self {
            Operator::LooseEqual
            | Operator::StrictEqual
            | Operator::LooseUnequal
            | Operator::StrictUnequal => r#"["!ref($.event.name)", "order.placed"]"#,
            Operator::Not | Operator::Truthy => r#""!ref($.event.data.paid)""#,
            Operator::And | Operator::Or => r#"["!ref($.event.data.paid)", "!ref($.event.data.sent)"]"#,
            Operator::If | Operator::Ternary => r#"["!ref($.event.data.paid)", true, false]"#,
            Operator::In => r#"["!ref($.event.name)", ["order.placed", "order.paid"]]"#,
            Operator::Cat => r#"["order.", "!ref($.event.data.state)"]"#,
            Operator::Substr => r#"["!ref($.event.name)", 0, 5]"#,
            Operator::Greater
            | Operator::GreaterOrEqual
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Add
            | Operator::Subtract
            | Operator::Multiply
            | Operator::Divide
            | Operator::Remainder
            | Operator::Min
            | Operator::Max => r#"["!ref($.event.data.total)", 100]"#,
            Operator::Merge => r#"["!ref($.event.data.items)", [1]]"#,
            Operator::Map | Operator::Filter | Operator::All | Operator::Some | Operator::None => {
                r#"["!ref($.event.data.items)", { ">": [{ "var": "price" }, 100] }]"#
            }
            Operator::Reduce => {
                r#"["!ref($.event.data.items)", { "+": [{ "var": "accumulator" }, { "var": "current" }] }, 0]"#
            }
            Operator::Var => r#""price""#,
            Operator::Missing => r#"["price"]"#,
            Operator::MissingSome => r#"[1, ["price"]]"#,
        };
        format!("{{ \"{}\": {arguments} }}", self.name())
    }

    /// Whether the second argument is a rule for each element, inside which `var` reads that element.
    pub(crate) fn has_element_rule(self) -> bool {
        matches!(
            self,
            Operator::Map
                | Operator::Filter
                | Operator::Reduce
                | Operator::All
                | Operator::Some
                | Operator::None
        )
    }

    /// Whether it reads the data that a rule is evaluated with.
    pub(crate) fn reads_data(self) -> bool {
        matches!(self, Operator::Var | Operator::Missing | Operator::MissingSome)
    }
}
