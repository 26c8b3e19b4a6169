//! Records into posts and back: what is cut, what is left out, what is an error.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{
    AuthorRecord, LabelRecord, MediaKindRecord, MediaRecord, Origin, PostRecord, PurgeWhy,
    RecordError, SpanRecord,
};
use crate::{
    model::{
        Author, AuthorId, Label, Media, MediaKind, Post, PostId, PurgeCause, Span, SpanKind,
        Timestamp,
    },
    spans,
};

/// Longer ids than this are an error: AT URIs and Mastodon's have some hundred bytes.
const MAX_ID_BYTES: usize = 1_024;

/// Longer names and handles than this are cut; networks allow 30 to 640 characters.
const MAX_NAME_BYTES: usize = 1_024;

/// Longer addresses than this are left out.
const MAX_ADDRESS_BYTES: usize = 4_096;

/// More pictures than this are left out; networks allow 4 to 20.
const MAX_MEDIA: usize = 20;

/// More language tags than this are left out.
const MAX_LANGUAGES: usize = 8;

/// Longer network names than this are an error.
const MAX_NETWORK_BYTES: usize = 32;

impl PostRecord {
    pub(super) fn into_post(self, origin: &Origin<'_>) -> Result<Post, RecordError> {
        let network = network(self.network, origin)?;
        let post_id = |path: &'static str, native: Option<String>| match native {
            Some(native) => id(path, &native).map(|native| Some(PostId::new(&network, native))),
            None => Ok(None),
        };
        let author = Author {
            id: AuthorId::new(&network, id("author.id", &self.author.id)?),
            handle: SmolStr::new(cut(self.author.handle.trim_start_matches('@'), MAX_NAME_BYTES)),
            name: SmolStr::new(cut(&self.author.name, MAX_NAME_BYTES)),
            avatar: self.author.avatar.and_then(picture_address),
        };
        let text = cut(&self.text, Post::MAX_TEXT_BYTES);
        let spans = match &self.spans {
            Some(given) => checked_spans(given, text, &network),
            None => spans::find(text, &network),
        };
        let mut labels: Vec<Label> = self.labels.iter().map(|label| (*label).into()).collect();
        labels.extend(
            self.warning.map(|warning| Label::Warning(cut(&warning, MAX_NAME_BYTES).into())),
        );
        let published = time("published", self.published)?.unwrap_or(origin.received);
        Ok(Post {
            id: PostId::new(&network, id("id", &self.id)?),
            author: Arc::new(author),
            text: text.into(),
            spans,
            languages: self
                .languages
                .iter()
                .take(MAX_LANGUAGES)
                .map(|tag| SmolStr::new(cut(tag, 35)))
                .collect(),
            media: self.media.into_iter().take(MAX_MEDIA).map(MediaRecord::into_media).collect(),
            labels,
            reply_to: post_id("reply_to", self.reply_to)?,
            quote_of: post_id("quote_of", self.quote_of)?,
            repost_of: post_id("repost_of", self.repost_of)?,
            link: self.link.filter(|link| spans::leading_link(link) == Some(link)).map(Into::into),
            published: published.min(origin.received),
            received: origin.received,
            edited: time("edited", self.edited)?.map(|edited| edited.min(origin.received)),
            source: origin.source.clone(),
        })
    }

    pub(super) fn of(post: &Post) -> Self {
        let native = |id: &Option<PostId>| id.as_ref().map(|id| id.native.to_string());
        Self {
            network: Some(post.id.network.to_string()),
            id: post.id.native.to_string(),
            author: AuthorRecord {
                id: post.author.id.native.to_string(),
                handle: post.author.handle.to_string(),
                name: post.author.name.to_string(),
                avatar: post.author.avatar.as_deref().map(str::to_owned),
            },
            text: post.text.to_string(),
            spans: Some(post.spans.iter().map(SpanRecord::of).collect()),
            languages: post.languages.iter().map(ToString::to_string).collect(),
            media: post.media.iter().map(MediaRecord::of).collect(),
            labels: post.labels.iter().filter_map(LabelRecord::of).collect(),
            warning: post.labels.iter().find_map(|label| match label {
                Label::Warning(text) => Some(text.to_string()),
                _ => None,
            }),
            reply_to: native(&post.reply_to),
            quote_of: native(&post.quote_of),
            repost_of: native(&post.repost_of),
            link: post.link.as_deref().map(str::to_owned),
            published: Some(post.published.to_string()),
            edited: post.edited.map(|edited| edited.to_string()),
            at: None,
        }
    }
}

pub(super) fn network(given: Option<String>, origin: &Origin<'_>) -> Result<String, RecordError> {
    let Some(network) = given else { return Ok(origin.network.to_owned()) };
    if is_network(&network) {
        return Ok(network);
    }
    Err(RecordError::at(
        "network",
        "must be a noun of a-z, 0-9, `-` and `_` that begins with a letter",
    ))
}

/// Whether `name` can be a network's.
pub(crate) fn is_network(name: &str) -> bool {
    let fits =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    name.len() <= MAX_NETWORK_BYTES
        && name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
        && name.bytes().all(fits)
}

