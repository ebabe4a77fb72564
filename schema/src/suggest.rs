//! The name that was probably meant.

/// Longer names are compared by nothing: nobody mistypes them by hand, and comparing costs their product.
const LONGEST: usize = 64;

/// The one of `known` that `wrong` was probably meant to be, if any is near enough.
///
/// ```
/// assert_eq!(flowright_schema::nearest("emial", ["name", "email"]), Some("email"));
/// assert_eq!(flowright_schema::nearest("price", ["name", "email"]), None);
/// ```
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wrong.chars().nth(LONGEST).is_some() {
        return None;
    }
    let folded = fold(wrong);
    let allowed = match folded.chars().count() {
        0 => return None,
        1..=2 => 1,
        3..=5 => 2,
        6..=11 => 3,
        _ => 4,
    };
    known
        .into_iter()
        .filter(|name| !name.is_empty() && *name != wrong && name.chars().nth(LONGEST).is_none())
        .filter_map(|name| {
            let other = fold(name);
            let distance = strsim::osa_distance(&folded, &other);
            // As many edits as letters would turn anything into anything.
            (distance <= allowed && distance < folded.chars().count().max(other.chars().count()))
                .then_some((distance, name))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `userId`, `user_id` and `User-ID` differ in spelling only.
fn fold(name: &str) -> String {
    let letters: String =
        name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect();
    if letters.is_empty() { name.to_owned() } else { letters }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_typo_finds_the_name_it_stands_for() {
        assert_eq!(nearest("adress", ["address", "age"]), Some("address"));
        assert_eq!(nearest("userId", ["id", "user_id"]), Some("user_id"));
        assert_eq!(nearest("naem", ["name"]), Some("name"));
    }

    #[test]
    fn an_unrelated_name_finds_nothing() {
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("customer", ["price", "total"]), None);
        assert_eq!(nearest("", ["a"]), None);
    }

    #[test]
    fn very_long_names_are_not_compared() {
        let long = "a".repeat(100_000);
        let other = format!("{long}b");
        assert_eq!(nearest(&long, [other.as_str()]), None);
        assert_eq!(nearest("ab", [long.as_str()]), None);
    }
}
