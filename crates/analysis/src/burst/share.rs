//! Watches a share: how many of a query's posts are negative.

/// What was learned fades to half over so many minutes.
const HALF_LIFE_MINUTES: f64 = 6.0 * 60.0;
/// Fewer posts in a window are no share.
const MIN_POSTS: f64 = 20.0;
/// Fewer posts in the past are no past.
const MIN_PAST_POSTS: f64 = 60.0;
/// A swing that matters is at least so large.
const MIN_SWING: f64 = 0.15;
/// Chance must not explain it, in standard deviations.
const MIN_DEVIATION: f64 = 4.5;

/// A share that swung far above its own past.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Swing {
    /// The share now, 0 to 1.
    pub share: f64,
    /// The share that the past leads to expect.
    pub baseline: f64,
}

/// Watches a share, minute by minute.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShareWatch {
    n_part: f64,
    n_whole: f64,
}

impl ShareWatch {
    /// Holds a window's `n_part` of `n_whole` against the past; tells a swing upwards.
    #[must_use]
    pub fn swing(&self, n_part: f64, n_whole: f64) -> Option<Swing> {
        if n_whole < MIN_POSTS || self.n_whole < MIN_PAST_POSTS {
            return None;
        }
        let (share, baseline) = (n_part / n_whole, self.n_part / self.n_whole);
        // Without it, a past that never was negative would make one post certain.
        let careful = (self.n_part + 2.0) / (self.n_whole + 4.0);
        let spread = (careful * (1.0 - careful) * (1.0 / n_whole + 1.0 / self.n_whole)).sqrt();
        let is_swing = share - baseline >= MIN_SWING && share - baseline >= MIN_DEVIATION * spread;
        is_swing.then_some(Swing { share, baseline })
    }

    /// Learns a minute that lies behind the window.
    pub fn learn(&mut self, n_part: f64, n_whole: f64) {
        let fade = (-1.0 / HALF_LIFE_MINUTES).exp2();
        self.n_part = self.n_part * fade + n_part;
        self.n_whole = self.n_whole * fade + n_whole;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swing_is_far_above_the_past() {
        let mut watch = ShareWatch::default();
        assert_eq!(watch.swing(100.0, 100.0), None, "there is no past");
        for _ in 0..60 {
            watch.learn(2.0, 10.0);
        }
        assert_eq!(watch.swing(25.0, 100.0), None);
        assert_eq!(watch.swing(9.0, 10.0), None, "too few");
        let swing = watch.swing(60.0, 100.0).unwrap();
        assert!((swing.share - 0.6).abs() < 1e-9 && (swing.baseline - 0.2).abs() < 1e-9);
    }
}
