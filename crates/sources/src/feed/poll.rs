//! How a feed is asked: conditional requests, redirects, waiting. A state machine without I/O and without a clock.
//!
//! What must survive a restart is in the cursor: the address that the feed moved to, the validators of the last
//! document, and what was brought already.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    decode::{DecodeError, Document},
    seen::{Novelty, Seen},
};
use crate::{
    SourceError,
    address::is_loopback,
    model::{Cursor, Micros, Post, SourceEvent, Timestamp},
};

/// No host is asked more often than this, whatever the room file says; this machine may be.
pub(super) const MIN_INTERVAL: Duration = Duration::from_secs(60);

/// No feed is asked less often than this, whatever it says of itself, and no `Retry-After` is longer.
pub(super) const MAX_INTERVAL: Duration = Duration::from_secs(3_600);

/// More redirects than this are a loop; browsers follow 20.
const MAX_REDIRECTS: usize = 5;

/// Longer validators than this are not sent back; servers use some ten bytes.
const MAX_VALIDATOR_BYTES: usize = 512;

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// The address to ask.
    pub url: Url,
    /// For `If-None-Match`.
    pub etag: Option<String>,
    /// For `If-Modified-Since`.
    pub modified: Option<String>,
    n_redirects: usize,
    permanent: bool,
}

/// The parts of an answer's head that matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// The HTTP status.
    pub status: u16,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub modified: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// `Location`.
    pub location: Option<String>,
    /// `Content-Type`.
    pub content_type: Option<String>,
}

/// What to do with an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Its body is to be read.
    Document,
    /// There is nothing new.
    Unchanged,
    /// Another address is to be asked at once.
    Moved(Request),
}

/// What came of a document.
#[derive(Debug, Default, PartialEq)]
pub(super) struct News {
    /// New and changed items, and deletions.
    pub events: Vec<SourceEvent>,
    /// Items that could not be used.
    pub n_skipped: usize,
}

/// What is kept between two documents of one feed.
#[derive(Debug)]
pub(super) struct Poll {
    configured: Url,
    address: Url,
    etag: Option<String>,
    modified: Option<String>,
    seen: Seen,
}

/// How long to wait, kept while the program lives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    every: Duration,
    wanted: Option<Duration>,
    n_failures: u32,
}

#[derive(Serialize, Deserialize)]
struct CursorForm {
    configured: Url,
    address: Url,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
    seen: String,
}

impl Poll {
    /// Goes on where `cursor` says, unless it belongs to another address or cannot be read.
    pub(super) fn new(configured: Url, cursor: Option<&Cursor>) -> Self {
        let form = cursor.and_then(|cursor| serde_json::from_str::<CursorForm>(&cursor.0).ok());
        let form = form.filter(|form| form.configured == configured);
        let seen = form.as_ref().and_then(|form| Seen::from_text(&form.seen));
        let Some((form, seen)) = form.zip(seen) else {
            let address = configured.clone();
            return Self { configured, address, etag: None, modified: None, seen: Seen::default() };
        };
        Self { configured, address: form.address, etag: form.etag, modified: form.modified, seen }
    }

    /// Where to go on.
    pub(super) fn cursor(&self) -> Cursor {
        let form = CursorForm {
            configured: self.configured.clone(),
            address: self.address.clone(),
            etag: self.etag.clone(),
            modified: self.modified.clone(),
            seen: self.seen.to_text(),
        };
        Cursor(serde_json::to_string(&form).unwrap_or_default().into())
    }

    /// The address that is asked now.
    pub(super) const fn address(&self) -> &Url {
        &self.address
    }

    /// Whether nothing was ever brought.
    pub(super) fn is_fresh(&self) -> bool {
        self.seen == Seen::default()
    }

    /// What to ask first.
    pub(super) fn request(&self) -> Request {
        Request {
            url: self.address.clone(),
            etag: self.etag.clone(),
            modified: self.modified.clone(),
            n_redirects: 0,
            permanent: true,
        }
    }

    /// Judges the head of the answer to `request`.
    pub(super) fn on_head(
        &mut self,
        request: &Request,
        head: &Head,
        pace: &mut Pace,
        now: Timestamp,
    ) -> Result<Answer, SourceError> {
        match head.status {
            200 => self.on_found(head, pace),
            304 => {
                pace.succeeded(None);
                Ok(Answer::Unchanged)
            }
            301 | 302 | 303 | 307 | 308 => match self.redirect(request, head) {
                Ok(next) => Ok(Answer::Moved(next)),
                Err(why) => Err(pace.failed(why.to_owned(), None, now)),
            },
            401 => Err(SourceError::AuthRevoked(
                "the feed asks for a login (HTTP 401): use an address that carries its own key"
                    .to_owned(),
            )),
            410 => Err(SourceError::Config(
                "the feed is gone for good (HTTP 410): give its new address or take the source out"
                    .to_owned(),
            )),
            status => {
                let why = format!("the feed's server answers HTTP {status}");
                Err(pace.failed(why, head.retry_after.as_deref(), now))
            }
        }
    }

