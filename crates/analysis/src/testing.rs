//! Posts for tests.

use std::sync::Arc;

use vigie_model::{Author, AuthorId, Post, PostId, SourceId, Timestamp};

/// A post that says `text` and nothing else.
pub(crate) fn post(text: &str) -> Post {
    Post {
        id: PostId::new("bluesky", "1"),
        author: Arc::new(Author {
            id: AuthorId::new("bluesky", "did:plc:a"),
            handle: "Léa.example".into(),
            name: "Léa".into(),
            avatar: None,
        }),
        text: text.into(),
        spans: Vec::new(),
        languages: Vec::new(),
        media: Vec::new(),
        labels: Vec::new(),
        reply_to: None,
        quote_of: None,
        repost_of: None,
        link: None,
        published: Timestamp::EPOCH,
        received: Timestamp::EPOCH,
        edited: None,
        source: SourceId::new("test"),
    }
}
