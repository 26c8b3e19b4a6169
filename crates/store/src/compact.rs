//! Posts as bytes: the one kind of event that comes by the hundred thousand a second.
//!
//! Fields stand in a fixed order without names, and what can be told from other fields is left out:
//! a Bluesky post's id and address hold its author's id.
//! What few posts have stands at the end as MessagePack with names, where fields can be added.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use vigie_model::{
    Attitude, Author, AuthorId, Event, Flags, Label, Language, Media, MediaKind, Network, Post,
    PostId, Reading, SourceId, Span, SpanKind, Timestamp, Tone,
};

use crate::bytes::{In, Out};

/// How Bluesky names posts: `at://DID/app.bsky.feed.post/KEY`.
const AT_SCHEME: &str = "at://";
const AT_COLLECTION: &str = "/app.bsky.feed.post/";

/// What nearly all accounts are called: `did:plc:` and 24 letters of [`BASE32`].
const PLC: &str = "did:plc:";
const PLC_LETTERS: usize = 24;
const PLC_BYTES: usize = 15;
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The one network that has a bit of its own instead of its name.
const BLUESKY: &str = "bluesky";

/// Where Bluesky's pictures are: what stands before the account, and before and behind the picture's name.
const PICTURE: (&str, &str) = ("https://cdn.bsky.app/img/feed_fullsize/plain/", "@jpeg");

/// Where people read them: `https://bsky.app/profile/DID/post/KEY`.
const WEB_PROFILE: &str = "https://bsky.app/profile/";
const WEB_POST: &str = "/post/";

/// Which fields of a post are there. The bits are the file's.
mod has {
    pub(super) const HANDLE: u64 = 1;
    pub(super) const NAME: u64 = 1 << 1;
    pub(super) const AVATAR: u64 = 1 << 2;
    pub(super) const SPANS: u64 = 1 << 3;
    pub(super) const LANGUAGES: u64 = 1 << 4;
    pub(super) const MEDIA: u64 = 1 << 5;
    pub(super) const REPLY: u64 = 1 << 6;
    pub(super) const QUOTE: u64 = 1 << 7;
    pub(super) const REPOST: u64 = 1 << 8;
    pub(super) const LINK: u64 = 1 << 9;
    pub(super) const EDITED: u64 = 1 << 10;
    pub(super) const QUESTION: u64 = 1 << 11;
    pub(super) const UNSURE: u64 = 1 << 12;
    pub(super) const TERMS: u64 = 1 << 13;
    pub(super) const RARE: u64 = 1 << 14;
    /// The link is the one that Bluesky's web pages have for this post.
    pub(super) const WEB_LINK: u64 = 1 << 15;
    pub(super) const LIKENESS: u64 = 1 << 16;
    /// The author is on Bluesky, which is not written then.
    pub(super) const BLUESKY: u64 = 1 << 17;
    /// The author's id is written as [`PLC_BYTES`](super::PLC_BYTES).
    pub(super) const PLC: u64 = 1 << 18;
    /// Terms are written as [`write_terms`](super::write_terms) does.
    pub(super) const JOINED: u64 = 1 << 19;
    /// All that there are: others are of a newer program.
    pub(super) const ALL: u64 = (1 << 20) - 1;
}

/// What few posts have.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Rare {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    labels: Vec<Label>,
    #[serde(default, skip_serializing_if = "Flags::is_empty")]
    flags: Flags,
}

