//! The mistakes there are, each with what its message needs.

use super::Code;
use crate::reference::RefFaultKind;
use crate::workflow::SyntaxFault;

/// One mistake in a document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Problem {
    // The text.
    Syntax(SyntaxFault),
    /// A member whose name an earlier member of the object has.
    DuplicateKey {
        key: String,
    },
    /// A number that none of the types of numbers can hold.
    UnheldNumber {
        literal: String,
    },
    /// More of something than is allowed: `what` in the plural, as it follows a number.
    Limit {
        what: String,
        limit: usize,
        found: usize,
    },

    // The format.
    MissingMember {
        owner: &'static str,
        member: &'static str,
        expected: &'static str,
    },
    UnknownMember {
        owner: &'static str,
        member: String,
        nearest: Option<String>,
        known: &'static [&'static str],
    },
    /// A part of the format that is no object, array or string as it should be.
    WrongMember {
        what: &'static str,
        expected: &'static str,
        found: &'static str,
        write: Option<String>,
    },
    UnknownConditionType {
        found: String,
        nearest: Option<String>,
    },
    MatchWithoutValue,
    ValueWithoutMatch {
        test: &'static str,
    },

    // The graph.
    DuplicateId {
        id: String,
    },
    ReservedId {
        id: String,
        reason: ReservedBecause,
    },
    UnknownKind {
        kind: String,
        nearest: Option<String>,
        known: Vec<String>,
    },
    /// `what` as it begins the message: ``kind `old` ``.
    Deprecated {
        what: String,
        advice: Option<String>,
    },
    UnknownAction {
        id: String,
        nearest: Option<String>,
    },
    EdgeIntoSource,
    DuplicateEdge,
    /// Actions that wait for each other, in the edges' order; one alone waits for itself.
    Cycle {
        ids: Vec<String>,
    },
    Unreachable {
        id: String,
    },
    NoStart,
    /// The document was to be checked for an event that the registry does not have.
    UnknownEvent {
        event: String,
        known: Vec<String>,
    },

    // Inputs and their values.
    MissingInput {
        kind: String,
        input: String,
        expected: Option<String>,
        description: Option<String>,
    },
    UnknownInput {
        kind: String,
        input: String,
        nearest: Option<String>,
        known: Vec<String>,
    },
    /// What the type system found, in its words.
    Fault {
        code: Code,
        message: String,
        help: Option<String>,
    },
    NeverFits {
        expected: String,
        found: String,
        inside: Option<Box<Inside>>,
    },
    /// `reference` as it is written.
    AbsentRequired {
        reference: String,
        expected: Option<String>,
    },
    /// `reference` as it is written; `action` is the id of the one that may be skipped.
    MayBeSkipped {
        reference: String,
        action: String,
    },
    MayBeNull {
        expected: String,
        found: String,
    },
    /// `example` of a value that does not fit.
    MayNotFit {
        expected: String,
        found: String,
        inside: Option<Box<Inside>>,
        example: Option<String>,
    },
    CheckedAtRunTime {
        expected: String,
        found: String,
        inside: Option<Box<Inside>>,
    },
    /// What the document leaves to run time, in a way that does not help.
    Leave(LeaveFault),

    // Refs.
    Ref(RefFaultKind),
    UnknownStateAction {
        id: String,
        nearest: Option<String>,
    },
    /// `container` is the type that lacks the field.
    UnknownField {
        field: String,
        container: String,
        nearest: Option<String>,
        known: Vec<String>,
    },
    /// The action `from` refers to the action `to`.
    NotUpstream {
        from: String,
        to: String,
    },
    NotText {
        found: String,
        why: NotText,
    },
    NotARef,
    OutputOutsideEdge,
    OutputAtSource,

    // Conditions.
    /// `value` is never one of the type `found`; `nearest` of its constants.
    ImpossibleMatch {
        value: String,
        found: String,
        nearest: Option<String>,
    },
    /// The values for which no edge of the action `from` is taken.
    IncompleteMatch {
        from: String,
        reference: String,
        missing: Vec<String>,
    },
    /// Whether it always holds or never does, and the type that says so.
    ConstantCondition {
        holds: bool,
        found: Option<String>,
    },
    /// A comparison in a rule with a text that the other side never is, and is near to.
    NeverEqual {
        holds: bool,
        value: String,
        nearest: String,
    },
    /// What the reader of rules found, in its words.
    Rule {
        code: Code,
        message: String,
        help: Option<String>,
    },

    /// The list of problems is full.
    Unlisted {
        dropped: usize,
    },
}

/// The place inside a value where its type and the one expected part.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Inside {
    /// As a ref goes on: `name`, `tags[0]`.
    pub(crate) place: String,
    /// The type of what is there; `None` where nothing may be there.
    pub(crate) found: Option<String>,
    /// The type expected there; `None` where nothing is to be there.
    pub(crate) expected: Option<String>,
}

/// Which values cannot stand in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotText {
    /// None of the type can.
    Never,
    /// All of the type can but null.
    Null,
    /// Some of the type can.
    Sometimes,
}

/// What is wrong with what the document leaves to run time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum LeaveFault {
    /// `what` begins the message, and says what it is to be.
    Shape {
        what: &'static str,
        found: &'static str,
        write: &'static str,
    },
    UnknownAction {
        id: String,
        nearest: Option<String>,
    },
    /// `known` are pointers to the inputs that are there.
    Nowhere {
        pointer: String,
        known: Vec<String>,
    },
    /// Everything there is proven.
    Needless,
}

