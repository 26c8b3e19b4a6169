//! `vigie bench pipeline`: the whole road at its full speed, and what each part of it costs.
//!
//! Jetstream frames go in as bytes; every post is read, matched against fifty queries of ten phrases each, folded,
//! and stored. What was lost is counted in the event log at the end. There is no network in it, and no window
//! unless `--wall` asks for ten.

mod firehose;
mod parts;
#[cfg(feature = "peers")]
mod peers;
mod threads;

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};
use vigie_bus::Latest;
use vigie_model::{Event, Snapshot, SourceSpec, SystemClock};
use vigie_store::Reader;

use self::{
    firehose::{CONNECTORS, FIREHOSE, Firehose},
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
        engine::{Engine, Plan, runtime},
        files::{DataFolder, RoomSource},
    },
    wall::{WallHandle, pace},
};

/// How long it runs.
const DEFAULT_SECS: u64 = 60;

/// How far the history reaches at the end of a full run, and what its cost is compared with.
const LONG_HISTORY: u64 = 10_000_000;
const SHORT_HISTORY: u64 = 100_000;

/// Posts over which the cost at a moment is taken.
const HISTORY_SPAN: u64 = 250_000;

const N_QUERIES: usize = 50;
const N_PHRASES_EACH: usize = 10;
const N_SCREENS: usize = 10;

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
    /// Processor time of each stage's threads, in microseconds a post.
    stages: Vec<(String, f64)>,
    /// What a post costs in all after a short and after a long history; none where the run was short.
    history: Option<(f64, f64)>,
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
    let mut measures = figures(&found);
    if !with_wall {
        let folder = tempfile::tempdir()?;
        let room = write_room(folder.path())?.load()?;
        let firehose = FIREHOSE.get().context("the frames are gone")?;
        for part in parts::measure(firehose, &room)? {
            let name = format!("pipeline.alone_us.{}", part.name);
            measures.push(Measure::new(name, part.micros, "us", ""));
        }
        #[cfg(feature = "peers")]
        for part in peers::measure(firehose, folder.path())? {
            let name = format!("pipeline.peer_us.{}", part.name);
            measures.push(Measure::new(name, part.micros, "us", ""));
        }
    }
    Ok(measures)
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
    let at_least = Duration::from_secs(secs.unwrap_or(DEFAULT_SECS));
    // Who asks for a number of seconds wants no more of them.
    let n_at_least = if secs.is_none() { LONG_HISTORY + HISTORY_SPAN } else { 0 };
    let firehose = Firehose::new(data.as_deref(), at_least, n_at_least)?;
    FIREHOSE.set(firehose).ok().context("one bench a process")
}

