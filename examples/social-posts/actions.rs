//! The actions that users combine.

use crate::blog::BlogPost;
use crate::writer::Writer;
use flowright::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All of them, as a registry takes them.
pub(crate) const ACTIONS: [&dyn Action; 2] = actions![generate_tweet_posts, generate_linkedin_posts];

/// Posts for Twitter.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct TweetPosts {
    /// In the order in which to publish them.
    posts: Vec<Tweet>,
}

/// One post for Twitter.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Tweet {
    /// What it says, hashtags and link included.
    text: String,
    /// How many of the allowed 280 characters it has.
    characters: usize,
}

/// Write posts for Twitter.
///
/// Each takes up one thought of the blog post, and links to it.
#[engine_action(name = "Generate Twitter posts", icon = "🐦")]
fn generate_tweet_posts(
    context: &ActionContext,
    writer: &Writer,
    /// How many posts to write.
    #[input(min = 1, max = 5, default = 2)]
    count: usize,
    /// What to tag the posts with, instead of the blog post's own tags.
    hashtags: Option<Vec<String>>,
    /// What every post begins with.
    #[input(max_length = 80)]
    opening: Option<String>,
) -> Result<TweetPosts, ActionError> {
    let post = BlogPost::of(context)?;
    let hashtags = hashtags.unwrap_or_else(|| post.tags.clone());
    let texts = writer.short_posts(&post, count, &hashtags, opening.as_deref());
    let posts = texts.into_iter().map(|text| Tweet { characters: text.chars().count(), text }).collect();
    Ok(TweetPosts { posts })
}

/// A post for LinkedIn.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct LinkedInPost {
    /// The line that is shown before "see more".
    headline: String,
    /// All that is below.
    body: String,
}

/// How a post sounds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tone {
    /// Says what there is to say.
    Plain,
    /// Asks for the readers' own experience.
    Inviting,
}

/// Write a post for LinkedIn.
#[engine_action(name = "Generate LinkedIn posts", icon = "💼")]
fn generate_linkedin_posts(
    context: &ActionContext,
    writer: &Writer,
    /// How the post sounds.
    #[input(default = Tone::Inviting)]
    tone: Tone,
    /// A text to quote, such as one of the posts for Twitter.
    #[input(field_type = "textarea")]
    quote: Option<String>,
) -> Result<LinkedInPost, ActionError> {
    let post = BlogPost::of(context)?;
    let question = matches!(tone, Tone::Inviting).then_some("How do you handle this?");
    let (headline, body) = writer.long_post(&post, quote.as_deref(), question);
    Ok(LinkedInPost { headline, body })
}