    fn on_found(&mut self, head: &Head, pace: &mut Pace) -> Result<Answer, SourceError> {
        let kind = head.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
        if ["image/", "video/", "audio/", "font/", "application/pdf", "application/zip"]
            .iter()
            .any(|other| kind.starts_with(other))
        {
            let why = "the address answers with something else than a feed".to_owned();
            return Err(pace.failed(why, None, Timestamp::EPOCH));
        }
        let fits = |text: &String| text.len() <= MAX_VALIDATOR_BYTES;
        self.etag = head.etag.clone().filter(fits);
        self.modified = head.modified.clone().filter(fits);
        Ok(Answer::Document)
    }

    fn redirect(&mut self, request: &Request, head: &Head) -> Result<Request, &'static str> {
        if request.n_redirects >= MAX_REDIRECTS {
            return Err("the feed's address redirects in a circle");
        }
        let location =
            head.location.as_deref().and_then(|location| request.url.join(location).ok());
        let url = location.ok_or("the feed moved, but its server does not say where to")?;
        let stays_safe = match url.scheme() {
            "https" => true,
            "http" => is_loopback(&url) && is_loopback(&self.configured),
            _ => false,
        };
        if !stays_safe {
            return Err("the feed's address redirects to an unencrypted one");
        }
        let permanent = request.permanent && matches!(head.status, 301 | 308);
        if permanent && url != self.address {
            self.address = url.clone();
        }
        Ok(Request { url, n_redirects: request.n_redirects + 1, permanent, ..request.clone() })
    }

    /// Takes what a document holds: what is new or changed since the last one.
    pub(super) fn on_document(
        &mut self,
        document: Result<Document, DecodeError>,
        max_age: Micros,
        pace: &mut Pace,
        now: Timestamp,
    ) -> Result<News, SourceError> {
        let document = match document {
            Ok(document) => document,
            Err(err) => {
                // Without them the next answer is a document again, and perhaps a better one.
                (self.etag, self.modified) = (None, None);
                return Err(pace.failed(err.to_string(), None, now));
            }
        };
        pace.succeeded(document.period_secs);
        let mut news = News { events: Vec::new(), n_skipped: document.n_skipped };
        for mut post in document.posts {
            let novelty = self.seen.note(&post.id.native, content(&post).as_bytes());
            let is_recent = now.since(post.published) <= max_age;
            if novelty == Novelty::Known || !is_recent {
                continue;
            }
            post.edited = match novelty {
                Novelty::Changed => Some(post.edited.unwrap_or(now)),
                _ => None,
            };
            news.events.push(SourceEvent::Upsert(Box::new(post)));
        }
        for id in document.deleted {
            let is_new = self.seen.note(&format!("gone {}", id.native), b"") == Novelty::New;
            if self.seen.forget(&id.native) || is_new {
                news.events.push(SourceEvent::Delete(id));
            }
        }
        Ok(news)
    }
}

impl Pace {
    /// Asks as often as the room file says, within the limits.
    pub(super) const fn new(every: Duration) -> Self {
        Self { every, wanted: None, n_failures: 0 }
    }

    /// How long to wait after a success: the room's wish, or the feed's where that is longer.
    pub(super) fn wait(&self) -> Duration {
        self.every.max(self.wanted.unwrap_or_default()).min(MAX_INTERVAL.max(self.every))
    }

    fn succeeded(&mut self, period_secs: Option<u64>) {
        self.n_failures = 0;
        if period_secs.is_some() {
            self.wanted = period_secs.map(|secs| Duration::from_secs(secs).min(MAX_INTERVAL));
        }
    }

    /// A failure and how long to wait after it: doubled each time, and never less than the server asks for.
    pub(super) fn failed(
        &mut self,
        why: String,
        retry_after: Option<&str>,
        now: Timestamp,
    ) -> SourceError {
        let doubled = self.every.saturating_mul(1 << self.n_failures.min(10));
        self.n_failures = self.n_failures.saturating_add(1);
        let asked = retry_after.and_then(|text| parse_retry_after(text, now)).unwrap_or_default();
        let wait = doubled.min(MAX_INTERVAL.max(self.every)).max(asked);
        SourceError::RateLimited { wait, why }
    }
}

/// What makes an item another one: what of it is to be seen.
fn content(post: &Post) -> String {
    let pictures = post.media.iter().filter_map(|media| media.picture.as_deref());
    let link = post.link.as_deref();
    std::iter::once(&*post.text).chain(link).chain(pictures).collect::<Vec<_>>().join("\u{0}")
}

/// `Retry-After` in seconds or as a date, between a second and an hour.
fn parse_retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    let secs = if let Ok(secs) = text.parse::<u64>() {
        secs
    } else if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        u64::MAX
    } else {
        let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        u64::try_from(date.as_second().saturating_sub(now.as_secs())).unwrap_or(0)
    };
    Some(Duration::from_secs(secs).clamp(Duration::from_secs(1), MAX_INTERVAL))
}

#[cfg(test)]
mod tests;
