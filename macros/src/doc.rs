//! What doc comments say, as one text.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, Lit, Meta};

/// A doc: text, and expressions that yield text (`include_str!(…)`), in order.
#[derive(Default)]
pub(crate) struct Doc(Vec<Piece>);

enum Piece {
    Text(String),
    Expression(TokenStream),
}

/// The doc among some attributes, whatever stands between its parts.
pub(crate) fn of(attributes: &[Attribute]) -> Doc {
    let mut pieces = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    for attribute in attributes {
        let Meta::NameValue(doc) = &attribute.meta else { continue };
        if !doc.path.is_ident("doc") {
            continue;
        }
        match &doc.value {
            Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)) => {
                if let Lit::Str(text) = &literal.lit {
                    lines.extend(lines_of(&text.value()));
                }
            }
            expression => {
                push_text(&mut pieces, &mut lines);
                pieces.push(Piece::Expression(expression.to_token_stream()));
            }
        }
    }
    push_text(&mut pieces, &mut lines);
    Doc(pieces)
}

fn push_text(pieces: &mut Vec<Piece>, lines: &mut Vec<String>) {
    let text = joined(lines);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    lines.clear();
}

/// The lines of one attribute, without the stars that decorate a block comment.
fn lines_of(text: &str) -> Vec<String> {
    let Some((first, rest)) = text.split_once('\n') else { return vec![text.to_owned()] };
    let rest: Vec<_> = rest.split('\n').collect();
    let starred =
        rest.iter().filter(|line| !line.trim().is_empty()).all(|line| line.trim_start().starts_with('*'));
    let undecorated = |line: &&str| match line.trim_start().strip_prefix('*') {
        Some(line) if starred => line.to_owned(),
        _ => (*line).to_owned(),
    };
    std::iter::once(first.to_owned()).chain(rest.iter().map(undecorated)).collect()
}

/// The lines as Markdown of one line a paragraph. What Markdown reads line by line stays so.
fn joined(lines: &[String]) -> String {
    let indent = |line: &String| line.len() - line.trim_start().len();
    let common = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let mut text = String::new();
    let mut fence = None;
    let mut in_paragraph = false;
    for line in lines {
        let line = line.get(common..).unwrap_or_default().trim_end();
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        let flows = fence.is_none() && mark.is_none() && !line.is_empty() && !stands_alone(line);
        if flows && in_paragraph {
            text.push(' ');
            text.push_str(line.trim_start());
        } else {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(line);
        }
        fence = match (fence, mark) {
            (None, mark) => mark,
            (Some(open), Some(mark)) if open == mark => None,
            (open, _) => open,
        };
        in_paragraph = flows || (fence.is_none() && is_list_item(line));
    }
    text.trim().to_owned()
}

fn stands_alone(line: &str) -> bool {
    line.starts_with("    ") || line.starts_with(['#', '|', '>', '<', '\t']) || is_list_item(line)
}

fn is_list_item(line: &str) -> bool {
    let line = line.trim_start();
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
        || (digits.len() < line.len() && (digits.starts_with(". ") || digits.starts_with(") ")))
}

impl Doc {
    /// An expression of the text; `None` where there is none.
    pub(crate) fn expression(&self, root: &TokenStream) -> Option<TokenStream> {
        match self.0.as_slice() {
            [] => None,
            [Piece::Text(text)] => Some(quote!(#text)),
            pieces => Some(quote!(#root::text_of(&[#(#pieces),*]))),
        }
    }
}

impl ToTokens for Piece {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Piece::Text(text) => text.to_tokens(tokens),
            Piece::Expression(expression) => expression.to_tokens(tokens),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn text(attributes: &[Attribute]) -> String {
        of(attributes).expression(&quote!(p)).map_or_else(String::new, |text| text.to_string())
    }

    #[test]
    fn lines_of_a_paragraph_are_joined_and_paragraphs_are_not() {
        let attributes: Vec<Attribute> = parse_quote! {
            /// Send an email
            /// to someone.
            ///
            /// Second
            /// paragraph.
        };
        assert_eq!(text(&attributes), r#""Send an email to someone.\n\nSecond paragraph.""#);
    }

    #[test]
    fn what_markdown_reads_by_line_keeps_its_lines() {
        let attributes: Vec<Attribute> = parse_quote! {
            /// Intro
            /// # Heading
            /// - one
            ///   and more
            /// - two
            ///
            /// ```json
            /// {
            ///   "a": 1
            /// }
            /// ```
            /// after
        };
        let expected = "Intro\n# Heading\n- one and more\n- two\n\n```json\n{\n  \"a\": 1\n}\n```\nafter";
        assert_eq!(text(&attributes), format!("{expected:?}"));
    }

    #[test]
    fn a_doc_survives_other_attributes_between_its_lines() {
        let attributes: Vec<Attribute> = parse_quote! {
            /// one
            #[allow(unused)]
            /// two
        };
        assert_eq!(text(&attributes), r#""one two""#);
    }

    #[test]
    fn a_block_comment_loses_its_stars() {
        let attributes: Vec<Attribute> = parse_quote! {
            #[doc = " one\n * two\n *\n * three\n "]
        };
        assert_eq!(text(&attributes), r#""one two\n\nthree""#);
    }

    #[test]
    fn text_of_a_macro_is_joined_when_it_is_known() {
        let attributes: Vec<Attribute> = parse_quote! {
            /// one
            #[doc = include_str!("x.md")]
            #[doc(hidden)]
        };
        assert_eq!(text(&attributes), r#"p :: text_of (& ["one" , include_str ! ("x.md")])"#);
    }
}
