//! Every rule of `#[engine_action]`, as its author meets it.

use std::fs;
use std::path::Path;

#[test]
fn mistakes_are_told_as_recorded() {
    trybuild::TestCases::new().compile_fail("ui/*.rs");
}

/// Each file says on its first line how many errors its mistakes make: one each.
#[test]
fn each_mistake_makes_one_error() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let said = source.lines().next().and_then(|line| line.strip_prefix("// errors: "));
        let said: usize =
            said.unwrap_or_else(|| panic!("{} says no number", path.display())).parse().unwrap();
        let output = fs::read_to_string(path.with_extension("stderr")).unwrap();
        let told = output.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(told, said, "errors in {}:\n{output}", path.display());
        files += 1;
    }
    assert!(files > 0, "no file was found");
}
