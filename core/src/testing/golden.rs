//! Reports that are kept in files.

use crate::diagnostic::Report;
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// Fails a test where a [`Report`] is not drawn as a file says, and shows the lines that differ.
///
/// The path begins at the folder of the crate's `Cargo.toml`. With `FLOWRIGHT_BLESS=1` in the environment the file is
/// written instead: read what changed before you commit it.
///
/// ```
/// use flowright::Registry;
/// use flowright::testing::assert_report;
///
/// let registry = Registry::builder().build()?;
/// let report = registry.check(r#"{ "actions": [], "edges": {} }"#).unwrap_err();
/// # let folder = std::env::temp_dir().join(format!("flowright-golden-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # std::fs::write(folder.join("edges.txt"), format!("{report}\n"))?;
/// # let file = folder.join("edges.txt");
/// # let file = file.to_str().ok_or("not UTF-8")?;
/// # stringify! {
/// assert_report!(report, "tests/reports/edges.txt");
/// # };
/// # assert_report!(report, file);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[macro_export]
macro_rules! assert_report {
    ($report:expr, $file:expr $(,)?) => {
        $crate::__private::compare_report(&$report, ::core::env!("CARGO_MANIFEST_DIR"), $file)
    };
}

/// What `assert_report!` does.
#[track_caller]
#[expect(clippy::panic, clippy::missing_panics_doc, reason = "that is how a test fails")]
pub fn compare(report: &Report, folder: &str, file: &str) {
    let bless = std::env::var_os("FLOWRIGHT_BLESS").is_some();
    if let Err(said) = compared(report, &Path::new(folder).join(file), file, bless) {
        panic!("{said}");
    }
}

fn compared(report: &Report, path: &Path, file: &str, bless: bool) -> Result<(), String> {
    let drawn = format!("{}\n", report.render(false));
    if bless {
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        return folder
            .and_then(|()| fs::write(path, drawn))
            .map_err(|error| format!("cannot write `{file}`: {error}"));
    }
    let kept = match fs::read_to_string(path) {
        // A checkout may end lines as its system does.
        Ok(kept) => kept.replace("\r\n", "\n"),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(format!(
                "there is no `{file}`; run the test with FLOWRIGHT_BLESS=1 to write it:\n{drawn}"
            ));
        }
        Err(error) => return Err(format!("cannot read `{file}`: {error}")),
    };
    if kept == drawn {
        return Ok(());
    }
    Err(format!(
        "the report is another than in `{file}`; where it is right, run the test with FLOWRIGHT_BLESS=1 to write it \
         there\n{}",
        difference(&kept, &drawn)
    ))
}

/// How many equal lines are shown around those that differ.
const AROUND: usize = 3;

/// Where two texts part: what only the first has after `-`, what only the second has after `+`.
fn difference(kept: &str, drawn: &str) -> String {
    let (kept, drawn): (Vec<&str>, Vec<&str>) = (kept.split('\n').collect(), drawn.split('\n').collect());
    let same = |(one, other): &(&&str, &&str)| one == other;
    let before = kept.iter().zip(&drawn).take_while(same).count();
    let rest = kept[before..].iter().rev().zip(drawn[before..].iter().rev());
    let after = rest.take_while(same).count();
    let (kept_end, drawn_end) = (kept.len() - after, drawn.len() - after);
    let equal = |lines: &[&str]| lines.iter().map(|line| (' ', (*line).to_owned())).collect::<Vec<_>>();
    let only =
        |sign: char, lines: &[&str]| lines.iter().map(|line| (sign, (*line).to_owned())).collect::<Vec<_>>();
    let parts = [
        equal(&kept[before.saturating_sub(AROUND)..before]),
        only('-', &kept[before..kept_end]),
        only('+', &drawn[before..drawn_end]),
        equal(&kept[kept_end..(kept_end + AROUND).min(kept.len())]),
    ];
    let mut shown = String::new();
    for (sign, line) in parts.iter().flatten() {
        let _ = writeln!(shown, "{}", format!("{sign} {line}").trim_end());
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Registry;

    fn report() -> Report {
        let registry = Registry::builder().build().unwrap();
        registry.check(r#"{ "actions": [], "edges": {} }"#).unwrap_err()
    }

    #[test]
    fn a_report_is_written_and_then_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/report.txt");
        let missing = compared(&report(), &path, "new/report.txt", false).unwrap_err();
        assert!(
            missing.starts_with("there is no `new/report.txt`; run the test with FLOWRIGHT_BLESS=1"),
            "{missing}"
        );
        assert_eq!(compared(&report(), &path, "new/report.txt", true), Ok(()));
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{}\n", report()));
        assert_eq!(compared(&report(), &path, "new/report.txt", false), Ok(()));
        fs::write(&path, format!("{}\n", report()).replace('\n', "\r\n")).unwrap();
        assert_eq!(compared(&report(), &path, "new/report.txt", false), Ok(()));
    }

    #[test]
    fn another_report_is_shown_as_a_difference() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.txt");
        fs::write(&path, format!("{}\n", report()).replace("error[", "warning[")).unwrap();
        let said = compared(&report(), &path, "report.txt", false).unwrap_err();
        assert!(said.contains("\n- warning[") && said.contains("\n+ error["), "{said}");
    }

    #[test]
    fn a_difference_shows_three_lines_around_it() {
        assert_eq!(
            difference("1\n2\n3\n4\nold\n5\n6\n7\n8\n", "1\n2\n3\n4\nnew\nmore\n5\n6\n7\n8\n"),
            "  2\n  3\n  4\n- old\n+ new\n+ more\n  5\n  6\n  7\n"
        );
        assert_eq!(difference("a\na\n", "a\n"), "  a\n- a\n\n");
        assert_eq!(difference("", "new\n"), "+ new\n\n");
    }
}
