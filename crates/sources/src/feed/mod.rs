//! Feeds: RSS, Atom and JSON Feed, asked politely from time to time.
//!
//! A feed is asked with the validators of its last document, so that an unchanged one costs a few bytes.
//! No host is asked more than once a minute, whatever the room file says; this machine may be.
//! An item comes once, and again where it changed; what a feed no longer lists stays on the wall, what it says is
//! deleted goes.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use crate::{
    ConnectorEntry, Descriptor, Ended, Source, SourceContext, SourceError, SourceRun, address,
    model::{
        Micros, OptionError, Post, SourceEvent, SourceId, SourceSpec, Timestamp, read_options,
    },
};

mod date;
mod decode;
mod fetch;
mod hosts;
mod html;
mod item;
mod poll;
mod scan;
mod seen;

use decode::{Reading, decode};
use poll::{Answer, Head, MAX_INTERVAL, MIN_INTERVAL, Pace, Poll};

/// The network that feeds' items stand on.
pub(crate) const NETWORK: &str = "feed";

/// News is seldom worth more haste; publishers ask for 5 to 60 minutes.
const DEFAULT_EVERY_SECS: u32 = 300;

/// Older items than this are history when a feed is first read.
const DEFAULT_MAX_AGE_DAYS: u32 = 30;

/// Feeds are silent between two polls; after so many missed ones what they brought is stale.
const MISSED_POLLS: u32 = 3;

/// The connector for RSS, Atom and JSON Feed.
pub(crate) const ENTRY: ConnectorEntry = ConnectorEntry {
    name: "feed",
    title: "RSS, Atom and JSON feeds",
    check: |table| FeedSource::new(table).map(drop),
    build: |spec: &SourceSpec| Ok(Box::new(FeedSource::new(&spec.options)?)),
    schema: || schemars::schema_for!(FeedOptions).to_value(),
};

/// What a room file says of a feed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FeedOptions {
    /// The feed's address.
    url: String,
    /// Seconds between two requests, at least 60; the feed may ask for more, up to an hour.
    #[serde(default = "default_every_secs")]
    every_secs: u32,
    /// How much of an item is shown below its title.
    #[serde(default)]
    excerpt: Excerpt,
    /// Items older than this many days are left out.
    #[serde(default = "default_max_age_days")]
    max_age_days: u32,
}

/// How much of an item is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Excerpt {
    /// Its title alone.
    Title,
    /// Its title and its summary.
    #[default]
    Summary,
    /// Its title and as much of its content as a post holds.
    Full,
}

const fn default_every_secs() -> u32 {
    DEFAULT_EVERY_SECS
}

const fn default_max_age_days() -> u32 {
    DEFAULT_MAX_AGE_DAYS
}

/// The posts in any bytes, for fuzzers: none where they are no feed.
pub(crate) fn decode_any(bytes: &[u8], source: &SourceId, received: Timestamp) -> Vec<Post> {
    let Ok(address) = Url::parse("https://feed.example/") else { return Vec::new() };
    let reading = Reading { address: &address, source, received, excerpt: Excerpt::Full };
    decode(bytes, &reading).map(|document| document.posts).unwrap_or_default()
}

/// One feed.
#[derive(Debug)]
struct FeedSource {
    url: Url,
    excerpt: Excerpt,
    max_age: Micros,
    every: Duration,
    pace: Pace,
    client: Option<reqwest::Client>,
}

impl FeedSource {
    fn new(table: &toml::Table) -> Result<Self, OptionError> {
        let options: FeedOptions = read_options(table)?;
        let url = address::parse("url", &options.url, "https")?;
        let every = Duration::from_secs(u64::from(options.every_secs));
        let least = if address::is_loopback(&url) { Duration::from_secs(1) } else { MIN_INTERVAL };
        if every < least || every > MAX_INTERVAL {
            let (least, most) = (least.as_secs(), MAX_INTERVAL.as_secs());
            return Err(OptionError::new("every_secs", format!("must be {least} to {most}")));
        }
        Ok(Self {
            url,
            excerpt: options.excerpt,
            max_age: Micros::from(options.max_age_days) * 86_400_000_000,
            every,
            pace: Pace::new(every),
            client: None,
        })
    }

    /// One poll: asks, follows where the feed moved, and tells what is new.
    async fn poll(&mut self, context: &mut SourceContext) -> Result<(), SourceError> {
        let mut poll = Poll::new(self.url.clone(), context.cursor.as_ref());
        let is_first = poll.is_fresh();
        let client = fetch::client(&mut self.client)?;
        let mut request = poll.request();
        loop {
            let outcome = fetch::send(client, &request).await;
            let now = context.clock.now();
            let response = outcome.map_err(|why| self.pace.failed(why, None, now))?;
            let head = Head::of(&response);
            context.health.heard(0);
            match poll.on_head(&request, &head, &mut self.pace, now)? {
                Answer::Moved(next) => request = next,
                Answer::Unchanged => {
                    context.health.live();
                    return Ok(());
                }
                Answer::Document => {
                    let body = fetch::body(response).await;
                    let body = body.map_err(|why| self.pace.failed(why, None, now))?;
                    context.health.heard(body.len());
                    return self.tell(context, poll, body, is_first).await;
                }
            }
        }
    }

    async fn tell(
        &mut self,
        context: &mut SourceContext,
        mut poll: Poll,
        body: Vec<u8>,
        is_first: bool,
    ) -> Result<(), SourceError> {
        let received = context.clock.now();
        let (address, source) = (poll.address().clone(), context.source.clone());
        let excerpt = self.excerpt;
        // A long document takes some ten milliseconds, which other sources should not wait for.
        let decoding = tokio::task::spawn_blocking(move || {
            decode(&body, &Reading { address: &address, source: &source, received, excerpt })
        });
        let document = decoding
            .await
            .map_err(|_cut_off| SourceError::Protocol("reading the feed was cut off".to_owned()))?;
        let news = poll.on_document(document, self.max_age, &mut self.pace, received)?;
        for _ in 0..news.n_skipped {
            context.health.skipped();
        }
        for event in news.events {
            context.out.push(event).await?;
        }
        if is_first {
            context.out.push(SourceEvent::CaughtUp).await?;
        }
        context.out.set_cursor(poll.cursor());
        context.out.finish().await?;
        context.health.live();
        Ok(())
    }
}

impl Source for FeedSource {
    fn descriptor(&self) -> Descriptor {
        let wait = self.every.max(MIN_INTERVAL).as_secs();
        Descriptor {
            deadline_secs: u32::try_from(wait).unwrap_or(u32::MAX).saturating_mul(MISSED_POLLS),
            resumes: true,
            deletes: false,
            edits: true,
        }
    }

    fn run<'run>(&'run mut self, context: &'run mut SourceContext) -> SourceRun<'run> {
        Box::pin(async move {
            if let Some(wait) = hosts::turn(&self.url, context.clock.now()) {
                return Ok(Ended::Later(wait));
            }
            let shutdown = context.shutdown.clone();
            match shutdown.run_until_cancelled(self.poll(context)).await {
                Some(outcome) => outcome.map(|()| Ended::Later(self.pace.wait())),
                None => Ok(Ended::Closed),
            }
        })
    }
}

#[cfg(test)]
mod tests;
