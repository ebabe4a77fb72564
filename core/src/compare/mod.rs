//! What changed from one registry to another, and whether it can break documents.

mod actions;
mod change;
mod events;
mod inputs;
mod json;
mod rules;
mod types;
mod uses;
mod words;

pub use change::{Change, Changed, How, Parting, TypeChange};

use crate::checked::CheckedWorkflow;
use crate::registry::Registry;
use std::fmt;
use uses::Uses;

/// What changed from one registry to another, by [`Registry::compare`]: in the order of the old one, and then what is
/// new.
///
/// `Display` is text, a change a line; [`to_json`](Changes::to_json) is for programs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes(Vec<Change>);

impl Registry {
    /// What changed since an older registry, and whether it can break documents that the older one accepts.
    ///
    /// Documents give inputs and read outputs and events. So an input may take more than before, and an output or an
    /// event may be less than before; the reverse can break documents. Names that live on as aliases break nothing, nor
    /// does what is deprecated, and what is removed says whether it was deprecated before.
    ///
    /// Where nothing is [breaking](Changes::is_breaking), a document that the old registry accepts, and of which it
    /// leaves nothing to run time, is accepted still. There is one exception: a document that names what an output or
    /// an event no longer has, by a ref to an optional field, by a `match`, or by a condition that never holds now, is
    /// told so. Documents that leave values to run time may learn that these are never right. Whether a certain document
    /// is broken, only checking it against both registries tells, as `flowright check --against` does.
    ///
    /// ```
    /// use flowright::prelude::*;
    ///
    /// mod before {
    ///     use flowright::prelude::*;
    ///
    ///     /// Ring a bell.
    ///     #[engine_action]
    ///     pub fn ring(#[input(max = 9)] times: u32) {}
    /// }
    ///
    /// /// Ring a bell.
    /// #[engine_action(aliases("ring"))]
    /// fn ring_bell(#[input(max = 5)] times: u32, softly: Option<bool>) {}
    ///
    /// let old = Registry::builder().actions(actions![before::ring]).build()?;
    /// let new = Registry::builder().actions(actions![ring_bell]).build()?;
    /// let changes = new.compare(&old);
    /// assert!(changes.is_breaking());
    /// assert_eq!(
    ///     changes.to_string(),
    ///     "fine: `ring` is called `ring_bell` now, and its old name still works\n\
    ///      breaking: the input `times` of `ring` is narrower in bounds: it was `integer 0 to 9` and is \
    ///      `integer 0 to 5`; `6` is refused now\n\
    ///      fine: `ring` takes a new input `softly`, which is optional\n"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compare(&self, old: &Registry) -> Changes {
        let mut changes = Vec::new();
        actions::compare(old, self, &mut changes);
        events::compare(old, self, &mut changes);
        rules::compare(old, self, &mut changes);
        Changes(changes)
    }
}

impl Changes {
    /// Whether nothing changed that documents can notice.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many changes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Every change.
    pub fn iter(&self) -> std::slice::Iter<'_, Change> {
        self.0.iter()
    }

    /// Whether any of the changes can break documents.
    pub fn is_breaking(&self) -> bool {
        self.iter().any(Change::is_breaking)
    }

    /// The changes that concern a workflow which the old registry accepts: those of the kinds that it uses and the names
    /// that it writes, of the inputs that it gives or must give, of the outputs and events that it reads, and of the
    /// rules for all documents.
    #[must_use]
    pub fn concerning(&self, workflow: &CheckedWorkflow) -> Changes {
        let uses = Uses::of(workflow);
        Changes(self.iter().filter(|change| uses.concerns(change)).cloned().collect())
    }
}

impl<'c> IntoIterator for &'c Changes {
    type Item = &'c Change;
    type IntoIter = std::slice::Iter<'c, Change>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Changes {
    type Item = Change;
    type IntoIter = std::vec::IntoIter<Change>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A change a line: `breaking: …` or `fine: …`.
impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|change| {
            let weight = if change.is_breaking() { "breaking" } else { "fine" };
            writeln!(f, "{weight}: {change}")
        })
    }
}
