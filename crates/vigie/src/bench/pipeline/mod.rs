//! `vigie bench pipeline`: the whole road at its full speed, and what each part of it costs.
//!
//! Jetstream frames go in as bytes; every post is read, matched against fifty queries of ten phrases each, folded,
//! and stored. What was lost is counted in the event log at the end. There is no network in it, and no window
//! unless `--wall` asks for ten. Texts are made up in a dozen languages (`texts.rs`), or real where `VIGIE_DATA` names
//! a folder that has some.

mod figures;
mod firehose;
mod history;
mod parts;
mod peers;
mod room;
mod texts;
mod threads;

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use vigie_bus::Latest;
use vigie_layout::Room;
use vigie_model::{Event, Snapshot, SourceSpec, SystemClock};
use vigie_store::Reader;

use self::{
    firehose::{CONNECTORS, FIREHOSE, Firehose},
    history::History,
    parts::Part,
    room::{N_SCREENS, phrases, write_room},
    threads::{CpuMicros, cpu_micros},
};
use super::{
    live::Live,
    process::usage,
    report::Measure,
    rig::{self, System},
};
use crate::{
    room::{
        engine::{Engine, Plan, runtime, setup},
        files::DataFolder,
    },
    wall::{WallHandle, pace},
};

/// How long it runs.
const DEFAULT_SECS: u64 = 60;

/// Posts after which the cost is taken: the first ones come while files are made and tables grow.
const WARM: u64 = 100_000;

/// Posts between two looks at processor time and memory.
const LOOK_POSTS: u64 = 25_000;

/// How often the run is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The road may stand still for this long before the run has failed.
const STALLED_AFTER: Duration = Duration::from_secs(60);

/// Environment variable that names the folder with real texts.
const DATA: &str = "VIGIE_DATA";

/// What a run found.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Found {
    n_sent: u64,
    n_stored: u64,
    secs: f64,
    peak_mb: f64,
    /// Memory half-way through, to see whether it grows.
    half_way_mb: f64,
    end_mb: f64,
    frames_mb: f64,
    frame_bytes: f64,
    log_mb: f64,
    /// Processor time of each kind of thread, in microseconds a post.
    threads: Vec<(String, f64)>,
    /// Presents of the slowest screen, where there are screens.
    presents_per_s: Option<f64>,
}

/// Measures in this process, or with ten screens in the X11 room.
pub(crate) fn measure(secs: Option<u64>, with_wall: bool) -> anyhow::Result<Vec<Measure>> {
    let found: Found = if with_wall {
        let place = rig::Room {
            system: System::X11,
            n_screens: N_SCREENS,
            mode: "320x180@60".to_owned(),
            blocking_hz: None,
        };
        place.run("pipeline", &secs.unwrap_or(DEFAULT_SECS).to_string())?
    } else {
        let folder = tempfile::tempdir()?;
        prepare(secs)?;
        headless(folder.path())?
    };
    let stages = if with_wall { None } else { Some(stages_alone(secs.is_none())?) };
    Ok(figures::figures(&found, stages.as_ref()))
}

/// What the stages cost by themselves, and what others do.
struct Stages {
    parts: Vec<Part>,
    peers: Vec<Part>,
    history: History,
}

/// Measures each stage by itself on one thread, and the fold and the log after ten million posts where `is_long`.
fn stages_alone(is_long: bool) -> anyhow::Result<Stages> {
    let folder = tempfile::tempdir()?;
    let room = write_room(folder.path())?.load()?;
    let firehose = FIREHOSE.get().context("the frames are gone")?;
    let (parts, prepared) = parts::measure(firehose, &room)?;
    let peers = peers::measure(firehose, folder.path())?;
    let runtime = runtime()?;
    let log_path = folder.path().join("room.vigie");
    let plan = plan(&room, &[], &log_path, runtime.handle());
    let history = history::measure(&prepared, &setup(&plan), folder.path(), is_long)?;
    Ok(Stages { parts, peers, history })
}

/// Inside the room: the road under a wall.
pub(crate) fn inside(part: &str) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    prepare(Some(part.parse()?))?;
    let source = write_room(folder.path())?;
    let data = DataFolder::of(&source, Some(folder.path()))?;
    let log_path = data.log_path();
    let live = Live {
        source,
        folder: data,
        clock: Arc::new(SystemClock),
        on_present: None,
        instead: Some((CONNECTORS, vec![spec()])),
    };
    let began = pace::now();
    let mut found = live.run(move |handle, snapshots| {
        let before = n_presented(handle);
        let mut found = watch(|| snapshots.read().counters.n_posts)?;
        let secs = pace::now().duration_since(began).as_secs_f64();
        let presented = n_presented(handle).into_iter().zip(before.into_iter().chain([0; 32]));
        found.presents_per_s =
            presented.map(|(after, before)| (after - before) as f64 / secs).reduce(f64::min);
        Ok(found)
    })?;
    found.secs = pace::now().duration_since(began).as_secs_f64();
    count(&log_path, &mut found)?;
    rig::report(&found)
}

fn n_presented(handle: &WallHandle) -> Vec<u64> {
    handle.screens().iter().map(|screen| screen.counts().presented).collect()
}

