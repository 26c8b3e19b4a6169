//! `vigie bench trends`: bursts found in streams that are known to hold some, and alarms of labelled series.
//!
//! Streams are seeded and made of real texts where `VIGIE_DATA` names a folder of them, of synthetic ones elsewhere.
//! The series are those of the Numenta Anomaly Benchmark's development half, scored as its standard profile does.

mod generator;
mod nab;
mod score;
mod texts;

use std::time::Instant;

use self::{
    generator::{LENGTH_SECS, stream},
    score::{Score, score},
};
use super::report::Measure;
use crate::{
    bursts::stream::{PostStream, TermAlert},
    wall::pace,
};

/// Streams that are judged, none of which the detector was built with.
const SEEDS: std::ops::Range<u64> = 301..306;

/// Runs the detector over all streams and series; `secs` makes the streams shorter.
pub(crate) fn measure(secs: Option<u64>) -> anyhow::Result<Vec<Measure>> {
    let scale = secs.map_or(1.0, |secs| (secs as f64 / LENGTH_SECS).clamp(0.05, 1.0));
    let texts = texts::texts()?;
    let mut scores = Vec::new();
    let (mut n_posts, mut took) = (0_usize, 0.0);
    for seed in SEEDS {
        let made = stream(seed, &texts, scale);
        let began = pace::now();
        let alerts = detect(&made.posts);
        took += secs_since(began);
        n_posts += made.posts.len();
        let score = score(&alerts, &made.truths, scale);
        tracing::info!(seed, ?score, "a stream was judged");
        scores.push(score);
    }
    let mut measures = Vec::new();
    let mut add = |name: &str, value: fn(&Score) -> f64, unit, goal, is_high_good: bool| {
        let values = scores.iter().map(value);
        let mean = values.clone().sum::<f64>() / scores.len() as f64;
        let worst =
            if is_high_good { values.fold(f64::MAX, f64::min) } else { values.fold(0.0, f64::max) };
        measures.push(Measure::new(format!("trends.{name}_mean"), mean, unit, goal));
        measures.push(Measure::new(format!("trends.{name}_worst"), worst, unit, ""));
    };
    add("recall", |score| score.recall, "ratio", "≥ 0.95", true);
    add("recall_in_60_s", |score| score.soon, "ratio", "≥ 0.90", true);
    add("precision", |score| score.precision, "ratio", "≥ 0.95", true);
    add("false_per_hour", |score| score.false_per_hour, "alerts", "≤ 1", false);
    add("median_delay_s", |score| score.median_delay_secs, "s", "", false);
    measures.push(Measure::new("trends.cost_us", took * 1e6 / n_posts.max(1) as f64, "µs", ""));
    measures.extend(nab::measure()?);
    Ok(measures)
}

fn detect(posts: &[generator::Said]) -> Vec<TermAlert> {
    let mut stream = PostStream::new();
    let mut alerts = Vec::new();
    for post in posts {
        #[expect(clippy::cast_possible_truncation, reason = "seconds of a stream of two hours")]
        let time = post.time.floor() as i64;
        alerts.extend(stream.push(time, &post.author.to_string(), &post.text));
    }
    alerts.extend(stream.finish());
    alerts
}

fn secs_since(began: Instant) -> f64 {
    (pace::now() - began).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bursts_of_a_short_stream_are_found() {
        let scale = 0.3;
        let made = stream(1, &texts::synthetic(), scale);
        let again = stream(1, &texts::synthetic(), scale);
        assert!(made.posts == again.posts && made.truths.len() > 5);
        let alerts = detect(&made.posts);
        let score = score(&alerts, &made.truths, scale);
        assert!(score.recall >= 0.8 && score.precision >= 0.8, "{score:?}");
    }
}
