//! What a ref may lead to, and how it fits where it would stand.

use super::values::Hole;
use super::{PresenceInScope, RefInScope, VerdictInScope};
use crate::check::{Known, Places, inputs, levels, proof};
use crate::diagnostic::{Code, Findings, Pointer};
use crate::graph::{From, Graph};
use crate::reference::{RefRoot, Reference};
use crate::scope::{Found, Present, Scope, Site};
use flowright_schema::{Path, Segment, Type};
use serde_json::Value;
use std::collections::VecDeque;

/// How many refs are listed, how many of them from one root, and how many steps inside it they lead.
const MOST: usize = 200;
const MOST_OF_A_ROOT: usize = 50;
const DEEPEST: usize = 4;
/// How many bytes of values are judged, all refs together.
const MOST_BYTES: usize = 20_000_000;

pub(super) fn in_input(scope: &Scope<'_>, known: &Known, hole: &Hole<'_>) -> (Vec<RefInScope>, bool) {
    // A large value that the ref is a small part of is judged as a whole for each.
    let size = if hole.way().is_empty() { 0 } else { hole.filled(Value::Null).to_string().len() };
    let most = (MOST_BYTES / (size + 1)).clamp(1, MOST);
    let roots = std::iter::once(RefRoot::Event).chain(before(
        scope,
        &known.graph,
        known.graph.parents(hole.action).iter().copied(),
    ));
    listed(scope, Site::Input(hole.action), roots, most, |written| match judge(scope, hole, written.into()) {
        Ok(true) => VerdictInScope::CheckedAtRunTime,
        Ok(false) => VerdictInScope::Fits,
        Err(code) => VerdictInScope::Refused(code),
    })
}

pub(super) fn in_condition(scope: &Scope<'_>, known: &Known, from: From) -> (Vec<RefInScope>, bool) {
    let (output, actions) = match from {
        From::Source => (None, None),
        From::Action(action) => (Some(RefRoot::Output), Some(action)),
    };
    let before = before(scope, &known.graph, actions);
    let roots = output.into_iter().chain([RefRoot::Event]).chain(before);
    listed(scope, Site::Edge(Some(from)), roots, MOST, |_| VerdictInScope::Fits)
}

/// Whether a value at a place is left to run time; the code of the error where it is one.
pub(super) fn judge(scope: &Scope<'_>, hole: &Hole<'_>, value: Value) -> Result<bool, Code> {
    let scope = Scope { places: &Places::default(), ..*scope };
    let mut findings = Findings::with_levels(scope.registry.limits(), levels(scope.registry));
    let mut left = Vec::new();
    inputs::judge(&scope, hole.action, hole.name, &hole.filled(value), &mut findings, &mut left);
    let whole = Pointer::of_input(hole.action, hole.name);
    let here = hole.way().iter().fold(whole, |pointer, step| pointer.member(step));
    let is_left = left.iter().any(|left| is_around(&left.pointer, &here));
    proof::report(left, scope.registry, &mut findings);
    match findings.errors().find(|(_, pointer)| is_around(pointer, &here)) {
        Some((code, _)) => Err(code),
        None => Ok(is_left),
    }
}

/// Whether the place is what stands at the pointer, or a part of it.
fn is_around(pointer: &Pointer, place: &Pointer) -> bool {
    let rest = place.as_str().strip_prefix(pointer.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The outputs of these actions and of those before them, the nearest first.
fn before<'s>(
    scope: &'s Scope<'_>,
    graph: &'s Graph,
    nearest: impl IntoIterator<Item = usize>,
) -> impl Iterator<Item = RefRoot> + 's {
    let mut seen = vec![false; scope.document.actions.len()];
    let mut next = VecDeque::new();
    for action in nearest {
        if !std::mem::replace(&mut seen[action], true) {
            next.push_back(action);
        }
    }
    std::iter::from_fn(move || {
        let action = next.pop_front()?;
        for &parent in graph.parents(action) {
            if !std::mem::replace(&mut seen[parent], true) {
                next.push_back(parent);
            }
        }
        Some(action)
    })
    .filter_map(|action| {
        let id = scope.document.actions[action].id.clone()?;
        (scope.ids.get(&id) == Some(action)).then_some(RefRoot::State(id))
    })
}

/// The first refs from these roots, and whether there are more.
fn listed(
    scope: &Scope<'_>,
    site: Site,
    roots: impl Iterator<Item = RefRoot>,
    most: usize,
    verdict: impl Fn(&str) -> VerdictInScope,
) -> (Vec<RefInScope>, bool) {
    let mut refs = Vec::new();
    let mut cut = false;
    for root in roots {
        let mut next = VecDeque::from([Path::default()]);
        let mut of_root = 0;
        while let Some(path) = next.pop_front() {
            let depth = path.segments().len();
            let reference = led(root.clone(), path);
            let Ok(found) = scope.find(&reference, site, false) else { continue };
            if of_root == MOST_OF_A_ROOT || refs.len() == most {
                cut = true;
                break;
            }
            of_root += 1;
            if depth < DEEPEST {
                let inside = inside(&found.ty).into_iter();
                let paths = inside.map(|segment| {
                    reference.path.segments().iter().cloned().chain([segment]).collect::<Path>()
                });
                next.extend(paths.take(MOST_OF_A_ROOT + 1));
            } else {
                cut |= !inside(&found.ty).is_empty();
            }
            let written = reference.to_string();
            refs.push(RefInScope {
                ty: found.ty.to_string(),
                presence: presence(&found),
                nullable: found.ty.accepts(&Value::Null),
                verdict: verdict(&written),
                reference: written,
            });
        }
        if refs.len() == most && cut {
            break;
        }
    }
    (refs, cut)
}

fn led(root: RefRoot, path: Path) -> Reference {
    Reference { root, path, span: 0..0, root_span: 0..0, segment_spans: Vec::new() }
}

/// The steps that lead into values of a type: to its members, and to an array's first element.
fn inside(ty: &Type) -> Vec<Segment> {
    if ty.is_any() {
        return Vec::new();
    }
    let members = ty.property_names().into_iter().map(|name| Segment::shorthand(&name));
    let first = Path::from(vec![Segment::Element(0)]);
    let element = ty.at(&first).presence != flowright_schema::Presence::Never;
    members.chain(element.then_some(Segment::Element(0))).collect()
}

fn presence(found: &Found) -> PresenceInScope {
    match found.present {
        Present::Always => PresenceInScope::Always,
        Present::Maybe => PresenceInScope::MayBeAbsent,
        Present::Skipped { .. } => PresenceInScope::MayBeSkipped,
        Present::Unknown => PresenceInScope::Unknown,
    }
}
