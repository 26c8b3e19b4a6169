//! `vigie bench room`: memory and processor of ten 1080p screens, each with a feed, trends and a gauge.

use std::{
    env, fs,
    io::Write as _,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};
use vigie_model::{Clock as _, SystemClock};

use super::{
    material::{Material, room},
    process::{Usage, cpu_percent, usage},
    report::Measure,
    rig::{self, Room, System},
};

const N_SCREENS: usize = 10;

/// Posts a second while something happens.
const POSTS_PER_SEC: u32 = 2;

/// From launch until memory and caches have settled.
const WARM_UP: Duration = Duration::from_secs(25);

/// How long something happens, and how long nothing does.
const DEFAULT_SECS: u64 = 30;

/// After the last post: counts of the last minute and ages of a few seconds still change.
const COOL_DOWN: Duration = Duration::from_secs(75);

/// What the program took.
#[derive(Debug, Serialize, Deserialize)]
struct Found {
    pss_mb: f64,
    cpu_percent: f64,
    idle_cpu_percent: f64,
}

/// Measures `vigie run` in the X11 room.
pub(crate) fn measure(secs: Option<u64>) -> anyhow::Result<Vec<Measure>> {
    let secs = secs.unwrap_or(DEFAULT_SECS);
    let place = Room {
        system: System::X11,
        n_screens: N_SCREENS,
        mode: "1920x1080@60".to_owned(),
        blocking_hz: None,
    };
    let found: Found = place.run("room", &secs.to_string())?;
    Ok(vec![
        Measure::new("room.pss_mb", found.pss_mb, "MB", "≤ 420 (ten browser windows: 2,159)"),
        Measure::new(
            "room.cpu_percent",
            found.cpu_percent,
            "%",
            "≤ 60 of a core, aim 30 (browser: 123)",
        ),
        Measure::new("room.idle_cpu_percent", found.idle_cpu_percent, "%", "≤ 2 of a core"),
    ])
}

/// Inside the room: runs the wall on a recording and looks at its process.
pub(crate) fn inside(part: &str) -> anyhow::Result<()> {
    let busy = Duration::from_secs(part.parse()?);
    let folder = tempfile::tempdir()?;
    let secs = (WARM_UP + busy).as_secs() + 2;
    let recording = folder.path().join("posts.jsonl");
    write_recording(&recording, u64::from(POSTS_PER_SEC) * secs)?;
    let source = format!("connector = \"replay\"\npath = {:?}", recording);
    let room_path = folder.path().join("room.toml");
    fs::write(&room_path, room(N_SCREENS, &source))?;
    let mut wall = Command::new(env::current_exe()?)
        .args(["run", "--log", "warn", "--data"])
        .arg(folder.path())
        .arg(&room_path)
        .stdin(Stdio::null())
        .spawn()
        .context("starting the wall")?;
    let found = watch(&mut wall, busy);
    wall.kill().context("ending the wall")?;
    wall.wait()?;
    rig::report(&found?)
}

fn watch(wall: &mut Child, busy: Duration) -> anyhow::Result<Found> {
    let pid = wall.id();
    thread::sleep(WARM_UP);
    let (busy_from, busy_to) = span(pid, busy)?;
    thread::sleep(COOL_DOWN);
    let (idle_from, idle_to) = span(pid, busy)?;
    ensure!(wall.try_wait()?.is_none(), "the wall ended while it was measured");
    Ok(Found {
        pss_mb: busy_to.pss_mb,
        cpu_percent: cpu_percent(busy_from, busy_to, busy),
        idle_cpu_percent: cpu_percent(idle_from, idle_to, busy),
    })
}

fn span(pid: u32, length: Duration) -> anyhow::Result<(Usage, Usage)> {
    let from = usage(pid)?;
    thread::sleep(length);
    Ok((from, usage(pid)?))
}

/// A recording of `n_posts` at an even pace.
fn write_recording(path: &std::path::Path, n_posts: u64) -> anyhow::Result<()> {
    let mut file = std::io::BufWriter::new(fs::File::create(path)?);
    let mut material = Material::new(1);
    let begin = SystemClock.now();
    for post_idx in 0..n_posts {
        let micros = i64::try_from(post_idx * 1_000_000 / u64::from(POSTS_PER_SEC))?;
        serde_json::to_writer(&mut file, &material.record(post_idx, begin.plus(micros)))?;
        writeln!(file)?;
    }
    Ok(file.flush()?)
}