/// Writes a post and its reading. Who adds a field to either is told so here by the compiler.
pub(crate) fn write(
    post: &Post,
    reading: &Reading,
    payload: &mut Vec<u8>,
) -> Result<(), rmp_serde::encode::Error> {
    let Post {
        id,
        author,
        text,
        spans,
        languages,
        media,
        labels,
        reply_to,
        quote_of,
        repost_of,
        link,
        published,
        received,
        edited,
        source,
    } = post;
    let Reading { language, tone, question, terms, flags, likeness } = reading;
    let is_rare = !labels.is_empty() || !flags.is_empty();
    let plc = packed_plc(&author.id.native);
    let is_web_link = link.as_deref().is_some_and(|link| is_web_link(link, &id.native));
    let fields = [
        (has::HANDLE, !author.handle.is_empty()),
        (has::NAME, !author.name.is_empty()),
        (has::AVATAR, author.avatar.is_some()),
        (has::SPANS, !spans.is_empty()),
        (has::LANGUAGES, !languages.is_empty()),
        (has::MEDIA, !media.is_empty()),
        (has::REPLY, reply_to.is_some()),
        (has::QUOTE, quote_of.is_some()),
        (has::REPOST, repost_of.is_some()),
        (has::LINK, link.is_some() && !is_web_link),
        (has::WEB_LINK, is_web_link),
        (has::EDITED, edited.is_some()),
        (has::QUESTION, *question),
        (has::UNSURE, tone.unsure),
        (has::TERMS, !terms.is_empty()),
        (has::RARE, is_rare),
        (has::LIKENESS, *likeness != 0),
        (has::BLUESKY, author.id.network.as_str() == BLUESKY),
        (has::PLC, plc.is_some()),
        (has::JOINED, !terms.is_empty()),
    ];
    let fields =
        fields.iter().filter(|(_, is_there)| *is_there).fold(0, |fields, (bit, _)| fields | bit);
    let mut out = Out(payload);
    out.number(fields);
    write_author(author, fields, plc, &mut out);
    write_id(id, &author.id, &mut out);
    out.text(source.as_str());
    out.signed(published.as_micros());
    out.signed(received.as_micros().wrapping_sub(published.as_micros()));
    out.text(text);
    write_list(spans, &mut out, write_span);
    write_list(languages, &mut out, |language, out| out.text(language));
    write_list(media, &mut out, |media, out| write_media(media, &author.id, out));
    for post in [reply_to, quote_of, repost_of].into_iter().flatten() {
        write_id(post, &author.id, &mut out);
    }
    if let Some(link) = link.as_ref().filter(|_| !is_web_link) {
        out.text(link);
    }
    if let Some(edited) = edited {
        out.signed(edited.as_micros());
    }
    out.text(language.as_str());
    out.byte(attitude_number(tone.attitude));
    out.0.extend_from_slice(&tone.score.to_le_bytes());
    write_terms(terms, &mut out);
    if *likeness != 0 {
        out.0.extend_from_slice(&likeness.to_le_bytes());
    }
    if is_rare {
        let rare = Rare { labels: labels.clone(), flags: *flags };
        rmp_serde::encode::write_named(out.0, &rare)?;
    }
    Ok(())
}

/// Reads back what [`write`] wrote.
pub(crate) fn read(bytes: &[u8]) -> Option<Event> {
    let mut input = In(bytes);
    let fields = input.number().filter(|fields| fields & !has::ALL == 0)?;
    let is = |field: u64| fields & field != 0;
    let author = Arc::new(read_author(&mut input, fields)?);
    let id = read_id(&mut input, &author.id)?;
    let source = SourceId::new(input.text()?);
    let published = input.signed()?;
    let received = Timestamp::from_micros(published.wrapping_add(input.signed()?));
    let text = input.text()?.into();
    let spans = read_list(&mut input, is(has::SPANS), read_span)?;
    let languages = read_list(&mut input, is(has::LANGUAGES), |input| Some(input.text()?.into()))?;
    let media = read_list(&mut input, is(has::MEDIA), |input| read_media(input, &author.id))?;
    let mut other = |field| {
        if is(field) { Some(Some(read_id(&mut input, &author.id)?)) } else { Some(None) }
    };
    let (reply_to, quote_of, repost_of) =
        (other(has::REPLY)?, other(has::QUOTE)?, other(has::REPOST)?);
    let link = match (is(has::WEB_LINK), is(has::LINK)) {
        (true, _) => Some(web_link(&id.native)?),
        (false, true) => Some(input.text()?.into()),
        (false, false) => None,
    };
    let edited = if is(has::EDITED) { Some(input.signed()?) } else { None };
    let language = Language::from_tag(input.text()?);
    let attitude = read_attitude(input.byte()?)?;
    let (score, rest) = input.0.split_first_chunk()?;
    input.0 = rest;
    let tone = Tone { attitude, score: f32::from_le_bytes(*score), unsure: is(has::UNSURE) };
    let terms = match (is(has::TERMS), is(has::JOINED)) {
        (true, true) => read_terms(&mut input)?,
        (is_there, _) => read_list(&mut input, is_there, |input| Some(input.text()?.into()))?,
    };
    let likeness = if is(has::LIKENESS) { read_likeness(&mut input)? } else { 0 };
    // The decoder's own words may quote the content, which must not reach a log file.
    let rare: Rare =
        if is(has::RARE) { rmp_serde::from_slice(input.0).ok()? } else { Rare::default() };
    let post = Post {
        id,
        author,
        text,
        spans,
        languages,
        media,
        labels: rare.labels,
        reply_to,
        quote_of,
        repost_of,
        link,
        published: Timestamp::from_micros(published),
        received,
        edited: edited.map(Timestamp::from_micros),
        source,
    };
    let question = is(has::QUESTION);
    let reading = Reading { language, tone, question, terms, flags: rare.flags, likeness };
    Some(Event::Post { post: Arc::new(post), reading: Arc::new(reading) })
}

