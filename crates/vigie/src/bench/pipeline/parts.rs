//! Each part of the road by itself, on one thread, over posts that no cache holds.

use std::{hint::black_box, time::Duration};

use anyhow::Context as _;
use vigie_analysis::{Analyzer, Matcher};
use vigie_layout::Room;
use vigie_model::{Clock as _, Post, Reading, SourceEvent, SystemClock};
use vigie_sources::bluesky::{Reader, Stamp, Wire};

use super::firehose::{Firehose, Now};
use crate::wall::pace;

/// Posts that a part is measured over: enough to leave every cache, few enough for a second of it.
const N_POSTS: usize = 1 << 16;

/// What one part costs.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) micros: f64,
}

/// Measures decoding, reading and matching.
pub(super) fn measure(firehose: &Firehose, room: &Room) -> anyhow::Result<Vec<Part>> {
    let now = SystemClock.now();
    let frames = renewed(firehose);
    let mut reader = Reader::new(Wire::V1, Stamp { source: "bench".into(), received: now });
    let mut posts: Vec<Box<Post>> = Vec::with_capacity(N_POSTS);
    let decode = time("decode", frames.len(), || {
        for frame in &frames {
            if let Ok(Some(SourceEvent::Upsert(post))) = reader.read(frame, now) {
                posts.push(post);
            }
        }
    });
    let analyzer = Analyzer::new();
    let mut readings: Vec<Reading> = Vec::with_capacity(posts.len());
    let read = time("read", posts.len(), || {
        readings.extend(posts.iter().map(|post| analyzer.read(post)));
    });
    let matcher = Matcher::new(&room.queries).context("reading the bench's queries")?;
    let matched = time("match", posts.len(), || {
        for (post, reading) in posts.iter().zip(&readings) {
            black_box(matcher.matches(post, reading));
        }
    });
    Ok(vec![decode, read, matched])
}

/// Frames as they come in, each with a key of its own.
pub(super) fn renewed(firehose: &Firehose) -> Vec<Vec<u8>> {
    let now = Now::new(SystemClock.now());
    let frames = firehose.frames.iter().cycle().take(N_POSTS).zip(0..);
    frames
        .map(|(frame, post_idx)| {
            let mut buffer = Vec::new();
            frame.renew(post_idx, &now, &mut buffer);
            buffer
        })
        .collect()
}

/// Runs `work` once over `n_posts`.
pub(super) fn time(name: &'static str, n_posts: usize, work: impl FnOnce()) -> Part {
    let began = pace::now();
    work();
    let took: Duration = pace::now() - began;
    Part { name, micros: took.as_secs_f64() * 1e6 / n_posts.max(1) as f64 }
}
