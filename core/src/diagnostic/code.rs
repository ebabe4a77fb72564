//! What kinds of mistakes there are, and how bad each is.

use std::fmt;
use std::str::FromStr;

/// How bad a [`Diagnostic`](crate::Diagnostic) is. Prints as `error`, `warning` or `hint`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The workflow cannot run.
    Error,
    /// The workflow can run, but something in it is most likely not meant.
    Warning,
    /// The workflow can run; something about it is worth knowing.
    Hint,
}

impl Severity {
    /// `"error"`, `"warning"` or `"hint"`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How diagnostics of one [`Code`] are to be listed, in place of their own severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// Not at all.
    Allow,
    /// As hints.
    Hint,
    /// As warnings.
    Warning,
    /// As errors.
    Error,
}

impl Level {
    pub(crate) fn severity(self) -> Option<Severity> {
        match self {
            Level::Allow => None,
            Level::Hint => Some(Severity::Hint),
            Level::Warning => Some(Severity::Warning),
            Level::Error => Some(Severity::Error),
        }
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident $slug:literal $severity:ident $lowered:ident;)*) => {
        /// What kind of mistake a [`Diagnostic`](crate::Diagnostic) is about. Prints as its stable slug, such as
        /// `unknown-kind`, and is read from it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {$(
            $(#[doc = $doc])+
            $name,
        )*}

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The stable name, such as `unknown-kind`.
            pub fn slug(self) -> &'static str {
                match self {$(Code::$name => $slug,)*}
            }

            /// What it is about, in a sentence.
            pub fn summary(self) -> &'static str {
                match self {$(Code::$name => concat!($($doc),+).trim_ascii(),)*}
            }

            /// What it means, why it is one, and what to write instead: its page of the error index, in Markdown.
            ///
            /// Each page has a document with the mistake, the report of it, and the document put right.
            ///
            /// ```
            /// use flowright::Code;
            ///
            /// let page = Code::UnknownKind.explanation();
            /// assert!(page.starts_with("# `unknown-kind`"));
            /// ```
            pub fn explanation(self) -> &'static str {
                match self {$(Code::$name => include_str!(concat!("../../errors/", $slug, ".md")),)*}
            }

            /// How bad it is unless a [`Level`] says otherwise.
            pub fn default_severity(self) -> Severity {
                match self {$(Code::$name => Severity::$severity,)*}
            }

            /// Whether a [`Level`] can make it less than an error: never for what makes a document unrunnable.
            pub fn may_be_lowered(self) -> bool {
                match self {$(Code::$name => codes!(@$lowered),)*}
            }
        }

        impl FromStr for Code {
            type Err = UnknownCode;

            fn from_str(slug: &str) -> Result<Self, UnknownCode> {
                match slug {
                    $($slug => Ok(Code::$name),)*
                    _ => Err(UnknownCode(slug.into())),
                }
            }
        }
    };
    (@fixed) => { false };
    (@free) => { true };
}

codes! {
    /// The text is no JSON.
    Syntax "syntax" Error fixed;
    /// A member that the format requires is missing.
    MissingMember "missing-member" Error fixed;
    /// A member that the format does not know.
    UnknownMember "unknown-member" Warning free;
    /// Two actions have the same id.
    DuplicateId "duplicate-id" Error fixed;
    /// An id that no action can have.
    ReservedId "reserved-id" Error fixed;
    /// No action of this kind is registered.
    UnknownKind "unknown-kind" Error fixed;
    /// An edge names an action that is not in the document.
    UnknownAction "unknown-action" Error fixed;
    /// The same edge twice.
    DuplicateEdge "duplicate-edge" Error fixed;
    /// Actions that wait for each other.
    Cycle "cycle" Error fixed;
    /// An action that no edge leads to.
    Unreachable "unreachable" Error fixed;
    /// No edge begins at `$source`.
    NoStart "no-start" Error fixed;
    /// An action lacks an input that it requires.
    MissingInput "missing-input" Error fixed;
    /// An input that the action does not have.
    UnknownInput "unknown-input" Error free;
    /// A value that is not of the type required.
    WrongType "wrong-type" Error free;
    /// A value outside its bounds.
    OutOfRange "out-of-range" Error free;
    /// A string that is not in the format required.
    BadFormat "bad-format" Error free;
    /// A ref that cannot be read.
    RefSyntax "ref-syntax" Error fixed;
    /// A ref that begins at nothing known.
    UnknownRoot "unknown-root" Error fixed;
    /// A ref to a field that the value does not have.
    UnknownField "unknown-field" Error free;
    /// A ref to an action that does not run before.
    NotUpstream "not-upstream" Error fixed;
    /// A ref to the output of an action that may be skipped.
    MayBeSkipped "may-be-skipped" Error free;
    /// A ref to a value that may be absent, where one is required.
    MayBeAbsent "may-be-absent" Error free;
    /// A ref to a value that may be null, where null is no value of the type required.
    MayBeNull "may-be-null" Error free;
    /// A ref to a value some of whose type's values are not of the type required.
    MayNotFit "may-not-fit" Error free;
    /// A ref to a value of a type that can never be accepted.
    NeverFits "never-fits" Error free;
    /// A ref inside text to a value that cannot stand in text.
    NotText "not-text" Error free;
    /// Something else where one whole ref is required.
    NotARef "not-a-ref" Error fixed;
    /// `$.output` anywhere but on a conditional edge.
    OutputOutsideEdge "output-outside-edge" Error fixed;
    /// A condition that is none.
    BadCondition "bad-condition" Error fixed;
    /// A `match` with a value that the ref never has.
    ImpossibleMatch "impossible-match" Error free;
    /// Conditions of the edges from one action that miss a value of the ref's type.
    IncompleteMatch "incomplete-match" Hint free;
    /// A condition that always holds, or never does.
    ConstantCondition "constant-condition" Hint free;
    /// A value that can only be checked when the workflow runs.
    CheckedAtRunTime "checked-at-run-time" Hint free;
    /// Something that a later version will not have.
    Deprecated "deprecated" Warning free;
    /// A document larger than its limits.
    Limit "limit" Error fixed;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// The error of reading a [`Code`] from a slug that names none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCode(Box<str>);

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no diagnostic has the code {}", super::quoted(&self.0))
    }
}

impl std::error::Error for UnknownCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_back_from_its_slug() {
        for code in Code::ALL {
            assert_eq!(code.to_string().parse(), Ok(*code));
        }
        assert_eq!(
            "unknown-knd".parse::<Code>().unwrap_err().to_string(),
            "no diagnostic has the code `unknown-knd`"
        );
    }

    #[test]
    fn a_slug_is_the_variants_name_in_kebab_case() {
        for code in Code::ALL {
            let mut kebab = String::new();
            for c in format!("{code:?}").chars() {
                if c.is_uppercase() && !kebab.is_empty() {
                    kebab.push('-');
                }
                kebab.push(c.to_ascii_lowercase());
            }
            assert_eq!(kebab, code.slug());
        }
    }

    #[test]
    fn what_makes_a_document_unrunnable_stays_an_error() {
        assert!(!Code::Cycle.may_be_lowered());
        assert!(!Code::Syntax.may_be_lowered());
        assert!(Code::NeverFits.may_be_lowered());
        assert!(
            Code::ALL.iter().all(|code| code.may_be_lowered() || code.default_severity() == Severity::Error)
        );
    }
}
