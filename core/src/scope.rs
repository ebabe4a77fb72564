//! What stands at a ref: where it is in the state, and what is known of it.

use crate::check::{Ids, Leave, Order, Places};
use crate::diagnostic::Problem;
use crate::graph::From;
use crate::presence::Presence as Completion;
use crate::reference::{RefRoot, Reference};
use crate::registry::{Registered, Registry, Trigger};
use crate::suggest::Suggestions;
use crate::template::{Place, Root};
use crate::workflow::Document;
use flowright_schema::{Access, Path, Presence, Segment, Type};
use std::ops::Range;

/// What refs in a document may lead to.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    pub(crate) registry: &'s Registry,
    pub(crate) trigger: &'s Trigger,
    pub(crate) document: &'s Document,
    pub(crate) ids: &'s Ids<'s>,
    /// Of each action: its definition, by position in the registry.
    pub(crate) kinds: &'s [Option<usize>],
    pub(crate) order: &'s Order,
    pub(crate) suggestions: &'s Suggestions,
    pub(crate) places: &'s Places,
    pub(crate) leave: &'s Leave,
    pub(crate) presence: &'s Completion,
}

/// Where a ref stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Site {
    /// In an input of an action.
    Input(usize),
    /// In the condition of an edge; `None` where it is not known whence the edge leads.
    Edge(Option<From>),
}

/// What a ref leads to.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) place: Place,
    pub(crate) ty: Type,
    pub(crate) present: Present,
}

impl Found {
    /// What is said of a ref when a mistake elsewhere hides where it leads; its document is never run.
    fn anything() -> Self {
        let place = Place { root: Root::Event, path: Path::default() };
        Found { place, ty: Type::any(), present: Present::Unknown }
    }
}

/// Whether something is there when the ref is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Present {
    Always,
    /// Its type says that it may be absent.
    Maybe,
    /// The action whose output it is may be skipped: that is so where the edge at this position is not taken.
    Skipped {
        action: usize,
        edge: usize,
    },
    /// Nothing is known.
    Unknown,
}

/// A ref that leads nowhere: the part of it at fault, and why.
#[derive(Debug)]
pub(crate) struct Lost {
    pub(crate) span: Range<usize>,
    pub(crate) problem: Problem,
    /// Where it leads nevertheless, where that is clear: a level may leave the ref to run time.
    pub(crate) place: Option<Place>,
}

