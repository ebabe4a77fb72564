//! A wrong workflow is told in the same words when a program is built, when its tests run, and on the command line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A workspace of its own: this crate, which checks when it is built, and one that checks in tests.
struct Copy(PathBuf);

impl Copy {
    fn new() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.ancestors().nth(2).expect("the repository").display();
        let read = |file: &str| fs::read_to_string(here.join(file)).expect("a file of the repository");
        let copy = Copy(Path::new(env!("CARGO_TARGET_TMPDIR")).join("same-report"));
        let _ = fs::remove_dir_all(&copy.0);

        let workspace = read("../../Cargo.toml");
        let members = workspace.lines().find(|line| line.starts_with("members")).expect("members");
        let workspace = workspace.replace(members, "members = [\"built\", \"tested\"]");
        copy.write("Cargo.toml", &workspace.replace("{ path = \"", &format!("{{ path = \"{root}/")));
        copy.write("Cargo.lock", &read("../../Cargo.lock"));
        let manifest = read("Cargo.toml").replace("flowright-cli.workspace = true\n", "");
        let manifest = manifest.replace("../shop", &format!("{root}/examples/shop"));
        copy.write("built/Cargo.toml", &manifest.replace("flowright-examples-built", "same-report-built"));
        copy.write("built/build.rs", &read("build.rs"));
        copy.write("built/src/main.rs", "fn main() {}\n");
        copy.write("tested/Cargo.toml", &manifest.replace("flowright-examples-built", "same-report-tested"));
        copy.write("tested/src/lib.rs", "");
        copy.write("tested/tests/workflows.rs", &read("../shop/tests/workflows.rs"));
        copy.workflow("order.json", &read("workflows/order.json"));
        copy
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    fn workflow(&self, name: &str, text: &str) {
        for folder in ["built", "tested"] {
            self.write(&format!("{folder}/workflows/{name}"), text);
        }
    }

    /// Whether Cargo succeeds, and all it prints. What others have compiled is used.
    fn cargo(&self, arguments: &[&str]) -> (bool, String) {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(arguments).arg("--offline").current_dir(&self.0).env("CARGO_TARGET_DIR", target);
        cargo.env("CARGO_TERM_COLOR", "never").env("RUST_BACKTRACE", "0");
        let Output { status, stdout, stderr } = cargo.output().expect("Cargo starts");
        let printed = [stdout, stderr].map(|bytes| String::from_utf8(bytes).expect("UTF-8")).concat();
        (status.success(), printed)
    }
}

#[test]
fn a_wrong_workflow_is_told_alike_by_cargo_build_and_cargo_test_and_the_command_line() {
    const BUILD: [&str; 3] = ["build", "-p", "same-report-built"];
    const TEST: [&str; 3] = ["test", "-p", "same-report-tested"];
    let copy = Copy::new();
    for arguments in [BUILD, TEST] {
        let (succeeds, printed) = copy.cargo(&arguments);
        assert!(succeeds, "{arguments:?} prints\n{printed}");
    }

    let right = include_str!("../workflows/order.json");
    let wrong =
        right.replace("data.cents", "data.cent").replace("\"kind\": \"notify\"", "\"kind\": \"notfy\"");
    copy.workflow("order.json", &wrong);
    let check = Command::new(env!("CARGO_BIN_EXE_flowright-examples-built"))
        .args(["check", "workflows/order.json"])
        .current_dir(copy.0.join("built"))
        .output()
        .expect("the command line starts");
    let report = String::from_utf8(check.stdout).expect("UTF-8");
    let report = report.trim_end();
    assert!(
        report.starts_with("error[unknown-field]: ") && report.contains("error[unknown-kind]: "),
        "{report}"
    );
    assert!(report.ends_with("\n\nerror: 2 errors in workflows/order.json"), "{report}");

    let (succeeds, printed) = copy.cargo(&BUILD);
    // Cargo indents what a build script prints.
    let printed: Vec<&str> = printed.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
    let printed = printed.join("\n");
    assert!(
        !succeeds && printed.contains(report),
        "{report}\n\nis told otherwise by `cargo build`:\n{printed}"
    );
    let (succeeds, printed) = copy.cargo(&TEST);
    assert!(
        !succeeds && printed.contains(report),
        "{report}\n\nis told otherwise by `cargo test`:\n{printed}"
    );
    assert!(printed.contains("test workflows::order ... FAILED"), "{printed}");

    copy.workflow("order.json", right);
    let (succeeds, printed) = copy.cargo(&TEST);
    assert!(succeeds, "{printed}");
    copy.workflow("later.json", right);
    let (succeeds, printed) = copy.cargo(&TEST);
    let said = "- `workflows/later.json` was added and has no test\nsave `tests/workflows.rs` again";
    assert!(!succeeds && printed.contains("test workflows::every_file_has_a_test ... FAILED"), "{printed}");
    assert!(printed.replace("`tested/tests", "`tests").contains(said), "{printed}");
}
