//! What was most likely meant.

/// Longer names are not compared.
const LONGEST: usize = 128;

/// The known name nearest to `name`, where one is near enough to be what was meant.
pub(crate) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if name.len() > LONGEST {
        return None;
    }
    let folded = name.to_lowercase();
    let length = folded.chars().count();
    let letters = letters(&folded);
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        if candidate.len() > LONGEST || candidate == name {
            continue;
        }
        let other = candidate.to_lowercase();
        let other_length = other.chars().count();
        let allowed = length.max(other_length) / 3;
        let allowed = best.map_or(allowed, |(distance, _)| allowed.min(distance.saturating_sub(1)));
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

fn letters(name: &str) -> u64 {
    name.bytes().fold(0, |letters, byte| letters | 1 << (byte & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_its_name() {
        let known = ["send_email", "send_sms", "charge_card"];
        assert_eq!(nearest("send_emial", known), Some("send_email"));
        assert_eq!(nearest("Send_Email", known), Some("send_email"));
        assert_eq!(nearest("sendsms", known), Some("send_sms"));
        assert_eq!(nearest("refund", known), None);
    }

    #[test]
    fn short_names_are_not_guessed() {
        assert_eq!(nearest("1", ["2", "3"]), None);
        assert_eq!(nearest("a", ["A"]), Some("A"));
        assert_eq!(nearest("ids", ["id"]), Some("id"));
    }

    #[test]
    fn the_nearest_of_several_wins_and_the_first_of_equals() {
        assert_eq!(nearest("send_emaill", ["send_emails_", "send_email"]), Some("send_email"));
        assert_eq!(nearest("colr", ["colour", "color", "colon"]), Some("color"));
        assert_eq!(nearest("abcx", ["abcd", "abce"]), Some("abcd"));
    }
}
