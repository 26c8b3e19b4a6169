//! RSS, Atom and JSON Feed into posts: a pure function of the document's bytes.
//!
//! An item's id is its guid, else its link, else a digest of its title and date.
//! A guid that is no address is unique only within its feed, so the feed's own address goes before it.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use feed_rs::{
    model::{Entry, Feed},
    parser::Builder,
};
use smol_str::SmolStr;
use url::Url;

use super::{
    NETWORK, date,
    item::{
        MAX_NAME_BYTES, MAX_TITLE_BYTES, body, compose, excerpt, headline, media, name,
        picture_address,
    },
    scan::{ScanError, scan},
    seen::fingerprint,
};
use crate::{
    model::{Author, AuthorId, Post, PostId, SourceId, Timestamp},
    record::cut,
};

/// Of a longer document only the newest items are read; most feeds hold 10 to 50.
pub(super) const MAX_ITEMS: usize = 500;

/// What a document is read for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading<'reading> {
    /// The address that the document came from.
    pub address: &'reading Url,
    /// The source that brought it.
    pub source: &'reading SourceId,
    /// When it came.
    pub received: Timestamp,
    /// How much of an item is shown.
    pub excerpt: super::Excerpt,
}

/// What a document holds.
#[derive(Debug, PartialEq)]
pub(super) struct Document {
    /// The items in the order in which they were published; those without a date first.
    pub posts: Vec<Post>,
    /// Entries that the feed says are gone.
    pub deleted: Vec<PostId>,
    /// Items that say nothing, and those beyond [`MAX_ITEMS`].
    pub n_skipped: usize,
    /// How often the feed asks to be read, in seconds.
    pub period_secs: Option<u64>,
}

/// Why bytes are no feed. The texts never repeat the document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum DecodeError {
    /// It is a web page, as servers send for errors with status 200.
    #[error("the address answers with a web page, not with a feed")]
    WebPage,
    /// It is neither RSS nor Atom nor JSON Feed, or broken.
    #[error("the document is no readable feed: {0}")]
    Unreadable(&'static str),
    /// It is built to cost time or stack.
    #[error("the feed is refused: {0}")]
    Refused(#[from] ScanError),
}

/// Reads a whole document.
pub(super) fn decode(bytes: &[u8], reading: &Reading<'_>) -> Result<Document, DecodeError> {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if is_web_page(start) {
        return Err(DecodeError::WebPage);
    }
    let scan = if start.first() == Some(&b'{') { Ok(Default::default()) } else { scan(bytes) }?;
    let feed = parse(bytes, reading.address)?;
    let reader = Reader { reading, feed: &feed, publisher: publisher(&feed, reading.address) };
    let mut document = reader.read();
    document.deleted =
        scan.tombstones.iter().map(|id| PostId::new(NETWORK, reader.native(id))).collect();
    document.period_secs = feed.ttl.map(|mins| u64::from(mins) * 60).or(scan.period_secs);
    Ok(document)
}

fn is_web_page(start: &[u8]) -> bool {
    let head = start.get(..start.len().min(200)).unwrap_or_default().to_ascii_lowercase();
    [&b"<!doctype html"[..], b"<html", b"<head", b"<body"].iter().any(|tag| head.starts_with(tag))
}

/// The parser panics on a few inputs (a duration of 30 digits, for one), so it runs behind a net.
fn parse(bytes: &[u8], address: &Url) -> Result<Feed, DecodeError> {
    let parser = Builder::new()
        .base_uri(Some(address.as_str()))
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(|text| {
            chrono::DateTime::from_timestamp_micros(date::parse(text)?.as_micros())
        })
        .sanitize_content(false)
        .build();
    match catch_unwind(AssertUnwindSafe(|| parser.parse(bytes))) {
        Ok(Ok(feed)) => Ok(feed),
        Ok(Err(err)) => Err(DecodeError::Unreadable(reason(&err))),
        Err(_panic) => Err(DecodeError::Unreadable("it holds a value that the parser cannot bear")),
    }
}

const fn reason(err: &feed_rs::parser::ParseFeedError) -> &'static str {
    use feed_rs::parser::ParseFeedError as Error;
    match err {
        Error::ParseError(_) => "it is neither RSS nor Atom nor JSON Feed",
        Error::IoError(_) => "its character set is wrong",
        Error::JsonSerde(_) => "its JSON is broken or lacks what JSON Feed demands",
        Error::JsonUnsupportedVersion(_) => "its version of JSON Feed is unknown",
        Error::XmlReader(_) => "its XML is broken",
    }
}

/// The author of items that name none: the feed itself.
fn publisher(feed: &Feed, address: &Url) -> Arc<Author> {
    let title =
        feed.title.as_ref().map(|title| headline(title, &feed.feed_type)).unwrap_or_default();
    let picture = [&feed.icon, &feed.logo].into_iter().flatten().next();
    Arc::new(Author {
        id: AuthorId::new(NETWORK, address.as_str()),
        handle: host(address),
        name: SmolStr::new(cut(&title, MAX_NAME_BYTES)),
        avatar: picture.and_then(|image| picture_address(&image.uri, address)),
    })
}

