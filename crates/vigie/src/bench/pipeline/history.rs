//! What a post costs once ten million came before it: the fold and the log, fed with posts that are read already.
//!
//! These two are all that has a past. Each post has an id and a time of its own; ten thousand come a second of the
//! room's time, so that a long history is minutes of it and not a moment.

use std::{path::Path, sync::Arc, time::Duration};

use vigie_bus::Latest;
use vigie_model::{
    Author, AuthorId, Event, Logged, Micros, Post, PostId, Reading, Seq, Snapshot, Timestamp,
};
use vigie_state::{RoomState, Setup};
use vigie_store::{Group, Options, Writer};

use super::{
    firehose,
    parts::Prepared,
    threads::{cpu_micros, own_cpu_micros},
};
use crate::{room::known::Known, wall::pace};

/// After how many posts the cost is taken, the short way and the long way.
pub(super) const SHORT: u64 = 100_000;
pub(super) const LONG: u64 = 10_000_000;

/// Posts over which the cost at a moment is taken.
const SPAN: u64 = 8 * RUN;

/// Posts that are made at once, before the clock starts.
const RUN: u64 = 1 << 15;

/// Events in a group for the log, as in a batch of a source.
const GROUP: usize = 512;

/// Posts between two snapshots: at the full rate 17 a second are made.
const PUBLISH_EVERY: u64 = 1 << 13;

/// Room time between two posts.
const STEP: Micros = 100;

/// On a slow machine the history is as long as it gets in this time, and its length is told.
const PATIENCE: Duration = Duration::from_secs(100);

/// Processor time of one post.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cost {
    pub(super) fold: f64,
    pub(super) store: f64,
    pub(super) publish: f64,
}

impl Cost {
    pub(super) fn total(self) -> f64 {
        self.fold + self.store + self.publish
    }
}

/// What a post costs early and late.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct History {
    pub(super) early: Cost,
    /// None where only the start was asked for.
    pub(super) late: Option<Cost>,
    /// Posts in the end.
    pub(super) n_posts: u64,
}

/// Folds and stores posts made of `prepared`, a few or very many.
pub(super) fn measure(
    prepared: &Prepared,
    setup: &Setup,
    folder: &Path,
    is_long: bool,
) -> anyhow::Result<History> {
    let began = pace::now();
    let writer = Writer::start(&folder.join("history.vigie"), Options::default())?;
    let state = RoomState::new(setup);
    let snapshots = Latest::<Snapshot>::default();
    let known = Known::default();
    let mut road = Road { prepared, writer, state, known, snapshots, n_posts: 0 };
    road.run_to(SHORT)?;
    let early = road.cost()?;
    let mut late = None;
    if is_long {
        while road.n_posts < LONG && pace::now() - began < PATIENCE {
            road.run_to(road.n_posts + RUN)?;
        }
        late = Some(road.cost()?);
    }
    let n_posts = road.n_posts;
    road.writer.close()?;
    Ok(History { early, late, n_posts })
}

struct Road<'a> {
    prepared: &'a Prepared,
    writer: Writer,
    state: RoomState,
    known: Known,
    snapshots: Latest<Snapshot>,
    n_posts: u64,
}

impl Road<'_> {
    /// What the next posts cost.
    fn cost(&mut self) -> anyhow::Result<Cost> {
        self.writer.flush()?;
        let store = || Ok::<_, anyhow::Error>(cpu_micros()?.get("store").copied().unwrap_or(0.0));
        let (before, n_before) = (store()?, self.n_posts);
        let spent = self.run_to(self.n_posts + SPAN)?;
        self.writer.flush()?;
        let n_posts = (self.n_posts - n_before) as f64;
        let (fold, publish) = (spent.fold / n_posts, spent.publish / n_posts);
        Ok(Cost { fold, publish, store: (store()? - before) / n_posts })
    }

    /// Takes in posts until there are `n_posts`; what that took in all, without the log.
    fn run_to(&mut self, n_posts: u64) -> anyhow::Result<Cost> {
        let mut spent = Cost::default();
        while self.n_posts < n_posts {
            let last = (self.n_posts + RUN).min(n_posts);
            let run: Vec<_> = (self.n_posts..last).map(|post_idx| self.logged(post_idx)).collect();
            let began = own_cpu_micros()?;
            let published = self.take(run)?;
            spent.publish += published;
            spent.fold += own_cpu_micros()? - began - published;
        }
        Ok(spent)
    }

    /// Does with the events what the sequencer does; what the snapshots took.
    fn take(&mut self, run: Vec<Logged>) -> anyhow::Result<f64> {
        let mut published = 0.0;
        let mut group = Group::default();
        for logged in run {
            if !self.writer.tombstones().admits(&logged.event, logged.at) {
                continue;
            }
            let matches = self.prepared.nth(self.n_posts).map(|(_, analyzed)| analyzed.matches);
            self.known.note(&logged.event);
            self.state.apply(&logged, matches);
            group.events.push(logged);
            self.n_posts += 1;
            if group.events.len() >= GROUP {
                self.append(&mut group)?;
            }
            if self.n_posts.is_multiple_of(PUBLISH_EVERY) {
                let began = own_cpu_micros()?;
                self.snapshots.publish(self.state.snapshot());
                published += own_cpu_micros()? - began;
            }
        }
        self.append(&mut group)?;
        Ok(published)
    }

    fn append(&self, group: &mut Group) -> anyhow::Result<()> {
        let group = std::mem::take(group);
        while !self.writer.wait_for_room(group.events.len(), Duration::from_secs(1)) {}
        self.writer.append(group).map_err(|err| anyhow::anyhow!("feeding the log: {err}"))
    }

    /// The post `post_idx`: new, though its text came before.
    fn logged(&self, post_idx: u64) -> Logged {
        let start = Timestamp::from_secs(1_795_000_000);
        let at = start.plus(STEP.saturating_mul(post_idx.cast_signed()));
        let seq = Seq(post_idx + 1);
        let Some((post, analyzed)) = self.prepared.nth(post_idx) else {
            return Logged { seq, at, event: Event::CaughtUp("bench".into()) };
        };
        let author = Author { id: AuthorId::clone(&post.author.id), ..Author::clone(&post.author) };
        let id = PostId {
            network: post.id.network.clone(),
            native: firehose::native(&post.author.id.native, post_idx).into(),
        };
        let post =
            Post { id, author: Arc::new(author), published: at, received: at, ..Post::clone(post) };
        let reading = Arc::new(Reading::clone(&analyzed.reading));
        Logged { seq, at, event: Event::Post { post: Arc::new(post), reading } }
    }
}
