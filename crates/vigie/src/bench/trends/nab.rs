//! The scorer of the Numenta Anomaly Benchmark, standard profile, for series of tweets.
//!
//! A window is found by its first alarm, the earlier the better; an alarm outside costs the more, the further it lies
//! behind a window; the first part of a series is for learning and is not judged.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context as _;

use super::super::report::Measure;
use crate::bursts::series::{Series, sample};

/// What a false alarm costs, where a found window brings 1 and a missed one costs 1.
const FALSE_WEIGHT: f64 = 0.11;
/// The part of a series, of at most so many rows, that is not judged.
const PROBATION: (f64, usize) = (0.15, 5_000);
const SECS_PER_DAY: f64 = 86_400.0;

/// A series: when its counts were taken, in seconds, where its windows lie, and its alarms, in rows.
#[derive(Debug, Default)]
struct Judged {
    times: Vec<i64>,
    windows: Vec<(usize, usize)>,
    alarms: Vec<usize>,
}

/// What alarms are worth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Worth {
    score: f64,
    n_windows: usize,
    n_found: usize,
    n_false: usize,
}

/// The NAB score over the series in the data folder; nothing where there are none.
///
/// # Errors
/// Where there are series that cannot be read.
pub(super) fn measure() -> anyhow::Result<Vec<Measure>> {
    let folder = std::env::var_os("VIGIE_DATA").map(|folder| Path::new(&folder).join("bursts"));
    let Some(folder) = folder.filter(|folder| folder.is_dir()) else {
        tracing::warn!("VIGIE_DATA names no folder of series: the volume alarm is not judged");
        return Ok(Vec::new());
    };
    let windows = folder.join("combined_windows.json");
    let windows = fs::read_to_string(&windows).with_context(|| windows.display().to_string())?;
    let windows: BTreeMap<String, Vec<(String, String)>> = serde_json::from_str(&windows)?;
    let (mut sum, mut days) = (Worth::default(), 0.0);
    for (name, windows) in &windows {
        let path = folder.join(name.rsplit('/').next().unwrap_or_default());
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let judged = judged(&text, windows);
        let worth = worth(&judged);
        tracing::info!(name, ?worth, "a series was judged");
        sum.score += worth.score;
        sum.n_windows += worth.n_windows;
        sum.n_found += worth.n_found;
        sum.n_false += worth.n_false;
        let span = judged.times.first().zip(judged.times.last());
        days += span.map_or(0.0, |(first, last)| (last - first) as f64 / SECS_PER_DAY);
    }
    let (n_windows, n_found) = (sum.n_windows.max(1) as f64, sum.n_found as f64);
    // Nothing found at all is 0, all found at once 100.
    let nab = 100.0 * (sum.score + n_windows) / (2.0 * n_windows);
    Ok(vec![
        Measure::new("volume.nab", nab, "points", "≥ 70"),
        Measure::new("volume.recall", n_found / n_windows, "ratio", "≥ 0.85"),
        Measure::new(
            "volume.false_per_day",
            sum.n_false as f64 / days.max(1.0),
            "alarms",
            "≤ 0.15",
        ),
    ])
}

fn judged(text: &str, windows: &[(String, String)]) -> Judged {
    let (mut series, mut judged) = (Series::new(), Judged::default());
    for sample in text.lines().filter_map(sample) {
        if series.push(&sample).is_some() {
            judged.alarms.push(judged.times.len());
        }
        judged.times.push(sample.at);
    }
    let row = |stamp: &str| {
        let at = sample(&format!("{stamp},0")).map_or(i64::MAX, |sample| sample.at);
        judged.times.partition_point(|time| *time < at)
    };
    judged.windows = windows.iter().map(|(first, last)| (row(first), row(last))).collect();
    judged
}

fn worth(judged: &Judged) -> Worth {
    let n_rows = judged.times.len();
    let (part, most) = PROBATION;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a part of a count"
    )]
    let first = (part * n_rows.min(most) as f64) as usize;
    let windows = &judged.windows;
    let mut worth = Worth { n_windows: windows.len(), ..Worth::default() };
    let mut found = vec![false; windows.len()];
    for alarm in judged.alarms.iter().copied().filter(|alarm| *alarm >= first) {
        let inside = windows.iter().position(|(first, last)| (*first..=*last).contains(&alarm));
        match inside.and_then(|place| Some((windows.get(place)?, found.get_mut(place)?))) {
            Some(((first, last), is_found)) => {
                if !std::mem::replace(is_found, true) {
                    let left = (last - alarm + 1) as f64 / (last - first + 1) as f64;
                    worth.score += sigmoid(-left) / sigmoid(-1.0);
                    worth.n_found += 1;
                }
            }
            None => {
                let before = windows.iter().rev().find(|(_, last)| *last < alarm);
                let place = before.map_or(f64::MAX, |(first, last)| {
                    (alarm - last) as f64 / (last - first).max(1) as f64
                });
                worth.score += FALSE_WEIGHT * sigmoid(place);
                worth.n_false += 1;
            }
        }
    }
    worth.score -= (worth.n_windows - worth.n_found) as f64;
    worth
}

fn sigmoid(place: f64) -> f64 {
    if place > 3.0 { -1.0 } else { 2.0 / (1.0 + (5.0 * place).exp()) - 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(alarms: &[usize], score: f64, n_found: usize, n_false: usize) {
        let judged = Judged {
            times: (0..1_000).collect(),
            windows: vec![(300, 399), (600, 699)],
            alarms: alarms.to_vec(),
        };
        let worth = worth(&judged);
        assert!((worth.score - score).abs() < 1e-3, "{worth:?}");
        assert_eq!((worth.n_found, worth.n_false), (n_found, n_false));
    }

    #[test]
    fn scores_as_the_standard_profile_does() {
        check(&[], -2.0, 0, 0);
        check(&[300, 600], 2.0, 2, 0);
        check(&[300, 310, 600], 2.0, 2, 0);
        // In the middle of a window.
        check(&[350], 0.8482 / 0.9866 - 1.0, 1, 0);
        check(&[10], -2.0, 0, 0);
        check(&[200], -2.0 - FALSE_WEIGHT, 0, 1);
        check(&[999], -2.0 - FALSE_WEIGHT, 0, 1);
        check(&[410], -2.0 + FALSE_WEIGHT * sigmoid(11.0 / 99.0), 0, 1);
    }
}