fn host(address: &Url) -> SmolStr {
    let host = address.host_str().unwrap_or_default();
    SmolStr::new(host.strip_prefix("www.").unwrap_or(host))
}

struct Reader<'read> {
    reading: &'read Reading<'read>,
    feed: &'read Feed,
    publisher: Arc<Author>,
}

impl Reader<'_> {
    fn read(&self) -> Document {
        let entries = &self.feed.entries;
        let mut n_of_id: BTreeMap<&str, usize> = BTreeMap::new();
        for entry in entries {
            *n_of_id.entry(entry.id.trim()).or_default() += 1;
        }
        let mut posts: BTreeMap<PostId, Post> = BTreeMap::new();
        let mut n_skipped = entries.len().saturating_sub(MAX_ITEMS);
        for entry in entries.iter().take(MAX_ITEMS) {
            let shared = n_of_id.get(entry.id.trim()).is_some_and(|n_entries| *n_entries > 1);
            match self.post(entry, shared) {
                // The first of two equal items is the newer one, as feeds are written.
                Some(post) => drop(posts.entry(post.id.clone()).or_insert(post)),
                None => n_skipped += 1,
            }
        }
        let mut posts: Vec<Post> = posts.into_values().collect();
        posts.sort_by(|a, b| (a.published, &a.id).cmp(&(b.published, &b.id)));
        Document { posts, deleted: Vec::new(), n_skipped, period_secs: None }
    }

    fn post(&self, entry: &Entry, id_is_shared: bool) -> Option<Post> {
        let received = self.reading.received;
        let link = self.link(entry);
        let title = entry.title.as_ref().map(|title| headline(title, &self.feed.feed_type));
        let title =
            title.as_deref().map(|title| excerpt(title, MAX_TITLE_BYTES)).unwrap_or_default();
        let base = link.as_ref().unwrap_or(self.reading.address);
        let body = body(entry, base, self.reading.excerpt, &self.feed.feed_type);
        let (text, spans) = compose(&title, &body);
        if text.is_empty() {
            return None;
        }
        let date = entry.published.or(entry.updated);
        let date = date.map(|date| Timestamp::from_micros(date.timestamp_micros()));
        let id = match (entry.id.trim(), &link) {
            ("", Some(link)) => link.to_string(),
            ("", None) => {
                let date = date.map(|date| date.to_string()).unwrap_or_default();
                self.native(&fingerprint(&[&title, &date]))
            }
            (id, link) if id_is_shared => {
                let link = link.as_ref().map(Url::as_str).unwrap_or_default();
                self.native(&format!("{id}#{}", fingerprint(&[link, &title])))
            }
            (id, _) => self.native(id),
        };
        Some(Post {
            id: PostId::new(NETWORK, id),
            author: self.author(entry),
            text: text.into(),
            spans,
            languages: self.languages(entry),
            media: media(entry, &body, base),
            labels: Vec::new(),
            reply_to: None,
            quote_of: None,
            repost_of: None,
            link: link.map(|link| link.as_str().into()),
            published: date.unwrap_or(received).min(received),
            received,
            edited: None,
            source: self.reading.source.clone(),
        })
    }

    /// An id that is unique over all feeds.
    fn native(&self, id: &str) -> String {
        let is_address = Url::parse(id).is_ok_and(|url| url.scheme().len() > 2);
        let id = if id.len() > 500 { fingerprint(&[id]) } else { id.to_owned() };
        if is_address { id } else { format!("{}#{id}", self.reading.address) }
    }

    fn link(&self, entry: &Entry) -> Option<Url> {
        let fits = |rel: Option<&str>| matches!(rel, None | Some("alternate" | "related"));
        let linked = entry
            .links
            .iter()
            .filter(|link| link.target.is_none() && fits(link.rel.as_deref()))
            .find_map(|link| self.reading.address.join(&link.href).ok());
        let guid = || Url::parse(entry.id.trim()).ok();
        linked.or_else(guid).filter(|url| matches!(url.scheme(), "http" | "https"))
    }

    fn author(&self, entry: &Entry) -> Arc<Author> {
        let people = if entry.authors.is_empty() { &self.feed.authors } else { &entry.authors };
        let Some((person, name)) = people.iter().find_map(|person| Some((person, name(person)?)))
        else {
            return Arc::clone(&self.publisher);
        };
        let native = match &person.uri {
            Some(uri) if !uri.trim().is_empty() => cut(uri.trim(), MAX_NAME_BYTES).to_owned(),
            _ => format!("{}#{name}", self.reading.address),
        };
        Arc::new(Author {
            id: AuthorId::new(NETWORK, native),
            handle: self.publisher.handle.clone(),
            name: SmolStr::new(name),
            avatar: self.publisher.avatar.clone(),
        })
    }

    fn languages(&self, entry: &Entry) -> Vec<SmolStr> {
        let language = entry.language.as_ref().or(self.feed.language.as_ref());
        let fits = |tag: &&str| {
            (2..=35).contains(&tag.len())
                && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        language.map(|tag| tag.trim()).filter(fits).map(SmolStr::new).into_iter().collect()
    }
}

#[cfg(test)]
mod tests;
