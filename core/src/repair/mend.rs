//! Values that do not fit their type, and do once what is written in their text is taken for the value.

use super::draft::edited;
use super::node::{Member, Node, Says};
use super::removal::removals;
use crate::diagnostic::{Edit, Pointer, quoted, shown};
use crate::reference::{self, Parsed};
use flowright_schema::{Path, Presence, Segment, Type};
use std::cell::Cell;
use std::collections::HashSet;

/// How many values are judged at most, each as often as it is.
const MOST_WORK: usize = 20_000_000;

/// How far back the begin of a line is looked for.
const LONGEST_LINE: usize = 1_000;

/// A change of one value.
#[derive(Debug)]
pub(super) struct Mended {
    pub(super) pointer: Pointer,
    pub(super) description: String,
    pub(super) edits: Vec<Edit>,
}

/// What is left of the work that one document may take.
pub(super) struct Work(Cell<usize>);

impl Default for Work {
    fn default() -> Self {
        Work(Cell::new(MOST_WORK))
    }
}

impl Work {
    /// Whether a value of this weight may still be judged.
    fn allows(&self, weight: usize) -> bool {
        let left = self.0.get().checked_sub(weight);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// What a member of an object, or an input of an action, may be.
pub(super) struct Asked {
    pub(super) ty: Type,
    /// Whether it may be left out.
    pub(super) optional: bool,
    pub(super) secret: bool,
}

/// Mends the values of one text.
pub(super) struct Mender<'t> {
    text: &'t str,
    /// How many arrays and objects may stand inside each other in it.
    nesting: usize,
    work: &'t Work,
    secret: bool,
    pub(super) mended: Vec<Mended>,
}

impl<'t> Mender<'t> {
    pub(super) fn new(text: &'t str, nesting: usize, work: &'t Work) -> Self {
        Mender { text, nesting, work, secret: false, mended: Vec::new() }
    }

    /// Mends the members of an object that stands `depth` deep, by what is asked of each name.
    pub(super) fn members(
        &mut self,
        object: &mut Node,
        at: &Pointer,
        depth: usize,
        asked: &dyn Fn(&str) -> Option<Asked>,
    ) {
        let Says::Object(members) = &mut object.says else { return };
        let mut left_out = Vec::new();
        for (position, member) in members.iter_mut().enumerate().filter(|(_, member)| !member.repeated) {
            let Some(asked) = asked(&member.name) else { continue };
            let outer = self.secret;
            self.secret |= asked.secret;
            let here = at.member(&member.name);
            if asked.optional && is_cleared(&member.value) && !asked.ty.accepts(&member.value) {
                left_out.push((position, here, self.left_out(member)));
            } else {
                self.value(&asked.ty, &mut member.value, &here, depth + 1);
            }
            self.secret = outer;
        }
        // What a later member of the same name says would be heard.
        let repeated: HashSet<&str> =
            members.iter().filter(|member| member.repeated).map(|member| member.name.as_str()).collect();
        left_out.retain(|(position, ..)| {
            members.get(*position).is_some_and(|member| !repeated.contains(member.name.as_str()))
        });
        if left_out.is_empty() {
            return;
        }
        let spans: Vec<_> = members.iter().map(|member| member.named.start..member.value.span.end).collect();
        let positions: Vec<usize> = left_out.iter().map(|(position, ..)| *position).collect();
        let removals = removals(self.text, &object.span, &spans, &positions);
        for ((_, pointer, description), ranges) in left_out.into_iter().zip(removals) {
            let edits = ranges.into_iter().map(|range| Edit::new(range, String::new())).collect();
            self.mended.push(Mended { pointer, description, edits });
        }
        let mut position = 0;
        members.retain(|_| {
            position += 1;
            positions.binary_search(&(position - 1)).is_err()
        });
    }

    /// Mends a value, as far as what is written in its text tells.
    pub(super) fn value(&mut self, ty: &Type, node: &mut Node, at: &Pointer, depth: usize) {
        if !self.work.allows(node.weight) || ty.accepts(&*node) {
            return;
        }
        match &node.says {
            Says::String(_) => self.string(ty, node, at, depth),
            Says::Array(_) | Says::Object(_) => match &*ty.branches() {
                [only] => self.parts(only, node, at, depth),
                branches => self.choice(ty, branches, node, at, depth),
            },
            Says::Null | Says::Boolean(_) | Says::Number(_) => {}
        }
    }

    fn parts(&mut self, ty: &Type, node: &mut Node, at: &Pointer, depth: usize) {
        if let Says::Array(elements) = &mut node.says {
            for (position, element) in elements.iter_mut().enumerate() {
                let segment = Segment::Element(i64::try_from(position).unwrap_or(i64::MAX));
                let part = ty.at(&Path::from(vec![segment])).ty;
                self.value(&part, element, &at.element(position), depth + 1);
            }
            return;
        }
        self.members(node, at, depth, &|name| {
            let access = ty.at(&Path::from(vec![Segment::Member(name.into())]));
            let optional = access.presence != Presence::Always;
            (access.presence != Presence::Never).then_some(Asked { ty: access.ty, optional, secret: false })
        });
    }

    /// Mends a value of one of several types: as the first that it is of then, or as far as the only one goes that
    /// changes anything.
    fn choice(&mut self, ty: &Type, branches: &[Type], node: &mut Node, at: &Pointer, depth: usize) {
        let before = self.mended.len();
        let mut partly: Option<(Node, Vec<Mended>)> = None;
        let mut changing = 0;
        for branch in branches.iter().filter(|branch| may_be_meant(branch, node)) {
            let mut tried = node.clone();
            self.value(branch, &mut tried, at, depth);
            let mended = self.mended.split_off(before);
            if mended.is_empty() {
                continue;
            }
            if self.work.allows(tried.weight) && ty.accepts(&tried) {
                *node = tried;
                self.mended.extend(mended);
                return;
            }
            changing += 1;
            partly = Some((tried, mended));
        }
        if let Some((tried, mended)) = partly.filter(|_| changing == 1) {
            *node = tried;
            self.mended.extend(mended);
        }
    }

