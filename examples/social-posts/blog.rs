//! What starts a workflow: a blog post was updated.

use flowright::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The name of the event.
pub(crate) const UPDATED: &str = "blog-post.updated";

/// The `data` of a `blog-post.updated` event.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct BlogPostUpdated {
    /// What the blog calls the post.
    pub(crate) id: u64,
    pub(crate) title: String,
    /// Where the post can be read.
    #[schemars(extend("format" = "uri"))]
    pub(crate) url: String,
    pub(crate) author: String,
    pub(crate) tags: Vec<String>,
    /// The post's text: paragraphs, with an empty line between them.
    pub(crate) body: String,
}

/// The blog post that a run is about.
pub(crate) type BlogPost = BlogPostUpdated;

impl BlogPost {
    /// The post that the run's event carries.
    pub(crate) fn of(context: &ActionContext) -> Result<Self, ActionError> {
        context.data()
    }

    /// The sentences of the post's text.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = &str> {
        let paragraphs = self.body.split("\n\n");
        paragraphs.flat_map(|paragraph| paragraph.split_inclusive(". ")).map(str::trim)
    }
}
