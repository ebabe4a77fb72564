//! What the project's pages show is so: their commands run, their output is what is printed, their documents are right,
//! their code is part of an example.

use crate::cluster;
use crate::program::{command, root, run};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

const PAGES: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

/// Stands for lines of output that a page leaves out.
const LEFT_OUT: &str = "\n…\n";

/// A fenced block of a page.
struct Block {
    page: &'static str,
    language: String,
    text: String,
}

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn blocks(language: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for name in PAGES {
        let mut open: Option<Block> = None;
        for line in page(name).lines() {
            match (line.strip_prefix("```"), &mut open) {
                (Some(language), None) => {
                    open = Some(Block { page: name, language: language.to_owned(), text: String::new() });
                }
                (Some(_), Some(_)) => blocks.extend(open.take()),
                (None, Some(block)) => {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{name} has a block that does not end");
    }
    let known = ["sh", "console", "rust", "json", "jsonc", "mermaid", "text"];
    for Block { page, language, .. } in &blocks {
        assert!(known.contains(&&**language), "{page}: no test reads a block of `{language}`");
    }
    blocks.into_iter().filter(|block| block.language == language).collect()
}

/// Runs what a page says to run. Commands that take the whole workspace are looked up instead.
fn try_out(page: &str, line: &str) {
    let line = line.split(" #").next().unwrap_or_default().trim();
    let words: Vec<&str> = line.split(' ').collect();
    match *words {
        ["cargo", "run", "-p", "flowright-examples", "--bin", "http", ref arguments @ ..] => serve(arguments),
        ["cargo", "run", "-p", "flowright-examples", "--bin", "orders-cluster", "--", ref arguments @ ..] => {
            drop(cluster::run(arguments));
        }
        ["timeout", "-s", "KILL", seconds, program, ref arguments @ ..] => {
            let name = program.strip_prefix("target/debug/").expect("a program of the examples");
            let mut killed = command(name).args(arguments).spawn().expect("it starts");
            thread::sleep(Duration::from_secs(seconds.parse().expect("a number")));
            killed.kill().expect("it runs");
            killed.wait().expect("it ends");
        }
        ["cargo", "run", "-p", "flowright-examples", "--bin", name, ref arguments @ ..] => {
            let ran = run(name, arguments.strip_prefix(&["--"]).unwrap_or(arguments));
            assert_eq!(ran.code, Some(0), "{page}: `{line}` prints\n{}", ran.stderr);
        }
        ["cargo", "run", "-p", _, "--", ..] => {
            let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
            let mut cargo = Command::new(env!("CARGO"));
            cargo.args(&words[1..]).current_dir(root()).env("CARGO_TARGET_DIR", target);
            let ran = cargo.output().expect("Cargo starts");
            assert!(
                ran.status.success(),
                "{page}: `{line}` prints\n{}",
                String::from_utf8_lossy(&ran.stderr)
            );
        }
        ["cargo", "install", "--path", folder] => {
            assert!(root().join(folder).join("src/main.rs").is_file(), "{page}: `{folder}` has no program");
        }
        ["cargo", "add", package, "--path", folder] => {
            let folder = Path::new(folder).file_name().expect("a folder");
            let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap_or_default();
            assert!(manifest.contains(&format!("name = \"{package}\"")), "{page}: there is no `{package}`");
        }
        ["cargo", "add", ref packages @ .., "--features", _] => {
            let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace");
            for package in packages {
                assert!(manifest.contains(&format!("\n{package} = ")), "{page}: what for is `{package}`?");
            }
        }
        ["npm", "--prefix", folder, "ci"] => assert!(root().join(folder).join("package-lock.json").is_file()),
        ["npm", "--prefix", folder, script] => {
            let manifest = fs::read(root().join(folder).join("package.json")).expect("a package");
            let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("JSON");
            assert!(manifest["scripts"][script].is_string(), "{page}: there is no `{line}`");
        }
        ["cargo", "test" | "bench" | "build" | "mutants", "-p", package, ..]
        | ["./test", "-p", package, ..] => {
            let folder = package.strip_prefix("flowright-").unwrap_or("core");
            let folder = folder.replace("examples-", "examples/").replace("tests-", "tests/");
            let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap_or_default();
            assert!(manifest.contains(&format!("name = \"{package}\"")), "{page}: there is no `{package}`");
        }
        ["./test" | ".ci/run" | ".ci/release"] => {
            assert!(is_executable(&root().join(line)), "{page}: `{line}` cannot be run");
        }
        ["just"] => assert!(root().join("justfile").is_file()),
        ["just", recipe] => {
            let recipes = fs::read_to_string(root().join("justfile")).expect("a justfile");
            let head = format!("{recipe}:");
            assert!(recipes.lines().any(|line| line == head), "{page}: there is no `{line}`");
        }
        ["cargo", "fmt" | "clippy" | "doc" | "deny", ..] => {
            let steps = fs::read_to_string(root().join(".ci/run")).expect("the steps of the CI");
            assert!(steps.contains(line), "{page}: the CI does not run `{line}`");
        }
        ["cargo", "audit" | "semver-checks", ..] => {
            let steps = fs::read_to_string(root().join(".ci/release")).expect("the steps before a release");
            assert!(steps.contains(line), "{page}: `.ci/release` does not run `{line}`");
        }
        _ => panic!("{page}: nothing tries `{line}`"),
    }
}

/// Starts the server, until it says where it listens.
fn serve(arguments: &[&str]) {
    let arguments = arguments.strip_prefix(&["--"]).unwrap_or(arguments);
    let mut server =
        command("http").args(arguments).stdout(Stdio::piped()).spawn().expect("the server starts");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("a pipe")).read_line(&mut line).expect("it prints a line");
    server.kill().expect("it runs");
    server.wait().expect("it ends");
    assert!(line.starts_with("listening on http://127.0.0.1:"), "{line}");
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}

#[test]
fn every_command_works() {
    let mut tried = 0;
    for Block { page, text, .. } in blocks("sh") {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            try_out(page, line);
            tried += 1;
        }
    }
    for name in PAGES {
        let prose: String = page(name).split("```").step_by(2).collect();
        let code = prose.split('`').skip(1).step_by(2);
        for line in code.filter(|code| {
            ["cargo ", "just ", "npm ", "./test", ".ci/run"].iter().any(|it| code.starts_with(it))
        }) {
            try_out(name, line);
            tried += 1;
        }
    }
    assert!(tried >= 10, "only {tried} commands were found");
}

#[test]
fn the_readme_says_how_to_run_and_how_to_test() {
    let readme = page("README.md");
    assert!(
        readme.lines().any(|line| line.starts_with("cargo run -p flowright-examples --bin social-posts"))
    );
    assert!(readme.lines().any(|line| line.starts_with("./test")));
}

#[test]
fn output_is_what_is_printed() {
    let blocks = blocks("console");
    assert!(blocks.len() >= 2, "only {} blocks show output", blocks.len());
    for Block { page, text, .. } in blocks {
        let (line, expected) = text.split_once('\n').expect("a command, then its output");
        let line = line.strip_prefix("$ cargo run -p flowright-examples --bin ").expect("an example is run");
        let mut words = line.split(' ');
        let name = words.next().expect("an example");
        let arguments: Vec<&str> = words.skip_while(|word| *word == "--").collect();
        let ran = run(name, &arguments);
        let printed = format!("{}{}", ran.stdout, ran.stderr);
        let printed = printed.trim_end();
        let mut shown = expected.trim_end().split(LEFT_OUT);
        let begin = shown.next().filter(|begin| !begin.is_empty()).expect("output that begins as it does");
        let mut rest =
            printed.strip_prefix(begin).unwrap_or_else(|| panic!("{page}: `{line}` prints\n{printed}"));
        for part in shown {
            let (_, behind) =
                rest.split_once(part).unwrap_or_else(|| panic!("{page}: `{line}` prints\n{printed}"));
            rest = behind;
        }
        assert_eq!(rest, "", "{page}: `{line}` prints more");
    }
}

#[test]
fn documents_are_right() {
    let blocks = blocks("json");
    assert!(!blocks.is_empty());
    for (number, Block { page, text, .. }) in blocks.into_iter().enumerate() {
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("documented-{number}.json"));
        fs::write(&file, &text).expect("the file can be written");
        let ran = run("social-posts", &[file.to_str().expect("UTF-8")]);
        assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{page}:\n{text}");
        assert!(ran.stdout.ends_with("\ncompleted\n"), "{}", ran.stdout);
    }
}

