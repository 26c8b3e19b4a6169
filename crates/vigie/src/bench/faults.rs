//! `vigie bench faults`: what nine screens notice when the tenth fails, and what ten notice when a source dies.

use std::{ffi::OsStr, thread, time::Duration};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use crate::{
    bench::{
        dead_source,
        pattern::{PatternWall, Presents},
        report::Measure,
        rig::{self, Room, System},
        windows::gaps,
    },
    wall::{Fault, pace},
};

const N_WINDOWS: usize = 10;
const HZ: u32 = 10;
const MODE: &str = "320x180@10";

/// The screen that fails, counted from 0.
const VICTIM: usize = 3;

/// The one at the corner: under X11 all others move when it goes, and sway puts its workspace in front of another.
const CORNER: usize = 0;

/// How long the room is watched before a fault, and after the screen is back.
const SETTLE: Duration = Duration::from_secs(2);

/// How long a screen stays unplugged: longer than it takes to notice.
const UNPLUGGED: Duration = Duration::from_secs(2);

/// How long a failed screen has to be back.
const BACK_WITHIN: Duration = Duration::from_secs(10);

const CHECK_EVERY: Duration = Duration::from_millis(20);

/// What goes wrong.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    Nothing,
    Panic,
    DestroyDevice,
    Unplug,
    UnplugCorner,
    SourceDies,
}

impl Trouble {
    const ALL: [Self; 6] = [
        Self::Nothing,
        Self::Panic,
        Self::DestroyDevice,
        Self::Unplug,
        Self::UnplugCorner,
        Self::SourceDies,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Panic => "panic",
            Self::DestroyDevice => "device_destroyed",
            Self::Unplug => "unplug",
            Self::UnplugCorner => "unplug_corner",
            Self::SourceDies => "source_dies",
        }
    }
}

/// What was seen of one trouble.
#[derive(Debug, Serialize, Deserialize)]
struct Seen {
    trouble: String,
    /// Frames in a row that the worst of the other screens missed.
    missed_frames: f64,
    /// Until the failed screen showed a picture again; until the room said so where it was a source.
    back_secs: f64,
}

/// Measures on both window systems.
pub(crate) fn measure() -> anyhow::Result<Vec<Measure>> {
    let mut measures = Vec::new();
    let mut worst = 0.0_f64;
    for system in System::ALL {
        let blocking_hz = (system == System::X11).then_some(HZ);
        let room = Room { system, n_screens: N_WINDOWS, mode: MODE.to_owned(), blocking_hz };
        let seen: Vec<Seen> = room.run("faults", "all")?;
        for Seen { trouble, missed_frames, back_secs } in seen {
            let name = format!("faults.{}.{trouble}", system.name());
            measures.push(Measure::new(
                format!("{name}.missed_frames"),
                missed_frames,
                "frames",
                "",
            ));
            if trouble != Trouble::Nothing.name() {
                worst = worst.max(missed_frames);
                measures.push(Measure::new(format!("{name}.back_s"), back_secs, "s", ""));
            }
        }
    }
    measures.push(Measure::new(
        "faults.missed_frames_max",
        worst,
        "frames",
        "≤ 1 (the other nine; all ten where a source dies)",
    ));
    Ok(measures)
}

/// The part that runs inside a room.
pub(crate) fn inside(_part: &str) -> anyhow::Result<()> {
    let seen = PatternWall::run(N_WINDOWS, |wall| {
        wall.wait_until_shown()?;
        thread::sleep(SETTLE);
        Trouble::ALL
            .into_iter()
            .map(|trouble| match trouble {
                Trouble::SourceDies => watch_source(wall),
                _ => watch(wall, trouble),
            })
            .collect::<anyhow::Result<Vec<_>>>()
    })?;
    rig::report(&seen)
}