/// Why no action can have an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReservedBecause {
    Dollar,
    Empty,
    TooLong,
    ControlCharacter,
}

impl Problem {
    pub(crate) fn code(&self) -> Code {
        match self {
            Problem::Syntax(_) | Problem::DuplicateKey { .. } => Code::Syntax,
            Problem::UnheldNumber { .. } => Code::OutOfRange,
            Problem::Limit { .. } | Problem::Unlisted { .. } => Code::Limit,
            Problem::MissingMember { .. } => Code::MissingMember,
            Problem::UnknownMember { .. } | Problem::ValueWithoutMatch { .. } | Problem::Leave(_) => {
                Code::UnknownMember
            }
            Problem::WrongMember { .. } => Code::WrongType,
            Problem::UnknownConditionType { .. } | Problem::MatchWithoutValue => Code::BadCondition,
            Problem::DuplicateId { .. } => Code::DuplicateId,
            Problem::ReservedId { .. } => Code::ReservedId,
            Problem::UnknownKind { .. } => Code::UnknownKind,
            Problem::Deprecated { .. } => Code::Deprecated,
            Problem::UnknownAction { .. } | Problem::EdgeIntoSource | Problem::UnknownStateAction { .. } => {
                Code::UnknownAction
            }
            Problem::DuplicateEdge => Code::DuplicateEdge,
            Problem::Cycle { .. } => Code::Cycle,
            Problem::Unreachable { .. } => Code::Unreachable,
            Problem::NoStart | Problem::UnknownEvent { .. } => Code::NoStart,
            Problem::MissingInput { .. } => Code::MissingInput,
            Problem::UnknownInput { .. } => Code::UnknownInput,
            Problem::Fault { code, .. } | Problem::Rule { code, .. } => *code,
            Problem::NeverFits { .. } => Code::NeverFits,
            Problem::AbsentRequired { .. } => Code::MayBeAbsent,
            Problem::MayBeSkipped { .. } => Code::MayBeSkipped,
            Problem::MayBeNull { .. } => Code::MayBeNull,
            Problem::MayNotFit { .. } => Code::MayNotFit,
            Problem::ImpossibleMatch { .. } => Code::ImpossibleMatch,
            Problem::IncompleteMatch { .. } => Code::IncompleteMatch,
            Problem::ConstantCondition { .. } | Problem::NeverEqual { .. } => Code::ConstantCondition,
            Problem::CheckedAtRunTime { .. } => Code::CheckedAtRunTime,
            Problem::Ref(kind) => kind.code(),
            Problem::UnknownField { .. } => Code::UnknownField,
            Problem::NotUpstream { .. } => Code::NotUpstream,
            Problem::NotText { .. } => Code::NotText,
            Problem::NotARef => Code::NotARef,
            Problem::OutputOutsideEdge | Problem::OutputAtSource => Code::OutputOutsideEdge,
        }
    }

    /// Whether a level can make it less than an error. What leaves a gap in the document never is, whatever its code.
    pub(crate) fn may_be_lowered(&self) -> bool {
        match self {
            Problem::UnheldNumber { .. } | Problem::WrongMember { .. } => false,
            problem => problem.code().may_be_lowered(),
        }
    }

    /// Whether it is about the name of the member that the pointer leads to, not about the value.
    pub(crate) fn is_about_the_name(&self) -> bool {
        matches!(
            self,
            Problem::UnknownMember { .. }
                | Problem::ValueWithoutMatch { .. }
                | Problem::UnknownInput { .. }
                | Problem::DuplicateKey { .. }
                | Problem::Leave(LeaveFault::UnknownAction { .. })
        )
    }

    /// Drops the names that could be there, which are many.
    pub(crate) fn forget_what_is_known(&mut self) {
        if let Problem::UnknownKind { known, .. }
        | Problem::UnknownInput { known, .. }
        | Problem::UnknownField { known, .. } = self
        {
            *known = Vec::new();
        }
    }

    /// What was most likely meant, where that can stand in place of what is written.
    pub(crate) fn nearest(&self) -> Option<Meant<'_>> {
        match self {
            Problem::UnknownKind { nearest, .. }
            | Problem::UnknownAction { nearest, .. }
            | Problem::UnknownConditionType { nearest, .. }
            | Problem::ImpossibleMatch { nearest, .. } => nearest.as_deref().map(Meant::Value),
            Problem::NeverEqual { nearest, .. } => Some(Meant::Value(nearest)),
            Problem::UnknownMember { nearest, .. }
            | Problem::UnknownInput { nearest, .. }
            | Problem::Leave(LeaveFault::UnknownAction { nearest, .. }) => {
                nearest.as_deref().map(Meant::Name)
            }
            Problem::UnknownField { nearest, .. }
            | Problem::UnknownStateAction { nearest, .. }
            | Problem::Ref(RefFaultKind::UnknownRoot { nearest, .. }) => {
                nearest.as_deref().map(Meant::Segment)
            }
            _ => None,
        }
    }
}

/// What was most likely meant, and what it stands in place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meant<'p> {
    /// A string value.
    Value(&'p str),
    /// A member's name.
    Name(&'p str),
    /// A segment of a ref.
    Segment(&'p str),
}
