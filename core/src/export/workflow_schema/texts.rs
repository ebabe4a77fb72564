//! What is asked of a text. Formats become patterns: each language service has an idea of its own of what an email
//! is, and these let through whatever the checker does.

use super::asked::Asked;
use serde_json::{Map, Value, json};

const DATE: &str = r"\d{4}-\d{2}-\d{2}";
const TIME: &str = r"\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})";

/// Writes what a schema asks of texts.
pub(super) fn write(schema: &Map<String, Value>, asked: Asked, written: &mut Map<String, Value>) {
    if asked.ranges {
        for keyword in ["minLength", "maxLength"] {
            written.extend(schema.get(keyword).map(|length| (keyword.to_owned(), length.clone())));
        }
    }
    if !asked.formats {
        return;
    }
    let own = schema.get("pattern").and_then(Value::as_str).filter(|pattern| is_portable(pattern));
    let format = schema.get("format").and_then(Value::as_str);
    let format = format.and_then(|name| Some((pattern(name)?, format!("expected a string ({name})"))));
    if let Some(own) = own {
        written.insert("pattern".to_owned(), own.into());
        written.extend(format.map(|(pattern, message)| {
            ("allOf".to_owned(), json!([{ "pattern": pattern, "patternErrorMessage": message }]))
        }));
    } else if let Some((pattern, message)) = format {
        written.insert("pattern".to_owned(), pattern.into());
        written.insert("patternErrorMessage".to_owned(), message.into());
    }
}

/// A pattern that every text of a format matches.
fn pattern(format: &str) -> Option<String> {
    Some(match format {
        "date" => format!("^{DATE}$"),
        "time" => format!("^{TIME}$"),
        "date-time" => format!("^{DATE}[Tt]{TIME}$"),
        "duration" => "^P".to_owned(),
        "email" => r"^[^@][\s\S]*@[\s\S]*[^@]$".to_owned(),
        "hostname" => r"^[A-Za-z0-9._-]+$".to_owned(),
        "ipv4" => r"^\d{1,3}(?:\.\d{1,3}){3}$".to_owned(),
        "ipv6" | "ip" => r"^[0-9A-Fa-f:.]+$".to_owned(),
        "uri" | "iri" => r"^[A-Za-z][A-Za-z0-9+.-]*:".to_owned(),
        "json-pointer" => "^(?:/|$)".to_owned(),
        "relative-json-pointer" => r"^\d".to_owned(),
        "uuid" => r"^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$".to_owned(),
        _ => return None,
    })
}

/// Whether a pattern means the same to every engine: what only some of them know is left to the check.
pub(super) fn is_portable(pattern: &str) -> bool {
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match c {
            '\\' => {
                let known = |c: char| !c.is_alphanumeric() || "dDwWsSbBnrtfvpPux".contains(c) || c == '0';
                if !next.is_some_and(known) {
                    return false;
                }
                chars.next();
            }
            '[' if in_class => return false,
            '[' => in_class = true,
            ']' => in_class = false,
            '&' | '~' if in_class && next == Some(c) => return false,
            '(' if !in_class && next == Some('?') => {
                chars.next();
                if !matches!(chars.peek(), Some(':' | '=' | '!')) {
                    return false;
                }
            }
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_portable;

    #[test]
    fn what_only_some_engines_know_is_not_portable() {
        for pattern in ["^[A-Z]{2}[0-9]+$", r"^\d+(?:\.\d\d)?$", r"\p{L}\x41é", "(a|b)*", "^(?!a)b", "[(?]"]
        {
            assert!(is_portable(pattern), "{pattern}");
        }
        for pattern in [r"\Aa\z", "(?i)a", "(?P<a>b)", "[[:alpha:]]", "[a&&b]", r"\h", "(?<a>b)", "\\"] {
            assert!(!is_portable(pattern), "{pattern}");
        }
    }
}