#[test]
fn settings_lead_to_the_schema_that_is_exported() {
    let written = "flowright-examples-built -- export schema --output ";
    let commands: String = blocks("sh").into_iter().map(|block| block.text).collect();
    let (_, file) = commands.split_once(written).expect("the schema is exported");
    let file = file.lines().next().expect("a file");
    let settings = blocks("jsonc");
    assert_eq!(settings[0].text, page(".vscode/settings.json"));
    let settings: serde_json::Value = serde_json::from_str(&settings[0].text).expect("JSON");
    assert_eq!(settings["json.schemas"][0]["url"], format!("./{file}"));
    assert!(settings["yaml.schemas"].get(format!("./{file}")).is_some(), "{settings}");
    assert!(page("README.md").contains(&format!("`# yaml-language-server: $schema=../{file}`")));
}

#[test]
fn code_is_part_of_an_example() {
    let mut sources = Vec::new();
    let mut open = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR"))];
    while let Some(folder) = open.pop() {
        for file in fs::read_dir(folder).expect("a folder of examples") {
            let file = file.expect("a file").path();
            if file.is_dir() {
                open.push(file);
            } else if file.extension().is_some_and(|extension| extension == "rs") {
                sources.push(fs::read_to_string(file).expect("UTF-8"));
            }
        }
    }
    let blocks = blocks("rust");
    assert!(!blocks.is_empty());
    for Block { page, text, .. } in blocks {
        assert!(sources.iter().any(|source| source.contains(&text)), "{page}: no example has\n{text}");
    }
}

