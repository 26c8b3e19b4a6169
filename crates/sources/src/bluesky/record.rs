//! Bluesky post records: from the record's JSON to a [`Post`]. Pure.

use std::{borrow::Cow, sync::Arc};

use serde::Deserialize;
use smol_str::SmolStr;

use super::Stamp;
use crate::model::{
    Author, AuthorId, Label, Media, MediaKind, Network, Post, PostId, Span, SpanKind, Timestamp,
};

/// The collection that posts are records of.
pub(super) const POST_COLLECTION: &str = "app.bsky.feed.post";

/// The network's name in this program.
pub(super) const NETWORK: &str = "bluesky";

/// The app allows four pictures; some clients more.
const MAX_MEDIA: usize = 8;

/// A post of 3,000 bytes has room for some hundred marks.
const MAX_SPANS: usize = 256;

/// The lexicon allows three languages.
const MAX_LANGUAGES: usize = 8;

/// Where the network serves pictures to browsers.
const PICTURES: &str = "https://cdn.bsky.app/img/feed_fullsize/plain";

/// Where the network serves the posters of films.
const POSTERS: &str = "https://video.bsky.app/watch";

/// Text that is borrowed where JSON has no escapes in it.
#[derive(Deserialize)]
pub(super) struct Text<'json>(#[serde(borrow)] pub(super) Cow<'json, str>);

/// A post as its author's client wrote it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record<'json> {
    #[serde(borrow)]
    text: Text<'json>,
    #[serde(borrow)]
    created_at: Option<Text<'json>>,
    #[serde(borrow)]
    langs: Option<Vec<Text<'json>>>,
    #[serde(borrow)]
    facets: Option<Vec<Facet<'json>>>,
    #[serde(borrow)]
    embed: Option<Embed<'json>>,
    #[serde(borrow)]
    reply: Option<Reply<'json>>,
    #[serde(borrow)]
    labels: Option<SelfLabels<'json>>,
    #[serde(borrow)]
    tags: Option<Vec<Text<'json>>>,
}

#[derive(Deserialize)]
struct Facet<'json> {
    index: ByteSlice,
    #[serde(borrow)]
    features: Vec<Feature<'json>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ByteSlice {
    byte_start: i64,
    byte_end: i64,
}

#[derive(Deserialize)]
struct Feature<'json> {
    #[serde(borrow, rename = "$type")]
    kind: Option<Text<'json>>,
    #[serde(borrow)]
    uri: Option<Text<'json>>,
    #[serde(borrow)]
    did: Option<Text<'json>>,
    #[serde(borrow)]
    tag: Option<Text<'json>>,
}

/// Every kind of embed in one: unknown kinds have none of these fields.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Embed<'json> {
    #[serde(borrow)]
    images: Option<Vec<Image<'json>>>,
    #[serde(borrow)]
    video: Option<Blob<'json>>,
    #[serde(borrow)]
    alt: Option<Text<'json>>,
    aspect_ratio: Option<AspectRatio>,
    #[serde(borrow)]
    external: Option<External<'json>>,
    #[serde(borrow)]
    record: Option<Quoted<'json>>,
    #[serde(borrow)]
    media: Option<Box<Self>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Image<'json> {
    #[serde(borrow)]
    image: Blob<'json>,
    #[serde(borrow)]
    alt: Option<Text<'json>>,
    aspect_ratio: Option<AspectRatio>,
}

#[derive(Clone, Copy, Deserialize)]
struct AspectRatio {
    width: u32,
    height: u32,
}

/// A blob, in today's form or in that of 2022, which has its CID at the top.
#[derive(Deserialize)]
struct Blob<'json> {
    #[serde(borrow, rename = "ref")]
    link: Option<Link<'json>>,
    #[serde(borrow)]
    cid: Option<Text<'json>>,
}

#[derive(Deserialize)]
struct Link<'json> {
    #[serde(borrow, rename = "$link")]
    cid: Text<'json>,
}

#[derive(Deserialize)]
struct External<'json> {
    #[serde(borrow)]
    title: Option<Text<'json>>,
    #[serde(borrow)]
    thumb: Option<Blob<'json>>,
}

/// What is quoted: `record` of a quote, or `record.record` of a quote with media.
#[derive(Deserialize)]
struct Quoted<'json> {
    #[serde(borrow)]
    uri: Option<Text<'json>>,
    #[serde(borrow)]
    record: Option<Box<Self>>,
}

#[derive(Deserialize)]
struct Reply<'json> {
    #[serde(borrow)]
    parent: StrongRef<'json>,
}

#[derive(Deserialize)]
struct StrongRef<'json> {
    #[serde(borrow)]
    uri: Text<'json>,
}

