//! Names that were probably meant, as long as looking for them stays cheap.

use flowright_schema::nearest;
use std::cell::Cell;

/// How much one check compares, in pairs of letters: a document of unknown names and many known ones must not cost
/// their product.
const MOST: usize = 20_000_000;

/// Proposes names until it has compared too many.
#[derive(Debug)]
pub(crate) struct Suggestions(Cell<usize>);

impl Default for Suggestions {
    fn default() -> Self {
        Suggestions(Cell::new(MOST))
    }
}

impl Suggestions {
    /// The one of `known` that was probably meant.
    pub(crate) fn nearest<'k>(
        &self,
        wrong: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Option<String> {
        let compared = known.into_iter().take_while(|known| {
            let left = self.0.get().checked_sub(wrong.len() * known.len() + 16);
            self.0.set(left.unwrap_or(0));
            left.is_some()
        });
        nearest(wrong, compared).map(str::to_owned)
    }

    /// The id that was probably meant. A number is none that was misspelt: editors number actions, and the one that
    /// it names is gone.
    pub(crate) fn nearest_id<'k>(
        &self,
        wrong: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Option<String> {
        let is_number = wrong.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { None } else { self.nearest(wrong, known) }
    }

    /// Whether nothing more is proposed.
    pub(crate) fn are_spent(&self) -> bool {
        self.0.get() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_never_a_misspelt_id() {
        let suggestions = Suggestions::default();
        assert_eq!(suggestions.nearest_id("1011", ["1012"]), None);
        assert_eq!(suggestions.nearest_id("mial", ["1012", "mail"]), Some("mail".to_owned()));
        assert!(!suggestions.are_spent());
    }

    #[test]
    fn a_check_that_compared_enough_proposes_nothing_more() {
        let suggestions = Suggestions(Cell::new(3 * 7 * 4 + 3 * 16));
        assert_eq!(suggestions.nearest("sned", ["send", "receive"]), Some("send".to_owned()));
        assert_eq!(suggestions.nearest("sned", ["receive", "send"]), None);
        assert_eq!(suggestions.nearest("sned", ["send"]), None);
    }
}
