//! When people write: the curve of an ordinary day, and the curve of an incident.

use fastrand::Rng;

use crate::model::Micros;

pub(super) const SECOND: Micros = 1_000_000;
pub(super) const MINUTE: Micros = 60 * SECOND;
pub(super) const HOUR: Micros = 60 * MINUTE;

/// The campaign opens, in time since midnight.
pub(super) const OPENS: Micros = 7 * HOUR;
/// The campaign closes.
pub(super) const CLOSES: Micros = 22 * HOUR;
/// The last post is written so long before, so that all have arrived when it closes.
const LAST_WORD: Micros = 3 * MINUTE;
/// The signal fails.
pub(super) const FAILS: Micros = 17 * HOUR + 52 * MINUTE;
/// The first train moves again.
pub(super) const MOVES: Micros = 18 * HOUR + 58 * MINUTE;
/// The incident is talked of for so long.
const TALKED_OF: Micros = 150 * MINUTE;

/// Peaks of an ordinary day: hour, width in hours, height.
const PEAKS: [(f64, f64, f64); 4] =
    [(8.0, 0.7, 0.7), (12.6, 0.7, 1.1), (17.6, 1.0, 0.6), (20.6, 0.8, 1.0)];

/// `n_posts` instants of an ordinary day, in order.
pub(super) fn ordinary(n_posts: usize, rng: &mut Rng) -> Vec<Micros> {
    let last = CLOSES - LAST_WORD;
    let minutes: Vec<Micros> = (OPENS / MINUTE..last / MINUTE).collect();
    let mut sum = 0.0;
    let sums: Vec<f64> = minutes
        .iter()
        .map(|minute| {
            sum += rate(*minute);
            sum
        })
        .collect();
    let mut times: Vec<Micros> = (0..n_posts)
        .map(|_| {
            let drawn = rng.f64() * sum;
            let place = sums.partition_point(|sum| *sum < drawn);
            let minute = minutes.get(place).copied().unwrap_or(OPENS / MINUTE);
            minute * MINUTE + rng.i64(0..60_000) * 1_000
        })
        .collect();
    times.sort_unstable();
    times
}

/// How much is written in a minute of the day; more just after each hour, when a winner is named.
fn rate(minute: Micros) -> f64 {
    let hour = minute as f64 / 60.0;
    let bell = |(center, width, height): (f64, f64, f64)| {
        height * (-((hour - center) / width).powi(2)).exp()
    };
    let after_winner = if minute % 60 < 8 { 1.3 } else { 1.0 };
    (0.35 + PEAKS.into_iter().map(bell).sum::<f64>()) * after_winner
}

/// `n_posts` instants at which people speak of the incident, in order: a steep rise, a slow fall.
pub(super) fn incident(n_posts: usize, rng: &mut Rng) -> Vec<Micros> {
    let mut times: Vec<Micros> = (0..n_posts)
        .map(|_| {
            let waited = exponential(7.0, rng) + exponential(24.0, rng);
            let micros = (waited * MINUTE as f64) as Micros;
            // What would come too late is said somewhere in the hour.
            let micros = if micros < TALKED_OF { micros } else { rng.i64(0..HOUR) };
            FAILS + micros / 1_000 * 1_000
        })
        .collect();
    times.sort_unstable();
    times
}

/// How long the brand takes to answer: mostly minutes, sometimes an hour; longer while the incident lasts.
pub(super) fn reply_time(asked: Micros, rng: &mut Rng) -> Micros {
    let normal = (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0;
    let busy = if (FAILS..MOVES).contains(&asked) { 1.8 } else { 1.0 };
    let minutes = (9.0 * (0.8 * normal).exp() * busy).clamp(1.2, 170.0);
    (minutes * MINUTE as f64) as Micros / 1_000 * 1_000
}

/// How long a post takes from its author to this machine, by the way its network tells of it.
pub(super) fn lag(network: &str, rng: &mut Rng) -> Micros {
    let millis = match network {
        "bluesky" => 150..600,
        "mastodon" => 700..4_000,
        "facebook" => 4_000..40_000,
        "instagram" => 15_000..90_000,
        _ => 400..2_500,
    };
    rng.i64(millis) * 1_000
}

fn exponential(mean: f64, rng: &mut Rng) -> f64 {
    -mean * (1.0 - rng.f64()).ln()
}
