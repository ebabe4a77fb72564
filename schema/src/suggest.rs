//! The name that was probably meant.

/// Longer names are not compared: nobody mistypes them by hand, and comparing costs their product.
const LONGEST: usize = 128;

/// The one of `known` that `wrong` was probably meant to be, if any is near enough: a third of its letters may be
/// other than they should, and neither case nor `_`, `-` and spaces count.
///
/// ```
/// assert_eq!(flowright_schema::nearest("emial", ["name", "email"]), Some("email"));
/// assert_eq!(flowright_schema::nearest("price", ["name", "email"]), None);
/// ```
pub fn nearest<'k>(wrong: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if wrong.len() > LONGEST {
        return None;
    }
    let folded = fold(wrong);
    let length = folded.chars().count();
    let letters = letters(&folded);
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        if candidate.len() > LONGEST || candidate == wrong {
            continue;
        }
        let other = fold(candidate);
        let other_length = other.chars().count();
        let allowed = length.max(other_length) / 3;
        // Of several, the first of the nearest.
        let allowed = match best {
            None => allowed,
            Some((0, _)) => break,
            Some((distance, _)) => allowed.min(distance - 1),
        };
        // One edit changes the length by at most one and the set of letters by at most two: most candidates end here.
        if length.abs_diff(other_length) > allowed
            || (letters ^ self::letters(&other)).count_ones() as usize > 2 * allowed
        {
            continue;
        }
        let distance = strsim::osa_distance(&folded, &other);
        if distance <= allowed {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `userId`, `user_id` and `User-ID` differ in spelling only.
fn fold(name: &str) -> String {
    let letters: String =
        name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect();
    if letters.is_empty() { name.to_owned() } else { letters }
}

/// A set of the bytes, roughly.
fn letters(name: &str) -> u64 {
    name.bytes().fold(0, |letters, byte| letters | 1 << (byte & 63))
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

    #[test]
    fn short_names_are_not_guessed() {
        assert_eq!(nearest("1", ["2", "3"]), None);
        assert_eq!(nearest("a", ["A"]), Some("A"));
        assert_eq!(nearest("ids", ["id"]), Some("id"));
    }

    #[test]
    fn the_nearest_of_several_wins_and_the_first_of_equals() {
        assert_eq!(nearest("send_emaill", ["send_emailsx", "send_email"]), Some("send_email"));
        assert_eq!(nearest("colr", ["colour", "color", "colon"]), Some("color"));
        assert_eq!(nearest("abcx", ["abcd", "abce"]), Some("abcd"));
    }
}
