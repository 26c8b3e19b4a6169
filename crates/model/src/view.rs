//! What the room state shows of itself: the values that widgets draw.

use std::{collections::BTreeMap, sync::Arc};

use smol_str::SmolStr;

use crate::{Micros, Network, Post, Reading, SourceId, SourceReport, Timestamp};

/// A post with its reading, as feeds and samples show it.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedItem {
    /// The post.
    pub post: Arc<Post>,
    /// What the analysis made of it.
    pub reading: Arc<Reading>,
    /// Posts that it stands for: it is the first of so many copies of one text; 1 where it stands for itself.
    pub n_copies: u32,
}

impl FeedItem {
    /// A post that stands for itself.
    #[must_use]
    pub const fn new(post: Arc<Post>, reading: Arc<Reading>) -> Self {
        Self { post, reading, n_copies: 1 }
    }
}

/// The newest posts of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feed {
    /// Newest first, at most [`Feed::MAX_ITEMS`].
    pub items: Vec<Arc<FeedItem>>,
    /// Posts that belong and may be shown, beyond those in `items` too; deleted ones are subtracted.
    pub n_total: u64,
    /// Whether the view is held still.
    pub paused: bool,
    /// Posts that came since the view was held still.
    pub n_waiting: u64,
}

impl Feed {
    /// More posts than any screen shows at once.
    pub const MAX_ITEMS: usize = 100;
}

/// Terms that rise, strongest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trends {
    /// Length of the window in minutes.
    pub window_mins: u32,
    /// Strongest first, at most [`Trends::MAX_TERMS`].
    pub terms: Vec<Trend>,
    /// Posts in the window.
    pub n_posts: u64,
    /// When the last post that counts in it came.
    pub as_of: Option<Timestamp>,
}

impl Trends {
    /// More terms than any screen shows at once.
    pub const MAX_TERMS: usize = 20;
}

/// One term that rises.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// The term as most people write it; hashtags with `#`.
    pub term: SmolStr,
    /// Posts with it in the window.
    pub n_posts: u64,
    /// Posts with it that the term's own past leads to expect in such a window.
    pub baseline: f64,
    /// `n_posts` over `baseline`.
    pub ratio: f64,
    /// Distinct authors in the window.
    pub n_authors: u64,
    /// Posts in equal parts of the window, oldest first.
    pub spark: Vec<u32>,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// Share of its posts that look machine-made, 0 to 1: the same text from many, or many posts from few.
    pub suspicion: f64,
    /// Other spellings that are counted in it, commonest first; at most [`Trend::MAX_MERGED`].
    pub merged: Vec<SmolStr>,
    /// At most three posts with it, newest first.
    pub samples: Vec<Arc<FeedItem>>,
}

impl Trend {
    /// Other spellings that are named.
    pub const MAX_MERGED: usize = 4;
}

/// The sentiment of a query's posts over a window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mood {
    /// Length of the window in minutes.
    pub window_mins: u32,
    /// The whole window.
    pub now: MoodPoint,
    /// The window before it, for comparison.
    pub before: MoodPoint,
    /// The window in equal parts, oldest first.
    pub line: Vec<MoodPoint>,
    /// When the last post that counts in it came.
    pub as_of: Option<Timestamp>,
}

/// Counts of posts by sentiment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MoodPoint {
    /// Posts that complain, mock, attack.
    pub n_negative: u64,
    /// Posts that do neither.
    pub n_neutral: u64,
    /// Posts that praise, thank, enjoy.
    pub n_positive: u64,
    /// Posts that the analysis would not put in a class.
    pub n_unsure: u64,
}

impl MoodPoint {
    /// Posts with a class.
    #[must_use]
    pub const fn n_sure(&self) -> u64 {
        self.n_negative + self.n_neutral + self.n_positive
    }

    /// All posts.
    #[must_use]
    pub const fn n_posts(&self) -> u64 {
        self.n_sure() + self.n_unsure
    }

    /// Share of negative posts among those with a class, 0 to 1; none without such posts.
    #[must_use]
    pub fn negative_share(&self) -> Option<f64> {
        share(self.n_negative, self.n_sure())
    }

    /// Share of positive posts among those with a class, 0 to 1; none without such posts.
    #[must_use]
    pub fn positive_share(&self) -> Option<f64> {
        share(self.n_positive, self.n_sure())
    }

    /// Share of posts without a class among all, 0 to 1; none without posts.
    #[must_use]
    pub fn unsure_share(&self) -> Option<f64> {
        share(self.n_unsure, self.n_posts())
    }

    /// Where the negative share lies, with 95 % confidence; none without posts that have a class.
    ///
    /// Wilson's score interval (Wilson 1927): it holds for few posts and for shares near 0 and 1.
    #[must_use]
    pub fn negative_interval(&self) -> Option<(f64, f64)> {
        wilson(self.n_negative, self.n_sure())
    }