#[test]
fn files_and_folders_that_are_linked_are_there() {
    for name in PAGES {
        let text = page(name);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !target.starts_with("https://") {
                let file = target.split('#').next().unwrap_or_default();
                assert!(root().join(file).exists(), "{name}: there is no `{target}`");
            }
        }
    }
}

/// The names in backticks in a part of a page.
fn names_in(part: &str) -> Vec<&str> {
    part.split('`').skip(1).step_by(2).map(|name| name.trim_end_matches('/')).collect()
}

/// The part of ARCHITECTURE.md below a heading.
fn part<'p>(architecture: &'p str, heading: &str) -> &'p str {
    let (_, part) = architecture.split_once(heading).unwrap_or_else(|| panic!("there is no `{heading}`"));
    part.split("\n## ").next().and_then(|part| part.split("\n### `").next()).unwrap_or_default()
}

#[test]
fn the_architecture_names_every_room() {
    let architecture = page("ARCHITECTURE.md");
    for folder in ["macros/src", "schema/src", "core/src", "sqlite/src", "cli/src"] {
        let part = part(&architecture, &format!("\n### `{folder}`"));
        let documented = names_in(part);
        for room in fs::read_dir(root().join(folder)).expect("a folder") {
            let file = room.expect("a file").path();
            let room = file.file_stem().and_then(|stem| stem.to_str()).expect("UTF-8");
            let is_known =
                documented.contains(&room) || ["lib", "main", "tests", "snapshots"].contains(&room);
            assert!(is_known, "ARCHITECTURE.md does not say what `{folder}/{room}` holds");
        }
        let rows = part.lines().filter(|line| line.starts_with("| `"));
        for room in rows.flat_map(|row| names_in(row.split(" |").next().unwrap_or_default()).into_iter()) {
            let file = root().join(folder).join(room);
            assert!(file.is_dir() || file.with_extension("rs").is_file(), "there is no `{folder}/{room}`");
        }
    }
}

#[test]
fn the_architecture_gives_a_reason_for_every_dependency() {
    let architecture = page("ARCHITECTURE.md");
    let part = part(&architecture, "\n## Dependencies");
    let rows = part.lines().filter(|line| line.starts_with("| `"));
    let mut documented: Vec<&str> =
        rows.flat_map(|row| names_in(row.split(" |").next().unwrap_or_default())).collect();
    documented.sort_unstable();

    let own = [
        "tests/conformance",
        "tests/fuzz",
        "tests/peers",
        "examples/shop",
        "examples/built",
        "examples/exported",
    ];
    let folders =
        ["macros", "schema", "core", "sqlite", "restate", "cli", "tests", "examples"].into_iter().chain(own);
    let manifests: Vec<String> = folders
        .map(|folder| fs::read_to_string(root().join(folder).join("Cargo.toml")).expect("a manifest"))
        .collect();
    let mut used: Vec<&str> = Vec::new();
    for manifest in &manifests {
        let mut lists_dependencies = false;
        for line in manifest.lines() {
            if line.starts_with('[') {
                lists_dependencies = line.ends_with("dependencies]");
            } else if lists_dependencies && !line.starts_with("flowright") {
                used.extend(line.split(['.', ' ']).next().filter(|name| !name.is_empty()));
            }
        }
    }
    used.sort_unstable();
    used.dedup();
    assert_eq!(documented, used);
}
