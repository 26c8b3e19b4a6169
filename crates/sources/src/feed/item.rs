//! The parts of one feed item: title, text, names, pictures. Each function is pure and takes any input.

use feed_rs::model::{Entry, FeedType, MediaObject, Person, Text};
use url::Url;

use super::{
    Excerpt, NETWORK,
    html::{self, Prose},
};
use crate::{
    address::is_loopback,
    model::{Media, MediaKind, Span, SpanKind},
    record::cut,
    spans,
};

/// An item's text is cut here, at a word's end: a wall shows an excerpt, not an article.
const MAX_ITEM_TEXT_BYTES: usize = 4_000;

/// Longer titles are cut; headlines have some hundred characters.
pub(super) const MAX_TITLE_BYTES: usize = 1_000;

/// Text that was escaped too often is read at most this many times.
const MAX_PASSES: usize = 2;

/// More pictures than this are left out.
const MAX_MEDIA: usize = 4;

/// Names are cut here.
pub(super) const MAX_NAME_BYTES: usize = 200;

/// A person's name. An address of e-mail is none, and is not kept.
pub(super) fn name(person: &Person) -> Option<String> {
    let name = html::to_prose(person.name.as_deref()?, None, NETWORK).text;
    let name = cut(name.trim_matches(['(', ')', ' ']), MAX_NAME_BYTES).trim_end();
    (!name.is_empty() && !name.contains('@')).then(|| name.to_owned())
}

/// Whether a media type is one of HTML's.
fn is_html(kind: &str) -> bool {
    kind.contains("html")
}

