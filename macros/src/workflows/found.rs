//! The files that a pattern matches when a crate is compiled.

use glob::Pattern;
use std::path::{Component, Path};

const EXAMPLE: &str = "write it from the folder of `Cargo.toml` on, such as `workflows/**/*.json`";

/// The files below `folder` by their paths from there, sorted; at least one.
pub(super) fn files(folder: &Path, pattern: &str) -> Result<Vec<String>, String> {
    for component in Path::new(pattern).components() {
        match component {
            Component::Prefix(_) | Component::RootDir => {
                return Err(format!("the pattern begins at the root: {EXAMPLE}"));
            }
            Component::ParentDir => return Err(format!("the pattern leads out of the crate: {EXAMPLE}")),
            Component::CurDir | Component::Normal(_) => {}
        }
    }
    let not_text = |path: &Path| format!("`{}` is not UTF-8", path.display());
    let from = folder.to_str().ok_or_else(|| not_text(folder))?;
    let wrong =
        |error: glob::PatternError| format!("the pattern is wrong at byte {}: {}", error.pos, error.msg);
    Pattern::new(pattern).map_err(wrong)?;
    let whole = format!("{}/{pattern}", Pattern::escape(from));
    let mut files = Vec::new();
    for path in glob::glob(&whole).map_err(wrong)? {
        let path = path.map_err(|error| format!("cannot look for files: {error}"))?;
        if path.is_file() {
            let file = path.strip_prefix(folder).unwrap_or(&path);
            files.push(file.to_str().ok_or_else(|| not_text(file))?.to_owned());
        }
    }
    if files.is_empty() {
        return Err(format!("no file matches `{pattern}` in `{from}`"));
    }
    files.sort_unstable();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::Builder::new().prefix("[odd] ").tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        folder
    }

    #[test]
    fn files_are_found_in_every_folder_below() {
        let folder = folder(&["flows/b.json", "flows/a/x.json", "flows/a/x.txt", "flows/é.json", "c.json"]);
        fs::create_dir(folder.path().join("flows/d.json")).unwrap();
        let found = files(folder.path(), "./flows/**/*.json");
        assert_eq!(found.unwrap(), ["flows/a/x.json", "flows/b.json", "flows/é.json"]);
        assert_eq!(files(folder.path(), "*.json").unwrap(), ["c.json"]);
    }

    #[test]
    fn a_pattern_that_finds_nothing_says_where_it_looked() {
        let folder = folder(&["flows/b.json"]);
        let error = files(folder.path(), "flow/*.json").unwrap_err();
        assert_eq!(error, format!("no file matches `flow/*.json` in `{}`", folder.path().display()));
    }

    #[test]
    fn a_pattern_stays_in_the_crate() {
        let folder = folder(&["flows/b.json"]);
        for (pattern, said) in [
            ("/flows/*.json", "begins at the root"),
            ("flows/../flows/*.json", "leads out of the crate"),
            ("flows/***.json", "the pattern is wrong at byte 8"),
            ("flows/[a.json", "the pattern is wrong at byte 6"),
        ] {
            let error = files(folder.path(), pattern).unwrap_err();
            assert!(error.contains(said), "{pattern}: {error}");
        }
    }
}
