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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_compared_enough_proposes_nothing_more() {
        let suggestions = Suggestions(Cell::new(3 * 7 * 4 + 3 * 16));
        assert_eq!(suggestions.nearest("sned", ["send", "receive"]), Some("send".to_owned()));
        assert_eq!(suggestions.nearest("sned", ["receive", "send"]), None);
        assert_eq!(suggestions.nearest("sned", ["send"]), None);
    }
}