/// As it stands: all of its bits are random, so that no shorter form exists.
fn read_likeness(input: &mut In<'_>) -> Option<u64> {
    let (likeness, rest) = input.0.split_first_chunk()?;
    input.0 = rest;
    Some(u64::from_le_bytes(*likeness))
}

fn write_author(author: &Author, fields: u64, plc: Option<Plc>, out: &mut Out<'_>) {
    let Author { id, handle, name, avatar } = author;
    if fields & has::BLUESKY == 0 {
        out.text(id.network.as_str());
    }
    match plc {
        Some(plc) => out.0.extend_from_slice(&plc),
        None => out.text(&id.native),
    }
    for text in [handle, name].into_iter().filter(|text| !text.is_empty()) {
        out.text(text);
    }
    if let Some(avatar) = avatar {
        out.text(avatar);
    }
}

fn read_author(input: &mut In<'_>, fields: u64) -> Option<Author> {
    let is = |field: u64| fields & field != 0;
    let network = if is(has::BLUESKY) { BLUESKY } else { input.text()? };
    let native = if is(has::PLC) { read_plc(input)? } else { input.text()?.into() };
    let id = AuthorId { network: Network::new(network), native };
    let mut text = |field: u64| if is(field) { input.text() } else { Some("") };
    let (handle, name) = (text(has::HANDLE)?.into(), text(has::NAME)?.into());
    let avatar = if is(has::AVATAR) { Some(text(has::AVATAR)?.into()) } else { None };
    Some(Author { id, handle, name, avatar })
}

/// An account's id in half of its bytes.
type Plc = [u8; PLC_BYTES];

/// The bytes of an account's id, where it has the usual form.
fn packed_plc(did: &str) -> Option<Plc> {
    let letters: &[u8; PLC_LETTERS] = did.strip_prefix(PLC)?.as_bytes().try_into().ok()?;
    let (mut plc, mut is_plain) = ([0; PLC_BYTES], true);
    let (groups, _) = letters.as_chunks::<8>();
    for (bytes, letters) in plc.chunks_mut(5).zip(groups) {
        let bits = letters.iter().fold(0_u64, |bits, letter| {
            let value = match letter {
                b'a'..=b'z' => letter - b'a',
                b'2'..=b'7' => letter - b'2' + 26,
                _ => {
                    is_plain = false;
                    0
                }
            };
            bits << 5 | u64::from(value)
        });
        for (byte, part) in bytes.iter_mut().zip(bits.to_be_bytes().into_iter().skip(3)) {
            *byte = part;
        }
    }
    is_plain.then_some(plc)
}

fn read_plc(input: &mut In<'_>) -> Option<SmolStr> {
    let (plc, rest) = input.0.split_first_chunk::<PLC_BYTES>()?;
    input.0 = rest;
    let mut did = String::with_capacity(PLC.len() + PLC_LETTERS);
    did.push_str(PLC);
    for bytes in plc.chunks(5) {
        let bits = bytes.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for letter_idx in (0..8).rev() {
            let value = bits >> (5 * letter_idx) & 31;
            did.push(char::from(BASE32.get(usize::try_from(value).ok()?).copied()?));
        }
    }
    Some(did.into())
}

