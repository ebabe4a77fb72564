//! The schema of workflow documents, as validators read it, and the language services of editors.

mod answers;
mod documents;
mod editors;
mod rules;
mod snippet;
mod values;

use serde_json::Value;

/// What a validator has to say of a document.
fn faults(validator: &jsonschema::Validator, document: &Value) -> Vec<String> {
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}
