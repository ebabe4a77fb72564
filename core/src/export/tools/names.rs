//! What tools are called: protocols and models take fewer characters than kinds have.

use std::collections::HashSet;

const LONGEST: usize = 64;

/// A name for each kind, none of them twice.
pub(super) fn of<'k>(kinds: impl Iterator<Item = &'k str>) -> Vec<String> {
    let kinds: Vec<&str> = kinds.collect();
    let mut taken: HashSet<String> =
        kinds.iter().filter(|kind| is_name(kind)).map(|kind| (*kind).to_owned()).collect();
    let mut name = |kind: &&str| {
        if is_name(kind) {
            return (*kind).to_owned();
        }
        let plain = |c: char| if is_allowed(c) { c } else { '_' };
        let plain: String = kind.chars().map(plain).take(LONGEST).collect();
        if taken.insert(plain.clone()) {
            return plain;
        }
        let mut number = fingerprint(kind);
        loop {
            let ending = format!("_{number:08x}");
            let name: String = plain.chars().take(LONGEST - ending.len()).chain(ending.chars()).collect();
            if taken.insert(name.clone()) {
                return name;
            }
            number = number.wrapping_add(1);
        }
    };
    kinds.iter().map(&mut name).collect()
}

fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

fn is_name(kind: &str) -> bool {
    (1..=LONGEST).contains(&kind.len()) && kind.chars().all(is_allowed)
}

/// A number that is the same for a kind wherever it is computed: FNV-1a.
fn fingerprint(kind: &str) -> u32 {
    kind.bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_become_names_and_never_the_same_one() {
        let long = "x".repeat(100);
        let longer = "x".repeat(101);
        let kinds =
            ["builtin:if", "send-email", "a.b", "a/b", "a_b", "größe", "名前", "目前", &long, &longer];
        let names = of(kinds.into_iter());
        assert_eq!(names[..2], ["builtin_if", "send-email"]);
        // `a_b` is the name of that kind.
        let numbered = ["a.b", "a/b"].map(|kind| format!("a_b_{:08x}", fingerprint(kind)));
        assert_eq!((&names[2..4], &*names[4]), (&numbered[..], "a_b"));
        assert_eq!(names[5..7], ["gr__e", "__"]);
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        assert!(names.iter().all(|name| is_name(name)), "{names:?}");
        assert_eq!(of(kinds.into_iter().rev()).into_iter().next_back(), Some("builtin_if".to_owned()));
    }

    #[test]
    fn a_fingerprint_is_the_same_everywhere() {
        assert_eq!(fingerprint(""), 0x811c_9dc5);
        assert_eq!(fingerprint("a"), 0xe40c_292c);
        assert_eq!(fingerprint("foobar"), 0xbf9c_f968);
    }
}
