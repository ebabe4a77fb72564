//! From JSON to a [`Rule`], before any value is looked up.

use super::fault::{self, RuleFault, RuleFaultKind};
use super::{Arguments, DEEPEST, Dialect, Operator, Rule};
use serde_json::{Map, Value};

impl Rule {
    /// Reads a rule that nests at most `depth` operators and arrays inside each other (never more than
    /// [`DEEPEST`]), and reports all its faults at once. What nests deeper is not visited, nor copied.
    ///
    /// `operand` is asked about every string that stands for a value, with the string's JSON pointer inside
    /// the rule. `Some` is the operand's slot, by which evaluation asks for its value; `None` makes it literal text.
    pub(crate) fn compile(
        value: &Value,
        dialect: Dialect,
        depth: usize,
        operand: &mut dyn FnMut(&str, &str) -> Option<usize>,
    ) -> Result<Rule, Vec<RuleFault>> {
        let mut compiler = Compiler {
            dialect,
            limit: depth.min(DEEPEST),
            pointer: String::new(),
            faults: Vec::new(),
            operand,
        };
        let rule = compiler.rule(value, 0, false);
        if compiler.faults.is_empty() { Ok(rule) } else { Err(compiler.faults) }
    }
}

struct Compiler<'o> {
    dialect: Dialect,
    limit: usize,
    /// Where the compiler is.
    pointer: String,
    faults: Vec<RuleFault>,
    operand: &'o mut dyn FnMut(&str, &str) -> Option<usize>,
}

/// Stands in for a part that has a fault; the rule is not given out then.
const FAULTY: Rule = Rule::Literal(Value::Null);

impl Compiler<'_> {
    fn fault(&mut self, kind: RuleFaultKind) -> Rule {
        self.faults.push(RuleFault { pointer: self.pointer.clone(), kind });
        FAULTY
    }

    /// Does something one step further down.
    fn below<T>(&mut self, step: &str, f: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.pointer.len();
        self.pointer.push('/');
        for character in step.chars() {
            match character {
                '~' => self.pointer.push_str("~0"),
                '/' => self.pointer.push_str("~1"),
                other => self.pointer.push(other),
            }
        }
        let done = f(self);
        self.pointer.truncate(before);
        done
    }

    fn rule(&mut self, value: &Value, depth: usize, in_element_rule: bool) -> Rule {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => Rule::Literal(value.clone()),
            Value::String(text) => match (self.operand)(text, &self.pointer) {
                Some(slot) => Rule::Operand(slot),
                None => Rule::Literal(value.clone()),
            },
            Value::Array(_) | Value::Object(_) if depth >= self.limit => {
                self.fault(RuleFaultKind::TooDeep(self.limit))
            }
            Value::Array(elements) => {
                let rules = elements
                    .iter()
                    .enumerate()
                    .map(|(position, element)| {
                        self.below(&position.to_string(), |inside| {
                            inside.rule(element, depth + 1, in_element_rule)
                        })
                    })
                    .collect();
                Rule::List(rules)
            }
            Value::Object(members) => {
                let mut each = members.iter();
                match (each.next(), each.next(), self.dialect) {
                    (Some((name, arguments)), None, _) => {
                        self.below(name, |inside| inside.operation(name, arguments, depth, in_element_rule))
                    }
                    (_, _, Dialect::Plain) => self.data(value, depth),
                    (_, _, Dialect::Document) => self.not_one_member(members),
                }
            }
        }
    }

    fn operation(&mut self, name: &str, arguments: &Value, depth: usize, in_element_rule: bool) -> Rule {
        let operator = Operator::named(name);
        if operator.is_none() {
            self.fault(match name {
                "log" | "method" => RuleFaultKind::NotEvaluated(name.to_owned()),
                _ => RuleFaultKind::UnknownOperator {
                    name: name.to_owned(),
                    nearest: fault::nearest(name, self.dialect, in_element_rule),
                    in_element_rule: in_element_rule || self.dialect == Dialect::Plain,
                },
            });
        }
        if let Some(operator) = operator
            && self.dialect == Dialect::Document
            && operator.reads_data()
            && !(operator == Operator::Var && in_element_rule)
        {
            self.fault(RuleFaultKind::NoData(operator));
        }
        let arguments = match arguments {
            Value::Array(several) => {
                let each = several.iter().enumerate();
                let rules = each
                    .map(|(position, argument)| {
                        self.below(&position.to_string(), |inside| {
                            inside.argument(operator, position, argument, depth, in_element_rule)
                        })
                    })
                    .collect();
                Arguments { listed: true, rules }
            }
            one => {
                let rule = self.argument(operator, 0, one, depth, in_element_rule);
                Arguments { listed: false, rules: Box::new([rule]) }
            }
        };
        if let Some(operator) = operator
            && self.dialect == Dialect::Document
            && (!operator.reads_data() || (operator == Operator::Var && in_element_rule))
        {
            self.count(operator, &arguments);
        }
        match operator {
            Some(Operator::Multiply) if arguments.rules.is_empty() && self.dialect == Dialect::Document => {
                self.fault(RuleFaultKind::NothingToMultiply)
            }
            Some(operator) => Rule::Apply(operator, arguments),
            None => FAULTY,
        }
    }

    /// Says where arguments are missing or have no effect.
    fn count(&mut self, operator: Operator, arguments: &Arguments) {
        let (arity, found) = (operator.arity(), arguments.rules.len());
        // Of a product of nothing more is to be said.
        if arity.allows(found) || (operator == Operator::Multiply && found == 0) {
            return;
        }
        let kind = RuleFaultKind::Arguments { operator, found, one_value: !arguments.listed };
        match arity.most.filter(|most| found > *most) {
            Some(first_superfluous) => {
                self.below(&first_superfluous.to_string(), |inside| inside.fault(kind));
            }
            None => {
                self.fault(kind);
            }
        }
    }

    fn argument(
        &mut self,
        operator: Option<Operator>,
        position: usize,
        argument: &Value,
        depth: usize,
        in_element_rule: bool,
    ) -> Rule {
        // An operator nobody knows may be a misspelt `map`: its `var`s are no second mistake.
        let element_rule = operator.is_none_or(|operator| operator.has_element_rule() && position == 1);
        self.rule(argument, depth + 1, in_element_rule || element_rule)
    }

    /// An object that is no rule stands for itself.
    fn data(&mut self, value: &Value, depth: usize) -> Rule {
        if nests_within(value, self.limit - depth) {
            Rule::Literal(value.clone())
        } else {
            self.fault(RuleFaultKind::TooDeep(self.limit))
        }
    }

    fn not_one_member(&mut self, members: &Map<String, Value>) -> Rule {
        self.fault(RuleFaultKind::NotOneMember(members.keys().cloned().collect()))
    }
}

/// Whether a value holds at most so many arrays and objects inside each other. Looks no deeper than that.
fn nests_within(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(elements) => {
            levels > 0 && elements.iter().all(|element| nests_within(element, levels - 1))
        }
        Value::Object(members) => {
            levels > 0 && members.values().all(|member| nests_within(member, levels - 1))
        }
        _ => true,
    }
}
