//! Which files are meant, and what stands in them.

use flowright::Source;
use std::io::Read;
use std::path::Path;

/// A file that could not be read.
pub(crate) struct Unreadable {
    pub(crate) path: String,
    pub(crate) message: String,
}

/// The files that these arguments name, each once, in their order.
pub(crate) fn named(arguments: &[String]) -> (Vec<String>, Vec<Unreadable>) {
    let (mut files, mut unreadable) = (Vec::new(), Vec::new());
    for argument in arguments {
        match of_pattern(argument) {
            Ok(found) => files.extend(found),
            Err(message) => unreadable.push(Unreadable { path: argument.clone(), message }),
        }
    }
    let mut known = std::collections::HashSet::new();
    files.retain(|file| known.insert(file.clone()));
    (files, unreadable)
}

fn of_pattern(argument: &str) -> Result<Vec<String>, String> {
    let is_pattern = argument.contains(['*', '?', '[']) && !Path::new(argument).exists();
    if Path::new(argument).is_dir() {
        let pattern = format!("{}/**/*.json", argument.trim_end_matches('/'));
        return Err(format!("`{argument}` is a directory: name the files in it, such as `'{pattern}'`"));
    }
    if !is_pattern {
        return Ok(vec![argument.to_owned()]);
    }
    let paths =
        glob::glob(argument).map_err(|error| format!("the pattern `{argument}` cannot be read: {error}"))?;
    let mut found = Vec::new();
    for path in paths {
        let path = path.map_err(|error| error.to_string())?;
        if path.is_file() {
            found.push(path.to_string_lossy().into_owned());
        }
    }
    if found.is_empty() { Err(format!("no file matches `{argument}`")) } else { Ok(found) }
}

/// What stands in a file, or on standard input.
pub(crate) fn read(file: &str) -> Result<Source, Unreadable> {
    if file != "-" {
        return Source::file(file)
            .map_err(|error| Unreadable { path: file.to_owned(), message: error.to_string() });
    }
    let unreadable = |message: String| Unreadable { path: "-".to_owned(), message };
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(format!("standard input cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        unreadable(format!("standard input is not UTF-8 from byte {} on", error.utf8_error().valid_up_to()))
    })?;
    Ok(Source::named("<stdin>", &text))
}
