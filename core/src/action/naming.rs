//! Names to show: of kinds and inputs that were given none, and of Rust types.

/// `reply_to` → `Reply to`.
pub(super) fn humanised(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '_' | '-' | '.' | ':' | '/' | ' ' if words.is_empty() || words.ends_with(' ') => {}
            '_' | '-' | '.' | ':' | '/' => words.push(' '),
            first if words.is_empty() => words.extend(first.to_uppercase()),
            other => words.push(other),
        }
    }
    words.truncate(words.trim_end().len());
    if words.is_empty() { name.to_owned() } else { words }
}

/// The parts of a doc comment as one text.
pub fn text_of(parts: &[&str]) -> String {
    let parts: Vec<_> = parts.iter().map(|part| part.trim()).collect();
    parts.join("\n")
}

/// A type's name without the modules it stands in: `Pool<Postgres>`.
pub(super) fn short_type_name<T: ?Sized>() -> String {
    shortened(std::any::type_name::<T>())
}

fn shortened(name: &str) -> String {
    let mut short = String::with_capacity(name.len());
    let mut word = String::new();
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        if character == ':' && characters.peek() == Some(&':') {
            characters.next();
            word.clear();
        } else if character.is_alphanumeric() || character == '_' {
            word.push(character);
        } else {
            short.push_str(&word);
            word.clear();
            short.push(character);
        }
    }
    short.push_str(&word);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_words() {
        assert_eq!(humanised("reply_to"), "Reply to");
        assert_eq!(humanised("billing:charge-card"), "Billing charge card");
        assert_eq!(humanised("__x__"), "X");
        assert_eq!(humanised("_"), "_");
        assert_eq!(humanised("été"), "Été");
    }

    #[test]
    fn a_type_is_named_without_its_modules() {
        assert_eq!(
            shortened("alloc::vec::Vec<(a::B, dyn c::D + core::marker::Send)>"),
            "Vec<(B, dyn D + Send)>"
        );
        assert_eq!(short_type_name::<str>(), "str");
    }
}
