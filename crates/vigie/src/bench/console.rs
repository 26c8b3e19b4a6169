//! `vigie bench console`: from a key to the frames of ten screens, under a firehose of posts, and what the console
//! costs the wall.
//!
//! Keys go the whole way: into the X server, to the console's window, into the log, onto the screens.
//! What counts is the moment at which each screen hands its first frame of the changed show to the window system.

use std::{
    fs,
    io::Write as _,
    process::{Child, ChildStdin, Command, Stdio},
    sync::Arc,
    thread::{self, ThreadId},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use vigie_bus::Latest;
use vigie_model::{Snapshot, SystemClock, Timestamp};

use super::{
    live::Live,
    material::room,
    process::usage,
    report::Measure,
    rig::{self, Room, System},
    road::Server,
};
use crate::{
    room::{
        files::{DataFolder, RoomSource},
        stage::OnPresent,
    },
    wall::{Fault, ScreenView, WallHandle, pace},
};

const N_SCREENS: usize = 10;

/// The screens of the wall, and that of the console.
const MODES: &str = "320x180@60*10,1366x768@60";

/// The connector of the console's screen.
const DESK: &str = "DUMMY10";

/// Posts a second while keys are pressed.
const POSTS_PER_SEC: u64 = 10_000;

/// How long keys are pressed.
const DEFAULT_SECS: u64 = 30;

/// From launch until screens and road have settled.
const WARM_UP: Duration = Duration::from_secs(5);

/// Times that the console is closed and opened to see what it costs, and how long each is watched.
const N_ROUNDS: u32 = 4;
const WATCH: Duration = Duration::from_secs(4);

/// What opening and closing takes of the machine is over after this long.
const SETTLE: Duration = Duration::from_secs(2);

/// Between two keys: more than the least time between two takes.
const PAUSE: Duration = Duration::from_millis(600);

/// Escape means panic once it was held for so long.
const HOLD: Duration = Duration::from_millis(300);

/// A screen that shows nothing new for so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// One refresh of the screens.
const REFRESH_MILLIS: f64 = 1_000.0 / 60.0;

/// What the run found, times in milliseconds.
#[derive(Debug, Serialize, Deserialize)]
struct Found {
    key_p95: f64,
    panic_p95: f64,
    spread_p95: f64,
    lost_percent: f64,
    pss_mb: f64,
}

/// Measures in the X11 room at 320 × 180.
pub(crate) fn measure(secs: Option<u64>) -> anyhow::Result<Vec<Measure>> {
    let place = Room {
        system: System::X11,
        n_screens: N_SCREENS + 1,
        mode: MODES.to_owned(),
        blocking_hz: None,
    };
    let found: Found = place.run("console", &secs.unwrap_or(DEFAULT_SECS).to_string())?;
    let spread = found.spread_p95 / REFRESH_MILLIS;
    Ok(vec![
        Measure::new("console.key_to_present_p95_ms", found.key_p95, "ms", "≤ 100"),
        Measure::new("console.panic_p95_ms", found.panic_p95, "ms", "≤ 100"),
        Measure::new("console.take_spread_refreshes", spread, "frames", "≤ 1"),
        Measure::new("console.wall_frames_lost_percent", found.lost_percent, "%", "≤ 2"),
        Measure::new("console.pss_mb", found.pss_mb, "MB", "≤ 60"),
    ])
}

/// Inside the room: server, road, wall and console in this process.
pub(crate) fn inside(part: &str) -> anyhow::Result<()> {
    let secs = part.parse::<u64>()?;
    let folder = tempfile::tempdir()?;
    let costs = N_ROUNDS * 2 * (WATCH + SETTLE);
    let server = Server::start(POSTS_PER_SEC * (secs + (WARM_UP + costs).as_secs() + 10))?;
    let source = format!(
        "connector = \"bluesky\"\nservers = [\"ws://{}/subscribe\"]\nprofiles = false",
        server.address
    );
    let scenes = "\n[scene.one]\nrest = { widget = \"text\", text = \"One\" }\n\
                  [scene.two]\nrest = { widget = \"text\", text = \"Two\" }\n";
    let desk = format!("\n[console]\nconnector = \"{DESK}\"\n");
    let room_path = folder.path().join("bench.toml");
    fs::write(&room_path, room(N_SCREENS, &source) + scenes + &desk)?;
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
    let found = live.run(move |wall, snapshots| {
        thread::sleep(WARM_UP);
        let (lost_percent, pss_mb) = costs_of_console(wall)?;
        let hand = Hand::at(wall)?;
        fail_console(wall)?;
        let times = press(hand, &presents, snapshots, secs)?;
        Ok(Found { lost_percent, pss_mb, ..times })
    })?;
    rig::report(&found)
}

/// The share of the wall's frames that an open console takes, in percent, and its memory in MB.
fn costs_of_console(wall: &WallHandle) -> anyhow::Result<(f64, f64)> {
    let n_presented = || wall.screens().iter().map(|it| it.counts().presented).sum::<u64>();
    let watch = || {
        thread::sleep(SETTLE);
        let before = n_presented();
        thread::sleep(WATCH);
        let n_frames = n_presented().saturating_sub(before);
        anyhow::Ok((n_frames, usage(std::process::id())?.pss_mb))
    };
    let (mut closed, mut open) = ((0, 0.0), (0, 0.0));
    for _ in 0..N_ROUNDS {
        let (n_frames, pss_mb) = watch()?;
        closed = (closed.0 + n_frames, closed.1 + pss_mb);
        wall.open_console();
        let (n_frames, pss_mb) = watch()?;
        anyhow::ensure!(wall.console().is_some(), "the console did not open");
        open = (open.0 + n_frames, open.1 + pss_mb);
        wall.close_console();
    }
    let lost = 1.0 - open.0 as f64 / (closed.0 as f64).max(1.0);
    Ok((100.0 * lost, (open.1 - closed.1) / f64::from(N_ROUNDS)))
}

/// A console that panics starts anew, and the wall goes on meanwhile.
fn fail_console(wall: &WallHandle) -> anyhow::Result<()> {
    let console = wall.console().context("the console is closed")?;
    let n_before: Vec<u64> = wall.screens().iter().map(|it| it.counts().presented).collect();
    console.inject(Fault::Panic);
    thread::sleep(SETTLE);
    anyhow::ensure!(console.counts().restarts > 0, "the console did not fail");
    let counts = console.counts();
    anyhow::ensure!(
        counts.last_present_secs < counts.last_restart_secs,
        "the console did not come back: {}",
        counts.last_failure
    );
    let is_going = |(screen, before): (&ScreenView, &u64)| screen.counts().presented > *before;
    let goes_on = wall.screens().iter().zip(&n_before).all(is_going);
    anyhow::ensure!(goes_on, "a screen stood still while the console failed");
    Ok(())
}

/// A hand on the keyboard of the console.
struct Hand {
    program: Child,
    orders: ChildStdin,
}

impl Hand {
    /// Opens the console, and puts a hand on its keyboard.
    fn at(wall: &WallHandle) -> anyhow::Result<Self> {
        wall.open_console();
        let mut program = Command::new("xdotool")
            .arg("-")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .context("starting xdotool")?;
        let orders = program.stdin.take().context("xdotool takes no orders")?;
        thread::sleep(SETTLE);
        Ok(Self { program, orders })
    }

    fn does(&mut self, order: &str) -> anyhow::Result<()> {
        writeln!(self.orders, "{order}").context("telling xdotool")
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        // The bench is over; it is of no matter how this one ends.
        self.program.kill().ok();
        self.program.wait().ok();
    }
}

/// Presses keys for so many seconds.
fn press(
    mut hand: Hand,
    presents: &Presents,
    snapshots: &Latest<Snapshot>,
    secs: u64,
) -> anyhow::Result<Found> {
    let end = pace::now() + Duration::from_secs(secs);
    let (mut takes, mut panics, mut spreads) = (Vec::new(), Vec::new(), Vec::new());
    let scenes = [("1", "one"), ("2", "two")];
    for (digit, scene) in scenes.into_iter().cycle() {
        if pace::now() >= end {
            break;
        }
        hand.does(&format!("key {digit}"))?;
        let named = pace::now();
        while snapshots.read().show.preview.as_ref().is_none_or(|it| it.as_str() != scene) {
            let waited = pace::now().saturating_duration_since(named);
            anyhow::ensure!(waited < PATIENCE, "a scene did not go into preview");
            thread::sleep(Duration::from_millis(2));
        }
        thread::sleep(PAUSE);
        let began = pace::now();
        hand.does("key Return")?;
        let change = presents.wait(began, |it| it.scene.as_deref() == Some(scene))?;
        takes.push(change.last);
        spreads.push(change.spread);
        thread::sleep(PAUSE);
        for on in [true, false] {
            let began = pace::now() + HOLD;
            hand.does("keydown Escape")?;
            let change = presents.wait(began, |it| it.panic == on)?;
            hand.does("keyup Escape")?;
            if on {
                panics.push(change.last);
            }
            thread::sleep(PAUSE);
        }
    }
    let p95 = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() * 95 / 100).copied().context("no key was pressed")
    };
    Ok(Found {
        key_p95: p95(&mut takes)?,
        panic_p95: p95(&mut panics)?,
        spread_p95: p95(&mut spreads)?,
        lost_percent: 0.0,
        pss_mb: 0.0,
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
    /// Waits until every screen `shows` what a key that was pressed when it `began` asks for.
    fn wait(&self, began: Instant, shows: impl Fn(&Seen) -> bool) -> anyhow::Result<Change> {
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
                pace::now().saturating_duration_since(began) < PATIENCE,
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