/// Terms, of which many are two others with a space or a small word between: these are written as such.
///
/// A number is twice the length of a text that follows; or one more, and the text is what stands between the two
/// single words before it.
fn write_terms(terms: &[SmolStr], out: &mut Out<'_>) {
    if terms.is_empty() {
        return;
    }
    out.number(terms.len() as u64);
    let (mut before, mut last) = ("", "");
    for term in terms {
        let between = term.strip_prefix(before).and_then(|rest| rest.strip_suffix(last));
        match between.filter(|_| !before.is_empty()) {
            Some(between) => {
                out.number((between.len() as u64) << 1 | 1);
                out.0.extend_from_slice(between.as_bytes());
            }
            None => {
                out.number((term.len() as u64) << 1);
                out.0.extend_from_slice(term.as_bytes());
                (before, last) = (last, term);
            }
        }
    }
}

fn read_terms(input: &mut In<'_>) -> Option<Vec<SmolStr>> {
    let n_terms = input.count()?;
    let mut terms: Vec<SmolStr> = Vec::with_capacity(n_terms.min(64));
    let (mut before, mut last) = ("", "");
    for _ in 0..n_terms {
        let number = input.number()?;
        let text = input.text_of(number >> 1)?;
        if number & 1 == 1 {
            terms.push([before, text, last].concat().into());
        } else {
            terms.push(text.into());
            (before, last) = (last, text);
        }
    }
    Some(terms)
}

/// How a post's id is written. The numbers are the file's.
mod form {
    /// Network and id.
    pub(super) const PLAIN: u8 = 0;
    /// On the author's network: the id.
    pub(super) const SAME_NETWORK: u8 = 1;
    /// An AT URI on the author's network: account and key.
    pub(super) const AT_URI: u8 = 2;
    /// An AT URI of the author: the key.
    pub(super) const OWN_AT_URI: u8 = 3;
    /// An AT URI on the author's network: packed account and key.
    pub(super) const PLC_AT_URI: u8 = 4;
}

/// The account and the key of a Bluesky post's id.
fn at_uri(native: &str) -> Option<(&str, &str)> {
    let rest = native.strip_prefix(AT_SCHEME)?;
    let (did, path) = rest.split_at_checked(rest.bytes().position(|byte| byte == b'/')?)?;
    Some((did, path.strip_prefix(AT_COLLECTION)?))
}

fn write_id(id: &PostId, author: &AuthorId, out: &mut Out<'_>) {
    match at_uri(&id.native) {
        _ if id.network != author.network => {
            out.byte(form::PLAIN);
            out.text(id.network.as_str());
            out.text(&id.native);
        }
        Some((did, key)) if did == author.native => {
            out.byte(form::OWN_AT_URI);
            out.text(key);
        }
        Some((did, key)) => {
            match packed_plc(did) {
                Some(plc) => {
                    out.byte(form::PLC_AT_URI);
                    out.0.extend_from_slice(&plc);
                }
                None => {
                    out.byte(form::AT_URI);
                    out.text(did);
                }
            }
            out.text(key);
        }
        None => {
            out.byte(form::SAME_NETWORK);
            out.text(&id.native);
        }
    }
}

fn read_id(input: &mut In<'_>, author: &AuthorId) -> Option<PostId> {
    let at_uri = |did: &str, key: &str| {
        let mut uri = String::with_capacity(AT_SCHEME.len() + did.len() + 20 + key.len());
        for part in [AT_SCHEME, did, AT_COLLECTION, key] {
            uri.push_str(part);
        }
        PostId { network: author.network.clone(), native: uri.into() }
    };
    Some(match input.byte()? {
        form::PLAIN => {
            PostId { network: Network::new(input.text()?), native: input.text()?.into() }
        }
        form::SAME_NETWORK => {
            PostId { network: author.network.clone(), native: input.text()?.into() }
        }
        form::AT_URI => at_uri(input.text()?, input.text()?),
        form::PLC_AT_URI => at_uri(&read_plc(input)?, input.text()?),
        form::OWN_AT_URI => at_uri(&author.native, input.text()?),
        _ => return None,
    })
}

/// Whether `link` is where Bluesky's own pages show the post `native`.
fn is_web_link(link: &str, native: &str) -> bool {
    let Some((did, key)) = at_uri(native) else { return false };
    link.strip_prefix(WEB_PROFILE)
        .and_then(|rest| rest.strip_prefix(did))
        .and_then(|rest| rest.strip_prefix(WEB_POST))
        == Some(key)
}

fn web_link(native: &str) -> Option<Box<str>> {
    let (did, key) = at_uri(native)?;
    Some([WEB_PROFILE, did, WEB_POST, key].concat().into())
}

