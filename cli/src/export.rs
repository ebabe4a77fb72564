//! `export`: what editors and other programs read.

use crate::arguments::{Export, Exported};
use crate::output::{self, Exit};
use flowright::Registry;
use serde_json::Value;

pub(crate) fn export(registry: &Registry, export: &Export) -> Result<Exit, String> {
    let text = match export.what {
        Exported::Actions => json(&registry.public_actions()),
        Exported::Registry => json(&registry.exported()),
        Exported::Schema => json(&registry.workflow_schema()),
        Exported::Tools => json(&registry.tools()),
        Exported::Typescript => registry.typescript(),
    };
    output::write(export.output.as_deref(), &text)?;
    Ok(Exit::Clean)
}

fn json(exported: &Value) -> String {
    format!("{exported:#}\n")
}
