//! `vigie bench start`: from launch to ten windows that show something.

use std::{
    env, fs,
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail, ensure};
use serde::{Deserialize, Serialize};

use crate::bench::{
    live::Live,
    pattern::wait_until_shown,
    report::Measure,
    rig::{self, Room, System},
};
use crate::{
    command::run::demonstration_clock,
    room::files::{DataFolder, RoomSource},
};

const N_WINDOWS: usize = 10;

/// Launches in a room: the first warms the caches and is not counted.
const LAUNCHES: usize = 4;

/// The name, the screens and the goal of each measure.
const MEASURES: [(&str, &str, &str); 2] = [
    ("start.all_windows_s", "320x180@60", "≤ 1 (320 × 180)"),
    ("start.all_windows_1080p_s", "1920x1080@60", "≤ 5 (1080p, software rasterizer)"),
];

/// What a launched wall found.
#[derive(Debug, Serialize, Deserialize)]
struct Launch {
    secs: f64,
    /// Screens whose picture, taken by the window system, has more than one colour.
    n_with_picture: usize,
}

/// Measures in the X11 room, the slower of the two.
pub(crate) fn measure() -> anyhow::Result<Vec<Measure>> {
    let mut measures = Vec::new();
    for (name, mode, goal) in MEASURES {
        let room = Room {
            system: System::X11,
            n_screens: N_WINDOWS,
            mode: mode.to_owned(),
            blocking_hz: None,
        };
        let launches: Vec<Launch> = room.run("start", "launch")?;
        for launch in &launches {
            ensure!(
                launch.n_with_picture == N_WINDOWS,
                "{} of {N_WINDOWS} screens show a picture",
                launch.n_with_picture
            );
        }
        let mut secs: Vec<f64> = launches.iter().skip(1).map(|launch| launch.secs).collect();
        secs.sort_by(f64::total_cmp);
        let median = secs.get(secs.len() / 2).copied().context("no launch was measured")?;
        measures.push(Measure::new(name, median, "s", goal));
    }
    Ok(measures)
}

/// The parts that run inside a room: `launch` starts `shown,LAUNCHED` a few times.
pub(crate) fn inside(part: &str) -> anyhow::Result<()> {
    match part.split_once(',') {
        None => launch_again_and_again(),
        Some((_, launched)) => show(launched.parse()?),
    }
}

fn launch_again_and_again() -> anyhow::Result<()> {
    let program = env::current_exe().context("finding this program's own file")?;
    let launches = (0..LAUNCHES).map(|_| {
        let part = format!("shown,{}", rig::wall_clock_secs());
        let output = Command::new(&program)
            .args(["bench", "start", "--inside", &part])
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .context("launching the wall")?;
        if !output.status.success() {
            bail!("the wall ended with {}", output.status);
        }
        rig::found_in(&String::from_utf8_lossy(&output.stdout))
    });
    let launches: Vec<Launch> = launches.collect::<anyhow::Result<_>>()?;
    rig::report(&launches)
}

/// Opens the demonstration, and reports how long after `launched` every window had its picture.
fn show(launched: f64) -> anyhow::Result<()> {
    let source = RoomSource::Demonstration;
    let live = Live {
        folder: DataFolder::of(&source, None)?,
        clock: demonstration_clock(&source.load()?)?,
        source,
        on_present: None,
        instead: None,
    };
    let launch = live.run(move |handle, _| {
        wait_until_shown(handle, N_WINDOWS)?;
        let secs = rig::wall_clock_secs() - launched;
        Ok(Launch { secs, n_with_picture: count_pictures()? })
    })?;
    rig::report(&launch)
}

/// Screens that show more than bare ground, as the window system sees them.
fn count_pictures() -> anyhow::Result<usize> {
    let folder = env::temp_dir().join(format!("vigie-bench-start-{}", std::process::id()));
    rig::ask(&["shot".as_ref(), folder.as_os_str()])?;
    let mut n_with_picture = 0;
    for entry in fs::read_dir(&folder).context("reading the screenshots")? {
        let path = entry?.path();
        if path.file_stem().is_some_and(|name| name != "room") {
            let picture = image::open(&path)
                .with_context(|| format!("reading {}", path.display()))?
                .into_rgb8();
            let first = picture.pixels().next();
            n_with_picture += usize::from(picture.pixels().any(|pixel| Some(pixel) != first));
        }
    }
    fs::remove_dir_all(&folder).context("removing the screenshots")?;
    Ok(n_with_picture)
}
