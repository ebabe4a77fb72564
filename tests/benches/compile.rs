//! What `#[engine_action]` costs when a program is compiled, beside the same functions with a table by hand:
//! `cargo bench -p flowright-tests --bench compile -- [--quick]`.
//!
//! Each line is `macro/<check or build>/<functions> ratio <times the hand-written> exponent <growth> spread <lowest>–<highest>`, of
//! the processor's time for the last crate alone, without optimisation and anew each time. By hand means: a struct of the
//! parameters that derives what reads it and what describes it, and a table of function pointers. The two are compiled in turns;
//! the ratio is of their fastest rounds.

#[allow(dead_code, reason = "what is compared here is no work of this process")]
mod measuring;

use measuring::{Growth, Measured};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// With the attribute.
fn by_attribute(functions: usize) -> String {
    let mut text = "use flowright::prelude::*;\n".to_owned();
    let mut names = String::new();
    for at in 0..functions {
        write!(
            text,
            "/// Do the thing of number {at}\n#[engine_action]\nfn action_{at}(name: String, count: u32, note: Option<String>) \
             -> String {{ format!(\"{{name}} {{count}} {{note:?}}\") }}\n"
        )
        .expect("text is written");
        write!(names, "action_{at}, ").expect("text is written");
    }
    text + &format!(
        "pub fn registry() -> Registry {{ Registry::builder().actions(actions![{names}]).build().unwrap() }}\n"
    )
}

/// What a table by hand is made of.
const TABLE: &str = "use schemars::{JsonSchema, Schema, schema_for};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Error, Value};
pub struct Entry {
    pub kind: &'static str,
    pub inputs: fn() -> Schema,
    pub output: fn() -> Schema,
    pub call: fn(&Value) -> Result<Value, Error>,
}
fn read<I: DeserializeOwned>(inputs: &Value) -> Result<I, Error> { I::deserialize(inputs) }
fn write<O: Serialize>(output: O) -> Result<Value, Error> { serde_json::to_value(output) }
";

/// By hand.
fn by_hand(functions: usize) -> String {
    let (mut text, mut entries) = (TABLE.to_owned(), String::new());
    for at in 0..functions {
        write!(
            text,
            "/// Do the thing of number {at}\n#[derive(Deserialize, JsonSchema)]\nstruct Action{at} {{ name: String, count: u32, note: \
             Option<String> }}\nfn action_{at}(Action{at} {{ name, count, note }}: Action{at}) -> String {{ \
             format!(\"{{name}} {{count}} {{note:?}}\") }}\n"
        )
        .expect("text is written");
        writeln!(
            entries,
            "    Entry {{ kind: \"action_{at}\", inputs: || schema_for!(Action{at}), output: || schema_for!(String), call: \
             |inputs| write(action_{at}(read(inputs)?)) }},"
        )
        .expect("text is written");
    }
    text + &format!("pub fn table() -> Vec<Entry> {{ vec![\n{entries}] }}\n")
}

/// Two crates in one workspace, which share all that they depend on.
struct Crates(PathBuf);

impl Crates {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let core = root.join("core");
        let member = |name: &str, dependencies: &str| {
            let manifest = format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n{dependencies}"
            );
            fs::create_dir_all(folder.join(name).join("src")).expect("a folder");
            fs::write(folder.join(name).join("Cargo.toml"), manifest).expect("a manifest");
        };
        member("attribute", &format!("flowright = {{ path = \"{}\" }}\n", core.display()));
        member(
            "table",
            "schemars = \"1\"\nserde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n",
        );
        let workspace = "[workspace]\nresolver = \"3\"\nmembers = [\"attribute\", \"table\"]\n";
        fs::write(folder.join("Cargo.toml"), workspace).expect("a manifest");
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("the versions that are in use");
        Crates(folder)
    }

    fn write(&self, functions: usize) {
        for (name, text) in [("attribute", by_attribute(functions)), ("table", by_hand(functions))] {
            fs::write(self.0.join(name).join("src/lib.rs"), text).expect("a source");
        }
    }

    /// The time that processors work to compile this crate anew.
    fn compile(&self, how: &str, name: &str) -> Duration {
        let output = Command::new("sh")
            .args([
                "-c",
                r#"touch "$1/src/lib.rs"; "$2" "$3" --quiet --offline -p "$1" >&2 || exit 1; times"#,
            ])
            .args(["sh", name, env!("CARGO"), how])
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TARGET_DIR", self.0.join("target"))
            .current_dir(&self.0)
            .output()
            .expect("cargo is run");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8_lossy(&output.stdout);
        let of_children = said.lines().nth(1).expect("`times` prints two lines");
        of_children.split_whitespace().map(time).sum()
    }
}

/// `0m1.250s`
fn time(text: &str) -> Duration {
    let (minutes, seconds) = text.trim_end_matches('s').split_once('m').expect("minutes and seconds");
    let minutes: u64 = minutes.parse().expect("minutes");
    Duration::from_secs(minutes * 60) + Duration::from_secs_f64(seconds.parse().expect("seconds"))
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let (sizes, rounds) = if quick { ([30, 100], 2) } else { ([100, 300], 5) };
    let crates = Crates::new();
    for how in ["check", "build"] {
        let both = || ["attribute", "table"].map(|name| crates.compile(how, name));
        // What they depend on is compiled first.
        crates.write(1);
        both();
        let mut growth = Growth::default();
        for functions in sizes {
            crates.write(functions);
            let pairs: Vec<[Duration; 2]> = (0..rounds).map(|_| both()).collect();
            let measured = Measured::of(&pairs, 1);
            let exponent = growth.note(functions, measured.ours);
            println!(
                "macro/{how}/{functions} ratio {:.2}{exponent} spread {}",
                measured.ratio,
                measured.spread()
            );
        }
    }
}
