//! Workflows checked while a program is built: for its `build.rs`.
//!
//! A build script cannot import the actions of its own crate. They live in another crate that both depend on, or their
//! registry was exported to a file.

use crate::diagnostic::{Report, Severity};
use crate::registry::Registry;
use crate::source::Source;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Fails the build where a workflow in the folder, or in one inside it, has errors: their reports are drawn on standard
/// error. Workflows are all files whose names end in `.json` or `.jsonc`.
///
/// Cargo is told to build again when one of them changes, and shows warnings as its own.
///
/// ```no_run
/// # let registry = flowright::Registry::builder().build().unwrap();
/// // In `main` of `build.rs`:
/// flowright::build::check("workflows", &registry);
/// ```
pub fn check(folder: impl AsRef<Path>, registry: &Registry) {
    end(&looked_at(folder.as_ref(), registry));
}

/// The same with a registry that was exported to a file, by [`Registry::exported`] or `export registry` on the command
/// line. A registry that cannot be read fails the build, too.
pub fn check_exported(folder: impl AsRef<Path>, registry: impl AsRef<Path>) {
    end(&looked_at_with(folder.as_ref(), registry.as_ref()));
}

/// What Cargo is told, and what fails the build.
#[derive(Default)]
struct Looked {
    told: String,
    failures: Vec<String>,
}

impl Looked {
    fn rerun_if_changed(&mut self, path: &Path) {
        let _ = writeln!(self.told, "cargo::rerun-if-changed={}", path.display());
    }

    fn warnings(&mut self, report: &Report) {
        for found in report.iter().filter(|found| found.severity() == Severity::Warning) {
            let name = report.source().name().unwrap_or_default();
            let _ = writeln!(self.told, "cargo::warning={name}: {} ({})", found.message(), found.code());
        }
    }
}

#[allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "that is how build scripts talk to Cargo and to users"
)]
fn end(looked: &Looked) {
    print!("{}", looked.told);
    if !looked.failures.is_empty() {
        eprintln!("{}", looked.failures.join("\n\n"));
        std::process::exit(1);
    }
}

fn looked_at_with(folder: &Path, file: &Path) -> Looked {
    let read = || {
        let source = Source::file(file).map_err(|error| error.to_string())?;
        let exported = serde_json::from_str(source.as_str())
            .map_err(|error| format!("`{}` is not JSON: {error}", file.display()))?;
        Registry::from_exported(&exported).map_err(|error| format!("`{}`: {error}", file.display()))
    };
    let mut looked = match read() {
        Ok(registry) => looked_at(folder, &registry),
        Err(error) => Looked { failures: vec![format!("error: {error}")], ..Looked::default() },
    };
    looked.rerun_if_changed(file);
    looked
}

fn looked_at(folder: &Path, registry: &Registry) -> Looked {
    let mut looked = Looked::default();
    looked.rerun_if_changed(folder);
    for file in workflows(folder, &mut looked) {
        looked.rerun_if_changed(&file);
        match Source::file(&file) {
            Err(error) => looked.failures.push(format!("error: {error}")),
            Ok(source) => match registry.check(source) {
                Ok(workflow) => looked.warnings(workflow.report()),
                Err(report) => looked.failures.push(report.render(false)),
            },
        }
    }
    looked
}

/// The workflows in a folder and in those inside it, by name. Links to folders are not followed.
fn workflows(folder: &Path, looked: &mut Looked) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                looked.failures.push(format!("error: cannot read `{}`: {error}", folder.display()));
                continue;
            }
        };
        for entry in entries {
            let path = entry.path();
            let is_workflow =
                path.extension().is_some_and(|extension| extension == "json" || extension == "jsonc");
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                open.push(path);
            } else if is_workflow && path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: &str = r#"{ "actions": [{ "id": "1", "kind": "builtin:if", "inputs": { "condition": true } }],
        "edges": [{ "from": "$source", "to": "1" }], "metdata": {} }"#;
    const WRONG: &str = r#"{ "actions": [{ "id": "1", "kind": "builtin:fi" }], "edges": [{ "from": "$source", "to": "1" }] }"#;

    fn registry() -> Registry {
        Registry::builder().build().unwrap()
    }

    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        folder
    }

    #[test]
    fn right_workflows_pass_and_their_warnings_are_told() {
        let folder =
            folder(&[("a.json", RIGHT.as_bytes()), ("deep/b.jsonc", b"// none"), ("notes.txt", b"{")]);
        fs::remove_file(folder.path().join("deep/b.jsonc")).unwrap();
        let looked = looked_at(folder.path(), &registry());
        assert_eq!(looked.failures, [""; 0]);
        let (path, file) = (folder.path().display(), folder.path().join("a.json"));
        let file = file.display();
        let warning = format!("cargo::warning={file}: a workflow has no member `metdata` (unknown-member)");
        assert_eq!(
            looked.told.lines().collect::<Vec<_>>(),
            [format!("cargo::rerun-if-changed={path}"), format!("cargo::rerun-if-changed={file}"), warning]
        );
    }

    #[test]
    fn every_wrong_workflow_fails_the_build_with_its_report() {
        let folder =
            folder(&[("b/wrong.json", WRONG.as_bytes()), ("a.json", b"\xff"), ("c.jsonc", b"{ /* so */ }")]);
        let looked = looked_at(folder.path(), &registry());
        assert_eq!(looked.failures.len(), 3);
        assert!(
            looked.failures[0].contains("a.json") && looked.failures[0].contains("UTF-8"),
            "{}",
            looked.failures[0]
        );
        assert!(looked.failures[1].starts_with("error[unknown-kind]: "), "{}", looked.failures[1]);
        assert!(looked.failures[2].starts_with("error[missing-member]: "), "{}", looked.failures[2]);
    }

    #[test]
    fn an_exported_registry_does_the_same() {
        let exported = registry().exported().to_string();
        let folder = folder(&[
            ("flows/a.json", WRONG.as_bytes()),
            ("registry.json", exported.as_bytes()),
            ("old", b"{}"),
        ]);
        let at = |name: &str| folder.path().join(name);
        let looked = looked_at_with(&at("flows"), &at("registry.json"));
        assert_eq!(looked.failures, looked_at(&at("flows"), &registry()).failures);
        assert!(looked.told.ends_with("registry.json\n"));
        for (registry, said) in [("old", "this is no exported registry"), ("gone", "cannot read")] {
            let failures = looked_at_with(&at("flows"), &at(registry)).failures;
            assert!(failures.len() == 1 && failures[0].contains(said), "{failures:?}");
        }
        assert_eq!(looked_at(&at("nowhere"), &self::registry()).failures.len(), 1);
    }
}
