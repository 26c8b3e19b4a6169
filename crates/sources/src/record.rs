//! The one JSON form of posts that Vigie itself defines: webhooks bring it, recordings keep it.
//!
//! A record is an object with a `type`:
//!
//! ```json
//! {"type": "post", "id": "4711", "author": {"id": "u1", "name": "Ada"}, "text": "Hello #world"}
//! {"type": "delete", "id": "4711"}
//! {"type": "purge", "author": "u1", "why": "erasure"}
//! ```
//!
//! Only these fields must be there; [`PostRecord`] lists the others.
//! A field that the form does not know is an error, so that a misspelt one does not vanish in silence.
//! Reading is pure: no clock and no I/O, and no input makes it panic.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{AuthorId, PostId, SourceEvent, SourceId, Timestamp};

mod convert;

pub(crate) use convert::{cut, is_network, picture_address};

/// One thing that happened on a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Record {
    /// A post is new or changed.
    Post(Box<PostRecord>),
    /// A post is gone from its network.
    Delete(DeleteRecord),
    /// All posts of an author must go.
    Purge(PurgeRecord),
}

/// A post. The same `network` and `id` again replaces it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostRecord {
    /// The network that the post stands on, a lower-case noun; the source's own where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The network's own, lasting id of the post.
    pub id: String,
    /// Who wrote it.
    pub author: AuthorRecord,
    /// What it says, as plain text.
    pub text: String,
    /// Marked parts of `text`. Where it is left out, links, `#tags` and `@mentions` are found in the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spans: Option<Vec<SpanRecord>>,
    /// BCP 47 language tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// Pictures, films and link cards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<MediaRecord>,
    /// What the content needs a warning for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<LabelRecord>,
    /// A warning that the author put before the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// The id of the post that this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// The id of the post that this one quotes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote_of: Option<String>,
    /// The id of the post that this one passes on without a word of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repost_of: Option<String>,
    /// Where a person can read it on the web.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// When it was published, in RFC 3339; the time of receipt where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// When this text replaced an earlier one, in RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<String>,
    /// When it was received, in RFC 3339: a recording's pace. Webhooks ignore it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// An author.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorRecord {
    /// The network's own, lasting id of the account.
    pub id: String,
    /// The short name by which others address the account, without `@`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub handle: String,
    /// The name to show.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The address of the account's picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
}

/// A marked part of a text: UTF-8 bytes from `start` to before `end`, and one of `link`, `mention`, `tag`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpanRecord {
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
    /// The full address that it links to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The id of the account that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<String>,
    /// The hashtag, without `#`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// A picture, a film or a link card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MediaRecord {
    /// What it is.
    #[serde(default)]
    pub kind: MediaKindRecord,
    /// The address of the still picture to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Width and height in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_px: Option<(u32, u32)>,
    /// What is to be seen, or the card's title.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// The kinds of media.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediaKindRecord {
    /// A still picture.
    #[default]
    Image,
    /// A film, shown by its poster.
    Video,
    /// A link with title and thumbnail.
    Card,
}

/// What the content needs a warning for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabelRecord {
    /// Nudity, sex.
    Sexual,
    /// Violence, gore.
    Graphic,
    /// Sensitive, with no reason given.
    Sensitive,
    /// Not for people who are not logged in.
    LoggedInOnly,
    /// Hidden by the network.
    Hidden,
    /// Posted by a program that says so.
    Bot,
}

/// A post that is gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteRecord {
    /// The network that the post stood on; the source's own where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The network's own id of the post.
    pub id: String,
    /// When it was received, in RFC 3339: a recording's pace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// An author whose posts must all go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PurgeRecord {
    /// The network that the account belongs to; the source's own where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The network's own id of the account.
    pub author: String,
    /// Why.
    #[serde(default)]
    pub why: PurgeWhy,
    /// When it was received, in RFC 3339: a recording's pace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// Why all posts of an author must go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PurgeWhy {
    /// The account was deleted.
    Deleted,
    /// The account was suspended by its network.
    Suspended,
    /// The account was switched off by its owner.
    Deactivated,
    /// The author asked for erasure.
    #[default]
    Erasure,
    /// The author does not want to be shown on a public wall.
    OptedOut,
}

