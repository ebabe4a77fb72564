//! Inputs of an action, by all of their names.

use super::actions::is_error;
use super::change::{Change, Changed};
use super::types;
use crate::action::InputDefinition;
use crate::diagnostic::Code;
use crate::registry::{Registered, RegisteredInput, Registry};

/// An action, and the registry that it is in.
type Of<'r> = (&'r Registered, &'r Registry);

pub(super) fn compare(old: Of<'_>, new: Of<'_>, changes: &mut Vec<Change>) {
    let mut found = Found { old, new, changes };
    // Of each input that there is now: the first one that it was before.
    let mut was: Vec<Option<&str>> = vec![None; new.0.inputs.len()];
    for (before, definition) in old.0.inputs.iter().zip(old.0.definition.inputs()) {
        if let Some(at) = names_of(definition).find_map(|name| new.0.input(name)) {
            found.names(definition, at);
            found.input(before, definition, at);
            match was[at] {
                None => was[at] = Some(&before.name),
                Some(with) => {
                    let (input, with) = (before.name.to_string(), with.to_owned());
                    found.push(Changed::InputsMerged { input, with }, true);
                }
            }
        } else {
            let what =
                Changed::InputRemoved { input: before.name.to_string(), deprecated: definition.deprecated() };
            found.push(what, is_error(new.1, Code::UnknownInput));
        }
    }
    for (input, _) in new.0.inputs.iter().zip(&was).filter(|(_, was)| was.is_none()) {
        let what = Changed::InputAdded { input: input.name.to_string(), required: input.required };
        // Where unknown inputs were let through, documents may give it already.
        found.push(what, input.required || !is_error(old.1, Code::UnknownInput));
    }
}

fn names_of(input: &InputDefinition) -> impl Iterator<Item = &str> {
    std::iter::once(input.name()).chain(input.aliases().iter().map(String::as_str))
}

struct Found<'r, 'c> {
    old: Of<'r>,
    new: Of<'r>,
    changes: &'c mut Vec<Change>,
}

impl Found<'_, '_> {
    fn push(&mut self, what: Changed, breaking: bool) {
        self.changes.push(Change::of_action(self.old.0.kind(), what, breaking));
    }

    /// Where the old names lead.
    fn names(&mut self, old: &InputDefinition, successor: usize) {
        let action = self.new.0;
        let name = |at: usize| action.inputs[at].name.to_string();
        let input = || old.name().to_owned();
        if name(successor) != old.name() {
            let kept = action.input(old.name()).is_some();
            self.push(Changed::InputRenamed { input: input(), to: name(successor), kept }, !kept);
        }
        for alias in old.aliases() {
            let alias = alias.clone();
            let what = match action.input(&alias) {
                None => Changed::InputAliasRemoved { input: input(), alias },
                Some(other) if other != successor => {
                    Changed::InputAliasMoved { input: input(), alias, to: name(other) }
                }
                Some(_) => continue,
            };
            self.push(what, true);
        }
    }

    /// What became of an input, and of its type.
    fn input(&mut self, old: &RegisteredInput, before: &InputDefinition, successor: usize) {
        let action = self.new.0;
        let new = &action.inputs[successor];
        let input = || old.name.to_string();
        if new.deprecated && !before.deprecated() {
            let breaking = is_error(self.new.1, Code::Deprecated);
            self.push(Changed::InputDeprecated { input: input() }, breaking);
        }
        match (old.required, new.required) {
            (false, true) => self.push(Changed::InputRequired { input: input() }, true),
            (true, false) => self.push(Changed::InputOptional { input: input() }, false),
            _ => {}
        }
        let change = types::of_input(old, new);
        if let Some((ty, breaking)) = change {
            self.push(Changed::InputType { input: input(), ty }, breaking);
        }
    }
}
