//! Boolean queries over posts, as plain data. `layout` reads them, `analysis` runs them.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{Attitude, Language, Network, QueryName};

/// A query with the name that widgets know it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedQuery {
    /// Its name under `[query]`.
    pub name: QueryName,
    /// What it asks.
    pub query: Query,
}

/// What a post must be to belong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Query {
    /// Every post.
    All,
    /// All of these hold.
    And(Vec<Self>),
    /// At least one of these holds.
    Or(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
    /// One condition.
    Is(Condition),
}

/// One condition of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// The text holds this word or quoted phrase, as whole words, whatever the case and the accents.
    Phrase(SmolStr),
    /// The post carries this hashtag, without `#`.
    Tag(SmolStr),
    /// The post mentions this account, without `@`.
    Mention(SmolStr),
    /// `from:` the author's handle is this, without `@`.
    From(SmolStr),
    /// `lang:` the text is in this language.
    Lang(Language),
    /// `network:` the post stands on this network.
    Network(Network),
    /// `sentiment:` the post's class is this, and sure.
    Sentiment(Attitude),
    /// `has:` or `is:` the post has this feature.
    Feature(Feature),
}

/// What `has:` and `is:` can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// `has:media` a picture, film or card.
    Media,
    /// `has:image` a still picture.
    Image,
    /// `has:video` a film.
    Video,
    /// `has:link` a link in the text or a card.
    Link,
    /// `has:tag` a hashtag.
    Tag,
    /// `has:mention` another account.
    Mention,
    /// `is:reply` answers another post.
    Reply,
    /// `is:repost` passes another post on.
    Repost,
    /// `is:quote` quotes another post.
    Quote,
    /// `is:question` asks something.
    Question,
    /// `is:edited` replaces an earlier text.
    Edited,
    /// `is:sensitive` carries a label that hides it.
    Sensitive,
}

impl Feature {
    /// Every feature with the words that name it in a query.
    pub const ALL: [(&'static str, Self); 12] = [
        ("has:media", Self::Media),
        ("has:image", Self::Image),
        ("has:video", Self::Video),
        ("has:link", Self::Link),
        ("has:tag", Self::Tag),
        ("has:mention", Self::Mention),
        ("is:reply", Self::Reply),
        ("is:repost", Self::Repost),
        ("is:quote", Self::Quote),
        ("is:question", Self::Question),
        ("is:edited", Self::Edited),
        ("is:sensitive", Self::Sensitive),
    ];
}
