//! Whether a ref's value provably fits where it stands. What is not proven is checked when the workflow runs.

use super::templates::{Fills, Hole};
use crate::diagnostic::{Findings, Pointer, Problem};
use crate::registry::{Mode, RegisteredInput};
use crate::scope::{Found, Present};
use flowright_schema::{Checked, Type};

/// A value that could not be proven.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) pointer: Pointer,
    pub(crate) expected: String,
    pub(crate) found: String,
}

/// The values of an input that could not be proven. `checked` is what its literal parts came to.
pub(crate) fn open(input: &RegisteredInput, checked: &Checked, holes: &[Hole]) -> Vec<Left> {
    let unproven: Vec<&Hole> = holes.iter().filter(|hole| !is_proven(input, checked, hole)).collect();
    let whole = matches!(holes, [Hole { fills: Fills::Input, .. }]);
    let blamed =
        if unproven.is_empty() && checked.undecided && !whole { holes.iter().collect() } else { unproven };
    let mut left: Vec<Left> = Vec::new();
    for hole in blamed {
        if let Some(found) = &hole.found
            && left.last().is_none_or(|last| last.pointer != hole.pointer)
        {
            let expected = match hole.fills {
                Fills::Text => "string | number | boolean".to_owned(),
                Fills::Input | Fills::Element | Fills::Member => input.ty.at(&hole.path).ty.to_string(),
            };
            left.push(Left { pointer: hole.pointer.clone(), expected, found: found.ty.to_string() });
        }
    }
    left
}

/// Whether a ref, looked at alone, always yields what is asked for.
fn is_proven(input: &RegisteredInput, checked: &Checked, hole: &Hole) -> bool {
    let Some(found) = &hole.found else { return true };
    let fits_any = || !checked.undecided || input.ty.at(&hole.path).ty.is_any();
    match hole.fills {
        Fills::Input => (is_present(found) || !input.required) && fits(&found.ty, &input.ty),
        Fills::Element => is_present(found) && fits_any(),
        Fills::Member => fits_any(),
        Fills::Text => is_text(found),
    }
}

/// Whether a ref always yields what can stand in text.
pub(crate) fn is_text(found: &Found) -> bool {
    is_present(found) && found.ty.is_text()
}

pub(crate) fn is_present(found: &Found) -> bool {
    found.present == Present::Always
}

/// The refs that may yield nothing, by their types, where a value is required.
pub(crate) fn gaps<'h>(input: &'h RegisteredInput, holes: &'h [Hole]) -> impl Iterator<Item = &'h Hole> {
    holes.iter().filter(|hole| {
        let required = match hole.fills {
            Fills::Input => input.required,
            Fills::Element | Fills::Text => true,
            Fills::Member => false,
        };
        required && hole.found.as_ref().is_some_and(|found| found.present == Present::Maybe)
    })
}

/// The refs that never yield a value of the type that stands there: not even the kind is right.
pub(crate) fn misfits<'h>(
    input: &'h RegisteredInput,
    holes: &'h [Hole],
) -> impl Iterator<Item = (&'h Hole, Type, &'h Type)> {
    holes.iter().filter_map(|hole| {
        let found = hole.found.as_ref().filter(|found| !found.ty.is_never())?;
        let must_be_there = match hole.fills {
            Fills::Input => input.required,
            Fills::Element => true,
            Fills::Member => false,
            Fills::Text => return None,
        };
        let expected = input.ty.at(&hole.path).ty;
        let never = (must_be_there || is_present(found)) && found.ty.is_of_other_kind(&expected);
        never.then_some((hole, expected, &found.ty))
    })
}

/// Whether every value of `found` is one of `expected`. Decides only what needs no look inside.
fn fits(found: &Type, expected: &Type) -> bool {
    expected.is_any() || found == expected
}

/// Lists what is left to run time; in strict mode each is an error.
pub(crate) fn report(left: Vec<Left>, mode: Mode, findings: &mut Findings) {
    for Left { pointer, expected, found } in left {
        findings.left_to_run_time(pointer.clone());
        if mode == Mode::Strict {
            findings.report(pointer, Problem::CheckedAtRunTime { expected, found });
        }
    }
}