    /// A text that is the JSON of what is asked for.
    fn string(&mut self, ty: &Type, node: &mut Node, at: &Pointer, depth: usize) {
        let Some(text) = node.as_str() else { return };
        let Some((inner, replacement)) = self.read(Some(ty), text, at, depth) else { return };
        let description = self.in_place_of(&inner, &replacement, text);
        let replacement = self.indented(&replacement, node.span.start);
        let edits = vec![Edit::new(node.span.clone(), replacement)];
        node.says = inner.says;
        node.weight = inner.weight;
        self.mended.push(Mended { pointer: at.clone(), description, edits });
    }

    /// The condition of a `builtin:if` that was saved as text.
    pub(super) fn condition(&mut self, node: &Node, at: &Pointer, depth: usize) {
        let Some(text) = node.as_str() else { return };
        let Some((inner, replacement)) = self.read(None, text, at, depth) else { return };
        if !matches!(inner.says, Says::Boolean(_) | Says::Object(_)) {
            return;
        }
        let description = self.in_place_of(&inner, &replacement, text);
        let replacement = self.indented(&replacement, node.span.start);
        let edits = vec![Edit::new(node.span.clone(), replacement)];
        self.mended.push(Mended { pointer: at.clone(), description, edits });
    }

    /// What a text is as JSON, mended by itself, and that as text; `None` where it is not what is asked for.
    fn read(&mut self, ty: Option<&Type>, text: &str, at: &Pointer, depth: usize) -> Option<(Node, String)> {
        let text = text.trim();
        // No string: as one, it was text before.
        if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | 't' | 'f' | 'n' | '[' | '{')) {
            return None;
        }
        if matches!(reference::parse(text, usize::MAX), Ok(Parsed::Ref(_))) || !self.work.allows(text.len()) {
            return None;
        }
        let nesting = self.nesting.checked_sub(depth)?;
        let mut inner = Node::of_text(text, nesting)?;
        let Some(ty) = ty else { return Some((inner, text.to_owned())) };
        let mut mender = Mender { text, nesting, work: self.work, secret: self.secret, mended: Vec::new() };
        mender.value(ty, &mut inner, at, 0);
        if !self.work.allows(inner.weight) || !ty.accepts(&inner) {
            return None;
        }
        let mut edits: Vec<Edit> = mender.mended.into_iter().flat_map(|mended| mended.edits).collect();
        edits.sort_by_key(|edit| edit.range().start);
        Some((inner, edited(text, &edits)))
    }

    /// With line breaks and indentation of the text around it.
    fn indented(&self, json: &str, at: usize) -> String {
        if !json.contains('\n') {
            return json.to_owned();
        }
        let before = self.text.as_bytes().get(at.saturating_sub(LONGEST_LINE)..at).unwrap_or_default();
        let start = before.iter().rposition(|byte| *byte == b'\n');
        let line = start.map_or(&[][..], |start| before.get(start + 1..).unwrap_or_default());
        let is_windows =
            start.is_some_and(|start| before.get(..start).is_some_and(|line| line.ends_with(b"\r")));
        let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
        let mut between = if is_windows { "\r\n" } else { "\n" }.to_owned();
        between.extend(indent.map(|byte| char::from(*byte)));
        json.lines().collect::<Vec<_>>().join(&between)
    }

    fn in_place_of(&self, inner: &Node, json: &str, text: &str) -> String {
        let what = match &inner.says {
            Says::Null => "null".to_owned(),
            Says::Boolean(_) | Says::Number(_) if self.secret => "the value".to_owned(),
            Says::Boolean(_) => json.to_owned(),
            Says::Number(_) => format!("the number {}", shown(json)),
            Says::Array(_) => "the array".to_owned(),
            Says::Object(_) => "the object".to_owned(),
            Says::String(_) => "the string".to_owned(),
        };
        if self.secret {
            return format!("write {what} in place of its text");
        }
        format!("write {what} in place of the text {}", quoted(&json_string(text)))
    }

    fn left_out(&self, member: &Member) -> String {
        let name = quoted(&member.name);
        match member.value.as_str() {
            Some("") => format!("leave out {name}, which is empty"),
            Some(text) if !self.secret => {
                format!("leave out {name}, which is the text {}", quoted(&json_string(text)))
            }
            _ => format!("leave out {name}"),
        }
    }
}

fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether a form's field was cleared.
fn is_cleared(node: &Node) -> bool {
    node.as_str().is_some_and(|text| matches!(text, "" | "null"))
}

/// Whether a branch can be what was meant: no text in the value, such as a tag, rules it out.
fn may_be_meant(branch: &Type, node: &Node) -> bool {
    let is_plain = |text: &str| matches!(reference::parse(text, usize::MAX), Ok(Parsed::Plain));
    node.members().iter().filter(|member| !member.repeated).all(|member| {
        let Some(text) = member.value.as_str().filter(|text| is_plain(text)) else { return true };
        let ty = branch.at(&Path::from(vec![Segment::Member(member.name.as_str().into())])).ty;
        ty.accepts(&member.value) || is_cleared(&member.value) || Node::of_text(text.trim(), 1).is_some()
    })
}
