//! What a kind may be called.

const LONGEST: usize = 128;

/// Why `kind` cannot be a kind, or an alias of one.
pub(crate) fn refuse(kind: &str) -> Option<String> {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/');
    if kind.is_empty() {
        Some("a kind is empty; write a name such as `send_email`".to_owned())
    } else if kind.chars().count() > LONGEST {
        Some(format!("a kind has at most {LONGEST} characters"))
    } else {
        kind.chars().find(|&c| !allowed(c)).map(|c| {
            let shown = c.escape_debug();
            format!("`{shown}` cannot be part of a kind; use letters, digits, `_`, `-`, `.`, `:` and `/`")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::refuse;

    #[test]
    fn kinds_are_names() {
        for kind in ["send_email", "builtin:if", "billing/charge-card.v2", "größe", "1"] {
            assert_eq!(refuse(kind), None, "{kind}");
        }
        for kind in ["", "send email", "a\n", "$source", "a`b", &"x".repeat(129)] {
            assert!(refuse(kind).is_some(), "{kind}");
        }
    }
}
