//! How strictly all documents are checked.

use super::actions::is_error;
use super::change::{Change, Changed};
use crate::diagnostic::Code;
use crate::limits::Limits;
use crate::registry::{Mode, Registry};

pub(super) fn compare(old: &Registry, new: &Registry, changes: &mut Vec<Change>) {
    let (from, to) = (old.mode(), new.mode());
    if strictness(to) > strictness(from) {
        changes.push(Change::of_rules(Changed::ModeStricter { from, to }));
    }
    let raised = Code::ALL.iter().filter(|code| is_error(new, **code) && !is_error(old, **code));
    changes.extend(raised.map(|code| Change::of_rules(Changed::LevelRaised { code: *code })));
    let limits = of_documents(old.limits()).into_iter().zip(of_documents(new.limits()));
    changes.extend(
        limits
            .filter(|((_, from), (_, to))| to < from)
            .map(|((limit, from), (_, to))| Change::of_rules(Changed::LimitLowered { limit, from, to })),
    );
}

fn strictness(mode: Mode) -> u8 {
    match mode {
        Mode::Lenient => 0,
        Mode::Default => 1,
        Mode::Strict => 2,
    }
}

/// The limits that a document can exceed before it runs.
fn of_documents(limits: &Limits) -> [(&'static str, usize); 6] {
    [
        ("document_bytes", limits.document_bytes),
        ("actions", limits.actions),
        ("edges", limits.edges),
        ("nesting", limits.nesting),
        ("path_segments", limits.path_segments),
        ("rule_depth", limits.rule_depth),
    ]
}
