//! `export`: what editors and other programs read.

use crate::arguments::{Export, Exported};
use crate::output::{self, Exit};
use flowright::Registry;

pub(crate) fn export(registry: &Registry, export: &Export) -> Result<Exit, String> {
    let exported = match export.what {
        Exported::Actions => registry.public_actions(),
        Exported::Registry => registry.exported(),
        Exported::Schema => registry.workflow_schema(),
    };
    let text = format!("{exported:#}\n");
    match &export.output {
        None => output::print(&text)?,
        Some(file) => {
            std::fs::write(file, text)
                .map_err(|error| format!("`{}` cannot be written: {error}", file.display()))?;
        }
    }
    Ok(Exit::Clean)
}
