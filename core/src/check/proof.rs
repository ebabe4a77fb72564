//! Whether a ref's value provably fits where it stands. What is not proven is checked when the workflow runs.

use super::templates::{Fills, Hole};
use crate::diagnostic::{Findings, Pointer, Problem};
use crate::registry::{Mode, RegisteredInput};
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
            let expected = input.ty.at(&hole.path).ty.to_string();
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
        Fills::Input => (found.present || !input.required) && fits(&found.ty, &input.ty),
        Fills::Element => found.present && fits_any(),
        Fills::Member => fits_any(),
        Fills::Text => found.present && found.ty.is_text(),
    }
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
