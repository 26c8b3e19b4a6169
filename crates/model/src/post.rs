//! What people publish: posts, their authors, their pictures.

use std::{ops::Range, sync::Arc};

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{AuthorId, PostId, SourceId, Timestamp};

/// One published message, in one form for all networks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Which post this is. A later post with the same id replaces it.
    pub id: PostId,
    /// Who wrote it.
    pub author: Arc<Author>,
    /// What it says, as plain text without markup; at most [`Post::MAX_TEXT_BYTES`].
    pub text: Box<str>,
    /// Parts of `text` with a meaning of their own, in order, without overlap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Span>,
    /// BCP 47 tags that the author or the network set: evidence, not truth.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<SmolStr>,
    /// Pictures, films and link cards, in the author's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
    /// What the network or the author says of the content.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// The post that this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<PostId>,
    /// The post that this one quotes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote_of: Option<PostId>,
    /// The post that this one passes on without a word of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repost_of: Option<PostId>,
    /// Where a person can read it on the web.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Box<str>>,
    /// When the author says it was published. Never later than `received`.
    pub published: Timestamp,
    /// When it reached this machine.
    pub received: Timestamp,
    /// When this text replaced an earlier one, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<Timestamp>,
    /// The source that brought it.
    pub source: SourceId,
}

impl Post {
    /// Texts are cut here, at a character's border. X's longest posts have 25,000 characters.
    pub const MAX_TEXT_BYTES: usize = 100_000;

    /// The part of `text` that `span` covers, or nothing where it does not fit.
    #[must_use]
    pub fn span_text(&self, span: &Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }
}

/// Who wrote a post, as known when it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Which account this is.
    pub id: AuthorId,
    /// The short name by which others address the account, without `@`; empty while unknown.
    pub handle: SmolStr,
    /// The name to show; empty while unknown.
    pub name: SmolStr,
    /// The address of the account's picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<Box<str>>,
}

impl Author {
    /// The best name there is to show: name, else handle, else id.
    #[must_use]
    pub fn display_name(&self) -> &str {
        [&self.name, &self.handle, &self.id.native]
            .into_iter()
            .map(|name| name.trim())
            .find(|name| !name.is_empty())
            .unwrap_or("?")
    }
}

/// A part of a post's text with a meaning of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First byte of the part; on a character's border.
    pub start: u32,
    /// Byte after the part; on a character's border.
    pub end: u32,
    /// What it is.
    pub kind: SpanKind,
}

impl Span {
    /// The bytes of the text that this covers.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What a part of a text stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    /// A link, with its full address.
    Link(Box<str>),
    /// Another account.
    Mention(AuthorId),
    /// A hashtag, without `#`.
    Tag(SmolStr),
}

/// A picture, a film or a link card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// What it is.
    pub kind: MediaKind,
    /// Address of the still picture to show: the picture, the film's poster, the card's thumbnail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Box<str>>,
    /// Width over height, where the network says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_px: Option<(u32, u32)>,
    /// What the author says is to be seen, or the card's title; may be empty.
    #[serde(default)]
    pub description: Box<str>,
}

/// The kinds of media that a wall tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A still picture.
    Image,
    /// A film, shown by its poster.
    Video,
    /// A link with title and thumbnail.
    Card,
}

/// What the network or the author says of a post's content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Nudity, sex.
    Sexual,
    /// Violence, gore.
    Graphic,
    /// Marked as sensitive, with no reason given.
    Sensitive,
    /// The author put this warning before the text.
    Warning(Box<str>),
    /// The author does not want to be shown to people who are not logged in.
    LoggedInOnly,
    /// The network hides it.
    Hidden,
    /// Posted by a program that says so.
    Bot,
}

impl Label {
    /// Whether a public wall must not show a post that carries this.
    #[must_use]
    pub const fn hides(&self) -> bool {
        !matches!(self, Self::Bot)
    }
}
