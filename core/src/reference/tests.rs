use super::*;
use crate::diagnostic::{Code, Problem};
use flowright_schema::Segment;
use proptest::prelude::*;
use serde_json::{Value, json};
use serde_json_path::JsonPath;
use std::fmt::Write as _;

const SEGMENTS: usize = 64;

fn reference(text: &str) -> Reference {
    match parse(text, SEGMENTS) {
        Ok(Parsed::Ref(reference)) => reference,
        other => panic!("{text}: {other:?}"),
    }
}

/// Each fault as its code, the text it is at, its message and its help.
fn faults(text: &str) -> Vec<[String; 4]> {
    let faults = parse(text, SEGMENTS).expect_err(text).into_iter().map(|fault| {
        let words = Problem::Ref(fault.kind.clone()).words();
        let at = text.get(fault.span.clone()).expect("a span of the text").to_owned();
        [fault.kind.code().to_string(), at, words.message, words.help.unwrap_or_default()]
    });
    faults.collect()
}

#[test]
fn a_whole_string_is_one_ref() {
    let found = reference("!ref($.state.1['make user'][-2].title)");
    assert_eq!(found.root, RefRoot::State("1".into()));
    assert_eq!(
        found.path.segments(),
        [Segment::Member("make user".into()), Segment::Element(-2), Segment::shorthand("title")]
    );
    assert_eq!(found.span, 0..38);
    assert_eq!(found.root_span, 12..14);
    assert_eq!(found.segment_spans, [14..27, 27..31, 31..37]);
}

