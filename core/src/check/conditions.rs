//! A conditional edge tests one ref.

use super::edges::pointer;
use crate::diagnostic::{Findings, Problem};
use crate::graph::Edge;
use crate::plan::{EdgeTest, Holds};
use crate::reference::{self, Parsed};
use crate::scope::{Scope, Site};
use crate::template::Place;
use crate::workflow::{Conditional, Test};

/// What a conditional edge tests; `None` for an edge without a condition, and for one that was reported.
pub(crate) fn check(
    scope: &Scope<'_>,
    at: usize,
    edge: Option<Edge>,
    findings: &mut Findings,
) -> Option<EdgeTest> {
    let conditional = scope.document.edges[at].conditional.as_ref()?;
    let written = conditional.reference.as_deref()?;
    let here = || pointer(at).member("conditional").member("ref");
    let reference = match reference::parse(written, scope.registry.limits().path_segments) {
        Ok(Parsed::Ref(reference)) => reference,
        Ok(Parsed::Plain | Parsed::Literal(_) | Parsed::Text(_)) => {
            findings.report(here(), Problem::NotARef);
            return None;
        }
        Err(faults) => {
            for fault in faults {
                findings.report_in_text(here(), fault.span, Problem::Ref(fault.kind));
            }
            return None;
        }
    };
    match scope.find(&reference, Site::Edge(edge.map(|edge| edge.from)), !findings.is_full()) {
        Ok(found) => test(found.place, conditional),
        Err(lost) => {
            findings.report_in_text(here(), lost.span, lost.problem);
            test(lost.place?, conditional)
        }
    }
}

fn test(place: Place, conditional: &Conditional) -> Option<EdgeTest> {
    let holds = match conditional.test.as_ref()? {
        Test::If => Holds::Truthy,
        Test::Else => Holds::Falsy,
        Test::Match(value) => Holds::Equal(value.clone()),
    };
    Some(EdgeTest { place, holds })
}
