//! Each part of the road by itself, on one thread, over posts that no cache holds.

use std::{hint::black_box, sync::Arc, time::Duration};

use anyhow::Context as _;
use vigie_analysis::{Analyzer, Matcher, Stage};
use vigie_layout::Room;
use vigie_model::{Clock as _, Post, Reading, SourceEvent, SystemClock};
use vigie_sources::bluesky::{Reader, Stamp, Wire};

use super::{
    firehose::{Firehose, Now},
    threads::own_cpu_micros,
};
use crate::{
    room::{analysis::Analyzed, known::Hashes},
    wall::pace,
};

/// Posts that a part is measured over: enough to leave every cache, few enough for a second of it.
const N_POSTS: usize = 1 << 16;

/// What one part costs.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) micros: f64,
    /// Whether it is a part of another part.
    pub(super) is_within: bool,
}

/// Measures decoding, reading and matching; gives the posts to go on with.
pub(super) fn measure(firehose: &Firehose, room: &Room) -> anyhow::Result<(Vec<Part>, Prepared)> {
    let now = SystemClock.now();
    let frames = renewed(firehose);
    let mut reader = Reader::new(Wire::V1, Stamp { source: "bench".into(), received: now });
    let mut posts: Vec<_> = Vec::with_capacity(N_POSTS);
    let decode = time("decode", frames.len(), || {
        for frame in &frames {
            if let Ok(Some(SourceEvent::Upsert(post))) = reader.read(frame, now) {
                posts.push(post);
            }
        }
    })?;
    drop(frames);
    let analyzer = Analyzer::new();
    let mut readings: Vec<Reading> = Vec::with_capacity(posts.len());
    let read = time("read", posts.len(), || {
        readings.extend(posts.iter().map(|post| analyzer.read(post)));
    })?;
    let stages = stages(&analyzer, &posts, read.micros);
    let matcher = Matcher::new(&room.queries).context("reading the bench's queries")?;
    let mut matches = Vec::with_capacity(posts.len());
    let matched = time("match", posts.len(), || {
        matches.extend(
            posts.iter().zip(&readings).map(|(post, reading)| matcher.matches(post, reading)),
        );
    })?;
    let analyzed =
        readings.into_iter().zip(matches).zip(&posts).map(|((reading, matches), post)| Analyzed {
            reading: Arc::new(reading),
            matches,
            hashes: Hashes::of(post),
        });
    let analyzed: Vec<Analyzed> = analyzed.collect();
    let prepared = posts.into_iter().map(|post| Post::clone(&post)).zip(analyzed).collect();
    let parts = [decode, read].into_iter().chain(stages).chain([matched]).collect();
    Ok((parts, Prepared(prepared)))
}

/// What the stages of a reading cost, which is `read_micros` in all.
///
/// Their shares are taken from a clock that looks between them: it goes on while the thread waits for a processor,
/// so that what takes too long to be work is left out.
fn stages(analyzer: &Analyzer, posts: &[Box<Post>], read_micros: f64) -> Vec<Part> {
    const MOST: Duration = Duration::from_micros(50);
    let mut spent = [Duration::ZERO; Stage::ALL.len()];
    for post in posts {
        let mut before = pace::now();
        black_box(analyzer.read_in_stages(post, |stage| {
            let now = pace::now();
            let lap = now - before;
            if let Some(spent) = spent.get_mut(stage as usize).filter(|_| lap < MOST) {
                *spent += lap;
            }
            before = now;
        }));
    }
    let total: Duration = spent.iter().sum();
    let share = |spent: Duration| spent.as_secs_f64() / total.as_secs_f64().max(1e-9);
    let stages = Stage::ALL.into_iter().zip(spent);
    let part = |(stage, spent): (Stage, Duration)| Part {
        name: stage.name(),
        micros: share(spent) * read_micros,
        is_within: true,
    };
    stages.map(part).collect()
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

/// Runs `work` once over `n_posts`: the processor time of each, whatever else the machine does.
pub(super) fn time(
    name: &'static str,
    n_posts: usize,
    work: impl FnOnce(),
) -> anyhow::Result<Part> {
    let began = own_cpu_micros()?;
    work();
    let micros = (own_cpu_micros()? - began) / n_posts.max(1) as f64;
    Ok(Part { name, micros, is_within: false })
}

/// Posts that are read, to go on with.
#[derive(Debug)]
pub(super) struct Prepared(Vec<(Post, Analyzed)>);

impl Prepared {
    /// A post for this number; they come again and again.
    pub(super) fn nth(&self, post_idx: u64) -> Option<(&Post, &Analyzed)> {
        let place = usize::try_from(post_idx).ok()?.checked_rem(self.0.len())?;
        self.0.get(place).map(|(post, analyzed)| (post, analyzed))
    }
}
