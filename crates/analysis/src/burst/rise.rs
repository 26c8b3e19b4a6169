//! How much a count is above what its past leads to expect.
//!
//! A term's share of a stream is not known, only guessed from its past, and it drifts by itself.
//! So a count is not measured against a Poisson law of known rate but against a mixture of such laws
//! (a gamma law of rates, which makes a negative binomial law of counts), whose width shrinks with the past,
//! though never below a natural drift.
//! The surprise is the likelihood ratio against that law in natural logarithms, an upper bound (Chernoff) for the
//! logarithm of the chance to see so much: it stays exact for words never seen and for busy tags alike.

/// What is taken to have been seen before anything was.
const PRIOR_POSTS: f64 = 0.5;
/// A share that is known ever so well still drifts: its law stays as wide as if this many posts were known.
const MAX_KNOWN: f64 = 24.0;
/// A term in more than this part of the posts is what the stream is about, not what rises in it.
const MAX_SHARE: f64 = 0.6;
/// With fewer posts in the window, shares say nothing.
const MIN_ALL: f64 = 20.0;

/// What was counted in the past that a window is held against.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Past {
    /// Posts with the term.
    pub n_posts: f64,
    /// All posts.
    pub n_all: f64,
}

/// How much a count is above its past.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rise {
    /// The surprise, in natural logarithms; 0 is no rise.
    pub surprise: f64,
    /// The count that the past leads to expect.
    pub baseline: f64,
    /// The count over the baseline.
    pub ratio: f64,
}

/// How much `n_posts` of `n_all` are above `past`.
#[must_use]
pub fn rise(n_posts: f64, n_all: f64, past: Past) -> Rise {
    let known = past.n_posts + PRIOR_POSTS;
    let baseline = (known * n_all / past.n_all.max(n_all).max(1.0)).max(1e-9);
    let is_subject = n_all >= MIN_ALL && n_posts > MAX_SHARE * n_all;
    let surprise = if is_subject { 0.0 } else { surprise(n_posts, baseline, known.min(MAX_KNOWN)) };
    Rise { surprise, baseline, ratio: n_posts / baseline }
}

/// The likelihood ratio of a count against a negative binomial law of that mean and shape.
fn surprise(count: f64, mean: f64, shape: f64) -> f64 {
    if count <= mean {
        return 0.0;
    }
    let both = count + shape;
    (count * (count / mean).ln() - both * (both / (mean + shape)).ln()).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(n_posts: f64, n_past_posts: f64) -> f64 {
        rise(n_posts, 1_000.0, Past { n_posts: n_past_posts, n_all: 60_000.0 }).surprise
    }

    #[test]
    fn grows_with_the_count_and_shrinks_with_the_past() {
        assert!(at(6.0, 0.0) > 20.0, "{}", at(6.0, 0.0));
        assert!(at(6.0, 30.0) < 10.0);
        assert!(at(7.0, 0.0) > at(6.0, 0.0));
        assert!(at(12.0, 10.0) > at(12.0, 20.0));
        assert_eq!(at(1.0, 600.0), 0.0);
    }

    #[test]
    fn a_busy_term_must_rise_far_beyond_its_drift() {
        // 100 a minute were to be expected.
        assert!(at(130.0, 6_000.0) < 3.0);
        assert!(at(300.0, 6_000.0) > 15.0);
    }

    #[test]
    fn a_busy_hour_lifts_no_term() {
        let past = Past { n_posts: 400.0, n_all: 4_000.0 };
        assert!(rise(100.0, 1_000.0, past).surprise < 0.5);
        let rise = rise(300.0, 1_000.0, past);
        assert!((rise.baseline - 100.1).abs() < 0.1 && (rise.ratio - 300.0 / 100.1).abs() < 0.1);
    }

    #[test]
    fn the_subject_of_the_stream_does_not_rise() {
        assert_eq!(rise(30.0, 40.0, Past::default()).surprise, 0.0);
        assert!(rise(30.0, 60.0, Past::default()).surprise > 0.0);
        assert!(rise(8.0, 8.0, Past::default()).surprise > 0.0);
    }

    #[test]
    fn nothing_is_no_rise() {
        let rise = rise(0.0, 0.0, Past::default());
        assert!(rise.surprise == 0.0 && rise.ratio.is_finite() && rise.baseline.is_finite());
    }
}
