//! Every action is of a kind that the registry has.

use crate::diagnostic::{Findings, Pointer, Problem};
use crate::registry::Registry;
use crate::suggest::Suggestions;
use crate::workflow::Document;

/// The definition of each action, by its position in the registry.
pub(crate) fn check(
    registry: &Registry,
    document: &Document,
    suggestions: &Suggestions,
    findings: &mut Findings,
) -> Vec<Option<usize>> {
    let actions = document.actions.iter().enumerate();
    actions
        .map(|(at, action)| {
            let kind = action.kind.as_deref()?;
            let pointer = || Pointer::root().member("actions").element(at).member("kind");
            let Some(position) = registry.position(kind) else {
                let near = suggestions.nearest(kind, registry.names());
                let known = registry.kinds().map(str::to_owned).collect();
                findings
                    .report(pointer(), Problem::UnknownKind { kind: kind.to_owned(), nearest: near, known });
                return None;
            };
            if let Some(advice) = registry.registered(position).definition.deprecated() {
                let what = format!("kind `{kind}`");
                findings.report(pointer(), Problem::Deprecated { what, advice: Some(advice.to_owned()) });
            }
            Some(position)
        })
        .collect()
}
