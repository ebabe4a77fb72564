//! Where Workflow Kit's engine does something else, and flowright does so on purpose.
//!
//! Whether a difference may show is decided by what stands in the document and in the event, never by what a run came to.

mod applies;
mod minimal;
mod sites;
mod typical;
mod ways;

use crate::case::Case;

/// What of a run a difference may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Outputs, and whether it fails.
    InResults,
    /// How often actions are called, with the same results.
    InCalls,
    /// The document that was run.
    InTheDocument,
}

macro_rules! differences {
    ($($difference:ident $name:literal $shows:ident $reason:literal;)*) => {
        /// One difference.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Difference {
            $(#[doc = $reason] $difference,)*
        }

        impl Difference {
            /// All of them, in the order of the table.
            pub const ALL: &[Difference] = &[$(Difference::$difference),*];

            /// Its name in the table.
            pub fn name(self) -> &'static str {
                match self {$(Difference::$difference => $name),*}
            }

            /// What Workflow Kit does, and what flowright does instead.
            pub fn reason(self) -> &'static str {
                match self {$(Difference::$difference => $reason),*}
            }

            /// What it may change.
            pub fn shows(self) -> Shows {
                match self {$(Difference::$difference => Shows::$shows),*}
            }
        }
    };
}

differences! {
    NoActions "a document without actions" InResults
        "Workflow Kit refuses it; in flowright its run completes";
    SeveralEdges "several edges between a pair" InResults
        "Workflow Kit refuses the document; in flowright one of them that is taken is enough";
    ForeignId "an action with a name that JavaScript's objects have" InResults
        "Workflow Kit's graph takes `constructor` and `__proto__` for edges that are there already, and refuses the document; flowright runs it";
    EarlyJoin "join of ways of different lengths" InResults
        "Workflow Kit starts it after its first parent, before the others have run; flowright waits for all";
    BelowSkipped "below a skipped action" InResults
        "Workflow Kit runs the children of an action that it skipped; flowright skips them";
    RepeatedJoin "join" InCalls
        "Workflow Kit runs it and what follows once for every way that leads there; flowright once";
    StaleInputs "data that looks like a ref, in a join" InResults
        "Workflow Kit reads the inputs of a join's second run for refs again, data and all; in flowright data stays data";
    RescannedData "data that looks like a ref, in text" InResults
        "Workflow Kit reads what it has put into a text for the refs that follow; in flowright data stays data";
    DollarPattern "`$` in data that stands in text" InResults
        "Workflow Kit takes `$&`, `$$` and their like for JavaScript's patterns of replacement; flowright for text";
    BracketsInText "brackets or other letters of a ref in text" InResults
        "Workflow Kit leaves `!ref($.state['a b'])` in text as it is written; flowright reads it as it does elsewhere";
    TextTakenForRef "text between a ref and `)`" InResults
        "Workflow Kit takes text that begins with a ref and ends in `)` for one ref, and throws; flowright reads text";
    Escape "`!ref(\"text\")`" InResults
        "Workflow Kit has no escape: it leaves what is written; flowright reads literal text";
    RefSyntax "negative indexes and other letters in refs" InResults
        "Workflow Kit's paths know no such elements and names; flowright reads paths as RFC 9535 does";
    ForeignMember "names that JavaScript's values have" InResults
        "Workflow Kit finds `length`, `toString` and their like in every object, and refuses `constructor` and `__proto__` also where they are; flowright finds what is there, and nothing else";
    KindOfStep "a quoted name in an array, an index in an object" InResults
        "Workflow Kit finds elements by names and members by indexes; in flowright, as in RFC 9535, nothing is there";
    UncheckedInput "an input that is absent or of another type" InResults
        "Workflow Kit calls the action with it; flowright fails before the call";
    AbsentElement "nothing for an element of an array" InResults
        "Workflow Kit leaves a hole in the array; flowright fails before the call";
    NoText "null, objects, arrays or nothing in text" InResults
        "Workflow Kit writes `null`, `[object Object]` or `undefined`; flowright fails before the call";
    LargeInteger "integers beyond 2^53" InResults
        "Workflow Kit rounds them; flowright keeps them";
    MatchOfObjects "`match` with an object" InResults
        "Workflow Kit compares the text of the JSON, where the order of members counts; flowright compares values";
    RuleResult "a rule that comes to something other than a boolean" InResults
        "Workflow Kit's `result` is whatever the rule came to; flowright's is whether that is true";
    NoRule "a condition that is no rule" InResults
        "Workflow Kit refuses a boolean and a ref in brackets, and takes a ref to false for no condition, and so for true; in flowright a boolean is what it is";
    RuleInData "data that looks like a rule" InResults
        "Workflow Kit evaluates what a ref in a rule leads to; in flowright it is an operand";
    ListForArguments "a ref for all arguments of an operator" InResults
        "Workflow Kit takes the elements of an array there for the arguments; in flowright it is one argument";
    AbsentInRule "nothing for an operand" InResults
        "Workflow Kit compares JavaScript's `undefined`; in flowright it is null";
    ChangedDocument "refs inside objects and arrays" InTheDocument
        "Workflow Kit writes what they lead to into the document itself; flowright never changes a document";
}

impl Difference {
    /// Those that may show in this case.
    pub fn of(case: &Case) -> Vec<Difference> {
        applies::of(case)
    }

    /// The smallest case in which it is seen.
    pub fn minimal(self) -> Case {
        minimal::minimal(self)
    }
}
