//! Makes posts of a blog post. Where a product would ask a language model, this picks sentences: it needs no network,
//! and the same blog post always gives the same posts.

use crate::blog::BlogPost;

/// How long a post for Twitter may be.
const LONGEST: usize = 280;

/// Writes posts. The engine owns it, actions borrow it.
pub(crate) struct Writer {
    /// Marks links, so that the blog can tell where its readers come from.
    pub(crate) campaign: String,
}

impl Writer {
    /// At most `count` posts of at most 280 characters, of one sentence each: the longest ones say most.
    pub(crate) fn short_posts(
        &self,
        post: &BlogPost,
        count: usize,
        hashtags: &[String],
        opening: Option<&str>,
    ) -> Vec<String> {
        let mut sentences: Vec<&str> = post.sentences().collect();
        sentences.sort_by_key(|sentence| std::cmp::Reverse(sentence.len()));
        let tags: Vec<String> = hashtags.iter().map(|tag| hashtag(tag)).collect();
        let end = format!("{} {}", tags.join(" "), self.link(post));
        sentences
            .into_iter()
            .take(count)
            .map(|sentence| {
                let begin = match opening {
                    Some(opening) => format!("{opening} {sentence}"),
                    None => sentence.to_owned(),
                };
                let room = LONGEST.saturating_sub(end.chars().count() + 1);
                format!("{} {}", shortened(&begin, room), end.trim_start())
            })
            .collect()
    }

    /// The first line of a longer post, and the rest.
    pub(crate) fn long_post(
        &self,
        post: &BlogPost,
        quote: Option<&str>,
        question: Option<&str>,
    ) -> (String, String) {
        let lesson = post.body.rsplit("\n\n").next().unwrap_or_default();
        let quote = quote.map(|quote| format!("“{quote}”"));
        let link = format!("{} wrote it down: {}", post.author, self.link(post));
        let parts = [Some(lesson.to_owned()), quote, question.map(str::to_owned), Some(link)];
        (post.title.clone(), parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
    }

    fn link(&self, post: &BlogPost) -> String {
        format!("{}?utm_campaign={}", post.url, self.campaign)
    }
}

/// `data import` as `#DataImport`.
fn hashtag(tag: &str) -> String {
    let words = tag.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let capitalised = words.map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    format!("#{}", capitalised.collect::<String>())
}

/// At most `room` characters of `text`, cut between words.
fn shortened(text: &str, room: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(room) else { return text.to_owned() };
    let kept = text.get(..end).and_then(|kept| kept.rsplit_once(' ')).map_or("", |(kept, _)| kept);
    format!("{kept}…")
}
