//! The condition of a `builtin:if` is a rule, a boolean, or a ref to one.

use super::constant;
use super::proof::{Asked, AskedInput, InText, Left, Prover};
use super::templates::{Base, Compiler, Fills, Known};
use crate::diagnostic::{Findings, Pointer, Problem};
use crate::fault::kind_of;
use crate::plan::{Condition, Operand};
use crate::rule::{Dialect, Rule, RuleFaultKind};
use crate::scope::{Scope, Site};
use crate::template::Template;
use flowright_schema::Type;
use serde_json::Value;

const CONDITION: AskedInput<'static> = AskedInput { name: "condition", secret: false };

/// The compiled condition; `None` where it was reported.
pub(crate) fn check(
    scope: &Scope<'_>,
    action: usize,
    condition: &Value,
    here: &Pointer,
    findings: &mut Findings,
    left: &mut Vec<Left>,
) -> Option<Condition> {
    let mut compiler = Compiler::new(scope, Site::Input(action), findings);
    match condition {
        Value::Bool(constant) => Some(Condition::Constant(*constant)),
        Value::String(_) => match compiler.compile(condition, &Base::Value(here.clone())) {
            Template::Ref(place) => {
                let holes = compiler.holes;
                let boolean = Type::boolean();
                let asked = Asked { ty: &boolean, shown: &boolean, required: true, input: CONDITION };
                for hole in &holes {
                    Prover { scope, action, findings, left }.reference(hole, asked);
                }
                Some(Condition::Ref(place))
            }
            Template::Text(_) => refuse(findings, here, "text"),
            _ => refuse(findings, here, "a string"),
        },
        Value::Object(_) => rule(&mut compiler, action, condition, here, left),
        other => refuse(findings, here, kind_of(other)),
    }
}

fn refuse(findings: &mut Findings, here: &Pointer, found: &'static str) -> Option<Condition> {
    let problem = Problem::WrongMember {
        what: "a condition",
        expected: "a JsonLogic rule, a boolean or a ref to one",
        found,
        write: Some("{ \"==\": [\"!ref($.event.name)\", \"order.placed\"] }".to_owned()),
    };
    findings.report(here.clone(), problem);
    None
}

fn rule(
    compiler: &mut Compiler<'_, '_>,
    action: usize,
    condition: &Value,
    here: &Pointer,
    left: &mut Vec<Left>,
) -> Option<Condition> {
    let mut operands: Vec<Operand> = Vec::new();
    // Of each operand: which hole it is, where it is a ref.
    let mut slots: Vec<Option<usize>> = Vec::new();
    let depth = compiler.scope.registry.limits().rule_depth;
    let rule = Rule::compile(condition, Dialect::Document, depth, &mut |text, inside| {
        let pointer = inside.parse::<Pointer>().unwrap_or_default();
        let before = compiler.holes.len();
        let template =
            match compiler.compile(&Value::String(text.to_owned()), &Base::Value(here.join(&pointer))) {
                Template::Literal(Value::String(same)) if same == text => return None,
                template => template,
            };
        let is_ref = matches!(template, Template::Ref(_)) && compiler.holes.len() > before;
        slots.push(is_ref.then_some(before));
        operands.push(Operand { pointer, template });
        Some(operands.len() - 1)
    });
    let holes = std::mem::take(&mut compiler.holes);
    let mut prover = Prover { scope: compiler.scope, action, findings: compiler.findings, left };
    for hole in holes.iter().filter(|hole| hole.fills == Fills::Text) {
        if prover.in_text(hole, CONDITION) == InText::Open {
            prover.leave(hole, None, None);
        }
    }
    match rule {
        Ok(rule) => {
            let found: Vec<Option<&Known>> =
                slots.iter().map(|slot| holes.get((*slot)?)?.found.as_ref()).collect();
            constant::check(&rule, &operands, &found, here, compiler.scope, compiler.findings);
            Some(Condition::Rule { rule, operands: operands.into() })
        }
        Err(faults) => {
            for fault in faults {
                let pointer = here.join(&fault.pointer.parse().unwrap_or_default());
                let code = match fault.kind {
                    RuleFaultKind::TooDeep(_) => crate::Code::Limit,
                    _ => crate::Code::BadCondition,
                };
                let said = fault.to_string();
                let (message, help) = match fault.kind {
                    RuleFaultKind::Arguments { .. } => split_at(&said, said.find("; ")),
                    _ => split(&said),
                };
                compiler.findings.report(pointer, Problem::Rule { code, message, help });
            }
            None
        }
    }
}

/// A fault's message, and what to write instead where it ends with that.
fn split(message: &str) -> (String, Option<String>) {
    let instead = [
        "; did you mean ",
        "; the operators are ",
        "; this one ",
        "; write a ref",
        "; write `",
        "; a ref, or any",
    ];
    split_at(message, instead.iter().filter_map(|begin| message.rfind(begin)).max())
}

fn split_at(message: &str, end: Option<usize>) -> (String, Option<String>) {
    match end {
        Some(at) => (message[..at].to_owned(), Some(message[at + 2..].to_owned())),
        None => (message.to_owned(), None),
    }
}
