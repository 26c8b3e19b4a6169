//! Watches one series of counts: posts of a brand in five minutes, or in one.
//!
//! The count's square root, whose spread is the same whatever the count, is held against a level and a time of day
//! that are learned as the series goes, and measured in the spread of the series' own past.
//! What counts as high is told by its own past peaks too, whose memory fades over days: a series that is wild
//! every day must be wilder still.

/// Parts of the day whose usual level is learned.
const N_PARTS: usize = 48;
/// The level, the parts of the day, the spread and the peaks fade to half over so long.
const HALF_LIFE_SECS: f64 = 10.0 * 86_400.0;
/// What the last half day or so was like: a day that is busy as a whole is no alarm every hour.
const RECENT_HALF_LIFE_SECS: f64 = 12.0 * 3_600.0;
/// The last half day counts as known once it weighs as much as this many counts.
const PRIOR_RECENT: f64 = 6.0;
/// A part of the day counts as known once it weighs as much as this many counts.
const PRIOR_COUNTS: f64 = 18.0;
/// The spread of a root of a Poisson count, and how many counts it stands for.
const PRIOR_SPREAD: (f64, f64) = (0.5, 20.0);
/// What goes beyond so many spreads teaches no more than that.
const MAX_TAUGHT: f64 = 3.0;
/// Smaller deviations are no alarm, in spreads.
const MIN_DEVIATION: f64 = 5.25;
/// A count must reach this part of the highest deviation that is still remembered.
const OF_PEAK: f64 = 0.75;
/// Nothing is told before so many counts were heard.
const LEARN_COUNTS: u64 = 60;
/// Anscombe's constant: with it the root of a Poisson count has a spread of one half whatever the count.
const ANSCOMBE: f64 = 0.375;

/// An alarm: a count far above what its past leads to expect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VolumeAlarm {
    /// The count.
    pub value: f64,
    /// What was to be expected.
    pub baseline: f64,
    /// Count over baseline.
    pub ratio: f64,
    /// How far the count is above, in spreads of the series' past.
    pub deviation: f64,
}

/// Watches one series of counts. It looks at nothing that lies ahead.
#[derive(Clone, Debug)]
pub struct VolumeWatch {
    silent_secs: i64,
    last: Option<i64>,
    last_alarm: Option<i64>,
    n_counts: u64,
    level: Weighted,
    recent: Weighted,
    parts: [Weighted; N_PARTS],
    spread: Weighted,
    peak: f64,
}

/// A mean whose older members fade.
#[derive(Clone, Copy, Debug, Default)]
struct Weighted {
    sum: f64,
    weight: f64,
}

impl Weighted {
    fn fade(&mut self, by: f64) {
        self.sum *= by;
        self.weight *= by;
    }

    fn add(&mut self, value: f64) {
        self.sum += value;
        self.weight += 1.0;
    }

    /// The mean, drawn to `prior` as by `weight` members of that value.
    fn mean(&self, prior: f64, weight: f64) -> f64 {
        (self.sum + prior * weight) / (self.weight + weight)
    }
}

impl VolumeWatch {
    /// A watch that is silent for so long after an alarm.
    #[must_use]
    pub fn new(silent_secs: i64) -> Self {
        Self {
            silent_secs,
            last: None,
            last_alarm: None,
            n_counts: 0,
            level: Weighted::default(),
            recent: Weighted::default(),
            parts: [Weighted::default(); N_PARTS],
            spread: Weighted::default(),
            peak: 0.0,
        }
    }

    /// Takes in the next count, of the time that begins or ends at `at` (in seconds); tells an alarm.
    /// A count that is no number, or below nothing, is taken for 0; time that goes backwards, for no time.
    pub fn push(&mut self, at: i64, count: f64) -> Option<VolumeAlarm> {
        let count = if count.is_finite() { count.max(0.0) } else { 0.0 };
        self.pass_time(at);
        let root = (count + ANSCOMBE).sqrt();
        let expected = self.expected(at, root);
        let (prior_spread, prior_counts) = PRIOR_SPREAD;
        let spread = self.spread.mean(prior_spread * prior_spread, prior_counts).sqrt();
        let deviation = (root - expected.max(self.recent.mean(expected, PRIOR_RECENT))) / spread;
        let is_high = deviation >= MIN_DEVIATION.max(OF_PEAK * self.peak);
        self.peak = self.peak.max(deviation);
        self.learn(
            at,
            expected,
            (root - expected).clamp(-MAX_TAUGHT * spread, MAX_TAUGHT * spread),
        );
        if !is_high || self.n_counts <= LEARN_COUNTS || self.is_silent(at) {
            return None;
        }
        self.last_alarm = Some(at);
        let baseline = (expected * expected - ANSCOMBE).max(0.0);
        Some(VolumeAlarm { value: count, baseline, ratio: count / baseline.max(0.5), deviation })
    }

