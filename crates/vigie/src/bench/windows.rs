//! `vigie bench windows`: ten windows at their full rate, against one alone.
//!
//! The screens run at 10 Hz and 320 × 180, so that the software rasterizer is not the limit
//! and a missed frame is a missing count. On X11 presents block until the screen's tick, as on hardware.

use std::{thread, time::Duration};

use anyhow::Context as _;

use crate::bench::{
    pattern::{PatternWall, Presents},
    report::Measure,
    rig::{self, Room, System},
};

const N_WINDOWS: usize = 10;
const HZ: u32 = 10;
const MODE: &str = "320x180@10";

/// How long windows run before the measurement begins: window systems need this to settle.
const SETTLE: Duration = Duration::from_secs(2);

const DEFAULT_SECS: u64 = 20;

/// Measures on both window systems.
pub(crate) fn measure(secs: Option<u64>) -> anyhow::Result<Vec<Measure>> {
    let secs = secs.unwrap_or(DEFAULT_SECS);
    let mut measures = Vec::new();
    for system in System::ALL {
        let blocking_hz = (system == System::X11).then_some(HZ);
        let run = |n_screens: usize| -> anyhow::Result<Vec<Presents>> {
            let room = Room { system, n_screens, mode: MODE.to_owned(), blocking_hz };
            room.run("windows", &format!("{n_screens},{secs}"))
        };
        let alone = pace(&run(1)?, secs as f64);
        let ten = pace(&run(N_WINDOWS)?, secs as f64);
        let name = system.name();
        measures.push(Measure::new(
            format!("windows.{name}.one_fps"),
            alone.slowest_fps,
            "fps",
            "",
        ));
        measures.push(Measure::new(
            format!("windows.{name}.slowest_fps"),
            ten.slowest_fps,
            "fps",
            "",
        ));
        let pace_min =
            if alone.slowest_fps > 0.0 { ten.slowest_fps / alone.slowest_fps } else { 0.0 };
        measures.push(Measure::new(
            format!("windows.{name}.pace_min"),
            pace_min,
            "ratio",
            "≥ 0.95",
        ));
        measures.push(Measure::new(
            format!("windows.{name}.gap_p99_ticks"),
            ten.gap_p99_ticks,
            "ticks",
            "≤ 1.5",
        ));
        measures.push(Measure::new(
            format!("windows.{name}.gap_max_ticks"),
            ten.gap_max_ticks,
            "ticks",
            "",
        ));
    }
    Ok(measures)
}

/// The part that runs inside a room: `SCREENS,SECONDS`.
pub(crate) fn inside(part: &str) -> anyhow::Result<()> {
    let (n_screens, secs) = part.split_once(',').context("expected SCREENS,SECONDS")?;
    let (n_screens, secs) = (n_screens.parse()?, secs.parse()?);
    let found = PatternWall::run(n_screens, move |wall| {
        wall.wait_until_shown()?;
        thread::sleep(SETTLE);
        let from = crate::wall::pace::now();
        thread::sleep(Duration::from_secs(secs));
        Ok(wall.presents(from, crate::wall::pace::now()))
    })?;
    rig::report(&found)
}

/// How evenly windows present.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pace {
    slowest_fps: f64,
    /// Over the gaps of all windows.
    gap_p99_ticks: f64,
    gap_max_ticks: f64,
}

/// The pace of windows over `secs`.
fn pace(windows: &[Presents], secs: f64) -> Pace {
    let fps = |window: &Presents| window.at_secs.len() as f64 / secs;
    let mut gaps: Vec<f64> =
        windows.iter().flat_map(|window| gaps(&window.at_secs, secs)).collect();
    gaps.sort_by(f64::total_cmp);
    let p99 = gaps.len().saturating_sub(1) * 99 / 100;
    let in_ticks = |gap: Option<&f64>| gap.map_or(f64::INFINITY, |gap| gap * f64::from(HZ));
    Pace {
        slowest_fps: windows.iter().map(fps).min_by(f64::total_cmp).unwrap_or_default(),
        gap_p99_ticks: in_ticks(gaps.get(p99)),
        gap_max_ticks: in_ticks(gaps.last()),
    }
}

/// The times between presents, those at both ends of the measurement too.
pub(super) fn gaps(at_secs: &[f64], secs: f64) -> Vec<f64> {
    let starts = std::iter::once(0.0).chain(at_secs.iter().copied());
    let ends = at_secs.iter().copied().chain(std::iter::once(secs));
    starts.zip(ends).map(|(start, end)| end - start).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(at_secs: impl IntoIterator<Item = f64>) -> Presents {
        Presents { screen: String::new(), at_secs: at_secs.into_iter().collect() }
    }

    #[test]
    fn an_even_window_has_gaps_of_one_tick() {
        let pace = pace(&[window((0..100).map(|tick| f64::from(tick) / 10.0))], 10.0);
        assert!((pace.slowest_fps - 10.0).abs() < 1e-9);
        assert!((pace.gap_p99_ticks - 1.0).abs() < 1e-6, "{pace:?}");
    }

    #[test]
    fn a_starved_window_is_seen_among_nine_good_ones() {
        let good = || window((0..100).map(|tick| f64::from(tick) / 10.0));
        let mut windows: Vec<Presents> = (0..9).map(|_| good()).collect();
        windows.push(window([0.5]));
        let pace = pace(&windows, 10.0);
        assert!(pace.slowest_fps < 0.2);
        assert!((pace.gap_max_ticks - 95.0).abs() < 1e-6);
    }

    #[test]
    fn no_window_at_all_is_no_pace() {
        assert_eq!(pace(&[], 10.0).slowest_fps, 0.0);
    }
}