#[test]
fn roots_are_event_state_and_output() {
    let table = [
        ("!ref($.event)", RefRoot::Event, "!ref($.event)"),
        ("!ref($['event'].data)", RefRoot::Event, "!ref($.event.data)"),
        ("!ref($.output.result)", RefRoot::Output, "!ref($.output.result)"),
        ("!ref($.state.1)", RefRoot::State("1".into()), "!ref($.state.1)"),
        ("!ref($.state['1'])", RefRoot::State("1".into()), "!ref($.state.1)"),
        ("!ref($.state[\"a)b\"][0])", RefRoot::State("a)b".into()), "!ref($.state['a)b'][0])"),
        ("!ref($.state.é.x_1)", RefRoot::State("é".into()), "!ref($.state.é.x_1)"),
        (r"!ref($.event['\u00e9\ud83d\ude00\n'])", RefRoot::Event, r"!ref($.event['é😀\n'])"),
        (r#"!ref($.event["it's"])"#, RefRoot::Event, r"!ref($.event['it\'s'])"),
    ];
    for (text, root, printed) in table {
        let found = reference(text);
        assert_eq!((&found.root, found.to_string().as_str()), (&root, printed), "{text}");
    }
}

#[test]
fn text_is_cut_into_pieces() {
    assert_eq!(parse("no ref(here) !Ref(", SEGMENTS), Ok(Parsed::Plain));
    let Ok(Parsed::Text(pieces)) = parse(r#"a !ref("!ref(")b !ref($.event.name)!ref($.output)."#, SEGMENTS)
    else {
        panic!("text with refs");
    };
    let [PieceOf::Verbatim(before), PieceOf::Ref(name), PieceOf::Ref(output), PieceOf::Verbatim(after)] =
        pieces.as_slice()
    else {
        panic!("{pieces:?}");
    };
    assert_eq!((before.as_str(), after.as_str()), ("a !ref(b ", "."));
    assert_eq!((name.span.clone(), output.span.clone()), (17..35, 35..49));
}

#[test]
fn an_escape_alone_is_literal_text() {
    for (text, literal) in [
        (r#"!ref("text")"#, "text"),
        (r#"!ref("")"#, ""),
        (r#"!ref("a)b\"\n\ud83d\ude00/\/")"#, "a)b\"\n😀//"),
        (r#"see !ref("!ref($.event)")."#, "see !ref($.event)."),
    ] {
        assert_eq!(parse(text, SEGMENTS), Ok(Parsed::Literal(literal.into())), "{text}");
    }
}

#[test]
fn every_fault_says_where_it_is_and_how_to_write_it() {
    let rows = [
        "!ref()",
        "!ref(event.name)",
        "!ref(.state.1)",
        "!ref(name)",
        "!ref('text')",
        "!ref($)",
        "!ref($[0])",
        "!ref($.evnt.name)",
        "!ref($.result)",
        "!ref($['make user'])",
        "!ref($.state)",
        "!ref($.state[0].x)",
        "!ref($.state.make-user.name)",
        "!ref($.state[make-user].name)",
        "!ref($.event.1a)",
        "!ref($.event[1a])",
        "!ref($.event.a*)",
        "!ref($.event.*)",
        "!ref($.event[*])",
        "!ref($.event[0:2])",
        "!ref($.event[:])",
        "!ref($.event[?(@.a)])",
        "!ref($..name)",
        "!ref($.event['a','b'])",
        "!ref($.event[0, 1])",
        "!ref( $.event)",
        "!ref($.event )",
        "!ref($.event. name)",
        "!ref($.event[ 0])",
        "!ref($.event[0 ])",
        "!ref($.event.first name)",
        "!ref($.event.name",
        "!ref(",
        "!ref($.event[0)",
        "!ref($.event[",
        "!ref($.event[name",
        "!ref($.event['name)",
        "!ref($.event.)",
        "!ref($.event[])",
        "!ref($.event[01])",
        "!ref($.event[-0])",
        "!ref($.event[9007199254740992])",
        "!ref($.event[1.5])",
        r"!ref($.event['\q'])",
        r#"!ref($.event['\"'])"#,
        r"!ref($.event['\u12'])",
        r"!ref($.event['\ud800'])",
        "!ref($.event['a\nb'])",
        "!ref($.event(x))",
        "!ref($.event+1)",
        r#"!ref("text".length)"#,
        r#"!ref("text"#,
    ];
    let mut listed = String::new();
    for text in rows {
        let rows = faults(text);
        assert_eq!(rows.len(), 1, "{text}: {rows:?}");
        for [code, at, message, help] in rows {
            let text = text.escape_debug();
            let _ = write!(listed, "{text}\n  {code} at {at:?}: {message}\n  {help}\n\n");
        }
    }
    insta::assert_snapshot!(listed);
}

#[test]
fn every_ref_of_a_text_is_read_though_others_are_wrong() {
    let found = faults("a !ref($.evnt) b !ref($.event) c !ref($.state) !ref( !ref($.event.) d");
    let codes = found.iter().map(|[code, at, ..]| (code.as_str(), at.as_str())).collect::<Vec<_>>();
    assert_eq!(
        codes,
        [("unknown-root", ".evnt"), ("ref-syntax", ".state"), ("ref-syntax", " "), ("ref-syntax", "."),]
    );
}

#[test]
fn a_ref_has_so_many_segments_and_no_more() {
    let long = |segments: usize| format!("!ref($.event{})", ".a".repeat(segments - 1));
    assert!(parse(&long(64), 64).is_ok());
    let faults = parse(&long(65), 64).expect_err("too many");
    assert_eq!(faults.iter().map(|fault| fault.kind.code()).collect::<Vec<_>>(), [Code::Limit]);
    assert!(parse(&long(1_000_000), 64).is_err());
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z_][a-z0-9_]{0,3}",
        Just("é😀".to_owned()),
        proptest::collection::vec(
            prop_oneof![
                any::<char>(),
                proptest::sample::select(vec!['\'', '"', '\\', ')', ']', '\n', '\u{7f}', ' '])
            ],
            0..4
        )
        .prop_map(String::from_iter),
    ]
}

/// A segment, and one way to write it.
fn segment() -> impl Strategy<Value = (Segment, String)> {
    let index = prop_oneof![-3..4_i64, Just((1 << 53) - 1), Just(-(1 << 53) + 1)];
    prop_oneof![
        index.prop_map(|index| (Segment::Element(index), format!("[{index}]"))),
        "[a-zA-Z_é][a-z0-9_😀]{0,3}".prop_map(|name| (Segment::shorthand(&name), format!(".{name}"))),
        (name(), any::<bool>(), any::<u8>()).prop_map(|(name, single, escaped)| {
            let quote = if single { '\'' } else { '"' };
            let mut written = format!("[{quote}");
            for (position, c) in name.chars().enumerate() {
                if c == quote || c == '\\' {
                    written.extend(['\\', c]);
                } else if c < ' ' || escaped & 1 << (position % 8) != 0 {
                    let mut units = [0; 2];
                    for unit in c.encode_utf16(&mut units) {
                        let _ = write!(written, "\\u{unit:04X}");
                    }
                } else {
                    written.push(c);
                }
            }
            (Segment::Member(name.into()), written + &format!("{quote}]"))
        }),
    ]
}

/// A value in which the segments lead somewhere, or nearly.
fn around(segments: &[Segment], cut: usize) -> Value {
    segments.iter().take(cut).rev().fold(json!("here"), |inner, segment| match segment {
        Segment::Element(_) => json!([0, inner, [1]]),
        Segment::Member(name) | Segment::Digits(name) => json!({ &**name: inner, "a": 1 }),
    })
}

proptest! {
    #[test]
    fn a_singular_query_means_what_rfc_9535_says(
        segments in proptest::collection::vec(segment(), 0..5),
        cut in 0..6_usize,
    ) {
        let (segments, written): (Vec<_>, Vec<_>) = segments.into_iter().unzip();
        let written = written.concat();
        let found = reference(&format!("!ref($.event{written})"));
        prop_assert_eq!(found.path.segments(), segments.as_slice());
        let event = around(&segments, cut);
        let document = json!({ "event": event });
        let oracle = JsonPath::parse(&format!("$.event{written}")).expect("a JSONPath");
        prop_assert_eq!(found.path.find(&event), oracle.query(&document).at_most_one().expect("a singular query"));
    }

    #[test]
    fn what_is_a_query_is_what_rfc_9535_says(inside in r#"(\.|[\[\]'"\\a-cu0-2é/-]|\.[a-c]|\['|'\]|\[[0-2]\]){0,8}"#) {
        let ours = parse(&format!("!ref($.event.a{inside})"), SEGMENTS);
        let oracle = JsonPath::parse(&format!("$.event.a{inside}"));
        match ours {
            Ok(Parsed::Ref(reference)) => {
                let digits = reference.path.segments().iter().any(|segment| matches!(segment, Segment::Digits(_)));
                prop_assert!(digits || oracle.is_ok(), "{}", inside);
            }
            Ok(other) => prop_assert!(false, "{:?}", other),
            // Descendants are the only queries of this alphabet that mean many values.
            Err(faults) => prop_assert!(oracle.is_err() || inside.contains(".."), "{}: {:?}", inside, faults),
        }
    }

    #[test]
    fn a_ref_is_read_back_from_what_it_prints(segments in proptest::collection::vec(segment(), 0..5), id in name()) {
        let path = segments.into_iter().map(|(segment, _)| segment).collect::<Path>();
        for root in [RefRoot::Event, RefRoot::State(id), RefRoot::Output] {
            let printed = Reference {
                root: root.clone(),
                path: path.clone(),
                span: 0..0,
                root_span: 0..0,
                segment_spans: Vec::new(),
            }
            .to_string();
            let found = reference(&printed);
            prop_assert_eq!((&found.root, &found.path), (&root, &path));
            prop_assert_eq!(found.span, 0..printed.len());
        }
    }

    #[test]
    fn literal_text_is_read_back_from_what_is_printed(text in r#"(!ref\(|!re|f\(|[!r("$.)a\\]|\PC){0,9}"#) {
        match parse(&literal(&text), SEGMENTS) {
            Ok(Parsed::Plain) => prop_assert!(!text.contains(OPENING)),
            Ok(Parsed::Literal(read)) => prop_assert_eq!(read, text),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn nothing_makes_it_panic_and_all_spans_are_in_the_text(
        text in r#"(!ref\(|\$|\.|\[|\]|\)|'|"|\\|\\u|d8|00|-|[0-9]|[ \n]|event|state|\*|é|😀|\PC){0,24}"#,
        segments in 0..4_usize,
    ) {
        match parse(&text, segments) {
            Ok(Parsed::Plain) => prop_assert!(!text.contains(OPENING)),
            Ok(Parsed::Literal(_)) => {}
            Ok(Parsed::Ref(reference)) => prop_assert_eq!(text.get(reference.span), Some(text.as_str())),
            Ok(Parsed::Text(pieces)) => {
                for piece in pieces {
                    let PieceOf::Ref(reference) = piece else { continue };
                    prop_assert!(text.get(reference.root_span).is_some());
                    for span in reference.segment_spans {
                        let segment = text.get(span).unwrap_or_default();
                        prop_assert!(segment.starts_with(['.', '[']), "{}", segment);
                    }
                }
            }
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                for fault in faults {
                    prop_assert!(text.get(fault.span.clone()).is_some(), "{:?}", fault);
                    prop_assert!(!Problem::Ref(fault.kind).words().message.is_empty());
                }
            }
        }
    }
}
