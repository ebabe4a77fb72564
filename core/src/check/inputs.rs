//! Every input is one of the kind's, those required are there, and each value is of its type.

use super::proof::{Asked, AskedInput, Left, Prover};
use super::rules;
use super::templates::{Base, Compiler, Hole};
use super::values::{Faulty, Holes, Values};
use super::written::Written;
use crate::diagnostic::{Findings, Pointer, Problem, Severity};
use crate::fault;
use crate::plan::{Check, Work};
use crate::registry::{Builtin, Registered, RegisteredInput};
use crate::scope::{Scope, Site};
use crate::template::{Input, Template};
use crate::workflow::WorkflowAction;
use flowright_schema::{Fault, Step, Type};
use serde_json::Value;

/// What an action does with its inputs; `None` where its kind or its condition is not known.
pub(crate) fn check(
    scope: &Scope<'_>,
    action: usize,
    findings: &mut Findings,
    left: &mut Vec<Left>,
) -> Option<Work> {
    let Some(registered) = scope.registered(action) else {
        let mut compiler = Compiler::new(scope, Site::Input(action), findings);
        for (name, value) in scope.document.actions[action].inputs() {
            compiler.compile(value, &Base::Input(action, name));
        }
        return None;
    };
    let mut inputs = Inputs { scope, action, registered, findings, left };
    let written = inputs.written();
    match registered.builtin {
        Some(Builtin::If) => {
            let (name, value) = written.first().copied().flatten()?;
            let pointer = Pointer::of_input(action, name);
            rules::check(scope, action, value, &pointer, findings, left).map(Work::If)
        }
        None => Some(inputs.call(&written)),
    }
}

/// Judges a value as if it stood in the document, as an input that the action has.
pub(crate) fn judge(
    scope: &Scope<'_>,
    action: usize,
    name: &str,
    value: &Value,
    findings: &mut Findings,
    left: &mut Vec<Left>,
) {
    let Some(registered) = scope.registered(action) else { return };
    let Some(at) = registered.input(name) else { return };
    match registered.builtin {
        Some(Builtin::If) => {
            rules::check(scope, action, value, &Pointer::of_input(action, name), findings, left);
        }
        None => {
            let input = &registered.inputs[at];
            Inputs { scope, action, registered, findings, left }.value(input, name, value);
        }
    }
}

struct Inputs<'c, 's> {
    scope: &'c Scope<'s>,
    action: usize,
    registered: &'s Registered,
    findings: &'c mut Findings,
    left: &'c mut Vec<Left>,
}

/// What the document says of one input: the name it uses, and the value.
type Said<'s> = Option<(&'s str, &'s Value)>;