pub(super) fn id<'id>(path: &str, native: &'id str) -> Result<&'id str, RecordError> {
    let native = native.trim();
    if native.is_empty() {
        return Err(RecordError::at(path, "must not be empty"));
    }
    if native.len() > MAX_ID_BYTES {
        return Err(RecordError::at(path, format!("must have at most {MAX_ID_BYTES} bytes")));
    }
    Ok(native)
}

fn time(path: &str, text: Option<String>) -> Result<Option<Timestamp>, RecordError> {
    let Some(text) = text else { return Ok(None) };
    match Timestamp::parse(&text) {
        Ok(timestamp) => Ok(Some(timestamp)),
        Err(_) => {
            Err(RecordError::at(path, "must be a time such as `2026-07-04T14:38:08Z` (RFC 3339)"))
        }
    }
}

/// At most the first `max_bytes` of `text`, cut at a character's border.
pub(crate) fn cut(text: &str, max_bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(max_bytes)).unwrap_or(text)
}

/// An address that the media service would fetch.
pub(crate) fn picture_address(address: String) -> Option<Box<str>> {
    let known = ["https://", "http://", "demo:"].iter().any(|scheme| address.starts_with(scheme));
    (known && address.len() <= MAX_ADDRESS_BYTES).then(|| address.into())
}

/// The spans that lie in `text`, on characters' borders, in order, without overlap.
fn checked_spans(given: &[SpanRecord], text: &str, network: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = given
        .iter()
        .filter(|span| span.start < span.end)
        .filter(|span| text.get(span.start as usize..span.end as usize).is_some())
        .filter_map(|span| {
            let kind = if let Some(link) = &span.link {
                SpanKind::Link(link.as_str().into())
            } else if let Some(native) = &span.mention {
                SpanKind::Mention(AuthorId::new(network, native))
            } else {
                SpanKind::Tag(SmolStr::new(span.tag.as_ref()?))
            };
            Some(Span { start: span.start, end: span.end, kind })
        })
        .collect();
    spans.sort_by_key(|span| span.start);
    let mut end = 0;
    spans.retain(|span| {
        let beside = span.start >= end;
        if beside {
            end = span.end;
        }
        beside
    });
    spans.truncate(spans::MAX_SPANS);
    spans
}

impl SpanRecord {
    fn of(span: &Span) -> Self {
        let mut record =
            Self { start: span.start, end: span.end, link: None, mention: None, tag: None };
        match &span.kind {
            SpanKind::Link(link) => record.link = Some(link.to_string()),
            SpanKind::Mention(author) => record.mention = Some(author.native.to_string()),
            SpanKind::Tag(tag) => record.tag = Some(tag.to_string()),
        }
        record
    }
}

impl MediaRecord {
    fn into_media(self) -> Media {
        Media {
            kind: match self.kind {
                MediaKindRecord::Image => MediaKind::Image,
                MediaKindRecord::Video => MediaKind::Video,
                MediaKindRecord::Card => MediaKind::Card,
            },
            picture: self.picture.and_then(picture_address),
            size_px: self.size_px.filter(|(width, height)| *width > 0 && *height > 0),
            description: cut(&self.description, MAX_ADDRESS_BYTES).into(),
        }
    }

    fn of(media: &Media) -> Self {
        Self {
            kind: match media.kind {
                MediaKind::Image => MediaKindRecord::Image,
                MediaKind::Video => MediaKindRecord::Video,
                MediaKind::Card => MediaKindRecord::Card,
            },
            picture: media.picture.as_deref().map(str::to_owned),
            size_px: media.size_px,
            description: media.description.to_string(),
        }
    }
}

impl LabelRecord {
    const fn of(label: &Label) -> Option<Self> {
        match label {
            Label::Sexual => Some(Self::Sexual),
            Label::Graphic => Some(Self::Graphic),
            Label::Sensitive => Some(Self::Sensitive),
            Label::LoggedInOnly => Some(Self::LoggedInOnly),
            Label::Hidden => Some(Self::Hidden),
            Label::Bot => Some(Self::Bot),
            Label::Warning(_) => None,
        }
    }
}

impl From<LabelRecord> for Label {
    fn from(label: LabelRecord) -> Self {
        match label {
            LabelRecord::Sexual => Self::Sexual,
            LabelRecord::Graphic => Self::Graphic,
            LabelRecord::Sensitive => Self::Sensitive,
            LabelRecord::LoggedInOnly => Self::LoggedInOnly,
            LabelRecord::Hidden => Self::Hidden,
            LabelRecord::Bot => Self::Bot,
        }
    }
}

impl From<PurgeWhy> for PurgeCause {
    fn from(why: PurgeWhy) -> Self {
        match why {
            PurgeWhy::Deleted => Self::Deleted,
            PurgeWhy::Suspended => Self::Suspended,
            PurgeWhy::Deactivated => Self::Deactivated,
            PurgeWhy::Erasure => Self::Erasure,
            PurgeWhy::OptedOut => Self::OptedOut,
        }
    }
}

impl From<PurgeCause> for PurgeWhy {
    fn from(cause: PurgeCause) -> Self {
        match cause {
            PurgeCause::Deleted => Self::Deleted,
            PurgeCause::Suspended => Self::Suspended,
            PurgeCause::Deactivated => Self::Deactivated,
            PurgeCause::Erasure => Self::Erasure,
            PurgeCause::OptedOut => Self::OptedOut,
        }
    }
}
