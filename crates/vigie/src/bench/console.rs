//! `vigie bench console`: from a key to the frames of ten screens, under a firehose of posts.
//!
//! Keys are told to the real room; what counts is the moment at which each screen hands its first frame of the
//! changed show to the window system.

use std::{
    fs,
    sync::Arc,
    thread::{self, ThreadId},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use vigie_model::{Snapshot, SystemClock, Timestamp};

use super::{
    live::Live,
    material::room,
    report::Measure,
    rig::{self, Room, System},
    road::Server,
};
use crate::{
    room::{
        files::{DataFolder, RoomSource},
        stage::OnPresent,
    },
    wall::pace,
};

const N_SCREENS: usize = 10;

/// Posts a second while keys are pressed.
const POSTS_PER_SEC: u64 = 10_000;

/// How long keys are pressed.
const DEFAULT_SECS: u64 = 30;

/// From launch until screens and road have settled.
const WARM_UP: Duration = Duration::from_secs(5);

/// Between two keys: more than the least time between two takes.
const PAUSE: Duration = Duration::from_millis(600);

/// A screen that shows nothing new for so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// One refresh of the screens.
const REFRESH_MILLIS: f64 = 1_000.0 / 60.0;

/// What the run found, in milliseconds.
#[derive(Debug, Serialize, Deserialize)]
struct Found {
    key_p95: f64,
    panic_p95: f64,
    spread_p95: f64,
}

/// Measures in the X11 room at 320 × 180.
pub(crate) fn measure(secs: Option<u64>) -> anyhow::Result<Vec<Measure>> {
    let place = Room {
        system: System::X11,
        n_screens: N_SCREENS,
        mode: "320x180@60".to_owned(),
        blocking_hz: None,
    };
    let found: Found = place.run("console", &secs.unwrap_or(DEFAULT_SECS).to_string())?;
    let spread = found.spread_p95 / REFRESH_MILLIS;
    Ok(vec![
        Measure::new("console.key_to_present_p95_ms", found.key_p95, "ms", "≤ 100"),
        Measure::new("console.panic_p95_ms", found.panic_p95, "ms", "≤ 100"),
        Measure::new("console.take_spread_refreshes", spread, "frames", "≤ 1"),
    ])
}

/// Inside the room: server, road and wall in this process.
pub(crate) fn inside(part: &str) -> anyhow::Result<()> {
    let secs = part.parse::<u64>()?;
    let folder = tempfile::tempdir()?;
    let server = Server::start(POSTS_PER_SEC * (secs + WARM_UP.as_secs() + 10))?;
    let source = format!(
        "connector = \"bluesky\"\nservers = [\"ws://{}/subscribe\"]\nprofiles = false",
        server.address
    );
    let scenes = "\n[scene.one]\nrest = { widget = \"text\", text = \"One\" }\n\
                  [scene.two]\nrest = { widget = \"text\", text = \"Two\" }\n";
    let room_path = folder.path().join("bench.toml");
    fs::write(&room_path, room(N_SCREENS, &source) + scenes)?;
    let source = RoomSource::File(room_path);
    let data = DataFolder::of(&source, Some(folder.path()))?;
    let presents = Arc::new(Presents::default());
    let live = Live {
        source,
        folder: data,
        clock: Arc::new(SystemClock),
        on_present: Some(presents.clone()),
        instead: None,
    };
    let found = live.run_with_keys(move |key| press(key, &presents, secs))?;
    rig::report(&found)
}

/// Presses keys for so many seconds.
fn press(key: &dyn Fn(&str), presents: &Presents, secs: u64) -> anyhow::Result<Found> {
    thread::sleep(WARM_UP);
    let end = pace::now() + Duration::from_secs(secs);
    let (mut takes, mut panics, mut spreads) = (Vec::new(), Vec::new(), Vec::new());
    let scenes = [("1", "one"), ("2", "two")];
    for (digit, scene) in scenes.into_iter().cycle() {
        if pace::now() >= end {
            break;
        }
        key(digit);
        thread::sleep(PAUSE);
        let change = presents.change(|| key("\n"), |it| it.scene.as_deref() == Some(scene))?;
        takes.push(change.last);
        spreads.push(change.spread);
        thread::sleep(PAUSE);
        let change = presents.change(|| key("\u{1b}"), |it| it.panic)?;
        panics.push(change.last);
        thread::sleep(PAUSE);
        presents.change(|| key("\u{1b}"), |it| !it.panic)?;
    }
    let p95 = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() * 95 / 100).copied().context("no key was pressed")
    };
    Ok(Found {
        key_p95: p95(&mut takes)?,
        panic_p95: p95(&mut panics)?,
        spread_p95: p95(&mut spreads)?,
    })
}

/// What a screen shows, and since when.
#[derive(Clone, Debug)]
struct Seen {
    screen: ThreadId,
    version: u64,
    scene: Option<String>,
    panic: bool,
    since: Instant,
}

/// What each screen shows.
#[derive(Debug, Default)]
struct Presents(Mutex<Vec<Seen>>);

/// How long after a key the last screen showed what it asks for, and how long after the first; in milliseconds.
struct Change {
    last: f64,
    spread: f64,
}

impl Presents {
    /// Does what changes the show, and waits until every screen `shows` it.
    fn change(&self, act: impl FnOnce(), shows: impl Fn(&Seen) -> bool) -> anyhow::Result<Change> {
        let began = pace::now();
        act();
        loop {
            let seen = self.0.lock().clone();
            if seen.len() >= N_SCREENS && seen.iter().all(&shows) {
                let millis =
                    |seen: &Seen| seen.since.saturating_duration_since(began).as_secs_f64() * 1e3;
                let last = seen.iter().map(millis).fold(0.0, f64::max);
                let first = seen.iter().map(millis).fold(f64::INFINITY, f64::min);
                return Ok(Change { last, spread: last - first });
            }
            anyhow::ensure!(
                began.elapsed() < PATIENCE,
                "a screen did not show what a key asked for"
            );
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl OnPresent for Presents {
    fn presented(&self, snapshot: &Snapshot, _now: Timestamp) {
        let show = &snapshot.show;
        let screen = thread::current().id();
        let mut all = self.0.lock();
        let known = all.iter().position(|seen| seen.screen == screen);
        if known.and_then(|place| all.get(place)).is_some_and(|it| it.version == show.version()) {
            return;
        }
        let scene = show.scene.as_ref().map(ToString::to_string);
        let (version, panic) = (show.version(), show.panic);
        let seen = Seen { screen, version, scene, panic, since: pace::now() };
        match known.and_then(|place| all.get_mut(place)) {
            // A new version that shows the same, as when a scene goes into preview, is no change.
            Some(known) if (&known.scene, known.panic) == (&seen.scene, seen.panic) => {
                known.version = seen.version;
            }
            Some(known) => *known = seen,
            None => all.push(seen),
        }
    }
}
