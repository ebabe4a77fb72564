//! `explain`: what a code means.

use crate::output::{self, Exit};
use flowright::Code;
use std::fmt::Write as _;

pub(crate) fn explain(code: Option<&str>) -> Result<Exit, String> {
    let mut text = String::new();
    match code {
        None => {
            let longest = Code::ALL.iter().map(|code| code.slug().len()).max().unwrap_or(0);
            for code in Code::ALL {
                let _ = writeln!(text, "{:longest$}  {}", code.slug(), code.summary());
            }
        }
        Some(slug) => {
            let code: Code = slug.parse().map_err(|_| unknown(slug))?;
            text.push_str(code.explanation());
        }
    }
    output::print(&text)?;
    Ok(Exit::Clean)
}

fn unknown(slug: &str) -> String {
    let near = |code: &&Code| strsim::damerau_levenshtein(slug, code.slug());
    let nearest = Code::ALL.iter().min_by_key(near).filter(|code| near(code) <= 1 + slug.len() / 3);
    let advice = nearest.map_or_else(
        || "`explain` without a code lists all".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    format!("no diagnostic has the code `{}`; {advice}", slug.escape_debug())
}