#[derive(Deserialize)]
struct SelfLabels<'json> {
    #[serde(borrow)]
    values: Option<Vec<SelfLabel<'json>>>,
}

#[derive(Deserialize)]
struct SelfLabel<'json> {
    #[serde(borrow)]
    val: Text<'json>,
}

/// Which record it is, and when the network saw it.
pub(super) struct Place<'event> {
    pub(super) did: &'event str,
    pub(super) rkey: &'event str,
    pub(super) at: Timestamp,
    pub(super) is_update: bool,
}

/// The post that a record is.
pub(super) fn post(
    json: &str,
    place: &Place<'_>,
    stamp: &Stamp,
) -> Result<Post, serde_json::Error> {
    let record: Record<'_> = serde_json::from_str(json)?;
    Ok(record.into_post(place, stamp))
}

impl Record<'_> {
    /// The post that this record is at its place.
    pub(super) fn into_post(self, place: &Place<'_>, stamp: &Stamp) -> Post {
        let text = self.text.0.as_ref();
        let text = text.get(..text.floor_char_boundary(Post::MAX_TEXT_BYTES)).unwrap_or_default();
        let created = self.created_at.and_then(|text| Timestamp::parse(&text.0).ok());
        let mut media = Vec::new();
        let mut quote_of = None;
        if let Some(embed) = &self.embed {
            read_embed(embed, place.did, &mut media, &mut quote_of);
        }
        Post {
            id: post_id(place.did, place.rkey),
            author: Arc::new(bare_author(place.did)),
            spans: spans(text, self.facets.unwrap_or_default(), &self.tags.unwrap_or_default()),
            text: text.into(),
            languages: languages(&self.langs.unwrap_or_default()),
            media,
            labels: labels(&self.labels.and_then(|labels| labels.values).unwrap_or_default()),
            reply_to: self.reply.and_then(|reply| post_at(&reply.parent.uri.0)),
            quote_of,
            repost_of: None,
            link: Some(link(place.did, place.rkey)),
            published: created.unwrap_or(place.at).min(place.at).min(stamp.received),
            received: stamp.received,
            edited: place.is_update.then_some(place.at),
            source: stamp.source.clone(),
        }
    }
}

/// The post at this place of the network.
pub(super) fn post_id(did: &str, rkey: &str) -> PostId {
    PostId {
        network: Network::new(NETWORK),
        native: joined(&["at://", did, "/", POST_COLLECTION, "/", rkey]).into(),
    }
}

/// The account `did`, of which nothing else is known yet.
pub(super) fn bare_author(did: &str) -> Author {
    let id = AuthorId::new(NETWORK, did);
    Author { id, handle: SmolStr::default(), name: SmolStr::default(), avatar: None }
}

fn link(did: &str, rkey: &str) -> Box<str> {
    joined(&["https://bsky.app/profile/", did, "/post/", rkey]).into()
}

/// The parts as one text, without the detour over formatting: this runs for every post.
fn joined(parts: &[&str]) -> String {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    for part in parts {
        text.push_str(part);
    }
    text
}

/// Quotes can show lists, feeds and starter packs too: only posts are posts.
fn post_at(uri: &str) -> Option<PostId> {
    let (did, path) = uri.strip_prefix("at://")?.split_once('/')?;
    let rkey = path.strip_prefix(POST_COLLECTION)?.strip_prefix('/')?;
    (super::wire::is_did(did) && super::wire::is_record_key(rkey)).then(|| post_id(did, rkey))
}

fn languages(langs: &[Text<'_>]) -> Vec<SmolStr> {
    let tags = langs.iter().map(|lang| lang.0.trim());
    let tags = tags.filter(|tag| !tag.is_empty() && tag.len() <= 35 && tag.is_ascii());
    let mut languages: Vec<SmolStr> = Vec::new();
    for tag in tags.take(MAX_LANGUAGES) {
        if !languages.iter().any(|known| known == tag) {
            languages.push(SmolStr::new(tag));
        }
    }
    languages
}

/// Facets count bytes of UTF-8, and some clients miscount: each is moved to the borders of characters.
///
/// Tags beside the text become empty spans at its end, so that they can be asked for and take no place.
fn spans(text: &str, facets: Vec<Facet<'_>>, tags: &[Text<'_>]) -> Vec<Span> {
    let at = |byte: i64| text.floor_char_boundary(usize::try_from(byte).unwrap_or_default());
    let mut spans: Vec<Span> = facets
        .into_iter()
        .take(MAX_SPANS)
        .filter_map(|facet| {
            let (start, end) = (at(facet.index.byte_start), at(facet.index.byte_end));
            let kind = facet.features.into_iter().find_map(span_kind)?;
            (start < end).then_some(Span {
                start: u32::try_from(start).ok()?,
                end: u32::try_from(end).ok()?,
                kind,
            })
        })
        .collect();
    spans.sort_by_key(|span| span.start);
    let mut covered = 0;
    spans.retain(|span| {
        let fits = span.start >= covered;
        if fits {
            covered = span.end;
        }
        fits
    });
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let room = MAX_SPANS.saturating_sub(spans.len());
    let tags = tags.iter().filter_map(|tag| tag_of(&tag.0)).take(room);
    spans.extend(tags.map(|kind| Span { start: end, end, kind }));
    spans
}

