//! What was repaired, and what came of it.

use crate::checked::CheckedWorkflow;
use crate::diagnostic::{Edit, Pointer, Report};
use crate::source::Source;

/// A document that was repaired as far as its types and names tell: [`Registry::repair`](crate::Registry::repair).
#[derive(Clone, Debug)]
pub struct Repaired {
    pub(super) source: Source,
    pub(super) repairs: Vec<Repair>,
    pub(super) unrepaired: Vec<Unrepaired>,
    pub(super) check: Result<CheckedWorkflow, Report>,
}

impl Repaired {
    /// The repaired text, under the name of the one that was read. [`Source::write_to`] writes it to a file.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// What was changed, in the order of the text as far as one repair did not call for another. Applied together, the
    /// edits of all repairs make the repaired text.
    pub fn repairs(&self) -> &[Repair] {
        &self.repairs
    }

    /// What looks as if it could be repaired, and why it was not.
    pub fn unrepaired(&self) -> &[Unrepaired] {
        &self.unrepaired
    }

    /// The repaired text, checked: it may run, or here is what is still wrong with it.
    pub fn check(&self) -> &Result<CheckedWorkflow, Report> {
        &self.check
    }
}

/// One change of a document that makes it mean what was most likely meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Repair {
    pub(super) description: String,
    pub(super) pointer: Pointer,
    pub(super) edits: Vec<Edit>,
}

impl Repair {
    /// What it does, such as ``write the number 7 in place of the text `"7"` ``. A secret is not repeated in it.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The member of the document, by the names and positions that it has when it is repaired.
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// The changes to the text that was read. None where they are a part of what another repair writes.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }
}

/// A mistake that has no repair, because there are several.
#[derive(Clone, Debug, PartialEq)]
pub struct Unrepaired {
    pointer: Pointer,
    reason: String,
}

impl Unrepaired {
    pub(super) fn new(pointer: Pointer, reason: String) -> Self {
        Unrepaired { pointer, reason }
    }

    /// The member of the repaired document.
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// Why it was left as it is.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}
