//! Changes of a document that make it mean what was most likely meant.

mod draft;
mod edges;
mod ids;
mod mend;
mod node;
mod removal;
mod report;

pub(crate) use draft::edited;
pub use report::{Repair, Repaired, Unrepaired};

use crate::check;
use crate::diagnostic::{Edit, Findings, Pointer, Report};
use crate::registry::{Builtin, Registry, Trigger};
use crate::source::Source;
use crate::workflow::{DEEPEST, Document, read};
use draft::Draft;
use mend::{Asked, Mended, Mender, Work};
use node::{Node, Says};
use std::collections::BTreeMap;

/// How often one repair is followed by those that it makes possible.
const MOST_ROUNDS: usize = 32;

/// Repairs a document whose event is of the trigger's type.
pub(crate) fn repair(registry: &Registry, source: &Source, trigger: &Trigger) -> Repaired {
    let mut draft = Draft::new(source.as_str());
    let mut now = source.clone();
    let mut repairs = Vec::new();
    let mut unrepaired = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let mut round = Round { registry, source: &now, mended: Vec::new(), unrepaired: Vec::new() };
        round.look(trigger);
        unrepaired = round.unrepaired;
        let mended = in_order(round.mended);
        if mended.is_empty() {
            break;
        }
        let mut edits = Vec::new();
        for Mended { pointer, description, edits: own } in mended {
            edits.extend(own.into_iter().map(|edit| (edit, repairs.len())));
            repairs.push(Repair { description, pointer, edits: Vec::new() });
        }
        edits.sort_by_key(|(edit, _)| edit.range().start);
        draft.apply(&edits);
        now = now.with_text(draft.text());
    }
    let (edits, undone) = draft.into_edits();
    for (owner, edit) in edits {
        if let Some(repair) = repairs.get_mut(owner) {
            repair.edits.push(edit);
        }
    }
    let mut position = 0;
    repairs.retain(|repair| {
        position += 1;
        !repair.edits.is_empty() || !undone.contains(&(position - 1))
    });
    let check = check::check(registry, &now, trigger);
    Repaired { source: now, repairs, unrepaired, check }
}

/// A document that is not repaired, because it cannot be checked.
pub(crate) fn refuse(source: Source, report: Report) -> Repaired {
    Repaired { source, repairs: Vec::new(), unrepaired: Vec::new(), check: Err(report) }
}

/// In the order of the text, without those that overlap an earlier one.
fn in_order(mended: Vec<Mended>) -> Vec<Mended> {
    let mut claimed: BTreeMap<usize, usize> = BTreeMap::new();
    let mut kept: Vec<Mended> = Vec::with_capacity(mended.len());
    for mended in mended {
        let is_free = |edit: &Edit| {
            let before = claimed.range(..edit.range().end).next_back();
            before.is_none_or(|(_, end)| *end <= edit.range().start)
        };
        if !mended.edits.is_empty() && mended.edits.iter().all(is_free) {
            claimed.extend(mended.edits.iter().map(|edit| (edit.range().start, edit.range().end)));
            kept.push(mended);
        }
    }
    kept.sort_by_key(|mended| mended.edits.first().map(|edit| edit.range().start));
    kept
}

/// One look at a document.
struct Round<'r> {
    registry: &'r Registry,
    source: &'r Source,
    mended: Vec<Mended>,
    unrepaired: Vec<Unrepaired>,
}

impl Round<'_> {
    fn look(&mut self, trigger: &Trigger) {
        let limits = self.registry.limits();
        let mut findings = Findings::new(limits);
        let Some(document) = read(self.source, limits, &mut findings) else { return };
        let Some(mut root) = Node::of_document(self.source, limits.nesting.min(DEEPEST)) else { return };
        let ids = check::ids::check(&document, &mut findings);
        self.mended = edges::conditions(self.registry, &root, &document, &ids);
        let (renamed, unrepaired) = ids::distinct(&root, &document);
        self.mended.extend(renamed);
        self.unrepaired = unrepaired;
        self.values(&document, &mut root);
        self.fixes(trigger);
        if self.mended.is_empty() {
            // Last, so that until now every edge stood where it was.
            self.mended = edges::needless(self.source.as_str(), &root, &document, &ids);
        }
    }

    /// Inputs whose values were saved as text.
    fn values(&mut self, document: &Document, root: &mut Node) {
        /// The document, its actions, the action.
        const AROUND_INPUTS: usize = 3;
        let Says::Object(members) = &mut root.says else { return };
        let Some(actions) = members.iter_mut().find(|member| member.name == "actions") else { return };
        let Says::Array(actions) = &mut actions.value.says else { return };
        let work = Work::default();
        let nesting = self.registry.limits().nesting.min(DEEPEST);
        let mut mender = Mender::new(self.source.as_str(), nesting, &work);
        for (at, (action, node)) in document.actions.iter().zip(actions).enumerate() {
            let Some(position) = action.kind.as_deref().and_then(|kind| self.registry.position(kind)) else {
                continue;
            };
            let registered = self.registry.registered(position);
            let Says::Object(members) = &mut node.says else { continue };
            let Some(inputs) = members.iter_mut().find(|member| member.name == "inputs") else { continue };
            let inputs = &mut inputs.value;
            let here = Pointer::root().member("actions").element(at).member("inputs");
            if registered.builtin == Some(Builtin::If) {
                let condition = |name: &str| registered.input(name).is_some();
                let condition = inputs.members().iter().find(|member| condition(&member.name));
                if let Some(member) = condition {
                    mender.condition(&member.value, &here.member(&member.name), AROUND_INPUTS + 1);
                }
                continue;
            }
            mender.members(inputs, &here, AROUND_INPUTS, &|name| {
                let input = registered.inputs.get(registered.input(name)?)?;
                Some(Asked { ty: input.ty.clone(), optional: !input.required, secret: input.secret })
            });
        }
        self.mended.extend(mender.mended);
    }

    /// Names for which the checker knows better ones.
    fn fixes(&mut self, trigger: &Trigger) {
        let report = check::fixes(self.registry, self.source, trigger);
        let fixes = report.iter().filter_map(|found| found.fixes().first());
        self.mended.extend(fixes.map(|fix| Mended {
            pointer: fix.pointer().clone(),
            description: fix.description().to_owned(),
            edits: fix.edits().to_vec(),
        }));
    }
}