fn span_kind(feature: Feature<'_>) -> Option<SpanKind> {
    match feature.kind?.0.as_ref() {
        "app.bsky.richtext.facet#link" => Some(SpanKind::Link(feature.uri?.0.into())),
        "app.bsky.richtext.facet#mention" => {
            let did = feature.did?.0;
            super::wire::is_did(&did).then(|| SpanKind::Mention(AuthorId::new(NETWORK, did)))
        }
        "app.bsky.richtext.facet#tag" => tag_of(&feature.tag?.0),
        _ => None,
    }
}

fn tag_of(tag: &str) -> Option<SpanKind> {
    let tag = tag.trim().trim_start_matches(['#', '＃']);
    (!tag.is_empty()).then(|| SpanKind::Tag(SmolStr::new(tag)))
}

fn read_embed(embed: &Embed<'_>, did: &str, media: &mut Vec<Media>, quote_of: &mut Option<PostId>) {
    let alt = |text: &Option<Text<'_>>| -> Box<str> {
        text.as_ref().map(|text| text.0.trim()).unwrap_or_default().into()
    };
    let size = |ratio: Option<AspectRatio>| {
        ratio
            .filter(|ratio| ratio.width > 0 && ratio.height > 0)
            .map(|ratio| (ratio.width, ratio.height))
    };
    let images = embed.images.iter().flatten().filter_map(|image| {
        Some(Media {
            kind: MediaKind::Image,
            picture: Some(picture(did, image.image.cid()?)),
            size_px: size(image.aspect_ratio),
            description: alt(&image.alt),
        })
    });
    let video = embed.video.iter().filter_map(|video| {
        Some(Media {
            kind: MediaKind::Video,
            picture: Some(poster(did, video.cid()?)),
            size_px: size(embed.aspect_ratio),
            description: alt(&embed.alt),
        })
    });
    let card = embed.external.iter().map(|external| Media {
        kind: MediaKind::Card,
        picture: external.thumb.as_ref().and_then(Blob::cid).map(|cid| picture(did, cid)),
        size_px: None,
        description: alt(&external.title),
    });
    let room = MAX_MEDIA.saturating_sub(media.len());
    media.extend(images.chain(video).chain(card).take(room));
    if let Some(quoted) = &embed.record {
        let uri = quoted.uri.as_ref().or_else(|| quoted.record.as_ref()?.uri.as_ref());
        *quote_of = uri.and_then(|uri| post_at(&uri.0));
    }
    if let Some(inner) = &embed.media {
        // A quote with media has its media one level down, and none further.
        let inner_quote = &mut None;
        if inner.media.is_none() {
            read_embed(inner, did, media, inner_quote);
        }
    }
}

impl Blob<'_> {
    /// The blob's name, if it can stand in an address.
    fn cid(&self) -> Option<&str> {
        let cid = self.link.as_ref().map(|link| &link.cid).or(self.cid.as_ref())?;
        let fits = !cid.0.is_empty() && cid.0.bytes().all(|byte| byte.is_ascii_alphanumeric());
        fits.then_some(&*cid.0)
    }
}

fn picture(did: &str, cid: &str) -> Box<str> {
    joined(&[PICTURES, "/", did, "/", cid, "@jpeg"]).into()
}

fn poster(did: &str, cid: &str) -> Box<str> {
    let did = did.replace(':', "%3A");
    format!("{POSTERS}/{did}/{cid}/thumbnail.jpg").into()
}

fn labels(values: &[SelfLabel<'_>]) -> Vec<Label> {
    let mut labels: Vec<Label> = values.iter().filter_map(|value| label(&value.val.0)).collect();
    labels.sort();
    labels.dedup();
    labels
}

/// What a label of the network means to a wall; nothing where it does not matter.
pub(super) fn label(value: &str) -> Option<Label> {
    match value {
        "porn" | "sexual" | "nudity" => Some(Label::Sexual),
        "graphic-media" | "gore" => Some(Label::Graphic),
        "!no-unauthenticated" => Some(Label::LoggedInOnly),
        "!hide" => Some(Label::Hidden),
        "!warn" => Some(Label::Sensitive),
        "bot" => Some(Label::Bot),
        _ => None,
    }
}