/// Makes the frames that the whole process sends.
fn prepare(secs: Option<u64>) -> anyhow::Result<()> {
    let data = env::var_os(DATA).map(PathBuf::from);
    let lasts = Duration::from_secs(secs.unwrap_or(DEFAULT_SECS));
    let firehose = Firehose::new(data.as_deref(), lasts)?;
    FIREHOSE.set(firehose).ok().context("one bench a process")
}

/// The road alone.
fn headless(folder: &Path) -> anyhow::Result<Found> {
    let source = write_room(folder)?;
    let room = source.load()?;
    let data = DataFolder::of(&source, Some(folder))?;
    let runtime = runtime()?;
    let snapshots = Latest::<Snapshot>::default();
    let (sources, log_path) = ([spec()], data.log_path());
    let plan = plan(&room, &sources, &log_path, runtime.handle());
    let began = pace::now();
    let engine = Engine::start(&plan, snapshots.clone())?;
    let mut found = watch(|| snapshots.read().counters.n_posts)?;
    engine.stop();
    found.secs = pace::now().duration_since(began).as_secs_f64();
    found.peak_mb = usage(std::process::id())?.peak_mb;
    count(&data.log_path(), &mut found)?;
    Ok(found)
}

fn plan<'a>(
    room: &'a Room,
    sources: &'a [SourceSpec],
    log_path: &'a Path,
    runtime: &Handle,
) -> Plan<'a> {
    Plan {
        room,
        sources,
        connectors: CONNECTORS,
        log_path,
        clock: Arc::new(SystemClock),
        speed: 1,
        runtime: runtime.clone(),
    }
}

fn spec() -> SourceSpec {
    SourceSpec { id: "bench".into(), connector: firehose::NAME.into(), options: toml::Table::new() }
}

/// One look at the run.
struct Look {
    at: Instant,
    n_posts: u64,
    cpu: CpuMicros,
}

/// Follows the run until everything sent is folded.
fn watch(n_now: impl Fn() -> u64) -> anyhow::Result<Found> {
    let firehose = FIREHOSE.get().context("the frames are gone")?;
    let pid = std::process::id();
    let mut looks: Vec<Look> = Vec::new();
    let mut memory = Vec::new();
    let mut last_change = (pace::now(), 0);
    loop {
        thread::sleep(LOOK_EVERY);
        let (now, n_posts) = (pace::now(), n_now());
        if n_posts != last_change.1 {
            last_change = (now, n_posts);
        }
        if n_posts > 0 && looks.last().is_none_or(|look| n_posts >= look.n_posts + LOOK_POSTS) {
            looks.push(Look { at: now, n_posts, cpu: cpu_micros()? });
            memory.push(usage(pid)?.pss_mb);
        }
        let n_sent = firehose.n_sent.load(Ordering::Acquire);
        if firehose.is_over.load(Ordering::Acquire) && n_posts >= n_sent {
            break;
        }
        ensure!(
            now - last_change.0 < STALLED_AFTER,
            "only {n_posts} of {n_sent} posts arrived, and nothing more for {STALLED_AFTER:?}"
        );
    }
    let found = Found {
        n_sent: firehose.n_sent.load(Ordering::Acquire),
        frames_mb: firehose.frames_mb(),
        frame_bytes: firehose.mean_bytes(),
        peak_mb: usage(pid)?.peak_mb,
        half_way_mb: memory.get(memory.len() / 2).copied().unwrap_or_default(),
        end_mb: memory.last().copied().unwrap_or_default(),
        threads: threads_between(&looks),
        ..Found::default()
    };
    if let (Some(first), Some(last)) = (looks.first(), looks.last()) {
        tracing::info!(
            posts_per_s = (last.n_posts - first.n_posts) as f64
                / (last.at - first.at).as_secs_f64().max(1e-9),
            "the road without its start and its end"
        );
    }
    Ok(found)
}

/// Processor time of each kind of thread, a post.
fn threads_between(looks: &[Look]) -> Vec<(String, f64)> {
    let first = looks.iter().find(|look| look.n_posts >= WARM).or(looks.first());
    let (Some(first), Some(last)) = (first, looks.last()) else { return Vec::new() };
    let n_posts = (last.n_posts - first.n_posts).max(1) as f64;
    last.cpu
        .iter()
        .map(|(name, micros)| {
            let before = first.cpu.get(name).copied().unwrap_or_default();
            (name.clone(), (micros - before) / n_posts)
        })
        .filter(|(_, micros)| *micros >= 0.005)
        .collect()
}

/// Counts in the log what arrived, each post once.
fn count(log_path: &Path, found: &mut Found) -> anyhow::Result<()> {
    let n_words = usize::try_from(found.n_sent / 64)? + 1;
    let mut is_there = vec![0_u64; n_words];
    for logged in Reader::open(log_path)?.replay(..) {
        if let Event::Post { post, .. } = logged?.event
            && let Some(post_idx) = firehose::post_idx(&post.id.native)
            && let Some(word) = is_there.get_mut(usize::try_from(post_idx / 64)?)
        {
            *word |= 1 << (post_idx % 64);
        }
    }
    found.n_stored = is_there.iter().map(|word| u64::from(word.count_ones())).sum();
    found.log_mb = fs::metadata(log_path)?.len() as f64 / 1e6;
    Ok(())
}
