//! Posts as visitors may see them: without names.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::{Author, AuthorId, FeedItem, Post, Span, SpanKind};

/// What stands where a name was.
const NAME: &str = "•••";

/// What stands where an account was mentioned.
const MENTION: &str = "@•••";

impl FeedItem {
    /// The same post without its author's name and picture, and without the names of the accounts that it mentions.
    #[must_use]
    pub fn masked(&self) -> Self {
        let post = &*self.post;
        let (text, spans) = without_mentions(post);
        let author = Author {
            id: AuthorId { network: post.author.id.network.clone(), native: SmolStr::default() },
            handle: SmolStr::default(),
            name: SmolStr::new_static(NAME),
            avatar: None,
        };
        let masked = Post { author: Arc::new(author), text, spans, link: None, ..post.clone() };
        Self { post: Arc::new(masked), ..self.clone() }
    }
}

/// The text with its mentions masked, and the other spans where they are then.
fn without_mentions(post: &Post) -> (Box<str>, Vec<Span>) {
    let mut text = String::with_capacity(post.text.len());
    let mut spans = Vec::with_capacity(post.spans.len());
    let mut end = 0;
    for span in &post.spans {
        let range = span.range();
        let (Some(before), Some(inside)) = (post.text.get(end..range.start), post.text.get(range))
        else {
            continue;
        };
        text.push_str(before);
        let start = text.len();
        let is_mention = matches!(span.kind, SpanKind::Mention(_));
        text.push_str(if is_mention { MENTION } else { inside });
        end = span.end as usize;
        if let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(text.len()))
            && !is_mention
        {
            spans.push(Span { start, end, kind: span.kind.clone() });
        }
    }
    text.push_str(post.text.get(end..).unwrap_or_default());
    (text.into(), spans)
}