/// The road alone.
fn headless(folder: &Path) -> anyhow::Result<Found> {
    let source = write_room(folder)?;
    let room = source.load()?;
    let data = DataFolder::of(&source, Some(folder))?;
    let runtime = runtime()?;
    let snapshots = Latest::<Snapshot>::default();
    let plan = Plan {
        room: &room,
        sources: &[spec()],
        connectors: CONNECTORS,
        log_path: &data.log_path(),
        clock: Arc::new(SystemClock),
        speed: 1,
        runtime: runtime.handle().clone(),
    };
    let began = pace::now();
    let engine = Engine::start(&plan, snapshots.clone())?;
    let mut found = watch(|| snapshots.read().counters.n_posts)?;
    engine.stop();
    found.secs = pace::now().duration_since(began).as_secs_f64();
    found.peak_mb = usage(std::process::id())?.peak_mb;
    count(&data.log_path(), &mut found)?;
    Ok(found)
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

impl Look {
    fn total(&self) -> f64 {
        self.cpu.values().sum()
    }
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
        let span = HISTORY_SPAN / 10;
        if n_posts > 0 && looks.last().is_none_or(|look| n_posts >= look.n_posts + span) {
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
    let mut found = Found {
        n_sent: firehose.n_sent.load(Ordering::Acquire),
        frames_mb: firehose.frames_mb(),
        frame_bytes: firehose.mean_bytes(),
        peak_mb: usage(pid)?.peak_mb,
        half_way_mb: memory.get(memory.len() / 2).copied().unwrap_or_default(),
        end_mb: memory.last().copied().unwrap_or_default(),
        stages: stages(&looks),
        ..Found::default()
    };
    if let (Some(short), Some(long)) =
        (cost_at(&looks, SHORT_HISTORY), cost_at(&looks, LONG_HISTORY))
    {
        found.history = Some((short, long));
    }
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
fn stages(looks: &[Look]) -> Vec<(String, f64)> {
    // The first posts come while files are made and tables grow.
    let first = looks.iter().find(|look| look.n_posts >= SHORT_HISTORY).or(looks.first());
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

/// What a post costs in all once `n_posts` are there.
fn cost_at(looks: &[Look], n_posts: u64) -> Option<f64> {
    let from = looks.iter().find(|look| look.n_posts >= n_posts)?;
    let to = looks.iter().find(|look| look.n_posts >= from.n_posts + HISTORY_SPAN / 2)?;
    Some((to.total() - from.total()) / (to.n_posts - from.n_posts) as f64)
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

fn figures(found: &Found) -> Vec<Measure> {
    let lost = found.n_sent.saturating_sub(found.n_stored);
    let mut measures = vec![
        Measure::new(
            "pipeline.posts_per_s",
            found.n_stored as f64 / found.secs,
            "posts/s",
            "≥ 143,199, aim 250,000",
        ),
        Measure::new("pipeline.seconds", found.secs, "s", "≥ 60"),
        Measure::new("pipeline.posts", found.n_sent as f64, "posts", ""),
        Measure::new("pipeline.lost", lost as f64, "posts", "0"),
        Measure::new("pipeline.peak_mb", found.peak_mb, "MB", "bounded (with the frames)"),
        Measure::new("pipeline.frames_mb", found.frames_mb, "MB", ""),
        Measure::new("pipeline.half_way_mb", found.half_way_mb, "MB", ""),
        Measure::new("pipeline.end_mb", found.end_mb, "MB", "as half-way"),
        Measure::new("pipeline.frame_bytes", found.frame_bytes, "bytes", ""),
        Measure::new(
            "pipeline.log_bytes",
            found.log_mb * 1e6 / found.n_stored.max(1) as f64,
            "bytes",
            "",
        ),
    ];
    let total: f64 = found.stages.iter().map(|(_, micros)| micros).sum();
    for (stage, micros) in &found.stages {
        measures.push(Measure::new(format!("pipeline.cost_us.{stage}"), *micros, "us", ""));
    }
    for (stage, micros) in &found.stages {
        let share = 100.0 * micros / total.max(1e-9);
        measures.push(Measure::new(format!("pipeline.share.{stage}"), share, "%", ""));
    }
    measures.push(Measure::new("pipeline.cost_us", total, "us", "≤ 13.9 on two cores"));
    if let Some((short, long)) = found.history {
        measures.push(Measure::new("pipeline.cost_us_at_1e5", short, "us", ""));
        measures.push(Measure::new("pipeline.cost_us_at_1e7", long, "us", ""));
        measures.push(Measure::new("pipeline.history_ratio", long / short, "ratio", "≤ 1.10"));
    }
    if let Some(presents_per_s) = found.presents_per_s {
        measures.push(Measure::new(
            "pipeline.presents_per_s_min",
            presents_per_s,
            "fps",
            "> 1: no screen stands still",
        ));
    }
    measures
}

/// The room: one query takes all, fifty look for ten phrases each, and ten screens show them.
fn write_room(folder: &Path) -> anyhow::Result<RoomSource> {
    let mut room = "name = \"Pipeline\"\n\n[query]\nall = '*'\n".to_owned();
    let words = phrases();
    for (query_idx, words) in words.chunks(N_PHRASES_EACH).enumerate() {
        let words = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" OR ");
        writeln!(room, "q{query_idx} = '{words}'").ok(); // Writing into memory cannot fail.
    }
    for screen in 1..=N_SCREENS {
        let query_idx = screen * 4;
        let query = if screen == 1 { "all".to_owned() } else { format!("q{query_idx}") };
        write!(
            room,
            "\n[[screen]]\nname = \"s{screen}\"\ngrid = \"\"\"\nfeed feed trends\nfeed feed mood\n\"\"\"\n\
             feed = {{ widget = \"feed\", query = \"{query}\" }}\n\
             trends = {{ widget = \"trends\", query = \"all\", window = \"15 min\" }}\n\
             mood = {{ widget = \"sentiment\", query = \"{query}\", window = \"15 min\" }}\n"
        )
        .ok();
    }
    let path = folder.join("pipeline.toml");
    fs::write(&path, room)?;
    Ok(RoomSource::File(path))
}

/// Five hundred different phrases: words that people write, alone and in twos.
fn phrases() -> Vec<String> {
    const WORDS: [&str; 40] = [
        "train", "retard", "gare", "panne", "merci", "service", "question", "bonjour", "ticket",
        "prix", "station", "delay", "great", "thanks", "weather", "football", "election", "music",
        "movie", "coffee", "vaccine", "school", "police", "hospital", "market", "budget",
        "climate", "energy", "water", "bridge", "match", "goal", "season", "album", "concert",
        "festival", "museum", "library", "garden", "river",
    ];
    let pairs = WORDS.iter().flat_map(|one| WORDS.iter().map(move |other| (one, other)));
    let pairs = pairs.filter(|(one, other)| one != other);
    let pairs = pairs.map(|(one, other)| format!("{one} {other}"));
    let words = WORDS.iter().map(|word| (*word).to_owned());
    words.chain(pairs).take(N_QUERIES * N_PHRASES_EACH).collect()
}
