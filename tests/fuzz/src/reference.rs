//! Refs: what is read is read again from what it prints.

use flowright::__private::{Parsed, Reference, read_refs};

/// Holds for the text of a ref, or of what stands in its parentheses.
///
/// # Panics
///
/// Where a ref is not read back from what it prints, or its parts do not stand in the text.
pub fn hold(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let whole = if text.contains("!ref(") { text.into_owned() } else { format!("!ref({text})") };
    if let Some(Parsed::Ref(reference)) = read_refs(&whole) {
        is_read_back(&whole, &reference);
    }
}

/// Holds for a ref in a text.
///
/// # Panics
///
/// As [`hold`].
pub(crate) fn is_read_back(text: &str, reference: &Reference) {
    let own = &text[reference.span.clone()];
    assert!(own.starts_with("!ref(") && own.ends_with(')'), "{own:?} is no ref");
    let spans = std::iter::once(&reference.root_span).chain(&reference.segment_spans);
    let ends = spans.fold(reference.span.start, |end, span| {
        assert!(end <= span.start && span.start < span.end, "the parts of {own:?} overlap");
        assert!(text.get(span.clone()).is_some(), "a part of {own:?} is none of the text");
        span.end
    });
    assert!(ends < reference.span.end, "the parts of {own:?} stand outside");
    assert_eq!(reference.segment_spans.len(), reference.path.segments().len());

    let printed = reference.to_string();
    let Some(Parsed::Ref(again)) = read_refs(&printed) else {
        panic!("{own:?} is printed as {printed:?}, which is no ref")
    };
    assert_eq!((&again.root, &again.path), (&reference.root, &reference.path), "{printed:?} is another ref");
    assert_eq!(again.to_string(), printed);
}
