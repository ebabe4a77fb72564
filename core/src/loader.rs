//! Where an engine finds the workflow of an event.

use crate::action::ActionError;
use crate::{Event, Source};
use futures_util::future::BoxFuture;
use std::future::Future;

/// Finds the workflow that an event starts: in a database, a folder, a cache.
///
/// ```
/// use flowright::{Event, Loader, Source, prelude::*};
///
/// struct Folder(std::path::PathBuf);
///
/// impl Loader for Folder {
///     async fn load(&self, event: &Event) -> Result<Option<Source>, ActionError> {
///         let Some(name) = event.name() else { return Ok(None) };
///         let file = self.0.join(name).with_extension("json");
///         if file.exists() { Ok(Some(Source::file(file)?)) } else { Ok(None) }
///     }
/// }
/// ```
pub trait Loader: Send + Sync + 'static {
    /// The workflow for `event`; `None` where there is none.
    fn load(&self, event: &Event) -> impl Future<Output = Result<Option<Source>, ActionError>> + Send;
}

/// A [`Loader`] behind a pointer.
pub(crate) trait AnyLoader: Send + Sync {
    fn load<'a>(&'a self, event: &'a Event) -> BoxFuture<'a, Result<Option<Source>, ActionError>>;
}

impl<L: Loader> AnyLoader for L {
    fn load<'a>(&'a self, event: &'a Event) -> BoxFuture<'a, Result<Option<Source>, ActionError>> {
        Box::pin(Loader::load(self, event))
    }
}