/// A title as plain text in one line, whatever it was escaped as.
pub(super) fn headline(title: &Text, feed_type: &FeedType) -> String {
    let is_html = is_html(title.content_type.as_str());
    let mut text = title.content.clone();
    for pass in 0..MAX_PASSES {
        let is_declared = pass == 0 && is_html;
        let may_be_escaped = is_html || *feed_type != FeedType::Atom;
        if !(is_declared || may_be_escaped && html::looks_escaped(&text)) {
            break;
        }
        text = html::to_prose(&text, None, NETWORK).text;
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What an item says below its title.
pub(super) fn body(entry: &Entry, base: &Url, excerpt: Excerpt, feed_type: &FeedType) -> Prose {
    let summary =
        entry.summary.as_ref().map(|text| (text.content.as_str(), text.content_type.as_str()));
    let content = entry.content.as_ref().and_then(|content| {
        let is_text = content.content_type.ty() == "text" || is_html(content.content_type.as_str());
        let body = content.body.as_deref().filter(|_| is_text)?;
        Some((body, content.content_type.as_str()))
    });
    let described = || {
        let description = entry.media.iter().find_map(|media| media.description.as_ref())?;
        Some((description.content.as_str(), description.content_type.as_str()))
    };
    let chosen = match excerpt {
        Excerpt::Title => None,
        Excerpt::Summary => summary.or(content).or_else(described),
        Excerpt::Full => content.or(summary).or_else(described),
    };
    let Some((text, kind)) = chosen else { return Prose::default() };
    let is_plain =
        matches!(feed_type, FeedType::Atom | FeedType::JSON) || !html::looks_escaped(text);
    if !is_html(kind) && is_plain {
        return Prose { text: text.trim().to_owned(), ..Prose::default() };
    }
    let prose = html::to_prose(text, Some(base), NETWORK);
    if prose.spans.is_empty() && prose.pictures.is_empty() && html::looks_escaped(&prose.text) {
        return html::to_prose(&prose.text, Some(base), NETWORK);
    }
    prose
}

/// Title and body as one text, without saying the same twice.
pub(super) fn compose(title: &str, body: &Prose) -> (String, Vec<Span>) {
    let body_text = excerpt(&body.text, MAX_ITEM_TEXT_BYTES);
    let stem = title.trim_end_matches(['…', '.']).trim_end();
    let repeats = body_text.split_whitespace().collect::<Vec<_>>().join(" ").starts_with(stem);
    let lead = if title.is_empty() || repeats && !body_text.is_empty() {
        String::new()
    } else if body_text.is_empty() {
        title.to_owned()
    } else {
        format!("{title}\n\n")
    };
    // What was cut is marked by one more character, which no link covers.
    let kept = body.text.len().min(body_text.trim_end_matches('…').len());
    let mut spans: Vec<Span> = body
        .spans
        .iter()
        .filter(|span| span.end as usize <= kept)
        .filter_map(|span| {
            let shift = |byte: u32| lead.len() + byte as usize;
            spans::span(shift(span.start), shift(span.end), span.kind.clone())
        })
        .collect();
    let text = lead + &body_text;
    spans::merge(&mut spans, spans::find(&text, NETWORK));
    // A handle in a feed's text belongs to a network that nobody named.
    spans.retain(|span| !matches!(span.kind, SpanKind::Mention(_)));
    (text, spans)
}

/// The beginning of `text`, cut at a word's end and marked where it was cut.
pub(super) fn excerpt(text: &str, max_bytes: usize) -> String {
    let text = text.trim();
    if text.len() <= max_bytes {
        return text.to_owned();
    }
    let kept = cut(text, max_bytes);
    let end = kept.rfind(char::is_whitespace).filter(|end| *end > max_bytes / 2);
    let kept = end.and_then(|end| kept.get(..end)).unwrap_or(kept);
    format!("{}…", kept.trim_end())
}

pub(super) fn media(entry: &Entry, body: &Prose, base: &Url) -> Vec<Media> {
    let mut media: Vec<Media> =
        entry.media.iter().filter_map(|object| from_object(object, base)).collect();
    let enclosed = entry.links.iter().filter(|link| link.rel.as_deref() == Some("enclosure"));
    let attached =
        entry.links.iter().filter(|link| link.rel.is_none() && link.media_type.is_some());
    for link in enclosed.chain(attached) {
        if link.media_type.as_deref().is_some_and(|kind| kind.starts_with("image/")) {
            let picture = picture_address(&link.href, base);
            media.extend(
                picture.map(|picture| image(picture, None, link.title.as_deref().unwrap_or(""))),
            );
        }
    }
    if media.is_empty() {
        let pictures = body.pictures.iter();
        media.extend(pictures.map(|(url, alt)| image(url.as_str().into(), None, alt)));
    }
    let mut known = Vec::new();
    media.retain(|media| {
        let is_new = !known.contains(&media.picture);
        known.push(media.picture.clone());
        is_new
    });
    media.truncate(MAX_MEDIA);
    media
}

/// One `media:group` or enclosure: the largest of its pictures, or the poster of its film.
fn from_object(object: &MediaObject, base: &Url) -> Option<Media> {
    let is_video = object.content.iter().any(|content| {
        content.content_type.as_ref().is_some_and(|kind| {
            kind.ty() == "video" || kind.to_string().starts_with("application/x-shockwave")
        })
    });
    let described = [&object.description, &object.title].into_iter().flatten().next();
    let description = described.map(|text| html::to_prose(&text.content, None, NETWORK).text);
    let description = excerpt(&description.unwrap_or_default(), MAX_TITLE_BYTES);
    let best = object
        .content
        .iter()
        .filter(|content| content.content_type.as_ref().is_some_and(|kind| kind.ty() == "image"))
        .max_by_key(|content| content.width);
    let thumbnail = object.thumbnails.iter().max_by_key(|thumbnail| thumbnail.image.width);
    let (address, size_px) = match (best, thumbnail) {
        (Some(content), _) if !is_video => {
            (content.url.as_ref()?.as_str(), content.width.zip(content.height))
        }
        (_, Some(thumbnail)) => {
            (thumbnail.image.uri.as_str(), thumbnail.image.width.zip(thumbnail.image.height))
        }
        (Some(content), None) => {
            (content.url.as_ref()?.as_str(), content.width.zip(content.height))
        }
        (None, None) => return None,
    };
    let mut media = image(picture_address(address, base)?, size_px, &description);
    if is_video {
        media.kind = MediaKind::Video;
    }
    Some(media)
}

fn image(picture: Box<str>, size_px: Option<(u32, u32)>, description: &str) -> Media {
    Media {
        kind: MediaKind::Image,
        picture: Some(picture),
        size_px: size_px.filter(|(width, height)| *width > 0 && *height > 0),
        description: cut(description, MAX_TITLE_BYTES).into(),
    }
}

pub(super) fn picture_address(address: &str, base: &Url) -> Option<Box<str>> {
    let mut url = base.join(address.trim()).ok()?;
    // Pictures are fetched encrypted or not at all, as browsers do it on encrypted pages.
    if url.scheme() == "http" && !is_loopback(&url) {
        url.set_scheme("https").ok()?;
    }
    crate::record::picture_address(url.into())
}