/// Makes one trouble, and watches the others until the failed screen is back.
fn watch(wall: &PatternWall, trouble: Trouble) -> anyhow::Result<Seen> {
    let screens = wall.handle.screens();
    let victim_idx = if matches!(trouble, Trouble::UnplugCorner) { CORNER } else { VICTIM };
    let screen = screens.get(victim_idx).context("the room is too small")?;
    let victim = screen.facts.connector.to_string();
    let mut n_restarts = screen.counts().restarts;
    let from = pace::now();
    match trouble {
        Trouble::Nothing | Trouble::SourceDies => {}
        Trouble::Panic | Trouble::DestroyDevice => {
            let is_panic = matches!(trouble, Trouble::Panic);
            wall.handle
                .inject(victim_idx, if is_panic { Fault::Panic } else { Fault::DestroyDevice });
            n_restarts += 1;
        }
        Trouble::Unplug | Trouble::UnplugCorner => {
            rig::ask(&[OsStr::new("unplug"), OsStr::new(&victim)])?;
            thread::sleep(UNPLUGGED);
            if wall.handle.screens().len() != wall.n_screens - 1 {
                bail!("the wall did not notice that {victim} was unplugged");
            }
            rig::ask(&[OsStr::new("plug"), OsStr::new(&victim)])?;
            // The window is a new one, and so are its counters.
            n_restarts = 0;
        }
    }
    let back_secs = wait_until_back(wall, &victim, n_restarts)?;
    thread::sleep(SETTLE);
    let to = pace::now();
    let secs = to.duration_since(from).as_secs_f64();
    let others = wall.presents(from, to).into_iter().filter(|window| window.screen != victim);
    let missed_frames = others.map(|window| missed(&window, secs)).fold(0.0, f64::max);
    Ok(Seen { trouble: trouble.name().to_owned(), missed_frames, back_secs })
}

/// Lets a source of a room in this process die, and watches all screens meanwhile.
fn watch_source(wall: &PatternWall) -> anyhow::Result<Seen> {
    let from = pace::now();
    let back_secs = dead_source::run()?;
    thread::sleep(SETTLE);
    let to = pace::now();
    let secs = to.duration_since(from).as_secs_f64();
    let missed_frames =
        wall.presents(from, to).iter().map(|window| missed(window, secs)).fold(0.0, f64::max);
    Ok(Seen { trouble: Trouble::SourceDies.name().to_owned(), missed_frames, back_secs })
}

/// Seconds until the screen shows new frames, by a thread of its own that is newer than the trouble where it failed.
fn wait_until_back(wall: &PatternWall, victim: &str, n_restarts: u32) -> anyhow::Result<f64> {
    let began = pace::now();
    loop {
        let waited = pace::now().duration_since(began);
        let screens = wall.handle.screens();
        let screen = screens.iter().find(|screen| screen.facts.connector == victim);
        let is_back = screen.is_some_and(|screen| {
            screen.counts().restarts >= n_restarts
                && screen.stats().trace().last().is_some_and(|at| *at > began)
        });
        if is_back {
            return Ok(waited.as_secs_f64());
        }
        if waited >= BACK_WITHIN {
            bail!("{victim} shows nothing {BACK_WITHIN:?} after it failed");
        }
        thread::sleep(CHECK_EVERY);
    }
}

/// Frames in a row that a window missed at most.
fn missed(window: &Presents, secs: f64) -> f64 {
    let longest = gaps(&window.at_secs, secs).into_iter().fold(0.0, f64::max);
    // A gap of one tick is no missed frame; half a tick of jitter is none either.
    ((longest * f64::from(HZ)).round() - 1.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(at_secs: &[f64], expected: f64) {
        let window = Presents { screen: String::new(), at_secs: at_secs.to_vec() };
        assert_eq!(missed(&window, 0.5), expected, "{at_secs:?}");
    }

    #[test]
    fn missed_frames_are_counted_in_a_row() {
        check(&[0.1, 0.2, 0.3, 0.4], 0.0);
        check(&[0.1, 0.24, 0.3, 0.4], 0.0);
        check(&[0.1, 0.3, 0.4], 1.0);
        check(&[0.1], 3.0);
        check(&[], 4.0);
    }
}
