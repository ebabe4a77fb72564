//! What the command line works on.

use flowright::{Engine, Registry, Source};
use std::path::Path;

/// What the command line works on: a registry, an engine, or what `--registry` says.
pub enum Host {
    /// Only what `--registry` says.
    Exported,
    /// Checks and exports.
    Registry(Registry),
    /// Runs, too.
    Engine(Engine),
    /// There is none: why.
    Faulty(String),
}

impl From<Registry> for Host {
    fn from(registry: Registry) -> Self {
        Host::Registry(registry)
    }
}

impl From<Engine> for Host {
    fn from(engine: Engine) -> Self {
        Host::Engine(engine)
    }
}

impl<H: Into<Host>, E: std::fmt::Display> From<Result<H, E>> for Host {
    fn from(host: Result<H, E>) -> Self {
        host.map_or_else(|fault| Host::Faulty(fault.to_string()), Into::into)
    }
}

impl Host {
    /// The registry of the file, or else its own.
    pub(crate) fn registry(&self, file: Option<&Path>) -> Result<Registry, String> {
        match (file, self) {
            (Some(file), _) => exported(file),
            (None, Host::Registry(registry)) => Ok(registry.clone()),
            (None, Host::Engine(engine)) => Ok(engine.registry().clone()),
            (None, Host::Faulty(fault)) => Err(fault.clone()),
            (None, Host::Exported) => Err(
                "there are no actions to check with; say `--registry registry.json`, a file that `export registry` \
                 wrote"
                    .to_owned(),
            ),
        }
    }

    pub(crate) fn engine(&self, file: Option<&Path>) -> Result<&Engine, String> {
        match (file, self) {
            (None, Host::Engine(engine)) => Ok(engine),
            (None, Host::Faulty(fault)) => Err(fault.clone()),
            _ => Err("a registry checks and does not run; run workflows with a program that calls \
                      `flowright_cli::main` with an engine"
                .to_owned()),
        }
    }
}

/// The registry in a file that `export registry` wrote.
pub(crate) fn exported(file: &Path) -> Result<Registry, String> {
    let source = Source::file(file).map_err(|error| error.to_string())?;
    let named = |error: &dyn std::fmt::Display| format!("`{}`: {error}", file.display());
    let exported = serde_json::from_str(source.as_str())
        .map_err(|error| named(&format_args!("this is no exported registry, as it is not JSON: {error}")))?;
    Registry::from_exported(&exported).map_err(|error| named(&error))
}
