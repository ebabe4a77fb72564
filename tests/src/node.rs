//! Node programs that tests drive, with packages from the npm registry.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder with a `package.json` and its lock file, its packages installed.
pub struct Package {
    folder: PathBuf,
}

impl Package {
    /// The package in `folder`, which is named from the root of the workspace: `tests/editors`. Its dependencies are installed as its lock
    /// file says, unless they are already; tests that ask at the same time wait for each other.
    ///
    /// # Panics
    ///
    /// Where there is no such package, or its dependencies cannot be installed.
    pub fn at(folder: &str) -> Self {
        Self::find(folder).unwrap_or_else(|said| panic!("{said}"))
    }

    /// The same; or why its dependencies cannot be installed.
    ///
    /// # Panics
    ///
    /// Where there is no such package.
    pub fn find(folder: &str) -> Result<Self, String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
        let lock = File::open(folder.join("package-lock.json")).expect("the package has a lock file");
        lock.lock().expect("the lock file is locked");
        let wanted = fs::read(folder.join("package-lock.json")).expect("the lock file is read");
        let installed = folder.join("node_modules/.installed.json");
        if fs::read(&installed).ok().as_deref() != Some(&*wanted) {
            let npm = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
            let status = Command::new("npm").args(npm).current_dir(&folder).status();
            if !status.map_err(|error| format!("npm cannot be run: {error}"))?.success() {
                return Err(format!("`npm ci` fails in {}", folder.display()));
            }
            fs::write(&installed, wanted).expect("what is installed is noted");
        }
        Ok(Package { folder })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs a script of the package with `input` on its standard input, and gives what it prints.
    ///
    /// # Panics
    ///
    /// With what the script said, where it fails.
    pub fn run(&self, script: &str, arguments: &[&str], input: &str) -> String {
        let mut child = Command::new("node")
            .arg(script)
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("node is installed");
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        let input = input.to_owned();
        let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().expect("the script ends");
        let _ = writing.join();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "`node {script}` fails:\n{said}");
        String::from_utf8(output.stdout).expect("the script prints UTF-8")
    }
}
