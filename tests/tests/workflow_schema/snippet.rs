//! Snippets, as an editor writes them.

/// A snippet's text with its places filled in: by what it proposes, by the first of what it lists, by nothing inside quotes, and elsewhere by `value`.
pub(crate) fn expanded(snippet: &str, value: &str) -> String {
    let mut text = String::new();
    let mut chars = snippet.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            '$' => {
                let is_braced = chars.next_if_eq(&'{').is_some();
                while chars.next_if(char::is_ascii_digit).is_some() {}
                if !is_braced {
                    let is_quoted = text.ends_with('"') && chars.peek() == Some(&'"');
                    let is_inside = text.ends_with(['[', '{']);
                    text.push_str(if is_quoted || is_inside { "" } else { value });
                    continue;
                }
                let listed = chars.next() == Some('|');
                let mut proposed = true;
                while let Some(c) = chars.next() {
                    match c {
                        '\\' if proposed => text.extend(chars.next()),
                        '\\' => drop(chars.next()),
                        '}' => break,
                        ',' | '|' if listed => proposed = false,
                        c if proposed => text.push(c),
                        _ => {}
                    }
                }
            }
            c => text.push(c),
        }
    }
    text
}

#[test]
fn places_are_filled_in() {
    assert_eq!(
        expanded(
            r#"{ "a": "$1", "b": ${2|true,false|}, "c": $3, "d": "${4:\$source}", "e": {$5}, "f": "\\$" }"#,
            "7"
        ),
        r#"{ "a": "", "b": true, "c": 7, "d": "$source", "e": {}, "f": "\7" }"#
    );
}
