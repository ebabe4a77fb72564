//! `graph`: a workflow as a picture.

use crate::arguments::{Graph, Picture};
use crate::check;
use crate::files;
use crate::output::{self, Exit};
use flowright::Registry;

pub(crate) fn graph(registry: &Registry, asked: &Graph, color: bool) -> Result<Exit, String> {
    if let Some(event) = asked.event.as_deref().filter(|event| !registry.has_event(event)) {
        return Err(format!("the registry has no event `{event}`"));
    }
    let source = files::read(&asked.file).map_err(|file| file.message)?;
    let Some(workflow) = check::checked(registry, asked.event.as_deref(), source, color) else {
        return Ok(Exit::Faulty);
    };
    let graph = workflow.graph();
    let picture = match asked.format {
        _ if asked.svg => graph.svg(),
        Picture::Mermaid => graph.mermaid(),
        Picture::Dot => graph.dot(),
        Picture::Svg => graph.svg(),
    };
    output::write(asked.output.as_deref(), &picture)?;
    Ok(Exit::Clean)
}
