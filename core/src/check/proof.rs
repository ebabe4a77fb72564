//! Whether a ref's value provably fits where it stands. What is not proven is checked when the workflow runs.

use super::templates::{Fills, Hole};
use super::written::Written;
use crate::diagnostic::{Code, Findings, Pointer, Problem};
use crate::registry::{Mode, RegisteredInput, Registry};
use crate::scope::{Found, Present};
use crate::template::Template;
use flowright_schema::{Checked, Path, Type};

/// A value that could not be proven.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) pointer: Pointer,
    /// The type that is required there; in text, what can stand in text.
    pub(crate) expected: Option<Type>,
    pub(crate) found: Type,
}

/// What is known of a ref's value where it stands.
#[derive(Debug, PartialEq)]
pub(crate) enum Judged {
    Proven,
    /// It may fit or not.
    Open,
    /// Its type says that it may be absent, and a value is required.
    MayBeAbsent,
    /// Not even the kind of value is right.
    NeverFits,
}

/// Judges a ref of an input whose literal parts came to `checked`; `expected` is the type where it stands.
pub(crate) fn judge(input: &RegisteredInput, checked: &Checked, hole: &Hole, expected: &Type) -> Judged {
    let Hole { found, fills, .. } = hole;
    let required = match fills {
        Fills::Input => input.required,
        Fills::Element | Fills::Text => true,
        Fills::Member => false,
    };
    let is_there = is_present(found);
    if *fills != Fills::Text && (required || is_there) && found.ty.is_of_other_kind(expected) {
        return Judged::NeverFits;
    }
    if required && found.present == Present::Maybe {
        return Judged::MayBeAbsent;
    }
    let fits_inside = || !checked.undecided || expected.is_any();
    let proven = match fills {
        Fills::Input => (is_there || !required) && (expected.is_any() || found.ty == *expected),
        Fills::Element => is_there && fits_inside(),
        Fills::Member => fits_inside() && (is_there || owner(input, hole).is_any()),
        Fills::Text => is_text(found) && takes_any_text(expected),
    };
    if proven { Judged::Proven } else { Judged::Open }
}

/// Whether a ref always yields what can stand in text.
pub(crate) fn is_text(found: &Found) -> bool {
    is_present(found) && found.ty.is_text()
}

pub(crate) fn is_present(found: &Found) -> bool {
    found.present == Present::Always
}

fn takes_any_text(expected: &Type) -> bool {
    let checked = expected.check(Written::Template(&Template::Text(Box::default())));
    checked.faults.is_empty() && !checked.undecided
}

/// The type of the object that a member belongs to.
fn owner(input: &RegisteredInput, hole: &Hole) -> Type {
    let owner: Path =
        hole.path.segments().split_last().map_or(&[][..], |(_, owner)| owner).iter().cloned().collect();
    input.ty.at(&owner).ty
}

/// Lists what is left to run time, and reports it: as errors in strict mode, else where a level asks for it.
pub(crate) fn report(left: Vec<Left>, registry: &Registry, findings: &mut Findings) {
    let reported = registry.mode() == Mode::Strict || registry.levels().contains_key(&Code::CheckedAtRunTime);
    for Left { pointer, expected, found } in left {
        if reported && !findings.is_full() {
            let expected =
                expected.map_or_else(|| "string | number | boolean".to_owned(), |ty| ty.to_string());
            findings
                .report(pointer.clone(), Problem::CheckedAtRunTime { expected, found: found.to_string() });
        }
        findings.left_to_run_time(pointer);
    }
}
