//! What the tests of `test_workflows!` do.

use crate::registry::Registry;
use crate::source::Source;
use glob::Pattern;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// The workflows that one `test_workflows!` is about.
#[derive(Debug)]
pub struct TestedWorkflows {
    /// That of the crate's `Cargo.toml`.
    pub folder: &'static str,
    /// From there on.
    pub pattern: &'static str,
    /// The event type to check for.
    pub event: Option<&'static str>,
    /// The source file that has the macro.
    pub written_in: &'static str,
    /// What the workflows are held against.
    pub registry: &'static Registry,
}

#[expect(clippy::panic, clippy::missing_panics_doc, reason = "that is how a test fails")]
impl TestedWorkflows {
    /// Fails where the file has errors.
    #[track_caller]
    pub fn check(&self, file: &str) {
        if let Err(said) = self.checked(file) {
            panic!("{said}");
        }
    }

    /// Fails where other files match the pattern than those that have tests.
    #[track_caller]
    pub fn compare(&self, tested: &[&str]) {
        if let Err(said) = self.compared(tested) {
            panic!("{said}");
        }
    }

    fn checked(&self, file: &str) -> Result<(), String> {
        let read = Source::file(Path::new(self.folder).join(file));
        // Named as `cargo build` and the command line name it.
        let source = read.map_err(|error| format!("error: {error}"))?.with_name(file);
        let checked = match self.event {
            Some(event) => self.registry.check_for(event, source),
            None => self.registry.check(source),
        };
        checked.map(drop).map_err(|report| report.render(false))
    }

    fn compared(&self, tested: &[&str]) -> Result<(), String> {
        let found = self.found()?;
        let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        let tested: BTreeSet<&str> = tested.iter().copied().collect();
        if found == tested {
            return Ok(());
        }
        let mut said = "other files are there than when these tests were compiled:".to_owned();
        for (files, what) in [(&found - &tested, "was added and has no test"), (&tested - &found, "is gone")]
        {
            for file in files {
                let _ = write!(said, "\n- `{file}` {what}");
            }
        }
        let _ =
            write!(said, "\nsave `{}` again, or `touch` it, and Cargo compiles them anew", self.written_in);
        Err(said)
    }

    /// As the macro found them.
    fn found(&self) -> Result<Vec<String>, String> {
        let whole = format!("{}/{}", Pattern::escape(self.folder), self.pattern);
        let mut files = Vec::new();
        for path in glob::glob(&whole).map_err(|error| error.to_string())? {
            let path = path.map_err(|error| format!("cannot look for files: {error}"))?;
            if path.is_file() {
                files.push(path.strip_prefix(self.folder).unwrap_or(&path).to_string_lossy().into_owned());
            }
        }
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const RIGHT: &str = r#"{ "actions": [{ "id": "1", "kind": "builtin:if", "inputs": { "condition": true } }],
        "edges": [{ "from": "$source", "to": "1" }] }"#;
    const WRONG: &str = r#"{ "actions": [{ "id": "1", "kind": "builtin:fi" }], "edges": [{ "from": "$source", "to": "1" }] }"#;

    fn tested(pattern: &'static str, files: &[(&str, &str)]) -> (tempfile::TempDir, TestedWorkflows) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("flows")).unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let registry = Registry::builder().event::<String>("note").build().unwrap();
        let tested = TestedWorkflows {
            folder: folder.path().to_str().unwrap().to_owned().leak(),
            pattern,
            event: None,
            written_in: "tests/workflows.rs",
            registry: Box::leak(Box::new(registry)),
        };
        (folder, tested)
    }

    #[test]
    fn a_wrong_workflow_is_told_as_a_build_script_tells_it() {
        let (_folder, tested) = tested("flows/*", &[("flows/a.json", RIGHT), ("flows/b.json", WRONG)]);
        assert_eq!(tested.checked("flows/a.json"), Ok(()));
        let told = tested.checked("flows/b.json").unwrap_err();
        assert!(
            told.starts_with("error[unknown-kind]: ") && told.contains("\n --> flows/b.json:1:"),
            "{told}"
        );
        let other = TestedWorkflows { event: Some("nope"), ..tested };
        assert!(other.checked("flows/a.json").unwrap_err().contains("`nope`"));
        assert!(other.checked("flows/c.json").unwrap_err().starts_with("error: cannot read"));
    }

    #[test]
    fn files_that_came_and_went_are_named() {
        let (_folder, tested) =
            tested("flows/*.json", &[("flows/a.json", RIGHT), ("flows/b.json", ""), ("flows/c", "")]);
        assert_eq!(tested.compared(&["flows/b.json", "flows/a.json"]), Ok(()));
        assert_eq!(
            tested.compared(&["flows/a.json", "flows/old.json"]).unwrap_err(),
            "other files are there than when these tests were compiled:\n\
             - `flows/b.json` was added and has no test\n\
             - `flows/old.json` is gone\n\
             save `tests/workflows.rs` again, or `touch` it, and Cargo compiles them anew"
        );
    }
}