impl<'s> Inputs<'_, 's> {
    /// What the document says of each input of the definition; inputs that are missing are reported.
    fn written(&mut self) -> Vec<Said<'s>> {
        let mut misspelt = Vec::new();
        let mut written: Vec<Said<'s>> = vec![None; self.registered.inputs.len()];
        for (name, value) in self.scope.document.actions[self.action].inputs() {
            let here = || Pointer::of_input(self.action, name);
            let Some(at) = self.registered.input(name) else {
                misspelt.extend(self.unknown(name, here()));
                self.compile(value, name);
                continue;
            };
            let input = &self.registered.inputs[at];
            if input.deprecated {
                let what = format!("input `{name}`");
                self.findings.report(here(), Problem::Deprecated { what, advice: None });
            }
            if let Some((other, _)) = written[at] {
                let message = format!("`{name}` and `{other}` are names of the same input");
                let help = Some(format!("keep one of them, as `{}`", input.name));
                self.findings
                    .report(here(), Problem::Fault { code: crate::Code::UnknownInput, message, help });
                continue;
            }
            written[at] = Some((name, value));
        }
        self.require(&written, &misspelt);
        written
    }

    /// Reports an input that the kind does not have; the name that was probably meant, where that is an error.
    fn unknown(&mut self, name: &str, here: Pointer) -> Option<String> {
        let known: Vec<String> = self.registered.inputs.iter().map(|input| input.name.to_string()).collect();
        let nearest = self.scope.suggestions.nearest(name, known.iter().map(String::as_str));
        let kind = self.registered.kind().to_owned();
        let problem = Problem::UnknownInput { kind, input: name.to_owned(), nearest: nearest.clone(), known };
        let is_error = self.findings.severity(&problem) == Some(Severity::Error);
        self.findings.report(here, problem);
        nearest.filter(|_| is_error)
    }

    /// Reports what is required and neither written nor, by its looks, misspelt.
    fn require(&mut self, written: &[Said<'_>], misspelt: &[String]) {
        let WorkflowAction { has_inputs, inputs_are_lost, .. } = self.scope.document.actions[self.action];
        if inputs_are_lost {
            return;
        }
        let missing = self.registered.inputs.iter().zip(written).filter(|(input, said)| {
            input.required && said.is_none() && !misspelt.iter().any(|name| **name == *input.name)
        });
        for (input, _) in missing {
            let problem = Problem::MissingInput {
                kind: self.registered.kind().to_owned(),
                input: input.name.to_string(),
                expected: (!input.ty.is_any()).then(|| input.ty.to_string()),
                description: input.description.clone(),
            };
            let action = Pointer::root().member("actions").element(self.action);
            let here = if has_inputs { action.member("inputs") } else { action };
            self.findings.report(here, problem);
        }
    }

    fn call(&mut self, written: &[Said<'s>]) -> Work {
        let mut checks = Vec::new();
        let inputs = self.registered.inputs.iter().zip(written).enumerate().map(|(at, (input, said))| {
            let said = said.filter(|(_, value)| !(value.is_null() && input.null_is_absent()));
            let template = said.map(|(name, value)| {
                let left = self.left.len();
                let template = self.value(input, name, value);
                if self.left.len() > left {
                    checks.push(Check { input: at, name: name.into() });
                }
                template
            });
            Input { template, default: input.default.clone(), null_is_absent: input.null_is_absent() }
        });
        Work::Call { inputs: inputs.collect(), checks: checks.into() }
    }

    fn compile(&mut self, value: &Value, name: &'s str) -> Option<(Template, Vec<Hole<'s>>)> {
        let mut compiler = Compiler::new(self.scope, Site::Input(self.action), self.findings);
        let template = compiler.compile(value, &Base::Input(self.action, name));
        (!compiler.some_are_missing).then_some((template, compiler.holes))
    }

    /// A compiled value, held against its input's type; what is not proven is left to run time.
    fn value(&mut self, input: &RegisteredInput, name: &'s str, value: &Value) -> Template {
        // INVARIANT: a document with more refs than are kept was reported, and is never run.
        let Some((template, holes)) = self.compile(value, name) else {
            return Template::Literal(Value::Null);
        };
        let about = AskedInput { name, secret: input.secret };
        let asked = Asked { ty: &input.takes, shown: &input.ty, required: input.required, input: about };
        if let (Template::Ref(_), [hole]) = (&template, &*holes) {
            self.prover().reference(hole, asked);
            return template;
        }
        let checked = input.ty.check(Written::Template(&template));
        let mut are_errors = false;
        for found in &checked.faults {
            let problem = problem(input, &template, found);
            let action = self.action;
            let pointer = || fault::pointer(&Pointer::of_input(action, name), &found.path);
            if self.findings.severity(&problem) == Some(Severity::Error) {
                are_errors = true;
            } else {
                self.prover().leave_as(&pointer(), Some(&input.ty), Type::any(), None);
            }
            self.findings.report_at(problem, pointer);
        }
        if !holes.is_empty() {
            let faulty = Faulty { places: &checked.faults, are_errors };
            let mut values = Values { prover: self.prover(), input: about, faulty };
            values.value(&template, &mut Holes::new(&holes), asked, 0);
        }
        template
    }

    fn prover(&mut self) -> Prover<'_, 's> {
        Prover { scope: self.scope, action: self.action, findings: self.findings, left: self.left }
    }
}

/// What is wrong with a literal part of a value.
fn problem(input: &RegisteredInput, template: &Template, found: &Fault) -> Problem {
    if is_text(template, &found.path) {
        let expected = input.ty.at(&fault::path(&found.path)).ty.to_string();
        return Problem::NeverFits { expected, found: Type::string().to_string(), inside: None };
    }
    let kind = if input.secret { found.kind.clone().concealed() } else { found.kind.clone() };
    let (message, help) = fault::words(&kind);
    Problem::Fault { code: fault::code(&kind), message, help }
}

/// Whether text with refs stands at `path`.
fn is_text(template: &Template, path: &[Step]) -> bool {
    match (template, path) {
        (Template::Text(_), []) => true,
        (Template::Array(elements), [Step::Element(index), inside @ ..]) => {
            elements.get(*index).is_some_and(|element| is_text(element, inside))
        }
        (Template::Object(members), [Step::Member(name), inside @ ..]) => {
            members.iter().any(|(member, template)| **member == **name && is_text(template, inside))
        }
        _ => false,
    }
}
