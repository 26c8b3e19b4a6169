//! How much a term rises, from counts alone.
//!
//! A term is measured against its own share of the stream in the past, so that a busy hour lifts no term;
//! counts are compared after a square root, which gives all counts the same spread (Anscombe); and a term
//! counts no more than twice per author, so that three accounts cannot make a trend.

/// Posts that one author is allowed to add to the strength of a term.
const MAX_POSTS_PER_AUTHOR: u64 = 2;
/// Fewer authors than this are a conversation, not a trend.
const MIN_AUTHORS: u64 = 3;
/// A term that was never seen is taken to have been seen this often: one post is no surprise.
const PRIOR_POSTS: f64 = 0.5;
/// Anscombe's constant: with it the root of a Poisson count has a spread of one half whatever the count.
const ANSCOMBE: f64 = 0.375;

/// A term in more than this many of ten posts is what the stream is about, not what rises in it.
const MAX_TENTHS: u64 = 6;
/// With fewer posts in the window, shares say nothing.
const MIN_ALL: u64 = 20;

/// What was counted of one term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Posts with the term in the window.
    pub n_posts: u64,
    /// Distinct authors of these.
    pub n_authors: u64,
    /// All posts in the window.
    pub n_all: u64,
    /// Posts with the term in the past that the window is measured against.
    pub n_past_posts: u64,
    /// All posts in that past.
    pub n_past_all: u64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrendScore {
    /// How far the term is above what was to be expected, in standard deviations; 0 or less is no rise.
    pub strength: f64,
    /// Posts with the term that were to be expected in the window.
    pub baseline: f64,
    /// Posts over baseline.
    pub ratio: f64,
}

/// How much a term rises.
#[must_use]
pub fn trend_score(sighting: &Sighting) -> TrendScore {
    let n_posts = float(sighting.n_posts);
    let past_share =
        (float(sighting.n_past_posts) + PRIOR_POSTS) / (float(sighting.n_past_all) + 1.0);
    // With no past at all, the term's own size is not known: half a post is expected.
    let baseline = if sighting.n_past_all == 0 {
        PRIOR_POSTS
    } else {
        (past_share * float(sighting.n_all)).max(PRIOR_POSTS / 2.0)
    };
    let heard = sighting.n_posts.min(sighting.n_authors.saturating_mul(MAX_POSTS_PER_AUTHOR));
    let is_subject =
        sighting.n_all >= MIN_ALL && sighting.n_posts * 10 > sighting.n_all * MAX_TENTHS;
    let strength = if sighting.n_authors < MIN_AUTHORS || is_subject {
        0.0
    } else {
        2.0 * ((float(heard) + ANSCOMBE).sqrt() - (baseline + ANSCOMBE).sqrt())
    };
    TrendScore { strength, baseline, ratio: n_posts / baseline }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(n_posts: u64, n_authors: u64, n_past_posts: u64) -> Sighting {
        Sighting { n_posts, n_authors, n_all: 1_000, n_past_posts, n_past_all: 4_000 }
    }

    #[test]
    fn follows_the_formula() {
        let score = trend_score(&sighting(49, 49, 40));
        let baseline = 40.5 / 4_001.0 * 1_000.0;
        assert!((score.baseline - baseline).abs() < 1e-9);
        assert!((score.ratio - 49.0 / baseline).abs() < 1e-9);
        let strength = 2.0 * (49.375_f64.sqrt() - (baseline + 0.375).sqrt());
        assert!((score.strength - strength).abs() < 1e-9);
    }

    #[test]
    fn a_steady_term_does_not_rise() {
        assert!(trend_score(&sighting(100, 90, 400)).strength < 1.0);
        assert!(trend_score(&sighting(50, 50, 400)).strength < 0.0);
    }

    #[test]
    fn a_busy_hour_lifts_no_term() {
        let quiet =
            Sighting { n_posts: 10, n_authors: 10, n_all: 100, n_past_posts: 40, n_past_all: 400 };
        let busy = Sighting { n_posts: 100, n_authors: 90, n_all: 1_000, ..quiet };
        assert!(trend_score(&busy).strength < 1.0);
    }

    #[test]
    fn few_authors_make_no_trend() {
        let flood = trend_score(&sighting(200, 2, 0)).strength;
        let crowd = trend_score(&sighting(30, 30, 0)).strength;
        assert!(flood <= 0.0 && crowd > 5.0);
        assert!(trend_score(&sighting(200, 3, 0)).strength < crowd);
    }

    #[test]
    fn what_all_speak_of_does_not_rise() {
        let subject = Sighting { n_all: 40, ..sighting(30, 30, 0) };
        assert!(trend_score(&subject).strength <= 0.0);
        let part = Sighting { n_all: 60, ..subject };
        assert!(trend_score(&part).strength > 0.0);
    }

    #[test]
    fn no_past_and_no_posts_are_fine() {
        let none = Sighting { n_posts: 0, n_authors: 0, n_all: 0, n_past_posts: 0, n_past_all: 0 };
        assert!(trend_score(&none).ratio.is_finite());
        let first = Sighting { n_posts: 8, n_authors: 8, n_all: 8, ..none };
        assert!(trend_score(&first).strength > 0.0);
    }
}