fn write_list<T>(things: &[T], out: &mut Out<'_>, write: impl Fn(&T, &mut Out<'_>)) {
    if !things.is_empty() {
        out.number(things.len() as u64);
        for thing in things {
            write(thing, out);
        }
    }
}

fn read_list<'a, T>(
    input: &mut In<'a>,
    is_there: bool,
    read: impl Fn(&mut In<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    if !is_there {
        return Some(Vec::new());
    }
    let n_things = input.count()?;
    // Not collected into an `Option`, which would not know how many there will be.
    let mut things = Vec::with_capacity(n_things.min(64));
    for _ in 0..n_things {
        things.push(read(input)?);
    }
    Some(things)
}

fn write_span(span: &Span, out: &mut Out<'_>) {
    let Span { start, end, kind } = span;
    out.number((*start).into());
    out.number((*end).into());
    match kind {
        SpanKind::Link(address) => {
            out.byte(0);
            out.text(address);
        }
        SpanKind::Mention(AuthorId { network, native }) => {
            out.byte(1);
            out.text(network.as_str());
            out.text(native);
        }
        SpanKind::Tag(tag) => {
            out.byte(2);
            out.text(tag);
        }
    }
}

fn read_span(input: &mut In<'_>) -> Option<Span> {
    let start = u32::try_from(input.number()?).ok()?;
    let end = u32::try_from(input.number()?).ok()?;
    let kind = match input.byte()? {
        0 => SpanKind::Link(input.text()?.into()),
        1 => SpanKind::Mention(AuthorId {
            network: Network::new(input.text()?),
            native: input.text()?.into(),
        }),
        2 => SpanKind::Tag(input.text()?.into()),
        _ => return None,
    };
    Some(Span { start, end, kind })
}

/// The name of a Bluesky picture of the author, where `picture` is the address of one.
fn picture_name<'a>(picture: &'a str, author: &AuthorId) -> Option<&'a str> {
    let (begin, end) = PICTURE;
    let rest = picture.strip_prefix(begin)?.strip_prefix(author.native.as_str())?;
    rest.strip_prefix('/')?.strip_suffix(end)
}

fn write_media(media: &Media, author: &AuthorId, out: &mut Out<'_>) {
    let Media { kind, picture, size_px, description } = media;
    let kind = match kind {
        MediaKind::Image => 0,
        MediaKind::Video => 1,
        MediaKind::Card => 2,
    };
    let name = picture.as_deref().and_then(|picture| picture_name(picture, author));
    let bits = [picture.is_some(), size_px.is_some(), name.is_some()];
    let bits = bits.iter().rev().fold(0, |bits, bit| bits << 1 | u8::from(*bit));
    out.byte(kind | bits << 2);
    if let Some(picture) = name.or(picture.as_deref()) {
        out.text(picture);
    }
    if let Some((width, height)) = size_px {
        out.number((*width).into());
        out.number((*height).into());
    }
    out.text(description);
}

fn read_media(input: &mut In<'_>, author: &AuthorId) -> Option<Media> {
    let byte = input.byte().filter(|byte| *byte < 1 << 5)?;
    let kind = match byte & 0b11 {
        0 => MediaKind::Image,
        1 => MediaKind::Video,
        2 => MediaKind::Card,
        _ => return None,
    };
    let picture = if byte & 1 << 2 != 0 { Some(input.text()?) } else { None };
    let (begin, end) = PICTURE;
    let picture = picture.map(|text| match byte & 1 << 4 {
        0 => text.into(),
        _ => [begin, &author.native, "/", text, end].concat().into(),
    });
    let size_px = if byte & 1 << 3 != 0 {
        Some((u32::try_from(input.number()?).ok()?, u32::try_from(input.number()?).ok()?))
    } else {
        None
    };
    Some(Media { kind, picture, size_px, description: input.text()?.into() })
}

const fn attitude_number(attitude: Attitude) -> u8 {
    match attitude {
        Attitude::Negative => 0,
        Attitude::Neutral => 1,
        Attitude::Positive => 2,
    }
}

const fn read_attitude(number: u8) -> Option<Attitude> {
    match number {
        0 => Some(Attitude::Negative),
        1 => Some(Attitude::Neutral),
        2 => Some(Attitude::Positive),
        _ => None,
    }
}
