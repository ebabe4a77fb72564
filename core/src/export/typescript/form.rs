//! Types as TypeScript has them.

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    /// `string`, `unknown`, the name of another type, a literal: what is written as it is.
    Word(String),
    /// `T[]`
    List(Box<Form>),
    /// `[A, B?, ...C[]]`
    Tuple { elements: Vec<Element>, rest: Option<Box<Form>> },
    /// `{ a: A; b?: B; [key: string]: C }`
    Object(Object),
    /// `A | B`, of at least two.
    Union(Vec<Form>),
    /// `A & B`, of at least two.
    Intersection(Vec<Form>),
    /// The name of a definition.
    Named(String),
}

/// An element of a tuple.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Element {
    pub(super) form: Form,
    pub(super) optional: bool,
}

/// Members by name, and what all others are.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object {
    pub(super) members: Vec<Member>,
    pub(super) others: Option<Box<Form>>,
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) optional: bool,
    pub(super) form: Form,
    /// The lines of its comment.
    pub(super) comment: Vec<String>,
}

/// What every object has in TypeScript, though no document writes it: an object without such a member is said to have
/// one of this type.
const INHERITED: [&str; 7] = [
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

impl Form {
    pub(super) fn word(word: &str) -> Form {
        Form::Word(word.to_owned())
    }

    /// Every value.
    pub(super) fn unknown() -> Form {
        Form::word("unknown")
    }

    /// No value.
    pub(super) fn never() -> Form {
        Form::word("never")
    }

    fn is(&self, word: &str) -> bool {
        matches!(self, Form::Word(own) if own == word)
    }

    pub(super) fn is_unknown(&self) -> bool {
        self.is("unknown")
    }

    pub(super) fn is_never(&self) -> bool {
        self.is("never")
    }

    /// The values of any of these.
    pub(super) fn union(forms: impl IntoIterator<Item = Form>) -> Form {
        let mut branches: Vec<Form> = Vec::new();
        for form in forms {
            let own = if let Form::Union(own) = form { own } else { vec![form] };
            for branch in own.into_iter().filter(|branch| !branch.is_never()) {
                if !branches.contains(&branch) {
                    branches.push(branch);
                }
            }
        }
        if branches.iter().any(Form::is_unknown) {
            return Form::unknown();
        }
        // `null` is what one looks for last.
        branches.sort_by_key(|branch| branch.is("null"));
        if branches.len() > 1 { Form::Union(branches) } else { branches.pop().unwrap_or_else(Form::never) }
    }

    /// The values of all of these.
    pub(super) fn intersection(forms: impl IntoIterator<Item = Form>) -> Form {
        let mut all: Vec<Form> = Vec::new();
        for form in forms {
            let own = if let Form::Intersection(own) = form { own } else { vec![form] };
            for form in own.into_iter().filter(|form| !form.is_unknown()) {
                if form.is_never() {
                    return form;
                }
                if !all.contains(&form) {
                    all.push(form);
                }
            }
        }
        if all.len() > 1 { Form::Intersection(all) } else { all.pop().unwrap_or_else(Form::unknown) }
    }

    /// The definitions that this is one of or a part of, without an object or a list between.
    pub(super) fn bare_names<'f>(&'f self, found: &mut Vec<&'f str>) {
        match self {
            Form::Named(name) => found.push(name),
            Form::Union(forms) | Form::Intersection(forms) => {
                for form in forms {
                    form.bare_names(found);
                }
            }
            Form::Word(_) | Form::List(_) | Form::Tuple { .. } | Form::Object(_) => {}
        }
    }
}

impl Object {
    /// An object that has no members.
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty() && self.others.is_none()
    }
}

impl Member {
    pub(super) fn new(name: &str, optional: bool, form: Form, comment: Vec<String>) -> Member {
        let form = if optional && INHERITED.contains(&name) {
            Form::union([form, Form::Word(format!("Object[\"{name}\"]"))])
        } else {
            form
        };
        Member { name: name.to_owned(), optional, form, comment }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_union_has_each_branch_once_and_null_last() {
        let of = |words: &[&str]| Form::union(words.iter().map(|word| Form::word(word)));
        assert_eq!(
            of(&["null", "string", "null", "never"]),
            Form::Union(vec![Form::word("string"), Form::word("null")])
        );
        assert_eq!(of(&["string", "unknown"]), Form::unknown());
        assert_eq!(of(&[]), Form::never());
    }

    #[test]
    fn what_says_nothing_is_left_out_of_an_intersection() {
        let of = |words: &[&str]| Form::intersection(words.iter().map(|word| Form::word(word)));
        assert_eq!(of(&["string", "unknown", "string"]), Form::word("string"));
        assert_eq!(of(&["string", "never"]), Form::never());
        assert_eq!(of(&[]), Form::unknown());
    }
}