    /// The count that its past leads to expect at `at`.
    #[must_use]
    pub fn baseline(&self, at: i64) -> f64 {
        let expected = self.expected(at, ANSCOMBE.sqrt());
        (expected * expected - ANSCOMBE).max(0.0)
    }

    fn is_silent(&self, at: i64) -> bool {
        self.last_alarm.is_some_and(|alarm| at.saturating_sub(alarm) < self.silent_secs)
    }

    fn expected(&self, at: i64, first: f64) -> f64 {
        let level =
            if self.level.weight > 0.0 { self.level.sum / self.level.weight } else { first };
        self.parts.get(part_of_day(at)).map_or(level, |part| part.mean(level, PRIOR_COUNTS))
    }

    fn pass_time(&mut self, at: i64) {
        let passed = self.last.map_or(0, |last| at.saturating_sub(last)).max(0);
        self.last = Some(self.last.map_or(at, |last| last.max(at)));
        if passed == 0 {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "what is so long ago has faded to nothing")]
        let passed = passed as f64;
        let fade = (-passed / HALF_LIFE_SECS).exp2();
        self.recent.fade((-passed / RECENT_HALF_LIFE_SECS).exp2());
        self.level.fade(fade);
        self.spread.fade(fade);
        self.peak *= fade;
        for part in &mut self.parts {
            part.fade(fade);
        }
    }

    fn learn(&mut self, at: i64, expected: f64, deviation: f64) {
        self.n_counts = self.n_counts.saturating_add(1);
        self.level.add(expected + deviation);
        self.recent.add(expected + deviation);
        self.spread.add(deviation * deviation);
        if let Some(part) = self.parts.get_mut(part_of_day(at)) {
            part.add(expected + deviation);
        }
    }
}

fn part_of_day(at: i64) -> usize {
    let n_parts = i64::try_from(N_PARTS).unwrap_or(1);
    usize::try_from(at.rem_euclid(86_400) * n_parts / 86_400).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: i64 = 300;

    /// The alarms of a series of a few days with a day curve; the first day teaches the curve.
    fn alarms(days: i64, count: impl Fn(i64) -> f64) -> Vec<i64> {
        let mut watch = VolumeWatch::new(86_400);
        (0..days * 288)
            .filter(|slot| watch.push(slot * STEP, count(*slot)).is_some() && *slot > 288)
            .collect()
    }

    fn usual(slot: i64) -> f64 {
        let hour = slot % 288 / 12;
        let wave =
            [20.0, 24.0, 17.0, 22.0, 19.0, 26.0, 21.0][usize::try_from(slot * 5 % 7).unwrap()];
        if (8..22).contains(&hour) { wave * 2.0 } else { wave }
    }

    #[test]
    fn a_usual_week_is_silent() {
        assert_eq!(alarms(7, usual), Vec::<i64>::new());
    }

    #[test]
    fn a_peak_is_told_once() {
        let at = 5 * 288 + 100;
        let peaked = |slot| if (at..at + 6).contains(&slot) { 200.0 } else { usual(slot) };
        assert_eq!(alarms(7, peaked), [at]);
    }

    #[test]
    fn what_peaks_every_day_is_its_usual_self() {
        let daily = |slot| if slot % 288 == 100 { 200.0 } else { usual(slot) };
        let n_alarms = alarms(30, daily).len();
        assert!(n_alarms > 20, "a lone peak a day is as high as the last: {n_alarms}");
        let growing = |slot: i64| {
            if slot % 288 == 100 && slot < 288 * 20 {
                900.0
            } else if slot == 288 * 21 {
                200.0
            } else {
                usual(slot)
            }
        };
        assert!(!alarms(22, growing).contains(&(288 * 21)), "far below past peaks");
    }

    #[test]
    fn any_numbers_are_borne() {
        let mut watch = VolumeWatch::new(0);
        for at in [i64::MIN, 0, i64::MAX, -1, 5] {
            for count in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300] {
                if let Some(alarm) = watch.push(at, count) {
                    assert!(alarm.ratio.is_finite() && alarm.deviation.is_finite());
                }
            }
        }
        assert!(watch.baseline(7).is_finite());
    }
}