    /// Where the balance lies, with 95 % confidence; none without posts that have a class.
    ///
    /// The difference of two shares of one sample, with half a post added to each of four cells (Agresti and Min
    /// 2005), so that few posts do not look certain.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn balance_interval(&self) -> Option<(f64, f64)> {
        if self.n_sure() == 0 {
            return None;
        }
        let n_posts = self.n_sure() as f64 + 2.0;
        let positive = (self.n_positive as f64 + 0.5) / n_posts;
        let negative = (self.n_negative as f64 + 0.5) / n_posts;
        let balance = positive - negative;
        let variance = (positive + negative - balance * balance).max(0.0) / n_posts;
        let reach = Z95 * variance.sqrt();
        Some(((balance - reach).max(-1.0), (balance + reach).min(1.0)))
    }

    /// Positive posts less negative ones: what the balance sums up.
    #[must_use]
    pub fn lead(&self) -> i64 {
        self.n_positive.cast_signed().saturating_sub(self.n_negative.cast_signed())
    }

    /// Positive share less negative share, -1 to 1; none without posts that have a class.
    #[must_use]
    pub fn balance(&self) -> Option<f64> {
        Some(self.positive_share()? - self.negative_share()?)
    }
}

/// `part` of `whole`, or nothing where there is no whole.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The 97.5th percentile of the normal distribution: 95 % lie within so many deviations.
const Z95: f64 = 1.959_964;

/// Wilson's score interval for `part` of `whole` at 95 %.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn wilson(part: u64, whole: u64) -> Option<(f64, f64)> {
    let share = share(part, whole)?;
    let n_posts = whole as f64;
    let squared = Z95 * Z95;
    let center = (share + squared / (2.0 * n_posts)) / (1.0 + squared / n_posts);
    let spread = share * (1.0 - share) / n_posts + squared / (4.0 * n_posts * n_posts);
    let reach = Z95 * spread.sqrt() / (1.0 + squared / n_posts);
    Some(((center - reach).max(0.0), (center + reach).min(1.0)))
}

/// One figure of the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kpi {
    /// The figure for the period so far.
    pub value: KpiValue,
    /// The same figure for the period before, up to the same point of it.
    pub previous: Option<KpiValue>,
    /// The figure by network, where that makes sense.
    pub by_network: BTreeMap<Network, KpiValue>,
    /// When the last event that counts in it happened.
    pub as_of: Option<Timestamp>,
}

/// A figure, with the unit that it is shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KpiValue {
    /// There is nothing to measure yet.
    Nothing,
    /// A number of things.
    Count(u64),
    /// A part of a whole: numerator and denominator.
    Share(u64, u64),
    /// A length of time.
    Duration(Micros),
    /// How many of a thousand: a part and its whole.
    PerThousand(u64, u64),
}

/// Posts over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    /// Length of the window in minutes.
    pub window_mins: u32,
    /// Posts in each minute of the window, oldest first.
    pub per_min: Vec<u32>,
    /// When the last post that counts in it came.
    pub as_of: Option<Timestamp>,
}

/// A source as the wall shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceView {
    /// Its name in the room file.
    pub id: SourceId,
    /// What it last said of itself.
    pub report: SourceReport,
    /// When its last post came.
    pub last_post: Option<Timestamp>,
    /// Posts that it brought and the room kept.
    pub n_posts: u64,
    /// Posts that it brought and no query asked for.
    pub n_unasked: u64,
    /// Posts that it brought in the last minute, asked for or not.
    pub n_last_min: u64,
    /// Gaps, and the events known to be lost in them.
    pub n_gaps: u64,
    /// Events known to be lost.
    pub n_lost: u64,
    /// Median time from publication to receipt over the last posts.
    pub lag: Option<Micros>,
}

/// What the room counts of itself. Nothing is ever lost in silence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Posts kept.
    pub n_posts: u64,
    /// Posts that replaced an earlier text.
    pub n_edits: u64,
    /// Posts deleted or purged.
    pub n_deleted: u64,
    /// Posts that no query asked for.
    pub n_unasked: u64,
    /// Events known to be lost.
    pub n_lost: u64,
    /// Posts that count in figures and wait for a person before they are shown.
    pub n_held: u64,
}

/// Something that the people in the room must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// When it came up.
    pub at: Timestamp,
    /// What it is and what to do, in one line.
    pub text: SmolStr,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Intervals in thousandths.
    #[track_caller]
    fn check(
        (n_negative, n_neutral, n_positive): (u64, u64, u64),
        negative: Option<(i64, i64)>,
        balance: Option<(i64, i64)>,
    ) {
        let point = MoodPoint { n_negative, n_neutral, n_positive, n_unsure: 7 };
        let thousandths = |(low, high): (f64, f64)| {
            ((low * 1_000.0).round() as i64, (high * 1_000.0).round() as i64)
        };
        assert_eq!(point.negative_interval().map(thousandths), negative);
        assert_eq!(point.balance_interval().map(thousandths), balance);
    }

    #[test]
    fn intervals_are_those_of_the_papers() {
        check((0, 0, 0), None, None);
        // Wilson for 10 of 100: 5.5 % to 17.4 %. Balance: 20.5/102 - 10.5/102 = 0.098, deviation 0.0535.
        check((10, 70, 20), Some((55, 174)), Some((-7, 203)));
        // One post says next to nothing.
        check((1, 0, 0), Some((207, 1000)), Some((-1000, 510)));
        check((0, 0, 8), Some((0, 324)), Some((484, 1000)));
    }
}
