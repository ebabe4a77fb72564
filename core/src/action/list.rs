//! Lists of actions that can be written as constants.

use super::{Action, ActionDefinition};

/// A list of actions: `[&'static dyn Action; N]`, fit for a constant. `..` spreads another such constant.
///
/// ```
/// # use flowright::prelude::*;
/// # #[engine_action] fn greet(name: String) -> String { name }
/// # #[engine_action] fn part(name: String) -> String { name }
/// pub const POLITE: [&dyn Action; 2] = actions![greet, part];
/// pub const ALL: [&dyn Action; 3] = actions![greet, ..POLITE];
/// assert_eq!(ALL[1].definition().kind(), "greet");
/// ```
#[macro_export]
macro_rules! actions {
    [] => {{
        const __NONE: [&'static dyn $crate::Action; 0] = [];
        __NONE
    }};
    [$($($segment:ident)::+),+ $(,)?] => {
        [$(&$($segment)::+ {} as &'static dyn $crate::Action),+]
    };
    [$($(.. $($list:ident)::+)? $($($segment:ident)::+)?),+ $(,)?] => {{
        const __PARTS: &[&[&'static dyn $crate::Action]] =
            &[$($(&$($list)::+,)? $(&[&$($segment)::+ {}],)?)+];
        const __ALL: [&'static dyn $crate::Action; $crate::__private::count(__PARTS)] =
            $crate::__private::join(__PARTS);
        __ALL
    }};
}

/// Fills a list while it is being made; none is ever left in one.
struct Unlisted {}

impl Action for Unlisted {
    fn definition(&self) -> ActionDefinition {
        ActionDefinition::builder("").build()
    }
}

/// How many actions there are in all.
pub const fn count(parts: &[&[&'static dyn Action]]) -> usize {
    let mut count = 0;
    let mut part = 0;
    while part < parts.len() {
        count += parts[part].len();
        part += 1;
    }
    count
}

/// All actions, one part after the other.
pub const fn join<const N: usize>(parts: &[&[&'static dyn Action]]) -> [&'static dyn Action; N] {
    let mut all: [&'static dyn Action; N] = [&Unlisted {}; N];
    let mut next = 0;
    let mut part = 0;
    while part < parts.len() {
        let mut action = 0;
        while action < parts[part].len() {
            // INVARIANT: evaluated by the compiler with `N` from `count` of the same parts.
            all[next] = parts[part][action];
            next += 1;
            action += 1;
        }
        part += 1;
    }
    all
}