/// Why bytes are no record. It names the field and never repeats what a post says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", if .path.is_empty() { String::new() } else { format!("{path}: ") })]
pub struct RecordError {
    /// The path to the field at fault, such as `author.id`; empty where it is the whole.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
}

/// What a record needs to become an event: where it came from, and when.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'origin> {
    /// The network of records that name none.
    pub network: &'origin str,
    /// The source that brought it.
    pub source: &'origin SourceId,
    /// When it came.
    pub received: Timestamp,
}

impl Record {
    /// Reads one object.
    ///
    /// # Errors
    /// Where `bytes` are no JSON object of this form.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let record = serde_path_to_error::deserialize(&mut reader).map_err(|err| {
            let path = err.path().to_string();
            let path = if path == "." { String::new() } else { path };
            RecordError { path, message: without_values(&err.into_inner()) }
        })?;
        reader.end().map_err(|err| RecordError::whole(without_values(&err)))?;
        Ok(record)
    }

    /// When it was received, as far as the record says: `at`, else when it was published.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        let text = match self {
            Self::Post(post) => post.at.as_ref().or(post.published.as_ref()),
            Self::Delete(delete) => delete.at.as_ref(),
            Self::Purge(purge) => purge.at.as_ref(),
        };
        Timestamp::parse(text?).ok()
    }

    /// The event that this record stands for.
    ///
    /// # Errors
    /// Where an id or a network is none, or a time is not in RFC 3339.
    pub fn into_event(self, origin: &Origin<'_>) -> Result<SourceEvent, RecordError> {
        match self {
            Self::Post(post) => Ok(SourceEvent::Upsert(Box::new(post.into_post(origin)?))),
            Self::Delete(delete) => {
                let network = convert::network(delete.network, origin)?;
                Ok(SourceEvent::Delete(PostId::new(network, convert::id("id", &delete.id)?)))
            }
            Self::Purge(purge) => {
                let network = convert::network(purge.network, origin)?;
                let author = AuthorId::new(network, convert::id("author", &purge.author)?);
                Ok(SourceEvent::PurgeAuthor(author, purge.why.into()))
            }
        }
    }

    /// The record of an event that came at `at`, where it is one that recordings keep.
    #[must_use]
    pub fn of(event: &SourceEvent, at: Timestamp) -> Option<Self> {
        let at = Some(at.to_string());
        match event {
            SourceEvent::Upsert(post) => {
                Some(Self::Post(Box::new(PostRecord { at, ..PostRecord::of(post) })))
            }
            SourceEvent::Delete(id) => Some(Self::Delete(DeleteRecord {
                network: Some(id.network.to_string()),
                id: id.native.to_string(),
                at,
            })),
            SourceEvent::PurgeAuthor(author, cause) => Some(Self::Purge(PurgeRecord {
                network: Some(author.network.to_string()),
                author: author.native.to_string(),
                why: (*cause).into(),
                at,
            })),
            _ => None,
        }
    }
}

impl RecordError {
    fn whole(message: impl Into<String>) -> Self {
        Self { path: String::new(), message: message.into() }
    }

    fn at(path: &str, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), message: message.into() }
    }
}

/// What serde says, without the values that it found: they may be a post's words.
fn without_values(err: &serde_json::Error) -> String {
    let text = err.to_string();
    let place = format!("at line {} column {}", err.line(), err.column());
    let speaks_of_values = ["invalid type", "invalid value", "invalid length", "unknown variant"];
    if !speaks_of_values.iter().any(|start| text.starts_with(start)) {
        return text;
    }
    match text.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => format!("unexpected value {place}"),
    }
}

#[cfg(test)]
mod tests;