impl<'s> Scope<'s> {
    pub(crate) fn registered(&self, action: usize) -> Option<&'s Registered> {
        self.kinds[action].map(|kind| self.registry.registered(kind))
    }

    /// What a ref leads to. Where it is lost and not `listed`, nobody reads what is said of it.
    pub(crate) fn find(&self, reference: &Reference, site: Site, listed: bool) -> Result<Found, Box<Lost>> {
        let at_root = |problem| Box::new(Lost { span: reference.root_span.clone(), problem, place: None });
        let (root, completes) = match &reference.root {
            RefRoot::Event => (Root::Event, Present::Always),
            RefRoot::State(id) => {
                let Some(action) = self.ids.get(id) else {
                    if self.ids.some_are_missing() {
                        return Ok(Found::anything());
                    }
                    let near = self.suggestions.nearest_id(id, self.ids.names());
                    return Err(at_root(Problem::UnknownStateAction { id: id.clone(), nearest: near }));
                };
                self.upstream(action, site).map_err(at_root)?;
                (Root::Output(action), self.completes(action, site))
            }
            RefRoot::Output => match site {
                Site::Input(_) => return Err(at_root(Problem::OutputOutsideEdge)),
                Site::Edge(Some(From::Source)) => return Err(at_root(Problem::OutputAtSource)),
                // The condition is looked at only when the edge's own action completed.
                Site::Edge(Some(From::Action(from))) => (Root::Output(from), Present::Always),
                Site::Edge(None) => return Ok(Found::anything()),
            },
        };
        let access = self.access(root, &reference.path, site);
        let place = Place { root, path: reference.path.clone() };
        match access.presence {
            Presence::Never => Err(Box::new(self.lost(reference, access.lost.filter(|_| listed), place))),
            presence => {
                let present = match (completes, presence) {
                    (Present::Always, Presence::Always) => Present::Always,
                    (Present::Always, _) if access.ty.is_any() => Present::Unknown,
                    (Present::Always, _) => Present::Maybe,
                    (otherwise, _) => otherwise,
                };
                Ok(Found { place, ty: access.ty, present })
            }
        }
    }

    /// Whether an action that runs before has completed where a ref to it stands.
    fn completes(&self, action: usize, site: Site) -> Present {
        let behind = match site {
            Site::Input(here) => here,
            Site::Edge(Some(From::Action(from))) if from == action => return Present::Always,
            Site::Edge(Some(From::Action(from))) => from,
            Site::Edge(_) => return Present::Unknown,
        };
        let is_certain = self.order.is_certain(behind) && self.order.is_certain(action);
        match self.presence.completed(action, Some(behind)) {
            Ok(()) => Present::Always,
            Err(Some(edge)) if is_certain => Present::Skipped { action, edge },
            Err(_) => Present::Unknown,
        }
    }

    /// What is at a path of a value of the state, as far as is known where a ref to it stands.
    fn access(&self, root: Root, path: &Path, site: Site) -> Access {
        let ty = self.type_of(root);
        let behind = match site {
            Site::Input(action) | Site::Edge(Some(From::Action(action))) => Some(action),
            Site::Edge(_) => None,
        };
        let narrower = self.presence.narrowed(root, &ty, path, behind).map(|narrower| narrower.at(path));
        // What conditions rule out is still a field that there can be.
        narrower
            .filter(|access| access.presence != Presence::Never)
            .unwrap_or_else(|| self.registry.memo().at(&ty, path))
    }

    /// The type of a value of the state; of an unknown kind nothing is known.
    pub(crate) fn type_of(&self, root: Root) -> Type {
        match root {
            Root::Event => self.trigger.ty().clone(),
            Root::Output(action) => {
                self.registered(action).map_or_else(Type::any, |registered| registered.output.clone())
            }
        }
    }

    /// What is at a place, where its producer completed.
    pub(crate) fn at(&self, place: &Place) -> Access {
        self.registry.memo().at(&self.type_of(place.root), &place.path)
    }

    /// The same as far as is known where a ref to it stands.
    pub(crate) fn narrowed(&self, place: &Place, site: Site) -> Access {
        self.access(place.root, &place.path, site)
    }

    fn upstream(&self, ancestor: usize, site: Site) -> Result<(), Problem> {
        let id = |action: usize| self.document.actions[action].id().to_owned();
        let not_upstream = |from: String| Problem::NotUpstream { from, to: id(ancestor) };
        match site {
            Site::Input(action) if self.order.is_not_before(ancestor, action) => {
                Err(not_upstream(id(action)))
            }
            Site::Edge(Some(From::Source)) => Err(not_upstream("$source".to_owned())),
            Site::Edge(Some(From::Action(from)))
                if from != ancestor && self.order.is_not_before(ancestor, from) =>
            {
                Err(not_upstream(id(from)))
            }
            Site::Input(_) | Site::Edge(_) => Ok(()),
        }
    }

    fn lost(&self, reference: &Reference, lost: Option<flowright_schema::Lost>, place: Place) -> Lost {
        let (span, problem) = match lost {
            None => {
                let (field, container) = (reference.path.to_string(), Type::never().to_string());
                let problem = Problem::UnknownField { field, container, nearest: None, known: Vec::new() };
                (reference.span.clone(), problem)
            }
            Some(flowright_schema::Lost { segment, container }) => {
                let span = reference.segment_spans.get(segment).unwrap_or(&reference.span).clone();
                let segment = reference.path.segments().get(segment);
                let name = segment.and_then(Segment::as_member);
                let field = name.map(str::to_owned).or_else(|| segment.map(ToString::to_string));
                let known = container.property_names();
                let nearest =
                    name.and_then(|name| self.suggestions.nearest(name, known.iter().map(String::as_str)));
                let (field, container) = (field.unwrap_or_default(), container.to_string());
                (span, Problem::UnknownField { field, container, nearest, known })
            }
        };
        Lost { span, problem, place: Some(place) }
    }
}
